"""What a run learned from, by hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from ingest.errors import DatasetError
from model.cache import file_sha256


def data_hashes(paths: Sequence[Path]) -> dict[str, str]:
    """Return the SHA-256 of each file by its name. Raises DatasetError where one is absent."""
    try:
        return {path.name: file_sha256(path) for path in paths}
    except OSError as error:
        raise DatasetError(f"{error.filename} cannot be read: {error.strerror}") from error


def data_fingerprint(hashes: dict[str, str]) -> str:
    """Return twelve hex digits that differ when any of the files does, whatever they are called."""
    return hashlib.sha256(json.dumps(sorted(hashes.values())).encode()).hexdigest()[:12]
