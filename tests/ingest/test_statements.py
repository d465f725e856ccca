from __future__ import annotations

import pytest

from ingest.statements import statement_of


@pytest.mark.parametrize(
    ("title", "statement"),
    [
        ("Consolidated Statement of Income", "income"),
        ("Apple Inc. Consolidated Statements of Income", "income"),
        ("CONSOLIDATED STATEMENTS OF OPERATIONS", "income"),
        ("Consolidated Statements of Earnings", "income"),
        ("STATEMENT OF CONSOLIDATED INCOME", "income"),
        ("Consolidated Statements of Net Income", "income"),
        ("CONDENSED CONSOLIDATED STATEMENTS OF OPERATIONS (Unaudited)", "income"),
        ("Consolidated Statements of Operations and Comprehensive Income (Loss)", "income"),
        ("Consolidated Income Statements", "income"),
        ("INCOME STATEMENTS", "income"),
        ("Consolidated Balance Sheets", "balance"),
        ("BALANCE SHEET", "balance"),
        ("Consolidated Statements of Financial Position", "balance"),
        ("STATEMENT OF CONSOLIDATED FINANCIAL POSITION", "balance"),
        ("Consolidated Statements of Financial Condition", "balance"),
        ("Consolidated Statements of Cash Flows", "cash_flow"),
        ("STATEMENTS OF CONSOLIDATED CASH FLOWS", "cash_flow"),
        ("Consolidated Cash Flow Statements", "cash_flow"),
        ("CONSOLIDATED STATEMENTS OF CASHFLOWS", "cash_flow"),
        ("Consolidated Statements of Comprehensive Income", "comprehensive_income"),
        ("CONSOLIDATED STATEMENTS OF COMPREHENSIVE EARNINGS", "comprehensive_income"),
        ("Consolidated Statements of Comprehensive Loss", "comprehensive_income"),
        ("STATEMENT OF CONSOLIDATED COMPREHENSIVE INCOME", "comprehensive_income"),
        ("Consolidated Statements of Shareholders’ Equity", "equity"),
        ("CONSOLIDATED STATEMENTS OF STOCKHOLDERS' EQUITY", "equity"),
        ("Consolidated Statement of Changes in Equity", "equity"),
        ("Consolidated Statements of Changes in Stockholders’ Equity (Deficit)", "equity"),
        ("CONSOLIDATED STATEMENTS OF EQUITY", "equity"),
        ("heets Consolidated Balance Sheets", "balance"),
    ],
)
def test_titles_name_their_statement(title: str, statement: str) -> None:
    assert statement_of([title]) == statement


@pytest.mark.parametrize(
    "title",
    [
        "Net sales by segment",
        "Notes to Consolidated Balance Sheets",
        "Supplemental information: see Consolidated Statements of Cash Flows",
        "The following table shows lines of the consolidated statements of income for the years presented below here.",
        "Impact on the Consolidated Statement of Income",
        "Amounts recognized are included in the consolidated balance sheets.",
        "Location of the gain or loss in the consolidated statements of income and in other income of the company",
        "Reconciliation to the balance sheet",
        "Selected balance sheet data",
        "Summarized Statement of Income",
        "consolidated statement of income. The following table presents financial results of a subsidiary:",
        "The following table sets forth our consolidated statements of operations",
    ],
)
def test_mentions_of_a_statement_are_no_titles(title: str) -> None:
    assert statement_of([title]) is None


def test_the_nearest_title_is_meant() -> None:
    assert statement_of(["Consolidated Balance Sheets", "Consolidated Statements of Income"]) == "income"
    assert statement_of(["Consolidated Balance Sheets", "(In millions)", "Years ended December 31"]) == "balance"
    assert statement_of([]) is None
