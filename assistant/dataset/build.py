"""Builds training examples from the filings of a library."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from random import Random

from assistant.dataset.asking import Asker
from assistant.dataset.checking import Gate
from assistant.dataset.labels import spoken
from assistant.dataset.privacy import persons_in
from assistant.dataset.prose import find_sentences, question_of, quotation_of, refusal_of
from assistant.dataset.sheets import Sheet, found_sheet, page_sheets
from assistant.dataset.splits import DEV_SHARE, held_out, without_leaks
from assistant.dataset.truth import Truth
from assistant.dataset.wording import Wording, built_in_wording
from index.contract import Embedder, FilingRecord
from index.evidence import EvidenceLine
from index.query import company_key
from index.search import row_line
from index.view import View
from ingest.errors import DatasetError
from ingest.registrant import plain_company
from ingest.vocabulary import Concept, Vocabulary
from model.tuning.example import TrainingExample

Progress = Callable[[str, int, int], None]
"""Called with what is worked at, how many filings are done, and how many there are."""

FOUND_SHARE, PROSE_SHARE, RIVALS_SHARE = 0.45, 0.12, 0.08
"""Shares of a filing's questions over what the search brings, over prose, and over two companies."""
SHEETS_PER, RIVAL_SHEETS_PER = 6, 40
"""A sheet is searched for each so many questions of a filing, at most; and one of two companies."""
ROWS_BESIDE_PROSE = 4
"""Questions about figures on a sheet that was searched for a sentence."""
STRANGERS = (
    "Contoso",
    "Northwind Traders",
    "Fabrikam",
    "Tailspin Toys",
    "Wingtip",
    "Acme Industries",
    "Globex",
    "Initech",
)


@dataclass(frozen=True, slots=True)
class Options:
    """How much is made: ``per_filing`` examples of one filing at most, ``limit`` in all.

    ``screen`` leaves out what is personal.
    """

    seed: int = 0
    per_filing: int = 1200
    per_sheet: int = 9
    limit: int | None = None
    dev_share: float = DEV_SHARE
    screen: bool = True


@dataclass
class Dataset:
    """The examples of both splits, the filings that they are from, and what was counted on the way."""

    train: list[TrainingExample] = field(default_factory=list)
    dev: list[TrainingExample] = field(default_factory=list)
    filings: list[FilingRecord] = field(default_factory=list)
    dropped: Counter[str] = field(default_factory=Counter)
    checked: Counter[str] = field(default_factory=Counter)
    sheets: Counter[str] = field(default_factory=Counter)


def build(library: View, embedder: Embedder, vocabulary: Vocabulary, options: Options, progress: Progress) -> Dataset:
    """Return examples from the filings of a library whose company is known: the same ones for the same seed.

    Raises DatasetError where the library has no such filing with tables.
    """
    filings = [f for f in library.filings() if f.identity.company is not None and f.table_count]
    filings.sort(key=lambda filing: filing.id)
    if not filings:
        raise DatasetError("the library has no filing with tables whose company is known: `tieout add` brings some")
    library.use(embedder)
    dev_groups = held_out(map(group_of, filings), options.seed, options.dev_share)
    maker = _Maker(library, embedder, vocabulary, options)
    for number, filing in enumerate(filings):
        progress(filing.source, number, len(filings))
        own = dev_groups if group_of(filing) in dev_groups else frozenset(map(group_of, filings)) - dev_groups
        peers = [peer for peer in filings if group_of(peer) in own]
        target = maker.result.dev if group_of(filing) in dev_groups else maker.result.train
        target.extend(maker.of_filing(filing, peers))
    progress("", len(filings), len(filings))
    result = maker.result
    result.filings = filings
    result.train, leaks = without_leaks(result.train, result.dev)
    result.dropped = maker.gate.dropped
    result.dropped["stands in the other split too"] += leaks
    result.checked = maker.asker.truth.counts
    if options.limit is not None:
        result.train, result.dev = _limited(result.train, result.dev, options)
    return result


def group_of(filing: FilingRecord) -> str:
    """The company of a filing, as it is kept apart in splits."""
    return company_key(filing.identity.company or "")


