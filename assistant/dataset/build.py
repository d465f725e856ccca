"""Builds training examples from the filings of a library."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import groupby
from random import Random

from assistant.dataset.asking import Asker
from assistant.dataset.checking import Gate
from assistant.dataset.making import Maker, group_of
from assistant.dataset.privacy import pattern_of, persons_in
from assistant.dataset.splits import DEV_SHARE, held_out, without_leaks
from assistant.dataset.truth import Truth
from assistant.dataset.wording import built_in_wording
from index.contract import Embedder, FilingRecord
from index.view import View
from ingest.errors import DatasetError
from ingest.vocabulary import Vocabulary
from model.tuning.example import TrainingExample

Progress = Callable[[str, int, int], None]
"""Called with what is worked at, how many filings are done, and how many there are."""


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


@dataclass(frozen=True)
class Dataset:
    """The examples of both splits, the filings that they are from, and what was counted on the way."""

    train: list[TrainingExample]
    dev: list[TrainingExample]
    filings: list[FilingRecord]
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
    gate = Gate(options.screen, pattern_of(_persons(library, filings)) if options.screen else None)
    asker = Asker(vocabulary, built_in_wording(), Truth(library))
    maker = Maker(library, embedder, vocabulary, asker, gate, options.per_filing, options.per_sheet)
    made: dict[bool, list[TrainingExample]] = {True: [], False: []}
    for number, filing in enumerate(filings):
        progress(filing.source, number, len(filings))
        is_dev = group_of(filing) in dev_groups
        peers = [peer for peer in filings if (group_of(peer) in dev_groups) == is_dev]
        rng = Random(f"{options.seed}/{filing.id}")  # noqa: S311 - a draw, no secret
        made[is_dev].extend(maker.of_filing(filing, peers, rng))
    progress("", len(filings), len(filings))
    dev = made[True]
    train, leaks = without_leaks(made[False], dev)
    gate.dropped["stands in the other split too"] += leaks
    if options.limit is not None and len(train) + len(dev) > options.limit:
        share = options.limit / (len(train) + len(dev))
        rng = Random(f"{options.seed}/limit")  # noqa: S311 - a draw, no secret
        train, dev = (_drawn(part, int(share * len(part)), rng) for part in (train, dev))
    return Dataset(train, dev, filings, gate.dropped, asker.truth.counts, maker.sheets)


def _persons(library: View, filings: list[FilingRecord]) -> set[str]:
    pages = ((filing.id, page) for filing in filings for page in range(filing.page_count))
    return set(persons_in(library.page(filing_id, page) for filing_id, page in pages))


def _drawn(examples: list[TrainingExample], most: int, rng: Random) -> list[TrainingExample]:
    """At most so many of the examples, those of one sheet together, from all filings."""
    sheets = [list(group) for _, group in groupby(examples, key=lambda example: example.lines)]
    rng.shuffle(sheets)
    return [example for sheet in sheets for example in sheet][:most]
