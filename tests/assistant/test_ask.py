from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path

import pytest

from assistant.abstain import NEAREST
from assistant.answer import Answer
from assistant.ask import Turn
from assistant.verify import unsupported_numbers
from index.library import Library
from model.contract import EchoGenerator, Generator
from tests.assistant.desk import (
    ANNUAL_HTML,
    ANNUAL_PDF,
    QUARTER_HTML,
    RELEASE,
    PointingGenerator,
    assistant,
    fill,
    no_embedder,
    true_figures,
)

ORRINDALE, MARROWBY = "Orrindale Instruments Corporation", "Marrowby Foods, Inc."
KEYS = (
    "status",
    "reason",
    "text",
    "values",
    "citations",
    "trace",
    "checks",
    "assumed",
    "model",
    "timings",
)


def turn(question: str, library: Library, generator: Generator | None = None) -> Turn:
    return assistant(library, generator).ask(question)


def ask(question: str, library: Library, generator: Generator | None = None) -> Answer:
    return turn(question, library, generator).answer


def from_facts(question: str, library: Library) -> Answer:
    """The answer, for which no model of any kind may be loaded."""
    return assistant(library, None, no_embedder).ask(question).answer


def orrindale(name: str, year: int = 2024) -> Decimal:
    value = true_figures("orrindale")[name][2024 - year]
    assert isinstance(value, Decimal)
    return value


# Printed figures


@pytest.mark.parametrize(
    ("asked", "name", "label", "page"),
    [
        ("revenue", "net_sales", "Net sales", 14),
        ("net income", "net_income", "Net income", 14),
        ("operating income", "operating_income", "Operating income", 14),
        ("total assets", "assets", "Total assets", 15),
        ("inventories", "inventories", "Inventories", 15),
        ("capital expenditure", "capital_expenditures", "Purchases of property, plant and equipment", 16),
        ("operating cash flow", "operating_cash", "Net cash provided by operating activities", 16),
    ],
)
@pytest.mark.parametrize("year", [2024, 2023])
def test_a_printed_figure(asked: str, name: str, label: str, page: int, year: int, library: Library) -> None:
    answer = from_facts(f"What was Orrindale's {asked} in FY{year}?", library)
    assert (answer.status, answer.reason, answer.writer, answer.model) == ("answered", None, "facts", None)
    (value,) = answer.values
    assert Decimal(value.value) == orrindale(name, year)
    assert Decimal(value.exact) == orrindale(name, year) * 10**6
    assert (value.unit, value.period, value.company) == ("USD millions", str(year), ORRINDALE)
    (citation,) = answer.citations
    assert (citation.source, citation.page, citation.label, citation.key) == (ANNUAL_PDF, page, label, str(year))
    assert citation.box is not None
    assert Decimal(re.sub(r"[^\d.]", "", citation.quote)) == orrindale(name, year)
    assert all(check.passed for check in answer.checks)


def test_the_box_of_a_citation_holds_its_quotation(library: Library) -> None:
    answer = from_facts("What was Orrindale's revenue in FY2024?", library)
    (citation,) = answer.citations
    page = library.page(citation.filing, citation.page - 1)
    assert citation.chars is not None
    assert citation.box is not None
    assert "".join(page.text[slice(*citation.chars)].split()) == citation.quote
    x0, y0, x1, y1 = citation.box
    line = next(line for line in page.lines if line.chars[0] <= citation.chars[0] < line.chars[1])
    assert line.box is not None
    assert line.box[1] - 1 <= y0 < y1 <= line.box[3] + 1
    assert line.box[0] - 1 <= x0 < x1 <= line.box[2] + 1
    assert citation.page_label == page.label


def test_a_tagged_figure_of_an_inline_filing(examples: list[Path], tmp_path: Path) -> None:
    (html,) = [path for path in examples if path.name == ANNUAL_HTML]
    with Library.open(tmp_path / "library", create=True) as library:
        fill(library, [html])
        answer = from_facts("What was Orrindale's revenue in FY2023?", library)
        (value,), (citation,) = answer.values, answer.citations
        assert Decimal(value.value) == orrindale("net_sales", 2023)
        assert citation.source == ANNUAL_HTML
        assert (citation.tag or "").startswith("us-gaap:")
        assert citation.box is None
        assert citation.chars is not None
        page = library.page(citation.filing, citation.page - 1)
        assert page.text[slice(*citation.chars)] == citation.quote


