"""FiQA sentiment: how good a headline or a message is for one company that it names, from -1 to 1.

Maia et al., "WWW'18 Open Challenge: Financial Opinion Mining and Question Answering" (2018), task 1. The
score becomes a class at -0.1 and 0.1, as studies of language models on this set have it; the score itself
stays in ``data``. A case is a sentence with one of its targets.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from eval.benchmarks.files import read_json, reading, split_files
from eval.benchmarks.sentiment import sentiment_benchmark
from eval.case import Case

FOLDER = "sentiment"
FILES = "fiqa_*.json"
NEUTRAL = 0.1
"""A score below -0.1 is negative; one from 0.1 on is positive."""
TRAINING = "train"
DESCRIPTIONS = {
    "positive": "Good news for the share: it rises, analysts upgrade it, sales or profit grow.",
    "negative": "Bad news for the share: it falls, analysts downgrade it, losses, lawsuits or cuts.",
    "neutral": "A neutral remark about the share, neither good news nor bad.",
}


def load(data: Path) -> tuple[Case, ...]:
    """Read every split that is there: a case for each target of each sentence."""
    cases: list[Case] = []
    for path in split_files(data, FOLDER, FILES):
        split = path.stem.removeprefix("fiqa_")
        for row, (name, entry) in enumerate(read_json(path).items(), start=1):
            with reading(path, row):
                cases.extend(
                    _case(f"{split}-{name}-{number}", split, entry["sentence"], info)
                    for number, info in enumerate(entry["info"], start=1)
                )
    return tuple(cases)


def load_training(data: Path) -> tuple[Case, ...]:
    """Read the training split alone."""
    return tuple(case for case in load(data) if case.group == TRAINING)


def label_of(score: float) -> str:
    """Return the class of a score. Raises ValueError for one outside of -1 to 1."""
    if not -1 <= score <= 1:
        raise ValueError(f"a sentiment score is from -1 to 1, not {score}")
    if score < -NEUTRAL:
        return "negative"
    return "positive" if score >= NEUTRAL else "neutral"


def _case(name: str, split: str, sentence: str, info: Mapping[str, Any]) -> Case:
    score = float(info["sentiment_score"])
    target = str(info["target"])
    return Case(
        id=name,
        question=f"{sentence} [{target}]",
        gold=label_of(score),
        group=split,
        fold=sentence,
        data={"text": sentence, "target": target, "score": score, "aspects": tuple(info["aspects"])},
    )


BENCHMARK = sentiment_benchmark(
    "fiqa",
    "Sentiment of headlines and messages for a company that they name (FiQA).",
    load,
    load_training,
    DESCRIPTIONS,
)
