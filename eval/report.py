"""A report: metrics with intervals, by group, the worst cases, and what the run depended on."""

from __future__ import annotations

import json
import platform
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from eval.case import Case, Prediction
from eval.contract import Aggregate, Benchmark
from eval.intervals import Interval, mean_interval, statistic_interval
from eval.rows import Row

SHOWN = 12
"""Rows of each kind that the Markdown report lists."""


def make_report(benchmark: Benchmark, rows: Sequence[Row], described: dict[str, Any]) -> dict[str, Any]:
    """Return the report as plain data: ``metrics`` maps names to value, low, high and n."""
    seed = int(described["seed"])
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row.group].append(row)
    return {
        **described,
        "metrics": {name: asdict(value) for name, value in metrics(benchmark, rows, seed).items()},
        "groups": {
            name: {metric: asdict(value) for metric, value in metrics(benchmark, members, seed).items()}
            for name, members in sorted(groups.items())
            if len(groups) > 1
        },
        "seconds": _seconds(rows),
        "environment": {"python": platform.python_version(), "machine": platform.machine()},
    }


def metrics(benchmark: Benchmark, rows: Sequence[Row], seed: int) -> dict[str, Interval]:
    """Return the mean of each metric over the cases that it applies to, and the benchmark's aggregates."""
    names = dict.fromkeys(name for row in rows for name in row.scores)
    found: dict[str, Interval] = {}
    for name in names:
        values = [value for row in rows if (value := row.scores.get(name)) is not None]
        if values:
            found[name] = mean_interval(values, seed=seed)
    for aggregate in benchmark.aggregates:
        for name in aggregate(_pairs(rows)):
            found[name] = statistic_interval(len(rows), partial(_one, aggregate, name, rows), seed=seed)
    return found


def write_report(report: dict[str, Any], rows: Sequence[Row], benchmark: Benchmark, out: Path) -> None:
    """Write ``report.json`` and ``report.md`` into ``out``."""
    (out / "report.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    (out / "report.md").write_text(markdown(report, rows, benchmark), encoding="utf-8")


def markdown(report: dict[str, Any], rows: Sequence[Row], benchmark: Benchmark) -> str:
    """Return the report for people."""
    lines = [
        f"# {benchmark.name} with {report['system']}",
        "",
        f"{benchmark.description} {report['cases']} cases, seed {report['seed']}; 95 % bootstrap intervals.",
        "",
        *_table(report["metrics"]),
    ]
    for name, values in report["groups"].items():
        lines += ["", f"## {name or 'without a group'}", "", *_table(values)]
    lines += ["", "## How cases ended", "", *_endings(rows)]
    lines += ["", "## Wrong answers", "", *_listed([row for row in rows if row.scores.get("wrong")])]
    lines += ["", "## Failures", "", *_listed([row for row in rows if row.prediction.status == "failed"])]
    lines += ["", "## What this run depended on", ""]
    lines += [f"- {key}: {value}" for key, value in {**report["state"], **report["environment"]}.items()]
    return "\n".join(lines) + "\n"


def _table(values: dict[str, dict[str, float]]) -> list[str]:
    lines = ["| metric | value | 95 % interval | n |", "|---|---|---|---|"]
    for name, v in values.items():
        lines.append(f"| {name} | {v['value']:.3f} | {v['low']:.3f} – {v['high']:.3f} | {v['n']} |")
    return lines


def _endings(rows: Sequence[Row]) -> list[str]:
    counts = Counter((row.prediction.status, row.prediction.reason or "") for row in rows)
    return [
        f"- {status}{f' ({reason})' if reason else ''}: {count}"
        for (status, reason), count in counts.most_common(SHOWN)
    ]


def _listed(rows: Sequence[Row]) -> list[str]:
    if not rows:
        return ["none"]
    shown = []
    for row in rows[:SHOWN]:
        said = _short(row.prediction.text or row.prediction.reason or "")
        shown.append(f"- `{row.id}` {_short(row.question)} — gold: {_short(row.gold)}; said: {said}")
    return [*shown, f"- and {len(rows) - SHOWN} more in rows.jsonl"] if len(rows) > SHOWN else shown


def _short(text: str, width: int = 140) -> str:
    plain = " ".join(text.split()).replace("|", "/")
    return plain if len(plain) <= width else plain[: width - 1] + "…"


def _seconds(rows: Sequence[Row]) -> dict[str, float]:
    seconds = [row.prediction.seconds for row in rows]
    if not seconds:
        return {}
    return {"total": round(sum(seconds), 2), "median": round(median(seconds), 4), "max": round(max(seconds), 4)}


def _pairs(rows: Sequence[Row]) -> list[tuple[Case, Prediction]]:
    return [(Case(row.id, row.question, row.gold, group=row.group, fold=row.fold), row.prediction) for row in rows]


def _one(aggregate: Aggregate, name: str, rows: Sequence[Row], chosen: Sequence[int]) -> float:
    return float(aggregate(_pairs([rows[i] for i in chosen])).get(name, 0.0))
