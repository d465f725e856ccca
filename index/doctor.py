"""Examines a library: everything that it claims is checked, and each thing that is wrong is a finding."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from index.digest import content_digest
from index.nearness import BATCH, STORED
from index.schema import words_check, words_places
from index.store import COPIES, DATABASE, UNWIPED, manifest
from index.vectors import LONGEST, cache_paths, file_digest

Kind = Literal[
    "database", "orphans", "manifest", "content", "vectors", "words", "copies", "cache", "journal", "unwiped"
]
MENDABLE: frozenset[Kind] = frozenset(["orphans", "vectors", "words", "copies", "cache", "journal", "unwiped"])
"""Kinds of findings that ``mend`` can do something about; the others lost what cannot be made again."""
SHORTEST = 0.99
"""A vector shorter than this is none that an embedder gave: its rows have length 1."""
_CHILDREN = ("pages", "tables", "facts", "passages")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, in a line for people; ``subject`` is the filing, file or collection that has it."""

    kind: Kind
    subject: str
    message: str

    def describe(self) -> str:
        """The finding in a line, with what to do about it."""
        remedy = "`tieout doctor --repair` mends it" if self.kind in MENDABLE else _REMEDIES[self.kind]
        return f"{self.kind}: {self.subject}: {self.message}; {remedy}"


_REMEDIES: dict[Kind, str] = {
    "database": "restore it from a backup, or move the folder away and add the filings again",
    "manifest": "run `tieout reindex`",
    "content": "remove the filing and add it again",
}


def examine(connection: sqlite3.Connection, directory: Path) -> list[Finding]:
    """Return all that is wrong, nothing where the library is sound; ``connection`` sees everything of it.

    Read are all pages, facts, passages, vectors and copies, which takes about as long as copying the folder.
    """
    damage = [Finding("database", DATABASE, line) for line in _integrity(connection)]
    if damage:
        return damage
    return [
        *_orphans(connection),
        *_manifest(connection),
        *_contents(connection),
        *_vectors(connection),
        *_words(connection),
        *_copies(connection, directory),
        *_caches(connection, directory),
        *_journal(connection),
        *_unwiped(connection),
    ]


def _integrity(connection: sqlite3.Connection) -> list[str]:
    try:
        return [line for (line,) in connection.execute("PRAGMA integrity_check(20)") if line != "ok"]
    except sqlite3.DatabaseError as error:
        return [str(error)]


def _orphans(connection: sqlite3.Connection) -> Iterator[Finding]:
    """Rows that belong to nothing; the unfinished vectors of a reindexing among them."""
    counts: dict[tuple[str, str], int] = {}
    for table, _, parent, _ in connection.execute("PRAGMA foreign_key_check"):
        counts[table, parent] = counts.get((table, parent), 0) + 1
    for (table, parent), count in counts.items():
        yield Finding("orphans", table, f"{count:,} rows belong to no row of {parent}")


def _manifest(connection: sqlite3.Connection) -> Iterator[Finding]:
    entries = manifest(connection)
    wanted = ("embedder_name", "embedder_dimension", "embedder_fingerprint")
    missing = [name for name in wanted if name not in entries]
    (filings,) = connection.execute("SELECT count(*) FROM filings").fetchone()
    if filings and missing:
        yield Finding("manifest", "embedder", f"the library does not say {', '.join(missing)}")
    if not entries.get("embedder_dimension", "1").isdecimal():
        yield Finding("manifest", "embedder", "its dimension is no number")
    statement = """
        SELECT name FROM collections WHERE generation > 0
        AND NOT EXISTS (SELECT 1 FROM history WHERE collection = key AND history.state = collections.state)
    """
    for (name,) in connection.execute(statement):
        yield Finding("cache", name, "its state is not in its history, so that no cache can be told to fit")


def _contents(connection: sqlite3.Connection) -> Iterator[Finding]:
    """Filings whose parts are not as many as were written, not those that were written, or not in a row."""
    statement = """
        SELECT key, id, source, page_count, table_count, fact_count, passage_count, first_passage, digest FROM filings
    """
    for key, filing_id, source, *counts, first, digest in connection.execute(statement).fetchall():
        name = f"{source} ({filing_id[:12]})"
        for table, count in zip(_CHILDREN, counts, strict=True):
            (found,) = connection.execute(f"SELECT count(*) FROM {table} WHERE filing = ?", (key,)).fetchone()  # noqa: S608
            if found != count:
                yield Finding("content", name, f"{found:,} {table} where {count:,} were added")
        row = connection.execute("SELECT min(id), max(id) FROM passages WHERE filing = ?", (key,)).fetchone()
        if counts[-1] and row != (first, first + counts[-1] - 1):
            yield Finding("content", name, "its passages do not stand in a row")
        if content_digest(connection, key) != digest:
            yield Finding("content", name, "what is kept of it is not what was written")


def _vectors(connection: sqlite3.Connection) -> Iterator[Finding]:
    """Passages without a vector, or with one that no embedder gave."""
    faults = faulty_vectors(connection)
    names: dict[tuple[str, str], list[int]] = {}
    for passage, fault in faults.items():
        statement = "SELECT source FROM filings JOIN passages ON passages.filing = filings.key WHERE passages.id = ?"
        (source,) = connection.execute(statement, (passage,)).fetchone()
        names.setdefault((source, fault), []).append(passage)
    for (source, fault), passages in names.items():
        yield Finding("vectors", source, f"{len(passages):,} passages with a vector that is {fault}")


