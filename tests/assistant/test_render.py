from __future__ import annotations

import random
from decimal import ROUND_HALF_UP, Decimal

import pytest

from assistant.execute import Operand
from assistant.quantity import PURE, Quantity
from assistant.render import cite_line, cite_operand, describe_operand, round_half_up, sentence, show_value
from index.asked_periods import AskedPeriod
from index.evidence import EvidenceCell, EvidenceLine
from index.wording import Display
from ingest.filing import Span

SPAN = Span(13, "12", (1.0, 2.0, 3.0, 4.0), None, (5, 9))


def operand(printed: str, value: str, *, unit: str | None = "USD", scale: int = 6) -> Operand:
    cell = EvidenceCell("2024", Decimal(value), unit, scale, printed, None, SPAN, "us-gaap:Revenues")
    line = EvidenceLine("E1", "row", "f" * 64, "a.pdf", "Acme", "Net sales", ("Sales:",), (cell,), SPAN, "Note 2")
    return Operand(line, cell)


SALES = operand("$2,426.7", "2426.7E6")


def show(value: str, unit: str | None, kind: str, display: Display, *operands: Operand) -> tuple[str, str, str]:
    shown, printed = show_value(Quantity(Decimal(value), unit), kind, display, operands, None, "x")
    return shown.value, shown.unit, printed


@pytest.mark.parametrize(
    ("value", "unit", "kind", "display", "expected"),
    [
        ("2426.7E6", "USD", "money", Display(), ("2426.7", "USD millions", "$2,426.7 million")),
        ("2426.7E6", "USD", "money", Display(power=9), ("2.4", "USD billions", "$2.4 billion")),
        ("2426.7E6", "USD", "money", Display(power=9, decimals=3), ("2.427", "USD billions", "$2.427 billion")),
        ("2426.7E6", "USD", "money", Display(power=3), ("2426700", "USD thousands", "$2,426,700 thousand")),
        ("2426.7E6", "USD", "money", Display(decimals=0), ("2427", "USD millions", "$2,427 million")),
        ("-5E6", "USD", "money", Display(), ("-5.0", "USD millions", "-$5.0 million")),
        ("2426.7E6", "EUR", "money", Display(), ("2426.7", "EUR millions", "€2,426.7 million")),
        ("2426.7E6", "SEK", "money", Display(), ("2426.7", "SEK millions", "SEK 2,426.7 million")),
        ("5.04", "USD/shares", "money/shares", Display(power=6), ("5.04", "USD/shares", "$5.04")),
        ("62.5E6", "shares", "shares", Display(), ("62.5", "shares millions", "62.5 million shares")),
        ("0.0731", PURE, "percent", Display(), ("7.3", "percent", "7.3%")),
        ("0.0731", PURE, "percent", Display(decimals=2), ("7.31", "percent", "7.31%")),
        ("-0.0731", PURE, "percent", Display(), ("-7.3", "percent", "-7.3%")),
        ("0.003", PURE, "points", Display(), ("0.3", "percentage points", "0.3 percentage points")),
        ("1.755", PURE, "ratio", Display(), ("1.76", "ratio", "1.76")),
        ("1.755", PURE, "ratio", Display(percent=True), ("1.76", "ratio", "1.76")),
        ("51.186", PURE, "days", Display(), ("51.19", "days", "51.19 days")),
        ("0.0731", PURE, "", Display(percent=True), ("7.3", "percent", "7.3%")),
        ("12", None, "", Display(), ("12", "", "12")),
    ],
)
def test_figures_as_they_are_shown(
    value: str, unit: str | None, kind: str, display: Display, expected: tuple[str, str, str]
) -> None:
    assert show(value, unit, kind, display, SALES) == expected


def test_a_printed_percentage_stays_one() -> None:
    rate = operand("24.1%", "0.241", unit=PURE, scale=-2)
    assert show("0.241", PURE, "", Display(), rate) == ("24.1", "percent", "24.1%")


