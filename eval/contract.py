"""What a run puts together: a benchmark (cases and scorers) and a system that predicts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from eval.case import Case, Prediction, Score

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is."""


class Scorer(Protocol):
    """Judges one prediction. A scorer is a frozen dataclass; it may give several metrics."""

    def score(self, case: Case, prediction: Prediction) -> Sequence[Score]:
        """Return the scores of a prediction; a metric that does not apply has the value None."""
        ...


class System(Protocol):
    """Whatever is measured: Tieout itself, or a peer.

    A system whose ``predict`` may be called by several threads has ``concurrent``: how many cases are asked at once.
    """

    @property
    def name(self) -> str:
        """What reports call it."""
        ...

    def prepare(self, cases: Sequence[Case], progress: Progress) -> Mapping[str, str]:
        """Get ready (read and index documents) and return what identifies this state: hashes and versions."""
        ...

    def predict(self, case: Case) -> Prediction:
        """Return what the system says; an exception that it lets through is a failed case."""
        ...


Door = Callable[[Path, Path], System]
"""Opens a system for a data and a work folder."""

Loader = Callable[[Path], tuple[Case, ...]]
"""Reads cases from a data folder. Raises DataAbsentError where its files are not there."""

Aggregate = Callable[[Sequence[tuple[Case, Prediction]]], Mapping[str, float]]
"""Metrics of all cases together that are no means of single ones: macro-F1, MCC.

A case has here what rows keep of it (id, question, gold, group, fold), neither its places nor its data.
"""


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A task: cases, how they are scored, and what may be learned from.

    ``load`` reads the cases from a data folder and raises ``DataAbsentError`` where its files are not
    there. ``systems`` opens a system by name for a data and a work folder; the first is the default.
    ``headline`` are the metrics that a comparison looks at, ``worse`` those of which less is better.
    ``train`` reads the cases of the training part; None where nothing is learned from this task. The parts may
    overlap: a case is never predicted by what was learned from it, nor from a case of the same ``fold``.
    ``together`` is whether the cases of a fold are so much alike that intervals have to draw them together.
    """

    name: str
    description: str
    load: Loader
    scorers: tuple[Scorer, ...]
    systems: Mapping[str, Door]
    headline: tuple[str, ...]
    worse: tuple[str, ...] = ("wrong", "wrong_of_answered", "unsupported_numbers")
    aggregates: tuple[Aggregate, ...] = ()
    train: Loader | None = None
    together: bool = False
