"""Parts and items of 10-K, 10-Q, 8-K and 20-F filings: which lines begin them.

A filing names its items many times: in a table of contents, at the head of each page, in sentences. Those
that begin sections stand in the order of the form, and most of the text stands between them. So the items
are the chain of lines, in the order of the form, that weighs most.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ingest.filing import Page
from ingest.structure.item_lines import ItemLine
from ingest.structure.marks import Place

Key = tuple[int, int, str]
"""Part, number and letter of an item: (2, 1, "A") is Item 1A of Part II; a part itself has number 0."""

_ANNUAL = {
    "1": r"(?:description of )?(?:the )?business|general",
    "1A": r"risk factors",
    "1B": r"unresolved",
    "1C": r"cyber",
    "2": r"(?:description of )?propert",
    "3": r"legal",
    "4": r"mine safety|submission|\W?removed|\W?reserved|not applicable",
    "5": r"market",
    "6": r"selected|\W?reserved|\W?removed|consolidated selected",
    "7": r"management.{0,3}s? discussion|discussion|MD&A",
    "7A": r"quantitative|qualitative|market risk|disclosures? about",
    "8": r"(?:consolidated )?financial statements|index to",
    "9": r"changes? in|disagreements",
    "9A": r"controls|evaluation of",
    "9B": r"other",
    "9C": r"disclosures? regarding",
    "10": r"directors|executive officers|our directors",
    "11": r"executive compensation|director and executive",
    "12": r"security ownership|ownership",
    "13": r"certain relationships|relationships",
    "14": r"principal|exhibits?|controls",
    "15": r"exhibits?|financial statement|principal",
    "16": r"form 10|\W?summary|none",
}
_QUARTERLY = {
    (1, "1"): r"(?:consolidated |condensed |interim |unaudited )*financial statements|financial information",
    (1, "2"): r"management.{0,3}s? discussion|discussion|MD&A",
    (1, "3"): r"quantitative|market risk|qualitative",
    (1, "4"): r"controls|disclosure controls",
    (2, "1"): r"legal",
    (2, "1A"): r"risk factors",
    (2, "2"): r"unregistered|changes in|purchases?|issuer|repurchases?|share",
    (2, "3"): r"defaults?",
    (2, "4"): r"mine safety|submission|\W?removed|\W?reserved",
    (2, "5"): r"other",
    (2, "6"): r"exhibits?",
}
_PART_NUMBERS = {"I": 1, "II": 2, "III": 3, "IV": 4}
_ROMAN = {number: name for name, number in _PART_NUMBERS.items()}
_ENOUGH_TEXT = 2_000
KNOWN, OTHER, BLANK = 3.0, 1.0, 1.5
"""The weight of a line whose title is its item's own, is another, is missing."""
MENTION, PAGED = 2.5, 1.0
"""What is taken from the weight of a line that reads like a mention, or ends with a page number."""


@dataclass(frozen=True, slots=True)
class FoundItem:
    """An item or a part of the form, and the line that names it."""

    key: Key
    number: str
    line: ItemLine

    @property
    def place(self) -> Place:
        """Where its line begins."""
        return self.line.place


def best_chains(
    lines: Sequence[ItemLine], listed: Sequence[ItemLine], pages: Sequence[Page]
) -> tuple[str, tuple[FoundItem, ...], tuple[FoundItem, ...]]:
    """Return the family of forms that the lines fit best: ``10-K``, ``10-Q`` or ``8-K``, and their chains in it.

    ``listed`` are the entries of contents or an index, which have a chain of their own.
    """
    rooms = [_text_below(some, pages) for some in (lines, listed)]
    fits = []
    for family, reading in _FAMILIES.items():
        (weight, found), (other, entries) = (
            _chain(some, room, reading) for some, room in zip((lines, listed), rooms, strict=True)
        )
        fits.append((weight + other, family, found, entries))
    _, family, found, entries = max(fits, key=lambda fit: fit[0])
    return family, found, entries


