from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import pypdfium2
import pytest
from lxml import etree
from pypdf import PdfReader

Example = Callable[[str], ModuleType]
IX = "{http://www.xbrl.org/2013/inlineXBRL}"
XBRLI = "{http://www.xbrl.org/2003/instance}"
XBRLDI = "{http://xbrl.org/2006/xbrldi}"
HTML = "{http://www.w3.org/1999/xhtml}"
YEAR = ("2024-01-01", "2024-12-31")


def _pages(path: Path) -> list[str]:
    document = pypdfium2.PdfDocument(path)
    texts = []
    for page in document:
        text = page.get_textpage()
        texts.append(text.get_text_bounded())
        text.close()
        page.close()
    document.close()
    return texts


def _facts(path: Path) -> list[tuple[str, tuple[str, ...], tuple[str, ...], str, Decimal, etree._Element]]:
    """Read every numeric fact: concept, dates, members, unit, full value and its element."""
    root = etree.parse(path).getroot()
    contexts = {
        context.get("id"): (
            tuple(node.text for node in context.find(f"{XBRLI}period")),
            tuple(node.text for node in context.iter(f"{XBRLDI}explicitMember")),
        )
        for context in root.iter(f"{XBRLI}context")
    }
    facts = []
    for node in root.iter(f"{IX}nonFraction"):
        printed = "0" if node.get("format") == "ixt:fixed-zero" else node.text.replace(",", "")
        value = Decimal(printed).scaleb(int(node.get("scale")))
        value = -value if node.get("sign") == "-" else value
        dates, members = contexts[node.get("contextRef")]
        facts.append((node.get("name"), dates, members, node.get("unitRef"), value, node))
    return facts


def _value(path: Path, concept: str, dates: tuple[str, ...], members: tuple[str, ...] = ()) -> Decimal:
    found = {f[4] for f in _facts(path) if (f[0], f[1], f[2]) == (f"us-gaap:{concept}", dates, members)}
    assert len(found) == 1, (concept, found)
    return found.pop()


def test_every_run_gives_the_same_bytes(example: Example, filings: Path, tmp_path: Path) -> None:
    paths = example("make_filings").make_filings(tmp_path)
    assert len(paths) == 4
    for path in paths:
        assert path.read_bytes() == (filings / path.name).read_bytes(), path.name


def test_the_annual_report_is_long_and_its_pages_are_labelled(filings: Path) -> None:
    reader = PdfReader(filings / "orrindale_2024_10K.pdf")
    assert len(reader.pages) >= 24
    numbers = [str(number) for number in range(1, len(reader.pages) - 1)]
    assert reader.page_labels == ["i", "ii", *numbers]


def test_each_page_prints_its_label(filings: Path) -> None:
    for label, text in enumerate(_pages(filings / "orrindale_2024_10K.pdf")[2:], start=1):
        lines = text.split("\r\n")
        assert lines[0] == "Orrindale Instruments Corporation"
        assert str(label) in lines[:2] + lines[-1:]


def test_the_outline_leads_to_the_headings(filings: Path) -> None:
    path = filings / "orrindale_2024_10K.pdf"
    reader, texts = PdfReader(path), _pages(path)
    entries: list[tuple[str, int]] = []
    waiting: list[Any] = list(reader.outline)
    while waiting:
        entry = waiting.pop(0)
        if isinstance(entry, list):
            waiting = entry + waiting
        else:
            page = reader.get_destination_page_number(entry)
            assert page is not None
            entries.append((entry.title, page))
    titles = [title for title, _ in entries]
    assert titles[:2] == ["Part I", "Item 1. Business"]
    assert sum(title.startswith("Note ") for title in titles) == 12
    for title, page in entries:
        flat = " ".join(texts[page].split())
        assert title in flat, title


def test_the_contents_give_the_printed_pages(filings: Path) -> None:
    texts = [" ".join(text.split()) for text in _pages(filings / "orrindale_2024_10K.pdf")]
    for title in ("Business", "Properties", "Controls and Procedures"):
        page = int(re.search(rf"{title} (\d+)", texts[1]).group(1))  # type: ignore[union-attr]
        assert re.search(rf"Item \w+\. {title}", texts[page + 1]), title


def test_a_table_runs_over_a_page_and_repeats_its_head(filings: Path) -> None:
    texts = _pages(filings / "orrindale_2024_10K.pdf")
    first = next(index for index, text in enumerate(texts) if "(continued)" in text)
    title = re.search(r"(.+) \(continued\)", texts[first]).group(1)  # type: ignore[union-attr]
    assert title in texts[first - 1]
    assert "Years Ended December 31," in texts[first].split("(continued)")[1][:60]


def test_page_texts_keep_the_reading_order(filings: Path) -> None:
    text = " ".join(next(t for t in _pages(filings / "orrindale_2024_10K.pdf") if "Total current assets" in t).split())
    rows = [
        "Cash and cash equivalents",
        "Total current assets",
        "Total assets",
        "Accounts payable",
        "Total liabilities",
    ]
    places = [text.index(row) for row in rows]
    assert places == sorted(places)
    assert "Total assets $ 3,413.1 $ 3,085.4" in text


