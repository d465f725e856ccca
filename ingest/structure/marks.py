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
"""A line with fewer letters than this does not tell which title it prints."""
TITLE_LINES = 4
"""A title is printed on no more lines."""
TITLE_WORDS = 7
WRAPPED = 30
"""A title that goes on on the next line has more characters than this on the first."""
MOSTLY = 0.6
"""A line prints a title if the one is the beginning of the other and at least this share of it."""

_INNER = ("note", "statement", "heading")
_OPEN = re.compile(r"(?:[,;/]|\b(?:and|or|of|for|the|in|to|with|on|about|per))$", re.IGNORECASE)
_ANOTHER = re.compile(r"^\W*(?:item|part|note)s?\b|^$", re.IGNORECASE)
_NO_LETTERS = re.compile(r"[^a-z0-9]")
_TEXT = re.compile(r"^(?:\S+ ){5,}.*[a-z][.:;]$|\d,\d{3}", re.MULTILINE)


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
    """Return the character at which the line begins that prints the title, or most of one of both, or 0."""
    wanted = _NO_LETTERS.sub("", title.lower())
    for line in page.lines:
        letters = _NO_LETTERS.sub("", line.text.lower())
        shorter, longer = sorted((letters, wanted), key=len)
        if len(shorter) >= max(SHORTEST, len(longer) * MOSTLY) and longer.startswith(shorter):
            return line.chars[0]
    return 0


def whole_title(page: Page, at: int, title: str) -> str:
    """Return the title that line ``at`` of the page ends with, joined with the lines on which it goes on."""
    for line in page.lines[at + 1 : at + TITLE_LINES]:
        below = " ".join(line.text.split())
        words = len(below.split())
        goes_on = bool(_OPEN.search(title)) or (below[:1].islower() and words <= TITLE_WORDS)
        if len(title) < WRAPPED or not goes_on or words > 2 * TITLE_WORDS or _ANOTHER.match(below):
            break
        title = f"{title} {below.rstrip(' .:')}"
    return title


class Extent:
    """The pages of a filing by their index, and where sections on them begin and end."""

    def __init__(self, pages: Sequence[Page], marks: Iterable[Mark]) -> None:
        self._pages = {page.index: page for page in pages}
        self._first = dict(sorted((mark.place for mark in marks), reverse=True))
        order = sorted(self._pages)
        self._before = dict(zip([*order[1:], order[-1] + 1], order, strict=True))
        self.end: Place = (order[-1] + 1, 0)

    def at_top(self, place: Place) -> bool:
        """Whether nothing but the head of its page, no sentence and no figure, is printed above the place."""
        above = self._pages[place[0]].text[: place[1]].strip() if place[0] in self._pages else ""
        first = self._first.get(place[0], place[1]) >= place[1]
        return first and len(above) <= RUNNING_HEAD and not _TEXT.search(above)

    def between(self, mark: Mark, end: Place, children: tuple[Section, ...] = ()) -> Section:
        """Return the section from its mark to the place ``end``, where the next one begins.

        A running head belongs to the section below it.
        """
        first, start = mark.place
        last, until = min(end, mark.until) if mark.until is not None else end
        stops: int | None = until
        if last > first and self.at_top((last, until)):
            last, stops = self._before[last], None
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
    referred = [_referred(mark, marks, extent) for mark in marks if mark.ranges]
    sections = list(_nest(ordered, extent.end, extent))
    inner = [section for section in sections if section.kind in _INNER] if referred else []
    homes = sorted(referred, key=lambda home: (-sum(_holds(home, section) for section in inner), _pages_of(home)))
    for home in homes:
        own = [section for section in inner if _holds(home, section)]
        inner = [section for section in inner if section not in own]
        sections = [section for section in sections if section not in own]
        within = tuple(_cut_off(section, home) for section in own)
        referred[referred.index(home)] = replace(home, children=within)
    return (*referred, *sections)


def _holds(home: Section, section: Section) -> bool:
    return home.holds(section.first_page, section.start)


def _cut_off(section: Section, home: Section) -> Section:
    """The last note of an item ends with the pages that the index gives to the item."""
    ranges = ((home.first_page, home.last_page), *home.elsewhere)
    last = next(last for first, last in ranges if first <= section.first_page <= last)
    return section if section.last_page <= last else replace(section, last_page=last, end=None)


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


def _referred(mark: Mark, marks: Sequence[Mark], extent: Extent) -> Section:
    """The section of a mark whose ranges are told; on a page that others share it lasts until the next of them."""
    (first, last), *others = mark.ranges
    start = 0 if extent.at_top(mark.place) else mark.place[1]
    ends = [o.place[1] for o in marks if o.ranges and o.place[1] and o.place[0] == last and o.place > mark.place]
    return Section(
        title=mark.title,
        kind=mark.kind,
        number=mark.number,
        first_page=first,
        last_page=last,
        start=start,
        end=min(ends, default=None) if mark.place[1] or first < last else None,
        elsewhere=tuple(others),
    )


def _pages_of(section: Section) -> int:
    return section.last_page - section.first_page
