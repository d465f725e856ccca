"""A Library: a directory that holds filings, with all that is needed to find, to read and to cite them.

::

    library.sqlite     the only truth: filings, facts, passages, vectors, words, journal
    files/             copies of the sources, named by content hash
    vectors-1.faiss    a cache of the vectors of a collection; vectors-1.json says of which state
"""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index import codec
from index.absence import find_traces
from index.access import DEFAULT_COLLECTION, collection_name, collection_names
from index.contract import Embedder, FactRecord, FilingRecord, PassageRecord
from index.doctor import Finding, examine
from index.journal import Clock, redact, timestamp
from index.mend import mend
from index.postings import Postings
from index.reindex import Progress, reindex
from index.store import DATABASE, UNWIPED, Store, check_embedder, is_damage, manifest, record_embedder
from index.vectors import Indexes, to_blobs
from index.view import View
from index.writing import collection_key, delete_filing, delete_stray_copies, insert_filing, keep_copy
from ingest.errors import FilingNotFoundError, LibraryError, LibraryLockedError
from ingest.filing import Filing

__all__ = ["FactRecord", "FilingRecord", "Library", "PassageRecord", "View"]

logger = logging.getLogger(__name__)


def _now() -> datetime:
    return datetime.now(UTC)


class Library(View):
    """Filings on disk, to be read and changed, within the collections that it was opened for."""

    def __init__(self, store: Store, clock: Clock, timeout: float) -> None:
        super().__init__(store, Indexes(store.directory), Postings(), clock)
        self._clock = clock
        self._timeout = timeout
        self._views: dict[frozenset[str], View] = {}

    @classmethod
    def open(
        cls,
        directory: Path,
        *,
        create: bool = False,
        embedder: Embedder | None = None,
        collections: Collection[str] | None = None,
        clock: Clock = _now,
        timeout: float = 10.0,
    ) -> Library:
        """Open the library in the directory, or make one there if ``create``.

        ``collections`` are those that may be seen and changed, there yet or not; None is all of them.
        Without an embedder filings can be read and searched by words and facts, but not added. A
        directory that may not be written is opened for reading. ``timeout`` is how many seconds a
        change waits for another writer. Raises LibraryNotFoundError, LibraryMismatchError for another
        schema version or embedder, LibraryLockedError, and LibraryError for a damaged file.
        """
        allowed = collection_names(collections)
        library = cls(Store.open(directory, create=create, timeout=timeout, allowed=allowed), clock, timeout)
        try:
            if embedder is not None:
                library.use(embedder)
        except BaseException:
            library.close()
            raise
        return library

    def view(self, collections: Collection[str]) -> View:
        """Return what somebody may see who has access to these collections; it is closed with the library.

        Raises LibraryError where that is more than the library was opened for.
        """
        wanted = frozenset(map(collection_name, collections))
        self._permit(*wanted)
        if wanted not in self._views:
            store = Store.open(self.directory, create=False, timeout=self._timeout, allowed=wanted)
            self._views[wanted] = View(store, self._indexes, self._postings, self._clock)
        return self._views[wanted]

    def close(self) -> None:
        """Let go of the files, for all views too; any later call raises LibraryError."""
        for view in self._views.values():
            view.close()
        super().close()

    # Taking filings in and out

    def add(
        self, filing: Filing, source: Path, vectors: NDArray[np.float32], collection: str = DEFAULT_COLLECTION
    ) -> bool:
        """Add the filing that was read from ``source``, all of it or nothing; False if it is there already.

        ``vectors`` has the embedder's row for each passage, in order: shape (passages, dimension). What
        was added to the collection from the same path with other content is replaced in the same
        transaction. Raises LibraryLockedError, LibraryMismatchError for vectors that do not fit, and
        LibraryError where the file is not the one that was read, the collection is not permitted, or no
        embedder was given.
        """
        if self._embedder is None:
            raise LibraryError("filings are added with their embedder: open the library with one")
        self._permit(collection_name(collection))
        rows = codec.filing_rows(filing)
        blobs = to_blobs(vectors, len(filing.passages), self._embedder.dimension)
        place, suffix = str(source.resolve()), source.suffix.lower()
        with self._store.writing() as connection:
            check_embedder(connection, self._embedder, self.directory)
            delete_stray_copies(connection, self.directory)
            key = collection_key(connection, collection)
            statement = "SELECT key FROM filings WHERE collection = ? AND source_path = ? AND id <> ?"
            outdated = [old for (old,) in connection.execute(statement, (key, place, filing.id))]
            self._delete(connection, outdated)
            statement = "SELECT 1 FROM filings WHERE collection = ? AND id = ?"
            known = connection.execute(statement, (key, filing.id)).fetchone()
            if not known:
                record_embedder(connection, self._embedder)
                now = timestamp(self._clock)
                insert_filing(connection, rows, collection=key, place=place, suffix=suffix, added_at=now, vectors=blobs)
                keep_copy(self.directory, source, f"{filing.id}{suffix}", filing.id)
        if outdated:
            self._tidy()
        return not known

    def remove(self, *filing_ids: str) -> None:
        """Take filings out, all or none, and leave no byte of their contents in the directory.

        They leave every collection that the library was opened for. What the journal quoted from them is
        redacted. The file is written anew, which takes seconds for a large library: give all ids at once.
        Raises FilingNotFoundError for an id that is not in the library.
        """
        with self._store.writing() as connection:
            for filing_id in filing_ids:
                keys = self._keys(connection, filing_id)
                if not keys:
                    raise FilingNotFoundError(f"no filing {filing_id!r} in the library: `tieout status` lists them")
                self._delete(connection, keys)
        self.purge()

    def purge(self) -> None:
        """Wipe what removed and replaced filings left in free space, in the word index and in ``files/``.

        Raises LibraryLockedError where another process is writing; what is in the library stays as it is.
        """
        with self._store.writing() as connection:
            delete_stray_copies(connection, self.directory)
            self._indexes.discard(connection)
            self._postings.discard()
        if not self._store.purge():
            logger.warning(
                "%s is being read by another tieout: what was removed leaves the disk when that one ends",
                self.directory,
            )

    # Upkeep, which is of the whole library

    def examine(self) -> list[Finding]:
        """Return all that is wrong with the library, nothing where it is sound.

        Nothing is written while it is examined. Raises LibraryError where the library was opened for some
        collections only, or may not be written, for the word index is checked under the write lock.
        """
        self._see_all()
        try:
            with self._store.writing() as connection:
                return examine(connection, self.directory)
        except LibraryError as error:
            if not is_damage(error.__cause__):
                raise
            return [Finding("database", DATABASE, str(error.__cause__))]

    def mend(self, embedder: Callable[[], Embedder] | None = None) -> list[Finding]:
        """Make again what can be made again, and return what is still wrong; faulty vectors want the embedder."""
        findings = self.examine()
        kinds = {finding.kind for finding in findings}
        if "database" in kinds:
            return findings
        with self._store.writing() as connection:
            mend(connection, self.directory, kinds, embedder, timestamp(self._clock))
        if "cache" in kinds:
            self._indexes.discard()
        if kinds & {"unwiped", "orphans", "journal"}:
            self.purge()
        return self.examine()

    def traces(self, filing_id: str, filing: Filing | None = None) -> list[str]:
        """Return where something of a removed filing is left; with the filing itself, its words are looked for too."""
        self._see_all()
        with self._store.inspecting() as connection:
            return find_traces(connection, self.directory, filing_id, filing)

    def reindex(self, embedder: Embedder, progress: Progress | None = None) -> int:
        """Embed all passages with another embedder and return how many were; 0 where they are this one's already.

        Until it is done, readers search with the former embedder. An interrupted run is taken up again.
        """
        self._see_all()
        count = reindex(self._store, embedder, progress)
        self._indexes.discard()
        self._embedder = embedder
        return count

    def _see_all(self) -> None:
        if self.allowed is not None:
            raise LibraryError("upkeep is of the whole library: open it without naming collections")

    def holds(self, filing_id: str, collection: str) -> bool:
        """Tell whether that very collection has the filing. Raises LibraryError where it is not permitted."""
        self._permit(collection)
        statement = """
            SELECT 1 FROM filings JOIN collections ON collections.key = filings.collection
            WHERE filings.id = ? AND collections.name = ?
        """
        with self._store.inspecting() as connection:
            return connection.execute(statement, (filing_id, collection)).fetchone() is not None

    @property
    def unwiped(self) -> bool:
        """Whether filings were removed or replaced and not wiped from the disk yet: ``purge`` does it."""
        with self._store.reading() as connection:
            return UNWIPED in manifest(connection)

    def _permit(self, *names: str) -> None:
        """Raise LibraryError for a collection that the library was not opened for."""
        beyond = sorted(set(names) - self.allowed) if self.allowed is not None else []
        if beyond:
            raise LibraryError(f"no access to {', '.join(beyond)}: this library was opened for other collections")

    def _keys(self, connection: sqlite3.Connection, filing_id: str) -> list[int]:
        """The filing's keys in the permitted collections."""
        statement = """
            SELECT filings.key FROM filings JOIN collections ON collections.key = filings.collection
            WHERE filings.id = ?1 AND (?2 IS NULL OR collections.name IN (SELECT value FROM json_each(?2)))
        """
        names = None if self.allowed is None else json.dumps(sorted(self.allowed))
        return [key for (key,) in connection.execute(statement, (filing_id, names))]

    def _delete(self, connection: sqlite3.Connection, keys: list[int]) -> None:
        """Delete filings, then redact what the journal says of them."""
        gone = [connection.execute("SELECT id, source FROM filings WHERE key = ?", (key,)).fetchone() for key in keys]
        for key in keys:
            delete_filing(connection, key)
        for filing_id, source in gone:
            redact(connection, filing_id, source, timestamp(self._clock))

    def _tidy(self) -> None:
        """Delete the copies of replaced filings; where another process writes already, that one does it."""
        try:
            with self._store.writing() as connection:
                delete_stray_copies(connection, self.directory)
        except LibraryLockedError as error:
            logger.info("copies of replaced filings are left for now: %s", error)
