"""Examples over a few sheets, and recipes that a tiny model is tuned by in a second."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from model.contract import SheetLine
from model.rendering import PromptRenderer
from model.tuning.example import TrainingExample
from model.tuning.packing import Forest, grow
from model.tuning.recipe import Recipe
from model.tuning.tunable import Tunable, load_tunable


@pytest.fixture(scope="session")
def examples() -> tuple[TrainingExample, ...]:
    """Two dozen questions over six sheets; the last sheet ends with a sentence that one of them quotes."""
    chance = random.Random(3)
    made = []
    for number in range(6):
        lines = tuple(
            SheetLine(f"E{row}", f"{label} | 2024: {chance.randint(100, 9999):,} | 2023: (87)", ("2024", "2023"))
            for row, label in enumerate(("Net sales", "Income taxes", "Goodwill"), start=1)
        )
        lines += (SheetLine("E4", "Sales rose because a plant was opened."),)
        asked = (
            ("What were net sales in 2024?", "value(E1[2024])"),
            ("By how much did goodwill change?", "subtract(value(E3[2024]), value(E3[2023]))"),
            ("Why did sales rise?", "quote(E4)"),
            ("What was capital expenditure?", "abstain(not_reported)"),
        )
        made += [
            TrainingExample(f"{number}-{place}", question, lines, program, "test", f"g{number}", "test")
            for place, (question, program) in enumerate(asked)
        ]
    return tuple(made)


@pytest.fixture
def recipe() -> Recipe:
    return Recipe(
        rank=4,
        alpha=8,
        learning_rate=1e-2,
        dtype="float32",
        epochs=4,
        step_tokens=500,
        pack_tokens=1200,
        sheet_tokens=600,
        evaluate_every=4,
        evaluate_questions=4,
        checkpoint_minutes=0,
        dropout=0.1,
    )


@pytest.fixture
def tunable(recipe: Recipe, tiny_cache: Path) -> Tunable:
    """The tiny model with an adapter that changes what it says: peft's starts as one that does nothing."""
    import torch

    loaded = load_tunable(recipe, cache=tiny_cache, device="cpu")
    torch.manual_seed(1)
    with torch.no_grad():
        for weight in loaded.learned().values():
            weight.normal_(0, 0.1)
    return loaded


@pytest.fixture
def forest(tunable: Tunable, examples: tuple[TrainingExample, ...]) -> Forest:
    recipe = tunable.recipe
    renderer = PromptRenderer(tunable.tokenizer, recipe.prompt)
    return grow(examples, renderer, sheet_tokens=recipe.sheet_tokens, pack_tokens=recipe.pack_tokens)
