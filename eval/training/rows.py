"""Rows of a benchmark page as they can be asked for: by label, each figure by what its column is called."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from model.contract import SheetLine
from model.program import Pointer

LABEL = re.compile(r"[a-z][a-z ,&'/()-]{5,70}", re.IGNORECASE)
"""Labels that can be asked for: words, not too few and not too many."""

MOST_WORDS = 9
"""Of a column's heading: nobody asks by a longer one."""
_GENERIC = frozenset(("total", "other", "balance", "net", "beginning balance", "ending balance", "end of year"))
_YEAR = re.compile(r"(?:19|20)\d\d")
_DASH = re.compile(r"[$\s]*(?:[-–—]|201[34])?\s*")
"""A cell without a figure; FinQA prints dashes as the digits of their code, 2013 and 2014."""
_CHANGE = re.compile(r"change|variance|%|percent|increase|decrease|\bvs\b|total", re.IGNORECASE)
_COUNT = re.compile(r"shares|number|units|options|awards|rsus", re.IGNORECASE)
_PRICE = re.compile(r"price|fair ?value|per ?share", re.IGNORECASE)
_HUNDRED = re.compile(r"[$\s]*100(?:\.0+)?\s*")


@dataclass(frozen=True, slots=True)
class Row:
    """A row: ``cells`` has the key and the print of each figure by the name of its column, which no other has."""

    id: str
    label: str
    cells: dict[str, tuple[str, str]]
    whole: bool

    def at(self, name: str) -> Pointer:
        """The figure of a column."""
        return Pointer(self.id, self.cells[name][0])

    @property
    def years(self) -> list[str]:
        """The columns that are years, the earliest first."""
        return sorted(name for name in self.cells if _YEAR.fullmatch(name))

    @property
    def starts_with_hundred(self) -> bool:
        """Whether it tells what 100 have become, as the graph of a share's performance does."""
        first = next(iter(self.cells.values()), ("", ""))
        return len(self.cells) > 2 and _HUNDRED.fullmatch(first[1]) is not None

    def fits(self, other: Row, column: str) -> bool:
        """Whether its figure in a column may be set against another's: both in percent or neither."""
        if column not in self.cells or column not in other.cells:
            return False
        return ("%" in self.cells[column][1]) == ("%" in other.cells[column][1])

    def alike_columns(self, rng: Random) -> list[str]:
        """Columns that may be added up: years, or others, that tell no change and no total."""
        others = [name for name in self.cells if name not in self.years and not _CHANGE.search(name)]
        units = {"%" in self.cells[name][1] for name in (*self.years, *others)}
        if len(units) > 1:
            return []
        return self.years if len(others) < 2 or (len(self.years) > 1 and rng.random() < 0.7) else others

    def count_and_price(self) -> tuple[Pointer, Pointer] | None:
        """How many there are and what one is worth, where two of its columns say so."""
        prices = [name for name in self.cells if _PRICE.search(name)]
        counts = [name for name in self.cells if _COUNT.search(name) and name not in prices]
        if len(prices) != 1 or len(counts) != 1 or "%" in self.cells[prices[0]][1]:
            return None
        return self.at(counts[0]), self.at(prices[0])


def read_rows(lines: Sequence[SheetLine]) -> Iterator[Row]:
    """Yield the rows that can be asked for, with the figures that have a name of their own."""
    for line in lines:
        label, *parts = line.text.split(" | ")
        name = label.rpartition(" > ")[2].strip().lower()
        if not line.keys or not parts or not LABEL.fullmatch(name) or name in _GENERIC:
            continue
        printed = dict(part.partition(": ")[::2] for part in parts)
        headings = line.columns or ("",) * len(line.keys)
        called = [
            key if _YEAR.fullmatch(key) else heading.lower() for key, heading in zip(line.keys, headings, strict=True)
        ]
        cells = {
            column: (key, printed.get(key, ""))
            for key, column in zip(line.keys, called, strict=True)
            if column
            and len(column.split()) <= MOST_WORDS
            and called.count(column) == 1
            and not _DASH.fullmatch(printed.get(key, ""))
        }
        keyed_by_year = all(_YEAR.fullmatch(key) for key in line.keys)
        yield Row(line.id, name, cells, whole=keyed_by_year and len(cells) == len(line.keys) >= 3)
