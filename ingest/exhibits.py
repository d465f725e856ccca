"""Sections of a file that holds several documents: each exhibit is one, with its own structure inside."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ingest.document import Document, Part
from ingest.filing import Page, Section

Outline = Sequence[tuple[int, str, int]]
FindSections = Callable[[Sequence[Page], Outline], tuple[Section, ...]]
"""Finds the sections of one document, given its pages and its bookmarks."""


def sections_of_parts(document: Document, find: FindSections) -> tuple[Section, ...]:
    """Return the sections of the main document, and each further document as a section with its own inside.

    An item or a note that an exhibit prints is thereby never one of the report that it was filed with.
    """
    if not document.parts:
        return find(document.pages, document.outline)
    sections: list[Section] = []
    for part in document.parts:
        pages = document.pages[part.first_page : part.last_page + 1]
        inside = find(pages, [mark for mark in document.outline if part.first_page <= mark[2] <= part.last_page])
        sections.extend(inside if part.title is None else [_exhibit(part, part.title, inside)])
    return tuple(sections)


def _exhibit(part: Part, title: str, children: tuple[Section, ...]) -> Section:
    number = part.type.removeprefix("EX-") if part.type.startswith("EX-") else None
    inside = tuple(section for child in children for section in _without_its_own_head(child, part))
    return Section(title, "exhibit", number, part.first_page, part.last_page, inside)


def _without_its_own_head(section: Section, part: Part) -> tuple[Section, ...]:
    """What stands inside: an exhibit that prints its own number at its head is not one inside itself."""
    own = section.kind == "exhibit" and section.first_page == part.first_page
    return section.children if own else (section,)
