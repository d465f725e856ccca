"""Passages, the units of retrieval: prose within a page, and tables with their heads on every split."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from ingest.filing import Column, Identity, Line, Page, Passage, Row, Section, Span, Table
from ingest.sections import section_starts, section_titles

PASSAGE_TOKENS = 225
"""Tokens of a passage with its context line, as ``estimated_tokens`` counts them, which is up to a tenth below what
the embedder counts: nearly all fit its 256."""
TABLE_ROWS = 14
"""Rows of a table in one passage, at most."""
FULL = 0.75
"""From this share of its size on, a passage may end where a sentence does."""
_TOKENS = re.compile(r"[^\W\d_]+|\d+|[^\w\s]|_")
_SENTENCE = re.compile(r"(?<=[.!?;:])[\s\u200b]+(?=[A-Z“\"(•])")
_CELLS = re.compile(r":\s[^:]*\d[^:]*$")
SHORTEST = 6
"""A passage with fewer words than this (a page number, a running head) is not kept."""


def make_passages(
    filing_id: str, identity: Identity, pages: Sequence[Page], sections: Sequence[Section], tables: Sequence[Table]
) -> tuple[Passage, ...]:
    """Return the passages of a filing in page order; ids depend on content and place only."""
    in_table = _table_lines(pages, tables)
    borders = section_starts(sections)
    beginning: dict[int, list[Table]] = {}
    for table in tables:
        beginning.setdefault(table.first_page, []).append(table)
    passages: list[Passage] = []
    for page in pages:
        for lines in _segments(page, borders.get(page.index, frozenset())):
            titles = section_titles(sections, page.index, lines[0].chars[0])
            context = context_line(identity, titles, page)
            section = titles[-1] if titles else None
            size = PASSAGE_TOKENS - estimated_tokens(context)
            for run in _prose(lines, in_table.get(page.index, set()), size):
                text = " ".join(line.text for line in run)
                if len(text.split()) >= SHORTEST:
                    passages.append(_passage(filing_id, "prose", context, text, _lines_span(page, run), section))
        for table in beginning.get(page.index, ()):
            titles = section_titles(sections, page.index, _first_character(table))
            context = context_line(identity, titles, page)
            size = PASSAGE_TOKENS - estimated_tokens(context)
            passages.extend(_table_passages(filing_id, context, table, titles[-1] if titles else None, size))
    return tuple(passages)


def _segments(page: Page, borders: frozenset[int]) -> Iterator[list[Line]]:
    """The lines of a page, cut where a section begins."""
    segment: list[Line] = []
    for line in page.lines:
        if segment and line.chars[0] in borders:
            yield segment
            segment = []
        segment.append(line)
    if segment:
        yield segment


def _first_character(table: Table) -> int:
    return next((row.span.chars[0] for row in table.rows if row.span.chars is not None), 0)


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


@lru_cache(maxsize=1 << 10)
def estimated_tokens(text: str) -> int:
    """Estimate how many word pieces an embedder of BERT's kind makes of a text.

    Over passages of real filings its count is 1.04 times this for prose and 1.08 times for tables, in 19 of 20
    passages below 1.15 times. Reading knows no model, so it can't ask one.
    """
    return sum(map(_pieces_of_word, text.split()))


@lru_cache(maxsize=1 << 15)
def _pieces_of_word(word: str) -> int:
    """The pieces of what stands between two blanks; much of it is met again and again."""
    return sum(map(_pieces_of, _TOKENS.findall(word)))


def _pieces_of(token: str) -> int:
    if token.isdigit():
        return (len(token) + 2) // 3
    return 1 + (len(token) > 9) + (len(token) > 13) if token.isalpha() else 1


def render_rows(table: Table, first: int, last: int) -> str:
    """The rows ``first`` to ``last`` (half-open) of a table as text, under its title, scale, heads and headings.

    Each row has a place for each column, so that a value without neighbours stays in its own.
    """
    lines = [table.title] if table.title else []
    if table.scale_source:
        lines.append(table.scale_source)
    heads = _heads(table.columns)
    if any(heads):
        lines.append("Columns: " + " | ".join(heads))
    rows = table.rows[first:last]
    if first > 0 and rows and rows[0].path:
        lines.append(" > ".join(rows[0].path))
    return "\n".join([*lines, *(_row_text(row, len(table.columns)) for row in rows)])


def _heads(columns: Sequence[Column]) -> list[str]:
    """The period of each column; its printed head where it has none, or beside it where others have the same."""
    shared = Counter(column.period for column in columns)
    heads = []
    for column in columns:
        printed = " ".join(column.header)
        if column.period is None:
            heads.append(printed)
        else:
            beside = f" ({printed})" if shared[column.period] > 1 and printed else ""
            heads.append(column.period.describe() + beside)
    return heads


def _row_text(row: Row, columns: int) -> str:
    if not row.cells:
        return row.label
    texts = [""] * columns
    for cell in row.cells:
        texts[cell.column] = f"{texts[cell.column]} {cell.text}".strip()
    return f"{row.label}: {' | '.join(texts)}".rstrip(" |")


def _table_passages(filing_id: str, context: str, table: Table, section: str | None, size: int) -> Iterator[Passage]:
    for first, last in _splits(table, size):
        rows = table.rows[first:last]
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
        yield _passage(
            filing_id, "table", context, render_rows(table, first, last), span, section, table.id, (first, last)
        )


def _splits(table: Table, size: int) -> Iterator[tuple[int, int]]:
    """Half-open ranges of rows that fit a passage; only labels count, for an embedder reads no figures."""
    head = estimated_tokens(render_rows(table, 0, 0))
    first, tokens = 0, head
    for number, row in enumerate(table.rows):
        more = estimated_tokens(row.label)
        if number > first and (number - first == TABLE_ROWS or tokens + more > size):
            yield first, number
            first, tokens = number, head + estimated_tokens(" ".join(row.path))
        tokens += more
    if first < len(table.rows):
        yield first, len(table.rows)


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
    found: dict[int, set[int]] = {}
    for page in pages:
        begin = [line.chars[0] for line in page.lines]
        for first, last in ranges.get(page.index, ()):
            within = begin[bisect_left(begin, first) : bisect_left(begin, last)]
            found.setdefault(page.index, set()).update(within)
    return found


def _prose(lines: Iterable[Line], in_table: set[int], size: int) -> Iterator[list[Line]]:
    """Runs of lines that are no table rows, of at most ``size`` tokens, which end with a sentence where they can."""
    run: list[Line] = []
    tokens = 0
    for line in lines:
        if line.aside:
            continue
        if line.chars[0] in in_table:
            if run:
                yield run
            run, tokens = [], 0
            continue
        for piece in _fitting(line, size):
            more = estimated_tokens(piece.text)
            if run and tokens + more > size:
                yield run
                run, tokens = [], 0
            run.append(piece)
            tokens += more
            if tokens >= FULL * size and piece.text.rstrip().endswith((".", ":", "?", "!")):
                yield run
                run, tokens = [], 0
    if run:
        yield run


def _fitting(line: Line, size: int) -> Iterator[Line]:
    """A line; of a paragraph that does not fit, its sentences; of a sentence that does not, its words."""
    if estimated_tokens(line.text) <= size:
        yield line
        return
    sentences = list(_cut(line, _SENTENCE))
    if len(sentences) == 1:
        yield from _cut(line, re.compile(r"\s+"))
        return
    for sentence in sentences:
        yield from _fitting(sentence, size)


def _cut(line: Line, border: re.Pattern[str]) -> Iterator[Line]:
    """The parts of a line between the matches of ``border``, each with its own range of characters."""
    start = line.chars[0]
    edges = [0, *(edge for match in border.finditer(line.text) for edge in match.span()), len(line.text)]
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        if first < last:
            yield replace(line, text=line.text[first:last], chars=(start + first, start + last))


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
