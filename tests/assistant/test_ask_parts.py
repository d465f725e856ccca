"""Questions about parts of a whole: lines of a statement, segments, regions, shares, quarters and maturities."""

from __future__ import annotations

from decimal import Decimal

import pytest

from assistant.answer import Answer
from index.library import Library
from model.contract import EchoGenerator
from tests.assistant.desk import assistant, no_embedder, true_figures

MILLION = Decimal(1_000_000)


def from_facts(question: str, library: Library) -> Answer:
    """The answer, for which no model of any kind may be loaded."""
    answer = assistant(library, None, no_embedder).ask(question).answer
    assert answer.status == "answered", answer.text
    assert {check.name for check in answer.checks if check.binding and not check.passed} == set()
    return answer


def refused(question: str, library: Library) -> Answer:
    answer = assistant(library, EchoGenerator("abstain(not_supported)")).ask(question).answer
    assert answer.status == "abstained", answer.text
    return answer


def figure(name: str, year: int = 2024) -> Decimal:
    value = true_figures("orrindale")[name][2024 - year]
    assert isinstance(value, Decimal)
    return value


SALES = {
    "Analytical Instruments": "analytical_sales",
    "Life Science Systems": "life_sales",
    "Services and Consumables": "service_sales",
}
PLACES = {"United States": "sales_us", "China": "sales_china", "Germany": "sales_germany", "Japan": "sales_japan"}


@pytest.mark.parametrize("word", ["highest", "lowest"])
def test_the_segment_with_the_most_is_told_and_all_are_compared(library: Library, word: str) -> None:
    figures = {label: figure(name) for label, name in SALES.items()}
    label = (max if word == "highest" else min)(figures, key=figures.__getitem__)
    answer = from_facts(f"Which segment had the {word} net sales for Orrindale in FY2024?", library)
    assert [Decimal(value.exact) for value in answer.values] == [figures[label] * MILLION]
    assert label in answer.values[0].label
    assert len(answer.citations) == len(SALES)
    assert all(name in " ".join(answer.assumed) for name in SALES)


def test_a_remainder_is_no_region(library: Library) -> None:
    """Other countries are part of the sum, and no answer."""
    answer = from_facts("Which region had the lowest net sales for Orrindale in FY2024?", library)
    places = {label: figure(name) for label, name in PLACES.items()}
    label = min(places, key=places.__getitem__)
    assert figure("sales_elsewhere") > places[label]
    assert label in answer.values[0].label
    assert Decimal(answer.values[0].exact) == places[label] * MILLION


def test_a_remainder_that_would_be_the_answer_is_refused(library: Library) -> None:
    places = [figure(name) for name in PLACES.values()]
    assert figure("sales_elsewhere") > sorted(places)[-2]
    question = "Are there any regions that account for more than 25% of Orrindale's revenue in FY2024?"
    assert "parts of revenue by region" in refused(question, library).text


def test_the_lines_of_a_total_are_compared_with_subtotals_taken_apart(library: Library) -> None:
    answer = from_facts("What was Orrindale's largest operating expense in FY2024?", library)
    assert Decimal(answer.values[0].exact) == figure("selling") * MILLION
    assert "up to “Total operating expenses”" in answer.assumed[-1]
    liabilities = from_facts("What was Orrindale's largest liability at the end of FY2024?", library)
    assert "ong-term debt" in liabilities.values[0].label
    assert not any(citation.label.lower().startswith("total") for citation in liabilities.citations)


def test_the_greatest_change_is_given_in_percent_and_amount_where_both_name_one_part(library: Library) -> None:
    answer = from_facts("Which segment had the biggest increase in net sales for Orrindale in FY2024?", library)
    changes = {label: figure(name) - figure(name, 2023) for label, name in SALES.items()}
    label = max(changes, key=changes.__getitem__)
    assert [value.unit for value in answer.values] == ["percent", "USD millions"]
    assert all(label in value.label for value in answer.values)
    assert Decimal(answer.values[1].exact) == changes[label] * MILLION


def test_a_drop_is_no_answer_where_nothing_fell(library: Library) -> None:
    assert all(figure(name) > figure(name, 2023) for name in SALES.values())
    refused("Which segment had the biggest drop in net sales for Orrindale in FY2024?", library)


def test_parts_above_a_share_are_listed_and_the_comparison_is_shown(library: Library) -> None:
    question = "Are there any segments that account for more than 40% of Orrindale's revenue in FY2024?"
    answer = from_facts(question, library)
    shares = {label: figure(name) / figure("net_sales") for label, name in SALES.items()}
    above = {label for label, share in shares.items() if share > Decimal("0.4")}
    assert answer.text.startswith("Yes.")
    assert len(answer.values) == len(above)
    assert all(any(label in value.label for value in answer.values) for label in above)
    assert any(step.step.startswith("greater(") and step.result == "true" for step in answer.trace)
    none = from_facts(question.replace("40%", "60%"), library)
    assert none.text.startswith("No.")
    assert any(step.result == "false" for step in none.trace)


def test_a_share_of_revenue_is_that_of_a_row_of_a_complete_list(library: Library) -> None:
    answer = from_facts("What share of Orrindale's revenue came from Life Science Systems in FY2024?", library)
    assert Decimal(answer.values[0].value) == (figure("life_sales") / figure("net_sales") * 100).quantize(
        Decimal("0.1")
    )
    assert answer.programs[0].startswith("divide(")


def test_operating_income_by_segment_leaves_costs_of_the_company_out(library: Library) -> None:
    answer = from_facts("Which of Orrindale's segments had the lowest operating income in FY2024?", library)
    names = [name.replace("_sales", "_income") for name in SALES.values()]
    assert Decimal(answer.values[0].exact) == min(figure(name) for name in names) * MILLION


@pytest.mark.parametrize(
    "question",
    [
        "Which segment had the highest net sales excluding China for Orrindale in FY2024?",
        "Which segment of Orrindale had the highest organic net sales in FY2024?",
        "Which region had the slowest growth in net sales for Orrindale in FY2024?",
        "What was the largest liability assumed in an acquisition by Orrindale in 2024?",
        "What share of Orrindale's revenue came from Brazil in FY2024?",
    ],
)
def test_what_says_more_or_has_no_such_part_is_refused(library: Library, question: str) -> None:
    refused(question, library)


def test_debt_that_falls_due_in_a_year_is_read_from_the_table_of_maturities(library: Library) -> None:
    answer = from_facts("How much of Orrindale's long-term debt matures in 2026?", library)
    assert [citation.label for citation in answer.citations] == ["2026"]
    assert answer.values[0].value == answer.citations[0].quote.strip("$")
    assert "due in 2026" in answer.text
    refused("How much of Orrindale's lease debt matures in 2026?", library)
    refused("How much of Orrindale's debt matures in 2041?", library)


def test_cash_flows_of_three_activities_are_compared(library: Library) -> None:
    answer = from_facts(
        "Among operations, investing, and financing activities, which brought in the most (or lost the least) cash "
        "flow for Orrindale in FY2024?",
        library,
    )
    assert Decimal(answer.values[0].exact) == figure("operating_cash") * MILLION
    assert answer.programs[0].startswith("maximum(")
    assert len(answer.values) == 4
