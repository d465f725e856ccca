from __future__ import annotations

from datetime import date

import pytest

from ingest.dates import find_date
from ingest.filing import Period
from ingest.periods import FiscalCalendar, PeriodHints, read_hints, resolve

DECEMBER = FiscalCalendar()
JANUARY = FiscalCalendar(1, 28, -1)
SEPTEMBER = FiscalCalendar(9, 24)
JANUARY_2 = FiscalCalendar(1, 2)
JULY_3 = FiscalCalendar(7, 3)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Year ended December 31, 2018", date(2018, 12, 31)),
        ("Dec. 31, 2018", date(2018, 12, 31)),
        ("Sept. 24, 2022", date(2022, 9, 24)),
        ("August 29 , 2021", date(2021, 8, 29)),
        ("May 7 2023", date(2023, 5, 7)),
        ("2018-12-31", date(2018, 12, 31)),
        ("9/30/2022", date(2022, 9, 30)),
        ("12/31/18", date(2018, 12, 31)),
        ("February 29, 2023", date(2023, 2, 28)),
        ("December 31, 2018 and 2017", date(2018, 12, 31)),
    ],
)
def test_dates_are_read(text: str, day: date) -> None:
    assert find_date(text) == day


@pytest.mark.parametrize("text", ["", "December", "December 2018", "December 31,", "99/99/2018", "2018", "12,345"])
def test_what_is_no_whole_date_is_none(text: str) -> None:
    assert find_date(text) is None


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("Three Months Ended June 30,", 3),
        ("Six Months Ended", 6),
        ("Nine Months Ended", 9),
        ("Twelve Months Ended", 12),
        ("3 months ended", 3),
        ("Quarter Ended", 3),
        ("Third Quarter", 3),
        ("Q3 2022", 3),
        ("12 Weeks Ended", 3),
        ("13 Weeks Ended", 3),
        ("16 Weeks Ended", 3),
        ("17 Weeks Ended", 3),
        ("Thirteen weeks ended", 3),
        ("24 Weeks Ended", 6),
        ("26 weeks ended", 6),
        ("28 weeks ended", 6),
        ("36 Weeks Ended", 9),
        ("39 weeks ended", 9),
        ("40 weeks ended", 9),
        ("52 Weeks Ended", 12),
        ("53 Weeks Ended", 12),
        ("Fifty-three weeks ended", 12),
        ("Years ended December 31", 12),
        ("Fiscal Year Ended", 12),
        ("For the year ended", 12),
        ("Fiscal 2022", 12),
        ("FY2022", 12),
        ("As of December 31,", 0),
        ("At December 31", 0),
        ("December 31,", None),
        ("2018", None),
        ("Net sales", None),
    ],
)
def test_lengths_are_read(text: str, months: int | None) -> None:
    assert read_hints(text).months == months


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2018", 2018),
        ("FY2018", 2018),
        ("Fiscal 2018", 2018),
        ("Q3 2022", 2022),
        ("2Q23", 2023),
        ("Q1'23", 2023),
        ("December 31, 2018 and 2017", 2018),
        ("2,018", None),
        ("$2018", None),
        ("2018%", None),
        ("12018", None),
    ],
)
def test_years_are_read(text: str, year: int | None) -> None:
    assert read_hints(text).year == year


def test_a_month_and_day_wait_for_their_year() -> None:
    hints = read_hints("Three Months Ended June 30,")
    assert (hints.month_day, hints.months, hints.year, hints.end) == ((6, 30), 3, None, None)
    assert resolve(PeriodHints(year=2023).or_else(hints), DECEMBER) == Period(date(2023, 6, 30), 3)


def test_a_column_does_not_inherit_a_whole_date_beside_its_own_year() -> None:
    around = PeriodHints(end=date(2018, 12, 31), months=12)
    assert PeriodHints(year=2017).or_else(around).end is None
    assert PeriodHints().or_else(around).end == date(2018, 12, 31)


@pytest.mark.parametrize(
    ("fiscal", "end", "year", "quarter"),
    [
        (DECEMBER, date(2018, 12, 31), 2018, 4),
        (DECEMBER, date(2018, 3, 31), 2018, 1),
        (DECEMBER, date(2016, 1, 2), 2015, 4),
        (DECEMBER, date(2023, 7, 1), 2023, 2),
        (JANUARY, date(2023, 1, 28), 2022, 4),
        (JANUARY, date(2022, 1, 29), 2021, 4),
        (JANUARY, date(2024, 2, 3), 2023, 4),
        (JANUARY, date(2022, 4, 30), 2022, 1),
        (JANUARY, date(2022, 10, 29), 2022, 3),
        (SEPTEMBER, date(2022, 9, 24), 2022, 4),
        (SEPTEMBER, date(2023, 9, 30), 2023, 4),
        (SEPTEMBER, date(2022, 10, 1), 2022, 4),
        (SEPTEMBER, date(2022, 12, 31), 2023, 1),
        (SEPTEMBER, date(2023, 7, 1), 2023, 3),
        (JANUARY_2, date(2016, 1, 2), 2015, 4),
        (JANUARY_2, date(2014, 12, 27), 2014, 4),
        (JANUARY_2, date(2015, 10, 3), 2015, 3),
        (JULY_3, date(2022, 7, 3), 2022, 4),
        (JULY_3, date(2021, 6, 27), 2021, 4),
        (JULY_3, date(2021, 10, 3), 2022, 1),
    ],
)
def test_dates_fall_in_the_companys_own_years(fiscal: FiscalCalendar, end: date, year: int, quarter: int) -> None:
    assert fiscal.fiscal_year(end) == year
    assert fiscal.fiscal_quarter(end) == quarter


