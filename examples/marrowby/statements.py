"""Marrowby's condensed statements and the tables of its notes and discussion."""

from __future__ import annotations

from press.blocks import Column, Row, Table
from press.ledger import Book
from press.series import growth

from marrowby.book import DATES, HALVES, PERIODS

_NOTE = "(In thousands)"
_SPANNERS = (("Three Months Ended", 0, 1), ("Six Months Ended", 2, 3))
_HEADS = ("March 30,\n2024", "April 1,\n2023")


def tables(book: Book) -> dict[str, Table]:
    """Give all tables of the quarterly report by name."""
    return {
        "income": income(book),
        "balance": balance(book),
        "cash": cash(book),
        "equity": _equity(book),
        "channels": _channels(book),
        "inventories": _inventories(book),
        "plant": _plant(book),
        "per_share": _per_share(book),
        "segments": _segments(book),
        "growth": _growth(book),
    }


def _four(book: Book) -> tuple[Column, ...]:
    return tuple(book.column(head, key) for head, key in zip(_HEADS * 2, PERIODS, strict=True))


def _ends(book: Book) -> tuple[Column, ...]:
    heads = ("March 30,\n2024", "September 30,\n2023")
    return tuple(book.column(head, key) for head, key in zip(heads, DATES, strict=True))


def _periods(book: Book, rows: tuple[Row, ...], note: str = _NOTE) -> Table:
    return Table(_four(book), rows, note=note, spanners=_SPANNERS, scale=3, places=0)


def income(book: Book) -> Table:
    """Make the condensed statements of income and comprehensive income."""
    rows = (
        book.row("Net sales", "net_sales", PERIODS, level=0, dollar=True),
        book.row("Cost of sales", "cost_of_sales", PERIODS, level=0),
        book.row("Gross profit", "gross_profit", PERIODS, level=0, rule="single"),
        Row("Operating expenses:"),
        book.row("Selling and distribution", "distribution", PERIODS),
        book.row("General and administrative", "administration", PERIODS),
        book.row("Research and development", "research", PERIODS),
        book.row("Plant closure costs", "closure", PERIODS),
        book.row("Gain on sale of property", "property_gain", PERIODS, level=0),
        book.row("Operating income", "operating_income", PERIODS, level=0, rule="single", bold=True),
        book.row("Interest expense", "interest_expense", PERIODS, less=True, level=0),
        book.row("Other income (expense), net", "other_income", PERIODS, level=0),
        book.row("Income before income taxes", "pretax_income", PERIODS, level=0, rule="single"),
        book.row("Income tax expense", "income_tax", PERIODS, level=0),
        book.row("Net income", "net_income", PERIODS, level=0, rule="double", dollar=True, bold=True),
        book.row(
            "Other comprehensive income (loss), net of tax: gains (losses) on wheat contracts", "oci", PERIODS, level=0
        ),
        book.row("Comprehensive income", "comprehensive", PERIODS, level=0, rule="double", dollar=True),
        Row("Earnings per share:"),
        book.row("Basic", "basic_eps", PERIODS, dollar=True),
        book.row("Diluted", "diluted_eps", PERIODS, dollar=True),
        Row("Weighted-average shares outstanding:"),
        book.row("Basic", "basic_shares", PERIODS),
        book.row("Diluted", "diluted_shares", PERIODS),
        book.row("Dividends declared per share", "dividend", PERIODS, level=0, dollar=True),
    )
    return _periods(book, rows, "(In thousands, except per share data)")


