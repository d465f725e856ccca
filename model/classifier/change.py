"""What tuning changes of a model: whole layers, or low-rank products beside them, which are merged in once learned."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ingest.errors import ModelCorruptError
from model.classifier.contract import Recipe
from model.classifier.encoder import Encoder

LINEAR = ("query", "key", "value", "dense")
"""The linear layers of a BERT-like model that get a low-rank change."""


def open_for_change(encoder: Encoder, recipe: Recipe) -> None:
    """Leave open to change what the recipe tunes: for LoRA new low-rank weights, else the layers themselves."""
    network = encoder.network
    network.requires_grad_(False)
    if recipe.method == "full":
        for block in network.encoder.layer[recipe.frozen_layers :]:
            block.requires_grad_(True)
    elif recipe.method == "lora":
        from peft import LoraConfig, inject_adapter_in_model

        config = LoraConfig(
            r=recipe.rank,
            lora_alpha=2 * recipe.rank,
            lora_dropout=recipe.dropout,
            target_modules=list(LINEAR),
            layers_to_transform=list(range(recipe.frozen_layers, encoder.layers)),
            layers_pattern="layer",
        )
        inject_adapter_in_model(config, network)


def changed_weights(encoder: Encoder) -> dict[str, Any]:
    """Return a copy of every weight that is open to change, by its name in the network."""
    named = encoder.network.named_parameters()
    return {name: weight.detach().cpu().clone() for name, weight in named if weight.requires_grad}


def set_weights(encoder: Encoder, weights: Mapping[str, Any]) -> None:
    """Set the weights that are open to change. Raises ModelCorruptError unless these are given, in their shapes."""
    import torch

    open_ones = {name: weight for name, weight in encoder.network.named_parameters() if weight.requires_grad}
    if open_ones.keys() != weights.keys():
        strange = sorted(open_ones.keys() ^ weights.keys())
        raise ModelCorruptError(
            f"the weights are not those that the card tells of: {strange[0]} and {len(strange)} in all"
        )
    with torch.no_grad():
        for name, weight in open_ones.items():
            if weight.shape != weights[name].shape:
                raise ModelCorruptError(f"the weights of {name} have another shape than the model's")
            weight.copy_(weights[name])


def close(encoder: Encoder) -> None:
    """Merge low-rank changes into the layers that they stand beside, and leave nothing open to change."""
    from peft.tuners.lora import LoraLayer

    for module in list(encoder.network.modules()):
        for name, child in list(module.named_children()):
            if isinstance(child, LoraLayer):
                child.merge(safe_merge=True)
                setattr(module, name, child.get_base_layer())
    encoder.network.requires_grad_(False)
