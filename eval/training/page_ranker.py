"""Learns the ranker of pages from filings: ``python -m eval.training.page_ranker``.

Each question that was made from a filing is searched like any other; the ranker learns to put the pages that it was
made from before the others that the search brought, pages of the same filing and of the company's other years.
The loss is the negative logarithm of the share that a softmax over the pages gives the right ones (Cao et al. 2007,
"Learning to rank"), with a penalty for leaving the order of the search. Nothing of FinanceBench or docugami is read.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eval.systems.state import NO_GENERATOR
from eval.systems.tieout import TieoutSystem
from eval.training.page_questions import PageQuestion, make_questions
from index.candidates import find_pages
from index.contract import Embedder
from index.meanings import settle_meaning
from index.page_features import FEATURES, features_of
from index.page_ranker import RERANKED
from index.query import company_key, understand
from index.view import View
from ingest.errors import DataAbsentError, DatasetError, TieoutError
from ingest.vocabulary import Vocabulary, load_vocabulary

PENALTY = 100.0
"""Of the squared distance from the start, on features of unit variance; a few thousand pages pull against it."""
START = {"worth": 3.0}
"""Before anything is learned, pages stand as the search has them."""
STEPS, RATE = 400, 0.05
FOLDER = ("edgar", "html")


@dataclass(frozen=True, slots=True)
class Example:
    """The pages that were found for a question: features (pages, features), and which of them answer it (pages,)."""

    kind: str
    fold: str
    features: NDArray[np.float64]
    right: NDArray[np.bool_]


def examples_of(
    questions: Sequence[PageQuestion], library: View, embedder: Embedder, vocabulary: Vocabulary
) -> Iterator[Example]:
    """Search for each question; those for which no right page was found, or no wrong one, teach nothing."""
    for question in questions:
        query = settle_meaning(understand(question.text, library.filings(), vocabulary), library, vocabulary)
        pages = find_pages(query, library, embedder)[:RERANKED]
        right = np.array([page.filing.id == question.filing.id and page.page in question.pages for page in pages])
        if right.any() and not right.all():
            fold = company_key(question.filing.identity.company or "")
            yield Example(question.kind, fold, features_of(query, pages, library), right)


def fit(examples: Sequence[Example], penalty: float = PENALTY) -> dict[str, float]:
    """Return the weights that put the right pages of the examples first. Raises DatasetError without examples.

    Adam (Kingma and Ba 2015) over all examples at once, so that the result depends on nothing but them.
    """
    if not examples:
        raise DatasetError("there is nothing to learn from: no question found a page that answers it")
    features, right, there = _stacked(examples)
    spread = features[there].std(axis=0)
    spread[spread < 1e-9] = 1.0
    start = np.array([START.get(name, 0.0) for name in FEATURES]) * spread
    features = features / spread
    weights, first, second = start.copy(), np.zeros_like(start), np.zeros_like(start)
    for step in range(1, STEPS + 1):
        scores = np.where(there, features @ weights, -np.inf)
        shares = np.exp(scores - scores.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        of_right = np.where(right, shares, 0.0)
        of_right /= np.maximum(of_right.sum(axis=1, keepdims=True), 1e-300)
        gradient = penalty * (weights - start) - np.einsum("qp,qpf->f", of_right - shares, features)
        first = 0.9 * first + 0.1 * gradient
        second = 0.999 * second + 0.001 * gradient**2
        rate = RATE * (1 - step / (STEPS + 1))
        weights = weights - rate * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
    return {name: round(float(weight), 4) for name, weight in zip(FEATURES, weights / spread, strict=True)}


def _stacked(examples: Sequence[Example]) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_]]:
    """Features (questions, most pages, features), which pages are right and which are there (questions, most pages)."""
    most = max(len(example.right) for example in examples)
    features = np.zeros((len(examples), most, len(FEATURES)))
    right, there = np.zeros((2, len(examples), most), dtype=np.bool_)
    for number, example in enumerate(examples):
        count = len(example.right)
        features[number, :count], right[number, :count], there[number, :count] = example.features, example.right, True
    return features, right, there


def first_right(examples: Sequence[Example], weights: Mapping[str, float]) -> list[int]:
    """Return the rank of the first right page of each example, from 1."""
    vector = np.array([weights.get(name, 0.0) for name in FEATURES])
    orders = (np.argsort(-(example.features @ vector), kind="stable") for example in examples)
    return [int(example.right[order].argmax()) + 1 for example, order in zip(examples, orders, strict=True)]


def cross_validated(examples: Sequence[Example], penalty: float = PENALTY) -> list[int]:
    """The same, each company's questions ranked by what was learned from all others'."""
    ranks: list[int] = []
    for fold in sorted({example.fold for example in examples}):
        weights = fit([example for example in examples if example.fold != fold], penalty)
        ranks.extend(first_right([example for example in examples if example.fold == fold], weights))
    return ranks


def _hits(ranks: Sequence[int]) -> dict[str, float]:
    return {f"hit@{cut}": round(sum(rank <= cut for rank in ranks) / len(ranks), 3) for cut in (1, 5, 10)}


def card(examples: Sequence[Example], weights: dict[str, float], state: dict[str, str]) -> dict[str, object]:
    """Return what the ranker's file holds: the weights, and what they were learned from and are worth there."""
    kinds = {kind: sum(example.kind == kind for example in examples) for kind in sorted({e.kind for e in examples})}
    return {
        "weights": weights,
        "card": {
            "what": "weights of a linear ranker of pages (index/page_features.py says what the features are)",
            "made_by": "python -m eval.training.page_ranker",
            "data": "questions made from the 10-Ks and 10-Qs of EDGAR in edgar/html, which are public filings",
            "not_in_it": "nothing of FinanceBench or of the docugami questions",
            "companies": sorted({example.fold for example in examples}),
            "questions": kinds,
            "penalty": PENALTY,
            "search": _hits(first_right(examples, START)),
            "ranker_by_company": _hits(cross_validated(examples)),
            **state,
        },
    }


def main() -> int:
    """Read the command line, learn, write the file, print what it is worth."""
    parser = argparse.ArgumentParser(prog="python -m eval.training.page_ranker", description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder of the benchmarks' data")
    parser.add_argument("--work", type=Path, default=Path("build/eval"), help="folder that the library is kept in")
    parser.add_argument("--each", type=int, default=3, help="questions of each kind from each filing")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=Path("index/page_ranker.json"), help="file to write")
    given = parser.parse_args()
    folder = given.data.joinpath(*FOLDER)
    system = TieoutSystem(folder, given.work, generator=NO_GENERATOR)
    try:
        if not folder.is_dir():
            raise DataAbsentError(f"there is no folder {folder}: name the folder of the data with --data")
        state = system.prepare((), lambda *_: None)
        library, embedder, vocabulary = system.library, system.embedder, load_vocabulary()
        questions = make_questions(library, vocabulary, given.each, given.seed)
        examples = list(examples_of(questions, library, embedder, vocabulary))
        made = card(examples, fit(examples), {name: state[name] for name in ("commit", "embedder", "library")})
    except TieoutError as error:
        print(f"eval.training.page_ranker: {error}", file=sys.stderr)
        return error.exit_code
    finally:
        system.close()
    given.out.write_text(json.dumps(made, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(made, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