@pytest.mark.parametrize(
    ("question", "name", "position"),
    [
        ("What was Marrowby's revenue in Q2 2024?", "net_sales", 0),
        ("What was Marrowby's revenue in 2Q23?", "net_sales", 1),
        ("What was Marrowby's year-to-date revenue in Q2 2024?", "net_sales", 2),
        ("What was Marrowby's net income for the six months of Q2 FY2024?", "net_income", 2),
        ("What were MRBY's total assets in Q2 2024?", "assets", 0),
    ],
)
def test_a_quarter_and_a_half(question: str, name: str, position: int, library: Library) -> None:
    answer = from_facts(question, library)
    (value,) = answer.values
    assert Decimal(value.value) == true_figures("marrowby")[name][position]
    assert value.unit == "USD thousands"
    assert answer.citations[0].source == QUARTER_HTML


def test_the_fourth_quarter_is_in_the_release(library: Library) -> None:
    answer = from_facts("What was Orrindale's revenue in Q4 2024?", library)
    assert answer.citations[0].source == RELEASE
    assert answer.values[0].period == "2024Q4"


def test_a_deduction_is_shown_as_the_amount_that_it_is(library: Library) -> None:
    answer = from_facts("What was Orrindale's capital expenditure in FY2024?", library)
    assert answer.citations[0].quote == "(118.6)"
    assert "in parentheses" in answer.citations[0].note
    assert "$118.6 million" in answer.text


def test_several_figures_in_one_answer(library: Library) -> None:
    answer = from_facts("What was Orrindale's revenue in FY2022, FY2023 and FY2024?", library)
    assert [Decimal(value.value) for value in answer.values] == [
        orrindale("net_sales", year) for year in (2022, 2023, 2024)
    ]
    assert len(answer.text.splitlines()) == 3
    assert [citation.key for citation in answer.citations] == ["2022", "2023", "2024"]


def test_two_companies_in_one_answer(library: Library) -> None:
    answer = from_facts("What was the revenue of Orrindale in FY2024 and of Marrowby in FY2024?", library)
    assert [value.company for value in answer.values] == [ORRINDALE]
    assert f"{MARROWBY}, FY2024: revenue not reported" in answer.text
    assert answer.status == "answered"


def test_what_is_missing_of_one_company_is_not_taken_from_another(library: Library) -> None:
    answer = from_facts("What was the net income of MRBY in Q2 2024 and of Orrindale in FY2024?", library)
    (line,) = [line for line in answer.text.splitlines() if line.startswith(f"{MARROWBY}, FY2024")]
    assert "Q4" not in line  # only Orrindale's release has a fourth quarter


def test_each_company_s_other_periods_are_its_own(library: Library) -> None:
    answer = from_facts("What was the net income of MRBY and of Orrindale in Q2 2024 and Q3 2024?", library)
    lines = [line for line in answer.text.splitlines() if "Q3 FY2024" in line]
    assert [line.split(",")[0] for line in lines] == ["Marrowby Foods", "Orrindale Instruments Corporation"]
    assert lines[0].endswith("there are figures for 2023Q2, 2024Q2")
    assert lines[1].endswith("there are figures for 2023Q4, 2024Q4")


# Computed figures


def shown(answer: Answer) -> Decimal:
    (value,) = answer.values
    return Decimal(value.value)


def test_growth_with_both_operands_cited(library: Library) -> None:
    answer = from_facts("How much did Orrindale's revenue grow in FY2024?", library)
    old, new = orrindale("net_sales", 2023), orrindale("net_sales")
    assert shown(answer) == round((new - old) / old * 100, 1)
    assert [citation.quote for citation in answer.citations] == [f"${new:,}", f"${old:,}"]
    assert "[1][2]" in answer.text
    assert [step.step.split("(")[0] for step in answer.trace][-1] == "growth"
    assert answer.values[0].unit == "percent"


def test_a_margin_with_both_operands_cited(library: Library) -> None:
    answer = from_facts("What was Orrindale's operating margin in FY2023?", library)
    assert shown(answer) == round(orrindale("operating_income", 2023) / orrindale("net_sales", 2023) * 100, 1)
    assert {citation.label for citation in answer.citations} == {"Operating income", "Net sales"}


def test_a_change_of_a_margin_is_in_points(library: Library) -> None:
    answer = from_facts("What was the change in Orrindale's operating margin in FY2024?", library)
    margins = [orrindale("operating_income", year) / orrindale("net_sales", year) for year in (2024, 2023)]
    assert shown(answer) == round((margins[0] - margins[1]) * 100, 1)
    assert answer.values[0].unit == "percentage points"
    assert len(answer.citations) == 4


