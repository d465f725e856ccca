"""Printed dates: "December 31, 2023", "31 December 2023", "12/31/23", "2023-12-31", and stretches between two."""

from __future__ import annotations

import calendar
import re
from datetime import date
from functools import lru_cache

MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
MONTHS |= {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name} | {"sept": 9}
MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
"""The names of months in a pattern; letters of either case are meant."""
MONTH_DAYS = 30.44
"""The days of a month, on average."""
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_YEAR = r"(?:19|20)\d\d"
FULL_DATE = rf"(?:(?:{MONTH})\.?\s+\d{{1,2}}(?:\s*,\s*|\s+){_YEAR}|\b{_DAY}\s+(?:{MONTH})\.?,?\s+{_YEAR})"
"""A whole date in words in a pattern, the month before its day or after it."""

_DATE = re.compile(
    rf"\b(?:(?P<month>{MONTH})\.?\s+(?P<day>\d{{1,2}})(?:\s*,\s*|\s+)(?P<year>{_YEAR})"
    rf"|(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<month2>{MONTH})\.?,?\s+(?P<year2>{_YEAR}))\b",
    re.IGNORECASE,
)
_MONTH_DAY = re.compile(rf"\b({MONTH})\.?\s+(\d{{1,2}})\b", re.IGNORECASE)
_DAY_MONTH = re.compile(rf"(?<![\d,.$£€])\b(\d{{1,2}})(?:st|nd|rd|th)?\s+({MONTH})\b", re.IGNORECASE)
_ISO = re.compile(rf"\b({_YEAR})-(\d\d)-(\d\d)\b")
_SLASHED = re.compile(rf"\b(\d{{1,2}})/(\d{{1,2}})/({_YEAR}|\d\d)\b")
_THROUGH = r"\s*(?:-|–|—|to|thru|through)\s*"
_STRETCH = re.compile(
    rf"\b(?P<month1>{MONTH})\.?\s+(?P<day1>\d{{1,2}})(?:,\s*(?P<year1>{_YEAR}))?{_THROUGH}"
    rf"(?:(?P<month2>{MONTH})\.?\s+)?(?P<day2>\d{{1,2}}),\s*(?P<year2>{_YEAR})\b",
    re.IGNORECASE,
)
_SLASHED_STRETCH = re.compile(
    rf"\b(?P<month1>\d{{1,2}})/(?P<day1>\d{{1,2}})/(?P<year1>{_YEAR}){_THROUGH}"
    rf"(?P<month2>\d{{1,2}})/(?P<day2>\d{{1,2}})/(?P<year2>{_YEAR})\b"
)
_ENDED_ON = re.compile(
    rf"\b(?:ended|as\s+of|at|and)\s+(?:({MONTH})\.?\s+(\d{{1,2}}),\s+({_YEAR})|(\d{{1,2}})\s+({MONTH})\s+({_YEAR}))\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=1 << 12)
def find_date(text: str) -> date | None:
    """Return the first full date in ``text``."""
    if match := _DATE.search(text):
        return _in_words(match)
    if match := _ISO.search(text):
        return real_day(int(match[1]), int(match[2]), int(match[3]))
    if match := _SLASHED.search(text):
        year = int(match[3])
        return real_day(year if year > 99 else 2000 + year, int(match[1]), int(match[2]))
    return None


def dates_in_words(text: str) -> list[tuple[int, date | None]]:
    """Return each full date in words with the character at which it stands; None for a day that is none."""
    return [(match.start(), _in_words(match)) for match in _DATE.finditer(text)]


def without_dates(text: str) -> str:
    """Return ``text`` with blanks in place of its full dates in words."""
    return _DATE.sub(lambda match: " " * len(match[0]), text)


@lru_cache(maxsize=1 << 12)
def month_days(text: str) -> tuple[tuple[int, int], ...]:
    """Return the months and days that ``text`` names, in order, with a year or none; "March 31 December 31" are two."""
    found = [(m.start(), MONTHS[m[1].lower()], int(m[2])) for m in _MONTH_DAY.finditer(text)]
    rest = _MONTH_DAY.sub(lambda match: " " * len(match[0]), text)
    found += [(m.start(), MONTHS[m[2].lower()], int(m[1])) for m in _DAY_MONTH.finditer(rest)]
    return tuple((month, day) for _, month, day in sorted(found) if 1 <= day <= 31)


def period_ends(text: str) -> list[date]:
    """Return the days of a running text on which it says that periods ended or balances stood."""
    ends = [
        real_day(int(m[3] or m[6]), MONTHS[(m[1] or m[5]).lower()], int(m[2] or m[4])) for m in _ENDED_ON.finditer(text)
    ]
    return [end for end in ends if end is not None]


def find_stretch(text: str) -> tuple[date | None, date | None] | None:
    """Return first and last day of a stretch that ``text`` names, "July 1 - September 30, 2018", or None."""
    match = _STRETCH.search(text) or _SLASHED_STRETCH.search(text)
    if match is None:
        return None
    parts = match.groupdict()
    year = int(parts["year2"])
    first = real_day(int(parts["year1"] or year), _number_of(parts["month1"]), int(parts["day1"]))
    return first, real_day(year, _number_of(parts["month2"] or parts["month1"]), int(parts["day2"]))


def months_between(first: date, last: date) -> int:
    """Return the whole months, rounded, from the close of one day to that of a later one."""
    return round((last - first).days / MONTH_DAYS)


def on_day(year: int, month: int, day: int) -> date:
    """Return a day of a month, the month's last where it has fewer days."""
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))


def real_day(year: int, month: int, day: int) -> date | None:
    """Return the day, the month's last where it has fewer; None where month or day can be none."""
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    return on_day(year, month, day)


def _in_words(match: re.Match[str]) -> date | None:
    month, day, year = match["month"] or match["month2"], match["day"] or match["day2"], match["year"] or match["year2"]
    return real_day(int(year), MONTHS[month.lower()], int(day))


def _number_of(month: str) -> int:
    return int(month) if month.isdigit() else MONTHS[month.lower()]
