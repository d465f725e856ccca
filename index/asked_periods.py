"""Which fiscal periods a question speaks of."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.periods import find_date

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
_FISCAL = re.compile(rf"\bFY\s?({_YEAR}|{_TWO_DIGITS})\b|(?<![\d,.$€£/-])({_YEAR})(?![\d,%]|\.\d|-\d)", re.IGNORECASE)
_LAST_YEARS = re.compile(
    r"\b(?:last|past|previous)\s+(two|three|four|five|[2-5])\s+(?:fiscal\s+)?years\b", re.IGNORECASE
)
_COUNT = {"two": 2, "three": 3, "four": 4, "five": 5}
_YEAR_TO_DATE = re.compile(r"\byear[\s-]to[\s-]date\b|\b(?:six|nine)\s+months\b|\bYTD\b", re.IGNORECASE)
_BEFORE = re.compile(
    r"\b(?:the\s+)?(?:year|quarter)\s+before\b|\b(?:prior|previous|preceding|last)\s+(?:fiscal\s+)?(?:year|quarter)\b",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"\b(?:the\s+)?(?:year|quarter)\s+after\b|\b(?:following|next)\s+(?:fiscal\s+)?(?:year|quarter)\b",
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

    def describe(self) -> str:
        """``FY2018`` or ``Q2 FY2023``."""
        if self.quarter is None:
            return f"FY{self.fiscal_year}"
        return f"Q{self.quarter} FY{self.fiscal_year}" + (" year to date" if self.to_date else "")


def find_periods(question: str, latest: int | None = None) -> tuple[AskedPeriod, ...]:
    """Return the periods named, each once, in order of time; a range yields every year in it.

    ``latest`` is the newest fiscal year at hand: "the last three years" count back from it. Full dates
    ("May 26, 2023") are no fiscal periods and are left out.
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
    return tuple(sorted(found, key=lambda period: (period.fiscal_year, period.quarter or 5, period.to_date)))


def relative_step(question: str) -> int:
    """-1 for "the year before", +1 for "the year after", 0 where neither is said."""
    if _BEFORE.search(question):
        return -1
    return 1 if _AFTER.search(question) else 0


def named_date(question: str) -> str | None:
    """Return the first full date of a question in ISO form."""
    found = find_date(question)
    return found.isoformat() if found else None


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
