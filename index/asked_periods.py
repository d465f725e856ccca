"""Which fiscal periods a question speaks of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ingest.dates import find_date
from ingest.periods import WEEK_SLACK, FiscalCalendar

_YEAR = r"(?:19|20)\d\d"
_TWO_DIGITS = r"['’]?\d\d"
_QUARTER_WORDS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}
_ORDINAL = "|".join(_QUARTER_WORDS)

_FULL_DATE = re.compile(
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+\d{1,2},?\s+(?:19|20)\d\d\b",
    re.IGNORECASE,
)
_QUARTER = re.compile(
    rf"\bQ\s?([1-4])\s*(?:of\s+)?(?:fiscal\s+(?:year\s+)?|FY\s?|['’]\s?)?({_YEAR}|\d\d\b)"
    rf"|\b(?:FY\s?)?({_YEAR})\s*[-,]?\s*Q\s?([1-4])\b"
    rf"|\b([1-4])Q\s?['’]?({_YEAR}|\d\d)\b"
    rf"|\b({_ORDINAL})\s+(?:fiscal\s+)?quarter\s+(?:of\s+)?(?:the\s+)?(?:fiscal\s+(?:year\s+)?|FY\s?)?({_YEAR})",
    re.IGNORECASE,
)
_RANGE = re.compile(rf"\b(?:FY\s?)?({_YEAR})\s*(?:-|–|—|to|through|until)\s*(?:FY\s?)?({_YEAR})\b", re.IGNORECASE)
_FISCAL = re.compile(
    rf"\bFY\s?({_YEAR}|{_TWO_DIGITS})\b|(?<![\d,.$€£/-])({_YEAR})(?![\d%]|,\d|\.\d|-\d)", re.IGNORECASE
)
_BARE_QUARTER = re.compile(rf"\bQ\s?([1-4])\b|\b({_ORDINAL})\s+(?:fiscal\s+)?quarters?\b", re.IGNORECASE)
_COUNT = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}
_LAST_YEARS = re.compile(
    rf"\b(?:last|past|previous)\s+({'|'.join(_COUNT)}|[2-9]|10)\s+(?:fiscal\s+)?years\b", re.IGNORECASE
)
_YEAR_TO_DATE = re.compile(r"\byear[\s-]to[\s-]date\b|\b(six|nine)\s+months\b|\bYTD\b", re.IGNORECASE)
_BEFORE = re.compile(
    r"\b(?:the\s+)?(year|quarter)\s+before\b|\b(?:prior|previous|preceding|last)\s+(?:fiscal\s+)?(year|quarter)\b",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"\b(?:the\s+)?(year|quarter)\s+after\b|\b(?:following|next)\s+(?:fiscal\s+)?(year|quarter)\b",
    re.IGNORECASE,
)
_ANY_YEAR = re.compile(rf"(?<!\d){_YEAR}(?!\d)")
_BEYOND = re.compile(rf"\b(before|after)\s+(?:FY\s?|fiscal\s+(?:year\s+)?)?{_YEAR}\b", re.IGNORECASE)
_QUARTER_WORD = re.compile(r"\b(?:quarter|quarterly)\b", re.IGNORECASE)


_ENDED = re.compile(
    r"(?:(?:for|in|during)\s+)?(?:the\s+)?"
    r"(?:(?:(?P<months>three|six|nine|twelve)\s+months|(?P<year>(?:fiscal\s+)?year)|(?P<quarter>(?:fiscal\s+)?quarter))\s+"
    r"(?:ended|ending)|(?P<instant>as\s+of|at|at\s+the\s+end\s+of))\s+"
    r"(?P<date>(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+\d{1,2},?\s+(?:19|20)\d\d)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, order=True)
class AskedPeriod:
    """A fiscal year, or a quarter of one; ``to_date`` means from the year's start to the quarter's end."""

    fiscal_year: int
    quarter: int | None = None
    to_date: bool = False

    @property
    def key(self) -> str:
        """The key that cells of this period have: ``2018``, ``2023Q2``, ``2023Q2YTD``."""
        if self.quarter is None:
            return str(self.fiscal_year)
        return f"{self.fiscal_year}Q{self.quarter}" + ("YTD" if self.to_date else "")

    def shift(self, steps: int) -> AskedPeriod:
        """The same period ``steps`` years later: a quarter is compared with that of another year."""
        return AskedPeriod(self.fiscal_year + steps, self.quarter, self.to_date)

    def shift_quarters(self, steps: int) -> AskedPeriod:
        """The quarter ``steps`` quarters later. Only a quarter can be moved so."""
        year, index = divmod(4 * self.fiscal_year + (self.quarter or 4) - 1 + steps, 4)
        return AskedPeriod(year, index + 1, self.to_date and index > 0)

    def describe(self) -> str:
        """``FY2018`` or ``Q2 FY2023``."""
        if self.quarter is None:
            return f"FY{self.fiscal_year}"
        return f"Q{self.quarter} FY{self.fiscal_year}" + (" year to date" if self.to_date else "")


def find_periods(question: str, latest: int | None = None) -> tuple[AskedPeriod, ...]:
    """Return the periods named, each once, in order of time; a range yields every year in it.

    A quarter named apart from its year ("in 2023, what was Q2 revenue") is of every year named.
    ``latest`` is the newest fiscal year at hand: "the last three years" count back from it, and a quarter
    without any year is of it. Full dates ("May 26, 2023") are no fiscal periods and are left out.
    """
    text = _FULL_DATE.sub(" ", question)
    to_date = bool(_YEAR_TO_DATE.search(text))
    found: set[AskedPeriod] = set()
    for match in _QUARTER.finditer(text):
        quarter, year = _quarter_and_year(match)
        found.add(AskedPeriod(year, quarter, to_date and quarter > 1))
    text = _QUARTER.sub(" ", text)
    for match in _RANGE.finditer(text):
        first, last = sorted((int(match[1]), int(match[2])))
        if last - first <= 10:
            found.update(AskedPeriod(year) for year in range(first, last + 1))
    for match in _FISCAL.finditer(text):
        found.add(AskedPeriod(_four_digits(match[1] or match[2])))
    if latest is not None and (counted := _LAST_YEARS.search(text)):
        count = _COUNT.get(counted[1].lower()) or int(counted[1])
        found.update(AskedPeriod(latest - step) for step in range(count))
    if bare := {int(m[1]) if m[1] else _QUARTER_WORDS[m[2].lower()] for m in _BARE_QUARTER.finditer(text)}:
        years = {period.fiscal_year for period in found} or ({latest} if latest is not None else set())
        found = {period for period in found if period.quarter is not None}
        found |= {AskedPeriod(year, quarter, to_date and quarter > 1) for year in years for quarter in bare}
    return tuple(sorted(found, key=lambda period: (period.fiscal_year, period.quarter or 5, period.to_date)))


def find_days(question: str) -> tuple[date, ...]:
    """Return the calendar days that are named in full ("May 26, 2023"), in the order of the question."""
    return tuple(day for match in _FULL_DATE.finditer(question) if (day := find_date(match[0])) is not None)


def has_bare_quarter(question: str) -> bool:
    """Whether a quarter is named without its year beside it."""
    return bool(_BARE_QUARTER.search(_QUARTER.sub(" ", question)))


def move(periods: tuple[AskedPeriod, ...], question: str) -> tuple[AskedPeriod, ...] | None:
    """Return where "the year before" or "the next quarter" leads from ``periods``; None where neither is said.

    Quarters are moved by quarters; from whole years no quarter can be reached, so the result is None too.
    """
    for step, pattern in ((-1, _BEFORE), (1, _AFTER)):
        if match := pattern.search(question):
            if (match[1] or match[2]).lower() == "year":
                return tuple(period.shift(step) for period in periods)
            if all(period.quarter is not None for period in periods):
                return tuple(period.shift_quarters(step) for period in periods)
    return None


def without_lengths(question: str, periods: Sequence[AskedPeriod]) -> str:
    """Return ``question`` without "year to date" or "six months" where that is how ``periods`` are understood."""
    quarters = {period.quarter for period in periods}
    lengths = {"six": {2}, "nine": {3}}

    def read(match: re.Match[str]) -> str:
        fits = quarters == lengths[match[1].lower()] if match[1] else bool(quarters) and None not in quarters
        return " " if fits else match[0]

    return _YEAR_TO_DATE.sub(read, question)


def unread_time(question: str, periods: Sequence[AskedPeriod], *, compared: bool) -> tuple[str, ...]:
    """Return the words about time in ``question`` that ``periods`` do not account for.

    ``compared`` is whether each period is set against the one a year before, which reads "the prior year".
    "Last year" alone is the latest.
    """
    named = bool(find_periods(question))
    years = {str(period.fiscal_year) for period in periods}
    unread = [year for year in _ANY_YEAR.findall(question) if year not in years]
    if _QUARTER_WORD.search(question) and not any(period.quarter for period in periods):
        unread.append("quarter")
    unread += [match[1].lower() for match in _BEYOND.finditer(question)]
    for pattern, read in ((_BEFORE, compared), (_AFTER, False)):
        for match in pattern.finditer(question):
            latest = match[0].lower().startswith("last") and not named
            by_year = read and (match[1] or match[2]).lower() == "year"
            if not (latest or by_year):
                unread.append(match[0].lower())
    return tuple(dict.fromkeys(unread))


def name_dates(question: str, fiscal: FiscalCalendar) -> str:
    """Return ``question`` with the days on which fiscal periods end put as those periods.

    "For the nine months ended July 1, 2023" becomes "for Q3 2023 year to date" where that is what it is.
    A day on which no period of the company ends stays as it is, and is then left unread.
    """
    return _ENDED.sub(lambda match: _named(match, fiscal) or match[0], question)


def _named(match: re.Match[str], fiscal: FiscalCalendar) -> str | None:
    """The period that a phrase with a date stands for, or None where the two do not go together."""
    end = find_date(match["date"])
    if end is None:
        return None
    year, quarter = fiscal.fiscal_year(end), fiscal.fiscal_quarter(end)
    if abs(end - fiscal.quarter_end(year, quarter)) > WEEK_SLACK:
        return None
    months, whole = (match["months"] or "").lower(), match["year"] is not None
    if match["instant"]:
        return f"at the end of {f'FY{year}' if quarter == 4 else f'Q{quarter} {year}'}"
    if months == "twelve" or whole:
        return f"for FY{year}" if quarter == 4 else None
    if months == "three" or match["quarter"]:
        return f"for Q{quarter} {year}"
    to_date = {"six": 2, "nine": 3}.get(months) == quarter
    return f"for Q{quarter} {year} year to date" if to_date else None


def _quarter_and_year(match: re.Match[str]) -> tuple[int, int]:
    if match[1]:
        return int(match[1]), _four_digits(match[2])
    if match[4]:
        return int(match[4]), int(match[3])
    if match[5]:
        return int(match[5]), _four_digits(match[6])
    return _QUARTER_WORDS[match[7].lower()], int(match[8])


def _four_digits(text: str) -> int:
    digits = int(re.sub(r"\D", "", text))
    return digits if digits > 99 else 2000 + digits
