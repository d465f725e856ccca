from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest

from index.candidates import is_attached
from index.contract import FilingRecord
from index.filing_weights import (
    LATEST,
    NEAR_PERIOD,
    OF_CALENDAR_YEAR,
    OF_DAY,
    OF_FORM,
    OF_PERIOD,
    filing_weights,
)
from index.library import Library
from index.query import understand
from index.ranking import find_passages
from ingest.filing import Identity
from ingest.vocabulary import built_in_vocabulary
from tests.assistant.desk import EMBEDDER, fill, write_examples

VOCABULARY = built_in_vocabulary()


def record(name: str, year: int, end: date, quarter: int | None = None, form: str = "10-K") -> FilingRecord:
    identity = Identity("Acme Corp.", None, None, form, year, quarter, end, fiscal_year_end=(1, 31))
    return FilingRecord(name, f"{name}.pdf", f"/{name}.pdf", "application/pdf", identity, 1, 1, 1, 1, (), "")


SHELF = [
    record("2021", 2021, date(2022, 1, 29)),
    record("2022", 2022, date(2023, 1, 28)),
    record("2023Q1", 2023, date(2023, 4, 29), 1, "10-Q"),
    record("2023Q4", 2023, date(2024, 2, 3), 4, "earnings release"),
    record("meeting", 2023, date(2023, 5, 17), 2, "8-K"),
]


def weights(question: str) -> dict[str, float]:
    return filing_weights(understand(question, SHELF, VOCABULARY), SHELF)


def test_a_year_is_told_of_by_its_own_report_first() -> None:
    assert weights("What drove Acme's sales in FY2022?") == {
        "2021": OF_CALENDAR_YEAR,
        "2022": OF_PERIOD,
        "2023Q1": 1.0,
        "2023Q4": NEAR_PERIOD,
        "meeting": 1.0,
    }


def test_a_quarter_is_told_of_by_its_own_report_and_the_fourth_by_the_year_s() -> None:
    assert weights("What drove Acme's sales in Q1 2023?")["2023Q1"] == OF_PERIOD
    assert weights("What drove Acme's sales in Q1 2023?")["2022"] == NEAR_PERIOD
    assert weights("What drove Acme's sales in Q4 2022?")["2022"] == OF_PERIOD


def test_a_year_to_come_is_told_of_by_the_latest_report() -> None:
    assert weights("What does Acme expect for FY2025?")["2023Q4"] == NEAR_PERIOD
    assert weights("What does Acme expect for FY2025?")["2022"] == 1.0


def test_the_latest_year_comes_first_where_no_period_is_named() -> None:
    found = weights("Is Acme's business cyclical?")
    assert found["2023Q4"] == LATEST
    assert 1.0 == found["2021"] < found["2022"] < LATEST


def test_a_day_is_told_of_by_what_is_about_it() -> None:
    found = weights("Which proposal failed at Acme's meeting held on May 16, 2023?")
    assert found == {name: OF_DAY if name == "meeting" else 1.0 for name in found}
    later = [replace(SHELF[0], identity=replace(SHELF[0].identity, filing_date=date(2022, 3, 30)))]
    query = understand("What did Acme announce on March 24, 2022?", later, VOCABULARY)
    assert filing_weights(query, later) == {"2021": OF_DAY}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    pytest.importorskip("reportlab", reason="the examples extra is not installed")
    folder = tmp_path_factory.mktemp("ranking")
    with Library.open(folder / "library", create=True) as opened:
        fill(opened, write_examples(folder / "filings"))
        yield opened


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("Does Orrindale have a healthy working capital as of FY2024?", "balance"),
        ("Is Orrindale's operating margin in FY2024 a good one?", "income"),
        ("Is Orrindale able to cover its capital expenditure in FY2024?", "cash_flow"),
    ],
)
def test_the_statement_that_holds_the_figures_comes_first(question: str, statement: str, library: Library) -> None:
    found = find_passages(understand(question, library.filings(), VOCABULARY), library, EMBEDDER, 1)
    statements = library.statements([found[0].filing_id])
    assert statements[found[0].filing_id, found[0].passage.table or ""] == statement


def test_a_cause_is_found_in_the_discussion(library: Library) -> None:
    query = understand("What drove Orrindale's operating margin in FY2024?", library.filings(), VOCABULARY)
    found = find_passages(query, library, EMBEDDER, 1)
    assert "Discussion and Analysis" in found[0].passage.context


def test_passages_of_one_page_stand_together(library: Library) -> None:
    query = understand("Orrindale revenue by segment in FY2024", library.filings(), VOCABULARY)
    places = [(record.filing_id, record.passage.span.page) for record in find_passages(query, library, EMBEDDER, 40)]
    changes = sum(one != other for one, other in pairwise(places))
    assert changes == len(set(places)) - 1


def test_only_the_query_s_filings_are_ranked(library: Library) -> None:
    query = understand("Marrowby's capital expenditure in FY2024", library.filings(), VOCABULARY)
    found = find_passages(query, library, EMBEDDER, 100)
    assert found
    assert {record.filing_id for record in found} <= set(query.filing_ids)
    assert find_passages(replace(query, filing_ids=()), library, EMBEDDER, 100) == []


def test_a_form_that_is_named_counts_more() -> None:
    found = weights("What did Acme's 8-K of 2023 report?")
    assert found["meeting"] == NEAR_PERIOD * OF_FORM
    assert found["2022"] == weights("What did Acme report in 2023?")["2022"]


@pytest.mark.parametrize("asked", ["the latest 10-K", "the most recent annual report on Form 10-K", "this 10K report"])
def test_the_newest_filing_of_the_form_is_meant(asked: str) -> None:
    found = weights(f"What does Acme say of its risks in {asked}?")
    assert found["2022"] == OF_PERIOD * OF_FORM
    assert max(found, key=lambda name: found[name]) == "2022"


def test_a_year_that_is_named_comes_before_the_newest_filing() -> None:
    found = weights("What does Acme say of its risks in this 10-K for FY2021?")
    assert max(found, key=lambda name: found[name]) == "2021"


def test_what_is_attached_to_a_filing_counts_less() -> None:
    assert is_attached("Acme Corp. 10-K FY2022 | Exhibit 10.6 | page 171")
    assert is_attached("Acme Corp. 10-K FY2022 | Part IV > Signatures | page 128")
    assert not is_attached("Acme Corp. 8-K FY2022 | Exhibit 99.1 > Outlook | page 4")
    assert not is_attached("Acme Corp. 10-K FY2022 | Exhibit 13 > Note 4. Debt | page 30")
    assert not is_attached("Acme Corp. 10-K FY2022 | Part IV > Item 15. Exhibits | page 120")
