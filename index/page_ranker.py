"""The learned ranker of pages: a weight for each feature, in a file that says what it was learned from.

It orders the best pages that the searches found and brings in no other. How it was learned is in eval/training.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import takewhile

import numpy as np

from index.candidates import FoundPage
from index.page_features import FEATURES, asks_cause, features_of
from index.query import Query
from index.view import View
from ingest.errors import ModelCorruptError

RERANKED = 50
"""So many of the best pages are put in a new order; those after them keep theirs."""
FILE = "page_ranker.json"


@dataclass(frozen=True, slots=True)
class PageRanker:
    """Weights of the features by name; a feature without a weight counts nothing. ``name`` tells it from others."""

    weights: Mapping[str, float]
    name: str = ""

    def order(self, query: Query, pages: Sequence[FoundPage], library: View) -> list[FoundPage]:
        """Return the same pages, the best of them in the order of their weighed features, equals as they were.

        Statements that the search puts first because they state what is asked stay there, unless a cause is asked for.
        """
        first = list(pages[:RERANKED])
        if len(first) < 2 or not self.weights:
            return list(pages)
        scores = features_of(query, first, library) @ np.array([self.weights.get(name, 0.0) for name in FEATURES])
        stated = 0 if asks_cause(query) else len(list(takewhile(_states, first)))
        places = stated + np.argsort(-scores[stated:], kind="stable")
        return [*first[:stated], *(first[place] for place in places), *pages[RERANKED:]]


def _states(page: FoundPage) -> bool:
    return page.of_statement and page.states >= 1.0


def read_ranker(content: bytes) -> PageRanker:
    """Read a ranker's file. Raises ModelCorruptError where it is none, or weighs what no page is told of."""
    try:
        weights = {str(name): float(weight) for name, weight in json.loads(content)["weights"].items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelCorruptError(f"{FILE} is no ranker of pages ({error}): install Tieout again") from error
    unknown = weights.keys() - set(FEATURES)
    if unknown or not np.isfinite(list(weights.values())).all():
        odd = ", ".join(sorted(unknown)) or "no number"
        raise ModelCorruptError(f"{FILE} has weights of {odd}: install Tieout again")
    return PageRanker(weights, f"pages@{hashlib.sha256(content).hexdigest()[:12]}")


@cache
def built_in_ranker() -> PageRanker:
    """Return the ranker that comes with Tieout."""
    return read_ranker(files("index").joinpath(FILE).read_bytes())
