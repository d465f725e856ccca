"""Raw tables become Tables: columns get periods, cells get units and scale, rows get their headings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from ingest.cell_periods import TablePeriods
from ingest.column_periods import ColumnTime, column_times, without_twins
from ingest.columns import (
    Extent,
    Setting,
    column_heads,
    column_of,
    find_columns,
    header_rows,
    percent_columns,
)
from ingest.dates import find_date
from ingest.document import RawCell, RawRow, RawTable
from ingest.figures import is_year, read_figure
from ingest.filing import Cell, Column, Period, Row, Section, Statement, Table
from ingest.row_times import row_times
from ingest.rulings import in_order
from ingest.scale import Scale, find_scale
from ingest.statement_tables import Home, homes_of
from ingest.statements import statement_of
from ingest.table_scale import largest_counts, scale_of_table, source_of
from ingest.units import unit_and_scale
from ingest.unlabelled import label_totals

INDENT = 2.5
"""Points by which labels must differ to be on different levels."""
SAME_COLUMN = 14.0
"""Points by which the columns of a continued table may have moved."""
REPEATED = 0.3
"""A statement that repeats more than this share of the labels of the one before is another company's, or another."""
_CONTINUED = re.compile(r"\bcontinued\b|\bcont[’']?d\b", re.I)


@dataclass(frozen=True, slots=True)
class _Part:
    """A table as far as it stands on one page: what is printed, where its columns are, and their heads."""

    raw: RawTable
    extents: list[Extent]
    stub: str
    heads: list[list[str]]
    times: list[ColumnTime]
    scale: Scale | None


def understand(raw_tables: Sequence[RawTable], setting: Setting, sections: Sequence[Section] = ()) -> tuple[Table, ...]:
    """Return the tables with their meaning; a table that runs over pages becomes one.

    ``sections`` tell which tables are the filing's statements.
    """
    tables: list[Table] = []
    previous: _Part | None = None
    raw_tables = in_order(raw_tables)
    for raw, home in zip(raw_tables, homes_of(raw_tables, sections), strict=True):
        extents = find_columns(raw.rows)
        if not extents:
            continue
        part, table = _table(f"t{len(tables) + 1}", raw, extents, home, setting)
        if previous is not None and tables and _continues(previous, part, tables[-1], table):
            previous = replace(previous, raw=raw, extents=extents)
            tables[-1] = _stitch(tables[-1], previous, table, setting)
        else:
            tables.append(table)
            previous = part
    return tuple(tables)


def _table(name: str, raw: RawTable, extents: list[Extent], home: Home, setting: Setting) -> tuple[_Part, Table]:
    head = header_rows(raw.rows)
    header, body = raw.rows[:head], raw.rows[head:]
    scale = scale_of_table(raw, head, setting.scale)
    heads = column_heads(header, extents)
    stub = " ".join(row.label for row in header)
    part = _Part(raw, extents, stub, heads, column_times(raw.caption, header, heads), scale)
    columns, rows = _columns_and_rows(part, body, home.like, setting)
    return part, Table(
        id=name,
        title=_title(raw.caption, header),
        statement=home.statement,
        columns=columns,
        rows=label_totals(rows),
        scale=scale.power if scale else 0,
        unit=(scale.currency or setting.currency) if scale else None,
        scale_source=source_of(scale),
        first_page=raw.page,
        last_page=raw.page,
    )


@dataclass(frozen=True, slots=True)
class _Reading:
    """What the cells of one column have in common: their head with its unit, their largest count of shares."""

    column: Column
    head: str
    largest: Decimal
    is_twin: bool
    statement: Statement | None


def _columns_and_rows(
    part: _Part, body: Sequence[RawRow], statement: Statement | None, setting: Setting
) -> tuple[tuple[Column, ...], tuple[Row, ...]]:
    body, years = _with_years_apart(body, part.extents)
    heads = [" ".join(head) for head in part.heads]
    rows = row_times(body, part.extents, setting, years, part.stub)
    periods = TablePeriods(part.times, heads, rows, body, statement, setting, part.raw.caption)
    percent = percent_columns(body, part.extents)
    columns = [Column(i, tuple(head), periods.of_column(i)) for i, head in enumerate(part.heads)]
    twins = without_twins(columns, percent)
    columns = [replace(column, period=None) if column.index in twins else column for column in columns]
    largest = largest_counts(body, part.extents, heads)
    readings = [
        _Reading(column, _head_for_unit(column, column.index in percent), most, column.index in twins, statement)
        for column, most in zip(columns, largest, strict=True)
    ]
    return tuple(columns), _rows(part, body, readings, periods, setting)


def _with_years_apart(rows: Sequence[RawRow], extents: list[Extent]) -> tuple[list[RawRow], dict[int, int]]:
    """Take years that stand in a column of their own left of the figures out of the cells, by number of row.

    A row that prints only its year has the label of the row above it.
    """
    result: list[RawRow] = []
    years: dict[int, int] = {}
    label = ""
    for number, row in enumerate(rows):
        first = row.cells[0] if len(row.cells) > 1 else None
        if first is not None and is_year(first.text) and first.x1 <= extents[0].x0:
            years[number] = int(first.text.strip()[:4])
            row = replace(row, label=row.label or label, cells=row.cells[1:])
        label = row.label or label
        result.append(row)
    return result, years


