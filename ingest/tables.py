"""Raw tables become Tables: columns get periods, cells get units and scale, rows get their headings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from ingest.document import RawCell, RawRow, RawTable
from ingest.figures import Figure, are_percentages, is_year, read_figure
from ingest.filing import Cell, Column, Period, Row, Statement, Table
from ingest.periods import FiscalCalendar, PeriodHints, all_dates, find_date, read_hints, resolve, without_date
from ingest.scale import Scale, find_scale, find_share_power, unit_and_scale
from ingest.statements import statement_of
from ingest.vocabulary import Vocabulary

INDENT = 2.5
"""Points by which labels must differ to be on different levels."""
SAME_COLUMN = 14.0
"""Points by which the columns of a continued table may have moved."""
OFF_CENTRE = 0.36
"""A head over several columns may be off their middle by this share of the distance between two columns."""
_SPEAKS_OF_TIME = re.compile(r"\b(?:ended|ending|as of|at|fiscal|year|quarter|months?|weeks?|(?:19|20)\d\d)\b", re.I)
_IS_COMPARISON = re.compile(r"%|\bchange\b|\bvs\b|\bvariance\b|\bpercent\b", re.I)
_CONTINUED = re.compile(r"\bcontinued\b|\bcont[’']?d\b", re.I)


@dataclass(frozen=True, slots=True)
class Setting:
    """What a table's reading depends on besides the table: the filer's calendar, currency and form."""

    fiscal: FiscalCalendar
    currency: str
    vocabulary: Vocabulary
    default_months: int | None
    """Length of a duration where nothing is printed: 12 in an annual report, None elsewhere."""
    scale: Scale | None = None
    """The scale of the filing's statements, for tables that state none."""


@dataclass(slots=True)
class _Extent:
    """The horizontal extent of one column while it is being found."""

    x0: float
    x1: float

    def overlap(self, x0: float, x1: float) -> float:
        return min(self.x1, x1) - max(self.x0, x0)


def understand(raw_tables: Sequence[RawTable], setting: Setting) -> tuple[Table, ...]:
    """Return the tables with their meaning; a table that runs over pages becomes one."""
    tables: list[Table] = []
    previous: tuple[RawTable, list[_Extent]] | None = None
    for raw in raw_tables:
        extents = _columns(raw.rows)
        if not extents:
            continue
        table = _table(f"t{len(tables) + 1}", raw, extents, setting)
        if previous is not None and tables and _continues(previous, raw, extents, table):
            tables[-1] = _stitch(tables[-1], raw, extents, table, setting)
        else:
            tables.append(table)
        previous = (raw, extents)
    return tuple(tables)


def _columns(rows: Iterable[RawRow]) -> list[_Extent]:
    """Group the figures that stand above one another."""
    figures = sorted(
        ((cell.x0, cell.x1) for row in rows for cell in row.cells if read_figure(cell.text) and not is_year(cell.text)),
    )
    extents: list[_Extent] = []
    for x0, x1 in figures:
        if extents and x0 < extents[-1].x1:
            extents[-1].x1 = max(extents[-1].x1, x1)
        else:
            extents.append(_Extent(x0, x1))
    return extents


def _table(name: str, raw: RawTable, extents: list[_Extent], setting: Setting) -> Table:
    head = _header_rows(raw.rows)
    header, body = raw.rows[:head], raw.rows[head:]
    titles = [*raw.caption, *(row.label for row in header if row.label)]
    statement = statement_of(titles)
    stated = _stated_scale(raw.caption, raw.rows[: head + 2])
    scale = stated or _scale_of_shares(raw.caption, raw.rows[: head + 2], setting.scale)
    columns = _describe_columns(raw, header, body, extents, statement, setting)
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


def _header_rows(rows: Sequence[RawRow]) -> int:
    """How many rows from the top are column heads: those before the first real figure, less headings of rows."""
    for i, row in enumerate(rows):
        if any(read_figure(cell.text) and not is_year(cell.text) for cell in row.cells):
            while (
                i > 0
                and not rows[i - 1].cells
                and rows[i - 1].label
                and i > 1
                and find_scale(rows[i - 1].label) is None
            ):
                i -= 1
            return i if any(r.cells for r in rows[:i]) else 0
    return len(rows)


