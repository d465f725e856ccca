"""Search: a Query becomes Evidence. Figures by concept first, then passages by words and by meaning."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from index.candidates import STOP_WORDS
from index.contract import Embedder, FilingRecord, PassageRecord
from index.evidence import Evidence, EvidenceCell, EvidenceLine, Search
from index.figures import Figures, Wanted, find_figures
from index.page_ranker import built_in_ranker
from index.query import Query
from index.ranking import find_passages
from index.view import View
from index.wording import names_of
from ingest.filing import Row, Span, Table
from ingest.vocabulary import normalise_label

PASSAGES = 8
"""Passages whose lines come onto the sheet."""
LINES = 24
"""Lines on the sheet: about what the embedded generator has room for."""
_SENTENCE = re.compile(r"(?<=[.!?])[\"”’)]?\s+(?=[A-Z“\"(•])")


def search(
    query: Query,
    library: View,
    embedder: Embedder,
    *,
    wanted: Sequence[Wanted] = (),
    near: Sequence[EvidenceLine] = (),
    lines: int = LINES,
) -> Evidence:
    """Return the evidence for ``query``; ``wanted`` are the figures that its answer needs, ``near`` rows known already.

    Only the query's filings are looked at, in every kind of search. No line comes from elsewhere, and
    where nothing is eligible the sheet is empty.
    """
    evidence = search_figures(query, library, wanted)
    records = {filing.id: filing for filing in library.filings()}
    found = find_passages(query, library, embedder, PASSAGES) if query.filing_ids else []
    rows = _lines_of(found, query, library, records)
    known = [*_without(near, evidence.lines), *evidence.lines]
    sheet = number([*known, *_without(rows, known)][:lines])
    account = replace(evidence.search, ranker=built_in_ranker().name) if found else evidence.search
    return replace(evidence, lines=sheet, search=account)


def search_figures(query: Query, library: View, wanted: Sequence[Wanted]) -> Evidence:
    """Return evidence of figures alone, found by concept and period, without a search for passages."""
    records = {filing.id: filing for filing in library.filings()}
    eligible = [records[filing_id] for filing_id in query.filing_ids if filing_id in records]
    account = Search(library.eligible(query.filing_ids), library.eligible(None), _scope(query))
    figures = find_figures(library, eligible, wanted) if eligible else Figures((), (), ())
    return Evidence(query, number(figures.lines), account, figures.missing, figures.conflicts)


def _scope(query: Query) -> str:
    names = [*query.companies, *query.unknown]
    return ", ".join([*names, *(period.describe() for period in query.periods)])


def _lines_of(
    found: Sequence[PassageRecord], query: Query, library: View, filings: dict[str, FilingRecord]
) -> list[EvidenceLine]:
    """The rows and sentences of the passages, those with the question's rarer words first."""
    lines: list[EvidenceLine] = []
    for record in found:
        filing = filings[record.filing_id]
        if record.passage.table is not None and record.passage.rows is not None:
            table = library.table(record.filing_id, record.passage.table)
            first, last = record.passage.rows
            lines.extend(row_line(table, row, filing) for row in table.rows[first:last] if row.cells and row.label)
        else:
            lines.extend(sentence_lines(record, filing))
    weights = _weights(lines)
    words = set(_words(" ".join([query.text, *(name for thing in query.things for name in names_of(thing))])))
    order = {id(line): position for position, line in enumerate(lines)}
    return sorted(lines, key=lambda line: (-_overlap(line, words, weights), order[id(line)]))


def row_line(table: Table, row: Row, filing: FilingRecord) -> EvidenceLine:
    """Return a row of a table as a line of a sheet, without an id.

    A figure goes by its period where no other of the row has that, else by the number of its column.
    """
    # Of figures of one period, none is the period's own: level 1, level 2 and the total stand side by side.
    shared = Counter((cell.period, cell.unit) for cell in row.cells if cell.value is not None)
    cells: list[EvidenceCell] = []
    taken: set[str] = set()
    for cell in row.cells:
        if cell.value is None:
            continue
        alone = cell.period is not None and shared[cell.period, cell.unit] == 1
        key = cell.period.key if alone and cell.period is not None else f"c{cell.column + 1}"
        key = key if key not in taken else f"c{cell.column + 1}"
        taken.add(key)
        head = " ".join(table.columns[cell.column].header)
        cells.append(
            EvidenceCell(key, cell.value, cell.unit, cell.scale, cell.text, cell.period, cell.span, column=head)
        )
    return EvidenceLine(
        id="",
        kind="row",
        filing_id=filing.id,
        source=filing.source,
        company=filing.identity.company,
        label=row.label,
        path=row.path,
        cells=tuple(cells),
        span=row.span,
        title=table.title,
        statement=table.statement,
        fiscal_year=filing.identity.fiscal_year,
    )


def sentence_lines(record: PassageRecord, filing: FilingRecord) -> Iterable[EvidenceLine]:
    """Each sentence of a prose passage, with its range of the page's text."""
    span = record.passage.span
    start = span.chars[0] if span.chars else 0
    position = 0
    for sentence in _SENTENCE.split(record.passage.text):
        offset = record.passage.text.find(sentence, position)
        position = offset + len(sentence)
        if len(sentence.split()) < 4:
            continue
        chars = (start + offset, start + position) if span.chars else None
        yield EvidenceLine(
            id="",
            kind="sentence",
            filing_id=filing.id,
            source=filing.source,
            company=filing.identity.company,
            label=sentence.strip(),
            path=(),
            cells=(),
            span=Span(span.page, span.page_label, span.box, span.element, chars),
            title=record.passage.section or "",
            fiscal_year=filing.identity.fiscal_year,
        )


def _words(text: str) -> list[str]:
    return [word for word in normalise_label(text).split() if word not in STOP_WORDS]


def _weights(lines: Sequence[EvidenceLine]) -> dict[str, float]:
    counts = Counter(word for line in lines for word in set(_words(f"{line.label} {' '.join(line.path)}")))
    return {word: math.log(1 + len(lines) / count) for word, count in counts.items()}


def _overlap(line: EvidenceLine, words: set[str], weights: dict[str, float]) -> float:
    own = set(_words(f"{line.label} {' '.join(line.path)}"))
    shared = sum(weights.get(word, 0.0) for word in own & words)
    return shared / math.sqrt(4 + len(own))


def _without(lines: Iterable[EvidenceLine], figures: Sequence[EvidenceLine]) -> list[EvidenceLine]:
    """Leave out lines that stand on the sheet already, and what a second filing of the company says word for word."""
    taken = {(line.filing_id, line.span.page, cell.printed, line.label) for line in figures for cell in line.cells}
    kept: dict[tuple[object, ...], EvidenceLine] = {}
    for line in lines:
        if any((line.filing_id, line.span.page, cell.printed, line.label) in taken for cell in line.cells):
            continue
        said = (line.company, line.label, line.path, tuple((cell.column, cell.printed) for cell in line.cells))
        kept.setdefault(said, line)
    return list(kept.values())


def number(lines: Sequence[EvidenceLine]) -> tuple[EvidenceLine, ...]:
    """Return lines as those of one sheet: E1, E2 and so on."""
    return tuple(replace(line, id=f"E{position}") for position, line in enumerate(lines, start=1))
