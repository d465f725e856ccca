from __future__ import annotations

import pytest

from index.directions import read_direction
from index.query import find_things
from index.wording import (
    STATEMENT_WORDS,
    Display,
    names_of,
    read_connector,
    read_display,
    read_intent,
    unread_words,
)
from ingest.vocabulary import built_in_vocabulary

VOCABULARY = built_in_vocabulary()


def intent(question: str) -> str:
    return read_intent(question, find_things(question, VOCABULARY))


def unread(question: str, *known: str) -> tuple[str, ...]:
    things = find_things(question, VOCABULARY)
    return unread_words(question, known, things, read_intent(question, things), read_direction(question, things))


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What was revenue in FY2023?", "lookup"),
        ("How much did revenue grow in FY2023?", "growth"),
        ("What was the year-over-year change in revenue in percent?", "growth"),
        ("What was the percentage increase in revenue in FY2023?", "growth"),
        ("By how much did revenue change from FY2022 to FY2023?", "change"),
        ("What is the difference in revenue between 2022 and 2023?", "change"),
        ("What was the 3 year average of revenue from FY2021 to FY2023?", "average"),
        ("What was average revenue over FY2021, FY2022 and FY2023?", "average"),
        ("What were inventories as a % of revenue in FY2023?", "ratio"),
        ("What is the ratio of inventories to total assets?", "ratio"),
        ("Why did revenue fall?", "explain"),
        ("Did revenue grow in FY2023?", "explain"),
        ("Which segment had the lowest revenue?", "explain"),
        ("How many employees are there?", "explain"),
        ("What was the operating margin in FY2023?", "lookup"),
        ("What was the change in operating margin in FY2023?", "change"),
        ("How much has the effective tax rate changed between FY2021 and FY2022?", "change"),
        ("How much did free cash flow grow in FY2023?", "growth"),
        ("What was the growth in operating margin in FY2023?", "change"),
        ("What was the change in revenue in the income statement?", "change"),
    ],
)
def test_what_is_wanted(question: str, expected: str) -> None:
    assert intent(question) == expected


def test_what_has_a_shaping_word_in_its_name_is_looked_up() -> None:
    assert intent("What was the change in inventories in FY2023?") == "lookup"
    assert intent("How much did the change in inventories grow in FY2023?") == "growth"
    assert intent("What was the sustainable growth rate in FY2023?") == "lookup"
    assert intent("What was the average collection period in FY2023?") == "lookup"


@pytest.mark.parametrize(
    ("question", "display"),
    [
        ("capex in USD millions", Display(power=6)),
        ("capex in millions", Display(power=6)),
        ("capex (in USD billions)", Display(power=9)),
        ("capex in thousands of dollars", Display(power=3)),
        ("capex in $ millions", Display(power=6)),
        ("margin to two decimals", Display(decimals=2)),
        ("margin, round to 1 decimal place", Display(decimals=1)),
        ("margin with no decimals", Display(decimals=0)),
        ("growth in percent", Display(percent=True)),
        ("growth in % to one decimal place", Display(decimals=1, percent=True)),
        ("capex", Display()),
        ("a million reasons", Display()),
    ],
)
def test_how_it_is_to_be_shown(question: str, display: Display) -> None:
    assert read_display(question) == display


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("in the balance sheet", "balance"),
        ("the statement of financial position", "balance"),
        ("the cash flow statement", "cash_flow"),
        ("the statements of cash flows", "cash_flow"),
        ("the income statement", "income"),
        ("the statement of operations", "income"),
        ("the P&L statement", "income"),
        ("the statement of comprehensive income", "comprehensive_income"),
        ("the statement of stockholders' equity", "equity"),
        ("the balance at the bank", None),
    ],
)
def test_statements_that_are_named(question: str, statement: str | None) -> None:
    found = [name for name, pattern in STATEMENT_WORDS if pattern.search(question)]
    assert found == ([statement] if statement else [])


