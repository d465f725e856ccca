"""Small PDFs made with reportlab, laid out as filings print them; what was drawn where is known."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from pathlib import Path

from PIL import Image
from reportlab.lib.pagesizes import letter
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from ingest.document import Document
from ingest.filing import Cell, Fact, Filing, Row, Table
from ingest.pdf.read import read_pdf
from ingest.read import assemble, read_filing
from ingest.vocabulary import built_in_vocabulary

WIDTH, HEIGHT = letter
LEFT = 50.0
FONT = "Times-Roman"
SIZE = 10.0
LEADING = 14.0

Box = tuple[float, float, float, float]
"""(x0, y0, x1, y1), origin top left: the extent that a drawn text has, descenders and ascenders left out."""


class Sheet:
    """Draws texts by their distance from the top of the page, and remembers where each stands."""

    def __init__(self, **options: object) -> None:
        self._buffer = io.BytesIO()
        self.canvas = Canvas(self._buffer, pagesize=letter, invariant=1, **options)
        self.drawn: list[tuple[int, str, Box]] = []
        self.page = 0
        self.y = 60.0

    def text(self, x: float, y: float, text: str, *, align: str = "left", size: float = SIZE) -> None:
        """Draw one text whose baseline lies ``y`` points below the top of the page."""
        width = stringWidth(text, FONT, size)
        x0 = {"left": x, "right": x - width, "centre": x - width / 2}[align]
        self.canvas.setFont(FONT, size)
        self.canvas.drawString(x0, HEIGHT - y, text)
        self.drawn.append((self.page, text, (x0, y - 0.6 * size, x0 + width, y)))

    def line(self, text: str, *, x: float = LEFT, align: str = "left", size: float = SIZE) -> None:
        """Draw one line and go down to the next."""
        self.text(x, self.y, text, align=align, size=size)
        self.y += LEADING

    def centred(self, text: str) -> None:
        """Draw a line in the middle of the page."""
        self.line(text, x=WIDTH / 2, align="centre")

    def row(self, label: str, *values: str, ends: Sequence[float], indent: float = 0.0) -> None:
        """Draw a table row; each value ends at its column's right edge, and "$" stands at the column's left."""
        if label:
            self.text(LEFT + indent, self.y, label)
        for value, end in zip(values, ends, strict=True):
            self._value(value, end)
        self.y += LEADING

    def _value(self, value: str, end: float) -> None:
        if not value:
            return
        sign, _, rest = value.partition(" ") if value.startswith("$ ") else ("", "", value)
        if sign:
            self.text(end - 58, self.y, sign)
        # A closing parenthesis hangs over the right edge, so that digits stand above digits.
        hang = stringWidth(")", FONT, SIZE) if rest.endswith(")") and rest[1:2].isdigit() else 0.0
        self.text(end + hang, self.y, rest, align="right")

    def heads(self, *heads: str, ends: Sequence[float]) -> None:
        """Draw one row of column heads, each ending at its column's right edge."""
        for head, end in zip(heads, ends, strict=True):
            if head:
                self.text(end, self.y, head, align="right")
        self.y += LEADING

    def over(self, head: str, first: float, last: float) -> None:
        """Draw a head centred over the columns that end at ``first`` to ``last``."""
        self.line(head, x=(first - 45 + last) / 2, align="centre")

    def skip(self, lines: float = 1) -> None:
        """Leave lines blank."""
        self.y += lines * LEADING

    def next_page(self) -> None:
        """End the page."""
        self.canvas.showPage()
        self.page += 1
        self.y = 60.0

    def bytes(self) -> bytes:
        """The finished PDF."""
        self.canvas.save()
        return self._buffer.getvalue()


TWO = (440.0, 530.0)
THREE = (380.0, 455.0, 530.0)
FOUR = (330.0, 400.0, 470.0, 540.0)


