from __future__ import annotations

import sqlite3
from dataclasses import replace
from decimal import Decimal

import pytest

from assistant.answer import Answer
from assistant.draft import Draft
from assistant.execute import Operand, execute
from assistant.verify import stem, unsupported_numbers, verify, words_covered
from assistant.watch import Watch
from index.codec import pack
from index.evidence import Conflict, Evidence, EvidenceCell, EvidenceLine
from index.library import Library
from ingest.filing import Span
from model.program import parse_program
from tests.assistant.desk import PointingGenerator, assistant, no_embedder

REVENUE = "What was Orrindale's revenue in FY2024?"


def ask(question: str, library: Library) -> Answer:
    return assistant(library, None, no_embedder).ask(question).answer


def change_page(library: Library, citation_filing: str, page: int, old: str, new: str) -> None:
    """Change the text of a page behind the library's back."""
    original = library.page(citation_filing, page - 1)
    assert old in original.text
    body = pack(replace(original, text=original.text.replace(old, new)))
    with sqlite3.connect(library.directory / "library.sqlite") as connection:
        statement = "UPDATE pages SET body = ? WHERE page = ? AND filing = (SELECT key FROM filings WHERE id = ?)"
        connection.execute(statement, (body, page - 1, citation_filing))
    connection.close()


def test_a_page_that_no_longer_says_so_withholds_the_answer(own_library: Library) -> None:
    before = ask(REVENUE, own_library)
    (citation,) = before.citations
    change_page(own_library, citation.filing, citation.page, "2,426.7", "2,436.7")
    after = ask(REVENUE, own_library)
    assert (after.status, after.reason) == ("abstained", "not_supported")
    assert (after.values, after.citations) == ((), ())
    (failed,) = [check for check in after.checks if not check.passed]
    assert failed.name == "source"
    assert "does not give" in failed.detail


def test_a_figure_that_points_elsewhere_withholds_the_answer(own_library: Library) -> None:
    """The span of the fact is moved by a line: another number stands there."""
    with sqlite3.connect(own_library.directory / "library.sqlite") as connection:
        rows = connection.execute(
            "SELECT id, span FROM facts WHERE concept = 'us-gaap:Revenues' AND period_key = '2024'"
        ).fetchall()
        for key, span in rows:
            moved = span.replace('"chars": [', '"chars": [1').replace('"chars":[', '"chars":[1')
            assert moved != span
            connection.execute("UPDATE facts SET span = ? WHERE id = ?", (moved, key))
    connection.close()
    answer = ask(REVENUE, own_library)
    assert answer.status == "abstained"
    assert any(check.name == "source" and not check.passed for check in answer.checks)


def test_of_several_figures_the_one_withheld_is_named(own_library: Library) -> None:
    question = "What was Orrindale's revenue in FY2023 and FY2024?"
    before = ask(question, own_library)
    first = before.citations[0]
    change_page(own_library, first.filing, first.page, "2,261.5", "2,271.5")
    after = ask(question, own_library)
    assert after.status == "answered"
    assert [value.period for value in after.values] == ["2024"]
    assert "Orrindale Instruments Corporation, FY2023: revenue withheld, a check failed" in after.text
    assert "2,2" not in after.text


def draft(library: Library, evidence: Evidence) -> Draft:
    return Draft(evidence.query, evidence, library, Watch())


def evidence_of(question: str, library: Library) -> Evidence:
    return assistant(library, PointingGenerator("abstain(not_reported)")).ask(question).evidence


def with_cell(evidence: Evidence, **changes: object) -> Evidence:
    """The evidence with its first line's first cell changed."""
    line = evidence.lines[0]
    cell = replace(line.cells[0], **changes)  # type: ignore[arg-type]
    return replace(evidence, lines=(replace(line, cells=(cell, *line.cells[1:])), *evidence.lines[1:]))


@pytest.mark.parametrize(
    ("changes", "failing"),
    [
        ({}, []),
        ({"value": Decimal("2436700000")}, ["source"]),
        ({"value": Decimal("2426.7")}, ["source"]),
        ({"scale": 3}, ["source"]),
        ({"span": Span(0, None, None, None, (0, 5))}, ["source"]),
        ({"span": Span(0, None, None, None, None), "tag": None}, ["source"]),
    ],
)
def test_the_source_is_read_again(changes: dict[str, object], failing: list[str], library: Library) -> None:
    evidence = with_cell(evidence_of(REVENUE, library), **changes)
    outcome = execute(parse_program("value(E1[2024])"), evidence)
    checks = verify(outcome, evidence, library, None)
    assert [check.name for check in checks if not check.passed] == failing


def test_a_tagged_fact_that_is_not_printed_passes_and_says_so(library: Library) -> None:
    evidence = with_cell(evidence_of(REVENUE, library), span=Span(0), tag="us-gaap:Revenues")
    outcome = execute(parse_program("value(E1[2024])"), evidence)
    (source,) = [check for check in verify(outcome, evidence, library, None) if check.name == "source"]
    assert source.passed
    assert "tagged without being printed" in source.detail


def test_a_page_that_is_not_there_is_an_error_and_no_pass(library: Library) -> None:
    from ingest.errors import LibraryError

    evidence = with_cell(evidence_of(REVENUE, library), span=Span(999, chars=(0, 5)))
    with pytest.raises(LibraryError, match="no page 1000"):
        verify(execute(parse_program("value(E1[2024])"), evidence), evidence, library, None)