def faulty_vectors(connection: sqlite3.Connection) -> dict[int, str]:
    """Return what is wrong with the vectors of passages, by the rowid of the passage."""
    dimension = manifest(connection).get("embedder_dimension", "")
    size = int(dimension) * STORED.itemsize if dimension.isdecimal() else 0
    missing = "SELECT id FROM passages WHERE NOT EXISTS (SELECT 1 FROM vectors WHERE passage = passages.id)"
    faults = {passage: "missing" for (passage,) in connection.execute(missing)}
    rows = connection.execute(
        "SELECT passage, vector FROM vectors WHERE EXISTS (SELECT 1 FROM passages WHERE id = passage) ORDER BY passage"
    )
    while batch := rows.fetchmany(BATCH):
        whole = [(passage, blob) for passage, blob in batch if len(blob) == size]
        faults |= {passage: "of another length" for passage, blob in batch if len(blob) != size}
        matrix = np.frombuffer(b"".join(blob for _, blob in whole), dtype=STORED).reshape(len(whole), -1)
        with np.errstate(over="ignore", invalid="ignore"):
            lengths = np.linalg.norm(matrix.astype(np.float64), axis=1)
        for (passage, _), length in zip(whole, lengths.tolist(), strict=True):
            if not SHORTEST <= length <= LONGEST:  # which NaN is neither
                faults[passage] = "zero" if length == 0 else "not of length 1"
    return faults


def _words(connection: sqlite3.Connection) -> Iterator[Finding]:
    """Collections whose words are not those of their passages."""
    for key, name in connection.execute("SELECT key, name FROM collections").fetchall():
        try:
            connection.execute(words_check(key))
            connection.execute(words_places(key), ("",)).fetchall()
        except sqlite3.DatabaseError as error:
            yield Finding("words", name, f"the word index does not agree with the passages ({error})")


def _copies(connection: sqlite3.Connection, directory: Path) -> Iterator[Finding]:
    claimed = dict(connection.execute("SELECT id || suffix, id FROM filings"))
    try:
        there = {path.name: path for path in (directory / COPIES).iterdir()}
    except FileNotFoundError:
        there = {}
    for name in sorted(claimed.keys() - there.keys()):
        yield Finding("copies", f"{COPIES}/{name}", "the copy of the source is missing")
    for name in sorted(claimed.keys() & there.keys()):
        if file_digest(there[name]) != claimed[name]:
            yield Finding("copies", f"{COPIES}/{name}", "the copy is not the file that was added")
    for name in sorted(there.keys() - claimed.keys()):
        yield Finding("copies", f"{COPIES}/{name}", "no filing claims the copy")


def _caches(connection: sqlite3.Connection, directory: Path) -> Iterator[Finding]:
    """Caches that say they are of this state and are not; of others, which are made again, nothing is asked."""
    import faiss

    expected = set()
    for key, name, state in connection.execute("SELECT key, name, state FROM collections").fetchall():
        path, sidecar_path = cache_paths(directory, key)
        expected |= {path.name, sidecar_path.name}
        try:
            sidecar = json.loads(sidecar_path.read_bytes())
            if sidecar.get("state") != state:
                continue
            statement = "SELECT count(*) FROM passages JOIN filings ON filings.key = filing WHERE collection = ?"
            (count,) = connection.execute(statement, (key,)).fetchone()
            if file_digest(path) != sidecar.get("sha256"):
                yield Finding("cache", path.name, f"the vector cache of {name} is damaged")
            elif (ntotal := faiss.read_index(str(path)).ntotal) != count:
                yield Finding("cache", path.name, f"the vector cache of {name} has {ntotal:,} of {count:,} vectors")
        except FileNotFoundError:
            continue
        except (OSError, ValueError, AttributeError, RuntimeError) as error:
            yield Finding("cache", path.name, f"the vector cache of {name} is unreadable ({error})")
    for path in sorted(directory.glob("*vectors*")):
        if path.name not in expected and not _is_being_written(path):
            yield Finding("cache", path.name, "it belongs to no collection, or was left by a process that ended")


def _is_being_written(path: Path) -> bool:
    """Whether it is the draft of a process that runs; its number is the end of the name."""
    number = path.suffix.removeprefix(".")
    if not path.name.startswith(".") or not number.isdecimal():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True  # It runs, for another user.
    return True


def _journal(connection: sqlite3.Connection) -> Iterator[Finding]:
    for entry, at, payload in connection.execute("SELECT id, at, payload FROM journal"):
        try:
            json.loads(payload)
        except ValueError:
            yield Finding("database", f"journal entry {entry} of {at}", "it is no JSON")
    for entry in sorted({entry for entry, _ in speaking_of_lost(connection)}):
        yield Finding("journal", f"entry {entry}", "it speaks of a filing that is not in its collections any more")


def speaking_of_lost(connection: sqlite3.Connection) -> list[tuple[int, str]]:
    """List the journal entries, and the filing's id, that name a filing which their collections do not have."""
    statement = """
        SELECT journal.id, named.value FROM journal JOIN json_each(journal.filings) AS named
        WHERE redacted IS NULL AND NOT EXISTS (
            SELECT 1 FROM filings JOIN collections ON collections.key = filings.collection
            WHERE filings.id = named.value AND collections.name IN (SELECT value FROM json_each(journal.scope))
        )
    """
    return connection.execute(statement).fetchall()


def _unwiped(connection: sqlite3.Connection) -> Iterator[Finding]:
    if UNWIPED in manifest(connection):
        yield Finding("unwiped", DATABASE, "filings that were removed or replaced are not wiped from free space yet")
