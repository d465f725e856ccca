"""Exact match and F1 of answers that are spans: SQuAD's definition, and TAT-QA's with its scale."""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from eval.case import Case, Prediction, Score

_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
_SCALES = {"thousand": 3, "million": 6, "billion": 9, "percent": -2, "": 0}


@dataclass(frozen=True, slots=True)
class SpanScorer:
    """``em`` and ``f1`` over normalised words (Rajpurkar et al. 2016)."""

    def score(self, case: Case, prediction: Prediction) -> Sequence[Score]:
        """Return both; an answer that was not given scores 0."""
        said = prediction.label if prediction.label is not None else prediction.text
        if prediction.status != "answered":
            return [Score("em", 0.0), Score("f1", 0.0)]
        return [Score("em", float(normal(said) == normal(case.gold))), Score("f1", word_f1(said, case.gold))]


@dataclass(frozen=True, slots=True)
class TatQaScorer:
    """``em`` and ``f1`` as TAT-QA defines them (Zhu et al. 2021): a number counts with its scale.

    ``case.data`` has ``answer`` (one or several spans) and ``scale``; the prediction has its spans in
    ``extra["answers"]`` and its scale in ``extra["scale"]``. A numeric answer is right only as a whole,
    so its F1 is its EM; spans are compared as bags, each with its best partner.
    """

    def score(self, case: Case, prediction: Prediction) -> Sequence[Score]:
        """Return both; an answer that was not given scores 0."""
        gold = _several(case.data.get("answer", case.gold))
        scale = str(case.data.get("scale", ""))
        if prediction.status != "answered":
            return [Score("em", 0.0), Score("f1", 0.0)]
        said = [str(answer) for answer in prediction.extra.get("answers", (prediction.label or prediction.text,))]
        said_scale = str(prediction.extra.get("scale", ""))
        numbers = [_number(answer, scale) for answer in gold]
        if len(gold) == 1 and numbers[0] is not None:
            mine = _number(said[0], said_scale) if len(said) == 1 else None
            right = float(mine is not None and round(mine, 4) == round(numbers[0], 4))
            return [Score("em", right), Score("f1", right)]
        exact = float(Counter(map(normal, said)) == Counter(map(normal, gold)) and said_scale == scale)
        return [Score("em", exact), Score("f1", bag_f1(said, gold))]


def _several(answer: object) -> list[str]:
    """An answer of one or of several spans as a list."""
    return [str(span) for span in answer] if isinstance(answer, list | tuple) else [str(answer)]


def normal(text: str) -> str:
    """Return ``text`` in lower case, without punctuation, articles and extra blanks."""
    plain = "".join(" " if character in string.punctuation else character for character in text.lower())
    return " ".join(_ARTICLES.sub(" ", plain).split())


def word_f1(said: str, gold: str) -> float:
    """Return the F1 of the words that two texts share."""
    mine, theirs = normal(said).split(), normal(gold).split()
    shared = sum((Counter(mine) & Counter(theirs)).values())
    if not shared:
        return float(mine == theirs)
    precision, recall = shared / len(mine), shared / len(theirs)
    return 2 * precision * recall / (precision + recall)


def bag_f1(said: Sequence[str], gold: Sequence[str]) -> float:
    """Return the mean word F1 of the best one-to-one pairing, found greedily, over the longer of two bags."""
    pairs = sorted(((word_f1(s, g), i, j) for i, s in enumerate(said) for j, g in enumerate(gold)), reverse=True)
    taken_said: set[int] = set()
    taken_gold: set[int] = set()
    total = 0.0
    for value, i, j in pairs:
        if i not in taken_said and j not in taken_gold:
            taken_said.add(i)
            taken_gold.add(j)
            total += value
    return total / max(len(said), len(gold), 1)


def _number(text: str, scale: str) -> Decimal | None:
    """The full value of a printed number in its scale, or None where it is no number."""
    plain = text.strip().replace(",", "").replace("$", "")
    negative = plain.startswith("(") and plain.endswith(")")
    percent = plain.strip("()").endswith("%")
    try:
        value = Decimal(plain.strip("()%").strip())
    except InvalidOperation:
        return None
    power = _SCALES.get(scale, 0) if not percent else -2
    return (-value if negative else value).scaleb(power)
