"""``tieout add``."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from assistant.add import Added, Step, add_files, find_files
from assistant.cli.opening import collection_for, console, embedder_for, limits_for, open_library, settings_for
from assistant.parsed_json import warning_json
from index.contract import Embedder
from ingest.errors import UnreadableFileError, UsageError


def add_and_show(
    paths: Sequence[Path], jobs: int, library: Path | None, as_json: bool, collection: str | None = None
) -> int:
    """Add files with a progress bar, list what became of each, and return the exit code."""
    settings = settings_for(library)
    chosen = collection_for(settings, collection)
    files, results = find_files(paths)
    started = time.perf_counter()
    if files:
        with open_library(settings, create=True) as opened, _bar(as_json) as bar:
            watched = _Watched(bar, len(files), str(settings.library))

            def door() -> Embedder:
                return embedder_for(settings)

            adding = add_files(
                files,
                opened,
                door,
                settings.vocabulary,
                jobs=jobs,
                limits=limits_for(settings),
                progress=watched.tick,
                collection=chosen,
            )
            for result in adding:
                results.append(result)
                watched.done(result.path)
                if not as_json:
                    bar.console.print(_line(result))
    if as_json:
        print(json.dumps([_as_json(result) for result in results], indent=2))
    else:
        for result in results:
            if result.outcome == "not added" and result.path not in files:
                console().print(_line(result))
        console().print(_summary(results, time.perf_counter() - started))
    if not any(result.outcome == "not added" for result in results):
        return 0
    return UnreadableFileError.exit_code if files else UsageError.exit_code


def _bar(as_json: bool) -> Progress:
    """A progress bar where somebody watches; JSON on standard output is left alone."""
    out = console(stderr=as_json)
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=out, transient=True, disable=not out.is_terminal)


class _Watched:
    """A bar for all files, with the pages read and their speed, and one below it for each file at hand."""

    def __init__(self, bar: Progress, files: int, library: str) -> None:
        self.bar = bar
        self.library = library
        self.started = time.perf_counter()
        self.pages: dict[Path, int] = {}
        self.lines: dict[Path, TaskID] = {}
        self.all = bar.add_task(f"adding filings to {library}", total=files)

    def tick(self, step: Step, path: Path, done: int, total: int) -> None:
        """Show how far a file is; may be called from any thread."""
        if path not in self.lines:
            self.lines[path] = self.bar.add_task("", total=None)
        self.bar.update(self.lines[path], description=f"  {step} {path.name}", completed=done, total=total)
        self.pages[path] = done
        pages = sum(list(self.pages.values()))
        speed = pages / (time.perf_counter() - self.started)
        self.bar.update(self.all, description=f"adding filings to {self.library}: {pages:,} pages, {speed:.1f} pages/s")

    def done(self, path: Path) -> None:
        """Count a file as done and take its line away."""
        self.bar.update(self.all, advance=1)
        line = self.lines.pop(path, None)
        if line is not None:
            self.bar.remove_task(line)


def _line(result: Added) -> str:
    seconds = f" ({sum(result.seconds.values()):.1f} s)" if result.seconds else ""
    lines = [f"{result.outcome}: {result.path.name}: {result.message}{seconds}"]
    if result.filing is not None:
        warnings = Counter(warning.message for warning in result.filing.warnings)
        lines += [
            f"  note: {message}" + (f" (on {count} pages)" if count > 1 else "") for message, count in warnings.items()
        ]
    return "\n".join(lines)


def _summary(results: Sequence[Added], seconds: float) -> str:
    counts = Counter(result.outcome for result in results)
    pages = sum(len(r.filing.pages) for r in results if r.filing is not None and r.outcome == "added")
    speed = f", {pages:,} pages, {pages / seconds:.1f} pages/s" if pages else ""
    parts = [f"{counts[name]} {name}" for name in ("added", "already there", "not added") if counts[name]]
    return f"{', '.join(parts) or 'nothing to do'} in {seconds:.1f} s{speed}"


def _as_json(result: Added) -> dict[str, Any]:
    filing = result.filing
    return {
        "path": str(result.path),
        "outcome": result.outcome,
        "message": result.message,
        "filing": filing.id if filing else None,
        "pages": len(filing.pages) if filing else None,
        "warnings": [warning_json(warning) for warning in filing.warnings] if filing else [],
        "seconds": result.seconds,
    }
