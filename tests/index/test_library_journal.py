from __future__ import annotations

import sqlite3
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest

from index.library import Library


def eastern_clock() -> datetime:
    return datetime(2024, 2, 28, 20, 30, tzinfo=timezone(timedelta(hours=-5)))


def test_entries_come_back_in_order(tmp_path: Path) -> None:
    with Library.open(tmp_path, create=True, clock=eastern_clock) as library:
        assert library.journal.read() == ()
        ids = [library.journal.append("ask", {"question": f"q{number}", "é\ud800": [number]}) for number in range(5)]
        assert ids == [1, 2, 3, 4, 5]
    with Library.open(tmp_path) as library:
        assert [entry.id for entry in library.journal.read()] == ids
        newest = library.journal.read(2)
        assert [entry.payload["question"] for entry in newest] == ["q3", "q4"]
        assert newest[0].at == "2024-02-29T01:30:00+00:00"
        assert newest[0].payload["é\ud800"] == [3]
        assert newest[0].kind == "ask"
        assert library.journal.read(0) == ()


def test_values_are_kept_exactly(tmp_path: Path) -> None:
    payload = {
        "value": Decimal("1.50"),
        "end": date(2023, 12, 31),
        "box": (1.5, 2),
        "none": None,
        "deep": [{"x": Decimal(1)}],
    }
    with Library.open(tmp_path, create=True) as library:
        library.journal.append("answer", payload)
        (entry,) = library.journal.read()
    assert entry.payload == {
        "value": "1.50",
        "end": "2023-12-31",
        "box": [1.5, 2],
        "none": None,
        "deep": [{"x": "1"}],
    }
    assert datetime.fromisoformat(entry.at).tzinfo == UTC


def test_what_is_not_json_is_refused(tmp_path: Path) -> None:
    with Library.open(tmp_path, create=True) as library:
        with pytest.raises(TypeError, match="cannot hold set"):
            library.journal.append("ask", {"x": {1}})
        with pytest.raises(ValueError, match="not JSON compliant"):
            library.journal.append("ask", {"x": float("inf")})
        assert library.journal.read() == ()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal SET payload = '{}'",
        "UPDATE journal SET redacted = 'now', at = 'then', filings = '[]'",
        "UPDATE journal SET redacted = 'now', scope = 'x', filings = '[]'",
        "UPDATE journal SET redacted = 'now', filings = '[1]'",
        "UPDATE journal SET id = 7 WHERE id = 1",
        "DELETE FROM journal",
        "DELETE FROM journal WHERE id = 1",
        "INSERT OR REPLACE INTO journal VALUES (1, 'now', 'ask', '{}', '[]', '[]', NULL)",
        "REPLACE INTO journal (id, at, kind, payload) VALUES (1, 'now', 'ask', '{}')",
        "INSERT INTO journal VALUES (1, 'x', 'y', '', '[]', '[]', NULL) ON CONFLICT (id) DO UPDATE SET payload = '{}'",
    ],
)
@pytest.mark.parametrize("recursive", ["ON", "OFF"])
def test_no_entry_is_changed_or_deleted(tmp_path: Path, statement: str, recursive: str) -> None:
    with Library.open(tmp_path, create=True) as library:
        library.journal.append("ask", {"question": "kept"})
    connection = sqlite3.connect(tmp_path / "library.sqlite")
    connection.execute(f"PRAGMA recursive_triggers = {recursive}")
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        connection.execute(statement)
    connection.close()
    with Library.open(tmp_path) as library:
        assert [entry.payload for entry in library.journal.read()] == [{"question": "kept"}]


def test_the_journal_does_not_age_the_vectors(tmp_path: Path) -> None:
    with Library.open(tmp_path, create=True) as library:
        library.journal.append("ask", {})
        assert library.generation == 0
