"""FAISS indexes of a collection's vectors: exact up to a size, quantised lists beyond it; made, kept up, searched."""

from __future__ import annotations

import json
import math
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ingest.errors import LibraryError

STORED = np.dtype("<f4")
EXACT_UP_TO = 1_000_000
"""Vectors of a collection up to which every search compares with all of them."""
PROBED = 64
"""Lists that a search of a quantised index looks into, where everything is eligible."""
RESCORED = 4
"""Of a quantised index, so many times the wanted vectors are compared again, exactly."""
DRIFT = 2.0
"""A quantised index is trained again when it has grown, or become uneven, by this factor."""
ROOM = 0.5
"""The range of a quantised component is wider than that of the sample, on each side, by this share of it."""
BATCH = 20_000
SAMPLE = 64
"""Vectors for each list that a quantised index is trained on: FAISS warns below 39."""


@dataclass(frozen=True, slots=True)
class Training:
    """How many vectors an index was trained on (0 for an exact one), and how uneven its lists were then."""

    count: int = 0
    imbalance: float = 1.0


def build(connection: sqlite3.Connection, key: int, dimension: int) -> tuple[Any, Training]:
    """Make an index of all vectors of the collection, under the rowids of their passages."""
    import faiss

    ids = _ids(connection, key)
    if len(ids) <= EXACT_UP_TO:
        exact = faiss.IndexIDMap2(faiss.IndexFlatIP(dimension))
        _fill(exact, connection, ids, dimension)
        return exact, Training()
    lists = max(1, min(round(4 * math.sqrt(len(ids))), len(ids) // SAMPLE))
    index: Any = faiss.index_factory(dimension, f"IVF{lists},SQ8", faiss.METRIC_INNER_PRODUCT)
    # Of the vectors themselves, with room on both sides: what comes later and lies elsewhere is not cut off.
    index.by_residual = False
    index.sq.rangestat, index.sq.rangestat_arg = faiss.ScalarQuantizer.RS_minmax, ROOM
    chosen = np.random.default_rng(0).permutation(ids)[: SAMPLE * lists]
    index.train(np.concatenate([rows for _, rows in _vectors(connection, np.sort(chosen), dimension)]))
    _fill(index, connection, ids, dimension)
    return index, Training(len(ids), float(index.invlists.imbalance_factor()))


def brought_up_to_date(
    connection: sqlite3.Connection, key: int, index: Any, training: Training
) -> tuple[Any, Training] | None:
    """Take what is gone out of an index of an earlier state, and put in what is new; None to make it anew.

    The index must be in memory: FAISS ends the process when one that is mapped is changed.
    """
    ids, before = _ids(connection, key), _ids_of(index)
    gone, new = np.setdiff1d(before, ids), np.setdiff1d(ids, before)
    if (training.count > 0) != (len(ids) > EXACT_UP_TO):
        return None
    if len(gone):
        index.remove_ids(gone)
    _fill(index, connection, new, index.d)
    if training.count:
        grown = len(ids) > DRIFT * training.count or DRIFT * len(ids) < training.count
        if grown or index.invlists.imbalance_factor() > DRIFT * training.imbalance:
            return None
    return index, training


def search(
    connection: sqlite3.Connection, index: Any, query: NDArray[np.float32], ranges: NDArray[np.int64], limit: int
) -> list[tuple[int, float]]:
    """List (rowid, cosine) of the best of the passages in the ranges: shape (filings, 2), first and end.

    The filter works before scoring: FAISS obeys it on the CPU only.
    """
    import faiss

    count = int((ranges[:, 1] - ranges[:, 0]).sum())
    wanted = min(limit, count)
    selector = None if count == index.ntotal else _selector(ranges)
    if not hasattr(index, "nprobe"):
        parameters = None if selector is None else faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
        scores, rowids = index.search(query, wanted, params=parameters)
        return _hits(rowids[0], scores[0])
    # The fewer are eligible, the more lists must be looked into to find as many of them.
    lists = min(index.nlist, math.ceil(PROBED * index.ntotal / count))
    parameters = faiss.SearchParametersIVF(sel=selector, nprobe=lists)  # type: ignore[call-arg]
    _, rowids = index.search(query, min(RESCORED * wanted, count), params=parameters)
    near = np.sort(rowids[0][rowids[0] >= 0])
    hits = [
        hit
        for some, rows in _vectors(connection, near, index.d)
        for hit in zip(some.tolist(), rows @ query[0], strict=True)
    ]
    return sorted(((rowid, float(score)) for rowid, score in hits), key=lambda hit: (-hit[1], hit[0]))[:wanted]


def read(path: Path, *, mapped: bool) -> Any:
    """Read an index from its file, or map the file into memory: then it must not be changed."""
    import faiss

    return faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC if mapped else 0)


def write(index: Any, path: Path) -> None:
    """Write an index to a file. Raises OSError where that cannot be."""
    import faiss

    path.touch()  # says by itself what is wrong with the place
    try:
        faiss.write_index(index, str(path))
    except RuntimeError as error:
        raise OSError(str(error)) from error


def _selector(ranges: NDArray[np.int64]) -> Any:
    """What tells FAISS which ids take part: a bit for each, set for those in the ranges."""
    import faiss

    bits = np.zeros(int(ranges[-1, 1]), dtype=bool)
    for first, end in ranges:
        bits[first:end] = True
    return faiss.IDSelectorBitmap(np.packbits(bits, bitorder="little"))  # type: ignore[call-arg,arg-type]


def _hits(rowids: NDArray[np.int64], scores: NDArray[np.float32]) -> list[tuple[int, float]]:
    """Pairs in order; FAISS fills up with -1."""
    pairs = zip(rowids.tolist(), scores.tolist(), strict=True)
    return [(rowid, score) for rowid, score in pairs if rowid >= 0]


def _ids(connection: sqlite3.Connection, key: int) -> NDArray[np.int64]:
    """The rowids of all passages of the collection that have a vector, in order."""
    rows = connection.execute("SELECT passage FROM held WHERE collection = ? ORDER BY passage", (key,))
    return np.fromiter((rowid for (rowid,) in rows), dtype=np.int64)


def _ids_of(index: Any) -> NDArray[np.int64]:
    """The ids that are in an index."""
    import faiss

    if not hasattr(index, "nprobe"):
        return faiss.vector_to_array(index.id_map)
    lists = index.invlists
    ids = [
        faiss.rev_swig_ptr(lists.get_ids(number), lists.list_size(number)).copy()
        for number in range(index.nlist)
        if lists.list_size(number)
    ]
    return np.concatenate(ids) if ids else np.empty(0, dtype=np.int64)


def _fill(index: Any, connection: sqlite3.Connection, ids: NDArray[np.int64], dimension: int) -> None:
    for some, rows in _vectors(connection, ids, dimension):
        index.add_with_ids(rows, some)


def _vectors(
    connection: sqlite3.Connection, ids: NDArray[np.int64], dimension: int
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float32]]]:
    """Yield the vectors of the passages, which are in order, in batches: ids, and an array (number, dimension)."""
    statement = "SELECT vector FROM held WHERE passage IN (SELECT value FROM json_each(?)) ORDER BY passage"
    for start in range(0, len(ids), BATCH):
        some = ids[start : start + BATCH]
        stored = b"".join(blob for (blob,) in connection.execute(statement, (json.dumps(some.tolist()),)))
        if len(stored) != len(some) * dimension * STORED.itemsize:
            raise LibraryError(
                "vectors of the library have another length than its manifest says: `tieout doctor` tells which"
            )
        yield some, np.frombuffer(stored, dtype=STORED).astype(np.float32).reshape(len(some), dimension)
