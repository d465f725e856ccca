"""Orrindale's five consolidated statements as tables."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from press.blocks import Column, Row, Table, Value
from press.ledger import Book

from orrindale.book import ENDS, YEARS

_PER_SHARE = "(In millions, except per share amounts)"
_MILLIONS = "(In millions)"


def statements(book: Book) -> dict[str, Table]:
    """Give the statements by name: income, comprehensive, balance, cash, equity."""
    return {
        "income": income(book),
        "comprehensive": comprehensive(book),
        "balance": balance(book),
        "cash": cash(book),
        "equity": equity(book),
    }


def yearly(book: Book) -> tuple[Column, ...]:
    """Make the columns 2024, 2023 and 2022."""
    return tuple(book.column(year, year) for year in YEARS)


def year_end(book: Book) -> tuple[Column, ...]:
    """Make the columns of the two balance-sheet dates."""
    return tuple(book.column(year, year) for year in ENDS)


YEARS_ENDED = (("Years Ended December 31,", 0, 2),)
AT_YEAR_END = (("December 31,", 0, 1),)


def income(book: Book) -> Table:
    """Make the statements of income."""
    rows = (
        book.row("Net sales", "net_sales", YEARS, level=0, dollar=True),
        book.row("Cost of sales", "cost_of_sales", YEARS, level=0),
        book.row("Gross profit", "gross_profit", YEARS, level=0, rule="single"),
        Row("Operating expenses:"),
        book.row("Research and development", "research", YEARS),
        book.row("Selling, general and administrative", "selling", YEARS),
        book.row("Amortization of intangible assets", "amortization", YEARS),
        book.row("Restructuring charges", "restructuring", YEARS),
        book.row("Total operating expenses", "operating_expenses", YEARS, level=2, rule="single"),
        book.row("Operating income", "operating_income", YEARS, level=0, rule="single", bold=True),
        book.row("Interest expense", "interest_expense", YEARS, less=True, level=0),
        book.row("Interest income", "interest_income", YEARS, level=0),
        book.row("Other income (expense), net", "other_income", YEARS, level=0),
        book.row("Income before income taxes", "pretax_income", YEARS, level=0, rule="single"),
        book.row("Provision for income taxes", "income_tax", YEARS, level=0),
        book.row("Net income", "net_income", YEARS, level=0, rule="double", dollar=True, bold=True),
        Row(""),
        Row("Net income per share:"),
        book.row("Basic", "basic_eps", YEARS, dollar=True),
        book.row("Diluted", "diluted_eps", YEARS, dollar=True),
        Row("Weighted-average shares outstanding:"),
        book.row("Basic", "basic_shares", YEARS),
        book.row("Diluted", "diluted_shares", YEARS),
        book.row("Cash dividends declared per share", "dividend", YEARS, level=0, dollar=True),
    )
    return Table(yearly(book), rows, note=_PER_SHARE, spanners=YEARS_ENDED)


def comprehensive(book: Book) -> Table:
    """Make the statements of comprehensive income."""
    rows = (
        book.row("Net income", "net_income", YEARS, level=0, dollar=True),
        Row("Other comprehensive income (loss), net of tax:"),
        book.row("Foreign currency translation adjustments", "oci_translation", YEARS),
        book.row(
            "Net actuarial gains (losses) and prior service costs of defined benefit pension and other "
            "postretirement plans",
            "oci_pension",
            YEARS,
        ),
        book.row("Unrealized gains (losses) on derivatives designated as cash flow hedges", "oci_hedges", YEARS),
        book.row("Total other comprehensive income (loss)", "oci", YEARS, level=2, rule="single"),
        book.row("Comprehensive income", "comprehensive", YEARS, level=0, rule="double", dollar=True, bold=True),
    )
    return Table(yearly(book), rows, note=_MILLIONS, spanners=YEARS_ENDED)


def balance(book: Book) -> Table:
    """Make the balance sheets."""

    def line(label: str, name: str) -> Row:
        return book.row(label, name, ENDS)

    rows = (
        Row("Assets", bold=True),
        Row("Current assets:"),
        book.row("Cash and cash equivalents", "cash", ENDS, dollar=True),
        line("Accounts receivable, net", "receivables"),
        line("Inventories", "inventories"),
        line("Prepaid expenses and other current assets", "prepaid"),
        book.row("Total current assets", "current_assets", ENDS, level=2, rule="single"),
        line("Property, plant and equipment, net", "net_plant"),
        line("Operating lease right-of-use assets", "lease_assets"),
        line("Goodwill", "goodwill"),
        line("Other intangible assets, net", "intangibles"),
        line("Deferred income taxes", "deferred_tax_assets"),
        line("Other assets", "other_assets"),
        book.row("Total assets", "assets", ENDS, level=0, rule="double", dollar=True, bold=True),
        Row(""),
        Row("Liabilities and Stockholders’ Equity", bold=True),
        Row("Current liabilities:"),
        book.row("Current portion of long-term debt", "current_debt", ENDS, dollar=True),
        line("Accounts payable", "payables"),
        line("Accrued compensation and benefits", "accrued_pay"),
        line("Deferred revenue", "deferred_revenue"),
        line("Income taxes payable", "taxes_payable"),
        line("Operating lease liabilities", "lease_current"),
        line("Other accrued liabilities", "other_accrued"),
        book.row("Total current liabilities", "current_liabilities", ENDS, level=2, rule="single"),
        line("Long-term debt, less current portion", "long_debt"),
        line("Operating lease liabilities, noncurrent", "lease_noncurrent"),
        line("Deferred income taxes", "deferred_tax_liabilities"),
        line("Pension and other postretirement benefits", "pension"),
        line("Other long-term liabilities", "other_liabilities"),
        book.row("Total liabilities", "liabilities", ENDS, level=2, rule="single"),
        Row("Commitments and contingencies (Note 12)"),
        Row("Stockholders’ equity:"),
        line("Preferred stock, $0.01 par value; 10,000,000 shares authorized; none issued", "preferred"),
        line(
            "Common stock, $0.01 par value; 200,000,000 shares authorized; 70,412,600 shares issued in 2024 and "
            "70,100,200 in 2023",
            "stock",
        ),
        line("Additional paid-in capital", "paid_in"),
        line("Retained earnings", "retained"),
        book.row(
            "Treasury stock, at cost: 9,169,400 shares in 2024 and 7,767,500 shares in 2023",
            "treasury_stock",
            ENDS,
            less=True,
        ),
        line("Accumulated other comprehensive loss", "aoci"),
        book.row("Total stockholders’ equity", "equity", ENDS, level=2, rule="single"),
        book.row(
            "Total liabilities and stockholders’ equity",
            "liabilities_and_equity",
            ENDS,
            level=0,
            rule="double",
            dollar=True,
            bold=True,
        ),
    )
    return Table(year_end(book), rows, note=_MILLIONS, spanners=AT_YEAR_END)


def cash(book: Book) -> Table:
    """Make the statements of cash flows."""

    def line(label: str, name: str, *, less: bool = False, level: int = 1) -> Row:
        return book.row(label, name, YEARS, less=less, level=level)

    rows = (
        Row("Cash flows from operating activities:", bold=True),
        book.row("Net income", "net_income", YEARS, dollar=True),
        Row("Adjustments to reconcile net income to net cash provided by operating activities:", level=1),
        line("Depreciation", "depreciation", level=2),
        line("Amortization of intangible assets", "amortization", level=2),
        line("Stock-based compensation expense", "awards", level=2),
        line("Deferred income taxes", "deferred_tax", level=2),
        line("Other non-cash items", "noncash_other", level=2),
        Row("Changes in operating assets and liabilities, net of acquisitions:", level=1),
        line("Accounts receivable", "change_receivables", less=True, level=2),
        line("Inventories", "change_inventories", less=True, level=2),
        line("Accounts payable", "change_payables", level=2),
        line("Deferred revenue", "change_deferred", level=2),
        line("Income taxes payable", "change_taxes", level=2),
        line("Other assets and liabilities", "change_other", level=2),
        book.row("Net cash provided by operating activities", "operating_cash", YEARS, level=3, rule="single"),
        Row("Cash flows from investing activities:", bold=True),
        line("Purchases of property, plant and equipment", "capital_expenditures", less=True),
        line("Acquisitions of businesses, net of cash acquired", "acquisitions", less=True),
        line("Proceeds from sales of property, plant and equipment", "plant_sold"),
        book.row("Net cash used in investing activities", "investing_cash", YEARS, level=3, rule="single"),
        Row("Cash flows from financing activities:", bold=True),
        line("Proceeds from issuance of senior notes", "debt_proceeds"),
        line("Payments of debt issuance costs and discount", "debt_costs", less=True),
        line("Repayments of term loan", "debt_repaid", less=True),
        line("Net borrowings (repayments) under revolving credit facility", "revolver_net"),
        line("Dividends paid", "dividends", less=True),
        line("Repurchases of common stock", "repurchases", less=True),
        line("Proceeds from exercise of stock options", "options"),
        line("Taxes paid related to net share settlement of equity awards", "withheld", less=True),
        book.row("Net cash used in financing activities", "financing_cash", YEARS, level=3, rule="single"),
        line("Effect of exchange rate changes on cash and cash equivalents", "fx_cash", level=0),
        book.row("Net increase (decrease) in cash and cash equivalents", "net_cash", YEARS, level=0, rule="single"),
        line("Cash and cash equivalents at beginning of year", "cash_opening", level=0),
        book.row(
            "Cash and cash equivalents at end of year",
            "cash_closing",
            YEARS,
            level=0,
            rule="double",
            dollar=True,
            bold=True,
        ),
        Row(""),
        Row("Supplemental cash flow information:", bold=True),
        book.row("Cash paid for interest", "interest_paid", YEARS, dollar=True),
        book.row("Cash paid for income taxes, net of refunds", "taxes_paid", YEARS, dollar=True),
    )
    return Table(yearly(book), rows, note=_MILLIONS, spanners=YEARS_ENDED)


_AXIS = "us-gaap:StatementEquityComponentsAxis"
_PARTS: tuple[tuple[str, str, str], ...] = (
    ("Common\nStock", "stock", "us-gaap:CommonStockMember"),
    ("Additional\nPaid-in\nCapital", "paid_in", "us-gaap:AdditionalPaidInCapitalMember"),
    ("Treasury\nStock", "treasury", "us-gaap:TreasuryStockCommonMember"),
    ("Retained\nEarnings", "retained", "us-gaap:RetainedEarningsMember"),
    ("Accumulated\nOther\nComprehensive\nLoss", "aoci", "us-gaap:AccumulatedOtherComprehensiveIncomeMember"),
)


def equity(book: Book) -> Table:
    """Make the statements of stockholders' equity: the components across, the movements down."""
    columns = tuple(Column(header, members=((_AXIS, member),)) for header, _, member in _PARTS)
    rows = [_balance_row(book, "Balance at December 31, 2021", "2021", "none")]
    for year in ("2022", "2023", "2024"):
        rows += [
            _move(book, "Net income", year, "retained", "net_income", "us-gaap:NetIncomeLoss"),
            _move(
                book,
                "Other comprehensive income (loss)",
                year,
                "aoci",
                "oci",
                "us-gaap:OtherComprehensiveIncomeLossNetOfTax",
            ),
            _move(
                book,
                f"Dividends declared (${book.entries['dividend'].at(year)} per share)",
                year,
                "retained",
                "dividends",
                "us-gaap:DividendsCommonStockCash",
                less=True,
            ),
            _move(
                book,
                "Stock-based compensation",
                year,
                "paid_in",
                "awards",
                "us-gaap:AdjustmentsToAdditionalPaidInCapitalSharebasedCompensation"
                "RequisiteServicePeriodRecognitionValue",
            ),
            _move(
                book,
                "Exercise of stock options",
                year,
                "paid_in",
                "options",
                "us-gaap:StockIssuedDuringPeriodValueStockOptionsExercised",
            ),
            _move(
                book,
                "Shares withheld for employee taxes",
                year,
                "paid_in",
                "withheld",
                "us-gaap:AdjustmentsRelatedToTaxWithholdingForShareBasedCompensation",
                less=True,
            ),
            _move(
                book,
                "Repurchases of common stock",
                year,
                "treasury",
                "repurchases",
                "us-gaap:TreasuryStockValueAcquiredCostMethod",
                less=True,
            ),
            _balance_row(book, f"Balance at December 31, {year}", year, "double" if year == "2024" else "single"),
        ]
    return Table((*columns, Column("Total\nStockholders’\nEquity")), tuple(rows), note=_MILLIONS)


def _balance_row(book: Book, label: str, year: str, rule: Literal["none", "single", "double"]) -> Row:
    parts = tuple(book.entries[name].at(year) for _, name, _ in _PARTS)
    context = book.contexts[year].moment()
    values: tuple[Value, ...] = (*parts, sum(parts, Decimal(0)))
    return Row(label, values, "us-gaap:StockholdersEquity", 0, rule, True, context=context, bold=True)


def _move(book: Book, label: str, year: str, part: str, name: str, concept: str, *, less: bool = False) -> Row:
    amount = (-1 if less else 1) * book.entries[name].at(year)
    parts = tuple(amount if key == part else Decimal(0) for _, key, _ in _PARTS)
    blanks: tuple[Value, ...] = tuple(value if value else "—" for value in parts)
    return Row(label, (*blanks, amount), concept, 1, context=book.contexts[year], negated=less)
