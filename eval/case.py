"""The nouns of evaluation: a case, what a system predicted for it, and the scores of that.

A failure and "not applicable" are values: a run goes on past them and its report shows them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Status = Literal["answered", "abstained", "failed", "not_applicable"]


@dataclass(frozen=True, slots=True)
class Place:
    """A page of a document: the document's name without suffix, and the page index from 0."""

    document: str
    page: int


@dataclass(frozen=True, slots=True)
class Case:
    """One question and what is known of its answer.

    ``gold`` is the answer as the benchmark has it. ``places`` are the gold pages, ``documents`` the
    documents that the question is about. ``group`` is what scores are broken down by, ``fold`` what
    cross-validation keeps together (a company, a context). ``data`` holds what only this benchmark has.
    """

    id: str
    question: str
    gold: str
    places: tuple[Place, ...] = ()
    documents: tuple[str, ...] = ()
    group: str = ""
    fold: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PredictedValue:
    """A figure of an answer as it is shown: ``value`` (plain decimal digits) in ``unit`` ("USD millions")."""

    value: str
    unit: str


@dataclass(frozen=True, slots=True)
class CitedPlace:
    """A citation: its page, box (points) or element, and the text that is cited."""

    place: Place
    box: tuple[float, float, float, float] | None
    element: str | None
    quote: str


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a system said about a case.

    ``retrieved`` are pages in order of rank, each once. ``confidence`` from 0 to 1 orders answers for
    risk and coverage; None where the system gives none. ``label`` is the class or program result of
    tasks that are no prose. ``extra`` holds what the benchmark's own scorers need.
    """

    status: Status
    text: str = ""
    values: tuple[PredictedValue, ...] = ()
    citations: tuple[CitedPlace, ...] = ()
    retrieved: tuple[Place, ...] = ()
    label: str | None = None
    confidence: float | None = None
    reason: str | None = None
    seconds: float = 0.0
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Score:
    """One score of one case: ``value`` from 0 to 1 (or as its metric says), None where it does not apply."""

    metric: str
    value: float | None
    detail: str = ""
