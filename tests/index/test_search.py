from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from index.candidates import search_terms
from index.evidence import Evidence
from index.library import Library
from index.query import Query, understand
from index.ranking import find_passages
from index.search import LINES, search, search_figures
from ingest.vocabulary import built_in_vocabulary
from model.embedder import HashEmbedder
from tests.assistant.desk import EMBEDDER, fill, write_examples

VOCABULARY = built_in_vocabulary()
COMPANIES = {"Orrindale": "Orrindale Instruments Corporation", "Marrowby": "Marrowby Foods, Inc."}
SUBJECTS = (
    "revenue",
    "employees",
    "segments",
    "flour and wheat",
    "mass spectrometers",
    "litigation",
    "dividends",
    "risk factors",
    "leases",
    "the acquisition of Thalvern",
    "bread and rolls",
)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    pytest.importorskip("reportlab", reason="the examples extra is not installed")
    folder = tmp_path_factory.mktemp("search")
    with Library.open(folder / "library", create=True) as opened:
        fill(opened, write_examples(folder / "filings"))
        yield opened


def ask(question: str, library: Library) -> Query:
    return understand(question, library.filings(), VOCABULARY)


def sheet(question: str, library: Library) -> Evidence:
    return search(ask(question, library), library, EMBEDDER)


@pytest.mark.parametrize("company", COMPANIES)
def test_no_line_is_of_another_company(company: str, library: Library) -> None:
    numbers = random.Random(company)
    for subject in SUBJECTS:
        period = numbers.choice(["in FY2024", "in Q2 2024", "in 2023", ""])
        evidence = sheet(f"What does {company} say about {subject} {period}?", library)
        assert evidence.lines, subject
        assert {line.company for line in evidence.lines} == {COMPANIES[company]}, subject


def test_a_company_that_is_not_there_gives_an_empty_sheet(library: Library) -> None:
    evidence = sheet("What does Zenith say about revenue?", library)
    assert evidence.lines == ()
    assert evidence.search.eligible == 0
    assert evidence.search.total == library.eligible(None)
    assert evidence.search.scope == "Zenith"


def test_an_empty_set_of_filings_embeds_nothing(library: Library) -> None:
    class Broken(HashEmbedder):
        def embed(self, texts: Sequence[str], *, progress: object = None) -> NDArray[np.float32]:
            raise AssertionError("embedded")

    query = ask("What does Zenith say about revenue?", library)
    assert search(query, library, Broken()).lines == ()


def test_the_filter_comes_before_the_scoring(library: Library) -> None:
    """The passages nearest to the question are the other company's; it must not crowd the asked one out."""
    query = replace(ask("Marrowby", library), text="mass spectrometers chromatographs laboratories Orrindale")
    found = find_passages(query, library, EMBEDDER, 8)
    assert len(found) == 8
    assert {record.filing_id for record in found} == set(query.filing_ids)


def test_lines_are_numbered_from_one_without_gaps(library: Library) -> None:
    for subject in SUBJECTS:
        lines = sheet(f"Orrindale {subject}", library).lines
        assert [line.id for line in lines] == [f"E{number}" for number in range(1, len(lines) + 1)]
        assert len(lines) <= LINES


def test_no_line_stands_twice(library: Library) -> None:
    for subject in SUBJECTS:
        lines = sheet(f"Orrindale {subject}", library).lines
        places = [(line.filing_id, line.span.page, line.span.chars, line.label) for line in lines]
        assert len(set(places)) == len(places)


def test_the_sheet_is_as_long_as_is_asked_for(library: Library) -> None:
    query = ask("Orrindale revenue by segment", library)
    assert len(search(query, library, EMBEDDER, lines=5).lines) == 5


def test_a_sentence_can_be_read_again_where_it_stands(library: Library) -> None:
    seen = 0
    for subject in SUBJECTS:
        for company in COMPANIES:
            for line in sheet(f"{company} {subject}", library).lines:
                if line.kind == "sentence":
                    assert line.span.chars is not None
                    page = library.page(line.filing_id, line.span.page)
                    assert squeezed(page.text[slice(*line.span.chars)]) == squeezed(line.label)
                    seen += 1
    assert seen > 100


