"""Printed lines become raw tables: a 10-K prints tables without rules, so alignment has to tell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from ingest.document import RawCell, RawRow, RawTable
from ingest.figures import is_year, read_figure
from ingest.filing import Box, Line, Page, Span
from ingest.pdf.cells import PrintedCell, is_footnote_mark
from ingest.pdf.words import bounding_box

LABELS_BETWEEN = 6
"""So many lines without figures may stand inside a table before it counts as ended."""
CAPTION_LINES = 6
"""So many lines above a table are kept as its caption."""
HEADINGS_BETWEEN = 4
"""So many headings of rows, or lines of a label, may stand between the heads of columns and the first figures."""
TITLES_BETWEEN = 2
"""Fewer lines without figures than this are a heading of rows, and no title with the heads of another table."""
PROSE_SHARE = 0.62
"""A line of text that covers more of the page's printed width than this is prose, not a row label."""
FEW_FIGURES = 0.12
"""A column has at least this share of the figures of the fullest column of its table."""
SUPERSCRIPT = 0.75
"""A line lower than this share of the page's usual line is a superscript: a footnote mark."""
PARAGRAPH_GAP = 4.5
"""A blank of more than this many line heights ends a table."""
CONTENTS_LINES = 6
"""A table of contents has at least this many lines."""
MARGIN = 2.0
"""Points by which printed columns may overlap or labels may differ in indentation."""

