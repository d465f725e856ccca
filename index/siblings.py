"""Sibling figures: the segments, regions or products that make a figure of the whole company, and the lines of a total.

Rows or columns are siblings where what they state adds up to a printed total: to the company's own figure for the
measure, or to a row that is called the segments' total of it. Nothing else is taken for a complete list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from index.addends import find_sums, leaves
from index.asked_periods import AskedPeriod
from index.contract import FilingRecord
from index.evidence import EvidenceCell, EvidenceLine
from index.figures import lasts, unit_fits, whole_company
from index.query import find_things
from index.view import View
from ingest.filing import Cell, Period, Row, Table
from ingest.vocabulary import Concept, Vocabulary

Kind = Literal["segment", "region", "product"]
FEWEST = 2
LEADING = 500
"""Characters before a table in which the sentence stands that leads to it."""
_SENTENCES = re.compile(r"(?<=[a-z0-9)]\.)\s+(?=[A-Z(])")
_CATCH_ALL = re.compile(
    r"^(?:all\s+|total\s+)?others?\b|^rest\s+of\b"
    r"|\b(?:corporate|unallocated|eliminat\w+|inter-?\s?segment|reconcil\w+|hedg\w+|adjustments?|non-?segment|headquarters"
    r"|concessions|discontinued)\b",
    re.IGNORECASE,
)
_PLACES = re.compile(
    r"\b(?:americas?|europe\w*|asia\w*|africa|middle\s+east|emea|apac|latam|latin|north|south|east|west|pacific|china|japan|india"
    r"|canada|mexico|brazil|u\.?s\.?(?:a\.?)?|united\s+(?:states|kingdom)|u\.?k\.?|germany|france|italy|spain|korea|taiwan|australia"
    r"|singapore|hong\s+kong|ireland|israel|netherlands|switzerland|foreign|domestic|international|world|markets|countries"
    r"|region)\b",
    re.IGNORECASE,
)
_NAMED: dict[Kind, re.Pattern[str]] = {
    "segment": re.compile(r"\bsegments?\b|\bdivisions?\b", re.IGNORECASE),
    "region": re.compile(r"\bregions?\b|\bgeograph\w+|\bcountr(?:y|ies)\b", re.IGNORECASE),
    "product": re.compile(
        r"\bproducts?\b|\bservices?\b|\bcategor(?:y|ies)\b|\blines?\s+of\s+business\b|\bmerchandis\w+|\bbrands?\b"
        r"|\bby\s+(?:source|type)\b|\bdisaggregat\w+|\bgroups?\s+of\s+similar\b",
        re.IGNORECASE,
    ),
}
_SEGMENTS = re.compile(r"\b(?:total|reportable|operating|business)?\s*segments?['’]?\b", re.IGNORECASE)
_TIME = re.compile(
    r"\b(?:19|20)\d\d\b|\b(?:three|six|nine|twelve)\s+months\b|\b(?:years?|quarters?)\s+ended\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Sibling:
    """One of the parts: its name as printed, and its line with the figure of each period.

    ``catch_all`` is whether it is no part of its own (other, corporate, eliminations), but makes up the sum.
    """

    name: str
    line: EvidenceLine
    catch_all: bool


@dataclass(frozen=True, slots=True)
class Siblings:
    """A complete list of parts and the line that they add up to; None where that stands in another table.

    ``deep`` is whether subtotals are taken apart.
    """

    parts: tuple[Sibling, ...]
    total: EvidenceLine | None
    table: Table
    filing: FilingRecord
    deep: bool


def splits_of(
    library: View, filing: FilingRecord, measure: Concept, periods: Sequence[AskedPeriod], vocabulary: Vocabulary
) -> tuple[Siblings, ...]:
    """Return every list of parts that the filing prints of ``measure`` in all ``periods``, the last of which leads."""
    wholes = [record.fact for record in whole_company(library, [filing], measure)]
    values = {period: {fact.value for fact in wholes if _is_of(fact.period, period, measure)} for period in periods}
    readers = [
        _Reader(table, filing, measure, tuple(periods), values, vocabulary)
        for table in library.tables(filing.id)
        if table.statement is None
    ]
    for reader in readers:
        for period, total in reader.segments_totals():
            values[period].add(total)
    found = [
        siblings
        for reader in readers
        for siblings in (*reader.rows_above_totals(), *reader.rows_below_headings(), *reader.columns())
    ]
    return tuple(siblings for siblings in found if not _are_lines(siblings, measure, vocabulary))


def _are_lines(siblings: Siblings, measure: Concept, vocabulary: Vocabulary) -> bool:
    """Whether a part is a line of a statement, as net interest income is of revenue: then they are no segments."""
    return any({thing.key for thing in find_things(part.name, vocabulary)} - {measure.key} for part in siblings.parts)


def names_kind(siblings: Siblings, kind: Kind, library: View) -> bool:
    """Whether the table is of parts of that kind: by their names for regions, else by the words about the table."""
    places = sum(bool(_PLACES.search(part.name)) for part in siblings.parts if not part.catch_all)
    named = [part for part in siblings.parts if not part.catch_all]
    if kind == "region":
        return 2 * places > len(named)
    if kind == "product" and 2 * places > len(named):
        return False
    own = " ".join(part.name for part in siblings.parts) if kind == "segment" else ""
    return bool(_NAMED[kind].search(f"{own} {about(siblings, library)}"))


def about(siblings: Siblings, library: View) -> str:
    """The words about a table: its title and headings, and the last sentence before it."""
    table = siblings.table
    span = table.rows[0].span
    leading = ""
    if span.chars is not None:
        text = library.page(siblings.filing.id, span.page).text
        leading = _SENTENCES.split(text[max(span.chars[0] - LEADING, 0) : span.chars[0]].strip())[-1]
    return " ".join([table.title, *(" ".join(row.path) for row in table.rows[:3]), leading])


def stands_under(siblings: Siblings, kind: Kind, library: View) -> bool:
    """Whether a section that the table stands in, as a note, is called by that kind."""
    page = siblings.table.first_page
    open_sections = list(library.sections(siblings.filing.id))
    while open_sections:
        section = open_sections.pop()
        if section.first_page <= page <= section.last_page:
            if section.kind == "note" and _NAMED[kind].search(section.title):
                return True
            open_sections.extend(section.children)
    return False


def statement_lines(
    library: View, filing: FilingRecord, totals: Sequence[Concept], rest: Sequence[Concept], period: AskedPeriod
) -> Siblings | None:
    """Return the lines that the first of ``totals`` is made of in its statement, subtotals taken apart.

    With a ``rest`` they are the lines of the total besides that one: the liabilities are what makes liabilities and
    equity besides the equity.
    """
    for concept in totals:
        for record in whole_company(library, [filing], concept):
            fact = record.fact
            if fact.table is None or fact.row is None or not _is_of(fact.period, period, concept):
                continue
            table = library.table(filing.id, fact.table)
            if table.statement != concept.statement:
                continue
            sums = find_sums(table)
            numbers = leaves(table, fact.row, sums)
            if rest:
                others = [r.fact for one in rest for r in whole_company(library, [filing], one)]
                excluded = {other.row for other in others if other.table == fact.table}
                tops = [part for part in sums.get(fact.row, ()) if part not in excluded]
                if len(tops) + 1 != len(sums.get(fact.row, ())):
                    continue
                numbers = tuple(leaf for part in tops for leaf in leaves(table, part, sums))
            reader = _Reader(table, filing, concept, (period,), {}, None)
            found = reader.listed(numbers, fact.row, deep=True)
            if found is not None:
                return found
    return None


class _Reader:
    """One table's look for parts of one measure in some periods."""

    def __init__(
        self,
        table: Table,
        filing: FilingRecord,
        measure: Concept,
        periods: tuple[AskedPeriod, ...],
        wholes: dict[AskedPeriod, set[Decimal]],
        vocabulary: Vocabulary | None,
    ) -> None:
        self.table, self.filing, self.measure = table, filing, measure
        self.periods, self.wholes, self.vocabulary = periods, wholes, vocabulary

    def segments_totals(self) -> Iterator[tuple[AskedPeriod, Decimal]]:
        """The figures that are called the segments' total of the measure, where they are led to the whole company's."""
        cells = [self._cells(row) for row in self.table.rows]
        wholes = [number for number, found in enumerate(cells) if self._is_whole(found)]
        for number, row in enumerate(self.table.rows):
            found = cells[number]
            if found is not None and any(whole > number for whole in wholes) and self._is_segments_total(row):
                yield from zip(self.periods, (cell.value or Decimal(0) for cell in found), strict=True)

    def rows_above_totals(self) -> Iterator[Siblings]:
        """Rows that add up to the whole company's figure, or to that of its segments."""
        sums = find_sums(self.table)
        for number, parts in sums.items():
            row = self.table.rows[number]
            cells = self._cells(row)
            if not self._is_whole(cells):
                continue
            shallow = self.listed(parts, number, deep=False)
            if shallow is not None:
                yield shallow
            if (deep := leaves(self.table, number, sums)) != tuple(parts):
                taken_apart = self.listed(deep, number, deep=True)
                if taken_apart is not None:
                    yield taken_apart

    def rows_below_headings(self) -> Iterator[Siblings]:
        """Rows of the measure, each below the heading of its part, that add up to the whole company's figure."""
        rows = [
            (number, row)
            for number, row in enumerate(self.table.rows)
            if row.path and self._cells(row) is not None and self._names_measure(row.label)
        ]
        whole = [number for number, row in rows if self._is_whole(self._cells(row))]
        parts = [(number, row) for number, row in rows if number not in whole]
        headings = {row.path for _, row in parts}
        if len(headings) != len(parts) or len(parts) < FEWEST:
            return
        for at, period in enumerate(self.periods):
            made = sum((_value(self._cells(row), at) for _, row in parts), Decimal(0))
            step = max(_step(cell) for _, row in parts for cell in self._cells(row) or ())
            if not any(abs(made - value) <= step for value in self.wholes[period]):
                return
        siblings = tuple(self._sibling(row, row.path[-1]) for _, row in parts)
        total = self._line(self.table.rows[whole[0]]) if whole else None
        yield Siblings(siblings, total, self.table, self.filing, deep=False)

    def columns(self) -> Iterator[Siblings]:
        """Columns of one row of the measure, of one period each and the same, that add up to the whole beside them."""
        if len(self.periods) != 1:
            return
        period = self.periods[0]
        for row in self.table.rows:
            if not self._names_measure(row.label):
                continue
            cells = [cell for cell in row.cells if cell.value is not None and self._fits(cell, period)]
            whole = [cell for cell in cells if cell.value in self.wholes[period]]
            parts = [cell for cell in cells if cell not in whole]
            names = [self._head(cell) for cell in parts]
            made = sum((cell.value for cell in parts if cell.value is not None), Decimal(0))
            if len(whole) != 1 or len(parts) < FEWEST or len(set(names)) != len(names) or not all(names):
                continue
            if abs(made - (whole[0].value or Decimal(0))) > _step(whole[0]):
                continue
            siblings = tuple(
                Sibling(name, self._line_of(row, [cell], name), bool(_CATCH_ALL.search(name)))
                for name, cell in zip(names, parts, strict=True)
            )
            yield Siblings(siblings, self._line_of(row, whole, row.label), self.table, self.filing, deep=False)

    def listed(self, numbers: Sequence[int], total: int, *, deep: bool) -> Siblings | None:
        """The rows as siblings, or None where one has no name, or no figure in one of the periods."""
        rows = [self.table.rows[number] for number in numbers]
        rows = [row for row in rows if any(_value(self._cells(row), at) for at in range(len(self.periods)))]
        last = self.table.rows[total]
        if len(rows) < FEWEST or self._cells(last) is None:
            return None
        if any(
            self._cells(row) is None or not _plain(row.label) or self._is_called_segments(row.label) for row in rows
        ):
            return None
        return Siblings(
            tuple(self._sibling(row, _plain(row.label)) for row in rows),
            self._line(last),
            self.table,
            self.filing,
            deep,
        )

    def _sibling(self, row: Row, name: str) -> Sibling:
        return Sibling(_plain(name), self._line(row), bool(_CATCH_ALL.search(name)))

    def _is_whole(self, cells: Sequence[Cell] | None) -> bool:
        if cells is None:
            return False
        pairs = zip(self.periods, cells, strict=True)
        return all(cell.value in self.wholes.get(period, ()) for period, cell in pairs)

    def _is_segments_total(self, row: Row) -> bool:
        return self._is_called_segments(row.label)

    def _is_called_segments(self, label: str) -> bool:
        """Whether a label is the name of the measure and the word for segments, and nothing else."""
        bare = _SEGMENTS.sub(" ", label)
        if self.vocabulary is None or "segment" not in label.lower():
            return False
        return self.vocabulary.by_label(bare, (), self.measure.statement) == self.measure

    def _names_measure(self, label: str) -> bool:
        if self.vocabulary is None:
            return False
        return {thing.key for thing in find_things(label, self.vocabulary)} == {self.measure.key}

    def _cells(self, row: Row) -> tuple[Cell, ...] | None:
        """The figure of each period; None where one has none, or several."""
        found: list[Cell] = []
        for period in self.periods:
            cells = [cell for cell in row.cells if cell.value is not None and self._fits(cell, period)]
            if len(cells) != 1:
                return None
            found.append(cells[0])
        return tuple(found)

    def _fits(self, cell: Cell, period: AskedPeriod) -> bool:
        return cell.period is not None and unit_fits(cell.unit, "money") and _is_of(cell.period, period, self.measure)

    def _head(self, cell: Cell) -> str:
        return _plain(" ".join(line for line in self.table.columns[cell.column].header if not _TIME.search(line)))

    def _line(self, row: Row) -> EvidenceLine:
        return self._line_of(row, self._cells(row) or (), row.label)

    def _line_of(self, row: Row, cells: Sequence[Cell], label: str) -> EvidenceLine:
        shown = tuple(
            EvidenceCell(
                period.key,
                cell.value or Decimal(0),
                cell.unit,
                cell.scale,
                cell.text,
                cell.period,
                cell.span,
                column=" ".join(self.table.columns[cell.column].header),
            )
            for period, cell in zip(self.periods, cells, strict=True)
        )
        return EvidenceLine(
            id="",
            kind="row",
            filing_id=self.filing.id,
            source=self.filing.source,
            company=self.filing.identity.company,
            label=label,
            path=row.path,
            cells=shown,
            span=row.span,
            title=self.table.title,
            statement=self.table.statement,
            fiscal_year=self.filing.identity.fiscal_year,
        )


def _is_of(period: Period | None, asked: AskedPeriod, measure: Concept) -> bool:
    if period is None or period.key != asked.key:
        return False
    return period.is_instant if measure.period == "instant" else lasts(period, asked)


def _step(cell: Cell) -> Decimal:
    """What the last printed digit of a figure is worth: parts that are rounded miss their sum by as much."""
    exponent = cell.number.as_tuple().exponent if cell.number is not None else 0
    return Decimal(1).scaleb(cell.scale + (min(exponent, 0) if isinstance(exponent, int) else 0))


def _value(cells: Sequence[Cell] | None, at: int) -> Decimal:
    value = cells[at].value if cells else None
    return value if value is not None else Decimal(0)


def _plain(text: str) -> str:
    """A printed name without the marks of its notes, a scale in parentheses and the colon of a heading."""
    plain = re.sub(r"\((?:\d{1,2}|[a-z]|(?:dollars\s+)?in\s[^)]*)\)|[®™©*†‡]", " ", text, flags=re.IGNORECASE)
    return " ".join(plain.split()).rstrip(": ")
