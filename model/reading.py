"""Which lines of a sheet a small model reads: those that have the question's words, rows before sentences.

A page of a filing has more lines than a small model reads well. Of the pages of FinQA, the twelve best lines
with figures have all figures of the gold program for 99 questions in a hundred.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

from model.contract import SheetLine

FIGURE_LINES = 12
"""Lines with figures that are read."""
PROSE_LINES = 3
"""Lines without any that are read."""
ROW_MERIT = 2.0
"""What it counts for a line to be a row of a table, where a rare word of the question counts about 3."""

_WORD = re.compile(r"[a-z]+|\d{4}")
_KEY = re.compile(r"\b[cn]\d{1,3}: ")


def nearest_lines(
    question: str, lines: Sequence[SheetLine], figures: int = FIGURE_LINES, prose: int = PROSE_LINES
) -> tuple[SheetLine, ...]:
    """Return the lines that fit the question best, at most ``figures`` and ``prose`` of each kind, in their order."""
    merits = _merits(question, lines)
    ranked = sorted(range(len(lines)), key=lambda position: -merits[position])
    kept = [position for position in ranked if lines[position].keys][:figures]
    kept += [position for position in ranked if not lines[position].keys][:prose]
    return tuple(lines[position] for position in sorted(kept))


def _merits(question: str, lines: Sequence[SheetLine]) -> list[float]:
    """What each line has of the question's words, each by its rareness on the sheet; long lines count less."""
    words = [_words(f"{line.text} {' '.join(line.columns)}") for line in lines]
    count = Counter(word for found in words for word in found)
    asked = _words(question)
    merits = []
    for line, found in zip(lines, words, strict=True):
        shared = sum(math.log(1 + 2 * len(lines) / count[word]) for word in asked & found)
        merits.append(shared / (1 + len(found)) ** 0.3 + (ROW_MERIT if line.keys and " | " in line.text else 0.0))
    return merits


def _words(text: str) -> set[str]:
    return set(_WORD.findall(_KEY.sub("", text.lower())))
