"""The append-only record of what was asked and what was answered."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from index.schema import INSERT_ENTRY
from index.store import Store

Clock = Callable[[], datetime]
"""Tells the time, with its zone."""


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One entry: ``id`` counts up, ``at`` is an ISO 8601 time in UTC."""

    id: int
    at: str
    kind: str
    payload: dict[str, Any]


class Journal:
    """Entries are added and read; the database itself refuses to change or to delete one.

    It keeps what it was given, quotations from filings that were removed since included.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def append(self, kind: str, payload: Mapping[str, Any]) -> int:
        """Add an entry and give its id.

        The payload is stored as JSON: Decimals as exact strings, dates in ISO form, tuples as arrays.
        Raises TypeError for any other object and ValueError for a float that is not finite;
        LibraryError where the library may not be written.
        """
        # In ASCII, for a question typed at a terminal may hold half a character, which SQLite refuses.
        text = json.dumps(payload, default=_jsonable, allow_nan=False)
        with self._store.writing() as connection:
            cursor = connection.execute(INSERT_ENTRY, (timestamp(self._clock), kind, text))
        return cursor.lastrowid or 0

    def read(self, limit: int | None = None) -> tuple[JournalEntry, ...]:
        """List the newest ``limit`` entries, or all, in the order in which they were written."""
        with self._store.reading() as connection:
            statement = "SELECT id, at, kind, payload FROM journal ORDER BY id DESC LIMIT ?"
            rows = connection.execute(statement, (-1 if limit is None else max(limit, 0),)).fetchall()
        return tuple(JournalEntry(key, at, kind, json.loads(text)) for key, at, kind, text in reversed(rows))


def timestamp(clock: Clock) -> str:
    """Tell the time of the clock in UTC, to the second: ``2024-02-29T12:00:00+00:00``."""
    return clock().astimezone(UTC).isoformat(timespec="seconds")


def _jsonable(value: object) -> Any:
    if isinstance(value, Decimal | Path):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"a journal entry cannot hold {type(value).__name__}")