def test_the_tagged_report_holds_the_books_values(example: Example, filings: Path) -> None:
    path = filings / "orrindale_2024_10K.htm"
    book = example("orrindale.figures").figures()
    million = Decimal(1_000_000)
    assert _value(path, "Revenues", YEAR) == book["net_sales"][0] * million
    assert _value(path, "NetIncomeLoss", YEAR) == book["net_income"][0] * million
    assert _value(path, "Assets", ("2023-12-31",)) == book["assets"][1] * million
    assert _value(path, "PaymentsToAcquirePropertyPlantAndEquipment", YEAR) == book["capital_expenditures"][0] * million
    assert _value(path, "IncreaseDecreaseInAccountsReceivable", YEAR) == book["change_receivables"][0] * million
    assert _value(path, "DeferredIncomeTaxExpenseBenefit", YEAR) == book["deferred_tax"][0] * million
    assert _value(path, "EarningsPerShareDiluted", YEAR) == book["diluted_eps"][0]
    assert _value(path, "RestructuringCharges", ("2023-01-01", "2023-12-31")) == 0
    assert _value(path, "EffectiveIncomeTaxRateContinuingOperations", YEAR) == book["effective_rate"][0] / 100
    members = ("orri:LifeScienceSystemsMember",)
    assert _value(path, "Revenues", YEAR, members) == book["life_sales"][0] * million


def test_every_row_of_figures_is_printed_alike_in_the_pdf(filings: Path) -> None:
    printed = "".join("".join(_pages(filings / "orrindale_2024_10K.pdf")).split())
    root = etree.parse(filings / "orrindale_2024_10K.htm").getroot()
    rows = [row for row in root.iter(f"{HTML}tr") if row.find(f".//{IX}nonFraction") is not None]
    assert len(rows) > 250
    for row in rows:
        text = "".join("".join(row.itertext()).split())
        assert text in printed, text


@pytest.mark.parametrize("name", ["orrindale_2024_10K.htm", "marrowby_2024Q2_10Q.htm"])
def test_facts_that_are_told_twice_agree(filings: Path, name: str) -> None:
    told: dict[tuple[object, ...], list[tuple[Decimal, int]]] = {}
    for concept, dates, members, unit, value, node in _facts(filings / name):
        told.setdefault((concept, dates, members, unit), []).append((value, int(node.get("decimals"))))
    assert any(len(values) > 1 for values in told.values())
    for key, values in told.items():
        coarsest = Decimal(1).scaleb(-min(decimals for _, decimals in values))
        low, high = min(value for value, _ in values), max(value for value, _ in values)
        assert high - low <= coarsest / 2, key


@pytest.mark.parametrize("name", ["orrindale_2024_10K.htm", "marrowby_2024Q2_10Q.htm"])
def test_the_inline_xbrl_is_well_formed(filings: Path, name: str) -> None:
    root = etree.parse(filings / name).getroot()
    contexts = {node.get("id") for node in root.iter(f"{XBRLI}context")}
    units = {node.get("id") for node in root.iter(f"{XBRLI}unit")}
    facts = [*root.iter(f"{IX}nonFraction"), *root.iter(f"{IX}nonNumeric")]
    ids = [fact.get("id") for fact in facts]
    assert len(ids) == len(set(ids))
    assert {fact.get("contextRef") for fact in facts} <= contexts
    assert {fact.get("unitRef") for fact in root.iter(f"{IX}nonFraction")} <= units
    assert units == {"usd", "shares", "usdPerShare", "pure"}
    for fact in facts:
        assert fact.get("name").split(":")[0] in root.nsmap


@pytest.mark.parametrize("name", ["orrindale_2024_10K.htm", "marrowby_2024Q2_10Q.htm"])
def test_the_rows_of_a_table_are_equally_wide(filings: Path, name: str) -> None:
    root = etree.parse(filings / name).getroot()
    tables = list(root.iter(f"{HTML}table"))
    assert len(tables) > 10
    for table in tables:
        widths = {sum(int(cell.get("colspan", "1")) for cell in row) for row in table.iter(f"{HTML}tr")}
        assert len(widths) == 1, etree.tostring(table)[:300]


def test_both_settings_break_the_pages_alike(filings: Path) -> None:
    root = etree.parse(filings / "orrindale_2024_10K.htm").getroot()
    breaks = [rule for rule in root.iter(f"{HTML}hr") if "page-break-after" in rule.get("style", "")]
    assert len(breaks) == len(_pages(filings / "orrindale_2024_10K.pdf")) - 1


def test_the_quarterly_report_tells_quarter_and_half_year_apart(filings: Path) -> None:
    path = filings / "marrowby_2024Q2_10Q.htm"
    quarter, half = ("2023-12-31", "2024-03-30"), ("2023-10-01", "2024-03-30")
    assert _value(path, "GrossProfit", quarter) == 72_225_000
    assert _value(path, "GrossProfit", half) == 149_054_000
    assert _value(path, "StockholdersEquity", ("2024-03-30",)) == 283_104_000
    names = {node.get("name"): node.text for node in etree.parse(path).getroot().iter(f"{IX}nonNumeric")}
    assert names["dei:DocumentFiscalPeriodFocus"] == "Q2"
    assert names["dei:EntityRegistrantName"] == "Marrowby Foods, Inc."


def test_the_release_agrees_with_the_annual_report(filings: Path) -> None:
    release = " ".join(" ".join(_pages(filings / "orrindale_2024Q4_earnings.pdf")).split())
    assert 3 <= len(_pages(filings / "orrindale_2024Q4_earnings.pdf")) <= 4
    revenues = _value(filings / "orrindale_2024_10K.htm", "Revenues", YEAR) / 1_000_000
    assert re.search(rf"Net sales \$ [\d.]+ \$ [\d.]+ \$ {revenues:,.1f} ", release)
    assert "Exhibit 99.1" in release
