"""Whose figures a table holds, where the lines above it say that they are not the whole company's as reported."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.filing import Page, Table
from ingest.registrant import plain_company

TITLE_LINES = 10
"""The titles of a table stand in at most so many lines above it."""
TITLE_LENGTH = 500
"""Characters that a title has at most."""
TITLE_WORDS = 14
"""A line with more words is prose."""
_FIGURES = re.compile(r"(?:\(?\$?\s?\d[\d,.]*\)?%?\s+){1,}\(?\$?\s?\d[\d,.]*\)?%?\s*$")
_YEARS = re.compile(r"(?:\s*\b(?:19|20)\d\d\b)+\s*$")
_OTHER_BASES = (
    (re.compile(r"\bpro[\s-]?forma\b", re.I), ("basis", "pro forma")),
    (
        re.compile(
            r"\bparent[\s-](?:company|only)\b|\bcondensed\s+financial\s+(?:information|statements)\s+of\s+(?:the\s+)?"
            r"(?:registrant|parent)\b",
            re.I,
        ),
        ("entity", "parent company"),
    ),
)


def entity_of(table: Table, pages: Sequence[Page], registrants: Sequence[str]) -> tuple[str, str] | None:
    """Return a dimension for a table of a co-registrant, of the parent alone, or on a pro forma basis.

    ``registrants`` are those of the filing, the one that stands for it first; its own tables have none. The
    title nearest to the table decides.
    """
    titles = list(_titles_above(table, pages))
    for title in titles:
        for pattern, dimension in _OTHER_BASES:
            if pattern.search(title):
                return dimension
        named = _named(title, registrants) if len(registrants) > 1 else []
        if named and registrants[0] not in named:
            return ("registrant", named[0])
        if named:
            # A schedule of the parent alone is headed by its name, and says so above or below it.
            return next((dim for title in titles for pattern, dim in _OTHER_BASES if pattern.search(title)), None)
    return None


def _named(title: str, registrants: Sequence[str]) -> list[str]:
    """The registrants that a title names; "Northfield Gas" does not name "Northfield" besides."""
    plain = {name: plain_company(name).lower() for name in registrants}
    named = [name for name in registrants if re.search(rf"\b{re.escape(plain[name])}\b", title, re.I)]
    return [name for name in named if not any(plain[name] in plain[other] for other in named if other != name)]


def _titles_above(table: Table, pages: Sequence[Page]) -> Iterator[str]:
    """The table's title and the short lines above its first row, nearest first, up to what is printed before it."""
    yield table.title
    first = next((row.span for row in table.rows if row.span.chars is not None), None)
    if first is None or first.chars is None:
        return
    above = [line.text for line in pages[first.page].lines if line.chars[1] <= first.chars[0]]
    for text in reversed(above[-TITLE_LINES:]):
        if (
            len(text) > TITLE_LENGTH
            or len(text.split()) > TITLE_WORDS
            or (_FIGURES.search(text) and not _YEARS.search(text))
        ):
            return
        yield text
