"""The embedded model from the inside: texts become word pieces, these pass layer after layer, their mean is the vector.

A model is taken apart at a layer, so that what the layers below give can be computed once and kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ingest.errors import ModelCorruptError, ModelError
from model.cache import model_path, read_manifest
from model.catalog import MINILM
from model.device import choose_device
from model.quiet import quiet_libraries

TOGETHER = 64
"""Texts that pass the model at a time where nothing is learned."""


class Encoder:
    """A BERT-like model in float32 with its tokenizer; ``name`` and ``fingerprint`` are those of the pulled model."""

    def __init__(self, name: str, fingerprint: str, device: str, tokenizer: Any, network: Any) -> None:
        self.name = name
        self.fingerprint = fingerprint
        self.device = device
        self.network = network
        self.width = int(network.config.hidden_size)
        self._tokenizer = tokenizer

    @property
    def layers(self) -> int:
        """How many layers there are."""
        return len(self.network.encoder.layer)

    def pieces(self, texts: Sequence[str], max_tokens: int) -> list[list[int]]:
        """Return the word pieces of each text, with the marks of its beginning and end.

        There are ``max_tokens`` at most, and no more than the model has places for.
        """
        if not texts:
            return []
        longest = min(max_tokens, int(self.network.config.max_position_embeddings))
        with quiet_libraries():
            found = self._tokenizer(list(texts), truncation=True, max_length=longest)
        return [list(ids) for ids in found["input_ids"]]

    def states(self, pieces: Sequence[Sequence[int]], layer: int) -> list[Any]:
        """Return the states after the first ``layer`` layers: a float16 tensor (pieces, width) for each text.

        Nothing is learned meanwhile, and nothing left out at random.
        """
        import torch

        found: list[Any] = [None] * len(pieces)
        self.network.eval()
        with torch.no_grad():
            for chosen in batches_by_length([len(ids) for ids in pieces], TOGETHER):
                rows = [torch.tensor(pieces[position]) for position in chosen]
                padded, seen = self._padded(rows)
                states = self.network.embeddings(input_ids=padded)
                for block in self.network.encoder.layer[:layer]:
                    states = block(states, _shut(seen))
                for row, position in enumerate(chosen):
                    found[position] = states[row, : len(pieces[position])].half().cpu()
        return found

    def pooled(self, states: Sequence[Any], layer: int) -> Any:
        """Let states pass the layers from ``layer`` on; return the mean over each text's pieces, (texts, width)."""
        padded, seen = self._padded([state.float() for state in states])
        for block in self.network.encoder.layer[layer:]:
            padded = block(padded, _shut(seen))
        weights = seen.unsqueeze(-1).float()
        return (padded * weights).sum(1) / weights.sum(1)

    def _padded(self, rows: Sequence[Any]) -> tuple[Any, Any]:
        """Rows of one length, and which of their places are taken."""
        import torch

        padded = torch.nn.utils.rnn.pad_sequence(list(rows), batch_first=True).to(self.device)
        lengths = torch.tensor([len(row) for row in rows], device=self.device)
        return padded, torch.arange(padded.shape[1], device=self.device)[None] < lengths[:, None]


def _shut(seen: Any) -> Any:
    """The mask that is added to attention scores: next to nothing is left of what is not seen."""
    return (~seen)[:, None, None, :].float() * -1e9


def batches_by_length(lengths: Sequence[int], size: int) -> Iterator[list[int]]:
    """Yield the positions of all texts, ``size`` at a time, those of like length together, the longest first."""
    order = sorted(range(len(lengths)), key=lambda position: -lengths[position])
    for start in range(0, len(order), size):
        yield order[start : start + size]


def load_encoder(name: str = MINILM.name, *, cache: Path, device: str | None = None) -> Encoder:
    """Load a pulled embedder so that it can be tuned. Nothing is downloaded.

    Raises ModelMissingError or ModelCorruptError with the remedy, and ModelError for a model of another build.
    """
    folder = model_path(name, cache)
    fingerprint = read_manifest(folder).fingerprint
    chosen = choose_device(device, dtype="float32")
    import torch

    with quiet_libraries():
        from transformers import AutoModel, AutoTokenizer

        try:
            tokenizer = AutoTokenizer.from_pretrained(str(folder), local_files_only=True)
            network = AutoModel.from_pretrained(
                str(folder), local_files_only=True, use_safetensors=True, dtype=torch.float32
            )
        except (OSError, ValueError, KeyError) as error:
            raise ModelCorruptError(f"{folder} cannot be loaded as a model of texts: {error}") from error
    if not hasattr(network, "embeddings") or not hasattr(getattr(network, "encoder", None), "layer"):
        raise ModelError(f"{name} is not built like BERT, and only such models can be tuned to classify: use minilm")
    return Encoder(name, fingerprint, chosen.device, tokenizer, network.to(chosen.device))


def as_array(tensor: Any) -> NDArray[np.float32]:
    """Return a tensor's values."""
    values: NDArray[np.float32] = tensor.detach().float().cpu().numpy()
    return values
