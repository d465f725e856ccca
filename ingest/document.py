"""What a reader of one file kind hands to the rest of the room: pages, raw tables, tagged facts.

A reader says what is printed where, and leaves meaning alone; periods, scale, concepts and sections are
found afterwards by the same code for every kind of file.
"""

from __future__ import annotations

from dataclasses import dataclass, field

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
    """A table as printed: header rows and body rows alike, in order, and the lines just above it.

    ``states_scale`` is True where the source states the scale of every table: without one it is in units,
    rather than in the scale of the filing's statements.
    """

    page: int
    caption: tuple[str, ...]
    rows: tuple[RawRow, ...]
    states_scale: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """One of the documents that make up a file: ``type`` as filed (``10-K``, ``EX-99.1``) and its page indexes.

    ``title`` is None for the main document, which is the first.
    """

    type: str
    title: str | None
    first_page: int
    last_page: int


@dataclass(frozen=True, slots=True)
class Document:
    """A file as read. ``cover`` holds tagged cover-page values by their local name (dei), if any.

    The header of an EDGAR submission adds to ``cover``, with ``FilingDate`` and ``AccessionNumber`` beside the
    names of dei. ``outline`` is (level from 0, title, page index) from the file's own bookmarks, if any.
    ``parts`` is empty unless the file holds several documents. ``media_type`` is a MIME type.
    """

    media_type: str
    pages: tuple[Page, ...]
    tables: tuple[RawTable, ...]
    facts: tuple[Fact, ...] = ()
    cover: dict[str, str] = field(default_factory=dict)
    outline: tuple[tuple[int, str, int], ...] = ()
    warnings: tuple[ReadingWarning, ...] = ()
    parts: tuple[Part, ...] = ()
