"""Numbers of gold answers, and whether a predicted one is the same: sign, scale, unit and rounding count."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation, localcontext

from eval.case import PredictedValue
from eval.scorers.amounts import CURRENCIES, SCALES, Amount, Kind, only_amount

_ASKED_POWER = re.compile(
    r"\b(?:in|answer\s+in)\s+(?:USD|EUR|GBP|JPY|US\s?\$|U\.?S\.?|[$€£¥])?\s*(thousand|million|billion)s?\b"
    r"|(?:\bUSD|\bEUR|\bGBP|\bJPY|[$€£¥])\s*(thousand|million|billion)s?\b",
    re.IGNORECASE,
)
_ASKED_CURRENCY = re.compile(r"\b(USD|EUR|GBP|JPY)\b|\b(?:in|of)\s+(?:U\.?S\.?\s+)?(dollars)\b|([$€£¥])")
_ASKED_PERCENT = re.compile(r"\bpercent(?:s|ages?)?\b|%", re.IGNORECASE)
_ASKED_DECIMALS = re.compile(r"\b(zero|no|one|two|three|four|\d)\s+decimals?\b", re.IGNORECASE)
_COUNTS = {"zero": 0, "no": 0, "one": 1, "two": 2, "three": 3, "four": 4}
_PRECISION = 60
"""Enough digits for any figure and its rounding."""
_LENIENT = Decimal("0.01")
_FORGIVEN = (0, 2, -2, 3, -3, 6, -6, 9, -9)
"""Powers of ten that lenient scorers forgive."""


@dataclass(frozen=True, slots=True)
class GoldNumber:
    """A number as an answer key gives it.

    ``value`` has its sign and no scale; ``power`` is the power of ten in which it is given, None where
    nothing says. ``asked`` tells that the question names that scale, so that a figure without one is read
    in it. ``decimals`` is the precision. Zeros at the end only pad ("8.70" and "1577.00" have one decimal
    and none), for answer keys print two decimals whatever was rounded to; where the question names how
    many decimals it wants, the written ones count up to that number ("6.20" for "two decimal places").
    """

    value: Decimal
    decimals: int
    kind: Kind
    power: int | None
    currency: str | None = None
    asked: bool = False


def parse_gold_number(text: str, question: str = "") -> GoldNumber | None:
    """Return the one number that ``text`` is, in the unit that it or ``question`` names; None where it is prose."""
    amount = only_amount(text)
    return None if amount is None else gold_number(amount, question)


def gold_number(amount: Amount, question: str = "") -> GoldNumber:
    """Return an amount of a gold answer in the unit of the question, where it names none itself."""
    significant = len(f"{amount.value:f}".partition(".")[2].rstrip("0"))
    wanted = _ASKED_DECIMALS.search(question)
    named = _count(wanted[1]) if wanted else significant
    decimals = max(significant, min(named, amount.decimals))
    kind, power, currency, asked = amount.kind, amount.power, amount.currency, False
    if kind in ("money", "number") and power is None:
        power = asked_power(question)
        asked = power is not None
    if kind == "number" and power is None and _ASKED_PERCENT.search(question):
        kind = "percent"
    elif kind == "number" and power is not None:
        kind, currency = "money", _asked_currency(question)
    elif kind == "points" and power is not None:
        return GoldNumber(amount.value.scaleb(power), decimals - power, kind, None)
    return GoldNumber(amount.value, decimals, kind, power, currency, asked)


def asked_power(question: str) -> int | None:
    """Return the power of ten that a question asks for; None where it names none, or several."""
    found = {SCALES[(match[1] or match[2]).lower()] for match in _ASKED_POWER.finditer(question)}
    return found.pop() if len(found) == 1 else None


def amount_of(value: PredictedValue) -> Amount | None:
    """Return a predicted value as an amount; None where it is no plain number.

    A unit is a currency or "shares", with or without a scale ("USD millions"), "USD/shares" or another
    amount per share, "percent", "percentage points", "days", "ratio", a scale alone, or empty.
    """
    try:
        number = Decimal(value.value)
    except InvalidOperation:
        return None
    if not number.is_finite():
        return None
    words = value.unit.split("/")[0].split()
    kind, currency, power = _unit(value.unit.strip().lower(), words)
    decimals = len(value.value.partition(".")[2])
    return Amount(number, kind, currency, power, decimals, f"{value.value} {value.unit}".strip())


def agrees(gold: GoldNumber, value: PredictedValue) -> bool:
    """Whether a predicted value, in the gold's unit and rounded to its precision, is the gold number.

    Sign, scale, currency and percent all count; only the rounding that the gold itself has is forgiven.
    """
    amount = amount_of(value)
    return amount is not None and agrees_amount(gold, amount)


def agrees_amount(gold: GoldNumber, amount: Amount) -> bool:
    """Whether an amount is the gold number; see ``agrees``. A half is rounded away from zero."""
    wanted = _rounded(gold.value, gold.decimals)
    return any(_rounded(each, gold.decimals) == wanted for each in _in_unit(gold, amount))


def near(gold: GoldNumber, amount: Amount) -> bool:
    """Whether an amount is within 1 % of the gold number, sign, scale and unit left aside."""
    number, target = abs(amount.value), abs(gold.value)
    return any(abs(number.scaleb(power) - target) <= target * _LENIENT for power in _FORGIVEN)


def _in_unit(gold: GoldNumber, amount: Amount) -> Iterator[Decimal]:
    """What an amount may be read as in the gold's unit; nothing where the units do not go together."""
    power = gold.power or 0
    if gold.kind == "percent":
        if amount.kind in ("percent", "points") and amount.power is None:
            yield amount.value
        elif amount.kind == "points" or (amount.kind == "ratio" and amount.power is None):
            yield amount.full * 100
        elif amount.kind == "number" and amount.power is None:
            yield amount.value
    elif gold.kind == "points":
        if amount.kind == "points":
            yield amount.full * 100
        elif amount.kind == "number" and amount.power is None:
            yield amount.value
    elif _go_together(gold, amount):
        yield amount.full.scaleb(-power)
        if gold.asked and amount.power is None:
            yield amount.value


