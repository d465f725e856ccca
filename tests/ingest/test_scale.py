from __future__ import annotations

from decimal import Decimal

import pytest

from ingest.figures import read_figure
from ingest.scale import Scale, find_scale, find_share_power
from ingest.units import unit_and_scale

MILLIONS = Scale(6, None, "(In millions)")


def unit(
    figure: str, label: str, *, under: str = "", column: str = "2018", table: Scale | None = MILLIONS
) -> tuple[str | None, int]:
    read = read_figure(figure)
    assert read is not None
    return unit_and_scale(read, label, (under,) if under else (), column, table, "USD")


@pytest.mark.parametrize(
    ("text", "power", "share_power"),
    [
        ("(In millions)", 6, None),
        ("(in millions, except per share amounts)", 6, None),
        ("(Millions, except per share amounts)", 6, None),
        ("(Millions)", 6, None),
        ("Dollars in thousands", 3, None),
        ("(Dollars in millions, except per share amount)", 6, None),
        ("Thousands of dollars", 3, None),
        ("(Expressed in thousands of U.S. dollars)", 3, None),
        ("$000's", 3, None),
        ("(000's omitted)", 3, None),
        ("($000)", 3, None),
        ("$ in billions", 9, None),
        ("(US$ millions)", 6, None),
        ("(€ millions)", 6, None),
        ("Years Ended December 31 (In millions)", 6, None),
        ("(All amounts in thousands)", 3, None),
        ("(amounts in thousands, except share and per share data)", 3, 0),
        ("(In millions, except par value and share data)", 6, 0),
        ("(Dollars in thousands, except shares and per share amounts)", 3, 0),
        ("(Amounts are in millions)", 6, None),
        ("CONSOLIDATED BALANCE SHEETS - in millions", 6, None),
        ("(In millions, except number of shares which are reflected in thousands and per share amounts)", 6, 3),
        ("(In millions, except number of shares, which are reflected in thousands, and per-share amounts)", 6, 3),
        ("(In millions, except number of shares which are reflected in thousands and par value)", 6, 3),
        ("(Dollars in millions; shares in thousands)", 6, 3),
        ("(Shares in thousands; dollars in millions)", 6, 3),
        ("(Dollars and shares in millions)", 6, 6),
        ("(Dollars and shares in thousands, except per share data)", 3, 3),
        ("(In millions of dollars, except per share amounts and shares in thousands)", 6, 3),
    ],
)
def test_the_scale_of_a_table_is_told(text: str, power: int, share_power: int | None) -> None:
    scale = find_scale(text)
    assert scale is not None
    assert (scale.power, scale.share_power) == (power, share_power)
    assert scale.source == text


@pytest.mark.parametrize(
    "text",
    [
        "Net sales",
        "Common stock, authorized 250,000 shares",
        "Common stock, $.0001 par value, 1,800,000 shares authorized",
        "Preferred stock, 1,000,000 authorized, none issued",
        "a charge of $12 million",
        "Allowances of $12 million and $10 million",
        "The company spent $1.5 million on advertising",
        "10,000",
        "One million people",
        "(1.5 million)",
    ],
)
def test_amounts_in_a_text_are_no_scale(text: str) -> None:
    assert find_scale(text) is None


@pytest.mark.parametrize(
    ("label", "under"),
    [
        ("Earnings per share — diluted", ""),
        ("Basic", "Earnings per share:"),
        ("Diluted earnings per common share (in dollars)", ""),
        ("Dividends declared per share", ""),
        ("Net income per common and common equivalent share", ""),
        ("Diluted EPS", ""),
        ("Distributions per unit", ""),
    ],
)
def test_amounts_per_share_have_no_scale(label: str, under: str) -> None:
    assert unit("9.09", label, under=under) == ("USD/shares", 0)
    assert unit("$ 9.09", label, under=under) == ("USD/shares", 0)


@pytest.mark.parametrize(
    ("label", "under"),
    [
        ("Weighted average common shares outstanding — basic", ""),
        ("Diluted", "Weighted average shares outstanding:"),
        ("Basic", "Shares used in computing earnings per share:"),
        ("Shares used in computing diluted earnings per share", ""),
        ("Weighted-average shares used in per share calculation", ""),
        ("Weighted average number of shares used in computing basic net income per share", ""),
        ("Common shares outstanding", ""),
        ("Dilutive common stock equivalents", "Weighted average shares outstanding:"),
        ("Number of shares", ""),
        ("Shares issued", ""),
    ],
)
def test_share_counts_are_shares_in_the_scale_of_the_table(label: str, under: str) -> None:
    assert unit("588.5", label, under=under) == ("shares", 6)
    thousands = Scale(6, 3, "(In millions, except number of shares which are reflected in thousands)")
    assert unit("16,864,919", label, under=under, table=thousands) == ("shares", 3)


def test_a_whole_share_count_in_a_table_in_millions_is_not_scaled() -> None:
    assert unit("576,575,168", "Shares outstanding") == ("shares", 0)


def test_shares_excepted_from_the_scale_are_whole_unless_no_company_has_so_few() -> None:
    table = Scale(6, 0, "(In millions, except share and per share amounts)")
    assert unit("1,234,567", "Shares outstanding", table=table) == ("shares", 0)
    assert unit("588.5", "Weighted average shares outstanding", table=table) == ("shares", 6)


def test_a_share_scale_alone_says_nothing_of_money() -> None:
    assert find_scale("(Shares in thousands)") is None
    assert find_share_power("(Shares in thousands)") == 3
    assert find_share_power("(In thousands, except per share amounts)") is None


