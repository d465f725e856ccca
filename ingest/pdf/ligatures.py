"""Ligatures that a font draws without saying what they are, told from the words that they stand in."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib.resources import files
from itertools import product

UNKNOWN = "\ufffd"
"""Stands for a character whose font does not say which it is."""
LIGATURES = ("fi", "fl", "ff", "ffi", "ffl")
MOST = 2
"""A word with more unknown characters than this is left alone."""

_EDGES = re.compile(r"^(?P<before>[^\w\ufffd]*)(?P<core>.*?)(?P<after>[^\w\ufffd]*)$", re.DOTALL)


@lru_cache(maxsize=1 << 12)
def restore(word: str) -> str:
    """Return ``word`` with the ligatures for its unknown characters that make it English words, else as it is.

    "O\ufffdcer" becomes "Officer". Parts joined by hyphens are looked at one by one. Where no ligature makes a word
    that is known, or several do, the word keeps its unknown characters: a guess would be a misquotation.
    """
    if UNKNOWN not in word:
        return word
    match = _EDGES.match(word)
    if match is None:
        return word
    parts = [_restored(part) for part in re.split(r"([-/’'])", match["core"])]
    return f"{match['before']}{''.join(parts)}{match['after']}"


def _restored(part: str) -> str:
    count = part.count(UNKNOWN)
    if not 0 < count <= MOST:
        return part
    pieces = part.split(UNKNOWN)
    found = []
    for fills in product(LIGATURES, repeat=count):
        candidate = pieces[0] + "".join(fill + piece for fill, piece in zip(fills, pieces[1:], strict=True))
        if candidate.lower() in _words():
            found.append(candidate)
    if len(found) != 1:
        return part
    return found[0]


@cache
def _words() -> frozenset[str]:
    text = (files("ingest.pdf") / "ligatures.txt").read_text(encoding="utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())
