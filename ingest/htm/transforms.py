"""Inline XBRL transformation rules: what printed text means under a ``format``.

The rules are those of the Transformation Rules Registries 1 to 5 (XBRL International) and of the SEC's own
registry (``ixt-sec``). The local name alone tells them apart: no two registries use one name for two rules
that a number or a date would be read differently by.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

_POINT = frozenset(
    [
        "numdotdecimal",
        "numcommadot",
        "numspacedot",
        "numdotdecimalin",
        "num-dot-decimal",
        "num-dot-decimal-apos",
        "numdotdecimalapos",
    ]
)
_COMMA = frozenset(
    [
        "numcommadecimal",
        "numdotcomma",
        "numspacecomma",
        "numcomma",
        "num-comma-decimal",
        "num-comma-decimal-apos",
        "numcommadecimalapos",
    ]
)
_ZERO = frozenset(["zerodash", "numdash", "fixed-zero", "fixedzero"])
_UNITS = frozenset(["numunitdecimal", "num-unit-decimal", "numunitdecimalin", "num-unit-decimal-apos"])
_WORDS = frozenset(("numwordsen",))

_LONGEST = 200
_SPACES = re.compile(r"[\s'’´`]+")
_PLAIN = re.compile(r"\d+(?:\.\d*)?|\.\d+")
_DOLLARS_AND_CENTS = re.compile(r"\s*(\d[\d.,\s]*?)\D*?[^\d\s.,]\D*?(?:(\d{1,2})\D*)?")

_SMALL = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_NUMBER_WORDS = {word: value for value, word in enumerate(_SMALL)}
_NUMBER_WORDS.update({word: 10 * value for value, word in enumerate(_TENS, start=2)})
_MAGNITUDES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_ORDERS = {"us": ("month", "day", "year"), "eu": ("day", "month", "year"), "uk": ("day", "month", "year")}


def read_number(rule: str | None, text: str) -> Decimal | None:
    """Return the number that ``text`` stands for under the transformation ``rule`` (its local name).

    Without a rule the text must be a plain decimal. None where the rule is not one for numbers or the
    text does not follow it: no number is better than a guessed one.
    """
    name = rule.lower() if rule else None
    if name in _ZERO:
        return Decimal(0)
    if len(text) > _LONGEST:
        return None
    if name in _WORDS:
        return _read_words(text)
    if name in _UNITS:
        match = _DOLLARS_AND_CENTS.fullmatch(text)
        return Decimal(f"{re.sub(r'[^0-9]', '', match.group(1))}.{(match.group(2) or '0').zfill(2)}") if match else None
    digits = text.strip()
    if name in _POINT:
        digits = _SPACES.sub("", digits).replace(",", "")
    elif name in _COMMA:
        digits = _SPACES.sub("", digits).replace(".", "").replace(",", ".")
    elif name is not None:
        return None
    return Decimal(digits) if _PLAIN.fullmatch(digits) and digits.isascii() else None


def _read_words(text: str) -> Decimal | None:
    """English number words: ``twenty-five``, ``one hundred and six``, ``no``."""
    words = [word for word in re.split(r"[\s-]+", text.lower().strip()) if word and word != "and"]
    if words in (["no"], ["none"], ["nil"]):
        return Decimal(0)
    if len(words) == 1 and _PLAIN.fullmatch(words[0]):
        return Decimal(words[0])
    total, group = 0, 0
    for word in words:
        if word in _NUMBER_WORDS:
            group += _NUMBER_WORDS[word]
        elif word in ("a", "an") and not group:
            group = 1
        elif word == "hundred" and 0 < group < 100:
            group *= 100
        elif word in _MAGNITUDES and group:
            total, group = total + group * _MAGNITUDES[word], 0
        else:
            return None
    return Decimal(total + group) if words else None


def read_text(rule: str | None, text: str) -> str:
    """Return what a text fact stands for: dates in ISO 8601, ``true`` and ``false``, other text as it is.

    A day without a year becomes ``--09-28``, a month with a year ``2024-09``, as XML Schema writes them.
    """
    name = rule.lower().replace("-", "") if rule else ""
    if name.startswith("date"):
        return read_date(name, text) or text
    if name in ("fixedtrue", "booleantrue"):
        return "true"
    if name in ("fixedfalse", "booleanfalse"):
        return "false"
    if name in ("fixedempty", "nocontent"):
        return ""
    if name == "boolballotbox":
        return {"☒": "true", "☑": "true", "þ": "true", "ý": "true", "☐": "false", "o": "false"}.get(text, text)
    return text


def read_date(rule: str, text: str) -> str | None:
    """Return the date that ``text`` stands for under a date ``rule``, or None if it does not follow it."""
    order = _order(rule.lower().replace("-", "").removeprefix("date"))
    values: list[tuple[bool, int]] = []
    for token in re.findall(r"\d+|[^\W\d_]+", text):
        if token.isdigit():
            values.append((False, int(token) + (2000 if _is_short_year(order, len(values), token) else 0)))
        elif token[:3].lower() in _MONTHS:
            values.append((True, _MONTHS.index(token[:3].lower()) + 1))
    if not order or len(values) != len(order):
        return None
    parts = _assign(order, values)
    return _iso(parts) if parts else None


def _is_short_year(order: tuple[str, ...], position: int, token: str) -> bool:
    return position < len(order) and order[position] == "year" and len(token) <= 2


def _order(name: str) -> tuple[str, ...]:
    named = sorted((name.find(part), part) for part in ("day", "month", "year") if part in name)
    return tuple(part for _, part in named) if named else _ORDERS.get(name[-2:], ())


def _assign(order: tuple[str, ...], values: list[tuple[bool, int]]) -> dict[str, int] | None:
    """Pair the values with day, month and year; a month in letters is the month wherever it stands."""
    named = [value for is_month_name, value in values if is_month_name]
    if not named:
        return dict(zip(order, (value for _, value in values), strict=True))
    if len(named) > 1 or "month" not in order:
        return None
    numbers = [value for is_month_name, value in values if not is_month_name]
    others = [part for part in order if part != "month"]
    return {"month": named[0], **dict(zip(others, numbers, strict=True))}


def _iso(parts: dict[str, int]) -> str | None:
    try:
        # 2000 is a leap year, so that --02-29 is accepted.
        day = date(parts.get("year", 2000), parts["month"], parts.get("day", 1))
    except (KeyError, ValueError):
        return None
    if "year" not in parts:
        return f"--{day:%m-%d}" if "day" in parts else f"--{day:%m}"
    return day.isoformat() if "day" in parts else f"{day:%Y-%m}"
