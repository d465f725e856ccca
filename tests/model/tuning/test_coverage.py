from __future__ import annotations

import re

import pytest

from ingest.vocabulary import built_in_vocabulary
from model.contract import SheetLine
from model.tuning.coverage import cover_sheets, cover_terms, terms_of
from model.tuning.example import TrainingExample


def pieces(text: str) -> list[str]:
    """A tokenizer with digits apart and words cut after five letters."""
    return re.findall(r"\d| ?[A-Za-z]{1,5}|[^\sA-Za-z\d]", text)


def test_terms_are_counted_by_tokens_and_the_costliest_words_come_first() -> None:
    found = cover_terms(["Sales", "Net sales", "Amortization", "Amortization of debt"], pieces)
    assert (found.terms, found.whole_terms) == (4, 1)
    assert found.tokens_per_term == (1 + 2 + 3 + 5) / 4
    assert (found.words, found.whole_words) == (5, 4)
    assert found.costliest[0] == ("amortization", 3, 2)
    with pytest.raises(ValueError, match="no terms"):
        cover_terms([], pieces)


def test_a_sheet_counts_once_and_added_words_save_their_further_tokens() -> None:
    lines = (SheetLine("E1", "Amortization | 2024: 12", ("2024",)),)
    examples = [
        TrainingExample(str(n), f"What was it in 202{n}?", lines, "value(E1[2024])", "lookup", "g", "s")
        for n in range(3)
    ]
    found = cover_sheets(examples, ["Amortization"], pieces, steps=(1,))
    assert found.sheets == 1
    assert found.in_numbers == 1 + 4 + 4 + 2 + 3 * 4
    assert found.saved == ((1, 2),)


def test_terms_are_all_names_of_the_vocabulary_once() -> None:
    terms = terms_of(built_in_vocabulary())
    assert {"Revenue", "top line", "Current ratio"} <= set(terms)
    assert len({term.lower() for term in terms}) == len(terms)
