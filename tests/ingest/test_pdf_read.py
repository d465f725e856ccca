from __future__ import annotations

import io

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.errors import DependencyError

from ingest.errors import DamagedFileError, EncryptedFileError, OversizedFileError
from ingest.pdf import read as pdf_read
from ingest.pdf.read import read_pdf
from tests.ingest.pdfs import HEIGHT, TWO, WIDTH, Sheet, encrypted, rotated, with_page_labels


def three_pages() -> bytes:
    sheet = Sheet()
    for number in (1, 2, 3):
        sheet.line(f"This is page number {number} of the report of the company.")
        sheet.heads("2018", "2017", ends=TWO)
        sheet.row("Net sales", "$ 32,765", "$ 31,657", ends=TWO)
        sheet.row("Capital expenditures", "(1,577 )", "—", ends=TWO)
        sheet.next_page()
    return sheet.bytes()


def test_pages_have_their_text_lines_and_size() -> None:
    document = read_pdf(three_pages())
    assert document.media_type == "application/pdf"
    assert [page.index for page in document.pages] == [0, 1, 2]
    assert [page.label for page in document.pages] == [None, None, None]
    first = document.pages[0]
    assert (first.width, first.height) == (WIDTH, HEIGHT)
    assert first.text.split("\n") == [
        "This is page number 1 of the report of the company.",
        "2018 2017",
        "Net sales $ 32,765 $ 31,657",
        "Capital expenditures (1,577 ) —",
    ]
    assert [first.text[slice(*line.chars)] for line in first.lines] == first.text.split("\n")
    assert document.warnings == ()


def test_the_printed_labels_of_pages_are_kept_beside_their_number() -> None:
    document = read_pdf(with_page_labels(three_pages(), [(0, "/r", 1), (1, "/D", 56)]))
    assert [page.label for page in document.pages] == ["i", "56", "57"]
    assert {table.rows[0].span.page_label for table in document.tables} == {"i", "56", "57"}


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_ranges_and_boxes_point_at_what_is_printed(degrees: int) -> None:
    document = read_pdf(rotated(three_pages(), degrees) if degrees else three_pages())
    assert len(document.pages) == 3
    for page in document.pages:
        assert (page.width, page.height) == ((WIDTH, HEIGHT) if degrees in (0, 180) else (HEIGHT, WIDTH))
        for line in page.lines:
            assert page.text[slice(*line.chars)] == line.text
            assert line.box is not None
            assert 0 <= line.box[0] < line.box[2] <= page.width
            assert 0 <= line.box[1] < line.box[3] <= page.height


def test_bookmarks_are_the_outline() -> None:
    sheet = Sheet()
    for level, title in enumerate(("Part II", "Item 8")):
        sheet.canvas.bookmarkPage(title)
        sheet.canvas.addOutlineEntry(title, title, level)
        sheet.line("Some words that stand on this page of the report.")
        sheet.next_page()
    assert read_pdf(sheet.bytes()).outline == ((0, "Part II", 0), (1, "Item 8", 1))


def test_progress_is_told_for_each_page() -> None:
    told: list[tuple[int, int]] = []
    read_pdf(three_pages(), progress=lambda done, count: told.append((done, count)))
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_attachments_are_named_and_not_opened() -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(three_pages())))
    writer.add_attachment("model.xlsx", b"PK not a workbook")
    buffer = io.BytesIO()
    writer.write(buffer)
    (warning,) = read_pdf(buffer.getvalue()).warnings
    assert "model.xlsx" in warning.message
    assert "not opened" in warning.message


def test_what_pypdf_cannot_read_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise DependencyError("cryptography>=3.1 is required for AES algorithm")

    monkeypatch.setattr(PdfReader, "decrypt", refuse)
    read = read_pdf(encrypted(""))
    assert read.pages[0].text.startswith("Net sales were 100")
    assert "AES" in read.warnings[0].message


def test_an_empty_page_is_no_warning() -> None:
    sheet = Sheet()
    sheet.next_page()
    document = read_pdf(sheet.bytes())
    assert document.warnings == ()
    assert document.pages[0].text == ""
    assert document.tables == ()


def test_a_file_that_needs_a_password_is_refused() -> None:
    with pytest.raises(EncryptedFileError, match="password"):
        read_pdf(encrypted("secret"))


def test_a_file_that_is_encrypted_but_opens_for_everybody_is_read() -> None:
    document = read_pdf(encrypted(""))
    assert document.pages[0].text == "Net sales were 100 in the year, and nothing else happened."


@pytest.mark.parametrize("kept", [0.02, 0.3])
def test_a_file_that_is_cut_off_is_damaged(kept: float) -> None:
    data = three_pages()
    with pytest.raises(DamagedFileError, match="cut off"):
        read_pdf(data[: int(len(data) * kept)])


def test_a_file_with_rubbish_after_its_head_is_damaged() -> None:
    with pytest.raises(DamagedFileError):
        read_pdf(b"%PDF-1.7\n" + bytes(range(256)) * 20)


def test_a_file_with_too_many_pages_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_read, "MAX_PAGES", 2)
    with pytest.raises(OversizedFileError, match="3 pages"):
        read_pdf(three_pages())
