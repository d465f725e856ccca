"""Adds files to a library: each is read, embedded and committed on its own, and a bad one stops nothing."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

from index.access import DEFAULT_COLLECTION
from index.contract import Embedder
from index.library import Library
from ingest.batch import read_files
from ingest.errors import UnreadableFileError, UsageError
from ingest.filing import Filing
from ingest.guard import Limits
from ingest.kinds import SUFFIXES
from ingest.passages import embedding_text
from ingest.read import file_id

Step = Literal["reading", "embedding"]
Progress = Callable[[Step, Path, int, int], None]
"""Called with what is done to which file, how many of its pages are done, and how many it has."""


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
    vocabulary: Sequence[Path] = (),
    *,
    jobs: int = 1,
    limits: Limits | None = None,
    progress: Progress | None = None,
    collection: str = DEFAULT_COLLECTION,
) -> Iterator[Added]:
    """Yield what became of each file as soon as it is known: with one job in the order given.

    They come into ``collection``; what they replaced there is wiped from the disk at the end. Files whose
    content is there already are not read. The others are read by ``jobs`` worker processes within
    ``limits``, while what was read is embedded here; a file that ends or stalls its worker takes nothing
    else with it. ``vocabulary`` are the user's files that extend the built-in one. ``progress`` is called
    from other threads too. Raises UsageError where ``jobs`` is less than 1.
    """
    if jobs < 1:
        raise UsageError(f"--jobs must be 1 or more, not {jobs}")
    fresh = []
    for path in files:
        known = _known(path, library, collection)
        if known is not None:
            yield known
        else:
            fresh.append(path)
    if not fresh:
        return
    ready = embedder()
    library.use(ready)
    pages = None if progress is None else partial(progress, "reading")
    reading = read_files(fresh, jobs=jobs, limits=limits, vocabulary=vocabulary, progress=pages)
    with closing(reading):
        for outcome in reading:
            if outcome.filing is None:
                yield Added(outcome.path, "not added", str(outcome.error))
            else:
                yield _commit(outcome.path, outcome.filing, outcome.seconds, library, collection, ready, progress)
    if library.unwiped:
        library.purge()


def _known(path: Path, library: Library, collection: str) -> Added | None:
    """What can be said of a file before it is read: that it is there already, or that it cannot be opened."""
    try:
        if library.holds(file_id(path), collection):
            return Added(path, "already there", "the same content is in the library")
    except UnreadableFileError as error:
        return Added(path, "not added", str(error))
    return None


def _commit(
    path: Path,
    filing: Filing,
    read_seconds: float,
    library: Library,
    collection: str,
    embedder: Embedder,
    progress: Progress | None,
) -> Added:
    started = time.perf_counter()
    if progress is not None:
        progress("embedding", path, len(filing.pages), len(filing.pages))
    vectors = embedder.embed([embedding_text(passage) for passage in filing.passages])
    embedded = time.perf_counter()
    fresh = library.add(filing, path, vectors, collection)
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
