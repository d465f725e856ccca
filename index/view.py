"""A View: what a caller may see of a library, and the only thing that is searched, read and answered from."""

from __future__ import annotations

import difflib
import json
import sqlite3
from collections.abc import Collection, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from index import codec, schema
from index.contract import Embedder, FactRecord, FilingRecord, PassageRecord
from index.journal import Clock, Journal
from index.lexical import search_words
from index.postings import Postings
from index.store import COPIES, Store, check_embedder
from index.vectors import Indexes, nearest
from ingest.errors import FilingNotFoundError, LibraryError
from ingest.filing import Identity, Page, ReadingWarning, Section, Statement, Table
from ingest.vocabulary import Vocabulary

if TYPE_CHECKING:
    from index.llamaindex import LibraryRetriever

SHORTEST_PREFIX = 4


class View:
    """The filings of the permitted collections. A context manager; use each from the thread that opened it.

    Nothing outside of the collections shows in anything that it returns, and nothing is asked for by
    collection: what is not permitted cannot be read through the connection at all (index/access.py).
    Every call sees whole filings only, those that other processes have added or removed since included.
    Of one content that stands in several of the collections, the filing that was added first is seen.
    """

    def __init__(self, store: Store, indexes: Indexes, postings: Postings, clock: Clock) -> None:
        self._store = store
        self._indexes = indexes
        self._postings = postings
        self._embedder: Embedder | None = None
        self._listed: tuple[tuple[tuple[int, str], ...], tuple[FilingRecord, ...]] | None = None
        self.journal = Journal(store, clock)

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
    def allowed(self) -> frozenset[str] | None:
        """The collections that may be seen, there yet or not; None for all."""
        return self._store.allowed

    @property
    def generation(self) -> int:
        """How often the contents that can be seen have changed since the library was made."""
        with self._store.reading() as connection:
            (count,) = connection.execute("SELECT coalesce(sum(generation), 0) FROM collections").fetchone()
        return int(count)

    def collections(self) -> tuple[str, ...]:
        """The names of the collections that can be seen, those without filings included."""
        with self._store.reading() as connection:
            return tuple(name for (name,) in connection.execute("SELECT name FROM collections ORDER BY name"))

    # What is there

    def filings(self) -> tuple[FilingRecord, ...]:
        """All filings, in the order in which they were added."""
        with self._store.reading() as connection:
            states = tuple(connection.execute("SELECT key, state FROM collections ORDER BY key"))
            if self._listed is None or self._listed[0] != states:
                records = tuple(map(_filing_record, connection.execute(schema.SELECT_FILINGS)))
                self._listed = states, records
        return self._listed[1]

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

    def prose(self, filing_id: str) -> list[PassageRecord]:
        """List the filing's passages of prose in order."""
        with self._store.reading() as connection:
            _key(connection, filing_id)
            rows = connection.execute(schema.SELECT_PROSE, (filing_id,)).fetchall()
        return [_passage_record(row) for row in rows]

    def passages_of_tables(self, tables: Collection[tuple[str, str]]) -> list[PassageRecord]:
        """List the passages of the tables that are named by filing and table id, in no particular order."""
        with self._store.reading() as connection:
            rows = connection.execute(schema.SELECT_OF_TABLES, (json.dumps(sorted(set(tables))),)).fetchall()
        return [_passage_record(row) for row in rows]

    def stating(
        self, filing_ids: Collection[str], concepts: Collection[str], period_keys: Collection[str]
    ) -> list[tuple[int, str, Statement | None, bool]]:
        """List the passages with a row that states one of the concepts for one of the periods.

        Of each such fact: the passage's rowid, the concept, the statement that the fact is printed in, and whether
        it is of a part of the whole, as a segment.
        """
        values = tuple(json.dumps(sorted(given)) for given in (filing_ids, concepts, period_keys))
        with self._store.reading() as connection:
            rows = connection.execute(schema.SELECT_STATING, values).fetchall()
        return [(rowid, concept, statement, bool(part)) for rowid, concept, statement, part in rows]

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
            return search_words(connection, self._postings, match_terms, filing_ids=filing_ids, limit=limit)

    def nearest(
        self, vector: NDArray[np.float32], *, filing_ids: Collection[str] | None, limit: int
    ) -> list[tuple[int, float]]:
        """List (passage rowid, cosine), best first, of passages of these filings only; higher is better.

        ``vector`` is L2-normalised, of shape (dimension,). An empty collection finds nothing; None is
        all. Raises LibraryMismatchError for a vector of another length, and where the library got
        another embedder meanwhile.
        """
        with self._store.reading() as connection:
            if self._embedder is not None:
                check_embedder(connection, self._embedder, self.directory)
            return nearest(connection, self._indexes, vector, filing_ids=filing_ids, limit=limit)

    def as_retriever(
        self, embedder: Embedder | None = None, vocabulary: Vocabulary | None = None, limit: int = 8
    ) -> LibraryRetriever:
        """Return a retriever for LlamaIndex of what this view sees; without an embedder it takes the one in use.

        Raises LibraryError where there is none, or where LlamaIndex is not installed.
        """
        try:
            from index.llamaindex import LibraryRetriever
        except ImportError as error:
            raise LibraryError(f"LlamaIndex is not installed ({error}): pip install 'tieout[llamaindex]'") from error
        used = embedder or self._embedder
        if used is None:
            raise LibraryError("passages are found with their embedder: name it, or open the library with it")
        return LibraryRetriever(self, used, vocabulary, limit)

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
    filing_id, source, place, media_type, pages, tables, facts, passages, added_at, identity, warnings, collection = row
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
        collection=collection,
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
