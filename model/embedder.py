"""Texts become vectors: sentence-transformers on a pulled model, or hashed words for tests."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ingest.errors import ModelCorruptError
from model.cache import model_path, read_manifest
from model.contract import Progress
from model.device import DeviceChoice, choose_device
from model.quiet import quiet_libraries

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

MAX_TOKENS = 256
"""Texts are cut after so many tokens, the length that the embedded model was trained for."""


class SentenceEmbedder:
    """Embeds texts with a sentence-transformers model.

    ``name`` is that of the model, ``dimension`` the length of a vector, ``fingerprint`` twelve hex
    digits that differ when the weights do, ``choice`` the device and the number format. Vectors of one
    fingerprint can be compared, whatever the device.
    """

    def __init__(
        self, name: str, fingerprint: str, choice: DeviceChoice, model: SentenceTransformer, dimension: int
    ) -> None:
        self.name = name
        self.fingerprint = fingerprint
        self.choice = choice
        self.dimension = dimension
        self._model = model

    def embed(
        self, texts: Sequence[str], *, progress: Progress | None = None, batch_size: int = 32
    ) -> NDArray[np.float32]:
        """Embed the texts as rows of unit length, float32, shape (number of texts, ``dimension``).

        Texts of like length share a batch, because a batch is as slow as its longest; rows come back in
        the order of the texts. ``progress`` gets texts done and texts in all, after every batch.
        """
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        # The longest first, so that a batch that does not fit in memory fails at once.
        order = sorted(range(len(texts)), key=lambda position: -len(texts[position]))
        for start in range(0, len(order), batch_size):
            chosen = order[start : start + batch_size]
            vectors[chosen] = self._embed_batch([texts[position] for position in chosen])
            if progress is not None:
                progress(start + len(chosen), len(order))
        return vectors

    def embed_question(self, text: str) -> NDArray[np.float32]:
        """Embed a question as any other text, shape (``dimension``,)."""
        vector: NDArray[np.float32] = self.embed([text])[0]
        return vector

    def _embed_batch(self, texts: list[str]) -> NDArray[np.float32]:
        found = self._model.encode(texts, batch_size=len(texts), show_progress_bar=False, convert_to_tensor=True)
        # Half precision is left before the lengths are made 1, so that they are 1 to float32.
        vectors: NDArray[np.float32] = found.float().cpu().numpy()
        return normalise(vectors)


def load_embedder(name: str = "minilm", *, cache: Path, device: str | None = None) -> SentenceEmbedder:
    """Load a pulled embedder from ``cache``; nothing is downloaded.

    ``device`` overrules the choice of ``model.device.choose_device``. Raises ModelMissingError or
    ModelCorruptError with the remedy where the model is not there or not whole.
    """
    folder = model_path(name, cache)
    manifest = read_manifest(folder)
    choice = choose_device(device)
    import torch

    with quiet_libraries():
        from sentence_transformers import SentenceTransformer

        try:
            model = SentenceTransformer(
                str(folder),
                device=choice.device,
                local_files_only=True,
                trust_remote_code=False,
                model_kwargs={"dtype": getattr(torch, choice.dtype), "use_safetensors": True},
            )
        except (OSError, ValueError, KeyError) as error:
            raise ModelCorruptError(f"{folder} cannot be loaded as an embedder: {error}") from error
    model.eval()
    model.max_seq_length = min(model.max_seq_length or MAX_TOKENS, MAX_TOKENS)
    dimension = model.get_embedding_dimension()
    if dimension is None:
        raise ModelCorruptError(f"{folder} does not tell the length of its vectors")
    return SentenceEmbedder(name, manifest.fingerprint, choice, model, dimension)


class HashEmbedder:
    """An embedder without weights, for tests: the words of a text, hashed into ``dimension`` counts.

    Texts that share words are near each other. The same text always gives the same vector.
    """

    name = "hash"

    def __init__(self, dimension: int = 384) -> None:
        self.dimension = dimension
        self.fingerprint = f"hash{dimension}"

    def embed(self, texts: Sequence[str], *, progress: Progress | None = None) -> NDArray[np.float32]:
        """Embed the texts as rows of unit length (zero for a text without words), float32."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for position, text in enumerate(texts):
            for word in re.findall(r"\w+", text.lower()):
                digest = hashlib.blake2b(word.encode(), digest_size=8).digest()
                sign = 1.0 if digest[0] & 1 else -1.0
                vectors[position, int.from_bytes(digest[1:], "big") % self.dimension] += sign
            if progress is not None:
                progress(position + 1, len(texts))
        return normalise(vectors)

    def embed_question(self, text: str) -> NDArray[np.float32]:
        """Embed a question as any other text, shape (``dimension``,)."""
        vector: NDArray[np.float32] = self.embed([text])[0]
        return vector


def normalise(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Scale each row to length 1; rows of zeros stay."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: NDArray[np.float32] = (vectors / np.where(lengths == 0, 1, lengths)).astype(np.float32)
    return unit
