"""What a whole table says of the time of its cells: its caption, its headings, the balances that it leads between."""

from __future__ import annotations

from datetime import date

import pytest

from ingest.columns import Setting
from ingest.document import RawCell, RawRow, RawTable
from ingest.figures import read_figure
from ingest.filing import Span
from ingest.periods import FiscalCalendar
from ingest.roles import role_below, role_of, role_of_subject
from ingest.tables import understand
from ingest.vocabulary import built_in_vocabulary
from tests.ingest.test_cell_periods import QUARTERLY, periods, read, row

SECOND_QUARTER = Setting(FiscalCalendar(), "USD", built_in_vocabulary(), None, None, date(2025, 6, 30))


def test_the_first_day_of_a_year_is_not_the_last_of_the_one_before() -> None:
    fiscal = FiscalCalendar(12, 31, printed=(date(2024, 1, 1), date(2024, 12, 31)))
    assert fiscal.year_end(2023) == date(2023, 12, 31)
    weeks = FiscalCalendar(9, 28, printed=(date(2023, 7, 1),))
    assert weeks.quarter_end(2023, 3) == date(2023, 7, 1)


def test_a_year_is_opened_and_closed_on_one_day_of_the_calendar() -> None:
    table = read(
        [
            row("", "2024", "2023"),
            row("Tax contingencies – January 1", "$ 10", "$ 8"),
            row("Settlements", "2", "2"),
            row("Tax contingencies – December 31", "$ 12", "$ 10"),
        ],
        "The activity was as follows for the years ended December 31:",
    )
    assert periods(table, "Tax contingencies – January 1") == [("2023-12-31", 0), ("2022-12-31", 0)]
    assert periods(table, "Tax contingencies – December 31") == [("2024-12-31", 0), ("2023-12-31", 0)]


def test_stocks_below_the_last_balance_stand_on_its_day() -> None:
    table = read(
        [
            row("", "Number of shares", "Average price"),
            row("December 31, 2023", "100", "$ 5.10"),
            row("Granted", "20", "6.20"),
            row("December 31, 2024", "120", "$ 5.30"),
            row("Vested and expected to vest", "110", "5.20"),
        ]
    )
    assert periods(table, "Granted") == [("2024-12-31", 12)] * 2
    assert periods(table, "Vested and expected to vest") == [("2024-12-31", 0)] * 2


def test_what_is_adjusted_between_two_balances_of_one_day_stands_on_it() -> None:
    table = read(
        [
            row("", "Retained earnings", "Total"),
            row("Balance at December 31, 2023", "10", "10"),
            row("Adjustment to opening balance", "1", "1"),
            row("Opening balance at January 1, 2024", "11", "11"),
            row("Net income", "3", "3"),
            row("Balance at December 31, 2024", "14", "14"),
        ],
        "Consolidated Statements of Equity",
    )
    assert periods(table, "Adjustment to opening balance") == [("2023-12-31", 0)] * 2
    assert periods(table, "Net income") == [("2024-12-31", 12)] * 2


def test_cash_that_leads_from_one_closing_balance_to_the_next_is_a_stock() -> None:
    table = read(
        [
            row("", "2025", "2024"),
            row("Net increase in cash", "5", "4"),
            row("Cash, including restricted, at beginning of period", "10", "6"),
            row("Cash, including restricted, at end of period", "15", "10"),
            row("Less restricted cash, included in investments", "2", "1"),
            row("Cash at end of period", "13", "9"),
        ],
        "Consolidated Statements of Cash Flows",
        "Six months ended June 30",
        setting=QUARTERLY,
    )
    assert periods(table, "Net increase in cash") == [("2025-06-30", 6), ("2024-06-30", 6)]
    assert periods(table, "Less restricted cash, included in investments") == [("2025-06-30", 0), ("2024-06-30", 0)]


def test_a_quarters_end_beside_the_years_end_is_a_balance_sheet() -> None:
    rows = [row("", "June 30, 2025", "December 31, 2024"), row("Translation adjustments", "$ (13)", "$ (15)")]
    assert periods(read(rows, setting=SECOND_QUARTER), "Translation adjustments") == [
        ("2025-06-30", 0),
        ("2024-12-31", 0),
    ]


@pytest.mark.parametrize(
    ("caption", "label", "months"),
    [
        ("The provision for taxes on income consists of:", "Total currently payable", 12),
        ("Property and equipment consisted of the following:", "Improvements under construction costs", 0),
        ("The table below shows the components of accrued liabilities:", "Unsettled share repurchases", 0),
    ],
)
def test_parts_are_in_time_what_their_whole_is(caption: str, label: str, months: int) -> None:
    table = read([row("", "2024", "2023"), row(label, "1", "2")], caption)
    assert periods(table, label) == [("2024-12-31", months), ("2023-12-31", months)]


