"""How well confidence tells right from wrong: calibration error, Brier score, area under risk and coverage."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from eval.rows import Row

BINS = 10


def calibration_error(confidences: Sequence[float], correct: Sequence[float]) -> float:
    """Return the expected calibration error in ten equal bins (Guo et al. 2017); 0 for no answers."""
    gaps = (abs(stated - right) * count for stated, right, count in reliability(confidences, correct))
    return sum(gaps) / len(confidences) if confidences else 0.0


def reliability(confidences: Sequence[float], correct: Sequence[float]) -> list[tuple[float, float, int]]:
    """Return mean confidence, share correct and number of answers of each tenth of confidence that has some."""
    stated, right = np.asarray(confidences, dtype=np.float64), np.asarray(correct, dtype=np.float64)
    tenths = np.minimum((stated * BINS).astype(np.int64), BINS - 1)
    counts = np.bincount(tenths, minlength=BINS)
    totals = [np.bincount(tenths, weights=values, minlength=BINS) for values in (stated, right)]
    return [(float(s / n), float(r / n), int(n)) for s, r, n in zip(*totals, counts, strict=True) if n]


def brier(confidences: Sequence[float], correct: Sequence[float]) -> float:
    """Return the mean squared difference of confidence and outcome (Brier 1950); 0 for no answers."""
    pairs = list(zip(confidences, correct, strict=True))
    return sum((confidence - right) ** 2 for confidence, right in pairs) / len(pairs) if pairs else 0.0


def risk_coverage_points(confidences: Sequence[float], correct: Sequence[float]) -> list[tuple[float, float]]:
    """Return (coverage, risk) as answers are taken in order of confidence (El-Yaniv and Wiener 2010)."""
    risks = _risks(confidences, correct)
    return [(float(taken / len(risks)), float(risk)) for taken, risk in enumerate(risks, start=1)]


def risk_coverage_area(confidences: Sequence[float], correct: Sequence[float]) -> float:
    """Return the mean risk as answers are taken in order of confidence (Geifman and El-Yaniv 2017)."""
    return float(_risks(confidences, correct).mean()) if len(confidences) else 0.0


def _risks(confidences: Sequence[float], correct: Sequence[float]) -> NDArray[np.float64]:
    """The share of wrong ones among the most confident 1, 2, 3 … answers.

    Answers of the same confidence cannot be told apart: while they are taken, the risk is what any order
    of them gives on average.
    """
    wrong = 1 - np.asarray(correct, dtype=np.float64)
    _, level, counts = np.unique(-np.asarray(confidences, dtype=np.float64), return_inverse=True, return_counts=True)
    shares = np.bincount(level, weights=wrong, minlength=len(counts)) / counts
    risks: NDArray[np.float64] = np.cumsum(np.repeat(shares, counts)) / np.arange(1, len(wrong) + 1)
    return risks


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
