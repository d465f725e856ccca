from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from ingest.checks import MOST_WARNINGS, check
from ingest.filing import Cell, Column, Fact, Period, Row, Span, Statement, Table
from ingest.vocabulary import built_in_vocabulary
from tests.ingest.pdfs import THREE, TWO, Sheet, filing

YEARS = tuple(Period(date(year, 12, 31), 12, fiscal_year=year) for year in (2018, 2017, 2016))


def table_of(
    rows: Sequence[tuple[str, str]], *, statement: Statement | None = None, unit: str = "USD", number: int = 1
) -> Table:
    """A table in millions; each row's figures are printed in one text, "-" for none."""
    body = []
    for i, (label, figures) in enumerate(rows):
        texts = figures.split()
        cells = tuple(
            Cell(j, text, Decimal(text), 6, unit, YEARS[j], Span(3, element=f"e{i}", chars=(j, j + 1)))
            for j, text in enumerate(texts)
            if text != "-"
        )
        body.append(Row(label, 0, (), cells, Span(3)))
    columns = tuple(Column(j, (str(period.end.year),), period) for j, period in enumerate(YEARS))
    return Table(f"t{number}", "A title", statement, columns, tuple(body), 6, "USD", None, 3, 3)


def said(table: Table, *facts: Fact) -> list[str]:
    return [warning.message for warning in check([table], facts, built_in_vocabulary())]


PARTS = [("Cash", "400 300 250"), ("Receivables", "700 650 500"), ("Inventories", "1200 1100 900")]


def test_rows_that_add_up_are_not_spoken_of() -> None:
    assert said(table_of([*PARTS, ("Total current assets", "2300 2050 1650")])) == []


def test_a_total_that_its_parts_do_not_make_in_one_year_is_doubted_with_both_numbers() -> None:
    (message,) = said(table_of([*PARTS, ("Total current assets", "2300 2500 1650")]))
    assert message.startswith('"Total current assets" (FY2017 (year ended 2017-12-31)) is printed as 2500, ')
    assert "make 2,050; in 2 other column(s)" in message


def test_a_part_that_was_not_read_is_noticed() -> None:
    rows = [("Cash", "400 - 250"), *PARTS[1:], ("Total current assets", "2300 2050 1650")]
    (message,) = said(table_of(rows))
    assert "printed as 2050" in message
    assert "make 1,750" in message


def test_rounding_is_tolerated_for_each_addend() -> None:
    assert said(table_of([*PARTS, ("Total current assets", "2301 2048 1650")])) == []


def test_rows_that_add_up_in_no_year_say_nothing() -> None:
    assert said(table_of([*PARTS, ("Total current assets", "9000 8000 7000")])) == []


def test_totals_of_totals_take_the_totals_alone() -> None:
    rows = [
        *PARTS,
        ("Total current assets", "2300 2050 1650"),
        ("Equipment", "5000 4000 3000"),
        ("Goodwill", "100 100 100"),
        ("Total assets", "7400 6150 4700"),
    ]
    (message,) = said(table_of(rows))
    assert '"Total assets" (FY2016' in message
    assert "make 4,750" in message


def test_what_is_left_after_taking_off_is_checked_too() -> None:
    rows = [("Net sales", "9000 8000 7000"), ("Cost of sales", "5000 4500 4000"), ("Gross profit", "4000 3500 2900")]
    (message,) = said(table_of(rows, statement="income"))
    assert '"Gross profit" (FY2016' in message


def test_a_part_that_no_other_year_has_is_no_part() -> None:
    rows = [
        ("Equity of the company", "5000 4800 4600"),
        ("Preferred stock", "800 700 600"),
        ("Held by others", "126 - -"),
        ("Total equity", "5800 5500 5200"),
    ]
    assert said(table_of(rows, statement="balance")) == []


def test_average_prices_are_no_sums() -> None:
    table = table_of(
        [("Granted", "4000 52.10 4100"), ("Vested", "-1000 48.00 -900"), ("Total at end of year", "3000 55.00 3200")]
    )
    rows = [
        replace(row, cells=tuple(replace(c, unit="USD/shares" if c.column == 1 else "shares") for c in row.cells))
        for row in table.rows
    ]
    assert said(replace(table, rows=tuple(rows))) == []


CASH = [
    ("Net increase (decrease) in cash", "500 100 -50"),
    ("Effect of exchange rates on cash", "-20 10 5"),
    ("Cash at beginning of year", "1110 1000 1045"),
    ("Cash at end of year", "1590 1110 1000"),
]


