"""The verbs of ``tieout tune``: what can be typed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assistant.cli.tuning_classifier import classifier
from assistant.cli.tuning_picker import picker

app = typer.Typer(name="tune", help="Tune a generator on examples, and keep what it learned.", no_args_is_help=True)


@app.command("run")
def run(
    recipe: Annotated[str, typer.Argument(help="A recipe by name (tieout tune recipes), or a TOML file.")],
    data: Annotated[list[Path], typer.Option("--data", help="Training examples, JSON Lines; may be repeated.")],
    out: Annotated[Path, typer.Option("--out", help="Folder of the run.")],
    dev: Annotated[Path | None, typer.Option("--dev", help="Examples that say which weights are the best.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on from the last checkpoint in --out.")] = False,
    licence: Annotated[
        str | None, typer.Option("--licence", help="Licence of the result.", show_default="that of its base")
    ] = None,
    data_card: Annotated[
        Path | None,
        typer.Option(
            "--data-card", help="Card of the data, kept by its hash.", show_default="card.json beside the data"
        ),
    ] = None,
    nameless: Annotated[bool, typer.Option("--nameless", help="Do not record who ran it.")] = False,
) -> None:
    """Tune a model by a recipe. Ctrl-C leaves the last checkpoint, and --resume goes on from it."""
    from assistant.cli.tuning import tune

    raise typer.Exit(tune(recipe, data, out, dev, resume, licence, data_card, nameless))


@app.command("merge")
def merge(
    adapter: Annotated[Path, typer.Argument(help="Folder of an adapter.")],
    out: Annotated[Path, typer.Option("--out", help="Folder to write, or a *.gguf file.")],
) -> None:
    """Add an adapter to its base for good: a model folder for TIEOUT_GENERATOR, or GGUF through llama.cpp."""
    from assistant.cli.tuning import merge_and_write

    raise typer.Exit(merge_and_write(adapter, out))


@app.command("recipes")
def recipes() -> None:
    """List the recipes that come with Tieout."""
    from assistant.cli.tuning import show_recipes

    raise typer.Exit(show_recipes())


app.command("classifier")(classifier)
app.command("picker")(picker)
