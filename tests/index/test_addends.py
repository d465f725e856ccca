from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from index.addends import find_sums, leaves
from ingest.filing import Cell, Column, Period, Row, Span, Table

PLACE = Span(0)
YEARS = (Period(date(2024, 12, 31), 12), Period(date(2023, 12, 31), 12))


def table(rows: Sequence[tuple[str, int, int]]) -> Table:
    """A table of two years in millions of dollars."""
    columns = tuple(Column(index, (str(2024 - index),), period) for index, period in enumerate(YEARS))
    made = tuple(
        Row(
            label,
            0,
            (),
            tuple(
                Cell(column, str(value), Decimal(value), 6, "USD", YEARS[column], PLACE)
                for column, value in enumerate(values)
            ),
            PLACE,
        )
        for label, *values in rows
    )
    return Table("t1", "", None, columns, made, 6, "USD", None, 0, 0)


def test_a_total_is_found_with_its_parts_and_subtotals_are_taken_apart() -> None:
    made = table([("A", 60, 50), ("B", 40, 30), ("Family", 100, 80), ("C", 20, 25), ("Total", 120, 105)])
    sums = find_sums(made)
    assert sums == {2: (0, 1), 4: (2, 3)}
    assert leaves(made, 4, sums) == (0, 1, 3)


def test_a_sum_of_one_year_by_chance_is_none() -> None:
    assert find_sums(table([("A", 60, 50), ("B", 40, 30), ("C", 100, 90)])) == {}


def test_rounding_is_forgiven_to_what_is_called_a_total() -> None:
    rows = [("A", 60, 50), ("B", 40, 30)]
    assert find_sums(table([*rows, ("Total", 101, 80)])) == {2: (0, 1)}
    assert find_sums(table([*rows, ("Whole", 101, 80)])) == {}


def test_what_something_is_taken_off_from_stays_together() -> None:
    made = table(
        [("Cost", 90, 80), ("Depreciation", -40, -30), ("Property, net", 50, 50), ("Cash", 9, 8), ("Total", 59, 58)]
    )
    assert leaves(made, 4, find_sums(made)) == (2, 3)
