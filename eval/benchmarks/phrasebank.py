"""Financial PhraseBank: whether a sentence of financial news is good, bad or neutral for the investor.

Malo et al., "Good debt or bad debt: detecting semantic orientations in economic texts" (2014). For
measuring only: its licence is non-commercial, and no weights that are learned from it leave the measurement.
The files are tables of ``text`` and ``label``, parted by tabs or commas.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

from eval.benchmarks.files import reading, split_files
from eval.benchmarks.sentiment import sentiment_benchmark
from eval.case import Case
from ingest.errors import UsageError

FOLDER = "sentiment"
FILES = "phrasebank_*.csv"
LABELS = ("negative", "neutral", "positive")
TRAINING = "train"
DESCRIPTIONS = {
    "positive": "Good news for the company: profit, sales or orders rose.",
    "negative": "Bad news for the company: profit or sales fell, it made a loss or cut jobs.",
    "neutral": "A neutral statement of fact about the company, without an effect on its results.",
}
"""What each label means, in words that are compared with a sentence."""


def load(data: Path) -> tuple[Case, ...]:
    """Read every split that is there: a case for each sentence, named by its split and row."""
    cases: list[Case] = []
    for path in split_files(data, FOLDER, FILES):
        split = path.stem.removeprefix("phrasebank_")
        for row, record in enumerate(_records(path), start=2):
            with reading(path, row):
                cases.append(_case(f"{split}-{row}", split, record["text"].strip(), record["label"]))
    return tuple(cases)


def load_training(data: Path) -> tuple[Case, ...]:
    """Read the training split alone."""
    return tuple(case for case in load(data) if case.group == TRAINING)


def _case(name: str, split: str, text: str, label: str) -> Case:
    if label not in LABELS:
        raise ValueError(f"the label {label!r} is none of {', '.join(LABELS)}")
    return Case(name, text, label, group=split, fold=text, data={"text": text})


def _records(path: Path) -> list[dict[str, str]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot read {path}: {error}") from error
    heading = text.partition("\n")[0]
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter="\t" if "\t" in heading else ","))


BENCHMARK = sentiment_benchmark(
    "phrasebank",
    "Sentiment of sentences of financial news (Financial PhraseBank).",
    load,
    load_training,
    DESCRIPTIONS,
)
