"""Running heads and feet and page numbers: they stay on their page, but are part of no passage or table."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from ingest.filing import Box, Line, Page
from ingest.statements import statement_of

RUNNING_PAGES = 3
"""A line at a page's edge that stands on fewer pages than this is no running head."""
RUNNING_SHARE = 0.1
"""Within the margins, so large a share of the pages has to print it."""
SAME_HEIGHT = 2.0
"""Points by which the outermost line of a page may move from page to page."""
MOST_NUMBERS = 4
"""A line with more numbers is a row of a table: "Company | 2022 Form 10-K | 29" has three."""

_COLUMN_HEAD = re.compile(
    r"^[\W\d]*$|\b(?:ended|ending|as of|at|months|weeks|in|millions|thousands)\b|\b[a-z]{3,9}\.? \d{1,2},", re.I
)
_PAGE_NUMBER = re.compile(
    r"^(?:page\s+)?[-–—|]?\s*(?:[A-Z]{1,2}-)?\d{1,3}\s*[-–—|]?(?:\s+of\s+\d{1,3})?$|^[ivxl]{1,6}$", re.IGNORECASE
)
_FIGURES = re.compile(r"#[,.]#|[$€£%]|\(#")
_NUMBER = re.compile(r"\d{1,9}")
_LETTER = re.compile(r"[^\W\d_]{2}")


_Place = tuple[str, str, int]


def set_margins_aside(pages: Sequence[Page]) -> tuple[Page, ...]:
    """Return ``pages`` with ``aside`` set on the lines of running heads, running feet and page numbers.

    A text counts as running, whatever the digits in it, when it stands in the margins of one page in ten (of three at
    least), or when it is the outermost line of three, at the same height or with a number that counts their pages.
    Heads of columns and titles of statements never count, for tables that go on for pages repeat them, and neither
    do lines that print figures.
    """
    in_margin: Counter[str] = Counter()
    outermost: Counter[_Place] = Counter()
    for page in pages:
        in_margin.update({_pattern(line.text) for line in page.lines if _in_margin(page, line.box)})
        outermost.update({place for line in _outermost(page) for place in _places(page, line)})
    often = max(RUNNING_PAGES, len(pages) * RUNNING_SHARE)
    running = {text for text, count in in_margin.items() if count >= often and _may_run(text)}
    fixed = {place for place, count in outermost.items() if count >= RUNNING_PAGES and _may_run(place[0])}
    return tuple(_with_asides(page, running, fixed) for page in pages)


def _with_asides(page: Page, running: set[str], fixed: set[_Place]) -> Page:
    outer = {line.chars[0] for line in _outermost(page)}
    lines = []
    for line in page.lines:
        aside = _in_margin(page, line.box) and _pattern(line.text) in running
        if line.chars[0] in outer:
            aside = aside or bool(_PAGE_NUMBER.match(line.text)) or any(place in fixed for place in _places(page, line))
        lines.append(replace(line, aside=True) if aside else line)
    return replace(page, lines=tuple(lines))


def _in_margin(page: Page, box: Box | None) -> bool:
    return box is not None and (box[1] > page.height * 0.9 or box[3] < page.height * 0.08)


def _outermost(page: Page) -> list[Line]:
    """The lines at the very top and the very bottom of what is printed."""
    placed = [(line.box, line) for line in page.lines if line.box is not None]
    if not placed:
        return []
    top, bottom = min(box[1] for box, _ in placed), max(box[3] for box, _ in placed)
    return [line for box, line in placed if box[1] <= top + SAME_HEIGHT or box[3] >= bottom - SAME_HEIGHT]


def _places(page: Page, line: Line) -> list[_Place]:
    """What may repeat of a line: its text at its height, and its text with how far a number is ahead of the page's."""
    if line.box is None:
        return []
    # A height near a border between two steps counts for both.
    text, height = _pattern(line.text), line.box[1] / (2 * SAME_HEIGHT)
    numbers = [int(number) - page.index for number in _NUMBER.findall(line.text)[:MOST_NUMBERS]]
    ahead = [(text, f"number {k}", number) for k, number in enumerate(numbers)]
    return [(text, "height", int(height)), (text, "height", int(height + 0.5)), *ahead]


def _may_run(text: str) -> bool:
    figures = text.count("#") > MOST_NUMBERS or bool(_FIGURES.search(text))
    return not figures and bool(_LETTER.search(text)) and not _COLUMN_HEAD.search(text) and statement_of([text]) is None


def _pattern(text: str) -> str:
    """A text in the form in which pages repeat it: "#" stands for the digits."""
    return re.sub(r"\d+", "#", " ".join(text.split()))
