"""What is measured on questions about filings: Tieout and its peers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from eval.contract import Door
from eval.systems.bm25 import bm25_systems
from eval.systems.dense import dense_systems
from eval.systems.llamaindex import llamaindex_systems
from eval.systems.tieout import tieout_systems


def filing_systems(
    documents: Callable[[Path], Path], questions: Callable[[Path], Path] | None = None
) -> dict[str, Door]:
    """Return what is measured on questions about filings, Tieout first; ``documents`` finds their folder.

    ``questions`` finds the file of the questions where it stands among them: it has the answers, and is no filing.
    """
    return {
        **tieout_systems(documents, questions),
        **bm25_systems(documents),
        **dense_systems(documents),
        **llamaindex_systems(documents),
    }
