"""Judges answers three ways (correct, wrong, abstained); what no rule decides is undecided, for a person."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from eval.case import Case, Prediction, Score
from eval.scorers.gold import agrees, agrees_leniently, numbers_in, parse_gold_number
from eval.scorers.labels import answer_hash

Verdict = Literal["correct", "wrong", "undecided"]

_SENTENCE = re.compile(r"(?<=[a-z)%\d])\.\s+(?=[A-Z])|\n")
_YES_NO = re.compile(r"^\W*(yes|no)\b", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:FY\s?)?(?:19|20)\d\d\b|\bQ[1-4]\b", re.IGNORECASE)
_NAME = re.compile(r"\b[A-Z][A-Za-z&.'-]{2,}\b")
_COMMON_WORDS = "This That There They These Yes No For And Its Net The"
_COMMON = frozenset(_COMMON_WORDS.split())


@dataclass(frozen=True, slots=True)
class AnswerScorer:
    """``correct``, ``wrong``, ``abstained`` and ``undecided`` add up to 1 for each case.

    A gold number is matched strictly; ``correct_lenient`` stands beside it, never instead. Prose is
    decided by yes or no, by the key numbers of its first sentence, or by the names in it, and else by a
    person's label, looked up by the hash of the answer in ``labels``.
    """

    labels: Mapping[str, str] = field(default_factory=dict)

    def score(self, case: Case, prediction: Prediction) -> Sequence[Score]:
        """Return the three-way verdict and its lenient companion."""
        if prediction.status != "answered":
            return [
                Score("correct", 0.0),
                Score("wrong", 0.0),
                Score("abstained", float(prediction.status == "abstained"), prediction.reason or ""),
                Score("undecided", 0.0),
                Score("correct_lenient", 0.0),
            ]
        verdict, lenient, why = judge(case, prediction)
        if verdict == "undecided":
            labelled = self.labels.get(answer_hash(case, prediction))
            if labelled == "correct":
                verdict, why = "correct", "labelled by a person"
            elif labelled == "wrong":
                verdict, why = "wrong", "labelled by a person"
        return [
            Score("correct", float(verdict == "correct"), why),
            Score("wrong", float(verdict == "wrong")),
            Score("abstained", 0.0),
            Score("undecided", float(verdict == "undecided")),
            Score("correct_lenient", float(lenient or verdict == "correct")),
        ]


def judge(case: Case, prediction: Prediction) -> tuple[Verdict, bool, str]:
    """Return the verdict, whether a lenient scorer would call it correct, and the reason."""
    gold = parse_gold_number(case.gold, case.question)
    if gold is not None:
        if not prediction.values:
            return "wrong", False, "the key is a number and the answer has none"
        first = prediction.values[0]
        right = agrees(gold, first)
        return (
            ("correct" if right else "wrong"),
            agrees_leniently(gold, first),
            f"{first.value} {first.unit} against {case.gold}",
        )
    return (*_prose(case, prediction), "prose")


def _prose(case: Case, prediction: Prediction) -> tuple[Verdict, bool]:
    wanted = _SENTENCE.split(case.gold.strip())[0]
    said = prediction.text
    gold_verdict, said_verdict = _YES_NO.match(wanted), _YES_NO.match(said)
    if gold_verdict and said_verdict:
        same = gold_verdict[1].lower() == said_verdict[1].lower()
        return ("correct" if same else "wrong"), same
    keys = set(map(abs, numbers_in(_YEAR.sub(" ", wanted))))
    if keys:
        present = set(map(abs, numbers_in(said)))
        shared = keys & present
        if shared == keys:
            return "correct", True
        return ("undecided" if shared or not prediction.values else "wrong"), False
    names = {name for name in _NAME.findall(wanted) if name not in _COMMON and name not in case.question}
    if names and all(name.lower() in said.lower() for name in names):
        return "correct", True
    return "undecided", False
