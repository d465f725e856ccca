"""``tieout tune report``: generators before and after tuning, over the same held-out questions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from assistant.config import Settings
    from model.contract import Generator
    from model.prompt import PromptStyle

app = typer.Typer()


@app.command("report")
def report(
    out: Annotated[Path, typer.Option("--out", help="Folder of the report.")],
    adapter: Annotated[list[Path] | None, typer.Option("--adapter", help="A tuned adapter; may be repeated.")] = None,
    base: Annotated[
        bool, typer.Option("--base/--no-base", help="The untuned model, with and without examples.")
    ] = True,
    picker: Annotated[bool, typer.Option("--picker/--no-picker", help="The picker that comes with Tieout.")] = True,
    picker_folder: Annotated[Path | None, typer.Option("--picker-folder", help="Another picker than that.")] = None,
    own: Annotated[Path | None, typer.Option("--own", help="Held-out examples of your filings, JSON Lines.")] = None,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="Questions of each kind at most.")] = None,
    seed: Annotated[int, typer.Option("--seed", help="For drawing questions and for intervals.")] = 0,
    data: Annotated[Path, typer.Option("--data", help="Folder of the benchmarks' data.", envvar="TIEOUT_DATA")] = Path(
        "../shared/data"
    ),
) -> None:
    """Compare the untuned generator with tuned ones over held-out questions; write report.md and report.json."""
    from random import Random

    from assistant.cli.opening import console, settings_for
    from eval.training.report import ask_examples, ask_pages, page_questions, peak_memory, summary, write_report
    from model.tuning.example import read_examples

    show, settings = console(), settings_for(None)
    pages = page_questions(data, limit, seed)
    examples = list(read_examples(own)) if own else []
    Random(seed).shuffle(examples)  # noqa: S311
    results = {}
    for name, door in _contestants(settings, adapter or [], base, picker, picker_folder).items():
        generator = door()
        asked = ask_examples(examples[:limit], generator, _quiet)
        for benchmark, cases in pages.items():
            asked += ask_pages(benchmark, cases, generator, _quiet)
        results[name] = summary(asked, seed)
        write_report(results, out)
        right = ", ".join(f"{group} {figures['right']['value']:.3f}" for group, figures in results[name].items())
        show.print(f"{name}: {right}; {peak_memory():,} MB so far")
    show.print(f"report: {write_report(results, out)}")


def _quiet(what: str, done: int, total: int) -> None:
    """Progress that nobody looks at."""


def _contestants(
    settings: Settings, adapters: list[Path], base: bool, picker: bool, folder: Path | None
) -> dict[str, Callable[[], Generator]]:
    """The generators by the name that the report gives them, each to be opened when its turn comes."""
    from model.generator import load_generator
    from model.picker.generator import load_picker

    def language_model(adapter: Path | None, style: PromptStyle | None = None) -> Generator:
        return load_generator("smollm2", cache=settings.models, device=settings.device, adapter=adapter, style=style)

    doors: dict[str, Callable[[], Generator]] = {}
    if base:
        doors["smollm2, with examples"] = lambda: language_model(None)
        doors["smollm2, without"] = lambda: language_model(None, "plain")
    for path in adapters:
        doors[f"smollm2, tuned ({path.parent.name})"] = lambda path=path: language_model(path)  # type: ignore[misc]
    if picker:
        doors["picker"] = lambda: load_picker(folder, cache=settings.models, least=0.0)
    return doors
