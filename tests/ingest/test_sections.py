from __future__ import annotations

from ingest.filing import Line, Page, Section
from ingest.sections import find_sections, section_titles

BODY = "We make things that people like, and we sell them in many countries of the world. " * 6


def page(index: int, *lines: str) -> Page:
    placed, position = [], 0
    for line in lines:
        placed.append(Line(line, (position, position + len(line))))
        position += len(line) + 1
    return Page(index, None, "\n".join(lines), tuple(placed), 612.0, 792.0)


def flat(sections: tuple[Section, ...], kind: str) -> list[Section]:
    found = []
    for section in sections:
        found += [section] * (section.kind == kind) + flat(section.children, kind)
    return found


def places(sections: tuple[Section, ...], kind: str = "item") -> list[tuple[str | None, int, int, int, int | None]]:
    return [(s.number, s.first_page, s.start, s.last_page, s.end) for s in flat(sections, kind)]


CONTENTS = page(
    0, "Item 1. Business 3", "Item 1A. Risk Factors 9", "Item 2. Properties 20", "Item 7. MD&A 25", "Item 8. F 40"
)


def test_items_are_ranges_in_their_parts_and_the_table_of_contents_is_none() -> None:
    pages = (
        CONTENTS,
        page(1, "PART I", "Item 1. Business.", BODY),
        page(2, "more"),
        page(3, "PART II", "ITEM 7 — Management’s Discussion and Analysis", BODY),
        page(4, BODY, "Item 8: Financial Statements", BODY),
        page(5, "the end"),
    )
    found = find_sections(pages)
    assert [(s.title, s.kind, s.number, s.first_page, s.last_page) for s in found] == [
        ("Part I", "part", "I", 1, 2),
        ("Part II", "part", "II", 3, 5),
    ]
    assert [s.title for s in flat(found, "item")] == [
        "Item 1. Business",
        "Item 7. Management’s Discussion and Analysis",
        "Item 8. Financial Statements",
    ]
    border = len(BODY) + 1
    assert places(found) == [("1", 1, 7, 2, None), ("7", 3, 8, 4, border), ("8", 4, border, 5, None)]


def test_a_closing_page_that_names_many_items_is_no_table_of_contents() -> None:
    reference = "The information required by this item is incorporated by reference to the proxy statement."
    titles = (
        "Item 10. Directors, Executive Officers and Corporate Governance",
        "Item 11. Executive Compensation",
        "Item 12. Security Ownership of Certain Beneficial Owners",
        "Item 13. Certain Relationships and Related Transactions",
        "Item 14. Principal Accountant Fees and Services",
    )
    last = page(2, "PART III", *(line for title in titles for line in (title, reference)))
    found = find_sections((CONTENTS, page(1, "Item 1. Business", BODY), last))
    assert [s.title for s in flat(found, "item")] == ["Item 1. Business", *titles]
    ten, eleven = flat(found, "item")[1:3]
    assert (ten.first_page, ten.last_page, ten.end) == (2, 2, eleven.start)
    assert last.text[ten.start : ten.end].endswith("proxy statement.\n")


def test_the_items_of_a_quarterly_report_are_numbered_anew_in_its_second_part() -> None:
    pages = (
        page(0, "PART I. FINANCIAL INFORMATION", "Item 1. Financial Statements", BODY),
        page(1, "Item 2. Management’s Discussion and Analysis", BODY, "Item 4. Controls and Procedures", BODY),
        page(2, "PART II. OTHER INFORMATION", "Item 1. Legal Proceedings", BODY, "Item 6. Exhibits", BODY),
    )
    first, second = find_sections(pages)
    assert [s.number for s in first.children] == ["1", "2", "4"]
    assert [s.number for s in second.children] == ["1", "6"]
    assert second.title == "Part II. OTHER INFORMATION"
    assert section_titles((first, second), 2, second.children[0].start) == (
        "Part II. OTHER INFORMATION",
        "Item 1. Legal Proceedings",
    )