def cover(
    sheet: Sheet,
    *,
    company: str = "Northfield Instruments Corporation",
    form: str = "10-K",
    period: str = "For the fiscal year ended December 31, 2018",
) -> None:
    """Draw the cover page of a 10-K or a 10-Q."""
    for text in (
        "UNITED STATES",
        "SECURITIES AND EXCHANGE COMMISSION",
        "Washington, D.C. 20549",
        f"FORM {form}",
        period,
        "Commission file number 1-99999",
        company,
        "(Exact name of registrant as specified in its charter)",
        "Delaware                                 41-0000000",
    ):
        sheet.centred(text)
        sheet.skip(0.6)
    sheet.next_page()


def document(draw: Callable[[Sheet], None]) -> Document:
    """The document that a PDF drawn by ``draw`` is read as."""
    sheet = Sheet()
    draw(sheet)
    return read_pdf(sheet.bytes())


def filing(draw: Callable[[Sheet], None], *, with_cover: bool = True, **cover_options: str) -> Filing:
    """The filing that a PDF drawn by ``draw`` becomes; its cover says 10-K for 2018 unless told otherwise."""
    sheet = Sheet()
    if with_cover:
        cover(sheet, **cover_options)
    draw(sheet)
    return assemble(read_pdf(sheet.bytes()), "0" * 64, "test.pdf", built_in_vocabulary())


def the_table(filing: Filing) -> Table:
    """The filing's only table."""
    (table,) = filing.tables
    return table


def row(table: Table, label: str) -> Row:
    """The only row with this label."""
    (found,) = [row for row in table.rows if row.label == label]
    return found


def values(table: Table, label: str) -> list[str | None]:
    """The full values of a row, written out."""
    return [None if cell.value is None else f"{cell.value:f}" for cell in row(table, label).cells]


def printed(table: Table, label: str) -> list[str]:
    """The texts of a row's cells."""
    return [cell.text for cell in row(table, label).cells]


def units(table: Table, label: str) -> set[str | None]:
    """The units of a row's cells."""
    return {cell.unit for cell in row(table, label).cells}


def periods(table: Table) -> list[str | None]:
    """The key of each column's period."""
    return [column.period.key if column.period else None for column in table.columns]


def cells(filing: Filing) -> list[Cell]:
    """Every cell of every table."""
    return [cell for table in filing.tables for row in table.rows for cell in row.cells]


def facts(filing: Filing, concept: str) -> dict[str, Fact]:
    """The facts of one concept by period key, those of the whole company."""
    return {
        fact.period.key: fact for fact in filing.facts if fact.concept == f"us-gaap:{concept}" and not fact.dimensions
    }


def scanned_page() -> bytes:
    """A PDF whose one page is a picture."""
    sheet = Sheet()
    picture = Image.new("L", (400, 500), 200)
    sheet.canvas.drawImage(ImageReader(picture), 0, 0, width=WIDTH, height=HEIGHT)
    return sheet.bytes()


def encrypted(password: str, *, owner: str = "owner") -> bytes:
    """A PDF that opens with ``password``; with an empty one it opens for everybody."""
    from pypdf import PdfReader, PdfWriter

    sheet = Sheet()
    sheet.line("Net sales were 100 in the year, and nothing else happened.")
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(sheet.bytes())))
    writer.encrypt(user_password=password, owner_password=owner, algorithm="RC4-128")
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def with_page_labels(data: bytes, labels: Sequence[tuple[int, str, int]]) -> bytes:
    """``data`` with page labels: (first page index, style such as ``/D`` or ``/r``, first number)."""
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    for position, (first, style, start) in enumerate(labels):
        last = labels[position + 1][0] - 1 if position + 1 < len(labels) else len(writer.pages) - 1
        writer.set_page_label(first, last, style=style, start=start)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def rotated(data: bytes, degrees: int) -> bytes:
    """``data`` with every page shown turned clockwise."""
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    for page in writer.pages:
        page.rotate(degrees)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def written(folder: Path, name: str, data: bytes) -> Path:
    """``data`` as a file."""
    path = folder / name
    path.write_bytes(data)
    return path


def read(folder: Path, data: bytes, name: str = "filing.pdf") -> Filing:
    """``data`` read through the door of the room."""
    return read_filing(written(folder, name, data))
