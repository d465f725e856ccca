"""Which period a document is about, and the fiscal calendar of its company: year end, and how years are named."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from ingest.dates import FULL_DATE, find_date, month_days, on_day
from ingest.document import Document, RawTable
from ingest.figures import is_year
from ingest.filing import Statement
from ingest.periods import ORDINALS, WEEK_SLACK, FiscalCalendar, all_dates, read_hints
from ingest.statements import STATEMENT_ROWS, statement_of

ANNUAL = frozenset({"10-K", "10-KT", "20-F", "40-F", "annual report"})
"""Forms, without "/A", that cover a whole fiscal year."""
EVENTS = frozenset({"8-K", "6-K"})
"""Forms, without "/A", that report events: their period is the day of the first of them."""
WINTER = 2
"""Retailers' years end in January or February, after the season."""
_SPAN = 40
"""Pages in which a filing's year end and the names of its years are looked for."""
_PERIOD_END = re.compile(
    r"for\s+the\s+(?:fiscal\s+|quarterly\s+|transition\s+)?(?:year|period|quarter)\s+ended:?\s*([^\n]{0,40}(?:\n[^\n]{0,30})?)",
    re.I,
)
_REPORT_DATE = re.compile(
    r"date\s+of\s+(?:earliest\s+event\s+reported|report)[^\n]*?:?\s*\(?([^\n]{0,60}(?:\n[^\n]{0,40})?)", re.I
)
_FISCAL_NAME = re.compile(
    r"\bfiscal(?:\s+year)?\s+((?:19|20)\d\d)\b[^.;]{0,50}?\b(?:ended|ending|ends|end)\b[^.;]{0,25}?"
    rf"((?i:{FULL_DATE}))"
)
_QUARTER_NAME = re.compile(
    r"\b(first|second|third|fourth)[\s-]+(?:fiscal\s+)?quarter\s+(?:of\s+)?(?:fiscal\s+(?:year\s+)?)?((?:19|20)\d\d)\b",
    re.I,
)
_YEAR_ENDS = re.compile(
    r"(?:fiscal|financial)\s+year\s+(?:ended|ending|ends)\s+(?:on\s+)?(?:or\s+about\s+)?(?:the\s+[^.]{0,40})?"
    r"([A-Z][a-z]+\s+\d{1,2}|\d{1,2}\s+[A-Z][a-z]+)",
    re.I,
)


def period_end(cover: str, form: str | None, document: Document) -> date | None:
    """Return the last day of the period that a document is about, or the day of the event that it reports."""
    # A release speaks of other reports, "for the year ended", in its small print.
    release = form == "earnings release"
    if plain_form(form) in EVENTS:
        return _report_date(cover)
    if not release and (match := _PERIOD_END.search(cover)) and (found := find_date(match[1].replace("\n", " "))):
        return found
    if ends := [max(dates) for raw in document.tables if _is_statement(raw) and (dates := _head_dates(raw))]:
        return max(ends, key=lambda end: (ends.count(end), end))
    if release and (match := _QUARTER_NAME.search(cover)) and "fiscal" not in match[0].lower():
        return FiscalCalendar().quarter_end(int(match[2]), ORDINALS[match[1].lower()])
    latest = [end for raw in document.tables for end in _dates_of(raw)]
    counts = Counter(latest)
    return max((end for end, count in counts.items() if count >= max(counts.values()) / 4), default=None)


def calendar_of(
    document: Document, form: str | None, end: date | None, told: tuple[int, int] | None
) -> tuple[FiscalCalendar, bool]:
    """Return the company's fiscal calendar, and whether its year end is told rather than taken as December 31.

    ``told`` is the (month, day) that a cover or a header gives.
    """
    text = "\n".join(page.text for page in document.pages[:_SPAN])
    if told is None:
        annual = plain_form(form) in ANNUAL and end is not None
        told = (end.month, end.day) if annual and end is not None else _year_end_elsewhere(document, text, form, end)
    if told is None:
        return FiscalCalendar(), False
    fiscal = FiscalCalendar(*told)
    if told >= (12, 20) or told <= (1, WEEK_SLACK.days):
        # A year that ends with the calendar's is named for it; mentions of the year before are comparisons.
        return fiscal, True
    return replace(fiscal, offset=_offset(document, text, fiscal, form, end)), True


def fiscal_period(fiscal: FiscalCalendar, form: str | None, end: date) -> tuple[int, int | None]:
    """Return fiscal year and quarter of the period that ended, or of the event that happened, on ``end``."""
    if plain_form(form) in EVENTS:
        year = end.year + ((end.month, end.day) > (fiscal.month, fiscal.day)) + fiscal.offset
        return year, ((end.month - fiscal.closing_month - 1) % 12) // 3 + 1
    return fiscal.fiscal_year(end), None if plain_form(form) in ANNUAL else fiscal.fiscal_quarter(end)


def plain_form(form: str | None) -> str:
    """Return the form without the mark of an amendment, empty where there is none."""
    return (form or "").removesuffix("/A")


def _offset(document: Document, text: str, fiscal: FiscalCalendar, form: str | None, end: date | None) -> int:
    offset = _naming_offset(text, fiscal)
    if end is None or not fiscal.ends_early:
        return offset or 0
    if offset is None and plain_form(form) in EVENTS:
        # The report of an event seldom names a year; one that ends in winter is mostly named for its start.
        return -1 if fiscal.closing_month <= WINTER else 0
    if offset is None:
        offset = _offset_of_quarter(document, fiscal, form, end)
    return _offset_of_heads(document, fiscal, end) if offset is None else min(offset, 0)


