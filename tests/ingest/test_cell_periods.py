"""The period of each cell, where its column alone does not tell it."""

from __future__ import annotations

from datetime import date

from ingest.columns import Setting
from ingest.document import RawCell, RawRow, RawTable
from ingest.filing import Period, Span, Table
from ingest.periods import FiscalCalendar
from ingest.tables import understand
from ingest.vocabulary import built_in_vocabulary

ANNUAL = Setting(FiscalCalendar(), "USD", built_in_vocabulary(), 12, None, date(2024, 12, 31))
QUARTERLY = Setting(FiscalCalendar(), "USD", built_in_vocabulary(), None, None, date(2025, 6, 30))
WEEKS = FiscalCalendar(
    12, 31, printed=(date(2023, 12, 31), date(2022, 12, 31), date(2023, 1, 1)), weekday=date(2023, 12, 31).weekday()
)


def row(label: str, *texts: str, indent: float = 0.0) -> RawRow:
    cells = tuple(
        RawCell(text, 100.0 * i + 100, 100.0 * i + 140, Span(0)) for i, text in enumerate(texts) if text != ""
    )
    return RawRow(label, indent, cells, Span(0))


def read(rows: list[RawRow], *caption: str, setting: Setting = ANNUAL) -> Table:
    (table,) = understand([RawTable(0, caption, tuple(rows))], setting)
    return table


def periods(table: Table, label: str) -> list[tuple[str, int] | None]:
    (found,) = [each for each in table.rows if each.label == label]
    return [_told(cell.period) for cell in found.cells]


def _told(period: Period | None) -> tuple[str, int] | None:
    return None if period is None else (period.end.isoformat(), period.months)


def test_rows_between_two_balances_are_about_the_time_between() -> None:
    table = read(
        [
            row("", "Common stock", "Retained earnings"),
            row("Balance at January 1, 2023", "5", "10"),
            row("Net income", "", "3"),
            row("Balance at December 31, 2023", "5", "13"),
            row("Net income", "", "4"),
            row("Balance at December 31, 2024, net of tax", "5", "17"),
        ],
        "Consolidated Statements of Equity",
    )
    assert periods(table, "Balance at January 1, 2023") == [("2022-12-31", 0)] * 2
    assert [_told(each.cells[-1].period) for each in table.rows if each.label == "Net income"] == [
        ("2023-12-31", 12),
        ("2024-12-31", 12),
    ]
    assert periods(table, "Balance at December 31, 2024, net of tax") == [("2024-12-31", 0)] * 2


def test_balances_of_a_column_of_three_months_stand_at_its_ends() -> None:
    table = read(
        [
            row("", "Three Months Ended June 30, 2025", "Six Months Ended June 30, 2025"),
            row("Total equity, beginning balances", "10", "9"),
            row("Net income", "2", "3"),
            row("Total equity, ending balances", "12", "12"),
        ],
        "Consolidated Statements of Stockholders' Equity",
        setting=QUARTERLY,
    )
    assert periods(table, "Total equity, beginning balances") == [("2025-03-31", 0), ("2024-12-31", 0)]
    assert periods(table, "Net income") == [("2025-06-30", 3), ("2025-06-30", 6)]
    assert periods(table, "Total equity, ending balances") == [("2025-06-30", 0)] * 2


def test_a_day_without_a_year_is_the_beginning_or_the_end_of_its_column() -> None:
    table = read(
        [
            row("", "Three Months Ended June 30, 2025", "Three Months Ended June 30, 2024"),
            row("Balance as of March 31", "10", "9"),
            row("Balance as of June 30", "12", "11"),
        ],
        setting=QUARTERLY,
    )
    assert periods(table, "Balance as of March 31") == [("2025-03-31", 0), ("2024-03-31", 0)]
    assert periods(table, "Balance as of June 30") == [("2025-06-30", 0), ("2024-06-30", 0)]


def test_a_day_in_the_name_of_a_loan_is_no_balance() -> None:
    table = read(
        [row("", "December 31, 2024", "December 31, 2023"), row("5% notes due March 1, 2031", "10", "9")],
        "Long-term debt",
    )
    assert periods(table, "5% notes due March 1, 2031") == [("2024-12-31", 0), ("2023-12-31", 0)]


def test_years_ahead_are_what_is_due_as_of_the_balance_sheet() -> None:
    rows = [row("", "Amount"), row("2025", "5"), row("2026", "6"), row("Thereafter", "7"), row("Total", "18")]
    for each in read(rows, "Maturities of debt are as follows:").rows:
        assert [_told(cell.period) for cell in each.cells] == [("2024-12-31", 0)]
    columns = read([row("", "2025", "2026", "Thereafter"), row("Leases", "5", "6", "7")], "Commitments")
    assert periods(columns, "Leases") == [("2024-12-31", 0)] * 3
    assert [column.period for column in columns.columns] == [None] * 3


def test_loans_by_year_of_origin_stand_on_the_day_that_the_caption_names() -> None:
    table = read(
        [
            row("", "Prior to 2022", "2022", "2023", "2024"),
            row("Group I", "5", "6", "7", "8"),
            row("Gross charge-offs", "1", "1", "1", "1"),
        ],
        "Receivables by credit quality at December 31, 2023 were as follows:",
    )
    assert periods(table, "Group I") == [("2023-12-31", 0)] * 4
    assert periods(table, "Gross charge-offs") == [("2023-12-31", 12)] * 4


