"""The training loop: small, seeded, and able to go on after it was killed."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.errors import ModelError, UsageError
from model.contract import Generator
from model.generator import TransformersGenerator
from model.tuning.checkpoint import RunState, latest_checkpoint, load_checkpoint, save_checkpoint
from model.tuning.packing import Forest, Pack, plan_epoch
from model.tuning.recipe import Recipe
from model.tuning.tunable import Tunable

if TYPE_CHECKING:
    pass

LOG = "log.jsonl"

Score = Callable[[Generator], float]
"""Tells how good a generator is, from 0 to 1; more is better."""


@dataclass(frozen=True, slots=True)
class StepReport:
    """What one step was: its mean loss per learned token, the norm of its gradient, what it read and how fast.

    ``remaining`` are the seconds that the run has left at this speed; ``score`` is that of an evaluation after
    the step, if there was one.
    """

    step: int
    steps: int
    epoch: float
    loss: float
    learning_rate: float
    norm: float
    tokens: int
    questions: int
    step_seconds: float
    seconds: float
    remaining: float
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Watching:
    """Who looks on.

    ``score`` decides which weights are the best, ``report`` is told of every step, ``keep`` writes the weights
    down: it is called whenever there is a better score, or at every evaluation where nobody scores.
    """

    score: Score | None
    report: Callable[[StepReport], None]
    keep: Callable[[RunState], None]


def plan_run(forest: Forest, recipe: Recipe) -> list[tuple[Pack, ...]]:
    """Plan all steps of a run, each epoch in an order of its own; nothing but recipe and data decides it."""
    steps: list[tuple[Pack, ...]] = []
    for epoch in range(math.ceil(recipe.epochs)):
        planned = plan_epoch(
            forest.trees,
            pack_tokens=recipe.pack_tokens,
            step_tokens=recipe.step_tokens,
            seed=recipe.seed * 1_000_003 + epoch,
        )
        share = min(1.0, recipe.epochs - epoch)
        steps += planned[: math.ceil(len(planned) * share)]
    return steps


def rate_factor(recipe: Recipe, progress: float) -> float:
    """Give the learning rate at a share of the run, as a share of the highest: warm-up, then the schedule."""
    if progress < recipe.warmup:
        return (progress + 1e-3) / (recipe.warmup + 1e-3)
    if recipe.schedule == "constant":
        return 1.0
    rest = (progress - recipe.warmup) / (1 - recipe.warmup)
    return max(0.0, 1 - rest) if recipe.schedule == "linear" else 0.5 * (1 + math.cos(math.pi * min(1.0, rest)))


class Trainer:
    """One run. ``train`` can be called once; a later run goes on from the last checkpoint in ``out``."""

    def __init__(self, tunable: Tunable, forest: Forest, data: str, out: Path, watching: Watching) -> None:
        import torch

        self.tunable = tunable
        self.recipe = tunable.recipe
        self.out = out
        self.watching = watching
        self.plan = plan_run(forest, self.recipe)
        if not self.plan:
            raise UsageError("there is no example to learn from")
        self.epochs = self.recipe.epochs / len(self.plan)
        self.learned = tunable.learned()
        self.optimizer = torch.optim.AdamW(
            self.learned.values(), lr=self.recipe.learning_rate, weight_decay=self.recipe.weight_decay
        )
        self.state = RunState(self.recipe.fingerprint, data)

    def resume(self) -> None:
        """Go on from the last checkpoint. Raises UsageError where there is none, or of another recipe or data."""
        folder = latest_checkpoint(self.out)
        if folder is None:
            raise UsageError(f"{self.out} has no checkpoint to go on from: leave out --resume")
        state = load_checkpoint(folder, self.learned, self.optimizer)
        for name, was, now in (
            ("recipe", state.recipe, self.state.recipe),
            ("data", state.data, self.state.data),
        ):
            if was != now:
                raise UsageError(f"{folder} was made with other {name}: use the same, or a new folder")
        self.state = state
        _cut_log(self.out / LOG, state.step)

    def train(self) -> RunState:
        """Train until the plan or the time is used up, or the score gets no better; return the last state."""
        self.out.mkdir(parents=True, exist_ok=True)
        saved = self.state.seconds
        while self.state.step < len(self.plan) and not self.state.ended:
            report = self._step()
            last = self.state.step == len(self.plan) or self._time_used() >= 1
            if last or self.state.step % self.recipe.evaluate_every == 0:
                report = self._evaluate(report)
                last = last or self.state.stale >= self.recipe.patience
            self.state.ended = last
            self._log(report)
            self.watching.report(report)
            if last or self.state.seconds - saved >= 60 * self.recipe.checkpoint_minutes:
                save_checkpoint(self.out, self.state, self.learned, self.optimizer)
                saved = self.state.seconds
        return self.state

    def _time_used(self) -> float:
        limit = self.recipe.max_minutes
        return 0.0 if limit is None else self.state.seconds / (60 * limit)

    def _progress(self) -> float:
        return max(self.state.step / len(self.plan), self._time_used())

    def _step(self) -> StepReport:
        import torch

        started = time.perf_counter()
        packs = self.plan[self.state.step]
        # Dropout depends on the step alone, so that a run which goes on does as one that was not interrupted.
        torch.manual_seed(self.recipe.seed * 1_000_003 + self.state.step)
        rate = self.recipe.learning_rate * rate_factor(self.recipe, self._progress())
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        self.tunable.model.train()
        learned = sum(tree.learned for pack in packs for tree in pack)
        loss = 0.0
        for pack in packs:
            part = self.tunable.loss(pack) / learned
            part.backward()  # type: ignore[no-untyped-call]
            loss += float(part.detach())
        norm = float(torch.nn.utils.clip_grad_norm_(self.learned.values(), self.recipe.clip))
        if not math.isfinite(norm):
            raise ModelError(f"the gradient of step {self.state.step} is not finite: lower the learning rate")
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        self.state.step += 1
        spent = time.perf_counter() - started
        self.state.seconds += spent
        return StepReport(
            step=self.state.step,
            steps=len(self.plan),
            epoch=self.state.step * self.epochs,
            loss=loss,
            learning_rate=rate,
            norm=norm,
            tokens=sum(len(tree) for pack in packs for tree in pack),
            questions=sum(len(tree.branches) for pack in packs for tree in pack),
            step_seconds=spent,
            seconds=self.state.seconds,
            remaining=max(0.0, self.state.seconds * (1 / max(self._progress(), 1e-6) - 1)),
        )

    def _evaluate(self, report: StepReport) -> StepReport:
        """Score the weights as they are, and have them kept where they are the best so far."""
        from dataclasses import replace

        started = time.perf_counter()
        score = None
        if self.watching.score is not None:
            self.tunable.model.train(mode=False)
            score = self.watching.score(self._generator())
        better = score is None or self.state.best_score is None or score > self.state.best_score
        self.state.stale = 0 if better else self.state.stale + 1
        if better:
            self.state.best_score, self.state.best_step = score, self.state.step
            self.watching.keep(self.state)
        self.state.seconds += time.perf_counter() - started
        return replace(report, score=score, seconds=self.state.seconds)

    def _generator(self) -> TransformersGenerator:
        tunable = self.tunable
        name = f"{tunable.manifest.name}+step-{self.state.step}"
        model: Any = tunable.model
        return TransformersGenerator(
            name, tunable.manifest.fingerprint, tunable.choice, model, tunable.tokenizer, self.recipe.prompt
        )

    def _log(self, report: StepReport) -> None:
        from dataclasses import asdict

        with (self.out / LOG).open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(report)) + "\n")


def _cut_log(path: Path, step: int) -> None:
    """Take the steps after a checkpoint out of the log: they will be made again."""
    if path.is_file():
        kept = [line for line in path.read_text(encoding="utf-8").splitlines() if _step_of(line) <= step]
        path.write_text("".join(f"{line}\n" for line in kept), encoding="utf-8")


def _step_of(line: str) -> float:
    try:
        return int(json.loads(line)["step"])
    except (ValueError, KeyError, TypeError):
        # A line that was cut off when the process was killed.
        return math.inf
