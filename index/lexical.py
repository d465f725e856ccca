"""Search by words: BM25 over the context line and the text of every passage, as FTS5 scores it.

Postings are added up (index/postings.py). The first search of few filings is FTS5's own: to read postings takes longer.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from index.postings import Postings
from index.ranges import eligible_ranges

FEW_RANGES, FEW_PASSAGES = 8, 20_000
"""So much is left to FTS5 the first time: each range costs it a count of the terms, and each passage a look-up."""


def match_expression(terms: Sequence[str]) -> str:
    """Write an FTS5 expression that any of the terms satisfies; a term of several words is a phrase.

    Every term stands in quotes, so that none is syntax, whatever is in it. Empty when no term has a
    letter or a digit.
    """
    return " OR ".join(f'"{phrase}"' for phrase in _phrases(terms))


def _phrases(terms: Sequence[str]) -> list[str]:
    """The terms that can be searched for, each once, without what would end the quotes around them."""
    phrases: dict[str, None] = {}  # a set that keeps the order
    for term in terms:
        words = term.replace("\0", " ").replace('"', " ").encode(errors="replace").decode().strip()
        if any(character.isalnum() for character in words):
            phrases[words] = None
    return list(phrases)


def search_words(
    connection: sqlite3.Connection,
    postings: Postings,
    terms: Sequence[str],
    *,
    filing_ids: Collection[str] | None,
    limit: int,
) -> list[tuple[int, float]]:
    """List (passage rowid, BM25 score), best first, at most ``limit``; a higher score is better.

    Only passages of the given filings take part: none for an empty collection, all for None. Each of the
    library's collections weighs words by itself. Ties go to the lower rowid.
    """
    phrases = _phrases(terms)
    if not phrases or limit < 1 or (filing_ids is not None and not filing_ids):
        return []
    found: list[tuple[int, float]] = []
    for key, ranges in eligible_ranges(connection, filing_ids).items():
        new = not postings.holds(connection, key)
        if new and len(ranges) <= FEW_RANGES and int((ranges[:, 1] - ranges[:, 0]).sum()) <= FEW_PASSAGES:
            found.extend(_by_fts5(connection, key, match_expression(terms), ranges, limit))
        else:
            found.extend(postings.search(connection, key, phrases, ranges, limit))
    return sorted(found, key=lambda hit: (-hit[1], hit[0]))[:limit]


def _by_fts5(
    connection: sqlite3.Connection, key: int, expression: str, ranges: NDArray[np.int64], limit: int
) -> list[tuple[int, float]]:
    """Search a collection's passages in the ranges one by one, for FTS5 skips what is outside of one."""
    statement = f"""
        SELECT rowid, -bm25(words_{key}) AS score FROM words_{key}
        WHERE words_{key} MATCH ? AND rowid >= ? AND rowid < ?
        ORDER BY score DESC, rowid LIMIT ?
    """  # noqa: S608 - a number
    pieces = (connection.execute(statement, (expression, *range_, limit)) for range_ in ranges.tolist())
    return [hit for piece in pieces for hit in piece]
