"""Ranks passages for a question: page by page, as the searches and what is told of the pages weigh them."""

from __future__ import annotations

from index.candidates import HAND_SET, Fusion, find_pages
from index.contract import Embedder, PassageRecord
from index.query import Query
from index.view import View


def find_passages(
    query: Query, library: View, embedder: Embedder, limit: int, *, fusion: Fusion = HAND_SET
) -> list[PassageRecord]:
    """Return the passages that may answer the query, those of the best page first; only its filings take part."""
    pages = find_pages(query, library, embedder, fusion)
    return [record for found in pages for record in found.passages][:limit]
