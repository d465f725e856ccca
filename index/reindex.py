"""Gives a library the vectors of another embedder: made beside the old ones, and put in their place at once."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

import numpy as np

from index.contract import Embedder
from index.mend import text_of
from index.store import Store, manifest, record, record_embedder
from index.vectors import to_blobs
from index.writing import advance

BATCH = 256
"""Passages that are embedded, and then committed, at a time: what an interruption costs."""

Progress = Callable[[int, int], None]
"""Called with the passages done and those there are."""


def reindex(store: Store, embedder: Embedder, progress: Progress | None = None) -> int:
    """Embed all passages with ``embedder`` and return how many were; 0 where the library has its vectors already.

    Until all are there, readers search with the former embedder, and filings may be added with it. An
    interrupted run is taken up by the next one with the same embedder; with another, it starts again.
    """
    with store.writing() as connection:
        if not _is_wanted(connection, embedder):
            return 0
        _begin(connection, embedder)
    last = 0
    while True:
        with store.inspecting() as connection:
            total = _count(connection)
            some = _without_next(connection, last) or _without_next(connection)
            texts = [text_of(connection, passage) for passage in some]
        vectors = np.ascontiguousarray(embedder.embed(texts), dtype=np.float32)
        blobs = to_blobs(vectors, len(some), embedder.dimension)
        with store.writing() as connection:
            # Filings may have been removed, or added, while their passages were embedded.
            statement = "INSERT OR REPLACE INTO next_vectors SELECT id, ? FROM passages WHERE id = ?"
            connection.executemany(statement, zip(blobs, some, strict=True))
            last = some[-1] if some else 0
            if not _without_next(connection, last) and not _without_next(connection):
                _take_over(connection, embedder)
                return _count(connection)
            done = total - _remaining(connection)
        if progress is not None:
            progress(done, total)


def _is_wanted(connection: sqlite3.Connection, embedder: Embedder) -> bool:
    """Whether the library has vectors, and of another embedder; what an abandoned run has made is dropped if not."""
    entries = manifest(connection)
    made = [entries.get(f"embedder_{name}") for name in ("name", "dimension", "fingerprint")]
    if not _count(connection) or made == [embedder.name, str(embedder.dimension), embedder.fingerprint]:
        _drop(connection)
        return False
    return True


def _begin(connection: sqlite3.Connection, embedder: Embedder) -> None:
    if manifest(connection).get("next_fingerprint") != embedder.fingerprint:
        _drop(connection)
        record(connection, next_fingerprint=embedder.fingerprint)


def _drop(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM next_vectors")
    connection.execute("DELETE FROM manifest WHERE name LIKE 'next_%'")


def _without_next(connection: sqlite3.Connection, after: int = 0) -> list[int]:
    statement = """
        SELECT id FROM passages WHERE NOT EXISTS (SELECT 1 FROM next_vectors WHERE passage = passages.id)
        AND id > ? ORDER BY id LIMIT ?
    """
    return [passage for (passage,) in connection.execute(statement, (after, BATCH))]


def _remaining(connection: sqlite3.Connection) -> int:
    (count,) = connection.execute("SELECT count(*) FROM next_vectors").fetchone()
    return _count(connection) - int(count)


def _count(connection: sqlite3.Connection) -> int:
    (count,) = connection.execute("SELECT count(*) FROM passages").fetchone()
    return int(count)


def _take_over(connection: sqlite3.Connection, embedder: Embedder) -> None:
    """Put the new vectors in place of the old, in the transaction that saw the last of them."""
    connection.execute("DELETE FROM vectors")
    connection.execute("INSERT INTO vectors SELECT passage, vector FROM next_vectors")
    _drop(connection)
    record_embedder(connection, embedder)
    connection.execute("DELETE FROM history")
    for (key,) in connection.execute("SELECT key FROM collections").fetchall():
        advance(connection, key, f"reindex {embedder.fingerprint}")
