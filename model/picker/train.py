"""Trains a picker on examples: encoder and decoder together, on the processor, resumable.

A step takes a batch of layouts of like length. The loss is that of every choice of the gold program, given the
choices before it. What is kept is the state that chose most programs of the dev examples rightly; a checkpoint is
written with each look at them, so that a run that was stopped goes on from the last.
"""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch.nn import functional

from ingest.errors import ProgramError, UsageError
from model.device import choose_device
from model.picker.actions import Action, Cell, to_actions
from model.picker.batch import inputs_of, targets_of
from model.picker.decode import choose
from model.picker.layout import Layout, Typesetter
from model.picker.network import PickerNetwork
from model.program import parse_program
from model.tuning.checkpoint import RunState, latest_checkpoint, load_checkpoint, save_checkpoint
from model.tuning.example import TrainingExample

WEIGHTS, LOG = "best.safetensors", "log.jsonl"
FORBIDDEN = -1e9
"""The score of what the grammar forbids."""


@dataclass(frozen=True, slots=True)
class PickerRecipe:
    """How a picker is trained.

    ``minutes`` or ``steps`` end the training, with a learning rate that falls to nothing by then. A step reads about
    ``tokens`` tokens; up to ``together`` questions share a sheet. ``check_every`` is in minutes.
    """

    minutes: float = 60.0
    steps: int | None = None
    tokens: int = 1536
    together: int = 10
    encoder_rate: float = 8e-5
    decoder_rate: float = 1e-3
    warm_up: float = 0.03
    weight_decay: float = 0.01
    check_every: float = 8.0
    seed: int = 0

    @property
    def fingerprint(self) -> str:
        """Tell recipes apart."""
        return sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Lesson:
    """A sheet that is laid out, with its questions, and what is to be chosen for each."""

    layout: Layout
    actions: tuple[tuple[Action, ...], ...]
    source: str

    @property
    def tokens(self) -> int:
        """How many tokens are read."""
        return len(self.layout.ids) + sum(map(len, self.layout.questions))


def lessons_of(
    examples: Sequence[TrainingExample], typesetter: Typesetter, together: int
) -> tuple[list[Lesson], Counter[str]]:
    """Lay out examples, up to ``together`` on a sheet that they share.

    Returns the lessons, and how many examples of each source were left out because a line found no room.
    """
    sheets: dict[tuple[object, ...], list[TrainingExample]] = {}
    for example in examples:
        sheets.setdefault((example.source, example.lines), []).append(example)
    lessons: list[Lesson] = []
    dropped: Counter[str] = Counter()
    for shared in sheets.values():
        for start in range(0, len(shared), together):
            part = shared[start : start + together]
            layout = typesetter.lay_out([example.question for example in part], part[0].lines)
            chosen = [_actions(example, layout) for example in part]
            kept = [number for number, actions in enumerate(chosen) if actions]
            dropped[part[0].source] += len(part) - len(kept)
            if kept:
                questions = tuple(layout.questions[number] for number in kept)
                features = tuple(layout.features[number] for number in kept)
                read = replace(layout, questions=questions, features=features)
                lessons.append(Lesson(read, tuple(chosen[number] for number in kept), part[0].source))
    return lessons, dropped


def _actions(example: TrainingExample, layout: Layout) -> tuple[Action, ...]:
    """The choices of an example on a layout; none where what it points at found no room."""
    try:
        actions = to_actions(parse_program(example.program), layout.lines)
    except ProgramError:
        return ()
    return actions if all(action in layout.cells for action in actions if isinstance(action, Cell)) else ()


def batches(lessons: Sequence[Lesson], tokens: int, generator: random.Random) -> Iterator[list[Lesson]]:
    """Yield batches of like length and about ``tokens`` tokens without end, in a new order in each pass."""
    while True:
        order = list(lessons)
        generator.shuffle(order)
        for start in range(0, len(order), 256):
            chunk = sorted(order[start : start + 256], key=lambda lesson: lesson.tokens)
            parts: list[list[Lesson]] = [[]]
            for lesson in chunk:
                if parts[-1] and (len(parts[-1]) + 1) * lesson.tokens > tokens:
                    parts.append([])
                parts[-1].append(lesson)
            generator.shuffle(parts)
            yield from parts


