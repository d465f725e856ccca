import io
import os
import sys
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest

from ingest.errors import DamagedFileError, OversizedFileError, UnsupportedFileError
from ingest.kinds import sniff
from ingest.office import sentences
from ingest.office.read import read_docx, read_mail, read_markdown, read_pptx, read_rtf
from ingest.read import read_filing

REPORT = Path(os.environ.get("TIEOUT_DATA", "../shared/data")) / "other" / "2024_Annual_Report_Microsoft.docx"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def has_unstructured() -> bool:
    try:
        import docx  # noqa: F401
    except ImportError:
        return False
    return True


needs_office = pytest.mark.skipif(not has_unstructured(), reason="the extra 'office' is not installed")
quiet = pytest.mark.filterwarnings("ignore")


def paragraph(text: str, before: str = "") -> str:
    return f"<w:p><w:r>{before}<w:t>{text}</w:t></w:r></w:p>"


def table(*rows: tuple[str, ...]) -> str:
    grid = "".join("<w:gridCol/>" for _ in rows[0])
    body = "".join(f"<w:tr>{''.join(f'<w:tc>{paragraph(cell)}</w:tc>' for cell in row)}</w:tr>" for row in rows)
    return f"<w:tbl><w:tblGrid>{grid}</w:tblGrid>{body}</w:tbl>"


def word_document(body: str) -> bytes:
    types = "http://schemas.openxmlformats.org/package/2006/content-types"
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{types}"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/word/document.xml" ContentType="{OFFICE}"/></Types>',
        )
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{relations}"><Relationship Id="r1" Type="{kind}" Target="word/document.xml"/>'
            "</Relationships>",
        )
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>')
    return out.getvalue()


STATEMENT = (
    ("(In millions)", "", ""),
    ("Year Ended June 30,", "2024", "2023"),
    ("Net sales", "$ 1,577", "$ 1,482"),
    ("Other income (expense), net", "(16 )", "8"),
)


@needs_office
@quiet
def test_a_word_document_has_pages_and_tables_with_periods_and_scale(tmp_path: Path) -> None:
    path = tmp_path / "report.docx"
    path.write_bytes(
        word_document(
            paragraph("Marrowby Mills, Inc. presents its annual report for the fiscal year ended June 30, 2024.")
            + paragraph("INCOME STATEMENTS", "<w:lastRenderedPageBreak/>")
            + table(*STATEMENT)
        )
    )
    filing = read_filing(path)
    assert len(filing.pages) == 2
    values = {(f.label, f.period.key): (f.value, f.statement) for f in filing.facts}
    assert values["Net sales", "2023"] == (Decimal(1482000000), "income")
    assert values["Other income (expense), net", "2024"] == (Decimal(-16000000), "income")
    assert "spacy" not in sys.modules


@needs_office
@quiet
def test_a_malformed_word_document_is_refused() -> None:
    with pytest.raises(DamagedFileError):
        read_docx(word_document("<w:tbl><w:tr><w:tc></w:p>"))
    with pytest.raises(DamagedFileError, match="no text"):
        read_docx(word_document("<w:p/>"))


@needs_office
@quiet
def test_each_slide_of_a_presentation_is_a_page() -> None:
    from pptx import Presentation
    from pptx.util import Inches

    deck = Presentation()
    for title in ("Results of the year", "Outlook"):
        slide = deck.slides.add_slide(deck.slide_layouts[5])
        slide.shapes.title.text = title
    cells = deck.slides[0].shapes.add_table(2, 2, Inches(1), Inches(2), Inches(6), Inches(1)).table
    for row, texts in enumerate((("In millions", "2024"), ("Net sales", "1,577"))):
        for column, text in enumerate(texts):
            cells.cell(row, column).text = text
    out = io.BytesIO()
    deck.save(out)
    document = read_pptx(out.getvalue())
    assert [page.text.split("\n")[0] for page in document.pages] == ["Results of the year", "Outlook"]
    assert [cell.text for cell in document.tables[0].rows[-1].cells] == ["1,577"]


@pytest.mark.skipif(has_unstructured(), reason="the extra 'office' is installed")
def test_without_the_extra_the_refusal_names_it() -> None:
    for read in (read_docx, read_pptx):
        with pytest.raises(UnsupportedFileError, match=r"tieout\[office\]"):
            read(word_document(paragraph("Text.")))


@needs_office
@quiet
@pytest.mark.slow
@pytest.mark.skipif(not REPORT.is_file(), reason="the annual report is not beside the repository")
def test_an_annual_report_in_word() -> None:
    filing = read_filing(REPORT)
    found = {(f.label, f.period.key, f.statement): f.value for f in reversed(filing.facts)}
    assert found["Total revenue", "2024", "income"] == Decimal(245122000000)
    assert found["Net income", "2022", "income"] == Decimal(72738000000)
    assert found["Diluted", "2023", "income"] in (Decimal("9.68"), Decimal(7472000000))
    assert found["Total assets", "2023", "balance"] == Decimal(411976000000)
    assert len(filing.pages) == 89


