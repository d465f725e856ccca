"""Totals that are printed without a label get the one that their section implies, where they are its sum."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from ingest.filing import Row

ADDENDS = 2
"""A sum has at least so many lines; a figure that repeats the one above is none."""
UNTOLD = 40
"""So many lines that were not summed yet are looked at."""
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[^\W\d_]{2,}")
_END = re.compile(r"[\s:.,;—–-]+$")

_Values = dict[int, Decimal]


@dataclass(frozen=True, slots=True)
class _Open:
    """A line, or the total of some, that no total below it has taken up yet; ``first`` is its first row."""

    first: int
    values: _Values


def label_totals(rows: Sequence[Row]) -> tuple[Row, ...]:
    """Return ``rows`` with a label for each unlabelled row that is the sum, in all its columns, of a whole section.

    Below "Current assets:" such a row is "Total current assets". A section begins at a heading, and its lines may be
    totals of sections within it. A row that is no sum, or the sum of lines without a heading, stays without a label.
    """
    if not any(_is_unlabelled(row) for row in rows):
        return tuple(rows)
    labelled = list(rows)
    waiting: list[_Open] = []
    used: set[int] = set()
    for number, row in enumerate(rows):
        values = {cell.column: cell.number for cell in row.cells if cell.number is not None}
        if not values:
            continue
        taken = _addends(waiting, values)
        if not taken:
            waiting.append(_Open(number, values))
            continue
        first = waiting[-taken].first
        del waiting[-taken:]
        waiting.append(_Open(first, values))
        heading = next((i for i in range(first - 1, -1, -1) if rows[i].cells or i not in used), None)
        if heading is None or rows[heading].cells:
            continue
        if _is_unlabelled(row):
            labelled[number] = replace(row, label=_total_of(rows[heading].label))
        if not _is_part(row.label, rows[heading].label):
            used.add(heading)
    return tuple(labelled)


def _is_unlabelled(row: Row) -> bool:
    return not _LETTER.search(row.label) and any(cell.number is not None for cell in row.cells)


def _is_part(total: str, heading: str) -> bool:
    """Whether a heading names more than a total: "Liabilities and equity" is not summed up by "Total liabilities"."""
    words = set(_WORD.findall(total.lower())) - {"total"}
    return bool(words) and words < set(_WORD.findall(heading.lower()))


def _addends(waiting: Sequence[_Open], values: _Values) -> int:
    """How many of the last of ``waiting`` add up to ``values``; 0 where none do."""
    sums = dict.fromkeys(values, Decimal(0))
    for count, line in enumerate(reversed(waiting[-UNTOLD:]), 1):
        for column in sums:
            sums[column] += line.values.get(column, Decimal(0))
        if count >= ADDENDS and sums == values and any(values.values()):
            return count
    return 0


def _total_of(heading: str) -> str:
    """The label of a section's total: "Current assets:" gives "Total current assets", "ASSETS" "TOTAL ASSETS"."""
    plain = _END.sub("", heading)
    if plain.isupper():
        return f"TOTAL {plain}"
    return f"Total {plain[:1].lower()}{plain[1:]}"
