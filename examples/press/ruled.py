"""A table of figures as filings print it: no rules but those over totals, figures hung on their decimals."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from reportlab.lib.utils import simpleSplit  # type: ignore[import-untyped]
from reportlab.pdfbase.pdfmetrics import stringWidth  # type: ignore[import-untyped]
from reportlab.platypus import Flowable  # type: ignore[import-untyped]

from press.blocks import Row, Table
from press.series import digits

_PLAIN, _BOLD, _ITALIC = "Times-Roman", "Times-Bold", "Times-Italic"
_INDENT = 10.0
_GAP = 10.0
_LEAST_ROWS = 4


@dataclass(frozen=True, slots=True)
class _Plan:
    """Font size, line height, width of the label column and, per column, left edge and decimals' edge."""

    size: float
    leading: float
    label: float
    edges: tuple[tuple[float, float], ...]


class RuledTable(Flowable):  # type: ignore[misc]  # reportlab is untyped
    """Sets a Table. Splits between rows where the table allows it, and repeats its head "(continued)"."""

    def __init__(self, table: Table, rows: tuple[Row, ...] | None = None, continued: bool = False) -> None:
        super().__init__()
        self.table = table
        self.rows = table.rows if rows is None else rows
        self.continued = continued
        self.spaceBefore, self.spaceAfter = 5, 9
        self.block: int | None = None

    def wrap(self, available: float, _height: float) -> tuple[float, float]:
        """Plan the columns and give (width, height) in points."""
        self.width = available
        self.plan = _plan(self.table, available)
        self.height = self._head_height() + sum(self._row_height(row) for row in self.rows)
        return available, self.height

    def split(self, available: float, height: float) -> list[Flowable]:
        """Cut between two rows so that the first part fits; no parts where it must move as a whole."""
        self.wrap(available, height)
        used, count = self._head_height(), 0
        for row in self.rows:
            used += self._row_height(row)
            if used > height:
                break
            count += 1
        count = min(count, len(self.rows) - _LEAST_ROWS)
        while count > 0 and self.rows[count - 1].values == ():
            count -= 1
        if not self.table.splits or count < _LEAST_ROWS:
            return []
        first = RuledTable(self.table, self.rows[:count], self.continued)
        first.block = self.block
        return [first, RuledTable(self.table, self.rows[count:], True)]

    def draw(self) -> None:
        """Draw from the top down, each row from left to right, which is the reading order."""
        y = self._draw_head(self.height)
        for row in self.rows:
            y = self._draw_row(row, y)

    def _head_lines(self) -> int:
        return max((column.header.count("\n") + 1 for column in self.table.columns if column.header), default=0)

    def _titles(self) -> list[tuple[str, str]]:
        mark = " (continued)" if self.continued else ""
        titles = [(line, _BOLD) for line in self.table.title.split("\n")] if self.table.title else []
        if titles:
            titles[0] = (titles[0][0] + mark, _BOLD)
            if self.table.note:
                titles.append((self.table.note, _PLAIN))
        elif mark:
            titles = [(mark.strip(), _ITALIC)]
        return titles

    def _head_height(self) -> float:
        titles = len(self._titles())
        lines = titles + self._spanner_lines() + self._head_lines()
        return lines * self.plan.leading + (9 if titles else 5)

    def _spanner_lines(self) -> int:
        return max((text.count("\n") + 1 for text, _, _ in self.table.spanners), default=0)

    def _label_lines(self, row: Row) -> list[str]:
        font = _BOLD if row.bold else _PLAIN
        room = self.plan.label - row.level * _INDENT - 6
        first: list[str] = simpleSplit(row.label, font, self.plan.size, room)
        if len(first) > 1:
            rest = simpleSplit(" ".join(first[1:]), font, self.plan.size, room - _INDENT)
            return [first[0], *rest]
        return first or [""]

    def _row_height(self, row: Row) -> float:
        extra = 3.0 if row.rule == "double" else 0.0
        return len(self._label_lines(row)) * self.plan.leading + 1.5 + extra

    def _draw_head(self, y: float) -> float:
        canvas, plan = self.canv, self.plan
        for text, font in self._titles():
            y -= plan.leading
            canvas.setFont(font, plan.size + (0.5 if font == _BOLD else 0))
            canvas.drawCentredString(self.width / 2, y + 2, text)
        y -= 4 if self._titles() else 0
        canvas.setFont(_BOLD, plan.size - 0.5)
        for index in range(self._spanner_lines()):
            y -= plan.leading
            for text, first, last in self.table.spanners:
                lines = text.split("\n")
                if index < len(lines):
                    canvas.drawCentredString((plan.edges[first][0] + plan.edges[last][1]) / 2, y + 2, lines[index])
        count = self._head_lines()
        for index in range(count):
            y -= plan.leading
            if index == count - 1 and self.table.note and not self.table.title:
                canvas.setFont(_ITALIC, plan.size - 0.5)
                canvas.drawString(0, y + 2, self.table.note)
            canvas.setFont(_BOLD, plan.size - 0.5)
            for column, (_left, right) in zip(self.table.columns, plan.edges, strict=True):
                lines = column.header.split("\n")
                missing = count - len(lines)
                if index >= missing and lines[index - missing]:
                    canvas.drawRightString(right, y + 2, lines[index - missing])
        return y - 5

    def _draw_row(self, row: Row, y: float) -> float:
        canvas, plan = self.canv, self.plan
        for index, line in enumerate(self._label_lines(row)):
            y -= plan.leading
            canvas.setFont(_BOLD if row.bold else _PLAIN, plan.size)
            canvas.drawString(row.level * _INDENT + (_INDENT if index else 0), y + 2, line)
        for column in range(len(row.values)):
            self._draw_value(row, column, y + 2)
        return y - 1.5 - (3.0 if row.rule == "double" else 0.0)

    def _draw_value(self, row: Row, column: int, y: float) -> None:
        value = row.values[column]
        if value is None:
            return
        canvas, plan = self.canv, self.plan
        left, right = plan.edges[column]
        style = self.table.style(row, column)
        canvas.setFont(_BOLD if row.bold else _PLAIN, plan.size)
        if row.rule != "none" and style != "percent":
            canvas.setLineWidth(0.5)
            canvas.line(left, y + plan.size - 0.5, right + 2, y + plan.size - 0.5)
        if row.dollar and style in ("money", "per_share") and isinstance(value, Decimal):
            canvas.drawString(left, y, "$")
        text, tail = printed(value, self.table.decimals(row, column), style == "percent")
        canvas.drawRightString(right, y, text)
        if tail:
            canvas.drawString(right, y, tail)
        if row.rule == "double" and style != "percent":
            for drop in (2.6, 4.2):
                canvas.line(left, y - drop, right + 2, y - drop)


