"""Passages, the units of retrieval: prose within a page, and tables with their heads on every split."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence

from ingest.filing import Identity, Line, Page, Passage, Section, Span, Table
from ingest.sections import section_titles

PASSAGE_WORDS = 140
"""About 190 tokens of prose: with the context line it fits the embedder's 256."""
TABLE_ROWS = 14
"""Rows of a table in one passage."""
_CELLS = re.compile(r":\s[^:]*\d[^:]*$")
SHORTEST = 6
"""A passage with fewer words than this (a page number, a running head) is not kept."""


def make_passages(
    filing_id: str, identity: Identity, pages: Sequence[Page], sections: Sequence[Section], tables: Sequence[Table]
) -> tuple[Passage, ...]:
    """Return the passages of a filing in page order; ids depend on content and place only."""
    in_table = _table_lines(pages, tables)
    passages: list[Passage] = []
    for page in pages:
        titles = section_titles(sections, page.index)
        context = context_line(identity, titles, page)
        section = titles[-1] if titles else None
        for lines in _prose(page, in_table.get(page.index, set())):
            text = " ".join(line.text for line in lines)
            if len(text.split()) >= SHORTEST:
                span = _lines_span(page, lines)
                passages.append(_passage(filing_id, "prose", context, text, span, section))
        for table in tables:
            if table.first_page == page.index:
                passages.extend(_table_passages(filing_id, context, table, section))
    return tuple(passages)


def context_line(identity: Identity, titles: Sequence[str], page: Page) -> str:
    """The line put before each passage: company, form and period, section, page."""
    period = ""
    if identity.fiscal_year is not None:
        period = f"FY{identity.fiscal_year}" + (f" Q{identity.fiscal_quarter}" if identity.fiscal_quarter else "")
    head = " ".join(part for part in (identity.company, identity.form, period) if part)
    label = f" ({page.label})" if page.label and page.label != str(page.index + 1) else ""
    return " | ".join(part for part in (head, " > ".join(titles), f"page {page.index + 1}{label}") if part)


def embedding_text(passage: Passage) -> str:
    """Return what an embedder should read of a passage: its context and text, of a table without the figures.

    Figures say nothing to an embedder and fill its window; words and labels are what a question shares.
    """
    text = passage.text
    if passage.kind == "table":
        text = "\n".join(_CELLS.sub("", line) for line in text.split("\n"))
    return f"{passage.context}\n{text}"


def render_rows(table: Table, first: int, last: int) -> str:
    """The rows ``first`` to ``last`` (half-open) of a table as text, under its title, scale and heads."""
    heads = [c.period.describe() if c.period else " ".join(c.header) for c in table.columns]
    lines = [table.title] if table.title else []
    if table.scale_source:
        lines.append(table.scale_source)
    if any(heads):
        lines.append("Columns: " + " | ".join(heads))
    for row in table.rows[first:last]:
        values = " | ".join(cell.text for cell in row.cells)
        lines.append(f"{row.label}: {values}" if values else row.label)
    return "\n".join(lines)


def _table_passages(filing_id: str, context: str, table: Table, section: str | None) -> Iterator[Passage]:
    for first in range(0, len(table.rows), TABLE_ROWS):
        rows = table.rows[first : first + TABLE_ROWS]
        spans = [row.span for row in rows if row.span.page == rows[0].span.page]
        chars = [span.chars for span in spans if span.chars]
        boxes = [span.box for span in spans if span.box]
        span = Span(
            spans[0].page,
            spans[0].page_label,
            _around(boxes) if boxes else None,
            spans[0].element,
            (chars[0][0], chars[-1][1]) if chars else None,
        )
        text = render_rows(table, first, first + len(rows))
        yield _passage(filing_id, "table", context, text, span, section, table.id, (first, first + len(rows)))


def _passage(
    filing_id: str,
    kind: str,
    context: str,
    text: str,
    span: Span,
    section: str | None,
    table: str | None = None,
    rows: tuple[int, int] | None = None,
) -> Passage:
    place = f"{filing_id}\n{span.page}\n{span.chars}\n{table}\n{text}"
    identifier = hashlib.sha256(place.encode()).hexdigest()[:16]
    return Passage(identifier, "table" if kind == "table" else "prose", context, text, span, section, table, rows)


def _table_lines(pages: Iterable[Page], tables: Iterable[Table]) -> dict[int, set[int]]:
    """Where the lines of tables begin, by page; a row may be printed over several lines."""
    ranges: dict[int, list[tuple[int, int]]] = {}
    for table in tables:
        for row in table.rows:
            if row.span.chars is not None:
                ranges.setdefault(row.span.page, []).append(row.span.chars)
    return {
        page.index: {
            line.chars[0]
            for line in page.lines
            if any(first <= line.chars[0] < last for first, last in ranges[page.index])
        }
        for page in pages
        if page.index in ranges
    }


def _prose(page: Page, in_table: set[int]) -> Iterator[list[Line]]:
    """Runs of lines that are no table rows, cut near ``PASSAGE_WORDS``, preferably after a full stop."""
    run: list[Line] = []
    words = 0
    for line in page.lines:
        if line.chars[0] in in_table:
            if run:
                yield run
            run, words = [], 0
            continue
        run.append(line)
        words += len(line.text.split())
        ends = line.text.rstrip().endswith((".", ":", "?", "!"))
        if words >= PASSAGE_WORDS or (ends and words >= PASSAGE_WORDS * 0.75):
            yield run
            run, words = [], 0
    if run:
        yield run


def _lines_span(page: Page, lines: Sequence[Line]) -> Span:
    boxes = [line.box for line in lines if line.box is not None]
    return Span(
        page.index,
        page.label,
        _around(boxes) if boxes else None,
        lines[0].element,
        (lines[0].chars[0], lines[-1].chars[1]),
    )


def _around(boxes: Sequence[tuple[float, float, float, float]]) -> tuple[float, float, float, float]:
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )
