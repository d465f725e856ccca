"""Baselines that understand nothing: the commonest label, the last return, and pairs seen in training."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from eval.case import Case, Prediction
from eval.contract import Progress, System

Triple = tuple[str, str, str]
"""Head, tail, relation."""


class Majority:
    """Always says the commonest label.

    Where a case's ``data`` counts the labels ``before`` it, those decide, so that nothing later is known.
    Elsewhere the gold labels of all cases do, which is the usual floor for a test set without training data.
    """

    name = "majority"

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()

    def prepare(self, cases: Sequence[Case], progress: Progress) -> Mapping[str, str]:
        """Count the labels of the cases."""
        self._counts = Counter(case.gold for case in cases)
        return {"labels": ", ".join(f"{label} {count}" for label, count in sorted(self._counts.items()))}

    def predict(self, case: Case) -> Prediction:
        """Return the commonest label, the first by name among equals, with its share as confidence."""
        counts: Mapping[str, int] = case.data.get("before") or self._counts
        if not counts:
            return Prediction("not_applicable", reason="no label was given before")
        label = min(counts, key=lambda name: (-counts[name], name))
        return Prediction("answered", text=label, label=label, confidence=counts[label] / sum(counts.values()))


class LastReturn:
    """Says that a share goes on as it went: up after a positive return of the last trading day, else down."""

    name = "last-return"

    def prepare(self, cases: Sequence[Case], progress: Progress) -> Mapping[str, str]:
        """There is nothing to get ready."""
        return {}

    def predict(self, case: Case) -> Prediction:
        """Return ``up`` or ``down``; a case without a last return is not applicable."""
        last = case.data.get("last_return")
        if last is None:
            return Prediction("not_applicable", reason="no return is known")
        label = "up" if last > 0 else "down"
        return Prediction("answered", text=label, label=label)


class SeenPairs:
    """Gives two entities of a sentence the relations that they had in the training sentences.

    ``training`` is called once for the triples. Pairs that were never seen have no relation.
    """

    name = "seen-pairs"

    def __init__(self, training: Callable[[], Iterable[Triple]]) -> None:
        self._training = training
        self._by_head: dict[str, dict[Triple, None]] = {}

    def prepare(self, cases: Sequence[Case], progress: Progress) -> Mapping[str, str]:
        """Read the training triples. Raises DataAbsentError where they are not there."""
        triples = dict.fromkeys(self._training())
        self._by_head = {}
        for triple in triples:
            self._by_head.setdefault(triple[0], {})[triple] = None
        return {"training_triples": str(len(triples))}

    def predict(self, case: Case) -> Prediction:
        """Return the known triples whose head and tail both stand in the text, as FinRED writes them."""
        text = f" {case.data['text']} "
        found = [
            triple
            for head, triples in self._by_head.items()
            if _stands(head, text)
            for triple in triples
            if _stands(triple[1], text)
        ]
        label = " | ".join(" ; ".join(triple) for triple in found)
        return Prediction("answered" if found else "abstained", text=label, label=label)


def _stands(entity: str, text: str) -> bool:
    """Whether an entity stands in a text as whole words."""
    start = text.find(entity)
    while start >= 0:
        end = start + len(entity)
        if not (text[start - 1].isalnum() or text[end : end + 1].isalnum()):
            return True
        start = text.find(entity, start + 1)
    return False


def majority(data: Path, work: Path) -> System:
    """Open the majority baseline."""
    return Majority()


def last_return(data: Path, work: Path) -> System:
    """Open the baseline of the last return."""
    return LastReturn()
