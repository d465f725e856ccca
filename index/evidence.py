"""Evidence: an ordered, numbered sheet of lines, each with its place in a source, and how it was found."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from index.query import Query, company_key
from ingest.filing import Period, Span, Statement


@dataclass(frozen=True, slots=True)
class EvidenceCell:
    """One figure of a line, under the key by which programs point at it.

    ``value`` is the full value in ``unit`` with the sign of the line's concept; ``printed`` is what the
    source shows. ``tag`` is the XBRL element where the figure is tagged.
    """

    key: str
    value: Decimal
    unit: str | None
    scale: int
    printed: str
    period: Period | None
    span: Span
    tag: str | None = None
    column: str = ""


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """One line of the sheet: a table row with its figures, or a sentence.

    A sentence can be quoted. Where its figures may be computed with as well, they are its cells, in the order in
    which they are printed in ``label``.

    ``concept`` is the vocabulary's key where the row is known to be that concept for the whole company;
    ``fiscal_year`` is that of the filing.
    """

    id: str
    kind: Literal["row", "sentence"]
    filing_id: str
    source: str
    company: str | None
    label: str
    path: tuple[str, ...]
    cells: tuple[EvidenceCell, ...]
    span: Span
    title: str = ""
    statement: Statement | None = None
    concept: str | None = None
    fiscal_year: int | None = None

    def cell(self, key: str) -> EvidenceCell | None:
        """Return the figure under ``key``, or None."""
        return next((cell for cell in self.cells if cell.key == key), None)

    def describe(self) -> str:
        """Return the line in one piece of text: label, headings and figures by period."""
        if self.kind == "sentence":
            return self.label
        heading = f" [{' > '.join(self.path)}]" if self.path else ""
        figures = "; ".join(f"{cell.column or cell.key}: {cell.printed}" for cell in self.cells)
        return f"{self.label}{heading} | {figures}"


@dataclass(frozen=True, slots=True)
class Search:
    """The account of a search: how many of the library's passages were eligible, and what decided that.

    ``ranker`` names what put the best pages in order, where passages were ranked.
    """

    eligible: int
    total: int
    scope: str
    ranker: str = ""

    def describe(self) -> str:
        """``searched 412 of 68,059 passages: 3M Company, FY2018; best pages ordered by pages@0123456789ab``."""
        scope = f": {self.scope}" if self.scope else ""
        ranked = f"; best pages ordered by {self.ranker}" if self.ranker else ""
        return f"searched {self.eligible:,} of {self.total:,} passages{scope}{ranked}"


@dataclass(frozen=True, slots=True)
class Missing:
    """A concept that no filing of a company reports for the asked period; ``elsewhere`` are keys of periods it has."""

    concept: str
    period: str
    elsewhere: tuple[str, ...]
    company: str = ""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two sources of one figure that do not agree: what is used, and what another place says.

    ``on_period`` is whether they do not even agree on when the period ended: then neither can be used.
    """

    concept: str
    key: str
    used: str
    other: str
    company: str = ""
    on_period: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a search found for a query. An empty sheet is an answer, not a reason to search elsewhere."""

    query: Query
    lines: tuple[EvidenceLine, ...]
    search: Search
    missing: tuple[Missing, ...] = ()
    conflicts: tuple[Conflict, ...] = ()

    def line(self, identifier: str) -> EvidenceLine | None:
        """Return the line with that id, or None."""
        return next((line for line in self.lines if line.id == identifier), None)

    def line_for(self, concept: str, key: str, company: str | None = None) -> EvidenceLine | None:
        """Return the line that is ``concept`` and has a figure under ``key``, however its filing spells the company."""
        for line in self.lines:
            own = company is None or company_key(line.company or "") == company_key(company)
            if own and line.concept == concept and line.cell(key):
                return line
        return None
