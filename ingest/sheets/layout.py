"""Lays a sheet out as a page: titles become lines, the rest rows of tables with labels and cells."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from ingest.figures import is_year, read_figure
from ingest.printing import Printing, SourceCell
from ingest.sheets.workbook import SheetCell

COLUMN_WIDTH = 60.0
"""Points from one column to the next; sheets have widths of their own, which say nothing."""
INDENT = 10.0
"""Points by which a step of indentation moves a label."""

MIN_RECORDS = 3
"""So many rows with dates of their own are taken for records."""
_DATE = re.compile(r"\d{4}-\d\d-\d\d|\d{1,2}/\d{1,2}/\d{4}")
_UNITS = re.compile(r"^(.*?)\s+-\s+((?:[A-Z]{3} \(.{1,3}\)|shares?\b|\$ in\b|[A-Z][a-z]+ pure\b).*)$")
"""How EDGAR's renderer ends the title of a sheet: " - USD ($) shares in Thousands, $ in Millions"."""
_STRUCTURE = re.compile(r"\s*\[(?:Abstract|Roll Forward)\]$")
_EMPTY_STRUCTURE = re.compile(r"\[(?:Line Items|Table|Axis|Domain)\]$")


def place(sheet: str, cell: SheetCell) -> str:
    """Return the name of a cell in its workbook: ``Balance!B7``, ``'Cash flows'!B7``; ``B7`` where it has but one."""
    if not sheet:
        return cell.reference
    name = sheet if re.fullmatch(r"\w+", sheet) else "'" + sheet.replace("'", "''") + "'"
    return f"{name}!{cell.reference}"


def print_sheet(sheet: str, cells: Sequence[SheetCell], printing: Printing) -> None:
    """Print the cells of one sheet, which come row by row.

    A blank row ends a table only where heads follow it; many sheets set groups of rows apart by blank ones.
    """
    rows = [list(group) for _, group in groupby(cells, key=lambda cell: cell.row)]
    if _are_records(rows):
        _print_records(sheet, rows, printing)
        return
    first_figures = _first_figure_column(rows)
    in_table = False
    before = 0
    for number, row in enumerate(rows):
        apart = row[0].row > before + 1
        before = row[0].row
        if in_table and apart and _begins_table(rows[number:]):
            printing.end_table()
            in_table = False
        stub = [cell for cell in row if cell.column < first_figures and not _is_value(cell)]
        if not in_table and len(row) == 1 and row[0].column < first_figures and not _is_value(row[0]):
            printing.line(row[0].text, place(sheet, row[0]))
            continue
        in_table = True
        _print_row(sheet, row, stub, printing)


def print_lines(sheet: str, cells: Sequence[SheetCell], printing: Printing) -> None:
    """Print the rows of a sheet as lines of text: what stands in them are no figures of a table."""
    for _, row in groupby(cells, key=lambda cell: cell.row):
        first, *others = row
        said = ", ".join(cell.text for cell in others)
        printing.line(f"{first.text}: {said}" if said else first.text, place(sheet, first))


def _print_records(sheet: str, rows: Sequence[Sequence[SheetCell]], printing: Printing) -> None:
    """Print each record on a line, its values behind the names that the first row gives to their columns."""
    names = {cell.column: cell.text for cell in rows[0]}
    for row in rows[1:]:
        said = "; ".join(f"{names[c.column]}: {c.text}" if c.column in names else c.text for c in row)
        printing.line(said, place(sheet, row[0]))


def _are_records(rows: Sequence[Sequence[SheetCell]]) -> bool:
    """Whether the rows are records that carry their dates themselves, so that heads are none of periods."""
    body = rows[1:]
    dated = sum(any(_DATE.fullmatch(cell.text) for cell in row[1:]) for row in body)
    return len(body) >= MIN_RECORDS and dated > len(body) / 2 and not any(map(_is_value, rows[0]))


def _print_row(sheet: str, row: Sequence[SheetCell], stub: Sequence[SheetCell], printing: Printing) -> None:
    label = " ".join(cell.text for cell in stub)
    rest = [cell for cell in row if cell not in stub]
    title = _UNITS.match(label)
    if title and printing.is_empty:
        printing.line(title.group(1), place(sheet, row[0]))
        label = title.group(2)
    if _EMPTY_STRUCTURE.search(label) and not rest:
        return
    indent = (stub[0].column - 1 + stub[0].indent) * INDENT if stub else 0.0
    cells = [
        SourceCell(c.text, (c.column - 1) * COLUMN_WIDTH, c.last * COLUMN_WIDTH - 5, place(sheet, c)) for c in rest
    ]
    printing.row(_STRUCTURE.sub("", label), indent, cells, place(sheet, row[0]))


def _first_figure_column(rows: Sequence[Sequence[SheetCell]]) -> int:
    """The leftmost column of figures; one in which labels stand more often is not one of figures."""
    figures: dict[int, int] = {}
    for cell in _all(rows):
        figures[cell.column] = figures.get(cell.column, 0) + (1 if _is_value(cell) else -1)
    return min((column for column, votes in figures.items() if votes > 0), default=_second_column(rows))


def _second_column(rows: Sequence[Sequence[SheetCell]]) -> int:
    return min((row[1].column for row in rows if len(row) > 1), default=2)


def _all(rows: Sequence[Sequence[SheetCell]]) -> Iterator[SheetCell]:
    return (cell for row in rows for cell in row)


def _is_value(cell: SheetCell) -> bool:
    return read_figure(cell.text) is not None and not is_year(cell.text)


def _begins_table(rows: Sequence[Sequence[SheetCell]]) -> bool:
    """Whether heads come next: a row of several cells, or of one right of the labels, before any figures."""
    for row in rows:
        if any(_is_value(cell) for cell in row):
            return False
        if len(row) > 1 or row[0].column > 1:
            return True
        if row is not rows[0] and row[0].row > rows[0][0].row + len(rows):
            return False
    return False
