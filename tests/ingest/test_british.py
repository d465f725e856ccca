"""Accounts as British companies print them: the day before the month, pounds, rows ruled off or tables of their own."""

from __future__ import annotations

from datetime import date

import pytest

from ingest.columns import Setting
from ingest.dates import find_date, find_stretch, month_days, period_ends
from ingest.document import RawCell, RawRow, RawTable
from ingest.filing import Span, Table
from ingest.identity import identify
from ingest.periods import FiscalCalendar, all_dates, read_hints
from ingest.tables import understand
from ingest.vocabulary import built_in_vocabulary
from tests.ingest.pdfs import Sheet, document

SETTING = Setting(FiscalCalendar(), "GBP", built_in_vocabulary(), 12, None, date(2020, 12, 31))


def row(label: str, *cells: tuple[str, float, float]) -> RawRow:
    return RawRow(label, 0, tuple(RawCell(text, x0, x1, Span(0)) for text, x0, x1 in cells), Span(0))


def shown(table: Table) -> list[tuple[str, list[tuple[str, str | None]]]]:
    return [
        (each.label, [(str(cell.value), cell.period.describe() if cell.period else None) for cell in each.cells])
        for each in table.rows
        if each.cells
    ]


def test_the_day_may_stand_before_its_month() -> None:
    assert find_date("At 31 December 2020") == find_date("31st December, 2020") == date(2020, 12, 31)
    assert period_ends("for the year ended 30 November 2020") == [date(2020, 11, 30)]
    assert [hints.end for hints in all_dates("31 March 2020 and 31 March 2019")] == [
        date(2020, 3, 31),
        date(2019, 3, 31),
    ]
    assert read_hints("31 December").month_day == (12, 31)
    assert month_days("March 31 December 31") == ((3, 31), (12, 31))
    assert find_stretch("July 1 - September 30, 2018") == (date(2018, 7, 1), date(2018, 9, 30))
    assert find_date("May 2020") is None


def test_accounts_for_a_year_are_an_annual_report_that_ends_with_it() -> None:
    def cover(sheet: Sheet) -> None:
        sheet.line("ACME GROWERS LIMITED")
        sheet.line("FINANCIAL STATEMENTS")
        sheet.line("FOR THE YEAR ENDED 30 NOVEMBER 2020")

    identity, _ = identify(document(cover))
    assert (identity.form, identity.period_end, identity.fiscal_year_end) == (
        "annual report",
        date(2020, 11, 30),
        (11, 30),
    )


def test_heads_in_a_table_of_their_own_are_those_of_the_rows_below_them() -> None:
    heads = RawTable(0, ("6. Debtors",), (row("", ("2020", 5, 6), ("2019", 6, 7)), row("£", ("£", 6, 7))))
    body = RawTable(0, (), (row("Trade debtors", ("174,373", 2, 3), ("155,347", 3, 4)),))
    (table,) = understand([heads, body], SETTING)
    assert shown(table) == [("Trade debtors", [("174373", "at 2020-12-31"), ("155347", "at 2019-12-31")])]
    assert table.rows[-1].cells[0].unit == "GBP"


def test_figures_that_are_ruled_off_belong_to_the_years_in_order() -> None:
    raw = RawTable(
        0,
        ("Balance sheet", "at 31 December 2020"),
        (
            row("", ("2020", 2, 3), ("2019", 4, 5)),
            row("Tangible assets", ("4", 1, 2), ("18,598", 3, 4), ("18,384", 5, 6)),
            row("Stocks", ("3,870", 2, 3), ("3,574", 4, 5)),
        ),
    )
    (table,) = understand([raw], SETTING)
    assert shown(table) == [
        ("Tangible assets", [("18598", "at 2020-12-31"), ("18384", "at 2019-12-31")]),
        ("Stocks", [("3870", "at 2020-12-31"), ("3574", "at 2019-12-31")]),
    ]


def test_rows_that_are_tables_of_their_own_are_one_table() -> None:
    caption = ("Statement of comprehensive income", "for the year ended 31 December 2020", "2020  2019", "Notes  £  £")
    raws = [
        RawTable(0, caption, (row("Turnover", ("3", 1, 2), ("5,936", 2, 3), ("8,016", 4, 5)),)),
        RawTable(0, (), (row("Cost of sales", ("4,919", 1, 2), ("6,305", 3, 4)),)),
        RawTable(0, ("Other income:",), (row("(1,142)", ("(520)", 2, 4)),)),
    ]
    (table,) = understand(raws, SETTING)
    assert [len(each.cells) for each in table.rows if each.cells] == [2, 2, 2]
    assert {cell.period.end.year for each in table.rows for cell in each.cells[:1] if cell.period} == {2020}
    assert {cell.period.end.year for each in table.rows for cell in each.cells[1:] if cell.period} == {2019}


def test_rows_with_other_numbers_of_figures_keep_their_columns() -> None:
    raws = [
        RawTable(0, ("Turnover",), (row("Turnover", ("5,936", 2, 3), ("8,016", 4, 5)),)),
        RawTable(0, (), (row("Total", ("5,936", 2, 3)),)),
    ]
    assert [len(table.rows) for table in understand(raws, SETTING)] != [2]


@pytest.mark.parametrize("label", ["Within one year", "Between one and five years", "Amount due to related party"])
def test_what_falls_due_is_a_stock(label: str) -> None:
    raw = RawTable(0, ("Leases",), (row("", ("2020", 2, 3), ("2019", 4, 5)), row(label, ("1", 2, 3), ("2", 4, 5))))
    (table,) = understand([raw], SETTING)
    assert shown(table)[0][1][0][1] == "at 2020-12-31"


def test_the_year_that_heads_all_notes_makes_no_balance_a_flow() -> None:
    caption = ("Notes to the financial statements", "for the year ended 31 December 2020", "6. Debtors")
    rows = (row("", ("2020", 2, 3), ("2019", 4, 5)), row("Trade debtors", ("1", 2, 3), ("2", 4, 5)))
    assert shown(understand([RawTable(0, caption, rows)], SETTING)[0])[0][1][0][1] == "at 2020-12-31"
