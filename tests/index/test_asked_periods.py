from __future__ import annotations

import random

import pytest

from index.asked_periods import (
    AskedPeriod,
    find_periods,
    has_bare_quarter,
    move,
    name_dates,
    unread_time,
    without_lengths,
)
from ingest.periods import FiscalCalendar


def keys(question: str, latest: int | None = None) -> list[str]:
    return [period.key for period in find_periods(question, latest)]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("revenue in FY2022", ["2022"]),
        ("revenue in FY 2022", ["2022"]),
        ("revenue in FY22", ["2022"]),
        ("revenue in FY'22", ["2022"]),
        ("revenue in fiscal 2022", ["2022"]),
        ("revenue in fiscal year 2022?", ["2022"]),
        ("In 2022, what was revenue?", ["2022"]),
        ("Revenue in (2022)", ["2022"]),
        ("revenue, 1999", ["1999"]),
        ("revenue in Q2 2023", ["2023Q2"]),
        ("revenue in Q2 of fiscal 2023", ["2023Q2"]),
        ("revenue in Q2 FY23", ["2023Q2"]),
        ("revenue in Q2'23", ["2023Q2"]),
        ("revenue in 2Q23", ["2023Q2"]),
        ("revenue in 2Q 2023", ["2023Q2"]),
        ("revenue in FY2023Q1", ["2023Q1"]),
        ("revenue in FY2023 Q1", ["2023Q1"]),
        ("revenue in 2023-Q1", ["2023Q1"]),
        ("the second quarter of fiscal year 2023", ["2023Q2"]),
        ("the fourth quarter of 2023", ["2023Q4"]),
        ("the 3rd quarter of FY2023", ["2023Q3"]),
    ],
)
def test_one_period_in_its_spellings(question: str, expected: list[str]) -> None:
    assert keys(question) == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("revenue in 2022, 2023 and 2024", ["2022", "2023", "2024"]),
        ("revenue in 2024 and 2022", ["2022", "2024"]),
        ("revenue from FY2019 to FY2021", ["2019", "2020", "2021"]),
        ("FY2019 - FY2021 average", ["2019", "2020", "2021"]),
        ("FY2019–FY2021", ["2019", "2020", "2021"]),
        ("2021 through 2019", ["2019", "2020", "2021"]),
        ("between 2019 and 2021", ["2019", "2021"]),
        ("Q1 and Q2 2023", ["2023Q1", "2023Q2"]),
        ("In 2023, what was Q2 revenue?", ["2023Q2"]),
        ("Q2 revenue in 2022 and 2023", ["2022Q2", "2023Q2"]),
        ("Q2 2023 and FY2023", ["2023Q2", "2023"]),
        ("FY2022 and fiscal 2022", ["2022"]),
    ],
)
def test_several_periods(question: str, expected: list[str]) -> None:
    assert keys(question) == expected


def test_a_range_of_decades_is_two_years_and_not_all_between() -> None:
    assert keys("from 1990 to 2020") == ["1990", "2020"]


@pytest.mark.parametrize("seed", range(5))
def test_every_year_has_the_same_period_in_every_spelling(seed: int) -> None:
    numbers = random.Random(seed)
    for _ in range(50):
        year, quarter = numbers.randint(2000, 2099), numbers.randint(1, 4)
        for spelling in (f"FY{year}", f"FY{year % 100:02d}", f"fiscal {year}", f"in {year},", f"({year})"):
            assert find_periods(spelling) == (AskedPeriod(year),), spelling
        for spelling in (
            f"Q{quarter} {year}",
            f"{quarter}Q{year % 100:02d}",
            f"FY{year}Q{quarter}",
            f"{year} Q{quarter}",
        ):
            assert find_periods(spelling) == (AskedPeriod(year, quarter),), spelling


@pytest.mark.parametrize(
    "question",
    [
        "the agreement of May 26, 2023",
        "as of December 31, 2023",
        "on Sept. 30 2023",
        "2,023 employees",
        "a price of $2023",
        "a price of $2,023.50",
        "2023% more",
        "paragraph 12.2023",
        "in fiscal 2022-23",
        "model 20235",
        "how many employees are there",
        "in Q5 of the plan",
    ],
)
def test_what_is_no_period(question: str) -> None:
    assert keys(question) == []


def test_the_last_years_count_back_from_the_latest() -> None:
    assert keys("the last three years", 2024) == ["2022", "2023", "2024"]
    assert keys("over the past 2 fiscal years", 2024) == ["2023", "2024"]
    assert keys("the previous ten years", 2024) == [str(year) for year in range(2015, 2025)]
    assert keys("the last three years") == []


def test_a_quarter_without_a_year_is_of_the_latest() -> None:
    assert keys("revenue in Q3", 2024) == ["2024Q3"]
    assert keys("revenue in the third quarter", 2024) == ["2024Q3"]
    assert keys("revenue in Q3") == []
    assert has_bare_quarter("and in Q3?")
    assert not has_bare_quarter("and in Q3 2023?")


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("year to date in Q3 2023", "2023Q3YTD"),
        ("YTD Q3 2023", "2023Q3YTD"),
        ("the nine months of Q3 2023", "2023Q3YTD"),
        ("year-to-date in Q1 2023", "2023Q1"),
    ],
)
def test_year_to_date(question: str, expected: str) -> None:
    assert keys(question) == [expected]


