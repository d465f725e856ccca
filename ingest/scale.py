"""Units and scale: "(In millions, except per share amounts)" and what it means for each row."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from ingest.figures import Figure

POWERS = {"thousand": 3, "million": 6, "billion": 9, "trillion": 12}
"""Printed words of scale and the power of ten that they stand for."""

_SCALE = re.compile(
    r"""(?:\(|^|\bin\s|\bof\s|\$\s?in\s|[-–—,]\s)\s*(?:US\s*)?(?:\$\s*)?(?:u\.s\.\s+)?(?:dollars?\s+)?(?:and\s+shares\s+)?(?:amounts?\s+)?
    (?:are\s+)?(?:in\s+)?(thousand|million|billion)s?\b(?!\s+(?:shares|of\s+shares))""",
    re.IGNORECASE | re.VERBOSE,
)
_ZEROS = re.compile(r"\(?\$?\s?0{3}(?:[’']?s)?(?:\s+omitted)?\b", re.IGNORECASE)
_SHARE_SCALE = re.compile(
    r"shares?\b(?![^,;()]*\bper\b)[^,;()]{0,60}?\b(?:are\s+|is\s+)?(?:reflected\s+|stated\s+|presented\s+)?in\s+(thousand|million)s"
    r"|\b(thousand|million)s?\s+of\s+shares",
    re.IGNORECASE,
)
_SHARES_TOO = re.compile(r"\band\s+shares?\b|\bshares?\s+and\b", re.IGNORECASE)
_PER_SHARE = re.compile(r"\bper\s+(?:\w+\s+){0,3}?(?:share|unit)\b|\bper[\s-]share\b|\beps\b", re.IGNORECASE)
_SHARES = re.compile(r"\bshares?\b|\bunits outstanding\b", re.IGNORECASE)
_NOT_SHARES = re.compile(
    r"\bshare[-\s]based\b|\bshareholders?\b|\bshares?\s+(?:of|in)\s+(?:earnings|income|loss|profit)", re.IGNORECASE
)
_MONEY_IN_SHARES = re.compile(
    r"\b(?:repurchases?|purchases?|issuances?|proceeds|payments?|cost|value|stock|withheld|compensation|tax)\b",
    re.IGNORECASE,
)
_COUNT = re.compile(
    r"^(?:number\s+of|total\s+number\s+of|headcount|employees|full[-\s]time)\b|\b(?:stores|warehouses|restaurants|locations)\s+"
    r"(?:open|in operation|at)\b",
    re.IGNORECASE,
)
_PERCENT = re.compile(r"%|\bpercent(?:age)?\b|\b(?:tax|interest|discount|growth)\s+rates?\b", re.IGNORECASE)
WHOLE_SHARES = Decimal(10_000_000)
"""A share count printed with as many as this is whole, whatever the scale of the table: no company has
ten million million shares."""


@dataclass(frozen=True, slots=True)
class Scale:
    """The scale that a table states. ``power`` and ``share_power`` are powers of ten; ``source`` the text."""

    power: int
    share_power: int | None
    source: str


def find_scale(text: str) -> Scale | None:
    """Return the scale that ``text`` states, or None; only wording that speaks of a whole table counts."""
    match = _SCALE.search(text)
    if match is not None:
        power = POWERS[match[1].lower()]
    elif _ZEROS.search(text):
        power = 3
    else:
        return None
    shares = _SHARE_SCALE.search(text)
    if shares is not None:
        share_power: int | None = POWERS[(shares[1] or shares[2]).lower()]
    else:
        share_power = power if _SHARES_TOO.search(text) else None
    return Scale(power, share_power, " ".join(text.split()))


def unit_and_scale(
    figure: Figure, label: str, headings: str, column: str, table: Scale | None, currency: str
) -> tuple[str | None, int]:
    """Return the unit of one cell and the power of ten by which it is printed.

    The row's own label decides before the headings that it stands under, and those before the table.
    """
    power = table.power if table else 0
    if figure.percent or (figure.currency is None and "%" in column):
        return "pure", -2
    own = find_scale(label)
    for text in (label, headings):
        if _PER_SHARE.search(text):
            return f"{figure.currency or currency}/shares", 0
        if _is_share_count(text) and figure.currency is None:
            return "shares", _share_power(figure, own or find_scale(text), table, power)
        if text is label and figure.currency is None:
            if _COUNT.search(label):
                return None, 0
            if _PERCENT.search(label) and figure.number is not None and abs(figure.number) <= 100:
                return "pure", -2
    unit = figure.currency or (currency if table is not None else None)
    return unit, own.power if own else power


def _is_share_count(text: str) -> bool:
    return bool(_SHARES.search(text)) and not _NOT_SHARES.search(text) and not _MONEY_IN_SHARES.search(text)


def _share_power(figure: Figure, own: Scale | None, table: Scale | None, power: int) -> int:
    if own is not None:
        return own.power
    if table is not None and table.share_power is not None:
        return table.share_power
    if figure.number is not None and abs(figure.number) >= WHOLE_SHARES:
        return 0
    return power
