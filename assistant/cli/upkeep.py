"""``tieout doctor`` and ``tieout reindex``."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from pathlib import Path

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from assistant.cli.opening import console, embedder_for, open_library, settings_for
from index.library import Library
from ingest.errors import LibraryError, UsageError
from ingest.filing import Filing
from ingest.read import file_id, read_filing

_HASH = re.compile(r"[0-9a-f]{64}")


def examine_library(repair: bool, absent: str | None, library: Path | None, as_json: bool) -> int:
    """Print what is wrong, a line each, and return 0 where nothing is, or nothing is any more."""
    settings = settings_for(library)
    with open_library(settings) as opened:
        if absent is not None:
            return _show_traces(opened, absent, as_json)
        findings = opened.mend(lambda: embedder_for(settings)) if repair else opened.examine()
    if as_json:
        print(json.dumps([asdict(finding) for finding in findings], indent=2))
    else:
        for finding in findings:
            console().print(finding.describe())
        count = f"{len(findings)} findings" if findings else "nothing is wrong"
        console().print(f"{settings.library}: {count}")
    return LibraryError.exit_code if findings else 0


def _show_traces(library: Library, absent: str, as_json: bool) -> int:
    """Print what is left of a filing, which was named by its SHA-256 or by a file that somebody kept."""
    filing: Filing | None = None
    if _HASH.fullmatch(absent):
        name = absent
    elif Path(absent).is_file():
        name, filing = file_id(Path(absent)), read_filing(Path(absent))
    else:
        raise UsageError(f"{absent} is neither the SHA-256 of a filing (64 hex digits) nor a file")
    traces = library.traces(name, filing)
    if as_json:
        print(json.dumps({"filing": name, "traces": traces}, indent=2))
    else:
        for trace in traces:
            console().print(trace)
        searched = "its id and its text were" if filing is not None else "its id was"
        left = f"{len(traces)} traces" if traces else f"nothing is left; {searched} looked for in every file"
        console().print(f"{name[:12]}: {left}")
    return LibraryError.exit_code if traces else 0


def reindex_library(library: Path | None) -> int:
    """Embed all passages with the settings' embedder, with a progress bar; an interrupted run is taken up again."""
    settings = settings_for(library)
    err = console(stderr=True)
    columns = (TextColumn("embedding"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with (
        open_library(settings) as opened,
        Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar,
    ):
        task = bar.add_task("", total=None)
        embedder = embedder_for(settings)
        count = opened.reindex(embedder, lambda done, total: bar.update(task, completed=done, total=total))
    done = f"{count:,} passages embedded with {embedder.name}" if count else f"it has the vectors of {embedder.name}"
    console().print(f"{settings.library}: {done}")
    return 0
