"""The SQLite file under a library: how it is opened, read and written, and what its errors mean.

Two connections stand on it: one that writes, and one that reads and sees the permitted collections only
(index/access.py). What a reader is lent is always the second.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from index.access import Guard
from index.contract import Embedder
from index.migrate import migrate
from index.schema import APPLICATION_ID, SCHEMA_VERSION, creation_script, words_command
from ingest.errors import (
    LibraryError,
    LibraryLockedError,
    LibraryMismatchError,
    LibraryNotFoundError,
)

DATABASE = "library.sqlite"
COPIES = "files"
UNWIPED = "unwiped"
"""The entry of the manifest that is there while removed contents are still to be wiped from the disk."""

Mode = Literal["rw", "ro", "immutable"]


class Store:
    """One library file, for reading the collections that are ``allowed`` (None for all) and for writing.

    Use it from the thread that opened it.
    """

    def __init__(
        self, directory: Path, connection: sqlite3.Connection, mode: Mode, allowed: frozenset[str] | None
    ) -> None:
        self.directory = directory
        self.allowed = allowed
        self._connection: sqlite3.Connection | None = connection
        self._reader: sqlite3.Connection | None = None
        self._guard: Guard | None = None
        self._mode: Mode = mode
        self._signature = _signature(directory)

    @classmethod
    def open(cls, directory: Path, *, create: bool, timeout: float, allowed: frozenset[str] | None = None) -> Store:
        """Connect to the library in the directory; a writer waits up to ``timeout`` seconds for another.

        Where the directory may not be written the library is opened for reading. A library of an older
        version is brought up to this one. Raises LibraryNotFoundError where there is none and ``create``
        is false, LibraryMismatchError for a file of a version that cannot be read, LibraryLockedError, and
        LibraryError where the file cannot be read.
        """
        if create and not _finished(directory):
            _create(directory, timeout)
        elif not (directory / DATABASE).is_file():
            raise LibraryNotFoundError(_nothing_at(directory))
        connection, mode = _connect(directory, timeout)
        store = cls(directory, connection, mode, allowed)
        try:
            with mapped_errors(directory):
                store._check_version(connection)
                store._guard_reader(timeout)
        except BaseException:
            store.close()
            raise
        return store

    @property
    def writable(self) -> bool:
        """Whether the library was opened for writing."""
        return self._mode == "rw"

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Lend the guarded connection, within one transaction that sees one state of the library throughout."""
        reader, guard = self._live()
        if reader.in_transaction:
            yield reader
            return
        with mapped_errors(self.directory):
            reader.execute("BEGIN")
            try:
                guard.refresh()
                yield reader
            finally:
                reader.rollback()
        if self._mode == "immutable" and _signature(self.directory) != self._signature:
            raise LibraryLockedError(f"the library at {self.directory} was written to meanwhile: ask again")

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Lend the unguarded connection, in a transaction with the write lock: all is written, or nothing.

        Raises LibraryLockedError where another process holds the lock beyond the timeout.
        """
        self._live()
        connection = self._writer()
        if not self.writable:
            raise LibraryError(f"the library at {self.directory} may only be read: check its permissions")
        with mapped_errors(self.directory):
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                connection.rollback()
                raise

    @contextmanager
    def inspecting(self) -> Iterator[sqlite3.Connection]:
        """Lend the unguarded connection for reading one state of everything: for checks and upkeep."""
        self._live()
        connection = self._writer()
        with mapped_errors(self.directory):
            connection.execute("BEGIN")
            try:
                yield connection
            finally:
                connection.rollback()

    def purge(self) -> bool:
        """Leave no trace of deleted contents in the file or its log; True where that was complete.

        False where another process still reads the state before: its log goes when that one closes.
        """
        self._live()
        connection = self._writer()
        with mapped_errors(self.directory):
            # FTS5 drops deleted words only when segments merge; SQLite may leave copies of moved rows in
            # the gaps of live pages, which only a rebuilt file is sure to be without.
            for (key,) in connection.execute("SELECT key FROM collections").fetchall():
                connection.execute(words_command(key, "optimize"))
            connection.execute("VACUUM")
            if not _fold_log(connection):
                return False
            connection.execute("DELETE FROM manifest WHERE name = ?", (UNWIPED,))
            _fold_log(connection)
        return True

    def close(self) -> None:
        """Close the connections; the last one to close folds the log into the file."""
        if self._reader is not None:
            self._reader.close()
        if self._connection is not None:
            self._connection.close()
        self._connection = self._reader = self._guard = None

    def _writer(self) -> sqlite3.Connection:
        if self._connection is None:
            raise LibraryError(f"the library at {self.directory} was closed: open it again")
        return self._connection

    def _live(self) -> tuple[sqlite3.Connection, Guard]:
        """Return the reader, renewed where a file that was opened as unchanging has changed."""
        connection = self._writer()
        if self._mode == "immutable" and _signature(self.directory) != self._signature:
            connection.close()
            self._signature = _signature(self.directory)
            self._connection, self._mode = _connect(self.directory, 0.0)
            with mapped_errors(self.directory):
                self._guard_reader(0.0)
        if self._reader is None or self._guard is None:
            raise LibraryError(f"the library at {self.directory} was closed: open it again")
        return self._reader, self._guard

    def _guard_reader(self, timeout: float) -> None:
        """Open the connection for reading, behind its guard."""
        if self._reader is not None:
            self._reader.close()
        self._reader = _connect_as(self.directory, timeout, self._mode)
        self._guard = Guard(self._reader, self.allowed)

    def _check_version(self, connection: sqlite3.Connection) -> None:
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        (objects,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        if objects == 0:  # whoever was making it was ended before the schema stood
            raise LibraryNotFoundError(_nothing_at(self.directory))
        if application != APPLICATION_ID:
            raise LibraryMismatchError(f"{self.directory / DATABASE} is no library of Tieout: move it away")
        if version > SCHEMA_VERSION:
            raise LibraryMismatchError(
                f"the library at {self.directory} has schema version {version}, this Tieout writes "
                f"{SCHEMA_VERSION}: use the version that wrote it, or add the filings to a new library"
            )
        if version < SCHEMA_VERSION:
            if not self.writable:
                raise LibraryMismatchError(
                    f"the library at {self.directory} has schema version {version}, an older one: open it once "
                    "where it may be written, which brings it up to date"
                )
            migrate(connection)


def _fold_log(connection: sqlite3.Connection) -> bool:
    """Write the log into the file and empty it; False where a reader of an older state is in the way."""
    (busy, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy


def manifest(connection: sqlite3.Connection) -> dict[str, str]:
    """Return all that the library says of itself, by name."""
    return dict(connection.execute("SELECT name, value FROM manifest"))


def record(connection: sqlite3.Connection, **values: str) -> None:
    """Write entries of the manifest."""
    statement = "INSERT INTO manifest VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value"
    connection.executemany(statement, values.items())


def check_embedder(connection: sqlite3.Connection, embedder: Embedder, directory: Path) -> bool:
    """Tell whether the library's vectors are this embedder's: False where it has none yet.

    Raises LibraryMismatchError where they are another's.
    """
    entries = manifest(connection)
    if "embedder_fingerprint" not in entries:
        return False
    made = (entries.get("embedder_name", ""), entries.get("embedder_dimension", ""), entries["embedder_fingerprint"])
    given = (embedder.name, str(embedder.dimension), embedder.fingerprint)
    if made != given:
        raise LibraryMismatchError(
            f"the library at {directory} was made with the embedder {_called(made)}, not {_called(given)}: "
            "use that one, or run `tieout reindex`"
        )
    return True


def record_embedder(connection: sqlite3.Connection, embedder: Embedder) -> None:
    """Bind the library to the embedder that its first vectors come from."""
    record(
        connection,
        embedder_name=embedder.name,
        embedder_dimension=str(embedder.dimension),
        embedder_fingerprint=embedder.fingerprint,
    )


def _called(embedder: tuple[str, str, str]) -> str:
    name, dimension, fingerprint = embedder
    return f"{name} ({dimension} dimensions, fingerprint {fingerprint[:12]})"


@contextmanager
def mapped_errors(directory: Path) -> Iterator[None]:
    """Raise SQLite's errors as the library's own, with what to do about each."""
    try:
        yield
    except sqlite3.ProgrammingError:
        raise  # a mistake in this program, not in the library
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorname", "") == "SQLITE_AUTH":
            raise  # a statement that goes round the guard: a mistake in this program too
        raise _translated(error, directory) from error
    except UnicodeEncodeError as error:
        raise LibraryError(f"the text holds what is not Unicode ({error.reason}): not written") from error


def _translated(error: sqlite3.Error, directory: Path) -> LibraryError:
    name = getattr(error, "sqlite_errorname", "")
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return LibraryLockedError(
            f"another tieout is writing to {directory}; wait until it is done, or end it, and try again"
        )
    if is_damage(error):
        return LibraryError(
            f"{directory / DATABASE} is damaged ({error}): restore it from a backup, "
            "or move the folder away and add the filings again"
        )
    if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")):
        return LibraryError(f"{directory / DATABASE} cannot be opened ({error}): check its permissions")
    if name.startswith(("SQLITE_FULL", "SQLITE_IOERR")):
        return LibraryError(f"the disk under {directory} failed ({error}): make room there and try again")
    return LibraryError(f"the library at {directory} refused a change ({error}): nothing was written")


def is_damage(error: BaseException | None) -> bool:
    """Whether SQLite says by this error that the file is damaged."""
    return getattr(error, "sqlite_errorname", "").startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB"))


def _nothing_at(directory: Path) -> str:
    return f"no library at {directory}: run `tieout add FILE…` first"


def _finished(directory: Path) -> bool:
    """Tell whether the file bears our mark already, as every library does once it has been closed."""
    if not (directory / DATABASE).is_file():
        return False
    with (directory / DATABASE).open("rb") as file:
        return file.read(72)[68:] == APPLICATION_ID.to_bytes(4, "big")


def _create(directory: Path, timeout: float) -> None:
    """Write an empty library where there is none, or where one was begun and not finished."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LibraryError(f"no library can be made at {directory}: {error.strerror}") from error
    with mapped_errors(directory):
        connection = sqlite3.connect(directory / DATABASE, timeout=timeout, isolation_level=None)
        try:
            if connection.execute("SELECT count(*) FROM sqlite_schema").fetchone() == (0,):
                connection.execute("PRAGMA journal_mode = WAL")
                connection.executescript(creation_script())
        finally:
            connection.close()


def _connect(directory: Path, timeout: float) -> tuple[sqlite3.Connection, Mode]:
    """Return a connection, and what it was opened for: writing where that can be."""
    modes: tuple[Mode, ...] = ("rw", "ro", "immutable")
    for mode in modes:
        try:
            return _connect_as(directory, timeout, mode), mode
        except sqlite3.OperationalError as error:
            refused = error.sqlite_errorname.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM"))
            # A log that is not folded in holds the newest state, which "immutable" would not see.
            last = mode == "immutable" or (mode == "ro" and _log_size(directory) > 0)
            if not refused or last:
                raise _translated(error, directory) from error
        except sqlite3.DatabaseError as error:
            raise _translated(error, directory) from error
    raise AssertionError("the last mode returns or raises")


def _connect_as(directory: Path, timeout: float, mode: Mode) -> sqlite3.Connection:
    query = "immutable=1" if mode == "immutable" else f"mode={mode}"
    uri = f"{(directory / DATABASE).absolute().as_uri()}?{query}"
    connection = sqlite3.connect(uri, uri=True, timeout=timeout, isolation_level=None)
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


def _log_size(directory: Path) -> int:
    log = directory / f"{DATABASE}-wal"
    return log.stat().st_size if log.exists() else 0


def _signature(directory: Path) -> tuple[int, int, int, int]:
    """Return what changes when the file is written to."""
    status = (directory / DATABASE).stat()
    return status.st_ino, status.st_size, status.st_mtime_ns, _log_size(directory)
