"""A typewritten line is cut where its blanks leave a gap: what stands between is a label, a head or a figure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from ingest.figures import is_year, read_figure

_WORDS = re.compile(r"\S+(?: \S+)*")
_TAGS = re.compile(r"</?(?:F\d+|FN|CAPTION|TABLE|PAGE|S|C|R|B|I|U)>", re.IGNORECASE)
_LEADERS = re.compile(r"(?:\.\s?){3,}(?=\s|$|\$)|\.{3,}|_{2,}(?=\s|$)")
_RULE = re.compile(r"(?<!\S)(?:- )?[-=_—–*~]{3,}(?!\S)|(?<!\S)={1,}(?!\S)")
_MARKS = re.compile(r"<[SC]>", re.IGNORECASE)
_DAY = re.compile(r"[A-Z][A-Za-z]{2,8}\.? \d{1,2},?")
_SIGNS = frozenset({"$", "£", "€", "¥"})


@dataclass(frozen=True, slots=True)
class Segment:
    """Words that stand together; ``x0`` and ``x1`` count characters from the left edge, half-open."""

    text: str
    x0: int
    x1: int

    @property
    def is_figure(self) -> bool:
        """Whether this prints a figure, a dash or a mark such as "nm"."""
        return read_figure(self.text) is not None

    @property
    def is_value(self) -> bool:
        """Whether this prints a figure that is not a bare year."""
        return self.is_figure and not is_year(self.text)


@dataclass(frozen=True, slots=True)
class TypedLine:
    """One line of the source. ``rules`` are where lines of dashes are drawn, ``marks`` where tags name columns."""

    kind: Literal["blank", "rule", "marks", "text"]
    segments: tuple[Segment, ...] = ()
    rules: tuple[tuple[int, int], ...] = ()
    marks: tuple[int, ...] = ()
    text: str = ""

    @property
    def values(self) -> tuple[Segment, ...]:
        """The figures of the line that are no bare years."""
        return tuple(segment for segment in self.segments if segment.is_value)


def read_line(source: str) -> TypedLine:
    """Cut one line, whose tabs are already blanks, into its segments."""
    marks = tuple(match.start() for match in _MARKS.finditer(source))
    bare = _TAGS.sub(_blanks, source)
    if marks and not bare.strip():
        return TypedLine("marks", marks=marks)
    drawn = _RULE.sub(_blanks, bare)
    rules = tuple((match.start(), match.end()) for match in _RULE.finditer(bare))
    if not drawn.strip():
        return TypedLine("rule" if rules else "blank", rules=rules)
    segments: list[Segment] = []
    for match in _WORDS.finditer(_LEADERS.sub(_blanks, drawn)):
        segments.extend(_figures_apart(match.group(), match.start()))
    return TypedLine("text", tuple(_signs_joined(segments)), rules, text=" ".join(drawn.split()))


def _blanks(match: re.Match[str]) -> str:
    return " " * len(match.group())


def _figures_apart(text: str, start: int) -> Iterable[Segment]:
    """Figures with a single blank between them are as many cells, and so are days: "December 30, January 1,"."""
    days = [Segment(m.group(), start + m.start(), start + m.end()) for m in _DAY.finditer(text)]
    if len(days) > 1 and len(" ".join(day.text for day in days)) == len(text):
        return days
    words = [Segment(m.group(), start + m.start(), start + m.end()) for m in re.finditer(r"\S+", text)]
    if len(words) > 1 and all(word.is_figure or word.text in _SIGNS for word in words):
        return words
    return [Segment(text, start, start + len(text))]


def _signs_joined(segments: Sequence[Segment]) -> Iterable[Segment]:
    """A currency sign goes with the figure to the right of it, a lone percent sign or bracket to the left."""
    joined: list[Segment] = []
    sign: Segment | None = None
    for segment in segments:
        if sign is not None and segment.is_figure:
            joined.append(Segment(sign.text + segment.text, sign.x0, segment.x1))
            sign = None
            continue
        if sign is not None:
            joined.append(sign)
            sign = None
        if segment.text in _SIGNS:
            sign = segment
        elif segment.text in ("%", ")") and joined and _is_beside(joined[-1], segment):
            last = joined.pop()
            joined.append(Segment(last.text + segment.text, last.x0, segment.x1))
        elif segment.text[:1] in _SIGNS and not segment.is_figure and len(segment.text) > 1:
            joined.append(_sign_closed_up(segment))
        else:
            joined.append(segment)
    return [*joined, *([sign] if sign is not None else [])]


def _is_beside(number: Segment, sign: Segment) -> bool:
    return sign.x0 - number.x1 <= 2 and number.text[-1].isdigit()


def _sign_closed_up(segment: Segment) -> Segment:
    closed = segment.text[0] + segment.text[1:].strip()
    return Segment(closed, segment.x0, segment.x1) if read_figure(closed) is not None else segment


def aligned(lines: Iterable[TypedLine], edges: frozenset[int]) -> list[TypedLine]:
    """The lines with figures cut off from labels that end one blank before them, where they end on a column's edge."""
    return [
        replace(line, segments=tuple(part for segment in line.segments for part in _cut(segment, edges)))
        for line in lines
    ]


def _cut(segment: Segment, edges: frozenset[int]) -> Iterable[Segment]:
    tail: list[Segment] = []
    while not segment.is_figure and " " in segment.text:
        before, _, word = segment.text.rpartition(" ")
        last = Segment(word, segment.x1 - len(word), segment.x1)
        if not last.is_value or last.x1 not in edges:
            break
        tail.insert(0, last)
        segment = Segment(before, segment.x0, segment.x0 + len(before))
    return [segment, *tail]
