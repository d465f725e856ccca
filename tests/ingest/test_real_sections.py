"""Sections of real filings, against what a person found in them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from ingest.filing import Filing, Section
from ingest.read import read_filing
from ingest.sections import section_titles

DATA = Path(os.environ.get("TIEOUT_DATA", "../shared/data"))
PDFS, PAGES = DATA / "financebench" / "pdfs", DATA / "edgar" / "html"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (PDFS.is_dir() and PAGES.is_dir()), reason="the measuring data is not there"),
]


@cache
def filing(name: str) -> Filing:
    return read_filing(PDFS / name if name.endswith(".pdf") else PAGES / name)


def flat(sections: tuple[Section, ...]) -> Iterator[Section]:
    for section in sections:
        yield section
        yield from flat(section.children)


STATEMENTS = {
    "EBAY_2023Q2_EARNINGS.pdf": {"balance": [(6, 7)], "income": [(7, 7)], "cash_flow": [(7, 8)]},
    "COSTCO_2023Q1_EARNINGS.pdf": {"income": [(2, 2)], "balance": [(2, 3)]},
    "MCDONALDS_2023Q2_EARNINGS.pdf": {"income": [(4, 5)]},
    "FOOTLOCKER_2022_8K_dated-2022-05-20.pdf": {},
    "AMERICANWATERWORKS_2023Q2_10Q.pdf": {
        "balance": [(5, 6)],
        "income": [(7, 7)],
        "comprehensive_income": [(8, 8)],
        "cash_flow": [(9, 9)],
        "equity": [(10, 10)],
    },
    "lyft-20201231.htm": {
        "balance": [(80, 80)],
        "income": [(81, 81)],
        "comprehensive_income": [(82, 82)],
        "equity": [(83, 84)],
        "cash_flow": [(85, 86)],
    },
    "pg-10-q-2025-04-24.html": {
        "income": [(2, 2)],
        "comprehensive_income": [(2, 2)],
        "balance": [(3, 3)],
        "equity": [(4, 5)],
        "cash_flow": [(6, 6)],
    },
    "ibm-10-k-2025-02-25.html": {},
}


@pytest.mark.parametrize("name", STATEMENTS)
def test_the_statements_are_on_their_pages(name: str) -> None:
    found: dict[str, list[tuple[int, int]]] = {}
    for section in flat(filing(name).sections):
        if section.statement is not None:
            found.setdefault(section.statement, []).append((section.first_page, section.last_page))
    assert found == STATEMENTS[name]


def test_the_notes_of_a_filing_are_found_by_number_and_title() -> None:
    notes = [section for section in flat(filing("lyft-20201231.htm").sections) if section.kind == "note"]
    assert [section.number for section in notes] == [str(number) for number in range(1, 18)]
    assert (notes[15].title, notes[8].title) == ("Note 16. 401(k) Plan", "Note 9. Debt")


def test_items_are_found_through_a_cross_reference_index() -> None:
    sections = filing("INTC_10-K_0000050863-24-000010.html").sections
    items = {section.number: section for section in sections if section.kind == "item"}
    assert list(items) == ["1", "1A", "1C", "2", "3", "5", "7", "7A", "8", "9A", "9B", "10", "15"]
    assert [c.number for c in items["8"].children if c.kind == "note"] == [str(number) for number in range(1, 20)]


def test_the_items_of_a_closing_page_are_sections_and_passages_of_their_own() -> None:
    read = filing("GOOG_10-K_0001652044-24-000022.html")
    items = [s for s in flat(read.sections) if s.kind == "item" and s.first_page == s.last_page == 90]
    assert [section.number for section in items] == ["10", "11", "12", "13", "14"]
    said = {p.section for p in read.passages if p.span.page == 90 and "required by this item" in p.text}
    assert said == {section.title for section in items}


@pytest.mark.parametrize("name", ["GOOG_10-K_0001652044-24-000022.html", "lyft-20201231.htm"])
def test_every_passage_lies_in_the_section_that_it_names(name: str) -> None:
    read = filing(name)
    for passage in read.passages:
        if passage.kind == "prose" and passage.span.chars is not None:
            titles = section_titles(read.sections, passage.span.page, passage.span.chars[0])
            assert passage.section == (titles[-1] if titles else None)
