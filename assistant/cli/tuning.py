"""``tieout tune``."""

from __future__ import annotations

import getpass
import random
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.cli.opening import console, settings_for
from ingest.errors import UsageError
from model.tuning.example import TrainingExample, read_examples
from model.tuning.recipe import Recipe, load_recipe, recipe_names

if TYPE_CHECKING:
    from model.contract import Generator
    from model.tuning.checkpoint import RunState
    from model.tuning.train import StepReport


def tune(
    name: str,
    data: Sequence[Path],
    out: Path,
    dev: Path | None,
    resume: bool,
    licence: str | None,
    data_card: Path | None,
    nameless: bool,
) -> int:
    """Run a recipe with a line for each step; what is best so far is always in ``out/adapter``."""
    from assistant.exercise import execution_accuracy
    from model.adapter import settle_folder
    from model.rendering import PromptRenderer
    from model.tuning.artefact import TUNED, card_for, keep_tuned
    from model.tuning.checkpoint import latest_checkpoint
    from model.tuning.curve import draw_curve
    from model.tuning.data import data_fingerprint, data_hashes
    from model.tuning.packing import grow
    from model.tuning.train import LOG, Trainer, Watching
    from model.tuning.tunable import load_tunable

    if not resume and latest_checkpoint(out) is not None:
        raise UsageError(f"{out} holds a run: go on with --resume, or name another folder")
    settings = settings_for(None)
    recipe = load_recipe(name)
    examples = [example for path in data for example in read_examples(path)]
    asked = _asked(read_examples(dev), recipe) if dev is not None else ()
    tunable = load_tunable(recipe, cache=settings.models, device=settings.device)
    forest = grow(
        examples,
        PromptRenderer(tunable.tokenizer, recipe.prompt),
        sheet_tokens=recipe.sheet_tokens,
        pack_tokens=recipe.pack_tokens,
    )
    _say(f"{recipe.base} on {tunable.choice.device}, {tunable.choice.reason}")
    _say(
        f"{forest.questions:,} questions over {len(forest.trees):,} sheets: {forest.tokens:,} tokens an epoch, "
        f"{forest.unpacked_tokens:,} if each brought its sheet"
    )
    for reason, count in forest.left_out.items():
        _say(f"left out: {count:,} examples, {reason}")
    hashes = data_hashes(data)
    described = hashes | data_hashes(_cards(data, data_card))
    card = card_for(tunable, described, forest.questions, licence, None if nameless else getpass.getuser())

    def keep(state: RunState) -> None:
        metrics = {"step": float(state.step)}
        if state.best_score is not None:
            metrics["execution_accuracy"] = state.best_score
        keep_tuned(tunable, out / TUNED[recipe.method == "full"], card.model_copy(update={"metrics": metrics}))

    def score(generator: Generator) -> float:
        return execution_accuracy(generator, asked)

    watching = Watching(score if asked else None, _report, keep)
    trainer = Trainer(tunable, forest, data_fingerprint(hashes), out, watching)
    if resume:
        settle_folder(out / TUNED[recipe.method == "full"])
        trainer.resume()
    try:
        state = trainer.train()
    except KeyboardInterrupt:
        there = latest_checkpoint(out) is not None
        _say(
            "stopped: go on from the last checkpoint with the same command and --resume"
            if there
            else "stopped before the first checkpoint"
        )
        raise
    curve = "; curve in curve.png" if draw_curve(out / LOG, out / "curve.png") else ""
    best = "" if state.best_score is None else f", {state.best_score:.1%} of {len(asked)} questions"
    _say(f"{out / TUNED[recipe.method == 'full']}: the weights of step {state.best_step}{best}{curve}")
    return 0


def _cards(data: Sequence[Path], given: Path | None) -> list[Path]:
    """Find the cards of the data: the one that was named, else those that lie beside the files."""
    if given is not None:
        return [given]
    beside = dict.fromkeys(path.parent / "card.json" for path in data)
    return [card for card in beside if card.is_file()]


def _asked(dev: Sequence[TrainingExample], recipe: Recipe) -> tuple[TrainingExample, ...]:
    """Choose the questions to score with, those over one sheet behind each other so that it is read once."""
    count = min(recipe.evaluate_questions, len(dev))
    chosen = random.Random(recipe.seed).sample(range(len(dev)), count)  # noqa: S311
    first = {dev[number].lines: number for number in sorted(chosen, reverse=True)}
    return tuple(dev[number] for number in sorted(chosen, key=lambda number: (first[dev[number].lines], number)))


def _report(step: StepReport) -> None:
    left = timedelta(seconds=round(step.remaining))
    score = f", {step.score:.1%} right" if step.score is not None else ""
    _say(
        f"step {step.step}/{step.steps}: loss {step.loss:.3f}, {step.questions} questions, {step.tokens} tokens, "
        f"{step.step_seconds:.1f} s, {left} left{score}"
    )


def _say(line: str) -> None:
    console().print(line)


def merge_and_write(adapter: Path, out: Path) -> int:
    """Merge an adapter with the base that the settings name."""
    from model.tuning.export import export_merged

    settings = settings_for(None)
    written = export_merged(adapter, out, cache=settings.models)
    _say(written)
    return 0


def show_recipes() -> int:
    """List the recipes with what they are for."""
    for name in recipe_names():
        recipe = load_recipe(name)
        _say(f"{name}: {recipe.description} ({recipe.method}, {recipe.base})")
    return 0
