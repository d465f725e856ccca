"""A model that is ready to be tuned: its base frozen, what is learned in float32 beside it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.errors import ModelError
from model.adapter import put_adapter
from model.cache import Manifest, model_path, read_manifest
from model.device import DeviceChoice, choose_device
from model.loading import load_causal, load_tokenizer
from model.tuning.attention import use_block_attention
from model.tuning.packing import Pack, pack_tensors
from model.tuning.recipe import Recipe

if TYPE_CHECKING:
    import torch
    from peft import PeftModel
    from transformers import PreTrainedModel, PreTrainedTokenizerFast


@dataclass(frozen=True, slots=True)
class Tunable:
    """A base model with what is learned.

    ``model`` is the language model itself, which an adapter has been put into; ``adapted`` is peft's view of
    it, None where all weights are tuned. ``folder`` and ``manifest`` are the base's.
    """

    recipe: Recipe
    model: PreTrainedModel
    adapted: PeftModel | None
    tokenizer: PreTrainedTokenizerFast
    choice: DeviceChoice
    folder: Path
    manifest: Manifest

    def learned(self) -> dict[str, torch.nn.Parameter]:
        """Give the weights that are learned, by name, in the model's own order."""
        return {name: weight for name, weight in self.model.named_parameters() if weight.requires_grad}

    def loss(self, pack: Pack) -> torch.Tensor:
        """Give the sum, over the learned tokens of a pack, of the negative log-likelihood of each."""
        import torch

        tensors = pack_tensors(pack)
        device = self.choice.device
        with self._arithmetic():
            output: Any = self.model(
                input_ids=tensors.ids.to(device),
                position_ids=tensors.positions.to(device),
                attention_mask=tensors.mask.to(device),
                logits_to_keep=tensors.predicting.to(device),
                use_cache=False,
            )
        return torch.nn.functional.cross_entropy(output.logits[0].float(), tensors.learned.to(device), reduction="sum")

    @contextmanager
    def _arithmetic(self) -> Iterator[None]:
        """Multiply in the chosen number format, the learned weights too; they are kept in float32."""
        import torch

        if self.choice.dtype == "float32":
            yield
            return
        kind, dtype = self.choice.device.partition(":")[0], getattr(torch, self.choice.dtype)
        with self._uncast(), torch.autocast(kind, dtype):
            yield

    def _uncast(self) -> AbstractContextManager[None]:
        if self.adapted is None:
            return nullcontext()
        from peft.helpers import disable_input_dtype_casting

        context: AbstractContextManager[None] = disable_input_dtype_casting(self.adapted)
        return context


def load_tunable(recipe: Recipe, *, cache: Path, device: str | None = None) -> Tunable:
    """Load a recipe's base and put into it what the recipe's method learns, initialised from its seed.

    Raises ModelMissingError where the base was not pulled, ModelError where the machine cannot do what the
    method needs.
    """
    import torch

    choice = _tuning_device(recipe, device)
    folder = model_path(recipe.base, cache)
    manifest = read_manifest(folder)
    tokenizer = load_tokenizer(folder)
    stored = "float32" if recipe.method == "full" else choice.dtype
    model: Any = load_causal(folder, stored, choice.device, four_bits=recipe.method == "qlora")
    torch.manual_seed(recipe.seed)
    adapted = None if recipe.method == "full" else _adapt(model, recipe)
    if choice.device == "cpu":
        use_block_attention(model)
    if recipe.gradient_checkpointing:
        model.gradient_checkpointing_enable(gradient_checkpointing_kwargs={"use_reentrant": False})
    model.train(mode=False)
    return Tunable(recipe, model, adapted, tokenizer, choice, folder, manifest)


def _tuning_device(recipe: Recipe, device: str | None) -> DeviceChoice:
    import torch

    choice = choose_device(device)
    on_gpu = choice.device.startswith("cuda")
    if recipe.method == "qlora":
        _check_four_bits(choice)
    if recipe.dtype != "auto":
        return DeviceChoice(choice.device, recipe.dtype, f"{choice.reason}; {recipe.dtype} by the recipe")
    if on_gpu:
        best = "bfloat16" if torch.cuda.is_bf16_supported() else "float32"
        return DeviceChoice(choice.device, best, f"{choice.reason}; {best} for tuning")
    # Half precision needs its loss scaled, which is not worth it where bfloat16 is missing.
    return choice if choice.dtype == "bfloat16" else DeviceChoice(choice.device, "float32", choice.reason)


def _check_four_bits(choice: DeviceChoice) -> None:
    from importlib.util import find_spec

    if not choice.device.startswith("cuda"):
        raise ModelError(
            f'method = "qlora" needs a CUDA GPU: its base is packed in 4 bits, which {choice.device} cannot '
            'multiply. Use method = "lora" here'
        )
    if find_spec("bitsandbytes") is None:
        raise ModelError('method = "qlora" needs bitsandbytes: pip install "tieout[gpu]"')


def _adapt(model: Any, recipe: Recipe) -> PeftModel:
    try:
        adapted = put_adapter(
            model,
            r=recipe.rank,
            lora_alpha=recipe.alpha,
            lora_dropout=recipe.dropout,
            target_modules=list(recipe.targets),
            use_dora=recipe.method == "dora",
            use_rslora=recipe.method == "rslora",
        )
    except ValueError as error:
        raise ModelError(f"the recipe's targets are not in {recipe.base}: {error}") from error
    if recipe.gradient_checkpointing:
        model.enable_input_require_grads()
    return adapted
