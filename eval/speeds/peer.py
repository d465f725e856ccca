"""Pages a second of adding filings to a library, against LlamaIndex's default path over the same files in the same run.

LlamaIndex reads, cuts, embeds and indexes with all at its defaults but for the embedder, which is ours. Ours reads
tables, facts and sections too, embeds more and smaller passages, and commits each filing to the disk. Models are loaded
before.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from assistant.add import add_files
from assistant.cli.opening import embedder_for
from assistant.config import load_settings
from eval.speeds.measurement import Measurement, against
from eval.systems.llamaindex import index_files
from index.library import Library
from ingest.errors import UnreadableFileError
from model.catalog import MINILM, STATIC

PEER = "LlamaIndex's default path with minilm"


def measure_peer(files: Sequence[Path]) -> list[Measurement]:
    """Add the PDFs among the files with the embedders ``minilm`` and ``static``; nothing where there is none.

    The detail has the pages, and the ratio of processor times, which other work on the machine touches less. Raises
    UsageError without LlamaIndex, ModelMissingError, and UnreadableFileError for a file that either cannot read.
    """
    documents = [path for path in files if path.suffix.lower() == ".pdf"]
    if not documents:
        return []
    embedder = embedder_for(load_settings(embedder=MINILM.name))
    embedder.embed(["to load what is loaded once"])
    wall, processor = _seconds(lambda: index_files(documents, embedder))
    found = []
    for name in (MINILM.name, STATIC):
        (pages, own), own_processor = _added(documents, name)
        detail = f"{len(documents)} files, {pages} pages; by processor time {processor / own_processor:.2f} times"
        found.append(against(f"add with {name}", pages / own, "pages/s", PEER, pages / wall, detail))
    return found


def _added(documents: Sequence[Path], name: str) -> tuple[tuple[int, float], float]:
    """Add the files to a fresh library: (pages, seconds), and seconds of processor time."""
    settings = load_settings(embedder=name)
    embedder = embedder_for(settings)
    embedder.embed(["to load what is loaded once"])
    pages = 0

    def add() -> None:
        nonlocal pages
        with (
            tempfile.TemporaryDirectory() as folder,
            Library.open(Path(folder) / "library", create=True) as library,
        ):
            for result in add_files(documents, library, lambda: embedder, settings.vocabulary):
                if result.filing is None:
                    raise UnreadableFileError(f"{result.path}: {result.message}")
                pages += len(result.filing.pages)

    wall, processor = _seconds(add)
    return (pages, wall), processor


def _seconds(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds that passed, and seconds of processor time of this process, its threads and its ended children."""
    started, used = time.perf_counter(), _used()
    work()
    return time.perf_counter() - started, max(_used() - used, 1e-9)


def _used() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system
