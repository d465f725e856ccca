"""The doors of the models: a name becomes the embedder or the generator that goes by it."""

from __future__ import annotations

from importlib.resources import as_file, files
from pathlib import Path
from typing import Literal

from ingest.errors import ConfigurationError
from model.cache import ModelStatus
from model.catalog import PICKER, STATIC
from model.contract import Generator
from model.embedder import SentenceEmbedder, load_embedder
from model.served.opening import is_served, open_served
from model.served.options import ServedOptions
from model.static.embedder import StaticEmbedder, load_static


def open_embedder(name: str, *, cache: Path, device: str | None = None) -> SentenceEmbedder | StaticEmbedder:
    """Load the embedder that comes with Tieout (``static``) or one that was pulled into ``cache``.

    Raises ModelMissingError or ModelCorruptError with the remedy where it is not there or not whole.
    """
    if name == STATIC:
        return load_static(cache=cache)
    return load_embedder(name, cache=cache, device=device)


def open_generator(
    name: str,
    *,
    cache: Path,
    device: str | None = None,
    served: ServedOptions | None = None,
    adapter: Path | None = None,
) -> Generator:
    """Open the picker, a served generator (``model.served.opening`` says how it is named), or load a pulled one.

    An ``adapter`` is put into one that was pulled. Raises ConfigurationError or ModelError, with the remedy, where
    it cannot be used.
    """
    if adapter is not None and (name == PICKER or is_served(name)):
        raise ConfigurationError(
            f"the adapter {adapter} cannot be put into {name}: set TIEOUT_GENERATOR to the model it was made for"
        )
    if name == PICKER:
        from model.picker.generator import load_picker

        return load_picker(cache=cache)
    if is_served(name):
        return open_served(name, served or ServedOptions())
    from model.generator import load_generator

    return load_generator(name, cache=cache, device=device, adapter=adapter)


def built_in() -> tuple[ModelStatus, ...]:
    """Return what a list of models says of those that come with Tieout."""
    return (_built_in(STATIC, "embedder", "model.static"), _built_in(PICKER, "generator", "model.picker"))


def _built_in(name: str, kind: Literal["embedder", "generator"], package: str) -> ModelStatus:
    with as_file(files(package).joinpath("data")) as folder:
        size = sum(path.stat().st_size for path in folder.iterdir())
        return ModelStatus(name, kind, "ready", "Tieout itself", "Apache-2.0", size, folder)
