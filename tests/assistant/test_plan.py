from __future__ import annotations

from decimal import Decimal

import pytest

from assistant.plan import MOST_PARTS, Plan, compose, make_plan, settles
from index.evidence import Evidence, EvidenceCell, EvidenceLine, Missing, Search
from index.query import Query, understand
from ingest.errors import ProgramError
from ingest.filing import Span
from ingest.vocabulary import Concept, Formula, Vocabulary, built_in_vocabulary
from model.program import Abstention, parse_program, pointers
from tests.index.test_query import ACME, BOLT

VOCABULARY = built_in_vocabulary()
COMPANY = "ACME Corporation"
SPAN = Span(0, chars=(0, 1))


def ask(question: str) -> Query:
    return understand(question, ACME + BOLT, VOCABULARY)


def plan(question: str) -> Plan | None:
    return make_plan(ask(question), VOCABULARY)


def programs(question: str) -> list[str]:
    made = plan(question)
    assert made is not None
    return [str(part.template) for part in made.parts]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What was Acme's revenue in FY2023?", ["value(revenue[2023])"]),
        ("What was Acme's revenue in Q1 2024?", ["value(revenue[2024Q1])"]),
        ("What was Acme's revenue in FY2022 and FY2023?", ["value(revenue[2022])", "value(revenue[2023])"]),
        (
            "What was Acme's revenue and operating income in FY2023?",
            ["value(revenue[2023])", "value(operating_income[2023])"],
        ),
        ("How much did Acme's revenue grow in FY2023?", ["growth(value(revenue[2023]), value(revenue[2022]))"]),
        (
            "How much did Acme's revenue grow from FY2020 to FY2023?",
            ["growth(value(revenue[2023]), value(revenue[2020]))"],
        ),
        (
            "What was the change in Acme's revenue in Q1 2024?",
            ["subtract(value(revenue[2024Q1]), value(revenue[2023Q1]))"],
        ),
        (
            "What was Acme's average revenue over FY2022 and FY2023?",
            ["average(value(revenue[2022]), value(revenue[2023]))"],
        ),
        (
            "What were Acme's inventories as a % of revenue in FY2023?",
            ["divide(value(inventories[2023]), value(revenue[2023]))"],
        ),
        (
            "What was Acme's operating income plus inventories in FY2023?",
            ["add(value(operating_income[2023]), value(inventories[2023]))"],
        ),
        ("Did Acme's revenue grow in FY2023?", ["greater(value(revenue[2023]), value(revenue[2022]))"]),
        ("Did Acme's revenue decline in FY2023?", ["greater(value(revenue[2022]), value(revenue[2023]))"]),
        ("What was Acme's inventories margin in FY2023?", ["divide(value(inventories[2023]), value(revenue[2023]))"]),
    ],
)
def test_programs_over_concepts(question: str, expected: list[str]) -> None:
    assert programs(question) == expected


@pytest.mark.parametrize(("word", "first"), [("higher", "ACME Corporation"), ("lower", None)])
def test_two_companies_are_set_against_each_other_and_not_against_their_past(word: str, first: str | None) -> None:
    made = plan(f"Was Acme's revenue {word} than Bolt's in FY2023?")
    assert made is not None
    verdict, one, other = made.parts
    assert str(verdict.template) == "greater(value(revenue[2023]), value(revenue[2023]))"
    assert {verdict.company, verdict.rival} == {one.company, other.company}
    assert (verdict.company == first) == (first is not None)