def test_cash_is_carried_and_rolled_forward() -> None:
    assert said(table_of(CASH, statement="cash_flow")) == []


def test_closing_cash_that_the_change_does_not_lead_to_is_doubted() -> None:
    rows = [*CASH[:3], ("Cash at end of year", "1690 1110 1000")]
    (message,) = said(table_of(rows, statement="cash_flow"))
    assert message == (
        "opening cash 1110 and the change in cash 500 do not make closing cash 1690 (FY2018 (year ended 2018-12-31))"
    )


def test_opening_cash_is_last_years_closing_cash() -> None:
    rows = [("Cash at beginning of year", "1190 1000 1045"), CASH[3]]
    (message,) = said(table_of(rows, statement="cash_flow"))
    assert message.startswith("cash at the beginning of FY2018 (year ended 2018-12-31) is printed as 1190, ")
    assert message.endswith("at the end of the year before as 1110")


def statements(balance: str = "9,000", sales: str = "6,489") -> Callable[[Sheet], None]:
    def draw(sheet: Sheet) -> None:
        sheet.centred("Northfield Instruments Corporation")
        sheet.centred("CONSOLIDATED BALANCE SHEETS")
        sheet.line("(in millions)")
        sheet.line("At December 31,")
        sheet.heads("2018", "2017", ends=TWO)
        sheet.row("Total assets", "9,000", "8,000", ends=TWO)
        sheet.row("Total liabilities", "5,000", "4,500", ends=TWO)
        sheet.row("Total equity", "4,000", "3,500", ends=TWO)
        sheet.row("Total liabilities and equity", balance, "8,000", ends=TWO)
        sheet.next_page()
        for title, first in (("CONSOLIDATED STATEMENTS OF INCOME", "6,489"), ("Selected figures", sales)):
            sheet.centred(title)
            sheet.line("(in millions)")
            sheet.line("For the years ended December 31,")
            sheet.heads("2018", "2017", "2016", ends=THREE)
            sheet.row("Net sales", first, "4,000", "3,900", ends=THREE)
            sheet.row("Cost of sales", "2,001", "1,902", "1,803", ends=THREE)
            sheet.row("Research and development", "604", "605", "606", ends=THREE)
            sheet.row("Interest expense", "87", "88", "89", ends=THREE)
            sheet.row("Net income", "1,110", "987", "876", ends=THREE)
            sheet.next_page()

    return draw


def warned(draw: Callable[[Sheet], None]) -> list[str]:
    return [warning.message for warning in filing(draw).warnings]


def test_a_filing_that_agrees_with_itself_has_no_warning() -> None:
    assert warned(statements()) == []


def test_assets_are_liabilities_and_equity() -> None:
    messages = warned(statements(balance="9,100"))
    assert "total assets are not total liabilities and equity (at 2018-12-31): 9,000 on page 2 and 9,100 on page 2" in (
        messages
    )


def test_the_same_line_elsewhere_has_the_same_value() -> None:
    (message,) = warned(statements(sales="6,498"))
    assert message == '"Net sales" has two values (FY2018 (year ended 2018-12-31)): 6,489 on page 3 and 6,498 on page 4'


def tagged(table: Table, row: int, value: int) -> Fact:
    cell = table.rows[row].cells[0]
    assert cell.period is not None
    span = cell.span
    concept = "us-gaap:Assets"
    return Fact(
        "Cash", concept, Decimal(value), "USD", 6, cell.period, span, "ixbrl", cell.text, (), None, table.id, row
    )


def test_a_cell_is_read_as_it_is_tagged() -> None:
    table = table_of(PARTS)
    assert said(table, tagged(table, 0, 400_000_000)) == []
    assert said(table, tagged(table, 0, -400_000_000)) == []
    (message,) = said(table, tagged(table, 0, 400_000), tagged(table, 1, 700_000))
    assert "printed as 400, read as 400,000,000, and tagged as 400,000 (us-gaap:Assets); 1 more cells" in message


@pytest.mark.parametrize("tables", [MOST_WARNINGS, MOST_WARNINGS + 3])
def test_the_warnings_of_one_filing_are_few(tables: int) -> None:
    broken = [table_of([*PARTS, (f"Total of {i}", "2300 2500 1650")], number=i) for i in range(tables)]
    messages = [warning.message for warning in check(broken, (), built_in_vocabulary())]
    assert len(messages) == min(tables, MOST_WARNINGS + 1)
    assert (messages[-1] == "3 more figures of this filing do not agree with one another") is (tables > MOST_WARNINGS)
