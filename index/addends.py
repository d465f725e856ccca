"""Which rows of a table add up to which: found from the figures of every period at once, and not from labels alone."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from ingest.filing import Row, Table

LEAST = 2
"""A sum has at least so many parts."""
MOST = 40
"""No total has more parts than this."""
_TOTAL = re.compile(r"^(?:sub-?)?totals?\b|\btotal$|^$", re.IGNORECASE)
_UNIT = re.compile(r"[A-Z]{3}")


def find_sums(table: Table) -> dict[int, tuple[int, ...]]:
    """Return the rows that are the sum of rows above them, by number, with the numbers of those parts.

    The parts stand directly above, less what is in another sum already. They add up in every column in which the
    total has an amount: to the last printed unit, or one off it for rounding where the row is called a total.
    """
    rows = [_amounts(row, table) for row in table.rows]
    found: dict[int, tuple[int, ...]] = {}
    open_rows: list[int] = []
    for number, amounts in enumerate(rows):
        if not amounts:
            continue
        parts = _parts(amounts, open_rows, rows, called_total=bool(_TOTAL.search(table.rows[number].label.strip())))
        if parts:
            found[number] = parts
            open_rows = open_rows[: -len(parts)]
        open_rows.append(number)
    return found


def leaves(table: Table, number: int, sums: Mapping[int, Sequence[int]]) -> tuple[int, ...]:
    """Return the rows that a row is finally made of, in order; itself where it is no sum.

    What something is taken off from, as depreciation from the cost of buildings, stays together.
    """
    parts = sums.get(number)
    if parts is None or any(value < 0 for part in parts for value, _ in _amounts(table.rows[part], table).values()):
        return (number,)
    return tuple(leaf for part in parts for leaf in leaves(table, part, sums))


def _amounts(row: Row, table: Table) -> dict[int, tuple[Decimal, Decimal]]:
    """The money of a row by column, of columns with a period: each value, and what its last digit is worth."""
    return {
        cell.column: (cell.value, _step(cell.number, cell.scale))
        for cell in row.cells
        if cell.value is not None and cell.number is not None
        if cell.period is not None and cell.unit is not None and _UNIT.fullmatch(cell.unit)
        if cell.column < len(table.columns)
    }


def _step(number: Decimal, scale: int) -> Decimal:
    exponent = number.as_tuple().exponent
    return Decimal(1).scaleb(scale + (min(exponent, 0) if isinstance(exponent, int) else 0))


def _parts(
    amounts: Mapping[int, tuple[Decimal, Decimal]],
    open_rows: Sequence[int],
    rows: Sequence[Mapping[int, tuple[Decimal, Decimal]]],
    *,
    called_total: bool,
) -> tuple[int, ...]:
    """The shortest run of open rows at the end that makes ``amounts`` in each column; nothing where none does."""
    made = dict.fromkeys(amounts, Decimal(0))
    counted = dict.fromkeys(amounts, 0)
    for length, number in enumerate(reversed(open_rows[-MOST:]), start=1):
        for column in amounts:
            value = rows[number].get(column, (Decimal(0), Decimal(0)))[0]
            made[column] += value
            counted[column] += value != 0
        slack = 1 if called_total else 0
        adds_up = all(abs(made[column] - value) <= slack * step for column, (value, step) in amounts.items())
        if length >= LEAST and adds_up and max(counted.values()) >= LEAST:
            return tuple(open_rows[-length:])
    return ()
