"""The parts and items of a filing's form, from its headings or, where it has none, from its contents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ingest.filing import Page
from ingest.structure.contents import PrintedNumbers, split_contents
from ingest.structure.item_lines import item_lines
from ingest.structure.items import FoundItem, best_chains, part_title
from ingest.structure.marks import Mark, Place
from ingest.structure.references import Ranges, references

PART, ITEM = 0, 1
"""Levels of marks."""
FEWEST_PARTS = 2
"""A filing that prints the headings of fewer parts than this is not divided into those of a 10-K."""


def item_marks(pages: Sequence[Page]) -> list[Mark]:
    """Return the marks of parts and items; a part begins at its heading, or with its first item."""
    lines, listed = split_contents(item_lines(pages), pages)
    family, found, entries = best_chains(lines, listed, pages)
    have = {item.key for item in found}
    missing = [entry for entry in entries if entry.number and entry.key not in have]
    marks = [(item.key[0], _mark(item)) for item in found if item.number]
    for entry, place, ranges in references(missing, pages, PrintedNumbers(pages)) if missing else ():
        marks.append((entry.key[0], _mark(entry, place, ranges)))
    return [*(mark for _, mark in marks), *_parts(family, found, marks)]


def _parts(family: str, found: Sequence[FoundItem], marks: Sequence[tuple[int, Mark]]) -> Iterator[Mark]:
    """A part for each number among the items whose ranges are not told by an index.

    An 8-K has none; a 10-K may print none, and other forms divide their items otherwise; a 10-Q numbers its items
    anew in each, so there they are needed.
    """
    headings = {item.key[0]: item for item in found if not item.number}
    if len(headings) < FEWEST_PARTS and family != "10-Q":
        return
    first: dict[int, Place] = {}
    for part, mark in marks:
        if part and not mark.ranges:
            first[part] = min(first.get(part, mark.place), mark.place)
    for part, place in sorted(first.items()):
        heading = headings.get(part)
        title = f"{part_title(part)}. {heading.line.title}" if heading and heading.line.title else part_title(part)
        yield Mark(min(place, heading.place) if heading else place, PART, "part", part_title(part)[5:], title)


def _mark(item: FoundItem, place: Place | None = None, ranges: Ranges = ()) -> Mark:
    name = f"Item {item.number}"
    title = f"{name}. {item.line.title}" if item.line.title else name
    return Mark(place or item.place, ITEM, "item", item.number, title, ranges=ranges)