def test_each_side_of_a_comparison_points_at_its_own_company() -> None:
    made = plan("Was Acme's revenue higher than Bolt's in FY2023?")
    assert made is not None
    names = [part.company for part in made.parts[1:]]
    lines = tuple(
        EvidenceLine(
            id=f"E{number}",
            kind="row",
            filing_id=f"f{number}",
            source="a.pdf",
            company=name,
            label="Revenue",
            path=(),
            cells=(EvidenceCell("2023", Decimal(number), "USD", 6, str(number), None, SPAN),),
            span=SPAN,
            concept="revenue",
        )
        for number, name in enumerate(names, start=1)
    )
    evidence = Evidence(ask("Was Acme's revenue higher than Bolt's in FY2023?"), lines, Search(2, 2, ""))
    assert str(compose(made.parts[0], evidence, VOCABULARY)) == "greater(value(E1[2023]), value(E2[2023]))"
    alone = Evidence(evidence.query, lines[:1], evidence.search)
    assert isinstance(compose(made.parts[0], alone, VOCABULARY), Abstention)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (
            "Which year from FY2021 to FY2023 had the highest revenue at Acme?",
            "maximum(value(revenue[2021]), value(revenue[2022]), value(revenue[2023]))",
        ),
        (
            "In which year between 2021 and 2023 was Acme's revenue lowest?",
            "minimum(value(revenue[2021]), value(revenue[2022]), value(revenue[2023]))",
        ),
    ],
)
def test_the_greatest_and_the_smallest_of_several_years(question: str, expected: str) -> None:
    found = programs(question)
    assert len(found) == 4
    assert found[-1] == expected


def test_growth_over_a_range_is_from_its_first_to_its_last_year() -> None:
    (program,) = programs("How much did Acme's revenue grow from FY2020 to FY2023?")
    assert [pointer.key for pointer in pointers(parse_program(program))] == ["2023", "2020"]


@pytest.mark.parametrize(
    "question",
    [
        "What is the weather at Acme?",
        "Why did Acme's revenue fall in FY2023?",
        "What was Acme's revenue when net income fell in FY2023?",
        "What was the revenue in FY2023?",
        "How much did Acme's revenue grow from Q4 2022 to FY2023?",
        "What was Zenith's revenue in FY2023?",
        "What was Acme's revenue and operating income and total assets and inventories in FY2020 to FY2023?",
    ],
)
def test_what_facts_alone_do_not_settle(question: str) -> None:
    made = plan(question)
    assert made is None or not settles(ask(question))


def test_a_table_of_figures_is_no_answer() -> None:
    question = "What was Acme's revenue and operating income and total assets and inventories in FY2020 to FY2023?"
    assert MOST_PARTS < 4 * 4
    assert plan(question) is None


def test_two_companies_have_a_part_each() -> None:
    made = plan("What was the revenue of Acme and of Bolt Foods in FY2023?")
    assert made is not None
    assert [part.company for part in made.parts] == [COMPANY, "Bolt Foods, Inc."]


def test_a_metric_wants_the_figures_of_its_formula_and_of_what_may_stand_in_for_them() -> None:
    made = plan("What was Acme's return on assets in FY2023?")
    assert made is not None
    wanted = {(want.concept.key, want.period.key) for want in made.wanted}
    assert {("net_income", "2023"), ("total_assets", "2023"), ("total_assets", "2022")} <= wanted
    gross = plan("What was Acme's gross profit in FY2023?")
    assert gross is not None
    assert {want.concept.key for want in gross.wanted} == {"gross_profit", "revenue", "cost_of_revenue"}


def line(concept: str, *keys: str, company: str = COMPANY, identifier: str = "E1") -> EvidenceLine:
    cells = tuple(EvidenceCell(key, Decimal(1), "USD", 0, "1", None, SPAN) for key in keys)
    return EvidenceLine(identifier, "row", "f", "a.pdf", company, concept, (), cells, SPAN, concept=concept)


def composed(question: str, *lines: EvidenceLine, missing: tuple[Missing, ...] = ()) -> list[str]:
    query = ask(question)
    made = make_plan(query, VOCABULARY)
    assert made is not None
    evidence = Evidence(query, lines, Search(0, 0, ""), missing)
    return [str(compose(part, evidence, VOCABULARY)) for part in made.parts]


def test_concepts_become_lines_of_the_sheet() -> None:
    question = "How much did Acme's revenue grow in FY2023?"
    assert composed(question, line("revenue", "2023", "2022")) == ["growth(value(E1[2023]), value(E1[2022]))"]


def test_the_line_of_another_company_does_not_count() -> None:
    question = "What was Acme's revenue in FY2023?"
    assert composed(question, line("revenue", "2023", company="Bolt Foods, Inc.")) == ["abstain(not_reported)"]
    assert composed(question, line("revenue", "2023", company="ACME CORP")) == ["value(E1[2023])"]


