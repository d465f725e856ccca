"""The BERT encoder by torch alone: the pulled MiniLM is ready in a second, not in the five that its libraries load.

Modules bear the names of Hugging Face's BertModel, so that weights fit either. Of its options only those of
MiniLM's family are known: absolute positions, GELU, layers that normalise last.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

from ingest.errors import ModelCorruptError

CONFIG, WEIGHTS = "config.json", "model.safetensors"


@dataclass(frozen=True, slots=True)
class BertShape:
    """The sizes of an encoder."""

    vocab_size: int
    hidden_size: int
    num_hidden_layers: int
    num_attention_heads: int
    intermediate_size: int
    max_position_embeddings: int
    type_vocab_size: int = 2
    layer_norm_eps: float = 1e-12
    dropout: float = 0.1


class BertEncoder(nn.Module):
    """Embedded tokens become states of ``shape.hidden_size`` numbers."""

    def __init__(self, shape: BertShape) -> None:
        super().__init__()
        self.shape = shape
        self.embeddings = _Embeddings(shape)
        self.encoder = _Layers(shape)
        self.apply(_begin)

    def forward(self, embedded: Tensor, types: Tensor, positions: Tensor, visible: Tensor) -> Tensor:
        """Return states (N, W, H) of word embeddings (N, W, H).

        ``types`` and ``positions`` are (N, W), ``visible`` (N, 1, W or 1, W) says which token (third axis) attends to
        which (fourth).
        """
        states: Tensor = self.encoder(self.embeddings(embedded, types, positions), visible)
        return states


class _Embeddings(nn.Module):
    def __init__(self, shape: BertShape) -> None:
        super().__init__()
        self.word_embeddings = nn.Embedding(shape.vocab_size, shape.hidden_size)
        self.position_embeddings = nn.Embedding(shape.max_position_embeddings, shape.hidden_size)
        self.token_type_embeddings = nn.Embedding(shape.type_vocab_size, shape.hidden_size)
        self.LayerNorm = nn.LayerNorm(shape.hidden_size, eps=shape.layer_norm_eps)
        self.dropout = nn.Dropout(shape.dropout)

    def forward(self, embedded: Tensor, types: Tensor, positions: Tensor) -> Tensor:
        added = embedded + self.token_type_embeddings(types) + self.position_embeddings(positions)
        states: Tensor = self.dropout(self.LayerNorm(added))
        return states


class _Layers(nn.Module):
    def __init__(self, shape: BertShape) -> None:
        super().__init__()
        self.layer = nn.ModuleList(_Layer(shape) for _ in range(shape.num_hidden_layers))

    def forward(self, states: Tensor, visible: Tensor) -> Tensor:
        for layer in self.layer:
            states = layer(states, visible)
        return states


class _Layer(nn.Module):
    def __init__(self, shape: BertShape) -> None:
        super().__init__()
        self.attention = nn.ModuleDict({"self": _Attention(shape), "output": _Output(shape, shape.hidden_size)})
        self.intermediate = nn.ModuleDict({"dense": nn.Linear(shape.hidden_size, shape.intermediate_size)})
        self.output = _Output(shape, shape.intermediate_size)

    def forward(self, states: Tensor, visible: Tensor) -> Tensor:
        states = self.attention["output"](self.attention["self"](states, visible), states)
        after: Tensor = self.output(functional.gelu(self.intermediate["dense"](states)), states)
        return after


class _Attention(nn.Module):
    def __init__(self, shape: BertShape) -> None:
        super().__init__()
        self.heads = shape.num_attention_heads
        self.lost = shape.dropout
        self.query, self.key, self.value = (nn.Linear(shape.hidden_size, shape.hidden_size) for _ in range(3))

    def forward(self, states: Tensor, visible: Tensor) -> Tensor:
        rows, length, width = states.shape
        query, key, value = (
            projected(states).view(rows, length, self.heads, width // self.heads).transpose(1, 2)
            for projected in (self.query, self.key, self.value)
        )
        lost = self.lost if self.training else 0.0
        found = functional.scaled_dot_product_attention(query, key, value, attn_mask=visible, dropout_p=lost)
        return found.transpose(1, 2).reshape(rows, length, width)


class _Output(nn.Module):
    def __init__(self, shape: BertShape, width: int) -> None:
        super().__init__()
        self.dense = nn.Linear(width, shape.hidden_size)
        self.LayerNorm = nn.LayerNorm(shape.hidden_size, eps=shape.layer_norm_eps)
        self.dropout = nn.Dropout(shape.dropout)

    def forward(self, states: Tensor, before: Tensor) -> Tensor:
        after: Tensor = self.LayerNorm(self.dropout(self.dense(states)) + before)
        return after


def _begin(module: nn.Module) -> None:
    """Small weights to begin with, as BERT's training did; loading overwrites them."""
    if isinstance(module, nn.Linear | nn.Embedding):
        nn.init.normal_(module.weight, std=0.02)


def load_bert(folder: Path) -> BertEncoder:
    """Load the encoder of a model's folder. Raises ModelCorruptError where it is not whole, or of another family."""
    try:
        config = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
        family = (config["model_type"], config["hidden_act"], config.get("position_embedding_type", "absolute"))
        if family != ("bert", "gelu", "absolute"):
            raise ModelCorruptError(f"{folder} holds no BERT encoder with GELU and absolute positions, but {family}")
        names = [name for name in BertShape.__dataclass_fields__ if name != "dropout"]
        shape = BertShape(**{name: config[name] for name in names}, dropout=config["hidden_dropout_prob"])
        weights = {name.removeprefix("bert."): value.float() for name, value in load_file(folder / WEIGHTS).items()}
        with torch.device("meta"):
            encoder = BertEncoder(shape)
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, SafetensorError) as error:
        raise ModelCorruptError(f"{folder} cannot be loaded as an encoder: {error}") from error
    needed = encoder.state_dict().keys()
    try:
        encoder.load_state_dict({name: weights[name] for name in needed}, assign=True)
    except (KeyError, RuntimeError) as error:
        raise ModelCorruptError(f"{folder / WEIGHTS} does not fit {CONFIG}: {str(error)[:200]}") from error
    return encoder.eval()
