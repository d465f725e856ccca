"""Adds files to a library: each is read, embedded and committed on its own, and a bad one stops nothing."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Literal

from index.contract import Embedder
from index.library import Library
from ingest.errors import DamagedFileError, TieoutError, UnreadableFileError, UsageError
from ingest.filing import Filing
from ingest.kinds import SUFFIXES
from ingest.passages import embedding_text
from ingest.read import file_id, read_filing
from ingest.vocabulary import Vocabulary

logger = logging.getLogger(__name__)

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is."""


@dataclass(frozen=True, slots=True)
class Added:
    """What became of one file. ``seconds`` are those of reading, embedding and committing."""

    path: Path
    outcome: Literal["added", "already there", "not added"]
    message: str = ""
    filing: Filing | None = None
    seconds: dict[str, float] | None = None


def find_files(paths: Iterable[Path]) -> tuple[list[Path], list[Added]]:
    """Return the files to add, and what is wrong with the paths that lead to none.

    A folder stands for the filings anywhere below it; a file that is named is tried whatever it is called.
    """
    files: list[Path] = []
    problems: list[Added] = []
    for path in paths:
        if path.is_dir():
            below = sorted(p for p in path.rglob("*") if p.suffix.lower() in SUFFIXES and p.is_file())
            files.extend(below)
            if not below:
                kinds = ", ".join(sorted(SUFFIXES))
                problems.append(Added(path, "not added", f"the folder holds no filings ({kinds})"))
        elif path.exists():
            files.append(path)
        else:
            problems.append(Added(path, "not added", "there is no such file or folder"))
    return list(dict.fromkeys(file.resolve() for file in files)), problems


def add_files(
    files: Sequence[Path],
    library: Library,
    embedder: Callable[[], Embedder],
    vocabulary: Vocabulary,
    *,
    jobs: int = 1,
    progress: Progress | None = None,
) -> Iterator[Added]:
    """Yield what became of each file as soon as it is known.

    Files whose content is there already are not read. With ``jobs`` of 2 or more, files are read in that
    many worker processes while others are embedded; a worker that dies takes only its file with it.
    Raises UsageError where ``jobs`` is less than 1.
    """
    if jobs < 1:
        raise UsageError(f"--jobs must be 1 or more, not {jobs}")
    fresh = []
    for path in files:
        known = _known(path, library)
        if known is not None:
            yield known
        else:
            fresh.append(path)
    if not fresh:
        return
    ready = embedder()
    library.use(ready)
    reading = _read_here(fresh, vocabulary, progress) if jobs == 1 else _read_in_pool(fresh, vocabulary, jobs)
    for path, filing, seconds in reading:
        if isinstance(filing, TieoutError):
            yield Added(path, "not added", str(filing))
        else:
            yield _commit(path, filing, seconds, library, ready, progress)


def _known(path: Path, library: Library) -> Added | None:
    """What can be said of a file before it is read: that it is there already, or that it cannot be opened."""
    try:
        if library.has(file_id(path)):
            return Added(path, "already there", "the same content is in the library")
    except UnreadableFileError as error:
        return Added(path, "not added", str(error))
    return None


_Read = tuple[Path, Filing | TieoutError, float]


def _read_here(files: Iterable[Path], vocabulary: Vocabulary, progress: Progress | None) -> Iterator[_Read]:
    for path in files:
        yield _read(path, vocabulary, progress)


def _read(path: Path, vocabulary: Vocabulary, progress: Progress | None = None) -> _Read:
    started = time.perf_counter()

    def pages(done: int, total: int) -> None:
        if progress is not None:
            progress(f"reading {path.name}", done, total)

    try:
        filing: Filing | TieoutError = read_filing(path, vocabulary=vocabulary, progress=pages)
    except UnreadableFileError as error:
        filing = error
    except Exception as error:  # A fault of ours in one file must not cost the batch its others.
        logger.exception("reading %s", path)
        filing = DamagedFileError(f"reading it failed ({type(error).__name__}): please report the file")
    return path, filing, time.perf_counter() - started


def _read_in_pool(files: Sequence[Path], vocabulary: Vocabulary, jobs: int) -> Iterator[_Read]:
    """Read in worker processes, a few files ahead.

    When a worker dies, the pool cannot tell over which file. Those that were under way are then read one
    by one, each in a process of its own, and the rest goes on in a new pool.
    """
    waiting = list(files)
    while waiting:
        suspects: list[Path] = []
        with ProcessPoolExecutor(max_workers=jobs, mp_context=get_context("spawn")) as pool:
            running: list[tuple[Path, Future[_Read]]] = []
            try:
                while waiting or running:
                    while waiting and len(running) < 2 * jobs:
                        running.append((waiting[0], pool.submit(_read, waiting[0], vocabulary)))
                        waiting.pop(0)
                    yield running[0][1].result()
                    running.pop(0)
            except BrokenProcessPool:
                suspects = [path for path, _ in running]
            except (KeyboardInterrupt, GeneratorExit):
                pool.shutdown(wait=False, cancel_futures=True)
                raise
        for path in suspects:
            yield _read_alone(path, vocabulary)


def _read_alone(path: Path, vocabulary: Vocabulary) -> _Read:
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as pool:
        try:
            return pool.submit(_read, path, vocabulary).result()
        except BrokenProcessPool:
            return path, DamagedFileError("reading it ended the worker process: get the file again"), 0.0


def _commit(
    path: Path, filing: Filing, read_seconds: float, library: Library, embedder: Embedder, progress: Progress | None
) -> Added:
    started = time.perf_counter()
    if progress is not None:
        progress(f"embedding {path.name}", len(filing.pages), len(filing.pages))
    vectors = embedder.embed([embedding_text(passage) for passage in filing.passages])
    embedded = time.perf_counter()
    fresh = library.add(filing, path, vectors)
    seconds = {
        "read": round(read_seconds, 3),
        "embed": round(embedded - started, 3),
        "commit": round(time.perf_counter() - embedded, 3),
    }
    if not fresh:
        return Added(path, "already there", "the same content is in the library", filing, seconds)
    return Added(path, "added", describe(filing), filing, seconds)


def describe(filing: Filing) -> str:
    """Say in a line what was understood of a filing."""
    identity = filing.identity
    period = f"FY{identity.fiscal_year}" if identity.fiscal_year else ""
    if period and identity.fiscal_quarter:
        period = f"Q{identity.fiscal_quarter} {period}"
    head = " ".join(part for part in (identity.company or "company not told", identity.form, period) if part)
    counts = f"{len(filing.pages):,} pages, {len(filing.tables):,} tables, {len(filing.facts):,} facts"
    return f"{head}: {counts}, {len(filing.passages):,} passages"
