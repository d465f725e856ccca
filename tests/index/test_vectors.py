from __future__ import annotations

import json
import logging
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index import nearness
from index.library import Library
from ingest.errors import LibraryError, LibraryMismatchError
from ingest.filing import Passage, Span
from tests.index.builders import WordEmbedder, build_filing, fixed_clock, write_source

DIMENSION = 16
EMBEDDER = WordEmbedder(dimension=DIMENSION)


def directions(random: np.random.Generator, count: int) -> NDArray[np.float32]:
    vectors = random.standard_normal((count, DIMENSION)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors


def add(library: Library, directory: Path, name: str, vectors: NDArray[np.float32]) -> str:
    source = write_source(directory, name, name)
    passages = tuple(Passage(f"p{number}", "prose", "Acme", "words", Span(0)) for number in range(len(vectors)))
    filing = replace(build_filing(source), passages=passages)
    library.add(filing, source, vectors)
    return filing.id


def open_library(directory: Path) -> Library:
    return Library.open(directory, create=True, embedder=EMBEDDER, clock=fixed_clock)


def test_a_filtered_search_is_brute_force_over_the_eligible(tmp_path: Path) -> None:
    random = np.random.default_rng(20240229)
    held: dict[str, NDArray[np.float32]] = {}
    with open_library(tmp_path / "lib") as library:
        for number, size in enumerate((0, 1, 7, 40, 40, 120)):
            vectors = directions(random, size)
            held[add(library, tmp_path, f"{number}.pdf", vectors)] = vectors
        names = list(held)
        for trial in range(60):
            if trial == 30:  # ids have gaps from here on
                library.remove(names.pop(3))
            chosen = [name for name in names if random.random() < 0.4]
            limit = int(random.integers(1, 60))
            query = directions(random, 1)[0]
            owners = [(name, row) for name in names if name in chosen for row in range(len(held[name]))]
            scores = np.array([held[name][row] @ query for name, row in owners], dtype=np.float32)
            best = np.argsort(-scores, kind="stable")[:limit]

            found = library.nearest(query, filing_ids=chosen, limit=limit)

            records = library.passages([rowid for rowid, _ in found])
            assert {record.filing_id for record in records} <= set(chosen)
            assert [(record.filing_id, int(record.passage.id[1:])) for record in records] == [
                owners[index] for index in best
            ]
            np.testing.assert_allclose([score for _, score in found], scores[best], rtol=0, atol=1e-6)
            assert library.eligible(chosen) == len(owners)


def test_an_unfiltered_search_sees_all(tmp_path: Path) -> None:
    vectors = directions(np.random.default_rng(1), 50)
    with open_library(tmp_path / "lib") as library:
        add(library, tmp_path, "a.pdf", vectors[:20])
        add(library, tmp_path, "b.pdf", vectors[20:])
        found = library.nearest(vectors[33], filing_ids=None, limit=3)
        assert found[0][0] == 34
        assert found[0][1] == pytest.approx(1.0)
        assert len(library.nearest(vectors[0], filing_ids=None, limit=999)) == 50


def test_no_filing_is_no_result(tmp_path: Path) -> None:
    vectors = directions(np.random.default_rng(1), 5)
    with open_library(tmp_path / "lib") as library:
        assert library.nearest(vectors[0], filing_ids=None, limit=5) == []
        add(library, tmp_path, "a.pdf", vectors)
        empty: tuple[Collection[str], ...] = ((), [], set(), ["0" * 64], [""])
        for nothing in empty:
            assert library.nearest(vectors[0], filing_ids=nothing, limit=5) == []
            assert library.lexical(["words"], filing_ids=nothing, limit=5) == []
            assert library.eligible(nothing) == 0
        assert library.nearest(vectors[0], filing_ids=None, limit=0) == []


def test_equal_vectors_stand_in_order(tmp_path: Path) -> None:
    vector = directions(np.random.default_rng(1), 1)
    with open_library(tmp_path / "lib") as library:
        add(library, tmp_path, "a.pdf", np.repeat(vector, 6, axis=0))
        assert [rowid for rowid, _ in library.nearest(vector[0], filing_ids=None, limit=6)] == [
            1,
            2,
            3,
            4,
            5,
            6,
        ]


def test_a_query_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    vectors = directions(np.random.default_rng(1), 5)
    with open_library(tmp_path / "lib") as library:
        add(library, tmp_path, "a.pdf", vectors)
        with pytest.raises(LibraryMismatchError, match="query has 8 dimensions"):
            library.nearest(vectors[0, :8], filing_ids=None, limit=5)
        with pytest.raises(LibraryError, match="not finite"):
            library.nearest(vectors[0] * np.nan, filing_ids=None, limit=5)


@pytest.fixture
def cached(tmp_path: Path) -> tuple[Path, NDArray[np.float32], list[tuple[int, float]]]:
    """A library with its cache written, a query, and what the query finds."""
    vectors = directions(np.random.default_rng(1), 30)
    with open_library(tmp_path / "lib") as library:
        add(library, tmp_path, "a.pdf", vectors)
        return tmp_path / "lib", vectors[7], library.nearest(vectors[7], filing_ids=None, limit=5)


def search(directory: Path, query: NDArray[np.float32]) -> list[tuple[int, float]]:
    with open_library(directory) as library:
        return library.nearest(query, filing_ids=None, limit=5)


def test_the_cache_is_used_while_it_fits(
    cached: tuple[Path, NDArray[np.float32], list[tuple[int, float]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    directory, query, found = cached
    sidecar = json.loads((directory / "vectors-1.json").read_text(encoding="utf-8"))
    assert (sidecar["generation"], sidecar["dimension"], sidecar["count"]) == (1, DIMENSION, 30)
    monkeypatch.setattr("index.nearness.build", lambda *_: pytest.fail("the cache was not used"))
    assert search(directory, query) == found


@pytest.mark.parametrize("name", ["vectors-1.faiss", "vectors-1.json"])
@pytest.mark.parametrize("damage", ["missing", "empty", "cut", "flipped"])
def test_a_damaged_cache_is_made_again(
    cached: tuple[Path, NDArray[np.float32], list[tuple[int, float]]],
    name: str,
    damage: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    directory, query, found = cached
    path = directory / name
    content = path.read_bytes()
    middle = len(content) // 2 if name == "vectors-1.faiss" else content.index(b'"state": "') + 20
    if damage == "missing":
        path.unlink()
    else:
        flipped = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
        path.write_bytes({"empty": b"", "cut": content[:middle], "flipped": flipped}[damage])
    with caplog.at_level(logging.WARNING):
        assert search(directory, query) == found
    assert search(directory, query) == found
    assert path.read_bytes() == content


def test_a_cache_of_another_history_is_not_used(tmp_path: Path) -> None:
    """Two libraries of the same generation: the counter is the same, the contents are not."""
    random = np.random.default_rng(5)
    queries, found = [], []
    for name in ("one", "two"):
        vectors = directions(random, 9)
        with open_library(tmp_path / name) as library:
            add(library, tmp_path, f"{name}.pdf", vectors)
            queries.append(vectors[3])
            found.append(library.nearest(vectors[3], filing_ids=None, limit=4))
    for name in ("vectors-1.faiss", "vectors-1.json"):
        (tmp_path / "two" / name).write_bytes((tmp_path / "one" / name).read_bytes())
    assert search(tmp_path / "two", queries[1])[:4] == found[1]


def test_an_open_library_follows_what_others_change(tmp_path: Path) -> None:
    vectors = directions(np.random.default_rng(1), 12)
    with (
        open_library(tmp_path / "lib") as writer,
        Library.open(tmp_path / "lib", embedder=EMBEDDER) as reader,
    ):
        first = add(writer, tmp_path, "a.pdf", vectors[:6])
        assert reader.nearest(vectors[2], filing_ids=None, limit=1)[0][0] == 3
        second = add(writer, tmp_path, "b.pdf", vectors[6:])
        assert reader.nearest(vectors[9], filing_ids=None, limit=1)[0][0] == 10
        assert reader.nearest(vectors[9], filing_ids=[second], limit=1)[0][0] == 10
        writer.remove(second)
        assert max(rowid for rowid, _ in reader.nearest(vectors[9], filing_ids=None, limit=99)) == 6
        assert [record.id for record in reader.filings()] == [first]


# Beyond the size up to which a search compares with all vectors


def clustered(random: np.random.Generator, count: int) -> NDArray[np.float32]:
    """Vectors around a few directions, as texts are."""
    vectors = directions(random, 12)[random.integers(12, size=count)] + 0.3 * directions(random, count)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors.astype(np.float32)


@pytest.fixture
def large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, NDArray[np.float32]]:
    """A library that is beyond the size, for the size is set to 1,000; with its vectors."""
    monkeypatch.setattr("index.nearness.EXACT_UP_TO", 1_000)
    vectors = clustered(np.random.default_rng(7), 6_000)
    with open_library(tmp_path / "lib") as library:
        for number in range(6):
            add(library, tmp_path, f"{number}.pdf", vectors[1_000 * number : 1_000 * (number + 1)])
    return tmp_path / "lib", vectors


def recall(
    library: Library, vectors: NDArray[np.float32], held: NDArray[np.int64], filing_ids: list[str] | None = None
) -> float:
    """The share of the true ten nearest that a search finds; its scores must be the exact ones."""
    found = 0
    queries = clustered(np.random.default_rng(11), 20)
    for query in queries:
        scores = vectors[held] @ query
        true = set((held[np.argsort(-scores)[:10]] + 1).tolist())
        hits = library.nearest(query, filing_ids=filing_ids, limit=10)
        assert len(hits) == 10
        given = [score for _, score in hits]
        np.testing.assert_allclose(given, [vectors[row - 1] @ query for row, _ in hits], atol=1e-5)
        assert given == sorted(given, reverse=True)
        found += len(true & {row for row, _ in hits})
    return found / (10 * len(queries))


def test_a_quantised_index_finds_what_an_exact_one_does(large: tuple[Path, NDArray[np.float32]]) -> None:
    directory, vectors = large
    with open_library(directory) as library:
        assert recall(library, vectors, np.arange(6_000)) > 0.95
        second = library.filings()[1].id
        assert recall(library, vectors, np.arange(1_000, 2_000), filing_ids=[second]) > 0.99, (
            "all lists are looked into"
        )
        assert library.examine() == []
    sidecar = json.loads((directory / "vectors-1.json").read_text(encoding="utf-8"))
    assert (sidecar["count"], sidecar["trained_on"]) == (6_000, 6_000)
    with open_library(directory) as library:
        assert recall(library, vectors, np.arange(6_000)) > 0.95, "mapped from the file"


def test_a_quantised_index_is_kept_up_and_trained_again_when_it_drifts(
    large: tuple[Path, NDArray[np.float32]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory, vectors = large
    trained: list[int] = []
    build = nearness.build
    monkeypatch.setattr(nearness, "build", lambda *given: (trained.append(1), build(*given))[1])
    with open_library(directory) as library:
        recall(library, vectors, np.arange(6_000))
        more = clustered(np.random.default_rng(8), 500)
        add(library, tmp_path, "more.pdf", more)
        both = np.concatenate([vectors, more])
        assert recall(library, both, np.arange(6_500)) > 0.95
    assert len(trained) == 1, "what is new was put in"
    with open_library(directory) as library:
        far = directions(np.random.default_rng(9), 7_000)
        add(library, tmp_path, "far.pdf", far)
        every = np.concatenate([both, far])
        assert recall(library, every, np.arange(13_500)) > 0.9
        assert len(trained) == 2, "it has more than doubled"
        library.remove(*[record.id for record in library.filings()[:6]])
        left = np.arange(6_000, 13_500)
        assert recall(library, every, left) > 0.9
        library.remove(*[record.id for record in library.filings()[1:]])
        assert len(library.nearest(more[0], filing_ids=None, limit=999)) == 500, "and exact again where it is small"
        assert library.nearest(more[7], filing_ids=None, limit=1)[0][1] == pytest.approx(1.0)


def test_an_exact_index_is_brought_up_to_date(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vectors = directions(np.random.default_rng(1), 30)
    with open_library(tmp_path / "lib") as library:
        add(library, tmp_path, "a.pdf", vectors[:10])
        library.nearest(vectors[0], filing_ids=None, limit=5)
    monkeypatch.setattr(nearness, "build", lambda *_: pytest.fail("it was made anew"))
    with open_library(tmp_path / "lib") as library:
        add(library, tmp_path, "b.pdf", vectors[10:20])
        assert library.nearest(vectors[15], filing_ids=None, limit=1) == [(16, pytest.approx(1.0))]
        add(library, tmp_path, "a.pdf", vectors[:10])  # the same content
        add_other = write_source(tmp_path, "a.pdf", "other")
        passages = tuple(Passage(f"p{number}", "prose", "Acme", "words", Span(0)) for number in range(10))
        filing = replace(build_filing(add_other), passages=passages)
        assert library.add(filing, add_other, vectors[20:])
        assert library.nearest(vectors[25], filing_ids=None, limit=1) == [(26, pytest.approx(1.0))]
        assert library.nearest(vectors[5], filing_ids=None, limit=1)[0][1] < 0.999, "the replaced are gone"
        assert library.examine()[0].kind == "unwiped"
    with open_library(tmp_path / "lib") as library:
        assert library.nearest(vectors[25], filing_ids=None, limit=1) == [(26, pytest.approx(1.0))]
