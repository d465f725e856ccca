from decimal import Decimal

import pytest

from ingest.htm.transforms import read_number, read_text


@pytest.mark.parametrize(
    ("rule", "text", "value"),
    [
        (None, "1234.5", "1234.5"),
        ("num-dot-decimal", "1,234,567.89", "1234567.89"),
        ("numdotdecimal", " 1 234 ", "1234"),
        ("numcommadot", "1,234.5", "1234.5"),
        ("num-comma-decimal", "1.234,5", "1234.5"),
        ("numdotcomma", "1.234,5", "1234.5"),
        ("num-dot-decimal", ".50", "0.50"),
        ("fixed-zero", "—", "0"),
        ("zerodash", "-", "0"),
        ("numdash", "-", "0"),
        ("num-unit-decimal", "1,234 dollars 5 cents", "1234.05"),
        ("numwordsen", "no", "0"),
        ("numwordsen", "Twenty-five", "25"),
        ("numwordsen", "one hundred and six thousand two", "106002"),
        ("numwordsen", "a million", "1000000"),
        ("numwordsen", "3", "3"),
    ],
)
def test_numbers(rule: str | None, text: str, value: str) -> None:
    assert read_number(rule, text) == Decimal(value)


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (None, "1,234"),
        (None, ""),
        (None, "-5"),
        ("num-dot-decimal", "(5)"),
        ("num-dot-decimal", "1.2.3"),
        ("num-dot-decimal", "9" * 300),
        ("num-dot-decimal", "٣"),
        ("numwordsen", "several"),
        ("numwordsen", "hundred"),
        ("durwordsen", "five years"),
        ("some-future-rule", "5"),
    ],
)
def test_text_that_does_not_follow_its_rule_is_no_number(rule: str | None, text: str) -> None:
    assert read_number(rule, text) is None


@pytest.mark.parametrize(
    ("rule", "text", "value"),
    [
        ("date-monthname-day-year-en", "September 28, 2024", "2024-09-28"),
        ("datemonthdayyearen", "Sept. 28, 2024", "2024-09-28"),
        ("date-day-month-year", "31.12.2020", "2020-12-31"),
        ("date-month-day-year", "12/31/20", "2020-12-31"),
        ("datelonguk", "31 December 2020", "2020-12-31"),
        ("dateslasheu", "31/12/2020", "2020-12-31"),
        ("date-monthname-day-en", "December 31", "--12-31"),
        ("date-month-day", "02-29", "--02-29"),
        ("date-monthname-year-en", "June 2024", "2024-06"),
        ("date-month-day-year", "13/31/2020", "13/31/2020"),
        ("fixed-true", "☒", "true"),
        ("booleanfalse", "No", "false"),
        ("boolballotbox", "☐", "false"),
        ("stateprovnameen", "California", "California"),
        (None, "10-K", "10-K"),
    ],
)
def test_texts(rule: str | None, text: str, value: str) -> None:
    assert read_text(rule, text) == value
