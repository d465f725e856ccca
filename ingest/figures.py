"""Printed figures: what counts as one, and what number it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

CURRENCIES = {"$": "USD", "US$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "C$": "CAD", "A$": "AUD"}
"""Currency signs and their ISO 4217 codes."""
DASHES = frozenset({"-", "–", "—", "‒", "―", "−", "-0-", "--"})
PERCENT_AT_MOST = 1000
"""A percentage without a sign is no greater than this."""
NOT_A_NUMBER = frozenset({"nm", "n/m", "n.m.", "nm*", "n/a", "na", "*", "**", "nmf", "n.a."})
"""Marks that stand where a figure would: not meaningful, not applicable, below rounding."""

_SIGNS = "|".join(re.escape(sign) for sign in sorted(CURRENCIES, key=len, reverse=True))
_DIGITS = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+"
_MARK = r"\((?:[a-z]|\d{1,2})\)|[*†‡]+"
_MARK_ENDS = (")", "*", "†", "‡")
_LAST_MARK = re.compile(rf"(?<=[\w.–—-])\s*(?:{_MARK})$")
_FIGURE = re.compile(
    rf"""^(?P<open>\()?\s*(?P<currency>{_SIGNS})?\s*(?P<open2>\()?\s*(?:(?P<minus>[-–−])|\+)?\s*
    (?P<currency2>{_SIGNS})?\s*(?P<digits>{_DIGITS})\s*(?P<percent1>%)?\s*(?P<close>\))?\s*(?P<percent2>%)?\s*(?P<close2>\))?
    \s*(?P<mark>{_MARK})?$""",
    re.VERBOSE,
)
_RANGE = re.compile(
    rf"^(?:(?P<sign1>{_SIGNS})\s*)?(?P<low>{_DIGITS})\s*(?P<percent1>%)?\s*(?:-|–|—|to)\s*(?:(?P<sign2>{_SIGNS})\s*)?"
    rf"(?P<high>{_DIGITS})\s*(?P<percent2>%)?\s*(?:{_MARK})?$"
)
_TERM = re.compile(r"^(\d{1,3}\.\d+)\s*(?:years?|months?|days?)\b\.?$", re.IGNORECASE)
_YEAR = re.compile(rf"^(?:19|20)\d\d\s*(?:{_MARK})?$")


@dataclass(frozen=True, slots=True)
class Figure:
    """A printed figure. ``number`` has its sign but no scale; None where a mark such as "nm" stands, or a range.

    A ``term`` is a time, "6.5 years".
    """

    number: Decimal | None
    percent: bool = False
    currency: str | None = None
    term: bool = False


@lru_cache(maxsize=1 << 15)
def read_figure(text: str) -> Figure | None:
    """Return the figure that ``text`` prints, or None where it is not a figure.

    Parentheses are negative, a dash is zero, and a footnote mark after the figure is left out.
    """
    stripped = text.strip()
    match = _FIGURE.match(stripped)
    if match is None:
        return _read_range(stripped) or _read_term(stripped) or _read_mark(stripped)
    opened = bool(match["open"] or match["open2"])
    closed = bool(match["close"] or match["close2"])
    if opened != closed:
        return None
    number = Decimal(match["digits"].replace(",", ""))
    if opened or match["minus"]:
        number = -number
    sign = match["currency"] or match["currency2"]
    return Figure(number, bool(match["percent1"] or match["percent2"]), CURRENCIES.get(sign or ""))


def _read_range(text: str) -> Figure | None:
    """A range between two figures, "0.45% – 3.38%", is a figure without one number; years and plain digits are none."""
    match = _RANGE.match(text)
    if match is None:
        return None
    percent, sign = bool(match["percent1"] or match["percent2"]), match["sign1"] or match["sign2"]
    told = percent or sign or ("." in match["low"] and "." in match["high"])
    return Figure(None, percent, CURRENCIES.get(sign or "")) if told else None


def _read_term(text: str) -> Figure | None:
    match = _TERM.match(text)
    return Figure(Decimal(match[1]), term=True) if match is not None else None


def _read_mark(text: str) -> Figure | None:
    """A dash, "nm" and their like, with or without a currency or percent sign."""
    unmarked = _LAST_MARK.sub("", text) if text.endswith(_MARK_ENDS) else text
    bare = unmarked.rstrip("%)").lstrip("(").strip()
    currency = None
    for sign, code in CURRENCIES.items():
        if bare.startswith(sign):
            bare, currency = bare[len(sign) :].lstrip(" (").strip(), code
            break
    if bare in DASHES:
        return Figure(Decimal(0), text.rstrip().endswith("%"), currency)
    if bare.lower() in NOT_A_NUMBER:
        return Figure(None)
    return None


def are_percentages(figures: Sequence[Figure]) -> bool:
    """Whether the figures of a column are percentages; many print the sign only on their first figure."""
    first = figures[0]
    return len(figures) > 1 and first.percent and all(f.percent or _is_like(f, first) for f in figures)


def _is_like(figure: Figure, first: Figure) -> bool:
    """Whether a figure without a sign is printed as the percentage that begins its column."""
    if figure.number is None or first.number is None or figure.currency is not None:
        return False
    same = figure.number.as_tuple().exponent == first.number.as_tuple().exponent
    return same and abs(figure.number) <= PERCENT_AT_MOST


@lru_cache(maxsize=1 << 14)
def is_year(text: str) -> bool:
    """Whether ``text`` is a bare year such as 2018, with or without a footnote mark."""
    return bool(_YEAR.match(text.strip()))
