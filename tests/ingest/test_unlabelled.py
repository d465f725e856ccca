from __future__ import annotations

from decimal import Decimal

from ingest.filing import Cell, Row, Span
from ingest.unlabelled import label_totals
from tests.ingest.pdfs import TWO, Sheet, filing, the_table


def row(label: str, *numbers: int) -> Row:
    cells = tuple(Cell(i, str(n), Decimal(n), 6, "USD", None, Span(0)) for i, n in enumerate(numbers))
    return Row(label, 0, (), cells, Span(0))


def labels(*rows: Row) -> list[str]:
    return [row.label for row in label_totals(rows)]


def test_a_balance_sheet_without_labels_of_its_totals_gets_them() -> None:
    sheet = [
        row("ASSETS"),
        row("Current assets:"),
        row("Cash", 804, 1680),
        row("Inventories", 1266, 923),
        row("", 2070, 2603),
        row("Property", 917, 788),
        row("", 2987, 3391),
        row("LIABILITIES AND EQUITY"),
        row("Current liabilities:"),
        row("Payables", 600, 500),
        row("Accruals", 300, 400),
        row("", 900, 900),
        row("Debt", 100, 200),
        row("Total liabilities", 1000, 1100),
        row("Equity:"),
        row("Stock", 700, 700),
        row("Earnings", 1287, 1591),
        row("Total equity", 1987, 2291),
        row("", 2987, 3391),
    ]
    found = labels(*sheet)
    assert [found[i] for i in (4, 6, 11, 18)] == [
        "Total current assets",
        "TOTAL ASSETS",
        "Total current liabilities",
        "TOTAL LIABILITIES AND EQUITY",
    ]
    assert [text for i, text in enumerate(found) if i not in (4, 6, 11, 18)] == [
        row.label for i, row in enumerate(sheet) if i not in (4, 6, 11, 18)
    ]


def test_a_figure_that_is_no_sum_in_every_column_stays_without_a_label() -> None:
    assert labels(row("Assets"), row("Cash", 1, 2), row("Stock", 3, 4), row("", 4, 7))[-1] == ""
    assert labels(row("Assets"), row("Cash", 4, 6), row("", 4, 6))[-1] == ""


def test_a_sum_of_lines_without_a_heading_stays_without_a_label() -> None:
    assert labels(row("Sales", 10), row("Costs", -7), row("", 3)) == ["Sales", "Costs", ""]


def test_a_sum_of_a_part_of_a_section_stays_without_a_label() -> None:
    assert labels(row("Assets"), row("Cash", 5), row("Stock", 3), row("Land", 4), row("", 7))[-1] == ""


def test_a_printed_statement_goes_on_over_the_page_under_its_title_again() -> None:
    def draw(sheet: Sheet) -> None:
        for part, rows in enumerate(
            (
                (("Net income", "900", "800"), ("Depreciation", "100", "90")),
                (("Dividends paid", "(50)", "(40)"), ("Cash at end of year", "700", "600")),
            )
        ):
            sheet.centred("Consolidated Statement of Cash Flows" + (" (continued)" if part else ""))
            sheet.centred("Years ended December 31 (Millions)")
            sheet.heads("2018", "2017", ends=TWO)
            for label, first, second in rows:
                sheet.row(label, first, second, ends=TWO)
            sheet.next_page()

    table = the_table(filing(draw))
    assert [row.label for row in table.rows] == ["Net income", "Depreciation", "Dividends paid", "Cash at end of year"]
    assert (table.first_page, table.last_page) == (1, 2)
    assert table.rows[2].cells[0].value == -50_000_000


def test_the_same_statement_of_another_company_is_another_table() -> None:
    def draw(sheet: Sheet) -> None:
        for first in ("900", "300"):
            sheet.centred("Consolidated Statement of Cash Flows")
            sheet.centred("Years ended December 31 (Millions)")
            sheet.heads("2018", "2017", ends=TWO)
            sheet.row("Net income", first, "800", ends=TWO)
            sheet.row("Cash at end of year", first, "600", ends=TWO)
            sheet.next_page()

    assert [len(table.rows) for table in filing(draw).tables] == [2, 2]
