"""Postings in memory: which passages have a word or phrase, and what BM25 gives each of them for it.

FTS5 looks up the length of every passage that it scores, which takes 140 ms for a word of 120,000 passages. Whoever
searches again gets the same scores from arrays: those of a term are added up over the eligible passages. They are
read from the library's own word index, belong to one state of a collection, and are written nowhere.
"""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from index.schema import TOKENIZER, words_impacts, words_lengths, words_places
from ingest.errors import LibraryError

K1, B, LEAST = 1.2, 0.75, 1e-6
"""The constants of FTS5's bm25(): of saturation and length, and the weight of a word that most passages have."""
KEPT = 16_000_000
"""Postings of a collection that are kept, of 16 bytes each; beyond that the terms not asked for longest go."""

Scored = tuple[NDArray[np.int64], NDArray[np.float64]]
"""Rowids in order, and the BM25 of each for one term: two arrays of one length."""


@dataclass(slots=True)
class _Held:
    """What is known of a collection in one state.

    ``count`` passages are there. Of that with the rowid r, ``norms[r - first]`` is what its length puts into
    BM25's denominator. ``size`` is the number of all postings of the ``terms``.
    """

    state: str
    norms: NDArray[np.float64] | None = None
    first: int = 0
    count: int = 0
    size: int = 0
    terms: dict[tuple[str, ...], Scored] = field(default_factory=dict)


class Postings:
    """The postings of one library's collections; shared by all its views."""

    def __init__(self) -> None:
        self._held: dict[int, _Held] = {}

    def discard(self) -> None:
        """Forget all."""
        self._held.clear()

    def holds(self, connection: sqlite3.Connection, key: int) -> bool:
        """Whether the collection was asked for in its present state before."""
        (state,) = connection.execute("SELECT state FROM collections WHERE key = ?", (key,)).fetchone()
        held = self._held.get(key)
        if held is None or held.state != state:
            self._held[key] = _Held(state)
            return False
        return True

    def search(
        self, connection: sqlite3.Connection, key: int, terms: Sequence[str], ranges: NDArray[np.int64], limit: int
    ) -> list[tuple[int, float]]:
        """List (rowid, BM25) of the best passages in the ranges, by the terms of an FTS5 expression, without quotes.

        Scores, and the order of equals by rowid, are those of FTS5.
        """
        self.holds(connection, key)
        held = self._held[key]
        low, high = int(ranges[0, 0]), int(ranges[-1, 1])
        eligible = _eligible(ranges, low, high) if len(ranges) > 1 else None
        scores = np.zeros(high - low)
        for term, words in zip(terms, split_words(terms), strict=True):
            if words:
                _add_up(scores, self._scored(connection, key, held, term, words), low, eligible)
        return _best(scores, low, limit)

    def _scored(
        self, connection: sqlite3.Connection, key: int, held: _Held, term: str, words: tuple[str, ...]
    ) -> Scored:
        """The postings of a term, which is put last among those to be forgotten."""
        scored = held.terms.pop(words, None)
        if scored is None:
            scored = _read_word(connection, key, held, words[0]) if len(words) == 1 else _read(connection, key, term)
            held.size += len(scored[0])
        held.terms[words] = scored
        while held.size > KEPT and len(held.terms) > 1:
            held.size -= len(held.terms.pop(next(iter(held.terms)))[0])
        return scored


