"""Tables know their statement by the section in which they stand."""

from __future__ import annotations

from ingest.document import RawCell, RawRow, RawTable
from ingest.filing import Section, Span, Statement
from ingest.statement_tables import Home, homes_of

INCOME = ("Net sales", "Cost of sales", "Operating income", "Income taxes", "Net income", "Diluted")
BALANCE = ("Cash and cash equivalents", "Inventories", "Goodwill", "Total assets", "Total liabilities", "Total equity")
LONG_BALANCE = (*BALANCE, "Accounts payable", "Retained earnings", "Land", "Debt")


def table(page: int, caption: str, *labels: str) -> RawTable:
    head = RawRow("", 0, (RawCell("2023", 100, 140, Span(page)), RawCell("2022", 200, 240, Span(page))), Span(page))
    rows = [
        RawRow(label, 0, (RawCell(f"{n},100", 100, 140, Span(page, chars=(40 * n, 40 * n + 5))),), Span(page))
        for n, label in enumerate(labels, 1)
    ]
    return RawTable(page, (caption,) if caption else (), (head, *rows))


def section(statement: Statement, first: int, last: int, start: int = 0, end: int | None = None) -> Section:
    return Section(statement, "statement", None, first, last, start=start, end=end, statement=statement)


def statements_of(tables: list[RawTable], sections: list[Section] | None = None) -> list[Statement | None]:
    return [home.statement for home in homes_of(tables, sections or ())]


ITEM = Section("Item 8", "item", "8", 4, 9, (section("income", 4, 4), section("balance", 5, 6)))


def test_a_table_in_the_section_of_a_statement_needs_no_title() -> None:
    assert statements_of([table(4, "", *INCOME), table(5, "Acme Inc.", *BALANCE)], [ITEM]) == ["income", "balance"]


def test_a_title_outside_of_the_sections_is_a_mention() -> None:
    fair_values = table(8, "Derivatives in the Consolidated Balance Sheets", "Currency contracts", "Total")
    assert statements_of([fair_values], [ITEM]) == [None]
    assert statements_of([fair_values]) == ["balance"]


def test_another_companys_whole_statement_is_none_of_the_filing_and_reads_like_one() -> None:
    parents = table(9, "Condensed Balance Sheets of the Parent", *LONG_BALANCE)
    assert homes_of([parents], [ITEM]) == [Home(None, "balance")]


def test_a_title_counts_where_the_filing_has_no_section_of_its_statement() -> None:
    assert statements_of([table(8, "Statements of Cash Flows", "Net income", "Cash")], [ITEM]) == ["cash_flow"]


def test_what_is_parenthetical_to_a_statement_belongs_to_it() -> None:
    aside = table(7, "Consolidated Balance Sheets (Parenthetical)", "Allowance for credit losses", "Shares issued")
    assert statements_of([aside], [ITEM]) == ["balance"]


def test_an_untitled_table_that_repeats_lines_of_its_statement_is_about_a_part_of_them() -> None:
    part = table(6, "", "Cash and cash equivalents", "Inventories", "Debt")
    rest = table(6, "", "Common stock", "Retained earnings", "Total equity")
    assert statements_of([table(5, "", *BALANCE[:5]), part, rest], [ITEM]) == ["balance", None, "balance"]


def test_of_two_statements_in_one_section_the_rows_tell_which() -> None:
    sections = [section("income", 4, 4), section("comprehensive_income", 4, 4)]
    gains = table(4, "", "Net income", "Foreign currency translation", "Comprehensive income", "Unrealized gains")
    assert statements_of([table(4, "", *INCOME), gains], sections) == ["income", "comprehensive_income"]


def test_a_section_holds_only_what_stands_between_its_ends() -> None:
    sections = [section("income", 4, 4, end=200), section("balance", 4, 4, start=200)]
    below = table(4, "", *BALANCE)
    assert statements_of([below], sections) == ["income"]
    moved = RawTable(4, (), (below.rows[0], *below.rows[5:]))
    assert statements_of([moved], sections) == ["balance"]
