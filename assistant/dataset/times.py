"""The times that figures of a sheet are about, as far as a question can name them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from ingest.filing import Period

_YEAR = re.compile(r"(?:19|20)\d\d")
_QUARTER = re.compile(r"((?:19|20)\d\d)Q([1-4])(YTD)?")
_COLUMN = re.compile(r"c\d+")
MOST_COLUMN_WORDS = 6
YEAR_MONTHS = 11
"""Months of a year at least; one of 52 weeks may count a day less than twelve."""


@dataclass(frozen=True, slots=True)
class Time:
    """A year or quarter, its end, or a time from the year's start; or a column that is no time at all.

    ``kind`` is ``year``, ``year_end``, ``quarter``, ``quarter_end``, ``to_date`` or ``column``.
    """

    kind: str
    key: str
    year: int = 0
    quarter: int | None = None
    end: date | None = None
    months: int = 0
    column: str = ""

    @property
    def date_tells(self) -> bool:
        """Whether the day of its end leads to the key by itself: in a fiscal year that is the calendar's, it does."""
        if self.end is None or self.end.year != self.year:
            return False
        return self.quarter is None or (self.end.month + 2) // 3 == self.quarter

    @property
    def order(self) -> tuple[int, int]:
        """What times of one kind are sorted by."""
        return self.year, self.quarter or 4

    def shifted(self, years: int) -> Time:
        """The same time of another year."""
        key = self.key.replace(str(self.year), str(self.year + years), 1)
        end = None if self.end is None or (self.end.month, self.end.day) == (2, 29) else self.end
        return replace(self, key=key, year=self.year + years, end=end and end.replace(year=end.year + years))


def time_of(key: str, period: Period | None, column: str) -> Time | None:
    """Return the time of a cell, or None where a question could not name it by its key: five months are no quarter."""
    if period is not None and not period.is_instant and not _is_named(key, period.months):
        return None
    if period is not None and _YEAR.fullmatch(key):
        return Time("year_end" if period.is_instant else "year", key, int(key), None, period.end, period.months)
    if period is not None and (match := _QUARTER.fullmatch(key)):
        kind = "to_date" if match[3] else "quarter_end" if period.is_instant else "quarter"
        return Time(kind, key, int(match[1]), int(match[2]), period.end, period.months)
    if _COLUMN.fullmatch(key) and sum(map(str.isalpha, column)) >= 3 and len(column.split()) <= MOST_COLUMN_WORDS:
        return Time("column", key, column=column)
    return None


def _is_named(key: str, months: int) -> bool:
    """Whether a time is as long as its key says; a quarter may have sixteen weeks, which count four months."""
    quarter = _QUARTER.fullmatch(key)
    if quarter is None:
        return not _YEAR.fullmatch(key) or months >= YEAR_MONTHS
    return months > 4 if quarter[3] else months in (3, 4)


def comparable(one: Time, other: Time) -> bool:
    """Whether figures of two times may be compared: times of one length, or two balances."""
    if "column" in (one.kind, other.kind):
        return False
    ends = ("year_end", "quarter_end")
    if one.kind != other.kind:
        return one.kind in ends and other.kind in ends
    return one.kind != "to_date" or one.quarter == other.quarter
