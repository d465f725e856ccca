"""Judges citations: whether they stand on the right page and hold the figures that were used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eval.case import Case, Prediction, Score
from eval.scorers.gold import numbers_in


@dataclass(frozen=True, slots=True)
class CitationScorer:
    """Two shares, neither of which applies where nothing is cited.

    ``citation_page_precision`` is the share of citations on a gold page, ``citation_operand`` the share
    whose quotation has a number that the trace uses.
    """

    def score(self, case: Case, prediction: Prediction) -> Sequence[Score]:
        """Return both shares."""
        cited = prediction.citations
        on_page = sum(citation.place in case.places for citation in cited)
        page = on_page / len(cited) if cited and case.places else None
        used = {
            abs(n) for step in prediction.extra.get("trace", ()) for n in numbers_in(f"{step['step']} {step['result']}")
        }
        figures = [numbers for citation in cited if (numbers := numbers_in(citation.quote))]
        held = sum(any(abs(number) in used for number in numbers) for numbers in figures)
        return [
            Score("citation_page_precision", page),
            Score("citation_operand", held / len(figures) if figures and used else None),
        ]