def balance(book: Book) -> Table:
    """Make the condensed balance sheets."""

    def line(label: str, name: str, *, less: bool = False) -> Row:
        return book.row(label, name, DATES, less=less)

    rows = (
        Row("Assets", bold=True),
        Row("Current assets:"),
        book.row("Cash and cash equivalents", "cash", DATES, dollar=True),
        line("Accounts receivable, net", "receivables"),
        line("Inventories", "inventories"),
        line("Prepaid expenses and other current assets", "prepaid"),
        book.row("Total current assets", "current_assets", DATES, level=2, rule="single"),
        line("Property, plant and equipment, net", "net_plant"),
        line("Operating lease right-of-use assets", "lease_assets"),
        line("Goodwill", "goodwill"),
        line("Intangible assets, net", "intangibles"),
        line("Other assets", "other_assets"),
        book.row("Total assets", "assets", DATES, level=0, rule="double", dollar=True, bold=True),
        Row("Liabilities and Stockholders’ Equity", bold=True),
        Row("Current liabilities:"),
        book.row("Current portion of long-term debt", "current_debt", DATES, dollar=True),
        line("Accounts payable", "payables"),
        line("Accrued compensation", "accrued_pay"),
        line("Other accrued liabilities", "other_accrued"),
        line("Income taxes payable", "taxes_payable"),
        line("Operating lease liabilities", "lease_current"),
        book.row("Total current liabilities", "current_liabilities", DATES, level=2, rule="single"),
        line("Long-term debt, less current portion", "long_debt"),
        line("Operating lease liabilities, noncurrent", "lease_noncurrent"),
        line("Deferred income taxes", "deferred_taxes"),
        line("Other long-term liabilities", "other_liabilities"),
        book.row("Total liabilities", "liabilities", DATES, level=2, rule="single"),
        Row("Stockholders’ equity:"),
        line("Common stock, $0.01 par value; 28,710,400 shares issued", "stock"),
        line("Additional paid-in capital", "paid_in"),
        line("Retained earnings", "retained"),
        line("Treasury stock, at cost", "treasury_stock", less=True),
        line("Accumulated other comprehensive loss", "aoci"),
        book.row("Total stockholders’ equity", "equity", DATES, level=2, rule="single"),
        book.row(
            "Total liabilities and stockholders’ equity",
            "liabilities_and_equity",
            DATES,
            level=0,
            rule="double",
            dollar=True,
            bold=True,
        ),
    )
    return Table(_ends(book), rows, note=_NOTE, scale=3, places=0)


def cash(book: Book) -> Table:
    """Make the condensed statements of cash flows."""

    def line(label: str, name: str, *, less: bool = False) -> Row:
        return book.row(label, name, HALVES, less=less)

    rows = (
        Row("Operating activities:", bold=True),
        book.row("Net income", "net_income_half", HALVES, dollar=True),
        line("Depreciation", "depreciation"),
        line("Amortization of intangible assets", "amortization"),
        line("Stock-based compensation", "awards"),
        line("Deferred income taxes", "deferred_tax"),
        line("Gain on sale of property", "property_gain_half", less=True),
        Row("Changes in operating assets and liabilities:", level=1),
        book.row("Accounts receivable", "change_receivables", HALVES, less=True, level=2),
        book.row("Inventories", "change_inventories", HALVES, less=True, level=2),
        book.row("Accounts payable", "change_payables", HALVES, level=2),
        book.row("Accrued compensation", "change_pay", HALVES, level=2),
        book.row("Other assets and liabilities", "change_other", HALVES, level=2),
        book.row("Net cash provided by operating activities", "operating_cash", HALVES, level=3, rule="single"),
        Row("Investing activities:", bold=True),
        line("Capital expenditures", "capital_expenditures", less=True),
        line("Proceeds from sale of property", "property_sold"),
        book.row("Net cash used in investing activities", "investing_cash", HALVES, level=3, rule="single"),
        Row("Financing activities:", bold=True),
        line("Repayments of term loan", "debt_repaid", less=True),
        line("Net borrowings (repayments) under revolving credit facility", "revolver_net"),
        line("Dividends paid", "dividends_half", less=True),
        line("Repurchases of common stock", "repurchases", less=True),
        line("Taxes paid on vesting of stock awards", "withheld", less=True),
        book.row("Net cash used in financing activities", "financing_cash", HALVES, level=3, rule="single"),
        book.row("Net decrease in cash and cash equivalents", "net_cash", HALVES, level=0, rule="single"),
        book.row("Cash and cash equivalents at beginning of period", "cash_opening", HALVES, level=0),
        book.row(
            "Cash and cash equivalents at end of period",
            "cash_closing",
            HALVES,
            level=0,
            rule="double",
            dollar=True,
            bold=True,
        ),
        Row("Supplemental information:", bold=True),
        book.row("Cash paid for interest", "interest_paid", HALVES, dollar=True),
        book.row("Cash paid for income taxes", "taxes_paid", HALVES, dollar=True),
    )
    columns = tuple(book.column(head, key) for head, key in zip(_HEADS, HALVES, strict=True))
    return Table(columns, rows, note=_NOTE, spanners=(("Six Months Ended", 0, 1),), scale=3, places=0)


