"""Tieout's way to classify without training: the label whose description is nearest to the text in meaning.

It is the embedded embedder and nothing else, so that what is trained later has a floor to be compared with.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from assistant.cli.opening import embedder_for
from assistant.config import load_settings
from eval.case import Case, Prediction
from eval.contract import Door, Progress
from index.contract import Embedder
from model.catalog import MINILM

TEMPERATURE = 0.05
"""Divides cosines before the softmax that gives a confidence; cosines of one text differ by hundredths."""
TOGETHER = 256
"""Texts that are embedded between two reports of progress."""


def zero_shot(descriptions: Mapping[str, str]) -> Door:
    """Return the door of a system that chooses among the labels by their descriptions."""
    return lambda data, work: ZeroShot(descriptions)


class ZeroShot:
    """Chooses the label whose description has the largest cosine with ``case.data["text"]``.

    ``embedder`` is for tests; by default it is MiniLM.
    """

    name = "zero-shot"

    def __init__(self, descriptions: Mapping[str, str], embedder: Callable[[], Embedder] | None = None) -> None:
        self.descriptions = dict(descriptions)
        self._embedder = cache(embedder or (lambda: embedder_for(load_settings(embedder=MINILM.name))))
        self._labels: NDArray[np.float32] | None = None
        self._vectors: dict[str, NDArray[np.float32]] = {}

    def prepare(self, cases: Sequence[Case], progress: Progress) -> Mapping[str, str]:
        """Embed the descriptions and all texts, many at a time. Raises ModelMissingError without the model."""
        embedder = self._embedder()
        self._labels = embedder.embed(list(self.descriptions.values()))
        texts = list(dict.fromkeys(text for case in cases if (text := case.data["text"].strip())))
        for start in range(0, len(texts), TOGETHER):
            chosen = texts[start : start + TOGETHER]
            self._vectors.update(zip(chosen, embedder.embed(chosen), strict=True))
            progress("embedding texts", start + len(chosen), len(texts))
        digest = hashlib.sha256(json.dumps(self.descriptions, sort_keys=True).encode()).hexdigest()[:12]
        return {"embedder": f"{embedder.name}@{embedder.fingerprint}", "descriptions": digest}

    def predict(self, case: Case) -> Prediction:
        """Return the nearest label; its confidence is its share of the softmax. A case without text abstains."""
        if self._labels is None:
            raise RuntimeError("predict was called before prepare")
        vector = self._vectors.get(case.data["text"].strip())
        if vector is None:
            return Prediction("abstained", reason="there is no text to go by")
        cosines = self._labels @ vector
        shares = np.exp((cosines - cosines.max()) / TEMPERATURE)
        best = int(np.argmax(cosines))
        label = list(self.descriptions)[best]
        confidence = float(shares[best] / shares.sum())
        return Prediction("answered", text=label, label=label, confidence=confidence)
