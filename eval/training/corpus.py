"""The training set of benchmark pages: pointed gold programs, further questions over the same tables, two sides.

A company (of FinQA and ConvFinQA alike) or a table (of TAT-QA) stands on one side only. Questions of our own are
asked about pages of the training side alone.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from eval.benchmarks.files import benchmark_file
from eval.training.augment import Sheet, questions_about
from eval.training.sources import SOURCES, examples_of, sheets_of
from eval.training.twins import refusals_about
from ingest.vocabulary import Vocabulary
from model.cache import file_sha256
from model.contract import SheetLine
from model.tuning.example import TrainingExample, write_examples

SIDES = 6
"""One company in so many is held out."""
QUESTIONS = 10
"""Questions of our own for each sheet of the training side."""
TWINS = 0.7
"""Share of the sheets that are asked once more without what some questions need."""

_FILES = (
    ("finqa", "train_partial.jsonl"),
    ("finqa", "dev.jsonl"),
    ("convfinqa", "dev.json"),
    ("tatqa", "dev.json"),
    ("finqa_tatqa_grounded", "train.jsonl"),
)


def is_held_out(group: str) -> bool:
    """Whether a company or a table is on the side that is measured, by its name alone."""
    return int(hashlib.sha256(group.encode()).hexdigest(), 16) % SIDES == 0


@dataclass
class Corpus:
    """Both sides, and how many cases of each source were left out for each reason."""

    train: list[TrainingExample] = field(default_factory=list)
    dev: list[TrainingExample] = field(default_factory=list)
    own: list[TrainingExample] = field(default_factory=list)
    dropped: dict[str, Counter[str]] = field(default_factory=dict)


def build_corpus(data: Path, vocabulary: Vocabulary, seed: int = 0) -> Corpus:
    """Read the benchmarks under ``data``. Raises DataAbsentError where one of them is not there."""
    corpus, sheets = Corpus(), dict[tuple[SheetLine, ...], Sheet]()
    for source in SOURCES:
        cases = source.load(data)
        examples, corpus.dropped[source.name] = examples_of(source, cases, vocabulary)
        for example in examples:
            (corpus.dev if is_held_out(example.group) else corpus.train).append(example)
        for sheet in sheets_of(source, cases, vocabulary):
            sheets.setdefault(sheet.lines, sheet)
    rng = Random(seed)  # noqa: S311 - a draw, no secret
    learned = [sheet for sheet in sheets.values() if not is_held_out(sheet.group)]
    corpus.own = [made for sheet in learned for made in questions_about(sheet, QUESTIONS, rng)]
    corpus.own += _refused([*corpus.train, *corpus.own], vocabulary, rng)
    return corpus


def _refused(examples: Sequence[TrainingExample], vocabulary: Vocabulary, rng: Random) -> list[TrainingExample]:
    """Questions over half of the sheets, less what some of them need."""
    sheets: dict[tuple[SheetLine, ...], list[TrainingExample]] = {}
    for example in examples:
        sheets.setdefault(example.lines, []).append(example)
    asked = [about for about in sheets.values() if rng.random() < TWINS]
    return [made for about in asked for made in refusals_about(about, vocabulary, rng)]


def write_corpus(corpus: Corpus, data: Path, out: Path, seed: int) -> dict[str, object]:
    """Write ``train.jsonl``, ``own.jsonl``, ``dev.jsonl`` and ``card.json`` into ``out``; return the card."""
    out.mkdir(parents=True, exist_ok=True)
    parts = {"train": corpus.train, "own": corpus.own, "dev": corpus.dev}
    for name, examples in parts.items():
        write_examples(examples, out / f"{name}.jsonl")
    card: dict[str, object] = {
        "command": f"python -m eval.training --seed {seed}",
        "licences": {source.name: source.licence for source in SOURCES},
        "read": {"/".join(file): file_sha256(benchmark_file(data, *file)) for file in _FILES},
        "examples": {name: dict(Counter(example.source for example in examples)) for name, examples in parts.items()},
        "kinds": {name: dict(Counter(example.kind for example in examples)) for name, examples in parts.items()},
        "dropped": {name: dict(counts) for name, counts in corpus.dropped.items()},
        "files": {name: file_sha256(out / f"{name}.jsonl") for name in parts},
    }
    (out / "card.json").write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return card
