"""The kinds of file that are read: how each is recognised by its content, and its reader.

A new kind is one entry of ``KINDS`` and one line of ``sniff``; nothing else names kinds.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from ingest.document import Document
from ingest.submission.split import is_submission

Progress = Callable[[int, int], None]
"""Called with (pages done, pages in all)."""
Reader = Callable[[bytes, Progress], Document]
"""Reads the bytes of one file; raises UnreadableFileError or one of its kinds, and nothing else."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file: what it is called, the suffixes by which folders are searched for it, its reader.

    A kind without a reader is recognised only so that its refusal can say what the file is.
    """

    called: str
    suffixes: tuple[str, ...] = ()
    read: Reader | None = None


def _read_pdf(data: bytes, progress: Progress) -> Document:
    from ingest.pdf.read import read_pdf

    return read_pdf(data, progress=progress)


def _read_html(data: bytes, progress: Progress) -> Document:
    from ingest.htm.read import read_html

    return _whole(read_html(data), progress)


def _read_submission(data: bytes, progress: Progress) -> Document:
    from ingest.submission.read import read_submission

    return _whole(read_submission(data), progress)


def _read_text(data: bytes, progress: Progress) -> Document:
    from ingest.ascii.read import read_ascii

    return _whole(read_ascii(data), progress)


def _read_xlsx(data: bytes, progress: Progress) -> Document:
    from ingest.sheets.read import read_xlsx

    return _whole(read_xlsx(data), progress)


def _read_csv(data: bytes, progress: Progress) -> Document:
    from ingest.sheets.read import read_csv

    return _whole(read_csv(data), progress)


def _read_docx(data: bytes, progress: Progress) -> Document:
    from ingest.office.read import read_docx

    return _whole(read_docx(data), progress)


def _read_pptx(data: bytes, progress: Progress) -> Document:
    from ingest.office.read import read_pptx

    return _whole(read_pptx(data), progress)


def _read_rtf(data: bytes, progress: Progress) -> Document:
    from ingest.office.read import read_rtf

    return _whole(read_rtf(data), progress)


def _read_markdown(data: bytes, progress: Progress) -> Document:
    from ingest.office.read import read_markdown

    return _whole(read_markdown(data), progress)


def _read_mail(data: bytes, progress: Progress) -> Document:
    from ingest.office.read import read_mail

    return _whole(read_mail(data), progress)


def _whole(document: Document, progress: Progress) -> Document:
    progress(len(document.pages), len(document.pages))
    return document


KINDS: dict[str, Kind] = {
    "pdf": Kind("PDF", (".pdf",), _read_pdf),
    "html": Kind("HTML", (".htm", ".html", ".xhtml"), _read_html),
    "submission": Kind("EDGAR submission", (".txt", ".nc"), _read_submission),
    "text": Kind("plain text", (".txt", ".asc"), _read_text),
    "xlsx": Kind("Excel workbook", (".xlsx", ".xlsm"), _read_xlsx),
    "csv": Kind("CSV", (".csv", ".tsv"), _read_csv),
    "docx": Kind("Word document", (".docx",), _read_docx),
    "pptx": Kind("PowerPoint presentation", (".pptx",), _read_pptx),
    "rtf": Kind("rich text", (".rtf",), _read_rtf),
    "markdown": Kind("Markdown", (".md", ".markdown"), _read_markdown),
    "mail": Kind("mail message", (".eml",), _read_mail),
    "words": Kind("plain text"),
    "xml": Kind("XML data without printed text"),
    "png": Kind("a PNG picture"),
    "jpeg": Kind("a JPEG picture"),
    "gif": Kind("a GIF picture"),
    "zip": Kind("a ZIP archive or an Office document"),
    "ole": Kind("an old Office document"),
    "gzip": Kind("a gzip archive"),
    "binary": Kind("binary data"),
}
"""Every kind that ``sniff`` can name."""

SUFFIXES = frozenset(suffix for kind in KINDS.values() for suffix in kind.suffixes)
"""File names that a folder is searched for. What a file is, its content decides."""

_MAGIC = (
    (b"\x89PNG", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF8", "gif"),
    (b"PK\x03\x04", "zip"),
    (b"\xd0\xcf\x11\xe0", "ole"),
    (b"{\\rtf", "rtf"),
    (b"\x1f\x8b", "gzip"),
)
_MARKUP = (b"<html", b"<!doctype html", b"<body", b"<xbrl", b"<ix:", b"<tr", b"<td", b"<div")
"""Markup that makes a file HTML; ``<TABLE>`` does not, for the plain text of the 1990s has it too."""
_XML = re.compile(rb"[\xef\xbb\xbf\s]*<\?xml\b")
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_ELEMENT = re.compile(rb"<([a-z][\w:.-]*)")
_PRINTED_ROOTS = frozenset({b"html", b"xbrl", b"xbrli:xbrl"})
"""XML that the HTML reader takes, or refuses in words of its own."""
_MAIL = re.compile(rb"\A(?:From|Received|Return-Path|Message-ID|MIME-Version|Date|Subject|To|X-[\w-]+): ", re.I)
_MAIL_MARK = re.compile(rb"^(?:MIME-Version|Message-ID):", re.I | re.M)
_MAIN_PARTS = ((b"xl/workbook.xml", "xlsx"), (b"word/document.xml", "docx"), (b"ppt/presentation.xml", "pptx"))
_PAGES = (b"<html", b"<body", b"<!doctype html")
_BY_SUFFIX = {suffix: kind for kind in ("text", "csv", "markdown", "mail") for suffix in KINDS[kind].suffixes} | {
    "": "text"
}
"""Text tells by itself what it is only where it has markup; elsewhere the name does, and is not believed of PDF."""
_CONTROL = 0.01
"""The share of control characters from which on a file is no text."""


def sniff(data: bytes, suffix: str = "") -> str:
    """Return the key in ``KINDS`` of what the bytes are.

    ``suffix`` is the file name's, with its dot and in lower case. Only where the content of several kinds
    looks alike may it decide, as between CSV and plain text.
    """
    head = data[:1024]
    if b"%PDF-" in head:
        return "pdf"
    for magic, name in _MAGIC:
        if head.startswith(magic):
            return _kind_of_archive(data) if name == "zip" else name
    if is_submission(data):
        return "submission"
    if _MAIL.match(head) and _MAIL_MARK.search(data[:16384]):
        return "mail"
    start = data[:65536].lower().replace(b"\x00", b"")
    named = _BY_SUFFIX.get(suffix)
    # Markdown and the values of CSV may hold markup; what begins with it, or is a whole page, is HTML all the same.
    holds_markup = named == "csv" or (named == "markdown" and not any(mark in start for mark in _PAGES))
    if named and holds_markup and _is_text(head) and not start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return named
    root = _ELEMENT.search(_COMMENT.sub(b"", start)) if _XML.match(start) else None
    if root and root.group(1) not in _PRINTED_ROOTS:
        return "xml"
    if any(mark in start for mark in _MARKUP):
        return "html"
    if not _is_text(head):
        return "binary"
    return _BY_SUFFIX.get(suffix, "words")


def _kind_of_archive(data: bytes) -> str:
    """Which Office document an archive is, by the part that each has; parts are named in plain bytes."""
    return next((kind for part, kind in _MAIN_PARTS if part in data), "zip")


def _is_text(head: bytes) -> bool:
    """Whether the bytes are text in an encoding that is read; UTF-16 counts by its mark alone."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    controls = sum(byte < 32 and byte not in b"\t\n\r\f" for byte in head)
    return b"\x00" not in head and controls <= _CONTROL * len(head)