def test_only_the_last_sentence_above_a_table_says_what_it_is_made_of() -> None:
    assert role_of_subject(["Debt consists of notes. Interest expense was as follows:"]) is None
    assert role_of_subject(["Interest rose. The components of interest expense were:"]) == "flow"
    assert role_of_subject([]) is None


def test_a_target_is_held_today_whatever_year_it_names() -> None:
    table = read(
        [
            row("", "Target Allocation", "Percent of Plan Assets"),
            row("", "2025", "2024"),
            row("Equity securities", "58%", "60%"),
        ]
    )
    assert periods(table, "Equity securities")[0] == ("2024-12-31", 0)


def test_a_column_of_a_year_and_those_before_is_one_of_origins() -> None:
    rows = [row("", "2021 and Prior"), row("Receivables rated BBB", "$ 5")]
    assert periods(read(rows, setting=SECOND_QUARTER), "Receivables rated BBB") == [("2025-06-30", 0)]


@pytest.mark.parametrize(
    ("label", "role"),
    [
        ("Unrealized gains recognized during the period on securities held at the end of the period", "flow"),
        ("Portion of sales that was included in deferred revenue at the beginning of the period", "flow"),
        ("Less: Net (gains) losses on sales", "flow"),
        ("Potential shares exercisable under stock option plans", "flow"),
        ("Hedge accounting fair value adjustments", "stock"),
        ("Initial cost", "stock"),
        ("Unearned income", "stock"),
        ("Accumulated other comprehensive income", "stock"),
        ("Amount of gain recognized in AOCI", None),
        ("Weighted-average discount rate", "stock"),
        ("Health care cost trend rate assumed for next year", "stock"),
        ("Cash at end of year", "closing"),
    ],
)
def test_labels_tell_stocks_and_flows(label: str, role: str | None) -> None:
    assert role_of(label) == role


def test_headings_tell_what_stands_below() -> None:
    assert role_below("Gains/(Losses) related to hedged items:") == "flow"
    assert role_below("Increase (reduction) in rate resulting from:") == "flow"
    assert role_below("Accrued and Other Current Liabilities:") == "stock"
    assert role_below("Weighted-average discount rate:") == "stock"
    assert role_below("Changes in assets and liabilities:") is None


@pytest.mark.parametrize("text", ["0.45% – 3.38%", "0.45 - 3.38", "$10 - $20", "5% to 7%"])
def test_a_range_is_a_figure_without_one_number(text: str) -> None:
    figure = read_figure(text)
    assert figure is not None
    assert figure.number is None


@pytest.mark.parametrize("text", ["2019 - 2023", "3-7", "10-K", "2020 to 2025"])
def test_years_and_plain_digits_are_no_range(text: str) -> None:
    assert read_figure(text) is None


def test_a_term_with_its_unit_is_a_figure_that_is_not_scaled() -> None:
    table = read([row("", "2024", "2023"), row("Finance leases", "14.0 years", "14.4 years")], "(In millions)")
    assert [(str(cell.value), cell.unit) for cell in table.rows[-1].cells] == [("14.0", None), ("14.4", None)]


def _placed(label: str, *cells: tuple[str, float, float]) -> RawRow:
    return RawRow(label, 0, tuple(RawCell(text, x0, x1, Span(0)) for text, x0, x1 in cells), Span(0))


def test_a_head_over_two_columns_places_no_other_heads() -> None:
    rows = (
        _placed("", ("Dec. 31, 2024", 3, 6), ("Dec. 31, 2023", 9, 12), ("Useful Life", 15, 18)),
        _placed("", ("(In millions)", 3, 12), ("(In years)", 15, 18)),
        _placed("Land", ("$ 218", 3, 5), ("$ 210", 9, 11), ("(A)", 15, 18)),
    )
    (table,) = understand([RawTable(0, (), rows)], QUARTERLY)
    assert [column.header[0] for column in table.columns] == ["Dec. 31, 2024", "Dec. 31, 2023"]


def _page(page: int, caption: tuple[str, ...], *heads: str) -> RawTable:
    cells = [(text, 100.0 * n, 100.0 * n + 40) for n, text in enumerate(heads, 1)]
    figures = [("$ 5", 100.0 * n, 100.0 * n + 40) for n, _ in enumerate(heads, 1)]
    return RawTable(page, caption, (_placed("", *cells), _placed("Notes", *figures)))


def test_a_table_goes_on_below_continued_only_where_its_heads_do() -> None:
    first = _page(0, (), "Fair value", "Cost")
    running_head = ("Notes (Continued)", "The following table gives maturities:")
    assert len(understand([first, _page(1, running_head, "Due", "Cost")], QUARTERLY)) == 2
    assert len(understand([first, _page(1, ("(Continued)",), "Fair value", "Cost")], QUARTERLY)) == 1
