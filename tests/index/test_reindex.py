from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index.library import Library
from ingest.errors import LibraryMismatchError
from tests.index.builders import WordEmbedder, build_filing, fixed_clock, write_source

OLD = WordEmbedder()
NEW = WordEmbedder("other", 24, "words-24-v1")


@dataclass
class Failing:
    """The new embedder, which is stopped after some batches, and calls ``meanwhile`` before each."""

    batches: int
    meanwhile: object = None
    name: str = NEW.name
    dimension: int = NEW.dimension
    fingerprint: str = NEW.fingerprint
    seen: list[str] = field(default_factory=list)

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if self.batches == 0:
            raise KeyboardInterrupt
        self.batches -= 1
        if callable(self.meanwhile):
            self.meanwhile()
        self.seen += texts
        return NEW.embed(texts)


def open_library(directory: Path, embedder: WordEmbedder | None = OLD) -> Library:
    return Library.open(directory, create=True, embedder=embedder, clock=fixed_clock)


def add(library: Library, source: Path, words: str = "Widgets sold well. Costs fell") -> str:
    filing = build_filing(source, words=words)
    library.add(filing, source, OLD.embed(["x"] * len(filing.passages)))
    return filing.id


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("index.reindex.BATCH", 4)
    with open_library(tmp_path / "lib") as library:
        for number in range(5):
            add(library, write_source(tmp_path, f"{number}.pdf", str(number)))
    return tmp_path / "lib"


def test_another_embedder_is_refused_with_the_remedy_and_reindexing_is_it(place: Path) -> None:
    with pytest.raises(LibraryMismatchError, match="run `tieout reindex`"):
        open_library(place, NEW)
    told: list[tuple[int, int]] = []
    with open_library(place, None) as library:
        before = library.generation
        assert library.reindex(NEW, lambda done, total: told.append((done, total))) == 15
        assert library.generation == before + 1
        assert library.examine() == []
        assert library.reindex(NEW) == 0, "it is done"
    assert told == [(4, 15), (8, 15), (12, 15)]
    with open_library(place, NEW) as library:
        query = NEW.embed(["Costs fell"])[0]
        assert len(library.nearest(query, filing_ids=None, limit=99)) == 15
    with pytest.raises(LibraryMismatchError):
        open_library(place, OLD)


def test_readers_have_the_old_until_the_new_is_complete(place: Path) -> None:
    query = OLD.embed(["x"])[0]
    with open_library(place) as reader, open_library(place, None) as library:
        found = reader.nearest(query, filing_ids=None, limit=99)
        seen: list[object] = []
        library.reindex(Failing(99, lambda: seen.append(reader.nearest(query, filing_ids=None, limit=99))))
        assert seen == [found] * 4
        with pytest.raises(LibraryMismatchError, match="reindex"):
            reader.nearest(query, filing_ids=None, limit=99)


def test_an_interrupted_run_is_taken_up(place: Path) -> None:
    with open_library(place) as library:
        with pytest.raises(KeyboardInterrupt):
            library.reindex(Failing(2))
        assert library.examine() == [], "unfinished is not wrong"
        assert library.nearest(OLD.embed(["x"])[0], filing_ids=None, limit=99)
    second = Failing(99)
    with open_library(place, None) as library:
        assert library.reindex(second) == 15
    assert len(second.seen) == 7, "the eight of the first run are kept"


def test_what_changes_meanwhile_is_in_the_new_index_or_gone(place: Path, tmp_path: Path) -> None:
    with open_library(place) as other, open_library(place, None) as library:
        steps = iter(
            [
                lambda: add(other, write_source(tmp_path, "late.pdf", "late"), "Zephyr came late"),
                lambda: other.remove(other.filings()[0].id),
                lambda: other.remove(other.filings()[2].id),
            ]
        )
        library.reindex(Failing(99, lambda: next(steps, lambda: None)()))
        assert [record.source for record in library.filings()] == ["1.pdf", "2.pdf", "4.pdf", "late.pdf"]
        assert library.examine() == []
        assert len(library.nearest(NEW.embed(["Zephyr"])[0], filing_ids=None, limit=99)) == 11


def test_a_run_with_a_third_embedder_starts_again(place: Path) -> None:
    third = WordEmbedder("third", 8, "words-8")
    with open_library(place, None) as library:
        with pytest.raises(KeyboardInterrupt):
            library.reindex(Failing(2))
        assert library.reindex(third) == 15
        assert library.examine() == []
        with pytest.raises(KeyboardInterrupt):
            library.reindex(Failing(2))
        assert library.reindex(third) == 0, "back to what it has: what was begun is dropped"
        assert library.examine() == []


def test_an_empty_library_takes_any_embedder(tmp_path: Path) -> None:
    with open_library(tmp_path / "lib", None) as library:
        assert library.reindex(NEW) == 0
