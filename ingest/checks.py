"""What an accountant would check in a filing that was read; each warning names both numbers and where they stand.

A warning is a true disagreement of the document with itself, or a fault of the reading. Rounding is
tolerated: half a unit of the last printed digit for each number that is added.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import combinations

from ingest.filing import Cell, Fact, Period, ReadingWarning, Row, Table
from ingest.periods import WEEK_SLACK
from ingest.settle import agree
from ingest.totals import doubts
from ingest.vocabulary import Vocabulary, normalise_label

MOST_WARNINGS = 20
"""So many warnings are kept of one filing, the most serious first; the rest is counted."""
LEAST_LINES = 4
"""A table that repeats so many lines of a statement is taken to repeat the others too."""
NEAR = 3
"""Rows about the change in cash among which the effect of exchange rates stands."""
ROUNDED_CASH = Decimal(2)
"""Three addends and their sum, each rounded, are off by at most two units."""
YEAR = 12
_GENERAL = re.compile(r"(?:other|total|net)\b(?:,?\s+net)?:?", re.I)
"""Labels that many lines of one statement have."""
_Line = tuple[str, Period, str | None]
_OPENING = re.compile(r"\b(?:beginning|start)\b", re.I)
_CLOSING = re.compile(r"\bend(?:ing)?\b(?!ed)", re.I)
_CASH = re.compile(r"\bcash\b", re.I)
_CHANGE = re.compile(r"^(?!.*\b(?:effects?|exchange|currency)\b).*\b(?:increase|decrease|change)\b.*\bcash\b", re.I)


def check(tables: Sequence[Table], facts: Sequence[Fact], vocabulary: Vocabulary) -> tuple[ReadingWarning, ...]:
    """Return what does not agree, the most serious first and at most ``MOST_WARNINGS`` of them."""
    found = list(
        dict.fromkeys(
            [
                *_balances(facts, vocabulary),
                *_cash_flows(tables),
                *_sums(tables),
                *_lines_elsewhere(facts),
                *_tags(tables, facts),
            ]
        )
    )
    kept = found[:MOST_WARNINGS]
    if len(found) > len(kept):
        kept.append(
            ReadingWarning(f"{len(found) - len(kept)} more figures of this filing do not agree with one another")
        )
    return tuple(kept)


def _balances(facts: Iterable[Fact], vocabulary: Vocabulary) -> Iterator[ReadingWarning]:
    """Assets are liabilities and equity."""
    sides: dict[tuple[object, ...], dict[str, Fact]] = {}
    for fact in facts:
        concept = vocabulary.by_tag(fact.concept) if fact.concept else None
        if concept is not None and concept.key in ("total_assets", "liabilities_and_equity"):
            place = (fact.table, fact.period, fact.dimensions)
            sides.setdefault(place, {}).setdefault(concept.key, fact)
    for (table, *_), side in sides.items():
        if table is not None and len(side) == 2 and not agree(*side.values()):
            assets, claims = side["total_assets"], side["liabilities_and_equity"]
            yield _two(assets, claims, "total assets are not total liabilities and equity")


def _cash_flows(tables: Iterable[Table]) -> Iterator[ReadingWarning]:
    """Opening cash and the change in cash make closing cash, which opens the next year."""
    for table in tables:
        if table.statement != "cash_flow":
            continue
        ends = [(i, row) for i, row in enumerate(table.rows) if row.cells and _CASH.search(row.label)]
        opening = [row for _, row in ends if _OPENING.search(row.label) and not _CLOSING.search(row.label)]
        closing = [row for _, row in ends if _CLOSING.search(row.label) and not _OPENING.search(row.label)]
        if len(opening) == len(closing) == 1:
            yield from _carried_forward(table, opening[0], closing[0])
            yield from _rolled_forward(table, opening[0], closing[0])


def _carried_forward(table: Table, opening: Row, closing: Row) -> Iterator[ReadingWarning]:
    """Opening cash of a year is closing cash of the year before, where each year is one column."""
    columns = list(_columns(table, closing))
    closed = {period.end: cell for cell, period in columns if period.months == YEAR}
    if len(closed) < len(columns):
        return
    for cell, period in _columns(table, opening):
        before = next((end for end in closed if abs((period.end - end).days - 365) <= WEEK_SLACK.days), None)
        if before is not None and not _equal(cell, closed[before]):
            yield ReadingWarning(
                f"cash at the beginning of {period.describe()} is printed as {cell.text}, at the end of the year "
                f"before as {closed[before].text}",
                cell.span.page,
            )


def _rolled_forward(table: Table, opening: Row, closing: Row) -> Iterator[ReadingWarning]:
    """In each column: a row near the change in cash, as the effect of exchange rates, may be part of it or not."""
    first = next((i for i, row in enumerate(table.rows) if row.cells and _CHANGE.search(row.label)), None)
    if first is None:
        return
    starts = {cell.column: cell for cell in opening.cells}
    changes = {cell.column: cell for cell in table.rows[first].cells}
    near = [cell for row in table.rows[max(first - NEAR, 0) : first + NEAR + 1] for cell in row.cells]
    outcomes: list[tuple[bool, str]] = []
    for end, period in _columns(table, closing):
        start, change = starts.get(end.column), changes.get(end.column)
        if start is None or change is None or start.number is None or change.number is None:
            continue
        steps = [cell for cell in near if cell.column == end.column and cell not in (start, change, end)]
        said = f"{start.text} and the change in cash {change.text} do not make closing cash {end.text}"
        outcomes.append((_leads(start, change, steps, end), f"opening cash {said} ({period.describe()})"))
    if any(holds for holds, _ in outcomes):
        yield from (ReadingWarning(said, closing.span.page) for holds, said in outcomes if not holds)


def _leads(start: Cell, change: Cell, steps: Sequence[Cell], end: Cell) -> bool:
    gap = _number(end) - _number(start) - _number(change)
    return any(abs(gap - step) <= ROUNDED_CASH for step in (Decimal(0), *map(_number, steps)))


def _sums(tables: Iterable[Table]) -> Iterator[ReadingWarning]:
    """Rows that add up in other columns add up in each."""
    for table in tables:
        for doubt in doubts(table):
            if table.statement == "cash_flow" and _CASH.search(doubt.row.label) and _CLOSING.search(doubt.row.label):
                continue  # said of cash already
            yield ReadingWarning(
                f'"{doubt.row.label}" ({_when(doubt.cell.period)}) is printed as {doubt.cell.text}, the rows above it '
                f"make {doubt.parts:,f}; in {doubt.columns_that_hold} other column(s) they make what is printed",
                doubt.cell.span.page,
            )


def _lines_elsewhere(facts: Sequence[Fact]) -> Iterator[ReadingWarning]:
    """A table that repeats lines of a statement repeats their values, but for their sign."""
    by_table: dict[str, dict[_Line, Fact | None]] = {}
    for fact in facts:
        if fact.table is not None and not fact.dimensions:
            lines = by_table.setdefault(fact.table, {})
            line = (normalise_label(fact.label), fact.period, fact.unit)
            # Of two rows with one label neither can be told.
            lines[line] = None if line in lines else fact
    statements = {name for name, lines in by_table.items() if any(fact and fact.statement for fact in lines.values())}
    for first, second in combinations(by_table, 2):
        if first in statements or second in statements:
            yield from _repeated(by_table[first], by_table[second])


def _repeated(one: dict[_Line, Fact | None], other: dict[_Line, Fact | None]) -> Iterator[ReadingWarning]:
    pairs = [(a, b) for line in one.keys() & other.keys() if (a := one[line]) and (b := other[line])]
    differing = [(a, b) for a, b in pairs if not agree(_unsigned(a), _unsigned(b)) and not _GENERAL.fullmatch(a.label)]
    labels = {normalise_label(a.label) for a, _ in differing}
    agreeing = {normalise_label(a.label) for a, _ in pairs} - labels
    if labels and len(agreeing) >= LEAST_LINES * len(labels):
        for a, b in sorted(differing, key=lambda pair: (pair[0].row or 0, pair[0].period.end)):
            yield _two(a, b, f'"{a.label}" has two values')


def _unsigned(fact: Fact) -> Fact:
    return replace(fact, value=abs(fact.value))


def _tags(tables: Sequence[Table], facts: Iterable[Fact]) -> Iterator[ReadingWarning]:
    """What a cell prints is what its tag says, but for the sign, which a tag takes from its concept."""
    cells = {
        (table.id, cell.span.element, cell.span.chars): cell
        for table in tables
        for row in table.rows
        for cell in row.cells
    }
    differing: dict[str | None, list[tuple[Fact, Cell]]] = {}
    for fact in facts:
        cell = cells.get((fact.table or "", fact.span.element, fact.span.chars)) if fact.origin == "ixbrl" else None
        if cell is not None and cell.value is not None and abs(cell.value) != abs(fact.value):
            differing.setdefault(fact.table, []).append((fact, cell))
    for pairs in differing.values():
        fact, cell = pairs[0]
        rest = f"; {len(pairs) - 1} more cells of the table differ from their tags" if len(pairs) > 1 else ""
        yield ReadingWarning(
            f'"{fact.label}" ({_when(fact.period)}) is printed as {cell.text}, read as {cell.value:,f}, and tagged as '
            f"{fact.value:,f} ({fact.concept}){rest}",
            cell.span.page,
        )


def _columns(table: Table, row: Row) -> Iterator[tuple[Cell, Period]]:
    for cell in row.cells:
        period = table.columns[cell.column].period
        if period is not None and cell.number is not None:
            yield cell, period


def _equal(one: Cell, other: Cell) -> bool:
    return one.number == other.number or one.value == other.value


def _number(cell: Cell) -> Decimal:
    return cell.number if cell.number is not None else Decimal(0)


def _when(period: Period | None) -> str:
    return period.describe() if period is not None else "no period"


def _two(one: Fact, other: Fact, what: str) -> ReadingWarning:
    first, second = one.span.physical_page, other.span.physical_page
    return ReadingWarning(
        f"{what} ({_when(one.period)}): {one.printed} on page {first} and {other.printed} on page {second}",
        other.span.page,
    )
