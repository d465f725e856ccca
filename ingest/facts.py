"""Tables become facts, and tagged facts learn which row they stand in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from ingest.dates import MONTHS
from ingest.entity import entity_of
from ingest.filing import Cell, Fact, Page, Row, Table
from ingest.periods import FiscalCalendar
from ingest.registrant import plain_company, registrants_of
from ingest.scale import find_scale
from ingest.settle import settle
from ingest.vocabulary import Concept, Vocabulary

NEXT_ROWS = 4
"""A total stands at most so many rows below the last line that leads to it."""
_TIME_WORDS = re.compile(
    r"\b(?:(?:19|20)\d\d|\d{1,2}|fy\d*|q[1-4]|for|the|in|at|as|of|and|to|end|ended|ending|year|years|fiscal|quarter|quarters|month|months|week|weeks|period|periods"
    r"|three|six|nine|twelve|thirteen|twenty[\s-]six|thirty[\s-]nine|fifty[\s-](?:two|three)|first|second|third|fourth"
    r"|audited|unaudited|balances?|as\s+reported|millions?|thousands?|billions?|dollars?|usd|total|consolidated|amounts?|"
    + "|".join(MONTHS)
    + r")\b",
    re.IGNORECASE,
)
_YEARS = re.compile(r"\b(?:19|20)\d\d\b")
_SUBSIDIARIES = re.compile(r"\b(?:its\s+)?(?:consolidated\s+)?subsidiar(?:y|ies)(?:\s+companies)?\b", re.IGNORECASE)


def collect_facts(
    tagged: Iterable[Fact],
    tables: Iterable[Table],
    vocabulary: Vocabulary,
    fiscal: FiscalCalendar,
    company: str | None,
    pages: Sequence[Page] = (),
) -> tuple[Fact, ...]:
    """Return tagged facts first, then the figures of tables that carry no tag.

    A tagged fact takes label, statement and row from the cell that prints it. An untagged figure becomes
    a fact where its row has a label and its column a period; its concept is the vocabulary's, where the
    statements do not contradict. ``pages`` tell whose figures a table holds.
    """
    tables = tuple(tables)
    tagged = [replace(fact, period=fiscal.place(fact.period)) for fact in tagged]
    by_element: dict[str, list[int]] = {}
    for i, fact in enumerate(tagged):
        if fact.span.element is not None and fact.span.chars is not None:
            by_element.setdefault(fact.span.element, []).append(i)
    names = names_in_labels(company)
    neutral = names[0] if names else None
    registrants = registrants_of(pages)
    found: list[Fact] = []
    for table in sorted(tables, key=_authority):
        concepts = _concepts(table, vocabulary, names)
        entity = entity_of(table, pages, registrants) if pages else None
        stated: list[Fact] = []
        for number, row, cell in _cells(table):
            marks = by_element.get(cell.span.element or "", [])
            for i in marks:
                label = row.label or tagged[i].label
                tagged[i] = replace(tagged[i], label=label, statement=table.statement, table=table.id, row=number)
            if not marks:
                stated.extend(_fact(table, number, row, cell, concepts.get(number), neutral))
        if entity is not None:
            stated = [replace(fact, dimensions=(entity, *fact.dimensions)) for fact in stated]
        found.extend(_with_settled_signs(stated, vocabulary))
    return settle((*tagged, *found), vocabulary)


def _with_settled_signs(facts: list[Fact], vocabulary: Vocabulary) -> list[Fact]:
    """Give a concept that leads from another to one of the next rows the sign that it has between them.

    Income taxes are printed with either sign; income before taxes less the income below them tells which.
    """
    return [_with_settled_sign(fact, facts, vocabulary) for fact in facts]


def _with_settled_sign(fact: Fact, facts: list[Fact], vocabulary: Vocabulary) -> Fact:
    concept = vocabulary.by_tag(fact.concept) if fact.concept else None
    start = vocabulary.concepts.get(concept.after) if concept is not None and concept.after else None
    if start is None or fact.row is None:
        return fact
    same = [other for other in facts if (other.period, other.dimensions) == (fact.period, fact.dimensions)]
    first = next((other.value for other in same if other.concept == start.tags[0]), None)
    if first is None:
        return fact
    below = [first - other.value for other in same if other.row and fact.row < other.row <= fact.row + NEXT_ROWS]
    return replace(fact, value=next((step for step in below if abs(step) == abs(fact.value)), fact.value))


def _authority(table: Table) -> tuple[bool, int]:
    """Full statements come before what quotes from them, so that their figures are the first found."""
    return table.statement is None, -len(table.rows) if table.statement is not None else 0


def _cells(table: Table) -> Iterator[tuple[int, Row, Cell]]:
    for number, row in enumerate(table.rows):
        for cell in row.cells:
            yield number, row, cell


def _concepts(table: Table, vocabulary: Vocabulary, names: Sequence[re.Pattern[str]]) -> dict[int, Concept]:
    """The concept of each row that has one; of rows that would be the same, the label of precedence has it."""
    best: dict[str, tuple[int, int, Concept]] = {}
    for number, row in enumerate(table.rows):
        if not any(cell.value is not None for cell in row.cells):
            continue
        for label in _labels(row.label, names):
            concept = vocabulary.by_label(label, row.path, table.statement)
            if concept is not None:
                ranked = (vocabulary.precedence(concept, label), number, concept)
                best[concept.tags[0]] = min(best.get(concept.tags[0], ranked), ranked, key=lambda item: item[:2])
                break
    return {number: concept for _, number, concept in best.values()}


def _labels(label: str, names: Sequence[re.Pattern[str]]) -> Iterator[str]:
    """A label as printed, and with the company's own name, in full or in short, put as "the company"."""
    yield label
    for name in names:
        if name.search(label):
            yield name.sub("the company", label)