def test_an_item_that_its_page_does_not_name_is_found_through_the_contents() -> None:
    numbered = [page(k, BODY, str(k)) for k in range(1, 8)]
    contents = page(
        0,
        "Item 1. Financial Statements 1",
        "Item 2. Management’s Discussion and Analysis 4",
        "Item 4. Controls and Procedures 6",
        "Item 6. Exhibits 7",
    )
    numbered[3] = page(4, "Item 2. Management’s Discussion and Analysis", BODY, "4")
    numbered[6] = page(7, "Item 6. Exhibits", BODY, "7")
    found = find_sections((contents, *numbered))
    assert places(found) == [("1", 1, 0, 3, None), ("2", 4, 0, 5, None), ("4", 6, 0, 6, None), ("6", 7, 0, 7, None)]


def test_a_cross_reference_index_gives_an_item_several_ranges_and_one_without_pages_none() -> None:
    index = page(
        9,
        "Form 10-K Cross-Reference Index",
        "Item 1.  Business:",
        "General development of business  Pages 1-2, 5",
        "Item 1A.  Risk Factors  Pages 3-4",
        "Item 1B.  Unresolved Staff Comments  None",
        "Item 7.  Management’s Discussion and Analysis  Page 6",
        "Item 8.  Financial Statements  Pages 7-8",
        "Item 11.  Executive Compensation  (a)",
    )
    found = find_sections((*(page(k, BODY, str(k + 1)) for k in range(9)), index))
    assert [(s.number, s.first_page, s.last_page, s.elsewhere) for s in flat(found, "item")] == [
        ("1", 0, 1, ((4, 4),)),
        ("1A", 2, 3, ()),
        ("7", 5, 5, ()),
        ("8", 6, 7, ()),
    ]
    assert section_titles(found, 4) == ("Item 1. Business",)


def test_items_that_an_index_sends_to_one_page_begin_at_their_headings_there() -> None:
    index = page(
        4,
        "Form 10-K Cross-Reference Index",
        "Item 1.  Business  Pages 1-2",
        "Item 1A.  Risk Factors  Page 3",
        "Item 2.  Properties  Page 3",
        "Item 8.  Financial Statements  Page 4",
    )
    shared = page(2, "Risk Factors", BODY, "Properties", BODY, "3")
    found = find_sections((page(0, BODY, "1"), page(1, BODY, "2"), shared, page(3, BODY, "4"), index))
    assert section_titles(found, 2, 20) == ("Item 1A. Risk Factors",)
    assert section_titles(found, 2, shared.lines[2].chars[0]) == ("Item 2. Properties",)


def test_the_notes_end_with_the_pages_of_the_item_that_an_index_gives() -> None:
    index = page(
        4,
        "Item 1.  Business  Page 1",
        "Item 1A.  Risk Factors  Page 4",
        "Item 3.  Legal Proceedings  Page 3",
        "Item 8.  Financial Statements  Pages 2-3",
    )
    notes = page(1, "Note 1. Basis of Presentation", BODY, "2"), page(2, "Note 2. Contingencies", BODY, "3")
    found = find_sections((page(0, BODY, "1"), *notes, page(3, BODY, "4"), index))
    assert [(s.title, [c.number for c in s.children]) for s in found if s.children] == [
        ("Item 8. Financial Statements", ["1", "2"])
    ]
    assert [(s.first_page, s.last_page) for s in flat(found, "note")] == [(1, 1), (2, 2)]


def test_the_first_item_may_begin_below_the_table_of_contents() -> None:
    contents = page(0, *(line.text for line in CONTENTS.lines), "Item 1. Business", BODY)
    found = find_sections((contents, page(1, BODY), page(2, "Item 2. Properties", BODY)))
    assert [(s.number, s.first_page) for s in flat(found, "item")][:2] == [("1", 0), ("2", 2)]


def test_entries_of_contents_may_lack_the_word_item() -> None:
    contents = page(
        0, "PART I", "1. Business 1", "1A. Risk Factors 2", "PART II", "7. MD&A 3", "PART III", "10. Directors 4"
    )
    bodies = (page(1, BODY, "1"), page(2, "Item 1A. Risk Factors", BODY, "2"), page(3, BODY, "3"), page(4, BODY, "4"))
    found = find_sections((contents, *bodies))
    assert [(s.number, s.first_page) for s in flat(found, "item")] == [("1", 1), ("1A", 2), ("7", 3), ("10", 4)]