def test_a_difference_in_the_unit_of_its_operands(library: Library) -> None:
    answer = from_facts("By how much did Orrindale's net income change from FY2023 to FY2024?", library)
    assert shown(answer) == orrindale("net_income") - orrindale("net_income", 2023)
    assert answer.values[0].unit == "USD millions"


def test_an_average_over_three_years(library: Library) -> None:
    answer = from_facts("What was Orrindale's average net income over FY2022, FY2023 and FY2024?", library)
    mean = sum((orrindale("net_income", year) for year in (2022, 2023, 2024)), Decimal(0)) / 3
    assert shown(answer) == round(mean, 1)
    assert len(answer.citations) == 3


def test_a_ratio_of_two_things(library: Library) -> None:
    answer = from_facts("What were Orrindale's inventories as a percentage of total assets in FY2024?", library)
    assert shown(answer) == round(orrindale("inventories") / orrindale("assets") * 100, 1)


def test_a_metric_of_the_vocabulary_reaches_back_a_year(library: Library) -> None:
    answer = from_facts("What was Orrindale's return on assets in FY2024?", library)
    average = (orrindale("assets") + orrindale("assets", 2023)) / 2
    assert shown(answer) == round(orrindale("net_income") / average * 100, 1)
    assert {citation.key for citation in answer.citations} == {"2024", "2023"}


@pytest.mark.parametrize(
    ("question", "answered"),
    [
        ("Did Orrindale's revenue grow in FY2024?", "Yes."),
        ("Did Orrindale's revenue decline in FY2024?", "No."),
        ("Has Orrindale's cash increased in FY2024?", "No."),
    ],
)
def test_a_verdict_with_its_ground(question: str, answered: str, library: Library) -> None:
    answer = ask(question, library, EchoGenerator("abstain(not_supported)"))
    assert answer.text.startswith(answered)
    assert len(answer.citations) == 2


@pytest.mark.parametrize(
    ("words", "printed"),
    [
        ("in USD billions", "$2.4 billion"),
        ("in USD thousands", "$2,426,700 thousand"),
        ("in USD millions, to no decimals", "$2,427 million"),
        ("in USD millions, to two decimals", "$2,426.70 million"),
    ],
)
def test_the_scale_that_is_asked_for(words: str, printed: str, library: Library) -> None:
    assert printed in from_facts(f"What was Orrindale's revenue in FY2024 {words}?", library).text


def test_what_is_not_zero_is_not_shown_as_zero(library: Library) -> None:
    answer = from_facts("What was Marrowby's net income in Q2 2024 in USD billions?", library)
    assert "$0.01 billion" in answer.text


# What is not there


def test_a_year_that_is_not_there(library: Library) -> None:
    answer = from_facts("What was Orrindale's revenue in FY2019?", library)
    assert (answer.status, answer.reason) == ("abstained", "wrong_period")
    assert "2022, 2023, 2024" in answer.text
    assert (answer.values, answer.citations) == ((), ())


def test_a_company_that_is_not_there(library: Library) -> None:
    answer = from_facts("What was Zenith's revenue in FY2024?", library)
    assert (answer.status, answer.reason) == ("abstained", "not_in_library")
    assert "Zenith" in answer.text


def test_an_empty_library_says_so(tmp_path: Path) -> None:
    with Library.open(tmp_path / "library", create=True) as library:
        answer = from_facts("What was the revenue in FY2024?", library)
    assert (answer.status, answer.reason) == ("abstained", "not_in_library")


def test_a_year_that_is_partly_there(library: Library) -> None:
    answer = from_facts("What was Orrindale's revenue in FY2020 and FY2024?", library)
    assert answer.status == "answered"
    assert len(answer.values) == 1
    assert f"{ORRINDALE}, FY2020: revenue not reported for this period" in answer.text


