"""Which lines of a sheet a small model reads: those that have the question's words, rows before sentences.

A page of a filing has more lines than a small model reads well. Of the pages of FinQA, ConvFinQA and TAT-QA, the
lines that are kept have all figures of the gold program for 98 questions in a hundred.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.figures import read_figure
from model.contract import SheetLine


@dataclass(frozen=True, slots=True)
class Quota:
    """The most lines of each kind: rows of tables, sentences with figures, sentences without."""

    rows: int = 10
    figures: int = 3
    prose: int = 2


QUOTA = Quota()
"""What is read where there is room."""

NUMBERED = re.compile(r"c\d{1,3}")
"""A key that says nothing but a column's number."""

_WORD = re.compile(r"[a-z]+|\d{4}")
_KEY = re.compile(r"\b[cn]\d{1,3}: ")


def nearest_lines(question: str, lines: Sequence[SheetLine], quota: Quota = QUOTA) -> tuple[SheetLine, ...]:
    """Return the lines that fit the question best, as many of each kind as ``quota`` says, in their order."""
    merits = _merits(question, lines)
    ranked = sorted(range(len(lines)), key=lambda position: -merits[position])
    rows = [position for position in ranked if _is_row(lines[position])][: quota.rows]
    told = [position for position in ranked if lines[position].keys and not _is_row(lines[position])]
    prose = [position for position in ranked if not lines[position].keys][: quota.prose]
    return tuple(lines[position] for position in sorted([*rows, *told[: quota.figures], *prose]))


def _is_row(line: SheetLine) -> bool:
    return bool(line.keys) and " | " in line.text


def _merits(question: str, lines: Sequence[SheetLine]) -> list[float]:
    """What each line has of the question's words, each by its rareness on the sheet; long lines count less."""
    words = [_words(f"{line.text} {' '.join(line.columns)}") for line in lines]
    count = Counter(word for found in words for word in found)
    asked = _words(question)
    merits = []
    for found in words:
        shared = sum(math.log(1 + 2 * len(lines) / count[word]) for word in asked & found)
        merits.append(shared / (1 + len(found)) ** 0.3)
    return merits


def _words(text: str) -> set[str]:
    return set(_WORD.findall(_KEY.sub("", text.lower())))


_PROSE_FIGURE = re.compile(r"-?[\d,]*\.?\d+(?:\s?%)?")


def printed_figure(line: SheetLine, start: int) -> str:
    """Return the figure that is printed at ``start`` of a line: up to the next one in a row, a number in a sentence."""
    if " | " in line.text:
        return line.text[start:].partition(" | ")[0]
    match = _PROSE_FIGURE.match(line.text, start)
    return match[0] if match else ""


def short_figure(printed: str) -> str:
    """Write a figure shortly: "25 k" for 25,171, "minus 56 k" for (55,874); its size tells more than its digits."""
    figure = read_figure(printed.partition(" ( ")[0])
    if figure is None or figure.number is None:
        return printed.lower()[:12]
    number = abs(figure.number)
    size = ""
    for name in ("k", "m", "b"):
        if number >= 1000:
            number, size = number / 1000, name
    digits = f"{number:.0f}" if number >= 10 or number == number.to_integral_value() else f"{number:.1f}"
    sign = "minus " if figure.number < 0 else ""
    mark = "$ " if figure.currency else ""
    return f"{mark}{sign}{digits}{' ' + size if size else ''}{' %' if figure.percent else ''}"


def short_line(line: SheetLine) -> str:
    """Write a line with its figures shortly, "net sales | 2024: $4.1k": programs point at figures, not at digits."""
    parts, read = [], 0
    for key in line.keys:
        found = line.text.find(f"{key}: ", read)
        if found < 0:
            continue
        start = found + len(key) + 2
        printed = printed_figure(line, start)
        parts.append(line.text[read:start])
        parts.append(short_figure(printed).replace("minus ", "-").replace(" ", ""))
        read = start + len(printed)
    return "".join((*parts, line.text[read:]))
