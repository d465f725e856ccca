"""Asks unstructured for the elements of a Word or PowerPoint document, offline and without its notices."""

from __future__ import annotations

import io
import logging
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Literal

from ingest.archive import check_office
from ingest.errors import DamagedFileError, UnsupportedFileError
from ingest.office import sentences
from ingest.office.markup import Block

MAX_TABLE_HTML = 8 * 1024 * 1024
"""Characters of the HTML of one table, beyond which a grid of empty cells is meant to fill memory."""
_SILENT = {"DO_NOT_TRACK": "true", "SCARF_NO_ANALYTICS": "true", "UNSTRUCTURED_DISABLE_NOTICE": "1"}
_TOKENIZE = "unstructured.nlp.tokenize"
_INSTALL = "install the extra that reads it: pip install 'tieout[office]'"


def read_blocks(data: bytes, kind: Literal["docx", "pptx"]) -> tuple[Block, ...]:
    """Return the blocks of a document in reading order, its running heads and feet left out.

    Raises UnsupportedFileError where unstructured is not installed, and DamagedFileError, EncryptedFileError or
    OversizedFileError for what is wrong with the document.
    """
    check_office(data)
    partition = _partition(kind)
    try:
        elements = partition(file=io.BytesIO(data), include_page_breaks=True, infer_table_structure=True)
        return tuple(_blocks(elements))
    except (RecursionError, MemoryError):
        raise
    except Exception as error:  # its parsers raise anything on malformed documents
        raise DamagedFileError(f"the document cannot be read ({type(error).__name__}): save it anew") from error


def _partition(kind: Literal["docx", "pptx"]) -> Callable[..., Iterable[Any]]:
    """The function of unstructured for the kind, imported with its model and its messages home left out."""
    for name, value in _SILENT.items():
        os.environ.setdefault(name, value)
    if _TOKENIZE not in sys.modules:
        sys.modules[_TOKENIZE] = sentences
    logging.getLogger("unstructured").setLevel(logging.ERROR)
    try:
        if kind == "docx":
            from unstructured.partition.docx import partition_docx

            return partition_docx  # type: ignore[no-any-return]
        from unstructured.partition.pptx import partition_pptx

        return partition_pptx  # type: ignore[no-any-return]
    except ImportError as error:
        called = {"docx": "a Word document", "pptx": "a PowerPoint presentation"}[kind]
        raise UnsupportedFileError(f"the file is {called}: {_INSTALL}") from error


def _blocks(elements: Iterable[Any]) -> Iterator[Block]:
    for element in elements:
        text = str(element.text or "").replace("\v", "\n").strip()
        if element.category == "PageBreak":
            yield Block("page break")
        elif element.category in ("Header", "Footer", "PageNumber"):
            continue
        elif element.category == "Table":
            html = str(element.metadata.text_as_html or "")
            if html and len(html) <= MAX_TABLE_HTML:
                yield Block("table", html)
            elif text:
                yield Block("paragraph", text)
        elif text and element.category == "Title":
            yield Block("heading", text, int(element.metadata.category_depth or 0))
        elif text:
            yield Block("item" if element.category == "ListItem" else "paragraph", text)
