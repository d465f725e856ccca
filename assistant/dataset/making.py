"""Makes the examples of one filing: over its tables, over what a search brings, over its prose, over two companies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from random import Random

from assistant.dataset.asking import Around, Asker
from assistant.dataset.asks import Ask
from assistant.dataset.checking import Gate
from assistant.dataset.labels import spoken
from assistant.dataset.prose import (
    find_sentences,
    question_of,
    quotation_of,
    refusal_of,
    with_sentence,
    without_sentence,
)
from assistant.dataset.sheets import FEWEST_ROWS, Sheet, found_sheet, page_sheets
from assistant.dataset.twins import twin_of
from index.contract import Embedder, FilingRecord
from index.evidence import EvidenceLine
from index.query import company_key
from index.search import row_line
from index.view import View
from ingest.registrant import plain_company
from ingest.vocabulary import Concept, Formula, Vocabulary
from model.tuning.example import TrainingExample

FOUND_SHARE, PROSE_SHARE, RIVALS_SHARE = 0.4, 0.1, 0.08
"""Shares of a filing's questions over what the search brings, over prose, and over two companies."""
OF_FORMULA = 0.4
"""Share of the searched sheets that are searched for a metric rather than for a line."""
SHEETS_PER, RIVAL_SHEETS_PER = 8, 30
"""A sheet is searched for each so many questions of a filing, at most; and one of two companies."""
ROWS_BESIDE_PROSE = 4
"""Questions about figures on a sheet that was searched for a sentence."""
TWINS_SHARE, MOST_TWINS, BESIDE_TWINS = 0.7, 4, 3
"""Share of the sheets that are asked once more without what some questions need; so many of these, and others."""
ELSEWHERE = 8
"""Lines of other places of a filing that may be asked for in vain."""


def group_of(filing: FilingRecord) -> str:
    """The company of a filing, as it is kept apart in splits."""
    return company_key(filing.identity.company or "")


@dataclass
class Maker:
    """Makes the examples of one filing after the other: ``per_filing`` at most, ``per_sheet`` over one sheet.

    ``sheets`` counts the sheets that questions were asked over, by how they were made.
    """

    library: View
    embedder: Embedder
    vocabulary: Vocabulary
    asker: Asker
    gate: Gate
    per_filing: int
    per_sheet: int
    sheets: Counter[str] = field(default_factory=Counter)

    def of_filing(self, filing: FilingRecord, peers: Sequence[FilingRecord], rng: Random) -> list[TrainingExample]:
        """Return the examples of a filing; ``peers`` are the filings of its split, which searches may look at."""
        job = _Job(self, filing, peers, rng)
        most = self.per_filing
        examples = [
            *_first(job.prose(), round(PROSE_SHARE * most)),
            *_first(job.over(job.rival_sheets()), round(RIVALS_SHARE * most)),
            *_first(job.over(job.found_sheets()), round(FOUND_SHARE * most)),
        ]
        return [*examples, *_first(job.over(job.page_sheets()), most - len(examples))]


