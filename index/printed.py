"""Figures by the words of a printed row: lines that the vocabulary has no name for, and parts of those that it has.

"Revenue from iPhone" is a row "iPhone" of a table of net sales, "AWS operating income" a row "Operating income"
under the heading "AWS". Such a row is taken only where it says all that the question says and nothing besides,
and where no other row of the filing that says the same gives another figure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from index.asked_periods import AskedPeriod, unread_time, without_lengths
from index.contract import FilingRecord
from index.evidence import Conflict, EvidenceCell, EvidenceLine
from index.figures import agree, filings_of, lasts, unit_fits, whole_company
from index.query import Query
from index.rows import PrintedCell, RowWords, matching_cells, row_words, tells_sides_apart, tokens, words_above
from index.view import View
from index.wording import Intent, names_of, read_intent, unread_words
from ingest.filing import Cell, Period, Table
from ingest.vocabulary import Concept, Vocabulary, normalise_label

PRINTED = "printed_line"
"""The key of the concept that stands for a line which is known by its words alone."""
FILINGS = 3
"""Filings of a company that are looked through for one period, the nearest first."""
NEAREST = 3
"""Rows that are named where none is what was asked."""
FULL_NAME = 3
"""Words of a name that may be the very label of a row."""
LEADING = 600
"""Characters before a table in which the sentence stands that leads to it."""
_SENTENCES = re.compile(r"(?<=[a-z)]\.)\s+(?=[A-Z(])")
_LEADS = re.compile(r"\bas follows\b|\bfollowing tables?\b|\btables? below\b|:\s*$", re.IGNORECASE)
_PER_SHARE = re.compile(r"\bper\s+(?:\w+\s+)?share\b", re.IGNORECASE)
_AT_END = re.compile(r"\b(?:at|as\s+of)\s+(?:the\s+|its\s+)?(?:fiscal\s+|year[\s-])*end\b|\bas\s+of\b", re.IGNORECASE)
_COUNTED = re.compile(r"\bhow\s+many\b|\bnumber\s+of\b", re.IGNORECASE)
_OTHER_BASES = ("basis", "entity", "registrant")
_OTHER_AXES = ("LegalEntityAxis", "StatementScenarioAxis", "RestatementAxis")
_PLACEHOLDER = Concept(
    key=PRINTED, name="the line", tags=("tieout:PrintedLine",), labels=("-",), statement="income", period="duration"
)


@dataclass(frozen=True, slots=True)
class PrintedLines:
    """What was found: the query with its line known (None where no row fits), the lines, and what comes near."""

    query: Query | None
    lines: tuple[EvidenceLine, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    near: tuple[EvidenceLine, ...] = ()


@dataclass(frozen=True, slots=True)
class _Hit:
    """A figure of a row in a filing, as a cell of the sheet."""

    filing: FilingRecord
    printed: PrintedCell
    cell: EvidenceCell


class _Search:
    """One question's look through the filings of its company."""

    def __init__(
        self,
        query: Query,
        intent: Intent,
        words: Sequence[str],
        measure: Concept | None,
        library: View,
        vocabulary: Vocabulary,
        tables: dict[str, tuple[Table, ...]],
    ) -> None:
        self.query = query
        self.intent = intent
        self.library = library
        self.vocabulary = vocabulary
        self.tables = tables
        self.measure = measure
        self.wanted: RowWords = row_words(words, measure, query.asked)
        self.filings = filings_of(query.companies[0], [f for f in library.filings() if f.id in set(query.filing_ids)])
        self.near: list[_Hit] = []

    def find_all(self, periods: Sequence[AskedPeriod]) -> list[list[_Hit]]:
        """The figures of each period, or nothing where one of them has none."""
        anchor = max(period.fiscal_year for period in periods)
        found: list[list[_Hit]] = []
        for period in periods:
            hits = self._find(period, anchor)
            if not hits:
                return []
            found.append(hits)
        return found

    def _find(self, period: AskedPeriod, anchor: int) -> list[_Hit]:
        """The figure of the period in each filing that has one, the filing of the anchor year first.

        Nothing where rows of the first filing that has any do not agree: which is meant is then not known.
        """
        hits: list[_Hit] = []
        for filing in sorted(self.filings, key=lambda filing: _distance(filing, period, anchor))[:FILINGS]:
            exact = self._in_filing(filing, period)
            if exact and all(agree(exact[0].cell, hit.cell) for hit in exact):
                hits.append(min(exact, key=lambda hit: (hit.printed.table.statement is None, hit.cell.scale)))
            elif exact and not hits:
                self.near = exact
                return []
        return hits

    def _in_filing(self, filing: FilingRecord, period: AskedPeriod) -> list[_Hit]:
        def about(table: Table) -> str:
            return self._leading(filing, table)

        def fits(cell: Cell) -> bool:
            return self._is_of(cell.period, period) and self._measures(cell)

        found = [
            _hit(filing, printed, period)
            for table in self._tables(filing)
            for printed in matching_cells(table, self.wanted, self.vocabulary, about, fits)
        ]
        exact = [hit for hit in found if hit.printed.exact and self._holds(hit, period)]
        self.near.extend(hit for hit in found if hit not in exact)
        # A statement's own line is meant before a note's, and below its own heading before another's.
        for closer in (
            [hit for hit in exact if hit.printed.table.statement and not words_above(hit.printed.row, self.wanted)],
            [hit for hit in exact if hit.printed.table.statement],
        ):
            if closer:
                return closer
        return exact

    def _tables(self, filing: FilingRecord) -> tuple[Table, ...]:
        """The tables of a filing, read once for all readings of a question."""
        if filing.id not in self.tables:
            self.tables[filing.id] = self.library.tables(filing.id)
        return self.tables[filing.id]

    def _is_of(self, period: Period | None, asked: AskedPeriod) -> bool:
        if period is None or period.key != asked.key:
            return False
        if self.measure is None:
            return period.is_instant or (lasts(period, asked) and not _AT_END.search(self.query.asked))
        return period.is_instant if self.measure.period == "instant" else lasts(period, asked)

    def _measures(self, cell: Cell) -> bool:
        """Whether the figure is in the unit that is asked for; money where nothing tells."""
        if self.measure is not None:
            return unit_fits(cell.unit, self.measure.unit)
        if self.query.display.percent and self.intent == "lookup":
            return unit_fits(cell.unit, "pure")
        if _COUNTED.search(self.query.asked):
            return unit_fits(cell.unit, "shares")
        return unit_fits(cell.unit, "money/shares" if _PER_SHARE.search(self.query.asked) else "money")

    def _holds(self, hit: _Hit, period: AskedPeriod) -> bool:
        """Whether nothing about the table speaks against a row that says what is wanted."""
        printed = hit.printed
        if not (self._is_of_company(hit) and self._is_of_kind(hit)):
            return False
        if self.measure is None:
            return True
        if tells_sides_apart(printed.table, printed.cell.column):
            return False
        return printed.stated != "title" or self._has_whole(hit, period)

    def _has_whole(self, hit: _Hit, period: AskedPeriod) -> bool:
        """Whether the column has the figure of the whole company too: the title alone may be of another table."""
        assert self.measure is not None  # noqa: S101 - a title states nothing else
        whole = [r.fact for r in whole_company(self.library, [hit.filing], self.measure)]
        figures = [
            cell for row in hit.printed.table.rows for cell in row.cells if cell.column == hit.printed.cell.column
        ]
        return any(
            fact.period.key == period.key and self._is_of(fact.period, period) and agree(fact, _shown(cell, ""))
            for fact in whole
            for cell in figures
            if cell.value is not None and cell.unit == fact.unit
        )

    def _is_of_company(self, hit: _Hit) -> bool:
        """Whether nothing says that the figure is of the parent alone, another registrant or another basis."""
        records = self.library.facts(filing_ids=[hit.filing.id], label_like=_escaped(hit.printed.row.label))
        return not any(
            axis in _OTHER_BASES or axis.endswith(_OTHER_AXES)
            for record in records
            if (record.fact.table, record.fact.row) == (hit.printed.table.id, hit.printed.number)
            for axis, _ in record.fact.dimensions
        )

    def _is_of_kind(self, hit: _Hit) -> bool:
        """Whether the page speaks of segments, where the question does."""
        text = self.library.page(hit.filing.id, hit.cell.span.page).text.lower() if self.wanted.kinds else ""
        return all(kind in text for kind in self.wanted.kinds)

    def _leading(self, filing: FilingRecord, table: Table) -> str:
        """The sentence before a table that says what the table is of."""
        span = next((row.span for row in table.rows if row.span.chars is not None), None)
        if span is None or span.chars is None:
            return ""
        before = self.library.page(filing.id, span.page).text[max(span.chars[0] - LEADING, 0) : span.chars[0]]
        return next((text for text in reversed(_SENTENCES.split(before)) if _LEADS.search(text)), "")


