"""A Library: a directory that holds filings, with all that is needed to find, to read and to cite them.

::

    library.sqlite    the only truth: filings, facts, passages, vectors, words, journal
    files/            copies of the sources, named by content hash
    vectors.faiss     a cache of the vectors; vectors.json says of which state
"""

from __future__ import annotations

import difflib
import json
import logging
import sqlite3
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from index import codec, schema
from index.contract import Embedder, FactRecord, FilingRecord, PassageRecord
from index.journal import Clock, Journal, timestamp
from index.lexical import search_words
from index.store import (
    COPIES,
    Store,
    check_embedder,
    delete_filing,
    delete_stray_copies,
    insert_filing,
    keep_copy,
    manifest,
    record_embedder,
)
from index.vectors import VectorSearch, to_blobs
from ingest.errors import FilingNotFoundError, LibraryError, LibraryLockedError
from ingest.filing import Filing, Identity, Page, ReadingWarning, Section, Statement, Table

__all__ = ["FactRecord", "FilingRecord", "Library", "PassageRecord"]

SHORTEST_PREFIX = 4

logger = logging.getLogger(__name__)


def _now() -> datetime:
    return datetime.now(UTC)


class Library:
    """Filings on disk. A context manager; use each from the thread that opened it.

    Every call sees whole filings only, those that other processes have added or removed since included.
    """

    def __init__(self, store: Store, embedder: Embedder | None, clock: Clock) -> None:
        self._store = store
        self._embedder = embedder
        self._clock = clock
        self._vectors = VectorSearch(store)
        self.journal = Journal(store, clock)

    @classmethod
    def open(
        cls,
        directory: Path,
        *,
        create: bool = False,
        embedder: Embedder | None = None,
        clock: Clock = _now,
        timeout: float = 10.0,
    ) -> Library:
        """Open the library in the directory, or make one there if ``create``.

        Without an embedder filings can be read and searched by words and facts, but not added. A
        directory that may not be written is opened for reading. ``timeout`` is how many seconds a
        change waits for another writer. Raises LibraryNotFoundError, LibraryMismatchError for another
        schema version or embedder, LibraryLockedError, and LibraryError for a damaged file.
        """
        library = cls(Store.open(directory, create=create, timeout=timeout), None, clock)
        try:
            if embedder is not None:
                library.use(embedder)
        except BaseException:
            library.close()
            raise
        return library

    def use(self, embedder: Embedder) -> None:
        """Take up an embedder after opening. Raises LibraryMismatchError where the library has another's vectors."""
        with self._store.reading() as connection:
            check_embedder(connection, embedder, self.directory)
        self._embedder = embedder

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the files; any later call raises LibraryError."""
        self._store.close()

    @property
    def directory(self) -> Path:
        """Where the library is."""
        return self._store.directory

    @property
    def generation(self) -> int:
        """How often the contents have changed since the library was made."""
        with self._store.reading() as connection:
            return int(manifest(connection)["generation"])

    # Taking filings in and out

    def add(self, filing: Filing, source: Path, vectors: NDArray[np.float32]) -> bool:
        """Add the filing that was read from ``source``, all of it or nothing; False if it is there already.

        ``vectors`` has the embedder's row for each passage, in order: shape (passages, dimension). What
        was added from the same path with other content is replaced. Raises LibraryLockedError,
        LibraryMismatchError for vectors that do not fit, and LibraryError where the file is not the one
        that was read, or no embedder was given.
        """
        if self._embedder is None:
            raise LibraryError("filings are added with their embedder: open the library with one")
        rows = codec.filing_rows(filing)
        blobs = to_blobs(vectors, len(filing.passages), self._embedder.dimension)
        place, suffix = str(source.resolve()), source.suffix.lower()
        with self._store.writing() as connection:
            check_embedder(connection, self._embedder, self.directory)
            delete_stray_copies(connection, self.directory)
            statement = "SELECT id FROM filings WHERE source_path = ? AND id <> ?"
            outdated = connection.execute(statement, (place, filing.id)).fetchall()
            for (filing_id,) in outdated:
                delete_filing(connection, filing_id)
            known = connection.execute("SELECT 1 FROM filings WHERE id = ?", (filing.id,)).fetchone()
            if not known:
                record_embedder(connection, self._embedder)
                now = timestamp(self._clock)
                insert_filing(connection, rows, place=place, suffix=suffix, added_at=now, vectors=blobs)
                keep_copy(self.directory, source, f"{filing.id}{suffix}", filing.id)
        if outdated:
            self._tidy()
        return not known

    def remove(self, *filing_ids: str) -> None:
        """Take filings out, all or none, and leave no byte of their contents in the directory.

        The file is written anew, which takes seconds for a large library: give all ids at once. The
        journal keeps what it quoted. Raises FilingNotFoundError for an id that is not in the library.
        """
        with self._store.writing() as connection:
            for filing_id in filing_ids:
                _key(connection, filing_id)
                delete_filing(connection, filing_id)
        self.purge()

    def purge(self) -> None:
        """Wipe what removed and replaced filings left in free space, in the word index and in ``files/``.

        Raises LibraryLockedError where another process is writing; what is in the library stays as it is.
        """
        with self._store.writing() as connection:
            delete_stray_copies(connection, self.directory)
        self._vectors.discard()
        if not self._store.purge():
            logger.warning(
                "%s is being read by another tieout: what was removed leaves the disk when that one ends",
                self.directory,
            )

    def _tidy(self) -> None:
        """Delete the copies of replaced filings; where another process writes already, that one does it."""
        try:
            with self._store.writing() as connection:
                delete_stray_copies(connection, self.directory)
        except LibraryLockedError as error:
            logger.info("copies of replaced filings are left for now: %s", error)

    # What is there

    def filings(self) -> tuple[FilingRecord, ...]:
        """All filings, in the order in which they were added."""
        with self._store.reading() as connection:
            return tuple(map(_filing_record, connection.execute(schema.SELECT_FILINGS)))

    def resolve(self, name: str) -> FilingRecord:
        """Find a filing by its id, the beginning of that, or its file name with or without the suffix.

        Raises FilingNotFoundError, with the names that come near, where none or several fit.
        """
        filings = self.filings()
        wanted = name.strip().casefold()
        short = len(wanted) < SHORTEST_PREFIX
        for fits in (
            [filing for filing in filings if filing.id == wanted],
            [filing for filing in filings if filing.source == name],
            [filing for filing in filings if wanted in _names(filing)],
            [filing for filing in filings if not short and filing.id.startswith(wanted)],
        ):
            if len(fits) == 1:
                return fits[0]
            if fits:
                choices = ", ".join(f"{filing.id[:12]} ({filing.source_path})" for filing in fits)
                raise FilingNotFoundError(f"several filings go by {name!r}: choose one by its id: {choices}")
        raise FilingNotFoundError(_not_found(name, filings))

    def has(self, filing_id: str) -> bool:
        """Tell whether a filing of that content hash is in the library."""
        with self._store.reading() as connection:
            row = connection.execute("SELECT 1 FROM filings WHERE id = ?", (filing_id,)).fetchone()
        return row is not None

    def file(self, filing_id: str) -> Path:
        """Return the path of the copy of the source file. Raises LibraryError where it was deleted."""
        with self._store.reading() as connection:
            key = _key(connection, filing_id)
            (suffix,) = connection.execute("SELECT suffix FROM filings WHERE key = ?", (key,)).fetchone()
        path = self.directory / COPIES / f"{filing_id}{suffix}"
        if not path.is_file():
            raise LibraryError(f"{path} is missing: remove the filing and add it again")
        return path

    # Reading a filing

    def page(self, filing_id: str, index: int) -> Page:
        """Return the page at the index, from 0. Raises LibraryError where the filing has no such page."""
        with self._store.reading() as connection:
            key = _key(connection, filing_id)
            row = connection.execute(schema.SELECT_PAGE, (key, index)).fetchone()
            (count,) = connection.execute("SELECT page_count FROM filings WHERE key = ?", (key,)).fetchone()
        if row is None:
            raise LibraryError(f"filing {filing_id[:12]} has no page {index + 1}: it has {count}")
        return codec.unpack(Page, row[0])

    def sections(self, filing_id: str) -> tuple[Section, ...]:
        """Return the filing's structure, as trees."""
        with self._store.reading() as connection:
            key = _key(connection, filing_id)
            (text,) = connection.execute("SELECT sections FROM filings WHERE key = ?", (key,)).fetchone()
        return codec.decode(tuple[Section, ...], text)

    def table(self, filing_id: str, table_id: str) -> Table:
        """Return one table of the filing. Raises LibraryError where it has none of that id."""
        with self._store.reading() as connection:
            key = _key(connection, filing_id)
            row = connection.execute(schema.SELECT_TABLE, (key, table_id)).fetchone()
        if row is None:
            raise LibraryError(f"filing {filing_id[:12]} has no table {table_id!r}")
        return codec.unpack(Table, row[0])

    def tables(self, filing_id: str, statement: Statement | None = None) -> tuple[Table, ...]:
        """List the filing's tables in order, or those that belong to the statement."""
        with self._store.reading() as connection:
            key = _key(connection, filing_id)
            rows = connection.execute(schema.SELECT_TABLES, (key, statement)).fetchall()
        return tuple(codec.unpack(Table, body) for (body,) in rows)

    def passages(self, rowids: Sequence[int]) -> list[PassageRecord]:
        """List the passages that a search named by rowid, in that order, less any removed meanwhile."""
        wanted = json.dumps([int(rowid) for rowid in rowids])
        with self._store.reading() as connection:
            rows = connection.execute(schema.SELECT_PASSAGES, (wanted,)).fetchall()
        records = {row[0]: _passage_record(row) for row in rows}
        return [records[rowid] for rowid in rowids if rowid in records]

    def passages_of_tables(self, tables: Collection[tuple[str, str]]) -> list[PassageRecord]:
        """List the passages of the tables that are named by filing and table id, in no particular order."""
        names = json.dumps([f"{filing_id} {table_id}" for filing_id, table_id in tables])
        filings = json.dumps(sorted({filing_id for filing_id, _ in tables}))
        with self._store.reading() as connection:
            rows = connection.execute(schema.SELECT_OF_TABLES, (names, filings)).fetchall()
        return [_passage_record(row) for row in rows]

    def statements(self, filing_ids: Collection[str]) -> dict[tuple[str, str], Statement]:
        """Return the statement that each table belongs to, by filing and table id; other tables are left out."""
        with self._store.reading() as connection:
            rows = connection.execute(schema.SELECT_STATEMENTS, (json.dumps(sorted(filing_ids)),)).fetchall()
        return {(filing_id, table_id): statement for filing_id, table_id, statement in rows}

    def passage_context(self, record: PassageRecord) -> Table | Page:
        """Return what the passage was taken from: its whole table, or the page that its prose stands on."""
        if record.passage.table is not None:
            return self.table(record.filing_id, record.passage.table)
        return self.page(record.filing_id, record.passage.span.page)

    def neighbours(self, record: PassageRecord, reach: int = 1) -> list[PassageRecord]:
        """List the filing's passages that stand up to ``reach`` before and after this one, without it."""
        limits = (record.filing_id, record.rowid - reach, record.rowid + reach)
        with self._store.reading() as connection:
            rows = connection.execute(schema.SELECT_NEIGHBOURS, limits).fetchall()
        return [_passage_record(row) for row in rows if row[0] != record.rowid]

    def facts(
        self,
        *,
        filing_ids: Collection[str] | None = None,
        concepts: Collection[str] | None = None,
        period_keys: Collection[str] | None = None,
        label_like: str | None = None,
        limit: int | None = None,
    ) -> list[FactRecord]:
        """List the facts that meet every condition given, in the order in which filings have them.

        An empty collection is met by nothing. ``label_like`` is a pattern for the printed label, upper
        and lower case alike: ``%`` stands for any characters, ``_`` for one.
        """
        given = {
            schema.CHOSEN_FILINGS: None if filing_ids is None else json.dumps(sorted(filing_ids)),
            schema.CHOSEN_CONCEPTS: None if concepts is None else json.dumps(sorted(concepts)),
            schema.CHOSEN_PERIODS: None if period_keys is None else json.dumps(sorted(period_keys)),
            schema.CHOSEN_LABELS: label_like,
        }
        conditions = {condition: value for condition, value in given.items() if value is not None}
        values = (*conditions.values(), -1 if limit is None else max(limit, 0))
        with self._store.reading() as connection:
            rows = connection.execute(schema.select_facts(list(conditions)), values).fetchall()
        return [FactRecord(row[0], row[1], codec.fact_from(row[2:])) for row in rows]

    # Searching

    def lexical(
        self, match_terms: Sequence[str], *, filing_ids: Collection[str] | None, limit: int
    ) -> list[tuple[int, float]]:
        """List (passage rowid, BM25 score), best first, of passages with any of the terms; higher is better.

        A term of several words is a phrase. An empty collection of filings finds nothing; None is all.
        """
        with self._store.reading() as connection:
            return search_words(connection, match_terms, filing_ids=filing_ids, limit=limit)

    def nearest(
        self, vector: NDArray[np.float32], *, filing_ids: Collection[str] | None, limit: int
    ) -> list[tuple[int, float]]:
        """List (passage rowid, cosine), best first, of passages of these filings only; higher is better.

        ``vector`` is L2-normalised, of shape (dimension,). An empty collection finds nothing; None is
        all. Raises LibraryMismatchError for a vector of another length.
        """
        return self._vectors.nearest(vector, filing_ids=filing_ids, limit=limit)

    def eligible(self, filing_ids: Collection[str] | None) -> int:
        """Count the passages that a search of these filings looks at; None is all filings."""
        with self._store.reading() as connection:
            if filing_ids is None:
                (count,) = connection.execute(schema.COUNT_ALL).fetchone()
            else:
                chosen = json.dumps(sorted(filing_ids))
                (count,) = connection.execute(schema.COUNT_CHOSEN, (chosen,)).fetchone()
        return int(count)


