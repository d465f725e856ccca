"""Questions over one sheet become a tree of tokens: the sheet once, and a branch for each question.

A branch attends to its sheet and to itself, and counts its positions from the end of the sheet: to the
model it is as if the sheet and this question stood alone. The sheet, which is most of the tokens, is read
once for all. Several small trees may lie behind each other in one pack, each with positions of its own.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from model.contract import Prompt, SheetLine
from model.program import parse_program, pointers, rows
from model.prompt import fit_prompt
from model.reading import nearest_lines
from model.rendering import PromptRenderer
from model.shortest import shortest
from model.tuning.example import TrainingExample

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True, slots=True)
class Branch:
    """One question: its tokens after the sheet, and those of its program, which are learned."""

    question: tuple[int, ...]
    program: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.question) + len(self.program)


@dataclass(frozen=True, slots=True)
class Tree:
    """A sheet's tokens and the branches over it."""

    sheet: tuple[int, ...]
    branches: tuple[Branch, ...]

    def __len__(self) -> int:
        return len(self.sheet) + sum(map(len, self.branches))

    @property
    def learned(self) -> int:
        """The number of tokens that are learned."""
        return sum(len(branch.program) for branch in self.branches)


Pack = tuple[Tree, ...]
"""Trees that are read in one pass of the model."""


TOGETHER = 8
"""Questions that share the lines that are read of their sheet."""


@dataclass(frozen=True, slots=True)
class Condensed:
    """A question, the lines of its sheet that are read, and its program, which may point beyond them."""

    question: str
    lines: tuple[SheetLine, ...]
    program: str


@dataclass
class Forest:
    """All trees of a set of examples; ``left_out`` counts the examples that are in none, by reason."""

    trees: list[Tree] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)

    @property
    def questions(self) -> int:
        """The number of branches."""
        return sum(len(tree.branches) for tree in self.trees)

    @property
    def tokens(self) -> int:
        """The tokens that are read once per epoch."""
        return sum(map(len, self.trees))

    @property
    def unpacked_tokens(self) -> int:
        """The tokens that would be read if every question brought its sheet."""
        return sum(len(tree.sheet) + len(branch) for tree in self.trees for branch in tree.branches)


def grow(
    examples: Iterable[TrainingExample], renderer: PromptRenderer, *, sheet_tokens: int, pack_tokens: int
) -> Forest:
    """Gather examples into trees of at most ``pack_tokens``.

    Of a sheet the lines nearest to its questions are kept, as a generator reads them; what is longer than
    ``sheet_tokens`` is cut from its end. An example whose program points at what was left out is left out too, and
    so is one that is alone longer than a pack.
    """
    forest = Forest()
    branches: dict[tuple[int, ...], list[Branch]] = {}
    cuts: dict[tuple[SheetLine, ...], tuple[SheetLine, ...]] = {}
    for example in condensed(examples):
        if example.lines not in cuts:
            cuts[example.lines] = _cut(example.lines, renderer, sheet_tokens)
        lines = cuts[example.lines]
        if not _points_at(example.program) <= {line.id for line in lines}:
            forest.left_out["points beyond what is read of its sheet"] += 1
            continue
        prompt = Prompt(example.question, lines)
        tokens = renderer.prompt(prompt)
        branch = Branch(tokens.own, tuple(renderer.completion(prompt, example.program)))
        if len(tokens.shared) + len(branch) > pack_tokens:
            forest.left_out["longer than a pack"] += 1
            continue
        branches.setdefault(tokens.shared, []).append(branch)
    for sheet, found in branches.items():
        forest.trees += _trees(sheet, found, pack_tokens)
    return forest


def condensed(examples: Iterable[TrainingExample]) -> Iterator[Condensed]:
    """Yield each example with the lines that are read for it and up to ``TOGETHER`` others about the same sheet."""
    sheets: dict[tuple[SheetLine, ...], list[TrainingExample]] = {}
    for example in examples:
        sheets.setdefault(example.lines, []).append(example)
    for lines, asked in sheets.items():
        for start in range(0, len(asked), TOGETHER):
            part = asked[start : start + TOGETHER]
            read = nearest_lines(" ".join(example.question for example in part), lines)
            places = {line.id: position for position, line in enumerate(read)}
            for example in part:
                yield Condensed(example.question, read, str(shortest(parse_program(example.program), places)))


