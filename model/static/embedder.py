"""The embedder that comes with Tieout: passages by a table of word pieces, questions by the model that it learned from.

Nearly all texts that are embedded are passages, and averaging rows of a table takes a hundredth of the time that
the model takes. A question is one short text, so it can be given to the model itself.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from functools import cached_property
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ingest.errors import ModelCorruptError
from model.catalog import STATIC
from model.contract import Progress
from model.embedder import normalise
from model.minilm.question import QuestionEmbedder, load_question_embedder

WEIGHTS, TOKENIZER, CARD = "weights.safetensors", "tokenizer.json", "card.json"
BATCH = 1024
"""Texts that are embedded at a time."""


class StaticEmbedder:
    """Embeds a passage by the average of a row for each of its word pieces, a question by the ``teacher``.

    ``table`` is int8 of shape (pieces, dimension), ``scales`` float32 of shape (pieces,): row i stands for
    ``table[i] * scales[i]``. The teacher is loaded when the first question comes.
    """

    def __init__(
        self,
        tokenizer: Any,
        table: NDArray[np.int8],
        scales: NDArray[np.float32],
        teacher: Callable[[], QuestionEmbedder],
    ) -> None:
        self.name = STATIC
        self.dimension = int(table.shape[1])
        self.fingerprint = fingerprint(table, scales)
        self._tokenizer = tokenizer
        self._table = table
        self._scales = scales
        self._load_teacher = teacher

    @cached_property
    def _vectors(self) -> NDArray[np.float32]:
        return self._table.astype(np.float32) * self._scales[:, None]

    @cached_property
    def _teacher(self) -> QuestionEmbedder:
        return self._load_teacher()

    def embed(self, texts: Sequence[str], *, progress: Progress | None = None) -> NDArray[np.float32]:
        """Embed the texts as rows of unit length (zero for a text without any piece), float32, in their order."""
        rows = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for start in range(0, len(texts), BATCH):
            batch = list(texts[start : start + BATCH])
            for position, encoding in enumerate(self._tokenizer.encode_batch(batch, add_special_tokens=False), start):
                if encoding.ids:
                    rows[position] = self._vectors[encoding.ids].mean(axis=0)
            if progress is not None:
                progress(min(start + BATCH, len(texts)), len(texts))
        return normalise(rows)

    def embed_question(self, text: str) -> NDArray[np.float32]:
        """Embed a question, shape (``dimension``,). Raises ModelMissingError where the teacher was not pulled."""
        return self._teacher.embed_question(text)


def fingerprint(table: NDArray[np.int8], scales: NDArray[np.float32]) -> str:
    """Return twelve hex digits that differ when the table does."""
    digest = hashlib.sha256(table.tobytes())
    digest.update(scales.tobytes())
    return digest.hexdigest()[:12]


def load_static(*, cache: Path, folder: Path | None = None) -> StaticEmbedder:
    """Load the embedder that comes with Tieout, or one that was made into ``folder``.

    Its teacher is loaded from ``cache`` with the first question. Raises ModelCorruptError where a file is missing
    or is not what it should be, and with the first question where the teacher is not the one it learned from.
    """
    if folder is not None:
        return _load(folder, cache)
    with as_file(files("model.static").joinpath("data")) as data:
        return _load(data, cache)


def _load(folder: Path, cache: Path) -> StaticEmbedder:
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        tensors = load_file(folder / WEIGHTS)
        table, scales = tensors["table"], tensors["scales"]
        tokenizer = load_tokenizer(folder / TOKENIZER)
        learned_from = str(json.loads((folder / CARD).read_text(encoding="utf-8"))["teacher"])
    except (OSError, KeyError, ValueError, SafetensorError) as error:
        raise ModelCorruptError(f"{folder} holds no static embedder ({error}): install Tieout again") from error
    if table.ndim != 2 or scales.shape != (len(table),) or len(table) < tokenizer.get_vocab_size():
        raise ModelCorruptError(f"{folder / WEIGHTS} does not fit its tokenizer: install Tieout again")

    def teacher() -> QuestionEmbedder:
        loaded = load_question_embedder(learned_from.partition("@")[0], cache=cache)
        if f"{loaded.name}@{loaded.fingerprint}" != learned_from:
            raise ModelCorruptError(f"{loaded.name} is not the model that {STATIC} learned from: pull {learned_from}")
        return loaded

    return StaticEmbedder(tokenizer, table, scales, teacher)


def load_tokenizer(path: Path) -> Any:
    """Load a tokenizer that neither cuts nor fills up texts. Raises ValueError where the file is none."""
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:  # the library raises plain Exception, whatever is wrong
        raise ValueError(f"{path} is no tokenizer: {error}") from error
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer
