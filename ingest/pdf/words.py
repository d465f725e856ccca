"""Characters of a PDF page become words and printed lines, each with its box."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any, NamedTuple

from ingest.filing import Box
from ingest.pdf.ligatures import UNKNOWN, restore

SAME_LINE = 0.4
"""Two runs share a printed line when their middles differ by less than this share of their height."""
PROSE_WORDS = 4
"""A run with this many alphabetic words is prose; two of them side by side are two columns of text."""
TWO_COLUMN_PAIRS = 5
"""So many prose runs side by side make a page a two-column page."""
NEAR_IN_STREAM = 3
"""Runs this close in the content stream were drawn as one row, however they are laid out."""
KERNED = 0.2
"""A blank narrower than this share of the font's height may be kerning; a plain blank is about 0.23."""

BROKEN = "\ufffe"
"""What pdfium writes for the hyphen at which a word is broken over two lines."""

_STREAM_LINE = re.compile(r"[^\r\n]+")
_WORD = re.compile(r"[^\s\x00-\x1f\ufffe]+\ufffe?|\ufffe")
_DISGUISED = re.compile(f"[{BROKEN}\u00ad\ufb00-\ufb06{UNKNOWN}]")
"""What stands for other characters than it is."""
_CHARACTER_BOX = ctypes.PYFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)
"""Text page, index of a character, where to write its box; whether there is one."""
_ALPHABETIC = re.compile(r"[A-Za-z]{2,}")
_PLAIN = str.maketrans(
    {
        BROKEN: "-", "\u00ad": "-", "\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl",
        "\ufb05": "st", "\ufb06": "st",
    }
)  # fmt: skip


class Word(NamedTuple):
    """Characters without a blank between them, and their box (points, origin top left).

    A tuple, for a filing has a hundred thousand of them, and a dataclass takes twice as long to make.
    """

    text: str
    box: Box

    @property
    def height(self) -> float:
        """The line height of the word's font, in points."""
        return self.box[3] - self.box[1]


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """Words that share a baseline, from left to right."""

    words: tuple[Word, ...]
    box: Box

    @classmethod
    def of(cls, words: Sequence[Word]) -> PrintedLine:
        """Return the line that ``words`` (at least one) make."""
        ordered = tuple(sorted(words, key=lambda word: word.box[0]))
        return cls(ordered, bounding_box([word.box for word in ordered]))

    @property
    def text(self) -> str:
        """The words joined by single blanks."""
        return " ".join([word.text for word in self.words])


def bounding_box(boxes: Sequence[Box]) -> Box:
    """Return the smallest box around ``boxes`` (at least one), to a hundredth of a point."""
    if len(boxes) == 1:
        left, top, right, bottom = boxes[0]
        return (round(left, 2), round(top, 2), round(right, 2), round(bottom, 2))
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return (round(min(lefts), 2), round(min(tops), 2), round(max(rights), 2), round(max(bottoms), 2))


def read_lines(page: Any) -> tuple[PrintedLine, ...]:
    """Return the printed lines of a pypdfium2 page in reading order."""
    return lines_of(_runs(page))


def _runs(page: Any) -> list[PrintedLine]:
    """Words in the order of the content stream, cut where the stream moves to another line."""
    textpage = page.get_textpage()
    try:
        text = _page_text(textpage)
        stream = [[word.span() for word in _WORD.finditer(text, *line.span())] for line in _STREAM_LINE.finditer(text)]
        boxes = _boxes(textpage, page, [span for line in stream for span in line])
        runs: list[PrintedLine] = []
        for line in stream:
            words = [Word(text[first:last], next(boxes)) for first, last in line]
            if words and _DISGUISED.search(text, line[0][0], line[-1][1]):
                words = [Word(restore(word.text.translate(_PLAIN)), word.box) for word in words]
            runs.extend(_cut_by_height(words))
        return runs
    finally:
        textpage.close()


def _page_text(textpage: Any) -> str:
    """One character per pdfium index, so that match positions are character indexes.

    pdfium writes U+FFFE both for a hyphen at which a word is broken over two lines and for a character whose
    font does not say what it is; the latter becomes U+FFFD here.
    """
    import pypdfium2.raw as pdfium

    count = pdfium.FPDFText_CountChars(textpage)
    buffer = (ctypes.c_ushort * (count + 1))()
    written = pdfium.FPDFText_GetText(textpage, 0, count, buffer)
    if written - 1 == count:
        text = bytes(buffer)[: 2 * count].decode("utf-16-le", "replace")
    if written - 1 != count or len(text) != count:
        # GetText leaves out what has no Unicode value, and a character may take two units: ask one by one.
        asked = (pdfium.FPDFText_GetUnicode(textpage, i) for i in range(count))
        text = "".join(chr(code) if 0 < code < 0xD800 or 0xDFFF < code <= 0x10FFFF else UNKNOWN for code in asked)
    if BROKEN in text or "\x00" in text:
        text = text.replace("\x00", UNKNOWN)
        for match in re.finditer(BROKEN, text):
            if pdfium.FPDFText_IsHyphen(textpage, match.start()) != 1:
                text = f"{text[: match.start()]}{UNKNOWN}{text[match.end() :]}"
    return text


