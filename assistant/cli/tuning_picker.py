"""``tieout tune picker``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

DEV_QUESTIONS = 400
"""Held-out questions that say which weights are the best."""


def picker(
    data: Annotated[
        list[Path], typer.Option("--data", help="Training examples, JSON Lines; a file named twice is seen twice.")
    ],
    dev: Annotated[list[Path], typer.Option("--dev", help="Held-out examples; may be repeated.")],
    out: Annotated[Path, typer.Option("--out", help="Folder of the picker.")],
    minutes: Annotated[float, typer.Option("--minutes", min=0.1, help="How long to train.")] = 60.0,
    seed: Annotated[int, typer.Option("--seed", help="Of the order and the first weights.")] = 0,
    start: Annotated[Path | None, typer.Option("--start", help="A picker to go on from.")] = None,
    licence: Annotated[str, typer.Option("--licence", help="Licence of the result.")] = "Apache-2.0",
    resume: Annotated[bool, typer.Option("--resume", help="Go on from the last checkpoint in --out.")] = False,
) -> None:
    """Train the encoder that picks operators and operands. On the CPU; the best weights so far are in --out."""
    raise typer.Exit(train_and_keep(data, dev, out, minutes, seed, start, licence, resume))


def train_and_keep(
    data: list[Path],
    dev: list[Path],
    out: Path,
    minutes: float,
    seed: int,
    start: Path | None,
    licence: str,
    resume: bool,
) -> int:
    """Train, say how it goes, and write the picker with its card; return the exit code."""
    import json
    import random

    from assistant.cli.opening import console, settings_for
    from ingest.errors import DatasetError, UsageError
    from model.picker.artefact import new_network, open_picker, save_picker
    from model.picker.train import LOG, WEIGHTS, PickerRecipe, lessons_of, restore, right_share, train
    from model.tuning.checkpoint import latest_checkpoint
    from model.tuning.data import data_hashes
    from model.tuning.example import read_examples

    work = out / "run"
    if not resume and latest_checkpoint(work) is not None:
        raise UsageError(f"{out} holds a run: go on with --resume, or name another folder")
    show, cache = console(), settings_for(None).models
    network, typesetter, base = new_network(cache)
    if start is not None:
        network = open_picker(start, cache=cache).network
    recipe = PickerRecipe(minutes=minutes, seed=seed, check_every=max(1.0, minutes / 8))
    lessons, dropped = lessons_of([one for path in data for one in read_examples(path)], typesetter, recipe.together)
    held, _ = lessons_of([one for path in dev for one in read_examples(path)], typesetter, 1)
    random.Random(seed).shuffle(held)  # noqa: S311
    held = held[:DEV_QUESTIONS]
    if not lessons or not held:
        raise DatasetError("there is nothing to learn from, or nothing held out: give --data and --dev with examples")
    for source, count in dropped.items():
        if count:
            show.print(f"{source}: {count:,} examples left out: what they point at is not among the nearest lines")

    def report(record: dict[str, object]) -> None:
        if "dev" in record and "minutes" in record:
            show.print(
                f"{record['minutes']:.1f} of {minutes:g} minutes, {record['seen']:,} questions seen, "
                f"loss {record['loss']:.3f}, {record['dev']:.1%} of {len(held)} held-out programs right"
            )

    try:
        train(network, lessons, held, typesetter.padding, recipe, work, report, resume)
    finally:
        if (work / WEIGHTS).exists():
            restore(network, work / WEIGHTS)
            share, sources = right_share(network, held, typesetter.padding)
            card = {
                "base": base,
                "licence": licence,
                "data": data_hashes(data),
                "dev": data_hashes(dev),
                "minutes": minutes,
                "seed": seed,
                "programs right": share,
                "programs right by source": sources,
                "log": [json.loads(line) for line in (work / LOG).read_text(encoding="utf-8").splitlines()],
            }
            save_picker(network, card, out)
            show.print(f"{out}: {share:.1%} of {len(held)} held-out programs are right as a whole")
    return 0