def _equity(book: Book) -> Table:
    rows = (
        book.row("Total stockholders’ equity at beginning of period", "equity_opening", PERIODS, level=0, dollar=True),
        book.row("Net income", "net_income", PERIODS),
        book.row("Other comprehensive income (loss)", "oci", PERIODS),
        book.row("Dividends declared", "dividends", PERIODS, less=True),
        book.row("Stock-based compensation", "equity_awards", PERIODS),
        book.row("Repurchases of common stock", "equity_repurchases", PERIODS, less=True),
        book.row("Shares withheld for taxes", "equity_withheld", PERIODS, less=True),
        book.row(
            "Total stockholders’ equity at end of period",
            "equity_closing",
            PERIODS,
            level=0,
            rule="double",
            dollar=True,
            bold=True,
        ),
    )
    return _periods(book, rows)


def _channels(book: Book) -> Table:
    return _periods(
        book,
        (
            book.row("Retail", "retail_sales", PERIODS, level=0, dollar=True),
            book.row("Foodservice", "service_sales", PERIODS, level=0),
            book.row("Total net sales", "net_sales", PERIODS, rule="double", dollar=True),
        ),
    )


def _inventories(book: Book) -> Table:
    rows = (
        book.row("Flour and other ingredients", "ingredients", DATES, level=0, dollar=True),
        book.row("Packaging", "packaging", DATES, level=0),
        book.row("Finished goods", "finished_goods", DATES, level=0),
        book.row("Total inventories", "inventories", DATES, rule="double", dollar=True),
    )
    return Table(_ends(book), rows, note=_NOTE, scale=3, places=0)


def _plant(book: Book) -> Table:
    rows = (
        book.row("Property, plant and equipment, at cost", "gross_plant", DATES, level=0, dollar=True),
        book.row("Less: accumulated depreciation", "accumulated_depreciation", DATES, less=True, level=0),
        book.row("Property, plant and equipment, net", "net_plant", DATES, rule="double", dollar=True),
    )
    return Table(_ends(book), rows, note=_NOTE, scale=3, places=0)


def _per_share(book: Book) -> Table:
    return _periods(
        book,
        (
            book.row("Net income", "net_income", PERIODS, level=0, dollar=True),
            book.row("Weighted-average shares, basic", "basic_shares", PERIODS, level=0),
            book.row("Weighted-average shares, diluted", "diluted_shares", PERIODS, level=0),
            book.row("Basic earnings per share", "basic_eps", PERIODS, level=0, dollar=True),
            book.row("Diluted earnings per share", "diluted_eps", PERIODS, level=0, dollar=True),
        ),
        "(In thousands, except per share data)",
    )


def _segments(book: Book) -> Table:
    return _periods(
        book,
        (
            Row("Net sales:"),
            book.row("Bread and Rolls", "bread_sales", PERIODS, dollar=True),
            book.row("Frozen Dough", "frozen_sales", PERIODS),
            book.row("Total net sales", "net_sales", PERIODS, level=2, rule="double", dollar=True),
            Row("Segment operating income:"),
            book.row("Bread and Rolls", "bread_income", PERIODS, dollar=True),
            book.row("Frozen Dough", "frozen_income", PERIODS),
            book.row("Total segment operating income", "segment_income", PERIODS, level=2, rule="single"),
            book.row("Corporate expenses", "corporate", PERIODS, less=True),
            book.row("Plant closure costs", "closure", PERIODS, less=True),
            book.row("Gain on sale of property", "property_gain", PERIODS),
            book.row("Operating income", "operating_income", PERIODS, level=0, rule="double", dollar=True),
        ),
    )


def _growth(book: Book) -> Table:
    """Make the comparison of net sales by segment, with the change in percent."""
    rows = []
    names = (("Bread and Rolls", "bread_sales"), ("Frozen Dough", "frozen_sales"), ("Total", "net_sales"))
    for label, name in names:
        now, before, half, earlier = book.entries[name].values
        last = name == "net_sales"
        rows.append(
            Row(
                label,
                (now, before, growth(now, before), half, earlier, growth(half, earlier)),
                rule="double" if last else "none",
                dollar=last or name == "bread_sales",
            )
        )
    columns = (*(Column(head) for head in _HEADS), Column("%\nChange", style="percent"))
    return Table(
        columns * 2,
        tuple(rows),
        note=_NOTE,
        scale=3,
        places=0,
        spanners=(("Three Months Ended", 0, 2), ("Six Months Ended", 3, 5)),
    )