def _boxes(textpage: Any, page: Any, spans: Sequence[tuple[int, int]]) -> Iterator[Box]:
    """The box around each range of characters of one line, as the displayed page has it."""
    page_left, page_bottom, page_right, page_top = page.get_bbox()
    rotation = page.get_rotation()
    edges = iter(_loose_boxes(textpage, [at for first, last in spans for at in (first, last - 1)]))
    for left, top, right, bottom, left2, top2, right2, bottom2 in zip(*[edges] * 8, strict=True):
        # No min and max: there are a hundred thousand words, and most have one height and run to the right.
        left, bottom = left2 if left2 < left else left, bottom2 if bottom2 < bottom else bottom
        right, top = right2 if right2 > right else right, top2 if top2 > top else top
        if rotation == 0:
            yield (left - page_left, page_top - top, right - page_left, page_top - bottom)
        elif rotation == 90:
            yield (bottom - page_bottom, left - page_left, top - page_bottom, right - page_left)
        elif rotation == 180:
            yield (page_right - right, bottom - page_bottom, page_right - left, top - page_bottom)
        else:
            yield (page_top - top, page_right - right, page_top - bottom, page_right - left)


def _loose_boxes(textpage: Any, characters: Sequence[int]) -> list[float]:
    """Left, top, right and bottom of each character's cell, one after another, as pdfium counts.

    It is asked for one character at a time, a million times in a large filing: by a prototype that takes plain
    addresses, each the next place of one array, for pypdfium2's own takes twice as long.
    """
    import pypdfium2.raw as pdfium

    found = (ctypes.c_float * (4 * len(characters)))()
    ask, handle = _CHARACTER_BOX(_address(pdfium.FPDFText_GetLooseCharBox)), _address(textpage.raw)
    for at, place in zip(characters, count(ctypes.addressof(found), ctypes.sizeof(pdfium.FS_RECTF)), strict=False):
        ask(handle, at, place)
    return found[:]


def _address(thing: Any) -> int:
    return ctypes.cast(thing, ctypes.c_void_p).value or 0


def _cut_by_height(words: list[Word]) -> list[PrintedLine]:
    """Cut a stream line where it climbs or falls to another line, which pdfium does not always mark."""
    runs: list[list[Word]] = []
    last: Box | None = None
    for word in words:
        box = word.box
        if last is not None and (box[1::2] == last[1::2] or _same_line(last, box)):
            runs[-1].append(word)
        else:
            runs.append([word])
        last = box
    return [PrintedLine.of(_close_kerning(run)) for run in runs]


def _close_kerning(run: list[Word]) -> list[Word]:
    """Join a letter that pdfium parted from its word at a wide kerning ("Incom e")."""
    closed: list[Word] = []
    for word in run:
        stray = len(word.text) == 1 and word.text.islower() and word.text != "a"
        if closed and stray and closed[-1].text[-1].isalpha():
            last = closed[-1]
            if 0 <= word.box[0] - last.box[2] < KERNED * max(word.height, last.height):
                closed[-1] = Word(last.text + word.text, bounding_box([last.box, word.box]))
                continue
        closed.append(word)
    return closed


def _same_line(a: Box, b: Box) -> bool:
    """A superscript overlaps its line by most of its own height; a neighbouring line does not."""
    middle_a, middle_b = (a[1] + a[3]) / 2, (b[1] + b[3]) / 2
    return abs(middle_a - middle_b) < SAME_LINE * max(a[3] - a[1], b[3] - b[1], 1.0)


def _is_prose(run: PrintedLine) -> bool:
    return sum(1 for word in run.words if _ALPHABETIC.search(word.text)) >= PROSE_WORDS


def lines_of(runs: list[PrintedLine]) -> tuple[PrintedLine, ...]:
    """Join the runs of one printed row into a line, on a two-column page only within a column; in reading order."""
    pairs = _side_by_side(runs)
    gutter = _gutter(runs, pairs)
    groups: list[list[int]] = []
    group_of: dict[int, int] = {}
    for i, j in sorted((min(pair), max(pair)) for pair in pairs):
        if gutter is not None and _column(runs[i], gutter) != _column(runs[j], gutter):
            continue
        if _is_prose(runs[i]) and _is_prose(runs[j]) and j - i > NEAR_IN_STREAM:
            continue
        first = group_of.setdefault(i, len(groups))
        if first == len(groups):
            groups.append([i])
        if j not in group_of:
            group_of[j] = first
            groups[first].append(j)
    lines = [(min(group), PrintedLine.of([word for k in group for word in runs[k].words])) for group in groups]
    lines += [(i, run) for i, run in enumerate(runs) if i not in group_of]
    if gutter is None:
        lines.sort(key=lambda item: (item[1].box[1] + item[1].box[3]) / 2)
    else:
        lines.sort(key=lambda item: item[0])
    return tuple(line for _, line in lines)


def _side_by_side(runs: list[PrintedLine]) -> list[tuple[int, int]]:
    """Pairs of runs that lie on one printed row without overlapping."""
    order = sorted(range(len(runs)), key=lambda i: runs[i].box[1])
    pairs = []
    for position, i in enumerate(order):
        for j in order[position + 1 :]:
            if runs[j].box[1] > runs[i].box[3]:
                break
            a, b = runs[i].box, runs[j].box
            if _same_line(a, b) and (a[2] <= b[0] + 1 or b[2] <= a[0] + 1):
                pairs.append((i, j))
    return pairs


def _gutter(runs: list[PrintedLine], pairs: list[tuple[int, int]]) -> float | None:
    """The x of the space between two columns of prose, or None on a one-column page."""
    starts = []
    for i, j in pairs:
        left, right = (i, j) if runs[i].box[0] < runs[j].box[0] else (j, i)
        if abs(i - j) > NEAR_IN_STREAM and _is_prose(runs[left]) and _is_prose(runs[right]):
            starts.append(runs[right].box[0])
    return min(starts) - 1 if len(starts) >= TWO_COLUMN_PAIRS else None


def _column(run: PrintedLine, gutter: float) -> int:
    """0 left of the gutter, 1 right of it, 2 across it."""
    if run.box[2] <= gutter + 1:
        return 0
    return 1 if run.box[0] >= gutter else 2
