"""Looks for what a removed filing might have left: in the rows, the names and every byte of a library's folder."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.codec import pack
from index.store import COPIES, UNWIPED, manifest
from ingest.filing import Filing

WINDOW = 24
"""Bytes of the filing that are looked for in one piece."""
BLOCK = 1 << 22
_BITS = 24
_FACTOR = np.uint64(0x9E3779B97F4A7C15)


def find_traces(
    connection: sqlite3.Connection, directory: Path, filing_id: str, filing: Filing | None = None
) -> list[str]:
    """Return where something of the filing is left, nothing where it is gone; ``connection`` sees everything.

    By its id, rows, names of files and bytes are searched. With the filing itself, read from a file that
    somebody kept, so are its words: every stretch of 24 bytes of its text, and of its pages and tables as
    they are stored, that is in no filing which the library still holds.
    """
    traces = [*_rows(connection, filing_id)]
    traces += [f"{COPIES}/{path.name} is a copy of it" for path in (directory / COPIES).glob(f"*{filing_id}*")]
    wanted = {filing_id.encode(), bytes.fromhex(filing_id)}
    pieces = _Pieces(wanted)
    text = _Pieces(_windows(_texts(filing))) if filing is not None else None
    if text is not None:
        text.drop(_held(connection))
    for path in sorted(path for path in directory.rglob("*") if path.is_file()):
        for name, sought in (("its id", pieces), ("its text", text)):
            if sought is not None and (count := sought.count_in(path)):
                traces.append(f"{path.relative_to(directory)} holds {name} at {count:,} places")
    return traces


def _rows(connection: sqlite3.Connection, filing_id: str) -> Iterator[str]:
    statement = "SELECT name FROM filings JOIN collections ON collections.key = collection WHERE id = ?"
    for (name,) in connection.execute(statement, (filing_id,)):
        yield f"the filing is in the collection {name}"
    statement = """
        SELECT id FROM journal WHERE instr(payload, ?1) OR EXISTS (SELECT 1 FROM json_each(filings) WHERE value = ?1)
    """
    for (entry,) in connection.execute(statement, (filing_id,)):
        yield f"the journal's entry {entry} speaks of it"
    if UNWIPED in manifest(connection):
        yield "what was removed is not wiped from free space yet: `tieout doctor --repair` does it"


def _texts(filing: Filing) -> Iterator[bytes]:
    """What a library would keep of the filing: words as they are, pages and tables as they are packed."""
    for page in filing.pages:
        yield from (line.text.encode() for line in page.lines)
        yield pack(page)
    yield from (pack(table) for table in filing.tables)
    yield from (passage.text.encode() for passage in filing.passages)
    yield from (fact.label.encode() for fact in filing.facts)


def _windows(texts: Iterable[bytes]) -> set[bytes]:
    """Stretches of the texts that say something: not mostly spaces or dots."""
    found = {text[start : start + WINDOW] for text in texts for start in range(0, len(text) - WINDOW + 1, WINDOW)}
    return {window for window in found if len(set(window)) > WINDOW // 3}


def _held(connection: sqlite3.Connection) -> Iterator[bytes]:
    """All text that the library rightly holds."""
    for statement in (
        "SELECT text FROM passages",
        "SELECT context FROM passages",
        "SELECT label FROM facts",
        "SELECT payload FROM journal",
        "SELECT body FROM pages",
        "SELECT body FROM tables",
        "SELECT identity || sections || warnings || source_path FROM filings",
    ):
        for (value,) in connection.execute(statement):
            yield value if isinstance(value, bytes) else value.encode()


class _Pieces:
    """Byte strings that are looked for in much data at once, by the first eight bytes of each."""

    def __init__(self, pieces: set[bytes]) -> None:
        self._by_start: dict[bytes, set[bytes]] = {}
        for piece in pieces:
            self._by_start.setdefault(piece[:8], set()).add(piece)
        starts = np.frombuffer(b"".join(self._by_start), dtype="<u8")
        self._table = np.zeros(1 << _BITS, dtype=bool)
        self._table[self._slots(starts)] = True

    def drop(self, texts: Iterable[bytes]) -> None:
        """Look no more for what is in one of the texts."""
        gathered: list[bytes] = []
        size = 0
        for text in texts:
            gathered.append(text)
            size += len(text)
            if size > BLOCK:
                self._drop(b"\0".join(gathered))
                gathered, size = [], 0
        self._drop(b"\0".join(gathered))

    def count_in(self, path: Path) -> int:
        """At how many places the file holds one of the pieces."""
        count, kept = 0, b""
        longest = max((len(piece) for pieces in self._by_start.values() for piece in pieces), default=1)
        with path.open("rb") as file:
            while block := file.read(BLOCK):
                data = kept + block
                count += sum(start + len(piece) > len(kept) for start, piece in self._found(data))
                kept = data[-(longest - 1) :] if longest > 1 else b""
        return count

    def _drop(self, data: bytes) -> None:
        for _, piece in list(self._found(data)):
            self._by_start[piece[:8]].discard(piece)

    def _found(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        for shift in range(8):
            usable = (len(data) - shift) // 8 * 8
            if usable <= 0:
                continue
            words = np.frombuffer(data, dtype="<u8", offset=shift, count=usable // 8)
            for index in np.flatnonzero(self._table[self._slots(words)]).tolist():
                start = shift + 8 * index
                for piece in tuple(self._by_start.get(data[start : start + 8], ())):
                    if data.startswith(piece, start):
                        yield start, piece

    @staticmethod
    def _slots(words: NDArray[np.uint64]) -> NDArray[np.uint64]:
        with np.errstate(over="ignore"):
            return (words * _FACTOR) >> np.uint64(64 - _BITS)
