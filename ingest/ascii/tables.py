"""Lines of a typewritten table become rows: where the columns stand, the alignment of the figures tells."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ingest.ascii.segments import Segment, TypedLine, aligned

FEW_FIGURES = 0.12
"""A column has at least this share of the figures of the fullest column of its table."""
SAME_EDGE = 2
"""A right edge is a column's where at least so many figures end on it."""
_CONTINUES = re.compile(r"^[a-z(]")
_UNFINISHED = re.compile(r"(?:,|-|\b(?:of|and|or|to|for|the|by|in|on|from|with|at|net|than))$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class TypedRow:
    """A row of a typewritten table: its label, the character at which that begins, and its other cells."""

    label: str
    indent: int
    cells: tuple[Segment, ...]


def read_rows(lines: Sequence[TypedLine]) -> list[TypedRow] | None:
    """Return the rows of the lines of one table, or None where no figures stand in columns."""
    edges = Counter(segment.x1 for line in lines for segment in line.values)
    lines = aligned(lines, frozenset(edge for edge, count in edges.items() if count >= SAME_EDGE))
    texts = [line for line in lines if line.kind == "text"]
    figures = [segment for line in texts for segment in _in_columns(line, _left(texts))]
    if not figures:
        return None
    stub = _Stub(_left(texts), _columns_left(figures), _first_mark(lines))
    rows: list[tuple[int, TypedRow]] = []
    for number, line in enumerate(lines):
        if line.kind == "text":
            below = lines[number + 1] if number + 1 < len(lines) else None
            rows.append((number, _row(line, stub, below.rules if below is not None and below.kind == "rule" else ())))
    return _labels_joined(rows)


def _left(texts: Sequence[TypedLine]) -> int:
    return min((line.segments[0].x0 for line in texts), default=0)


def _in_columns(line: TypedLine, left: int) -> Sequence[Segment]:
    """The figures of a line that stand in columns; one that opens the line at the left edge is its label."""
    return [s for i, s in enumerate(line.segments) if s.is_value and not (i == 0 and s.x0 <= left + 4)]


def _columns_left(figures: Sequence[Segment]) -> int:
    """The left edge of the columns; figures that few others stand above or below belong to labels."""
    columns: list[tuple[int, int, int]] = []
    for figure in sorted(figures, key=lambda segment: segment.x0):
        if columns and figure.x0 < columns[-1][1]:
            x0, x1, count = columns[-1]
            columns[-1] = (x0, max(x1, figure.x1), count + 1)
        else:
            columns.append((figure.x0, figure.x1, 1))
    fullest = max(count for _, _, count in columns)
    return min(x0 for x0, _, count in columns if count >= FEW_FIGURES * fullest)


def _first_mark(lines: Sequence[TypedLine]) -> int | None:
    """Where the first ``<C>`` stands, which names the first column right of the stub."""
    marks = [line.marks for line in lines if len(line.marks) > 1]
    return marks[0][1] if marks else None


@dataclass(frozen=True, slots=True)
class _Stub:
    """Where labels stand: from ``left`` to where the columns begin."""

    left: int
    columns: int
    mark: int | None

    @property
    def edge(self) -> int:
        return self.columns if self.mark is None else min(self.columns, self.mark)

    def heads_columns(self, segment: Segment) -> bool:
        """Whether what begins in the stub reaches over the columns, so that it is their head."""
        room = self.columns - self.left
        return segment.x0 > self.left + 0.6 * room and segment.x1 > self.columns - 0.1 * room


def _row(line: TypedLine, stub: _Stub, rules: tuple[tuple[int, int], ...]) -> TypedRow:
    """Cut a line into its label and cells; a rule drawn below a head tells which columns it is over."""
    label: list[Segment] = []
    rest = list(line.segments)
    while rest and rest[0].x0 < stub.edge and not (rest[0].is_figure and rest[0].x1 > stub.columns):
        if stub.heads_columns(rest[0]) or _rule_under(rest[0], rules, stub):
            break
        # A text column between the stub and the figures begins at its own mark; a label has one piece per gap.
        if label and rest[0].is_figure:
            break
        label.append(rest.pop(0))
    text = " ".join(segment.text for segment in label)
    cells = tuple(_widened(segment, rules) for segment in rest)
    return TypedRow(text, line.segments[0].x0, cells)


def _rule_under(segment: Segment, rules: tuple[tuple[int, int], ...], stub: _Stub) -> bool:
    """Whether a rule that begins right of the labels is drawn below the segment."""
    return any(x0 > stub.left + 4 and x0 < segment.x1 and segment.x0 < x1 and x1 > stub.columns for x0, x1 in rules)


def _widened(segment: Segment, rules: tuple[tuple[int, int], ...]) -> Segment:
    over = [(x0, x1) for x0, x1 in rules if x0 < segment.x1 and segment.x0 < x1]
    if len(over) != 1 or segment.is_value:
        return segment
    return replace(segment, x0=min(segment.x0, over[0][0]), x1=max(segment.x1, over[0][1]))


def _labels_joined(rows: Sequence[tuple[int, TypedRow]]) -> list[TypedRow]:
    """Put labels that are typed over several lines together again."""
    spaced = _is_double_spaced([number for number, row in rows if row.cells])
    joined: list[tuple[int, TypedRow]] = []
    for number, row in rows:
        before = joined[-1] if joined else None
        if before is not None and before[0] == number - 1 and _is_bracketed_on(before[1], row):
            joined[-1] = (number, replace(before[1], label=f"{before[1].label} {row.label}"))
            joined.append((number, replace(row, label="")))
        elif before is None or before[0] != number - 1 or before[1].cells or not before[1].label or not row.label:
            joined.append((number, row))
        elif row.cells and (_goes_on(before[1], row) or (spaced and _is_one_name(before[1], row))):
            joined[-1] = (number, replace(row, label=f"{before[1].label} {row.label}", indent=before[1].indent))
        elif not row.cells and _goes_on(before[1], row):
            joined[-1] = (number, replace(before[1], label=f"{before[1].label} {row.label}"))
        else:
            joined.append((number, row))
    return [row for _, row in joined]


def _is_bracketed_on(above: TypedRow, below: TypedRow) -> bool:
    """Whether two rows of heads share a bracket at the left: "(In thousands, | except per share data)"."""
    opened = above.label.startswith("(") and ")" not in above.label and below.label.endswith(")")
    return opened and bool(above.cells) and not any(cell.is_value for cell in above.cells)


def _goes_on(above: TypedRow, below: TypedRow) -> bool:
    open_bracket = above.label.count("(") > above.label.count(")")
    return bool(_CONTINUES.match(below.label) or _UNFINISHED.search(above.label) or open_bracket)


def _is_one_name(above: TypedRow, below: TypedRow) -> bool:
    """In a table with blank lines between its rows, lines without one between are one row."""
    return not above.label.endswith(":") and above.indent <= below.indent


def _is_double_spaced(numbers: Sequence[int]) -> bool:
    close = sum(b - a == 1 for a, b in pairwise(numbers))
    return len(numbers) > 3 and close == 0