def test_a_figure_that_is_missing_is_an_abstention_with_the_right_reason() -> None:
    question = "What was Acme's revenue in FY2023?"
    assert composed(question) == ["abstain(not_reported)"]
    own = Missing("revenue", "2023", ("2022",), COMPANY)
    assert composed(question, missing=(own,)) == ["abstain(wrong_period)"]
    other = Missing("revenue", "2023", ("2022",), "Bolt Foods, Inc.")
    assert composed(question, missing=(other,)) == ["abstain(not_reported)"]
    nowhere = Missing("revenue", "2023", (), COMPANY)
    assert composed(question, missing=(nowhere,)) == ["abstain(not_reported)"]


def test_half_of_a_calculation_is_no_calculation() -> None:
    assert composed("How much did Acme's revenue grow in FY2023?", line("revenue", "2023")) == ["abstain(not_reported)"]


def test_a_concept_that_is_not_printed_is_computed_where_all_its_figures_are() -> None:
    question = "What was Acme's gross profit in FY2023?"
    revenue, cost = line("revenue", "2023"), line("cost_of_revenue", "2023", identifier="E2")
    assert composed(question, revenue, cost) == ["subtract(value(E1[2023]), value(E2[2023]))"]
    assert composed(question, revenue) == ["abstain(not_reported)"]
    printed = line("gross_profit", "2023", identifier="E3")
    assert composed(question, revenue, cost, printed) == ["value(E3[2023])"]


@pytest.mark.parametrize("key", list(VOCABULARY.formulas))
def test_every_metric_of_the_vocabulary_can_be_planned_and_computed(key: str) -> None:
    """Its program points only at concepts of the vocabulary, and executes over a sheet that has them all."""
    from dataclasses import replace

    from assistant.execute import execute

    formula = VOCABULARY.formulas[key]
    query = replace(ask("What was Acme's revenue in FY2023?"), things=(formula,))
    made = make_plan(query, VOCABULARY)
    assert made is not None
    (part,) = made.parts
    needed = pointers(part.template)
    assert {pointer.row for pointer in needed} <= set(VOCABULARY.concepts)
    rows = {pointer.row: line(pointer.row, *{p.key for p in needed if p.row == pointer.row}) for pointer in needed}
    sheet = tuple(
        replace(
            row,
            id=f"E{number}",
            cells=tuple(
                replace(cell, unit=unit(name), value=Decimal(7 + 3 * number + place))
                for place, cell in enumerate(sorted(row.cells, key=lambda cell: cell.key))
            ),
        )
        for number, (name, row) in enumerate(rows.items(), start=1)
    )
    program = compose(part, Evidence(query, sheet, Search(0, 0, "")), VOCABULARY)
    assert not isinstance(program, Abstention)
    result = execute(program, Evidence(query, sheet, Search(0, 0, ""))).result
    assert result is not None
    kinds = {"percent": "pure", "ratio": "pure", "days": "pure", "money": "USD", "money/shares": "USD/shares"}
    assert result.unit == kinds[formula.result]


def unit(concept: str) -> str:
    return {"money": "USD", "money/shares": "USD/shares"}.get(
        VOCABULARY.concepts[concept].unit, VOCABULARY.concepts[concept].unit
    )


def test_a_formula_that_computes_nothing_is_a_mistake_that_is_told() -> None:
    broken = Formula(key="broken", name="Broken", asked=("broken",), program="quote(E1)", result="ratio", source="")
    vocabulary = Vocabulary(VOCABULARY.concepts, {**VOCABULARY.formulas, "broken": broken})
    query = understand("What was Acme's broken in FY2023?", ACME, vocabulary)
    with pytest.raises(ProgramError, match="no formula"):
        make_plan(query, vocabulary)


def test_revenue_has_no_margin_of_itself() -> None:
    assert plan("What was Acme's revenue margin in FY2023?") is None


def test_settled_is_what_leaves_nothing_unread() -> None:
    assert settles(ask("What was Acme's revenue in FY2023?"))
    assert not settles(ask("What was Acme's core revenue in FY2023?"))


def test_concepts_know_their_kinds() -> None:
    assert all(isinstance(concept, Concept) for concept in VOCABULARY.concepts.values())
