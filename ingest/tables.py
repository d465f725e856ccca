"""Raw tables become Tables: columns get periods, cells get units and scale, rows get their headings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.columns import (
    Extent,
    Setting,
    column_of,
    describe_columns,
    find_columns,
    header_rows,
    is_comparison,
    percent_columns,
)
from ingest.document import RawCell, RawRow, RawTable
from ingest.figures import read_figure
from ingest.filing import Cell, Column, Period, Row, Table
from ingest.periods import PeriodHints, find_date, read_hints, resolve
from ingest.scale import Scale, find_scale, find_share_power, unit_and_scale
from ingest.statements import statement_of

INDENT = 2.5
"""Points by which labels must differ to be on different levels."""
SAME_COLUMN = 14.0
"""Points by which the columns of a continued table may have moved."""
_CONTINUED = re.compile(r"\bcontinued\b|\bcont[’']?d\b", re.I)


def understand(raw_tables: Sequence[RawTable], setting: Setting) -> tuple[Table, ...]:
    """Return the tables with their meaning; a table that runs over pages becomes one."""
    tables: list[Table] = []
    previous: tuple[RawTable, list[Extent]] | None = None
    for raw in raw_tables:
        extents = find_columns(raw.rows)
        if not extents:
            continue
        table = _table(f"t{len(tables) + 1}", raw, extents, setting)
        if previous is not None and tables and _continues(previous, raw, extents, table):
            tables[-1] = _stitch(tables[-1], raw, extents, table, setting)
        else:
            tables.append(table)
        previous = (raw, extents)
    return tuple(tables)


def _table(name: str, raw: RawTable, extents: list[Extent], setting: Setting) -> Table:
    head = header_rows(raw.rows)
    header, body = raw.rows[:head], raw.rows[head:]
    titles = [*raw.caption, *(row.label for row in header if row.label)]
    statement = statement_of(titles)
    stated = _stated_scale(raw.caption, raw.rows[: head + 2])
    scale = stated or _scale_of_shares(raw.caption, raw.rows[: head + 2], setting.scale)
    columns = describe_columns(raw, header, body, extents, statement, setting)
    rows = _rows(body, columns, extents, scale, setting)
    return Table(
        id=name,
        title=_title(raw.caption, header),
        statement=statement,
        columns=columns,
        rows=rows,
        scale=scale.power if scale else 0,
        unit=setting.currency if scale else None,
        scale_source=stated.source if stated else (f"as in the statements: {scale.source}" if scale else None),
        first_page=raw.page,
        last_page=raw.page,
    )


def _stated_scale(caption: Sequence[str], rows: Sequence[RawRow]) -> Scale | None:
    for row in rows:
        for text in (row.label, *(cell.text for cell in row.cells)):
            if scale := find_scale(text):
                return scale
    for line in reversed(caption):
        if scale := find_scale(line):
            return scale
    return None


def _scale_of_shares(caption: Sequence[str], rows: Sequence[RawRow], statements: Scale | None) -> Scale | None:
    """The statements' scale, with the scale that a table states for its shares alone."""
    for text in [
        *(text for row in rows for text in (row.label, *(cell.text for cell in row.cells))),
        *reversed(caption),
    ]:
        power = find_share_power(text)
        if power is not None:
            return replace(statements or Scale(0, None, ""), share_power=power, source=text)
    return statements


def _rows(
    body: Sequence[RawRow], columns: tuple[Column, ...], extents: list[Extent], scale: Scale | None, setting: Setting
) -> tuple[Row, ...]:
    levels = _levels(body)
    percent = percent_columns(body, extents)
    headings: list[tuple[float, str]] = []
    rows: list[Row] = []
    clock = None if any(column.period for column in columns) else _RowPeriods(setting)
    after_values = True
    edge = 0.0
    for raw in body:
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
        cells = tuple(_cell(cell, raw.label, path, columns, extents, percent, scale, setting) for cell in raw.cells)
        if clock is not None:
            period = clock.at(raw)
            cells = tuple(c if is_comparison(columns[c.column].header) else replace(c, period=period) for c in cells)
        rows.append(Row(raw.label, levels(raw.indent), path, cells, raw.span))
    return tuple(rows)


class _RowPeriods:
    """The period of each row of a table whose columns have none, as its headings and labels tell.

    "Three Months Ended June 30, 2025" above rows is theirs until the next such heading; "Balance at
    December 31, 2024" is the row's own. A label that gives a day without a length, or a length without
    a day, tells nothing.
    """

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.current: Period | None = None

    def at(self, row: RawRow) -> Period | None:
        """Return the period of ``row``, which comes after those asked about before."""
        said = read_hints(row.label)
        told = self._resolve(said) if said.end is not None and said.months is not None else None
        if not row.cells:
            self.current = told if told is not None else self.current
        elif told is not None and told.is_instant:
            return told
        return self.current

    def _resolve(self, hints: PeriodHints) -> Period | None:
        return resolve(hints, self.setting.fiscal)


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
    columns: tuple[Column, ...],
    extents: list[Extent],
    percent: frozenset[int],
    scale: Scale | None,
    setting: Setting,
) -> Cell:
    index = column_of(raw, extents)
    column = columns[index]
    figure = read_figure(raw.text)
    if figure is None:
        return Cell(index, raw.text, None, 0, None, column.period, raw.span)
    head = " ".join(text for text in column.header if not re.search(r"\bexcept\b", text, re.I))
    unit, power = unit_and_scale(
        figure, label, path, f"{head} %" if index in percent else head, scale, setting.currency
    )
    return Cell(index, raw.text, figure.number, power, unit, column.period, raw.span)


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


def _continues(previous: tuple[RawTable, list[Extent]], raw: RawTable, extents: list[Extent], table: Table) -> bool:
    """Whether ``raw`` is the rest of the previous table: below it, or at the top of the next page."""
    before, before_extents = previous
    if raw.page not in (before.page, before.page + 1) or len(extents) != len(before_extents):
        return False
    aligned = all(abs(a.x1 - b.x1) <= SAME_COLUMN for a, b in zip(extents, before_extents, strict=True))
    headless = not any(column.header or column.period for column in table.columns)
    continued = raw.page > before.page and any(_CONTINUED.search(line) for line in raw.caption[-3:])
    return aligned and table.statement is None and (headless or continued)


def _stitch(first: Table, raw: RawTable, extents: list[Extent], rest: Table, setting: Setting) -> Table:
    """Append a continued table's rows to the first part, under the first part's heads and scale."""
    body = raw.rows[header_rows(raw.rows) :] if any(column.period for column in rest.columns) else raw.rows
    scale = Scale(first.scale, None, first.scale_source or "") if first.scale_source else None
    rows = _rows(body, first.columns, extents, scale, setting)
    return replace(first, rows=first.rows + rows, last_page=raw.page)
