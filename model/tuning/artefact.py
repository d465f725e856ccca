"""What a run leaves behind: an adapter, or the whole model where all of it was tuned, with its card."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from model.adapter import CARD, TOKENIZER, AdapterCard, replace_folder, write_adapter
from model.cache import MANIFEST, Manifest, file_sha256, write_manifest
from model.prompt import prompt_fingerprint
from model.tuning.tunable import Tunable

TUNED = ("adapter", "model")
"""What a run's result is called: an adapter, or a whole model where all of it was tuned."""

_VERSIONS = ("peft", "tieout", "torch", "transformers")


def card_for(
    tunable: Tunable, data: dict[str, str], questions: int, licence: str | None, made_by: str | None
) -> AdapterCard:
    """Return the card of what a run makes, before its metrics and files are known."""
    return AdapterCard(
        base=tunable.manifest.name,
        base_fingerprint=tunable.manifest.fingerprint,
        tokenizer_sha256=file_sha256(tunable.folder / TOKENIZER),
        prompt=tunable.recipe.prompt,
        prompt_fingerprint=prompt_fingerprint(tunable.recipe.prompt),
        recipe=tunable.recipe.model_dump(mode="json"),
        data=data,
        questions=questions,
        metrics={},
        licence=licence or tunable.manifest.licence,
        versions={name: version(name) for name in _VERSIONS},
        made=datetime.now(UTC).isoformat(timespec="seconds"),
        made_by=made_by,
        files={},
    )


def keep_tuned(tunable: Tunable, folder: Path, card: AdapterCard) -> AdapterCard:
    """Write what was learned into ``folder``, replacing what is there; return the card with the files' hashes."""
    import torch

    stored = getattr(torch, tunable.recipe.stored_dtype)
    if tunable.adapted is None:
        return write_model(tunable.model, folder, card, tunable.folder, tunable.manifest, stored)
    from peft import get_peft_model_state_dict

    state: dict[str, Any] = get_peft_model_state_dict(tunable.adapted, save_embedding_layers=False)
    weights = {name: value.detach().to("cpu", stored) for name, value in state.items()}
    config: dict[str, Any] = tunable.adapted.peft_config["default"].to_dict()
    # Where the base lies on this machine is nobody's business; the card names it by its hash.
    config |= {"inference_mode": True, "base_model_name_or_path": tunable.manifest.name, "auto_mapping": None}
    plain = json.loads(json.dumps(config, default=sorted))
    return write_adapter(folder, weights, plain, card)


def write_model(model: Any, folder: Path, card: AdapterCard, base: Path, manifest: Manifest, dtype: Any) -> AdapterCard:
    """Write a whole model as a folder that a generator is loaded from, with its base's tokenizer and its card."""
    from safetensors.torch import save_file

    part = folder.with_name(folder.name + ".partial")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    tied = set(getattr(model, "_tied_weights_keys", None) or ()) if model.config.tie_word_embeddings else set()
    weights = {
        name: value.detach().to("cpu", dtype).contiguous()
        for name, value in model.state_dict().items()
        if name not in tied
    }
    save_file(weights, part / "model.safetensors", {"format": "pt"})
    config = json.loads((base / "config.json").read_text(encoding="utf-8"))
    config["dtype"] = str(dtype).removeprefix("torch.")
    (part / "config.json").write_text(json.dumps(config, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    for source in sorted(base.iterdir()):
        if source.is_file() and source.name not in (MANIFEST, CARD, "config.json") and "safetensors" not in source.name:
            shutil.copyfile(source, part / source.name)
    complete = card.model_copy(update={"files": {"model.safetensors": file_sha256(part / "model.safetensors")}})
    (part / CARD).write_text(complete.model_dump_json(indent=2) + "\n", encoding="utf-8")
    write_manifest(part, f"{manifest.name}-{complete.fingerprint}", f"tuned from {manifest.name}", card.licence)
    replace_folder(part, folder)
    return complete
