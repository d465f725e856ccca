"""Counts numbers that nothing supports. It shares no code with the assistant's own verifier."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from eval.case import Case, Prediction, Score

_DIGITS = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
_FOOTNOTE = re.compile(r"\[\d+\]")


@dataclass(frozen=True, slots=True)
class SupportScorer:
    """``unsupported_numbers``: how many numbers of an answer stand in no citation, no step and no question.

    A number that is a traced result, rounded or scaled by thousands or to percent, is supported.
    """

    def score(self, case: Case, prediction: Prediction) -> Sequence[Score]:
        """Return the count; it does not apply to a case that was not answered."""
        if prediction.status != "answered":
            return [Score("unsupported_numbers", None)]
        stray = stray_numbers(case, prediction)
        return [Score("unsupported_numbers", float(len(stray)), ", ".join(stray))]


def stray_numbers(case: Case, prediction: Prediction) -> tuple[str, ...]:
    """Return the numbers of the answer's text that nothing supports."""
    quoted = _numbers(
        [case.question, *(c.quote for c in prediction.citations), *(c.place.document for c in prediction.citations)]
    )
    results = _numbers(f"{step['step']} {step['result']}" for step in prediction.extra.get("trace", ()))
    pages = {Decimal(citation.place.page + 1) for citation in prediction.citations}
    return tuple(
        printed
        for printed in _DIGITS.findall(_FOOTNOTE.sub(" ", prediction.text))
        if not _supported(printed, quoted | pages, results)
    )


def _supported(printed: str, quoted: set[Decimal], results: set[Decimal]) -> bool:
    number = Decimal(printed.replace(",", ""))
    if number in quoted or number in results:
        return True
    places = len(printed.split(".")[1]) if "." in printed else 0
    step = Decimal(1).scaleb(-places)
    return any(abs(result.scaleb(power) - number) <= step / 2 for result in results for power in (0, 2, -3, -6, -9))


def _numbers(texts: Iterable[str]) -> set[Decimal]:
    return {Decimal(found.replace(",", "")) for text in texts for found in _DIGITS.findall(text)}
