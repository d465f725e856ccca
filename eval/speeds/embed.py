"""Passages a second of the embedder: of a network in the number format chosen, and of the table."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray

from assistant.cli.opening import embedder_for
from assistant.config import Settings
from eval.speeds.measurement import Measurement, against
from model.catalog import MINILM, STATIC
from model.device import DTYPE_VARIABLE, choose_device

FULL = "float32"
TEXTS = 128
"""So many passages are embedded in each format."""


def measure_embedding(texts: Sequence[str], settings: Settings) -> list[Measurement]:
    """Embed the first texts in the chosen format and in float32; the detail says how near the vectors are.

    Where float32 is what is chosen, bfloat16 is measured against it. The table is measured against the model that
    it learned from, in float32. Raises ModelMissingError.
    """
    network = settings.model_copy(update={"embedder": MINILM.name}) if settings.embedder == STATIC else settings
    chosen = choose_device(settings.device).dtype
    half = chosen if chosen != FULL else "bfloat16"
    texts = list(texts[:TEXTS])
    if not texts:
        return []
    rate, vectors = _rate(texts, network, half)
    full_rate, full_vectors = _rate(texts, network, FULL)
    cosine = float(np.sum(vectors * full_vectors, axis=1).min())
    detail = f"{len(texts)} passages, least cosine with {FULL} {cosine:.4f}; chosen here: {chosen}"
    found = [against(f"embed in {half}", rate, "passages/s", f"the same in {FULL}", full_rate, detail)]
    if settings.embedder == STATIC:
        rate, vectors = _rate(texts, settings, FULL)
        detail = f"mean cosine with {network.embedder} {float(np.sum(vectors * full_vectors, axis=1).mean()):.3f}"
        table = against("embed by the table", rate, "passages/s", f"{network.embedder} in {FULL}", full_rate, detail)
        found.append(table)
    return found


def _rate(texts: list[str], settings: Settings, dtype: str) -> tuple[float, NDArray[np.float32]]:
    with environment(DTYPE_VARIABLE, dtype):
        embedder = embedder_for(settings)
    embedder.embed(texts[:8])  # the first batch also sets up what later ones use
    started = time.perf_counter()
    vectors = embedder.embed(texts)
    return len(texts) / (time.perf_counter() - started), vectors


@contextmanager
def environment(name: str, value: str) -> Iterator[None]:
    """Set an environment variable for a while."""
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before
