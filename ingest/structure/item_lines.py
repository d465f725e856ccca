"""The lines of a filing that name an item of its form: headings, entries of a table of contents, mentions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.filing import Line, Page
from ingest.structure.marks import Place, whole_title

_NUMBER = r"\d{1,2}(?:\s?\(?[A-DT]\)?(?![A-Za-z]))*"
_ITEM = re.compile(
    rf"^\W{{0,3}}(?:part\s+[IVX]{{1,3}}\b[\s,.:;–—-]*)?i\s?t\s?e\s?m\s?(?P<many>s)?[\s.]*"
    rf"(?P<numbers>[1-9]\.\s?\d\d(?!\d)|{_NUMBER}(?:(?:\s*(?:,|and|&)\s*)+(?:items?\s*)?{_NUMBER})*)"
    r"(?P<rest>.*)$",
    re.IGNORECASE,
)
_PART = re.compile(r"^\W{0,3}part\s+(?P<part>I(?:\s?I){0,2}|I\s?V)\b(?P<rest>.{0,60})$", re.IGNORECASE)
_ENTRY = re.compile(rf"^\W{{0,2}}(?P<number>{_NUMBER})(?:[.:]\s*|\s+)(?P<title>[A-Z\[].{{2,150}})$")
_SEPARATORS = " \t.:;,|—–-‑−·•*"
_PAGE_TAIL = re.compile(
    r"(?:[\s.]|\bpages?\b)*[\s.](?:[A-Z]{1,2}-)?\d{1,3}(?:\s*[-–,]\s*(?:[A-Z]{1,2}-)?\d{1,3})*\s*$", re.I
)
_UNFINISHED = re.compile(
    r"(?:[,(“\"‘;]|[–—-]|\b(?:in|of|and|or|see|under|to|the|with|our|by|for|from|on|at|this|that|both|also|item|items))\s*$",
    re.IGNORECASE,
)
_MENTION = re.compile(r"\b(?:this|herein|above|below|elsewhere|see|refer|(?:in|of) our)\b|[”\"]", re.IGNORECASE)
LONGEST_TITLE = 300
"""A line with more characters after its number than this is a paragraph that begins with an item's name."""
MOST_LINES = 2_000
"""No filing names items at the head of more lines; further ones are not looked at."""


@dataclass(frozen=True, slots=True)
class ItemLine:
    """A line that begins with "Item 7" or "Part II": ``numbers`` as printed in capitals, the title after them.

    ``paged`` is whether it ends with a page number, as entries of contents do; ``mention`` whether it reads
    like the middle of a sentence. A part has no numbers.
    """

    place: Place
    numbers: tuple[str, ...]
    part: str | None
    title: str
    paged: bool
    mention: bool
    capitals: bool
    line: int


def item_lines(pages: Sequence[Page]) -> tuple[ItemLine, ...]:
    """Return the lines that may begin an item or a part, in order."""
    found: list[ItemLine] = []
    for page in pages:
        for number, line in enumerate(page.lines):
            if (read := _read(page, number, line)) is not None:
                found.append(read)
                if len(found) == MOST_LINES:
                    return tuple(found)
    return tuple(found)


def entry_lines(page: Page) -> tuple[ItemLine, ...]:
    """Return the lines of a table of contents that print an item's number without the word: "7A. Market Risk 45"."""
    found = []
    for number, line in enumerate(page.lines):
        if match := _ENTRY.match(line.text.strip()):
            title, paged = _split_tail(match["title"])
            numbers = tuple(_numbers(match["number"]))
            found.append(ItemLine((page.index, line.chars[0]), numbers, None, title, paged, False, False, number))
    return tuple(found)


def _read(page: Page, number: int, line: Line) -> ItemLine | None:
    text = line.text.strip()
    if match := _PART.match(text):
        rest = match["rest"].strip()
        if not re.search(r"\bitem", rest, re.IGNORECASE) and not (rest[:1].isalpha() and rest[:1].islower()):
            title, paged = _split_tail(rest)
            mention = (bool(_UNFINISHED.search(rest)) and bool(rest)) or _goes_on(page, number)
            part = match["part"].replace(" ", "").upper()
            return ItemLine((page.index, line.chars[0]), (), part, title, paged, mention, True, number)
    match = _ITEM.match(text)
    if match is None or len(match["rest"]) > LONGEST_TITLE:
        return None
    numbers = tuple(_numbers(match["numbers"]))
    rest = match["rest"]
    if len(numbers) > 1 and not match["many"]:
        numbers, rest = numbers[:1], ""
    title, paged = _split_tail(rest)
    if title[:1].islower() or title[:1].isdigit():
        return None
    if not title:
        title = _title_below(page, number)
    elif not paged:
        title = whole_title(page, number, title)
    first = re.split(r"(?<=[a-z)])[.:]\s", title)[0]
    mention = rest.lstrip().startswith(",") or bool(_MENTION.search(first)) or _goes_on(page, number)
    return ItemLine((page.index, line.chars[0]), numbers, None, title, paged, mention, text[:4].isupper(), number)


def _numbers(text: str) -> Iterator[str]:
    for number in re.findall(rf"[1-9]\.\s?\d\d|{_NUMBER}", text, re.IGNORECASE):
        yield re.sub(r"[\s()]", "", number).upper()


def _split_tail(rest: str) -> tuple[str, bool]:
    """The title, and whether a page number ends the line."""
    tail = _PAGE_TAIL.search(rest)
    title = rest[: tail.start()] if tail else rest
    return " ".join(title.strip(_SEPARATORS).split()), tail is not None


def _title_below(page: Page, number: int) -> str:
    """The line below a number that stands alone, where it looks like a title."""
    below = page.lines[number + 1].text.strip() if number + 1 < len(page.lines) else ""
    if not below[:1].isupper() or len(below) > 160 or _ITEM.match(below) or _PART.match(below):
        return ""
    return " ".join(below.strip(_SEPARATORS).split())


def _goes_on(page: Page, number: int) -> bool:
    """Whether the line above breaks off in the middle of a sentence, so that this one goes on with it."""
    above = page.lines[number - 1].text.strip() if number else ""
    return bool(_UNFINISHED.search(above)) and len(above.split()) > 3
