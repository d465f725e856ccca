"""Who may read what: connections that see the filings of some collections and nothing else of a library.

Every table is hidden behind a view of the same name that has the permitted rows only, and SQLite itself
refuses a statement that reads a table in any other way. So no statement can forget the filter.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Collection
from typing import Final

from ingest.errors import UsageError

DEFAULT_COLLECTION = "default"
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,62}")
_WORDS = re.compile(r"(?:words|terms)_(\d+)(?:_\w+)?")
_OPENS_TABLES = frozenset(
    [
        *((sqlite3.SQLITE_UPDATE, "sqlite_master", name) for name in ("type", "name", "tbl_name", "rootpage", "sql")),
        (sqlite3.SQLITE_READ, "sqlite_master", "ROWID"),
        (sqlite3.SQLITE_PRAGMA, "data_version", None),
    ]
)
"""What SQLite asks for when it opens a virtual table: it declares the columns as if the schema were changed."""

_BY_FILING = ("pages", "tables", "facts", "passages")
_VIEWS: Final = frozenset(["manifest", "collections", "history", "filings", *_BY_FILING, "held", "journal"])
_PERMITTED = frozenset(
    [sqlite3.SQLITE_SELECT, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_TRANSACTION, sqlite3.SQLITE_RECURSIVE]
)


def collection_name(name: str) -> str:
    """Return the name as given. Raises UsageError where a collection cannot be called so."""
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"{name!r} is no name for a collection: use up to 63 small letters, digits, '-', '_' and '.', "
            "beginning with a letter or digit"
        )
    return name


def collection_names(names: Collection[str] | None) -> frozenset[str] | None:
    """Return the set of names, None for all collections. Raises UsageError for a name that cannot be one."""
    return None if names is None else frozenset(map(collection_name, names))


class Guard:
    """Restricts one connection to some collections, or to all, for reading.

    ``keys`` are those of the permitted collections, as ``refresh`` last found them.
    """

    def __init__(self, connection: sqlite3.Connection, allowed: frozenset[str] | None) -> None:
        self._connection = connection
        self.keys: frozenset[int] = frozenset()
        connection.execute("PRAGMA temp_store = MEMORY")
        for statement in _view_statements(allowed):
            connection.execute(statement)
        connection.execute("PRAGMA query_only = ON")
        connection.set_authorizer(self._judge)

    def refresh(self) -> None:
        """Learn of collections that were made since; within the transaction that will read them."""
        self.keys = frozenset(key for (key,) in self._connection.execute("SELECT key FROM collections"))

    def _judge(
        self, action: int, first: str | None, second: str | None, database: str | None, source: str | None
    ) -> int:
        """Answer SQLite, which asks for every table and column that a statement touches, and by which view."""
        if action in _PERMITTED:
            return sqlite3.SQLITE_OK
        if (action, first, second) in _OPENS_TABLES:
            return sqlite3.SQLITE_OK
        if action == sqlite3.SQLITE_READ and self._may_read(first or "", database, source):
            return sqlite3.SQLITE_OK
        return sqlite3.SQLITE_DENY

    def _may_read(self, table: str, database: str | None, source: str | None) -> bool:
        if source in _VIEWS or (database == "temp" and table in _VIEWS) or table == "json_each":
            return True
        words = _WORDS.fullmatch(table)
        return words is not None and int(words[1]) in self.keys


def _view_statements(allowed: frozenset[str] | None) -> list[str]:
    """Return the views; the names in them are plain (see ``collection_name``), so they may stand in quotes."""
    names = ", ".join(f"'{name}'" for name in sorted(allowed or {""}))
    # Each view reads a column that is no key: of one that reads none, SQLite asks whether all rows may be counted.
    condition = "name <> ''" if allowed is None else f"name IN ({names})"
    keys = f"SELECT key FROM main.collections WHERE {condition}"  # noqa: S608 - names without quotes
    # Of one content in several of the collections, the filing that was added first is seen.
    filings = f"SELECT min(key) FROM main.filings WHERE collection IN ({keys}) GROUP BY id"  # noqa: S608
    entries = (
        "scope <> ''"
        if allowed is None
        else f"NOT EXISTS (SELECT 1 FROM json_each(scope) WHERE value NOT IN ({names}))"  # noqa: S608
    )
    bodies = {
        "manifest": "SELECT * FROM main.manifest",
        "collections": f"SELECT * FROM main.collections WHERE {condition}",  # noqa: S608
        "history": f"SELECT * FROM main.history WHERE collection IN ({keys})",  # noqa: S608
        "filings": f"SELECT * FROM main.filings WHERE id <> '' AND key IN ({filings})",  # noqa: S608
        "journal": f"SELECT * FROM main.journal WHERE {entries}",  # noqa: S608
        # What a collection's own index is made of: all its vectors, seen through another collection or not.
        "held": (
            "SELECT vectors.passage, vectors.vector, filings.collection FROM main.filings "  # noqa: S608
            "JOIN main.passages ON passages.filing = filings.key "
            f"JOIN main.vectors ON vectors.passage = passages.id "
            f"WHERE filings.collection IN ({keys}) AND length(vectors.vector) > 0"
        ),
    }
    bodies |= {name: f"SELECT * FROM main.{name} WHERE filing IN ({filings})" for name in _BY_FILING}  # noqa: S608
    return [f"CREATE TEMP VIEW {name} AS {body}" for name, body in bodies.items()]