def _describe_columns(
    raw: RawTable,
    header: Sequence[RawRow],
    body: Sequence[RawRow],
    extents: list[_Extent],
    statement: Statement | None,
    setting: Setting,
) -> tuple[Column, ...]:
    heads = _heads(header, extents)
    around = _hints_around(raw.caption, header)
    hints = [read_hints(" ".join(head)) for head in heads]
    if not any(hint.year or hint.end for hint in hints):
        hints = _dates_in_order(raw.caption, header, hints)
    any_year = any(hint.year or hint.end for hint in hints)
    shared = replace(around, year=None, end=None) if any_year else around
    default = _default_months(body, hints, shared, statement, setting)
    columns = []
    for i, (head, hint) in enumerate(zip(heads, hints, strict=True)):
        period: Period | None = None
        if (not any_year or hint.year or hint.end) and not _IS_COMPARISON.search(" ".join(head)):
            full = hint.or_else(shared)
            full = full if full.months is not None else replace(full, months=default)
            period = resolve(full, setting.fiscal)
        columns.append(Column(i, tuple(head), period))
    return _without_twins(columns, _percent_columns(body, extents))


def _percent_columns(body: Sequence[RawRow], extents: list[_Extent]) -> frozenset[int]:
    """The columns of percentages, of which many print the sign only on their first figure."""
    figures: dict[int, list[Figure]] = {}
    for row in body:
        for cell in row.cells:
            figure = read_figure(cell.text)
            if figure is not None and figure.number:
                figures.setdefault(_column_of(cell, extents), []).append(figure)
    return frozenset(i for i, found in figures.items() if are_percentages(found))


def _column_of(cell: RawCell, extents: list[_Extent]) -> int:
    return max(range(len(extents)), key=lambda i: extents[i].overlap(cell.x0, cell.x1))


def _dates_in_order(caption: Sequence[str], header: Sequence[RawRow], hints: list[PeriodHints]) -> list[PeriodHints]:
    """Where no head has a year, a line above with as many dates as there are columns names them in order."""
    for line in [*(row.label for row in reversed(header)), *reversed(caption[-4:])]:
        dates = all_dates(line)
        if len(dates) > 1:
            return [h.or_else(d) for h, d in zip(hints, dates, strict=True)] if len(dates) == len(hints) else hints
    return hints


def _without_twins(columns: list[Column], percent: frozenset[int]) -> tuple[Column, ...]:
    """Columns that nothing tells apart have no period: a figure of an unknown year is none."""
    names = [(c.period, c.index in percent, tuple(map(_told_apart, c.header))) for c in columns]
    seen = Counter(names)
    return tuple(replace(c, period=None) if seen[name] > 1 else c for c, name in zip(columns, names, strict=True))


def _told_apart(head: str) -> str:
    """A head in the form in which two columns are compared."""
    return " ".join(head.lower().split())


def _heads(header: Sequence[RawRow], extents: list[_Extent]) -> list[list[str]]:
    """The heads above each column, from the top; a head that spans several columns counts for each."""
    heads: list[list[str]] = [[] for _ in extents]
    # Where a row has a head for each column, other heads are placed by these: figures may stand beside them.
    full = next((row.cells for row in reversed(header) if len(row.cells) == len(extents)), None)
    axes = [_Extent(cell.x0, cell.x1) for cell in full] if full else extents
    for row in header:
        for column, text in enumerate(_heads_in_row(row.cells, axes)):
            if text:
                heads[column].append(text)
    return heads


def _heads_in_row(cells: Sequence[RawCell], extents: list[_Extent]) -> list[str]:
    """One row's head for each column, empty where it has none.

    A row with a head for each column is taken in order, for a year may be printed beside the figures
    that it stands over. Otherwise heads belong to the columns they overlap, or are centred over.
    """
    if len(cells) == len(extents):
        return [cell.text for cell in cells]
    texts = []
    for extent in extents:
        over = [cell for cell in cells if extent.overlap(cell.x0, cell.x1) > 0]
        spanning = None if over else _spanning(extent, cells, extents)
        texts.append(" ".join(cell.text for cell in over) or (spanning.text if spanning else ""))
    return texts