def part_title(part: int) -> str:
    """The name of a part: ``Part II``."""
    return f"Part {_ROMAN[part]}"


Weighed = tuple[Key, float]
Reading = Callable[[str, ItemLine], Iterator[Weighed]]
"""Gives the places in the order of the form that a line may have for one of its numbers ("" for a part)."""


def _annual_keys(number: str, line: ItemLine) -> Iterator[Weighed]:
    if line.part is not None:
        yield (_PART_NUMBERS[line.part], 0, ""), OTHER
    elif "." not in number:
        base, letter = _split(number)
        part = 1 if base <= 4 else 2 if base <= 9 else 3 if base <= 14 else 4
        if 1 <= base <= 19:
            yield (part, base, letter), _weight(_ANNUAL.get(base_name(number), ""), line)


def _quarterly_keys(number: str, line: ItemLine) -> Iterator[Weighed]:
    if line.part is not None:
        if _PART_NUMBERS[line.part] <= 2:
            yield (_PART_NUMBERS[line.part], 0, ""), OTHER
        return
    for part in (1, 2):
        title = _QUARTERLY.get((part, base_name(number)))
        if title is not None:
            yield (part, *_split(number)), _weight(title, line)


def _current_keys(number: str, line: ItemLine) -> Iterator[Weighed]:
    whole, dot, rest = number.partition(".")
    if dot:
        yield (0, int(whole) * 100 + int(rest), ""), _weight("", line) + 1


_FAMILIES: dict[str, Reading] = {
    "10-K": _annual_keys,
    "10-Q": _quarterly_keys,
    "8-K": _current_keys,
}


def base_name(number: str) -> str:
    """The number without a trailing T, which marked temporary items: 9AT is 9A."""
    return number.removesuffix("T")


def _split(number: str) -> tuple[int, str]:
    match = re.match(r"\d+", number)
    digits = match[0] if match else "0"
    return int(digits), base_name(number[len(digits) :])


def _weight(title: str, line: ItemLine) -> float:
    """How much a line speaks for an item of this title; blanks may be missing in print, or stand inside words."""
    if not line.title:
        weight = BLANK
    elif title and re.match(title.replace(" ", ""), line.title.replace(" ", ""), re.IGNORECASE):
        weight = KNOWN
    else:
        weight = OTHER
    return weight - MENTION * line.mention - PAGED * line.paged + 0.2 * line.capitals


def _text_below(lines: Sequence[ItemLine], pages: Sequence[Page]) -> list[float]:
    """From 0 to 1 for each line: how much text there is before another item is named."""
    begins = {}
    total = 0
    for page in pages:
        begins[page.index] = total
        total += len(page.text)
    at = [begins[line.place[0]] + line.place[1] for line in lines]
    room = []
    for i, line in enumerate(lines):
        later = next((at[k] for k in range(i + 1, len(lines)) if lines[k].numbers != line.numbers), total)
        room.append(min((later - at[i]) / _ENOUGH_TEXT, 1.0))
    return room


def _chain(lines: Sequence[ItemLine], room: Sequence[float], reading: Reading) -> tuple[float, tuple[FoundItem, ...]]:
    """The heaviest run of lines whose keys go up; of equal ones that which begins earlier.

    The keys of a form are few, so the heaviest run that ends with each of them is kept.
    """
    best: dict[Key, tuple[float, tuple[FoundItem, ...]]] = {}
    for line, text in zip(lines, room, strict=True):
        for number in line.numbers or ("",):
            runs = []
            for key, weight in reading(number, line):
                if weight > 0:
                    below = (run for other, run in best.items() if other < key)
                    before = max(below, key=lambda run: run[0], default=(0.0, ()))
                    runs.append((key, (before[0] + weight + text, (*before[1], FoundItem(key, number, line)))))
            for key, run in runs:
                if key not in best or run[0] > best[key][0] + 1e-9:
                    best[key] = run
    return max(best.values(), key=lambda run: run[0], default=(0.0, ()))
