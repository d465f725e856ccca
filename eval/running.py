"""Runs a benchmark for the command line: progress, report, pictures, baseline."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from assistant.cli.opening import console
from eval.compare import Comparison, baseline_folder, compare
from eval.contract import Benchmark
from eval.judges import open_judge
from eval.pictures import draw_pictures
from eval.registry import open_benchmark
from eval.report import make_report, write_report
from eval.rows import Row
from eval.run import RunPlan, RunResult, run
from eval.scorers.answer import AnswerScorer
from eval.scorers.labels import read_labels, write_sheet
from ingest.errors import UsageError

BASELINE_LOST = 10
"""Exit code when a run is worse than its baseline by more than chance."""


def run_and_report(
    name: str,
    system: str | None,
    limit: int | None,
    baseline: str | None,
    out: Path | None,
    seed: int,
    labels: Path | None,
    judge: str | None,
    data: Path,
    work: Path,
) -> int:
    """Run, report and compare; return the exit code: BASELINE_LOST where the baseline is lost."""
    benchmark = _with_judges(open_benchmark(name), labels, judge)
    chosen = system or next(iter(benchmark.systems))
    folder = out or work / "runs" / f"{name}-{chosen}{f'-{limit}' if limit else ''}"
    against = baseline_folder(baseline, name) if baseline else None
    plan = RunPlan(benchmark, chosen, data, work, folder, limit, seed)
    result = _run_with_progress(plan)
    rows = result.rows
    report = make_report(benchmark, rows, result.described, result.cost)
    write_report(report, rows, benchmark, folder)
    _write_undecided(rows, folder)
    show = console()
    for metric, value in report["metrics"].items():
        show.print(f"{metric}: {value['value']:.3f} ({value['low']:.3f} to {value['high']:.3f}, n={value['n']})")
    show.print(f"report: {folder / 'report.md'}")
    _draw(rows, f"{name}, {chosen}", folder)
    if against is None:
        return 0
    comparison = compare(against, folder, seed=seed)
    show_comparison(comparison)
    lost = comparison.regressions(benchmark.worse, benchmark.headline)
    if lost:
        show.print(f"worse than the baseline {baseline} by more than chance: {', '.join(lost)}")
    return BASELINE_LOST if lost else 0


def _run_with_progress(plan: RunPlan) -> RunResult:
    err = console(stderr=True)
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task("", total=None)

        def tick(what: str, done: int, total: int) -> None:
            bar.update(task, description=what, completed=done, total=total)

        return run(plan, tick)


def _draw(rows: list[Row], title: str, folder: Path) -> None:
    show = console()
    try:
        for picture in draw_pictures(rows, title, folder):
            show.print(f"picture: {picture}")
    except UsageError as error:
        show.print(f"no pictures: {error}")


def _with_judges(benchmark: Benchmark, path: Path | None, judge: str | None) -> Benchmark:
    """Give the scorer of answers a person's labels and a second judge."""
    if judge is not None and path is None:
        raise UsageError("a judge is compared with a person's labels: give these with --labels")
    labels = read_labels(path) if path else {}
    second = open_judge(judge) if judge else None
    scorers = tuple(
        replace(s, labels=labels, second=second) if isinstance(s, AnswerScorer) else s for s in benchmark.scorers
    )
    return replace(benchmark, scorers=scorers)


def _write_undecided(rows: list[Row], folder: Path) -> None:
    """Leave a sheet of the answers that no rule decided, for a person to label."""
    undecided = [(row.case, row.prediction) for row in rows if row.scores.get("undecided")]
    if undecided:
        sheet = folder / "undecided.jsonl"
        count = write_sheet(sheet, undecided)
        console().print(f"{count} undecided answers: label them in {sheet} and give it with --labels")


def show_comparison(comparison: Comparison) -> None:
    """Print a comparison for people."""
    show = console()
    changed = f"{len(comparison.changed)} of {comparison.shared} answers differ"
    show.print(f"{comparison.benchmark}: {comparison.b} against {comparison.a}; {changed}")
    for metric, d in comparison.differences.items():
        verdict = "differs" if d.significant else "no difference beyond chance"
        span = f"{d.low:+.3f} to {d.high:+.3f}, n={d.n}, {d.test} p={d.p:.3f}"
        show.print(f"  {metric}: {d.value:+.3f} ({span}): {verdict}")
