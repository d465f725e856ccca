"""What a classifier is made by and what it says: a recipe in, a label with its share for each text out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from model.contract import Progress

Method = Literal["head", "lora", "full"]
"""Only the head is learned; or the head and low-rank changes of the model (Hu et al. 2021); or both as a whole."""
METHODS: Mapping[Method, str] = {
    "head": "a learned head",
    "lora": "a learned head and low-rank changes (LoRA)",
    "full": "a learned head and changed layers",
}


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a classifier is learned.

    ``frozen_layers`` are the layers from the bottom that stay as they are: what they give is computed once,
    so that a CPU has less to do. ``rank`` is of LoRA alone. ``decay`` is AdamW's weight decay; for a head
    alone it is as ``fit_regression`` has it. Texts are cut after ``max_tokens``.
    """

    method: Method
    epochs: int = 3
    batch: int = 32
    rate: float = 1e-3
    head_rate: float = 2e-3
    rank: int = 16
    dropout: float = 0.1
    decay: float = 0.01
    frozen_layers: int = 0
    max_tokens: int = 128
    seed: int = 0


RECIPES: Mapping[Method, Recipe] = {
    "head": Recipe("head", decay=0.5),
    "lora": Recipe("lora", frozen_layers=3),
    "full": Recipe("full", rate=1e-4, frozen_layers=3),
}
"""What is used where nothing else is asked for."""


@dataclass(frozen=True, slots=True)
class Classified:
    """The label of a text and its share of the softmax; ``shares`` has one of every label and sums to 1."""

    label: str
    confidence: float
    shares: Mapping[str, float]


class TextClassifier(Protocol):
    """Whatever gives texts labels."""

    @property
    def description(self) -> str:
        """What it is, in a line for people."""
        ...

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels there are."""
        ...

    def classify(self, texts: Sequence[str], *, progress: Progress | None = None) -> list[Classified]:
        """Give each text its label, in their order."""
        ...
