"""The classifier of sentiment that comes with Tieout: whether a sentence is good, bad or neutral for an investor.

It is a head over MiniLM, learned from sentences that were written for it (``data/sentiment.csv``), none of which is
of a published data set. It was made by::

    tieout tune classifier --data model/classifier/data/sentiment.csv --method head --out model/classifier/data
"""

from __future__ import annotations

from importlib.resources import as_file, files
from pathlib import Path

from model.classifier.artefact import load_classifier
from model.classifier.tuned import TunedClassifier

LABELS = ("negative", "neutral", "positive")


def load_sentiment(*, cache: Path, device: str | None = None) -> TunedClassifier:
    """Load it over the pulled MiniLM. Raises ModelMissingError or ModelCorruptError with the remedy."""
    with as_file(files("model.classifier").joinpath("data")) as folder:
        return load_classifier(folder, cache=cache, device=device)