def test_as_many_decimals_as_the_source_prints() -> None:
    assert show("1577E6", "USD", "money", Display(), operand("1,577", "1577E6"))[0] == "1577"
    assert show("1577.25E6", "USD", "money", Display(), operand("1,577.25", "1577.25E6"))[0] == "1577.25"
    assert (
        show("5466312E3", "USD", "money", Display(power=6), operand("5,466,312", "5466312E3", scale=3))[0] == "5466.312"
    )


@pytest.mark.parametrize(
    ("value", "unit", "kind", "display", "printed"),
    [
        ("13.385E6", "USD", "money", Display(power=9), "$0.01 billion"),
        ("-13.385E6", "USD", "money", Display(power=9), "-$0.01 billion"),
        ("0.0004", PURE, "percent", Display(), "0.04%"),
        ("0.0012", PURE, "ratio", Display(), "0.001"),
        ("0", PURE, "percent", Display(), "0.0%"),
        ("0.0004", PURE, "percent", Display(decimals=1), "0.0%"),
    ],
)
def test_what_is_not_zero_is_shown_so_unless_its_decimals_are_asked_for(
    value: str, unit: str, kind: str, display: Display, printed: str
) -> None:
    assert show(value, unit, kind, display, SALES)[2] == printed


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [("2.5", 0, "3"), ("-2.5", 0, "-3"), ("0.05", 1, "0.1"), ("0.049", 1, "0.0"), ("1.005", 2, "1.01")],
)
def test_a_half_is_rounded_away_from_zero(value: str, decimals: int, expected: str) -> None:
    assert str(round_half_up(Decimal(value), decimals)) == expected


@pytest.mark.parametrize("seed", range(10))
def test_rounding_is_never_off_by_more_than_half_a_step(seed: int) -> None:
    numbers = random.Random(seed)
    for _ in range(100):
        value = Decimal(numbers.randint(-(10**30), 10**30)).scaleb(-numbers.randint(0, 30))
        decimals = numbers.randint(0, 9)
        rounded = round_half_up(value, decimals)
        assert abs(rounded - value) <= Decimal(5).scaleb(-decimals - 1)
        assert rounded == value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP, context=_wide())


def _wide() -> object:
    from decimal import Context

    return Context(prec=100)


def test_the_exact_value_is_kept_beside_the_shown_one() -> None:
    value, _ = show_value(Quantity(Decimal("0.07305"), PURE), "percent", Display(), (SALES,), None, "growth")
    assert (value.value, value.exact, value.period, value.company, value.label) == (
        "7.3",
        "0.07305",
        "2024",
        "Acme",
        "growth",
    )


def test_a_sentence() -> None:
    assert sentence("3M", "capex", AskedPeriod(2018), "$1,577 million", "[1]") == "3M, FY2018: capex $1,577 million [1]"
    assert sentence("3M", "capex", "c2", "$1", "") == "3M, c2: capex $1"


def test_a_citation_says_where_the_figure_stands() -> None:
    citation = cite_operand(SALES)
    assert (citation.page, citation.page_label, citation.box, citation.chars) == (14, "12", SPAN.box, (5, 9))
    assert (citation.quote, citation.label, citation.key, citation.tag) == (
        "$2,426.7",
        "Net sales",
        "2024",
        "us-gaap:Revenues",
    )
    assert citation.note == "in millions"


@pytest.mark.parametrize(
    ("printed", "value", "noted"),
    [
        ("(118.6)", "118.6E6", True),
        ("-118.6", "118.6E6", True),
        ("(118.6)", "-118.6E6", False),
        ("118.6", "118.6E6", False),
    ],
)
def test_a_deduction_that_counts_as_positive_is_noted(printed: str, value: str, noted: bool) -> None:
    note = cite_operand(operand(printed, value)).note
    assert ("deduction" in note) is noted
    assert note.startswith("in millions")


def test_a_quoted_line_is_cited_in_whole() -> None:
    citation = cite_line(SALES.line)
    assert citation.quote == "Net sales [Sales:] | 2024: $2,426.7"
    assert citation.label == "Net sales"
    assert citation.key is None


def test_how_a_figure_enters_the_calculation() -> None:
    step, result = describe_operand(SALES)
    assert step == "read E1[2024] “Net sales”: $2,426.7, in millions (a.pdf, page 14)"
    assert result == "2426700000"