def loss_of(network: PickerNetwork, lessons: Sequence[Lesson], padding: int) -> torch.Tensor:
    """Return the mean loss of a batch per question."""
    inputs = inputs_of([lesson.layout for lesson in lessons], padding)
    layouts = [lesson.layout for lesson in lessons for _ in lesson.actions]
    chosen = [actions for lesson in lessons for actions in lesson.actions]
    targets = targets_of(layouts, chosen, inputs)
    read = network.read(inputs)
    state, total = read.first, read.first.new_zeros(())
    for step in range(targets.target.shape[1]):
        state, scores = network.step(
            read,
            state,
            targets.last[:, step],
            targets.place[:, step],
            targets.parent[:, step],
            targets.argument[:, step],
            targets.used[:, step],
        )
        scores = scores.float().masked_fill(~targets.allowed[:, step], FORBIDDEN)
        total = total + functional.cross_entropy(scores, targets.target[:, step], ignore_index=-100, reduction="sum")
    return total / len(chosen)


def train(
    network: PickerNetwork,
    lessons: Sequence[Lesson],
    dev: Sequence[Lesson],
    padding: int,
    recipe: PickerRecipe,
    out: Path,
    report: Callable[[dict[str, object]], None] = lambda record: None,
    resume: bool = False,
) -> float:
    """Train until the recipe's minutes or steps are over; return the best share of dev programs chosen rightly.

    ``out`` gets ``best.safetensors``, ``log.jsonl``, each record of which also goes to ``report``, and the last
    checkpoint, from which ``resume`` goes on. Raises UsageError where there is none, or of another recipe or data.
    """
    run = _Run(network, dev, padding, recipe, out, report, _fingerprint(lessons))
    if resume:
        run.resume()
    else:
        run.tell({"recipe": asdict(recipe), "lessons": len(lessons), "dev": len(dev)})
    done = run.state.step
    for number, batch in enumerate(batches(lessons, recipe.tokens, random.Random(recipe.seed))):  # noqa: S311
        if number >= done and run.passed >= 1:
            break
        run.seen += sum(len(lesson.actions) for lesson in batch)
        if number < done:
            continue
        run.learn(batch)
        if run.minutes - run.checked >= recipe.check_every:
            run.check()
    run.check()
    return run.best


def _fingerprint(lessons: Sequence[Lesson]) -> str:
    digest = sha256()
    for lesson in lessons:
        digest.update(repr((lesson.layout.ids, lesson.layout.questions, lesson.actions)).encode())
    return digest.hexdigest()[:12]


