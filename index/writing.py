"""Writing filings into a library and taking them out: the steps within one transaction, and the copies of sources.

A collection's ``generation`` counts the changes of its contents, and its ``state`` is a hash chained over them:
two with the same state hold the same passages under the same ids, which a counter alone does not tell once a
backup has been put back. What is cached beside the file names the state that it was made from.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from pathlib import Path

from index.access import collection_name
from index.codec import FilingRows
from index.digest import content_digest
from index.schema import (
    INSERT_FACT,
    INSERT_FILING,
    INSERT_PAGE,
    INSERT_PASSAGE,
    INSERT_TABLE,
    INSERT_VECTOR,
    words_in,
    words_out,
    words_script,
)
from index.store import COPIES, UNWIPED, record
from ingest.errors import LibraryError


def collection_key(connection: sqlite3.Connection, name: str) -> int:
    """Return the key of the collection, which is made where there is none of that name."""
    row = connection.execute("SELECT key FROM collections WHERE name = ?", (name,)).fetchone()
    if row is not None:
        return int(row[0])
    cursor = connection.execute("INSERT INTO collections (name) VALUES (?)", (collection_name(name),))
    key = cursor.lastrowid or 0
    for statement in words_script(key):
        connection.execute(statement)
    return key


def advance(connection: sqlite3.Connection, collection: int, change: str) -> None:
    """Count a change of the collection's contents; ``change`` names it and what it put in or took out."""
    (state,) = connection.execute("SELECT state FROM collections WHERE key = ?", (collection,)).fetchone()
    chained = hashlib.sha256(f"{state}\n{change}".encode()).hexdigest()
    statement = "UPDATE collections SET generation = generation + 1, state = ? WHERE key = ?"
    connection.execute(statement, (chained, collection))
    connection.execute("INSERT INTO history VALUES (?, ?)", (collection, chained))


def insert_filing(
    connection: sqlite3.Connection,
    rows: FilingRows,
    *,
    collection: int,
    place: str,
    suffix: str,
    added_at: str,
    vectors: list[bytes],
) -> None:
    """Write a filing with everything in it; ``vectors`` has one vector for each of its passages, in order."""
    head = (collection, rows.id, rows.source, place, suffix, rows.media_type)
    parts = (rows.identity, rows.sections, rows.warnings)
    counts = (len(rows.pages), len(rows.tables), len(rows.facts), len(rows.passages))
    key = connection.execute(INSERT_FILING, (*head, *parts, *counts, 0, "", added_at)).lastrowid
    for statement, values in (
        (INSERT_PAGE, rows.pages),
        (INSERT_TABLE, rows.tables),
        (INSERT_FACT, rows.facts),
        (INSERT_PASSAGE, rows.passages),
    ):
        connection.executemany(statement, [(key, *value) for value in values])
    passages = connection.execute("SELECT id FROM passages WHERE filing = ? ORDER BY id", (key,)).fetchall()
    pairs = [(rowid, vector) for (rowid,), vector in zip(passages, vectors, strict=True)]
    connection.executemany(INSERT_VECTOR, pairs)
    connection.execute(words_in(collection), (key,))
    first = passages[0][0] if passages else 0
    assert key is not None  # noqa: S101 - an insertion has one
    statement = "UPDATE filings SET first_passage = ?, digest = ? WHERE key = ?"
    connection.execute(statement, (first, content_digest(connection, key), key))
    digest = hashlib.sha256(b"".join(vectors)).hexdigest()
    advance(connection, collection, f"add {rows.id} {first} {digest}")


def delete_filing(connection: sqlite3.Connection, key: int) -> None:
    """Delete a filing with everything in it; the last one takes the embedder's name along."""
    found = connection.execute("SELECT collection, id FROM filings WHERE key = ?", (key,)).fetchone()
    collection, filing_id = found
    connection.execute(words_out(collection), (key,))
    connection.execute("DELETE FROM filings WHERE key = ?", (key,))
    record(connection, **{UNWIPED: "yes"})
    advance(connection, collection, f"remove {filing_id}")
    if connection.execute("SELECT count(*) FROM filings").fetchone() == (0,):
        connection.execute("DELETE FROM manifest WHERE name LIKE 'embedder_%' OR name LIKE 'next_%'")


def keep_copy(directory: Path, source: Path, name: str, digest: str) -> None:
    """Copy a source file into the library, safe against power loss.

    Raises LibraryError where its SHA-256 is not the digest by now, or where it cannot be copied.
    """
    target = directory / COPIES / name
    draft = target.with_name(f".{name}")
    try:
        content = source.read_bytes()
        if hashlib.sha256(content).hexdigest() != digest:
            raise LibraryError(f"{source} is not the file that was read, or changed since: add it again")
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
    except OSError as error:
        raise LibraryError(f"{source} cannot be copied into {directory}: {error.strerror}") from error


def delete_stray_copies(connection: sqlite3.Connection, directory: Path) -> None:
    """Delete the copies that no filing claims, those of changes that were cut short included.

    Only with the write lock held: another process may be about to claim one.
    """
    claimed = {name for (name,) in connection.execute("SELECT id || suffix FROM filings")}
    try:
        (directory / COPIES).mkdir(exist_ok=True)
        for path in (directory / COPIES).iterdir():
            if path.name not in claimed:
                path.unlink()
    except OSError as error:
        raise LibraryError(f"copies in {directory} cannot be deleted: {error.strerror}") from error
