from __future__ import annotations

from decimal import Decimal

import pytest

from ingest.figures import is_year, read_figure


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,577", "1577"),
        ("$ 1,577", "1577"),
        ("$1,577.25", "1577.25"),
        (".52", "0.52"),
        ("0", "0"),
        ("576,575,168", "576575168"),
        ("(1,577)", "-1577"),
        ("(1,577 )", "-1577"),
        ("$ (1,577)", "-1577"),
        ("$(1,577)", "-1577"),
        ("$ (1,577 )", "-1577"),
        ("($1,577)", "-1577"),
        ("( 1,577 )", "-1577"),
        ("$(.12)", "-0.12"),
        ("-5.2", "-5.2"),
        ("–5.2", "-5.2"),
        ("−5.2", "-5.2"),
        ("-$12", "-12"),
        ("+3.1", "3.1"),
        ("€ 12", "12"),
    ],
)
def test_amounts_have_the_printed_number_and_sign(text: str, number: str) -> None:
    figure = read_figure(text)
    assert figure is not None
    assert figure.number == Decimal(number)
    assert not figure.percent


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12.3 %", "12.3"),
        ("12.3%", "12.3"),
        ("(12.3)%", "-12.3"),
        ("(12.3%)", "-12.3"),
        ("(12.3 )%", "-12.3"),
        ("(12.3 %)", "-12.3"),
        ("-4%", "-4"),
        ("+4%", "4"),
        ("—%", "0"),
        ("— %", "0"),
    ],
)
def test_percentages_are_marked_as_such(text: str, number: str) -> None:
    figure = read_figure(text)
    assert figure is not None
    assert (figure.number, figure.percent, figure.currency) == (Decimal(number), True, None)


@pytest.mark.parametrize("text", ["—", "–", "-", "$ —", "$—", "$ -", "(—)", "$ (—)", "--", "— (a)"])
def test_a_dash_is_zero(text: str) -> None:
    figure = read_figure(text)
    assert figure is not None
    assert figure.number == 0
    assert not figure.percent


@pytest.mark.parametrize("text", ["nm", "NM", "N/M", "n.m.", "NM*", "n/a", "N/A", "*", "$ *", "nm (b)"])
def test_marks_stand_for_a_figure_but_have_no_number(text: str) -> None:
    figure = read_figure(text)
    assert figure is not None
    assert figure.number is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,577 (a)", "1577"),
        ("1,577(a)", "1577"),
        ("(1,577) (a)", "-1577"),
        ("(1,577)(2)", "-1577"),
        ("$ (1,577)(b)", "-1577"),
        ("12.3% (c)", "12.3"),
        ("8.89*", "8.89"),
        ("8.89 †", "8.89"),
    ],
)
def test_a_footnote_mark_is_left_out(text: str, number: str) -> None:
    figure = read_figure(text)
    assert figure is not None
    assert figure.number == Decimal(number)


@pytest.mark.parametrize(
    ("text", "currency"),
    [("$ 5", "USD"), ("US$5", "USD"), ("C$ 5", "CAD"), ("€5", "EUR"), ("£(5)", "GBP"), ("¥ —", "JPY"), ("5", None)],
)
def test_the_printed_currency_is_told(text: str, currency: str | None) -> None:
    figure = read_figure(text)
    assert figure is not None
    assert figure.currency == currency


@pytest.mark.parametrize(
    "text",
    [
        "",
        "$",
        "%",
        "(",
        "()",
        "Net sales",
        "1,57",
        "1,5777",
        "12,34,567",
        "(1,577",
        "1,577)",
        "(1,577 (a)",
        "10-K",
        "2018-2017",
        "December 31",
        "1 2",
        "3M",
        "5.2x",
        "Note 5",
        "1.2.3",
        "(a)",
        "12/31/2018",
    ],
)
def test_other_texts_are_no_figures(text: str) -> None:
    assert read_figure(text) is None


def test_years_are_told_from_figures() -> None:
    assert is_year(" 2018 ")
    assert is_year("1999")
    assert is_year("2022*")
    assert is_year("2022 (a)")
    assert not is_year("2,018")
    assert not is_year("20180")
    assert not is_year("$2018")
    assert not is_year("1850")