def _head_for_unit(column: Column, percent: bool) -> str:
    head = " ".join(text for text in column.header if not re.search(r"\bexcept\b", text, re.I))
    return f"{head} %" if percent else head


def _rows(
    part: _Part,
    body: Sequence[RawRow],
    readings: Sequence[_Reading],
    periods: TablePeriods,
    setting: Setting,
) -> tuple[Row, ...]:
    levels = _levels(body)
    headings: list[tuple[float, str]] = []
    rows: list[Row] = []
    after_values = True
    edge = 0.0
    for number, raw in enumerate(body):
        # Rows that are indented below a heading end it when they come back to its edge.
        back = edge > raw.indent + INDENT and after_values
        while headings and headings[-1][0] > raw.indent + (-INDENT if back else INDENT):
            headings.pop()
        edge = raw.indent
        if not raw.cells:
            while after_values and headings and headings[-1][0] > raw.indent - INDENT:
                headings.pop()
            path = tuple(text for _, text in headings)
            headings.append((raw.indent, raw.label))
        else:
            path = tuple(text for _, text in headings)
        after_values = bool(raw.cells)
        cells: list[Cell] = []
        for cell in raw.cells:
            reading = readings[column_of(cell, part.extents)]
            period = None if reading.is_twin else periods.of_cell(reading.column.index, number)
            cells.append(_cell(cell, raw.label, path, reading, period, part.scale, setting.currency))
        rows.append(Row(raw.label, levels(raw.indent), path, tuple(cells), raw.span))
    return tuple(rows)


def _levels(body: Sequence[RawRow]) -> _Levels:
    return _Levels(sorted({row.indent for row in body if row.label}))


class _Levels:
    """Numbers the left edges of labels from 0."""

    def __init__(self, edges: list[float]) -> None:
        self.edges: list[float] = []
        for edge in edges:
            if not self.edges or edge - self.edges[-1] > INDENT:
                self.edges.append(edge)

    def __call__(self, indent: float) -> int:
        return max(sum(1 for edge in self.edges if edge <= indent + INDENT) - 1, 0)


def _cell(
    raw: RawCell,
    label: str,
    path: tuple[str, ...],
    reading: _Reading,
    period: Period | None,
    scale: Scale | None,
    currency: str,
) -> Cell:
    index, figure = reading.column.index, read_figure(raw.text)
    if figure is None:
        return Cell(index, raw.text, None, 0, None, period, raw.span)
    currency = (scale.currency if scale else None) or currency
    unit, power = unit_and_scale(figure, label, path, reading.head, scale, currency, reading.largest, reading.statement)
    return Cell(index, raw.text, figure.number, power, unit, period, raw.span)


def _title(caption: Sequence[str], header: Sequence[RawRow]) -> str:
    """The caption line that names the table: a statement's title, else the nearest line that is no unit or date."""
    lines = [*caption, *(row.label for row in header if row.label)]
    for line in reversed(lines):
        if statement_of([line]):
            return line
    for line in reversed(lines):
        if find_scale(line) is None and not (find_date(line) and len(line.split()) < 8) and len(line) < 160:
            return line
    return ""


def _continues(before: _Part, part: _Part, first: Table, rest: Table) -> bool:
    """Whether ``part`` is the rest of the table before it: below it, or at the top of the next page."""
    if part.raw.page not in (before.raw.page, before.raw.page + 1) or len(part.extents) != len(before.extents):
        return False
    if not all(abs(a.x1 - b.x1) <= SAME_COLUMN for a, b in zip(part.extents, before.extents, strict=True)):
        return False
    headless = not any(column.header or column.period for column in rest.columns)
    if rest.statement is not None and not (headless and rest.statement == first.statement):
        return part.raw.page > before.raw.page and _is_same_statement(first, rest)
    again = [column.header for column in rest.columns] == [column.header for column in first.columns]
    return headless or (
        part.raw.page > before.raw.page and again and any(_CONTINUED.search(line) for line in part.raw.caption[-3:])
    )


def _is_same_statement(first: Table, rest: Table) -> bool:
    """Whether a statement goes on under its own title, with other lines for the same periods."""
    periods = [column.period for column in rest.columns]
    if rest.statement != first.statement or None in periods or periods != [column.period for column in first.columns]:
        return False
    labels = {row.label for row in rest.rows if row.cells}
    repeated = labels & {row.label for row in first.rows if row.cells}
    return len(repeated) <= REPEATED * len(labels)


def _stitch(first: Table, part: _Part, rest: Table, setting: Setting) -> Table:
    """Append a continued table's rows to the first part, under the first part's heads and scale."""
    raw = part.raw
    body = raw.rows[header_rows(raw.rows) :] if any(column.period for column in rest.columns) else raw.rows
    _, rows = _columns_and_rows(part, body, first.statement, setting)
    return replace(first, rows=first.rows + rows, last_page=raw.page)
