"""A recipe says how a model is tuned: read from TOML, unknown keys refused; some come with Tieout."""

from __future__ import annotations

import hashlib
import json
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from ingest.errors import ConfigurationError, UsageError
from model.prompt import PromptStyle

Method = Literal["lora", "qlora", "dora", "rslora", "full"]

ALL_PROJECTIONS = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")
"""The linear layers of a block in models of the Llama, Qwen, Mistral and Gemma families."""


class Recipe(BaseModel):
    """Everything that decides what a tuning run does, but for its data.

    ``step_tokens`` are read before the weights are changed once, ``pack_tokens`` at most in one pass of the
    model. ``sheet_tokens`` is what a sheet may have; lines beyond are cut off, from its end. Training ends
    after ``epochs`` or ``max_minutes``, whichever is first. ``warmup`` is a share of the training. ``dtype``
    ``auto`` is the best that the device has. ``patience`` counts evaluations without a better score. A
    checkpoint is written ``checkpoint_minutes`` after the last one; none means after every step.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    description: str = ""
    base: str = "smollm2"
    prompt: PromptStyle = "plain"
    method: Method = "lora"
    rank: int = Field(default=16, ge=1, le=512)
    alpha: float = Field(default=32, gt=0)
    dropout: float = Field(default=0.0, ge=0, lt=1)
    targets: tuple[str, ...] = ALL_PROJECTIONS
    learning_rate: float = Field(default=5e-4, gt=0, lt=1)
    schedule: Literal["cosine", "linear", "constant"] = "cosine"
    warmup: float = Field(default=0.05, ge=0, lt=1)
    weight_decay: float = Field(default=0.0, ge=0)
    clip: float = Field(default=1.0, gt=0)
    epochs: float = Field(default=3, gt=0)
    max_minutes: float | None = Field(default=None, gt=0)
    step_tokens: int = Field(default=4096, ge=1)
    pack_tokens: int = Field(default=1536, ge=16)
    sheet_tokens: int = Field(default=1024, ge=8)
    gradient_checkpointing: bool = False
    dtype: Literal["auto", "bfloat16", "float16", "float32"] = "auto"
    seed: int = Field(default=7, ge=0)
    evaluate_every: int = Field(default=200, ge=1)
    evaluate_questions: int = Field(default=100, ge=1)
    patience: int = Field(default=4, ge=1)
    checkpoint_minutes: float = Field(default=2, ge=0)
    stored_dtype: Literal["bfloat16", "float16", "float32"] = "bfloat16"

    @model_validator(mode="after")
    def _fits(self) -> Recipe:
        if self.sheet_tokens >= self.pack_tokens:
            raise ValueError("sheet_tokens must be less than pack_tokens: a sheet and its questions are read together")
        return self

    @property
    def fingerprint(self) -> str:
        """Twelve hex digits that differ when anything does but the description and when to stop or look."""
        free = {"description", "epochs", "max_minutes", "evaluate_every", "evaluate_questions", "patience"}
        content = self.model_dump(mode="json", exclude=free | {"checkpoint_minutes", "stored_dtype"})
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:12]


def recipe_names() -> tuple[str, ...]:
    """Name the recipes that come with Tieout."""
    folder = files("model.tuning").joinpath("recipes")
    return tuple(sorted(each.name.removesuffix(".toml") for each in folder.iterdir() if each.name.endswith(".toml")))


def load_recipe(name: str) -> Recipe:
    """Read a recipe that comes with Tieout by its name, or a TOML file.

    Raises UsageError where there is none, ConfigurationError with the key on what a recipe cannot hold.
    """
    if name in recipe_names():
        text = files("model.tuning").joinpath("recipes", f"{name}.toml").read_text(encoding="utf-8")
    elif Path(name).is_file():
        text = Path(name).read_text(encoding="utf-8", errors="replace")
    else:
        raise UsageError(f"there is no recipe {name[:80]!r}: use a TOML file, or {', '.join(recipe_names())}")
    try:
        return Recipe(**tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"the recipe {name} is not valid TOML: {error}") from error
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'recipe'}: {e['msg']}" for e in error.errors())
        raise ConfigurationError(f"the recipe {name} is not valid: {problems}") from error
