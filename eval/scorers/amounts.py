"""Amounts in running text: a number with its sign, currency, scale and what it counts.

What only looks like an amount is none: years, dates, quarters, footnote marks, the
numbers of points in a list, and digits in a name
("3M", "10-K", "777X").
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Kind = Literal["money", "percent", "points", "shares", "days", "ratio", "number"]
"""What a number counts; ``number`` where nothing says, ``points`` are percentage points."""

SCALES = {"thousand": 3, "million": 6, "billion": 9, "trillion": 12, "k": 3, "m": 6, "mm": 6, "mn": 6, "b": 9, "bn": 9}
"""Powers of ten by their words and letters."""
CURRENCIES = {"$": "USD", "US$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY"}

_MONTHS = (
    "Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sep(?:t(?:ember)?)?|Oct(?:ober)?"
)
_MONTH = rf"(?:{_MONTHS}|Nov(?:ember)?|Dec(?:ember)?)\.?"
_UNITS = "%|percent|per\\s+cent|million|billion|thousand|trillion|shares|days|dollars"
_NO_AMOUNTS = re.compile(
    rf"""\[\d+(?:,\s*\d+)*\]                                     # a footnote mark
    | (?m:^\s*\d{{1,2}}[.)](?=\s))                             # the number of a point in a list
    | \b{_MONTH}\s+\d{{1,2}}\b(?:,?\s+(?:19|20)\d\d\b)?          # December 31, 2018
    | \b\d{{1,2}}\s+{_MONTH}(?:\s+(?:19|20)\d\d\b)?              # 31 December 2018
    | \b(?:19|20)\d\d-\d\d-\d\d\b | \b\d{{1,2}}/\d{{1,2}}/(?:19|20)?\d\d\b
    | \bFY\s?['’]?\d{{2,4}}(?:\s?Q[1-4])?\b | \bQ[1-4]\b(?:\s?['’]?\s?(?:19|20)?\d\d(?![\d,.%]*\d|\s*%))?
    | (?<![\d$€£¥.,])(?<![$€£¥]\s)(?:19|20)\d\d(?![\d]|[.,]\d|\s*(?:{_UNITS}))
    """,
    re.VERBOSE | re.IGNORECASE,
)
_AMOUNT = re.compile(
    r"""(?<![\w.,])
    (?P<prefix>(?:(?:(?<!\w)[-−–+]|\(|US\$|[$€£¥]|\b(?:USD|EUR|GBP|JPY)\b)\s*)*)
    (?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d,]*\d)|\d+(?:\.\d+)?|\.\d+)
    (?:\s?(?P<bare>\)))?
    (?:\s?(?P<percent>%)
      | (?:\s|-)?(?P<scale>thousand|million|billion|trillion)s?\b
      | (?P<letter>bn|mm|mn|[kmb])\b
      | (?P<times>x)\b )?
    (?:\s?(?P<close>\)))?
    (?:\s*(?P<word>percentage[\s-]points?|percentage-point|basis\s+points?|bps\b|percent\b|per\s+cent\b
      |(?:U\.?S\.?\s+)?dollars?\b|USD\b|EUR\b|GBP\b|JPY\b|(?:common\s+)?shares\b|days\b))?
    """,
    re.VERBOSE | re.IGNORECASE,
)
_GLUED = re.compile(r"-?[^\W\d_]")
"""A letter right after a number makes it part of a name."""
_BASIS_POINT = -2


@dataclass(frozen=True, slots=True)
class Amount:
    """A number as it is written: ``value`` with its sign, before its scale.

    ``power`` is the power of ten that a word names, None where none does. ``decimals`` are those that are
    written. ``spelled`` is how it stands in the text.
    """

    value: Decimal
    kind: Kind
    currency: str | None = None
    power: int | None = None
    decimals: int = 0
    spelled: str = ""

    @property
    def full(self) -> Decimal:
        """The value in its base unit: dollars, shares, a plain ratio for a percentage."""
        power = self.power or 0
        return self.value.scaleb(power - 2 if self.kind in ("percent", "points") else power)


def amounts_in(text: str) -> tuple[Amount, ...]:
    """Return the amounts of ``text`` in their order.

    A number in parentheses is negative where accountants write it so: "$(362) million", "(0.9)%",
    "(1,577)". One or two bare digits in parentheses, "(1)", are a mark, and "(39%)" is an aside.
    """
    clean = _NO_AMOUNTS.sub(lambda match: " " * len(match[0]), text)
    return tuple(amount for match in _AMOUNT.finditer(clean) if (amount := _amount(match, clean)) is not None)


def only_amount(text: str) -> Amount | None:
    """Return the amount that the whole of ``text`` is, or None. Years count here: nothing else stands by them."""
    stripped = text.strip().rstrip(".")
    match = _AMOUNT.fullmatch(stripped)
    if match is None:
        return None
    amount = _amount(match, stripped)
    if amount is None and re.fullmatch(r"\(\d{1,2}\)", stripped):
        return Amount(-Decimal(match["digits"]), "number", spelled=stripped)
    if amount is not None and "(" in match["prefix"] and match["close"]:
        return Amount(-abs(amount.value), amount.kind, amount.currency, amount.power, amount.decimals, amount.spelled)
    return amount


def _amount(match: re.Match[str], text: str) -> Amount | None:
    prefix = match["prefix"]
    currency = _currency(prefix, match["word"] or "")
    if _glued(match, text, currency) or _is_mark(match, currency):
        return None
    digits = match["digits"].replace(",", "")
    kind = _kind(match, currency)
    scale = (match["scale"] or match["letter"] or "").lower()
    power = SCALES.get(scale) if kind != "percent" else None
    if kind == "points" and (match["word"] or "").lower().startswith("b"):
        power = _BASIS_POINT
    negative = any(sign in prefix for sign in "-−–") or ("(" in prefix and match["bare"] is not None)
    value = Decimal(digits)
    decimals = len(digits.partition(".")[2])
    return Amount(-value if negative else value, kind, currency, power, decimals, match[0].strip())


def _glued(match: re.Match[str], text: str, currency: str | None) -> bool:
    """Whether the digits are part of a name: "3M" without a currency, "10-K", "777X"."""
    if (match["letter"] and not currency) or match["times"] == "X":
        return True
    ends = match[0][-1:].isdigit()
    return bool(ends and _GLUED.match(text, match.end()))


def _is_mark(match: re.Match[str], currency: str | None) -> bool:
    """Whether it is "(1)": the number of a note or of a point in a list."""
    alone = not (currency or match["percent"] or match["scale"] or match["word"])
    return bool(alone and "(" in match["prefix"] and match["bare"] and len(match["digits"]) <= 2)


def _currency(prefix: str, word: str) -> str | None:
    bare = re.sub(r"[-−–+(\s]", "", prefix).upper() or word.upper()
    if bare in CURRENCIES:
        return CURRENCIES[bare]
    if bare.endswith(("DOLLAR", "DOLLARS")):
        return "USD"
    return bare if bare in CURRENCIES.values() else None


def _kind(match: re.Match[str], currency: str | None) -> Kind:
    word = (match["word"] or "").lower()
    if word.startswith(("percentage", "basis", "bps")):
        return "points"
    if match["percent"] or word.startswith("per"):
        return "percent"
    if currency:
        return "money"
    if word.endswith("shares"):
        return "shares"
    if word == "days":
        return "days"
    return "ratio" if match["times"] else "number"
