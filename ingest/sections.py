"""A filing's own structure: parts, items, notes, statements and exhibits, as a tree of ranges of pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from ingest.filing import Page, Section
from ingest.structure.form import item_marks
from ingest.structure.headings import closing_marks
from ingest.structure.marks import Mark, tree
from ingest.structure.notes import note_marks
from ingest.structure.outline import HEADING, heading_marks
from ingest.structure.statement_pages import statement_marks


def find_sections(pages: Iterable[Page], outline: Sequence[tuple[int, str, int]] = ()) -> tuple[Section, ...]:
    """Return the sections in the order of their pages; notes and statements stand inside their item.

    ``outline`` is (level from 0, title, page index) from the file's own bookmarks.
    """
    pages = tuple(pages)
    if not pages:
        return ()
    items = item_marks(pages)
    notes = note_marks(pages, [mark.place for mark in items if not mark.ranges])
    statements = statement_marks(pages, notes[0].place if notes else None)
    if items:
        return tree([*items, *notes, *statements, *closing_marks(pages)], pages)
    statements = [replace(mark, level=HEADING) for mark in statements]
    headings = [mark for mark in heading_marks(pages, outline) if not _inside(mark, statements)]
    return tree([*notes, *statements, *headings, *closing_marks(pages)], pages)


def _inside(heading: Mark, statements: Iterable[Mark]) -> bool:
    """Whether a heading is one inside a statement: "Equity" in a balance sheet."""
    return any(mark.place <= heading.place < (mark.until or mark.place) for mark in statements)


def section_titles(sections: Iterable[Section], page: int, character: int = 0) -> tuple[str, ...]:
    """Return the titles of the sections that the character of ``page`` lies in, from the outermost.

    Where several do, as under a cross-reference index, that with the fewest pages is meant.
    """
    holding = [section for section in sections if section.holds(page, character)]
    if not holding:
        return ()
    section = min(reversed(holding), key=_extent)
    return (section.title, *section_titles(section.children, page, character))


def _extent(section: Section) -> tuple[int, int, bool]:
    return section.last_page - section.first_page, -section.start, section.end is None


def section_starts(sections: Iterable[Section]) -> dict[int, frozenset[int]]:
    """Return, by page, the characters at which sections begin below the head of the page."""
    starts: dict[int, set[int]] = {}
    waiting = list(sections)
    while waiting:
        section = waiting.pop()
        waiting.extend(section.children)
        if section.start:
            starts.setdefault(section.first_page, set()).add(section.start)
    return {page: frozenset(characters) for page, characters in starts.items()}