def _spanning(extent: _Extent, cells: Sequence[RawCell], extents: list[_Extent]) -> RawCell | None:
    """The head that is centred over a group of columns of which ``extent`` is one."""
    if not cells or len(cells) >= len(extents):
        return None
    pitch = (extents[-1].x1 - extents[0].x1) / (len(extents) - 1)
    share, rest = divmod(len(extents), len(cells))
    if rest == 0:
        position = extents.index(extent) // share
        head, group = cells[position], extents[position * share : (position + 1) * share]
        centred = abs(head.x0 + head.x1 - group[0].x0 - group[-1].x1) / 2 <= OFF_CENTRE * pitch
        return head if centred and _is_timely(head) else None
    nearest = min(cells, key=lambda cell: abs(cell.x0 + cell.x1 - extent.x0 - extent.x1))
    beside = abs(nearest.x0 + nearest.x1 - extent.x0 - extent.x1) / 2 <= pitch
    # A head that stands over one column only is that column's own.
    own = [other for other in extents if other.overlap(nearest.x0, nearest.x1) > 0]
    return nearest if beside and len(own) != 1 and _is_timely(nearest) else None


def _is_timely(cell: RawCell) -> bool:
    return bool(_SPEAKS_OF_TIME.search(cell.text) or find_date(cell.text) or read_hints(cell.text).month_day)


def _hints_around(caption: Sequence[str], header: Sequence[RawRow]) -> PeriodHints:
    """What the stub head and the caption say about time, the nearest line first."""
    hints = PeriodHints()
    for line in [*(row.label for row in reversed(header)), *reversed(caption[-4:])]:
        said = read_hints(line)
        hints = hints.or_else(said if len(all_dates(line)) <= 1 else without_date(said))
    return hints


def _default_months(
    body: Sequence[RawRow],
    hints: Sequence[PeriodHints],
    around: PeriodHints,
    statement: Statement | None,
    setting: Setting,
) -> int | None:
    """The length of a period whose column gives a date and no length."""
    if around.months is not None:
        return around.months
    if statement == "balance":
        return 0
    if statement is not None:
        return setting.default_months
    kinds: list[Literal["instant", "duration"]] = [
        concept.period for row in body if (concept := setting.vocabulary.by_label(row.label, (), None))
    ]
    if kinds.count("instant") != kinds.count("duration"):
        return 0 if kinds.count("instant") > kinds.count("duration") else setting.default_months
    dated = around.month_day is not None or any(hint.end or hint.month_day for hint in hints)
    return 0 if dated else setting.default_months


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
    body: Sequence[RawRow], columns: tuple[Column, ...], extents: list[_Extent], scale: Scale | None, setting: Setting
) -> tuple[Row, ...]:
    levels = _levels(body)
    percent = _percent_columns(body, extents)
    headings: list[tuple[float, str]] = []
    rows: list[Row] = []
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
        rows.append(Row(raw.label, levels(raw.indent), path, cells, raw.span))
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
    columns: tuple[Column, ...],
    extents: list[_Extent],
    percent: frozenset[int],
    scale: Scale | None,
    setting: Setting,
) -> Cell:
    index = _column_of(raw, extents)
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


def _continues(previous: tuple[RawTable, list[_Extent]], raw: RawTable, extents: list[_Extent], table: Table) -> bool:
    """Whether ``raw`` is the rest of the previous table: below it, or at the top of the next page."""
    before, before_extents = previous
    if raw.page not in (before.page, before.page + 1) or len(extents) != len(before_extents):
        return False
    aligned = all(abs(a.x1 - b.x1) <= SAME_COLUMN for a, b in zip(extents, before_extents, strict=True))
    headless = not any(column.header or column.period for column in table.columns)
    continued = raw.page > before.page and any(_CONTINUED.search(line) for line in raw.caption[-3:])
    return aligned and table.statement is None and (headless or continued)


def _stitch(first: Table, raw: RawTable, extents: list[_Extent], rest: Table, setting: Setting) -> Table:
    """Append a continued table's rows to the first part, under the first part's heads and scale."""
    body = raw.rows[_header_rows(raw.rows) :] if any(column.period for column in rest.columns) else raw.rows
    scale = Scale(first.scale, None, first.scale_source or "") if first.scale_source else None
    rows = _rows(body, first.columns, extents, scale, setting)
    return replace(first, rows=first.rows + rows, last_page=raw.page)
