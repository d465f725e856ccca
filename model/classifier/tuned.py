"""A classifier over the embedded model: a softmax on the mean state of a text's word pieces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from model.classifier.contract import METHODS, Classified, Recipe
from model.classifier.encoder import TOGETHER, Encoder, as_array, batches_by_length
from model.classifier.int8 import to_int8
from model.contract import Progress


class TunedClassifier:
    """``encoder`` gives a text's vector, ``head`` (a linear layer) a score for each of ``labels``.

    ``weights`` are what was changed of the encoder, by name: what has to be kept of it besides the head.
    """

    def __init__(
        self, encoder: Encoder, head: Any, labels: tuple[str, ...], recipe: Recipe, weights: Mapping[str, Any]
    ) -> None:
        self.encoder = encoder
        self.head = head
        self.labels = labels
        self.recipe = recipe
        self.weights = weights

    @property
    def description(self) -> str:
        """What was learned over which model."""
        return f"{METHODS[self.recipe.method]} over {self.encoder.name}@{self.encoder.fingerprint}"

    def classify(self, texts: Sequence[str], *, progress: Progress | None = None) -> list[Classified]:
        """Give each text the label with the largest share. A text without a word has only its marks to go by."""
        import torch

        pieces = self.encoder.pieces(texts, self.recipe.max_tokens)
        found: list[Classified | None] = [None] * len(texts)
        self.encoder.network.eval()
        done = 0
        for chosen in batches_by_length([len(ids) for ids in pieces], TOGETHER):
            with torch.no_grad():
                states = self.encoder.states([pieces[position] for position in chosen], self.encoder.layers)
                scores = self.head(for_head(self.encoder.pooled(states, self.encoder.layers), self.recipe))
            for position, shares in zip(chosen, as_array(scores.softmax(1)), strict=True):
                best = int(np.argmax(shares))
                named = {label: float(share) for label, share in zip(self.labels, shares, strict=True)}
                found[position] = Classified(self.labels[best], float(shares[best]), named)
            done += len(chosen)
            if progress is not None:
                progress(done, len(texts))
        return [each for each in found if each is not None]

    def in_int8(self) -> TunedClassifier:
        """Return the same classifier with the linear layers of its model in int8; this one is used up by it."""
        to_int8(self.encoder.network)
        return self


def for_head(vectors: Any, recipe: Recipe) -> Any:
    """Return vectors as a head gets them: for a head alone those of the embedder, which have length 1."""
    return vectors / vectors.norm(dim=1, keepdim=True) if recipe.method == "head" else vectors
