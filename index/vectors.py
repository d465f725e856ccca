"""Search by meaning: exact inner products over the vectors of the eligible passages.

The database holds the vectors. The FAISS file beside it is a cache, which its sidecar ties to the state
of the database that it was made from; whatever does not fit is made again.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import sqlite3
from collections.abc import Collection
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.store import Store, manifest
from ingest.errors import LibraryError, LibraryMismatchError

INDEX_FILE = "vectors.faiss"
SIDECAR_FILE = "vectors.json"
STORED = np.dtype("<f4")
LONGEST = 1.01  # a vector that was normalised in half precision is within this

_ELIGIBLE = """
    SELECT passages.id FROM passages JOIN filings ON filings.key = passages.filing
    JOIN json_each(?) AS chosen ON filings.id = chosen.value
"""

logger = logging.getLogger(__name__)


class VectorSearch:
    """The vectors of one library, loaded at the first search and again when the library has changed."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._index: Any = None
        self._state: str | None = None

    def nearest(
        self, vector: NDArray[np.float32], *, filing_ids: Collection[str] | None, limit: int
    ) -> list[tuple[int, float]]:
        """List (passage rowid, cosine), best first, at most ``limit``, of passages of the given filings only.

        ``vector`` is L2-normalised, of shape (dimension,). An empty collection finds nothing, None
        searches all. Equal scores stand in order of rowid. Raises LibraryMismatchError for a vector of
        another length and LibraryError for one that is not finite.
        """
        if limit < 1 or (filing_ids is not None and not filing_ids):
            return []
        with self._store.reading() as connection:
            index = self._current(connection)
            eligible = None if filing_ids is None else _eligible(connection, filing_ids)
        if index is None or index.ntotal == 0 or (eligible is not None and not len(eligible)):
            return []
        query = np.ascontiguousarray(vector, dtype=np.float32).reshape(1, -1)
        if query.shape[1] != index.d:
            raise LibraryMismatchError(
                f"the query has {query.shape[1]} dimensions, the library at {self._store.directory} "
                f"{index.d}: use the embedder that it was made with"
            )
        if not np.isfinite(query).all():
            raise LibraryError("the query's vector is not finite: the embedder is at fault")
        return _search(index, query, eligible, limit)

    def discard(self) -> None:
        """Delete the cache, which may hold vectors of what has been removed."""
        self._index = self._state = None
        for path in self._store.directory.glob(f".{INDEX_FILE}.*"):
            path.unlink(missing_ok=True)
        for name in (SIDECAR_FILE, INDEX_FILE):
            (self._store.directory / name).unlink(missing_ok=True)

    def _current(self, connection: sqlite3.Connection) -> Any:
        """Return the index of the state that the connection sees; None for a library without filings."""
        entries = manifest(connection)
        if "embedder_dimension" not in entries:
            return None
        if self._state != entries["state"]:
            dimension = int(entries["embedder_dimension"])
            self._index = self._load(entries["state"], dimension)
            if self._index is None:
                self._index = _build(connection, dimension)
                self._save(entries["state"], entries["generation"])
            self._state = entries["state"]
        return self._index

    def _load(self, state: str, dimension: int) -> Any:
        """Return the cached index, or None where there is none of this state, or it is damaged."""
        import faiss

        try:
            sidecar = json.loads((self._store.directory / SIDECAR_FILE).read_bytes())
            if not isinstance(sidecar, dict) or sidecar.get("state") != state:
                return None
            stored = (self._store.directory / INDEX_FILE).read_bytes()
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            logger.warning("the vector cache of %s is unreadable (%s)", self._store.directory, error)
            return None
        if hashlib.sha256(stored).hexdigest() != sidecar.get("sha256"):
            logger.warning("the vector cache of %s is damaged: making it again", self._store.directory)
            return None
        try:
            index = faiss.deserialize_index(np.frombuffer(stored, dtype=np.uint8))
        except RuntimeError as error:
            logger.warning("the vector cache of %s is of another FAISS: %s", self._store.directory, error)
            return None
        return index if index.d == dimension else None

    def _save(self, state: str, generation: str) -> None:
        """Write the cache; a directory that may not be written goes without one."""
        import faiss

        directory = self._store.directory
        stored = faiss.serialize_index(self._index).tobytes()
        sidecar = {
            "generation": int(generation),
            "state": state,
            "dimension": self._index.d,
            "count": self._index.ntotal,
            "sha256": hashlib.sha256(stored).hexdigest(),
        }
        draft = directory / f".{INDEX_FILE}.{os.getpid()}"
        try:
            # The sidecar is written last, and its digest ties it to this very file: a reader between the
            # two steps, or another process at the same work, finds a pair that fits or makes its own.
            draft.write_bytes(stored)
            draft.replace(directory / INDEX_FILE)
            draft.write_text(json.dumps(sidecar, indent=2) + "\n", encoding="utf-8")
            draft.replace(directory / SIDECAR_FILE)
        except OSError as error:
            logger.info("the vector cache of %s was not written: %s", directory, error)


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


def _build(connection: sqlite3.Connection, dimension: int) -> Any:
    """Make an exact inner-product index of all vectors, under the rowids of their passages."""
    import faiss

    rows = connection.execute("SELECT passage, vector FROM vectors ORDER BY passage").fetchall()
    stored = b"".join(blob for _, blob in rows)
    if len(stored) != len(rows) * dimension * STORED.itemsize:
        raise LibraryError(
            "vectors of the library have another length than its manifest says: it is damaged; "
            "restore library.sqlite from a backup"
        )
    index = faiss.IndexIDMap2(faiss.IndexFlatIP(dimension))
    matrix = np.frombuffer(stored, dtype=STORED).astype(np.float32).reshape(len(rows), dimension)
    index.add_with_ids(matrix, np.array([rowid for rowid, _ in rows], dtype=np.int64))
    return index


def _eligible(connection: sqlite3.Connection, filing_ids: Collection[str]) -> NDArray[np.int64]:
    """List the rowids of all passages of the filings."""
    rows = connection.execute(_ELIGIBLE, (json.dumps(sorted(set(filing_ids))),))
    return np.array([rowid for (rowid,) in rows], dtype=np.int64)


def _search(
    index: Any, query: NDArray[np.float32], eligible: NDArray[np.int64] | None, limit: int
) -> list[tuple[int, float]]:
    """Find the best of the eligible. The selector works before scoring; only CPU indexes obey one."""
    import faiss

    parameters = None
    wanted = min(limit, index.ntotal if eligible is None else len(eligible))
    if eligible is not None:
        parameters = faiss.SearchParameters(sel=faiss.IDSelectorBatch(eligible))  # type: ignore[call-arg]
    scores, rowids = index.search(query, wanted, params=parameters)
    found = [
        (int(rowid), float(score))
        for rowid, score in zip(rowids[0], scores[0], strict=True)
        if rowid >= 0  # FAISS fills up with -1
    ]
    return sorted(found, key=lambda hit: (-hit[1], hit[0]))