def _go_together(gold: GoldNumber, amount: Amount) -> bool:
    """Whether an amount may be of the gold's kind: what carries no unit contradicts none."""
    if amount.kind == "points":
        return False
    if gold.kind == "number":
        return True
    if amount.kind == "number":
        return True
    if gold.kind == "money":
        return amount.kind == "money" and (None in (gold.currency, amount.currency) or gold.currency == amount.currency)
    if gold.kind in ("ratio", "days"):
        return amount.kind in (gold.kind, "ratio") or (gold.kind == "ratio" and amount.kind == "percent")
    return amount.kind == gold.kind


def _unit(name: str, words: list[str]) -> tuple[Kind, str | None, int | None]:
    if name in ("percent", "%"):
        return "percent", None, None
    if name.startswith("percentage point"):
        return "points", None, None
    if name in ("ratio", "days"):
        return ("ratio" if name == "ratio" else "days"), None, None
    if not words:
        return "number", None, None
    scale = SCALES.get(words[-1].lower().removesuffix("s"))
    if words[0].lower() == "shares":
        return "shares", None, scale or 0
    if scale is not None and len(words) == 1:
        return "number", None, scale
    return "money", CURRENCIES.get(words[0], words[0].upper()), scale or 0


def _asked_currency(question: str) -> str | None:
    found = _ASKED_CURRENCY.search(question)
    if found is None:
        return None
    return found[1] or ("USD" if found[2] else CURRENCIES[found[3]])


def _count(word: str) -> int:
    return _COUNTS[word.lower()] if word.lower() in _COUNTS else int(word)


def _rounded(value: Decimal, decimals: int) -> Decimal:
    with localcontext(prec=_PRECISION):
        return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
