"""Search by words: FTS5's BM25 over the context line and the text of every passage."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Sequence

from index.ranges import eligible_ranges

FEW_RANGES = 8
"""So many ranges of passages are searched one by one: each costs a count of the terms, and saves what is outside."""


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
    keys = [key for (key,) in connection.execute("SELECT key FROM collections ORDER BY key")]
    found: list[tuple[int, float]] = []
    values: dict[str, str | int] = {"expression": expression, "limit": limit}
    if filing_ids is None and len(keys) == 1:
        return connection.execute(_within(keys[0], "TRUE"), values).fetchall()
    if filing_ids is not None:
        values["filings"] = json.dumps(sorted(filing_ids))
    for key, ranges in eligible_ranges(connection, filing_ids).items():
        found.extend(_of_ranges(connection, key, values, ranges.tolist(), filing_ids is not None))
    return sorted(found, key=lambda hit: (-hit[1], hit[0]))[:limit]


def _of_ranges(
    connection: sqlite3.Connection,
    key: int,
    values: dict[str, str | int],
    ranges: Sequence[Sequence[int]],
    chosen: bool,
) -> list[tuple[int, float]]:
    """Search a collection's passages in the ranges: few one by one, for FTS5 skips what is outside of one."""
    if len(ranges) <= FEW_RANGES:
        statement = _within(key, "rowid >= :first AND rowid < :end")
        pieces = [connection.execute(statement, {**values, "first": first, "end": end}) for first, end in ranges]
        return [hit for piece in pieces for hit in piece]
    return connection.execute(_of_filings(key, chosen=chosen), values).fetchall()


def _within(key: int, condition: str) -> str:
    return f"""
        SELECT rowid, -bm25(words_{key}) AS score FROM words_{key}
        WHERE words_{key} MATCH :expression AND {condition}
        ORDER BY score DESC, rowid LIMIT :limit
    """  # noqa: S608 - a number and a constant


def _of_filings(key: int, *, chosen: bool) -> str:
    join = "JOIN json_each(:filings) AS chosen ON filings.id = chosen.value" if chosen else ""
    return f"""
        SELECT words.rowid, -bm25(words_{key}) AS score
        FROM words_{key} AS words JOIN passages ON passages.id = words.rowid
        WHERE words_{key} MATCH :expression AND passages.filing IN (SELECT filings.key FROM filings {join})
        ORDER BY score DESC, words.rowid LIMIT :limit
    """  # noqa: S608 - a number
