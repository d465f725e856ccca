"""What a generator may write, and what is withheld of it."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from assistant.answer import Answer
from assistant.ask import Turn
from index.library import Library
from index.printed import PrintedLines
from index.query import Query
from model.contract import EchoGenerator, Generator
from tests.assistant.desk import EMBEDDER, PointingGenerator, assistant, true_figures


@pytest.fixture(autouse=True)
def no_printed_row(monkeypatch: pytest.MonkeyPatch) -> None:
    """No row is taken for the answer by its label alone, so that the generator has its turn."""

    def nothing(query: Query, *rest: object) -> PrintedLines:
        return PrintedLines(None)

    monkeypatch.setattr("assistant.ask.find_printed", nothing)


def turn(question: str, library: Library, generator: Generator | None = None) -> Turn:
    return assistant(library, generator).ask(question)


def ask(question: str, library: Library, generator: Generator | None = None) -> Answer:
    return turn(question, library, generator).answer


def shown(answer: Answer) -> Decimal:
    (value,) = answer.values
    return Decimal(value.value)


FROZEN = "What were Marrowby's segment net sales of Frozen Dough in Q2 2024?"


def test_a_generator_that_points_right_is_believed(library: Library) -> None:
    answer = ask(FROZEN, library, PointingGenerator("value({}[2024Q2])", [["Net sales:", "Frozen Dough"]]))
    assert (answer.status, answer.writer) == ("answered", "generator")
    assert Decimal(answer.values[0].exact) == true_figures("marrowby")["frozen_sales"][0] * 1000
    assert answer.citations[0].quote == "96,447"
    assert "Frozen Dough" in answer.text


@pytest.mark.parametrize(
    ("template", "words", "check"),
    [
        ("value({}[2024Q2])", [["Segment operating income:", "Frozen Dough"]], "wording"),
        ("value({}[2024Q2])", [["Net sales:", "Bread and Rolls"]], "wording"),
        ("value({}[2024Q2])", [["Gain on sale of property"]], "wording"),
        ("value({}[2023Q2])", [["Net sales:", "Frozen Dough"]], "period"),
        ("value({}[2024Q2YTD])", [["Net sales:", "Frozen Dough"]], "period"),
        ("value({}[2019])", [["Net sales:", "Frozen Dough"]], "execution"),
        (
            "add(value({}[2024Q2]), value({}[2024Q2]))",
            [["Net sales:", "Frozen Dough"], ["Gain on sale of property"]],
            "wording",
        ),
        ("table_sum({})", [["Net sales:", "Frozen Dough"]], "period"),
        ("value(E99[2024Q2])", [], "execution"),
        ("quote({})", [["Segment operating income:", "Frozen Dough"]], "wording"),
        ("subtract(value({}[2024Q2]), const(100))", [["Net sales:", "Frozen Dough"]], "execution"),
        ("abstain(because)", [], "program"),
        ("96,447", [], "program"),
        ("value(", [], "program"),
        ("const(100)", [], "program"),
        ("", [], "program"),
    ],
)
def test_a_generator_that_points_wrong_is_withheld(
    template: str, words: list[list[str]], check: str, library: Library
) -> None:
    answer = ask(FROZEN, library, PointingGenerator(template, words))
    assert (answer.status, answer.reason) == ("abstained", "not_supported")
    assert (answer.values, answer.citations) == ((), ())
    failed = [each.name for each in answer.checks if each.binding and not each.passed]
    assert check in failed
    assert not re.search(r"96[.,]4|11[.,]6|148[.,]6", answer.text)


def test_a_program_that_mixes_units_is_withheld(library: Library) -> None:
    question = "What is Orrindale's headcount weighted net income and diluted shares in FY2024?"
    program = PointingGenerator("add(value({}[2024]), value({}[2024]))", [["Net income |"], ["Diluted |"]])
    answer = ask(question, library, program)
    assert (answer.status, answer.reason) == ("abstained", "not_supported")
    assert any("units differ" in check.detail for check in answer.checks)


def test_the_figure_of_another_company_is_withheld(library: Library) -> None:
    """No other company's line stands on the sheet; a sheet that had one would be caught by the check."""
    from dataclasses import replace

    from assistant.draft import Draft
    from assistant.watch import Watch
    from model.program import parse_program

    asked = turn("What was Marrowby's revenue in Q2 2024?", library)
    other = turn("What was Orrindale's revenue in FY2024?", library)
    (line,) = other.evidence.lines
    foreign = replace(line, cells=tuple(replace(cell, key="2024Q2") for cell in line.cells))
    draft = Draft(asked.query, replace(asked.evidence, lines=(foreign,)), library, Watch())
    draft.run(parse_program("value(E1[2024Q2])"), None)
    answer = draft.finish()
    assert answer.status == "abstained"
    assert [check.name for check in answer.checks if not check.passed] == ["company"]


@pytest.mark.parametrize(
    ("question", "words", "answered"),
    [
        ("Which hotel agreements were signed by Orrindale?", ["collective agreements"], False),
        ("Describe the collective agreements in Germany and the Netherlands of Orrindale.", ["collective"], True),
    ],
)
def test_a_sentence_is_quoted_where_it_speaks_of_the_question(
    question: str, words: list[str], answered: bool, library: Library
) -> None:
    answer = ask(question, library, EchoGenerator("quote(E1)"))
    if answered:
        assert answer.status == "answered"
        (citation,) = answer.citations
        assert all(word in citation.quote for word in words)
        page = library.page(citation.filing, citation.page - 1)
        assert citation.chars is not None
        assert citation.quote.split() == page.text[slice(*citation.chars)].split()
        assert citation.quote in answer.text
    else:
        assert (answer.status, answer.reason) == ("abstained", "not_supported")


def test_a_label_says_what_a_generator_computed(library: Library) -> None:
    line = ["Net sales:", "Frozen Dough"]
    program = PointingGenerator("growth(value({}[2024Q2]), value({}[2023Q2]))", [line, line])
    answer = ask("How much did Marrowby's segment net sales of Frozen Dough grow in Q2 2024?", library, program)
    assert answer.values[0].label == "growth of Frozen Dough"
    new, old = true_figures("marrowby")["frozen_sales"][:2]
    assert shown(answer) == round((new - old) / old * 100, 1)  # type: ignore[operator]


def test_the_same_question_gets_the_same_answer(library: Library) -> None:
    answers = [
        ask(FROZEN, library, PointingGenerator("value({}[2024Q2])", [["Net sales:", "Frozen Dough"]])) for _ in "ab"
    ]
    first, second = ({key: part for key, part in a.to_json().items() if key != "timings"} for a in answers)
    assert first == second


def test_the_embedder_of_another_library_is_refused(own_library: Library) -> None:
    from ingest.errors import LibraryMismatchError
    from model.embedder import HashEmbedder

    other = HashEmbedder(dimension=EMBEDDER.dimension // 2)
    with pytest.raises(LibraryMismatchError):
        assistant(own_library, EchoGenerator("abstain(not_reported)"), lambda: other).ask(FROZEN)
