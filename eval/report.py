"""A report: metrics with intervals, by group, the worst cases, and what the run depended on."""

from __future__ import annotations

import json
import platform
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import Any

from eval.contract import Benchmark
from eval.intervals import Interval, mean_interval, statistic_intervals
from eval.rows import Row
from eval.run import Cost
from eval.scorers.calibration import calibration, outcomes
from eval.scorers.labels import cohens_kappa

SHOWN = 12
"""Rows of each kind that the Markdown report lists."""


def make_report(benchmark: Benchmark, rows: Sequence[Row], described: dict[str, Any], cost: Cost) -> dict[str, Any]:
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
        "cost": asdict(cost),
        "usage": _usage(rows),
        "environment": {"python": platform.python_version(), "machine": platform.machine()},
    }


def metrics(benchmark: Benchmark, rows: Sequence[Row], seed: int) -> dict[str, Interval]:
    """Return the mean of each metric over the cases that it applies to, and the benchmark's aggregates.

    Where a system is confident to different degrees, how much that tells stands beside them, and where a
    second judge was asked, how far it agrees with the labels beyond chance.
    """
    names = dict.fromkeys(name for row in rows for name in row.scores)
    found: dict[str, Interval] = {}
    for name in names:
        scored = [(value, row.case.fold) for row in rows if (value := row.scores.get(name)) is not None]
        if scored:
            folds = [fold for _, fold in scored] if benchmark.together else None
            found[name] = mean_interval([value for value, _ in scored], seed=seed, together=folds)
    pairs = [(row.case, row.prediction) for row in rows]
    for aggregate in benchmark.aggregates:
        found |= statistic_intervals(
            len(pairs),
            lambda chosen: aggregate([pairs[i] for i in chosen]),  # noqa: B023 - called at once
            seed=seed,
            together=[case.fold for case, _ in pairs] if benchmark.together else None,
        )
    confident = [(confidence, right) for confidence, right in outcomes(rows) if confidence is not None]
    if confident:
        found |= statistic_intervals(
            len(confident), lambda chosen: calibration([confident[i] for i in chosen]), seed=seed
        )
    judged = [
        (bool(row.scores["correct"]), bool(same))
        for row in rows
        if (same := row.scores.get("judge_agreement")) is not None
    ]
    if judged:
        found |= statistic_intervals(len(judged), lambda chosen: _kappa([judged[i] for i in chosen]), seed=seed)
    return found


def _kappa(judged: Sequence[tuple[bool, bool]]) -> dict[str, float]:
    """``judge_kappa`` of a person's labels and whether a second judge said the same; nothing where undefined."""
    kappa = cohens_kappa([(label, label == same) for label, same in judged])
    return {} if kappa is None else {"judge_kappa": kappa}


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
    lines += ["", "## Undecided answers", "", *_listed([row for row in rows if row.scores.get("undecided")])]
    lines += ["", "## Failures", "", *_listed([row for row in rows if row.prediction.status == "failed"])]
    lines += ["", "## What it took", "", *_cost(report)]
    lines += ["", "## What this run depended on", ""]
    lines += [f"- {key}: {value}" for key, value in {**report["state"], **report["environment"]}.items()]
    return "\n".join(lines) + "\n"


def _table(values: dict[str, dict[str, float]]) -> list[str]:
    lines = ["| metric | value | 95 % interval | n |", "|---|---|---|---|"]
    for name, v in values.items():
        lines.append(f"| {name} | {v['value']:.3f} | {v['low']:.3f} – {v['high']:.3f} | {v['n']} |")
    return lines


def _cost(report: dict[str, Any]) -> list[str]:
    cost, each = report["cost"], report["seconds"]
    kept = f", {cost['kept']} of them taken from an earlier run" if cost["kept"] else ""
    return [
        f"- getting ready: {cost['prepare_seconds']:.1f} s",
        f"- {report['cases']} cases: {cost['ask_seconds']:.1f} s{kept}",
        *([f"- a case: {each['median']:.3f} s median, {each['max']:.3f} s at most"] if each else []),
        *_spent(report["usage"]),
        f"- peak memory: {cost['peak_memory_mb']:,.0f} MB, worker processes not counted",
    ]


def _spent(usage: dict[str, Any]) -> list[str]:
    if not usage:
        return []
    requests = f" in {usage['requests']:,} requests" if usage["requests"] else ""
    cost = f", cost {usage['cost']} in the currency of the prices" if usage["cost"] is not None else ""
    read, written = usage["prompt_tokens"], usage["tokens"]
    return [f"- the generator, over {usage['cases']} cases: {read:,} tokens read, {written:,} written{requests}{cost}"]


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


def _usage(rows: Sequence[Row]) -> dict[str, Any]:
    """What the generator took over all cases, those of earlier runs included; empty where none was asked.

    The cost is a decimal as text, None where it is not known of every case.
    """
    found = [usage for row in rows if (usage := row.prediction.extra.get("usage"))]
    if not found:
        return {}
    costs = [usage["cost"] for usage in found]
    return {
        "cases": len(found),
        **{name: sum(usage[name] for usage in found) for name in ("prompt_tokens", "tokens", "requests")},
        "cost": None if None in costs else f"{sum(map(Decimal, costs)):f}",
    }
