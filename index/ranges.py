"""Which passages a search looks at: ranges of rowids, for the passages of a filing stand in a row."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from index.schema import SELECT_CHOSEN_RANGES, SELECT_RANGES


def eligible_ranges(connection: sqlite3.Connection, filing_ids: Collection[str] | None) -> dict[int, NDArray[np.int64]]:
    """Return the passages of the filings, None for all that are seen, by the key of their collection.

    Each array has the shape (ranges, 2): first rowid and end, in order; filings that follow each other share a range.
    """
    if filing_ids is None:
        rows = connection.execute(SELECT_RANGES)
    else:
        rows = connection.execute(SELECT_CHOSEN_RANGES, (json.dumps(sorted(set(filing_ids))),))
    found: dict[int, list[tuple[int, int]]] = {}
    for key, first, count in rows:
        if count:
            found.setdefault(key, []).append((first, first + count))
    return {key: np.array(_joined(sorted(ranges)), dtype=np.int64) for key, ranges in found.items()}


def _joined(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined = ranges[:1]
    for first, end in ranges[1:]:
        if first == joined[-1][1]:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((first, end))
    return joined
