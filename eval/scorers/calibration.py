"""How well confidence tells right from wrong: calibration error, Brier score, area under risk and coverage."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from eval.rows import Row

BINS = 10


def calibration_error(confidences: Sequence[float], correct: Sequence[float]) -> float:
    """Return the expected calibration error in ten equal bins (Guo et al. 2017); 0 for no answers."""
    gaps = (abs(stated - right) * count for stated, right, count in reliability(confidences, correct))
    return sum(gaps) / len(confidences) if confidences else 0.0


def reliability(confidences: Sequence[float], correct: Sequence[float]) -> list[tuple[float, float, int]]:
    """Return mean confidence, share correct and number of answers of each tenth of confidence that has some."""
    bins: dict[int, list[tuple[float, float]]] = {}
    for confidence, right in zip(confidences, correct, strict=True):
        bins.setdefault(min(int(confidence * BINS), BINS - 1), []).append((confidence, right))
    return [
        (sum(c for c, _ in members) / len(members), sum(r for _, r in members) / len(members), len(members))
        for _, members in sorted(bins.items())
    ]


def brier(confidences: Sequence[float], correct: Sequence[float]) -> float:
    """Return the mean squared difference of confidence and outcome (Brier 1950); 0 for no answers."""
    pairs = list(zip(confidences, correct, strict=True))
    return sum((confidence - right) ** 2 for confidence, right in pairs) / len(pairs) if pairs else 0.0


def risk_coverage_points(confidences: Sequence[float], correct: Sequence[float]) -> list[tuple[float, float]]:
    """Return (coverage, risk) as answers are taken in order of confidence (El-Yaniv and Wiener 2010).

    Answers of the same confidence cannot be told apart: while they are taken, the risk is what any order
    of them gives on average.
    """
    ordered = sorted(zip(confidences, correct, strict=True), key=lambda pair: -pair[0])
    points: list[tuple[float, float]] = []
    wrong, taken = 0.0, 0
    for _, members in groupby(ordered, key=lambda pair: pair[0]):
        outcomes = [right for _, right in members]
        share = sum(1 - right for right in outcomes) / len(outcomes)
        for _ in outcomes:
            wrong, taken = wrong + share, taken + 1
            points.append((taken / len(ordered), wrong / taken))
    return points


def risk_coverage_area(confidences: Sequence[float], correct: Sequence[float]) -> float:
    """Return the mean risk as answers are taken in order of confidence (Geifman and El-Yaniv 2017)."""
    points = risk_coverage_points(confidences, correct)
    return sum(risk for _, risk in points) / len(points) if points else 0.0


def outcomes(rows: Iterable[Row]) -> list[tuple[float | None, float]]:
    """Return the confidence and the outcome (1 for right, 0 for wrong) of each answer of which it is known.

    Right is what is ``correct`` or, where a benchmark gives classes, what counts for ``accuracy``. An
    undecided answer is not known to be either, and what was not answered was not risked.
    """
    found = []
    for row in rows:
        right = row.scores.get("correct", row.scores.get("accuracy"))
        if right is not None and row.prediction.status == "answered" and not row.scores.get("undecided"):
            found.append((row.prediction.confidence, right))
    return found


def calibration(pairs: Sequence[tuple[float, float]]) -> dict[str, float]:
    """Return ``calibration_error``, ``brier`` and ``risk_coverage_area`` of confidences and their outcomes."""
    confidences, correct = [confidence for confidence, _ in pairs], [right for _, right in pairs]
    return {
        "calibration_error": calibration_error(confidences, correct),
        "brier": brier(confidences, correct),
        "risk_coverage_area": risk_coverage_area(confidences, correct),
    }