def test_heads_that_stand_once_more_within_the_table_are_in_force_below() -> None:
    table = read(
        [
            row("", "First Quarter 2025", "First Quarter 2025"),
            row("", "Company", "Bank"),
            row("Revenues", "5", "6"),
            row("", "Second Quarter 2025", "Second Quarter 2025"),
            row("", "Company", "Bank"),
            row("Costs", "7", "8"),
        ],
        setting=QUARTERLY,
    )
    assert periods(table, "Revenues") == [("2025-03-31", 3)] * 2
    assert periods(table, "Costs") == [("2025-06-30", 3)] * 2


def test_years_in_a_column_beside_the_labels_are_those_of_the_rows() -> None:
    table = read(
        [
            row("", "", "Three Months Ended March 31", "Nine Months Ended March 31"),
            row("Beauty", "2025", "$3,490", "$11,231"),
            row("", "2024", "3,550", "11,496"),
        ],
        "Results of segments",
        setting=QUARTERLY,
    )
    assert [(each.label, [_told(cell.period) for cell in each.cells]) for each in table.rows] == [
        ("Beauty", [("2025-03-31", 3), ("2025-03-31", 9)]),
        ("Beauty", [("2024-03-31", 3), ("2024-03-31", 9)]),
    ]


def test_a_schedule_rolls_across_its_columns() -> None:
    table = read(
        [
            row("Description", "Balance at Beginning of Period", "Additions", "Balance at End of Period"),
            row("2024"),
            row("Allowance", "5", "2", "7"),
            row("2023"),
            row("Reserve", "4", "1", "5"),
        ],
        "For the years ended December 31:",
    )
    assert periods(table, "Allowance") == [("2023-12-31", 0), ("2024-12-31", 12), ("2024-12-31", 0)]
    assert periods(table, "Reserve") == [("2022-12-31", 0), ("2023-12-31", 12), ("2023-12-31", 0)]


def test_columns_between_two_days_are_about_the_time_between() -> None:
    table = read(
        [row("", "December 31, 2023", "Acquisitions", "December 31, 2024"), row("Cloud", "5", "2", "7")], "Goodwill"
    )
    assert periods(table, "Cloud") == [("2023-12-31", 0), ("2024-12-31", 12), ("2024-12-31", 0)]


def test_the_only_day_among_the_heads_is_that_of_all_columns() -> None:
    table = read(
        [row("Description", "December 31, 2024", "Level 1", "Level 2"), row("Money market funds", "5", "4", "1")],
        "Fair values",
    )
    assert periods(table, "Money market funds") == [("2024-12-31", 0)] * 3


def test_a_rate_beside_each_year_is_of_that_year_and_a_change_of_none() -> None:
    rates = read(
        [
            row("", "2024", "Effective Rate %", "2023", "Effective Rate %"),
            row("Notes due 2031", "5", "2.10", "6", "2.20"),
        ],
        "Borrowings outstanding",
    )
    assert periods(rates, "Notes due 2031") == [("2024-12-31", 0)] * 2 + [("2023-12-31", 0)] * 2
    changes = read([row("", "2024", "2023", "Change", "% Change"), row("Revenues", "6", "5", "1", "20%")])
    assert periods(changes, "Revenues") == [("2024-12-31", 12), ("2023-12-31", 12), None, None]


def test_what_has_come_together_to_date_stands_on_the_day_of_the_balance_sheet() -> None:
    table = read([row("", "2024", "2023", "Plan to Date"), row("Restructuring cost", "6", "5", "19")])
    assert periods(table, "Restructuring cost") == [("2024-12-31", 12), ("2023-12-31", 12), ("2024-12-31", 0)]


def test_heads_over_two_lines_tell_stocks() -> None:
    heads = [
        row("", "December 31, 2024", "December 31, 2024"),
        row("", "Unrealized", "Fair"),
        row("", "Gains", "Value"),
    ]
    table = read([*heads, row("Deposits at banks", "1", "6")], "Investments")
    assert periods(table, "Deposits at banks") == [("2024-12-31", 0)] * 2


def test_flows_among_stocks_below_bare_years() -> None:
    table = read(
        [
            row("", "2024", "2023"),
            row("Benefit obligation at beginning of year", "9", "8"),
            row("Service cost", "2", "1"),
            row("Benefit obligation at end of year", "11", "9"),
            row("Accumulated benefit obligation", "10", "8"),
        ],
        "Obligations at fiscal year-end 2024 and 2023 were as follows:",
    )
    assert periods(table, "Benefit obligation at beginning of year") == [("2023-12-31", 0), ("2022-12-31", 0)]
    assert periods(table, "Service cost") == [("2024-12-31", 12), ("2023-12-31", 12)]
    assert periods(table, "Accumulated benefit obligation") == [("2024-12-31", 0), ("2023-12-31", 0)]


def test_running_text_about_other_times_does_not_count() -> None:
    table = read(
        [row("", "2024", "2023"), row("Net sales", "6", "5")],
        "In the third quarter of 2024 the Company sold a business, which it had held for nine months by then, as told.",
        "Segments",
    )
    assert periods(table, "Net sales") == [("2024-12-31", 12), ("2023-12-31", 12)]


def test_years_of_weeks_end_on_the_same_day_of_the_week() -> None:
    assert WEEKS.year_end(2022) == date(2023, 1, 1)
    assert WEEKS.quarter_end(2023, 1) == date(2023, 4, 2)
    assert FiscalCalendar(printed=(date(2023, 1, 1), date(2022, 12, 31))).year_end(2022) == date(2022, 12, 31)


def test_the_balance_of_a_first_day_stands_on_the_day_before() -> None:
    assert FiscalCalendar(1, 31).close_of(date(2021, 2, 1)) == date(2021, 1, 31)
    assert WEEKS.close_of(date(2023, 1, 1)) == date(2023, 1, 1)
    assert WEEKS.close_of(date(2023, 1, 2)) == date(2023, 1, 1)
