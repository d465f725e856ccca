"""Writes out what was understood of a filing: its text, its structure as Markdown, or its facts, a piece at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ingest.errors import UsageError
from ingest.filing import Column, Filing, Line, Page, Row, Section, Span, Table
from ingest.scale import POWERS

_POWER_WORDS = {power: f"{word}s" for word, power in POWERS.items()}
NEAR = 0.5
"""Lines of a paragraph are less than so many of their heights apart."""
HEADINGS = 6
"""Markdown has so many levels of headings."""


def chosen_pages(text: str | None, count: int) -> Sequence[int]:
    """Return the page indexes that a list such as ``3-5,8`` names, counted from 1, in order; all where it is None.

    Raises UsageError where it is no such list or names a page that the filing, of ``count`` pages, lacks.
    """
    if text is None:
        return range(count)
    chosen: set[int] = set()
    for part in text.split(","):
        first, dash, last = (piece.strip() for piece in part.partition("-"))
        if not first.isdecimal() or (dash and not last.isdecimal()):
            raise UsageError(f"--pages takes numbers and ranges such as 3-5,8, not {text!r}")
        low, high = int(first), int(last or first)
        if not 1 <= low <= high <= count:
            raise UsageError(f"the filing has pages 1 to {count}, not {part.strip()}")
        chosen.update(range(low - 1, high))
    return sorted(chosen)


def page_name(page: Page) -> str:
    """``page 60 (printed 58)``."""
    number = str(page.index + 1)
    return f"page {number}" + (f" (printed {page.label})" if page.label and page.label != number else "")


def as_text(filing: Filing, pages: Iterable[int]) -> Iterator[str]:
    """Yield each page: a line that names it, and its text in reading order."""
    for index in pages:
        page = filing.pages[index]
        yield f"--- {page_name(page)}\n{page.text}\n"


def as_facts(filing: Filing, pages: Iterable[int]) -> Iterator[str]:
    """Yield a line of tab-separated fields for each fact: label, value, unit, period, concept, page, dimensions."""
    wanted = frozenset(pages)
    yield "label\tvalue\tunit\tperiod\tconcept\tpage\tdimensions\n"
    for fact in filing.facts:
        if fact.span.page in wanted:
            fields = (
                fact.label,
                f"{fact.value:f}",
                fact.unit or "",
                fact.period.key,
                fact.concept or "",
                str(fact.span.physical_page),
                "; ".join(f"{axis}={member}" for axis, member in fact.dimensions),
            )
            yield "\t".join(" ".join(field.split()) for field in fields) + "\n"


def as_markdown(filing: Filing, pages: Iterable[int]) -> Iterator[str]:
    """Yield the filing in Markdown: sections as headings, tables with their periods, unit and scale."""
    yield f"# {_headline(filing)}\n\n"
    begins = _beginnings(filing.sections)
    tables = _rows_by_page(filing.tables)
    for index in pages:
        page = filing.pages[index]
        yield f"<!-- {page_name(page)} -->\n\n"
        yield from _page(page, begins.get(index, []), tables.get(index, []))


def _headline(filing: Filing) -> str:
    identity = filing.identity
    period = f"FY{identity.fiscal_year}" if identity.fiscal_year else None
    if period and identity.fiscal_quarter:
        period = f"Q{identity.fiscal_quarter} {period}"
    return ", ".join(filter(None, (identity.company or filing.source, identity.form, period)))


@dataclass(frozen=True, slots=True)
class _Begun:
    """A section that begins on a page, and how deep it lies, from 0."""

    section: Section
    depth: int


def _beginnings(sections: Sequence[Section], depth: int = 0) -> dict[int, list[_Begun]]:
    """Sections by the index of the page on which they begin, in order."""
    found: dict[int, list[_Begun]] = {}
    for section in sections:
        found.setdefault(section.first_page, []).append(_Begun(section, depth))
        for page, below in _beginnings(section.children, depth + 1).items():
            found.setdefault(page, []).extend(below)
    return found


def _rows_by_page(tables: Iterable[Table]) -> dict[int, list[tuple[Table, list[Row]]]]:
    """The rows of each table that stand on a page, in the order of the page."""
    found: dict[int, list[tuple[Table, list[Row]]]] = {}
    for table in tables:
        pages: dict[int, list[Row]] = {}
        for row in table.rows:
            pages.setdefault(row.span.page, []).append(row)
        for page, rows in pages.items():
            found.setdefault(page, []).append((table, rows))
    return found


def _page(page: Page, begun: list[_Begun], tables: list[tuple[Table, list[Row]]]) -> Iterator[str]:
    headings = _heading_lines(page, begun)
    for item in begun:
        if item not in headings.values():
            yield _heading(item)
    placed, covered = _placed(page, tables)
    covered |= headings.keys()
    for position, line in enumerate(page.lines):
        if position in headings:
            yield _heading(headings[position])
        for table, rows in placed.get(position, []):
            yield from table_as_markdown(table, rows)
        if position not in covered and line.text.strip():
            goes_on = position + 1 not in covered and _goes_on(line, page.lines[position + 1 : position + 2])
            yield _escape(line.text) + ("\n" if goes_on else "\n\n")
    for table, rows in placed.get(-1, []):
        yield from table_as_markdown(table, rows)


def _goes_on(line: Line, following: Sequence[Line]) -> bool:
    """Whether the next line stands close below this one, as within a paragraph."""
    if not following or line.box is None or following[0].box is None:
        return False
    (_, top, _, bottom), (_, next_top, _, _) = line.box, following[0].box
    return 0 <= next_top - bottom < NEAR * (bottom - top)


def _heading(begun: _Begun) -> str:
    return f"{'#' * min(begun.depth + 2, HEADINGS)} {_escape(' '.join(begun.section.title.split()))}\n\n"


def _heading_lines(page: Page, begun: Iterable[_Begun]) -> dict[int, _Begun]:
    """The positions of the lines that print the titles of sections."""
    found: dict[int, _Begun] = {}
    for item in begun:
        title = _letters(item.section.title)
        for position, line in enumerate(page.lines):
            if position not in found and title and _letters(line.text) == title:
                found[position] = item
                break
    return found


def _placed(
    page: Page, tables: list[tuple[Table, list[Row]]]
) -> tuple[dict[int, list[tuple[Table, list[Row]]]], set[int]]:
    """At which line each table begins (-1: it is on no line), and the lines that the tables stand for."""
    placed: dict[int, list[tuple[Table, list[Row]]]] = {}
    covered: set[int] = set()
    for table, rows in tables:
        spans = [row.span for row in rows]
        own = {n for n, line in enumerate(page.lines) if any(on_line(span, line) for span in spans)}
        first = min(own, default=-1)
        if own:
            own.update(head_lines(page, first, table))
        placed.setdefault(min(own, default=-1), []).append((table, rows))
        covered |= own
    return placed, covered


def on_line(span: Span, line: Line) -> bool:
    """Whether what the span marks is printed on the line."""
    return span.chars is not None and span.chars[0] < line.chars[1] and line.chars[0] < span.chars[1]


def head_lines(page: Page, first: int, table: Table) -> Iterator[int]:
    """Yield the positions of the lines right above the rows that print nothing but the columns' heads and the scale."""
    said = _letters("".join((*(part for column in table.columns for part in column.header), table.scale_source or "")))
    for position in range(first - 1, -1, -1):
        pieces = page.lines[position].text.split()
        if not pieces or not all(_letters(piece) in said for piece in pieces):
            return
        yield position


