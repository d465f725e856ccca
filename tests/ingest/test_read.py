"""The door of the room: files of every kind, the same answer each time, and spans that point at the print."""

from __future__ import annotations

import hashlib
import os
import random
import zipfile
from dataclasses import fields
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from ingest import read as ingest_read
from ingest.errors import (
    DamagedFileError,
    EncryptedFileError,
    OversizedFileError,
    UnreadableFileError,
    UnsupportedFileError,
)
from ingest.filing import Filing, Span
from ingest.kinds import KINDS, SUFFIXES, sniff
from ingest.read import file_id, read_filing
from tests.ingest.pdfs import FOUR, LEFT, TWO, Sheet, cover, encrypted, facts, read, row, scanned_page, values, written

DATA = Path(os.environ.get("TIEOUT_DATA", "../shared/data")) / "financebench" / "pdfs"


def report() -> bytes:
    sheet = Sheet()
    cover(sheet)
    sheet.centred("Consolidated Statement of Income")
    sheet.line("Years ended December 31 (Millions)")
    sheet.heads("2018", "2017", ends=TWO)
    sheet.row("Net sales", "$ 32,765", "$ 31,657", ends=TWO)
    sheet.row("Net income", "5,363", "4,869", ends=TWO)
    return sheet.bytes()


def png() -> bytes:
    buffer = BytesIO()
    Image.new("L", (4, 4)).save(buffer, "PNG")
    return buffer.getvalue()


def archive() -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        packed.writestr("filing.txt", "Net sales were 100.")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "error", "words"),
    [
        (b"", DamagedFileError, "empty"),
        (b"  \r\n\x00\x00", DamagedFileError, "empty"),
        (report()[:900], DamagedFileError, "cut off"),
        (encrypted("secret"), EncryptedFileError, "password"),
        (png(), UnsupportedFileError, "PNG"),
        (archive(), UnsupportedFileError, "ZIP"),
        (
            b"<?xml version='1.0'?><FilingSummary><Version>3</Version></FilingSummary>",
            UnsupportedFileError,
            "XML data",
        ),
        (b"\x00\x01\x02\x03" * 100, UnsupportedFileError, "binary"),
        (b"\xff\xd8\xff\xe0" + b"0" * 50, UnsupportedFileError, "JPEG"),
    ],
)
def test_what_cannot_be_read_is_one_line_of_its_own_kind(
    tmp_path: Path, data: bytes, error: type[UnreadableFileError], words: str
) -> None:
    with pytest.raises(error, match=words) as caught:
        read(tmp_path, data)
    message = str(caught.value)
    assert "\n" not in message
    assert caught.value.exit_code == 3


def test_a_missing_file_and_a_folder_are_told_apart_from_damage(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="cannot be opened") as missing:
        read_filing(tmp_path / "missing.pdf")
    assert "\n" not in str(missing.value)
    with pytest.raises(UnreadableFileError, match="cannot be opened"):
        read_filing(tmp_path)


def test_a_huge_file_is_refused_before_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest_read, "MAX_BYTES", 100)
    with pytest.raises(OversizedFileError, match="split it"):
        read(tmp_path, report())


def test_content_decides_and_not_the_name(tmp_path: Path) -> None:
    assert read(tmp_path, report(), "report.txt").media_type == "application/pdf"
    assert read(tmp_path, b"<html><body><p>Net sales were 100.</p></body></html>", "a.pdf").media_type == "text/html"


def test_kinds_are_told_by_their_first_bytes() -> None:
    assert sniff(b"\n\n%PDF-1.4") == "pdf"
    assert sniff(b"<?xml version='1.0'?>\n<HTML>") == "html"
    assert sniff("<html>".encode("utf-16")) == "html"
    assert sniff(b"plain words") == "text"


def test_every_kind_with_a_reader_is_searched_for() -> None:
    for name, kind in KINDS.items():
        assert (kind.read is not None) == bool(kind.suffixes), name
    assert {".pdf", ".htm"} <= SUFFIXES


