"""TAT-QA's own way to compare answers, as its published evaluator defines it.

Zhu et al., "TAT-QA" (ACL 2021), whose evaluator is part of the data set. An answer, however many spans it
has, becomes one text: its spans are sorted, each number among them is rounded to two decimals and
multiplied by the scale, each other span gets the scale as a word. Two answers match exactly when their
normalised texts are equal; F1 is over the sets of their words.
"""

from __future__ import annotations

import re
import string
from collections.abc import Sequence

SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000, "percent": 0.01}
NUMERIC = frozenset(("arithmetic", "count"))
"""Types of answers that are right as a whole or not at all."""

_NO_DIGITS = re.compile(r"['\"\\$€£¥%(),\[\]]")
_SIGNED = re.compile(r"[+-]?\d+(?:\.\d+)?")
_FULL_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?")
_NEGATIVE = re.compile(r"\([\d.\s]+\)")
_PERCENT = re.compile(r"[\d.\s]+%")
_SCALED = re.compile(r"[\d.]+\s?[a-zA-Z]+")
_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
_DECIMALS = 2


def compare(said: Sequence[str], said_scale: str, gold: Sequence[str], gold_scale: str) -> tuple[float, float]:
    """Return exact match and F1 of two answers, each with its spans and its scale.

    A single number without a scale also counts as it stands, so that 0.2342 is 23.42 percent.
    """
    if not said or not gold:
        return 0.0, 0.0
    wanted = normalised(as_text(gold, gold_scale))
    variants = [as_text(said, said_scale)]
    if len(said) == 1 and not said_scale and "%" not in said[0] and is_number(said[0]):
        number = to_number(said[0])
        variants += [] if number is None else [f"{number:.4f}"]
    pairs = [(normalised(variant), wanted) for variant in variants]
    return max(float(a == b) for a, b in pairs), max(word_set_f1(a, b) for a, b in pairs)


def as_text(spans: Sequence[str], scale: str) -> str:
    """Return the one text that an answer is compared as."""
    return " ".join(_span(span, scale) for span in sorted(spans))


def is_number(text: str) -> bool:
    """Whether a text is a number, alone or with a word of scale after it."""
    words = " ".join(_NO_DIGITS.sub("", word) for word in text.split()).split()
    if not words or not _FULL_NUMBER.fullmatch(words[0]):
        return False
    return len(words) < 2 or _factor(words[1]) != 1


def to_number(text: str) -> float | None:
    """Return the number of a text with its scale word, its percent sign, and parentheses for a minus.

    As the evaluator has it, parentheses around a number with a thousands separator are no minus.
    """
    found = _SIGNED.search(_NO_DIGITS.sub("", text))
    if found is None:
        return None
    number: float = float(found[0]) if "." in found[0] else int(found[0])
    scaled = _SCALED.search(text)
    factor = _factor(scaled[0]) if scaled else 1
    sign = -1 if _NEGATIVE.search(text.strip()) else 1
    percent = 0.01 if _PERCENT.search(text.strip()) else 1
    return round(number * factor * sign * percent, 4)


def normalised(text: str) -> str:
    """Return a text in lower case, without articles and punctuation, numbers in one form."""
    words = (_word(word.lower()) for word in text.split(" "))
    return " ".join(word for word in words if word)


def word_set_f1(said: str, gold: str) -> float:
    """Return the F1 of the sets of words of two normalised texts, rounded to two decimals."""
    mine, theirs = set(said.split()), set(gold.split())
    shared = len(mine & theirs)
    precision = shared / len(mine) if mine else 1.0
    recall = shared / len(theirs) if theirs else 1.0
    return round(2 * precision * recall / (precision + recall), 2) if precision + recall else 0.0


def _span(span: str, scale: str) -> str:
    number = to_number(span) if is_number(span) else None
    if number is None:
        return f"{span} {scale}" if scale else span
    return f"{number:.4f}" if "%" in span else f"{round(number, _DECIMALS) * _factor(scale):.4f}"


def _word(word: str) -> str:
    if is_number(word):
        number = to_number(word)
        plain = word if number is None else str(number)
    else:
        plain = "".join(character for character in word if character not in string.punctuation)
        plain = str(to_number(plain)) if is_number(plain) else plain
    return " ".join(_ARTICLES.sub(" ", plain).split())


def _factor(scale: str) -> float:
    """What a word of scale multiplies by. An int stays one, so that -134 does not become -134.0."""
    return next((factor for name, factor in SCALES.items() if name in scale.lower()), 1)
