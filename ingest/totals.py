"""Rows of a table that add up to a later row: found from the columns in which they do, held against the others.

How a table adds up is not told by its labels alone. Here a row counts as the sum (or the balance) of rows
above it when it is so in at least one column; a column in which it is not so is then in doubt: either it is
misprinted or it was misread. A row that adds up in no column says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ingest.filing import Cell, Row, Table

_TOTAL = re.compile(
    r"^(?:sub-?)?totals?\b|^total\b|\btotal$|^net\b|^gross\s+(?:profit|margin|income)\b|^(?!retained|accumulated)(?:\w+\s+){0,2}(?:income|earnings|profit|loss)\b"
    r"|\bend\s+of\b|^balances?\b.*\d|^$",
    re.IGNORECASE,
)
"""What sums are called."""
_BALANCE = re.compile(r"^(?:gross|operating|net)?\s*(?:income|earnings|profit|margin|loss|\()", re.IGNORECASE)
"""What is left of a first row when those below it are taken off."""
LEAST = 100
LEAST_ALONE = 1000
"""A total with fewer units than this could be met by chance: where two columns hold, and where one does."""
FEW_PARTS = 2
"""The least that makes a sum."""
MANY_PARTS = 12
MOST_PARTS = 40
"""No total has more parts than this."""
_HALF = Decimal("0.5")
_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class _Amount:
    """A cell with the number that it prints and one unit of its last digit; only what is of one kind adds up."""

    cell: Cell
    number: Decimal
    digit: Decimal
    kind: tuple[str | None, int]

    @classmethod
    def of(cls, cell: Cell, number: Decimal) -> _Amount:
        """Return the amount of a cell that prints ``number``."""
        exponent = number.as_tuple().exponent
        digit = Decimal(1).scaleb(min(exponent, 0) if isinstance(exponent, int) else 0)
        return cls(cell, number, digit, (cell.unit, cell.scale))


_Numbers = Mapping[int, _Amount]


@dataclass(frozen=True, slots=True)
class Doubt:
    """A cell that is not what its parts make, and how many columns of its row are."""

    row: Row
    cell: Cell
    parts: Decimal
    """What the parts make, in the units in which the cell is printed."""
    columns_that_hold: int


@dataclass(frozen=True, slots=True)
class _Sum:
    """A way to add up rows to a total: the row numbers of its parts, and the columns in which it comes out.

    It ``holds`` to the unit and is large enough to be no chance; it is ``close`` within rounding; else it ``fails``.
    """

    parts: tuple[int, ...]
    subtract: bool
    holds: tuple[int, ...]
    close: tuple[int, ...]
    fails: tuple[int, ...]


def doubts(table: Table) -> Iterator[Doubt]:
    """Yield the cells of ``table`` that break a sum which holds in other columns of the same rows."""
    rows = [_numbers(row, table) for row in table.rows]
    open_rows: list[int] = []
    for number, cells in enumerate(rows):
        if not cells:
            continue
        label = table.rows[number].label.strip()
        takes_off = table.statement != "balance" and bool(_BALANCE.search(label))
        found = _best(number, rows, open_rows, takes_off=takes_off) if _TOTAL.search(label) else None
        if found is not None:
            open_rows = [row for row in open_rows if row not in found.parts]
            yield from _doubts_of(table.rows[number], cells, found, rows)
        open_rows.append(number)


def _numbers(row: Row, table: Table) -> _Numbers:
    """The amounts of a row by column, of columns with a period."""
    return {
        cell.column: _Amount.of(cell, cell.number)
        for cell in row.cells
        if cell.number is not None and table.columns[cell.column].period is not None and cell.unit not in ("pure",)
    }


def _best(total: int, rows: Sequence[_Numbers], open_rows: Sequence[int], *, takes_off: bool) -> _Sum | None:
    """The shortest run of rows directly above that makes the total in most columns."""
    best: _Sum | None = None
    for length in range(1, min(len(open_rows), MOST_PARTS) + 1):
        parts = tuple(open_rows[-length:])
        if not _may_add_up(rows[parts[0]], rows[total]):
            break
        if length < FEW_PARTS:
            continue
        for subtract in (False, True) if takes_off else (False,):
            found = _tried(total, parts, rows, subtract=subtract)
            if found is not None and (best is None or len(found.close) > len(best.close)):
                best = found
    return best


def _may_add_up(part: _Numbers, total: _Numbers) -> bool:
    """Whether a row is in the units and scales of the total, and printed no more finely, in all columns of both."""
    both = [(part[column], amount) for column, amount in total.items() if column in part]
    return all(one.kind == other.kind and one.digit >= other.digit for one, other in both)


def _tried(total: int, parts: tuple[int, ...], rows: Sequence[_Numbers], *, subtract: bool) -> _Sum | None:
    holds, close, fails = [], [], []
    is_sum = False
    for column, amount in rows[total].items():
        addends = _addends(column, parts, rows)
        if not any(addends):
            continue
        gap = abs(_made(addends, subtract=subtract) - amount.number) / amount.digit
        several = sum(1 for addend in addends if addend) > 1
        if gap > _HALF * (len(parts) + 1):
            fails.append(column)
            continue
        close.append(column)
        is_sum = is_sum or several
        if gap <= 1 and several and abs(amount.number) >= LEAST * amount.digit:
            holds.append(column)
    kinds = {(rows[total][column].kind, rows[total][column].digit) for column in holds}
    # Prices beside counts are averages, and no sums.
    fails = [column for column in fails if (rows[total][column].kind, rows[total][column].digit) in kinds]
    if not is_sum or (fails and not holds):
        return None
    return _Sum(parts, subtract, tuple(holds), tuple(close), tuple(fails))


def _addends(column: int, parts: Sequence[int], rows: Sequence[_Numbers]) -> list[Decimal]:
    """The numbers of the parts in one column. A blank is zero."""
    return [amount.number if (amount := rows[part].get(column)) is not None else _NOTHING for part in parts]


def _doubts_of(row: Row, cells: _Numbers, found: _Sum, rows: Sequence[_Numbers]) -> Iterator[Doubt]:
    if not found.fails or len(found.fails) > len(found.holds):
        return
    if len(found.holds) == 1 and _may_be_chance(row, cells[found.holds[0]], found):
        return
    for column in found.fails:
        if not _is_proven(column, found, rows):
            continue
        made = _made(_addends(column, found.parts, rows), subtract=found.subtract)
        yield Doubt(row, cells[column].cell, made, len(found.holds))


def _may_be_chance(row: Row, held: _Amount, found: _Sum) -> bool:
    """Whether the one column that holds may do so by chance: of few parts, of very many, or of small numbers."""
    is_total = row.label.lower().startswith("total")
    is_small = abs(held.number) < LEAST_ALONE * held.digit
    return is_small or (len(found.parts) == FEW_PARTS and not is_total) or len(found.parts) > MANY_PARTS


def _is_proven(column: int, found: _Sum, rows: Sequence[_Numbers]) -> bool:
    """Whether each part that counts in this column counts in one in which the sum holds; else it may be none."""

    def counts(part: int, where: int) -> bool:
        amount = rows[part].get(where)
        return amount is not None and bool(amount.number)

    return all(any(counts(part, held) for held in found.holds) for part in found.parts if counts(part, column))


def _made(addends: Sequence[Decimal], *, subtract: bool) -> Decimal:
    return addends[0] - sum(addends[1:], _NOTHING) if subtract else sum(addends, _NOTHING)
