"""Ranks passages for a question: page by page, as the searches weigh them and the learned ranker orders the best."""

from __future__ import annotations

from index.candidates import HAND_SET, Fusion, find_pages
from index.contract import Embedder, PassageRecord
from index.page_ranker import PageRanker, built_in_ranker
from index.query import Query
from index.view import View

UNRANKED = PageRanker({})
"""Leaves pages as the searches weigh them."""


def find_passages(
    query: Query,
    library: View,
    embedder: Embedder,
    limit: int,
    *,
    fusion: Fusion = HAND_SET,
    ranker: PageRanker | None = None,
) -> list[PassageRecord]:
    """Return the passages that may answer the query, those of the best page first; only its filings take part.

    Without a ``ranker`` the built-in one orders the pages. Raises ModelCorruptError where that is damaged.
    """
    pages = find_pages(query, library, embedder, fusion)
    ordered = (built_in_ranker() if ranker is None else ranker).order(query, pages, library)
    return [record for page in ordered for record in page.passages][:limit]
