"""An adapter as an artefact: its weights, peft's configuration, and a card that says what it is and belongs to.

The folder holds ``adapter_model.safetensors`` and ``adapter_config.json``, which peft itself can load, and
``card.json``, which names the base by the hash of its weights, the tokenizer, the data, the recipe and the
hash of every file. What does not fit is refused before anything is loaded.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from ingest.errors import ModelCorruptError, ModelError, ModelMissingError
from model.cache import Manifest, file_sha256
from model.prompt import PromptStyle, prompt_fingerprint
from model.quiet import quiet_libraries

if TYPE_CHECKING:
    import torch
    from peft import PeftModel
    from transformers import PreTrainedModel

WEIGHTS = "adapter_model.safetensors"
CONFIG = "adapter_config.json"
CARD = "card.json"
TOKENIZER = "tokenizer.json"

_CONFIG_KEYS = ("r", "lora_alpha", "target_modules", "use_dora", "use_rslora")


class AdapterCard(BaseModel):
    """What an adapter, or a model that was tuned as a whole, is; ``files`` are SHA-256 by name.

    ``data`` are the hashes of the files that it learned from. ``prompt`` is how a prompt for it opens,
    ``prompt_fingerprint`` differs when such a prompt is written otherwise.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal[1] = 1
    base: str
    base_fingerprint: str
    tokenizer_sha256: str
    prompt: PromptStyle
    prompt_fingerprint: str | None = None
    recipe: dict[str, Any]
    data: dict[str, str]
    questions: int
    metrics: dict[str, float]
    licence: str | None
    versions: dict[str, str]
    made: str
    made_by: str | None
    files: dict[str, str]

    @property
    def fingerprint(self) -> str:
        """Twelve hex digits that differ when the weights or their use do."""
        return hashlib.sha256(json.dumps(sorted(self.files.items())).encode()).hexdigest()[:12]


def read_card(folder: Path) -> AdapterCard:
    """Read a card. Raises ModelMissingError where there is none, ModelCorruptError where it is malformed.

    What was tuned to prompts that this version of Tieout does not write is refused with ModelError.
    """
    path = folder / CARD
    try:
        card = AdapterCard.model_validate_json(path.read_bytes())
    except FileNotFoundError as error:
        raise ModelMissingError(f"{folder} is no adapter: it has no {CARD}") from error
    except (OSError, ValidationError) as error:
        reason = error.errors()[0]["msg"] if isinstance(error, ValidationError) else error
        raise ModelCorruptError(f"{path} is not the card of an adapter: {reason}") from error
    if card.prompt_fingerprint not in (None, prompt_fingerprint(card.prompt)):
        raise ModelError(f"{folder} was tuned to prompts that this version of Tieout does not write: tune it again")
    return card


def tuned_card(folder: Path) -> AdapterCard | None:
    """Return the card of a model that was tuned and merged, None for one that is as its makers left it."""
    return read_card(folder) if (folder / CARD).is_file() else None


def check_adapter(folder: Path, base: Path, manifest: Manifest) -> AdapterCard:
    """Return the card of an adapter that is whole and belongs to the base model in the folder ``base``.

    Raises ModelCorruptError where a file has changed, ModelError where it was made for another base.
    """
    card = read_card(folder)
    for name in (WEIGHTS, CONFIG):
        if not (folder / name).is_file() or file_sha256(folder / name) != card.files.get(name):
            raise ModelCorruptError(f"{folder / name} is missing or has changed since the adapter was made")
    if card.base_fingerprint != manifest.fingerprint:
        raise ModelError(
            f"the adapter {folder} was made for {card.base}@{card.base_fingerprint}, not for "
            f"{manifest.name}@{manifest.fingerprint}: set TIEOUT_GENERATOR to its base, or use another adapter"
        )
    if card.tokenizer_sha256 != file_sha256(base / TOKENIZER):
        raise ModelError(f"the adapter {folder} was made with another tokenizer than that of {manifest.name}")
    return card


def write_adapter(
    folder: Path, weights: dict[str, torch.Tensor], config: dict[str, Any], card: AdapterCard
) -> AdapterCard:
    """Write an adapter, replacing the one that is there when all is written; return its card with the hashes."""
    from safetensors.torch import save_file

    part = folder.with_name(folder.name + ".partial")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    save_file({name: value.contiguous() for name, value in weights.items()}, part / WEIGHTS, {"format": "pt"})
    (part / CONFIG).write_text(json.dumps(config, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    complete = card.model_copy(update={"files": {name: file_sha256(part / name) for name in (CONFIG, WEIGHTS)}})
    (part / CARD).write_text(complete.model_dump_json(indent=2) + "\n", encoding="utf-8")
    replace_folder(part, folder)
    return complete


def settle_folder(folder: Path) -> None:
    """Put the former folder back where a process was killed after it had been moved out of the way."""
    former = folder.with_name(folder.name + ".former")
    if former.exists() and not folder.exists():
        former.rename(folder)


def replace_folder(part: Path, folder: Path) -> None:
    """Let ``part`` take the place of ``folder``; what was there is gone only when the new one is in place."""
    settle_folder(folder)
    former = folder.with_name(folder.name + ".former")
    shutil.rmtree(former, ignore_errors=True)
    if folder.exists():
        folder.rename(former)
    part.rename(folder)
    shutil.rmtree(former, ignore_errors=True)


def put_adapter(model: Any, **shape: Any) -> PeftModel:
    """Put an untrained adapter of the given shape into a model. Raises ValueError where it does not fit."""
    with quiet_libraries(), warnings.catch_warnings():
        from peft import LoraConfig, get_peft_model

        # peft asks transformers for a property that is about to be renamed.
        warnings.simplefilter("ignore", FutureWarning)
        adapted: Any = get_peft_model(model, LoraConfig(task_type="CAUSAL_LM", **shape))
    result: PeftModel = adapted
    return result


def apply_adapter(model: PreTrainedModel, folder: Path, *, merge: bool) -> PreTrainedModel:
    """Put the weights of a checked adapter into its base; ``merge`` adds them up, which costs no time later.

    Of the adapter's configuration only the shape of its weights is used. Raises ModelCorruptError where
    weights are missing or left over.
    """
    from safetensors.torch import load_file

    with quiet_libraries():
        from peft import set_peft_model_state_dict

        try:
            content = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
            adapted: Any = put_adapter(model, **{key: content[key] for key in _CONFIG_KEYS})
            outcome: Any = set_peft_model_state_dict(adapted, load_file(folder / WEIGHTS))
        except (OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
            raise ModelCorruptError(f"the adapter {folder} does not fit its base: {error}") from error
        missing = [name for name in outcome.missing_keys if ".lora_" in name]
        if missing or outcome.unexpected_keys:
            raise ModelCorruptError(f"the adapter {folder} lacks weights, or has some too many")
        result: PreTrainedModel = adapted.merge_and_unload() if merge else adapted.base_model.model
    result.train(mode=False)
    return result
