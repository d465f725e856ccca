"""The nouns that a reader hands on: a Filing and everything inside it.

All are frozen values. Boxes are in PDF points (1/72 inch) with the origin at the top left of the page
as it is displayed. Money is ``Decimal``, never float. Page indexes count from 0; what a person sees is
the physical page from 1 with the printed label beside it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

Box = tuple[float, float, float, float]
"""(x0, y0, x1, y1) in PDF points, origin top left, y downwards."""

Statement = Literal["income", "balance", "cash_flow", "comprehensive_income", "equity"]
Origin = Literal["ixbrl", "table"]
SectionKind = Literal["part", "item", "note", "statement", "exhibit", "signatures", "heading"]


@dataclass(frozen=True, slots=True)
class Span:
    """Where in the source something stands.

    A PDF gives ``box``; HTML gives ``element`` (the id of the nearest element that has one). ``chars``
    is a half-open character range of the page's text, where the thing can be found in it.
    """

    page: int
    page_label: str | None = None
    box: Box | None = None
    element: str | None = None
    chars: tuple[int, int] | None = None

    @property
    def physical_page(self) -> int:
        """The page as a viewer counts it, from 1."""
        return self.page + 1


@dataclass(frozen=True, slots=True)
class Period:
    """The time that a number is about: an instant (``months == 0``) or a duration that ends on ``end``.

    Two periods are equal when ``end`` and ``months`` are. ``months`` is rounded, so that a 52-week year
    and a calendar year both count 12. The fiscal year and quarter are the company's own; the quarter is
    None for a whole year and for its end.
    """

    end: date
    months: int = 0
    start: date | None = field(default=None, compare=False)
    fiscal_year: int | None = field(default=None, compare=False)
    fiscal_quarter: int | None = field(default=None, compare=False)

    @property
    def is_instant(self) -> bool:
        """Whether this is a moment (balance sheet) rather than a stretch of time."""
        return self.months == 0

    @property
    def key(self) -> str:
        """The short name that programs use: ``2018``, ``2023Q2``, ``2023Q2YTD``, ``2018-03-31``.

        A fiscal year and the instant at its end share a key, as the columns of a filing do.
        """
        if self.fiscal_year is not None and self.fiscal_quarter is None and self.months in (0, 12):
            return str(self.fiscal_year)
        if self.fiscal_year is not None and self.fiscal_quarter is not None and self.months in (0, 3):
            return f"{self.fiscal_year}Q{self.fiscal_quarter}"
        if self.fiscal_year is not None and self.fiscal_quarter is not None and self.months == 3 * self.fiscal_quarter:
            return f"{self.fiscal_year}Q{self.fiscal_quarter}YTD"
        return self.end.isoformat() if self.is_instant else f"{self.end.isoformat()}/{self.months}m"

    def describe(self) -> str:
        """The period in words: ``FY2018 (year ended 2018-12-31)``, ``at 2018-12-31``."""
        if self.is_instant:
            return f"at {self.end.isoformat()}"
        lengths = {3: "quarter", 6: "six months", 9: "nine months", 12: "year"}
        length = lengths.get(self.months, f"{self.months} months")
        name = f"FY{self.key} " if self.months == 12 and self.fiscal_year is not None else ""
        ended = f"{length} ended {self.end.isoformat()}"
        return f"{name}({ended})" if name else ended


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line of a page; ``chars`` is its half-open range in the page's text.

    ``aside`` marks a running head, a running foot or a page number: part of no passage and no table.
    """

    text: str
    chars: tuple[int, int]
    box: Box | None = None
    element: str | None = None
    aside: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its text in reading order and the lines that make it up. Width and height in points."""

    index: int
    label: str | None
    text: str
    lines: tuple[Line, ...]
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the filing's own structure; pages are an inclusive range of page indexes.

    It begins with character ``start`` of its first page and ends before character ``end`` of its last, or
    with that page. ``elsewhere`` are further ranges of pages, where the filing gives an item several.
    ``statement`` tells which statement a section of that kind is.
    """

    title: str
    kind: SectionKind
    number: str | None
    first_page: int
    last_page: int
    children: tuple[Section, ...] = ()
    start: int = 0
    end: int | None = None
    elsewhere: tuple[tuple[int, int], ...] = ()
    statement: Statement | None = None

    def holds(self, page: int, character: int = 0) -> bool:
        """Whether the character of the page's text lies in this section."""
        if self.first_page <= page <= self.last_page:
            before = page == self.first_page and character < self.start
            after = page == self.last_page and self.end is not None and character >= self.end
            return not before and not after
        return any(first <= page <= last for first, last in self.elsewhere)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: its header lines from the top, and what they mean."""

    index: int
    header: tuple[str, ...]
    period: Period | None


@dataclass(frozen=True, slots=True)
class Cell:
    """One printed value. ``value`` is ``number`` × 10**``scale``, in ``unit``.

    ``unit`` is ``USD`` (or another ISO 4217 code), ``USD/shares``, ``shares``, ``pure`` (ratios; a
    printed percentage has scale -2) or None where nothing in the table tells. A dash is zero.
    """

    column: int
    text: str
    number: Decimal | None
    scale: int
    unit: str | None
    period: Period | None
    span: Span

    @property
    def value(self) -> Decimal | None:
        """The full value: 1577 printed in millions is 1577000000."""
        return None if self.number is None else self.number.scaleb(self.scale)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: its label, its indentation level and the labels it stands under."""

    label: str
    level: int
    path: tuple[str, ...]
    cells: tuple[Cell, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Table:
    """A table as understood. ``scale_source`` is the printed text that gave scale and unit."""

    id: str
    title: str
    statement: Statement | None
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    scale: int
    unit: str | None
    scale_source: str | None
    first_page: int
    last_page: int


@dataclass(frozen=True, slots=True)
class Fact:
    """A number with its meaning.

    ``concept`` is a qualified name (``us-gaap:Assets``): the tag where the filing is tagged, else the
    vocabulary's, else None. ``value`` is the full value; ``scale`` and ``printed`` tell how it is
    printed. ``dimensions`` are (axis, member) pairs, empty for the whole company.
    """

    label: str
    concept: str | None
    value: Decimal
    unit: str | None
    scale: int
    period: Period
    span: Span
    origin: Origin
    printed: str
    dimensions: tuple[tuple[str, str], ...] = ()
    statement: Statement | None = None
    table: str | None = None
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """The unit of retrieval: ``context`` (one line: company, form, period, section, page) and ``text``.

    ``table`` names the table that a table passage shows, ``rows`` the half-open range of its rows.
    """

    id: str
    kind: Literal["prose", "table"]
    context: str
    text: str
    span: Span
    section: str | None = None
    table: str | None = None
    rows: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class ReadingWarning:
    """Something that could not be read, or that does not agree; ``page`` is an index or None."""

    message: str
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """Who filed what, about which period. ``fiscal_year_end`` is (month, day), None where nothing tells it.

    ``period_end`` of a current report is the day of the event that it reports. ``filing_date`` is the day that
    a header states; else that of the registrant's signature, or of a release's publication, which is the day of
    filing or the one before. ``fiscal_year`` is named as the company names it: a retailer's fiscal 2022 may end
    in January 2023. ``closing_year`` is the calendar year in which that fiscal year ends, by which others name it:
    2023 here, and None where ``fiscal_year`` is. Where the year end is not told, year and quarter are the calendar's.
    ``form`` is ``10-K``, ``10-Q``, ``8-K``, ``annual report``, ``earnings release`` or as printed.
    ``fiscal_quarter`` is None where the filing covers a whole year.
    """

    company: str | None = None
    ticker: str | None = None
    cik: str | None = None
    form: str | None = None
    fiscal_year: int | None = None
    fiscal_quarter: int | None = None
    period_end: date | None = None
    filing_date: date | None = None
    currency: str = "USD"
    fiscal_year_end: tuple[int, int] | None = None
    closing_year: int | None = None


@dataclass(frozen=True, slots=True)
class Filing:
    """A document as understood. ``id`` is the SHA-256 of its bytes in hex; ``source`` its file name."""

    id: str
    source: str
    media_type: str
    identity: Identity
    pages: tuple[Page, ...]
    sections: tuple[Section, ...]
    tables: tuple[Table, ...]
    facts: tuple[Fact, ...]
    passages: tuple[Passage, ...]
    warnings: tuple[ReadingWarning, ...]
