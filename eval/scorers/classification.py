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
        """Return 1 for a hit and 0 for a miss; it does not apply where the task does not."""
        if prediction.status == "not_applicable":
            return [Score("accuracy", None, prediction.reason or "")]
        return [Score("accuracy", float(_class(prediction) == case.gold), f"{prediction.label} against {case.gold}")]


def class_aggregates(pairs: Sequence[tuple[Case, Prediction]]) -> Mapping[str, float]:
    """Return ``macro_f1`` and ``mcc`` (Gorodkin 2004, for any number of classes) over all cases that apply."""
    gold, said = _columns(pairs)
    return {"macro_f1": macro_f1(gold, said), "mcc": mcc(gold, said)}


def per_class(pairs: Sequence[tuple[Case, Prediction]]) -> Mapping[str, float]:
    """Return ``precision[CLASS]``, ``recall[CLASS]`` and ``f1[CLASS]`` of each gold class; 0 where undefined."""
    gold, said = _columns(pairs)
    hits = Counter(g for g, s in zip(gold, said, strict=True) if g == s)
    wanted, given = Counter(gold), Counter(said)
    found: dict[str, float] = {}
    for name in sorted(wanted):
        found[f"precision[{name}]"] = hits[name] / given[name] if given[name] else 0.0
        found[f"recall[{name}]"] = hits[name] / wanted[name]
        found[f"f1[{name}]"] = 2 * hits[name] / (wanted[name] + given[name])
    return found


def _columns(pairs: Sequence[tuple[Case, Prediction]]) -> tuple[list[str], list[str]]:
    """The gold and the predicted classes of the cases that apply."""
    applying = [(case, prediction) for case, prediction in pairs if prediction.status != "not_applicable"]
    return [case.gold for case, _ in applying], [_class(prediction) for _, prediction in applying]


def _class(prediction: Prediction) -> str:
    """The predicted class; an empty one where there is no answer."""
    return prediction.label or "" if prediction.status == "answered" else ""


def macro_f1(gold: Sequence[str], said: Sequence[str]) -> float:
    """Return the mean F1 of the gold classes; a prediction outside of them is a miss of its gold class."""
    hits = Counter(g for g, s in zip(gold, said, strict=True) if g == s)
    wanted, given = Counter(gold), Counter(said)
    scores = [2 * hits[name] / (wanted[name] + given[name]) for name in wanted]
    return sum(scores) / len(scores) if scores else 0.0


def mcc(gold: Sequence[str], said: Sequence[str]) -> float:
    """Return Matthews' correlation coefficient; 0 where one side has a single class."""
    total = len(gold)
    hits = sum(g == s for g, s in zip(gold, said, strict=True))
    wanted, given = Counter(gold), Counter(said)
    covariance = hits * total - sum(wanted[name] * given[name] for name in wanted)
    spread = (total**2 - sum(n * n for n in given.values())) * (total**2 - sum(n * n for n in wanted.values()))
    return covariance / sqrt(spread) if spread else 0.0
