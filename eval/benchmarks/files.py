"""Finds and reads the files of benchmarks: CSV, JSONL and JSON, with faults named by file and row."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ingest.errors import DataAbsentError, UsageError


def benchmark_file(data: Path, folder: str, name: str) -> Path:
    """Return a benchmark's file, in its own folder below ``data`` or in ``data`` itself; DataAbsentError without it."""
    places = (data / folder / name, data / name)
    found = next((place for place in places if place.exists()), None)
    if found is None:
        raise DataAbsentError(
            f"there is no {name} in {data / folder} nor in {data}: name the folder of the data with --data"
        )
    return found


def split_files(data: Path, folder: str, pattern: str) -> list[Path]:
    """Return the files of a pattern, in ``folder`` below ``data`` or in ``data`` itself, in order.

    Raises DataAbsentError where there is none.
    """
    for place in (data / folder, data):
        found = sorted(place.glob(pattern)) if place.is_dir() else []
        if found:
            return found
    raise DataAbsentError(
        f"there is no {pattern} in {data / folder} nor in {data}: name the folder of the data with --data"
    )


def read_records(path: Path) -> list[tuple[int, dict[str, Any]]]:
    """Read the rows of a CSV (by its suffix) or JSONL file, each with its number.

    Rows are counted as a spreadsheet shows them, the heading being row 1; of JSONL, as its lines. Empty
    ones are left out. Raises UsageError, with the row, on what is not in the format.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8 text (byte {error.start}): save it as UTF-8") from error
    return _csv_records(path, text) if path.suffix.lower() == ".csv" else _json_records(path, text)


def read_json(path: Path) -> Any:
    """Read a JSON file. Raises UsageError where it cannot be read or is malformed."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from error
    except ValueError as error:
        raise UsageError(f"{path} is not JSON: {error}") from error


@contextmanager
def reading(path: Path, row: int) -> Iterator[None]:
    """Map what goes wrong with a row of a published file, whose form is known, to UsageError with the row."""
    try:
        yield
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        found = f"{type(error).__name__}: {error}"
        raise UsageError(f"{path}, row {row}: not as this benchmark is published ({found}): get it again") from error


def _csv_records(path: Path, text: str) -> list[tuple[int, dict[str, Any]]]:
    # Line ends are left to the csv module: a quoted cell may hold some, and not all that Python knows part rows.
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    records: list[tuple[int, dict[str, Any]]] = []
    row = 1
    try:
        for row, record in enumerate(reader, start=2):
            if None in record or None in record.values():
                raise UsageError(f"{path}, row {row}: it has not as many cells as the heading")
            if any(value.strip() for value in record.values()):
                records.append((row, dict(record)))
    except csv.Error as error:
        raise UsageError(f"{path}, row {row + 1}: not CSV: {error}") from error
    return records


def _json_records(path: Path, text: str) -> list[tuple[int, dict[str, Any]]]:
    records = []
    # Not splitlines: it also parts lines at characters that JSON strings may hold.
    for row, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except ValueError as error:
            raise UsageError(f"{path}, row {row}: not JSON: {error}") from error
        if not isinstance(record, dict):
            raise UsageError(f"{path}, row {row}: an object is wanted, not {line.strip()[:40]}")
        records.append((row, record))
    return records
