from __future__ import annotations

import pytest

from ingest.structure.notes import note_marks
from tests.ingest.test_sections import page

TEXT = "The company recognises revenue when control passes."


@pytest.mark.parametrize(
    ("first", "second", "titles"),
    [
        ("NOTE 1. BASIS", "NOTE 2. REVENUE", ["Note 1. BASIS", "Note 2. REVENUE"]),
        ("Note 1 – Basis", "Note 2 — Revenue", ["Note 1. Basis", "Note 2. Revenue"]),
        ("NOTE A: Basis", "NOTE B: Revenue", ["Note A. Basis", "Note B. Revenue"]),
        ("1. Basis", "2. Revenue", ["Note 1. Basis", "Note 2. Revenue"]),
        ("(1) Basis", "(2) Revenue", ["Note 1. Basis", "Note 2. Revenue"]),
        ("1. Basis", "2. 401(k) Plan", ["Note 1. Basis", "Note 2. 401(k) Plan"]),
    ],
)
def test_notes_are_named_numbered_or_lettered(first: str, second: str, titles: list[str]) -> None:
    pages = [page(0, "NOTES TO CONSOLIDATED FINANCIAL STATEMENTS", first, TEXT), page(1, second, TEXT)]
    assert [mark.title for mark in note_marks(pages)] == titles


def test_a_title_may_stand_below_the_number() -> None:
    pages = [page(0, "NOTE 1", "SUMMARY OF POLICIES", TEXT, "NOTE 2", "SEGMENTS", TEXT)]
    assert [mark.title for mark in note_marks(pages)] == ["Note 1. SUMMARY OF POLICIES", "Note 2. SEGMENTS"]


def test_an_index_a_mention_and_a_continuation_begin_no_note() -> None:
    pages = [
        page(0, "Note 1. Basis 3", "Note 2. Revenue 4", "Note 3. Debt 5"),
        page(1, "Note 1. Basis", "what we owe is described in detail and further explained in", "Note 3. Debt, above."),
        page(2, "Note 2. Revenue", TEXT),
        page(3, "Note 2. Revenue (continued)", TEXT, "Note 3. Debt", TEXT),
    ]
    assert [(mark.number, mark.place[0]) for mark in note_marks(pages)] == [("1", 1), ("2", 2), ("3", 3)]


def test_numbered_lines_are_notes_only_below_the_heading_of_the_notes() -> None:
    assert note_marks([page(0, "1. Our first goal", TEXT, "2. Our second goal", TEXT)]) == []


def test_a_list_inside_a_note_does_not_break_the_run() -> None:
    pages = [
        page(0, "Notes to Financial Statements", "1. Basis", "The steps are", "1. Identify it. It is a contract."),
        page(1, "2. Identify more. It is a duty.", TEXT, "2. Revenue", TEXT, "3. Debt", TEXT),
    ]
    assert [mark.title for mark in note_marks(pages)] == ["Note 1. Basis", "Note 2. Revenue", "Note 3. Debt"]


def test_notes_stand_in_one_item() -> None:
    pages = [
        page(0, "Notes to Financial Statements", "1. Basis", TEXT, "2. Revenue", TEXT, "3. Debt", TEXT),
        page(1, "Item 15. Exhibits", "4. Subsidiaries", TEXT),
    ]
    assert [mark.number for mark in note_marks(pages, [(1, 0)])] == ["1", "2", "3"]
