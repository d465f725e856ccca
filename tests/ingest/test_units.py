"""What is neither money in the scale of its table, nor said by a sign."""

from __future__ import annotations

import pytest

from ingest.columns import Setting
from ingest.document import RawCell, RawRow, RawTable
from ingest.figures import read_figure
from ingest.filing import Span, Statement, Table
from ingest.periods import FiscalCalendar
from ingest.scale import Scale
from ingest.tables import understand
from ingest.units import unit_and_scale
from ingest.vocabulary import built_in_vocabulary

MILLIONS = Scale(6, None, "(In millions)")
INHERITED = Scale(6, None, "(In millions)", inherited=True)
SETTING = Setting(FiscalCalendar(), "USD", built_in_vocabulary(), 12, MILLIONS)


def unit(
    figure: str,
    label: str,
    *,
    under: str = "",
    column: str = "2023",
    table: Scale | None = MILLIONS,
    statement: Statement | None = None,
) -> tuple[str | None, int]:
    read = read_figure(figure)
    assert read is not None
    path = (under,) if under else ()
    return unit_and_scale(read, label, path, column, table, "USD", statement=statement)


def table(caption: str, *rows: tuple[str, ...], setting: Setting = SETTING) -> Table:
    raws = [
        RawRow(label, 0, tuple(RawCell(t, 100.0 * i, 100.0 * i + 40, Span(0)) for i, t in enumerate(texts, 1)), Span(0))
        for label, *texts in rows
    ]
    return understand([RawTable(0, (caption,), tuple(raws))], setting)[0]


@pytest.mark.parametrize(
    ("figure", "label"),
    [
        ("4.5", "Weighted-average interest rate on notes payable"),
        ("4.5", "Interest rate:"),
        ("21.0", "Statutory tax rate"),
        ("6.1", "Discount rate used for benefit obligation"),
        ("5.25", "Interest rate, 5.25% to 6%"),
    ],
)
def test_a_rate_is_a_percentage(figure: str, label: str) -> None:
    assert unit(figure, label) == ("pure", -2)


@pytest.mark.parametrize(
    ("figure", "label"),
    [
        ("45", "Interest rate swaps"),
        ("45", "Interest rate derivatives"),
        ("45", "Floating interest rate debt"),
        ("45", "Interest rate lock agreements"),
        ("$4", "Interest rate"),
        ("250", "Interest rate"),
    ],
)
def test_money_named_after_a_rate_is_money(figure: str, label: str) -> None:
    assert unit(figure, label) == ("USD", 6)


@pytest.mark.parametrize(
    "label",
    [
        "Weighted-average remaining lease term (years)",
        "Weighted average remaining contractual term (in years)",
        "Expected term in years",
        "Estimated useful life",
        "Days sales outstanding",
    ],
)
def test_terms_are_neither_money_nor_scaled(label: str) -> None:
    assert unit("6.5", label) == (None, 0)


@pytest.mark.parametrize("label", ["Balance at end of year", "Remaining term loans", "Payments in fiscal year"])
def test_amounts_that_speak_of_time_are_money(label: str) -> None:
    assert unit("65", label) == ("USD", 6)


def test_ratios_are_not_scaled_and_those_that_may_be_percentages_have_no_unit() -> None:
    assert unit("3.4", "Ratio of earnings to fixed charges") == ("pure", 0)
    assert unit("95.2", "Combined ratio") == unit("35.1", "Expected volatility") == (None, 0)
    assert unit("12.9%", "Tier 1 capital ratio") == ("pure", -2)


def test_barrels_are_in_the_scale_of_the_table_and_no_money() -> None:
    assert unit("13", "Crude oil (barrels)") == unit("13", "Natural gas (MMBTUs)") == (None, 6)
    assert unit("13", "Copper (thousand tons)") == (None, 3)


