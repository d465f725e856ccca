"""``tieout dataset build``."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

from assistant.cli.opening import console, embedder_for, open_library, settings_for, vocabulary_for
from assistant.dataset.build import Options, build
from assistant.dataset.card import write_dataset
from ingest.errors import UsageError


def build_dataset(out: Path, options: Options, licence: str, library: Path | None, collections: str | None) -> int:
    """Build a training set from a library with a bar that shows how far it is, and return the exit code.

    Nothing is written before all is made, so that an interruption leaves what was there.
    """
    from rich.progress import Progress

    if out.exists() and not out.is_dir():
        raise UsageError(f"{out} is a file: name a folder with --out")
    settings = settings_for(library, collections)
    screen = console(stderr=True)
    with (
        open_library(settings) as opened,
        Progress(console=screen, transient=True, disable=not screen.is_terminal) as bar,
    ):
        task = bar.add_task("building", total=None)

        def tick(what: str, done: int, total: int) -> None:
            bar.update(task, description=what, completed=done, total=total)

        dataset = build(opened, embedder_for(settings), vocabulary_for(settings), options, tick)
    card = write_dataset(dataset, options, out, licence=licence, command=shlex.join(["tieout", *sys.argv[1:]]))
    shown = console()
    for split, count in card["examples"].items():
        companies = len(card["companies"][split])
        shown.print(f"{split}: {count:,} examples over {card['sheets'][split]:,} sheets of {companies} companies")
    shown.print(f"left out: {sum(card['dropped'].values()):,}, by reason in {out / 'card.md'}")
    return 0
