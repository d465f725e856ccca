"""``tieout eval``: runs benchmarks, compares runs, and fails where a baseline is lost."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    name="eval",
    help="Measures Tieout and its peers on benchmarks, with intervals.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"max_content_width": 110},
)
DataOption = Annotated[Path, typer.Option("--data", help="Folder of the benchmarks' data.", envvar="TIEOUT_DATA")]
DATA = Path("../shared/data")
WORK = Path("build/eval")


@app.command("list")
def list_benchmarks(data: DataOption = DATA) -> None:
    """List the benchmarks, their systems, and whether their data are there."""
    from eval.registry import NAMES, open_benchmark
    from ingest.errors import DataAbsentError

    for name in NAMES:
        benchmark = open_benchmark(name)
        try:
            state = f"{len(benchmark.load(data)):,} cases"
        except DataAbsentError as error:
            state = f"data absent ({error})"
        typer.echo(f"{name}: {benchmark.description} {state}; systems: {', '.join(benchmark.systems)}")


@app.command("run")
def run_benchmark(
    benchmark: Annotated[str, typer.Argument(help="Its name, as `tieout eval list` shows it.")],
    system: Annotated[
        str | None, typer.Option("--system", help="What is measured; the first listed by default.")
    ] = None,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="So many cases, drawn with the seed.")] = None,
    baseline: Annotated[
        str | None, typer.Option("--baseline", help="A stored baseline or the folder of a run.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Folder of the report.", show_default=False)] = None,
    seed: Annotated[int, typer.Option("--seed", help="For drawing cases and for intervals.")] = 0,
    labels: Annotated[Path | None, typer.Option("--labels", help="A person's labels of undecided answers.")] = None,
    judge: Annotated[
        str | None, typer.Option("--judge", help="package.module:name of a second judge, held against the labels.")
    ] = None,
    data: DataOption = DATA,
) -> None:
    """Run a benchmark, write report.md, report.json and rows.jsonl, and compare with a baseline."""
    from eval.running import run_and_report

    raise typer.Exit(run_and_report(benchmark, system, limit, baseline, out, seed, labels, judge, data, WORK))


@app.command("noise")
def rerun_noise(
    benchmark: Annotated[str, typer.Argument(help="Its name, as `tieout eval list` shows it.")],
    out: Annotated[Path, typer.Option("--out", help="Folder of the two runs; a new one.")],
    system: Annotated[
        str | None, typer.Option("--system", help="What is measured; the first listed by default.")
    ] = None,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="So many cases, drawn with the seed.")] = None,
    seed: Annotated[int, typer.Option("--seed", help="For drawing cases.")] = 0,
    data: DataOption = DATA,
) -> None:
    """Run a benchmark twice, each in a fresh process, and tell how many answers differ."""
    from eval.noise import measure_noise

    given = [benchmark, "--seed", str(seed), "--data", str(data)]
    given += ["--system", system] if system else []
    given += ["--limit", str(limit)] if limit else []
    noise = measure_noise(given, out)
    typer.echo(f"{benchmark}, {noise.comparison.b}, twice: of {noise.cases} answers")
    for what, cases in (("said otherwise", noise.said), ("different in anything kept", noise.whole)):
        typer.echo(f"  {what}: {len(cases)}{_few(cases)}")
    typer.echo(f"  scored otherwise: {len(noise.scored)}{_few(noise.scored)}")


@app.command("keep")
def keep_baseline(
    run: Annotated[Path, typer.Argument(help="Folder of a run.")],
    folder: Annotated[Path, typer.Argument(help="Folder of the baseline, to give to --baseline.")],
) -> None:
    """Store a run as a baseline: its scores by case, without questions or answers."""
    from eval.compare import keep

    typer.echo(f"{folder}: {keep(run, folder)} rows")


@app.command("compare")
def compare_runs(
    a: Annotated[Path, typer.Argument(help="Folder of a run.")],
    b: Annotated[Path, typer.Argument(help="Folder of another run of the same benchmark.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
) -> None:
    """Compare two runs case by case, with paired tests."""
    from dataclasses import asdict

    from eval.compare import compare
    from eval.running import show_comparison

    comparison = compare(a, b)
    if as_json:
        typer.echo(json.dumps(asdict(comparison), indent=2))
        return
    show_comparison(comparison)


def _few(names: Sequence[str], most: int = 5) -> str:
    """The first names, in parentheses; nothing where there are none."""
    more = ", …" if len(names) > most else ""
    return f" ({', '.join(names[:most])}{more})" if names else ""
