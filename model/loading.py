"""Loads a causal language model and its tokenizer from a folder; no code that comes with it is run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.errors import ModelCorruptError, ModelError
from model.quiet import quiet_libraries

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerFast


def load_tokenizer(folder: Path) -> PreTrainedTokenizerFast:
    """Load the tokenizer of a model. Raises ModelError where it cannot be steered or has no chat template."""
    with quiet_libraries():
        from transformers import AutoTokenizer, PreTrainedTokenizerFast

        try:
            tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        except (OSError, ValueError, KeyError) as error:
            raise ModelCorruptError(f"{folder} cannot be loaded as a generator: {error}") from error
    if not isinstance(tokenizer, PreTrainedTokenizerFast):
        raise ModelError(f"{folder} has no tokenizer.json, without which no grammar can steer it")
    if tokenizer.chat_template is None:
        raise ModelError(f"{folder} has no chat template: use a model that was tuned to follow instructions")
    return tokenizer


def load_causal(folder: Path, dtype: str, device: str, *, four_bits: bool = False) -> PreTrainedModel:
    """Load the weights of a model onto a device; with ``four_bits`` they are packed by bitsandbytes on the way.

    Raises ModelCorruptError where the folder holds no such model.
    """
    import torch

    options: dict[str, Any] = {}
    with quiet_libraries():
        from transformers import AutoModelForCausalLM, BitsAndBytesConfig

        if four_bits:
            packing: Any = BitsAndBytesConfig
            options["device_map"] = {"": device}
            options["quantization_config"] = packing(
                load_in_4bit=True,
                bnb_4bit_quant_type="nf4",
                bnb_4bit_use_double_quant=True,
                bnb_4bit_compute_dtype=getattr(torch, dtype),
            )
        try:
            model: Any = AutoModelForCausalLM.from_pretrained(
                folder, dtype=getattr(torch, dtype), local_files_only=True, use_safetensors=True, **options
            )
        except (OSError, ValueError, KeyError) as error:
            raise ModelCorruptError(f"{folder} cannot be loaded as a generator: {error}") from error
    if not four_bits:
        model.to(device)
    model.eval()
    loaded: PreTrainedModel = model
    return loaded