class _Job:
    """One filing to make examples of."""

    def __init__(self, maker: Maker, filing: FilingRecord, peers: Sequence[FilingRecord], rng: Random) -> None:
        self.maker, self.filing, self.peers, self.rng = maker, filing, peers, rng
        self.company = plain_company(filing.identity.company or "")
        self.companies = sorted({plain_company(peer.identity.company or "") for peer in peers})
        self.lines = [
            row_line(table, row, filing)
            for table in maker.library.tables(filing.id)
            for row in table.rows
            if row.label and any(cell.value is not None for cell in row.cells)
        ]

    def over(self, sheets: Iterator[Sheet]) -> Iterator[TrainingExample]:
        """Questions over each of the sheets, those of one sheet together."""
        for sheet in sheets:
            if not self.maker.gate.admits(sheet):
                continue
            self.maker.sheets[sheet.kind] += 1
            asks = list(self.maker.asker.questions(sheet, self._around(), self.maker.per_sheet, self.rng))
            yield from self._examples(asks, sheet)
            twin = twin_of(sheet, asks, self.maker.vocabulary, self.rng) if self.rng.random() < TWINS_SHARE else None
            if twin is not None:
                self.maker.sheets[twin[0].kind] += 1
                more = self.maker.asker.questions(twin[0], self._around(), BESIDE_TWINS, self.rng)
                yield from self._examples([*twin[1][:MOST_TWINS], *more], twin[0])

    def _examples(self, asks: Iterable[Ask], sheet: Sheet) -> Iterator[TrainingExample]:
        """What the gate lets through."""
        for ask in asks:
            example = self.maker.gate.example(ask, sheet, group_of(self.filing))
            if example is not None:
                yield example

    def page_sheets(self) -> Iterator[Sheet]:
        """The sheets of the filing's own tables, in an order drawn."""
        tables = [f"t{number}" for number in range(1, self.filing.table_count + 1)]
        self.rng.shuffle(tables)
        for table in tables:
            yield from page_sheets(self.filing, table, self.maker.library, self.rng)

    def found_sheets(self) -> Iterator[Sheet]:
        """What the search brings for questions about the filing's lines, and for metrics that it has figures for."""
        asked = [line for line in self.lines if spoken(line.label) and any(cell.period for cell in line.cells)]
        formulas, year = self._formulas(), self.filing.identity.fiscal_year
        for _ in range(self.maker.per_filing // SHEETS_PER if asked else 0):
            line = self.rng.choice(asked)
            question = f"What was {self.company}'s {spoken(line.label)} in {self.rng.choice(_keys(line))}?"
            if formulas and year is not None and self.rng.random() < OF_FORMULA:
                name = self.rng.choice(self.rng.choice(formulas).asked)
                question = f"How did {self.company}'s {name} change from {year - 1} to {year}?"
            sheet = self._found(question)
            if sheet is not None:
                yield sheet

    def rival_sheets(self) -> Iterator[Sheet]:
        """What the search brings for questions about one concept of two companies."""
        year = self.filing.identity.fiscal_year
        others = [company for company in self.companies if company != self.company]
        concepts = [concept for concept in self._concepts() if concept.unit == "money" and concept.asked]
        enough = year is not None and others and concepts
        for _ in range(self.maker.per_filing // RIVAL_SHEETS_PER if enough else 0):
            name, other = self.rng.choice(concepts).name.lower(), self.rng.choice(others)
            sheet = self._found(f"What was the {name} of {self.company} and {other} in FY{year}?")
            if sheet is not None and len({company_key(company) for company in sheet.companies}) > 1:
                yield sheet

    def prose(self) -> Iterator[TrainingExample]:
        """Questions that sentences answer, over what the search brings for them; and some about figures beside them."""
        sentences = find_sentences(self.filing, self.maker.library)
        self.rng.shuffle(sentences)
        for sentence in sentences:
            question = question_of(sentence, self.company, self.rng)
            sheet = self._found(question if self.company in question else f"{self.company}: {question}", rows=0)
            if sheet is None:
                continue
            if not any(line.label == sentence.line.label for line in sheet.evidence.lines):
                sheet = with_sentence(sheet, sentence, self.rng)
            if not self.maker.gate.admits(sheet):
                continue
            self.maker.sheets[sheet.kind] += 1
            asks = [quotation_of(sheet, sentence, question)]
            asks += [quotation_of(sheet, other, question_of(other, self.company, self.rng)) for other in sentences]
            absent = self.rng.choice(sentences)
            if self.rng.random() < 0.5:
                asks.append(refusal_of(sheet, absent, question_of(absent, self.company, self.rng)))
            asks += self.maker.asker.questions(sheet, self._around(), ROWS_BESIDE_PROSE, self.rng)
            yield from self._examples((ask for ask in asks if ask is not None), sheet)
            bare = without_sentence(sheet, sentence)
            asked = refusal_of(bare, sentence, question) if bare is not None else None
            if bare is not None and asked is not None and self.rng.random() < TWINS_SHARE:
                yield from self._examples([asked], bare)

    def _found(self, question: str, rows: int = FEWEST_ROWS) -> Sheet | None:
        maker = self.maker
        return found_sheet(question, self.peers, maker.library, maker.embedder, maker.vocabulary, self.rng, rows=rows)

    def _around(self) -> Around:
        return Around(self.rng.sample(self.lines, min(len(self.lines), ELSEWHERE)), self.companies)

    def _concepts(self) -> list[Concept]:
        """The concepts that the filing states for the whole company in its own year."""
        vocabulary, year = self.maker.vocabulary, self.filing.identity.fiscal_year
        tags = [tag for concept in vocabulary.concepts.values() for tag in concept.tags]
        records = self.maker.library.facts(filing_ids=[self.filing.id], concepts=tags, period_keys=[str(year)])
        stated = {record.fact.concept for record in records if not record.fact.dimensions}
        return [concept for concept in vocabulary.concepts.values() if not stated.isdisjoint(concept.tags)]

    def _formulas(self) -> list[Formula]:
        """The formulas all of whose figures the filing states."""
        stated = {concept.key for concept in self._concepts()}
        formulas = [f for f in self.maker.vocabulary.formulas.values() if not f.key.endswith("_computed")]
        return [f for f in formulas if all(c.key in stated for c in self.maker.vocabulary.operands(f))]


def _keys(line: EvidenceLine) -> list[str]:
    return [cell.key for cell in line.cells if cell.period is not None]


def _first(examples: Iterator[TrainingExample], most: int) -> list[TrainingExample]:
    """So many of the examples; one more sheet is not begun when they are there."""
    taken: list[TrainingExample] = []
    while len(taken) < most and (example := next(examples, None)) is not None:
        taken.append(example)
    return taken
