"""Columns of a raw table: where they stand, and what is printed over them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from ingest.dates import find_date
from ingest.document import RawCell, RawRow
from ingest.figures import Figure, are_percentages, is_year, read_figure
from ingest.periods import FiscalCalendar, read_hints
from ingest.scale import Scale, find_scale
from ingest.vocabulary import Vocabulary

OFF_CENTRE = 0.36
"""A head over several columns may be off their middle by this share of the distance between two columns."""
_SPEAKS_OF_TIME = re.compile(r"\b(?:ended|ending|as of|at|fiscal|year|quarter|months?|weeks?|(?:19|20)\d\d)\b", re.I)
_IS_COMPARISON = re.compile(
    r"^[^\w$€£¥]*$|\b(?:vs|versus)\b|\bvariance\b"
    r"|^\W*(?:%|\$|percent(?:age)?|dollar|amount|net|total|y/y|year[\s-]over[\s-]year)?\W*(?:points?\W*)?"
    r"(?:changes?|growth|increases?|decreases?)\b(?!\s+in\s+(?!constant)[a-z]{3})",
    re.IGNORECASE,
)


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
    period_end: date | None = None
    """The day that the filing is about: years after it lie ahead, and figures for them stand on that day."""


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


def is_comparison(header: Sequence[str]) -> bool:
    """Whether a column holds changes from one period to another."""
    return any(_IS_COMPARISON.search(head) for head in header)


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
    x0, x1 = cell.x0, cell.x1
    for number, extent in enumerate(extents):
        if extent.x0 <= x0 and x1 <= extent.x1:
            return number
    overlaps = [min(extent.x1, x1) - max(extent.x0, x0) for extent in extents]
    return overlaps.index(max(overlaps))


def column_heads(header: Sequence[RawRow], extents: list[Extent]) -> list[list[str]]:
    """Return the heads above each column, from the top; a head that spans several columns counts for each."""
    heads: list[list[str]] = [[] for _ in extents]
    # Where a row has a head for each column, other heads are placed by these: figures may stand beside them.
    full = next((row.cells for row in reversed(header) if _one_each(row.cells, extents)), None)
    axes = [Extent(cell.x0, cell.x1) for cell in full] if full else extents
    for row in header:
        for column, text in enumerate(heads_in_row(row.cells, axes)):
            if text:
                heads[column].append(text)
    return heads


def heads_in_row(cells: Sequence[RawCell], extents: list[Extent]) -> list[str]:
    """Return one row's head for each column, empty where it has none.

    A row with a head for each column is taken in order, for a year may be printed beside the figures
    that it stands over. Otherwise heads belong to the columns they overlap, or are centred over.
    """
    if _one_each(cells, extents):
        return [cell.text for cell in cells]
    texts = []
    for extent in extents:
        over = [cell for cell in cells if extent.overlap(cell.x0, cell.x1) > 0]
        spanning = None if over else _spanning(extent, cells, extents)
        texts.append(" ".join(cell.text for cell in over) or (spanning.text if spanning else ""))
    return texts


def _one_each(cells: Sequence[RawCell], extents: list[Extent]) -> bool:
    """Whether a row has a head for each column: as many as there are columns, and none that stands over two."""
    if len(cells) != len(extents):
        return False
    return not any(sum(extent.overlap(cell.x0, cell.x1) > 0 for extent in extents) > 1 for cell in cells)


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
