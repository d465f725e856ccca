"""The tables of Items 5 and 7: repurchases, sales by segment and place, results in percent, cash."""

from __future__ import annotations

from decimal import Decimal

from press.blocks import Column, Row, Table, TextTable, Value
from press.ledger import Book
from press.series import growth

from orrindale.book import YEARS
from orrindale.statements import YEARS_ENDED, yearly

_SEGMENTS = (
    ("Analytical Instruments", "analytical"),
    ("Life Science Systems", "life"),
    ("Services and Consumables", "service"),
)
_PLACES = (
    ("United States", "sales_us"),
    ("China", "sales_china"),
    ("Germany", "sales_germany"),
    ("Japan", "sales_japan"),
    ("Other countries", "sales_elsewhere"),
)


def discussion_tables(book: Book) -> dict[str, Table | TextTable]:
    """Give the tables of management's discussion, and those of Items 2 and 5, by name."""
    return {
        "properties": _properties(),
        "repurchases": _repurchases(),
        "performance": _performance(),
        "segment_sales": _compared(
            book, [(label, f"{n}_sales") for label, n in _SEGMENTS], "net_sales", "Total net sales"
        ),
        "place_sales": _compared(book, list(_PLACES), "net_sales", "Total net sales"),
        "segment_income": _segment_income(book),
        "results": _results(book),
        "cash_summary": _cash_summary(book),
        "obligations": _obligations(book),
    }


def _compared(book: Book, lines: list[tuple[str, str]], whole: str, label: str) -> Table:
    """Three years side by side, with the growth of the last two in percent."""
    columns = (*yearly(book), Column("2024\nvs. 2023", style="percent"), Column("2023\nvs. 2022", style="percent"))

    def row(text: str, name: str, last: bool, first: bool) -> Row:
        now, before, earlier = (book.entries[name].at(year) for year in YEARS)
        values = (now, before, earlier, growth(now, before), growth(before, earlier))
        return Row(text, values, rule="double" if last else "none", dollar=first or last, bold=last)

    rows = [row(text, name, False, index == 0) for index, (text, name) in enumerate(lines)]
    rows.append(row(label, whole, True, False))
    spanners = (*YEARS_ENDED, ("Percent Change", 3, 4))
    untagged = tuple(Column(column.header, style=column.style) for column in columns)
    return Table(untagged, tuple(rows), note="(In millions)", spanners=spanners)


def _segment_income(book: Book) -> Table:
    names = [f"{name}_income" for _, name in _SEGMENTS]
    margins = [f"{name}_margin" for _, name in _SEGMENTS]
    rows = [Row("Segment operating income:")]
    rows += [
        book.row(label, name, YEARS, dollar=index == 0)
        for index, ((label, _), name) in enumerate(zip(_SEGMENTS, names, strict=True))
    ]
    rows += [
        book.row("Total segment operating income", "segment_income", YEARS, level=2, rule="single"),
        book.row("Unallocated corporate expenses", "corporate", YEARS, less=True),
        book.row("Amortization of intangible assets", "amortization", YEARS, less=True),
        book.row("Restructuring charges", "restructuring", YEARS, less=True),
        book.row("Operating income", "operating_income", YEARS, level=0, rule="double", dollar=True, bold=True),
        Row("Segment operating income as a percentage of segment net sales:"),
    ]
    rows += [book.row(label, name, YEARS) for (label, _), name in zip(_SEGMENTS, margins, strict=True)]
    columns = tuple(Column(year) for year in YEARS)
    return Table(columns, tuple(rows), note="(In millions)", spanners=YEARS_ENDED)


def _results(book: Book) -> Table:
    def row(label: str, name: str, *, less: bool = False, level: int = 0, total: bool = False) -> Row:
        return book.row(
            label, f"{name}_share", YEARS, less=less, level=level, bold=total, rule="single" if total else "none"
        )

    whole: tuple[Value, ...] = (Decimal(100), Decimal(100), Decimal(100))
    rows = (
        Row("Net sales", whole, style="percent"),
        row("Cost of sales", "cost_of_sales"),
        row("Gross profit", "gross_profit", total=True),
        row("Research and development", "research", level=1),
        row("Selling, general and administrative", "selling", level=1),
        row("Amortization of intangible assets", "amortization", level=1),
        row("Restructuring charges", "restructuring", level=1),
        row("Operating income", "operating_income", total=True),
        row("Interest expense", "interest_expense", less=True),
        row("Interest income", "interest_income"),
        row("Other income (expense), net", "other_income"),
        row("Income before income taxes", "pretax_income", total=True),
        row("Provision for income taxes", "income_tax"),
        row("Net income", "net_income", total=True),
    )
    columns = tuple(Column(year) for year in YEARS)
    return Table(columns, rows, note="(Percentage of net sales)", spanners=YEARS_ENDED)


