"""The sentences of a filing's prose, each with its place; all of them, those of some pages, or those of a section."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from ingest.errors import UsageError
from ingest.filing import Filing, Passage, Section, Span

FEWEST_WORDS = 5
"""Anything shorter is a heading, a list's bullet or a rest of a line."""
LONGEST = 2_000
"""A longer "sentence" is text without full stops; it is left out, for nothing can be said of it as a whole."""
LISTED = 12
"""So many sections are named where one that was asked for is not there."""
_END = re.compile(
    r"(?<=[.!?])(?<!\b[A-Z]\.)(?<!\b(?:vs|No|Mr|Ms|Dr|St|Co)\.)(?<!\b(?:Inc|Ltd|Mrs|Jan|Feb|Mar|Apr|Aug|Oct|Nov|Dec)\.)"
    r"(?<!\b(?:Corp|Sept)\.)[\"”’)]*\s+(?=[A-Z“\"(•])"
)
_NAME = re.compile(r"(?:(?P<kind>item|note|part|exhibit)\s+)?(?P<number>[0-9]{1,3}[a-z]?|[ivx]{1,4})\W*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as it is printed, its lines joined; ``section`` is the title that it stands under, if any."""

    text: str
    span: Span
    section: str | None


def split_sentences(text: str) -> Iterator[tuple[str, int]]:
    """Yield the sentences of a text with the character at which each begins; abbreviations of names end none."""
    start = 0
    for end in [*(match.end() for match in _END.finditer(text)), len(text)]:
        part = text[start:end]
        if part.strip():
            yield part.strip(), start + len(part) - len(part.lstrip())
        start = end


def filing_sentences(
    filing: Filing, section: Section | None = None, pages: Collection[int] | None = None
) -> Iterator[Sentence]:
    """Yield the sentences of a filing's prose in order, of a section and of page indexes where these are given."""
    return prose_sentences(filing.passages, section, pages)


def prose_sentences(
    passages: Iterable[Passage], section: Section | None = None, pages: Collection[int] | None = None
) -> Iterator[Sentence]:
    """Yield the sentences of the prose among passages, as ``filing_sentences`` does."""
    wanted = None if pages is None else frozenset(pages)
    for passage in passages:
        if passage.kind != "prose" or (wanted is not None and passage.span.page not in wanted):
            continue
        for sentence in _of_passage(passage):
            first = sentence.span.chars[0] if sentence.span.chars else 0
            if section is None or section.holds(sentence.span.page, first):
                yield sentence


def find_section(sections: Sequence[Section], name: str, source: str) -> Section:
    """Return the first section that goes by a name: ``Item 7``, ``Part II, Item 1``, ``Note 12``, words of its title.

    Raises UsageError, naming the ``source`` and some that it has, where none does.
    """
    part, comma, rest = name.partition(",")
    if comma and _NAME.fullmatch(part.strip()):
        return _find(source, find_section(sections, part, source).children, rest)
    return _find(source, sections, name)


def _find(source: str, among: Iterable[Section], name: str) -> Section:
    sections = list(walk_sections(among))
    asked = _NAME.fullmatch(name.strip())
    for section in sections:
        if asked is None:
            if " ".join(name.lower().split()) in " ".join(section.title.lower().split()):
                return section
        elif (section.number or "").lower() == asked["number"].lower() and (
            asked["kind"] is None or section.kind == asked["kind"].lower()
        ):
            return section
    titles = "; ".join(section.title[:60] for section in sections[:LISTED])
    raise UsageError(f"{source} has no section {name[:60]!r}: it has {titles or 'none that was recognised'}")


def _of_passage(passage: Passage) -> Iterator[Sentence]:
    start = passage.span.chars[0] if passage.span.chars else None
    for text, offset in split_sentences(passage.text):
        if len(text) > LONGEST or sum(word[:1].isalpha() for word in text.split()) < FEWEST_WORDS:
            continue
        chars = None if start is None else (start + offset, start + offset + len(text))
        span = Span(passage.span.page, passage.span.page_label, passage.span.box, passage.span.element, chars)
        yield Sentence(" ".join(text.split()), span, passage.section)


def walk_sections(sections: Iterable[Section]) -> Iterator[Section]:
    """Yield sections with all that they hold, in order."""
    for section in sections:
        yield section
        yield from walk_sections(section.children)
