"""Judges computed results as FinQA and ConvFinQA do: execution accuracy."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from eval.case import Case, Prediction, Score

DECIMALS = 5
"""The official scorer of FinQA (Chen et al. 2021) compares results rounded to five decimals."""
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")


@dataclass(frozen=True, slots=True)
class ExecutionScorer:
    """``execution_accuracy``: the program's result is the gold result; ``wrong`` and ``abstained`` beside it."""

    def score(self, case: Case, prediction: Prediction) -> Sequence[Score]:
        """Return whether the result in ``prediction.label`` equals ``case.gold``; not applicable has none."""
        if prediction.status == "not_applicable":
            return [Score(name, None) for name in ("execution_accuracy", "correct", "wrong", "abstained")]
        answered = prediction.status == "answered" and prediction.label is not None
        right = answered and same_result(prediction.label or "", case.gold)
        return [
            Score("execution_accuracy", float(right), f"{prediction.label} against {case.gold}" if answered else ""),
            Score("correct", float(right)),
            Score("wrong", float(answered and not right)),
            Score("abstained", float(prediction.status == "abstained"), prediction.reason or ""),
        ]


def same_result(result: str, gold: str) -> bool:
    """Whether two results are equal to five decimals, or are the same word (yes, no).

    Numbers are rounded as the official scorer does it, as floats. A number is plain digits, with an
    exponent or without: "25%" is no result of a program, and neither is "nan".
    """
    if _NUMBER.fullmatch(result.strip()) and _NUMBER.fullmatch(gold.strip()):
        return round(float(result), DECIMALS) == round(float(gold), DECIMALS)
    words = result.strip().lower(), gold.strip().lower()
    return words[0] == words[1] and words[0] in ("yes", "no")
