"""Peer: plain dense search. Pages are cut into 200 words, embedded by the embedded model, ranked by cosine."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.cli.opening import embedder_for
from assistant.config import load_settings
from eval.case import Case, Place, Prediction
from eval.contract import Door, Progress
from eval.systems.shelf import RANKED, Scope, Shelf, cached_vectors
from index.contract import Embedder
from ingest.read import file_id
from model.catalog import MINILM

WORDS = 200
"""Words of a chunk. A chunk never runs over the end of a page; there is no overlap."""

NAMES: dict[Scope, str] = {"all": "dense", "asked": "dense-asked", "given": "dense-oracle"}


def dense_systems(documents: Callable[[Path], Path]) -> dict[str, Door]:
    """Return ``dense`` over all filings, ``dense-asked`` over those that any question is about, ``dense-oracle``."""

    def door(scope: Scope) -> Door:
        return lambda data, work: DenseChunks(documents(data), work, scope)

    return {name: door(scope) for scope, name in NAMES.items()}


class DenseChunks:
    """Ranks pages by their best chunk's cosine with the question; it gives no answer.

    ``embedder`` is for tests; by default it is MiniLM.
    """

    def __init__(self, folder: Path, work: Path, scope: Scope, embedder: Callable[[], Embedder] | None = None) -> None:
        self.folder = folder
        self.work = work
        self.scope = scope
        self._embedder = cache(embedder or (lambda: embedder_for(load_settings(embedder=MINILM.name))))
        self._places: list[Place] = []
        self._vectors: NDArray[np.float32] | None = None
        self._shelf: Shelf | None = None

    @property
    def name(self) -> str:
        """``dense``, ``dense-asked`` or ``dense-oracle``."""
        return NAMES[self.scope]

    def prepare(self, cases: Sequence[Case], progress: Progress) -> Mapping[str, str]:
        """Read, cut and embed the pages; vectors are kept document by document.

        Raises ModelMissingError without the embedder, and DataAbsentError.
        """
        embedder = self._embedder()
        self._shelf = Shelf.open(self.folder, self.work, self.scope, cases)
        texts, unreadable = self._shelf.page_texts(progress)
        self._places = []
        found = []
        for number, (name, pages) in enumerate(texts.items(), start=1):
            chunks = [(page, chunk) for page, text in enumerate(pages) for chunk in cut(text)]
            kept = f"{file_id(self._shelf.files[name])}-{embedder.fingerprint}-{WORDS}.npy"
            found.append(
                cached_vectors(
                    self._shelf.work / "dense" / kept,
                    len(chunks),
                    lambda: embedder.embed([chunk for _, chunk in chunks]),  # noqa: B023 - called at once
                )
            )
            self._places += [Place(name, page) for page, _ in chunks]
            progress(f"embedding {name}", number, len(texts))
        self._vectors = np.concatenate(found) if found else None
        return {
            "embedder": f"{embedder.name}@{embedder.fingerprint}",
            "documents": str(len(texts)),
            "chunks": str(len(self._places)),
            "unreadable": ", ".join(unreadable),
        }

    def predict(self, case: Case) -> Prediction:
        """Rank the pages that may be seen."""
        if self._vectors is None or self._shelf is None:
            raise RuntimeError("predict was called before prepare")
        cosines = self._vectors @ self._embedder().embed_question(case.question)
        seen = self._shelf.seen(case)
        ranked: dict[Place, None] = {}
        for position in np.argsort(-cosines, kind="stable"):
            if len(ranked) == RANKED:
                break
            if self._places[position].document in seen:
                ranked[self._places[position]] = None
        return Prediction("abstained", retrieved=tuple(ranked), reason="a search only")


def cut(text: str) -> list[str]:
    """Return a page's text in pieces of WORDS words, the last one with what is left; none of an empty page."""
    words = text.split()
    return [" ".join(words[start : start + WORDS]) for start in range(0, len(words), WORDS)]