def _is_statement(raw: RawTable) -> bool:
    return len(raw.rows) >= STATEMENT_ROWS and _statement(raw) in ("income", "balance", "cash_flow")


def _statement(raw: RawTable) -> Statement | None:
    return statement_of([*raw.caption, *(row.label for row in raw.rows[:2])])


def _head_dates(raw: RawTable) -> list[date]:
    """The dates over a statement's columns: printed whole, or years in a row below their months and days."""
    found: list[date] = []
    days: Sequence[tuple[int, int]] = ()
    for texts in [[line] for line in raw.caption[-3:]] + [[r.label, *(c.text for c in r.cells)] for r in raw.rows[:5]]:
        found += [hints.end for text in texts for hints in all_dates(text) if hints.end]
        found += [day for text in texts if "/" in text and (day := find_date(text))]
        years = [int(text.strip()[:4]) for text in texts if is_year(text)]
        if len(set(days)) == 1:
            days = [*days[:1]] * len(years)
        if len(days) == len(years):
            found += [on_day(year, month, day) for (month, day), year in zip(days, years, strict=True)]
        days = month_days(" ".join(texts)) or days
    return found


def _report_date(cover: str) -> date | None:
    for match in _REPORT_DATE.finditer(cover):
        if found := find_date(match[1].replace("\n", " ")):
            return found
    return find_date(cover)


def _dates_of(raw: RawTable) -> list[date]:
    """Dates in a table's heads: those printed whole, and years under a month and day."""
    texts = [*raw.caption[-2:], *(" ".join([row.label, *(c.text for c in row.cells)]) for row in raw.rows[:4])]
    found = [end for text in texts if (end := find_date(text))]
    month_days = [hint for text in texts if (hint := read_hints(text).month_day)]
    years = [int(cell.text) for row in raw.rows[:4] for cell in row.cells if re.fullmatch(r"20\d\d", cell.text)]
    if not found and month_days and years:
        month, day = month_days[0]
        try:
            found.append(date(max(years), month, day))
        except ValueError:
            return found
    return found


def _year_end_elsewhere(document: Document, text: str, form: str | None, end: date | None) -> tuple[int, int] | None:
    """In a quarterly filing the balance sheet's other column is the last fiscal year end.

    A release whose balance sheet compares the same day of two years is about the end of a year.
    """
    for raw in document.tables:
        if end is not None and _statement(raw) == "balance":
            days = month_days(" ".join(cell.text for row in raw.rows[:4] for cell in row.cells))
            others = [day for day in days if _apart(day, (end.month, end.day))]
            if others:
                return others[0]
            if form != "10-Q" and len(days) > 1:
                return end.month, end.day
    if (match := _YEAR_ENDS.search(text)) and (days := month_days(match[1])):
        return days[0]
    return None


def _apart(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether two (month, day) are further apart than the ends of 52 and 53 weeks."""
    first, second = (date(2001, month, min(day, 28)) for month, day in (one, other))
    return abs((first - second).days) > WEEK_SLACK.days


def _offset_of_quarter(document: Document, fiscal: FiscalCalendar, form: str | None, end: date) -> int | None:
    """How a document names the quarter that it reports: "Fourth Quarter Fiscal 2022" that ended in January 2023.

    Its first pages tell; else what a quarterly report says most often, as running titles do.
    """
    quarter = fiscal.fiscal_quarter(end)
    annual = plain_form(form) in ANNUAL
    for pages in (document.pages[:2], () if annual else document.pages):
        years = Counter(
            int(match[2])
            for page in pages
            for match in _QUARTER_NAME.finditer(page.text)
            if ORDINALS[match[1].lower()] == quarter
        )
        # The quarter is compared with that of the year before; it is the later one.
        often = [year for year, count in years.items() if count >= max(years.values()) / 2]
        if often and (offset := max(often) - fiscal.fiscal_year(end)) in (-1, 0, 1):
            return offset
    return None


def _offset_of_heads(document: Document, fiscal: FiscalCalendar, end: date) -> int:
    """-1 where statements of a year that ended in 2023 stand under a bare 2022, else 0."""
    votes: Counter[bool] = Counter()
    for raw in document.tables:
        years = [int(cell.text.strip()[:4]) for row in raw.rows[:4] for cell in row.cells if is_year(cell.text)]
        if len(years) < 2 or any(month_days(head) for head in _heads(raw)):
            continue
        if _statement(raw) in ("income", "cash_flow", "comprehensive_income"):
            votes[max(years) == fiscal.fiscal_year(end) - 1] += 1
    return -1 if votes[True] > votes[False] else 0


def _heads(raw: RawTable) -> Iterator[str]:
    yield from raw.caption[-2:]
    for row in raw.rows[:4]:
        yield " ".join([row.label, *(cell.text for cell in row.cells)])


def _naming_offset(text: str, fiscal: FiscalCalendar) -> int | None:
    """How the company names its years: "fiscal 2022, which ended January 28, 2023" is -1. None if it does not say."""
    votes: Counter[int] = Counter()
    for match in _FISCAL_NAME.finditer(text):
        end = find_date(match[2])
        if end is not None and fiscal.fiscal_quarter(end) == 4:
            votes[int(match[1]) - fiscal.fiscal_year(end)] += 1
    if not votes:
        return None
    offset = votes.most_common(1)[0][0]
    return offset if offset in (-1, 1) else 0
