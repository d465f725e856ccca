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
from model.reading import NUMBERED

FEATURES = 22
"""Numbers for each figure or line."""

_YEAR = re.compile(r"(?:19|20)\d\d")
_SMALL = frozenset(
    ("the", "of", "in", "and", "to", "for", "a", "from", "what", "is", "was", "were", "are", "by", "on", "at")
)


def place_features(question: str, lines: Sequence[SheetLine], cells: Sequence[Cell]) -> tuple[tuple[float, ...], ...]:
    """Return ``FEATURES`` numbers between 0 and 1 for each figure and then for each line.

    In a conversation the questions stand on lines of their own, the last one last: what is shared with it and what
    is shared with all of them are told apart.
    """
    last = question.rstrip().rpartition("\n")[2]
    labels = [_words(_label(line)) for line in lines]
    shared = [_lines(labels, _words(text)) for text in (last, question)]
    found = [
        (
            *shared[0][number],
            *shared[1][number],
            float(" | " in line.text and bool(line.keys)),
            float("total" in labels[number]),
        )
        for number, line in enumerate(lines)
    ]
    asked, years = _words(last), [list(dict.fromkeys(_YEAR.findall(text))) for text in (last, question)]
    of_cells = [(*found[cell.line], *_column(cell, lines[cell.line], asked, years)) for cell in cells]
    of_lines = [(*each, *([0.0] * (FEATURES - len(each)))) for each in found]
    return tuple(map(tuple, (*of_cells, *of_lines)))


def _lines(labels: Sequence[frozenset[str]], asked: frozenset[str]) -> list[tuple[float, float, float]]:
    """For each label: how much of it is asked for, how much of what is asked it has, and its rank by both."""
    shared = [len(label & asked) for label in labels]
    of_label = [count / max(1, len(label)) for count, label in zip(shared, labels, strict=True)]
    of_question = [count / max(1, len(asked)) for count in shared]
    best = max(of_question, default=0.0) or 1.0
    order = sorted(range(len(labels)), key=lambda line: -(of_question[line] + of_label[line]))
    rank = {line: 1 / (1 + position) for position, line in enumerate(order)}
    return [(of_label[line], of_question[line] / best, rank[line]) for line in range(len(labels))]


def _column(cell: Cell, line: SheetLine, asked: frozenset[str], years: Sequence[Sequence[str]]) -> tuple[float, ...]:
    """What the column of a figure has in common with the question, and where it stands among the others."""
    headings = [_heading(line, figure) for figure in range(len(line.keys))]
    words = _words(headings[cell.figure])
    own_years = _YEAR.findall(headings[cell.figure])
    year = own_years[-1] if own_years else ""
    newest = max((int(found[-1]) for heading in headings if (found := _YEAR.findall(heading))), default=0)
    return (
        len(words & asked) / max(1, len(words)),
        *_year(year, years[0]),
        *_year(year, years[1]),
        float(bool(year) and int(year) == newest),
        cell.figure / max(1, len(line.keys) - 1),
        float(len(line.keys) == 1),
    )


def _year(year: str, asked: Sequence[str]) -> tuple[float, ...]:
    """Whether a year is asked for, is the last or first of those, the one before the only one, and its turn."""
    if not year or not asked:
        return (0.0, 0.0, 0.0, 0.0, 0.0)
    return (
        float(year in asked),
        float(year == max(asked)),
        float(year == min(asked)),
        float(len(asked) == 1 and year == str(int(asked[0]) - 1)),
        1 / (1 + asked.index(year)) if year in asked else 0.0,
    )


def _heading(line: SheetLine, figure: int) -> str:
    column = line.columns[figure] if figure < len(line.columns) else ""
    key = line.keys[figure]
    return column if NUMBERED.fullmatch(key) else f"{column} {key}"


def _label(line: SheetLine) -> str:
    """The words of a line that say what it is about: the label of a row, a sentence as a whole."""
    if line.keys and " | " in line.text:
        return line.text.partition(f" | {line.keys[0]}: ")[0]
    return line.text


def _words(text: str) -> frozenset[str]:
    return frozenset(normalise_label(text).split()) - _SMALL
