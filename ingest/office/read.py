"""The doors for office documents: each becomes HTML in memory and is laid out by the HTML reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ingest.document import Document
from ingest.errors import DamagedFileError
from ingest.filing import ReadingWarning
from ingest.htm.read import read_html
from ingest.office.markup import Block, to_html

_OFFICE = "application/vnd.openxmlformats-officedocument"


def read_docx(data: bytes) -> Document:
    """Read a Word document; pages end where Word last broke them when it saved the file.

    Raises UnsupportedFileError without the extra ``office``, DamagedFileError, EncryptedFileError or
    OversizedFileError.
    """
    from ingest.office.unstructured_elements import read_blocks

    return _laid_out(read_blocks(data, "docx"), f"{_OFFICE}.wordprocessingml.document")


def read_pptx(data: bytes) -> Document:
    """Read a PowerPoint presentation, each slide a page. Raises as ``read_docx`` does."""
    from ingest.office.unstructured_elements import read_blocks

    return _laid_out(read_blocks(data, "pptx"), f"{_OFFICE}.presentationml.presentation")


def read_markdown(data: bytes) -> Document:
    """Read Markdown with tables (CommonMark). Raises DamagedFileError where there is no text."""
    from markdown_it import MarkdownIt

    from ingest.ascii.read import decode

    text = decode(data)
    if not text.strip():
        raise DamagedFileError("the file holds no text: get it again")
    # Raw HTML stays text: what a document says is data.
    body = MarkdownIt("commonmark", {"html": False}).enable("table").render(text)
    return replace(read_html(f"<html><body>{body}</body></html>".encode()), media_type="text/markdown")


def read_rtf(data: bytes) -> Document:
    """Read rich text. Raises DamagedFileError or OversizedFileError."""
    from ingest.office.rtf import read_blocks

    return _laid_out(read_blocks(data), "application/rtf")


def read_mail(data: bytes) -> Document:
    """Read a message (EML): its subject, sender and date, then its text. Raises DamagedFileError without a text."""
    from ingest.office.mail import read_message

    return read_message(data)


def _laid_out(blocks: Sequence[Block], media_type: str) -> Document:
    if not any(block.text for block in blocks):
        raise DamagedFileError("the document shows no text at all: pictures are not read; save it with text")
    document = read_html(to_html(blocks))
    warnings = document.warnings
    if not any(block.kind == "page break" for block in blocks):
        warnings = (*warnings, ReadingWarning("the document says nowhere where its pages end: it is read as one page"))
    return replace(document, media_type=media_type, warnings=warnings)
