"""Whole companies are held out, and what stands on both sides of a split all the same is taken out of training."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from random import Random

from assistant.dataset.checking import normal_question
from model.tuning.example import TrainingExample

DEV_SHARE = 0.15


def held_out(groups: Iterable[str], seed: int, share: float = DEV_SHARE) -> frozenset[str]:
    """Return the groups that are held out: ``share`` of them, at least one where there are two."""
    ordered = sorted(set(groups))
    count = 0 if len(ordered) < 2 else max(1, round(share * len(ordered)))
    return frozenset(Random(f"{seed}/held out").sample(ordered, count))  # noqa: S311 - a draw, no secret


def without_leaks(
    train: Sequence[TrainingExample], dev: Sequence[TrainingExample]
) -> tuple[list[TrainingExample], int]:
    """Return ``train`` without what is in ``dev`` too, and how many that were.

    An example leaks where ``dev`` has its question over the same lines, or any question over exactly its sheet.
    """
    sheets = {_sheet(example) for example in dev}
    lines = {(normal_question(example.question), line.text) for example in dev for line in example.lines}
    kept = [
        example
        for example in train
        if _sheet(example) not in sheets
        and not all((normal_question(example.question), line.text) in lines for line in example.lines)
    ]
    return kept, len(train) - len(kept)


def _sheet(example: TrainingExample) -> tuple[str, ...]:
    return tuple(sorted(line.text for line in example.lines))
