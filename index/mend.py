"""Makes again what can be made again of a library: words, vectors, copies, caches; and wipes what is to be gone."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection
from pathlib import Path

import numpy as np

from index.codec import passage_from
from index.contract import Embedder
from index.doctor import Kind, faulty_vectors, speaking_of_lost
from index.journal import redact
from index.schema import PASSAGE_COLUMNS, words_command, words_script
from index.store import COPIES, check_embedder
from index.vectors import file_digest, to_blobs
from index.writing import advance, delete_stray_copies, keep_copy
from ingest.passages import embedding_text

TABLES = frozenset(["pages", "tables", "facts", "passages", "vectors", "next_vectors", "history"])
BATCH = 256


def mend(
    connection: sqlite3.Connection,
    directory: Path,
    kinds: Collection[Kind],
    embedder: Callable[[], Embedder] | None,
    at: str,
) -> None:
    """Mend what the kinds of findings say, within the caller's transaction; ``at`` is the time for the journal.

    Vectors are made again only where there is an ``embedder``. Raises LibraryMismatchError where that is
    another one than the library's.
    """
    if "orphans" in kinds:
        _delete_orphans(connection)
    if "vectors" in kinds and embedder is not None:
        _embed_again(connection, directory, embedder())
    if "words" in kinds or "orphans" in kinds:
        for (key,) in connection.execute("SELECT key FROM collections").fetchall():
            for statement in words_script(key):
                connection.execute(statement)
            connection.execute(words_command(key, "rebuild"))
            advance(connection, key, "words")  # postings that were read from the former words are of no use
    if "copies" in kinds:
        delete_stray_copies(connection, directory)
        _copy_again(connection, directory)
    if "cache" in kinds:
        _forget_caches(connection)
    if "journal" in kinds:
        for entry, filing_id in speaking_of_lost(connection):
            redact(connection, filing_id, f"journal entry {entry}", at)


def _delete_orphans(connection: sqlite3.Connection) -> None:
    for table, rowid, _, _ in connection.execute("PRAGMA foreign_key_check").fetchall():
        if table in TABLES and rowid is not None:
            connection.execute(f"DELETE FROM {table} WHERE rowid = ?", (rowid,))  # noqa: S608 - one of TABLES
    connection.execute("DELETE FROM history WHERE collection NOT IN (SELECT key FROM collections)")


def _embed_again(connection: sqlite3.Connection, directory: Path, embedder: Embedder) -> None:
    """Embed the passages whose vectors are faulty."""
    check_embedder(connection, embedder, directory)
    passages = sorted(faulty_vectors(connection))
    for start in range(0, len(passages), BATCH):
        some = passages[start : start + BATCH]
        texts = [text_of(connection, passage) for passage in some]
        vectors = np.ascontiguousarray(embedder.embed(texts), dtype=np.float32)
        pairs = zip(some, to_blobs(vectors, len(some), embedder.dimension), strict=True)
        connection.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", pairs)
    _forget_caches(connection)


def _forget_caches(connection: sqlite3.Connection) -> None:
    """See to it that no index of before is used, or brought up to date: it may have been made of something faulty."""
    connection.execute("DELETE FROM history")
    for (key,) in connection.execute("SELECT key FROM collections").fetchall():
        advance(connection, key, "mend")


def text_of(connection: sqlite3.Connection, passage: int) -> str:
    """Return what the embedder reads of a passage."""
    row = connection.execute(f"SELECT {PASSAGE_COLUMNS} FROM passages WHERE id = ?", (passage,)).fetchone()  # noqa: S608
    return embedding_text(passage_from(row))


def _copy_again(connection: sqlite3.Connection, directory: Path) -> None:
    """Copy sources whose copies are gone or damaged from where they were added, if they are there unchanged."""
    for filing_id, suffix, place in connection.execute("SELECT id, suffix, source_path FROM filings").fetchall():
        copy = directory / COPIES / f"{filing_id}{suffix}"
        if copy.is_file() and file_digest(copy) == filing_id:
            continue
        source = Path(place)
        if source.is_file() and file_digest(source) == filing_id:
            keep_copy(directory, source, copy.name, filing_id)
