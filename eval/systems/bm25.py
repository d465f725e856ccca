"""Peer: BM25 over pages, with bm25s. A page is a document, words are stemmed by nothing, stop words left out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from eval.case import Case, Place, Prediction
from eval.contract import Door, Progress
from eval.systems.shelf import RANKED, Scope, Shelf
from ingest.errors import UsageError


def bm25_systems(documents: Callable[[Path], Path]) -> dict[str, Door]:
    """Return ``bm25`` over all filings and ``bm25-oracle`` within the case's own."""

    def door(scope: Scope) -> Door:
        return lambda data, work: PageBm25(documents(data), work, scope)

    return {"bm25": door("all"), "bm25-oracle": door("given")}


class PageBm25:
    """Ranks pages by BM25 (k1 1.5, b 0.75, as bm25s has it by default); it gives no answer.

    All filings are one collection. Within the given filings they are the collection, so that a word's rarity
    is that among their own pages, and a question's ranking does not depend on the other questions.
    """

    def __init__(self, folder: Path, work: Path, scope: Scope) -> None:
        self.folder = folder
        self.work = work
        self.scope = scope
        self._words: dict[str, list[list[str]]] = {}
        self._indexes: dict[frozenset[str], _Index] = {}
        self._shelf: Shelf | None = None

    @property
    def name(self) -> str:
        """``bm25`` or ``bm25-oracle``."""
        return "bm25-oracle" if self.scope == "given" else "bm25"

    def prepare(self, cases: Sequence[Case], progress: Progress) -> Mapping[str, str]:
        """Read and index the pages. Raises UsageError, naming the extra, without bm25s, and DataAbsentError."""
        bm25s = _bm25s()
        self._shelf = Shelf.open(self.folder, self.work, self.scope, cases)
        texts, unreadable = self._shelf.page_texts(progress)
        self._words = {
            name: bm25s.tokenize(pages, return_ids=False, show_progress=False) for name, pages in texts.items()
        }
        self._indexes = {}
        for number, case in enumerate(cases, start=1):
            self._index_for(case)
            progress("indexing", number, len(cases))
        return {
            "bm25s": version("bm25s"),
            "documents": str(len(texts)),
            "pages": str(sum(len(pages) for pages in texts.values())),
            "unreadable": ", ".join(unreadable),
        }

    def predict(self, case: Case) -> Prediction:
        """Rank the pages that have a word of the question."""
        ranked = self._index_for(case).rank(case.question)
        return Prediction("abstained", retrieved=ranked, reason="a search only")

    def _index_for(self, case: Case) -> _Index:
        if self._shelf is None:
            raise RuntimeError("predict was called before prepare")
        seen = self._shelf.seen(case)
        if seen not in self._indexes:
            self._indexes[seen] = _Index({name: words for name, words in self._words.items() if name in seen})
        return self._indexes[seen]


class _Index:
    """BM25 over the pages of some documents."""

    def __init__(self, words: Mapping[str, list[list[str]]]) -> None:
        self._places = [Place(name, page) for name, pages in words.items() for page in range(len(pages))]
        self._index = None
        if any(page for pages in words.values() for page in pages):
            self._index = _bm25s().BM25()
            self._index.index([page for pages in words.values() for page in pages], show_progress=False)

    def rank(self, question: str) -> tuple[Place, ...]:
        """The pages with a word of the question, best first; those of equal score in order of the pages."""
        words = _bm25s().tokenize(question, return_ids=False, show_progress=False)[0]
        # bm25s scores only words that some page has.
        known = [] if self._index is None else [word for word in words if word in self._index.vocab_dict]
        if self._index is None or not known:
            return ()
        scores = self._index.get_scores(known)
        best = np.argsort(-scores, kind="stable")[:RANKED]
        return tuple(self._places[position] for position in best if scores[position] > 0)


def _bm25s() -> Any:
    try:
        import bm25s
    except ImportError as error:
        raise UsageError("this peer needs bm25s: install tieout with its extra, tieout[peers]") from error
    return bm25s
