"""Counts numbers that nothing supports. It shares no code with the assistant's own verifier."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext

from eval.case import Case, Prediction, Score
from eval.scorers.amounts import Amount, amounts_in
from eval.scorers.traced import figures, traced_operands, traced_results

_PRECISION = 60


@dataclass(frozen=True, slots=True)
class SupportScorer:
    """``unsupported_numbers``: how many numbers of an answer stand in no citation, no step and no question.

    Signs are left aside, for a deduction is printed in parentheses; whether they are right is for the
    other scorers. Years, dates and footnote marks are no such numbers.
    """

    def score(self, case: Case, prediction: Prediction) -> Sequence[Score]:
        """Return the count; it does not apply to a case that was not answered."""
        if prediction.status != "answered":
            return [Score("unsupported_numbers", None)]
        stray = stray_numbers(case, prediction)
        return [Score("unsupported_numbers", float(len(stray)), ", ".join(stray))]


def stray_numbers(case: Case, prediction: Prediction) -> tuple[str, ...]:
    """Return the amounts of the answer's text that nothing supports, as they are written.

    Support is a number of the question or of a quotation as it is printed there, a page that is cited, or
    a result of the trace in the scale that the answer names, rounded to the digits that it shows. Where
    there is a trace, an amount with a word of scale needs a result: "1,577 billion" is not supported by a
    printed "1,577" that was read as millions.
    """
    results = traced_results(prediction)
    printed = set(traced_operands(prediction))
    for text in (
        case.question,
        *(c.quote for c in prediction.citations),
        *(c.place.document for c in prediction.citations),
    ):
        printed.update(figures(text))
        printed.update(abs(amount.value) for amount in amounts_in(text))
    printed.update(Decimal(citation.place.page + 1) for citation in prediction.citations)
    spelled = _spelled(case, prediction)
    return tuple(
        amount.spelled
        for amount in amounts_in(prediction.text)
        if not (
            _is_result(amount, results)
            or abs(amount.full) in spelled
            or (abs(amount.value) in printed and not (amount.power and results))
        )
    )


def _spelled(case: Case, prediction: Prediction) -> set[Decimal]:
    """The amounts of the question and the quotations with the scale that they name themselves."""
    texts = (case.question, *(citation.quote for citation in prediction.citations))
    return {abs(amount.full) for text in texts for amount in amounts_in(text) if amount.power}


def _is_result(amount: Amount, results: frozenset[Decimal]) -> bool:
    """Whether an amount is a result of the trace in its own unit, rounded to its own digits."""
    power = -2 if amount.kind in ("percent", "points") and amount.power is None else amount.power or 0
    shown = abs(amount.value)
    step = Decimal(1).scaleb(-amount.decimals)
    with localcontext(prec=_PRECISION):
        return any(result.scaleb(-power).quantize(step, rounding=ROUND_HALF_UP) == shown for result in results)