def test_a_filing_is_its_bytes(tmp_path: Path) -> None:
    data = report()
    first, second = read(tmp_path, data), read(tmp_path, data, "copy.pdf")
    assert first.id == hashlib.sha256(data).hexdigest() == file_id(tmp_path / "copy.pdf")
    assert (first.source, second.source) == ("filing.pdf", "copy.pdf")
    for field in fields(Filing):
        if field.name != "source":
            assert getattr(first, field.name) == getattr(second, field.name), field.name
    assert len({passage.id for passage in first.passages}) == len(first.passages) > 0


def test_a_small_report_is_read_from_end_to_end(tmp_path: Path) -> None:
    filing = read(tmp_path, report())
    identity = filing.identity
    assert (identity.company, identity.form, identity.fiscal_year) == (
        "Northfield Instruments Corporation",
        "10-K",
        2018,
    )
    revenue = facts(filing, "Revenues")
    assert {key: (f"{fact.value:f}", fact.unit, fact.scale) for key, fact in revenue.items()} == {
        "2018": ("32765000000", "USD", 6),
        "2017": ("31657000000", "USD", 6),
    }
    assert revenue["2018"].span.physical_page == 2
    assert filing.warnings == ()


def test_progress_is_told(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    read_filing(written(tmp_path, "a.pdf", report()), progress=lambda done, count: told.append((done, count)))
    assert told[-1] == (2, 2)


def test_what_could_not_be_found_is_a_warning(tmp_path: Path) -> None:
    filing = read(tmp_path, scanned_page())
    messages = " ".join(warning.message for warning in filing.warnings)
    for words in ("picture", "company", "form", "period", "only its text"):
        assert words in messages
    assert filing.facts == ()


def spans(filing: Filing) -> list[tuple[str, Span]]:
    found = [(cell.text, cell.span) for t in filing.tables for r in t.rows for cell in r.cells]
    found += [(r.label, r.span) for t in filing.tables for r in t.rows]
    found += [(fact.printed, fact.span) for fact in filing.facts]
    found += [("", passage.span) for passage in filing.passages]
    return found


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("seed", range(6))
def test_every_span_gives_the_print_back_and_lies_where_it_was_drawn(tmp_path: Path, seed: int) -> None:
    random_number = random.Random(seed)
    sheet = Sheet()
    cover(sheet)
    ends = FOUR[: random_number.randint(2, 4)]
    for page in range(3):
        sheet.line(f"Table {page} (In millions)")
        sheet.heads(*[str(2018 - k) for k in range(len(ends))], ends=ends)
        for k in range(random_number.randint(4, 12)):
            amounts = [f"{random_number.randint(1, 99_999):,}" for _ in ends]
            shapes = ["{}", "$ {}", "({})", "({} )", "$ ({})", "$ ({} )", "{}%"]
            printed = [random_number.choice(shapes).format(a) if random_number.random() > 0.1 else "—" for a in amounts]
            sheet.row(
                f"Item {page} {'abcdefghijkl'[k]} of sales", *printed, ends=ends, indent=random_number.choice([0, 8])
            )
        sheet.skip()
        sheet.line(
            "And so it was that the company went on with its business for many years, as all had hoped it would."
        )
        sheet.next_page()
    filing = read(tmp_path, sheet.bytes())
    drawn_rows = sum(text.endswith(" of sales") for _, text, _ in sheet.drawn)
    assert sum(len(t.rows) for t in filing.tables) == drawn_rows
    for text, span in spans(filing):
        page = filing.pages[span.page]
        assert span.chars is not None
        assert span.box is not None
        assert squeezed(text) in squeezed(page.text[slice(*span.chars)])
        assert 0 <= span.box[0] < span.box[2] <= page.width
        assert 0 <= span.box[1] < span.box[3] <= page.height
    for table in filing.tables:
        for table_row in table.rows:
            for cell in table_row.cells:
                page = filing.pages[cell.span.page]
                assert squeezed(page.text[slice(*cell.span.chars or (0, 0))]) == squeezed(cell.text)
                digits = cell.text.lstrip("$").strip()
                around = cell.span.box
                assert around is not None
                assert any(
                    squeezed(text) == squeezed(digits)
                    and page.index == on
                    and around[0] <= box[0] + 1
                    and around[1] <= box[1] + 1
                    and around[2] >= box[2] - 1
                    and around[3] >= box[3] - 1
                    for on, text, box in sheet.drawn
                ), cell


def test_prose_and_rows_do_not_repeat_each_other(tmp_path: Path) -> None:
    sheet = Sheet()
    cover(sheet)
    sheet.heads("2018", "2017", ends=TWO)
    sheet.row("Net sales", "$ 32,765", "$ 31,657", ends=TWO)
    sheet.text(LEFT, sheet.y, "Proceeds from issuance of treasury stock pursuant to")
    sheet.skip()
    sheet.row("stock option and benefit plans", "485", "734", ends=TWO)
    sheet.skip(3)
    sheet.line("Words that stand below the table and speak of something else altogether.")
    filing = read(tmp_path, sheet.bytes())
    prose = " ".join(passage.text for passage in filing.passages if passage.kind == "prose")
    assert "treasury stock" not in prose
    assert "32,765" not in prose
    assert "something else altogether" in prose


@pytest.fixture(scope="module")
def three_m() -> Filing:
    path = DATA / "3M_2018_10K.pdf"
    if not path.exists():
        pytest.skip("the measuring data is not there")
    return read_filing(path)


@pytest.mark.slow
def test_a_real_income_statement(three_m: Filing) -> None:
    assert (three_m.identity.company, three_m.identity.form) == ("3M Company", "10-K")
    (table,) = [t for t in three_m.tables if t.statement == "income" and t.first_page == 55]
    assert values(table, "Net sales") == ["32765000000", "31657000000", "30109000000"]
    assert [c.period.key for c in table.columns if c.period] == ["2018", "2017", "2016"]
    assert values(table, "Earnings per share attributable to 3M common shareholders — diluted") == [
        "8.89",
        "7.93",
        "8.16",
    ]


@pytest.mark.slow
def test_a_real_balance_sheet(three_m: Filing) -> None:
    (table,) = [t for t in three_m.tables if t.statement == "balance" and t.first_page == 57]
    assert values(table, "Property, plant and equipment — net") == ["8738000000", "8866000000"]
    assert all(c.period is not None and c.period.is_instant for c in table.columns)
    assert {cell.unit for cell in row(table, "Common stock par value, $.01 par value").cells} == {"USD"}


@pytest.mark.slow
def test_a_real_cash_outflow_has_the_sign_of_its_concept(three_m: Filing) -> None:
    concept = "us-gaap:PaymentsToAcquirePropertyPlantAndEquipment"
    found = [f for f in three_m.facts if f.concept == concept and f.statement == "cash_flow" and f.period.key == "2018"]
    (spent,) = found
    assert (f"{spent.value:f}", spent.printed, spent.unit, spent.scale) == ("1577000000", "(1,577)", "USD", 6)
    assert (spent.span.physical_page, spent.statement) == (60, "cash_flow")
    page = three_m.pages[spent.span.page]
    assert spent.span.chars is not None
    assert page.text[slice(*spent.span.chars)].replace(" ", "") == "(1,577)"


def test_a_line_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = b"<html><body><p>" + b"Net sales were 100. " * 100 + b"</p></body></html>"
    assert read(tmp_path, page, "a.htm").pages
    monkeypatch.setattr(ingest_read, "MAX_LINE", 1_000)
    with pytest.raises(OversizedFileError, match="a line of page 1 has 1,999 characters"):
        read(tmp_path, page, "a.htm")
