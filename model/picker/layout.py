"""A sheet and questions about it as the token ids that the encoder reads, with the places that can be pointed at.

The sheet comes first and does not see the questions; each question sees the sheet and itself. So what is read of a
sheet serves all questions about it, in training as in a conversation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from ingest.errors import ModelCorruptError
from model.contract import SheetLine
from model.picker.actions import Cell
from model.picker.features import place_features
from model.reading import NUMBERED, QUOTA, Quota, nearest_lines, printed_figure, short_figure

if TYPE_CHECKING:
    from tokenizers import Tokenizer

MAX_TOKENS = 320
"""The longest sheet; the lines that fit the questions least are left out."""
QUESTION_TOKENS = 96
"""The longest question; the last tokens count, for in a conversation the question comes last."""
LINE_TOKENS = 64
"""The longest line; figures beyond cannot be pointed at."""
COLUMN_WORDS = 6
"""So much of a column's heading is read before each of its figures."""

_QUOTAS = (QUOTA, Quota(10, 2, 1), Quota(8, 2, 1), Quota(7, 1, 1), Quota(5, 1, 0), Quota(3, 1, 0), Quota(1, 1, 0))
"""How many lines of each kind are tried in turn until all find room."""

PLAIN, FIGURE, LINE = 0, 1, 2
"""What a token is: nothing special, the first of a figure, the first of a line."""


@dataclass(frozen=True, slots=True)
class Layout:
    """What the encoder reads. ``lines`` are those that found room; places in it are positions among them.

    ``ids`` and ``marks`` have one entry for each token of the sheet; ``cells`` and ``cell_tokens`` one for each
    figure, ``columns`` a number for each that figures under one heading share, ``line_tokens`` one for each line.
    ``questions`` are token ids as well; ``features`` are for each question those of ``place_features``.
    """

    lines: tuple[SheetLine, ...]
    ids: tuple[int, ...]
    marks: tuple[int, ...]
    cells: tuple[Cell, ...]
    cell_tokens: tuple[int, ...]
    columns: tuple[int, ...]
    line_tokens: tuple[int, ...]
    questions: tuple[tuple[int, ...], ...]
    features: tuple[tuple[tuple[float, ...], ...], ...]


class Typesetter:
    """Lays out questions and sheets with a BERT tokenizer, which is ``tokenizer.json`` of the encoder."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._start, self._end, self.padding = (self._id(token) for token in ("[CLS]", "[SEP]", "[PAD]"))
        self._pieces = lru_cache(maxsize=1 << 16)(self._read)

    def lay_out(self, questions: Sequence[str], lines: Sequence[SheetLine]) -> Layout:
        """Return the layout of questions and of as many of the sheet's lines nearest to them as there is room for."""
        asked = tuple(self._question(question) for question in questions)
        for quota in _QUOTAS:
            kept = nearest_lines(" ".join(questions), lines, quota)
            written = [self._line(position, line) for position, line in enumerate(kept)]
            if 1 + sum(len(pieces) + 1 for pieces, *_ in written) <= MAX_TOKENS:
                break
        ids, marks = [self._start], [PLAIN]
        cells: list[Cell] = []
        cell_tokens: list[int] = []
        line_tokens: list[int] = []
        for pieces, found, places in written:
            start = len(ids)
            line_tokens.append(start)
            cells += found
            cell_tokens += [start + place for place in places]
            ids += [*pieces, self._end]
            marks += [PLAIN] * (len(pieces) + 1)
            marks[start] = LINE
            for place in places:
                marks[start + place] = FIGURE
        return Layout(
            kept,
            tuple(ids),
            tuple(marks),
            tuple(cells),
            tuple(cell_tokens),
            _columns(kept, cells),
            tuple(line_tokens),
            asked,
            tuple(place_features(question, kept, cells) for question in questions),
        )

    def _question(self, text: str) -> tuple[int, ...]:
        return (self._start, *self._pieces(text.lower())[-QUESTION_TOKENS:], self._end)

    def _line(self, position: int, line: SheetLine) -> tuple[list[int], list[Cell], list[int]]:
        """The tokens of a line, its figures, and where they begin among the tokens."""
        pieces: list[int] = []
        cells: list[Cell] = []
        places: list[int] = []
        read = 0
        for figure, key in enumerate(line.keys):
            found = line.text.find(f"{key}: ", read)
            if found < 0:
                continue
            column = line.columns[figure] if figure < len(line.columns) and NUMBERED.fullmatch(key) else ""
            before = line.text[read:found].strip(" |")
            heading = " ".join(column.split()[-COLUMN_WORDS:]) if column else "" if key[0] == "n" else key
            pieces += self._pieces(before.lower()) if before else ()
            pieces += self._pieces(heading.lower()) if heading else ()
            start = found + len(key) + 2
            printed = printed_figure(line, start)
            read = start + len(printed)
            if len(pieces) < LINE_TOKENS:
                cells.append(Cell(position, figure))
                places.append(len(pieces))
            pieces += self._pieces(short_figure(printed))
        rest = line.text[read:].strip(" |")
        pieces += self._pieces(rest.lower()) if rest else ()
        return pieces[:LINE_TOKENS] or [self._end], cells, [min(place, LINE_TOKENS - 1) for place in places]

    def _id(self, token: str) -> int:
        number = self._tokenizer.token_to_id(token)
        if number is None:
            raise ModelCorruptError(f"the tokenizer has no {token}: it is not that of the encoder")
        return number

    def _read(self, text: str) -> tuple[int, ...]:
        return tuple(self._tokenizer.encode(text, add_special_tokens=False).ids)


def _columns(lines: Sequence[SheetLine], cells: Sequence[Cell]) -> tuple[int, ...]:
    """A number for each figure that those under one heading share."""
    numbers: dict[tuple[str, str], int] = {}
    found = []
    for cell in cells:
        line = lines[cell.line]
        heading = line.columns[cell.figure] if cell.figure < len(line.columns) else ""
        found.append(numbers.setdefault((heading, line.keys[cell.figure]), len(numbers)))
    return tuple(found)