def _cut(lines: tuple[SheetLine, ...], renderer: PromptRenderer, limit: int) -> tuple[SheetLine, ...]:
    def measure(shown: Sequence[SheetLine]) -> int:
        return len(renderer.prompt(Prompt("", tuple(shown))).shared)

    return fit_prompt("", lines, limit, measure).lines


def _points_at(program: str) -> set[str]:
    parsed = parse_program(program)
    return set(rows(parsed)) | {pointer.row for pointer in pointers(parsed)}


def _trees(sheet: tuple[int, ...], branches: Sequence[Branch], limit: int) -> Iterator[Tree]:
    """Part branches evenly among as few trees as can hold them."""
    room = limit - len(sheet)
    held: list[Branch] = []
    used = 0
    for branch in branches:
        if held and used + len(branch) > room:
            yield Tree(sheet, tuple(held))
            held, used = [], 0
        held.append(branch)
        used += len(branch)
    if held:
        yield Tree(sheet, tuple(held))


def plan_epoch(trees: Sequence[Tree], *, pack_tokens: int, step_tokens: int, seed: int) -> list[tuple[Pack, ...]]:
    """Order the trees at random, by ``seed`` alone, and part them into steps of packs.

    No padding is needed anywhere: trees of all lengths lie behind each other.
    """
    order = list(trees)
    random.Random(seed).shuffle(order)  # noqa: S311
    steps: list[tuple[Pack, ...]] = []
    packs: list[Pack] = []
    held: list[Tree] = []
    for tree in order:
        if held and sum(map(len, held)) + len(tree) > pack_tokens:
            packs.append(tuple(held))
            held = []
            if sum(len(each) for pack in packs for each in pack) >= step_tokens:
                steps.append(tuple(packs))
                packs = []
        held.append(tree)
    if held:
        packs.append(tuple(held))
    if packs:
        steps.append(tuple(packs))
    return steps


@dataclass(frozen=True, slots=True)
class PackTensors:
    """A pack as tensors.

    ``mask`` is (1, 1, tokens, tokens), true where a token sees another; ``predicting`` are the positions
    before each learned token, ``learned`` those tokens.
    """

    ids: torch.Tensor
    positions: torch.Tensor
    mask: torch.Tensor
    predicting: torch.Tensor
    learned: torch.Tensor


def pack_tensors(pack: Pack) -> PackTensors:
    """Lay the trees of a pack behind each other."""
    import torch

    ids: list[int] = []
    positions: list[int] = []
    trees: list[int] = []
    branches: list[int] = []
    predicting: list[int] = []
    learned: list[int] = []
    for number, tree in enumerate(pack):
        ids += tree.sheet
        positions += range(len(tree.sheet))
        branches += [0] * len(tree.sheet)
        for place, branch in enumerate(tree.branches, start=1):
            start = len(ids)
            ids += (*branch.question, *branch.program)
            positions += range(len(tree.sheet), len(tree.sheet) + len(branch))
            branches += [place] * len(branch)
            first = start + len(branch.question)
            predicting += range(first - 1, first - 1 + len(branch.program))
            learned += branch.program
        trees += [number] * (len(ids) - len(trees))
    tree_of, branch_of = torch.tensor(trees), torch.tensor(branches)
    same_tree = tree_of[:, None] == tree_of[None, :]
    same_branch = (branch_of[None, :] == 0) | (branch_of[:, None] == branch_of[None, :])
    mask = (same_tree & same_branch).tril()
    return PackTensors(
        ids=torch.tensor([ids]),
        positions=torch.tensor([positions]),
        mask=mask[None, None],
        predicting=torch.tensor(predicting),
        learned=torch.tensor(learned),
    )
