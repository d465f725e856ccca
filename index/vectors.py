"""Search by meaning: inner products with the vectors of the eligible passages, the best first.

The database holds the vectors. Beside it stands, for each collection, a FAISS index of them as a cache, which
its sidecar ties to the state of the collection that it was made from; whatever does not fit is brought up to
date or made again. How such an index is made is in index/nearness.py.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import sqlite3
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index import nearness
from index.ranges import eligible_ranges
from index.store import manifest
from ingest.errors import LibraryError, LibraryMismatchError

STORED = nearness.STORED
LONGEST = 1.01  # a vector that was normalised in half precision is within this

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class _Held:
    """An index in memory, the state that it is of, and how it was trained (see nearness)."""

    state: str
    index: Any
    training: nearness.Training


class Indexes:
    """The indexes of one library's collections, loaded at the first search; shared by all its views."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._held: dict[int, _Held] = {}

    def current(self, connection: sqlite3.Connection, key: int, dimension: int) -> Any:
        """Return the index of the collection in the state that the connection sees."""
        (state, generation) = connection.execute(
            "SELECT state, generation FROM collections WHERE key = ?", (key,)
        ).fetchone()
        held = self._held.get(key)
        if held is not None and held.state == state:
            return held.index
        self._held.pop(key, None)
        loaded = self._load(connection, key, state, dimension)
        if loaded is None or loaded.state != state:
            earlier = loaded and nearness.brought_up_to_date(connection, key, loaded.index, loaded.training)
            index, training = earlier or nearness.build(connection, key, dimension)
            loaded = _Held(state, index, training)
            self._save(key, loaded, generation)
        self._held[key] = loaded
        return loaded.index

    def discard(self, connection: sqlite3.Connection | None = None) -> None:
        """Delete the caches, which may hold vectors of what has been removed.

        With a connection that sees everything, those that are of the present state of their collection stay.
        """
        states = {} if connection is None else dict(connection.execute("SELECT key, state FROM collections"))
        fresh: set[str] = set()
        for key, state in states.items():
            path, sidecar = cache_paths(self._directory, key)
            if _state_in(sidecar) == state:
                fresh |= {path.name, sidecar.name}
        self._held = {key: held for key, held in self._held.items() if states.get(key) == held.state}
        for pattern in ("vectors*.faiss", "vectors*.json", ".vectors*"):
            for path in self._directory.glob(pattern):
                if path.name not in fresh:
                    path.unlink(missing_ok=True)

    def _load(self, connection: sqlite3.Connection, key: int, state: str, dimension: int) -> _Held | None:
        """Return the cached index of this state, or of an earlier one; None where there is none that fits."""
        path, sidecar_path = cache_paths(self._directory, key)
        try:
            sidecar = json.loads(sidecar_path.read_bytes())
            if not isinstance(sidecar, dict) or not _knows(connection, key, sidecar.get("state")):
                return None
            if file_digest(path) != sidecar.get("sha256"):
                logger.warning("the vector cache of %s is damaged: making it again", self._directory)
                return None
            fresh = sidecar["state"] == state
            index = nearness.read(path, mapped=fresh)
            training = nearness.Training(int(sidecar["trained_on"]), float(sidecar["imbalance"]))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError) as error:
            logger.warning("the vector cache of %s is unreadable (%s)", self._directory, error)
            return None
        except RuntimeError as error:
            logger.warning("the vector cache of %s is of another FAISS: %s", self._directory, error)
            return None
        return _Held(sidecar["state"], index, training) if index.d == dimension else None

    def _save(self, key: int, held: _Held, generation: int) -> None:
        """Write the cache; a directory that may not be written goes without one."""
        path, sidecar_path = cache_paths(self._directory, key)
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            # The sidecar is written last, and its digest ties it to this very file: a reader between the
            # two steps, or another process at the same work, finds a pair that fits or makes its own.
            nearness.write(held.index, draft)
            sidecar = {
                "generation": generation,
                "state": held.state,
                "dimension": held.index.d,
                "count": held.index.ntotal,
                "trained_on": held.training.count,
                "imbalance": held.training.imbalance,
                "sha256": file_digest(draft),
            }
            draft.replace(path)
            draft.write_text(json.dumps(sidecar, indent=2) + "\n", encoding="utf-8")
            draft.replace(sidecar_path)
        except OSError as error:
            draft.unlink(missing_ok=True)
            logger.info("the vector cache of %s was not written: %s", self._directory, error)


def cache_paths(directory: Path, key: int) -> tuple[Path, Path]:
    """Where the index of a collection is cached, and its sidecar."""
    return directory / f"vectors-{key}.faiss", directory / f"vectors-{key}.json"


def _state_in(sidecar: Path) -> object:
    """The state that a sidecar names; None where it names none."""
    try:
        content = json.loads(sidecar.read_bytes())
    except (OSError, ValueError):
        return None
    return content.get("state") if isinstance(content, dict) else None


def file_digest(path: Path) -> str:
    """The SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def nearest(
    connection: sqlite3.Connection,
    indexes: Indexes,
    vector: NDArray[np.float32],
    *,
    filing_ids: Collection[str] | None,
    limit: int,
) -> list[tuple[int, float]]:
    """List (passage rowid, cosine), best first, at most ``limit``, of passages of the given filings only.

    ``vector`` is L2-normalised, of shape (dimension,). An empty collection finds nothing, None searches
    all. Equal scores stand in order of rowid. Raises LibraryMismatchError for a vector of another length
    and LibraryError for one that is not finite.
    """
    ranges = eligible_ranges(connection, filing_ids)
    entries = manifest(connection)
    if limit < 1 or not ranges or "embedder_dimension" not in entries:
        return []
    dimension = int(entries["embedder_dimension"])
    query = np.ascontiguousarray(vector, dtype=np.float32).reshape(1, -1)
    if query.shape[1] != dimension:
        raise LibraryMismatchError(
            f"the query has {query.shape[1]} dimensions, the library {dimension}: "
            "use the embedder that it was made with"
        )
    if not np.isfinite(query).all():
        raise LibraryError("the query's vector is not finite: the embedder is at fault")
    found: list[tuple[int, float]] = []
    for key, eligible in ranges.items():
        index = indexes.current(connection, key, dimension)
        found.extend(nearness.search(connection, index, query, eligible, limit))
    return sorted(found, key=lambda hit: (-hit[1], hit[0]))[:limit]


def to_blobs(vectors: NDArray[np.float32], count: int, dimension: int) -> list[bytes]:
    """Return each row as the database keeps it: little-endian float32.

    Raises LibraryMismatchError where the shape is not (count, dimension), and LibraryError where a row
    is not finite or longer than 1, which would rank before every true neighbour.
    """
    if vectors.shape != (count, dimension):
        raise LibraryMismatchError(
            f"{count} passages and an embedder of {dimension} dimensions came with vectors of shape "
            f"{vectors.shape}: embed the filing's passages, in their order, with the library's embedder"
        )
    if not np.isfinite(vectors).all() or (np.linalg.norm(vectors, axis=1) > LONGEST).any():
        raise LibraryError("the filing's vectors are not normalised: the embedder is at fault")
    return [row.tobytes() for row in vectors.astype(STORED)]


def _knows(connection: sqlite3.Connection, key: int, state: object) -> bool:
    """Whether the collection is in that state or went through it."""
    if not isinstance(state, str):
        return False
    statement = "SELECT 1 FROM history WHERE collection = ? AND state = ?"
    return connection.execute(statement, (key, state)).fetchone() is not None
