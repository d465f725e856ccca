"""The tables of Notes 6 to 12: debt, leases, taxes, equity, earnings per share, segments, warranties."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from press.blocks import Column, Context, Row, Table
from press.ledger import Book

from orrindale.asset_tables import ahead
from orrindale.book import ENDS, YEARS
from orrindale.statements import AT_YEAR_END, YEARS_ENDED, year_end, yearly

_NOTE = "(In millions)"
_PER_SHARE = "(In millions, except per share amounts)"


def liability_tables(book: Book) -> dict[str, Table]:
    """Give the tables of Notes 6 to 12 by name."""
    return {
        "debt": _debt(book),
        "debt_ahead": ahead(book, "due", ("Total principal", "principal")),
        "lease_cost": _lease_cost(book),
        "lease_ahead": _lease_ahead(book),
        "pretax": _pretax(book),
        "provision": _provision(book),
        "tax_rate": _tax_rate(book),
        "deferred": _deferred(book),
        "unrecognized": _unrecognized(book),
        "aoci": _aoci(book),
        "award_cost": _award_cost(book),
        "options": _options(book),
        "per_share": _per_share(book),
        "segments": _segments(book),
        "segment_other": _segment_other(book),
        "place_sales_note": _places(book),
        "place_plant": _place_plant(book),
        "warranty": _warranty(book),
    }


def _debt(book: Book) -> Table:
    rows = (
        book.row("3.10% senior notes due October 15, 2026", "notes_2026", ENDS, level=0, dollar=True),
        book.row("4.45% senior notes due June 1, 2029", "notes_2029", ENDS, level=0),
        book.row("5.20% senior notes due May 15, 2034", "notes_2034", ENDS, level=0),
        book.row("Term loan due September 30, 2027 (5.71% at December 31, 2024)", "term_loan", ENDS, level=0),
        book.row("Revolving credit facility due March 22, 2028", "revolver", ENDS, level=0),
        book.row("Total principal", "principal", ENDS, rule="single"),
        book.row("Less: unamortized discount and issuance costs", "unamortized", ENDS, less=True, level=0),
        book.row("Total debt", "total_debt", ENDS, rule="single"),
        book.row("Less: current portion", "current_debt", ENDS, less=True, level=0),
        book.row("Long-term debt, less current portion", "long_debt", ENDS, rule="double", dollar=True),
    )
    return Table(year_end(book), rows, note=_NOTE, spanners=AT_YEAR_END)


def _lease_cost(book: Book) -> Table:
    rows = (
        book.row("Operating lease cost", "lease_operating", YEARS, level=0, dollar=True),
        book.row("Short-term lease cost", "lease_short", YEARS, level=0),
        book.row("Variable lease cost", "lease_variable", YEARS, level=0),
        book.row("Total lease cost", "lease_cost", YEARS, rule="double", dollar=True),
    )
    return Table(yearly(book), rows, note=_NOTE, spanners=YEARS_ENDED)


def _lease_ahead(book: Book) -> Table:
    table = ahead(book, "lease", ("Total lease payments", "lease_payments"))
    rows = (
        *table.rows[:-1],
        book.row("Total lease payments", "lease_payments", ("2024",), rule="single"),
        book.row("Less: imputed interest", "lease_interest", ("2024",), less=True, level=0),
        book.row("Present value of lease liabilities", "lease_liability", ("2024",), rule="double", dollar=True),
    )
    return Table(table.columns, rows, note=_NOTE)


def _pretax(book: Book) -> Table:
    rows = (
        book.row("United States", "pretax_domestic", YEARS, level=0, dollar=True),
        book.row("Foreign", "pretax_foreign", YEARS, level=0),
        book.row("Income before income taxes", "pretax_income", YEARS, rule="double", dollar=True),
    )
    return Table(yearly(book), rows, note=_NOTE, spanners=YEARS_ENDED)


def _provision(book: Book) -> Table:
    rows = (
        Row("Current:"),
        book.row("Federal", "current_federal", YEARS, dollar=True),
        book.row("State and local", "current_state", YEARS),
        book.row("Foreign", "current_foreign", YEARS),
        book.row("Total current provision", "current_tax", YEARS, level=2, rule="single"),
        Row("Deferred:"),
        book.row("Federal", "deferred_federal", YEARS),
        book.row("State and local", "deferred_state", YEARS),
        book.row("Foreign", "deferred_foreign", YEARS),
        book.row("Total deferred benefit", "deferred_tax", YEARS, level=2, rule="single"),
        book.row("Provision for income taxes", "income_tax", YEARS, level=0, rule="double", dollar=True),
    )
    return Table(yearly(book), rows, note=_NOTE, spanners=YEARS_ENDED)


def _tax_rate(book: Book) -> Table:
    rows = (
        book.row(
            "Income taxes at the U.S. federal statutory rate of 21.0%", "statutory_tax", YEARS, level=0, dollar=True
        ),
        book.row("State and local income taxes, net of federal benefit", "reconcile_state", YEARS, level=0),
        book.row("Foreign earnings taxed at different rates", "reconcile_foreign", YEARS, level=0),
        book.row("Research and development tax credits", "reconcile_credits", YEARS, level=0),
        book.row("Excess tax benefits from stock-based compensation", "reconcile_awards", YEARS, level=0),
        book.row("Change in valuation allowance", "reconcile_allowance", YEARS, level=0),
        book.row("Global intangible low-taxed income and other, net", "reconcile_other", YEARS, level=0),
        book.row("Provision for income taxes", "income_tax", YEARS, level=0, rule="double", dollar=True),
        book.row("Effective income tax rate", "effective_rate", YEARS, level=0),
    )
    return Table(yearly(book), rows, note=_NOTE, spanners=YEARS_ENDED)


def _deferred(book: Book) -> Table:
    def line(label: str, name: str, *, less: bool = False) -> Row:
        return book.row(label, name, ENDS, less=less)

    rows = (
        Row("Deferred tax assets:"),
        book.row("Inventories", "dta_inventories", ENDS, dollar=True),
        line("Accrued compensation and stock awards", "dta_pay"),
        line("Pension and other postretirement benefits", "dta_pension"),
        line("Operating lease liabilities", "dta_leases"),
        line("Net operating losses and tax credit carryforwards", "dta_losses"),
        line("Other", "dta_other"),
        book.row("Gross deferred tax assets", "dta_gross", ENDS, level=2, rule="single"),
        line("Valuation allowance", "dta_allowance", less=True),
        book.row("Total deferred tax assets", "dta_net", ENDS, level=2, rule="single"),
        Row("Deferred tax liabilities:"),
        line("Intangible assets", "dtl_intangibles", less=True),
        line("Depreciation", "dtl_plant", less=True),
        line("Operating lease right-of-use assets", "dtl_leases", less=True),
        line("Other", "dtl_other", less=True),
        book.row("Total deferred tax liabilities", "dtl_total", ENDS, less=True, level=2, rule="single"),
        book.row("Net deferred tax liabilities", "deferred_net", ENDS, level=0, rule="double", dollar=True),
    )
    return Table(year_end(book), rows, note=_NOTE, spanners=AT_YEAR_END, splits=True)


def _unrecognized(book: Book) -> Table:
    rows = (
        book.row("Balance at beginning of year", "utb_opening", YEARS, level=0, dollar=True),
        book.row("Increases for tax positions of the current year", "utb_current", YEARS, level=0),
        book.row("Increases for tax positions of prior years", "utb_prior", YEARS, level=0),
        book.row("Settlements with taxing authorities", "utb_settled", YEARS, less=True, level=0),
        book.row("Lapse of statutes of limitations", "utb_lapsed", YEARS, less=True, level=0),
        book.row("Balance at end of year", "utb_closing", YEARS, level=0, rule="double", dollar=True),
    )
    return Table(yearly(book), rows, note=_NOTE, spanners=YEARS_ENDED)


def _aoci(book: Book) -> Table:
    parts = ("aoci_translation", "aoci_pension", "aoci_hedges")
    moves = ("oci_translation", "oci_pension", "oci_hedges")

    def row(label: str, names: tuple[str, ...], year: str, context: Context, concept: str, last: bool) -> Row:
        cells = tuple(book.entries[name].at(year) for name in names)
        between = names is parts and year == "2023"
        rule: Literal["none", "single", "double"] = "double" if last else "single" if between else "none"
        return Row(
            label,
            (*cells, sum(cells, Decimal(0))),
            concept,
            0,
            rule,
            names is parts and year != "2023",
            context=context,
        )

    held = "us-gaap:AccumulatedOtherComprehensiveIncomeLossNetOfTax"
    moved = "us-gaap:OtherComprehensiveIncomeLossNetOfTax"
    at = book.contexts
    rows = [row("Balance at December 31, 2022", parts, "2022", at["2022"].moment(), held, False)]
    for year in ("2023", "2024"):
        rows.append(row("Other comprehensive income (loss), net of tax", moves, year, at[year], moved, False))
        rows.append(row(f"Balance at December 31, {year}", parts, year, at[year].moment(), held, year == "2024"))
    axis = "us-gaap:StatementEquityComponentsAxis"
    columns = (
        Column(
            "Foreign\nCurrency\nTranslation",
            members=((axis, "us-gaap:AccumulatedForeignCurrencyAdjustmentAttributableToParentMember"),),
        ),
        Column(
            "Pension and\nPostretirement\nBenefits",
            members=((axis, "us-gaap:AccumulatedDefinedBenefitPlansAdjustmentAttributableToParentMember"),),
        ),
        Column("Cash Flow\nHedges", members=((axis, "us-gaap:AccumulatedGainLossNetCashFlowHedgeParentMember"),)),
        Column("Total", members=((axis, "us-gaap:AccumulatedOtherComprehensiveIncomeMember"),)),
    )
    return Table(columns, tuple(rows), note=_NOTE)


def _award_cost(book: Book) -> Table:
    cost, research, whole = (book.entries[name].values for name in ("award_cost", "award_research", "awards"))
    rows = (
        Row("Cost of sales", cost.values, dollar=True),
        Row("Research and development", research.values),
        Row("Selling, general and administrative", (whole - cost - research).values),
        book.row("Total stock-based compensation expense", "awards", YEARS, rule="double", dollar=True),
    )
    return Table(yearly(book), rows, note=_NOTE, spanners=YEARS_ENDED)


def _options(book: Book) -> Table:
    moves = (
        ("Outstanding at December 31, 2023", "1842", "88.15"),
        ("Granted", "312", "127.60"),
        ("Exercised", "-301", "74.42"),
        ("Forfeited", "-28", "112.90"),
    )
    rows = [
        Row(label, (Decimal(count), Decimal(price)), style="shares", dollar=label.startswith("Outstanding"))
        for label, count, price in moves
    ]
    left = sum((Decimal(count) for _, count, _ in moves), Decimal(0))
    value = sum((Decimal(count) * Decimal(price) for _, count, price in moves), Decimal(0))
    rows.append(
        Row(
            "Outstanding at December 31, 2024",
            (left, (value / left).quantize(Decimal("0.01"))),
            rule="single",
            style="shares",
            dollar=True,
        )
    )
    rows.append(Row("Exercisable at December 31, 2024", (Decimal(1104), Decimal("81.27")), style="shares", dollar=True))
    columns = (Column("Options\n(thousands)"), Column("Weighted-Average\nExercise Price", style="per_share"))
    return Table(columns, tuple(rows), scale=3, places=0)


def _per_share(book: Book) -> Table:
    rows = (
        book.row("Net income", "net_income", YEARS, level=0, rule="none", dollar=True),
        Row(""),
        book.row("Weighted-average shares outstanding, basic", "basic_shares", YEARS, level=0),
        book.row(
            "Dilutive effect of stock options, restricted stock units and performance share units",
            "dilution",
            YEARS,
            level=0,
        ),
        book.row("Weighted-average shares outstanding, diluted", "diluted_shares", YEARS, level=0, rule="single"),
        Row(""),
        book.row("Basic net income per share", "basic_eps", YEARS, level=0, dollar=True),
        book.row("Diluted net income per share", "diluted_eps", YEARS, level=0, dollar=True),
    )
    return Table(yearly(book), rows, note=_PER_SHARE, spanners=YEARS_ENDED)


_SEGMENTS = (
    ("Analytical Instruments", "analytical"),
    ("Life Science Systems", "life"),
    ("Services and Consumables", "service"),
)


def _segments(book: Book) -> Table:
    """Make the long table of segment results, which may run over a page."""
    rows: list[Row] = []
    for label, name in _SEGMENTS:
        rows += [
            Row(f"{label}:", bold=True),
            book.row("Net sales", f"{name}_sales", YEARS, dollar=name == "analytical"),
            book.row("Cost of sales", f"{name}_cost", YEARS, less=True),
            book.row("Research and development", f"{name}_research", YEARS, less=True),
            book.row("Selling, general and administrative", f"{name}_selling", YEARS, less=True),
            book.row("Segment operating income", f"{name}_income", YEARS, level=2, rule="single"),
        ]
    rows += [
        book.row("Total segment operating income", "segment_income", YEARS, level=0, rule="single", bold=True),
        Row("Reconciliation to income before income taxes:"),
        book.row("Unallocated corporate expenses", "corporate", YEARS, less=True),
        book.row("Amortization of intangible assets", "amortization", YEARS, less=True),
        book.row("Restructuring charges", "restructuring", YEARS, less=True),
        book.row("Interest expense", "interest_expense", YEARS, less=True),
        book.row("Interest income", "interest_income", YEARS),
        book.row("Other income (expense), net", "other_income", YEARS),
        book.row("Income before income taxes", "pretax_income", YEARS, level=0, rule="double", dollar=True, bold=True),
    ]
    return Table(yearly(book), tuple(rows), "Segment Results", _NOTE, YEARS_ENDED, splits=True)


def _segment_other(book: Book) -> Table:
    rows: list[Row] = []
    for title, what, whole in (
        ("Depreciation:", "depreciation", "depreciation"),
        ("Capital expenditures:", "capital", "capital_expenditures"),
        ("Total assets at December 31:", "assets", "assets"),
    ):
        keys = (*ENDS, "") if what == "assets" else YEARS
        rows.append(Row(title))
        rows += [book.row(label, f"{name}_{what}", keys, dollar=name == "analytical") for label, name in _SEGMENTS]
        rows.append(book.row("Corporate", f"corporate_{what}", keys))
        rows.append(book.row("Total", whole, keys, level=2, rule="single", dollar=True))
    return Table(yearly(book), tuple(rows), "Other Segment Information", _NOTE, YEARS_ENDED, splits=True)


def _places(book: Book) -> Table:
    names = (
        ("United States", "sales_us"),
        ("China", "sales_china"),
        ("Germany", "sales_germany"),
        ("Japan", "sales_japan"),
        ("Other countries", "sales_elsewhere"),
    )
    rows = [book.row(label, name, YEARS, level=0, dollar=index == 0) for index, (label, name) in enumerate(names)]
    rows.append(book.row("Total net sales", "net_sales", YEARS, rule="double", dollar=True))
    return Table(yearly(book), tuple(rows), note=_NOTE, spanners=YEARS_ENDED)


def _place_plant(book: Book) -> Table:
    rows = (
        book.row("United States", "plant_us", ENDS, level=0, dollar=True),
        book.row("Germany", "plant_germany", ENDS, level=0),
        book.row("Other countries", "plant_elsewhere", ENDS, level=0),
        book.row("Property, plant and equipment, net", "net_plant", ENDS, rule="double", dollar=True),
    )
    return Table(year_end(book), rows, note=_NOTE, spanners=AT_YEAR_END)


def _warranty(book: Book) -> Table:
    rows = (
        book.row("Balance at beginning of year", "warranty_opening", ENDS, level=0, dollar=True),
        book.row("Accruals for warranties issued", "warranty_accrued", ENDS, level=0),
        book.row("Acquired with Thalvern Microfluidics", "warranty_acquired", ENDS, level=0),
        book.row("Settlements made", "warranty_settled", ENDS, less=True, level=0),
        book.row("Foreign currency translation", "warranty_exchange", ENDS, level=0),
        book.row("Balance at end of year", "warranty_closing", ENDS, level=0, rule="double", dollar=True),
    )
    return Table(year_end(book), rows, note=_NOTE, spanners=(("Years Ended December 31,", 0, 1),))
