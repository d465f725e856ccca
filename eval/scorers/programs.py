"""Judges computed results as FinQA and ConvFinQA do: execution accuracy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from eval.case import Case, Prediction, Score

DECIMALS = 5
"""The official scorer of FinQA (Chen et al. 2021) compares results rounded to five decimals."""


@dataclass(frozen=True, slots=True)
class ExecutionScorer:
    """``execution_accuracy``: the program's result is the gold result; ``wrong`` and ``abstained`` beside it."""

    def score(self, case: Case, prediction: Prediction) -> Sequence[Score]:
        """Return whether the result in ``prediction.label`` equals ``case.gold``."""
        answered = prediction.status == "answered" and prediction.label is not None
        right = answered and same_result(prediction.label or "", case.gold)
        return [
            Score("execution_accuracy", float(right), f"{prediction.label} against {case.gold}" if answered else ""),
            Score("wrong", float(answered and not right)),
            Score("abstained", float(prediction.status == "abstained"), prediction.reason or ""),
        ]


def same_result(result: str, gold: str) -> bool:
    """Whether two results are equal to five decimals, or are the same word (yes, no)."""
    try:
        return round(Decimal(result), DECIMALS) == round(Decimal(gold), DECIMALS)
    except InvalidOperation:
        return result.strip().lower() == gold.strip().lower()
