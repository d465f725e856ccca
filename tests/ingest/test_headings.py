from __future__ import annotations

import pytest

from ingest.filing import Page
from ingest.structure.headings import closing_marks
from tests.ingest.test_sections import BODY, page

SIGNED = (
    "Pursuant to the requirements of the Securities Exchange Act of 1934, the registrant has duly caused this report"
)


def found(*pages: Page) -> list[tuple[str, str | None, int]]:
    return [(mark.kind, mark.number, mark.place[0]) for mark in closing_marks(pages)]


def test_signatures_exhibits_reports_and_schedules_begin_sections() -> None:
    pages = (
        page(0, "Report of Independent Registered Public Accounting Firm", "To the Board of Directors", BODY),
        page(1, "SCHEDULE II", "VALUATION AND QUALIFYING ACCOUNTS", BODY),
        page(2, "SIGNATURES", SIGNED),
        page(3, "Exhibit 31.1", BODY),
        page(4, "EXHIBIT 32", BODY),
    )
    assert found(*pages) == [
        ("heading", None, 0),
        ("heading", "II", 1),
        ("signatures", None, 2),
        ("exhibit", "31.1", 3),
        ("exhibit", "32", 4),
    ]


def test_signatures_may_lack_their_title() -> None:
    assert found(page(0, SIGNED, "by the undersigned, thereunto duly authorized.")) == [("signatures", None, 0)]


@pytest.mark.parametrize(
    "lines",
    [
        ("Signatures 84", "Exhibits 85"),
        ("Signatures",),
        (BODY, BODY, BODY, BODY, "Exhibit 99.1", BODY),
        ("Report of Independent Registered Public Accounting Firm", "Consolidated Balance Sheets"),
        ("Report of Independent Registered Public Accounting Firm 48", "To the Board of Directors"),
    ],
)
def test_lists_and_mentions_of_them_do_not(lines: tuple[str, ...]) -> None:
    assert found(page(0, *lines)) == []


def test_a_running_head_begins_nothing_anew() -> None:
    assert found(page(0, "Exhibit 99.1", BODY), page(1, "Exhibit 99.1", BODY)) == [("exhibit", "99.1", 0)]
