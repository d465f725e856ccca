from __future__ import annotations

from datetime import date

import pytest

from index.asked_periods import AskedPeriod
from index.contract import FilingRecord
from index.query import understand
from index.year_names import settle_years
from ingest.filing import Identity
from ingest.vocabulary import built_in_vocabulary


def filing(year: int, end: date, quarter: int | None = None, form: str = "10-K") -> FilingRecord:
    identity = Identity("Cole Retail, Inc.", form=form, fiscal_year=year, fiscal_quarter=quarter, period_end=end)
    name = f"{year}{quarter or ''}"
    return FilingRecord(name, f"{name}.pdf", f"/{name}.pdf", "application/pdf", identity, 1, 1, 1, 1, (), "now", "all")


RETAILER = [
    filing(2021, date(2022, 1, 29)),
    filing(2022, date(2023, 1, 28)),
    filing(2023, date(2023, 4, 29), 1, "10-Q"),
]


def test_a_year_that_is_not_there_is_the_one_that_ended_in_it() -> None:
    periods, assumed = settle_years((AskedPeriod(2023),), RETAILER)
    assert periods == (AskedPeriod(2022),)
    assert "2023-01-28" in assumed[0]
    assert "names FY2022" in assumed[0]


def test_the_name_of_the_company_wins_and_its_end_is_said() -> None:
    periods, assumed = settle_years((AskedPeriod(2022),), RETAILER)
    assert periods == (AskedPeriod(2022),)
    assert "2023-01-28, as the company names it" in assumed[0]


@pytest.mark.parametrize(
    "filings",
    [
        [filing(2023, date(2023, 12, 31))],
        [filing(2023, date(2023, 9, 30))],
        [filing(2015, date(2016, 1, 3))],
        [filing(2024, date(2024, 1, 31))],
        [],
    ],
)
def test_other_companies_years_stay_as_they_are_named(filings: list[FilingRecord]) -> None:
    for year in (2016, 2023, 2024):
        assert settle_years((AskedPeriod(year),), filings) == ((AskedPeriod(year),), ())


def test_quarters_and_years_out_of_reach_stay() -> None:
    asked = (AskedPeriod(2023, 2), AskedPeriod(2030))
    assert settle_years(asked, RETAILER) == (asked, ())


def test_a_quarter_goes_with_its_year_that_is_named_beside_it() -> None:
    periods, _ = settle_years((AskedPeriod(2023, 4), AskedPeriod(2023)), RETAILER)
    assert periods == (AskedPeriod(2022, 4), AskedPeriod(2022))
    assert settle_years((AskedPeriod(2023, 4),), RETAILER)[0] == (AskedPeriod(2023, 4),)


def test_a_question_is_read_so_and_leaves_no_year_unread() -> None:
    query = understand("What was Cole Retail's revenue in FY2023?", RETAILER, built_in_vocabulary())
    assert [period.key for period in query.periods] == ["2022"]
    assert query.unread == ()
    assert any("FY2022" in each for each in query.assumed)
