"""What a reader of one file kind hands to the rest of the room: pages, raw tables, tagged facts.

A reader says what is printed where, and leaves meaning alone; periods, scale, concepts and sections are
found afterwards by the same code for every kind of file.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from ingest.filing import Fact, Page, ReadingWarning, Span


@dataclass(frozen=True, slots=True)
class RawCell:
    """One printed cell. ``x0``–``x1`` is its horizontal extent: PDF points, or HTML grid columns.

    A currency sign, a closing parenthesis and a percent sign that stand in cells of their own are
    already joined to the number that they belong to.
    """

    text: str
    x0: float
    x1: float
    span: Span


@dataclass(frozen=True, slots=True)
class RawRow:
    """One printed row. ``label`` is the text of the stub column, ``indent`` its left edge (points)."""

    label: str
    indent: float
    cells: tuple[RawCell, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class RawTable:
    """A table as printed: header rows and body rows alike, in order, and the lines just above it."""

    page: int
    caption: tuple[str, ...]
    rows: tuple[RawRow, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A file as read. ``cover`` holds tagged cover-page values by their local name (dei), if any.

    ``outline`` is (level from 0, title, page index) from the file's own bookmarks, if any.
    """

    media_type: Literal["application/pdf", "text/html"]
    pages: tuple[Page, ...]
    tables: tuple[RawTable, ...]
    facts: tuple[Fact, ...] = ()
    cover: dict[str, str] = field(default_factory=dict)
    outline: tuple[tuple[int, str, int], ...] = ()
    warnings: tuple[ReadingWarning, ...] = ()
