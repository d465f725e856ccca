"""Finds the page number that is printed on each page."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

_NUMBER = re.compile(r"(?:page\s+)?[-–—\s]*((?:[A-Z]{1,2}-)?\d{1,4}|[ivxl]{1,7})[-–—.\s]*(?:of\s+\d+)?", re.IGNORECASE)
_SEPARATOR = re.compile(r"\s*[|•·]\s*|\s{2,}")
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50}
_LONGEST_FOOTER = 120
_NEIGHBOURS = (-3, -2, -1, 1, 2, 3)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A possible page number: its label, the series it counts in (``F-``, roman …), and where it was found."""

    label: str
    series: str
    number: int
    alone: bool
    last: bool


def page_labels(pages: list[list[str]]) -> list[str | None]:
    """Return the printed page number of each page, given the lines of each; None where none is found.

    A number counts if a page nearby carries one that differs by as much as the pages are apart, or if it
    stands alone on the last line.
    """
    candidates = [_candidates(lines) for lines in pages]
    keys = [{(c.series, c.number - index) for c in found} for index, found in enumerate(candidates)]
    votes = Counter(key for found in keys for key in found)
    labels: list[str | None] = []
    for index, found in enumerate(candidates):
        near = {key for step in _NEIGHBOURS if 0 <= index + step < len(keys) for key in keys[index + step]}
        agreed = [c for c in found if (c.series, c.number - index) in near]
        if agreed:
            best = max(agreed, key=lambda c: (votes[c.series, c.number - index], c.alone))
            labels.append(best.label)
        else:
            lone = [c for c in found if c.alone and c.last and c.series != "roman" and c.number < 1000]
            labels.append(lone[0].label if lone else None)
    return labels


def _candidates(lines: list[str]) -> list[_Candidate]:
    found: list[_Candidate] = []
    for position, line in [*enumerate(lines[:2]), *enumerate(lines[2:][-3:], start=2)]:
        if len(line) > _LONGEST_FOOTER:
            continue
        last = position == min(len(lines), 5) - 1
        words = line.split()
        parts = _SEPARATOR.split(line)
        for text in dict.fromkeys((line, parts[0], parts[-1], words[0], words[-1])):
            candidate = _read(text, alone=text == line, last=last)
            if candidate is not None:
                found.append(candidate)
    return found


def _read(text: str, *, alone: bool, last: bool) -> _Candidate | None:
    match = _NUMBER.fullmatch(text.strip())
    if match is None:
        return None
    label = match.group(1)
    prefix, _, digits = label.rpartition("-")
    if digits.isdigit():
        return _Candidate(label, prefix, int(digits), alone, last)
    if not label.islower():
        return None
    return _Candidate(label, "roman", _roman(label), alone, last)


def _roman(text: str) -> int:
    values = [_ROMAN[letter] for letter in text]
    pairs = zip(values, [*values[1:], 0], strict=True)
    return sum(-value if value < following else value for value, following in pairs)
