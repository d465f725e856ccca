"""How well confidence tells right from wrong: calibration error, Brier score, area under risk and coverage."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby

from eval.case import Case, Prediction
from eval.contract import Aggregate, Scorer

BINS = 10

Correctness = Callable[[Case, Prediction], float | None]
"""Tells whether an answer is correct (1 or 0); None where that is not known."""


def calibration_error(confidences: Sequence[float], correct: Sequence[float]) -> float:
    """Return the expected calibration error in ten equal bins (Guo et al. 2017); 0 for no answers."""
    bins: dict[int, list[tuple[float, float]]] = {}
    for confidence, right in zip(confidences, correct, strict=True):
        bins.setdefault(min(int(confidence * BINS), BINS - 1), []).append((confidence, right))
    gaps = (abs(sum(c - r for c, r in members)) for members in bins.values())
    return sum(gaps) / len(confidences) if confidences else 0.0


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


def correctness_by(scorer: Scorer, metric: str = "correct") -> Correctness:
    """Return what asks ``scorer`` for ``metric``; an answer that is undecided is not known."""

    def correctness(case: Case, prediction: Prediction) -> float | None:
        values = {score.metric: score.value for score in scorer.score(case, prediction)}
        return None if values.get("undecided") else values.get(metric)

    return correctness


def calibration_of(correctness: Correctness) -> Aggregate:
    """Return the aggregate of ``calibration_error``, ``brier`` and ``risk_coverage_area`` over confident answers.

    It gives no metric where no answer has a confidence.
    """

    def aggregate(pairs: Sequence[tuple[Case, Prediction]]) -> Mapping[str, float]:
        confidences, correct = [], []
        for case, prediction in pairs:
            right = correctness(case, prediction) if prediction.status == "answered" else None
            if right is not None and prediction.confidence is not None:
                confidences.append(prediction.confidence)
                correct.append(right)
        if not confidences:
            return {}
        return {
            "calibration_error": calibration_error(confidences, correct),
            "brier": brier(confidences, correct),
            "risk_coverage_area": risk_coverage_area(confidences, correct),
        }

    return aggregate


def coverage_of(correctness: Correctness) -> Aggregate:
    """Return the aggregate of ``coverage`` and ``wrong_of_answered``, which are read together.

    ``coverage`` is the share answered of the cases that apply, ``wrong_of_answered`` the share of wrong
    ones among those answers of which it is known.
    """

    def aggregate(pairs: Sequence[tuple[Case, Prediction]]) -> Mapping[str, float]:
        applying = [(case, prediction) for case, prediction in pairs if prediction.status != "not_applicable"]
        answered = [(case, prediction) for case, prediction in applying if prediction.status == "answered"]
        known = [right for case, prediction in answered if (right := correctness(case, prediction)) is not None]
        found = {"coverage": len(answered) / len(applying)} if applying else {}
        return found | ({"wrong_of_answered": sum(1 - right for right in known) / len(known)} if known else {})

    return aggregate
