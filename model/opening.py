"""The door of the embedders: a name becomes the one that goes by it."""

from __future__ import annotations

from pathlib import Path

from model.catalog import STATIC
from model.embedder import SentenceEmbedder, load_embedder
from model.static.embedder import StaticEmbedder, load_static


def open_embedder(name: str, *, cache: Path, device: str | None = None) -> SentenceEmbedder | StaticEmbedder:
    """Load the embedder that comes with Tieout (``static``) or one that was pulled into ``cache``.

    Raises ModelMissingError or ModelCorruptError with the remedy where it is not there or not whole.
    """
    if name == STATIC:
        return load_static(cache=cache, device=device)
    return load_embedder(name, cache=cache, device=device)