def find_printed(query: Query, library: View, vocabulary: Vocabulary) -> PrintedLines:
    """Find the printed row that ``query`` asks for, in each of its periods and in the one that a change is from.

    Nothing is found where the question names several companies, asks for reasons or leaves something about time
    unread, where a period has no such row, and where the question can be read in two ways that lead to two figures.
    """
    intent = _intent(query)
    if intent is None:
        return PrintedLines(None)
    periods = _periods(query, intent)
    results: list[tuple[Concept | None, list[list[_Hit]]]] = []
    near: dict[object, EvidenceLine] = {}
    tables: dict[str, tuple[Table, ...]] = {}
    for measure in (*query.concepts, None):
        words = _words(query, intent, measure)
        if not words:
            continue
        search = _Search(query, intent, words, measure, library, vocabulary, tables)
        found = search.find_all(periods)
        if found:
            results.append((measure, found))
        near |= {(hit.filing.id, hit.cell.span): _line([hit]) for hit in search.near}
    last = [found[-1][0].cell for _, found in results]
    if not results or not all(agree(last[0], cell) for cell in last):
        return PrintedLines(None, near=tuple(near.values())[:NEAREST])
    return _known(query, intent, *results[0])


def names_another_row(query: Query, lines: Sequence[EvidenceLine]) -> bool:
    """Whether the question has so long a name for its one concept that a row may be called so, and the lines are not.

    "Sales and other operating revenue" is revenue, and may be a row of its own above the total revenues.
    """
    if len(query.things) != 1 or not query.concepts or not lines:
        return False
    text = f" {normalise_label(query.asked)} "
    name = max((name for name in names_of(query.concepts[0]) if f" {name} " in text), key=len, default="")
    return len(tokens(name)) >= FULL_NAME and all(tokens(line.label) != tokens(name) for line in lines)


