"""How a printed label is spoken of in a question."""

from __future__ import annotations

import re
from collections.abc import Collection

from ingest.vocabulary import normalise_label

MOST_WORDS = 12
"""A label of more words is a sentence, and nobody asks with it."""
LONGEST_ACRONYM = 5
"""A label all in capitals with a longer word than this is typeset so, and no acronym."""
_MARKS = re.compile(r"\s*(?:\((?:\d{1,2}|[a-z])\)|\(\s*see\s+[^)]*\)|\(?\bnotes?\s+\d+[^)]*\)?|[*†‡§®™]|\s\d\)$)", re.I)
_OPENING = re.compile(r"^(?:less|plus|add|deduct|memo)\s*:\s*", re.I)
_AMOUNTS = re.compile(r"[,;]?\s*\(?(?:net\s+of|less|including|at\s+cost)[^()]*\$[^()]*\)?|\s*\([^()]*\$[^()]*\)", re.I)
_DATE = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|\b\d{1,2}/\d{1,2}\b")
_ENDS = re.compile(r"\bbeginning\b|^(?:end|ending|close)\s+of\b|^(?:\w+\s+)?ending\s+balance|^balances?\b", re.I)
_ACRONYM = re.compile(r"^[A-Z][a-z'’-]*$")


def spoken(label: str) -> str | None:
    """Return a label without footnote marks, amounts and "Less:"; None where nobody would ask with it.

    Labels with a year or a day in them ("Balance at December 31, 2022") name a time rather than a line; so do those of
    the beginning or the end of one.
    """
    text = _OPENING.sub("", _AMOUNTS.sub("", _MARKS.sub("", " ".join(label.split())))).strip(" :;,.–—-")
    letters = sum(character.isalpha() for character in text)
    if _ENDS.search(text):
        return None
    if letters < 3 or letters < len(text) / 2 or len(text.split()) > MOST_WORDS or _DATE.search(text):
        return None
    return text


def is_generic(label: str, generic: Collection[str]) -> bool:
    """Whether a label means something only under its heading: "Total", "Other", "Basic"."""
    return normalise_label(label) in {normalise_label(name) for name in generic}


def lowered(label: str) -> str:
    """Return a label as it stands inside a sentence: capitals only where a word is not a plain one (R&D, iPhone)."""
    words = label.split()
    if label.isupper() and max(map(len, words)) > LONGEST_ACRONYM:
        return label.lower()
    return " ".join(word.lower() if _ACRONYM.match(word) else word for word in words)


def content_words(text: str) -> frozenset[str]:
    """The words by which labels are told apart, in normal form and without endings of number."""
    return frozenset(re.sub(r"(?<=[a-z]{3})(?:ies|es|s)$", "", word) for word in normalise_label(text).split()) - _SMALL


_SMALL = frozenset(
    ("the", "of", "and", "&", "in", "on", "for", "to", "a", "an", "from", "by", "at", "net", "total", "other")
)
