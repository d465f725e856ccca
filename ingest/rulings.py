"""Tables whose rows do not stand in one set of columns: subtotals ruled off to the side, each row a table of its own.

British accounts print the parts of a sum in an inner column and the sum in an outer one, so that there are more
columns than years, and some programs write each row as a table. Where every row has as many figures as the
others, they are those of the heads in order, wherever they stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ingest.columns import column_of, find_columns, header_rows
from ingest.document import RawCell, RawRow, RawTable
from ingest.figures import CURRENCIES, is_year, read_figure

FEWEST = 2
"""A row with one figure does not tell in which order figures stand."""
_HEADING = re.compile(r"^[^\W\d][^\d£$€]{1,60}$")
"""A line between two rows that is a heading within their table: "AMORTISATION", "Effects of:"."""
_NOTE = re.compile(r"^\d{1,2}(?:\.\d{1,2})?[a-z]?$")


def in_order(raw_tables: Sequence[RawTable]) -> list[RawTable]:
    """Return the tables, those of rows alone joined to the one above, with figures that are out of line in order."""
    joined: list[RawTable] = []
    for raw in raw_tables:
        above = joined[-1] if joined else None
        if above is not None and _goes_on(above, raw):
            headings = [RawRow(line, 0.0, (), raw.rows[0].span) for line in raw.caption]
            joined[-1] = replace(above, rows=(*above.rows, *headings, *raw.rows))
        else:
            joined.append(raw)
    return [_aligned(raw) for raw in joined]


def _goes_on(above: RawTable, raw: RawTable) -> bool:
    """Whether a table is the rest of the one above it: its heads stand there, or it is a row like those there."""
    if raw.page != above.page or header_rows(raw.rows) or not find_columns(raw.rows) or len(raw.caption) > 1:
        return False
    if any(not _HEADING.match(line) for line in raw.caption):
        return False
    count = _figures_in_rows(raw.rows)
    if count is None:
        return False
    if not find_columns(above.rows):
        return _heads(above) == count
    return not header_rows(above.rows) and len(raw.rows) == 1 and _figures_in_rows(above.rows) == count


def _heads(raw: RawTable) -> int | None:
    """How many heads a table of heads alone has: the same in each of its rows."""
    counts = {len(_cells(row)) for row in raw.rows if row.cells}
    return counts.pop() if len(counts) == 1 else None


def _aligned(raw: RawTable) -> RawTable:
    head = header_rows(raw.rows)
    count = _figures_in_rows(raw.rows[head:])
    heads = {len(_cells(row)) for row in raw.rows[:head] if row.cells}
    if count is None or heads - {count} or not _out_of_line(raw.rows[head:], count):
        return raw
    body = tuple(_in_place(row, count) for row in raw.rows[head:])
    return replace(raw, rows=(*(_in_place(row, count) for row in raw.rows[:head]), *body))


def _out_of_line(rows: Sequence[RawRow], count: int) -> bool:
    """Whether the figures of the rows make more columns than each row has, or two of a row stand in one column."""
    extents = find_columns(rows)
    if len(extents) > count:
        return True
    places = ([column_of(cell, extents) for cell in row.cells if read_figure(cell.text)] for row in rows)
    return any(len(set(place)) < len(place) for place in places)


def _in_place(row: RawRow, count: int) -> RawRow:
    """The row with its last ``count`` cells in columns of their own, and without a reference to a note before them."""
    cells = _cells(row)[-count:]
    label = "" if len(cells) > len(row.cells) else row.label
    return replace(
        row, label=label, cells=tuple(replace(cell, x0=2.0 * n, x1=2.0 * n + 1) for n, cell in enumerate(cells))
    )


def _figures_in_rows(rows: Sequence[RawRow]) -> int | None:
    """How many figures each row has, if it is the same number in all that have any; a note's number is none."""
    counts = set(_counts(rows))
    return counts.pop() if len(counts) == 1 and min(counts) >= FEWEST else None


def _counts(rows: Sequence[RawRow]) -> Iterator[int]:
    for row in rows:
        cells = _cells(row)
        if not cells:
            continue
        figures = [cell for cell in cells if read_figure(cell.text) and not is_year(cell.text)]
        if len(figures) != len(cells):
            yield 0
        yield len(figures) - (len(figures) > FEWEST and _NOTE.match(figures[0].text.strip()) is not None)


def _cells(row: RawRow) -> list[RawCell]:
    """The cells of a row, with the figure or the sign of a currency that stands in place of its label."""
    if row.cells and (read_figure(row.label) or row.label.strip() in CURRENCIES):
        first = RawCell(row.label, row.cells[0].x0 - 1, row.cells[0].x0, row.span)
        return [first, *row.cells]
    return list(row.cells)
