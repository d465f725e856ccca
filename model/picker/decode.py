"""Choosing a program: a beam search over choices that the grammar of programs allows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from model.picker.actions import MAX_ACTIONS, MAX_DEPTH, NUMBERS, OPERATIONS, Action, Row
from model.picker.batch import Slots, allowed_mask, inputs_of
from model.picker.layout import Layout
from model.picker.network import POINTED, START, PickerNetwork, Read

BEAMS = 4


_REFUSAL = OPERATIONS[NUMBERS["abstain:not_supported"]]


@dataclass(frozen=True, slots=True)
class Choice:
    """A whole program as choices, with the probability that the network gives it."""

    actions: tuple[Action, ...]
    probability: float


@dataclass
class _Beam:
    score: float
    slots: Slots
    state: Tensor
    actions: list[Action] = field(default_factory=list)
    last: int = START
    place: int = 0
    used: tuple[int, ...] = ()


def choose(network: PickerNetwork, layout: Layout, padding: int, beams: int = BEAMS) -> tuple[Choice, ...]:
    """Return the likeliest programs for the one question of a layout, best first, at most ``beams``.

    Where none is left that points at something, it is a refusal of probability 0.
    """
    with torch.inference_mode():
        inputs = inputs_of([layout], padding)
        read = network.read(inputs)
        open_beams = [_Beam(0.0, Slots(), read.first[0])]
        done: list[_Beam] = []
        while open_beams:
            grown = [new for beam in _scored(network, read, layout, inputs.cells, open_beams, beams) for new in beam]
            grown.sort(key=lambda beam: -beam.score)
            done += [beam for beam in grown[:beams] if not beam.slots and _says_something(beam)]
            open_beams = [beam for beam in grown[:beams] if beam.slots]
    if not done:
        return (Choice((_REFUSAL,), 0.0),)
    done.sort(key=lambda beam: -beam.score)
    return tuple(Choice(tuple(beam.actions), float(torch.tensor(beam.score).exp())) for beam in done[:beams])


def _scored(
    network: PickerNetwork, read: Read, layout: Layout, cells: int, beams: Sequence[_Beam], most: int
) -> list[list[_Beam]]:
    """Grow each beam by its likeliest next choices."""
    count = len(beams)
    spread = Read(
        read.tokens.expand(count, -1, -1),
        read.token_mask.expand(count, -1),
        read.places.expand(count, -1, -1),
        read.place_mask.expand(count, -1),
        read.features.expand(count, -1, -1),
        read.first.expand(count, -1),
    )
    places = read.places.shape[1]
    used = torch.zeros((count, places))
    for row, beam in enumerate(beams):
        used[row, list(beam.used)] = 1.0
    ahead = [beam.slots.ahead for beam in beams]
    states, scores = network.step(
        spread,
        torch.stack([beam.state for beam in beams]),
        torch.tensor([beam.last for beam in beams]),
        torch.tensor([beam.place for beam in beams]),
        torch.tensor([operator for _, operator, _, _ in ahead]),
        torch.tensor([position for _, _, position, _ in ahead]),
        used,
    )
    grown = []
    for row, beam in enumerate(beams):
        permitted = allowed_mask(ahead[row][0], layout, cells, scores.shape[1])
        _keep_small(permitted, beam, ahead[row][3])
        chances = scores[row].float().masked_fill(~permitted, float("-inf")).log_softmax(-1)
        best = torch.topk(chances, min(most, int(permitted.sum())))
        grown.append(
            [
                _grown(beam, layout, cells, int(number), float(chance), states[row])
                for chance, number in zip(best.values, best.indices, strict=True)
                if chance > float("-inf")
            ]
        )
    return grown


def _says_something(beam: _Beam) -> bool:
    """Whether a finished program points at something or refuses: arithmetic over constants alone is none."""
    return bool(beam.used) or (beam.last < START and OPERATIONS[beam.last].name.startswith("abstain:"))


def _keep_small(permitted: Tensor, beam: _Beam, depth: int) -> None:
    """Forbid what would nest too deep or could not be finished within ``MAX_ACTIONS``."""
    room = MAX_ACTIONS - len(beam.actions) - len(beam.slots)
    for number, operation in enumerate(OPERATIONS):
        if operation.opens and (depth >= MAX_DEPTH or len(operation.opens) > room):
            permitted[number] = False


def _grown(beam: _Beam, layout: Layout, cells: int, number: int, chance: float, state: Tensor) -> _Beam:
    slots = beam.slots.copy()
    place = number - len(OPERATIONS)
    pointed: Action = layout.cells[place] if 0 <= place < cells else Row(place - cells)
    action = OPERATIONS[number] if place < 0 else pointed
    slots.fill(action)
    return _Beam(
        beam.score + chance,
        slots,
        state,
        [*beam.actions, action],
        number if place < 0 else POINTED,
        max(place, 0),
        beam.used if place < 0 else (*beam.used, place),
    )
