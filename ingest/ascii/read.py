"""The door for plain text: pages at their marks, tables by their tags or by the alignment of figures."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence

from ingest.ascii.segments import TypedLine, read_line
from ingest.ascii.tables import read_rows
from ingest.document import Document
from ingest.errors import DamagedFileError, OversizedFileError
from ingest.printing import Printing, SourceCell

MAX_BYTES = 32 * 1024 * 1024
"""The longest text that is read; the longest reports of the 1990s have some ten million characters."""
MAX_LINES = 1_000_000
"""A report of a thousand pages has some sixty thousand lines."""
MAX_TABLES = 10_000
"""A report of a thousand pages has some thousand tables."""
MAX_WIDTH = 2000
"""Characters of a line in which a table is looked for; a longer one is a paragraph."""
CHARACTER_WIDTH = 6.0
"""Points from one typed character to the next: 102 of them on US Letter."""
LABELS_BETWEEN = 3
"""So many lines without figures may stand between the rows of a table that no tag marks."""
HEAD_LINES = 8
"""So many lines above the first figures may be heads of a table that no tag marks."""
PROSE_WORDS = 9
"""A line of so many words without a gap is prose, not a row label."""

_PAGE = re.compile(r"<PAGE>", re.IGNORECASE)
_TABLE = re.compile(r"<TABLE\b[^>]*>", re.IGNORECASE)
_TABLE_END = re.compile(r"</TABLE>", re.IGNORECASE)
_CAPTION = re.compile(r"</?(?:CAPTION|FN)>", re.IGNORECASE)


def read_ascii(data: bytes) -> Document:
    """Read plain text, typed on a typewriter's grid or not.

    Pages end at ``<PAGE>`` and form feeds. Tables are what stands between ``<TABLE>`` and ``</TABLE>``, and
    other lines whose figures stand above one another. Raises DamagedFileError where there is no text and
    OversizedFileError beyond ``MAX_BYTES``, ``MAX_LINES`` or ``MAX_TABLES``.
    """
    if len(data) > MAX_BYTES:
        raise OversizedFileError(f"the text has {len(data) / 1e6:,.0f} MB, more than {MAX_BYTES / 1e6:,.0f}: split it")
    text = decode(data)
    if not text.strip():
        raise DamagedFileError("the file holds no text: get it again")
    lines = text.expandtabs(8).splitlines()
    if len(lines) > MAX_LINES:
        raise OversizedFileError(f"the file has {len(lines):,} lines, more than {MAX_LINES:,}: split it")
    tables = sum(1 for _ in _TABLE.finditer(text))
    if tables > MAX_TABLES:
        raise OversizedFileError(f"the file has {tables:,} tables, more than {MAX_TABLES:,}: split it")
    printing = Printing()
    for number, page in enumerate(_pages(lines)):
        if number:
            printing.break_page()
        for tagged, part in _parts(page):
            _print_table(part, printing) if tagged else _print_text(part, printing)
    pages, raw_tables = printing.finish()
    return Document("text/plain", pages, raw_tables)


def decode(data: bytes) -> str:
    """Text of any usual encoding: UTF-16 by its mark, UTF-8 where valid, else Windows-1252. Never fails."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("windows-1252", errors="replace")
    return text.replace("\0", "")


def _pages(lines: Sequence[str]) -> Iterator[list[tuple[bool, str]]]:
    """The lines of each page, each with whether it stands in a tagged table; one that runs on stays tagged."""
    page: list[tuple[bool, str]] = []
    tagged = False
    for line in lines:
        if _PAGE.search(line) and page:
            yield page
            page = []
        line = _PAGE.sub(" ", line)
        begins, ends = _TABLE.search(line), _TABLE_END.search(line)
        tagged = tagged or begins is not None
        if begins or ends:
            # The tag ends a table that is still under way, so that two in a row do not become one.
            page.append((False, ""))
            line = _TABLE_END.sub(" ", _TABLE.sub(" ", line))
        page.append((tagged, line))
        tagged = tagged and ends is None
    yield page


def _parts(page: Sequence[tuple[bool, str]]) -> Iterator[tuple[bool, list[str]]]:
    """Runs of lines that are all in one tagged table, or all outside of any."""
    part: list[str] = []
    before: bool | None = None
    for tagged, line in page:
        if before is not None and tagged != before and part:
            yield before, part
            part = []
        before = tagged
        part.append(line)
    if part and before is not None:
        yield before, part


def _print_table(source: Sequence[str], printing: Printing) -> None:
    typed = [read_line(line[:MAX_WIDTH]) for line in source]
    rows = read_rows(typed)
    if rows is None:
        for line in source:
            printing.line(_CAPTION.sub(" ", line) if line.strip() else "")
        return
    for row in rows:
        cells = [SourceCell(s.text, s.x0 * CHARACTER_WIDTH, s.x1 * CHARACTER_WIDTH) for s in row.cells]
        printing.row(row.label, row.indent * CHARACTER_WIDTH, cells)
    printing.end_table()


def _print_text(source: Sequence[str], printing: Printing) -> None:
    """Print lines outside of tagged tables; those whose figures stand above one another are a table."""
    typed = [read_line(line[:MAX_WIDTH]) for line in source]
    position = 0
    for start, end in _regions(typed):
        for line in source[position:start]:
            printing.line(_CAPTION.sub(" ", line))
        _print_table(source[start:end], printing)
        position = end
    for line in source[position:]:
        printing.line(_CAPTION.sub(" ", line))


def _regions(lines: Sequence[TypedLine]) -> Iterator[tuple[int, int]]:
    """Where tables without tags stand: rows of figures, at most a few labels apart, with the heads above them."""
    rows = [i for i, line in enumerate(lines) if _is_row(line)]
    groups: list[list[int]] = []
    for i in rows:
        if groups and _is_near(lines[groups[-1][-1] + 1 : i]):
            groups[-1].append(i)
        else:
            groups.append([i])
    previous = 0
    for group in groups:
        edges = [segment.x1 for i in group for segment in lines[i].values]
        if len(group) >= 2 and len(set(edges)) < len(edges):
            start = _head(lines, group[0], previous)
            previous = group[-1] + 1
            yield start, previous


def _is_row(line: TypedLine) -> bool:
    """Whether a line ends in figures that stand apart from what is left of them."""
    return len(line.segments) > 1 and line.segments[-1].is_value


def _is_near(between: Sequence[TypedLine]) -> bool:
    texts = [line for line in between if line.kind == "text"]
    blanks = sum(line.kind == "blank" for line in between)
    return len(texts) <= LABELS_BETWEEN and blanks <= LABELS_BETWEEN and not any(map(_is_prose, texts))


def _is_prose(line: TypedLine) -> bool:
    return len(line.segments) == 1 and len(line.segments[0].text.split()) >= PROSE_WORDS


def _head(lines: Sequence[TypedLine], first: int, lowest: int) -> int:
    """Where the heads above a table begin: lines with gaps or years, not prose."""
    start = first
    for i in range(first - 1, max(lowest, first - HEAD_LINES) - 1, -1):
        line = lines[i]
        if line.kind == "text":
            if _is_prose(line):
                break
            start = i
        elif line.kind == "blank" and i > 0 and lines[i - 1].kind == "blank":
            break
    return start
