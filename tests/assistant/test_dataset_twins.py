from dataclasses import replace
from datetime import date
from decimal import Decimal
from random import Random

import pytest

from assistant.dataset.absence import alike, is_told, may_be, says
from assistant.dataset.labels import content_words
from assistant.dataset.twins import Wanted, cut, refusal
from index.evidence import EvidenceCell, EvidenceLine
from ingest.filing import Period, Span
from ingest.vocabulary import built_in_vocabulary
from model.program import parse_program

VOCABULARY = built_in_vocabulary()


def row(identifier: str, label: str, **figures: str) -> EvidenceLine:
    cells = tuple(_cell(key.lstrip("_"), printed) for key, printed in figures.items())
    return EvidenceLine(identifier, "row", "f", "f.pdf", "Orrindale", label, (), cells, Span(0))


def _cell(key: str, printed: str) -> EvidenceCell:
    year = int(key[:4])
    period = Period(date(year, 12, 31), 12, None, year)
    return EvidenceCell(key, Decimal(printed.replace(",", "")), "USD", 0, printed, period, Span(0))


def sentence(text: str) -> EvidenceLine:
    return EvidenceLine("E9", "sentence", "f", "f.pdf", "Orrindale", text, (), (), Span(0))


INCOME = (
    row("E1", "Net sales", _2024="4,120", _2023="3,870"),
    row("E2", "Cost of sales", _2024="2,506", _2023="2,414"),
    row("E3", "Selling, general and administrative", _2024="871", _2023="840"),
    row("E4", "Income taxes", _2024="119", _2023="97"),
)


def wanted(program: str, expected: str | None = None) -> Wanted:
    return Wanted("?", parse_program(program), Decimal(expected) if expected else None)


def test_a_question_is_refused_when_its_line_or_its_year_is_gone_and_not_otherwise() -> None:
    asked = wanted("growth(value(E3[2024]), value(E3[2023]))", "0.0369")
    without_line = tuple(line for line in INCOME if line.id != "E3")
    without_year = tuple(replace(line, cells=line.cells[:1]) for line in INCOME)
    assert refusal(asked, INCOME, without_line, VOCABULARY) == "not_reported"
    assert refusal(asked, INCOME, without_year, VOCABULARY) == "wrong_period"
    assert refusal(asked, INCOME, INCOME, VOCABULARY) is None
    assert refusal(asked, INCOME, INCOME[2:], VOCABULARY) is None, "its own line is there"


def test_what_other_lines_give_is_not_refused() -> None:
    asked = wanted("value(E3[2024])", "871")
    left = [line for line in INCOME if line.id != "E3"]
    assert refusal(asked, INCOME, left, VOCABULARY) == "not_reported"
    same = row("E5", "SG&A", _2024="871")
    difference = row("E5", "Earnings of all kinds", _2024="3,377")
    assert refusal(asked, INCOME, [*left, same], VOCABULARY) is None
    assert refusal(asked, INCOME, [*left, difference], VOCABULARY) is None, "2,506 and it are 3,377"
    assert refusal(asked, INCOME, [*left, sentence("Such expenses came to $0.87 billion.")], VOCABULARY) is None
    assert refusal(asked, INCOME, [*left, sentence("There were 52 weeks in the year.")], VOCABULARY) is not None


def test_an_answer_that_is_printed_is_not_refused() -> None:
    asked = wanted("growth(value(E3[2024]), value(E3[2023]))", "0.0369")
    left = [line for line in INCOME if line.id != "E3"]
    assert refusal(asked, INCOME, [*left, sentence("Overhead rose by 3.7%.")], VOCABULARY) is None


def test_two_concepts_are_two_lines_however_alike_their_words_are() -> None:
    total, current = row("E1", "Total assets", _2024="9"), row("E2", "Total current assets", _2024="4")
    assert not may_be(total, current, VOCABULARY)
    assert may_be(total, row("E3", "TOTAL ASSETS", _2024="9"), VOCABULARY)
    assert may_be(row("E1", "Other, net", _2024="1"), row("E2", "Other income (expense), net", _2024="2"), VOCABULARY)
    assert alike(content_words("northern stores"), content_words("sales of northern stores"))
    assert not alike(content_words("northern stores"), content_words("northern stores before tax"))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("rose to $12.4 billion", True),
        ("rose to $12,361 million", True),
        ("rose to $13 billion", False),
        ("in 2024 there were 12 of them", True),
        ("in 2024 there were 9 of them", False),
    ],
)
def test_a_sentence_tells_a_figure_as_it_rounds_it(text: str, *, told: bool) -> None:
    assert says(text, 12361) is told


def test_nothing_is_always_told_and_a_sum_of_large_figures_may_be_off_by_one() -> None:
    parts = (row("E1", "North", _2024="61,402"), row("E2", "South", _2024="20,111"))
    assert is_told(_cell("2024", "81,514"), None, parts)
    assert not is_told(_cell("2024", "81,516"), None, parts)
    assert is_told(_cell("2024", "0"), None, ())


def test_what_is_cut_is_what_programs_point_at() -> None:
    programs = [parse_program("value(E3[2024])")]
    for seed in range(30):
        left = cut(INCOME, programs, VOCABULARY, Random(seed))
        assert left is not None
        kept = {(line.id, cell.key) for line in left for cell in line.cells}
        assert ("E3", "2024") not in kept
        assert {line.id for line in left} >= {"E1", "E2", "E4"}
    assert cut(INCOME[2:], programs, VOCABULARY, Random(0)) is None, "one row would be left"
