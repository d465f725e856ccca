"""Judges which pages and documents a system finds for a question, and how high it ranks them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log2

from eval.case import Case, Place, Prediction, Score

CUTS = (1, 3, 5, 10, 20)
NDCG_CUT = 10
METRICS = (
    *(name for k in CUTS for name in (f"page_recall@{k}", f"page_hit@{k}")),
    "ndcg@10",
    "mrr",
    "document@1",
)
"""What is measured, in the order of reports."""


@dataclass(frozen=True, slots=True)
class PageRetrieval:
    """Page recall and hit at k, nDCG@10, MRR and whether the first document is right.

    With several gold pages, ``page_recall@k`` is the share of them among the first k (Manning, Raghavan
    and Schütze 2008, chapter 8); ``page_hit@k`` is whether any of them is.
    """

    def score(self, case: Case, prediction: Prediction) -> Sequence[Score]:
        """Return the metrics; pages that the case does not know make theirs not applicable."""
        if prediction.status == "not_applicable":
            return [Score(name, None, prediction.reason or "") for name in METRICS]
        ranked = tuple(dict.fromkeys(prediction.retrieved))
        scores: list[Score] = []
        for k in CUTS:
            found = {place for place in ranked[:k] if place in case.places}
            scores.append(Score(f"page_recall@{k}", _share(len(found), len(set(case.places)))))
            scores.append(Score(f"page_hit@{k}", float(bool(found)) if case.places else None))
        scores.append(Score("ndcg@10", ndcg(ranked, case.places) if case.places else None))
        scores.append(Score("mrr", reciprocal_rank(ranked, case.places) if case.places else None))
        documents = case.documents or tuple(place.document for place in case.places)
        first = ranked[0].document if ranked else None
        scores.append(Score("document@1", float(first in documents) if documents else None))
        return scores


def ndcg(ranked: Sequence[Place], gold: Sequence[Place]) -> float:
    """Return the normalised discounted cumulative gain of the first ten (Järvelin and Kekäläinen 2002)."""
    wanted = set(gold)
    gain = sum(1 / log2(rank + 1) for rank, place in enumerate(ranked[:NDCG_CUT], start=1) if place in wanted)
    ideal = sum(1 / log2(rank + 1) for rank in range(1, min(len(wanted), NDCG_CUT) + 1))
    return gain / ideal


def reciprocal_rank(ranked: Sequence[Place], gold: Sequence[Place]) -> float:
    """Return 1 over the rank of the first gold page, 0 where there is none."""
    return next((1 / rank for rank, place in enumerate(ranked, start=1) if place in gold), 0.0)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
