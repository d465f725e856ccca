"""How much a benchmark's answers differ from run to run: the same command twice, each in a process of its own.

Fresh processes seed their hashes anew and start their threads and models anew; a library that is there
already is taken as it is, so that reading is compared where a benchmark reads (sections, iXBRL).
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.compare import Comparison, compare
from eval.rows import Row, read_rows
from eval.run import ROWS
from ingest.errors import UsageError

TIMES = frozenset(("seconds", "timings"))
"""What differs from run to run and is no answer."""


@dataclass(frozen=True, slots=True)
class Noise:
    """What differs between two runs.

    ``said`` are the cases that ended otherwise or were answered in other words; ``whole`` those in which
    anything else that a row keeps of the prediction differs too: its values, citations, ranking, or what it
    rests on. ``scored`` are those that a score changed of.
    """

    cases: int
    said: tuple[str, ...]
    whole: tuple[str, ...]
    scored: tuple[str, ...]
    comparison: Comparison


def measure_noise(arguments: Sequence[str], out: Path) -> Noise:
    """Run ``tieout eval run`` with ``arguments`` twice, into ``out``/1 and ``out``/2, and compare.

    Raises UsageError where a run is there already, for it would be kept and not run again, or where one fails.
    """
    folders = [out / "1", out / "2"]
    for folder in folders:
        if folder.exists():
            raise UsageError(f"{folder} is there already: name another folder with --out, or remove it")
    for folder in folders:
        command = [sys.executable, "-m", "assistant.cli.main", "eval", "run", *arguments, "--out", str(folder)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own command
        if done.returncode:
            told = (done.stderr.strip() or done.stdout.strip()).splitlines()
            raise UsageError(f"the run into {folder} failed: {told[-1] if told else f'exit code {done.returncode}'}")
    return noise_between(*folders)


def noise_between(first: Path, second: Path) -> Noise:
    """Compare two runs of the same benchmark. Raises UsageError where they are none."""
    comparison = compare(first, second)
    rows = {row.id: row for row in read_rows(second / ROWS)}
    pairs = [(row, rows[row.id]) for row in read_rows(first / ROWS) if row.id in rows]
    return Noise(
        len(pairs),
        comparison.changed,
        tuple(a.id for a, b in pairs if _without_times(a) != _without_times(b)),
        tuple(a.id for a, b in pairs if a.scores != b.scores),
        comparison,
    )


def _without_times(row: Row) -> Any:
    return _plain({name: getattr(row.prediction, name) for name in row.prediction.__dataclass_fields__})


def _plain(value: Any) -> Any:
    """A value without the times in it, at any depth."""
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items() if key not in TIMES}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value
