"""Fiscal years that a company names by the year in which they begin, and a question by the one in which they end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from index.asked_periods import AskedPeriod
from index.contract import FilingRecord
from ingest.periods import WEEK_SLACK


def settle_years(
    periods: tuple[AskedPeriod, ...], filings: Sequence[FilingRecord]
) -> tuple[tuple[AskedPeriod, ...], tuple[str, ...]]:
    """Return the periods as the company of ``filings`` names its years, and what is assumed of that.

    The company's own name wins where the library has that year, and its end is said. A whole year that the library
    has no report about is taken for the one that ended in the calendar year of its number, if that is there.
    """
    ends = _year_ends(filings)
    # A year of weeks that ends in the first days of January is the calendar year before.
    if not ends or any((end - WEEK_SLACK).year != year + 1 for year, end in ends.items()):
        return periods, ()
    settled: list[AskedPeriod] = []
    assumed: list[str] = []
    moved = {period.fiscal_year for period in periods if period.quarter is None} - set(ends)
    moved = {year for year in moved if year - 1 in ends}
    for period in periods:
        year = period.fiscal_year
        if period.quarter is not None:
            # A quarter that is named beside its year goes with it.
            settled.append(period.shift(-1) if year in moved else period)
        elif year not in ends and year - 1 not in ends:
            settled.append(period)
        elif year in ends:
            settled.append(period)
            assumed.append(f"FY{year}: the year that ended {ends[year].isoformat()}, as the company names it")
        else:
            settled.append(period.shift(-1))
            assumed.append(
                f"FY{year}: the year that ended {ends[year - 1].isoformat()}, which the company names FY{year - 1}; "
                f"the library has no report of its FY{year}"
            )
    return tuple(dict.fromkeys(settled)), tuple(assumed)


def _year_ends(filings: Sequence[FilingRecord]) -> dict[int, date]:
    """The end of each fiscal year that a filing is about: an annual report, or a release of the fourth quarter."""
    return {
        identity.fiscal_year: identity.period_end
        for identity in (filing.identity for filing in filings)
        if identity.fiscal_year is not None
        and identity.period_end is not None
        and identity.fiscal_quarter in (None, 4)
        and (identity.form or "").startswith(("10-K", "20-F", "40-F", "annual", "earnings"))
    }
