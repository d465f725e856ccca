"""Questions about how something went: "over time", "across the reported quarters", "in these filings"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from index.asked_periods import AskedPeriod
from index.contract import FilingRecord

MOST_PERIODS = 8
"""So many of the latest periods are told of; more is a table, which extraction is for."""
_WHICH = (
    r"(?:the\s+|these\s+|those\s+|all\s+|its\s+|their\s+)*"
    r"(?:reported\s+|historical\s+|given\s+|available\s+|past\s+|recent\s+|various\s+|different\s+)*"
)
_SPANS = re.compile(
    rf"\b(?:over\s+time\b|(?:over|across|throughout|in|during|for|between)\s+{_WHICH}(periods|quarters|years|10-?Qs|10-?Ks|filings)\b"
    r"|(?:each|every|by)\s+(quarter|year|period)\b)",
    re.IGNORECASE,
)
_COUNTED = re.compile(r"\b(?:last|past|previous|next)\s+(?:\w+\s+)?(?:quarters|years|periods)\b", re.IGNORECASE)
_WENT = re.compile(
    r"\b(?:has|have|had|did|does|do)?\s*\b(?:fluctuat(?:e[ds]?|ing)|evolv(?:e[ds]?|ing)|develop(?:ed|ing)?|var(?:y|ied|ies)"
    r"|chang(?:e[ds]?|ing)|trend(?:s|ed)?|mov(?:e[ds]?|ing)|(?:seen\s+)?variations?)\b",
    re.IGNORECASE,
)


_COMPARES = re.compile(r"\bcompar(?:e[ds]?|ing|isons?)\b", re.IGNORECASE)
_REASONS = re.compile(r"\b(?:why|reasons?|factors?|drivers?|drove|driven|caused?|impact|effects?)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Series:
    """That a question is about every period there is: years, quarters, or whichever the filings report."""

    unit: Literal["year", "quarter"] | None


def find_series(question: str) -> Series | None:
    """Return the series that is asked for, or None where a period is meant, or a number of them."""
    match = _SPANS.search(question)
    if match is None or _COUNTED.search(match[0]):
        return None
    word = (match[1] or match[2] or "").lower()
    if word.startswith("quarter") or word.replace("-", "") == "10qs":
        return Series("quarter")
    return Series("year" if word.startswith("year") or word.replace("-", "") == "10ks" else None)


def without_series(question: str) -> str:
    """Return ``question`` without the words for a series and for how something went in it."""
    return _WENT.sub(" ", _SPANS.sub(" ", question))


def wants_figures(question: str) -> bool:
    """Whether a question that compares the periods of a series asks for its figures, and not for reasons."""
    return bool(_COMPARES.search(question)) and not _REASONS.search(question)


def periods_of(series: Series, filings: Sequence[FilingRecord]) -> tuple[AskedPeriod, ...]:
    """Return the latest periods that the filings are about, in order: of years and quarters those that are more.

    Where that is one period, those that its filing compares it with go before it: two years, or the same quarter.
    """
    years: set[AskedPeriod] = set()
    quarters: set[AskedPeriod] = set()
    for filing in filings:
        identity = filing.identity
        if identity.fiscal_year is not None:
            period = AskedPeriod(identity.fiscal_year, identity.fiscal_quarter)
            (years if identity.fiscal_quarter is None else quarters).add(period)
    wanted = {"year": years, "quarter": quarters}.get(series.unit or "", max(years, quarters, key=len))
    found = tuple(sorted(wanted))[-MOST_PERIODS:]
    if len(found) == 1:
        back = range(-2, 1) if found[0].quarter is None else range(-1, 1)
        return tuple(found[0].shift(step) for step in back)
    return found
