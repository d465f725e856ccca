"""Orrindale's earnings release for the fourth quarter and the year 2024, as Exhibit 99.1 to a Form 8-K."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Literal

from press.blocks import Block, Column, Document, Row, Style, Table
from press.ledger import Book, Entry
from press.manuscript import read_manuscript

from orrindale.book import CIK, COMPANY, ENDS, PREFIX, orrindale
from orrindale.figures import figures
from orrindale.quarter import both
from orrindale.statements import balance

_KEYS = ("q4_2024", "q4_2023", "2024", "2023")
_SPANNERS = (("Three Months Ended\nDecember 31,", 0, 1), ("Years Ended\nDecember 31,", 2, 3))
_COLUMNS = tuple(Column(year) for year in ("2024", "2023", "2024", "2023"))
_STYLES: dict[str, Style] = {
    "basic_eps": "per_share",
    "diluted_eps": "per_share",
    "adjusted_eps": "per_share",
    "dividend": "per_share",
    "basic_shares": "shares",
    "diluted_shares": "shares",
}


def release() -> Document:
    """Put the release together."""
    annual = orrindale()
    book = Book(
        {name: Entry(series, _KEYS, style=_STYLES.get(name, "money")) for name, series in both(figures()).items()},
        annual.contexts,
    )
    inserts: dict[str, list[Block]] = {
        "income": [_income(book)],
        "segments": [_segments(book)],
        "adjusted": [_adjusted(book)],
        "balance": [_balance(annual)],
        "cash": [_cash(annual)],
    }
    names = annual.entries.keys() - book.entries.keys()
    everything = Book(dict(book.entries) | {name: annual.entries[name] for name in names}, annual.contexts)
    blocks = read_manuscript(Path(__file__).parent / "manuscript" / "release.txt", everything.say, inserts)
    return Document(
        title=f"{COMPANY} – Fourth Quarter and Full Year 2024 Results",
        company=COMPANY,
        prefix=PREFIX,
        cik=CIK,
        period=annual.contexts["2024"],
        blocks=tuple(blocks),
        front=0,
    )


def _line(
    book: Book,
    label: str,
    name: str,
    *,
    less: bool = False,
    level: int = 0,
    dollar: bool = False,
    rule: Literal["none", "single", "double"] = "none",
    bold: bool = False,
) -> Row:
    return book.row(label, name, _KEYS, less=less, level=level, dollar=dollar, rule=rule, bold=bold)


def _income(book: Book) -> Table:
    rows = (
        _line(book, "Net sales", "net_sales", dollar=True),
        _line(book, "Cost of sales", "cost_of_sales"),
        _line(book, "Gross profit", "gross_profit", rule="single"),
        _line(book, "Research and development", "research", level=1),
        _line(book, "Selling, general and administrative", "selling", level=1),
        _line(book, "Amortization of intangible assets", "amortization", level=1),
        _line(book, "Restructuring charges", "restructuring", level=1),
        _line(book, "Operating income", "operating_income", rule="single", bold=True),
        _line(book, "Interest expense", "interest_expense", less=True),
        _line(book, "Interest income", "interest_income"),
        _line(book, "Other income (expense), net", "other_income"),
        _line(book, "Income before income taxes", "pretax_income", rule="single"),
        _line(book, "Provision for income taxes", "income_tax"),
        _line(book, "Net income", "net_income", rule="double", dollar=True, bold=True),
        Row("Net income per share:"),
        _line(book, "Basic", "basic_eps", level=1, dollar=True),
        _line(book, "Diluted", "diluted_eps", level=1, dollar=True),
        Row("Weighted-average shares outstanding:"),
        _line(book, "Basic", "basic_shares", level=1),
        _line(book, "Diluted", "diluted_shares", level=1),
        _line(book, "Cash dividends declared per share", "dividend", dollar=True),
    )
    return Table(
        _COLUMNS,
        rows,
        "Consolidated Statements of Income",
        "(In millions, except per share amounts; quarters unaudited)",
        _SPANNERS,
    )


def _segments(book: Book) -> Table:
    names = (
        ("Analytical Instruments", "analytical"),
        ("Life Science Systems", "life"),
        ("Services and Consumables", "service"),
    )
    rows = [Row("Net sales:")]
    rows += [_line(book, label, f"{name}_sales", level=1, dollar=name == "analytical") for label, name in names]
    rows += [
        _line(book, "Total net sales", "net_sales", level=2, rule="double", dollar=True),
        Row("Segment operating income:"),
    ]
    rows += [_line(book, label, f"{name}_income", level=1, dollar=name == "analytical") for label, name in names]
    rows += [
        _line(book, "Total segment operating income", "segment_income", level=2, rule="single"),
        _line(book, "Unallocated corporate expenses", "corporate", less=True, level=1),
        _line(book, "Amortization of intangible assets", "amortization", less=True, level=1),
        _line(book, "Restructuring charges", "restructuring", less=True, level=1),
        _line(book, "Operating income", "operating_income", rule="double", dollar=True),
    ]
    return Table(_COLUMNS, tuple(rows), "Results by Segment", "(In millions; quarters unaudited)", _SPANNERS)


def _adjusted(book: Book) -> Table:
    rows = (
        _line(book, "Net income (GAAP)", "net_income", dollar=True),
        _line(book, "Amortization of intangible assets", "adjust_amortization", level=1),
        _line(book, "Restructuring charges", "adjust_restructuring", level=1),
        _line(book, "Accrual for the Brennick litigation", "adjust_litigation", level=1),
        _line(
            book, "Transaction costs and inventory step-up of the Thalvern acquisition", "adjust_acquisition", level=1
        ),
        _line(book, "Tax effect of the above at 22%", "adjust_tax", less=True, level=1),
        _line(book, "Adjusted net income (non-GAAP)", "adjusted_income", rule="double", dollar=True),
        _line(book, "Diluted net income per share (GAAP)", "diluted_eps", dollar=True),
        _line(book, "Adjusted diluted net income per share (non-GAAP)", "adjusted_eps", dollar=True),
    )
    return Table(
        _COLUMNS,
        rows,
        "Reconciliation of GAAP to Non-GAAP Measures",
        "(Unaudited; in millions, except per share amounts)",
        _SPANNERS,
    )


def _balance(book: Book) -> Table:
    table = balance(book)
    rows = tuple(row for row in table.rows if not row.label.startswith("Commitments"))
    return replace(table, rows=rows)


def _cash(book: Book) -> Table:
    def line(
        label: str,
        name: str,
        *,
        less: bool = False,
        level: int = 1,
        dollar: bool = False,
        rule: Literal["none", "single", "double"] = "none",
    ) -> Row:
        return book.row(label, name, ENDS, less=less, level=level, dollar=dollar, rule=rule)

    rows = (
        line("Net income", "net_income", dollar=True),
        line("Depreciation", "depreciation"),
        line("Amortization of intangible assets", "amortization"),
        line("Stock-based compensation expense", "awards"),
        line("Deferred taxes, working capital and other", "other_operating"),
        line("Net cash provided by operating activities", "operating_cash", level=0, rule="single"),
        line("Purchases of property, plant and equipment", "capital_expenditures", less=True),
        line("Free cash flow (non-GAAP)", "free_cash", level=0, rule="double", dollar=True),
        line("Acquisitions of businesses, net of cash acquired", "acquisitions", less=True),
        line("Dividends paid", "dividends", less=True),
        line("Repurchases of common stock", "repurchases", less=True),
    )
    return Table(
        tuple(Column(year) for year in ENDS),
        rows,
        "Selected Cash Flow Information",
        "(In millions)",
        (("Years Ended December 31,", 0, 1),),
    )
