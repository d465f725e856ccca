"""Compares two runs case by case, and holds a run against a stored baseline."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from eval.case import Prediction
from eval.intervals import Difference, paired_difference
from eval.rows import Row, read_rows, write_row
from eval.run import ROWS, RUN
from ingest.errors import UsageError

_HASHED = "sha256:"


@dataclass(frozen=True, slots=True)
class Comparison:
    """B against A, metric by metric, over the cases that both have. ``changed`` are ids whose text differs."""

    benchmark: str
    a: str
    b: str
    shared: int
    differences: dict[str, Difference]
    changed: tuple[str, ...]

    def regressions(self, worse: Sequence[str], headline: Sequence[str] = ()) -> dict[str, Difference]:
        """Return the metrics in which B is worse than A by more than chance.

        ``worse`` are the metrics of which less is better. If ``headline`` metrics are named, only these and
        the worse ones count: what a benchmark is about, and what must never grow.
        """
        found = {}
        for metric, difference in self.differences.items():
            against = difference.value > 0 if metric in worse else difference.value < 0
            if difference.significant and against and (not headline or metric in headline or metric in worse):
                found[metric] = difference
        return found


def compare(a: Path, b: Path, *, seed: int = 0) -> Comparison:
    """Compare the run in folder ``b`` with the one in ``a``.

    Raises UsageError where one is no run, they are of different benchmarks, or share no case.
    """
    about_a, about_b = _about(a), _about(b)
    if about_a["benchmark"] != about_b["benchmark"]:
        raise UsageError(f"{a} is a run of {about_a['benchmark']} and {b} one of {about_b['benchmark']}")
    rows_a = {row.id: row for row in read_rows(a / ROWS)}
    rows_b = {row.id: row for row in read_rows(b / ROWS)}
    shared = [identifier for identifier in rows_a if identifier in rows_b]
    if not shared:
        raise UsageError(f"{a} and {b} have no case in common")
    metrics = dict.fromkeys(name for identifier in shared for name in rows_a[identifier].scores)
    differences = {}
    for metric in metrics:
        pairs = _pairs(metric, [rows_a[i] for i in shared], [rows_b[i] for i in shared])
        if pairs:
            differences[metric] = paired_difference([x for x, _ in pairs], [y for _, y in pairs], seed=seed)
    changed = tuple(i for i in shared if _said(rows_a[i]) != _said(rows_b[i]))
    return Comparison(
        about_a["benchmark"], str(about_a["system"]), str(about_b["system"]), len(shared), differences, changed
    )


def baseline_folder(name: str, benchmark: str) -> Path:
    """Return the folder of a stored baseline: a path as it is, else one that comes with Tieout.

    Raises UsageError where there is none.
    """
    for folder in (Path(name), Path(__file__).parent / "baselines" / name / benchmark):
        if (folder / ROWS).is_file():
            return folder
    raise UsageError(f"there is no baseline {name} of {benchmark}: name a folder with {ROWS}, or run one and keep it")


def keep(run: Path, folder: Path) -> int:
    """Store a run as a baseline without anybody's questions or answers: ids, endings and scores.

    Returns the number of rows. What was said is kept as a hash, which tells only whether it changed.
    """
    about = _about(run)
    rows = [
        replace(row, question="", gold="", details={}, prediction=Prediction(row.prediction.status, text=_hash(row)))
        for row in read_rows(run / ROWS)
    ]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / RUN).write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")
    (folder / ROWS).write_text("".join(write_row(row) + "\n" for row in rows), encoding="utf-8")
    return len(rows)


def _about(folder: Path) -> dict[str, Any]:
    try:
        about: dict[str, Any] = json.loads((folder / RUN).read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"{folder} holds no run: there is no {RUN} in it") from error
    return about


def _pairs(metric: str, rows_a: Sequence[Row], rows_b: Sequence[Row]) -> list[tuple[float, float]]:
    pairs = ((x.scores.get(metric), y.scores.get(metric)) for x, y in zip(rows_a, rows_b, strict=True))
    return [(x, y) for x, y in pairs if x is not None and y is not None]


def _said(row: Row) -> tuple[str, str]:
    return row.prediction.status, _hash(row)


def _hash(row: Row) -> str:
    """What a row said, as a hash; a baseline's rows hold the hash itself."""
    said = row.prediction.text
    if said.startswith(_HASHED):
        return said
    return _HASHED + hashlib.sha256(f"{said}\n{row.prediction.label}".encode()).hexdigest()[:16]