class _Run:
    """A training in progress: the optimizer, what was seen, and the best so far."""

    def __init__(
        self,
        network: PickerNetwork,
        dev: Sequence[Lesson],
        padding: int,
        recipe: PickerRecipe,
        out: Path,
        report: Callable[[dict[str, object]], None],
        data: str,
    ) -> None:
        torch.manual_seed(recipe.seed)
        out.mkdir(parents=True, exist_ok=True)
        self._network, self._dev, self._padding, self._recipe = network, dev, padding, recipe
        self._out, self._report = out, report
        self._learned = {name: value for name, value in network.named_parameters() if value.requires_grad}
        encoder = [value for name, value in self._learned.items() if name.startswith("encoder.")]
        others = [value for name, value in self._learned.items() if not name.startswith("encoder.")]
        groups = [{"params": encoder, "lr": recipe.encoder_rate}, {"params": others, "lr": recipe.decoder_rate}]
        self._optimizer = torch.optim.AdamW(groups, weight_decay=recipe.weight_decay)
        self._rates = (recipe.encoder_rate, recipe.decoder_rate)
        self._half = choose_device("cpu").dtype == "bfloat16"
        self.state = RunState(recipe.fingerprint, data)
        self._started = time.monotonic()
        self._losses = list[float]()
        self.seen, self.checked = 0, 0.0

    def resume(self) -> None:
        """Go on from the last checkpoint. Raises UsageError where there is none, or of another recipe or data."""
        folder = latest_checkpoint(self._out)
        if folder is None:
            raise UsageError(f"{self._out} has no checkpoint to go on from: leave out --resume")
        state = load_checkpoint(folder, self._learned, self._optimizer)
        if (state.recipe, state.data) != (self.state.recipe, self.state.data):
            raise UsageError(f"{folder} was made with another recipe or other data: use the same, or a new folder")
        self.state = state
        self._started = time.monotonic() - state.seconds
        self.checked = self.minutes
        torch.manual_seed(self._recipe.seed + state.step)

    @property
    def best(self) -> float:
        """The best share of dev programs so far."""
        return self.state.best_score or 0.0

    @property
    def minutes(self) -> float:
        """Minutes of training, those before a stop included."""
        return (time.monotonic() - self._started) / 60

    @property
    def passed(self) -> float:
        """How much of the training is over, from 0 to 1."""
        by_steps = self.state.step / self._recipe.steps if self._recipe.steps else 0.0
        return max(self.minutes / self._recipe.minutes, by_steps)

    def learn(self, batch: Sequence[Lesson]) -> None:
        """Take one step."""
        passed, warm_up = self.passed, self._recipe.warm_up
        for group, rate in zip(self._optimizer.param_groups, self._rates, strict=True):
            group["lr"] = rate * max(0.0, min(1.0, passed / warm_up, (1 - passed) / (1 - warm_up)))
        self._network.train()
        with torch.autocast("cpu", torch.bfloat16, enabled=self._half):
            loss = loss_of(self._network, batch, self._padding)
        self._optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self._network.parameters(), 1.0)
        self._optimizer.step()
        self.state.step += 1
        self._losses.append(float(loss.detach()))

    def check(self) -> None:
        """Measure on the dev lessons, keep the weights if they are the best so far, and write a checkpoint."""
        self.checked = self.minutes
        share, sources = right_share(self._network, self._dev, self._padding)
        loss = sum(self._losses) / max(1, len(self._losses))
        self._losses.clear()
        self.tell({"minutes": self.minutes, "seen": self.seen, "loss": loss, "dev": share, "sources": sources})
        if share >= self.best:
            self.state.best_score, self.state.best_step = share, self.state.step
            save(self._network, self._out / WEIGHTS)
        self.state.seconds = 60 * self.minutes
        save_checkpoint(self._out, self.state, self._learned, self._optimizer)

    def tell(self, record: dict[str, object]) -> None:
        """Write a record into the log."""
        with (self._out / LOG).open("a", encoding="utf-8") as log:
            log.write(json.dumps(record) + "\n")
        self._report(record)


def right_share(network: PickerNetwork, dev: Sequence[Lesson], padding: int) -> tuple[float, dict[str, float]]:
    """Return the share of lessons, of one question each, whose program is chosen rightly, over all and by source."""
    network.eval()
    right: Counter[str] = Counter()
    count: Counter[str] = Counter()
    for lesson in dev:
        chosen = choose(network, lesson.layout, padding, beams=1)
        count[lesson.source] += 1
        right[lesson.source] += bool(chosen) and chosen[0].actions == lesson.actions[0]
    return sum(right.values()) / max(1, len(dev)), {source: right[source] / count[source] for source in count}


def save(network: PickerNetwork, path: Path) -> None:
    """Write the weights; a file is whole or absent."""
    part = path.with_name(path.name + ".part")
    save_file({name: tensor.contiguous() for name, tensor in network.state_dict().items()}, part)
    part.replace(path)


def restore(network: PickerNetwork, path: Path) -> None:
    """Read weights that ``save`` wrote."""
    network.load_state_dict(load_file(path))
