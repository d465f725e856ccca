"""Exact match and F1 of answers that are spans: SQuAD's definition, and TAT-QA's with its scale."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from eval.case import Case, Prediction, Score
from eval.scorers.tatqa import NUMERIC, compare

_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
_SEPARATOR = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_NEGATIVE = re.compile(r"\(\s*([$€£¥]?\d[\d.]*)\s*\)(?=\s*%?\s*$)|(?<![\w)])[-−]\s?([$€£¥]?\d)")
_PUNCTUATION = re.compile(r"(?<!\d)\.|\.(?!\d)|[^\w\s.%\x00]|_")
_MINUS = "\x00"
"""Stands for a minus while punctuation is taken out."""


@dataclass(frozen=True, slots=True)
class SpanScorer:
    """``em`` and ``f1`` over normalised words (Rajpurkar et al. 2016); of several gold spans the best counts.

    They stand in ``case.data["answers"]``, else the one in ``case.gold``.
    """

    def score(self, case: Case, prediction: Prediction) -> Sequence[Score]:
        """Return both; an answer that was not given scores 0, what is not applicable has none."""
        if prediction.status != "answered":
            none = None if prediction.status == "not_applicable" else 0.0
            return [Score("em", none), Score("f1", none)]
        said = prediction.label if prediction.label is not None else prediction.text
        golds = _several(case.data.get("answers", case.gold))
        exact = max(float(normal(said) == normal(gold)) for gold in golds)
        return [Score("em", exact), Score("f1", max(word_f1(said, gold) for gold in golds))]


@dataclass(frozen=True, slots=True)
class TatQaScorer:
    """``em`` and ``f1`` as TAT-QA's evaluator has them, and ``scale_match``; the three-way verdict beside them.

    ``case.data`` has ``answers`` (one or several spans), ``answer_type`` and ``scale``; the prediction has
    its spans in ``extra["answers"]`` (else its label or text is the one span) and its scale in
    ``extra["scale"]``. A computed or counted answer is right only as a whole, so its F1 is its EM. The
    evaluator takes "(2,088)" for 2088; ``em_signed`` reads it as the loss that it is.
    """

    def score(self, case: Case, prediction: Prediction) -> Sequence[Score]:
        """Return all; an answer that was not given scores 0, what is not applicable has none."""
        names = ("em", "f1", "em_signed", "scale_match", "correct", "wrong")
        if prediction.status != "answered":
            none = None if prediction.status == "not_applicable" else 0.0
            return [Score(name, none) for name in names]
        gold, scale = _several(case.data.get("answers", case.gold)), str(case.data.get("scale", ""))
        said, said_scale = _spans(prediction), str(prediction.extra.get("scale", ""))
        exact, f1 = compare(said, said_scale, gold, scale)
        signed, _ = compare(list(map(_plain, said)), said_scale, list(map(_plain, gold)), scale)
        if case.data.get("answer_type") in NUMERIC:
            f1 = exact
        values = (exact, f1, signed, float(said_scale == scale), exact, 1.0 - exact)
        detail = f"{'; '.join(said)[:80]} {said_scale} against {'; '.join(gold)[:80]} {scale}"
        return [Score(name, value, detail if name == "em" else "") for name, value in zip(names, values, strict=True)]


def normal(text: str) -> str:
    """Return ``text`` in lower case, without punctuation, articles and extra blanks.

    Other than in SQuAD a number stays what it is: its decimal point, its percent sign, and a minus, also
    one that is written as parentheses around the end of the text.
    """
    plain = _SEPARATOR.sub("", text.lower())
    plain = _NEGATIVE.sub(lambda match: _MINUS + (match[1] or match[2]), plain)
    plain = _PUNCTUATION.sub(" ", plain).replace(f"{_MINUS} ", _MINUS).replace(_MINUS, "-")
    return " ".join(_ARTICLES.sub(" ", plain).split())


def word_f1(said: str, gold: str) -> float:
    """Return the F1 of the words that two texts share."""
    mine, theirs = normal(said).split(), normal(gold).split()
    shared = sum((Counter(mine) & Counter(theirs)).values())
    if not shared:
        return float(mine == theirs)
    precision, recall = shared / len(mine), shared / len(theirs)
    return 2 * precision * recall / (precision + recall)


def _spans(prediction: Prediction) -> list[str]:
    given = prediction.extra.get("answers")
    return _several(given) if given is not None else [prediction.label or prediction.text]


def _several(answer: object) -> list[str]:
    """An answer of one or of several spans as a list."""
    return [str(span) for span in answer] if isinstance(answer, list | tuple) else [str(answer)]


def _plain(span: str) -> str:
    """A span without thousands separators, so that its parentheses are a minus to the evaluator."""
    return _SEPARATOR.sub("", span).replace("($", "(") if span.strip().startswith(("(", "$(")) else span
