"""Judges classes: accuracy case by case; macro-F1 and Matthews' coefficient over all cases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from eval.case import Case, Prediction, Score

Counts = Mapping[tuple[str, str], int]
"""How many cases have each pair of a gold and a predicted class."""


@dataclass(frozen=True, slots=True)
class ClassScorer:
    """``accuracy``: the predicted class is the gold one; a class that was not predicted is a miss."""

    def score(self, case: Case, prediction: Prediction) -> Sequence[Score]:
        """Return 1 for a hit and 0 for a miss; it does not apply where the task does not."""
        if prediction.status == "not_applicable":
            return [Score("accuracy", None, prediction.reason or "")]
        return [Score("accuracy", float(_class(prediction) == case.gold), f"{prediction.label} against {case.gold}")]


def class_aggregates(pairs: Sequence[tuple[Case, Prediction]]) -> Mapping[str, float]:
    """Return ``macro_f1`` and ``mcc`` over all cases that apply, and how each gold class fared.

    That is ``precision[CLASS]``, ``recall[CLASS]`` and ``f1[CLASS]``, 0 where undefined.
    """
    counts = Counter((case.gold, _class(said)) for case, said in pairs if said.status != "not_applicable")
    hits, wanted, given = _margins(counts)
    found = {"macro_f1": macro_f1(counts), "mcc": mcc(counts)}
    for name in sorted(wanted):
        found[f"precision[{name}]"] = hits[name] / given[name] if given[name] else 0.0
        found[f"recall[{name}]"] = hits[name] / wanted[name]
        found[f"f1[{name}]"] = 2 * hits[name] / (wanted[name] + given[name])
    return found


def macro_f1(counts: Counts) -> float:
    """Return the mean F1 of the gold classes; a prediction outside of them is a miss of its gold class."""
    hits, wanted, given = _margins(counts)
    scores = [2 * hits[name] / (wanted[name] + given[name]) for name in wanted]
    return sum(scores) / len(scores) if scores else 0.0


def mcc(counts: Counts) -> float:
    """Return Matthews' correlation for any number of classes (Gorodkin 2004); 0 where one side has a single class."""
    hits, wanted, given = _margins(counts)
    total = sum(wanted.values())
    covariance = sum(hits.values()) * total - sum(wanted[name] * given[name] for name in wanted)
    spread = (total**2 - sum(n * n for n in given.values())) * (total**2 - sum(n * n for n in wanted.values()))
    return covariance / sqrt(spread) if spread else 0.0


def _margins(counts: Counts) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """How often each class was hit, was gold, and was predicted."""
    hits: Counter[str] = Counter()
    wanted: Counter[str] = Counter()
    given: Counter[str] = Counter()
    for (gold, said), count in counts.items():
        wanted[gold] += count
        given[said] += count
        if gold == said:
            hits[gold] += count
    return hits, wanted, given


def _class(prediction: Prediction) -> str:
    """The predicted class; an empty one where there is no answer."""
    return prediction.label or "" if prediction.status == "answered" else ""
