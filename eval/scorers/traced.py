"""The numbers of a calculation's trace: what was read, what was computed, and from what."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from eval.case import Prediction

_NUMBER = re.compile(r"(?<![\w.])\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d,])|(?<![\w.,])\d+(?:\.\d+)?(?![\w]|,\d)")
_PLACES = re.compile(r"\[[^\]]*\]|\([^()]*\bpage\s+\d+[^()]*\)|“[^”]*”")
"""Row and column keys, source and page, and the label of a row: numbers there are no operands."""


def figures(text: str) -> tuple[Decimal, ...]:
    """Return the plain numbers of ``text`` without signs; digits in a name ("3M", "E12") are none."""
    return tuple(Decimal(found.replace(",", "")) for found in _NUMBER.findall(text))


def traced_results(prediction: Prediction) -> frozenset[Decimal]:
    """Return what the steps of the trace gave, without signs."""
    return frozenset(number for step in _steps(prediction) for number in figures(str(step["result"])))


def traced_operands(prediction: Prediction) -> frozenset[Decimal]:
    """Return the numbers that the steps were made of, as they are written there, without signs."""
    texts = (_PLACES.sub(" ", str(step["step"])) for step in _steps(prediction))
    return frozenset(number for text in texts for number in figures(text))


def same_digits(a: Decimal, b: Decimal) -> bool:
    """Whether two numbers have the same significant digits: one is the other in another scale."""
    return _digits(a) == _digits(b)


def has_digits(number: Decimal, among: Iterable[Decimal]) -> bool:
    """Whether one of several numbers has the significant digits of ``number``."""
    return any(same_digits(number, other) for other in among)


def _digits(number: Decimal) -> tuple[int, ...]:
    return number.normalize().as_tuple().digits


def _steps(prediction: Prediction) -> Iterable[dict[str, object]]:
    steps: Iterable[dict[str, object]] = prediction.extra.get("trace", ())
    return steps
