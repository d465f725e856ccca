"""A run learns, and one that was killed goes on as if it had not been."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ingest.errors import ModelCorruptError, UsageError
from model.contract import Generator
from model.tuning.checkpoint import WEIGHTS, RunState, latest_checkpoint
from model.tuning.packing import Forest
from model.tuning.recipe import Recipe
from model.tuning.train import LOG, StepReport, Trainer, Watching, plan_run, rate_factor
from model.tuning.tunable import Tunable, load_tunable


class Killed(BaseException):
    """What a test raises where a process would have ended."""


class Witness:
    """Looks on, and kills the run after a step."""

    def __init__(self, kill_after: int | None = None, scores: tuple[float, ...] = ()) -> None:
        self.kill_after = kill_after
        self.scores = list(scores)
        self.reports: list[StepReport] = []
        self.kept: list[int] = []
        self.generators: list[Generator] = []

    def score(self, generator: Generator) -> float:
        self.generators.append(generator)
        return self.scores.pop(0)

    def report(self, step: StepReport) -> None:
        self.reports.append(step)
        if step.step == self.kill_after:
            raise Killed

    def keep(self, state: RunState) -> None:
        self.kept.append(state.step)

    def watching(self) -> Watching:
        return Watching(self.score if self.scores else None, self.report, self.keep)


def _trainer(tunable: Tunable, forest: Forest, out: Path, witness: Witness | None = None) -> Trainer:
    return Trainer(tunable, forest, "data", out, (witness or Witness()).watching())


def _weights(tunable: Tunable) -> dict[str, list[float]]:
    return {name: weight.detach().flatten().tolist() for name, weight in tunable.learned().items()}


def test_the_loss_falls(tunable: Tunable, forest: Forest, tmp_path: Path) -> None:
    witness = Witness()
    state = _trainer(tunable, forest, tmp_path, witness).train()
    losses = [report.loss for report in witness.reports]
    assert state.step == len(losses) > 6
    assert losses[-1] < 0.95 * losses[0]
    assert witness.reports[-1].remaining == 0
    logged = [json.loads(line) for line in (tmp_path / LOG).read_text().splitlines()]
    assert [row["loss"] for row in logged] == losses


@pytest.mark.parametrize("kill_after", [1, 4, 6])
def test_a_killed_run_ends_with_the_same_weights(
    recipe: Recipe, tiny_cache: Path, forest: Forest, tmp_path: Path, kill_after: int
) -> None:
    """The process is gone after a step of which nothing but the log was written."""
    whole = load_tunable(recipe, cache=tiny_cache, device="cpu")
    _trainer(whole, forest, tmp_path / "whole").train()
    killed = load_tunable(recipe, cache=tiny_cache, device="cpu")
    with pytest.raises(Killed):
        _trainer(killed, forest, tmp_path / "killed", Witness(kill_after + 1)).train()
    again = load_tunable(recipe, cache=tiny_cache, device="cpu")
    assert _weights(again) != _weights(killed)
    trainer = _trainer(again, forest, tmp_path / "killed")
    trainer.resume()
    assert trainer.state.step == kill_after
    trainer.train()
    assert _weights(again) == _weights(whole)
    steps = [json.loads(line)["step"] for line in (tmp_path / "killed" / LOG).read_text().splitlines()]
    assert steps == list(range(1, len(trainer.plan) + 1))


def test_the_best_weights_are_kept_and_patience_ends(tunable: Tunable, forest: Forest, tmp_path: Path) -> None:
    hasty = Tunable(
        tunable.recipe.model_copy(update={"evaluate_every": 1, "patience": 2}),
        *(getattr(tunable, name) for name in ("model", "adapted", "tokenizer", "choice", "folder", "manifest")),
    )
    witness = Witness(scores=(0.2, 0.5, 0.5, 0.4, 0.9))
    state = _trainer(hasty, forest, tmp_path, witness).train()
    assert witness.kept == [1, 2]
    assert (state.step, state.best_step, state.best_score) == (4, 2, 0.5)
    assert witness.generators[0].write_program("What were net sales?", []).text.startswith("abstain(")


def test_a_run_does_not_go_on_with_other_data(tunable: Tunable, forest: Forest, tmp_path: Path) -> None:
    with pytest.raises(Killed):
        _trainer(tunable, forest, tmp_path, Witness(2)).train()
    other = Trainer(tunable, forest, "other", tmp_path, Witness().watching())
    with pytest.raises(UsageError, match="other data"):
        other.resume()
    with pytest.raises(UsageError, match="no checkpoint"):
        _trainer(tunable, forest, tmp_path / "empty").resume()


def test_a_checkpoint_that_has_changed_is_refused(tunable: Tunable, forest: Forest, tmp_path: Path) -> None:
    with pytest.raises(Killed):
        _trainer(tunable, forest, tmp_path, Witness(2)).train()
    folder = latest_checkpoint(tmp_path)
    assert folder is not None
    weights = folder / WEIGHTS
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    with pytest.raises(ModelCorruptError, match="has changed"):
        _trainer(tunable, forest, tmp_path).resume()


def test_the_rate_warms_up_and_comes_down() -> None:
    recipe = Recipe(warmup=0.1)
    factors = [rate_factor(recipe, progress / 100) for progress in range(101)]
    assert factors[0] < 0.02
    assert factors[10] == max(factors) == 1
    assert factors[10:] == sorted(factors[10:], reverse=True)
    assert factors[100] == pytest.approx(0, abs=1e-9)
    assert rate_factor(Recipe(schedule="constant"), 0.9) == 1
    assert rate_factor(Recipe(schedule="linear", warmup=0), 0.25) == 0.75


def test_half_an_epoch_is_half_the_steps(recipe: Recipe, forest: Forest) -> None:
    whole = plan_run(forest, recipe.model_copy(update={"epochs": 1}))
    assert len(plan_run(forest, recipe.model_copy(update={"epochs": 1.5}))) == len(whole) + (len(whole) + 1) // 2