def _intent(query: Query) -> Intent | None:
    """What is wanted of the line; None where the question is not of a shape that one line answers."""
    if len(query.companies) != 1 or not query.periods or len(query.concepts) != len(query.things):
        return None
    if any(query.connectors) or query.spelled_out:
        return None
    intent = read_intent(query.asked, query.things or (_PLACEHOLDER,))
    if intent == "ratio" or (intent == "explain" and not query.direction):
        return None
    return intent


def _words(query: Query, intent: Intent, measure: Concept | None) -> tuple[str, ...]:
    """The words that the row has to say besides the measure; none where the wording about time is not understood."""
    compared = intent in ("growth", "change") or query.direction != 0
    if unread_time(query.asked, query.periods, compared=compared):
        return ()
    things = (measure,) if measure is not None else ()
    return unread_words(without_lengths(query.asked, query.periods), query.written, things, intent, query.direction)


def _periods(query: Query, intent: Intent) -> tuple[AskedPeriod, ...]:
    """The periods that figures are needed of, the last of them last."""
    last = query.periods[-1]
    if intent in ("growth", "change") or query.direction:
        return (query.periods[0] if len(query.periods) > 1 else last.shift(-1), last)
    return query.periods


def _distance(filing: FilingRecord, period: AskedPeriod, anchor: int) -> tuple[int, ...]:
    """How far a filing is from speaking first of a period: by year, quarter and form."""
    identity = filing.identity
    periodic = (identity.form or "").startswith(("10-K", "10-Q", "20-F", "annual"))
    return (abs((identity.fiscal_year or 0) - anchor), identity.fiscal_quarter != period.quarter, not periodic)