def test_a_figure_can_be_read_again_where_it_stands(library: Library) -> None:
    seen = 0
    for subject in SUBJECTS:
        for company in COMPANIES:
            for line in sheet(f"{company} {subject} tables", library).lines:
                for cell in line.cells:
                    assert cell.span.chars is not None
                    page = library.page(line.filing_id, cell.span.page)
                    assert squeezed(page.text[slice(*cell.span.chars)]) == squeezed(cell.printed)
                    seen += 1
    assert seen > 100


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_keys_of_a_line_are_unique(library: Library) -> None:
    for subject in SUBJECTS:
        for line in sheet(f"Orrindale {subject}", library).lines:
            keys = [cell.key for cell in line.cells]
            assert len(set(keys)) == len(keys), line


def test_words_that_are_rare_find_their_passage(library: Library) -> None:
    evidence = sheet("What does Orrindale say about collective agreements in Germany and the Netherlands?", library)
    assert any("collective agreements" in line.label for line in evidence.lines)


def test_figures_alone_need_no_embedder_and_no_passages(library: Library) -> None:
    from index.asked_periods import AskedPeriod
    from index.figures import Wanted

    query = ask("What was Orrindale's revenue in FY2024?", library)
    wanted = [Wanted(query.companies[0], VOCABULARY.concepts["revenue"], AskedPeriod(2024))]
    evidence = search_figures(query, library, wanted)
    (line,) = evidence.lines
    assert (line.id, line.concept, line.kind) == ("E1", "revenue", "row")
    assert line.cell("2024") is not None
    assert line.cell("2023") is None


def test_a_figure_that_was_found_is_not_listed_again_as_a_row(library: Library) -> None:
    from index.asked_periods import AskedPeriod
    from index.figures import Wanted

    query = ask("What was Marrowby's net sales in Q2 2024?", library)
    wanted = [Wanted(query.companies[0], VOCABULARY.concepts["revenue"], AskedPeriod(2024, 2))]
    first, *rest = search(query, library, EMBEDDER, wanted=wanted).lines
    assert first.concept == "revenue"
    same = [line for line in rest if line.label == first.label and line.span.page == first.span.page and line.cells]
    assert [line for line in same if line.cells[0].printed == first.cells[0].printed] == []


def test_the_account_counts_passages(library: Library) -> None:
    evidence = sheet("What was Marrowby's revenue in Q2 2024?", library)
    total = library.eligible(None)
    own = library.eligible(evidence.query.filing_ids)
    assert 0 < own < total
    told = evidence.search.describe()
    assert told.startswith(
        f"searched {own} of {total} passages: Marrowby Foods, Inc., Q2 FY2024; best pages ordered by "
    )
    assert search_figures(evidence.query, library, ()).search.ranker == ""


def test_search_terms_leave_out_small_words_and_add_names(library: Library) -> None:
    terms = search_terms(ask("What was the capex of Orrindale in FY2024?", library))
    assert "the" not in terms
    assert "capex" in terms
    assert "capital expenditure" in terms
    assert len(set(terms)) == len(terms)


def test_the_same_question_finds_the_same_passages(library: Library) -> None:
    query = ask("Marrowby net sales in Q2 2024", library)
    found = find_passages(query, library, EMBEDDER, 5)
    assert len(found) == 5
    assert find_passages(query, library, EMBEDDER, 5) == found


def test_a_line_in_words(library: Library) -> None:
    evidence = sheet("What were Marrowby's segment net sales of Frozen Dough in Q2 2024?", library)
    line = next(line for line in evidence.lines if line.path == ("Net sales:",) and line.label == "Frozen Dough")
    assert line.describe().startswith("Frozen Dough [Net sales:] | Three Months Ended March 30, 2024: 96,447; ")
    assert evidence.line(line.id) is line
    assert evidence.line("E999") is None
    prose = next(line for line in evidence.lines if line.kind == "sentence")
    assert prose.describe() == prose.label


def test_tables_have_their_columns_in_place(library: Library) -> None:
    """The search looks columns up by their number, so their order must be their numbering."""
    for filing in library.filings():
        for table in library.tables(filing.id):
            assert [column.index for column in table.columns] == list(range(len(table.columns)))
            assert all(0 <= cell.column < len(table.columns) for row in table.rows for cell in row.cells)


def test_what_two_files_of_one_filing_say_stands_on_the_sheet_once(library: Library) -> None:
    lines = sheet("What does Orrindale say about mass spectrometers in Germany?", library).lines
    said = [
        (line.company, line.label, line.path, tuple((cell.column, cell.printed) for cell in line.cells))
        for line in lines
    ]
    assert len(set(said)) == len(said) > 5
