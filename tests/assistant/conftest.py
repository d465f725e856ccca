from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.library import Library
from tests.assistant.desk import copy_library, fill, write_examples


@pytest.fixture(scope="session")
def examples(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The example filings of two invented companies."""
    pytest.importorskip("reportlab", reason="the examples extra is not installed")
    return write_examples(tmp_path_factory.mktemp("filings"))


@pytest.fixture(scope="session")
def shelf(examples: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed library of all example filings, which no test may change."""
    place = tmp_path_factory.mktemp("shelf") / "library"
    with Library.open(place, create=True) as library:
        fill(library, examples)
    return place


@pytest.fixture(scope="session")
def library(shelf: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """An open library of all example filings: questions may be asked, nothing else changed."""
    with Library.open(copy_library(shelf, tmp_path_factory.mktemp("open") / "library")) as opened:
        yield opened


@pytest.fixture
def own_library(shelf: Path, tmp_path: Path) -> Iterator[Library]:
    """An open library of all example filings that belongs to one test."""
    with Library.open(copy_library(shelf, tmp_path / "library")) as opened:
        yield opened
