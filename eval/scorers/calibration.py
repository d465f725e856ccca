"""How well confidence tells right from wrong: calibration error, Brier score, area under risk and coverage."""

from __future__ import annotations

from collections.abc import Sequence

BINS = 10


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


def risk_coverage_area(confidences: Sequence[float], correct: Sequence[float]) -> float:
    """Return the mean risk as answers are taken in order of confidence (Geifman and El-Yaniv 2017)."""
    order = sorted(range(len(confidences)), key=lambda i: -confidences[i])
    wrong, risks = 0.0, []
    for count, i in enumerate(order, start=1):
        wrong += 1 - correct[i]
        risks.append(wrong / count)
    return sum(risks) / len(risks) if risks else 0.0
