"""Lays the cells of a table out on a grid, with column and row spans."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from ingest.htm.cells import Slot
from ingest.htm.markup import CellText, Markup, read_cell

MAX_COLUMNS = 1000
"""The columns of a table that count, as many as HTML lets one cell span; what lies beyond has no grid."""

_POINTS_PER_NBSP = 2.5
_POINTS_PER_EMPTY_COLUMN = 9.0
_LONG_CELL = 2000


@dataclass(frozen=True, slots=True)
class GridRow:
    """A row with its non-empty cells from left to right, and the page breaks that its style asks for."""

    element: etree._Element
    slots: tuple[Slot, ...]
    breaks_before: bool = False
    breaks_after: bool = False


def read_grid(markup: Markup, table: etree._Element) -> list[GridRow] | None:
    """Return the rows of a table in which something is printed; None where it only lays out a page.

    A table lays out a page when another table of more than one row stands in it, or a cell as long as
    a page with several lines.
    """
    if _holds_tables(markup, table):
        return None
    rows: list[GridRow] = []
    hanging: dict[int, int] = {}
    for element in _children(markup, table, "tr"):
        row, is_layout = _read_row(markup, element, hanging)
        if is_layout:
            return None
        if row.slots or row.breaks_before or row.breaks_after:
            rows.append(row)
    return rows


def _holds_tables(markup: Markup, table: etree._Element) -> bool:
    for inner in table.iter(table.tag):
        if inner is not table and sum(1 for _ in _children(markup, inner, "tr")) > 1:
            return True
    return False


def _children(markup: Markup, parent: etree._Element, wanted: str) -> Iterator[etree._Element]:
    """Yield the rows of a table or the cells of a row, through any element that is put in between."""
    stops = ("table", "td", "th") if wanted == "tr" else ("table", "tr")
    stack = [iter(parent)]
    while stack:
        element = next(stack[-1], None)
        if element is None:
            stack.pop()
            continue
        name, style = markup.look(element)
        if markup.is_hidden(element, name, style):
            continue
        if name == wanted or (wanted == "td" and name == "th"):
            yield element
        elif name not in stops:
            stack.append(iter(element))


def _read_row(markup: Markup, element: etree._Element, hanging: dict[int, int]) -> tuple[GridRow, bool]:
    """Read one row; ``hanging`` holds the columns that cells of rows above still cover, and is updated."""
    _, style = markup.look(element)
    before, after = style.breaks_before, style.breaks_after
    slots: list[Slot] = []
    covered = {column for column, rows in hanging.items() if rows > 0}
    for column in covered:
        hanging[column] -= 1
    column = 0
    for cell in _children(markup, element, "td"):
        while column in covered:
            column += 1
        width, height = _span(cell, "colspan"), _span(cell, "rowspan")
        content = read_cell(markup, cell)
        if height > 1:
            for spanned in range(column, min(column + width, MAX_COLUMNS)):
                hanging[spanned] = height - 1
        if content.fragment.text:
            if len(content.fragment.text) > _LONG_CELL and len(content.fragment.breaks) > 3:
                return GridRow(element, ()), True
            slots.append(_slot(column, width, content))
        before, after = before or content.breaks_before, after or content.breaks_after
        column += width
    return GridRow(element, tuple(slots), before, after), False


def _slot(column: int, width: int, content: CellText) -> Slot:
    indent = max(content.indent, 0.0) + content.fragment.nbsp * _POINTS_PER_NBSP
    indent += column * _POINTS_PER_EMPTY_COLUMN
    return Slot(
        column,
        column + width,
        content.fragment,
        content.element,
        content.tagged_text,
        indent,
        content.links,
    )


def _span(cell: etree._Element, name: str) -> int:
    text = cell.get(name)
    if text is None:
        return 1
    digits = text.strip()
    return min(max(int(digits), 1), MAX_COLUMNS) if digits.isascii() and digits.isdigit() and len(digits) < 7 else 1
