"""Items that stand in no heading: the table of contents or a cross-reference index tells their pages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ingest.filing import Page
from ingest.structure.contents import PrintedNumbers, page_ranges
from ingest.structure.items import FoundItem
from ingest.structure.marks import Place, line_of_title

_OTHER_ENTRY = re.compile(r"^\W*(?:signatures?|exhibit index|index to exhibits|glossary)\b", re.IGNORECASE)
Ranges = tuple[tuple[int, int], ...]


def references(
    entries: Iterable[FoundItem], pages: Sequence[Page], numbers: PrintedNumbers
) -> list[tuple[FoundItem, Place, Ranges]]:
    """Return for each entry the place that it sends to, and its ranges of pages where the index gives ranges.

    Entries without pages (none, not applicable, incorporated by reference) have no section.
    """
    by_index = {page.index: page for page in pages}
    entries = tuple(entries)
    ends = {(entry.place[0], entry.line.line) for entry in entries}
    found = []
    printed = {entry: _printed_pages(entry, by_index[entry.place[0]], ends) for entry in entries}
    ranged = any(last is not None for ranges in printed.values() for _, last in ranges)
    for entry, pairs in printed.items():
        ranges = _joined(_resolved(pairs, numbers))
        if ranges and ranged:
            first = ranges[0][0]
            found.append((entry, (first, line_of_title(by_index[first], entry.line.title)), ranges))
        elif ranges:
            page = by_index[min(first for first, _ in ranges)]
            found.append((entry, (page.index, line_of_title(page, entry.line.title)), ()))
    return found


def _printed_pages(entry: FoundItem, page: Page, ends: set[tuple[int, int]]) -> tuple[tuple[str, str | None], ...]:
    """The pages that end the entry's line, or else the lines below it up to the next entry."""
    own = page_ranges(page.lines[entry.line.line].text)
    if own:
        return own
    below: list[tuple[str, str | None]] = []
    for number in range(entry.line.line + 1, len(page.lines)):
        text = page.lines[number].text
        if (page.index, number) in ends or _OTHER_ENTRY.match(text):
            break
        below.extend(page_ranges(text))
    return tuple(below)


def _resolved(pairs: Iterable[tuple[str, str | None]], numbers: PrintedNumbers) -> Iterable[tuple[int, int]]:
    for first, last in pairs:
        begin = numbers(first)
        end = numbers(last) if last is not None else begin
        if begin is not None and end is not None and begin <= end:
            yield begin, end


def _joined(ranges: Iterable[tuple[int, int]]) -> Ranges:
    """The ranges in order, those that touch made one."""
    joined: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return tuple(joined)
