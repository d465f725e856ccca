"""The headings of a document that has no items: its bookmarks, else its table of contents, else lines that look so."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise

from ingest.filing import Page
from ingest.statements import statement_of
from ingest.structure.contents import PrintedNumbers, page_ranges
from ingest.structure.marks import Mark, line_of_title

HEADING = 1
"""Level of the outermost headings; statements and notes are level 2."""
DEEPEST = 3
FEWEST = 5
"""A table of contents has at least this many entries, on one of the first pages."""
CONTENTS_PAGES = 12
LONGEST = 300
"""Characters that a heading has at most."""
WORDS = 12
"""A heading has no more words than this, and the paragraph below it begins with a longer line."""
REPEATED = 3
"""A line that heads so many pages is a running head."""
MOST_HEADINGS = 2_000
"""No document has more; further ones are not looked at."""

_FILE_NAME = re.compile(r"\.(?:pdf|docx?|html?|indd|xlsx?)\b", re.IGNORECASE)
_ENDED = re.compile(r"[.?!:)”\"]$")
_FIGURES = re.compile(r"\d[\d,]*(?:\.\d+)?%|\d\.\d|\d,\d{3}|\d\S*\s+\S*\d")
_NO_HEADING = re.compile(
    r"[.,;:?!]$|^\W*$|\b(?:ended|unaudited|millions|thousands|continued)\b|\s\d+$|\$", re.IGNORECASE
)


def heading_marks(pages: Sequence[Page], outline: Sequence[tuple[int, str, int]]) -> list[Mark]:
    """Return the marks of the headings that the document's bookmarks, contents or lines tell, in order."""
    ways = (_from_bookmarks(pages, outline), _from_contents(pages), _from_lines(pages))
    found = (list(islice(way, MOST_HEADINGS)) for way in ways)
    return next((marks for marks in found if marks), [])


def _from_bookmarks(pages: Sequence[Page], outline: Sequence[tuple[int, str, int]]) -> Iterator[Mark]:
    """A bookmark begins at the line that prints its title, or with its page; file names and lone roots are left out."""
    by_index = {page.index: page for page in pages}
    named = [(level, " ".join(title.split()), page) for level, title, page in outline if page in by_index]
    named = [entry for entry in named if re.search(r"[A-Za-z]{3}", entry[1]) and not _FILE_NAME.search(entry[1])]
    if len(named) < 2:
        return
    lowest = min(level for level, _, _ in named)
    if sum(level == lowest for level, _, _ in named) == 1:
        lowest += 1
    for level, title, page in named:
        if level >= lowest and statement_of([title]) is None:
            place = (page, line_of_title(by_index[page], title))
            yield Mark(place, min(HEADING + level - lowest, DEEPEST), "heading", None, title)


def _from_contents(pages: Sequence[Page]) -> Iterator[Mark]:
    """The entries of a table of contents, at the pages that they send to."""
    for page in pages[:CONTENTS_PAGES]:
        entries = [(line.text.strip(), page_ranges(line.text)) for line in page.lines]
        listed = [(_title(text), ranges[0][0]) for text, ranges in entries if len(ranges) == 1 and _title(text)]
        numbers = [int(number) for _, number in listed if number.isdigit()]
        if len(numbers) < FEWEST or 2 * len(numbers) < len(page.lines) or any(a > b for a, b in pairwise(numbers)):
            continue
        by_index, find = {other.index: other for other in pages}, PrintedNumbers(pages)
        for title, number in listed:
            index = find(number)
            if index is not None and index > page.index and statement_of([title]) is None:
                yield Mark((index, line_of_title(by_index[index], title)), HEADING, "heading", None, title)
        return


def _title(entry: str) -> str:
    """The words of an entry, without dots and page number."""
    title = re.sub(r"[\s.…]*\b(?:pages?\s*)?\d{1,3}\s*$", "", entry, flags=re.IGNORECASE).strip(" .…")
    return title if re.search(r"[A-Za-z]{3}", title) and not re.search(r"\d{2}", title) else ""


def _from_lines(pages: Sequence[Page]) -> Iterator[Mark]:
    """Short capitalised lines between the end of one paragraph and the beginning of the next."""
    seen = Counter(text for page in pages for text in {line.text.strip() for line in page.lines})
    for page in pages:
        lines = [line.text.strip() for line in page.lines]
        for at, text in enumerate(lines[:-1]):
            above = lines[at - 1] if at else ""
            if seen[text] < REPEATED and _is_heading(text, above, lines[at + 1]) and statement_of([text]) is None:
                title = " ".join(text.split())
                yield Mark((page.index, page.lines[at].chars[0]), HEADING, "heading", None, title)


def _is_heading(text: str, above: str, below: str) -> bool:
    words = text.split()
    if (
        not 1 <= len(words) <= WORDS
        or not 4 <= len(text) <= LONGEST
        or _NO_HEADING.search(text)
        or _FIGURES.search(text)
        or not words[0][:1].isupper()
    ):
        return False
    long = [word for word in words if len(word) > 3 and word[0].isalpha()]
    capitalised = bool(long) and all(word[0].isupper() for word in long)
    begins = len(below.split()) >= WORDS and (below[0].isupper() or not below[0].isalpha())
    ended = not above or bool(_ENDED.search(above)) or len(above.split()) <= WORDS // 2
    return capitalised and begins and ended