@pytest.mark.parametrize(
    "question",
    [
        "What was Orrindale's non-GAAP net income in FY2024?",
        "What was Orrindale's revenue excluding acquisitions in FY2024?",
        "What was the highest revenue of Orrindale's segments in FY2024?",
        "What was Orrindale's revenue in fiscal 2022-23?",
        "What was Orrindale's quarterly revenue in FY2024?",
        "What was Orrindale's operating income per share in FY2024?",
        "What were Orrindale's average total assets in FY2024?",
        "How much did Marrowby's revenue grow in Q2 2024 over the previous quarter?",
    ],
)
def test_words_that_are_not_understood_go_to_the_generator(question: str, library: Library) -> None:
    # What it says of a filing's silence is not repeated: it has seen one sheet.
    generator = PointingGenerator("abstain(not_reported)")
    answer = ask(question, library, generator)
    assert len(generator.seen) == 1
    assert (answer.status, answer.reason, answer.writer, answer.model) == (
        "abstained",
        "not_supported",
        "generator",
        "pointing",
    )


def test_the_words_that_were_not_understood_are_named(library: Library) -> None:
    answer = ask(
        "Compare the revenue of Orrindale and Zebrano in FY2024", library, EchoGenerator("abstain(not_supported)")
    )
    assert answer.status == "abstained"
    assert "no figure was looked up, because the question says more than was understood: “zebrano”" in answer.text


# Of every answer

QUESTIONS = (
    "What was Orrindale's revenue in FY2022, FY2023 and FY2024?",
    "How much did Orrindale's revenue grow in FY2024?",
    "What was Orrindale's cash conversion cycle in FY2024?",
    "What was Orrindale's diluted EPS in FY2024?",
    "What were Orrindale's diluted shares in FY2024?",
    "Did Orrindale's revenue grow in FY2024?",
    "What was Marrowby's effective tax rate in Q2 2024?",
    "What was Orrindale's revenue in FY2019 and FY2024?",
    "What was Orrindale's revenue in FY2019?",
    "What was Zenith's revenue?",
    "Describe the collective agreements in Germany and the Netherlands of Orrindale.",
)


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_number_of_the_text_is_supported(question: str, library: Library) -> None:
    answer = ask(question, library, EchoGenerator("abstain(not_reported)"))
    if answer.status == "answered":
        footnotes = map(str, range(1, len(answer.citations) + 1))
        cited = [citation.quote for citation in answer.citations]
        of_values = [f"{value.value} {value.period}" for value in answer.values]
        asked = re.findall(r"\d+", question)
        there = ["2022 2023 2024"] if "not reported for this period" in answer.text else []
        stray = unsupported_numbers(answer.text, [*footnotes, *cited, *of_values, *asked, *there])
        # Q2 of "Q2 FY2024" is the question's own.
        assert stray == ()


@pytest.mark.parametrize("question", QUESTIONS)
def test_an_answer_as_json_has_the_keys_of_the_plan(question: str, library: Library) -> None:
    answer = ask(question, library, EchoGenerator("abstain(not_reported)"))
    plain = json.loads(json.dumps(answer.to_json()))
    assert set(KEYS) <= set(plain)
    assert plain["status"] in ("answered", "abstained")
    assert (plain["reason"] is None) == (plain["status"] == "answered")
    for value in plain["values"]:
        assert isinstance(value["value"], str)
        assert {"value", "unit", "period", "label"} <= set(value)
        Decimal(value["value"])
    for citation in plain["citations"]:
        assert {"filing", "source", "page", "page_label", "box", "quote"} <= set(citation)
        assert citation["page"] >= 1
    assert plain["timings"]["total"] >= 0


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_answer_is_in_the_journal(question: str, library: Library) -> None:
    answer = ask(question, library, EchoGenerator("abstain(not_reported)"))
    (entry,) = library.journal.read(1)
    assert entry.kind == "ask"
    assert entry.payload == json.loads(json.dumps(answer.to_json()))


def test_what_was_assumed_is_said(library: Library) -> None:
    answer = from_facts("What was Orrindale's revenue?", library)
    assert answer.assumed == ("period: FY2024, the latest year in the library",)
    assert answer.values[0].period == "2024"


def test_what_is_near_is_shown_and_is_no_answer(library: Library) -> None:
    answer = ask("What does Orrindale say about mass spectrometers?", library, EchoGenerator("abstain(not_supported)"))
    assert (answer.status, answer.citations) == ("abstained", ())
    assert 1 <= len(answer.nearest) <= NEAREST
    assert "spectromet" in answer.nearest[0].quote.lower()
    assert len({citation.quote for citation in answer.nearest}) == len(answer.nearest)
    assert ask("What was Orrindale's revenue in FY2024?", library, PointingGenerator("")).nearest == ()
    assert ask("What was Orrindale's revenue in FY1999?", library, PointingGenerator("")).nearest == ()
