"""Questions whose answer is a comparison: yes or no, the greatest of several, and names that stand for two figures."""

from __future__ import annotations

from decimal import Decimal

import pytest

from assistant.answer import Answer
from index.library import Library
from tests.assistant.desk import assistant, no_embedder, true_figures


def from_facts(question: str, library: Library) -> Answer:
    """The answer, for which no model of any kind may be loaded."""
    return assistant(library, None, no_embedder).ask(question).answer


def sales(year: int) -> Decimal:
    value = true_figures("orrindale")["net_sales"][2024 - year]
    assert isinstance(value, Decimal)
    return value


def shares(answer: Answer) -> list[Decimal]:
    """The percentages of an answer, the earlier period first."""
    found = [value for value in answer.values if value.unit == "percent"]
    return [Decimal(value.exact) for value in sorted(found, key=lambda value: value.period)]


@pytest.mark.parametrize(("word", "greatest"), [("highest", True), ("lowest", False)])
def test_the_year_of_the_highest_figure_is_told_beside_all_of_them(library: Library, word: str, greatest: bool) -> None:
    answer = from_facts(f"In which year between 2022 and 2024 was Orrindale's revenue {word}?", library)
    years = (2022, 2023, 2024)
    wanted = max(years, key=sales) if greatest else min(years, key=sales)
    assert [value.period for value in answer.values] == [*map(str, years), str(wanted)]
    assert Decimal(answer.values[-1].exact) == sales(wanted) * 1_000_000
    assert answer.programs[-1].startswith("maximum(" if greatest else "minimum(")


@pytest.mark.parametrize(("word", "verdict"), [("positive", "Yes."), ("negative", "No.")])
def test_the_sign_of_a_difference_is_judged_by_its_sides(library: Library, word: str, verdict: str) -> None:
    answer = from_facts(f"Does Orrindale have {word} working capital based on FY2024 data?", library)
    assert answer.text.startswith(verdict)
    assert answer.programs[0].startswith("greater(")
    assert answer.programs[1].startswith("subtract(")


def test_two_periods_are_compared_by_their_figures(library: Library) -> None:
    answer = from_facts("How does Orrindale's revenue in 2024 compare to 2023?", library)
    assert [Decimal(value.exact) for value in answer.values] == [sales(year) * 1_000_000 for year in (2023, 2024)]


@pytest.mark.parametrize(
    ("question", "programs"),
    [
        ("What was Orrindale's gross margin percentage in 2024?", 1),
        ("What was Orrindale's gross margin in 2024?", 1),
        ("What was Orrindale's gross margin in USD millions in 2024?", 1),
    ],
)
def test_gross_margin_is_an_amount_only_where_that_is_asked_or_printed(
    library: Library, question: str, programs: int
) -> None:
    answer = from_facts(question, library)
    assert len(answer.programs) == programs
    assert answer.values[0].unit == ("USD millions" if "USD" in question else "percent")


def test_a_judgement_reads_the_verb_that_it_is_about(library: Library) -> None:
    rose = sales(2024) > sales(2023)
    answer = from_facts("Did Orrindale's revenue fall in 2024?", library)
    assert answer.text.startswith("No." if rose else "Yes.")


def test_a_trend_is_told_by_both_years_and_a_comparison_that_is_shown(library: Library) -> None:
    """The sentence about a metric that may be of no use is set aside, and that is said."""
    condition = "If operating margin is not a useful metric for a company like this, then state that and explain why."
    answer = from_facts(f"Does Orrindale have an improving operating margin profile as of FY2024? {condition}", library)
    now, before = (
        Decimal(value.exact)
        for value in sorted(answer.values, key=lambda v: v.period, reverse=True)
        if "percent" in value.unit
    )
    assert answer.text.startswith("Yes." if now > before else "No.")
    assert answer.programs[0].startswith("greater(margin(")
    assert condition in answer.assumed[0]


def test_which_way_a_share_went_is_told(library: Library) -> None:
    answer = from_facts("Did Orrindale's capex as a percent of revenue increase or decrease in FY2024?", library)
    now, before = (
        Decimal(value.exact)
        for value in sorted(answer.values, key=lambda v: v.period, reverse=True)
        if "percent" in value.unit
    )
    assert answer.text.startswith("Increased." if now > before else "Decreased.")


@pytest.mark.parametrize(("word", "verdict"), [("positive", "Yes."), ("negative", "No.")])
def test_the_sign_of_a_printed_figure_is_judged_against_its_zero(library: Library, word: str, verdict: str) -> None:
    answer = from_facts(f"Was Orrindale's net income {word} in 2024?", library)
    assert answer.text.startswith(verdict)
    assert answer.programs == (
        ("greater(value(E1[2024]), subtract(value(E1[2024]), value(E1[2024])))",)
        if word == "positive"
        else ("greater(subtract(value(E1[2024]), value(E1[2024])), value(E1[2024]))",)
    )


def test_a_percentage_changes_by_points(library: Library) -> None:
    answer = from_facts("By how many percentage points did Orrindale's operating margin change in 2024?", library)
    assert answer.values[0].unit == "percentage points"
