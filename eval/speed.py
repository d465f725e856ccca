"""Measures speed and size: ``python -m eval.speed FILE… [--only BENCH]… [--ask QUESTION] [--large]``.

Files are added to a fresh library in a temporary folder, with the settings' models. Figures on a shared
machine are noisy, so every one stands beside a baseline of the same run: ratios say more than seconds. The
benches are ``add`` (reading, embedding, committing, asking), ``parse``, ``embed``, ``memory``, ``peer``, ``search`` and
``tokens``; the last two need no files. ``peer`` is adding against LlamaIndex's default path, needs the extra ``peers``
and is run only where it is named.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

from assistant.add import add_files, find_files
from assistant.cli.opening import assistant_for, embedder_for
from assistant.config import Settings, load_settings
from eval.speeds.measurement import Measurement, against, peak_memory
from index.library import Library
from ingest.errors import TieoutError

BENCHES = ("add", "parse", "embed", "memory", "peer", "search", "tokens")
WITH_FILES = frozenset(BENCHES[:5])
SIZES = (10_000, 100_000)
LARGE = 1_000_000
"""Vectors of the searches; the last with --large, for it takes minutes and 4 GB."""


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
            results = [*problems, *add_files(found, library, lambda: embedder, settings.vocabulary)]
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
        peak_memory=round(peak_memory(), 0),
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
    return _seconds_of("-m", "assistant.cli.main", "ask", question, "--library", str(settings.library))


def _seconds_of(*arguments: str) -> float:
    """Seconds of a whole Python process."""
    started = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)  # noqa: S603
    return time.perf_counter() - started


def add_and_ask(files: Sequence[Path], question: str, repeat: int) -> tuple[Speed, list[Measurement]]:
    """Measure adding and asking, and put the figures beside their baselines."""
    speed = measure(files, question, repeat)
    start = _seconds_of("-c", "import torch, sentence_transformers")
    rows = [
        against("ask, all loaded", max(speed.ask_warm, 1e-4), "s", "a whole tieout ask", speed.ask_cold),
        against("ask, a whole process", speed.ask_cold, "s", "Python importing torch and its like", start),
    ]
    if speed.pages and speed.read:
        reading = speed.pages / speed.read
        rows.insert(0, against("add", speed.pages_per_second, "pages/s", "reading alone", reading))
    return speed, rows


def run(benches: Sequence[str], files: Sequence[Path], question: str, repeat: int, large: bool) -> dict[str, Any]:
    """Run the benches in their order and return all figures as plain data."""
    from eval.speeds.embed import measure_embedding
    from eval.speeds.memory import measure_memory
    from eval.speeds.parse import measure_parsing
    from eval.speeds.peer import measure_peer
    from eval.speeds.search import measure_search
    from eval.speeds.tokens import measure_tokens

    found, _ = find_files(files)
    sizes = (*SIZES, LARGE) if large else SIZES
    doors: dict[str, Callable[[], list[Measurement]]] = {
        "parse": lambda: measure_parsing(found),
        "embed": lambda: measure_embedding(_passages(found), load_settings()),
        "memory": lambda: measure_memory(found),
        "peer": lambda: measure_peer(found),
        "search": lambda: measure_search(sizes),
        "tokens": lambda: measure_tokens(load_settings()),
    }
    result: dict[str, Any] = {}
    rows: list[Measurement] = []
    for bench in [bench for bench in BENCHES if bench in benches]:
        if bench == "add":
            speed, measured = add_and_ask(files, question, repeat)
            result.update(asdict(speed))
        else:
            measured = doors[bench]()
        rows.extend(measured)
    return {**result, "measurements": [asdict(row) for row in rows]}


def _passages(files: Sequence[Path]) -> list[str]:
    """The passages of the first file, as they are embedded."""
    from ingest.passages import embedding_text
    from ingest.read import read_filing

    return [embedding_text(passage) for passage in read_filing(files[0]).passages] if files else []


def main() -> None:
    """Parse the arguments, measure, and print JSON."""
    parser = argparse.ArgumentParser(prog="python -m eval.speed", description="Measures speed and size.")
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="filings, or folders of them")
    parser.add_argument("--only", action="append", choices=BENCHES, metavar="BENCH", help=", ".join(BENCHES))
    parser.add_argument("--ask", default="What was the revenue?", metavar="QUESTION")
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--large", action="store_true", help=f"search {LARGE:,} vectors too")
    given = parser.parse_args()
    benches = given.only or [b for b in BENCHES if b != "peer" and (given.files or b not in WITH_FILES)]
    if not given.files and WITH_FILES.intersection(benches):
        parser.error("these benches need files: name filings, or folders of them")
    try:
        print(json.dumps(run(benches, given.files, given.ask, given.repeat, given.large), indent=2))
    except TieoutError as error:
        parser.exit(error.exit_code, f"{parser.prog}: {error}\n")


if __name__ == "__main__":
    main()