@pytest.mark.parametrize(
    ("label", "statement", "column"),
    [
        ("Accrued revenue share", "balance", "2023"),
        ("Acme share of equity", "balance", "2023"),
        ("Taxes paid related to net share settlement of equity awards", "cash_flow", "2023"),
        ("Treasury shares issued for savings plans", "cash_flow", "2023"),
        ("Shares repurchased", "equity", "Common Stock Amount"),
        ("Treasury shares issued for savings plans", "equity", "Additional paid-in capital"),
        ("Shares exchanged", None, "Treasury Stock Amount"),
        ("Outstanding shares — none", "balance", "2023"),
        ("Reallocation of earnings", None, "Class B"),
    ],
)
def test_amounts_that_speak_of_shares_are_money(label: str, statement: Statement | None, column: str) -> None:
    assert unit("75", label, statement=statement, column=column) == ("USD", 6)


@pytest.mark.parametrize(
    ("label", "column"),
    [
        ("Shares repurchased", "Common Stock Shares"),
        ("Effect of dilutive securities", "2023"),
        ("Total dilutive effect of outstanding stock awards", "2023"),
        ("Awards excluded from diluted net income per share because their effect is anti-dilutive", "2023"),
        ("Potential shares exercisable under stock option plans", "2023"),
        ("Number of shares of common stock outstanding", "2023"),
        ("Common stock, without par value", "Outstanding as of June 30, 2025"),
        ("Scheduled vesting — restricted stock units", "2024"),
    ],
)
def test_counts_of_shares_are_no_money(label: str, column: str) -> None:
    assert unit("15", label, column=column) == ("shares", 6)


def test_dilutive_effects_on_income_are_money() -> None:
    assert unit("15", "Effect of dilutive securities on net income") == ("USD", 6)


def test_a_numerator_is_money_below_a_heading_of_amounts_per_share() -> None:
    read = read_figure("0")
    assert read is not None
    path = ("Diluted net income per share:", "Numerator")
    assert unit_and_scale(read, "Reallocation of earnings", path, "Class B", MILLIONS, "USD") == ("USD", 6)


def test_what_cannot_be_in_the_scale_of_the_statements_is_whole() -> None:
    assert unit("$1,183,684,965,587", "Aggregate market value", table=INHERITED) == ("USD", 0)
    assert unit("$28.92", "Estimated values", table=INHERITED) == ("USD", 0)
    assert unit("$28.92", "Estimated values") == ("USD", 6)
    assert unit("$ 2,892", "Estimated values", table=INHERITED) == ("USD", 6)
    assert unit("4,263,247,021", "Common stock", column="Outstanding at June 30, 2025", table=INHERITED) == (
        "shares",
        0,
    )


def test_a_table_that_counts_shares_by_its_caption_has_no_money() -> None:
    caption = "The following table shows the changes in shares of common stock for 2023 and 2022 (in thousands):"
    read = table(caption, ("", "2023", "2022"), ("Common stock repurchased", "(471,419)", "(568,589)"))
    assert [(cell.unit, cell.scale) for cell in read.rows[-1].cells] == [("shares", 3)] * 2


def test_a_table_that_prints_money_is_not_one_of_shares_whatever_its_caption_says() -> None:
    caption = "Options for 3 million shares were excluded from the calculation of diluted earnings (in millions):"
    read = table(caption, ("", "2023", "2022"), ("Amount available", "$ 4,719", "$ 5,685"), ("Other", "12", "13"))
    assert {cell.unit for row in read.rows for cell in row.cells} == {"USD"}


def test_heads_that_are_a_currency_sign_say_that_amounts_are_whole() -> None:
    nothing_told = Setting(FiscalCalendar(), "USD", built_in_vocabulary(), 12)
    read = table(
        "", ("", "2023", "2022"), ("", "£", "£"), ("Turnover", "18,598,191", "18,384,396"), setting=nothing_told
    )
    assert [(cell.unit, cell.scale) for cell in read.rows[-1].cells] == [("GBP", 0)] * 2