def printed(value: Decimal | str, places: int, percent: bool) -> tuple[str, str]:
    """Give a cell's text up to its last digit, and what hangs to the right of it: ``)``, ``%`` or both."""
    if isinstance(value, str):
        return value, ""
    if value == 0:
        return "—", "%" if percent else ""
    tail = ("%" if percent else "") if value > 0 else (")%" if percent else ")")
    return ("(" if value < 0 else "") + digits(value, places), tail


def _column_width(table: Table, column: int, size: float) -> float:
    widest = 30.0
    for row in table.rows:
        if column < len(row.values) and (value := row.values[column]) is not None:
            text, _ = printed(value, table.decimals(row, column), False)
            widest = max(widest, stringWidth(text, _BOLD if row.bold else _PLAIN, size) + (8 if row.dollar else 0))
    return widest


def _plan(table: Table, available: float) -> _Plan:
    """Choose the largest type in which the labels keep enough room, then place the columns."""
    plan = _try_plan(table, available, 9.0)
    for size in (8.5, 8.0, 7.5):
        if plan.label >= 165:
            break
        plan = _try_plan(table, available, size)
    return plan


def _try_plan(table: Table, available: float, size: float) -> _Plan:
    # A single column stands nearer to its labels than the far edge of the page.
    right, edges = available * (0.72 if len(table.columns) == 1 else 1) - 11.0, []
    gap = _GAP if len(table.columns) > 4 else 2 * _GAP
    for index in reversed(range(len(table.columns))):
        width = _column_width(table, index, size)
        header = max(stringWidth(line, _BOLD, size - 0.5) for line in table.columns[index].header.split("\n"))
        edges.append((right - width, right))
        right -= max(width, header) + gap + 6
    return _Plan(size, size * 1.27, right, tuple(reversed(edges)))