def split_words(texts: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the words of each text as the word index has them: folded and stemmed."""
    found: list[list[str]] = [[] for _ in texts]
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(f"CREATE VIRTUAL TABLE said USING fts5 (text, content = '', tokenize = '{TOKENIZER}')")
        connection.execute("CREATE VIRTUAL TABLE heard USING fts5vocab (said, instance)")
        connection.executemany("INSERT INTO said (rowid, text) VALUES (?, ?)", enumerate(texts))
        for number, word in connection.execute("SELECT doc, term FROM heard ORDER BY doc, offset"):
            found[number].append(word)
    return [tuple(words) for words in found]


def _read(connection: sqlite3.Connection, key: int, phrase: str) -> Scored:
    """The postings of a phrase, scored by FTS5: most phrases are rare."""
    rows = connection.execute(words_impacts(key), (f'"{phrase}"',))
    table = np.fromiter(rows, dtype=[("rowid", np.int64), ("score", np.float64)])
    return table["rowid"].copy(), table["score"].copy()


def _read_word(connection: sqlite3.Connection, key: int, held: _Held, word: str) -> Scored:
    """The postings of a word, scored as FTS5 does, term by term of its formula, so that no score differs."""
    (places,) = connection.execute(words_places(key), (word,)).fetchone()
    each = _numbers(places)
    starts = np.flatnonzero(np.diff(each, prepend=-1))
    rowids = each[starts]
    if not len(rowids):
        return rowids, np.empty(0)
    if held.norms is None:
        held.norms = _norms(connection, key, held)
    if rowids[0] < held.first or rowids[-1] >= held.first + len(held.norms):
        raise LibraryError("the word index does not agree with itself: `tieout doctor --repair` makes it again")
    often = np.diff(starts, append=len(each)).astype(np.float64)
    weight = math.log((held.count - len(rowids) + 0.5) / (len(rowids) + 0.5))
    weight = weight if weight > 0 else LEAST
    return rowids, weight * ((often * (K1 + 1.0)) / (often + held.norms[rowids - held.first]))


def _norms(connection: sqlite3.Connection, key: int, held: _Held) -> NDArray[np.float64]:
    """Read the lengths of all passages; FTS5 keeps a number for each column of each.

    A number has seven bits in a byte; its last byte is below 128. Raises LibraryError where there are none.
    """
    listed, lengths = connection.execute(words_lengths(key)).fetchone()
    if not lengths:
        raise LibraryError("the word index has no lengths: `tieout doctor --repair` makes it again")
    rowids, stored = _numbers(listed), np.frombuffer(bytes.fromhex(lengths), dtype=np.uint8)
    ends = np.flatnonzero(stored < 128)
    starts = np.concatenate([[0], ends[:-1] + 1]).astype(np.int64)
    digits = (stored & 127).astype(np.int64) << 7 * (np.repeat(ends, ends - starts + 1) - np.arange(len(stored)))
    tokens = np.add.reduceat(digits, starts).reshape(len(rowids), -1).sum(axis=1).astype(np.float64)
    held.first, held.count = int(rowids[0]), len(rowids)
    norms = np.zeros(int(rowids[-1]) - held.first + 1)
    norms[rowids - held.first] = K1 * (1 - B + B * tokens / (float(tokens.sum()) / held.count))
    return norms


def _numbers(listed: str | None) -> NDArray[np.int64]:
    """Whole numbers out of a list that SQLite wrote: a row for each would take three times as long."""
    return np.fromstring(listed or "", dtype=np.int64, sep=",")


def _eligible(ranges: NDArray[np.int64], low: int, high: int) -> NDArray[np.bool_]:
    bits = np.zeros(high - low, dtype=bool)
    for first, end in ranges:
        bits[first - low : end - low] = True
    return bits


def _add_up(scores: NDArray[np.float64], scored: Scored, low: int, eligible: NDArray[np.bool_] | None) -> None:
    """Add a term to the scores, of eligible passages only; ``scores[0]`` is of the rowid ``low``."""
    rowids, impacts = scored
    first, end = np.searchsorted(rowids, (low, low + len(scores)))
    places, impacts = rowids[first:end] - low, impacts[first:end]
    if eligible is not None:
        kept = eligible[places]
        places, impacts = places[kept], impacts[kept]
    scores[places] += impacts  # a passage stands in the postings of a term once


def _best(scores: NDArray[np.float64], low: int, limit: int) -> list[tuple[int, float]]:
    """The pairs of the highest scores above 0, best first, equals by rowid."""
    places = np.flatnonzero(scores)
    if len(places) > limit:
        least = np.partition(scores[places], len(places) - limit)[len(places) - limit]
        places = places[scores[places] >= least]
    order = np.argsort(-scores[places], kind="stable")[:limit]
    chosen = places[order]
    return list(zip((chosen + low).tolist(), scores[chosen].tolist(), strict=True))
