"""A printed line becomes cells: runs of text, and figures with their signs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from ingest.figures import CURRENCIES, DASHES, is_year, read_figure
from ingest.filing import Box
from ingest.pdf.words import PrintedLine, Word, bounding_box

WIDE_GAP = 0.62
"""A blank wider than this share of the font's height parts two cells; a plain blank is about a quarter."""
PLAIN_BLANK = 0.35
"""A footnote number in parentheses stands this close to its figure; a negative figure of the next column does not."""
_LEADER = re.compile(r"^[.…·_]+$")
_LEADING = ".…·_"
_GLUED_LEADER = re.compile(r"(?<=[^\s.])[.…_]{3,}$")
_LEADERS = ("...", "…", "___")
_LETTERS = re.compile(r"[A-Za-z]{2}")
_SIGN_BEFORE = re.compile(r"^\S{1,2} [\d(.—–-]")
_SIGN_AFTER = re.compile(r" [%)]+$")
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
    """Cut a line into cells at wide gaps and between figures; "$", "(", ")" and "%" join their figure.

    Leaders, the dots that lead from a label to its figures, part cells and belong to none.
    """
    cells: list[PrintedCell] = []
    group: list[Word] = []
    start = position = 0
    plain = False
    for word in line.words:
        text = word.text
        if text[0] in _LEADING and _LEADER.match(text):
            if group:
                cells.append(_cell(group, start))
            position += len(text) + 1
            group, start, plain = [], position, False
            continue
        if not group:
            start = position
        # A cell with a plain word in it is no figure, and most words are plain: then the gap alone decides.
        ordinary = _is_plain(text)
        joins = bool(group) and (_near(group[-1], word) if plain and ordinary else _belongs(group, word))
        if group and not joins:
            cells.append(_cell(group, start))
            group, start, plain = [], position, False
        group.append(word)
        plain = plain or ordinary
        position += len(text) + 1
    if group:
        cells.append(_cell(group, start))
    return tuple(cells)


def _cell(group: list[Word], start: int) -> PrintedCell:
    text = _join(group)
    if text.endswith(_LEADERS):
        text = _GLUED_LEADER.sub("", text)
    end = start + sum([len(word.text) + 1 for word in group]) - 1
    placed = group if len(group) == 1 else _without_currency(group)
    return PrintedCell(text, bounding_box([word.box for word in placed]), (start, end), read_figure(text) is not None)


@lru_cache(maxsize=1 << 14)
def _is_plain(text: str) -> bool:
    """Whether a word has two letters in a row and is neither a mark such as "nm" nor a sign such as "US$"."""
    return bool(_LETTERS.search(text)) and text not in CURRENCIES and read_figure(text) is None


def _near(last: Word, word: Word) -> bool:
    left, top, _, bottom = word.box
    _, last_top, last_right, last_bottom = last.box
    gap = left - last_right
    return gap <= WIDE_GAP * (bottom - top) or gap <= WIDE_GAP * (last_bottom - last_top)


def _belongs(group: list[Word], word: Word) -> bool:
    """Whether ``word`` continues the cell made of ``group``."""
    last = group[-1]
    text = _join(group)
    if text in CURRENCIES or text in {"(", "$("}:
        return _is_figure(word.text) or word.text in {"("} or read_figure(text + word.text + ")") is not None
    if word.text in {"%", ")", ")%", "%)"}:
        return read_figure(text + word.text) is not None or _near(last, word)
    if _is_figure(text):
        gap = word.box[0] - last.box[2]
        if is_footnote_mark(word.text) and gap <= PLAIN_BLANK * max(word.height, last.height):
            return True
        if _is_figure(word.text) or word.text in CURRENCIES:
            return False
    return _near(last, word)


def _is_figure(text: str) -> bool:
    return read_figure(text) is not None or text in DASHES


def _join(words: list[Word]) -> str:
    """Words as a cell's text; nothing stands between a sign and its figure."""
    if len(words) == 1:
        return words[0].text
    text = " ".join([word.text for word in words])
    if not (_SIGN_BEFORE.match(text) or "( " in text or (text[-1] in "%)" and _SIGN_AFTER.search(text))):
        return text
    tight = _SIGN_BEFORE.sub(lambda match: match[0].replace(" ", ""), text)
    tight = re.sub(r"(?<=\() | (?=[%)]+$)", "", tight)
    if tight != text and read_figure(tight) is not None:
        return tight
    return text


def _without_currency(words: list[Word]) -> list[Word]:
    """The words that place a cell in its column: a "$" stands at the column's far left."""
    rest = [word for word in words if word.text not in CURRENCIES]
    return rest or words


def is_footnote_mark(text: str) -> bool:
    """Whether a cell is nothing but a footnote mark such as (a) or 1)."""
    return bool(_FOOTNOTE.match(text.strip()))
