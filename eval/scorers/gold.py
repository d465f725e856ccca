"""Numbers of gold answers and of predictions, brought to one scale."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Literal

from eval.case import PredictedValue

Kind = Literal["amount", "percent", "plain"]

_POWERS = {"thousand": 3, "million": 6, "billion": 9, "trillion": 12, "k": 3, "m": 6, "mm": 6, "bn": 9, "b": 9}
_NUMBER = re.compile(
    r"""(?P<open>\()?\s*(?P<minus>[-–−])?\s*(?P<currency>[$€£¥])?\s*(?P<minus2>[-–−])?
    (?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)\s*(?P<percent>%|percent\b|percentage\s+points?\b)?
    \s*(?P<close>\))?\s*(?P<scale>(?:thousand|million|billion|trillion)s?\b|(?:mm|bn|[mMbBkK])\b)?""",
    re.VERBOSE,
)
_ASKED_POWER = re.compile(
    r"\b(?:in|usd|us\$|\$)\s*(?:of\s+)?(?:usd\s+|us\s+|\$\s*)?(thousand|million|billion)s?\b", re.IGNORECASE
)
_ASKED_PERCENT = re.compile(r"\bpercents?\b|\bpercentages?\b|%", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class GoldNumber:
    """A number as an answer key gives it.

    ``value`` has its sign and no scale; ``power`` is the power of ten in which it is given, None where
    nothing says. ``decimals`` is its precision: zeros at the end of the decimals only pad ("8.70" and
    "1577.00"), for answer keys print two decimals whatever was rounded to.
    """

    value: Decimal
    decimals: int
    kind: Kind
    power: int | None


def parse_gold_number(text: str, question: str = "") -> GoldNumber | None:
    """Return the one number that ``text`` is, in the unit that it or ``question`` names; None where it is prose."""
    match = _NUMBER.fullmatch(text.strip().rstrip("."))
    if match is None:
        return None
    value = _signed(match)
    decimals = len(match["digits"].split(".")[1].rstrip("0")) if "." in match["digits"] else 0
    if match["percent"]:
        return GoldNumber(value, decimals, "percent", None)
    power = _POWERS.get((match["scale"] or "").lower().rstrip("s"))
    asked = _ASKED_POWER.search(question)
    if power is None and asked is not None:
        power = _POWERS[asked[1].lower()]
    if match["currency"] is None and power is None and _ASKED_PERCENT.search(question):
        return GoldNumber(value, decimals, "percent", None)
    kind: Kind = "amount" if match["currency"] or power is not None else "plain"
    return GoldNumber(value, decimals, kind, power)


def numbers_in(text: str) -> tuple[Decimal, ...]:
    """Return every number of ``text`` with its sign and scale words applied; a percentage counts as printed."""
    found = []
    for match in _NUMBER.finditer(text):
        power = _POWERS.get((match["scale"] or "").lower().rstrip("s"), 0)
        found.append(_signed(match).scaleb(power))
    return tuple(found)


def agrees(gold: GoldNumber, value: PredictedValue) -> bool:
    """Whether a predicted value, in the gold's unit and rounded to its precision, is the gold number.

    Sign, scale, currency or percent all count; only the rounding that the gold itself has is forgiven.
    """
    try:
        number = Decimal(value.value)
    except InvalidOperation:
        return False
    return any(
        _rounded(each, gold.decimals) == _rounded(gold.value, gold.decimals) for each in _in_unit(gold, number, value)
    )


def agrees_leniently(gold: GoldNumber, value: PredictedValue) -> bool:
    """Whether they agree within 1 % whatever the sign and the scale: what lenient scorers forgive."""
    try:
        number = abs(Decimal(value.value))
    except InvalidOperation:
        return False
    target = abs(gold.value)
    powers = (0, 2, -2, 3, -3, 6, -6, 9, -9)
    return any(abs(number.scaleb(power) - target) <= target / 100 for power in powers)


def _signed(match: re.Match[str]) -> Decimal:
    value = Decimal(match["digits"].replace(",", ""))
    negative = bool(match["minus"] or match["minus2"] or (match["open"] and match["close"]))
    return -value if negative else value


def _in_unit(gold: GoldNumber, number: Decimal, value: PredictedValue) -> list[Decimal]:
    """The predicted number in the gold's unit; none where the units do not go together."""
    base, _, scale = value.unit.partition(" ")
    if gold.kind == "percent":
        if value.unit in ("percent", "percentage points"):
            return [number]
        return [number * 100] if value.unit in ("ratio", "") else []
    if value.unit in ("percent", "percentage points"):
        return [number / 100] if gold.kind == "plain" else []
    power = _POWERS.get(scale.rstrip("s"), 0)
    if gold.power is not None:
        return [number.scaleb(power - gold.power)] if base not in ("ratio", "days") else []
    # Nothing says in what scale the key is: it is as printed, or in full.
    return [number, number.scaleb(power)]


def _rounded(value: Decimal, decimals: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP) + 0
