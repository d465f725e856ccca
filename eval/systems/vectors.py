"""Vectors that were embedded once are kept, so that a library is rebuilt for the price of reading alone.

A library stands under a name that changes with the reader's code; most of its passages' texts do not. The
vectors are kept by the SHA-256 of the embedder's fingerprint and the text, in one SQLite file.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.contract import Embedder
from ingest.errors import LibraryError

FILE = "vectors.sqlite"
"""Its name below a work folder."""
_TOGETHER = 500
"""Keys of one query; SQLite takes at least 999 variables."""
_FLOAT = 4
"""Bytes of a number."""
_WAIT = 60.0
"""Seconds to wait for another process that writes."""


class KeptVectors:
    """An Embedder that asks ``embedder`` only for texts whose vectors are not in ``path`` yet.

    ``found`` and ``made`` count the different texts of all calls so far. A text embedded in other company
    may differ in its last bits (a batch is padded to its longest), so kept vectors also make runs steadier.
    """

    def __init__(self, embedder: Embedder, path: Path) -> None:
        self.embedder = embedder
        self.path = path
        self.found = 0
        self.made = 0

    @property
    def name(self) -> str:
        """The embedder's."""
        return self.embedder.name

    @property
    def dimension(self) -> int:
        """The embedder's."""
        return self.embedder.dimension

    @property
    def fingerprint(self) -> str:
        """The embedder's: the vectors are its own."""
        return self.embedder.fingerprint

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one row for each text, shape (len(texts), dimension); new ones are kept before it returns.

        Raises LibraryError where the file cannot be used.
        """
        keys = [vector_key(self.fingerprint, text) for text in texts]
        known = read_vectors(self.path, dict.fromkeys(keys), self.dimension)
        fresh = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        self.found += len(known)
        self.made += len(fresh)
        if fresh:
            made = dict(zip(fresh, self.embedder.embed(list(fresh.values())), strict=True))
            write_vectors(self.path, made)
            known |= made
        return np.array([known[key] for key in keys], dtype=np.float32).reshape(len(texts), self.dimension)

    def embed_question(self, text: str) -> NDArray[np.float32]:
        """Return the embedder's vector of a question, shape (dimension,); none is kept."""
        return self.embedder.embed_question(text)


def vector_key(fingerprint: str, text: str) -> bytes:
    """Return what a vector is kept by: 32 bytes."""
    return hashlib.sha256(fingerprint.encode() + b"\0" + text.encode()).digest()


def write_vectors(path: Path, vectors: Mapping[bytes, NDArray[np.float32]]) -> None:
    """Keep vectors by their keys, all of them or none. Raises LibraryError where the file cannot be used."""
    rows = [(key, vector.astype("<f4").tobytes()) for key, vector in vectors.items()]
    with _opened(path) as connection, connection:
        connection.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)


def read_vectors(path: Path, keys: Iterable[bytes], dimension: int) -> dict[bytes, NDArray[np.float32]]:
    """Return the vectors of those keys that are there; one of another length is as good as none.

    Raises LibraryError where the file cannot be used.
    """
    wanted = list(keys)
    found = {}
    with _opened(path) as connection:
        for start in range(0, len(wanted), _TOGETHER):
            chosen = wanted[start : start + _TOGETHER]
            marks = ", ".join("?" * len(chosen))
            for key, blob in connection.execute(f"SELECT key, vector FROM vectors WHERE key IN ({marks})", chosen):  # noqa: S608 - marks alone
                if len(blob) == dimension * _FLOAT:
                    found[key] = np.frombuffer(blob, dtype="<f4")
    return found


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """The file, made where it is not there. Faults of SQLite are ours, with the remedy: it can be made again."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(path, timeout=_WAIT)) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB)")
            yield connection
    except (sqlite3.Error, OSError) as error:
        raise LibraryError(f"{path} cannot be used ({error}): remove it, and it is made again") from error
