"""How much each filing counts for a question: by the time and the day that it is about, and by its form."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from index.contract import FilingRecord
from index.query import Query, company_key
from ingest.filing import Identity

OF_PERIOD, OF_CALENDAR_YEAR, NEAR_PERIOD = 3.0, 2.5, 1.2
"""The weight of a filing about the asked period, of one whose year ends in the year that is named, and of the
filings around: the quarters of the year, the next annual report, the last one before a year yet to come."""
OF_DAY = 4.0
"""The weight of a filing about, or filed soon after, a day that the question names."""
OF_FORM = 1.5
"""The weight of a filing of a form that the question names: "in this 10-K"."""
LATEST = 1.3
"""The weight of a company's latest year where no period is named."""
ABOUT_DAY, FILED_WITHIN = timedelta(days=7), timedelta(days=10)
_FORMS = (
    (re.compile(r"\b10-?K\b|\bannual\s+report\b", re.IGNORECASE), ("10-K", "annual report", "20-F", "40-F")),
    (re.compile(r"\b10-?Q\b|\bquarterly\s+report\b", re.IGNORECASE), ("10-Q",)),
    (re.compile(r"\b8-?K\b|\bcurrent\s+report\b", re.IGNORECASE), ("8-K",)),
    (re.compile(r"\b(?:earnings|press)\s+release\b", re.IGNORECASE), ("earnings release", "8-K")),
)
_NEWEST = re.compile(
    r"\b(?:latest|newest|most\s+recent|current|this)\s+(?:[\w-]+\s+){0,2}?(?:10-?[KQ]|8-?K|filings?|reports?|release)\b",
    re.I,
)
"""The words for a company's newest filing of a form: "in the most recent 10-Q", "this annual report"."""


def filing_weights(query: Query, filings: Sequence[FilingRecord]) -> dict[str, float]:
    """Return how much each filing's passages count, by what it is about and what the question names of time."""
    forms = tuple(form for pattern, names in _FORMS if pattern.search(query.text) for form in names)
    fitting = [filing for filing in filings if not forms or (filing.identity.form or "").startswith(forms)]
    newest = _newest(fitting) if _NEWEST.search(query.text) and not query.dated else frozenset()
    latest: dict[str, int] = {}
    for filing in filings:
        key = company_key(filing.identity.company or "")
        latest[key] = max(latest.get(key, 0), filing.identity.fiscal_year or 0)
    weights = {
        filing.id: OF_PERIOD
        if filing.id in newest
        else _weight(query, filing.identity, latest[company_key(filing.identity.company or "")])
        for filing in filings
    }
    return {**weights, **{filing.id: weights[filing.id] * OF_FORM for filing in fitting if forms}}


def _newest(filings: Iterable[FilingRecord]) -> frozenset[str]:
    """The filing of each company that is about the latest time."""
    found: dict[str, tuple[date, str]] = {}
    for filing in filings:
        if filing.identity.period_end is not None:
            key = company_key(filing.identity.company or "")
            found[key] = max(found.get(key, (date.min, "")), (filing.identity.period_end, filing.id))
    return frozenset(filing_id for _, filing_id in found.values())


def _weight(query: Query, identity: Identity, latest: int) -> float:
    if _is_about_day(identity, query):
        return OF_DAY
    year = identity.fiscal_year
    if year is None:
        return 1.0
    if not query.dated:
        return 1.0 if query.days else LATEST if year == latest else LATEST**0.5 if year == latest - 1 else 1.0
    asked = max(period.fiscal_year for period in query.periods)
    quarters = {(period.fiscal_year, period.quarter) for period in query.periods if period.quarter is not None}
    if quarters:
        exact = (year, identity.fiscal_quarter or 4) in quarters
        return OF_PERIOD if exact else NEAR_PERIOD if abs(year - asked) <= 1 else 1.0
    if identity.fiscal_quarter in (None, 4):
        if year == asked:
            return OF_PERIOD
        if identity.period_end is not None and identity.period_end.year == asked:
            return OF_CALENDAR_YEAR
        return NEAR_PERIOD if year == asked + 1 or year == latest < asked else 1.0
    return NEAR_PERIOD if year == asked else 1.0


def _is_about_day(identity: Identity, query: Query) -> bool:
    about, filed = identity.period_end, identity.filing_date
    return any(
        (about is not None and abs(about - day) <= ABOUT_DAY)
        or (filed is not None and timedelta(0) <= filed - day <= FILED_WITHIN)
        for day in query.days
    )
