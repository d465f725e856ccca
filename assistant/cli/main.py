"""The command ``tieout``: what can be typed. Each verb loads what it needs when it is called."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from assistant.cli.tuning_verbs import app as tune_app
from ingest.errors import TieoutError

app = typer.Typer(
    name="tieout",
    help="Answers questions about financial filings. Every number is pointed at in its source, or computed.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"max_content_width": 110},
)
models_app = typer.Typer(name="models", help="The models that answers are made with.", no_args_is_help=True)
app.add_typer(models_app)
app.add_typer(tune_app)
dataset_app = typer.Typer(name="dataset", help="Training examples from your own filings.", no_args_is_help=True)
app.add_typer(dataset_app)

LibraryOption = Annotated[
    Path | None,
    typer.Option(
        "--library", help="Folder of the library.", envvar="TIEOUT_LIBRARY", show_default="the user's data folder"
    ),
]
CollectionsOption = Annotated[
    str | None,
    typer.Option("--collections", help="See only these collections, with commas between.", show_default="all of yours"),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]


@app.callback(invoke_without_command=True)
def _top(
    version: Annotated[bool, typer.Option("--version", help="Print the version and stop.", is_eager=True)] = False,
) -> None:
    if version:
        from importlib.metadata import version as installed

        typer.echo(f"tieout {installed('tieout')}")
        raise typer.Exit


@app.command()
def add(
    paths: Annotated[
        list[Path], typer.Argument(metavar="FILE|FOLDER…", help="Filings (PDF, HTML) or folders of them.")
    ],
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, help="Files read at the same time.")] = 1,
    collection: Annotated[
        str | None,
        typer.Option("--collection", help="Collection that they come into.", show_default="your only one, or default"),
    ] = None,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Read filings and put them into the library. What is there already is left alone."""
    from assistant.cli.adding import add_and_show

    raise typer.Exit(add_and_show(paths, jobs, library, as_json, collection))


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="A question, in quotation marks.")],
    trace: Annotated[bool, typer.Option("--trace", help="Show the program, the calculation and the checks.")] = False,
    library: LibraryOption = None,
    collections: CollectionsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Answer a question from the filings, with footnotes; or say why it cannot be answered."""
    from assistant.cli.asking import ask_and_show

    raise typer.Exit(ask_and_show(question, trace, library, as_json, collections))


@app.command()
def chat(library: LibraryOption = None, collections: CollectionsOption = None) -> None:
    """Ask one question after another; a follow-up keeps the company, the period and the line."""
    from assistant.cli.chatting import run_chat

    raise typer.Exit(run_chat(library, collections))


@app.command()
def extract(
    schema: Annotated[Path, typer.Option("--schema", help="TOML file with the fields.")],
    out: Annotated[Path, typer.Option("--out", help="File to write: *.csv or *.jsonl.")],
    library: LibraryOption = None,
    collections: CollectionsOption = None,
) -> None:
    """Extract the same fields from every filing, each value with its source; an interrupted job is taken up again."""
    from assistant.cli.extracting import extract_and_show

    raise typer.Exit(extract_and_show(schema, out, library, collections))


@app.command()
def parse(
    file: Annotated[Path, typer.Argument(help="A filing, which need not be in a library.")],
    pages: Annotated[str | None, typer.Option("--pages", help="Physical pages, such as 3-5,8.")] = None,
    form: Annotated[
        Literal["text", "markdown", "json", "facts"], typer.Option("--format", help="How to write it.")
    ] = "markdown",
    as_json: JsonOption = False,
) -> None:
    """Print what is understood of a file: sections, tables with periods and scale, facts. Nothing is kept."""
    from assistant.cli.parsing import parse_and_show

    raise typer.Exit(parse_and_show(file, pages, "json" if as_json else form))


@app.command()
def show(
    target: Annotated[
        str, typer.Argument(help="A footnote of the latest answer (1), its line (E3), a filing of the library, a file.")
    ],
    page: Annotated[int | None, typer.Option("--page", min=1, help="Physical page of the filing, from 1.")] = None,
    png: Annotated[Path | None, typer.Option("--png", help="Write a picture of the page to this file.")] = None,
    boxes: Annotated[
        bool, typer.Option("--boxes", help="Draw what was understood: lines, tables, periods, cells, facts.")
    ] = False,
    library: LibraryOption = None,
    collections: CollectionsOption = None,
) -> None:
    """Show a page with the citation marked, or with what was understood of it, in the terminal or as a picture."""
    from assistant.cli.showing import show_page

    raise typer.Exit(show_page(target, page, png, boxes, library, collections))


@app.command()
def classify(
    target: Annotated[str, typer.Argument(metavar="TEXT|FILE", help="A text in quotation marks, or a filing.")],
    model: Annotated[
        Path | None,
        typer.Option("--model", help="A classifier of `tieout tune classifier`.", show_default="the built-in one"),
    ] = None,
    section: Annotated[str | None, typer.Option("--section", help="Of a filing, as in 'Item 7'.")] = None,
    pages: Annotated[str | None, typer.Option("--pages", help="Physical pages of a filing, such as 3-5,8.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Tell of each sentence whether it is good, bad or neutral for an investor; or what a classifier of yours tells."""
    from assistant.cli.classifying import classify_and_show

    raise typer.Exit(classify_and_show(target, model, section, pages, as_json))


