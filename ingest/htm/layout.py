"""Collects the lines, pages and tables of a file while it is walked, and knows where each tagged fact stands."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from ingest.document import RawCell, RawRow, RawTable
from ingest.filing import Line, Page, Span
from ingest.htm.cells import is_value
from ingest.htm.fragment import Fragment, joined
from ingest.htm.labels import page_labels
from ingest.htm.tables import PrintedRow

PAGE_WIDTH = 612.0
PAGE_HEIGHT = 792.0
"""US Letter in points; HTML has no size of its own."""

_CAPTION_LINES = 6
_GAP = "  "


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is printed: page index, element id, half-open character range of the page text."""

    page: int
    element: str | None
    chars: tuple[int, int]


@dataclass(frozen=True, slots=True)
class PrintedFact:
    """How a tagged fact is printed. ``label`` is that of its table row, None outside of tables."""

    place: Place
    text: str
    label: str | None


@dataclass(slots=True)
class _DraftRow:
    label: str
    indent: float
    cells: list[tuple[str, float, float, Place]]
    place: Place


@dataclass(slots=True)
class _DraftTable:
    page: int
    caption: tuple[str, ...]
    rows: list[_DraftRow]


class Layout:
    """The printed side of a file, built from top to bottom."""

    def __init__(self) -> None:
        self.facts: dict[etree._Element, PrintedFact] = {}
        self._pages: list[list[Line]] = [[]]
        self._length = 0
        self._tables: list[_DraftTable] = []
        self._open: _DraftTable | None = None
        self._above = 0

    @property
    def page(self) -> int:
        """The index of the page that is being filled."""
        return len(self._pages) - 1

    def break_page(self) -> None:
        """Begin a new page, unless nothing stands on this one yet."""
        if self._pages[-1]:
            self._pages.append([])
            self._length = self._above = 0
            self._open = None

    def add_line(self, fragment: Fragment, element: str | None) -> None:
        """Print one line; nothing happens if it is empty."""
        if fragment.text:
            start = self._print(fragment.text, element)
            for tagged, begin, end in fragment.marks:
                self._place(tagged, fragment.text[begin:end], start + begin, element, None)

    def begin_table(self) -> None:
        """Begin a table of numbers; the lines just above become its caption."""
        self._open = None

    def add_row(self, row: PrintedRow, element: str | None) -> None:
        """Print one row of the table that was begun, label and cells on one line."""
        slots = [*((row.label,) if row.label else ()), *row.cells]
        fragment = joined([slot.fragment for slot in slots], _GAP)
        tagged_id = next((slot.element for slot in slots if slot.element), None)
        table = self._table()
        start = self._print(fragment.text, tagged_id or element)
        self._above = len(self._pages[-1])
        label = row.label.text if row.label else ""
        place = Place(self.page, tagged_id or element, (start, start + len(fragment.text)))
        draft = _DraftRow(label, row.label.indent if row.label else 0.0, [], place)
        position = start
        for slot in slots:
            where = Place(self.page, slot.element or element, (position, position + len(slot.text)))
            if slot is not row.label:
                draft.cells.append((slot.text, float(slot.x0), float(slot.x1), where))
            whole = slot is not row.label and len(slot.fragment.marks) == 1 and is_value(slot.text)
            for tagged, begin, end in slot.fragment.marks:
                begin, end = (0, len(slot.text)) if whole else (begin, end)
                self._place(tagged, slot.text[begin:end], position + begin, slot.element, label or None)
            position += len(slot.text) + len(_GAP)
        table.rows.append(draft)

    def _table(self) -> _DraftTable:
        if self._open is None:
            above = self._pages[-1][self._above :][-_CAPTION_LINES:]
            self._open = _DraftTable(self.page, tuple(line.text for line in above), [])
            self._tables.append(self._open)
        return self._open

    def _print(self, text: str, element: str | None) -> int:
        lines = self._pages[-1]
        start = self._length + 1 if lines else 0
        self._length = start + len(text)
        lines.append(Line(text, (start, self._length), None, element))
        return start

    def _place(self, tagged: etree._Element, text: str, start: int, element: str | None, label: str | None) -> None:
        place = Place(self.page, tagged.get("id") or element, (start, start + len(text)))
        self.facts[tagged] = PrintedFact(place, text, label)

    def finish(self) -> Printed:
        """Return the pages with their printed numbers, and the tables on them."""
        pages = self._pages if self._pages[-1] or len(self._pages) == 1 else self._pages[:-1]
        labels = page_labels([[line.text for line in lines] for lines in pages])
        return Printed(
            tuple(
                Page(i, labels[i], "\n".join(s.text for s in lines), tuple(lines), PAGE_WIDTH, PAGE_HEIGHT)
                for i, lines in enumerate(pages)
            ),
            tuple(_as_raw_table(table, labels) for table in self._tables),
            self.facts,
        )


@dataclass(frozen=True, slots=True)
class Printed:
    """All that is printed in a file, and where each tagged fact that is printed stands."""

    pages: tuple[Page, ...]
    tables: tuple[RawTable, ...]
    facts: dict[etree._Element, PrintedFact]

    def span(self, place: Place) -> Span:
        """Return the place as a span, with the printed page number."""
        return Span(place.page, self.pages[place.page].label, None, place.element, place.chars)


def _as_raw_table(table: _DraftTable, labels: list[str | None]) -> RawTable:
    def span(place: Place) -> Span:
        return Span(place.page, labels[place.page], None, place.element, place.chars)

    rows = tuple(
        RawRow(
            row.label,
            row.indent,
            tuple(RawCell(text, x0, x1, span(place)) for text, x0, x1, place in row.cells),
            span(row.place),
        )
        for row in table.rows
    )
    return RawTable(table.page, table.caption, rows)
