"""Judges citations: whether they stand on the right page and hold the figures that were used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eval.case import Case, Prediction, Score
from eval.scorers.traced import figures, has_digits, traced_operands, traced_results


@dataclass(frozen=True, slots=True)
class CitationScorer:
    """Two shares, neither of which applies where nothing is cited.

    ``citation_page_precision`` is the share of citations on a gold page, ``citation_operand`` the share
    whose quotation has a number that the trace reads or computes with, whatever its sign and scale. Citations
    without a number are left out of the latter.
    """

    def score(self, case: Case, prediction: Prediction) -> Sequence[Score]:
        """Return both shares."""
        cited = prediction.citations
        on_page = sum(citation.place in case.places for citation in cited)
        page = on_page / len(cited) if cited and case.places else None
        used = traced_results(prediction) | traced_operands(prediction)
        with_numbers = [numbers for citation in cited if (numbers := figures(citation.quote))]
        held = sum(any(has_digits(number, used) for number in numbers) for numbers in with_numbers)
        return [
            Score("citation_page_precision", page),
            Score("citation_operand", held / len(with_numbers) if with_numbers and used else None),
        ]
