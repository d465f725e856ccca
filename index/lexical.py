"""Search by words: FTS5's BM25 over the context line and the text of every passage."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Sequence


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

    Only passages of the given filings take part: none for an empty collection, all for None. Each of the
    library's collections weighs words by itself. Ties go to the lower rowid.
    """
    expression = match_expression(terms)
    if not expression or limit < 1 or (filing_ids is not None and not filing_ids):
        return []
    values: dict[str, str | int] = {"expression": expression, "limit": limit}
    keys = [key for (key,) in connection.execute("SELECT key FROM collections ORDER BY key")]
    if filing_ids is not None:
        values["filings"] = json.dumps(sorted(filing_ids))
    found: list[tuple[int, float]] = []
    for key in keys:
        # With several collections, one content may stand in two of them, and is seen in one.
        if filing_ids is None and len(keys) == 1:
            statement = _all(key)
        else:
            statement = _eligible(key, chosen=filing_ids is not None)
        found.extend(connection.execute(statement, values))
    return sorted(found, key=lambda hit: (-hit[1], hit[0]))[:limit]


def _all(key: int) -> str:
    return f"""
        SELECT rowid, -bm25(words_{key}) AS score FROM words_{key}
        WHERE words_{key} MATCH :expression
        ORDER BY score DESC, rowid LIMIT :limit
    """  # noqa: S608 - a number


def _eligible(key: int, *, chosen: bool) -> str:
    join = "JOIN json_each(:filings) AS chosen ON filings.id = chosen.value" if chosen else ""
    return f"""
        SELECT words.rowid, -bm25(words_{key}) AS score
        FROM words_{key} AS words JOIN passages ON passages.id = words.rowid
        WHERE words_{key} MATCH :expression AND passages.filing IN (SELECT filings.key FROM filings {join})
        ORDER BY score DESC, words.rowid LIMIT :limit
    """  # noqa: S608 - a number
