"""The reader of filings as the system under test: each case names a file, and what it was read as is looked at."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.case import Case, Prediction
from ingest.filing import Filing
from ingest.read import read_filing

INGEST = Path(__file__).parents[2] / "ingest"

Look = Callable[[Path, Filing], Mapping[str, Any]]
"""Takes a file and what it was read as, and gives what the benchmark's scorers need, as plain data."""


@dataclass(frozen=True, slots=True)
class ReaderSystem:
    """Reads the file at ``case.data["path"]`` and hands on what ``look`` sees in the filing."""

    look: Look
    name: str = "tieout"

    def prepare(self, cases: Sequence[Case], progress: Callable[[str, int, int], None]) -> Mapping[str, str]:
        """Return the digest of the reader's code; there is nothing else to get ready."""
        return {"reader": reader_state()}

    def predict(self, case: Case) -> Prediction:
        """Read the case's file. Raises UnreadableFileError where it cannot be read."""
        started = time.perf_counter()
        path = Path(case.data["path"])
        filing = read_filing(path)
        seconds = time.perf_counter() - started
        return Prediction("answered", text=f"{len(filing.pages)} pages", seconds=seconds, extra=self.look(path, filing))


def reader_state() -> str:
    """Return twelve hex digits that differ when any file of the reader does."""
    digest = hashlib.sha256()
    for path in sorted(INGEST.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(path.relative_to(INGEST).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]