def _hit(filing: FilingRecord, printed: PrintedCell, period: AskedPeriod) -> _Hit:
    head = " ".join(printed.table.columns[printed.cell.column].header)
    return _Hit(filing, printed, replace(_shown(printed.cell, head), key=period.key))


def _shown(cell: Cell, head: str) -> EvidenceCell:
    """A cell that has a figure, as one of the sheet."""
    value = cell.value if cell.value is not None else Decimal(0)
    key = cell.period.key if cell.period is not None else ""
    return EvidenceCell(key, value, cell.unit, cell.scale, cell.text, cell.period, cell.span, column=head)


def _known(query: Query, intent: Intent, measure: Concept | None, found: Sequence[Sequence[_Hit]]) -> PrintedLines:
    """The query with its line known, and the lines that the figures stand in."""
    concept = _concept(found[-1][0], measure)
    known = replace(query, things=(concept,), operands=(concept,), unread=(), connectors=(), intent=intent)
    rows: dict[tuple[str, str, int], list[_Hit]] = {}
    for hits in found:
        first = hits[0]
        rows.setdefault((first.filing.id, first.printed.table.id, first.printed.number), []).append(first)
    conflicts = [
        _conflict(hits[0], other) for hits in found for other in hits[1:] if not agree(hits[0].cell, other.cell)
    ]
    return PrintedLines(known, tuple(map(_line, rows.values())), tuple(conflicts))


def _concept(hit: _Hit, measure: Concept | None) -> Concept:
    """What stands for the line: named as it is printed, below its headings, and its measure if it says none."""
    row, unit = hit.printed.row, hit.cell.unit or ""
    name = " > ".join(_plain(text) for text in (*row.path, row.label, hit.printed.part) if text)
    if measure is not None and hit.printed.stated != "row":
        name = f"{name} ({measure.name.lower()})"
    kind = "money/shares" if "/" in unit else unit if unit in ("shares", "pure") else "money"
    instant = hit.cell.period is not None and hit.cell.period.is_instant
    statement = hit.printed.table.statement or ("balance" if instant else "income")
    return _PLACEHOLDER.model_copy(
        update={"name": name, "statement": statement, "period": "instant" if instant else "duration", "unit": kind}
    )


def _plain(text: str) -> str:
    """A printed label without the marks of its notes."""
    return " ".join(re.sub(r"\(\d{1,2}\)|[®™©*†‡]", " ", text).split()).rstrip(": ")


def _conflict(used: _Hit, other: _Hit) -> Conflict:
    here, there = (f"{h.cell.printed} in {h.filing.source}, page {h.cell.span.physical_page}" for h in (used, other))
    return Conflict(PRINTED, used.cell.key, here, there, used.filing.identity.company or "")


def _line(hits: Sequence[_Hit]) -> EvidenceLine:
    filing, printed = hits[0].filing, hits[0].printed
    return EvidenceLine(
        id="",
        kind="row",
        filing_id=filing.id,
        source=filing.source,
        company=filing.identity.company,
        label=printed.row.label,
        path=printed.row.path,
        cells=tuple(hit.cell for hit in hits),
        span=printed.row.span,
        title=printed.table.title,
        statement=printed.table.statement,
        concept=PRINTED if printed.exact else None,
        fiscal_year=filing.identity.fiscal_year,
    )


def _escaped(label: str) -> str:
    """A pattern of LIKE that the label fits; what is special in it fits any character."""
    return re.sub(r"[%_]", "_", label)
