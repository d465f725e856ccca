"""Runs a benchmark: case by case, each row on disk as soon as it is known, so that a run can be taken up again."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from eval.case import Case, Prediction, Score
from eval.contract import Benchmark, Progress, System
from eval.rows import Row, read_rows, write_row
from eval.speeds.measurement import peak_memory
from ingest.errors import TieoutError, UsageError

ROWS = "rows.jsonl"
RUN = "run.json"


@dataclass(frozen=True, slots=True)
class RunPlan:
    """What is to be run: which cases of which benchmark with which system, and where it is written."""

    benchmark: Benchmark
    system: str
    data: Path
    work: Path
    out: Path
    limit: int | None = None
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Cost:
    """What a run took: seconds of getting ready and of all cases, and this process's most memory in MB.

    ``kept`` cases came from an earlier run of the same plan and took no time in this one. Worker processes
    are not in the memory.
    """

    prepare_seconds: float
    ask_seconds: float
    kept: int
    peak_memory_mb: float


@dataclass(frozen=True, slots=True)
class RunResult:
    """A run's rows, what identifies it, and what it took."""

    rows: list[Row]
    described: dict[str, Any]
    cost: Cost


def run(plan: RunPlan, progress: Progress) -> RunResult:
    """Run ``plan``.

    Rows that an interrupted run of the same plan left are kept, and scored anew. Raises UsageError where
    the folder holds another run, and DataAbsentError where the data are not there.
    """
    cases = choose_cases(plan.benchmark.load(plan.data), plan.limit, plan.seed)
    system = open_system(plan)
    started = time.perf_counter()
    state = dict(system.prepare(cases, progress))
    ready = time.perf_counter()
    described = describe(plan, cases, state)
    plan.out.mkdir(parents=True, exist_ok=True)
    kept = _kept_predictions(plan.out, described)
    rows: list[Row] = []
    with (plan.out / ROWS).open("w", encoding="utf-8") as stream:
        for case, prediction in zip(cases, predictions(system, cases, kept), strict=True):
            row = Row.of(case, prediction, score(plan.benchmark, case, prediction))
            rows.append(row)
            stream.write(write_row(row) + "\n")
            stream.flush()
            progress(f"{plan.benchmark.name} with {plan.system}", len(rows), len(cases))
    asked = time.perf_counter() - ready
    cost = Cost(round(ready - started, 2), round(asked, 2), len(kept), round(peak_memory(), 0))
    return RunResult(rows, described, cost)


def choose_cases(cases: Sequence[Case], limit: int | None, seed: int) -> tuple[Case, ...]:
    """Return all cases, or ``limit`` of them drawn with ``seed``, in their own order."""
    if limit is None or limit >= len(cases):
        return tuple(cases)
    chosen = np.random.default_rng(seed).choice(len(cases), size=limit, replace=False)
    return tuple(cases[i] for i in sorted(chosen))


def open_system(plan: RunPlan) -> System:
    """Open the system of a plan. Raises UsageError where the benchmark has none of that name."""
    door = plan.benchmark.systems.get(plan.system)
    if door is None:
        known = ", ".join(plan.benchmark.systems)
        raise UsageError(f"{plan.benchmark.name} has no system {plan.system}: it has {known}")
    return door(plan.data, plan.work)


def predictions(system: System, cases: Sequence[Case], kept: Mapping[str, Prediction]) -> Iterator[Prediction]:
    """Yield the prediction of each case in order, as soon as it is known; those that are ``kept`` are not made again.

    So many cases are asked at once as the system says (``concurrent``), one by one where it says nothing.
    """
    at_once = getattr(system, "concurrent", 1)
    if at_once == 1:
        yield from (kept.get(case.id) or predict(system, case) for case in cases)
        return
    pool = ThreadPoolExecutor(at_once)
    try:
        yield from pool.map(lambda case: kept.get(case.id) or predict(system, case), cases)
    finally:
        pool.shutdown(cancel_futures=True)


def predict(system: System, case: Case) -> Prediction:
    """Ask the system; what fails is a prediction too, with its reason."""
    started = time.perf_counter()
    try:
        prediction = system.predict(case)
    except (TieoutError, ArithmeticError, LookupError, ValueError, TypeError, RuntimeError, OSError) as error:
        prediction = Prediction("failed", reason=f"{type(error).__name__}: {error}")
    return replace(prediction, seconds=round(time.perf_counter() - started, 4))


def score(benchmark: Benchmark, case: Case, prediction: Prediction) -> list[Score]:
    """Return the scores of all scorers, and how the case ended."""
    ended = [Score(status, float(prediction.status == status)) for status in ("abstained", "failed")]
    judged = [score for scorer in benchmark.scorers for score in scorer.score(case, prediction)]
    known = {each.metric: each.value for each in judged}
    return [*(each for each in ended if each.metric not in known), *judged, *_risk(prediction, known)]


def _risk(prediction: Prediction, known: Mapping[str, float | None]) -> list[Score]:
    """``coverage`` and ``wrong_of_answered``, which are read together, where answers are right or wrong.

    An undecided answer is covered, and has no part in the share of wrong ones.
    """
    if "wrong" not in known:
        return []
    answered = prediction.status == "answered"
    covered = None if prediction.status == "not_applicable" else float(answered)
    risked = known["wrong"] if answered and not known.get("undecided") else None
    return [Score("coverage", covered), Score("wrong_of_answered", risked)]


def describe(plan: RunPlan, cases: Sequence[Case], state: Mapping[str, str]) -> dict[str, Any]:
    """Return all that a run depends on: the same description means the same predictions."""
    asked = hashlib.sha256(json.dumps([[case.id, case.question] for case in cases]).encode()).hexdigest()[:12]
    return {
        "benchmark": plan.benchmark.name,
        "system": plan.system,
        "cases": len(cases),
        "limit": plan.limit,
        "seed": plan.seed,
        "state": {"questions": asked, **state},
    }


def _kept_predictions(out: Path, described: dict[str, Any]) -> dict[str, Prediction]:
    """Predictions of an earlier run of the same description; the description is written where there is none."""
    marker = out / RUN
    if marker.is_file():
        earlier = json.loads(marker.read_text(encoding="utf-8"))
        if earlier != described:
            changed = ", ".join(key for key in described if earlier.get(key) != described[key])
            raise UsageError(f"{out} holds another run (it differs in {changed}): name another folder with --out")
        if (out / ROWS).is_file():
            return {row.id: row.prediction for row in read_rows(out / ROWS) if row.prediction.status != "failed"}
        return {}
    marker.write_text(json.dumps(described, indent=2) + "\n", encoding="utf-8")
    return {}
