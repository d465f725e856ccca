"""Questions that a printed row answers, and those that one nearly does."""

from __future__ import annotations

from decimal import Decimal

import pytest

from index.library import Library
from model.contract import EchoGenerator
from tests.assistant.desk import assistant, no_embedder, true_figures


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("What were Orrindale's Life Science Systems segment net sales in 2024?", "life_sales"),
        ("What was Orrindale's revenue from Analytical Instruments in 2024?", "analytical_sales"),
        ("What was Orrindale's revenue in Germany in 2024?", "sales_germany"),
    ],
)
def test_a_part_of_a_figure_is_read_from_its_row(library: Library, question: str, name: str) -> None:
    answer = assistant(library, None, no_embedder).ask(question).answer
    assert (answer.status, answer.writer) == ("answered", "facts")
    figure = true_figures("orrindale")[name][0]
    assert isinstance(figure, Decimal)
    assert Decimal(answer.values[0].exact) == figure * 1_000_000
    assert all(check.passed for check in answer.checks if check.binding)


def test_the_growth_of_a_part_is_computed_from_two_figures_of_its_row(library: Library) -> None:
    answer = assistant(library, None, no_embedder).ask("How much did Orrindale's sales in China grow in 2024?").answer
    now, before, *_ = true_figures("orrindale")["sales_china"]
    assert isinstance(now, Decimal)
    assert isinstance(before, Decimal)
    assert abs(Decimal(answer.values[0].exact) - (now - before) / before) < Decimal("1e-12")
    assert [citation.key for citation in answer.citations] == ["2024", "2023"]


@pytest.mark.parametrize(
    "question",
    [
        "What was Orrindale's revenue from Life Science in Germany in 2024?",
        "What was Orrindale's revenue from quantum instruments in 2024?",
        "What were Orrindale's assets in Germany in 2024?",
        "Why did Orrindale's sales in China fall in 2024?",
    ],
)
def test_no_row_answers_what_it_does_not_say(library: Library, question: str) -> None:
    answer = assistant(library, EchoGenerator("abstain(not_supported)")).ask(question).answer
    assert answer.status == "abstained"
    assert not answer.values


def test_the_rows_that_come_near_are_shown_where_none_fits(library: Library) -> None:
    generator = EchoGenerator("abstain(not_supported)")
    question = "What were Orrindale's sales of Life Science in 2024?"
    answer = assistant(library, generator).ask(question).answer
    assert answer.status == "abstained"
    assert any("Life Science Systems" in line.quote for line in answer.nearest)


def test_two_names_side_by_side_list_nothing(library: Library) -> None:
    answer = (
        assistant(library, EchoGenerator("abstain(not_supported)"))
        .ask("What was Orrindale's advertising revenue in 2024?")
        .answer
    )
    assert answer.status == "abstained"
