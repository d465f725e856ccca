from __future__ import annotations

from collections.abc import Sequence

from ingest.filing import Page
from ingest.sections import find_sections
from ingest.structure.outline import MOST_HEADINGS
from tests.ingest.test_sections import BODY, flat, page
from tests.ingest.test_statement_pages import BALANCE, INCOME


def titles(*pages: Page, outline: Sequence[tuple[int, str, int]] = ()) -> list[tuple[str, int, int]]:
    return [(s.title, s.first_page, s.last_page) for s in flat(find_sections(pages, outline), "heading")]


def test_bookmarks_are_headings_where_there_are_no_items() -> None:
    pages = [page(k, BODY) for k in range(4)]
    outline = [(0, "Letter to shareholders", 0), (0, "Strategy", 1), (1, "Markets", 2), (0, "Governance", 3)]
    (letter, strategy, governance) = find_sections(pages, outline)
    assert [(s.title, s.first_page, s.last_page) for s in (letter, strategy, governance)] == [
        ("Letter to shareholders", 0, 0),
        ("Strategy", 1, 2),
        ("Governance", 3, 3),
    ]
    assert [s.title for s in strategy.children] == ["Markets"]


def test_a_bookmark_begins_at_the_line_that_prints_it_and_a_lone_root_is_none() -> None:
    pages = [page(0, BODY, "Outlook", BODY), page(1, BODY)]
    found = find_sections(pages, [(0, "Q4 release final.pdf", 0), (1, "Outlook", 0), (1, "Risk factors", 1)])
    assert [(s.title, s.start) for s in found] == [("Outlook", len(BODY) + 1), ("Risk factors", 0)]


def test_the_bookmarks_of_a_form_do_not_stand_beside_its_items() -> None:
    pages = [page(0, "Item 1. Business", BODY), page(1, "Item 2. Properties", BODY)]
    assert titles(*pages, outline=[(0, "Cover", 0), (0, "Business", 1)]) == []


def test_a_table_of_contents_tells_headings_where_there_are_no_bookmarks() -> None:
    entries = ("Our year 1", "Chair’s letter 2", "Strategy 3", "Risk management 4", "Remuneration report 5")
    pages = [page(0, "Contents", *entries), *(page(k, BODY, str(k)) for k in range(1, 7))]
    pages[3] = page(3, "Strategy", BODY, "3")
    assert titles(*pages) == [
        ("Our year", 1, 1),
        ("Chair’s letter", 2, 2),
        ("Strategy", 3, 3),
        ("Risk management", 4, 4),
        ("Remuneration report", 5, 6),
    ]


def test_short_capitalised_lines_between_paragraphs_are_headings() -> None:
    running = "Acme Corporation"
    pages = [
        page(0, running, "Third Quarter Highlights", BODY, "in the middle of", "Sales And Costs", "short"),
        page(1, running, "FORWARD-LOOKING STATEMENTS", BODY),
        page(2, running, BODY),
    ]
    assert titles(*pages) == [("Third Quarter Highlights", 0, 0), ("FORWARD-LOOKING STATEMENTS", 1, 2)]


def test_statements_end_headings_and_hold_none() -> None:
    pages = [
        page(0, "About Acme", BODY),
        page(1, "Consolidated Statements of Income", *INCOME),
        page(2, "Consolidated Balance Sheets", *BALANCE[:10], "EQUITY", BODY, *BALANCE[10:]),
        page(3, "Non-GAAP Measures", BODY),
    ]
    assert [(s.kind, s.first_page, s.last_page) for s in find_sections(pages)] == [
        ("heading", 0, 0),
        ("statement", 1, 1),
        ("statement", 2, 2),
        ("heading", 3, 3),
    ]


def test_no_number_of_bookmarks_holds_up_the_reading() -> None:
    pages = [page(k, BODY) for k in range(3)]
    outline = [(k % 4, f"Heading number {k}", k % 3) for k in range(50_000)]
    assert 0 < len(flat(find_sections(pages, outline), "heading")) <= MOST_HEADINGS
