from __future__ import annotations

import pytest

from index.activities import name_activities


@pytest.mark.parametrize(
    ("asked", "word"),
    [
        ("brought in the most (or lost the least) cash flow", "highest"),
        ("generated the most cash", "highest"),
        ("used the most cash", "lowest"),
        ("brought in the least cash flow", "lowest"),
    ],
)
def test_the_three_activities_are_named_by_their_cash_flows(asked: str, word: str) -> None:
    named = name_activities(
        f"Among operations, investing, and financing activities, which {asked} for Orrindale in FY2024?"
    )
    assert f"which was the {word} for Orrindale" in named
    assert all(f"{kind} cash flow" in named for kind in ("operating", "investing", "financing"))


def test_other_questions_stay_as_they_are() -> None:
    for question in ("What was cash from operating activities?", "Among operations, investing and financing, why so?"):
        assert name_activities(question) == question
