from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.quote import quotation
from assistant.sheet import sheet_lines
from index.evidence import Evidence, EvidenceLine
from index.library import Library
from ingest.filing import Span
from model.grammar import program_grammar
from tests.assistant.desk import PointingGenerator, assistant


def evidence_of(question: str, library: Library) -> Evidence:
    return assistant(library, PointingGenerator("abstain(not_reported)")).ask(question).evidence


def with_sentences(evidence: Evidence, *sentences: str) -> Evidence:
    lines = tuple(
        EvidenceLine(f"E{number}", "sentence", "f" * 64, "a.pdf", "x", text, (), (), Span(0, chars=(0, len(text))))
        for number, text in enumerate(sentences, start=1)
    )
    return replace(evidence, lines=lines)


COLLECTIVE = "Who has collective agreements that cover employees of Orrindale in Germany?"


def test_the_sentence_that_speaks_of_it_all_is_quoted(library: Library) -> None:
    evidence = with_sentences(
        evidence_of(COLLECTIVE, library),
        "Germany is a country in which the company has two plants.",
        "Many employees in Germany have collective agreements that cover them and their families.",
    )
    assert str(quotation(evidence)) == "quote(E2)"


@pytest.mark.parametrize(
    "question",
    [
        "Do collective agreements cover employees of Orrindale in Germany?",
        "Which collective agreements cover employees of Orrindale in Germany?",
        "Why do collective agreements cover employees of Orrindale in Germany?",
        "Who had collective agreements that cover employees of Orrindale in Germany on May 3, 2023?",
    ],
)
def test_what_takes_weighing_is_not_answered_by_a_sentence(question: str, library: Library) -> None:
    sentence = "Many employees in Germany have collective agreements that cover them and their families."
    assert quotation(with_sentences(evidence_of(question, library), sentence)) is None


@pytest.mark.parametrize(
    "sentence",
    [
        "Germany is a country in which the company has two plants.",
        "Many people work there on the terms of contracts that were made with unions.",
        "",
    ],
)
def test_a_sentence_about_something_else_is_not_quoted(sentence: str, library: Library) -> None:
    assert quotation(with_sentences(evidence_of(COLLECTIVE, library), sentence)) is None


def test_a_question_for_a_number_wants_a_sentence_with_one(library: Library) -> None:
    evidence = evidence_of("How many full-time engineers does Orrindale employ in laboratories?", library)
    told = "We employ about 1,240 full-time engineers in our laboratories and in those of others."
    untold = "Since 2019 we employ full-time engineers, on 364-day contracts, in our laboratories and in others."
    assert quotation(with_sentences(evidence, untold)) is None
    assert str(quotation(with_sentences(evidence, untold, told))) == "quote(E2)"


def test_two_numbers_for_one_question_are_none(library: Library) -> None:
    evidence = evidence_of("How many full-time engineers does Orrindale employ in laboratories?", library)
    one = "We employ about 1,240 full-time engineers in our laboratories and in those of others."
    other = "We employ about 310 full-time engineers in laboratories of universities and of hospitals."
    assert quotation(with_sentences(evidence, one, other)) is None


def test_a_figure_with_a_name_is_not_told_by_prose(library: Library) -> None:
    evidence = evidence_of("What was Marrowby's frozen dough segment revenue in Q2 2024?", library)
    prose = "Frozen dough is the segment whose revenue we are proud of in many countries of the world."
    assert quotation(with_sentences(evidence, prose)) is None


def test_rows_are_not_quoted(library: Library) -> None:
    evidence = evidence_of("Which segments of Marrowby sell frozen dough?", library)
    assert quotation(replace(evidence, lines=tuple(line for line in evidence.lines if line.kind == "row"))) is None


def test_the_sheet_that_a_generator_sees(library: Library) -> None:
    evidence = evidence_of("What were Marrowby's segment net sales of Frozen Dough in Q2 2024?", library)
    lines = sheet_lines(evidence)
    assert [line.id for line in lines] == [line.id for line in evidence.lines]
    for shown, line in zip(lines, evidence.lines, strict=True):
        assert shown.keys == tuple(cell.key for cell in line.cells)
        assert (shown.text == line.label) is (line.kind == "sentence")
    row = next(line for line in lines if "Net sales: > Frozen Dough" in line.text.replace(":  >", ": >"))
    assert "2024Q2: 96,447" in row.text


def test_every_sheet_can_be_written_as_a_grammar(library: Library) -> None:
    for question in (
        "Describe Orrindale's risks.",
        "What are Marrowby's leases?",
        "Orrindale's debt maturities in 2026",
    ):
        grammar = program_grammar(sheet_lines(evidence_of(question, library)))
        assert grammar.startswith("start: ")
