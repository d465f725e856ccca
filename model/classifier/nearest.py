"""Classifies without having learned: the label whose description is nearest to the text in meaning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from model.classifier.contract import Classified
from model.contract import Progress

TEMPERATURE = 0.05
"""Divides cosines before the softmax; cosines of one text differ by hundredths."""
TOGETHER = 256
"""Texts that are embedded between two reports of progress."""


class TextEmbedder(Protocol):
    """What embeds texts as rows of unit length."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed the texts, shape (texts, dimension)."""
        ...


class NearestDescription:
    """Chooses the label whose description has the largest cosine with the text."""

    def __init__(self, descriptions: Mapping[str, str], embedder: TextEmbedder) -> None:
        self.labels = tuple(descriptions)
        self.description = "the nearest description of a label, without training"
        self._embedder = embedder
        self._vectors = embedder.embed(list(descriptions.values()))

    def classify(self, texts: Sequence[str], *, progress: Progress | None = None) -> list[Classified]:
        """Give each text the nearest label."""
        found: list[Classified] = []
        for start in range(0, len(texts), TOGETHER):
            found += [
                self._of(cosines) for cosines in self._embedder.embed(texts[start : start + TOGETHER]) @ self._vectors.T
            ]
            if progress is not None:
                progress(len(found), len(texts))
        return found

    def _of(self, cosines: NDArray[np.float32]) -> Classified:
        shares = np.exp((cosines - cosines.max()) / TEMPERATURE)
        shares = shares / shares.sum()
        best = int(np.argmax(cosines))
        named = {label: float(share) for label, share in zip(self.labels, shares, strict=True)}
        return Classified(self.labels[best], float(shares[best]), named)
