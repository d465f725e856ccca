"""Layouts and choices as padded tensors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from model.picker.actions import NUMBERS, OPERATIONS, Action, Cell, Operation, Slot, allowed
from model.picker.features import FEATURES
from model.picker.layout import Layout
from model.picker.network import POINTED, START, Inputs


@dataclass(frozen=True, slots=True)
class Targets:
    """The choices of a batch, (B, S) each: what was chosen before each step, what it fills, what is right.

    ``allowed`` (B, S, operations + P) is what the grammar leaves; ``used`` (B, S, P) what was chosen before;
    ``target`` is -100 after the end.
    """

    last: Tensor
    place: Tensor
    parent: Tensor
    argument: Tensor
    used: Tensor
    allowed: Tensor
    target: Tensor


def inputs_of(layouts: Sequence[Layout], padding: int) -> Inputs:
    """Pad layouts to one width; the questions of all of them, in order, are the questions of the batch."""
    whole = [len(layout.ids) + sum(map(len, layout.questions)) for layout in layouts]
    shape = (len(layouts), max(whole))
    ids = torch.full(shape, padding, dtype=torch.long)
    types, marks, positions, parts = (torch.zeros(shape, dtype=torch.long) for _ in range(4))
    count = sum(len(layout.questions) for layout in layouts)
    cells = max(1, *(len(layout.cells) for layout in layouts), 1)
    width = cells + max(len(layout.lines) for layout in layouts)
    seen = max(len(layout.ids) + len(question) for layout in layouts for question in layout.questions)
    longest = max(len(question) for layout in layouts for question in layout.questions)
    owner = torch.zeros(count, dtype=torch.long)
    tokens, asked, places = (torch.zeros((count, size), dtype=torch.long) for size in (seen, longest, width))
    token_mask, asked_mask, place_mask = (
        torch.zeros((count, size), dtype=torch.bool) for size in (seen, longest, width)
    )
    lines, columns = (torch.full((count, width), -1) for _ in range(2))
    features = torch.zeros((count, width, FEATURES))
    row = 0
    for sheet, layout in enumerate(layouts):
        length, figures = len(layout.ids), len(layout.cells)
        ids[sheet, :length] = torch.tensor(layout.ids)
        marks[sheet, :length] = torch.tensor(layout.marks)
        types[sheet, :length] = 1
        positions[sheet, :length] = torch.arange(length)
        parts[sheet, :length] = 1
        start = length
        for number, question in enumerate(layout.questions):
            end = start + len(question)
            ids[sheet, start:end] = torch.tensor(question)
            positions[sheet, start:end] = length + torch.arange(len(question))
            parts[sheet, start:end] = 2 + number
            owner[row] = sheet
            asked[row, : len(question)] = length + torch.arange(len(question))
            asked_mask[row, : len(question)] = True
            tokens[row, :length] = torch.arange(length)
            tokens[row, length : length + len(question)] = torch.arange(start, end)
            token_mask[row, : length + len(question)] = True
            places[row, :figures] = torch.tensor(layout.cell_tokens, dtype=torch.long)
            places[row, cells : cells + len(layout.lines)] = torch.tensor(layout.line_tokens, dtype=torch.long)
            place_mask[row, :figures] = True
            place_mask[row, cells : cells + len(layout.lines)] = True
            lines[row, :figures] = torch.tensor([cell.line for cell in layout.cells], dtype=torch.long)
            lines[row, cells : cells + len(layout.lines)] = torch.arange(len(layout.lines))
            columns[row, :figures] = torch.tensor(layout.columns, dtype=torch.long)
            told = torch.tensor(layout.features[number]).view(-1, FEATURES)
            features[row, :figures] = told[:figures]
            features[row, cells : cells + len(layout.lines)] = told[figures:]
            row += 1
            start = end
    return Inputs(
        ids,
        types,
        marks,
        positions,
        parts,
        owner,
        tokens,
        token_mask,
        asked,
        asked_mask,
        places,
        place_mask,
        lines,
        columns,
        features,
        cells,
    )


class Slots:
    """What is still to be filled while choices are made: a stack of slots with their operator and position."""

    def __init__(self) -> None:
        self._open: list[tuple[Slot, int, int, int]] = [("program", START, 0, 0)]

    def __bool__(self) -> bool:
        return bool(self._open)

    def copy(self) -> Slots:
        """Return another that is filled on its own."""
        other = Slots()
        other._open = list(self._open)
        return other

    @property
    def ahead(self) -> tuple[Slot, int, int, int]:
        """The next slot: its kind, the number of its operator, its position there, its depth."""
        return self._open[-1]

    def __len__(self) -> int:
        return len(self._open)

    def fill(self, action: Action) -> None:
        """Fill the next slot; an operation opens its own in its place."""
        _, _, _, depth = self._open.pop()
        if isinstance(action, Operation):
            number = NUMBERS[action.name]
            opened = [(slot, number, position, depth + 1) for position, slot in enumerate(action.opens)]
            self._open += reversed(opened)


def place_of(action: Action, layout: Layout, cells: int) -> int:
    """Return the number of a choice among operations and places, for a batch with ``cells`` figures."""
    if isinstance(action, Operation):
        return NUMBERS[action.name]
    if isinstance(action, Cell):
        return len(OPERATIONS) + layout.cells.index(action)
    return len(OPERATIONS) + cells + action.line


def allowed_mask(slot: Slot, layout: Layout, cells: int, width: int) -> Tensor:
    """Return which of ``width`` operations and places may fill a slot, as booleans."""
    numbers, may_cell, may_line = allowed(slot)
    mask = torch.zeros(width, dtype=torch.bool)
    mask[numbers] = True
    start = len(OPERATIONS)
    if may_cell:
        mask[start : start + len(layout.cells)] = True
    if may_line:
        for position, line in enumerate(layout.lines):
            mask[start + cells + position] = slot == "line" or bool(line.keys)
    return mask


def targets_of(layouts: Sequence[Layout], chosen: Sequence[Sequence[Action]], inputs: Inputs) -> Targets:
    """Return the steps of a batch of programs, each with what the decoder knows before it.

    ``layouts`` and ``chosen`` have one entry for each question of ``inputs``.
    """
    rows, steps = len(layouts), max(map(len, chosen))
    count = inputs.places.shape[1]
    width = len(OPERATIONS) + count
    last = torch.full((rows, steps), START)
    place, argument = (torch.zeros((rows, steps), dtype=torch.long) for _ in range(2))
    parent = torch.full((rows, steps), START)
    used = torch.zeros((rows, steps, count))
    permitted = torch.ones((rows, steps, width), dtype=torch.bool)
    target = torch.full((rows, steps), -100)
    for row, (layout, actions) in enumerate(zip(layouts, chosen, strict=True)):
        slots = Slots()
        for step, action in enumerate(actions):
            slot, operator, position, _ = slots.ahead
            parent[row, step], argument[row, step] = operator, position
            permitted[row, step] = allowed_mask(slot, layout, inputs.cells, width)
            number = place_of(action, layout, inputs.cells)
            target[row, step] = number
            slots.fill(action)
            if step + 1 < len(actions):
                pointed = number >= len(OPERATIONS)
                last[row, step + 1] = POINTED if pointed else number
                used[row, step + 1] = used[row, step]
                if pointed:
                    place[row, step + 1] = number - len(OPERATIONS)
                    used[row, step + 1, number - len(OPERATIONS)] = 1.0
    return Targets(last, place, parent, argument, used, permitted, target)