def test_a_row_that_states_its_own_scale_is_believed() -> None:
    assert unit("588,500", "Weighted average shares (in thousands)") == ("shares", 3)
    assert unit("1,200", "Backlog (in billions)") == ("USD", 9)


@pytest.mark.parametrize(
    "label",
    [
        "Net sales",
        "Share-based compensation",
        "Repurchases of common shares",
        "Proceeds from issuance of shares",
        "Common stock, par value $.01 per share",
        "Common stock ($0.01 par value per share; 1,000 shares authorized; 500 shares issued)",
        "Preferred stock, no par value, 10 shares authorized",
        "Treasury shares, at cost",
        "Total shareholders' equity",
        "Net income available to common shareholders",
        "Dividends on common shares",
        "Common shares",
        "Share of earnings of affiliates",
        "3.5% Notes due 2026",
        "Senior notes, 5 percent, due 2030",
        "Effect of changes in interest rates",
    ],
)
def test_amounts_of_money_have_currency_and_scale(label: str) -> None:
    assert unit("75", label) == ("USD", 6)
    assert unit("$ 75", label) == ("USD", 6)


@pytest.mark.parametrize(
    ("figure", "label", "column"),
    [
        ("12.3%", "Net sales", "2018"),
        ("12.3", "Gross margin", "% of sales"),
        ("21.0", "Effective tax rate", "2018"),
        ("38.2", "Gross profit as a percent of sales", "2018"),
        ("4.5", "Sales growth (%)", "2018"),
    ],
)
def test_percentages_are_ratios(figure: str, label: str, column: str) -> None:
    assert unit(figure, label, column=column) == ("pure", -2)


def test_a_currency_sign_in_a_percent_column_is_money() -> None:
    assert unit("$ 12", "Net sales", column="% change") == ("USD", 6)


def test_counts_of_other_things_have_no_unit() -> None:
    assert unit("93,516", "Number of employees") == (None, 0)
    assert unit("815", "Warehouses in operation") == (None, 0)


def test_without_a_scale_or_a_sign_nothing_is_assumed() -> None:
    assert unit("1,577", "Net sales", table=None) == (None, 0)
    assert unit("$ 1,577", "Net sales", table=None) == ("USD", 0)


@pytest.mark.parametrize(
    ("figure", "column", "expected"),
    [
        ("45.10", "Weighted average exercise price", ("USD/shares", 0)),
        ("$ 45.10", "Weighted-average grant date fair value per share", ("USD/shares", 0)),
        ("$ 45.10", "Average price paid per share", ("USD/shares", 0)),
        ("12.5", "Number of shares", ("shares", 6)),
        ("310", "Aggregate intrinsic value", ("USD", 6)),
        ("12", "Shares repurchased", ("shares", 6)),
    ],
)
def test_the_head_of_a_column_tells_the_unit_of_its_cells(
    figure: str, column: str, expected: tuple[str | None, int]
) -> None:
    assert unit(figure, "Outstanding at end of year", column=column) == expected


@pytest.mark.parametrize(
    ("figure", "label", "under"),
    [
        ("(8,742)", "Common", "Dividends and equivalents ($3.68 per share):"),
        ("(5,644)", "Cash dividends declared ($1.39 per share of common stock)", ""),
        ("$39,098", "Net income for diluted EPS", ""),
        ("33,722", "Net income", "Basic EPS:"),
    ],
)
def test_whole_amounts_beside_an_amount_per_share_are_in_the_scale_of_the_table(
    figure: str, label: str, under: str
) -> None:
    assert unit(figure, label, under=under) == ("USD", 6)


@pytest.mark.parametrize(
    ("figure", "label", "column", "expected"),
    [
        ("167", "Units granted", "Weighted Average Grant-Date Fair Value", ("USD/shares", 0)),
        ("$0.23", "Series A", "Issue Price", ("USD/shares", 0)),
        ("891", "Granted", "Options Outstanding Number of Options", ("shares", 6)),
        ("6,063", "Series A", "Shares Authorized", ("shares", 6)),
        ("59,140", "Product line", "Number of plaintiffs", (None, 0)),
        ("37,204", "Balance", "Aggregate Value (in thousands)", ("USD", 3)),
        ("4.02", "Rate of increase in compensation levels", "2023", ("pure", -2)),
        ("(83)", "Foreign tax rate differential", "2023", ("USD", 6)),
    ],
)
def test_heads_and_labels_of_notes_tell_units(
    figure: str, label: str, column: str, expected: tuple[str | None, int]
) -> None:
    assert unit(figure, label, column=column) == expected


def test_a_rate_may_be_told_by_the_heading() -> None:
    assert unit("(8.1)", "International operations", under="Tax rates:") == ("pure", -2)


def test_share_counts_of_a_column_have_one_scale() -> None:
    figure = read_figure("213,441")
    assert figure is not None
    granted = unit_and_scale(figure, "Granted", (), "Number of Shares", MILLIONS, "USD", Decimal(15_419_002))
    assert granted == ("shares", 0)


def test_a_table_of_shares_alone_counts_shares() -> None:
    scale = Scale(6, 3, "(Shares in thousands)", only_shares=True)
    assert unit("20,648", "Allocated", table=scale) == ("shares", 3)
    assert unit("$12", "Allocated", table=scale) == ("USD", 6)


def test_the_scale_of_shares_may_stand_in_a_heading() -> None:
    assert unit("2,350.1", "Basic shares outstanding", under="SHARES IN THOUSANDS") == ("shares", 3)
    assert find_share_power("(In millions, except share amounts which are reflected in thousands)") == 3
