"""The reader of filings as the system under test: each case names a file, and what it was read as is looked at."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.case import Case, Prediction
from eval.contract import Progress
from eval.systems.state import code_digest
from ingest.filing import Filing
from ingest.read import read_filing

Look = Callable[[Path, Filing], Mapping[str, Any]]
"""Takes a file and what it was read as, and gives what the benchmark's scorers need, as plain data."""


@dataclass(frozen=True, slots=True)
class ReaderSystem:
    """Reads the file at ``case.data["path"]`` and hands on what ``look`` sees in the filing."""

    look: Look
    name: str = "tieout"

    def prepare(self, cases: Sequence[Case], progress: Progress) -> Mapping[str, str]:
        """Return the digest of the reader's code; there is nothing else to get ready."""
        return {"reader": code_digest("ingest")}

    def predict(self, case: Case) -> Prediction:
        """Read the case's file. Raises UnreadableFileError where it cannot be read."""
        path = Path(case.data["path"])
        filing = read_filing(path)
        return Prediction("answered", text=f"{len(filing.pages)} pages", extra=self.look(path, filing))