def test_a_quotation_is_read_again(library: Library) -> None:
    evidence = evidence_of("Describe the collective agreements in Germany and the Netherlands of Orrindale.", library)
    line = next(line for line in evidence.lines if "collective agreements" in line.label)
    honest = replace(evidence, lines=(line,))
    program = parse_program(f"quote({line.id})")
    assert [c.name for c in verify(execute(program, honest), honest, library, None) if not c.passed] == []
    for forged in (
        replace(line, label=line.label.replace("410", "510")),
        replace(line, span=replace(line.span, chars=(0, 40))),
        replace(line, span=replace(line.span, chars=None)),
    ):
        evil = replace(evidence, lines=(forged,))
        failed = [check.name for check in verify(execute(program, evil), evil, library, None) if not check.passed]
        assert failed == ["source"]


def test_a_quoted_row_is_read_again_cell_by_cell(library: Library) -> None:
    evidence = evidence_of(REVENUE, library)
    program = parse_program("quote(E1)")
    assert all(c.passed for c in verify(execute(program, evidence), evidence, library, None) if c.name == "source")
    evil = with_cell(evidence, value=Decimal(7))
    assert not all(c.passed for c in verify(execute(program, evil), evil, library, None) if c.name == "source")


def test_a_quotation_of_another_year_is_withheld(library: Library) -> None:
    evidence = evidence_of("Describe the collective agreements in Germany and the Netherlands of Orrindale.", library)
    line = next(line for line in evidence.lines if "collective agreements" in line.label)
    old = replace(evidence, lines=(replace(line, fiscal_year=2011),))
    checks = verify(execute(parse_program(f"quote({line.id})"), old), old, library, None)
    assert [check.name for check in checks if not check.passed] == ["period"]


def test_sources_that_do_not_agree_are_a_remark(library: Library) -> None:
    evidence = evidence_of(REVENUE, library)
    outcome = execute(parse_program("value(E1[2024])"), evidence)
    own = Conflict("revenue", "2024", "1 in a", "2 in b", evidence.query.companies[0])
    (remark,) = [c for c in verify(outcome, replace(evidence, conflicts=(own,)), library, None) if not c.passed]
    assert (remark.name, remark.binding) == ("agreement", False)
    for other in (replace(own, company="Marrowby Foods, Inc."), replace(own, key="2023"), replace(own, concept="x")):
        assert all(c.passed for c in verify(outcome, replace(evidence, conflicts=(other,)), library, None))


def test_sources_that_end_the_period_on_different_days_withhold_the_answer(library: Library) -> None:
    evidence = evidence_of(REVENUE, library)
    outcome = execute(parse_program("value(E1[2024])"), evidence)
    conflict = Conflict("revenue", "2024", "1 in a", "2 in b", evidence.query.companies[0], on_period=True)
    (failed,) = [c for c in verify(outcome, replace(evidence, conflicts=(conflict,)), library, None) if not c.passed]
    assert (failed.name, failed.binding) == ("agreement", True)


def test_only_a_concept_turns_a_sign(library: Library) -> None:
    evidence = with_cell(evidence_of(REVENUE, library), value=Decimal("-2426700000"))
    program = parse_program("value(E1[2024])")
    assert all(check.passed for check in verify(execute(program, evidence), evidence, library, None))
    plain = replace(evidence, lines=(replace(evidence.lines[0], concept=None), *evidence.lines[1:]))
    failed = [c.name for c in verify(execute(program, plain), plain, library, None) if not c.passed]
    assert "source" in failed


def test_a_text_with_a_number_that_nothing_supports_is_withheld(library: Library) -> None:
    evidence = evidence_of(REVENUE, library)
    made = draft(library, evidence)
    made.run(parse_program("value(E1[2024])"), None)
    made.sentences.append("It will be $3,000 million next year.")
    answer = made.finish()
    assert answer.status == "abstained"
    assert [(c.name, c.detail) for c in answer.checks if not c.passed] == [("numbers", "without support: 3,000")]


@pytest.mark.parametrize(
    ("text", "allowed", "stray"),
    [
        ("revenue 2,426.7 [1]", ["2426.7", "1"], ()),
        ("revenue 2,426.70", ["$2,426.7 million"], ()),
        ("revenue 2,426.8", ["2426.7"], ("2,426.8",)),
        ("revenue 2,426", ["2426.7"], ("2,426",)),
        ("page 12 of 2024", ["2024"], ("12",)),
        ("nothing", [], ()),
        ("1,000 and 1000", ["1000"], ()),
    ],
)
def test_numbers_without_support(text: str, allowed: list[str], stray: tuple[str, ...]) -> None:
    assert unsupported_numbers(text, allowed) == stray


def test_words_that_a_text_covers(library: Library) -> None:
    query = evidence_of("Which collective agreements in Germany does Orrindale have?", library).query
    assert words_covered(query, "About 410 employees in Germany are covered by a collective agreement.")[0] == 1.0
    share, missing = words_covered(query, "Germany is a country.")
    assert share < 0.5
    assert "collective" in missing
    assert words_covered(replace(query, unread=(), things=()), "anything") == (0.0, ())


@pytest.mark.parametrize(
    ("word", "expected"), [("agreements", "agreement"), ("policies", "polic"), ("gas", "gas"), ("growing", "grow")]
)
def test_stems(word: str, expected: str) -> None:
    assert stem(word) == expected


def test_cells_without_their_company_belong_to_nobody(library: Library) -> None:
    evidence = evidence_of(REVENUE, library)
    anonymous = replace(evidence, lines=(replace(evidence.lines[0], company=None),))
    checks = verify(execute(parse_program("value(E1[2024])"), anonymous), anonymous, library, None)
    assert [check.name for check in checks if not check.passed] == ["company"]


def test_an_operand_is_a_line_and_its_cell(library: Library) -> None:
    evidence = evidence_of(REVENUE, library)
    outcome = execute(parse_program("value(E1[2024])"), evidence)
    line: EvidenceLine = evidence.lines[0]
    cell: EvidenceCell = line.cells[0]
    assert outcome.operands == (Operand(line, cell),)
