from __future__ import annotations

from ingest.filing import Page
from ingest.sections import find_sections
from ingest.structure.statement_pages import statement_marks
from tests.ingest.test_sections import flat, page

INCOME = (
    "Net sales $ 32,765 $ 31,657",
    "Cost of sales 16,682 16,055",
    "Selling, general and administrative 7,602 6,626",
    "Research and development 1,821 1,870",
    "Total operating expenses 25,558 23,966",
    "Operating income 7,207 7,692",
    "Income before income taxes 7,000 7,548",
    "Provision for income taxes 1,637 2,679",
    "Net income $ 5,363 $ 4,869",
    "Basic earnings per share $ 9.09 $ 8.13",
)
BALANCE = (
    "Cash and cash equivalents 2,853 3,053",
    "Accounts receivable 5,020 4,911",
    "Inventories 4,366 4,034",
    "Total current assets 13,709 14,277",
    "Goodwill 10,051 10,513",
    "Total assets $ 36,500 $ 37,987",
    "Accounts payable 2,266 1,945",
    "Total liabilities 26,652 26,365",
    "Retained earnings 40,636 39,115",
    "Total equity 9,848 11,622",
    "Total liabilities and equity $ 36,500 $ 37,987",
)
CASH = (
    "Net income 5,363 4,869",
    "Depreciation and amortization 1,488 1,544",
    "Accounts receivable (305) (245)",
    "Inventories (509) (387)",
    "Net cash provided by operating activities 6,439 6,240",
    "Purchases of property, plant and equipment (1,577) (1,373)",
    "Net cash used in investing activities 222 (3,086)",
    "Repayment of debt (1,034) (962)",
    "Net cash used in financing activities (6,701) (2,655)",
    "Net decrease in cash (200) 655",
    "Cash at end of year $ 2,853 $ 3,053",
)


def marks(*pages: Page) -> list[tuple[str | None, int, int]]:
    return [(m.statement, m.place[0], (m.until or (-1, 0))[0]) for m in statement_marks(pages)]


def test_the_statements_are_where_they_stand_whole_and_together() -> None:
    index = page(
        0, "Consolidated Statements of Income", "Consolidated Balance Sheets", "Consolidated Statements of Cash Flows"
    )
    summary = page(1, "Consolidated Statement of Income", "Net sales 32,765", "Net income 5,363", "Per share 9.09")
    pages = (
        index,
        summary,
        page(7, "Consolidated Statements of Income", *INCOME),
        page(8, "Consolidated Balance Sheets", *BALANCE),
        page(9, "Consolidated Statements of Cash Flows", *CASH),
        page(20, "Condensed Consolidating Statement of Income", *INCOME),
        page(21, "Schedule I", "Balance Sheets", *BALANCE),
    )
    assert marks(*pages) == [("income", 7, 7), ("balance", 8, 8), ("cash_flow", 9, 9)]


def test_a_statement_runs_on_without_and_with_its_title() -> None:
    pages = (
        page(0, "Consolidated Statements of Income", *INCOME),
        page(1, "Consolidated Balance Sheets", *BALANCE[:6]),
        page(2, *BALANCE[6:]),
        page(3, "Consolidated Statements of Cash Flows", *CASH),
        page(4, "Consolidated Statements of Cash Flows (continued)", "Interest paid 400 300"),
    )
    assert marks(*pages) == [("income", 0, 0), ("balance", 1, 2), ("cash_flow", 3, 4)]


def test_two_statements_on_one_page_each_have_their_part_of_it() -> None:
    one = page(0, "Consolidated Statements of Income", *INCOME, "Consolidated Balance Sheets", *BALANCE)
    income, balance = flat(find_sections([one]), "statement")
    assert (income.end, balance.start) == (
        one.text.index("Consolidated Balance"),
        one.text.index("Consolidated Balance"),
    )
    assert (income.statement, balance.statement) == ("income", "balance")


def test_a_combined_statement_is_both() -> None:
    pages = (
        page(0, "Consolidated Statements of Operations and Comprehensive Income", *INCOME),
        page(1, "Consolidated Statements of Comprehensive Income", *INCOME, "Comprehensive income 5,000 4,000"),
    )
    assert marks(pages[0]) == [("income", 0, 0), ("comprehensive_income", 0, 0)]
    assert marks(pages[1]) == [("comprehensive_income", 1, 1), ("income", 1, 1)]


def test_a_statement_whose_title_is_a_picture_is_known_by_its_rows_beside_the_others() -> None:
    pages = (
        page(0, "Consolidated Results", *INCOME),
        page(1, "Consolidated Balance Sheets", *BALANCE),
        page(2, "Consolidated Statements of Cash Flows", *CASH),
    )
    assert marks(*pages) == [("income", 0, 0), ("balance", 1, 1), ("cash_flow", 2, 2)]


def test_a_statement_in_the_notes_is_not_the_filings_own() -> None:
    pages = [
        page(0, "Consolidated Balance Sheets", *BALANCE),
        page(1, "Note 1. Basis", "What we did."),
        page(2, "Note 2. New Standard", "Consolidated Statements of Income", *INCOME),
    ]
    assert [s.statement for s in flat(find_sections(pages), "statement")] == ["balance"]


def test_equity_goes_on_for_another_period_without_a_title() -> None:
    equity = ("Balance, January 1, 2023 4,000 9,000", "Net income 500", "Dividends (200)", "Stock repurchased (10)")
    pages = (
        page(
            0,
            "Consolidated Statements of Shareholders’ Equity",
            *equity,
            "Balance, March 31, 2023 4,100 9,200",
            "See accompanying Notes to Financial Statements.",
        ),
        page(1, "Three Months Ended March 31, 2022", *equity, "Balance, March 31, 2022 4,100 9,200"),
    )
    assert marks(*pages) == [("equity", 0, 1)]
