"""The append-only record of what was asked and what was answered."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from index.schema import INSERT_ENTRY
from index.store import Store

Clock = Callable[[], datetime]
"""Tells the time, with its zone."""
REDACTED = json.dumps(
    {
        "question": "",
        "status": "redacted",
        "text": "redacted: a filing that this entry speaks of was removed",
        "citations": [],
    }
)
"""What stands in place of an entry's payload afterwards."""


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One entry: ``id`` counts up, ``at`` is an ISO 8601 time in UTC."""

    id: int
    at: str
    kind: str
    payload: dict[str, Any]


class Journal:
    """Entries are added and read; the database itself refuses to change or to delete one, but for redaction.

    Only entries that draw on no other than the permitted collections are read. What an entry quotes from a
    filing is redacted, with the rest of what it says, when that filing leaves the library.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def append(self, kind: str, payload: Mapping[str, Any], filings: Iterable[str] = ()) -> int:
        """Add an entry and give its id; ``filings`` are the ids of those that it tells something of.

        The payload is stored as JSON: Decimals as exact strings, dates in ISO form, tuples as arrays.
        Raises TypeError for any other object and ValueError for a float that is not finite;
        LibraryError where the library may not be written.
        """
        # In ASCII, for a question typed at a terminal may hold half a character, which SQLite refuses.
        text = json.dumps(payload, default=_jsonable, allow_nan=False)
        named = json.dumps(sorted(set(filings)))
        with self._store.writing() as connection:
            scope = self._store.allowed
            if scope is None:
                scope = frozenset(name for (name,) in connection.execute("SELECT name FROM collections"))
            values = (timestamp(self._clock), kind, text, json.dumps(sorted(scope)), named)
            cursor = connection.execute(INSERT_ENTRY, values)
        return cursor.lastrowid or 0

    def read(self, limit: int | None = None) -> tuple[JournalEntry, ...]:
        """List the newest ``limit`` entries, or all, in the order in which they were written."""
        with self._store.reading() as connection:
            statement = "SELECT id, at, kind, payload FROM journal ORDER BY id DESC LIMIT ?"
            rows = connection.execute(statement, (-1 if limit is None else max(limit, 0),)).fetchall()
        return tuple(JournalEntry(key, at, kind, json.loads(text)) for key, at, kind, text in reversed(rows))


_SPEAKS_OF_LOST = """
    redacted IS NULL
    AND (EXISTS (SELECT 1 FROM json_each(filings) WHERE value = :id) OR instr(payload, :id) OR instr(payload, :source))
    AND NOT EXISTS (
        SELECT 1 FROM filings AS held JOIN collections ON collections.key = held.collection
        WHERE held.id = :id AND collections.name IN (SELECT value FROM json_each(journal.scope))
    )
"""


def redact(connection: sqlite3.Connection, filing_id: str, source: str, at: str) -> int:
    """Redact what speaks of a filing that has left the collections of the entry; return how many entries did.

    ``source`` is the filing's name: an abstention may quote a filing without citing it, and then names it.
    """
    # As the payload has it: JSON writes quotation marks and whatever is not ASCII as escapes.
    named = {"id": filing_id, "source": json.dumps(source)[1:-1]}
    statement = f"UPDATE journal SET payload = :payload, filings = '[]', redacted = :at WHERE {_SPEAKS_OF_LOST}"  # noqa: S608
    return connection.execute(statement, {**named, "payload": REDACTED, "at": at}).rowcount


def timestamp(clock: Clock) -> str:
    """Tell the time of the clock in UTC, to the second: ``2024-02-29T12:00:00+00:00``."""
    return clock().astimezone(UTC).isoformat(timespec="seconds")


def _jsonable(value: object) -> Any:
    if isinstance(value, Decimal | Path):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"a journal entry cannot hold {type(value).__name__}")
