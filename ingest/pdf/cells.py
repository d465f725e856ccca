"""A printed line becomes cells: runs of text, and figures with their signs."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.figures import CURRENCIES, DASHES, is_year, read_figure
from ingest.filing import Box
from ingest.pdf.words import PrintedLine, Word, bounding_box

WIDE_GAP = 0.62
"""A blank wider than this share of the font's height parts two cells; a plain blank is about a quarter."""
PLAIN_BLANK = 0.35
"""A footnote number in parentheses stands this close to its figure; a negative figure of the next column does not."""
_FOOTNOTE = re.compile(r"^\(?(?:[a-z]|\d{1,2})\)$")


@dataclass(frozen=True, slots=True)
class PrintedCell:
    """Neighbouring words of a line that belong together. ``chars`` is a range of the line's text."""

    text: str
    box: Box
    chars: tuple[int, int]
    is_figure: bool

    @property
    def is_year(self) -> bool:
        """Whether the cell is a bare year, as in a column's head."""
        return is_year(self.text)


def split_cells(line: PrintedLine) -> tuple[PrintedCell, ...]:
    """Cut a line into cells at wide gaps and between figures; "$", "(", ")" and "%" join their figure."""
    groups: list[list[int]] = []
    for position, word in enumerate(line.words):
        if groups and _belongs(line.words, groups[-1], word):
            groups[-1].append(position)
        else:
            groups.append([position])
    starts = _word_starts(line)
    cells = []
    for group in groups:
        words = [line.words[i] for i in group]
        text = _join(words)
        box = bounding_box([w.box for w in _without_currency(words)])
        chars = (starts[group[0]], starts[group[-1]] + len(words[-1].text))
        cells.append(PrintedCell(text, box, chars, read_figure(text) is not None))
    return tuple(cells)


def _belongs(words: tuple[Word, ...], group: list[int], word: Word) -> bool:
    """Whether ``word`` continues the cell made of ``group``."""
    last = words[group[-1]]
    text = _join([words[i] for i in group])
    gap = word.box[0] - last.box[2]
    narrow = gap <= WIDE_GAP * max(word.height, last.height)
    if text in CURRENCIES or text in {"(", "$("}:
        return _is_figure(word.text) or word.text in {"("} or read_figure(text + word.text + ")") is not None
    if word.text in {"%", ")", ")%", "%)"}:
        return read_figure(text + word.text) is not None or narrow
    if _is_figure(text):
        if is_footnote_mark(word.text) and gap <= PLAIN_BLANK * max(word.height, last.height):
            return True
        if _is_figure(word.text) or word.text in CURRENCIES:
            return False
        return narrow
    return narrow


def _is_figure(text: str) -> bool:
    return read_figure(text) is not None or text in DASHES


def _join(words: list[Word]) -> str:
    """Words as a cell's text; nothing stands between a sign and its figure."""
    text = " ".join(word.text for word in words)
    tight = re.sub(r"^(\S{1,2}) (?=[\d(.—–-])", r"\1", text)
    tight = re.sub(r"(?<=\() | (?=[%)]+$)", "", tight)
    if tight != text and read_figure(tight) is not None:
        return tight
    return text


def _without_currency(words: list[Word]) -> list[Word]:
    """The words that place a cell in its column: a "$" stands at the column's far left."""
    rest = [word for word in words if word.text not in CURRENCIES]
    return rest or words


def _word_starts(line: PrintedLine) -> list[int]:
    starts, position = [], 0
    for word in line.words:
        starts.append(position)
        position += len(word.text) + 1
    return starts


def is_footnote_mark(text: str) -> bool:
    """Whether a cell is nothing but a footnote mark such as (a) or 1)."""
    return bool(_FOOTNOTE.match(text.strip()))
