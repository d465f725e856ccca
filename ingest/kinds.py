"""The kinds of file that are read: how each is recognised by its content, and its reader.

A new kind is one entry of ``KINDS`` and one line of ``sniff``; nothing else names kinds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ingest.document import Document

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

    document = read_html(data)
    progress(len(document.pages), len(document.pages))
    return document


KINDS: dict[str, Kind] = {
    "pdf": Kind("PDF", (".pdf",), _read_pdf),
    "html": Kind("HTML", (".htm", ".html", ".xhtml"), _read_html),
    "png": Kind("a PNG picture"),
    "jpeg": Kind("a JPEG picture"),
    "gif": Kind("a GIF picture"),
    "zip": Kind("a ZIP archive or an Office document"),
    "ole": Kind("an old Office document"),
    "rtf": Kind("rich text"),
    "gzip": Kind("a gzip archive"),
    "text": Kind("plain text"),
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
_MARKUP = (b"<html", b"<!doctype html", b"<body", b"<table", b"<xbrl", b"<ix:")


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
            return name
    start = data[:65536].lower().replace(b"\x00", b"")
    if any(mark in start for mark in _MARKUP):
        return "html"
    return "binary" if b"\x00" in head else "text"
