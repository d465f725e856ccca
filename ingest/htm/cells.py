"""Joins what belongs to one number but stands in cells of its own: currency signs, parentheses, percent signs."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from ingest.htm.fragment import Fragment, joined

_CURRENCY = r"(?:(?:US|CA|AU|HK|NT|NZ|C|A|R|S)?[$€£¥₹₩₪]|USD|EUR|GBP|JPY|CNY|RMB|CHF|CAD|Rs\.?)"
# No blanks between digits: "100 200" may as well be two numbers under each other.
_DIGITS = r"(?:\d(?:[\d.,]*\d)?|\.\d+)"
_UNIT = r"(?:%|x|bps|pts|pp|¢)"
_NUMBER = re.compile(
    rf"[-–—−+]?\s*\(?\s*[-–—−+]?\s*{_CURRENCY}?\s*[-–—−+]?\s*\(?\s*{_DIGITS}\s*{_UNIT}?\s*\)?\s*{_UNIT}?"
)
_DASH = re.compile(rf"{_CURRENCY}?\s*[-–—−―]+\s*%?")
_PREFIX = re.compile(rf"[-–−+]?\s*(?:\(\s*)?{_CURRENCY}\s*\(?|\(")
_SUFFIX = re.compile(rf"\)\s*{_UNIT}?|{_UNIT}\s*\)?")
_NOTE_TAIL = re.compile(r"(?:\s+\((?:\d{1,2}|[a-z])\)|\s*[*†‡§]+)+$")
_NOTE_ENDS = (")", *"*†‡§")
_YEAR = re.compile(r"(?:19|20)\d\d")
_LONGEST_NUMBER = 40
_LONE_NOTE = re.compile(r"\((?:\d{1,2}|[a-z])\)|[*†‡§]+")


@dataclass(frozen=True, slots=True)
class Slot:
    """A non-empty cell on the grid of its table, columns ``x0`` (inclusive) to ``x1`` (exclusive)."""

    x0: int
    x1: int
    fragment: Fragment
    element: str | None = None
    tagged_text: bool = False
    indent: float = 0.0
    links: bool = False

    @property
    def text(self) -> str:
        """The printed text."""
        return self.fragment.text


@lru_cache(maxsize=1 << 14)
def is_number(text: str) -> bool:
    """Whether a cell prints a number with digits: ``$1,577``, ``(12.3)%``, ``2024``."""
    return len(text) <= _LONGEST_NUMBER and _NUMBER.fullmatch(text) is not None


@lru_cache(maxsize=1 << 14)
def is_value(text: str) -> bool:
    """Whether a cell prints a number or a dash that stands for zero."""
    return is_number(text) or (len(text) <= _LONGEST_NUMBER and _DASH.fullmatch(text) is not None)


def is_lone_note(text: str) -> bool:
    """Whether a cell holds nothing but what may be a footnote mark. ``(1)`` may be minus one as well."""
    return _LONE_NOTE.fullmatch(text) is not None


def is_suffix(text: str) -> bool:
    """Whether a cell holds only what closes a number: ``)``, ``%``, ``)%``."""
    return _SUFFIX.fullmatch(text) is not None


def strip_notes(slot: Slot) -> Slot:
    """Return the slot without footnote marks, raised ones or ones behind a number or a label."""
    fragment = slot.fragment.without_notes()
    text = fragment.text
    # "$ (5)" is a negative number, "5 (1)" a number with a footnote.
    noted = text.endswith(_NOTE_ENDS) and not is_number(text)
    tail = _NOTE_TAIL.search(text, len(text) - _LONGEST_NUMBER) if noted else None
    if tail and tail.start() > 0 and not any(end > tail.start() for _, _, end in fragment.marks):
        fragment = fragment.cut((tail.span(),))
    return slot if fragment is slot.fragment else replace(slot, fragment=fragment)


def join_numbers(slots: list[Slot]) -> list[Slot]:
    """Join signs onto their numbers in one row; ``$`` ``1,577`` becomes ``$1,577`` over both columns."""
    result: list[Slot] = []
    waiting: Slot | None = None
    for slot in slots:
        if waiting is not None:
            if is_value(slot.text) and slot.x0 - waiting.x1 <= 2:
                slot = _merge(waiting, slot)
            else:
                result.append(waiting)
            waiting = None
        if _PREFIX.fullmatch(slot.text):
            waiting = slot
        elif result and is_suffix(slot.text) and _takes_suffix(result[-1], slot):
            result[-1] = _merge(result[-1], slot)
        else:
            result.append(slot)
    if waiting is not None:
        result.append(waiting)
    return [_compact(slot) for slot in result]


def _takes_suffix(number: Slot, sign: Slot) -> bool:
    gap = sign.x0 - number.x1
    # "2023" beside "%" may be two column heads rather than one number.
    if gap and _YEAR.fullmatch(number.text):
        return False
    return gap <= 1 and is_value(number.text)


def _merge(left: Slot, right: Slot) -> Slot:
    number = right if is_value(right.text) else left
    fragment = joined([left.fragment, right.fragment], "")
    return replace(number, x0=left.x0, x1=right.x1, fragment=fragment)


def _compact(slot: Slot) -> Slot:
    """Blanks inside of a number mean nothing: ``$ 1,577`` is ``$1,577``."""
    if " " not in slot.text or not is_value(slot.text):
        return slot
    blanks = tuple((i, i + 1) for i, character in enumerate(slot.text) if character == " ")
    return replace(slot, fragment=slot.fragment.cut(blanks))
