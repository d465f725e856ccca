"""Milliseconds of a search by meaning in a library of synthetic vectors, against one product with numpy."""

from __future__ import annotations

import hashlib
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eval.speeds.measurement import Measurement, against
from index.library import Library
from ingest.filing import Filing, Identity, Page, Passage, Span
from model.embedder import HashEmbedder, normalise

DIMENSION = 384
QUERIES = 50
LIMIT = 100
"""Passages that a search asks for, as the assistant does."""
EACH = 1_000
"""Passages of one synthetic filing."""
BASELINE = "numpy, one matrix-vector product and a partial sort"


def measure_search(counts: Sequence[int], seed: int = 0) -> list[Measurement]:
    """Build a library of each size in a temporary folder and search it; p50 and p95 of each kind of search.

    ``in all filings`` searches everything, ``in one filing`` a thousand passages; both go through the
    library, as the assistant does. ``by words`` looks for a rare word and one that every passage has, which
    is the worst case.
    """
    return [measurement for count in counts for measurement in _measure(count, seed)]


def _measure(count: int, seed: int) -> list[Measurement]:
    draw = np.random.default_rng(seed)
    vectors = normalise(draw.standard_normal((count, DIMENSION), dtype=np.float32))
    queries = normalise(draw.standard_normal((QUERIES, DIMENSION), dtype=np.float32))
    with tempfile.TemporaryDirectory() as folder, Library.open(Path(folder) / "library", create=True) as library:
        library.use(HashEmbedder(DIMENSION))
        started = time.perf_counter()
        for first in range(0, count, EACH):
            _add(library, Path(folder), first // EACH, vectors[first : first + EACH])
        added = time.perf_counter() - started
        started = time.perf_counter()
        library.nearest(queries[0], filing_ids=None, limit=LIMIT)
        detail = f"{added:.1f} s to add, {time.perf_counter() - started:.2f} s for the first search"
        one = {library.filings()[0].id}
        kinds: dict[str, Callable[[int], object]] = {
            "in all filings": lambda i: library.nearest(queries[i], filing_ids=None, limit=LIMIT),
            "in one filing": lambda i: library.nearest(queries[i], filing_ids=one, limit=LIMIT),
            "by words": lambda i: library.lexical([f"word{i}", "revenue"], filing_ids=None, limit=LIMIT),
        }
        plain = _milliseconds(lambda i: _product(vectors, queries[i]))
        found = []
        for kind, search in kinds.items():
            taken = _milliseconds(search)
            for name, share in (("p50", 50), ("p95", 95)):
                value, baseline = float(np.percentile(taken, share)), float(np.percentile(plain, share))
                found.append(against(f"search {count:,} {kind}, {name}", value, "ms", BASELINE, baseline, detail))
        return found


def _milliseconds(search: Callable[[int], object]) -> list[float]:
    search(0)
    taken = []
    for number in range(QUERIES):
        started = time.perf_counter()
        search(number)
        taken.append(1_000 * (time.perf_counter() - started))
    return taken


def _product(vectors: NDArray[np.float32], query: NDArray[np.float32]) -> NDArray[np.int64]:
    scores = vectors @ query
    best = np.argpartition(-scores, min(LIMIT, len(scores) - 1))[:LIMIT]
    ordered: NDArray[np.int64] = best[np.argsort(-scores[best])]
    return ordered


def _add(library: Library, folder: Path, number: int, vectors: NDArray[np.float32]) -> None:
    """Add a filing whose passages say little and have the given vectors."""
    source = folder / f"synthetic{number}.pdf"
    source.write_text(f"synthetic filing {number}", encoding="ascii")
    name = hashlib.sha256(source.read_bytes()).hexdigest()
    passages = tuple(
        Passage(
            id=f"{name[:12]}-{i}",
            kind="prose",
            context=f"Synthetic {number}",
            text=f"The revenue of word{i % QUERIES} in filing {number} was stated in passage {i}.",
            span=Span(0, None, (0.0, 0.0, 1.0, 1.0), None, (0, 1)),
        )
        for i in range(len(vectors))
    )
    page = Page(0, None, f"Synthetic {number}", (), 612.0, 792.0)
    identity = Identity(company=f"Synthetic {number}")
    library.add(
        Filing(name, source.name, "application/pdf", identity, (page,), (), (), (), passages, ()), source, vectors
    )
