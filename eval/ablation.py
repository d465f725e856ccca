"""What each part of the search is worth: ``python -m eval.ablation``, on FinanceBench and docugami.

Every question is asked once. Its pages are then ranked by the whole and by the whole without each part, and what
is set by hand is cross-validated by company: of the present weights and their neighbours those that serve the other
companies' questions best rank the questions of the company that was left out.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from eval.benchmarks import docugami, financebench
from eval.case import Case, Place, Prediction
from eval.contract import Benchmark
from eval.intervals import mean_interval
from eval.scorers.retrieval import PageRetrieval
from eval.systems.state import NO_GENERATOR
from eval.systems.tieout import TieoutSystem
from eval.training.page_ranker import Example, fit
from index.candidates import HAND_SET, Fusion, find_pages
from index.contract import Embedder
from index.page_features import features_of
from index.page_ranker import RERANKED, PageRanker
from index.ranking import UNRANKED
from ingest.errors import TieoutError

METRICS = ("page_recall@1", "page_recall@5", "page_recall@10", "page_recall@20", "document@1")


@dataclass(frozen=True, slots=True)
class Variant:
    """A way to rank: weights of the searches, the ranker, the filter of companies, the pages of the answer first."""

    fusion: Fusion = HAND_SET
    companies: bool = True
    answer: bool = True
    ranker: PageRanker | None = None


VARIANTS: Mapping[str, Variant] = {
    "the whole": Variant(),
    "without the pages of the answer first": Variant(answer=False),
    "without the learned ranker": Variant(ranker=UNRANKED),
    "without words": Variant(replace(HAND_SET, words=0.0)),
    "without meaning": Variant(replace(HAND_SET, meaning=0.0)),
    "without facts": Variant(replace(HAND_SET, facts=0.0)),
    "without statements": Variant(replace(HAND_SET, statement=1.0)),
    "without names from the vocabulary": Variant(replace(HAND_SET, names=0)),
    "without period, day and form of filings": Variant(replace(HAND_SET, filings=0.0)),
    "without the second passage of a page": Variant(replace(HAND_SET, second=0.0)),
    "exhibits like any page": Variant(replace(HAND_SET, attached=1.0)),
    "without the filter of companies": Variant(companies=False),
}
_NEARBY: Mapping[str, tuple[Any, Any]] = {
    "facts": (2.0, 8.0),
    "statement": (1.25, 2.0),
    "second": (0.25, 1.0),
    "filings": (0.5, 1.5),
    "meaning": (0.5, 2.0),
    "attached": (0.25, 0.75),
}
NEIGHBOURS: Mapping[str, Variant] = {
    f"{name} {value:g}": Variant(replace(HAND_SET, **{name: value}))
    for name, values in _NEARBY.items()
    for value in values
}
"""The hand-set weights with one of them smaller or larger."""

Scores = Mapping[str, float]
"""The metrics that apply to a case, by name."""


class AblatedSystem(TieoutSystem):
    """Tieout without a language model, which ranks the pages of one question in several ways."""

    def __init__(self, documents: Path, work: Path, embedder: Callable[[], Embedder] | None = None) -> None:
        super().__init__(documents, work, generator=NO_GENERATOR, embedder=embedder)

    def rankings(self, case: Case, variants: Mapping[str, Variant]) -> dict[str, tuple[Place, ...]]:
        """Ask the question of the case once, and return its pages as each variant ranks them."""
        library, turn = self.ask(case)
        every = tuple(filing.id for filing in library.filings())
        ranked = {}
        for name, variant in variants.items():
            query = turn.query if variant.companies else replace(turn.query, filing_ids=every)
            answered = self.answered(turn, case) if variant.answer else ()
            found = self.found(query, case, variant.fusion, variant.ranker)
            ranked[name] = tuple(dict.fromkeys((*answered, *found)))
        return ranked

    def example(self, case: Case) -> Example | None:
        """Return the pages that are found for a case as something to learn from; None where that teaches nothing."""
        library, turn = self.ask(case)
        pages = find_pages(turn.query, library, self.embedder)[:RERANKED]
        right = np.array([Place(self._name(page.filing.id, case), page.page) in case.places for page in pages])
        if not right.any() or right.all():
            return None
        return Example(case.group, case.fold, features_of(turn.query, pages, library), right)


def rankers_by_company(system: AblatedSystem, cases: Sequence[Case]) -> dict[str, PageRanker]:
    """Return, for each company, a ranker that was learned from the questions on all others, to measure and forget."""
    examples = [example for case in cases if (example := system.example(case)) is not None]
    folds = dict.fromkeys(case.fold for case in cases)
    return {fold: PageRanker(fit([each for each in examples if each.fold != fold])) for fold in folds}


def score_variants(
    system: AblatedSystem, cases: Sequence[Case], variants: Mapping[str, Variant]
) -> dict[str, list[Scores]]:
    """Return, for each variant, the metrics of each case."""
    scorer = PageRetrieval()
    found: defaultdict[str, list[Scores]] = defaultdict(list)
    for case in cases:
        for name, places in system.rankings(case, variants).items():
            scores = scorer.score(case, Prediction("abstained", retrieved=places))
            found[name].append(
                {score.metric: score.value for score in scores if score.metric in METRICS and score.value is not None}
            )
    return dict(found)


def cross_validated(cases: Sequence[Case], scores: Mapping[str, Sequence[Scores]]) -> tuple[list[Scores], list[str]]:
    """Score the cases of each company by the variant that is best for all others; also return which ones those are.

    The best has the highest mean of all metrics that apply; the first of equals.
    """
    chosen: dict[str, str] = {}
    for fold in dict.fromkeys(case.fold for case in cases):
        others = [number for number, case in enumerate(cases) if case.fold != fold]
        chosen[fold] = max(scores, key=lambda name: sum(_mean(scores[name][number]) for number in others))
    return [scores[chosen[case.fold]][number] for number, case in enumerate(cases)], list(chosen.values())


def _mean(scores: Scores) -> float:
    return sum(scores.values()) / len(scores) if scores else 0.0


def table(rows: Mapping[str, Sequence[Scores]]) -> str:
    """Return a table in Markdown: a row for each variant, a mean with its 95 % bootstrap interval for each metric."""
    metrics = [name for name in METRICS if any(name in scores for cases in rows.values() for scores in cases)]
    lines = ["| ranking | " + " | ".join(metrics) + " |", "|---" * (len(metrics) + 1) + "|"]
    for name, cases in rows.items():
        cells = [_cell([scores[metric] for scores in cases if metric in scores]) for metric in metrics]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _cell(values: Sequence[float]) -> str:
    interval = mean_interval(values)
    return f"{interval.value:.3f} ({interval.low:.3f} – {interval.high:.3f})"


def ablate(benchmark: Benchmark, system: AblatedSystem, data: Path) -> str:
    """Measure the variants on a benchmark and return its part of the report."""
    cases = benchmark.load(data)
    state = system.prepare(cases, lambda *_: None)
    try:
        scores = score_variants(system, cases, {**VARIANTS, **NEIGHBOURS})
        learned: list[Scores] = []
        if any(case.places for case in cases):
            for fold, ranker in rankers_by_company(system, cases).items():
                own = [case for case in cases if case.fold == fold]
                learned.extend(score_variants(system, own, {"": Variant(ranker=ranker)})[""])
    finally:
        system.close()
    whole = next(iter(VARIANTS))
    weighed = {name: scores[name] for name in (whole, *NEIGHBOURS)}
    validated, chosen = cross_validated(cases, weighed)
    rows = {**{name: scores[name] for name in VARIANTS}, "weights chosen on other companies": validated}
    if learned:
        rows["ranker learned here, on other companies"] = learned
    counts = ", ".join(f"{name} ({chosen.count(name)})" for name in dict.fromkeys(chosen))
    return (
        f"## {benchmark.name}\n\n{len(cases)} questions, {state['filings']} filings, commit {state['commit']}\n\n"
        f"{table(rows)}\n\nChosen, and for how many companies: {counts}.\n"
    )


def main() -> int:
    """Read the command line and print the report."""
    parser = argparse.ArgumentParser(prog="python -m eval.ablation", description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder of the benchmarks' data")
    parser.add_argument("--work", type=Path, default=Path("build/eval"), help="folder that libraries are kept in")
    parser.add_argument("--only", choices=("financebench", "docugami"), help="one of the two")
    given = parser.parse_args()
    try:
        for module in (financebench, docugami):
            if given.only in (None, module.BENCHMARK.name):
                system = AblatedSystem(module.documents_folder(given.data), given.work)
                print(ablate(module.BENCHMARK, system, given.data), flush=True)
    except TieoutError as error:
        print(f"eval.ablation: {error}", file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
