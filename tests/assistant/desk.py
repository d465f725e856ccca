"""What the tests of the assistant share: the example filings, a library of them, and a generator that points."""

from __future__ import annotations

import importlib
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest

from assistant.add import add_files
from assistant.ask import Assistant
from index.library import Library
from ingest.vocabulary import built_in_vocabulary
from model.contract import Generation, Generator, SheetLine
from model.embedder import HashEmbedder

EXAMPLES = Path(__file__).parents[2] / "examples"
ANNUAL_PDF = "orrindale_2024_10K.pdf"
ANNUAL_HTML = "orrindale_2024_10K.htm"
RELEASE = "orrindale_2024Q4_earnings.pdf"
QUARTER_HTML = "marrowby_2024Q2_10Q.htm"
EMBEDDER = HashEmbedder()


def write_examples(folder: Path) -> list[Path]:
    """Write the example filings into ``folder``; the examples are scripts and no installed package."""
    sys.path.insert(0, str(EXAMPLES))
    try:
        paths: list[Path] = importlib.import_module("make_filings").make_filings(folder)
    finally:
        sys.path.remove(str(EXAMPLES))
    return paths


@cache
def true_figures(company: str) -> dict[str, list[object]]:
    """The figures that the example filings of ``company`` were typeset from, by their makers' names."""
    sys.path.insert(0, str(EXAMPLES))
    try:
        module = importlib.import_module(f"{company}.figures")
        return {name: list(series) for name, series in module.figures().items()}
    finally:
        sys.path.remove(str(EXAMPLES))


def fill(library: Library, files: Sequence[Path]) -> None:
    """Add files to a library; each must be added."""
    for added in add_files(files, library, lambda: EMBEDDER):
        assert added.outcome == "added", added.message


def copy_library(original: Path, place: Path) -> Path:
    """Copy a closed library, so that a test may change it."""
    shutil.copytree(original, place)
    return place


@dataclass
class PointingGenerator:
    """Writes ``template`` with ``{}`` replaced by the id of the first line that has all of ``words``.

    Further ``{}`` stand for the first lines that have all of the further groups of words.
    """

    template: str
    words: Sequence[Sequence[str]] = ()
    name: str = "pointing"
    seen: list[tuple[SheetLine, ...]] = field(default_factory=list)

    def write_program(self, question: str, lines: Sequence[SheetLine]) -> Generation:
        """Return the program; the lines are kept in ``seen``."""
        self.seen.append(tuple(lines))
        ids = [self._line(lines, group) for group in self.words]
        return Generation(self.template.format(*ids), tokens=0, seconds=0.0, model=self.name)

    def _line(self, lines: Sequence[SheetLine], words: Sequence[str]) -> str:
        found = [line.id for line in lines if all(word in line.text for word in words)]
        assert found, f"no line with {words} among {[line.text for line in lines]}"
        return found[0]


def leave_home(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Path:
    """Be a user without settings, in an environment without any of ours, at no terminal."""
    for name in [name for name in os.environ if name.startswith("TIEOUT_")]:
        monkeypatch.delenv(name)
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(folder / name))
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setenv("NO_COLOR", "1")
    return folder


def no_embedder() -> HashEmbedder:
    raise AssertionError("the embedder was loaded")


def no_generator() -> Generator:
    raise AssertionError("the generator was loaded")


def assistant(
    library: Library, generator: Generator | None = None, embedder: Callable[[], HashEmbedder] = lambda: EMBEDDER
) -> Assistant:
    """Return an assistant that uses the hashing embedder and, where one is given, ``generator``."""
    door = no_generator if generator is None else lambda: generator
    return Assistant(library, built_in_vocabulary(), embedder, door)