def _measures(concept: Concept, unit: str | None) -> bool:
    """Whether a concept is measured in ``unit``: a percentage in the row of net sales is not net sales."""
    if unit is None:
        return True
    kind = {"shares": "shares", "pure": "pure"}.get(unit, "money/shares" if "/" in unit else "money")
    return kind == concept.unit


def _fact(
    table: Table, number: int, row: Row, cell: Cell, concept: Concept | None, neutral: re.Pattern[str] | None
) -> Iterator[Fact]:
    """The fact that one untagged cell states, if it states one."""
    value = cell.value
    if value is None or cell.period is None or not re.search(r"[A-Za-z]", row.label):
        return
    period = cell.period
    if concept is not None and not _measures(concept, cell.unit):
        concept = None
    if concept is not None:
        value = abs(value) if concept.positive else value
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
        dimensions=_dimensions(cell, row, table, neutral),
        statement=table.statement,
        table=table.id,
        row=number,
    )


def names_in_labels(company: str | None) -> list[re.Pattern[str]]:
    """Return patterns of a company's name as labels print it, in full and in short; none where it is not known."""
    if not company:
        return []
    words = plain_company(company).split()
    # "Exxon Mobil Corporation" prints "ExxonMobil", and "Coca Cola Co" "The Coca-Cola Company".
    return [_neutral(r"[\s-]?".join(map(re.escape, words))), _neutral(re.escape(words[0]) + r"(?![\w-])")]


def _neutral(plain: str) -> re.Pattern[str]:
    """A pattern of a company's plain name, itself a pattern, with or without its legal form."""
    legal = r"(?:,?\s+(?:inc|incorporated|corp|corporation|company|co|companies|ltd|limited|plc|llc)\b\.?)*"
    apostrophe = r"(?:['’]s)?"
    subsidiaries = r"(?:\s+and\s+subsidiaries)?"
    return re.compile(rf"\b(?:the\s+)?{plain}{legal}{apostrophe}{subsidiaries}(?:['’](?=\s|$))?", re.IGNORECASE)


def _dimensions(cell: Cell, row: Row, table: Table, neutral: re.Pattern[str] | None) -> tuple[tuple[str, str], ...]:
    """What a column's head says besides period, scale and the company's own name: a segment, a region.

    A year that is not the cell's is such a thing as well: what is due in it, as it stands today.
    """
    heads, years, rest = _heads(table.columns[cell.column].header, neutral)
    if years and cell.period is not None and not years & {cell.period.end.year, cell.period.fiscal_year}:
        return (("column", heads),)
    dimensions = [("column", rest)] if rest else []
    if table.statement is None and row.path:
        dimensions.append(("heading", " > ".join(row.path)))
    return tuple(dimensions)


@lru_cache(maxsize=1 << 10)
def _heads(header: tuple[str, ...], neutral: re.Pattern[str] | None) -> tuple[str, frozenset[int], str]:
    """A column's heads without those of scale, the years in them, and what else they say, empty if nothing."""
    heads = " ".join(head for head in header if find_scale(head) is None)
    years = frozenset(int(year) for year in _YEARS.findall(heads))
    named = heads if neutral is None else _SUBSIDIARIES.sub(" ", neutral.sub(" ", heads))
    rest = " ".join(_TIME_WORDS.sub(" ", named).replace(",", " ").split())
    rest = re.sub(r"\(\s*\w?\s*\)|[$():*.\s-]+", " ", rest).strip()
    return " ".join(heads.split()), years, rest if re.search(r"[A-Za-z]{2}", rest) else ""
