"""Reads a PDF: pypdf for its structure, pypdfium2 for characters and their places."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from ingest.document import Document
from ingest.errors import DamagedFileError, EncryptedFileError, OversizedFileError
from ingest.filing import Line, Page, ReadingWarning
from ingest.pdf.cells import PrintedCell, split_cells
from ingest.pdf.hyphens import mend_hyphens
from ingest.pdf.margins import set_margins_aside
from ingest.pdf.recognise import Recogniser
from ingest.pdf.structure import read_structure
from ingest.pdf.tables import find_tables
from ingest.pdf.words import PrintedLine, read_lines

MAX_PAGES = 5_000
"""No filing is longer; a file that claims more is refused."""
TAIL = 4096
"""The end mark stands within so many bytes of the end; some writers put padding after it."""
SPARSE = 25
"""A page with fewer characters than this, and an image on it, is taken for a scan."""

OUTLINES = 200
"""A page with more outlines than this, and no characters, may show letters that were drawn."""

Progress = Callable[[int, int], None]


def read_pdf(data: bytes, *, progress: Progress | None = None) -> Document:
    """Return what is printed on each page of a PDF.

    ``progress`` is called with (pages done, pages in all). Pages that are pictures are recognised where
    Tesseract is installed, and named in a warning. Raises EncryptedFileError where a password is needed,
    DamagedFileError where the file is cut off or has no pages, and OversizedFileError beyond ``MAX_PAGES``.
    """
    _check_complete(data)
    structure = read_structure(data)
    pages: list[Page] = []
    cells_of: list[list[tuple[PrintedCell, ...]]] = []
    pictures = _Pictures()
    with _open(data) as pdf:
        count = len(pdf)
        recogniser = Recogniser(count)
        for index in range(count):
            lines, size = _read_page(pdf, index, recogniser, pictures)
            label = structure.labels[index] if index < len(structure.labels) else None
            page, cells = _page(index, label, lines, size)
            pages.append(page)
            cells_of.append(cells)
            if progress is not None:
                progress(index + 1, count)
    whole = mend_hyphens(set_margins_aside(pages), [[len(cells) == 1 for cells in page] for page in cells_of])
    tables = [table for page, cells in zip(whole, cells_of, strict=True) for table in find_tables(page, cells)]
    return Document(
        "application/pdf",
        whole,
        tuple(tables),
        outline=structure.outline,
        warnings=(*structure.warnings, *pictures.warnings(recogniser.available)),
    )


@dataclass(slots=True)
class _Pictures:
    """The indexes of the pages that are pictures: those that were recognised, and those that were not."""

    recognised: list[int] = field(default_factory=list)
    unread: list[int] = field(default_factory=list)

    def warnings(self, available: bool) -> list[ReadingWarning]:
        """Return what to say of these pages; ``available`` is whether there is a program that recognises text."""
        found = []
        if self.recognised:
            found.append(
                ReadingWarning(
                    f"{_named(self.recognised)} without text: what is printed was recognised from it (OCR) and may "
                    "be wrong; figures that could not be read surely are left out",
                    self.recognised[0],
                )
            )
        if self.unread:
            why = "recognition failed or took too long" if available else 'install the extra "ocr", or Tesseract'
            found.append(
                ReadingWarning(
                    f"{_named(self.unread)} without text, so nothing was read from it: {why}", self.unread[0]
                )
            )
        return found


def _named(indexes: Sequence[int]) -> str:
    """Pages as a person counts them: "pages 3-5, 9 are each a picture"."""
    stretches: list[list[int]] = []
    for index in indexes:
        if stretches and stretches[-1][-1] == index - 1:
            stretches[-1].append(index)
        else:
            stretches.append([index])
    names = [f"{s[0] + 1}-{s[-1] + 1}" if len(s) > 1 else str(s[0] + 1) for s in stretches]
    return f"page {names[0]} is a picture" if len(indexes) == 1 else f"pages {', '.join(names)} are each a picture"


def _check_complete(data: bytes) -> None:
    """A file that was cut off has lost its end mark; what a repair would make of it may lack pages."""
    if b"%%EOF" not in data[-TAIL:]:
        raise DamagedFileError("the PDF is cut off: its end mark is missing; get the file again")


@contextmanager
def _open(data: bytes) -> Iterator[Any]:
    import pypdfium2

    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise EncryptedFileError("the PDF is encrypted: save a copy without a password and add that") from error
        raise DamagedFileError("the PDF is damaged or cut off: get the file again") from error
    try:
        if len(pdf) == 0:
            raise DamagedFileError("the PDF has no pages")
        if len(pdf) > MAX_PAGES:
            raise OversizedFileError(f"the PDF has {len(pdf):,} pages; at most {MAX_PAGES:,} are read: split it")
        yield pdf
    finally:
        pdf.close()


def _read_page(
    pdf: Any, index: int, recogniser: Recogniser, pictures: _Pictures
) -> tuple[tuple[PrintedLine, ...], tuple[float, float]]:
    """The lines of one page, and its displayed size; a page that is a picture is noted in ``pictures``."""
    import pypdfium2

    try:
        page = pdf[index]
    except pypdfium2.PdfiumError as error:
        raise DamagedFileError(f"page {index + 1} of the PDF cannot be opened: get the file again") from error
    try:
        lines = read_lines(page)
        if len(lines) < SPARSE and sum(len(line.text) for line in lines) < SPARSE and _is_drawn(page):
            recognised = recogniser.read(page)
            (pictures.unread if recognised is None else pictures.recognised).append(index)
            lines = recognised or lines
        return lines, page.get_size()
    finally:
        page.close()


def _is_drawn(page: Any) -> bool:
    """Whether a page without text shows something: an image, or outlines in such number as letters drawn have."""
    import pypdfium2.raw as pdfium

    shown = page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_PATH], max_depth=3)
    return any(thing.type == pdfium.FPDF_PAGEOBJ_IMAGE or count > OUTLINES for count, thing in enumerate(shown))


def _page(
    index: int, label: str | None, lines: tuple[PrintedLine, ...], size: tuple[float, float]
) -> tuple[Page, list[tuple[PrintedCell, ...]]]:
    texts = [line.text for line in lines]
    placed, position = [], 0
    for line, text in zip(lines, texts, strict=True):
        placed.append(Line(text, (position, position + len(text)), line.box))
        position += len(text) + 1
    page = Page(index, label, "\n".join(texts), tuple(placed), round(size[0], 2), round(size[1], 2))
    return page, [split_cells(line) for line in lines]
