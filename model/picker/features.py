"""What question and figure have in common, told to the network outright: shared words, asked years, places.

A network of this size learns from some thousands of questions; that a row's label is named in the question is
something that it should not have to find out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.vocabulary import normalise_label
from model.contract import SheetLine
from model.picker.actions import Cell

FEATURES = 14
"""Numbers for each figure or line."""

_YEAR = re.compile(r"(?:19|20)\d\d")
_SMALL = frozenset(
    ("the", "of", "in", "and", "to", "for", "a", "from", "what", "is", "was", "were", "are", "by", "on", "at")
)


def place_features(question: str, lines: Sequence[SheetLine], cells: Sequence[Cell]) -> tuple[tuple[float, ...], ...]:
    """Return ``FEATURES`` numbers between 0 and 1 for each figure and then for each line."""
    asked = _words(question)
    years = list(dict.fromkeys(_YEAR.findall(question)))
    labels = [_words(_label(line)) for line in lines]
    shared = [len(label & asked) for label in labels]
    of_label = [count / max(1, len(label)) for count, label in zip(shared, labels, strict=True)]
    of_question = [count / max(1, len(asked)) for count in shared]
    best = max(of_question, default=0.0) or 1.0
    order = sorted(range(len(lines)), key=lambda line: -(of_question[line] + of_label[line]))
    rank = {line: 1 / (1 + position) for position, line in enumerate(order)}
    found = [
        (
            of_label[line],
            of_question[line] / best,
            rank[line],
            float(" | " in lines[line].text and bool(lines[line].keys)),
            float("total" in labels[line]),
        )
        for line in range(len(lines))
    ]
    of_cells = [(*found[cell.line], *_column(cell, lines[cell.line], asked, years)) for cell in cells]
    of_lines = [(*each, *([0.0] * (FEATURES - len(each)))) for each in found]
    return tuple(map(tuple, (*of_cells, *of_lines)))


def _column(cell: Cell, line: SheetLine, asked: frozenset[str], years: Sequence[str]) -> tuple[float, ...]:
    """What the column of a figure has in common with the question, and where it stands among the others."""
    headings = [_heading(line, figure) for figure in range(len(line.keys))]
    own = headings[cell.figure]
    words = _words(own)
    own_years = _YEAR.findall(own)
    year = own_years[-1] if own_years else ""
    columns = [found[-1] for heading in headings if (found := _YEAR.findall(heading))]
    here = max((int(other) for other in columns), default=0)
    return (
        len(words & asked) / max(1, len(words)),
        float(year in years and bool(year)),
        float(bool(years) and year == max(years)),
        float(bool(years) and year == min(years)),
        float(bool(years) and len(years) == 1 and year == str(int(years[0]) - 1)),
        float(bool(years) and year == years[0]),
        float(bool(year) and int(year) == here),
        cell.figure / max(1, len(line.keys) - 1),
        float(len(line.keys) == 1),
    )


def _heading(line: SheetLine, figure: int) -> str:
    column = line.columns[figure] if figure < len(line.columns) else ""
    return column or line.keys[figure]


def _label(line: SheetLine) -> str:
    """The words of a line that say what it is about: the label of a row, a sentence as a whole."""
    if line.keys and " | " in line.text:
        return line.text.partition(f" | {line.keys[0]}: ")[0]
    return line.text


def _words(text: str) -> frozenset[str]:
    return frozenset(normalise_label(text).split()) - _SMALL
