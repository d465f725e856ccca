"""Embeds questions with a pulled MiniLM, as sentence-transformers would, without waiting for it to load."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ingest.errors import ModelCorruptError
from model.cache import model_path, read_manifest

if TYPE_CHECKING:
    from model.minilm.bert import BertEncoder

MAX_TOKENS = 256
"""Questions are cut after so many tokens, those that begin and end included."""


class QuestionEmbedder:
    """One vector of unit length for one question: the mean of the states of its tokens."""

    def __init__(self, name: str, fingerprint: str, encoder: BertEncoder, tokenizer: Any) -> None:
        self.name = name
        self.fingerprint = fingerprint
        self._encoder = encoder
        self._tokenizer = tokenizer

    def embed_question(self, text: str) -> NDArray[np.float32]:
        """Embed a question, shape (dimension,)."""
        import torch

        ids = torch.tensor([self._tokenizer.encode(text).ids])
        with torch.inference_mode():
            states = self._encoder(
                self._encoder.embeddings.word_embeddings(ids),
                torch.zeros_like(ids),
                torch.arange(ids.shape[1]).unsqueeze(0),
                torch.ones((1, 1, 1, ids.shape[1]), dtype=torch.bool),
            )
            vector = torch.nn.functional.normalize(states.mean(1), dim=-1)[0]
        found: NDArray[np.float32] = vector.numpy()
        return found


def load_question_embedder(name: str, *, cache: Path) -> QuestionEmbedder:
    """Load a pulled encoder for questions. Raises ModelMissingError or ModelCorruptError with the remedy."""
    from tokenizers import Tokenizer

    from model.minilm.bert import load_bert

    folder = model_path(name, cache)
    fingerprint = read_manifest(folder).fingerprint
    encoder = load_bert(folder)
    try:
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    except Exception as error:  # the library raises plain Exception, whatever is wrong
        raise ModelCorruptError(f"{folder / 'tokenizer.json'} is no tokenizer: {error}") from error
    tokenizer.enable_truncation(MAX_TOKENS)
    tokenizer.no_padding()
    return QuestionEmbedder(name, fingerprint, encoder, tokenizer)
