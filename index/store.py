"""The SQLite file under a library: how it is opened, read and written, and what its errors mean.

``generation`` counts the changes of the contents, and ``state`` is a hash chained over them: two
libraries with the same state hold the same passages under the same ids, which a counter alone does not
tell once a backup has been put back. What is cached beside the file names the state that it was made from.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from index.codec import FilingRows
from index.contract import Embedder
from index.schema import (
    APPLICATION_ID,
    INSERT_FACT,
    INSERT_FILING,
    INSERT_PAGE,
    INSERT_PASSAGE,
    INSERT_TABLE,
    INSERT_VECTOR,
    SCHEMA_VERSION,
    creation_script,
)
from ingest.errors import (
    LibraryError,
    LibraryLockedError,
    LibraryMismatchError,
    LibraryNotFoundError,
)

DATABASE = "library.sqlite"
COPIES = "files"

Mode = Literal["rw", "ro", "immutable"]


class Store:
    """One connection to one library file; use it from the thread that opened it."""

    def __init__(self, directory: Path, connection: sqlite3.Connection, mode: Mode) -> None:
        self.directory = directory
        self._connection: sqlite3.Connection | None = connection
        self._mode: Mode = mode
        self._signature = _signature(directory)

    @classmethod
    def open(cls, directory: Path, *, create: bool, timeout: float) -> Store:
        """Connect to the library in the directory; a writer waits up to ``timeout`` seconds for another.

        Where the directory may not be written the library is opened for reading. Raises
        LibraryNotFoundError where there is none and ``create`` is false, LibraryMismatchError for a file
        of another version, LibraryLockedError, and LibraryError where the file cannot be read.
        """
        if create and not _finished(directory):
            _create(directory, timeout)
        elif not (directory / DATABASE).is_file():
            raise LibraryNotFoundError(_nothing_at(directory))
        connection, mode = _connect(directory, timeout)
        store = cls(directory, connection, mode)
        try:
            store._check_version()
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
        """Lend the connection, within one transaction that sees one state of the library throughout."""
        connection = self._live()
        if connection.in_transaction:
            yield connection
            return
        with mapped_errors(self.directory):
            connection.execute("BEGIN")
            try:
                yield connection
            finally:
                connection.rollback()
        if self._mode == "immutable" and _signature(self.directory) != self._signature:
            raise LibraryLockedError(f"the library at {self.directory} was written to meanwhile: ask again")

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Lend the connection, within a transaction that holds the write lock: all is written, or nothing.

        Raises LibraryLockedError where another process holds the lock beyond the timeout.
        """
        connection = self._live()
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

    def purge(self) -> bool:
        """Leave no trace of deleted contents in the file or its log; True where that was complete.

        False where another process still reads the state before: its log goes when that one closes.
        """
        connection = self._live()
        with mapped_errors(self.directory):
            # FTS5 drops deleted words only when segments merge; SQLite may leave copies of moved rows in
            # the gaps of live pages, which only a rebuilt file is sure to be without.
            connection.execute("INSERT INTO words (words) VALUES ('optimize')")
            connection.execute("VACUUM")
            (busy, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy

    def close(self) -> None:
        """Close the connection; the last one to close folds the log into the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _live(self) -> sqlite3.Connection:
        """Return the connection, renewed where a file that was opened as unchanging has changed."""
        if self._connection is None:
            raise LibraryError(f"the library at {self.directory} was closed: open it again")
        if self._mode == "immutable" and _signature(self.directory) != self._signature:
            self._connection.close()
            self._signature = _signature(self.directory)
            self._connection, self._mode = _connect(self.directory, 0.0)
        return self._connection

    def _check_version(self) -> None:
        with self.reading() as connection:
            (application,) = connection.execute("PRAGMA application_id").fetchone()
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            (objects,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        if objects == 0:  # whoever was making it was ended before the schema stood
            raise LibraryNotFoundError(_nothing_at(self.directory))
        if application != APPLICATION_ID:
            raise LibraryMismatchError(f"{self.directory / DATABASE} is no library of Tieout: move it away")
        if version != SCHEMA_VERSION:
            raise LibraryMismatchError(
                f"the library at {self.directory} has schema version {version}, this Tieout writes "
                f"{SCHEMA_VERSION}: use the version that wrote it, or add the filings to a new library"
            )


def manifest(connection: sqlite3.Connection) -> dict[str, str]:
    """Return all that the library says of itself, by name."""
    return dict(connection.execute("SELECT name, value FROM manifest"))


def record(connection: sqlite3.Connection, **values: str) -> None:
    """Write entries of the manifest."""
    statement = "INSERT INTO manifest VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value"
    connection.executemany(statement, values.items())


def advance(connection: sqlite3.Connection, change: str) -> None:
    """Count a change of the contents; ``change`` names it and what it put in or took out."""
    now = manifest(connection)
    chained = hashlib.sha256(f"{now['state']}\n{change}".encode()).hexdigest()
    record(connection, generation=str(int(now["generation"]) + 1), state=chained)


def check_embedder(connection: sqlite3.Connection, embedder: Embedder, directory: Path) -> bool:
    """Tell whether the library's vectors are this embedder's: False where it has none yet.

    Raises LibraryMismatchError where they are another's.
    """
    entries = manifest(connection)
    if "embedder_fingerprint" not in entries:
        return False
    made = (entries["embedder_name"], entries["embedder_dimension"], entries["embedder_fingerprint"])
    given = (embedder.name, str(embedder.dimension), embedder.fingerprint)
    if made != given:
        raise LibraryMismatchError(
            f"the library at {directory} was made with the embedder {_called(made)}, not {_called(given)}: "
            "use that one, or add the filings to a new library"
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
        raise _translated(error, directory) from error
    except UnicodeEncodeError as error:
        raise LibraryError(f"the text holds what is not Unicode ({error.reason}): not written") from error


def _translated(error: sqlite3.Error, directory: Path) -> LibraryError:
    name = getattr(error, "sqlite_errorname", "")
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return LibraryLockedError(
            f"another tieout is writing to {directory}; wait until it is done, or end it, and try again"
        )
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return LibraryError(
            f"{directory / DATABASE} is damaged ({error}): restore it from a backup, "
            "or move the folder away and add the filings again"
        )
    if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")):
        return LibraryError(f"{directory / DATABASE} cannot be opened ({error}): check its permissions")
    if name.startswith(("SQLITE_FULL", "SQLITE_IOERR")):
        return LibraryError(f"the disk under {directory} failed ({error}): make room there and try again")
    return LibraryError(f"the library at {directory} refused a change ({error}): nothing was written")


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


def insert_filing(
    connection: sqlite3.Connection,
    rows: FilingRows,
    *,
    place: str,
    suffix: str,
    added_at: str,
    vectors: list[bytes],
) -> None:
    """Write a filing with everything in it; ``vectors`` has one vector for each of its passages, in order."""
    head = (rows.id, rows.source, place, suffix, rows.media_type, rows.identity, rows.sections, rows.warnings)
    counts = (len(rows.pages), len(rows.tables), len(rows.facts), len(rows.passages))
    cursor = connection.execute(INSERT_FILING, (*head, *counts, added_at))
    key = cursor.lastrowid
    for statement, parts in (
        (INSERT_PAGE, rows.pages),
        (INSERT_TABLE, rows.tables),
        (INSERT_FACT, rows.facts),
        (INSERT_PASSAGE, rows.passages),
    ):
        connection.executemany(statement, [(key, *part) for part in parts])
    passages = connection.execute("SELECT id FROM passages WHERE filing = ? ORDER BY id", (key,)).fetchall()
    pairs = [(rowid, vector) for (rowid,), vector in zip(passages, vectors, strict=True)]
    connection.executemany(INSERT_VECTOR, pairs)
    digest = hashlib.sha256(b"".join(vectors)).hexdigest()
    advance(connection, f"add {rows.id} {passages[0][0] if passages else 0} {digest}")


def delete_filing(connection: sqlite3.Connection, filing_id: str) -> None:
    """Delete a filing with everything in it; the last one takes the embedder's name along."""
    connection.execute("DELETE FROM filings WHERE id = ?", (filing_id,))
    advance(connection, f"remove {filing_id}")
    if connection.execute("SELECT count(*) FROM filings").fetchone() == (0,):
        connection.execute("DELETE FROM manifest WHERE name LIKE 'embedder_%'")


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
