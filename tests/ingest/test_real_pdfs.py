"""What is odd in the PDFs of real filings: fonts that do not tell their ligatures, statements over two pages."""

from __future__ import annotations

import os
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from ingest.filing import Filing, Table
from ingest.pdf.ligatures import UNKNOWN
from ingest.read import read_filing

DATA = Path(os.environ.get("TIEOUT_DATA", "../shared/data")) / "financebench" / "pdfs"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not DATA.is_dir(), reason="the measuring data is not there"),
]


@cache
def filing(name: str) -> Filing:
    return read_filing(DATA / f"{name}.pdf")


def values(table: Table, label: str) -> list[Decimal | None]:
    return next([cell.value for cell in row.cells] for row in table.rows if row.label == label)


@pytest.mark.parametrize("name", ["EBAY_2023Q2_EARNINGS", "COSTCO_2023Q3_EARNINGS"])
def test_ligatures_that_a_font_does_not_tell_are_read(name: str) -> None:
    text = "\n".join(page.text for page in filing(name).pages)
    assert "financial" in text
    assert UNKNOWN not in text
    assert "-nancial" not in text


def test_a_balance_sheet_on_two_pages_is_one_table_that_balances() -> None:
    (table,) = [
        t for t in filing("AMERICANWATERWORKS_2020_10K").tables if t.statement == "balance" and len(t.rows) > 12
    ]
    assert table.last_page == table.first_page + 1
    assert values(table, "Total assets") == values(table, "Total capitalization and liabilities")


def test_totals_without_a_label_are_told_by_their_sums() -> None:
    table = next(t for t in filing("FOOTLOCKER_2022_10K").tables if t.statement == "balance" and len(t.rows) > 12)
    assert values(table, "TOTAL ASSETS") == values(table, "TOTAL LIABILITIES AND SHAREHOLDERS’ EQUITY")
    assert values(table, "Total current assets") == [Decimal(2_363_000_000), Decimal(2_835_000_000)]


def test_no_passage_of_a_10_k_begins_with_its_running_head() -> None:
    read = filing("APPLE_2023Q3_10Q")
    assert any("Form 10-Q |" in page.text for page in read.pages)
    assert not any("Form 10-Q |" in passage.text for passage in read.passages)
