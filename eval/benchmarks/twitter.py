"""Twitter financial news: whether a message about a share is bearish, bullish or neither.

The set of that name on Hugging Face (zeroshot/twitter-financial-news-sentiment, 2022). The files are tables of
``text`` and ``label``; 0 is bearish, 1 bullish, 2 neutral.
"""

from __future__ import annotations

from pathlib import Path

from eval.benchmarks.files import read_records, reading, split_files
from eval.benchmarks.sentiment import sentiment_benchmark
from eval.case import Case

FOLDER = "sentiment"
FILES = "tfns_*.csv"
LABELS = {"0": "negative", "1": "positive", "2": "neutral"}
TRAINING = "train"
DESCRIPTIONS = {
    "positive": "Bullish for the share: it rises, analysts upgrade it, sales or profit grow.",
    "negative": "Bearish for the share: it falls, analysts downgrade it, losses, lawsuits or cuts.",
    "neutral": "A message about the share that is neither bullish nor bearish.",
}


def load(data: Path) -> tuple[Case, ...]:
    """Read every split that is there: a case for each message, named by its split and row."""
    cases: list[Case] = []
    for path in split_files(data, FOLDER, FILES):
        split = path.stem.removeprefix("tfns_")
        for row, record in read_records(path):
            with reading(path, row):
                text, label = record["text"].strip(), LABELS[record["label"].strip()]
            cases.append(Case(f"{split}-{row}", text, label, group=split, fold=text, data={"text": text}))
    return tuple(cases)


def load_training(data: Path) -> tuple[Case, ...]:
    """Read the training split alone."""
    return tuple(case for case in load(data) if case.group == TRAINING)


BENCHMARK = sentiment_benchmark(
    "twitter",
    "Sentiment of messages about shares (Twitter financial news).",
    load,
    load_training,
    DESCRIPTIONS,
)
