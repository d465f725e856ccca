"""The tables of Notes 2 to 5: sales, acquisition, inventories and plant, goodwill and intangible assets."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

from press.blocks import Column, Context, Row, Table
from press.ledger import Book

from orrindale.book import ENDS, SEGMENT, YEARS
from orrindale.statements import AT_YEAR_END, YEARS_ENDED, year_end, yearly

_NOTE = "(In millions)"
_Names = tuple[tuple[str, str], ...]


def asset_tables(book: Book) -> dict[str, Table]:
    """Give the tables of Notes 2 to 5 by name."""
    return {
        "sales_by_product": _list(
            book,
            YEARS,
            (
                ("Instruments and systems", "sales_instruments"),
                ("Consumables", "sales_consumables"),
                ("Services", "sales_services"),
            ),
            ("Total net sales", "net_sales"),
        ),
        "acquisition": _acquisition(book),
        "inventories": _list(
            book,
            ENDS,
            (
                ("Raw materials and purchased components", "raw_materials"),
                ("Work in process", "work_in_process"),
                ("Finished goods", "finished_goods"),
            ),
            ("Total inventories", "inventories"),
        ),
        "plant": _plant(book),
        "goodwill": _goodwill(book),
        "intangibles": _intangibles(book),
        "amortization_ahead": ahead(book, "amortization", ("Total", "intangibles")),
    }


def _list(book: Book, keys: tuple[str, ...], names: _Names, whole: tuple[str, str]) -> Table:
    rows = [book.row(label, name, keys, level=0, dollar=index == 0) for index, (label, name) in enumerate(names)]
    rows.append(book.row(*whole, keys, level=1, rule="double", dollar=True))
    if keys is YEARS:
        return Table(yearly(book), tuple(rows), note=_NOTE, spanners=YEARS_ENDED)
    return Table(year_end(book), tuple(rows), note=_NOTE, spanners=AT_YEAR_END)


def ahead(book: Book, stem: str, whole: tuple[str, str]) -> Table:
    """Make a schedule of the next five years and the time after them, closed by a total."""
    labels = (*(str(year) for year in range(2025, 2030)), "Thereafter")
    rows = [
        book.row(label, f"{stem}_{index}", ("2024",), level=0, dollar=index == 0) for index, label in enumerate(labels)
    ]
    rows.append(book.row(*whole, ("2024",), level=1, rule="double", dollar=True))
    return Table((book.column("Amount", "2024"),), tuple(rows), note=_NOTE)


def _acquisition(book: Book) -> Table:
    bought = Context(date(2024, 5, 1))
    stem = "us-gaap:BusinessCombinationRecognizedIdentifiableAssetsAcquired"

    def row(
        label: str,
        name: str,
        concept: str | None = None,
        *,
        less: bool = False,
        dollar: bool = False,
        rule: Literal["none", "double"] = "none",
    ) -> Row:
        value = book.entries[f"acquired_{name}"].at("2024")
        return Row(label, (-value if less else value,), concept, 0, rule, dollar, negated=less, context=bought)

    rows = (
        row("Accounts receivable", "receivables", f"{stem}AndLiabilitiesAssumedCurrentAssetsReceivables", dollar=True),
        row("Inventories", "inventories", f"{stem}AndLiabilitiesAssumedInventory"),
        row("Property, plant and equipment", "plant", f"{stem}AndLiabilitiesAssumedPropertyPlantAndEquipment"),
        row("Developed technology (12-year life)", "technology"),
        row("Customer relationships (14-year life)", "customers"),
        row("Trade name (10-year life)", "trade_name"),
        row("Goodwill", "goodwill", "us-gaap:Goodwill"),
        row("Other assets", "other"),
        row("Accounts payable", "payables", less=True),
        row("Deferred revenue", "deferred_revenue", less=True),
        row("Accrued liabilities", "accrued", less=True),
        row("Deferred income tax liabilities", "deferred_taxes", less=True),
        row(
            "Net assets acquired, net of cash of $11.6 million",
            "net",
            f"{stem}AndLiabilitiesAssumedNet",
            dollar=True,
            rule="double",
        ),
    )
    return Table((Column("May 1,\n2024"),), rows, note=_NOTE)


def _plant(book: Book) -> Table:
    rows = (
        book.row("Land and land improvements", "land", ENDS, level=0, dollar=True),
        book.row("Buildings and leasehold improvements", "buildings", ENDS, level=0),
        book.row("Machinery, equipment and demonstration instruments", "machinery", ENDS, level=0),
        book.row("Construction in progress", "construction", ENDS, level=0),
        book.row("Property, plant and equipment, gross", "gross_plant", ENDS, rule="single"),
        book.row("Less: accumulated depreciation", "accumulated_depreciation", ENDS, less=True, level=0),
        book.row("Property, plant and equipment, net", "net_plant", ENDS, rule="double", dollar=True),
    )
    return Table(year_end(book), rows, note=_NOTE, spanners=AT_YEAR_END)


def _goodwill(book: Book) -> Table:
    """Make the rollforward of goodwill: segments across, movements down; 2023 moved by exchange rates alone."""
    names = ("analytical", "life", "service")
    exchange_2023 = {"analytical": Decimal("3.4"), "life": Decimal("1.6"), "service": Decimal("1.1")}
    closing = {name: book.entries[f"goodwill_{name}"] for name in names}
    bought = book.entries["acquired_goodwill"].at("2024")
    acquired = {name: bought if name == "life" else Decimal(0) for name in names}

    def row(
        label: str,
        values: dict[str, Decimal],
        concept: str,
        context: Context,
        rule: Literal["none", "single", "double"] = "none",
        dollar: bool = False,
    ) -> Row:
        cells = tuple(values[name] for name in names)
        return Row(label, (*cells, sum(cells, Decimal(0))), concept, 0, rule, dollar, context=context)

    def end(key: str) -> dict[str, Decimal]:
        return {name: closing[name].at(key) for name in names}

    opening = {name: closing[name].at("2023") - exchange_2023[name] for name in names}
    moved = {name: closing[name].at("2024") - closing[name].at("2023") - acquired[name] for name in names}
    exchange = "us-gaap:GoodwillForeignCurrencyTranslationGainLoss"
    year = book.contexts
    rows = (
        row("Balance at December 31, 2022", opening, "us-gaap:Goodwill", year["2022"].moment(), dollar=True),
        row("Foreign currency translation", exchange_2023, exchange, year["2023"]),
        row("Balance at December 31, 2023", end("2023"), "us-gaap:Goodwill", year["2023"].moment(), "single"),
        row("Acquisition of Thalvern Microfluidics", acquired, "us-gaap:GoodwillAcquiredDuringPeriod", year["2024"]),
        row("Foreign currency translation", moved, exchange, year["2024"]),
        row("Balance at December 31, 2024", end("2024"), "us-gaap:Goodwill", year["2024"].moment(), "double", True),
    )
    heads = ("Analytical\nInstruments", "Life Science\nSystems", "Services and\nConsumables")
    columns = tuple(Column(head, members=(SEGMENT[name],)) for head, name in zip(heads, names, strict=True))
    return Table((*columns, Column("Total")), rows, note=_NOTE)


def _intangibles(book: Book) -> Table:
    def row(label: str, stem: str, *, first: bool = False, last: bool = False) -> Row:
        cells = []
        for key in ENDS:
            gross, spent = book.entries[f"{stem}_gross"].at(key), book.entries[f"{stem}_spent"].at(key)
            cells += [gross, -spent, gross - spent]
        return Row(label, tuple(cells), None, 0, "double" if last else "none", first or last)

    heads = ("Gross", "Accumulated\nAmortization", "Net")
    rows = (
        row("Developed technology", "technology", first=True),
        row("Customer relationships", "customers"),
        row("Trade names and other", "names"),
        row("Total", "intangibles", last=True),
    )
    return Table(
        tuple(Column(head) for head in heads * 2),
        rows,
        note=_NOTE,
        spanners=(("December 31, 2024", 0, 2), ("December 31, 2023", 3, 5)),
    )
