"""Puts the documents of a submission one behind the other, as the pages of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ingest.document import Document, Part, RawTable
from ingest.filing import Span


def joined(documents: Sequence[tuple[Document, str, str | None, str]]) -> Document:
    """Return one document of all pages in order.

    Each comes with its type, its title (None for the main document) and its file name, which is put before the
    names of elements in all but the first: ``ex991.htm#f-1``. The cover is the first one's.
    """
    offset = 0
    moved: list[Document] = []
    parts: list[Part] = []
    for number, (document, type_, title, file_name) in enumerate(documents):
        moved.append(_moved(document, offset, f"{file_name}#" if number else ""))
        parts.append(Part(type_, title, offset, offset + len(document.pages) - 1))
        offset += len(document.pages)
    return Document(
        media_type=moved[0].media_type,
        pages=tuple(page for document in moved for page in document.pages),
        tables=tuple(table for document in moved for table in document.tables),
        facts=tuple(fact for document in moved for fact in document.facts),
        cover=moved[0].cover,
        outline=tuple(entry for document in moved for entry in document.outline),
        warnings=tuple(warning for document in moved for warning in document.warnings),
        parts=tuple(parts),
    )


def _moved(document: Document, offset: int, prefix: str) -> Document:
    """The document with its pages counted from ``offset`` and its elements' names behind ``prefix``."""
    if not offset and not prefix:
        return document

    def move(span: Span) -> Span:
        element = prefix + span.element if span.element is not None else None
        return replace(span, page=span.page + offset, element=element)

    def move_table(raw: RawTable) -> RawTable:
        rows = tuple(
            replace(row, span=move(row.span), cells=tuple(replace(cell, span=move(cell.span)) for cell in row.cells))
            for row in raw.rows
        )
        return replace(raw, page=raw.page + offset, rows=rows)

    pages = tuple(
        replace(
            page,
            index=page.index + offset,
            lines=tuple(
                replace(line, element=prefix + line.element) if line.element is not None else line
                for line in page.lines
            ),
        )
        for page in document.pages
    )
    return replace(
        document,
        pages=pages,
        tables=tuple(map(move_table, document.tables)),
        facts=tuple(replace(fact, span=move(fact.span)) for fact in document.facts),
        outline=tuple((level, title, page + offset) for level, title, page in document.outline),
        warnings=tuple(
            replace(warning, page=warning.page + offset) if warning.page is not None else warning
            for warning in document.warnings
        ),
    )