@pytest.mark.parametrize(
    ("question", "left"),
    [
        ("What was revenue in FY2023?", ()),
        ("What was the total consolidated revenue for the fiscal year 2023 in USD millions?", ()),
        ("How much revenue was reported in the income statement in Q2 2023?", ()),
        ("What was revenue excluding acquisitions in FY2023?", ("excluding", "acquisitions")),
        ("What was the revenue of the segments in FY2023?", ("segments",)),
        ("What was the highest revenue in FY2023?", ("highest",)),
        ("What was non-GAAP net income in FY2023?", ("non", "gaap")),
        ("What was adjusted EBITDA in FY2023?", ("adjusted",)),
        ("What was revenue in Europe in FY2023?", ("europe",)),
        ("What was deferred revenue growth guidance?", ("guidance",)),
        ("What was gross revenue in FY2023?", ("gross",)),
        ("What was revenue in H1 2023?", ("h1",)),
        ("What were average total assets in FY2023?", ("average",)),
        ("What was operating income per share in FY2023?", ("per-share",)),
        ("What was diluted EPS per share in FY2023?", ()),
        ("What was revenue growth in FY2023?", ()),
        ("What was the average revenue growth over FY2022 and FY2023?", ("growth",)),
        ("Did revenue grow in FY2023?", ()),
        ("Did revenue increase or decrease in FY2023?", ()),
        ("What is 10% of revenue in FY2023?", ("10%",)),
        ("In which year was revenue 2,261.5?", ("2,261.5",)),
        ("Was revenue more than $3 billion in FY2023?", ("$3",)),
        ("What was the 3 year average of revenue from FY2021 to FY2023?", ()),
        ("What was revenue in FY2023 in the 10-K?", ()),
        ("What was the net margin ratio in FY2023?", ()),
    ],
)
def test_words_that_nothing_accounts_for(question: str, left: tuple[str, ...]) -> None:
    assert unread(question) == left


def test_only_the_sentence_that_asks_counts() -> None:
    question = "Assume that you are an analyst on a desert island. What was revenue in FY2023? Answer in one word."
    assert unread(question) == ()
    spelled = "What is the fixed asset turnover? Fixed asset turnover is defined as: revenue / PP&E, in harmony."
    assert unread(spelled) == ()


def test_the_names_of_companies_are_taken_out_as_they_are_written() -> None:
    assert unread("What was Acme's revenue in FY2023?", "Acme") == ()
    assert unread("What was BA's share of the battles?", "BA") == ("battles",)
    assert unread("What was COST's cost of sales in FY2023?", "COST") == ()


def test_names_of_the_vocabulary_are_read_whole() -> None:
    for name, thing in VOCABULARY.asked_names[::13]:
        if any(pattern.search(name) for _, pattern in STATEMENT_WORDS):
            continue  # a name that speaks of a statement is the vocabulary's own, not one that people ask by
        left = unread_words(f"What was the {name} in FY2023?", (), (thing,), "lookup")
        assert left == (), (name, thing.key)


def test_names_of_a_concept_are_normalised_and_unique() -> None:
    names = names_of(VOCABULARY.concepts["revenue"])
    assert "net sales" in names
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("between", "operator"),
    [
        (" as a % of ", "divide"),
        (" divided by ", "divide"),
        (" to ", "divide"),
        (" less ", "subtract"),
        (" net of ", "subtract"),
        (" plus ", "add"),
        (" & ", "list"),
        (" & its ", "list"),
        (" as well as the ", "list"),
        ("", "list"),
        (" in ", ""),
    ],
)
def test_connectors(between: str, operator: str) -> None:
    assert read_connector(between) == operator


@pytest.mark.parametrize(
    ("question", "direction"),
    [
        ("Did revenue grow?", 1),
        ("Has revenue declined?", -1),
        ("Is revenue higher than before?", 1),
        ("How much did revenue grow?", 0),
        ("What was revenue?", 0),
    ],
)
def test_the_direction_that_is_asked_about(question: str, direction: int) -> None:
    assert read_direction(question, find_things("revenue", VOCABULARY)) == direction
