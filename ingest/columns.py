"""Columns of a raw table: where they stand, what is printed over them, and which period each is about."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from ingest.document import RawCell, RawRow, RawTable
from ingest.figures import Figure, are_percentages, is_year, read_figure
from ingest.filing import Column, Period, Statement
from ingest.periods import FiscalCalendar, PeriodHints, all_dates, find_date, read_hints, resolve, without_date
from ingest.scale import Scale, find_scale
from ingest.vocabulary import Vocabulary

OFF_CENTRE = 0.36
"""A head over several columns may be off their middle by this share of the distance between two columns."""
_SPEAKS_OF_TIME = re.compile(r"\b(?:ended|ending|as of|at|fiscal|year|quarter|months?|weeks?|(?:19|20)\d\d)\b", re.I)
_IS_COMPARISON = re.compile(r"%|\bchange\b|\bvs\b|\bvariance\b|\bpercent\b", re.I)


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
class Extent:
    """The horizontal extent of one column while it is being found."""

    x0: float
    x1: float

    def overlap(self, x0: float, x1: float) -> float:
        """How much of x0 to x1 lies over the column; negative by the distance where none does."""
        return min(self.x1, x1) - max(self.x0, x0)


def find_columns(rows: Iterable[RawRow]) -> list[Extent]:
    """Group the figures that stand above one another."""
    figures = sorted(
        ((cell.x0, cell.x1) for row in rows for cell in row.cells if read_figure(cell.text) and not is_year(cell.text)),
    )
    extents: list[Extent] = []
    for x0, x1 in figures:
        if extents and x0 < extents[-1].x1:
            extents[-1].x1 = max(extents[-1].x1, x1)
        else:
            extents.append(Extent(x0, x1))
    return extents


def header_rows(rows: Sequence[RawRow]) -> int:
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


def describe_columns(
    raw: RawTable,
    header: Sequence[RawRow],
    body: Sequence[RawRow],
    extents: list[Extent],
    statement: Statement | None,
    setting: Setting,
) -> tuple[Column, ...]:
    """Return the columns with their heads and periods; a period that is not told is None."""
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
        if (not any_year or hint.year or hint.end) and not is_comparison(head):
            full = hint.or_else(shared)
            full = full if full.months is not None else replace(full, months=default)
            period = resolve(full, setting.fiscal)
        columns.append(Column(i, tuple(head), period))
    return _without_twins(columns, percent_columns(body, extents))


def is_comparison(header: Sequence[str]) -> bool:
    """Whether a column holds changes or shares, which are of no period of their own."""
    return bool(_IS_COMPARISON.search(" ".join(header)))


def percent_columns(body: Sequence[RawRow], extents: list[Extent]) -> frozenset[int]:
    """The columns of percentages, of which many print the sign only on their first figure."""
    figures: dict[int, list[Figure]] = {}
    for row in body:
        for cell in row.cells:
            figure = read_figure(cell.text)
            if figure is not None and figure.number:
                figures.setdefault(column_of(cell, extents), []).append(figure)
    return frozenset(i for i, found in figures.items() if are_percentages(found))


def column_of(cell: RawCell, extents: list[Extent]) -> int:
    """Return the number of the column that a cell stands in."""
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


def _heads(header: Sequence[RawRow], extents: list[Extent]) -> list[list[str]]:
    """The heads above each column, from the top; a head that spans several columns counts for each."""
    heads: list[list[str]] = [[] for _ in extents]
    # Where a row has a head for each column, other heads are placed by these: figures may stand beside them.
    full = next((row.cells for row in reversed(header) if len(row.cells) == len(extents)), None)
    axes = [Extent(cell.x0, cell.x1) for cell in full] if full else extents
    for row in header:
        for column, text in enumerate(_heads_in_row(row.cells, axes)):
            if text:
                heads[column].append(text)
    return heads


def _heads_in_row(cells: Sequence[RawCell], extents: list[Extent]) -> list[str]:
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


def _spanning(extent: Extent, cells: Sequence[RawCell], extents: list[Extent]) -> RawCell | None:
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