def _limited(
    train: list[TrainingExample], dev: list[TrainingExample], options: Options
) -> tuple[list[TrainingExample], list[TrainingExample]]:
    """Both splits cut to ``options.limit`` examples in all, whole sheets at a time, in the shares that they have."""
    limit, whole = options.limit or 0, len(train) + len(dev)
    if whole <= limit:
        return train, dev
    return train[: limit * len(train) // whole], dev[: limit * len(dev) // whole]


class _Maker:
    """Makes the examples of one filing after the other."""

    def __init__(self, library: View, embedder: Embedder, vocabulary: Vocabulary, options: Options) -> None:
        self.library, self.embedder, self.vocabulary, self.options = library, embedder, vocabulary, options
        self.wording: Wording = built_in_wording()
        self.asker = Asker(vocabulary, self.wording, Truth(library), STRANGERS)
        self.gate = Gate(options.screen)
        self.result = Dataset()

    def of_filing(self, filing: FilingRecord, peers: Sequence[FilingRecord]) -> list[TrainingExample]:
        """Return up to ``per_filing`` examples; ``peers`` are the filings of the same split."""
        rng = Random(f"{self.options.seed}/{filing.id}")  # noqa: S311 - a draw, no secret
        persons = persons_in(self.library.page(filing.id, page) for page in range(filing.page_count))
        lines = self._lines(filing)
        most = self.options.per_filing
        rivals = self._over(self._rival_sheets(filing, peers, rng), lines, filing, persons, rng)
        found = self._over(self._found_sheets(filing, lines, peers, rng), lines, filing, persons, rng)
        pages = self._over(self._page_sheets(filing, rng), lines, filing, persons, rng)
        examples = [
            *_first(self._prose(filing, lines, peers, persons, rng), round(PROSE_SHARE * most)),
            *_first(rivals, round(RIVALS_SHARE * most)),
            *_first(found, round(FOUND_SHARE * most)),
        ]
        examples.extend(_first(pages, most - len(examples)))
        return examples

    def _lines(self, filing: FilingRecord) -> list[EvidenceLine]:
        """All rows with figures of a filing."""
        return [
            row_line(table, row, filing)
            for table in self.library.tables(filing.id)
            for row in table.rows
            if row.label and any(cell.value is not None for cell in row.cells)
        ]

    def _over(
        self,
        sheets: Iterator[Sheet],
        lines: Sequence[EvidenceLine],
        filing: FilingRecord,
        persons: frozenset[str],
        rng: Random,
    ) -> Iterator[TrainingExample]:
        """Questions over each of the sheets, those of one sheet together."""
        for sheet in sheets:
            if not self.gate.admits(sheet, persons):
                continue
            self.result.sheets[sheet.kind] += 1
            elsewhere = rng.sample(lines, min(len(lines), 8))
            for ask in self.asker.questions(sheet, elsewhere, self.options.per_sheet, rng):
                example = self.gate.example(ask, sheet, group_of(filing), persons)
                if example is not None:
                    yield example

    def _page_sheets(self, filing: FilingRecord, rng: Random) -> Iterator[Sheet]:
        tables = [f"t{number}" for number in range(1, filing.table_count + 1)]
        rng.shuffle(tables)
        for table in tables:
            yield from page_sheets(filing, table, self.library, self.vocabulary, rng)

    def _found_sheets(
        self, filing: FilingRecord, lines: Sequence[EvidenceLine], peers: Sequence[FilingRecord], rng: Random
    ) -> Iterator[Sheet]:
        """What the search brings for questions about the filing's lines and for metrics of its year."""
        company = plain_company(filing.identity.company or "")
        asked = [line for line in lines if spoken(line.label) and any(cell.period is not None for cell in line.cells)]
        formulas = list(self.vocabulary.formulas.values())
        for _ in range(self.options.per_filing // SHEETS_PER if asked else 0):
            line = rng.choice(asked)
            name = spoken(line.label) or ""
            key = rng.choice([cell.key for cell in line.cells if cell.period is not None])
            if rng.random() < 0.3 and filing.identity.fiscal_year is not None:
                name, key = rng.choice(rng.choice(formulas).asked), str(filing.identity.fiscal_year)
            question = f"What was {company}'s {name} in {key}?"
            sheet = found_sheet(question, peers, self.library, self.embedder, self.vocabulary, rng)
            if sheet is not None:
                yield sheet

    def _rival_sheets(self, filing: FilingRecord, peers: Sequence[FilingRecord], rng: Random) -> Iterator[Sheet]:
        """What the search brings for questions about one concept of two companies."""
        year = filing.identity.fiscal_year
        others = sorted({plain_company(p.identity.company or "") for p in peers if group_of(p) != group_of(filing)})
        concepts = [concept for concept in self.vocabulary.concepts.values() if _is_common(concept)]
        company = plain_company(filing.identity.company or "")
        for _ in range(self.options.per_filing // RIVAL_SHEETS_PER if year is not None and others else 0):
            concept, other = rng.choice(concepts), rng.choice(others)
            question = f"What was the {concept.name.lower()} of {company} and {other} in FY{year}?"
            sheet = found_sheet(question, peers, self.library, self.embedder, self.vocabulary, rng)
            if sheet is not None and len({company_key(name) for name in sheet.companies}) > 1:
                yield sheet

    def _prose(
        self,
        filing: FilingRecord,
        lines: Sequence[EvidenceLine],
        peers: Sequence[FilingRecord],
        persons: frozenset[str],
        rng: Random,
    ) -> Iterator[TrainingExample]:
        """Questions that sentences answer, over what the search brings for them."""
        company = plain_company(filing.identity.company or "")
        sentences = find_sentences(filing, self.library)
        rng.shuffle(sentences)
        for sentence in sentences:
            question = question_of(sentence, company, rng)
            searched = question if company in question else f"{company}: {question}"
            sheet = found_sheet(searched, peers, self.library, self.embedder, self.vocabulary, rng, rows=0)
            if sheet is None or not self.gate.admits(sheet, persons):
                continue
            self.result.sheets[sheet.kind] += 1
            asks = [quotation_of(sheet, sentence, question)]
            if asks[0] is None:
                self.gate.dropped["the sentence was not found"] += 1
                continue
            asks += [quotation_of(sheet, other, question_of(other, company, rng)) for other in sentences]
            absent = rng.choice(sentences)
            asks.append(refusal_of(sheet, absent, question_of(absent, company, rng)) if rng.random() < 0.5 else None)
            asks += self.asker.questions(sheet, rng.sample(lines, min(len(lines), 8)), ROWS_BESIDE_PROSE, rng)
            for ask in asks:
                example = self.gate.example(ask, sheet, group_of(filing), persons) if ask is not None else None
                if example is not None:
                    yield example


def _is_common(concept: Concept) -> bool:
    return (
        concept.unit == "money" and concept.statement in ("income", "balance", "cash_flow") and len(concept.asked) > 0
    )


def _first(examples: Iterator[TrainingExample], most: int) -> list[TrainingExample]:
    """So many of the examples; one more sheet is not begun when they are there."""
    taken: list[TrainingExample] = []
    while len(taken) < most and (example := next(examples, None)) is not None:
        taken.append(example)
    return taken
