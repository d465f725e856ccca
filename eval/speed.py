"""Measures adding and asking on given files: ``python -m eval.speed FILE… [--ask QUESTION] [--repeat N]``.

A fresh library in a temporary folder is used, and the settings' models. Each part is timed on its own;
figures on a shared machine are noisy, so ratios within one run say more than seconds.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from assistant.add import add_files, find_files
from assistant.cli.opening import assistant_for, embedder_for, vocabulary_for
from assistant.config import Settings, load_settings
from index.library import Library


@dataclass(frozen=True, slots=True)
class Speed:
    """What was measured. Times are seconds, memory MB; ``ask_cold`` is a whole ``tieout ask`` process."""

    pages: int
    passages: int
    read: float
    embed: float
    commit: float
    pages_per_second: float
    embedder_load: float
    ask_cold: float
    ask_warm: float
    answer: str
    peak_memory: float


def measure(files: Sequence[Path], question: str, repeat: int) -> Speed:
    """Add ``files`` to a fresh library, ask ``question`` once cold and ``repeat`` times warm."""
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings(library=Path(folder) / "library")
        started = time.perf_counter()
        embedder = embedder_for(settings)
        loaded = time.perf_counter() - started
        found, problems = find_files(files)
        with Library.open(settings.library, create=True) as library:
            results = [*problems, *add_files(found, library, lambda: embedder, vocabulary_for(settings))]
            for result in results:
                if result.filing is None:
                    print(f"not measured: {result.path}: {result.message}", file=sys.stderr)
            filings = [r for r in results if r.filing is not None and r.seconds is not None]
            warm, answer = _ask_warm(library, settings, question, repeat)
        cold = _ask_cold(settings, question)
    parts = {name: sum((r.seconds or {})[name] for r in filings) for name in ("read", "embed", "commit")}
    pages = sum(len(r.filing.pages) for r in filings if r.filing)
    return Speed(
        pages=pages,
        passages=sum(len(r.filing.passages) for r in filings if r.filing),
        **{name: round(seconds, 2) for name, seconds in parts.items()},
        pages_per_second=round(pages / max(sum(parts.values()), 1e-9), 1),
        embedder_load=round(loaded, 2),
        ask_cold=round(cold, 2),
        ask_warm=round(warm, 4),
        answer=answer,
        peak_memory=round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 0),
    )


def _ask_warm(library: Library, settings: Settings, question: str, repeat: int) -> tuple[float, str]:
    """The median seconds of one answer with everything loaded, and its text."""
    assistant = assistant_for(settings, library)
    text = assistant.ask(question).answer.text
    seconds = []
    for _ in range(repeat):
        started = time.perf_counter()
        assistant.ask(question)
        seconds.append(time.perf_counter() - started)
    return median(seconds), text


def _ask_cold(settings: Settings, question: str) -> float:
    command = [sys.executable, "-m", "assistant.cli.main", "ask", question, "--library", str(settings.library)]
    started = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603
    return time.perf_counter() - started


def main() -> None:
    """Parse the arguments, measure, and print JSON."""
    parser = argparse.ArgumentParser(prog="python -m eval.speed", description="Measures adding and asking.")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--ask", default="What was the revenue?", metavar="QUESTION")
    parser.add_argument("--repeat", type=int, default=5)
    given = parser.parse_args()
    print(json.dumps(asdict(measure(given.files, given.ask, given.repeat)), indent=2))


if __name__ == "__main__":
    main()
