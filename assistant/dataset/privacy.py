"""What is screened out as personal: names of natural persons, addresses of mail, telephone and security numbers.

It catches who signs a filing or is named there with an office ("Jane Roe, Chief Executive Officer", "Mr. Roe"), and
numbers and addresses by their shape. A person who is named in a sentence without an office or a title is missed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ingest.filing import Page

_WORD = r"[A-Z][a-zà-ÿ’'-]+"
_NAME = rf"{_WORD}(?:\s+(?:[A-Z]\.|{_WORD}|de|van|von|der)){{0,2}}\s+(?:Mc|Mac|O['’]|De|Di)?{_WORD}"
_OFFICE = (
    r"(?:our\s+|the\s+)?(?:Co-|Interim\s+|Former\s+|former\s+|Executive\s+|Senior\s+)*"
    r"(?:Chief|President|Chair(?:man|woman|person)?\b|Director\b|"
    r"Vice\s+President|General\s+Counsel|Treasurer|Secretary|Controller|Principal\s+(?:Executive|Financial|Accounting))"
)
_SIGNED = re.compile(rf"/[sS]/\s*({_NAME})")
_IN_OFFICE = re.compile(rf"\b({_NAME}),?\s+(?:\(?\d\d\)?,?\s+)?(?:{_OFFICE})")
_SHAPES = {
    "an address of mail": re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+"),
    "a telephone number": re.compile(r"(?<![\d,.$])(?:\+?1[ .-])?(?:\(\d{3}\)\s?|\d{3}[ .-])\d{3}[.-]\d{4}(?![\d,.%])"),
    "a number like that of social security": re.compile(r"(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-])"),
    "a person by title": re.compile(
        rf"\b(?:Mr|Ms|Mrs|Dr|Messrs)\.?\s+[A-Z][a-z]+|\b{_NAME},?\s+(?:who\s+serves\s+as\s+)?(?:{_OFFICE})"
    ),
    "an agreement with a person": re.compile(
        r"\b(?:employment|separation|offer)\s+(?:agreement|arrangement|letter)", re.I
    ),
    "a signature": re.compile(r"/s/", re.I),
}
_COMMON = frozenset(
    ("Company", "Corporation", "Officer", "Board", "Inc", "Chief", "Executive", "Financial", "President", "Former")
)


_AFTER_NAME = frozenset(
    ("Date", "Dated", "Name", "Title", "By", "Chief", "Executive", "President", "Director", "Chairman")
)
"""What is printed after a signature, and is no part of it."""


def persons_in(pages: Iterable[Page]) -> frozenset[str]:
    """Return the names of those who sign a filing or are named there before their office."""
    found: set[str] = set()
    for page in pages:
        text = " ".join(page.text.split())
        names = [match[1] for pattern in (_SIGNED, _IN_OFFICE) for match in pattern.finditer(text)]
        kept = (" ".join(word for word in name.split() if word not in _AFTER_NAME) for name in names)
        found.update(name for name in kept if " " in name and not set(name.split()) & _COMMON)
    return frozenset(found)


def pattern_of(persons: Iterable[str]) -> re.Pattern[str] | None:
    """Return what finds any of the names, in any case; None for no names."""
    names = "|".join(re.escape(name) for name in sorted(persons))
    return re.compile(rf"\b(?:{names})\b", re.I) if names else None


def personal(texts: Iterable[str], persons: re.Pattern[str] | None) -> str | None:
    """Say what is personal in any of the texts; None where nothing of it is. ``persons`` finds names to look for."""
    whole = "\n".join(texts)
    for what, pattern in _SHAPES.items():
        if pattern.search(whole):
            return what
    return "a person of the filings" if persons is not None and persons.search(whole) else None
