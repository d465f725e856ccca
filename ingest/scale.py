"""The scale that a table states: "(In millions, except per share amounts)", "(Shares in thousands)"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

POWERS = {"thousand": 3, "million": 6, "billion": 9, "trillion": 12}
"""Printed words of scale and the power of ten that they stand for."""

_SCALE = re.compile(
    r"""(?:\(|^|\bin\s|\bof\s|\$\s?in\s|[-–—,]\s)\s*(?:US\s*)?(?:[$€£]\s*)?(?:u\.s\.\s+)?
    (?:dollars?\s+)?(?:and\s+shares\s+)?(?:amounts?\s+)?(?:are\s+)?(?:in\s+)?
    (thousand|million|billion)s?\b(?!\s+(?:shares|of\s+shares))""",
    re.IGNORECASE | re.VERBOSE,
)
_ZEROS = re.compile(r"(?<![\d.,])0{3}(?:[’']?s)?(?:\s+omitted)?\b", re.IGNORECASE)
_SHARE_SCALE = re.compile(
    r"(?<!per )(?<!per-)(?<!dollars and )\b(?:shares?|options|units)\b(?:\s+(?:amounts?|data|numbers?|counts?))?"
    r"(?:,?\s+which)?\s+(?:are\s+|is\s+)?"
    r"(?:reflected\s+|stated\s+|presented\s+|expressed\s+)?in\s+(thousand|million)s?\b|\b(thousand|million)s?\s+of\s+shares",
    re.IGNORECASE,
)
_EXCEPT = re.compile(r"\bexcept\b(.*)$", re.IGNORECASE | re.DOTALL)
_SHARES_TOO = re.compile(r"\band\s+shares?\b|\bshares?\s+and\b", re.IGNORECASE)
_SHARES = re.compile(r"\bshares?\b|\bunits outstanding\b", re.IGNORECASE)
PER_SHARE = re.compile(
    r"\bper[\s-]+(?:[\w-]+\s+){0,6}?(?:share|unit)\b|\beps\b|\b(?:exercise|grant|strike|issue|conversion|offering)\s+price\b"
    r"|\bweighted[\s-]+average\s+(?:[\w-]+\s+){0,3}?(?:fair\s+value|price)\b",
    re.IGNORECASE,
)
"""Words for amounts per share or unit."""


@dataclass(frozen=True, slots=True)
class Scale:
    """The scale that a table states. ``power`` and ``share_power`` are powers of ten; ``source`` the text."""

    power: int
    share_power: int | None
    source: str
    only_shares: bool = False
    """Whether ``source`` speaks of shares and of no amounts, as the head "(Shares in thousands)" does."""
    inherited: bool = False
    """Whether the table states no scale and this is the one of the statements."""
    currency: str | None = None
    """The ISO 4217 code that the source names by a sign; None where it names none, or one of several dollars."""


@lru_cache(maxsize=1 << 12)
def find_scale(text: str) -> Scale | None:
    """Return the scale that ``text`` states, or None; only wording that speaks of a whole table counts."""
    match = _SCALE.search(_SHARE_SCALE.sub(" ", text))
    if match is not None:
        power = POWERS[match[1].lower()]
    elif _ZEROS.search(text):
        power = 3
    else:
        return None
    return Scale(power, _stated_share_power(text, power), " ".join(text.split()))


@lru_cache(maxsize=1 << 12)
def find_share_power(text: str) -> int | None:
    """Return the power of ten in which ``text`` says that shares are counted, or None."""
    shares = _SHARE_SCALE.search(text)
    return POWERS[(shares[1] or shares[2]).lower()] if shares is not None else None


def _stated_share_power(text: str, power: int) -> int | None:
    """As stated apart; 0 where shares are excepted from the scale; that of the amounts where it names both."""
    apart = find_share_power(text)
    if apart is not None:
        return apart
    excepted = _EXCEPT.search(text)
    if excepted is not None and _SHARES.search(PER_SHARE.sub(" ", excepted[1])):
        return 0
    return power if _SHARES_TOO.search(text) else None
