"""The notes to the financial statements: which lines begin them.

A note is named as "Note 7 – Debt", "NOTE B. DEBT" or, below the heading "Notes to Consolidated Financial
Statements", as "7. Debt" or "(7) Debt". A filing keeps to one of these ways, and the notes are numbered
without gaps: they are the longest run of such lines whose numbers go up by one.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ingest.filing import Line, Page
from ingest.structure.marks import Mark, Place, whole_title

NOTE = 2
"""Level of a note's mark."""
SKIPPED = 1.5
"""What is taken from the weight of a run for each number that it leaves out."""
LONGEST_TITLE = 170
MOST_LINES = 3_000
"""No filing has more lines that look like notes; further ones are not looked at."""
LISTED = 3
"""A page on which so many notes have a page number lists them."""

_SEPARATOR = r"\s*[.:)\]—–‑−-]+\s*|\s+"
_NAMED = re.compile(rf"^\W{{0,3}}n\s?o\s?t\s?e\s+(\d{{1,2}}|[A-Z])(?![A-Za-z\d])(?:{_SEPARATOR}|$)(.*)$", re.IGNORECASE)
_NUMBERED = re.compile(r"^(\d{1,2})(?:\s*[.:—–-]+\s*|\s{2,})(?=[A-Z]|\d{3}\([a-z]\))(.*)$")
_BRACKETED = re.compile(r"^\((\d{1,2})\)\s*(?=[A-Z]|\d{3}\([a-z]\))(.*)$")
_HEADING = re.compile(r"^[a-z]{0,60}?notesto(?:the)?[a-z]{0,40}?financial(?:statements?|information)(?:unaudited)?$")
_REFERENCE = re.compile(r"\b(?:see|refer|accompanying|integral|with|in)\b", re.IGNORECASE)
_NO_LETTERS = re.compile(r"[^a-z]")
_CONTINUED = re.compile(r"\(?\bcont(?:inued|[’']?d)\b\.?\)?", re.IGNORECASE)
_PAGE_TAIL = re.compile(r"(?:[\s.]{2,}|\s)(?:F-)?\d{1,3}$")
_UNFINISHED = re.compile(
    r"(?:[,(;]|\b(?:in|of|and|or|see|to|the|with|our|by|for|from|on|at|this|that|refer|note|notes|item))$", re.I
)
_SENTENCE = re.compile(r"[a-z\d)]\.\s+[A-Z]|\b(?:is|are|was|were|has|have|includes?|represents?|relates?)\b")


@dataclass(frozen=True, slots=True)
class _NoteLine:
    place: Place
    style: str
    number: int
    printed: str
    title: str
    weight: float


def note_marks(pages: Sequence[Page], items: Iterable[Place] = ()) -> list[Mark]:
    """Return the marks of the notes, in order; none where fewer than two are numbered in a row.

    ``items`` are the places where items begin: the notes all stand in one.
    """
    borders = sorted(items)
    groups: dict[tuple[str, int], list[_NoteLine]] = {}
    for line in _note_lines(pages):
        groups.setdefault((line.style, bisect_right(borders, line.place)), []).append(line)
    runs = (_longest_run(lines) for lines in groups.values())
    best = max(runs, key=lambda run: run[0], default=(0.0, ()))[1]
    return [_mark(line) for line in best] if len(best) > 1 else []


def heads_notes(text: str) -> bool:
    """Whether a line is the heading of the notes; blanks may stand inside its words."""
    return _HEADING.match(_NO_LETTERS.sub("", text.lower())) is not None and not _REFERENCE.search(text)


def _mark(line: _NoteLine) -> Mark:
    name = f"Note {line.printed}"
    return Mark(line.place, NOTE, "note", line.printed, f"{name}. {line.title}" if line.title else name)


def _note_lines(pages: Sequence[Page]) -> Iterator[_NoteLine]:
    begun = False
    count = 0
    for page in pages:
        listed = _listed(page)
        for at, line in enumerate(page.lines):
            text = line.text.strip()
            begun = begun or heads_notes(text)
            read = _read(page, at, line, text, begun)
            if read is None or (listed and _PAGE_TAIL.search(text)):
                continue
            yield read
            count += 1
            if count == MOST_LINES:
                return


def _listed(page: Page) -> bool:
    """Whether the page lists notes with their pages, as a table of contents does."""
    paged = [line for line in page.lines if _NAMED.match(line.text.strip()) and _PAGE_TAIL.search(line.text.strip())]
    return len(paged) >= LISTED


def _read(page: Page, at: int, line: Line, text: str, begun: bool) -> _NoteLine | None:
    for style, pattern in (("named", _NAMED), ("numbered", _NUMBERED), ("bracketed", _BRACKETED)):
        match = pattern.match(text)
        if match is None or (style != "named" and not begun):
            continue
        printed = match[1].upper()
        number = int(printed) if printed.isdigit() else ord(printed) - ord("A") + 1
        title = match[2].strip(" \t.:;—–‑−-")
        if _CONTINUED.search(title) or title[:1].islower() or len(title) > LONGEST_TITLE:
            return None
        if title:
            title = whole_title(page, at, title)
        elif style == "named":
            title = _title_below(page, at)
        weight = _weight(title, style)
        above = page.lines[at - 1].text.strip() if at else ""
        if _UNFINISHED.search(above) and len(above.split()) > 3:
            weight -= 1.5
        if number == 0 or weight <= 0:
            return None
        return _NoteLine((page.index, line.chars[0]), style, number, printed, " ".join(title.split()), weight)
    return None


def _title_below(page: Page, at: int) -> str:
    below = page.lines[at + 1].text.strip() if at + 1 < len(page.lines) else ""
    return below.strip(" .:—–-") if below[:1].isupper() and len(below) <= LONGEST_TITLE // 2 else ""


def _weight(title: str, style: str) -> float:
    """Titles are in capitals or capitalised; a sentence is no title."""
    words = re.findall(r"[A-Za-z][\w’'-]*", title)
    long = [word for word in words if len(word) > 3]
    if not words:
        return 1.0 if style == "named" else 0.0
    capital = sum(word[0].isupper() for word in long) / len(long) if long else 1.0
    weight = 1.0 + 0.6 * (capital > 0.7) - 1.2 * bool(_SENTENCE.search(title)) - 0.5 * title.endswith((",", ";"))
    return weight - 0.5 * (len(words) > 14)


def _longest_run(lines: Sequence[_NoteLine]) -> tuple[float, tuple[_NoteLine, ...]]:
    """The heaviest run of lines whose numbers go up, with a price for each that is left out; the earliest of equals."""
    best: dict[int, tuple[float, tuple[_NoteLine, ...]]] = {}
    for line in lines:
        before = max(
            (
                (run[0] - SKIPPED * (line.number - number - 1), run[1])
                for number, run in best.items()
                if number < line.number
            ),
            key=lambda run: run[0],
            default=(0.0, ()),
        )
        fresh = -SKIPPED * (line.number - 1)
        weight, chain = before if before[0] > fresh else (fresh, ())
        if line.number not in best or weight + line.weight > best[line.number][0] + 1e-9:
            best[line.number] = (weight + line.weight, (*chain, line))
    return max(best.values(), key=lambda run: run[0], default=(0.0, ()))
