from __future__ import annotations

import pytest

from index.directions import EITHER, read_direction, read_sign
from ingest.vocabulary import built_in_vocabulary

VOCABULARY = built_in_vocabulary()
MARGIN = VOCABULARY.formulas["operating_margin"]
LEVERAGE = VOCABULARY.formulas["debt_to_equity"]
PAYABLES = VOCABULARY.formulas["days_payable"]
REVENUE = VOCABULARY.concepts["revenue"]
EXPENSE = VOCABULARY.concepts["selling_general_administrative"]


@pytest.mark.parametrize(
    ("question", "direction"),
    [
        ("Is revenue growing?", 1),
        ("Did revenue go up?", 1),
        ("Has revenue fallen?", -1),
        ("Did revenue increase or decrease?", EITHER),
        ("Did revenue fall or rise in 2024?", EITHER),
        ("Did revenue go up or down?", EITHER),
        ("What drove the increase in revenue?", 0),
        ("Did revenue rise while costs fell?", 0),
    ],
)
def test_rising_and_falling_are_told_apart(question: str, direction: int) -> None:
    assert read_direction(question, (REVENUE,)) == direction


@pytest.mark.parametrize(
    ("thing", "direction"), [(MARGIN, 1), (LEVERAGE, -1), (PAYABLES, 0), (REVENUE, 1), (EXPENSE, 0)]
)
def test_an_improvement_goes_the_way_that_is_better_for_the_metric(thing: object, direction: int) -> None:
    assert read_direction("Is it improving?", (thing,)) == direction  # type: ignore[arg-type]
    assert read_direction("Has it improved or declined?", (thing,)) == (EITHER if direction else 0)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("question", "sign"),
    [("Is it positive?", 1), ("Was free cash flow negative?", -1), ("What is the positive amount?", 0)],
)
def test_the_sign_is_read_where_it_is_asked_for(question: str, sign: int) -> None:
    assert read_sign(question) == sign
