"""What a run learned from, by hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from ingest.errors import DatasetError
from model.cache import file_sha256


def data_hashes(paths: Sequence[Path]) -> dict[str, str]:
    """Return the SHA-256 of each file by its name. Raises DatasetError where one is absent.

    Of files that have one name, all but the first are told apart by their folders' names.
    """
    hashes: dict[str, str] = {}
    try:
        for path in paths:
            name = path.name if path.name not in hashes else f"{path.resolve().parent.name}/{path.name}"
            hashes[name] = file_sha256(path)
        return hashes
    except OSError as error:
        raise DatasetError(f"{error.filename} cannot be read: {error.strerror}") from error


def data_fingerprint(hashes: dict[str, str]) -> str:
    """Return twelve hex digits that differ when any of the files does, whatever they are called."""
    return hashlib.sha256(json.dumps(sorted(hashes.values())).encode()).hexdigest()[:12]
