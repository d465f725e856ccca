from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from eval.systems.vectors import KeptVectors, read_vectors, vector_key, write_vectors
from ingest.errors import LibraryError
from model.embedder import HashEmbedder


class Counting:
    """An embedder that writes down what it is asked for."""

    name = "counting"

    def __init__(self, dimension: int = 16, fingerprint: str = "one") -> None:
        self._hash = HashEmbedder(dimension)
        self.dimension = dimension
        self.fingerprint = fingerprint
        self.asked: list[str] = []

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.asked += texts
        return self._hash.embed(texts)

    def embed_question(self, text: str) -> NDArray[np.float32]:
        return self._hash.embed_question(text)


def test_a_text_is_embedded_once_for_all_processes(tmp_path: Path) -> None:
    path = tmp_path / "new" / "vectors.sqlite"
    first = KeptVectors(Counting(), path)
    made = first.embed(["net sales", "inventories", "net sales"])
    again = KeptVectors(Counting(), path)
    found = again.embed(["inventories", "goodwill", "net sales"])
    assert isinstance(again.embedder, Counting)
    assert again.embedder.asked == ["goodwill"]
    assert (first.found, first.made, again.found, again.made) == (0, 2, 2, 1)
    np.testing.assert_array_equal(found[[0, 2]], made[[1, 0]])
    np.testing.assert_array_equal(found, HashEmbedder(16).embed(["inventories", "goodwill", "net sales"]))


def test_no_texts_have_no_vectors(tmp_path: Path) -> None:
    assert KeptVectors(Counting(), tmp_path / "v.sqlite").embed([]).shape == (0, 16)


def test_more_texts_than_one_query_takes_come_back_in_order(tmp_path: Path) -> None:
    texts = [f"note {number}" for number in range(1203)]
    kept = KeptVectors(Counting(), tmp_path / "v.sqlite")
    kept.embed(texts)
    np.testing.assert_array_equal(kept.embed(texts[::-1]), HashEmbedder(16).embed(texts[::-1]))
    assert (kept.found, kept.made) == (1203, 1203)


def test_another_embedder_gets_none_of_its_vectors(tmp_path: Path) -> None:
    path = tmp_path / "v.sqlite"
    KeptVectors(Counting(), path).embed(["net sales"])
    other = Counting(fingerprint="two")
    KeptVectors(other, path).embed(["net sales"])
    assert other.asked == ["net sales"]


def test_a_vector_of_another_length_is_made_again(tmp_path: Path) -> None:
    path = tmp_path / "v.sqlite"
    write_vectors(path, {vector_key("one", "net sales"): np.zeros(3, dtype=np.float32)})
    assert KeptVectors(Counting(), path).embed(["net sales"]).shape == (1, 16)
    assert len(read_vectors(path, [vector_key("one", "net sales")], 16)) == 1


def test_what_fails_to_embed_leaves_nothing_behind(tmp_path: Path) -> None:
    class Failing(Counting):
        def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
            raise OSError("no memory")

    path = tmp_path / "v.sqlite"
    with pytest.raises(OSError, match="no memory"):
        KeptVectors(Failing(), path).embed(["net sales"])
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM vectors").fetchone() == (0,)


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "v.sqlite"
    path.write_text("these are words and no database, more than a hundred bytes of them, " * 3, encoding="utf-8")
    with pytest.raises(LibraryError, match="remove it"):
        KeptVectors(Counting(), path).embed(["net sales"])