def test_words_for_lengths_are_read_only_where_they_fit() -> None:
    second, third = AskedPeriod(2023, 2, True), AskedPeriod(2023, 3, True)
    assert "six months" not in without_lengths("revenue for the six months", [second])
    assert "six months" in without_lengths("revenue for the six months", [third])
    assert "nine months" not in without_lengths("revenue for the nine months", [third])
    assert "six months" in without_lengths("revenue for the six months", [AskedPeriod(2023)])
    assert "to date" in without_lengths("revenue year to date", [AskedPeriod(2023)])
    assert "to date" not in without_lengths("revenue year to date", [third])


def test_keys_and_words_of_a_period() -> None:
    assert AskedPeriod(2018).key == "2018"
    assert AskedPeriod(2018).describe() == "FY2018"
    assert AskedPeriod(2023, 2).key == "2023Q2"
    assert AskedPeriod(2023, 2).describe() == "Q2 FY2023"
    assert AskedPeriod(2023, 2, True).key == "2023Q2YTD"
    assert AskedPeriod(2023, 2, True).describe() == "Q2 FY2023 year to date"
    assert AskedPeriod(2023, 2).shift(-1) == AskedPeriod(2022, 2)


@pytest.mark.parametrize("steps", range(-9, 10))
def test_quarters_move_as_time_does(steps: int) -> None:
    moved = AskedPeriod(2023, 2).shift_quarters(steps)
    assert 4 * moved.fiscal_year + (moved.quarter or 0) == 4 * 2023 + 2 + steps
    assert 1 <= (moved.quarter or 0) <= 4


def test_the_first_quarter_has_no_year_to_date_of_its_own() -> None:
    assert AskedPeriod(2023, 2, True).shift_quarters(-1) == AskedPeriod(2023, 1)
    assert AskedPeriod(2023, 2, True).shift_quarters(1) == AskedPeriod(2023, 3, True)


def test_steps_from_the_periods_before() -> None:
    year, quarter = (AskedPeriod(2023),), (AskedPeriod(2023, 1),)
    assert move(year, "and the year before?") == (AskedPeriod(2022),)
    assert move(year, "and the following year?") == (AskedPeriod(2024),)
    assert move(quarter, "and the previous quarter?") == (AskedPeriod(2022, 4),)
    assert move(quarter, "and the year before?") == (AskedPeriod(2022, 1),)
    assert move(quarter, "next quarter?") == (AskedPeriod(2023, 2),)
    assert move(year, "and the quarter before?") is None
    assert move(year, "and its net income?") is None


def unread(question: str, *, compared: bool = False) -> tuple[str, ...]:
    return unread_time(question, find_periods(question) or (AskedPeriod(2024),), compared=compared)


@pytest.mark.parametrize(
    ("question", "compared", "expected"),
    [
        ("revenue in FY2023", False, ()),
        ("revenue last year", False, ()),
        ("revenue in fiscal 2022-23", False, ("2022",)),
        ("revenue at December 31, 2023", False, ("2023",)),
        ("quarterly revenue in 2023", False, ("quarter",)),
        ("revenue in Q2 2023", False, ()),
        ("revenue in the year before 2023", False, ("before", "the year before")),
        ("revenue growth in 2023 over the prior year", True, ()),
        ("revenue in 2023 and the prior year", False, ("prior year",)),
        ("revenue growth in Q2 2023 over the previous quarter", True, ("previous quarter",)),
        ("revenue growth in Q2 2023 over last quarter", True, ("last quarter",)),
        ("revenue growth in the year after 2023", True, ("after", "the year after")),
        ("revenue before 2023", False, ("before",)),
        ("revenue after fiscal 2023", False, ("after",)),
    ],
)
def test_words_about_time_that_no_period_accounts_for(question: str, compared: bool, expected: tuple[str, ...]) -> None:
    assert unread(question, compared=compared) == expected


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ("net income for the nine months ended July 1, 2023?", "net income for Q3 2023 year to date?"),
        ("net sales for the three months ended July 1, 2023?", "net sales for Q3 2023?"),
        ("net sales for the fiscal year ended September 30, 2023?", "net sales for FY2023?"),
        ("total assets as of September 30, 2023?", "total assets at the end of FY2023?"),
        ("total assets at July 1, 2023?", "total assets at the end of Q3 2023?"),
        ("total assets as of August 15, 2023?", "total assets as of August 15, 2023?"),
        (
            "net income for the nine months ended September 30, 2023?",
            "net income for the nine months ended September 30, 2023?",
        ),
        ("the agreement on May 26, 2023?", "the agreement on May 26, 2023?"),
    ],
)
def test_days_on_which_periods_end_are_put_as_those_periods(asked: str, named: str) -> None:
    assert name_dates(asked, FiscalCalendar(9, 28)) == named