@app.command()
def summarise(
    filing: Annotated[str, typer.Argument(help="A filing of the library: file name, or the beginning of its id.")],
    section: Annotated[
        str | None,
        typer.Option("--section", help="Only this section: a number (Item 7, Note 12) or words of its title."),
    ] = None,
    sentences: Annotated[int, typer.Option("--sentences", min=1, max=50, help="Sentences for each section.")] = 3,
    library: LibraryOption = None,
    collections: CollectionsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Tell a filing in short: its main figures, and sentences of its own that stand for the rest, with their pages."""
    from assistant.cli.summarising import summarise_and_show

    raise typer.Exit(summarise_and_show(filing, section, sentences, library, as_json, collections))


@app.command()
def status(library: LibraryOption = None, collections: CollectionsOption = None, as_json: JsonOption = False) -> None:
    """List what the library holds."""
    from assistant.cli.shelf import show_status

    raise typer.Exit(show_status(library, as_json, collections))


@app.command()
def remove(
    filings: Annotated[list[str], typer.Argument(help="File names or ids, as `tieout status` lists them.")],
    library: LibraryOption = None,
    collections: CollectionsOption = None,
) -> None:
    """Take filings out of the library, with every copy of their text and all that the journal says of them."""
    from assistant.cli.shelf import remove_filings

    raise typer.Exit(remove_filings(filings, library, collections))


@app.command()
def doctor(
    repair: Annotated[bool, typer.Option("--repair", help="Mend what can be made again.")] = False,
    absent: Annotated[
        str | None,
        typer.Option(
            "--absent", metavar="FILING", help="Show that nothing is left of a filing: its SHA-256, or the file itself."
        ),
    ] = None,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check the library: a line for each thing that is wrong, and exit code 4 where there is one."""
    from assistant.cli.upkeep import examine_library

    raise typer.Exit(examine_library(repair, absent, library, as_json))


@app.command()
def reindex(library: LibraryOption = None) -> None:
    """Embed all passages with the embedder of the settings; until it is done searches go on with the former one."""
    from assistant.cli.upkeep import reindex_library

    raise typer.Exit(reindex_library(library))


@app.command()
def vocabulary(
    words: Annotated[str, typer.Argument(help="Only entries whose names contain this.")] = "",
    build: Annotated[
        list[Path] | None,
        typer.Option("--build", metavar="FILE|FOLDER", help="Learn labels from tagged filings; may be repeated."),
    ] = None,
    out: Annotated[Path, typer.Option("--out", help="Where learned labels are written.")] = Path("labels.toml"),
    least: Annotated[int, typer.Option("--least", min=1, help="Companies that have to print a label.")] = 1,
    as_json: JsonOption = False,
) -> None:
    """List the concepts and metrics that can be asked for by name; or learn labels for them."""
    if build:
        from assistant.cli.learning import build_vocabulary

        raise typer.Exit(build_vocabulary(build, out, least))
    from assistant.cli.shelf import show_vocabulary

    raise typer.Exit(show_vocabulary(words, as_json))


@models_app.command("pull")
def models_pull(
    names: Annotated[
        list[str] | None, typer.Argument(help="Models; those in use by default.", show_default=False)
    ] = None,
) -> None:
    """Fetch models and check that they are the pinned ones. Nothing is downloaded at any other time."""
    from assistant.cli.modelling import pull_models

    raise typer.Exit(pull_models(names or []))


@models_app.command("list")
def models_list(as_json: JsonOption = False) -> None:
    """List the models and where they are."""
    from assistant.cli.modelling import show_models

    raise typer.Exit(show_models(as_json))


@dataset_app.command("build")
def dataset_build(
    out: Annotated[Path, typer.Option("--out", help="Folder for train.jsonl, dev.jsonl and the data card.")],
    seed: Annotated[int, typer.Option("--seed", help="The same seed makes the same examples of the same filings.")] = 0,
    per_filing: Annotated[int, typer.Option("--per-filing", min=1, help="Examples of one filing at most.")] = 1200,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="Examples in all at most.")] = None,
    dev_share: Annotated[float, typer.Option("--dev", min=0.0, max=0.9, help="Share of companies held out.")] = 0.15,
    licence: Annotated[str, typer.Option("--licence", help="What the data card says of the filings.")] = "not told",
    keep_personal: Annotated[bool, typer.Option("--keep-personal", help="Do not screen out personal data.")] = False,
    library: LibraryOption = None,
    collections: CollectionsOption = None,
) -> None:
    """Make questions with sheets and programs from the filings of the library, each executed and checked."""
    from assistant.cli.building import build_dataset
    from assistant.dataset.build import Options

    options = Options(seed, per_filing, limit=limit, dev_share=dev_share, screen=not keep_personal)
    raise typer.Exit(build_dataset(out, options, licence, library, collections))


