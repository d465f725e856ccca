"""A picture of an HTML page as it was read: HTML has no fixed places, so its lines and columns are set anew."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ingest.filing import Line, Page

if TYPE_CHECKING:
    from PIL.Image import Image

Colour = tuple[int, int, int]

WIDTH = 1100
LEFT = 30
RIGHT = WIDTH - 30
SIZE = 15
LEADING = 22
COLUMN = 150
"""Pixels from one column of figures to the next."""
WRAP = 130
"""Characters of prose in a line."""
_LACKING = str.maketrans(
    {"—": "-", "–": "-", "−": "-", "•": "·", "◦": "·", "×": "x", "§": "Sec.", "®": "(R)", "€": "EUR ", "£": "GBP "}
    | {"¥": "JPY ", "½": "1/2", "†": "*", "‡": "**", "☒": "[x]", "☐": "[ ]"}
)
"""What stands for characters that Pillow's own font lacks."""
_PART = re.compile(r"\S+(?: \S+)*")


@dataclass(frozen=True, slots=True)
class _Piece:
    """A piece of text, its range of the page's text, and the column from the right (None: at the left)."""

    text: str
    chars: tuple[int, int]
    column: int | None


@dataclass(frozen=True, slots=True)
class Highlight:
    """A range of the page's text that is marked, and how."""

    chars: tuple[int, int]
    fill: Colour = (255, 236, 170)
    outline: Colour = (200, 60, 0)


@dataclass(frozen=True, slots=True)
class Beside:
    """A word beside the line that prints the character at ``position`` of the page's text."""

    position: int
    text: str
    colour: Colour


def typeset(title: str, page: Page, marks: Sequence[Highlight], notes: Sequence[Beside] = (), margin: int = 0) -> Image:
    """Return a picture of the page's lines with what is marked in them, and notes in a margin at the right.

    The cells of a table row, which the page's text parts by two blanks, stand in columns from the right.
    """
    from PIL import Image, ImageDraw, ImageFont

    font = ImageFont.load_default(SIZE)
    rows = [row for line in page.lines for row in _rows(line)]
    picture = Image.new("RGB", (WIDTH + margin, 60 + LEADING * max(len(rows), 1)), "white")
    draw = ImageDraw.Draw(picture)
    draw.text((LEFT, 14), title, fill=(90, 90, 90), font=font)
    for number, row in enumerate(rows):
        y = 46 + number * LEADING
        for piece in row:
            _draw(draw, font, piece, y, marks)
        first, last = row[0].chars[0], row[-1].chars[1]
        for note in [note for note in notes if first <= note.position < last][:1]:
            draw.text((WIDTH + 14, y), note.text, fill=note.colour, font=font)
    return picture


def _rows(line: Line) -> Iterator[list[_Piece]]:
    """One row of cells for a table row; as many rows of prose as it takes for other lines."""
    start = line.chars[0]
    parts = [(m.group(), (start + m.start(), start + m.end())) for m in _PART.finditer(line.text)]
    if len(parts) < 2:
        position = 0
        for text in textwrap.wrap(line.text, WRAP) or [""]:
            position = max(line.text.find(text, position), 0)
            yield [_Piece(text, (start + position, start + position + len(text)), None)]
            position += len(text)
        return
    headless = len(parts[0][0]) < 24 and any(character.isdigit() for character in parts[0][0])
    cells = parts if headless else parts[1:]
    row = [] if headless else [_Piece(*parts[0], None)]
    yield row + [_Piece(text, chars, len(cells) - 1 - i) for i, (text, chars) in enumerate(cells)]


def _draw(draw: Any, font: Any, piece: _Piece, y: int, marks: Sequence[Highlight]) -> None:
    text = piece.text.translate(_LACKING)
    width = draw.textlength(text, font=font)
    x = LEFT if piece.column is None else RIGHT - piece.column * COLUMN - width
    mark = next((m for m in marks if m.chars[0] < piece.chars[1] and piece.chars[0] < m.chars[1]), None)
    if mark is not None:
        frame = [x - 4, y - 2, x + width + 4, y + SIZE + 4]
        draw.rectangle(frame, fill=mark.fill, outline=mark.outline, width=2)
    draw.text((x, y), text, fill="black", font=font)
