"""Vectors: their shape, length and order, and that half precision keeps their meaning."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ingest.errors import ModelMissingError
from model.embedder import HashEmbedder, SentenceEmbedder, load_embedder

TEXTS = [
    "Net sales rose by four percent.",
    "Capital expenditure was 1,577 million dollars in fiscal 2018, " * 12,
    "Inventories",
    "The plant in the harbour was closed in March because demand fell.",
    "Revenue increased by four percent.",
]


def test_hashed_words_are_stable_and_near_their_like() -> None:
    embedder = HashEmbedder()
    vectors = embedder.embed(["net sales rose", "net sales fell", "the plant closed"])
    assert vectors.shape == (3, 384)
    assert vectors.dtype == np.float32
    assert vectors[0] @ vectors[1] > 0.5 > vectors[0] @ vectors[2]
    assert np.array_equal(vectors, HashEmbedder().embed(["net sales rose", "net sales fell", "the plant closed"]))
    assert not embedder.embed([""]).any()
    assert HashEmbedder(64).fingerprint != embedder.fingerprint


def test_an_absent_model_is_named_with_its_remedy(tmp_path: Path) -> None:
    with pytest.raises(ModelMissingError, match="tieout models pull minilm"):
        load_embedder(cache=tmp_path)


def test_rows_have_unit_length_and_the_order_of_the_texts(embedder: SentenceEmbedder) -> None:
    vectors = embedder.embed(TEXTS, batch_size=2)
    assert vectors.shape == (5, embedder.dimension) == (5, 384)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    alone = np.concatenate([embedder.embed([text]) for text in TEXTS])
    assert (vectors * alone).sum(axis=1).min() > 0.999


def test_meaning_is_nearer_than_words(embedder: SentenceEmbedder) -> None:
    similar = embedder.embed(TEXTS) @ embedder.embed(["Sales grew 4%."])[0]
    assert int(similar.argmax()) in (0, 4)


def test_no_texts_give_no_rows(embedder: SentenceEmbedder) -> None:
    assert embedder.embed([]).shape == (0, 384)


def test_progress_counts_texts(embedder: SentenceEmbedder) -> None:
    seen: list[tuple[int, int]] = []
    embedder.embed(TEXTS, progress=lambda done, total: seen.append((done, total)), batch_size=2)
    assert seen == [(2, 5), (4, 5), (5, 5)]


def test_long_texts_are_cut_at_256_tokens(embedder: SentenceEmbedder) -> None:
    start = "alpha beta gamma delta " * 100
    one, other = embedder.embed([start + "harbour", start + "inventories"])
    assert one @ other > 0.9999


@pytest.mark.slow
def test_half_precision_agrees_with_full(minilm_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIEOUT_DTYPE", "float32")
    full = load_embedder("minilm", cache=minilm_cache, device="cpu")
    monkeypatch.setenv("TIEOUT_DTYPE", "bfloat16")
    half = load_embedder("minilm", cache=minilm_cache, device="cpu")
    assert full.fingerprint == half.fingerprint
    assert (full.embed(TEXTS) * half.embed(TEXTS)).sum(axis=1).min() > 0.999