_PAGE_NUMBER = re.compile(r"^\d{1,3}$")
_WORDS = re.compile(r"[A-Za-z]{2,}")
_CONTINUES = re.compile(r"^[a-z(]")
_UNFINISHED = re.compile(r"(?:[,;]|\b(?:of|and|or|to|for|the|by|in|on|from|with|at|net|—|–|-))$", re.IGNORECASE)
_PAGE_FOOT = re.compile(r"^(?:page\s+)?[-–]?\s*(?:[A-Z]{1,2}-)?\d{1,3}\s*[-–]?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CellLine:
    """A page line cut into cells; ``index`` is its position on the page."""

    index: int
    line: Line
    box: Box
    cells: tuple[PrintedCell, ...]
    figures: tuple[PrintedCell, ...]
    """The cells that print a figure, a dash or a mark such as "nm"."""
    is_header: bool
    """Whether the line names years over columns: it has figures, and all of them are bare years."""

    @classmethod
    def of(cls, index: int, line: Line, cells: tuple[PrintedCell, ...]) -> CellLine:
        """Return a line with its cells."""
        figures = tuple([cell for cell in cells if cell.is_figure])
        is_header = bool(figures) and all(cell.is_year for cell in figures)
        return cls(index, line, line.box or (0, 0, 0, 0), cells, figures, is_header)

    @property
    def column_figures(self) -> tuple[PrintedCell, ...]:
        """The figures that stand in columns; a year that begins a row of a schedule of maturities is its label."""
        if self.has_values and self.cells[0].is_year:
            return self.figures[1:]
        return self.figures if _tail_is_figures(self) else ()

    @property
    def has_values(self) -> bool:
        """Whether the line prints at least one figure that is not a bare year."""
        return bool(self.figures) and not self.is_header


def find_tables(page: Page, cells_by_line: Sequence[tuple[PrintedCell, ...]]) -> tuple[RawTable, ...]:
    """Return the tables of ``page``; ``cells_by_line`` holds the cells of each of its lines.

    Lines that are set aside are not part of tables.
    """
    lines = [CellLine.of(i, line, cells) for i, (line, cells) in enumerate(zip(page.lines, cells_by_line, strict=True))]
    if _is_contents(lines):
        return ()
    tables = []
    for region in _regions(_without_margins(page, lines)):
        for part in (part for stretch in _split_at_headers(region) for part in _split_at_other_columns(stretch)):
            if any(line.has_values and line.column_figures for line in part) and len(part) >= 2:
                tables.append(_raw_table(page, lines, part))
    return tuple(tables)


def _is_contents(lines: Sequence[CellLine]) -> bool:
    """Whether the page is a table of contents: its figures are page numbers, one to a line, that go up."""
    valued = [line for line in lines if line.has_values and len(line.cells) > 1]
    alone = [line.cells[-1].text for line in valued if len(line.figures) == 1]
    numbers = [int(text) for text in alone if _PAGE_NUMBER.match(text)]
    whole = len(numbers) >= CONTENTS_LINES and len(numbers) > 0.8 * len(valued)
    return whole and sum(a > b for a, b in pairwise(numbers)) <= len(numbers) / 10


def _at_edge(page: Page, box: Box) -> bool:
    return box[1] > page.height * 0.9 or box[3] < page.height * 0.08


def _without_margins(page: Page, lines: list[CellLine]) -> list[CellLine]:
    """Leave out running heads, page numbers and stray footnote marks, which would pass for rows."""
    kept = []
    usual = median(line.box[3] - line.box[1] for line in lines) if lines else 0.0
    for line in lines:
        if line.line.aside:
            continue
        at_edge = _at_edge(page, line.box) or line.index == len(lines) - 1
        if at_edge and (_PAGE_FOOT.match(line.line.text) or "Form 10-" in line.line.text):
            continue
        small = line.box[3] - line.box[1] < SUPERSCRIPT * usual
        if all(is_footnote_mark(c.text) and (small or not c.text[1:2].isdigit()) for c in line.cells):
            continue
        kept.append(line)
    return kept


def _regions(lines: list[CellLine]) -> list[list[CellLine]]:
    """Stretches of lines that hold together as one or more tables."""
    if not lines:
        return []
    width = max(line.box[2] for line in lines) - min(line.box[0] for line in lines)
    regions: list[list[CellLine]] = []
    current: list[CellLine] = []
    between: list[CellLine] = []
    for position, line in enumerate(lines):
        last = (between or current)[-1] if (between or current) else None
        prose = _is_prose(line, width) and not _is_wrapped_label(line, current, lines[position + 1 : position + 3])
        if current and (prose or (last is not None and _apart(last, line))):
            regions.append(current)
            current, between = [], []
        if line.figures and _tail_is_figures(line):
            current = current + between + [line] if current else [line]
            between = []
        elif current and not prose:
            between.append(line)
            if len(between) > LABELS_BETWEEN:
                regions.append(current)
                current, between = [], []
    if current:
        regions.append(current)
    complete: list[list[CellLine]] = []
    for region in regions:
        if any(line.has_values for line in region):
            above = complete[-1][-1].index if complete else -1
            complete.append(_with_header(region, [line for line in lines if line.index > above], width))
    return complete


def _tail_is_figures(line: CellLine) -> bool:
    """A row ends in figures, or has several; a sentence that a wide blank happened to cut does not."""
    return line.cells[-1].is_figure or len(line.figures) >= 2


def _is_wrapped_label(line: CellLine, region: list[CellLine], following: list[CellLine]) -> bool:
    """A long label keeps clear of the columns of its table, and its figures follow within two lines."""
    if not region or not any(below.has_values for below in following):
        return False
    return line.box[2] < min((cell.box[0] for above in region for cell in above.figures), default=0.0)


def _is_prose(line: CellLine, width: float) -> bool:
    longest = max((cell for cell in line.cells), key=lambda cell: cell.box[2] - cell.box[0])
    covers = longest.box[2] - longest.box[0] > PROSE_SHARE * width
    return covers and len(_WORDS.findall(longest.text)) >= 7 and len(line.figures) < 2


def _apart(above: CellLine, below: CellLine) -> bool:
    height = max(above.box[3] - above.box[1], 1.0)
    return below.box[1] - above.box[3] > PARAGRAPH_GAP * height or below.box[3] < above.box[1] - height


def _with_header(region: list[CellLine], lines: list[CellLine], width: float) -> list[CellLine]:
    """Add the lines of column heads above the first figures; row headings ("Assets") may stand between."""
    left = min((cell.box[0] for line in region for cell in line.column_figures), default=0.0)
    position = next(i for i, line in enumerate(lines) if line.index == region[0].index)
    head: list[CellLine] = []
    reach = 0
    for line in reversed(lines[max(0, position - CAPTION_LINES) : position]):
        # A long label of the first row keeps clear of the columns; a sentence above the table ends in a stop.
        is_label = not head and line.box[2] < left and not line.line.text.endswith(".")
        if (_is_prose(line, width) and not is_label) or _apart(line, head[0] if head else region[0]):
            break
        centred_title = len(line.cells) == 1 and abs(_middle(line.box) - _middle(_around(lines))) < 0.04 * width
        over_columns = line.cells[-1].box[0] > left - 0.15 * width
        if centred_title or (not over_columns and len(head) - reach >= HEADINGS_BETWEEN):
            break
        head.insert(0, line)
        if over_columns:
            reach = len(head)
    return head[len(head) - reach :] + region


def _middle(box: Box) -> float:
    return (box[0] + box[2]) / 2


def _around(lines: Sequence[CellLine]) -> Box:
    return (
        min(line.box[0] for line in lines),
        min(line.box[1] for line in lines),
        max(line.box[2] for line in lines),
        max(line.box[3] for line in lines),
    )


def _split_at_headers(region: list[CellLine]) -> list[list[CellLine]]:
    """A row of years below rows of values begins another table; lines without figures above it go with it."""
    parts: list[list[CellLine]] = [[]]
    seen_values = False
    for line in region:
        if seen_values and line.is_header and len(line.figures) >= 2:
            head: list[CellLine] = []
            while parts[-1] and not parts[-1][-1].figures:
                head.insert(0, parts[-1].pop())
            parts.append(head)
            seen_values = False
        parts[-1].append(line)
        seen_values = seen_values or (line.has_values and _tail_is_figures(line))
    return [part for part in parts if part]


def _split_at_other_columns(region: list[CellLine]) -> list[list[CellLine]]:
    """Part tables that only titles and heads stand between: most figures of the lower are below none of the upper."""
    valued = [i for i, line in enumerate(region) if line.has_values and line.column_figures]
    for above, below in pairwise(valued):
        lines = range(above + 1, below)
        if len(lines) < TITLES_BETWEEN or any(region[i].has_values for i in lines):
            continue
        upper = _columns([figure.box for i in valued if i <= above for figure in region[i].column_figures])
        lower = [figure.box for i in valued if i >= below for figure in region[i].column_figures]
        apart = sum(not any(box[0] < x1 and x0 < box[2] for x0, x1 in upper) for box in lower)
        if 2 * apart > len(lower):
            return [region[: above + 1], *_split_at_other_columns(region[above + 1 :])]
    return [region]


def _columns(figures: Sequence[Box]) -> list[tuple[float, float]]:
    """The horizontal extents of the columns that figures standing above one another make."""
    columns: list[tuple[float, float]] = []
    for box in sorted(figures):
        if columns and box[0] < columns[-1][1]:
            columns[-1] = (columns[-1][0], max(columns[-1][1], box[2]))
        else:
            columns.append((box[0], box[2]))
    return columns


def _raw_table(page: Page, lines: list[CellLine], part: list[CellLine]) -> RawTable:
    first = part[0].index
    caption = [line.line.text for line in lines[max(0, first - CAPTION_LINES) : first]]
    columns_left = _columns_left([c.box for line in part if line.has_values for c in line.column_figures])
    labels_left = min(line.box[0] for line in part)
    rows = [_raw_row(page, line, columns_left, labels_left) for line in part]
    return RawTable(page.index, tuple(caption), tuple(_join_labels(rows)))


def _columns_left(figures: Sequence[Box]) -> float:
    """The left edge of the columns. A figure that few others stand above or below belongs to a label."""
    columns: list[list[Box]] = []
    for box in sorted(figures):
        if columns and box[0] < max(other[2] for other in columns[-1]):
            columns[-1].append(box)
        else:
            columns.append([box])
    fullest = max(len(column) for column in columns)
    supported = [column for column in columns if len(column) >= FEW_FIGURES * fullest]
    return min(box[0] for column in supported for box in column)


def _raw_row(page: Page, line: CellLine, columns_left: float, labels_left: float) -> RawRow:
    """Cells that begin left of the columns make the label; the others are values or column heads."""
    label: list[PrintedCell] = []
    rest = list(line.cells)
    while rest and not (rest[0].is_figure and rest[0].box[2] > columns_left):
        if line.is_header and len(line.figures) > 1 and rest[0].is_year:
            break
        starts_left = rest[0].box[0] < columns_left - MARGIN
        room = columns_left - labels_left
        heads_columns = rest[0].box[0] > labels_left + 0.6 * room and rest[0].box[2] > columns_left - 0.1 * room
        if not starts_left or heads_columns:
            break
        label.append(rest.pop(0))
    text = " ".join(cell.text for cell in label if not (len(label) > 1 and is_footnote_mark(cell.text)))
    start = line.line.chars[0]
    cells = tuple(
        RawCell(c.text, c.box[0], c.box[2], _span(page, c.box, (start + c.chars[0], start + c.chars[1])))
        for c in rest
        if not is_footnote_mark(c.text) or c.text[1:2].isdigit()
    )
    return RawRow(text, line.box[0], cells, _span(page, line.box, line.line.chars))


def _span(page: Page, box: Box, chars: tuple[int, int]) -> Span:
    return Span(page.index, page.label, box, None, chars)


def _join_labels(rows: list[RawRow]) -> list[RawRow]:
    """Put a label that was printed over several lines together again."""
    joined: list[RawRow] = []
    for row in rows:
        before = joined[-1] if joined else None
        if before is None or not _adjacent(before, row):
            joined.append(row)
        elif not before.cells and before.label and row.cells and _label_goes_on(before, row):
            label = f"{before.label} {row.label}".strip()
            joined[-1] = replace(row, label=label, indent=before.indent, span=_both(before.span, row.span))
        elif not row.cells and row.label and before.label and _heading_goes_on(before, row):
            joined[-1] = replace(before, label=f"{before.label} {row.label}", span=_both(before.span, row.span))
        else:
            joined.append(row)
    return joined


def _both(above: Span, below: Span) -> Span:
    """Where a label printed over two lines stands."""
    if above.box is None or below.box is None or above.chars is None or below.chars is None:
        return above
    return replace(above, box=bounding_box([above.box, below.box]), chars=(above.chars[0], below.chars[1]))


def _heading_goes_on(above: RawRow, below: RawRow) -> bool:
    """Whether ``below``, which has no values, is the rest of the label of ``above``."""
    return bool(_CONTINUES.match(below.label) or (not above.cells and _UNFINISHED.search(above.label)))


def _label_goes_on(above: RawRow, below: RawRow) -> bool:
    """Whether the label of ``above`` goes on in ``below``, which has the values."""
    if not below.label:
        return not above.label.endswith(":") and not _is_heads(below)
    open_bracket = above.label.count("(") > above.label.count(")")
    return bool(_CONTINUES.match(below.label) or _UNFINISHED.search(above.label) or open_bracket)


def _is_heads(row: RawRow) -> bool:
    return all(is_year(cell.text) or read_figure(cell.text) is None for cell in row.cells)


def _adjacent(above: RawRow, below: RawRow) -> bool:
    """Whether ``below`` is printed on the very next line."""
    a, b = above.span.box, below.span.box
    if a is None or b is None:
        return False
    return b[1] - a[3] < 0.9 * max(a[3] - a[1], b[3] - b[1])
