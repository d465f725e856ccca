"""A learned classifier as a folder: ``weights.safetensors`` with what was learned, and ``card.json`` that explains it.

Only the head and what was changed of the model are kept. The model itself is the pulled one, and a folder is refused
over another model than the one that it was learned over.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from ingest.errors import ModelCorruptError, ModelMissingError
from model.cache import file_sha256
from model.classifier.change import close, open_for_change, set_weights
from model.classifier.contract import METHODS, Recipe
from model.classifier.encoder import Encoder, load_encoder
from model.classifier.tuned import TunedClassifier

WEIGHTS, CARD = "weights.safetensors", "card.json"
KIND = "tieout classifier"
FORMAT = 1
"""The version of what a card says; another one is refused, with the remedy."""
HEAD, CHANGE = "head.", "change."


@dataclass(frozen=True, slots=True)
class Data:
    """What a classifier was learned from: a name, its hash (``data_hash``), texts by label, and the licence as told."""

    name: str
    sha256: str
    texts: Mapping[str, int]
    licence: str


@dataclass(frozen=True, slots=True)
class Card:
    """What a classifier is. ``metrics`` are of texts that a classifier made in the same way had not seen."""

    base: str
    base_fingerprint: str
    labels: tuple[str, ...]
    recipe: Recipe
    data: Data
    weights_sha256: str
    metrics: Mapping[str, Any] = field(default_factory=dict)


def data_hash(texts: Sequence[str], labels: Sequence[str]) -> str:
    """Return the SHA-256 of labelled texts in their order."""
    return hashlib.sha256(json.dumps([list(texts), list(labels)]).encode()).hexdigest()


def save_classifier(classifier: TunedClassifier, folder: Path, data: Data, metrics: Mapping[str, Any]) -> Card:
    """Write a classifier into ``folder``, the card last. Raises OSError where that cannot be written."""
    from safetensors.torch import save_file

    tensors = {HEAD + name: weight.detach().cpu().clone() for name, weight in classifier.head.state_dict().items()}
    tensors |= {CHANGE + name: weight.contiguous() for name, weight in classifier.weights.items()}
    folder.mkdir(parents=True, exist_ok=True)
    (folder / CARD).unlink(missing_ok=True)
    save_file(tensors, folder / WEIGHTS)
    encoder = classifier.encoder
    card = Card(
        encoder.name,
        encoder.fingerprint,
        classifier.labels,
        classifier.recipe,
        data,
        file_sha256(folder / WEIGHTS),
        metrics,
    )
    content = {"kind": KIND, "format": FORMAT, **asdict(card)}
    (folder / CARD).write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return card


def read_card(folder: Path) -> Card:
    """Read the card of a classifier. Raises ModelMissingError where there is none, else ModelCorruptError."""
    path = folder / CARD
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content.pop("kind") != KIND:
            raise ModelCorruptError(f"{folder} holds no classifier: make one with `tieout tune classifier`")
        if content.pop("format") != FORMAT:
            raise ModelCorruptError(f"{path} was written by another version of Tieout: learn the classifier again")
        recipe, data = Recipe(**content.pop("recipe")), Data(**content.pop("data"))
        if recipe.method not in METHODS:
            raise ValueError(f"there is no method {recipe.method}")
        return Card(recipe=recipe, data=data, labels=tuple(content.pop("labels")), **content)
    except FileNotFoundError as error:
        raise ModelMissingError(f"{folder} holds no classifier: make one with `tieout tune classifier`") from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelCorruptError(f"{path} is no card of a classifier ({error}): learn it again") from error


def load_classifier(folder: Path, *, cache: Path, device: str | None = None) -> TunedClassifier:
    """Load a classifier over the pulled model that it was learned over.

    Raises ModelMissingError or ModelCorruptError where either is not there, not whole, or not the other's.
    """
    card = read_card(folder)
    encoder = load_encoder(card.base, cache=cache, device=device)
    return put_on(folder, encoder)


def put_on(folder: Path, encoder: Encoder) -> TunedClassifier:
    """Make the classifier of a folder out of a loaded model, which is changed by it; errors as ``load_classifier``."""
    import torch
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    card = read_card(folder)
    if card.base_fingerprint != encoder.fingerprint:
        raise ModelCorruptError(
            f"{folder} was learned over {card.base}@{card.base_fingerprint} and does not fit "
            f"{encoder.name}@{encoder.fingerprint}: pull that model, or learn the classifier again"
        )
    try:
        if file_sha256(folder / WEIGHTS) != card.weights_sha256:
            raise ModelCorruptError(f"{folder / WEIGHTS} is not what its card tells of: learn the classifier again")
        tensors = load_file(folder / WEIGHTS)
        head = torch.nn.Linear(encoder.width, len(card.labels))
        head.load_state_dict({name: tensors[HEAD + name] for name in ("weight", "bias")})
    except (OSError, KeyError, RuntimeError, SafetensorError) as error:
        raise ModelCorruptError(f"{folder / WEIGHTS} holds no classifier ({error}): learn it again") from error
    weights = {name.removeprefix(CHANGE): each for name, each in tensors.items() if name.startswith(CHANGE)}
    open_for_change(encoder, card.recipe)
    set_weights(encoder, weights)
    close(encoder)
    return TunedClassifier(encoder, head.requires_grad_(False).to(encoder.device), card.labels, card.recipe, weights)