def _key(connection: sqlite3.Connection, filing_id: str) -> int:
    row = connection.execute("SELECT key FROM filings WHERE id = ?", (filing_id,)).fetchone()
    if row is None:
        raise FilingNotFoundError(f"no filing {filing_id!r} in the library: `tieout status` lists them")
    return int(row[0])


def _filing_record(row: tuple[Any, ...]) -> FilingRecord:
    filing_id, source, place, media_type, pages, tables, facts, passages, added_at, identity, warnings = row
    return FilingRecord(
        id=filing_id,
        source=source,
        source_path=place,
        media_type=media_type,
        identity=codec.decode(Identity, identity),
        page_count=pages,
        table_count=tables,
        fact_count=facts,
        passage_count=passages,
        warnings=codec.decode(tuple[ReadingWarning, ...], warnings),
        added_at=added_at,
    )


def _passage_record(row: tuple[Any, ...]) -> PassageRecord:
    return PassageRecord(row[0], row[1], codec.passage_from(row[2:]))


def _names(filing: FilingRecord) -> set[str]:
    return {filing.source.casefold(), Path(filing.source).stem.casefold()}


def _not_found(name: str, filings: Sequence[FilingRecord]) -> str:
    if not filings:
        return f"no filing {name!r}: the library is empty; `tieout add FILE…` fills it"
    near = difflib.get_close_matches(name, [filing.source for filing in filings], n=5, cutoff=0.4)
    shown = near or [filing.source for filing in filings[:5]]
    return f"no filing {name!r} in the library; {'near' if near else 'it has'}: {', '.join(shown)}"
