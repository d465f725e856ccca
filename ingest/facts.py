"""Tables become facts, and tagged facts learn which row they stand in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from ingest.filing import Cell, Column, Fact, Row, Table
from ingest.identity import plain_company
from ingest.periods import MONTHS, FiscalCalendar
from ingest.vocabulary import Concept, Vocabulary

_TIME_WORDS = re.compile(
    r"\b(?:(?:19|20)\d\d|\d{1,2}|fy\d*|q[1-4]|for|the|in|at|as|of|and|to|end|ended|ending|year|years|fiscal|quarter|quarters|month|months|week|weeks|period|periods"
    r"|three|six|nine|twelve|thirteen|twenty[\s-]six|thirty[\s-]nine|fifty[\s-](?:two|three)|first|second|third|fourth"
    r"|audited|unaudited|as\s+reported|millions?|thousands?|billions?|dollars?|usd|total|consolidated|amounts?|"
    + "|".join(MONTHS)
    + r")\b",
    re.IGNORECASE,
)


def collect_facts(
    tagged: Iterable[Fact], tables: Iterable[Table], vocabulary: Vocabulary, fiscal: FiscalCalendar, company: str | None
) -> tuple[Fact, ...]:
    """Return tagged facts first, then the figures of tables that carry no tag.

    A tagged fact takes label, statement and row from the cell that prints it. An untagged figure becomes
    a fact where its row has a label and its column a period; its concept is the vocabulary's.
    """
    tables = tuple(tables)
    tagged = [replace(fact, period=fiscal.place(fact.period)) for fact in tagged]
    by_element: dict[str, list[int]] = {}
    for i, fact in enumerate(tagged):
        if fact.span.element is not None and fact.span.chars is not None:
            by_element.setdefault(fact.span.element, []).append(i)
    neutral = _neutral(company)
    found: list[Fact] = []
    for table in tables:
        for number, row, cell in _cells(table):
            marks = by_element.get(cell.span.element or "", [])
            for i in marks:
                label = row.label or tagged[i].label
                tagged[i] = replace(tagged[i], label=label, statement=table.statement, table=table.id, row=number)
            if not marks:
                found.extend(_fact(table, number, row, cell, vocabulary, neutral))
    return (*tagged, *found)


def _cells(table: Table) -> Iterator[tuple[int, Row, Cell]]:
    for number, row in enumerate(table.rows):
        for cell in row.cells:
            yield number, row, cell


def _fact(
    table: Table, number: int, row: Row, cell: Cell, vocabulary: Vocabulary, neutral: re.Pattern[str] | None
) -> Iterator[Fact]:
    """The fact that one untagged cell states, if it states one."""
    value = cell.value
    if value is None or cell.period is None or not re.search(r"[A-Za-z]", row.label):
        return
    concept = concept_of(row, table, vocabulary, neutral)
    period = cell.period
    if concept is not None:
        if concept.outflow and table.statement == "cash_flow":
            value = abs(value) if value < 0 else value
        if concept.period == "instant" and table.statement in ("cash_flow", None):
            period = replace(period, months=0)
    yield Fact(
        label=row.label,
        concept=concept.tags[0] if concept else None,
        value=value,
        unit=cell.unit,
        scale=cell.scale,
        period=period,
        span=cell.span,
        origin="table",
        printed=cell.text,
        dimensions=_dimensions(table.columns[cell.column], row, table),
        statement=table.statement,
        table=table.id,
        row=number,
    )


def concept_of(row: Row, table: Table, vocabulary: Vocabulary, neutral: re.Pattern[str] | None) -> Concept | None:
    """The vocabulary's concept for a row; the company's own name in a label reads "the company"."""
    label = row.label
    concept = vocabulary.by_label(label, row.path, table.statement)
    if concept is None and neutral is not None and neutral.search(label):
        concept = vocabulary.by_label(neutral.sub("the company", label), row.path, table.statement)
    return concept


def _neutral(company: str | None) -> re.Pattern[str] | None:
    """A pattern of the company's name with or without its legal form, as labels print it."""
    if company is None:
        return None
    plain = re.escape(plain_company(company))
    legal = r"(?:,?\s+(?:inc|corp|corporation|company|co|companies|ltd|plc)\b\.?)*"
    apostrophe = r"(?:['’]s)?"
    subsidiaries = r"(?:\s+and\s+subsidiaries)?"
    return re.compile(rf"\b(?:the\s+)?{plain}{legal}{apostrophe}{subsidiaries}(?:['’](?=\s|$))?", re.IGNORECASE)


def _dimensions(column: Column, row: Row, table: Table) -> tuple[tuple[str, str], ...]:
    """What a column's head says besides its period: a segment, a region, a kind of change."""
    rest = " ".join(_TIME_WORDS.sub(" ", " ".join(column.header)).replace(",", " ").split())
    rest = re.sub(r"\(\s*\w?\s*\)|[$():*.\s-]+", " ", rest).strip()
    dimensions = [("column", rest)] if re.search(r"[A-Za-z]{2}", rest) else []
    if table.statement is None and row.path:
        dimensions.append(("heading", " > ".join(row.path)))
    return tuple(dimensions)
