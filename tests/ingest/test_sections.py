from __future__ import annotations

from ingest.filing import Line, Page, Table
from ingest.sections import find_sections, section_titles


def page(index: int, *lines: str) -> Page:
    placed, position = [], 0
    for line in lines:
        placed.append(Line(line, (position, position + len(line))))
        position += len(line) + 1
    return Page(index, None, "\n".join(lines), tuple(placed), 612.0, 792.0)


def statement(first: int, last: int) -> Table:
    from ingest.filing import Row, Span

    rows = tuple(Row(f"Row {k}", 0, (), (), Span(first)) for k in range(6))
    return Table("t1", "Balance Sheet", "balance", (), rows, 6, "USD", None, first, last)


CONTENTS = page(
    0, "Item 1. Business 3", "Item 1A. Risk Factors 9", "Item 2. Properties 20", "Item 7. MD&A 25", "Item 8. F 40"
)


def test_items_are_page_ranges_and_the_table_of_contents_is_none() -> None:
    pages = (
        CONTENTS,
        page(1, "Item 1. Business.", "We make things."),
        page(2, "more"),
        page(3, "ITEM 7 — Management’s Discussion and Analysis"),
        page(4, "Item 8: Financial Statements"),
        page(5, "the end"),
    )
    found = find_sections(pages, ())
    assert [(s.title, s.kind, s.number, s.first_page, s.last_page) for s in found] == [
        ("Item 1. Business", "item", "1", 1, 3),
        ("Item 7. Management’s Discussion and Analysis", "item", "7", 3, 4),
        ("Item 8. Financial Statements", "item", "8", 4, 5),
    ]


def test_a_mention_of_an_item_begins_no_section() -> None:
    pages = (page(0, "Item 7 of this report, and elsewhere"), page(1, "Item 8 contains the statements"))
    assert find_sections(pages, ()) == ()


def test_a_repeated_running_head_goes_on() -> None:
    pages = (page(0, "Item 7. Discussion"), page(1, "Item 7. Discussion"), page(2, "Item 8. Statements"))
    assert [(s.number, s.first_page, s.last_page) for s in find_sections(pages, ())] == [("7", 0, 2), ("8", 2, 2)]


def test_notes_and_statements_stand_inside_their_item() -> None:
    pages = (
        page(0, "Item 8. Financial Statements"),
        page(1, "Balance Sheet"),
        page(2, "NOTE 1. Significant Accounting Policies"),
        page(3, "Note 2 - Revenue"),
        page(4, "Item 9. Changes in Accountants"),
    )
    eight, nine = find_sections(pages, (statement(1, 1),))
    assert [(s.title, s.kind, s.first_page) for s in eight.children] == [
        ("Balance sheet", "statement", 1),
        ("Note 1. Significant Accounting Policies", "note", 2),
        ("Note 2. Revenue", "note", 3),
    ]
    assert nine.children == ()


def test_titles_lead_from_the_outermost_to_the_page() -> None:
    pages = tuple(page(k, *lines) for k, lines in enumerate([("Item 8. Statements",), ("Note 3. Debt",), ("more",)]))
    sections = find_sections(pages, ())
    assert section_titles(sections, 0) == ("Item 8. Statements",)
    assert section_titles(sections, 2) == ("Item 8. Statements", "Note 3. Debt")
    assert section_titles(sections, 9) == ()


def test_a_document_without_pages_has_no_sections() -> None:
    assert find_sections((), ()) == ()
