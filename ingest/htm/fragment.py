"""Text gathered from elements with its whitespace normalised, and where the tagged facts stand in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from lxml import etree

# Numeric references 128-159 mean Windows-1252 characters, as every browser takes them; XML parsers do not.
_REPAIR: dict[int, str | int | None] = {
    code: bytes((code,)).decode("cp1252", errors="ignore") or None for code in range(0x80, 0xA0)
}
_REPAIR.update({0xA0: " ", 0xAD: None, 0x200B: None, 0x2060: None, 0xFEFF: None})

_ONE_MARK = r"(?:[(\[]?(?:\d{1,2}|[a-zA-Z])[)\]]?|[*†‡§#+]+)"
_FOOTNOTE = re.compile(rf"{_ONE_MARK}(?:(?:\s*,\s*|\s*(?=[(\[]))(?:{_ONE_MARK}))*")

LONGEST_NOTE = 20
"""The most characters that a footnote mark has."""

Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Fragment:
    """A stretch of normalised text.

    ``marks`` are the ``ix:nonFraction`` elements in it with their half-open ranges, ``notes`` the ranges
    of raised footnote marks, ``breaks`` the offsets at which a new line begins in the source, ``nbsp``
    the number of no-break spaces before the text.
    """

    text: str = ""
    marks: tuple[tuple[etree._Element, int, int], ...] = ()
    notes: tuple[Range, ...] = ()
    breaks: tuple[int, ...] = ()
    nbsp: int = 0

    def without_notes(self) -> Fragment:
        """Return the fragment less its raised footnote marks."""
        return self.cut(self.notes) if self.notes else self

    def cut(self, ranges: tuple[Range, ...]) -> Fragment:
        """Return the fragment less the given ranges and the blanks at its ends; marks move along."""
        removed = [False] * len(self.text)
        for start, end in ranges:
            removed[start:end] = [True] * (end - start)
        kept = "".join(c for c, gone in zip(self.text, removed, strict=True) if not gone)
        offsets, count = [0], 0
        for gone in removed:
            count += not gone
            offsets.append(count)
        lead = len(kept) - len(kept.lstrip())
        text = kept.strip()

        def moved(offset: int) -> int:
            return min(max(offsets[offset] - lead, 0), len(text))

        marks = tuple((element, moved(start), moved(end)) for element, start, end in self.marks)
        return Fragment(text, marks, (), tuple(moved(offset) for offset in self.breaks), self.nbsp)

    def lines(self) -> list[Fragment]:
        """Return the fragment cut into the lines of the source; empty ones are left out."""
        edges = sorted({0, len(self.text), *self.breaks})
        pieces = []
        for start, end in pairwise(edges):
            outside = ((0, start), (end, len(self.text)))
            inside = tuple(mark for mark in self.marks if start <= mark[1] < end)
            piece = Fragment(self.text, inside, self.notes, (), self.nbsp if start == 0 else 0).cut(outside)
            if piece.text:
                pieces.append(piece)
        return pieces


def joined(fragments: list[Fragment], separator: str) -> Fragment:
    """Return the fragments in a row with ``separator`` between them; marks move along."""
    marks: list[tuple[etree._Element, int, int]] = []
    offset = 0
    for fragment in fragments:
        marks.extend((element, start + offset, end + offset) for element, start, end in fragment.marks)
        offset += len(fragment.text) + len(separator)
    return Fragment(separator.join(fragment.text for fragment in fragments), tuple(marks))


def is_footnote_mark(text: str) -> bool:
    """Whether raised text is a footnote mark: ``(1)``, ``a``, ``(1)(2)``, ``*``; not ``th`` or ``®``."""
    return len(text) <= LONGEST_NOTE and _FOOTNOTE.fullmatch(text.strip()) is not None


class TextRun:
    """Gathers text piece by piece; runs of blanks, no-break ones too, become one space."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0
        self._space = False
        self._nbsp = 0
        self._marks: list[tuple[etree._Element, int, int]] = []
        self._notes: list[Range] = []
        self._breaks: list[int] = []

    @property
    def length(self) -> int:
        """The number of characters so far."""
        return self._length

    def add(self, text: str) -> None:
        """Append text as it stands in the source."""
        if not text.isascii():
            if not self._length:
                self._nbsp += _leading_nbsp(text)
            text = text.translate(_REPAIR)
        words = text.split()
        if not words:
            self._space = self._space or bool(text)
            return
        if self._length and (self._space or text[0].isspace()):
            self._pieces.append(" ")
            self._length += 1
        piece = " ".join(words)
        self._pieces.append(piece)
        self._length += len(piece)
        self._space = text[-1].isspace()

    def new_line(self) -> None:
        """Note that the source begins a new line here; in the text it is a space."""
        self._space = True
        if self._length and (not self._breaks or self._breaks[-1] != self._length):
            self._breaks.append(self._length)

    def mark(self, element: etree._Element, start: int) -> None:
        """Note that the tagged ``element`` covers the text from ``start`` to here."""
        self._marks.append((element, start, self._length))

    def note(self, start: int) -> None:
        """Note that the text from ``start`` to here is a raised footnote mark."""
        self._notes.append((start, self._length))

    def finish(self) -> Fragment:
        """Return all that was gathered."""
        text = "".join(self._pieces)
        marks = tuple((element, _past_space(text, start, end), end) for element, start, end in self._marks)
        return Fragment(text, marks, tuple(self._notes), tuple(self._breaks), self._nbsp)


def _leading_nbsp(text: str) -> int:
    return len(text) - len(text.lstrip("\xa0"))


def _past_space(text: str, start: int, end: int) -> int:
    return start + 1 if start < end and text[start] == " " else start
