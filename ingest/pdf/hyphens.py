"""Words that are broken at the end of a printed line become whole, on the line where they begin."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from ingest.filing import Line, Page

_BROKEN = re.compile(r"(?<![^\s(“\"'/—–-])([A-Za-z]*[a-z])[-\u2010]$")
_REST = re.compile(r"^([a-z]+)(\S*)(?: |$)")
_COMPOUND = re.compile(r"[a-z]+(?:-[a-z]+)*")


def mend_hyphens(pages: Sequence[Page], single: Sequence[Sequence[bool]]) -> tuple[Page, ...]:
    """Return ``pages`` with broken words made whole; ``single`` tells which lines are one cell, as prose is.

    The hyphen goes where the filing prints the word without it elsewhere, and not more often with it; else it
    stays, for "long-" over "term" is "long-term". The rest of the word moves up, so that a page's text and its
    lines tell the same; the boxes of the lines stay.
    """
    broken = {page.index: _breaks(page, flags) for page, flags in zip(pages, single, strict=True)}
    if not any(broken.values()):
        return tuple(pages)
    words = Counter(word for page in pages for word in _COMPOUND.findall(page.text.lower()))
    return tuple(_mended(page, broken[page.index], words) if broken[page.index] else page for page in pages)


def _breaks(page: Page, single: Sequence[bool]) -> list[int]:
    """The numbers of the lines whose last word goes on below."""
    return [
        number
        for number, (line, below) in enumerate(zip(page.lines, page.lines[1:], strict=False))
        if line.text.endswith(("-", "\u2010"))
        and single[number]
        and single[number + 1]
        and _BROKEN.search(line.text)
        and _REST.match(below.text)
        and " " in below.text
    ]


def _mended(page: Page, breaks: Sequence[int], words: Counter[str]) -> Page:
    texts = [line.text for line in page.lines]
    for number in breaks:
        broken, rest = _BROKEN.search(texts[number]), _REST.match(texts[number + 1])
        if broken is None or rest is None:
            continue
        whole = _is_whole(broken[1].lower(), rest[1].lower(), words)
        head = texts[number][:-1] if whole else texts[number]
        texts[number] = head + rest[1] + rest[2]
        texts[number + 1] = texts[number + 1][rest.end() :]
    lines: list[Line] = []
    position = 0
    for line, text in zip(page.lines, texts, strict=True):
        lines.append(replace(line, text=text, chars=(position, position + len(text))))
        position += len(text) + 1
    return replace(page, text="\n".join(texts), lines=tuple(lines))


def _is_whole(left: str, right: str, words: Counter[str]) -> bool:
    """Whether the hyphen only broke the word."""
    return words[left + right] > words[f"{left}-{right}"]
