"""Prints pages line by line and tables row by row, for readers whose source has no layout of its own to keep."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.document import RawCell, RawRow, RawTable
from ingest.filing import Line, Page, Span
from ingest.htm.labels import page_labels

PAGE_WIDTH = 612.0
PAGE_HEIGHT = 792.0
"""US Letter in points, for sources whose pages have no size."""
CAPTION_LINES = 6
"""So many lines above a table are kept as its caption."""
GAP = "  "
"""What stands between the cells of a row in the text of a page."""


@dataclass(frozen=True, slots=True)
class SourceCell:
    """A cell as the source has it: its text, its horizontal extent, the name of its place if it has one."""

    text: str
    x0: float
    x1: float
    element: str | None = None


class Printing:
    """Pages and tables, printed from top to bottom."""

    def __init__(self) -> None:
        self._pages: list[list[Line]] = [[]]
        self._length = 0
        self._tables: list[RawTable] = []
        self._rows: list[RawRow] | None = None
        self._above = 0

    @property
    def page(self) -> int:
        """The index of the page that is being printed."""
        return len(self._pages) - 1

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands on the page that is being printed."""
        return not self._pages[-1]

    def break_page(self, *, even_if_empty: bool = False) -> None:
        """End the table and the page; a page on which nothing stands is used on unless it is to stay."""
        self.end_table()
        if self._pages[-1] or even_if_empty:
            self._pages.append([])
            self._length = self._above = 0

    def line(self, text: str, element: str | None = None) -> None:
        """Print one line of text outside of tables; nothing happens if it is blank."""
        text = " ".join(text.split())
        if text:
            self.end_table()
            self._print(text, element)

    def row(self, label: str, indent: float, cells: Sequence[SourceCell], element: str | None = None) -> None:
        """Print one row of a table, which begins with it unless one is under way. A blank row is not printed."""
        label = " ".join(label.split())
        if not label and not cells:
            return
        if self._rows is None:
            above = self._pages[-1][self._above :][-CAPTION_LINES:]
            self._rows = []
            self._tables.append(RawTable(self.page, tuple(line.text for line in above), ()))
        texts = [*([label] if label else []), *(cell.text for cell in cells)]
        start = self._print(GAP.join(texts), element)
        position = start + (len(label) + len(GAP) if label else 0)
        placed = []
        for cell in cells:
            span = Span(self.page, None, None, cell.element or element, (position, position + len(cell.text)))
            placed.append(RawCell(cell.text, cell.x0, cell.x1, span))
            position += len(cell.text) + len(GAP)
        self._rows.append(
            RawRow(label, indent, tuple(placed), Span(self.page, None, None, element, (start, self._length)))
        )

    def end_table(self) -> None:
        """End the table that is under way, if one is."""
        if self._rows is not None:
            self._tables[-1] = replace(self._tables[-1], rows=tuple(self._rows))
            self._rows = None
            self._above = len(self._pages[-1])

    def _print(self, text: str, element: str | None) -> int:
        lines = self._pages[-1]
        start = self._length + 1 if lines else 0
        self._length = start + len(text)
        lines.append(Line(text, (start, self._length), None, element))
        return start

    def finish(
        self, labels: Sequence[str | None] | None = None, size: tuple[float, float] = (PAGE_WIDTH, PAGE_HEIGHT)
    ) -> tuple[tuple[Page, ...], tuple[RawTable, ...]]:
        """Return the pages and tables. Without ``labels`` the printed page numbers are looked for."""
        self.end_table()
        lines = self._pages if len(self._pages) == 1 or self._pages[-1] else self._pages[:-1]
        names = list(labels) if labels is not None else page_labels([[line.text for line in page] for page in lines])
        pages = tuple(
            Page(i, names[i], "\n".join(line.text for line in page), tuple(page), *size) for i, page in enumerate(lines)
        )
        return pages, tuple(_labelled(table, names[table.page]) for table in self._tables)


def _labelled(table: RawTable, label: str | None) -> RawTable:
    """The table with the printed page number in every span."""
    rows = tuple(
        replace(
            row,
            span=replace(row.span, page_label=label),
            cells=tuple(replace(cell, span=replace(cell.span, page_label=label)) for cell in row.cells),
        )
        for row in table.rows
    )
    return replace(table, rows=rows)