@dataset_app.command("tokens")
def dataset_tokens(
    examples: Annotated[Path | None, typer.Argument(help="Training examples, whose tokens are counted too.")] = None,
    model: Annotated[
        str | None, typer.Option("--model", help="Generator.", show_default="that of the settings")
    ] = None,
) -> None:
    """Measure what a model's tokenizer makes of the vocabulary's terms and of numbers."""
    from assistant.cli.measuring import show_tokens

    raise typer.Exit(show_tokens(model, examples))


def _add_commands(typed: list[str]) -> None:
    """Add the verbs that other rooms bring as entry points; only the one that was typed is loaded.

    An entry ``tune.report`` is the verb ``report`` of the group ``tune``.
    """
    from importlib.metadata import entry_points

    groups = {"": app, "tune": tune_app}
    for entry in entry_points(group="tieout.commands"):
        group, _, verb = entry.name.rpartition(".")
        if [*([group] if group else []), verb] == typed[: 2 if group else 1]:
            groups[group].add_typer(entry.load(), name=None if group else verb)
        else:
            listed = typer.Typer(name=verb, help=f"See `tieout {entry.name.replace('.', ' ')} --help`.")
            listed.callback(invoke_without_command=True)(lambda: None)
            groups[group].add_typer(listed)


def main() -> None:
    """Run the command line; an error that was foreseen is one line on standard error."""
    try:
        _add_commands(sys.argv[1:])
        app()
    except TieoutError as error:
        print(f"tieout: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except SystemExit as stop:
        # Typer turns Ctrl-C into this exit code, without a word.
        if stop.code == 130:
            print("tieout: stopped; what was finished is kept", file=sys.stderr)
        raise
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(141)


if __name__ == "__main__":
    main()
