"""Judges classes: accuracy case by case; macro-F1 and Matthews' coefficient over all cases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from eval.case import Case, Prediction, Score


@dataclass(frozen=True, slots=True)
class ClassScorer:
    """``accuracy``: the predicted class is the gold one; a class that was not predicted is a miss."""

    def score(self, case: Case, prediction: Prediction) -> Sequence[Score]:
        """Return 1 for a hit and 0 for a miss."""
        return [Score("accuracy", float(prediction.label == case.gold), f"{prediction.label} against {case.gold}")]


def class_aggregates(pairs: Sequence[tuple[Case, Prediction]]) -> Mapping[str, float]:
    """Return ``macro_f1`` and ``mcc`` (Gorodkin 2004, for any number of classes) over all cases."""
    gold = [case.gold for case, _ in pairs]
    said = [prediction.label or "" for _, prediction in pairs]
    return {"macro_f1": macro_f1(gold, said), "mcc": mcc(gold, said)}


def macro_f1(gold: Sequence[str], said: Sequence[str]) -> float:
    """Return the mean F1 of the gold classes."""
    classes = sorted(set(gold))
    scores = []
    for name in classes:
        hits = sum(g == s == name for g, s in zip(gold, said, strict=True))
        marked = said.count(name) + gold.count(name)
        scores.append(2 * hits / marked if marked else 0.0)
    return sum(scores) / len(scores) if scores else 0.0


def mcc(gold: Sequence[str], said: Sequence[str]) -> float:
    """Return Matthews' correlation coefficient; 0 where one side has a single class."""
    total = len(gold)
    hits = sum(g == s for g, s in zip(gold, said, strict=True))
    wanted, given = Counter(gold), Counter(said)
    covariance = hits * total - sum(wanted[name] * given[name] for name in wanted)
    spread = (total**2 - sum(n * n for n in given.values())) * (total**2 - sum(n * n for n in wanted.values()))
    return covariance / sqrt(spread) if spread else 0.0
