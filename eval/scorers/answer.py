"""Judges answers three ways (correct, wrong, abstained); what no rule decides is undecided, for a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from eval.case import Case, Prediction, Score
from eval.scorers.amounts import amounts_in
from eval.scorers.gold import GoldNumber, agrees_amount, amount_of, near, parse_gold_number
from eval.scorers.key_numbers import said_amounts
from eval.scorers.labels import answer_hash
from eval.scorers.prose import Verdict, decide


class Judge(Protocol):
    """Whoever judges an answer that no rule decides: a model, say. It never changes ``correct``."""

    def judge(self, case: Case, prediction: Prediction) -> bool | None:
        """Return whether the answer is correct; None where the judge does not know."""
        ...


@dataclass(frozen=True, slots=True)
class AnswerScorer:
    """``correct``, ``wrong``, ``abstained`` and ``undecided`` add up to 1 for each case that did not fail.

    A gold number is matched strictly; ``correct_lenient`` stands beside it, never instead. Prose is
    decided by yes or no, key numbers and names, and else by a person's label, looked up by the hash of the
    answer in ``labels``. A ``second`` judge is asked about the answers that a person labelled, and
    ``judge_agreement`` is how often it says the same.
    """

    labels: Mapping[str, str] = field(default_factory=dict)
    second: Judge | None = None

    def score(self, case: Case, prediction: Prediction) -> Sequence[Score]:
        """Return the verdict and its lenient companion; nothing applies to a case that is not applicable."""
        if prediction.status != "answered":
            none = None if prediction.status == "not_applicable" else 0.0
            abstained = None if none is None else float(prediction.status == "abstained")
            return [
                *(Score(name, none) for name in ("correct", "wrong")),
                Score("abstained", abstained, prediction.reason or ""),
                *(Score(name, none) for name in ("undecided", "correct_lenient")),
            ]
        verdict, lenient, why = judge(case, prediction)
        labelled = self.labels.get(answer_hash(case, prediction)) if verdict == "undecided" else None
        if labelled in ("correct", "wrong"):
            verdict, why = ("correct" if labelled == "correct" else "wrong"), "labelled by a person"
        return [
            Score("correct", float(verdict == "correct"), why),
            Score("wrong", float(verdict == "wrong")),
            Score("abstained", 0.0),
            Score("undecided", float(verdict == "undecided")),
            Score("correct_lenient", float(lenient or verdict == "correct")),
            *self._agreement(case, prediction, labelled),
        ]

    def _agreement(self, case: Case, prediction: Prediction, labelled: str | None) -> list[Score]:
        """Whether the second judge says what the person's label says."""
        if self.second is None:
            return []
        said = self.second.judge(case, prediction) if labelled else None
        same = None if said is None else float(said == (labelled == "correct"))
        return [Score("judge_agreement", same)]


def judge(case: Case, prediction: Prediction) -> tuple[Verdict, bool, str]:
    """Return the verdict, whether a lenient scorer would call it correct, and the reason."""
    gold = parse_gold_number(case.gold, case.question)
    if gold is not None:
        return _number(gold, case, prediction)
    ruling = decide(case, prediction)
    return ruling.verdict, ruling.verdict == "correct", ruling.reason


def _number(gold: GoldNumber, case: Case, prediction: Prediction) -> tuple[Verdict, bool, str]:
    """Judge against one gold number by the values, or by the numbers of the text where there are none.

    Of several figures all must be the gold one: where only some are, nobody but a person can tell
    whether the answer means them.
    """
    shown = [amount for value in prediction.values if (amount := amount_of(value)) is not None]
    amounts = shown or list(said_amounts(prediction, case.question) or amounts_in(prediction.text))
    if not amounts:
        return "wrong", False, "the key is a number and the answer has none"
    hits = [agrees_amount(gold, amount) for amount in amounts]
    lenient = any(near(gold, amount) for amount in amounts)
    why = f"{', '.join(amount.spelled for amount in amounts[:4])} against {case.gold}"
    if all(hits):
        return "correct", lenient, why
    return ("undecided" if any(hits) else "wrong"), lenient, why
