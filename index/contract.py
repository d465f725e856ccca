"""What the room needs from others (an embedder, a reranker) and the records that a library hands out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ingest.filing import Fact, Identity, Passage, ReadingWarning


class Embedder(Protocol):
    """Turns texts into vectors whose inner product is their nearness in meaning.

    Two embedders with the same ``fingerprint`` (weights, pooling, everything that decides the numbers)
    give vectors that may be compared; a library keeps the vectors of one fingerprint only.
    """

    @property
    def name(self) -> str:
        """What a person calls it."""
        ...

    @property
    def dimension(self) -> int:
        """The length of every vector."""
        ...

    @property
    def fingerprint(self) -> str:
        """A digest of all that decides the vectors."""
        ...

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One L2-normalised row for each text of a filing, in order: shape (len(texts), dimension)."""
        ...

    def embed_question(self, text: str) -> NDArray[np.float32]:
        """The L2-normalised vector of a question, to be compared with those of texts: shape (dimension,)."""
        ...


class Reranker(Protocol):
    """Judges how well each text answers a query."""

    def score(self, query: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """One score for each text, in order, higher is better: shape (len(texts),)."""
        ...


@dataclass(frozen=True, slots=True)
class FilingRecord:
    """What a library knows of one filing without reading its contents.

    ``source_path`` is the absolute path that it was added from, which need not exist any more;
    ``added_at`` is an ISO 8601 time in UTC.
    """

    id: str
    source: str
    source_path: str
    media_type: str
    identity: Identity
    page_count: int
    table_count: int
    fact_count: int
    passage_count: int
    warnings: tuple[ReadingWarning, ...]
    added_at: str
    collection: str = "default"


@dataclass(frozen=True, slots=True)
class PassageRecord:
    """A passage, the filing that it stands in, and the ``rowid`` by which searches name it."""

    rowid: int
    filing_id: str
    passage: Passage


@dataclass(frozen=True, slots=True)
class FactRecord:
    """A fact, the filing that it stands in, and its ``rowid`` in the library."""

    rowid: int
    filing_id: str
    fact: Fact
