"""Where sections begin, and how beginnings become a tree of ranges of pages and characters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.filing import Page, Section, SectionKind, Statement

Place = tuple[int, int]
"""A place in a filing: page index, and character in the text of that page."""
RUNNING_HEAD = 90
"""Text of no more characters than this above a heading is the head of its page."""
SHORTEST = 5
"""A line with fewer letters than this does not tell which title it begins."""

_NO_LETTERS = re.compile(r"[^a-z0-9]")
_SENTENCE = re.compile(r"^(?:\S+ ){5,}.*[a-z][.:;]$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a section begins; it lasts until the next mark of its ``level`` or a lower one, or ``until`` a place.

    ``ranges`` are its pages (inclusive) where a cross-reference index tells them, and then it ends with them.
    """

    place: Place
    level: int
    kind: SectionKind
    number: str | None
    title: str
    statement: Statement | None = None
    ranges: tuple[tuple[int, int], ...] = ()
    until: Place | None = None


def line_of_title(page: Page, title: str) -> int:
    """Return the character at which the line begins that prints the title or its beginning, or 0."""
    wanted = _NO_LETTERS.sub("", title.lower())
    for line in page.lines:
        letters = _NO_LETTERS.sub("", line.text.lower())
        if len(letters) >= SHORTEST and (wanted.startswith(letters) or letters.startswith(wanted)):
            return line.chars[0]
    return 0


class Extent:
    """The pages of a filing by their index, and where sections on them begin and end."""

    def __init__(self, pages: Sequence[Page], marks: Iterable[Mark]) -> None:
        self._pages = {page.index: page for page in pages}
        self._first = dict(sorted((mark.place for mark in marks), reverse=True))
        self._order = sorted(self._pages)
        self.end: Place = (self._order[-1] + 1, 0)

    def at_top(self, place: Place) -> bool:
        """Whether nothing but the head of its page is printed above the place."""
        above = self._pages[place[0]].text[: place[1]].strip() if place[0] in self._pages else ""
        first = self._first.get(place[0], place[1]) >= place[1]
        return first and len(above) <= RUNNING_HEAD and not _SENTENCE.search(above)

    def between(self, mark: Mark, end: Place, children: tuple[Section, ...] = ()) -> Section:
        """Return the section from its mark to the place ``end``, where the next one begins.

        A running head belongs to the section below it.
        """
        first, start = mark.place
        last, until = min(end, mark.until) if mark.until is not None else end
        stops: int | None = until
        if last > first and self.at_top((last, until)):
            last, stops = max(index for index in self._order if index < last), None
        elif stops is not None and stops >= len(self._pages[last].text):
            stops = None
        return Section(
            title=mark.title,
            kind=mark.kind,
            number=mark.number,
            first_page=first,
            last_page=last,
            children=children,
            start=0 if self.at_top(mark.place) else start,
            end=stops,
            statement=mark.statement,
        )


def tree(marks: Iterable[Mark], pages: Sequence[Page]) -> tuple[Section, ...]:
    """Return the sections that begin at the marks, each inside the last one of a lower level before it.

    Those whose ranges an index tells come first and in its order, for their pages may overlap.
    """
    marks = tuple(marks)
    ordered = sorted((mark for mark in marks if not mark.ranges), key=lambda mark: (mark.place, mark.level))
    extent = Extent(pages, ordered)
    referred = [_referred(mark) for mark in marks if mark.ranges]
    sections = list(_nest(ordered, extent.end, extent))
    for section in [section for section in sections if section.kind in ("note", "statement")]:
        homes = [home for home in referred if home.holds(section.first_page, section.start)]
        if homes:
            home = min(homes, key=_pages_of)
            referred[referred.index(home)] = replace(home, children=(*home.children, section))
            sections.remove(section)
    return (*referred, *sections)


def _nest(marks: Sequence[Mark], end: Place, extent: Extent) -> Iterator[Section]:
    """Marks at one place and level, as those of "Items 1 and 2", share their range."""
    at = 0
    while at < len(marks):
        first = marks[at]
        below = at
        while below < len(marks) and (marks[below].place, marks[below].level) == (first.place, first.level):
            below += 1
        limit = min(end, first.until) if first.until is not None else end
        ends = (k for k in range(below, len(marks)) if marks[k].level <= first.level or marks[k].place >= limit)
        following = next(ends, len(marks))
        until = marks[following].place if following < len(marks) else end
        for mark in marks[at : below - 1]:
            yield extent.between(mark, until)
        yield extent.between(marks[below - 1], until, tuple(_nest(marks[below:following], until, extent)))
        at = following


def _referred(mark: Mark) -> Section:
    first, *others = mark.ranges
    return Section(mark.title, mark.kind, mark.number, *first, elsewhere=tuple(others), statement=mark.statement)


def _pages_of(section: Section) -> int:
    return section.last_page - section.first_page