@pytest.mark.parametrize(
    "fiscal",
    [
        DECEMBER,
        JANUARY,
        SEPTEMBER,
        JANUARY_2,
        JULY_3,
        FiscalCalendar(2, 3, -1),
        FiscalCalendar(2, 29),
        FiscalCalendar(5, 31),
    ],
)
def test_the_ends_of_years_and_quarters_lie_in_them(fiscal: FiscalCalendar) -> None:
    for year in range(2014, 2026):
        assert fiscal.fiscal_year(fiscal.year_end(year)) == year
        assert fiscal.fiscal_quarter(fiscal.year_end(year)) == 4
        ends = [fiscal.quarter_end(year, quarter) for quarter in (1, 2, 3, 4)]
        assert ends == sorted(ends)
        assert [fiscal.fiscal_quarter(end) for end in ends] == [1, 2, 3, 4]
        assert [fiscal.fiscal_year(end) for end in ends] == [year] * 4


@pytest.mark.parametrize(
    ("text", "months", "fiscal", "end", "key"),
    [
        ("2018", 12, DECEMBER, date(2018, 12, 31), "2018"),
        ("2018", 0, DECEMBER, date(2018, 12, 31), "2018"),
        ("2022", 12, JANUARY, date(2023, 1, 28), "2022"),
        ("Three Months Ended June 30, 2023", None, DECEMBER, date(2023, 6, 30), "2023Q2"),
        ("Six Months Ended June 30, 2023", None, DECEMBER, date(2023, 6, 30), "2023Q2YTD"),
        ("Three Months Ended December 31, 2022", None, SEPTEMBER, date(2022, 12, 31), "2023Q1"),
        ("Twelve Months Ended June 30, 2023", None, DECEMBER, date(2023, 6, 30), "2023-06-30/12m"),
        ("As of June 30, 2023", None, DECEMBER, date(2023, 6, 30), "2023Q2"),
        ("53 Weeks Ended September 30, 2023", None, SEPTEMBER, date(2023, 9, 30), "2023"),
        ("36 Weeks Ended May 7, 2023", None, FiscalCalendar(9, 3), date(2023, 5, 7), "2023Q3YTD"),
        ("Year ended January 2, 2016", None, DECEMBER, date(2016, 1, 2), "2015"),
        ("Third Quarter 2022", None, DECEMBER, date(2022, 9, 30), "2022Q3"),
        ("Q1'23", None, DECEMBER, date(2023, 3, 31), "2023Q1"),
        ("Second-Quarter 2023", None, DECEMBER, date(2023, 6, 30), "2023Q2"),
        ("Six Months 2023", None, DECEMBER, date(2023, 6, 30), "2023Q2YTD"),
        ("Nine months 2022", None, SEPTEMBER, date(2022, 6, 30), "2022Q3YTD"),
    ],
)
def test_hints_become_periods(text: str, months: int | None, fiscal: FiscalCalendar, end: date, key: str) -> None:
    hints = read_hints(text)
    period = resolve(hints if months is None else PeriodHints(year=hints.year, months=months), fiscal)
    assert period is not None
    assert (period.end, period.key) == (end, key)


def test_what_is_not_said_is_not_guessed() -> None:
    assert resolve(PeriodHints(year=2018), DECEMBER) is None
    assert resolve(PeriodHints(months=12), DECEMBER) is None
    assert resolve(PeriodHints(months=3, month_day=(6, 30)), DECEMBER) is None
    assert resolve(PeriodHints(months=3, year=2018), DECEMBER) is None, "a quarter of 2018, but which?"


def test_a_year_of_weeks_ends_on_the_day_that_the_filing_prints() -> None:
    fiscal = FiscalCalendar(9, 28, printed=(date(2023, 9, 30), date(2022, 9, 24), date(2023, 7, 1)))
    assert fiscal.year_end(2023) == date(2023, 9, 30)
    assert fiscal.year_end(2022) == date(2022, 9, 24)
    assert fiscal.quarter_end(2023, 3) == date(2023, 7, 1)
    assert fiscal.year_end(2020) == date(2020, 9, 28)


@pytest.mark.parametrize("text", ["First Half 2023", "Half-year ended June 30, 2023", "H1 2023"])
def test_half_a_year_is_six_months(text: str) -> None:
    assert read_hints(text).months == 6