def test_a_title_goes_on_on_the_next_line() -> None:
    lines = ("Item 5. Market for Registrant’s Common Equity and Issuer Purchases of", "Equity Securities", BODY)
    (item,) = flat(find_sections([page(0, *lines)]), "item")
    assert item.title == "Item 5. Market for Registrant’s Common Equity and Issuer Purchases of Equity Securities"


def test_two_items_under_one_heading_share_its_pages() -> None:
    pages = (page(0, "Items 1 and 2. Business and Properties", BODY), page(1, "Item 3. Legal Proceedings", BODY))
    assert places(find_sections(pages)) == [("1", 0, 0, 0, None), ("2", 0, 0, 0, None), ("3", 1, 0, 1, None)]


def test_the_items_and_exhibits_of_a_current_report() -> None:
    pages = (
        page(0, "Item 2.02 Results of Operations and Financial Condition.", BODY, "Item 9.01 Exhibits", "99.1 Release"),
        page(1, "SIGNATURE", "Pursuant to the requirements of the Securities Exchange Act of 1934, the registrant"),
        page(2, "Exhibit 99.1", BODY),
        page(3, "Exhibit 99.1", BODY),
    )
    found = find_sections(pages)
    assert [(s.title, s.kind, s.first_page, s.last_page) for s in found] == [
        ("Item 2.02. Results of Operations and Financial Condition", "item", 0, 0),
        ("Item 9.01. Exhibits", "item", 0, 0),
        ("Signatures", "signatures", 1, 1),
        ("Exhibit 99.1", "exhibit", 2, 3),
    ]


def test_a_mention_of_an_item_begins_no_section() -> None:
    pages = (page(0, "Item 7 of this report, and elsewhere"), page(1, "Item 8 contains the statements"))
    assert find_sections(pages) == ()


def test_a_heading_is_preferred_to_a_sentence_that_breaks_before_an_item() -> None:
    pages = (
        page(0, "Item 1. Business", BODY),
        page(
            1, "The risks that we know of are described further in Part I,", "Item 1A. Risk Factors, and in the notes."
        ),
        page(2, "Item 1A. Risk Factors", BODY),
    )
    assert places(find_sections(pages)) == [("1", 0, 0, 1, None), ("1A", 2, 0, 2, None)]


def test_a_repeated_running_head_goes_on() -> None:
    pages = (page(0, "Item 7. Discussion"), page(1, "Item 7. Discussion"), page(2, "Item 8. Financial Statements"))
    assert places(find_sections(pages)) == [("7", 0, 0, 1, None), ("8", 2, 0, 2, None)]


def test_a_running_head_belongs_to_the_section_that_begins_below_it() -> None:
    pages = (page(0, "Item 1. Business", BODY), page(1, "Table of Contents Acme Inc.", "Item 2. Properties", BODY))
    assert places(find_sections(pages)) == [("1", 0, 0, 0, None), ("2", 1, 0, 1, None)]


def test_titles_lead_from_the_outermost_to_the_place_on_the_page() -> None:
    pages = (
        page(0, "PART I", "Item 1. Business", "PART II", "Item 8. Financial Statements", BODY),
        page(1, "Note 1. Accounting Policies", BODY, "Note 2. Debt", BODY),
        page(2, "more"),
    )
    sections = find_sections(pages)
    outer = ("Part II", "Item 8. Financial Statements")
    assert section_titles(sections, 0, 40) == outer
    assert section_titles(sections, 1) == (*outer, "Note 1. Accounting Policies")
    assert section_titles(sections, 1, pages[1].lines[2].chars[0]) == (*outer, "Note 2. Debt")
    assert section_titles(sections, 2) == (*outer, "Note 2. Debt")
    assert section_titles(sections, 9) == ()


def test_a_document_without_pages_has_no_sections() -> None:
    assert find_sections(()) == ()
