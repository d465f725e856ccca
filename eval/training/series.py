"""Figures of one thing at several times that do not stand in a row with a column for each year.

FinQA asks as often of them: sentences that give figures "in 2014, 2013 and 2012, respectively", and tables whose
years stand at the side ("december 31 2013 | 21,114"), with what falls due in each of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from model.contract import SheetLine
from model.program import Pointer

MOST_WORDS = 12
"""Of a name: more is a clause."""

_MONTH = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december)"
    r"(?:\s+(?:a0)?\d{1,2}\b)?(?:\s*,)?"
)
_YEAR = re.compile(r"(?<![\d.,$])(?:19|20)\d\d(?![\d,]|\.\d)")
_A_YEAR = rf"(?:{_MONTH}\s*)?(?:19|20)\d\d"
_NEXT = r"\s*(?:,\s*and\b|,|\band\b)\s*"
_YEARS = re.compile(
    rf"(?:\b(?:in|for|during|at|as of|through)\s+)?(?:(?:the\s+)?(?:fiscal\s+)?(?:years?\s+)?(?:ended|ending)?\s*)?"
    rf"(?P<run>{_A_YEAR}(?:{_NEXT}{_A_YEAR})*)",
    re.IGNORECASE,
)
_FIGURE = (
    r"(?:[$€£]\s*)?(?P<{0}>n\d+): \(?-?[\d.,]*\d\)?\s?%?(?:\s*\(\s*n\d+: [\d.]+\s?%\s*\))?(?:\s*(?:a0)?"
    r"(?:million|billion|thousand|percent))?"
)
_FIGURES = re.compile(rf"{_FIGURE.replace('?P<{0}>', '')}(?:{_NEXT}{_FIGURE.replace('?P<{0}>', '')})*", re.IGNORECASE)
_KEY = re.compile(r"(?<!\( )\b(n\d+): ")
_WORDS = r"(?P<what>[a-z][a-z0-9 '’&/()-]{4,90}?)"
_IS = re.compile(
    rf"(?:^|[,;.] ){_WORDS},? (?:was|were|is|are|totaled|totalled|amounted to|aggregated|averaged)"
    r"(?: approximately| about)?\s*$",
    re.IGNORECASE,
)
_HAD = re.compile(
    r"\b(?:recorded|recognized|incurred|had|paid|reported|received|made|contributed)(?: approximately| about)? "
    rf"{_WORDS} (?:of|totaling)(?: approximately| about)?\s*$",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"^(?:\( ?\w ?\) )?(?:(?:the company|our|its|the|we|and|approximately)(?: 2019s|'s|’s)? )+", re.IGNORECASE
)
_NO_NAME = re.compile(
    r"\b(?:which|that|it|they|there|this|these|those|who|is|are|was|were|has|have|result|respectively|be|been|compared|than)\b|\bn\d|\d",
    re.IGNORECASE,
)
_NO_SUBJECT = frozenset(("amount", "total", "total amount", "payments", "total payments"))
_NO_START = re.compile(r"(?:and|including|excluding)\b|net of\b|based\b|\w+(?:ing|ated|uded) (?:the|with|in|to|of)\b")
_TIME = re.compile(
    rf"\b(?:{_MONTH}|(?:as of|at|in|for|the|years?|ended|ending|fiscal|balances?|and)\b|(?:19|20)\d\d)", re.IGNORECASE
)
_UNIT = re.compile(r"\(.*?\)|\$|\bin (?:millions|thousands)\b", re.IGNORECASE)
_LATER = re.compile(r"^(?:there ?after|after|later|and there ?after|beyond)\b|\bthere ?after\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Series:
    """Figures by year; ``whole`` is what they add up to where they are what falls due of ``name`` in each year."""

    name: str
    figures: tuple[tuple[str, Pointer], ...]
    whole: Pointer | None = None


def find_series(lines: Sequence[SheetLine]) -> list[Series]:
    """Return the series of a page, those of sentences first."""
    told = [series for line in lines if line.keys and " | " not in line.text for series in _of_sentence(line)]
    return [*told, *_of_rows([line for line in lines if line.keys and " | " in line.text])]


def _of_sentence(line: SheetLine) -> Iterator[Series]:
    """The series of a sentence with one run of figures and one of as many years."""
    years = [found for found in _YEARS.finditer(line.text) if not line.text[: found.start("run")].endswith(": ")]
    runs = list(_FIGURES.finditer(line.text))
    if len(years) != 1 or len(runs) != 1 or re.search(r"\b(?:than|by|compared)\b", line.text[runs[0].start() - 4 :]):
        return
    keys, times = _KEY.findall(runs[0][0]), _YEAR.findall(years[0]["run"])
    if len(keys) != len(times) or len(set(times)) != len(times) or (len(keys) > 1 and "respectively" not in line.text):
        return
    if not all(key in line.keys for key in keys):
        return
    name = _name_before(line.text, years[0], runs[0])
    if name:
        yield Series(name, tuple((time, Pointer(line.id, key)) for time, key in zip(times, keys, strict=True)))


def _name_before(text: str, years: re.Match[str], figures: re.Match[str]) -> str:
    """What the figures are of: the words before them, less the years."""
    head = text[: figures.start()]
    if years.start() < figures.start():
        head = f"{text[: years.start()]} {text[years.end() : figures.start()]}"
    head = re.sub(r"\s+", " ", head).strip(" $,")
    match = _IS.search(head) or _HAD.search(head)
    return _clean(match["what"]) if match else ""


def _clean(words: str) -> str:
    name = re.sub(r"^(?:an?|the) ", "", _LEAD.sub("", words.lower().strip(" ,")).strip(" ,"))
    if _NO_START.match(words.lower().strip()) or _NO_NAME.search(name) or not 2 <= len(name.split()) <= MOST_WORDS:
        return ""
    return name


def _of_rows(rows: Sequence[SheetLine]) -> Iterator[Series]:
    """The series of a table with years at its side, one for each column, and for each name beside the years."""
    found: dict[tuple[str, str], dict[str, Pointer]] = {}
    headings: dict[str, str] = {}
    for line in rows:
        label = line.text.partition(" | ")[0].rpartition(" > ")[2].lower()
        years = _YEAR.findall(label)
        beside = " ".join(_TIME.sub(" ", label).split()).strip(" ,-–")
        if len(years) != 1 or re.search(r"\d", beside):
            continue
        for key, heading in zip(line.keys, line.columns or ("",) * len(line.keys), strict=True):
            if re.fullmatch(r"c\d+", key) and not re.search(rf"\b{key}: [$ ]*(?:[-–—]|201[34])? *(?:\||$)", line.text):
                found.setdefault((beside, key), {}).setdefault(years[0], Pointer(line.id, key))
                headings[key] = " ".join(_UNIT.sub(" ", heading.lower()).split())
    for (beside, key), figures in found.items():
        if len(figures) < 2 or re.search(r"\d", headings[key]):
            continue
        ordered = tuple(sorted(figures.items()))
        whole = _whole(rows, key, headings[key]) if not beside else None
        name = headings[key] if beside in headings[key] else f"{beside} {headings[key]}".strip()
        if whole is not None:
            yield Series(whole[0], ordered, whole[1])
        elif name not in _NO_SUBJECT and len(name) > 4 and len(name.split()) <= MOST_WORDS:
            yield Series(name, ordered)


def _whole(rows: Sequence[SheetLine], key: str, heading: str) -> tuple[str, Pointer] | None:
    """What falls due in years and thereafter: the name and the place of the total under them."""
    labels = [line.text.partition(" | ")[0].lower() for line in rows]
    after = next((place for place, label in enumerate(labels) if _LATER.search(label)), None)
    if after is None:
        return None
    for line, label in zip(rows[after + 1 : after + 3], labels[after + 1 :], strict=False):
        name = " ".join(_UNIT.sub(" ", label).split())
        if key in line.keys and ("total" in name or "payments" in name) and not re.search(r"\d", name):
            full = f"{name} {heading}" if name == "total" else name
            return (full, Pointer(line.id, key)) if len(full.split()) > 1 else None
    return None