def table_as_markdown(table: Table, rows: Sequence[Row]) -> Iterator[str]:
    """Yield rows of a table: its title and scale, the heads of its columns with their periods, and its cells."""
    columns = sorted({cell.column for row in rows for cell in row.cells})
    heads = {column.index: column for column in table.columns}
    yield f"**{_escape(table.title or 'Table')}** ({describe_scale(table)})\n\n"
    cells = [_head(heads.get(index)) for index in columns]
    yield f"| {' | '.join(['', *cells])} |\n|{'---|' * (len(columns) + 1)}\n"
    for row in rows:
        texts: dict[int, str] = {}
        for cell in row.cells:
            texts[cell.column] = f"{texts[cell.column]} {cell.text}" if cell.column in texts else cell.text
        label = "&emsp;" * row.level + _cell(row.label)
        yield f"| {' | '.join([label, *(_cell(texts.get(index, '')) for index in columns)])} |\n"
    yield "\n"


def describe_scale(table: Table) -> str:
    """Say in which unit and scale a table is printed, and who says so: ``USD in millions, as printed: “…”``."""
    source = f", as printed: “{' '.join(table.scale_source.split())}”" if table.scale_source else ""
    return f"{describe_unit(table.unit, table.scale)}{source}"


def describe_unit(unit: str | None, scale: int) -> str:
    """Say a unit and a scale in words: ``USD in millions``, ``USD/shares``, ``percent``, ``in thousands``."""
    if (unit, scale) == ("pure", -2):
        return "percent"
    word = f"in {_POWER_WORDS.get(scale, f'10^{scale}')}" if scale else ""
    return " ".join(filter(None, (unit, word))) or "unit not told"


def _head(column: Column | None) -> str:
    if column is None:
        return ""
    period = column.period.describe() if column.period else "period not told"
    return f"{_cell(' '.join(column.header))}<br>{period}"


def _cell(text: str) -> str:
    return _escape(" ".join(text.split())).replace("|", "\\|")


def _escape(text: str) -> str:
    """Keep text from being taken for Markdown's own marks."""
    marked = text.replace("\\", "\\\\").replace("*", "\\*").replace("_", "\\_").replace("<", "&lt;")
    return f"\\{marked}" if marked.startswith(("#", ">", "+", "-", "=", "|")) else marked


def _letters(text: str) -> str:
    return "".join(character for character in text.lower() if character.isalnum())
