from __future__ import annotations

import pytest

from index.instructions import part_instructions


@pytest.mark.parametrize(
    "condition",
    [
        "If gross margin is not a useful metric for a company like this, then state that and explain why.",
        "If restructuring costs are not explicitly outlined then state 0.",
        "If the quick ratio isn't relevant, please say so and explain why.",
        "If there is no such line, answer zero.",
    ],
)
def test_a_condition_about_the_answer_is_set_aside(condition: str) -> None:
    question = "Is Orrindale's gross margin improving as of FY2024?"
    assert part_instructions(f"{question} {condition}") == (question, (condition,))


@pytest.mark.parametrize(
    "manner", ["Answer in USD millions.", "Round your answer to one decimal place.", "Give a response in full.", ""]
)
def test_a_sentence_of_manner_is_left_out(manner: str) -> None:
    question = "What was Orrindale's revenue in 2024?"
    assert part_instructions(f"{question} {manner}".strip()) == (question, ())


@pytest.mark.parametrize(
    "question",
    [
        "If Orrindale sold all its assets in 2024, how much would be left?",
        "Answer the following question by using the balance sheet: what were total assets in 2024?",
        "What is EBITDA? Calculate EBITDA using operating income and depreciation.",
        "Answer in USD millions.",
        "Does the U.S. segment of Orrindale report a loss? Explain the drivers of revenue in 2024.",
    ],
)
def test_what_speaks_of_facts_stays(question: str) -> None:
    assert part_instructions(question) == (question, ())
