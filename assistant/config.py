"""Settings: from a TOML file, from the environment (``TIEOUT_…``), or as given; unknown keys are refused."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterable
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path, user_config_path, user_data_path
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from ingest.errors import ConfigurationError

CONFIG_NAME = "tieout.toml"
PREFIX = "TIEOUT_"
READ_ELSEWHERE = frozenset({"TIEOUT_DATA", "TIEOUT_DTYPE"})
"""Variables that are no settings: where benchmarks find their data, and the number type of models."""


class ServedSettings(BaseModel):
    """The table ``[served]``: how a generator that others serve is reached; ``docs/generators.md`` tells of each key.

    Seconds, tokens of the model, and prices for a million tokens in whatever currency.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    api_base: str | None = None
    api_key_env: str | None = None
    timeout: float = Field(default=60, gt=0)
    time_limit: float = Field(default=180, gt=0)
    retries: int = Field(default=4, ge=0, le=20)
    concurrent: int = Field(default=4, ge=1, le=64)
    context_window: int | None = Field(default=None, ge=4096)
    answer_tokens: int = Field(default=1024, ge=64)
    json_schema: bool | None = None
    prompt_price: Decimal | None = Field(default=None, ge=0)
    written_price: Decimal | None = Field(default=None, ge=0)
    arguments: dict[str, Any] = Field(default_factory=dict)


class Settings(BaseSettings):
    """Everything that can be set. Each key of the TOML file and each ``TIEOUT_KEY`` has one of these names."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    library: Path = Field(default_factory=lambda: user_data_path("tieout") / "library")
    models: Path = Field(default_factory=lambda: user_cache_path("tieout") / "models")
    embedder: str = "static"
    generator: str = "picker"
    adapter: Path | None = None
    served: ServedSettings = Field(default_factory=ServedSettings)
    device: str | None = None
    vocabulary: tuple[Path, ...] = ()
    read_seconds: float = Field(default=60, gt=0)
    read_memory: int = Field(default=2000, ge=200)
    collections: tuple[str, ...] | None = None
    evidence_lines: int = Field(default=24, ge=4, le=200)


def load_settings(config: Path | None = None, **given: Any) -> Settings:
    """Return the settings; what is given wins over the environment, and that over the file.

    Without ``config`` the user's own ``tieout.toml`` is read if there is one. Raises ConfigurationError,
    naming the file or variable, on unknown keys and on values that are not allowed.
    """
    _check_names(os.environ)
    path = config or user_config_path("tieout") / CONFIG_NAME
    from_file = _read(path) if config is not None or path.is_file() else {}
    chosen = {key: value for key, value in given.items() if value is not None}
    try:
        environment = Settings().model_dump(exclude_unset=True)
        return Settings(**{**from_file, **environment, **chosen})
    except SettingsError as error:
        raise ConfigurationError(f"settings from the environment are not valid: {error}") from error
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        source = f"{path} or the environment" if from_file else "the environment"
        raise ConfigurationError(f"settings from {source} are not valid: {problems}") from error


def _check_names(environment: Iterable[str]) -> None:
    """Refuse a variable that looks like a setting and is none: a typing error would go unnoticed."""
    names = [field.upper() for field in Settings.model_fields]
    for name in environment:
        bare = name.upper().removeprefix(PREFIX)
        if name.upper().startswith(PREFIX) and bare not in names and name.upper() not in READ_ELSEWHERE:
            near = get_close_matches(bare, names, 1)
            hint = f"did you mean {PREFIX}{near[0]}?" if near else f"settings are {', '.join(names)} after {PREFIX}"
            raise ConfigurationError(f"the environment sets {name}, which is no setting: {hint}")


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigurationError(f"cannot read the configuration {path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path} is not valid TOML: {error}") from error
