"""Tieout's ways to classify without training data of the benchmark: descriptions of labels, and the built-in head.

They are a floor that what is trained is compared with.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from assistant.cli.opening import embedder_for
from assistant.config import load_settings
from eval.case import Case, Prediction
from eval.contract import Door, Progress, System
from index.contract import Embedder
from model.catalog import MINILM
from model.classifier.contract import Classified, TextClassifier
from model.classifier.nearest import NearestDescription
from model.classifier.sentiment import load_sentiment

Opened = tuple[TextClassifier, Mapping[str, str]]
"""A classifier, and what identifies it."""


def zero_shot(descriptions: Mapping[str, str]) -> Door:
    """Return the door of a system that chooses among the labels by their descriptions."""
    return lambda data, work: ZeroShot(descriptions)


def built_in(data: Path, work: Path) -> System:
    """Open the head for sentiment that comes with Tieout."""
    return Classifying("built-in", _built_in)


class Classifying:
    """Gives ``case.data["text"]`` the label of a classifier, which ``opener`` opens when it is needed."""

    def __init__(self, name: str, opener: Callable[[], Opened]) -> None:
        self.name = name
        self._opener = opener
        self._found: dict[str, Classified] | None = None

    def prepare(self, cases: Sequence[Case], progress: Progress) -> Mapping[str, str]:
        """Classify all texts, many at a time. Raises ModelMissingError without the model."""
        classifier, state = self._opener()
        texts = list(dict.fromkeys(text for case in cases if (text := case.data["text"].strip())))
        found = classifier.classify(texts, progress=lambda done, total: progress("classifying texts", done, total))
        self._found = dict(zip(texts, found, strict=True))
        return state

    def predict(self, case: Case) -> Prediction:
        """Return the label with its share as confidence. A case without text abstains."""
        if self._found is None:
            raise RuntimeError("predict was called before prepare")
        return classified(self._found.get(case.data["text"].strip()))


class ZeroShot(Classifying):
    """Chooses the label whose description is nearest; ``embedder`` is for tests, by default it is MiniLM."""

    def __init__(self, descriptions: Mapping[str, str], embedder: Callable[[], Embedder] | None = None) -> None:
        self._descriptions = dict(descriptions)
        self._embedder = embedder or (lambda: embedder_for(load_settings(embedder=MINILM.name)))
        super().__init__("zero-shot", self._open)

    def _open(self) -> Opened:
        embedder = self._embedder()
        digest = hashlib.sha256(json.dumps(self._descriptions, sort_keys=True).encode()).hexdigest()[:12]
        state = {"embedder": f"{embedder.name}@{embedder.fingerprint}", "descriptions": digest}
        return NearestDescription(self._descriptions, embedder), state


def classified(found: Classified | None) -> Prediction:
    """Return what a classifier said as a prediction; None is a case without text."""
    if found is None:
        return Prediction("abstained", reason="there is no text to go by")
    return Prediction("answered", text=found.label, label=found.label, confidence=found.confidence)


def _built_in() -> Opened:
    settings = load_settings()
    classifier = load_sentiment(cache=settings.models, device=settings.device)
    return classifier, {"classifier": classifier.description}
