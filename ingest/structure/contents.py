"""Tables of contents and cross-reference indexes: where they stand, and which pages they send to."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median

from ingest.filing import Page
from ingest.structure.item_lines import ItemLine, entry_lines

FEWEST = 4
"""A page that names fewer items than this is no table of contents."""
SHORT = 250
"""Entries of contents are this near to each other (characters), as a rule."""
PARTS = 3
"""A page that names so many parts lists them; in the filing itself they lie far apart."""
EDGE = 3
"""A page's number stands within so many lines of its top or bottom."""
FEWEST_PRINTED = 3
"""So many pages lie equally far from the number at their edge before it is taken for a page number."""
DRIFT = 3
"""Printed numbers and pages drift apart by no more than this between one page and the nearest that is sure."""

_PAGE_NUMBER = re.compile(
    r"^(?:page\s+)?[-–—\s]*((?:[A-Z]{1,2}-)?\d{1,3})[-–—\s]*(?:of\s+\d+)?$"
    r"|^.{0,80}[\s|•]((?:[A-Z]-)?\d{1,3})$|^((?:[A-Z]-)?\d{1,3})(?:\s*[|•]|\s{2,}|\s+[A-Z])\D{0,80}$",
    re.IGNORECASE,
)
_RANGE = re.compile(
    r"((?:[A-Z]{1,2}-)?\d{1,3})(?:\s*(?:[-–—‑]|to|through)\s*((?:[A-Z]{1,2}-)?\d{1,3}))?", re.IGNORECASE
)
_TAIL = re.compile(
    r"(?:^|[\s.])(?:pages?\s*)?"
    r"((?:[A-Z]{1,2}-)?\d{1,3}(?:\s*(?:[-–—‑,]|to|through|and)\s*(?:[A-Z]{1,2}-)?\d{1,3})*)(?:\s*\([a-z\d]\))*\s*$",
    re.IGNORECASE,
)


def split_contents(
    lines: Sequence[ItemLine], pages: Sequence[Page]
) -> tuple[tuple[ItemLine, ...], tuple[ItemLine, ...]]:
    """Return the lines that may begin items, and those that list them: entries of contents or of an index.

    They are on pages whose lines list items with their pages, or ahead of the items themselves. A page that closes
    a filing may name as many items; but they have text, and stand nowhere later. Where the items begin below the
    list on its own page, the first is named there a second time, with text below it.
    """
    if not lines:
        return (), ()
    listing = _listing_pages(lines)
    seen: set[tuple[str, ...]] = set()
    body: list[ItemLine] = []
    entries: list[ItemLine] = []
    for line, following in zip(lines, [*(line.place for line in lines[1:]), (pages[-1].index + 1, 0)], strict=True):
        apart = following[0] > line.place[0] or following[1] - line.place[1] > SHORT
        begins = line.numbers in seen and not line.paged and bool(line.numbers) and apart
        if line.place[0] not in listing or begins:
            body.append(line)
        else:
            entries.append(line)
            seen.add(line.numbers)
    if not any(line.numbers for line in entries):
        numbered = (entry for page in pages if page.index in listing for entry in entry_lines(page))
        entries = sorted([*entries, *numbered], key=lambda line: line.place)
    return tuple(body), tuple(entries)


def _listing_pages(lines: Sequence[ItemLine]) -> frozenset[int]:
    by_page: dict[int, list[ItemLine]] = {}
    parts: dict[int, set[str]] = {}
    for line in lines:
        if line.part is not None:
            parts.setdefault(line.place[0], set()).add(line.part)
        elif "." not in line.numbers[0]:
            by_page.setdefault(line.place[0], []).append(line)
    listing = {page for page, named in by_page.items() if _lists(page, named, lines)}
    return frozenset(listing | {page for page, names in parts.items() if len(names) >= PARTS})


def _lists(page: int, named: Sequence[ItemLine], lines: Sequence[ItemLine]) -> bool:
    """Whether the lines of a page that name items stand as near to each other as entries, and send elsewhere."""
    if len({line.numbers for line in named}) < FEWEST:
        return False
    later = {line.numbers for line in lines if line.place[0] > page}
    again = sum(line.numbers in later for line in named) >= 0.6 * len(named)
    paged = sum(line.paged for line in named) >= len(named) / 3
    return median(b.place[1] - a.place[1] for a, b in pairwise(named)) <= SHORT and (paged or again)


def page_ranges(text: str) -> tuple[tuple[str, str | None], ...]:
    """Return the pages that end an entry: ``Properties  Pages 14, 66-67`` gives ``14`` and ``66`` to ``67``."""
    tail = _TAIL.search(text)
    if tail is None:
        return ()
    return tuple((match[1].upper(), match[2].upper() if match[2] else None) for match in _RANGE.finditer(tail[1]))


class PrintedNumbers:
    """Finds the page that a printed page number means.

    Any number at the edge of a page may be its own; it is where others lie as far from theirs.
    """

    def __init__(self, pages: Sequence[Page]) -> None:
        self._pages = {page.index for page in pages}
        seen = [
            (series, digits, page.index)
            for page in pages
            for number in {*_printed(page), *([page.label] if page.label else [])}
            for series, digits in [_series(number)]
            if digits is not None
        ]
        self._seen: dict[tuple[str, int], list[int]] = {}
        for series, digits, place in seen:
            self._seen.setdefault((series, digits), []).append(place)
        usual = Counter((series, place - digits) for series, digits, place in seen)
        self._at: dict[str, dict[int, int]] = {}
        for series, digits, place in sorted(seen, key=lambda one: usual[one[0], one[2] - one[1]]):
            if usual[series, place - digits] >= min(FEWEST_PRINTED, len(self._pages)):
                self._at.setdefault(series, {})[digits] = place

    def __call__(self, number: str) -> int | None:
        """Return the index of the page with this printed number; one that is not printed is as far as the nearest."""
        series, digits = _series(number)
        known = self._at.get(series, {})
        if digits is None or not known:
            return None
        nearest = min(known, key=lambda other: abs(other - digits))
        place = known[nearest] + digits - nearest
        printed = [other for other in self._seen.get((series, digits), ()) if abs(other - place) <= DRIFT]
        place = min(printed, key=lambda other: abs(other - place), default=place)
        return place if place in self._pages else None


def _printed(page: Page) -> Iterable[str]:
    edges = [*page.lines[:EDGE], *page.lines[-EDGE:]]
    for line in edges:
        if match := _PAGE_NUMBER.match(line.text.strip()):
            yield next(group for group in match.groups() if group)


def _series(number: str) -> tuple[str, int | None]:
    match = re.fullmatch(r"(?:([A-Z]{1,2})-)?(\d+)", number.upper())
    return (match[1] or "", int(match[2])) if match else ("", None)
