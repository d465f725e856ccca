"""What a filing is made of before it is set: headings, paragraphs, tables, and the tags on their figures."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

Style = Literal["money", "percent", "per_share", "shares", "count"]
"""What a figure counts; a percentage is printed with its sign, money and amounts per share with ``$``."""

Member = tuple[str, str]
"""An XBRL axis and a member of it."""

Value = Decimal | str | None
"""A printed figure, a text in its place, or nothing. Zero is printed as a dash."""


@dataclass(frozen=True, slots=True)
class Context:
    """The time that a figure is about; without ``start`` it is a moment."""

    end: date
    start: date | None = None

    def moment(self) -> Context:
        """Give the end of this stretch of time as a moment."""
        return Context(self.end)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of figures. ``header`` may hold line breaks; ``style`` overrides that of the rows."""

    header: str
    context: Context | None = None
    members: tuple[Member, ...] = ()
    concept: str | None = None
    style: Style | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table.

    ``values`` are as printed; ``negated`` says that the tagged fact has the opposite sign. ``rule`` is
    the line above the figures (``single``) or above and, doubled, below them (``double``).
    """

    label: str
    values: tuple[Value, ...] = ()
    concept: str | None = None
    level: int = 0
    rule: Literal["none", "single", "double"] = "none"
    dollar: bool = False
    style: Style = "money"
    negated: bool = False
    instant: bool = False
    bold: bool = False
    context: Context | None = None
    members: tuple[Member, ...] = ()


@dataclass(frozen=True, slots=True)
class Tag:
    """The XBRL meaning of one printed figure: fact = printed × 10**``scale``, sign turned if ``negated``."""

    concept: str
    context: Context
    style: Style
    scale: int
    decimals: int
    negated: bool = False
    members: tuple[Member, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table of figures. ``spanners`` are headers over columns ``first`` to ``last``.

    Money and share counts are printed in units of 10**``scale`` with ``places`` decimals. ``splits``
    lets the table run over the end of a page.
    """

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    title: str = ""
    note: str = ""
    spanners: tuple[tuple[str, int, int], ...] = ()
    scale: int = 6
    places: int = 1
    splits: bool = False

    def style(self, row: Row, column: int) -> Style:
        """Say what the figure in this cell counts."""
        return self.columns[column].style or row.style

    def decimals(self, row: Row, column: int) -> int:
        """Say how many decimals the figure in this cell is printed with."""
        return {"per_share": 2, "percent": 1, "count": 0}.get(self.style(row, column), self.places)

    def tag(self, row: Row, column: int) -> Tag | None:
        """Give the tag of the figure in this cell, or None where the cell is not tagged."""
        head = self.columns[column]
        concept, context = row.concept or head.concept, row.context or head.context
        if concept is None or context is None or not isinstance(row.values[column], Decimal):
            return None
        style = self.style(row, column)
        scale = {"per_share": 0, "percent": -2, "count": 0}.get(style, self.scale)
        return Tag(
            concept,
            context.moment() if row.instant else context,
            style,
            scale,
            self.decimals(row, column) - scale,
            row.negated,
            row.members + head.members,
        )


@dataclass(frozen=True, slots=True)
class TextTable:
    """A table of words. ``widths`` are shares of the page's width; the header is repeated on every page."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure within a sentence: ``before`` + its digits + ``after``, tagged in the inline XBRL."""

    value: Decimal
    places: int
    tag: Tag
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """A cover-page fact that is words: a dei concept and, where needed, the format of its text."""

    text: str
    concept: str
    format: str | None = None


Piece = str | Figure | Named


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; parts, items, statements and notes are in the outline, and items in the contents."""

    text: str
    kind: Literal["part", "item", "note", "statement", "sub", "minor"]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Words, perhaps after a bold lead. ``large`` and ``title`` belong to a cover or a release's head."""

    pieces: tuple[Piece, ...]
    style: Literal["body", "center", "bold", "title", "large", "small", "bullet", "fine"] = "body"
    lead: str = ""


@dataclass(frozen=True, slots=True)
class PageBreak:
    """The next block begins a new page."""


@dataclass(frozen=True, slots=True)
class Gap:
    """White space, in points."""

    points: float


@dataclass(frozen=True, slots=True)
class Rule:
    """A thin line across the page."""


@dataclass(frozen=True, slots=True)
class Contents:
    """The table of contents, filled in with the printed page numbers when the filing is set."""


Block = Heading | Paragraph | Table | TextTable | PageBreak | Gap | Rule | Contents


@dataclass(frozen=True, slots=True)
class Document:
    """A whole filing. The first ``front`` pages have roman labels; numbering starts at 1 after them.

    ``hidden`` are dei facts that are printed nowhere; ``prefix`` is the company's own XBRL namespace.
    """

    title: str
    company: str
    prefix: str
    cik: str
    period: Context
    blocks: tuple[Block, ...]
    front: int = 2
    hidden: dict[str, str] = field(default_factory=dict)