def _cash_summary(book: Book) -> Table:
    rows = (
        book.row("Net cash provided by operating activities", "operating_cash", YEARS, level=0, dollar=True),
        book.row("Net cash used in investing activities", "investing_cash", YEARS, level=0),
        book.row("Net cash used in financing activities", "financing_cash", YEARS, level=0),
        book.row("Effect of exchange rate changes on cash and cash equivalents", "fx_cash", YEARS, level=0),
        book.row(
            "Net increase (decrease) in cash and cash equivalents",
            "net_cash",
            YEARS,
            level=0,
            rule="double",
            dollar=True,
        ),
    )
    return Table(tuple(Column(year) for year in YEARS), rows, note="(In millions)", spanners=YEARS_ENDED)


def _obligations(book: Book) -> Table:
    due = [book.entries[f"due_{index}"].at("2024") for index in range(6)]
    leases = [book.entries[f"lease_{index}"].at("2024") for index in range(6)]
    purchases = [Decimal(text) for text in ("146.2", "21.4", "8.1", "0", "0", "0")]
    interest = [Decimal(text) for text in ("49.6", "45.3", "35.7", "29.0", "22.3", "69.8")]

    def row(label: str, amounts: list[Decimal], *, last: bool = False, first: bool = False) -> Row:
        buckets = (amounts[0], amounts[1] + amounts[2], amounts[3] + amounts[4], amounts[5])
        return Row(label, (sum(amounts, Decimal(0)), *buckets), rule="double" if last else "none", dollar=first or last)

    everything = [sum(parts) for parts in zip(due, interest, leases, purchases, strict=True)]
    rows = (
        row("Long-term debt, principal", due, first=True),
        row("Interest on long-term debt (1)", interest),
        row("Operating leases", leases),
        row("Purchase obligations (2)", purchases),
        row("Total", [Decimal(amount) for amount in everything], last=True),
    )
    heads = ("Total", "2025", "2026–\n2027", "2028–\n2029", "After\n2029")
    return Table(
        tuple(Column(head) for head in heads), rows, note="(In millions)", spanners=(("Payments Due by Period", 0, 4),)
    )


def _repurchases() -> Table:
    months = (
        ("October 1 – October 31, 2024", "120.4", "126.10"),
        ("November 1 – November 30, 2024", "98.7", "129.85"),
        ("December 1 – December 31, 2024", "134.2", "133.40"),
    )
    left = Decimal("260.5")
    rows, bought, spent = [], Decimal(0), Decimal(0)
    for label, count, price in months:
        cost = Decimal(count) * Decimal(price) / 1000
        left, bought, spent = left - cost, bought + Decimal(count), spent + cost
        rows.append(
            Row(
                label,
                (Decimal(count), Decimal(price), Decimal(count), left.quantize(Decimal("0.1"))),
                style="shares",
                dollar=label.startswith("October"),
            )
        )
    average = (1000 * spent / bought).quantize(Decimal("0.01"))
    rows.append(Row("Total", (bought, average, bought, None), rule="single", style="shares", dollar=True))
    columns = (
        Column("Total Number\nof Shares\nPurchased\n(thousands)"),
        Column("Average\nPrice Paid\nper Share", style="per_share"),
        Column("Purchased as\nPart of Publicly\nAnnounced Program\n(thousands)"),
        Column("Approximate Value\nThat May Yet Be\nPurchased\n($ millions)", style="money"),
    )
    return Table(columns, tuple(rows))


def _performance() -> Table:
    series = (
        ("Orrindale Instruments Corporation", ("100.00", "124.18", "151.72", "118.36", "133.05", "143.91")),
        ("S&P MidCap 400 Index", ("100.00", "113.66", "141.80", "123.28", "143.54", "163.54")),
        ("Peer group of six instrument makers", ("100.00", "127.44", "163.09", "121.15", "124.87", "130.22")),
    )
    rows = tuple(Row(label, tuple(f"{Decimal(v):.2f}" for v in values)) for label, values in series)
    return Table(
        tuple(Column(str(year)) for year in range(2019, 2025)),
        rows,
        note="(In dollars)",
        spanners=(("December 31,", 0, 5),),
    )


def _properties() -> TextTable:
    rows = (
        ("Harrow Falls, Vermont", "Headquarters, research, chromatography assembly", "All", "486,000", "Owned"),
        (
            "Tessel, Oregon",
            "Mass spectrometry manufacturing and research",
            "Analytical Instruments",
            "318,000",
            "Owned",
        ),
        (
            "Freiburg, Germany",
            "Spectroscopy manufacturing; European distribution",
            "Analytical Instruments",
            "274,000",
            "Owned",
        ),
        (
            "Research Triangle, North Carolina",
            "Cell analysis and microfluidic systems",
            "Life Science Systems",
            "152,000",
            "Leased",
        ),
        (
            "Penang, Malaysia",
            "Consumables, columns and sub-assemblies",
            "Services and Consumables",
            "206,000",
            "Leased",
        ),
        ("Suzhou, China", "Regional assembly, demonstration and service", "All", "88,000", "Leased"),
        ("Leiden, Netherlands", "Thalvern microfluidic cartridges", "Life Science Systems", "61,000", "Leased"),
    )
    return TextTable(
        ("Location", "Principal use", "Segment", "Square feet", "Tenure"), rows, (0.22, 0.34, 0.21, 0.12, 0.11)
    )
