"""Search by words: FTS5's BM25 over the context line and the text of every passage."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Sequence

_ALL = """
    SELECT rowid, -bm25(words) AS score FROM words
    WHERE words MATCH :expression
    ORDER BY score DESC, rowid LIMIT :limit
"""
_ELIGIBLE = """
    SELECT words.rowid, -bm25(words) AS score
    FROM words JOIN passages ON passages.id = words.rowid
    WHERE words MATCH :expression AND passages.filing IN (
        SELECT filings.key FROM filings JOIN json_each(:filings) AS chosen ON filings.id = chosen.value
    )
    ORDER BY score DESC, words.rowid LIMIT :limit
"""


def match_expression(terms: Sequence[str]) -> str:
    """Write an FTS5 expression that any of the terms satisfies; a term of several words is a phrase.

    Every term stands in quotes, so that none is syntax, whatever is in it. Empty when no term has a
    letter or a digit.
    """
    phrases: dict[str, None] = {}  # a set that keeps the order
    for term in terms:
        words = term.replace("\0", " ").replace('"', " ").encode(errors="replace").decode().strip()
        if any(character.isalnum() for character in words):
            phrases[f'"{words}"'] = None
    return " OR ".join(phrases)


def search_words(
    connection: sqlite3.Connection,
    terms: Sequence[str],
    *,
    filing_ids: Collection[str] | None,
    limit: int,
) -> list[tuple[int, float]]:
    """List (passage rowid, BM25 score), best first, at most ``limit``; a higher score is better.

    Only passages of the given filings take part: none for an empty collection, all for None. The
    weights of the words are those of the whole library. Ties go to the lower rowid.
    """
    expression = match_expression(terms)
    if not expression or limit < 1 or (filing_ids is not None and not filing_ids):
        return []
    values: dict[str, str | int] = {"expression": expression, "limit": limit}
    if filing_ids is None:
        return connection.execute(_ALL, values).fetchall()
    values["filings"] = json.dumps(sorted(filing_ids))
    return connection.execute(_ELIGIBLE, values).fetchall()
