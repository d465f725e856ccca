"""Reads a PDF: pypdf for its structure, pypdfium2 for characters and their places."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from ingest.document import Document
from ingest.errors import DamagedFileError, EncryptedFileError, OversizedFileError
from ingest.filing import Line, Page, ReadingWarning
from ingest.pdf.cells import PrintedCell, split_cells
from ingest.pdf.hyphens import mend_hyphens
from ingest.pdf.margins import set_margins_aside
from ingest.pdf.tables import find_tables
from ingest.pdf.words import PrintedLine, read_lines

MAX_PAGES = 5_000
"""No filing is longer; a file that claims more is refused."""
TAIL = 4096
"""The end mark stands within so many bytes of the end; some writers put padding after it."""
SPARSE = 25
"""A page with fewer characters than this, and an image on it, is taken for a scan."""

Progress = Callable[[int, int], None]


def read_pdf(data: bytes, *, progress: Progress | None = None) -> Document:
    """Return what is printed on each page of a PDF.

    ``progress`` is called with (pages done, pages in all). Raises EncryptedFileError where a password is
    needed, DamagedFileError where the file is cut off or has no pages, and OversizedFileError beyond
    ``MAX_PAGES``.
    """
    _check_complete(data)
    labels, outline, structure_warnings = _structure(data)
    pages: list[Page] = []
    cells_of: list[list[tuple[PrintedCell, ...]]] = []
    warnings = list(structure_warnings)
    with _open(data) as pdf:
        count = len(pdf)
        for index in range(count):
            lines, size, scanned = _read_page(pdf, index)
            label = labels[index] if index < len(labels) else None
            page, cells = _page(index, label, lines, size)
            pages.append(page)
            cells_of.append(cells)
            if scanned:
                warnings.append(
                    ReadingWarning("the page is a picture without text, so nothing was read from it", index)
                )
            if progress is not None:
                progress(index + 1, count)
    whole = mend_hyphens(set_margins_aside(pages), [[len(cells) == 1 for cells in page] for page in cells_of])
    tables = [table for page, cells in zip(whole, cells_of, strict=True) for table in find_tables(page, cells)]
    return Document("application/pdf", whole, tuple(tables), outline=tuple(outline), warnings=tuple(warnings))


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


def _read_page(pdf: Any, index: int) -> tuple[tuple[PrintedLine, ...], tuple[float, float], bool]:
    """The lines of one page, its displayed size, and whether it is a scan."""
    import pypdfium2
    import pypdfium2.raw as pdfium

    try:
        page = pdf[index]
    except pypdfium2.PdfiumError as error:
        raise DamagedFileError(f"page {index + 1} of the PDF cannot be opened: get the file again") from error
    try:
        lines = read_lines(page)
        sparse = sum(len(line.text) for line in lines) < SPARSE
        scanned = sparse and any(True for _ in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3))
        width, height = page.get_size()
        return lines, (width, height), scanned
    finally:
        page.close()


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


def _structure(data: bytes) -> tuple[list[str], list[tuple[int, str, int]], list[ReadingWarning]]:
    """Page labels and bookmarks; what pypdf cannot make sense of is a warning, for the text may be fine."""
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").setLevel(logging.ERROR)
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise EncryptedFileError("the PDF is encrypted: save a copy without a password and add that")
        labelled = "/PageLabels" in reader.root_object
        labels = list(reader.page_labels) if labelled else []
        return labels, list(_bookmarks(reader, reader.outline, 0)), []
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        return [], [], [ReadingWarning(f"page labels and bookmarks cannot be read ({type(error).__name__})")]


def _bookmarks(reader: Any, items: Any, level: int) -> Iterator[tuple[int, str, int]]:
    for item in items:
        if isinstance(item, list):
            yield from _bookmarks(reader, item, level + 1)
        else:
            page = reader.get_destination_page_number(item)
            if page is not None and page >= 0:
                yield level, str(item.title), page
