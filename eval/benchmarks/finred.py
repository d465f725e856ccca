"""FinRED: which relations between entities a sentence of financial news states.

Sharma et al., "FinRED: A Dataset for Relation Extraction in Financial Domain" (2022). A triple counts
when head, tail and relation are those of the gold, as the paper's strict match has it; micro-F1 is over all
triples of all sentences. Of the triples of dev, 64 % stand in train word for word, so that a list of the
training pairs is already a strong baseline. Triples are written ``head ; tail ; relation``, several
parted by ``" | "``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from eval.benchmarks.files import benchmark_file, reading
from eval.case import Case, Prediction, Score
from eval.contract import Benchmark
from eval.systems.baseline import SeenPairs
from ingest.errors import UsageError

FOLDER = "finred"
SPLITS = ("test", "dev")
"""The first of these that is there is measured on."""

Triple = tuple[str, str, str]
"""Head, tail, relation."""


def load(data: Path) -> tuple[Case, ...]:
    """Read the test split, or dev where there is no test split: a case for each sentence."""
    split = SPLITS[0] if any((folder / "test.sent").is_file() for folder in (data / FOLDER, data)) else SPLITS[1]
    return tuple(
        Case(
            id=f"{split}-{row}",
            question=sentence,
            gold=write_triples(triples),
            group="one triple" if len(triples) == 1 else "several triples",
            fold=sentence,
            data={"text": sentence, "triples": triples},
        )
        for row, (sentence, triples) in enumerate(read_split(data, split), start=1)
    )


def read_split(data: Path, split: str) -> list[tuple[str, tuple[Triple, ...]]]:
    """Return the sentences of a split with their triples. Raises DataAbsentError or UsageError."""
    sentences = benchmark_file(data, FOLDER, f"{split}.sent")
    tuples = benchmark_file(data, FOLDER, f"{split}.tup")
    try:
        lines = [path.read_text(encoding="utf-8").removesuffix("\n").split("\n") for path in (sentences, tuples)]
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot read the {split} split of FinRED: {error}") from error
    if len(lines[0]) != len(lines[1]):
        raise UsageError(f"{sentences} has {len(lines[0])} lines and {tuples} {len(lines[1])}: get both files again")
    found = []
    for row, (sentence, line) in enumerate(zip(*lines, strict=True), start=1):
        with reading(tuples, row):
            found.append((sentence, read_triples(line)))
    return found


@lru_cache(maxsize=65_536)
def read_triples(line: str) -> tuple[Triple, ...]:
    """Read triples as they are written, each once. Raises ValueError on what is none."""
    triples: dict[Triple, None] = {}
    for part in line.split(" | ") if line.strip() else []:
        head, tail, relation = (piece.strip() for piece in part.split(" ; "))
        triples[head, tail, relation] = None
    return tuple(triples)


def write_triples(triples: Iterable[Triple]) -> str:
    """Write triples as the data files do."""
    return " | ".join(" ; ".join(triple) for triple in triples)


@dataclass(frozen=True, slots=True)
class TripleScorer:
    """Scores the triples of ``prediction.label`` against the gold ones of one sentence."""

    def score(self, case: Case, prediction: Prediction) -> Sequence[Score]:
        """Return ``f1`` and ``exact`` of the sentence; the detail names what is missing and what is wrong."""
        gold, found = _pair(case, prediction)
        hits = len(gold & found)
        f1 = 2 * hits / (len(gold) + len(found)) if gold or found else 1.0
        detail = f"{hits} right, {len(gold - found)} missing, {len(found - gold)} wrong"
        return (Score("sentence_f1", f1, detail), Score("exact", float(gold == found)))


def micro_f1(pairs: Sequence[tuple[Case, Prediction]]) -> Mapping[str, float]:
    """Return ``micro_precision``, ``micro_recall`` and ``micro_f1`` over all triples; 0 where there are none."""
    hits = predicted = wanted = 0
    for case, prediction in pairs:
        gold, found = _pair(case, prediction)
        hits, predicted, wanted = hits + len(gold & found), predicted + len(found), wanted + len(gold)
    return {
        "micro_precision": hits / predicted if predicted else 0.0,
        "micro_recall": hits / wanted if wanted else 0.0,
        "micro_f1": 2 * hits / (predicted + wanted) if predicted + wanted else 0.0,
    }


def _pair(case: Case, prediction: Prediction) -> tuple[frozenset[Triple], frozenset[Triple]]:
    """The gold triples and the predicted ones; what is written in another form counts as a wrong triple."""
    try:
        found = read_triples(prediction.label or "")
    except ValueError:
        found = (("", "", prediction.label or ""),)
    return frozenset(read_triples(case.gold)), frozenset(found)


def _training(data: Path) -> list[Triple]:
    """The triples of the training split."""
    return [triple for _, triples in read_split(data, "train") for triple in triples]


BENCHMARK = Benchmark(
    name="finred",
    description="Relations between entities in sentences of financial news, as triples.",
    load=load,
    scorers=(TripleScorer(),),
    systems={"seen-pairs": lambda data, work: SeenPairs(lambda: _training(data))},
    headline=("micro_f1",),
    worse=(),
    aggregates=(micro_f1,),
)
