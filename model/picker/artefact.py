"""A trained picker on disk: its weights in eight bits, and a card that says what it is and what it fits.

The word embeddings are the encoder's own and stay with it, so that a folder is about 14 MB. Matrices are int8
with a float32 scale for each row, all else is float16. Nothing but numbers and JSON is read.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.errors import ModelCorruptError
from model.cache import file_sha256, model_path, read_manifest
from model.picker.actions import OPERATIONS
from model.static.embedder import load_tokenizer

if TYPE_CHECKING:
    import torch
    from torch import Tensor

    from model.picker.layout import Typesetter
    from model.picker.network import PickerNetwork

WEIGHTS, CARD = "weights.safetensors", "card.json"
BASE = "minilm"
"""The encoder that pickers are trained from."""
OWN = "encoder.embeddings.word_embeddings.weight"
"""What stays with the encoder."""
SCALE = ".scale"
"""What the name of a matrix's scales ends in."""


@dataclass(frozen=True, slots=True)
class OpenPicker:
    """A picker that is ready: its network and typesetter, its card, and twelve hex digits of its weights."""

    network: PickerNetwork
    typesetter: Typesetter
    card: Mapping[str, Any]
    fingerprint: str


def new_network(cache: Path) -> tuple[PickerNetwork, Typesetter, str]:
    """Return an untrained network over the pulled encoder, its typesetter, and the encoder's name and fingerprint.

    Raises ModelMissingError or ModelCorruptError with the remedy where the encoder is not there or not whole.
    """
    folder = model_path(BASE, cache)
    fingerprint = read_manifest(folder).fingerprint
    from model.minilm.bert import load_bert
    from model.picker.layout import Typesetter
    from model.picker.network import PickerNetwork

    encoder = load_bert(folder)
    try:
        typesetter = Typesetter(load_tokenizer(folder / "tokenizer.json"))
    except ValueError as error:
        raise ModelCorruptError(f"{folder} cannot be loaded as an encoder: {error}") from error
    encoder.embeddings.word_embeddings.weight.requires_grad_(False)
    return PickerNetwork(encoder), typesetter, f"{BASE}@{fingerprint}"


def save_picker(network: PickerNetwork, card: Mapping[str, Any], folder: Path) -> None:
    """Write a trained network and its card; the card gets the hash of the weights."""
    from safetensors.torch import save_file

    folder.mkdir(parents=True, exist_ok=True)
    stored: dict[str, Tensor] = {}
    for name, tensor in network.state_dict().items():
        if name != OWN:
            stored |= _stored(name, tensor)
    save_file(stored, folder / WEIGHTS)
    names = [operation.name for operation in OPERATIONS]
    whole = {**card, "operations": names, "sha256": file_sha256(folder / WEIGHTS)}
    (folder / CARD).write_text(json.dumps(whole, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def open_picker(folder: Path | None = None, *, cache: Path) -> OpenPicker:
    """Open the picker that comes with Tieout, or one in ``folder``.

    Raises ModelCorruptError where its files are not what the card says, or where it was trained on another encoder
    than the one in ``cache``; ModelMissingError where that was not pulled.
    """
    if folder is not None:
        return _open(folder, cache)
    with as_file(files("model.picker").joinpath("data")) as data:
        return _open(data, cache)


def built_in_fingerprint() -> str:
    """Return the fingerprint of the picker that comes with Tieout, without opening it."""
    card = files("model.picker").joinpath("data", CARD)
    try:
        return _fingerprint(str(json.loads(card.read_text(encoding="utf-8"))["sha256"]))
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise ModelCorruptError(f"{card} is no card of a picker ({error}): install Tieout again") from error


def _fingerprint(sha256: str) -> str:
    return hashlib.sha256(sha256.encode()).hexdigest()[:12]


def _open(folder: Path, cache: Path) -> OpenPicker:
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        card = json.loads((folder / CARD).read_text(encoding="utf-8"))
        base, wanted, operations = str(card["base"]), str(card["sha256"]), list(card["operations"])
        found = file_sha256(folder / WEIGHTS)
        stored = load_file(folder / WEIGHTS)
    except (OSError, KeyError, TypeError, ValueError, SafetensorError) as error:
        raise ModelCorruptError(f"{folder} holds no picker ({error}): train it or install Tieout again") from error
    if found != wanted:
        raise ModelCorruptError(f"{folder / WEIGHTS} is not what its card says: train it or install Tieout again")
    if operations != [operation.name for operation in OPERATIONS]:
        raise ModelCorruptError(f"the picker in {folder} was trained for other operators: train it again")
    network, typesetter, here = new_network(cache)
    if here != base:
        raise ModelCorruptError(f"the picker in {folder} was trained on {base}, not on {here}: pull that encoder")
    tensors = {OWN: network.state_dict()[OWN], **_restored(stored)}
    try:
        network.load_state_dict(tensors)
    except RuntimeError as error:
        raise ModelCorruptError(f"{folder / WEIGHTS} does not fit the encoder: {str(error)[:200]}") from error
    network.eval()
    return OpenPicker(network, typesetter, card, _fingerprint(wanted))


def _stored(name: str, tensor: Tensor) -> dict[str, Tensor]:
    import torch

    if tensor.ndim != 2 or min(tensor.shape) < 16:
        return {name: tensor.to(torch.float16 if tensor.is_floating_point() else tensor.dtype).contiguous()}
    scale = tensor.abs().amax(dim=1, keepdim=True).clamp_min(1e-12) / 127
    return {name: (tensor / scale).round().to(torch.int8), name + SCALE: scale.to(torch.float32)}


def _restored(stored: Mapping[str, Tensor]) -> dict[str, torch.Tensor]:
    import torch

    tensors = {}
    for name, tensor in stored.items():
        if name.endswith(SCALE):
            continue
        scale = stored.get(name + SCALE)
        tensors[name] = tensor.float() * scale if scale is not None else tensor
        if tensor.dtype == torch.float16:
            tensors[name] = tensor.float()
    return tensors
