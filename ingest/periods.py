"""Printed dates and column heads become periods in the company's own fiscal calendar."""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from ingest.dates import (
    FULL_DATE,
    MONTH,
    dates_in_words,
    find_date,
    find_stretch,
    month_days,
    months_between,
    real_day,
    without_dates,
)
from ingest.filing import Period

WEEK_SLACK = timedelta(days=10)
"""A 52/53-week period may end this much after the calendar month that it is named for."""

_YEAR = re.compile(r"(?<![\d,.$/-])(?:FY\s?)?((?:19|20)\d\d)(?![\d,%/-]|\.\d)", re.IGNORECASE)
_WORD_NUMBER = {
    "three": 3, "six": 6, "nine": 9, "twelve": 12, "3": 3, "6": 6, "9": 9, "12": 12,
}  # fmt: skip
_HALF = re.compile(r"\b(?:first|second)\s+half\b|\bhalf[\s-]+year\b|\bH[12]\b", re.IGNORECASE)
_MONTHS_LONG = re.compile(
    r"(?<!less than )(?<!greater than )(?<!more than )(?<!over )(?<!within )(?<!next )"
    r"\b(three|six|nine|twelve|3|6|9|12)[\s-]+months?\b(?!\s+(?:or\s+(?:less|more|longer|greater)|and\s+(?:longer|greater|over)))",
    re.IGNORECASE,
)
_WEEKS_LONG = re.compile(
    r"\b(\d\d|twelve|thirteen|fourteen|sixteen|seventeen|twenty-four|twenty-six|twenty-eight|thirty-six|thirty-nine|forty"
    r"|fifty-two|fifty-three)"
    r"[\s-]+weeks?\b",
    re.IGNORECASE,
)
_WEEK_NUMBER = {
    "twelve": 12, "thirteen": 13, "fourteen": 14, "sixteen": 16, "seventeen": 17, "twenty-four": 24,
    "twenty-six": 26, "twenty-eight": 28, "thirty-six": 36, "thirty-nine": 39, "forty": 40, "fifty-two": 52,
    "fifty-three": 53,
}  # fmt: skip
_QUARTER = re.compile(
    r"\b(?:(first|second|third|fourth)[\s-]+(?:fiscal\s+)?quarter|q([1-4])\b|([1-4])q)|\bquarters?\s+ended\b",
    re.IGNORECASE,
)
_QUARTER_SHORT = re.compile(r"\b(?:Q([1-4])[\s']*(?:FY)?((?:20)?\d\d)|([1-4])Q((?:20)?\d\d))\b", re.IGNORECASE)
ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4}
"""The words by which quarters are named."""
_YEAR_LONG = re.compile(
    r"(?<!\d )(?<!in )\b(?:fiscal\s+)?years?(?!\s+to\s+maturity)(?:\s*-?\s*ended|\s+ending)?\b"
    r"|\bannual\b|\bFY\s?\d|\bfiscal\b",
    re.IGNORECASE,
)
_INSTANT = re.compile(r"^\s*(?:as\s+)?(?:of|at)\b|\bas\s+of\b|\bbalance\s+(?:at|as)\b", re.IGNORECASE)
_WEEKS_OF_YEAR = re.compile(
    r"\b5[23]\s*(?:-|–|to|or|/|and)\s*(?:a\s+)?5[23][-\s]+weeks?\b|\b5[23][-\s]weeks?\s+(?:fiscal\s+)?(?:year|period)"
    r"|\b(?:last|closest|nearest|first)\s+(?:mon|tues|wednes|thurs|fri|satur|sun)day\s+(?:of|in|to)\b"
    r"|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\s+(?:closest|nearest)\s+to\b",
    re.IGNORECASE,
)
_WEEK_WORDS = ("week", *(day.lower() for day in calendar.day_name))
"""One of these stands in all that the pattern above matches, and most pages have none."""
_DATED = rf"(?:{FULL_DATE}|(?:19|20)\d\d)"
_STATED = re.compile(
    rf"\b(?:as\s+of|at)\s+(?:fiscal\s+year[\s-]end\s+|the\s+end\s+of\s+)?(?:fiscal\s+)?{_DATED}"
    rf"|\b(?:(?:three|six|nine|twelve|\d\d|[a-z]+-[a-z]+|thirteen)[\s-]+(?:months?|weeks?)|(?:fiscal\s+)?years?|quarters?|periods?)"
    rf"(?:\s+and\s+\w+[\s-]+(?:months?|weeks?))?\s+ended\s+(?:{_DATED}|(?:{MONTH})\.?\s+\d{{1,2}}\b|\d{{1,2}}\s+(?:{MONTH})\b)"
    rf"|\b(?:for|during|in)\s+(?:the\s+)?(?:fiscal\s+)?(?:years?\s+)?(?:19|20)\d\d\b",
    re.IGNORECASE,
)
_LETTER = re.compile(r"[A-Za-z]")
_TIME_WORDS = re.compile(
    r"\b(?:(?:19|20)\d\d|fy\d*|q[1-4]|for|the|in|at|as|of|and|to|end|ended|ending|year|years|fiscal|quarter|quarters|half|months?|weeks?"
    r"|periods?|three|six|nine|twelve|thirteen|twenty[\s-]six|thirty[\s-]nine|fifty[\s-](?:two|three)|first|second|third|fourth"
    r"|unaudited|" + MONTH + r")\b\.?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class FiscalCalendar:
    """When a company's fiscal year ends, and how it names it.

    ``offset`` is added to the calendar year in which a fiscal year ends to get the company's name for
    it: a retailer whose fiscal 2022 ends in January 2023 has -1. ``printed`` are the days that a filing
    names itself: where years have 52 or 53 weeks, they tell on which day one ended. ``weekday`` is the day
    of the week (Monday is 0) on which such years end, None where they end with a month.
    """

    month: int = 12
    day: int = 31
    offset: int = 0
    printed: tuple[date, ...] = ()
    weekday: int | None = None

    @property
    def ends_early(self) -> bool:
        """Whether the year ends in the first half of a calendar year, so that most of it lies in the year before."""
        return self.closing_month <= 6

    def fiscal_year(self, end: date) -> int:
        """The fiscal year that ``end`` belongs to."""
        anchor = self._anchor(end)
        return anchor.year + (1 if anchor.month > self.closing_month else 0) + self.offset

    def fiscal_quarter(self, end: date) -> int:
        """The quarter, 1 to 4, that ends on or about ``end``."""
        return ((self._anchor(end).month - self.closing_month - 1) % 12) // 3 + 1

    def year_end(self, fiscal_year: int) -> date:
        """The last day of ``fiscal_year``: as printed, else the nominal one."""
        # A year that is named for December and nominally ends on January 2 ends in the next calendar year.
        year = fiscal_year - self.offset + (1 if self.month == 1 and self.closing_month == 12 else 0)
        return self._as_printed(date(year, self.month, min(self.day, calendar.monthrange(year, self.month)[1])))

    def quarter_end(self, fiscal_year: int, quarter: int) -> date:
        """The last day of a fiscal quarter: as printed, else taken at the end of its calendar month."""
        end = self.year_end(fiscal_year)
        if quarter == 4:
            return end
        anchor = self._anchor(end)
        months = anchor.year * 12 + anchor.month - 1 - 3 * (4 - quarter)
        year, month = divmod(months, 12)
        nominal = date(year, month + 1, calendar.monthrange(year, month + 1)[1])
        if self.weekday is not None:
            nominal = end - timedelta(weeks=13 * (4 - quarter))
        return self._as_printed(nominal)

    def opening(self, period: Period) -> date:
        """The last day before ``period`` begins: as printed, else the nominal one."""
        anchor = self._anchor(period.end)
        year, month = divmod(anchor.year * 12 + anchor.month - 1 - period.months, 12)
        return self._as_printed(date(year, month + 1, calendar.monthrange(year, month + 1)[1]))

    def close_of(self, day: date) -> date:
        """The day at whose end a balance stands that is printed with ``day``: of a first day, the day before."""
        before = day - timedelta(days=1)
        if self.weekday is None:
            return before if day.day == 1 else day
        if self.weekday in (day.weekday(), before.weekday()):
            return day if day.weekday() == self.weekday else before
        ranks = {each: rank for rank, each in enumerate(self.printed)}
        return before if ranks.get(before, len(ranks)) < ranks.get(day, len(ranks)) else day

    def _as_printed(self, nominal: date) -> date:
        """The day most often printed of those near enough to a nominal one to be meant by it.

        Where years end on a day of the week, one on that day comes before others, printed or not.
        """
        # The day after the end of a month is the first of the next period, unless years end with a week.
        by_month = self.weekday is None and self.day >= calendar.monthrange(2001, self.month)[1]
        first = nominal + timedelta(days=1) if by_month else None
        near = [day for day in self.printed if abs(day - nominal) <= WEEK_SLACK and day != first]
        if self.weekday is None:
            return near[0] if near and nominal not in near else nominal
        days_after = (self.weekday - nominal.weekday() + 3) % 7 - 3
        on_weekday = [day for day in near if day.weekday() == self.weekday]
        return on_weekday[0] if on_weekday else near[0] if near else nominal + timedelta(days=days_after)

    def place(self, period: Period) -> Period:
        """Return ``period`` with its fiscal year and quarter filled in."""
        year, quarter = self.fiscal_year(period.end), self.fiscal_quarter(period.end)
        whole = quarter == 4 and period.months in (0, 12)
        return Period(period.end, period.months, period.start, year, None if whole else quarter)

    def _anchor(self, end: date) -> date:
        # A year named for December that ends on January 2 still belongs to December.
        return end - WEEK_SLACK if end.day <= WEEK_SLACK.days else end

    @property
    def closing_month(self) -> int:
        """The month in which the year ends, for a year that ends a few days into the next one the month before."""
        return (
            (date(2001, self.month, min(self.day, 28)) - WEEK_SLACK).month
            if self.day <= WEEK_SLACK.days
            else self.month
        )


class PeriodHints(NamedTuple):
    """What a stretch of text says about time; None where it is silent. ``months`` is 0 for an instant.

    A tuple, for each cell of a table puts several together, and a dataclass takes twice as long to make.
    """

    end: date | None = None
    month_day: tuple[int, int] | None = None
    year: int | None = None
    months: int | None = None
    quarter: int | None = None

    def or_else(self, other: PeriodHints) -> PeriodHints:
        """Fill what is missing here from ``other``."""
        if other == _SILENT:
            return self
        if self == _SILENT:
            return other
        return PeriodHints(
            self.end or (other.end if self.year is None and self.month_day is None else None),
            self.month_day or other.month_day,
            self.year or other.year,
            other.months if self.months is None else self.months,
            self.quarter or other.quarter,
        )


_SILENT = PeriodHints()


@lru_cache(maxsize=1 << 12)
def all_dates(text: str) -> tuple[PeriodHints, ...]:
    """Return every full date and every bare year of ``text``, in order, each as the hints that it gives."""
    found = [(at, PeriodHints(end=day)) for at, day in dates_in_words(text)]
    found += [(m.start(), PeriodHints(year=int(m[1]))) for m in _YEAR.finditer(without_dates(text))]
    return tuple(dict.fromkeys(hints for _, hints in sorted(found, key=lambda item: item[0])))


def speaks_of_weeks(text: str) -> bool:
    """Whether a text says that fiscal years have 52 or 53 weeks, or end on a day of the week."""
    lowered = text.lower()
    return any(word in lowered for word in _WEEK_WORDS) and bool(_WEEKS_OF_YEAR.search(text))


def find_range(text: str) -> PeriodHints | None:
    """Return the stretch from one day to another that ``text`` names: "July 1 - September 30, 2018", or None."""
    stretch = find_stretch(text)
    if stretch is None:
        return None
    first, last = stretch
    if first is None or last is None or last <= first:
        return PeriodHints()
    return PeriodHints(end=last, months=max(1, months_between(first - timedelta(days=1), last)))


def without_date(hints: PeriodHints, dates: Sequence[PeriodHints]) -> PeriodHints:
    """Keep what several dates of one line have in common: the length, and the day where all name the same."""
    days = {(date.end.month, date.end.day) for date in dates if date.end is not None}
    day = hints.month_day or (next(iter(days)) if len(days) == 1 else None)
    return hints._replace(end=None, year=None, month_day=day)


@lru_cache(maxsize=1 << 12)
def read_hints(text: str) -> PeriodHints:
    """Return what ``text``, a column head or a caption, says about a period."""
    end = find_date(text)
    days = month_days(without_dates(text))
    month_day = days[0] if days else None
    years = _YEAR.findall(text)
    year = int(years[0]) if years else None
    quarter, quarter_year = _read_quarter(text)
    return PeriodHints(end, month_day, year or quarter_year, _read_months(text), quarter)


@lru_cache(maxsize=1 << 12)
def read_prose(text: str) -> PeriodHints:
    """Return what a sentence says about the period of the table below it; asides about other times do not count."""
    told = [match[0] for match in _STATED.finditer(text)]
    if not told:
        return PeriodHints()
    said = read_hints(told[-1])
    # "For 2020, 2019 and 2018" and "during 2020" speak of whole years.
    return said._replace(months=12) if said.months is None and said.year is not None and said.end is None else said


def only_time(text: str) -> bool:
    """Whether a text speaks of time and of nothing else: "Three Months Ended June 30, 2025", "2024"."""
    first = _LETTER.search(text)
    if first is None:
        return bool(re.search(r"\w", text))
    return bool(_TIME_WORDS.match(text, first.start())) and not _LETTER.search(_TIME_WORDS.sub(" ", text))


def _read_months(text: str) -> int | None:
    """The length that is spoken of: 0 for "at" or "as of", 3, 6, 9 or 12 months."""
    if match := _MONTHS_LONG.search(text):
        return _WORD_NUMBER[match[1].lower()]
    if match := _WEEKS_LONG.search(text):
        return _months_of_weeks(_WEEK_NUMBER.get(match[1].lower()) or int(match[1]))
    if _HALF.search(text):
        return 6
    if _QUARTER.search(text):
        return 3
    instant, year = bool(_INSTANT.search(text)), bool(_YEAR_LONG.search(text))
    if instant and re.search(r"\bof\s*/\s*years?\b", text, re.IGNORECASE):
        return None  # "As of/Year Ended December 31": each row is either
    if instant:
        return 0
    if year:
        return 12
    return None


def _months_of_weeks(weeks: int) -> int:
    """Quarters need not be alike: 12, 12, 12 and 16 or 17 weeks, or 16, 12, 12 and 12, make a year as well."""
    for longest, months in ((17, 3), (28, 6), (40, 9)):
        if weeks <= longest:
            return months
    return 12


def _read_quarter(text: str) -> tuple[int | None, int | None]:
    if match := _QUARTER_SHORT.search(text):
        quarter, year = int(match[1] or match[3]), int(match[2] or match[4])
        return quarter, year if year > 99 else 2000 + year
    if match := _QUARTER.search(text):
        number = match[2] or match[3]
        if number:
            return int(number), None
        return (ORDINALS[match[1].lower()], None) if match[1] else (None, None)
    return None, None


@lru_cache(maxsize=1 << 12)
def resolve(hints: PeriodHints, fiscal: FiscalCalendar) -> Period | None:
    """Return the period that ``hints`` describe, or None where no year is known.

    A year without a day is the company's fiscal year. Where no length is given, ``months`` must have
    been filled in before; without it the result is None as well.
    """
    months = hints.months
    if months is None:
        return None
    if hints.quarter is not None and months == 3 and _names_year_end(hints, fiscal):
        hints = hints._replace(end=None, month_day=None, year=hints.year or (hints.end.year if hints.end else None))
    end = hints.end
    if end is None and hints.year is not None:
        end = _end_in_year(hints, hints.year, fiscal)
    if end is None:
        return None
    return fiscal.place(Period(end, months))


def _names_year_end(hints: PeriodHints, fiscal: FiscalCalendar) -> bool:
    """Whether the day is the fiscal year's last, as in the head "Year ended December 31, 2020" over quarters."""
    day = (hints.end.month, hints.end.day) if hints.end else hints.month_day
    return day == (fiscal.month, fiscal.day)


def _end_in_year(hints: PeriodHints, year: int, fiscal: FiscalCalendar) -> date | None:
    if hints.month_day is not None:
        month, day = hints.month_day
        return real_day(year, month, day)
    if hints.quarter is not None:
        return fiscal.quarter_end(year, hints.quarter)
    # Six or nine months of a year are its first; three may be any quarter.
    if hints.months in (6, 9):
        return fiscal.quarter_end(year, hints.months // 3)
    return fiscal.year_end(year) if hints.months in (0, 12) else None