RICH = r"""{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Times;}}{\*\generator Word;}{\info{\title hidden}}
\pard Results of Zo\'eb \endash  the \u8220?mill\u8221?\par
\pard\b Income Statements\b0\par
\trowd\cellx4000\cellx6000\cellx8000\pard\intbl (In millions)\cell 2024\cell 2023\cell\row
\trowd\cellx4000\cellx8000\pard\intbl Years ended June 30,\cell both\cell\row
\trowd\cellx4000\cellx6000\cellx8000\pard\intbl Net sales\cell $ 1,577\cell $ 1,482\cell\row
\pard After the table.\par\page Second page {\pict 89504e47}here.\par}"""


def test_rich_text_has_tables_pages_and_characters() -> None:
    document = read_rtf(RICH.encode())
    assert document.pages[0].lines[0].text == "Results of Zoë – the “mill”"
    assert document.pages[1].text == "Second page here."
    (raw,) = document.tables
    sales = next(row for row in raw.rows if row.label == "Net sales")
    assert [cell.text for cell in sales.cells] == ["$1,577", "$1,482"]
    wide = next(cell for row in raw.rows for cell in row.cells if cell.text == "both")
    assert wide.x1 - wide.x0 == sales.cells[1].x1 - sales.cells[0].x0
    assert "hidden" not in document.pages[0].text
    assert document.media_type == "application/rtf"


def test_rich_text_that_nests_without_end_is_refused() -> None:
    with pytest.raises(OversizedFileError, match="deep"):
        read_rtf(b"{\\rtf1" + b"{" * 10_000)
    with pytest.raises(DamagedFileError, match="no text"):
        read_rtf(b"{\\rtf1{\\info hidden}}")


def test_markdown_has_tables_and_keeps_html_as_text() -> None:
    text = "# Results\n\nNet sales rose. <script>x()</script>\n\n| (In millions) | 2024 | 2023 |\n|---|---|---|\n"
    document = read_markdown((text + "| Net sales | 1,577 | 1,482 |\n").encode())
    assert [cell.text for cell in document.tables[0].rows[1].cells] == ["1,577", "1,482"]
    assert "<script>x()</script>" in document.pages[0].text
    assert document.media_type == "text/markdown"
    with pytest.raises(DamagedFileError):
        read_markdown(b" \n")


MAIL = b"""From: press@marrowby.example\r\nSubject: Marrowby reports results\r\nDate: Thu, 1 Aug 2024 08:00:00 +0000
MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/html\r\n
<html><body><p>Results</p><table><tr><td></td><td>2024</td></tr><tr><td>Net sales</td><td>1,577</td></tr></table>
</body></html>\r\n--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename="a.pdf"\r\n\r\nx
--b--\r\n"""


def test_a_message_shows_its_heads_and_its_text_and_names_what_is_attached() -> None:
    document = read_mail(MAIL)
    assert document.pages[0].text.startswith("Subject: Marrowby reports results\nFrom: press@marrowby.example")
    table_of_mail = document.tables[0]
    assert (table_of_mail.page, table_of_mail.rows[-1].label) == (1, "Net sales")
    assert "a.pdf" in document.warnings[-1].message
    with pytest.raises(DamagedFileError, match="no text"):
        read_mail(b"MIME-Version: 1.0\nSubject: x\nContent-Type: application/pdf\n\nx")


def test_kinds_of_office_files_are_told_by_their_content() -> None:
    assert sniff(word_document(""), ".pdf") == "docx"
    assert sniff(MAIL, ".txt") == "mail"
    assert sniff(b"# Results\n\n<div>aside</div>\n", ".md") == "markdown"
    assert sniff(b"<html><body>x</body></html>", ".md") == "html"
    assert sniff(b"note,text\nLeases,<div>Rent</div>\n", ".csv") == "csv"
    assert sniff(b"<html><td>x</td></html>", ".csv") == "html"
    assert sniff(RICH.encode(), ".doc") == "rtf"


def test_sentences_and_verbs_are_told_without_a_model() -> None:
    assert sentences.sent_tokenize("Sales rose by 3.5%. They were high (at last.) Next?") == [
        "Sales rose by 3.5%.",
        "They were high (at last.",
        "Next?",
    ]
    assert [tag for _, tag in sentences.pos_tag("The mill was weaving cloth")] == ["NN", "NN", "VB", "VB", "NN"]
    assert sentences.word_tokenize("U.S. dollars, 3.5") == ["U.S", ".", "dollars", ",", "3.5"]
