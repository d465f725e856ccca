"""The folder of pulled models: where each one is, and whether it is whole.

A model is a folder with a ``manifest.json`` that was written last, so its existence means that the
pull was completed. A folder called ``….partial`` is the remains of an interrupted pull.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from ingest.errors import ModelCorruptError, ModelMissingError, UsageError
from model.catalog import CATALOG, CatalogEntry

MANIFEST = "manifest.json"
FORMAT = 1
"""The version of what a manifest says; another one is refused, with the remedy."""

_HUB_NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}", re.ASCII)
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class StoredFile:
    """The size in bytes and the SHA-256 of one file of a model."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a model folder is: its name, where it came from, its licence and every file by its path."""

    name: str
    source: str
    licence: str | None
    files: dict[str, StoredFile]

    @property
    def size(self) -> int:
        """The bytes of all files together."""
        return sum(file.size for file in self.files.values())

    @property
    def fingerprint(self) -> str:
        """Twelve hex digits that differ when the weights do."""
        weights = sorted(file.sha256 for path, file in self.files.items() if path.endswith(".safetensors"))
        return hashlib.sha256("".join(weights).encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class ModelStatus:
    """A model and its state in a cache; ``size`` is in bytes, 0 where it is missing."""

    name: str
    kind: Literal["embedder", "generator"] | None
    state: Literal["ready", "missing", "damaged"]
    source: str
    licence: str | None
    size: int
    path: Path
    problem: str | None = None


def model_folder(name: str, cache: Path, *, catalog: Mapping[str, CatalogEntry] = CATALOG) -> Path:
    """Name the folder of a model, whether it is there or not. Raises UsageError on an impossible name."""
    if name in catalog:
        return cache / name
    if not _is_hub_name(name):
        known = ", ".join(catalog)
        raise UsageError(f"there is no model {name[:80]!r}: use {known}, or a Hugging Face id like org/model")
    return cache / name.replace("/", "--")


def model_path(name: str, cache: Path, *, catalog: Mapping[str, CatalogEntry] = CATALOG) -> Path:
    """Find the folder of a pulled model, or of one that was made here, which goes by the folder's absolute path.

    Raises ModelMissingError where it was not pulled and ModelCorruptError where files are absent or
    have changed in size, both with the remedy. Contents are compared by ``verify_model`` only.
    """
    own = Path(name).is_absolute()
    folder = Path(name) if own else model_folder(name, cache, catalog=catalog)
    if not (folder / MANIFEST).is_file():
        if own:
            raise ModelMissingError(f"{folder} is no model's folder: it has no {MANIFEST}")
        raise ModelMissingError(f"the model {name} is not in {cache}: run `tieout models pull {name}`")
    for path, file in read_manifest(folder).files.items():
        target = folder / path
        if not target.is_file() or target.stat().st_size != file.size:
            raise ModelCorruptError(
                f"{target} is missing or cut off: run `tieout models pull {name}` to fetch it again"
            )
    return folder


def verify_model(name: str, cache: Path, *, catalog: Mapping[str, CatalogEntry] = CATALOG) -> Path:
    """Do as ``model_path``, and compare the SHA-256 of every file; ModelCorruptError where one differs."""
    folder = model_path(name, cache, catalog=catalog)
    for path, file in read_manifest(folder).files.items():
        if file_sha256(folder / path) != file.sha256:
            raise ModelCorruptError(f"{folder / path} has changed since it was pulled: run `tieout models pull {name}`")
    return folder


def list_models(cache: Path, *, catalog: Mapping[str, CatalogEntry] = CATALOG) -> list[ModelStatus]:
    """List the catalog's models and then every other model in the cache, by name, with their states."""
    found = [_status(name, cache, catalog) for name in catalog]
    others = sorted(cache.glob("*--*/" + MANIFEST)) if cache.is_dir() else []
    names = (manifest.parent.name.replace("--", "/", 1) for manifest in others)
    return found + [_status(name, cache, catalog) for name in names if _is_hub_name(name)]


def _is_hub_name(name: str) -> bool:
    """Tell whether a name is a Hugging Face id that its folder's name can be turned back into."""
    if ".." in name or "--" in name or name.endswith(".partial"):
        return False
    return _HUB_NAME.fullmatch(name) is not None


def _status(name: str, cache: Path, catalog: Mapping[str, CatalogEntry]) -> ModelStatus:
    entry = catalog.get(name)
    kind = entry.kind if entry else None
    source = entry.requirement if entry else f"https://huggingface.co/{name}"
    licence = entry.licence if entry else None
    folder = model_folder(name, cache, catalog=catalog)
    try:
        manifest = read_manifest(model_path(name, cache, catalog=catalog))
    except ModelMissingError:
        return ModelStatus(name, kind, "missing", source, licence, 0, folder)
    except ModelCorruptError as error:
        return ModelStatus(name, kind, "damaged", source, licence, 0, folder, str(error))
    return ModelStatus(name, kind, "ready", manifest.source, manifest.licence, manifest.size, folder)


def read_manifest(folder: Path) -> Manifest:
    """Read a model's manifest. Raises ModelCorruptError where it is malformed or of another version."""
    path = folder / MANIFEST
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["format"] != FORMAT:
            raise ModelCorruptError(f"{path} was written by another version of Tieout: pull the model again")
        files = {str(name): _stored(name, value) for name, value in content["files"].items()}
        return Manifest(str(content["name"]), str(content["source"]), content["licence"], files)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelCorruptError(f"{path} is not a manifest ({error}): pull the model again") from error


def _stored(name: str, value: Any) -> StoredFile:
    if Path(name).is_absolute() or ".." in Path(name).parts:
        raise ValueError(f"the path {name!r} leaves the folder")
    return StoredFile(int(value["size"]), str(value["sha256"]))


def write_manifest(folder: Path, name: str, source: str, licence: str | None) -> None:
    """Describe every file of the folder in its manifest, which is written last."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != MANIFEST)
    files = {
        path.relative_to(folder).as_posix(): asdict(StoredFile(path.stat().st_size, file_sha256(path)))
        for path in paths
    }
    content = {"format": FORMAT, "name": name, "source": source, "licence": licence, "files": files}
    (folder / MANIFEST).write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def file_sha256(path: Path) -> str:
    """Compute the SHA-256 of a file in hex, reading it in blocks."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
