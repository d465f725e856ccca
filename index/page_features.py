"""What is told of a page that a search found, as numbers that a ranker weighs.

How many of the question's words stand on the page, together and in its headings, whether it tells causes where causes
are asked for, and what the searches say of it. Only found pages are read, by the passages beside those found.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from index.candidates import STOP_WORDS, FoundPage
from index.contract import PassageRecord
from index.query import Query
from index.view import View
from index.wording import names_of

FEATURES = (
    *("worth", "words", "meaning", "states", "of_statement"),
    *("question_words", "question_words_passage", "question_words_heading", "question_pairs", "names", "years"),
    *("causes", "cause_causes", "cause_prose", "cause_discussion"),
    *("open_passage", "open_heading"),
)
"""The names of the numbers, in order.

``question_words`` is the share of the question's words, by their rarity among the pages, that the page has;
``…_passage`` that of its best passage, ``…_heading`` that of the titles it stands under; ``question_pairs`` the share
of neighbouring words that are neighbours there too. ``cause_…`` are 0 unless the question asks why, ``open_…`` unless
it names neither a concept nor a metric.
"""
REACH = 10
"""Passages before and after a found one that are looked at for others of its page."""
MOST_CAUSES = 6
"""So many words of cause are as good as more."""
LOWEST = -10.0
"""The logarithm that stands for nothing."""
_CAUSE = re.compile(
    r"\b(?:due to|driven by|because|as a result of|result(?:ed|ing) from|attributable to|offset by)\b"
    r"|\breflect(?:s|ed|ing)\b"
)
_ASKS_CAUSE = re.compile(r"\bwhy\b|\bdr[io]ve(?:n|rs?)?\b|\bcaus|\breasons?\b|\bexplain|\bfactors?\b", re.I)
_DISCUSSION = re.compile(r"management.s discussion|results of operations|operating results|\boutlook\b|\bguidance\b")
_TIME = re.compile(r"(?:fy)?\d+(?:q\d)?|q\d+|fy|fiscal|year|years|quarter|s")
_ENDINGS = (
    *("izations", "ization", "ations", "ation", "ities", "ically", "ments", "ment", "ical", "ings", "ions", "ies"),
    *("ing", "ion", "ied", "ity", "ers", "ors", "ic", "ed", "es", "er", "or", "ly", "al", "s", "e", "y"),
)
_SHORTEST_STEM = 4


def features_of(query: Query, pages: Sequence[FoundPage], library: View) -> NDArray[np.float64]:
    """Return the features of the pages, the best of those found: shape (pages, features)."""
    texts = _texts(pages, library)
    asked = _Asked.of(query, [text.page for text in texts])
    best = max((page.worth for page in pages), default=0.0)
    rows = [_row(page, text, asked, best) for page, text in zip(pages, texts, strict=True)]
    return np.array([[row[name] for name in FEATURES] for row in rows]).reshape(len(rows), len(FEATURES))


def asks_cause(query: Query) -> bool:
    """Whether a question asks why: for a reason, or for what drove something."""
    return bool(_ASKS_CAUSE.search(query.text))


def stem(word: str) -> str:
    """Return a word without its ending, four letters of it at least, as the beginning that its forms share."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word[: -len(ending)]
    return word


def plain(text: str) -> str:
    """Return the lower-case words of a text, a blank before and after each."""
    return f" {' '.join(re.findall(r'[a-z0-9&%]+', text.lower()))} "


@dataclass(frozen=True, slots=True)
class _Text:
    """The plain text of a page, of each of its passages, of its titles; its section; and the share that is prose."""

    page: str
    passages: tuple[str, ...]
    titles: str
    section: str
    prose: float


def _texts(pages: Sequence[FoundPage], library: View) -> list[_Text]:
    """The texts of the pages, as far as their passages stand near those that were found."""
    places = {(page.filing.id, page.page) for page in pages}
    near: set[int] = set()
    for page in pages:
        for record in page.passages:
            near.update(range(max(record.rowid - REACH, 1), record.rowid + REACH + 1))
    found: defaultdict[tuple[str, int], list[PassageRecord]] = defaultdict(list)
    for record in library.passages(sorted(near)):
        place = (record.filing_id, record.passage.span.page)
        if place in places:
            found[place].append(record)
    return [_text_of(page, found[page.filing.id, page.page]) for page in pages]


def _text_of(page: FoundPage, records: Sequence[PassageRecord]) -> _Text:
    passages = tuple(plain(record.passage.text) for record in records)
    titles = dict.fromkeys(_section(record) for record in records)
    heads = [record.passage.text.split("\n", 1)[0][:120] for record in records if record.passage.table is not None]
    prose = sum(len(record.passage.text) for record in records if record.passage.kind == "prose")
    size = sum(len(record.passage.text) for record in records)
    return _Text(
        page=" ".join(passages),
        passages=passages,
        titles=plain(" ".join([*titles, *heads])),
        section=" ".join(_section(record) for record in page.passages[:2]).lower(),
        prose=_part(prose, size),
    )


def _section(record: PassageRecord) -> str:
    """The titles of the sections that a passage stands in: its context line without company and page."""
    return " ".join(record.passage.context.split(" | ")[1:-1])


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is looked for: the stems of the question's words with their worth, pairs of them, names, years."""

    stems: Mapping[str, float]
    pairs: tuple[re.Pattern[str], ...]
    names: tuple[tuple[str, ...], ...]
    years: frozenset[str]
    cause: bool
    open: bool

    @staticmethod
    def of(query: Query, pages: Sequence[str]) -> _Asked:
        """Read the query, without its companies and times; a word is worth the more, the fewer of the pages have it."""
        said = {word for name in (*query.companies, *query.written) for word in plain(name).split()}
        words = [word for word in plain(query.asked or query.text).split() if word not in STOP_WORDS | said]
        stems = [stem(word) for word in words if not _TIME.fullmatch(word)]
        counts = {word: sum(f" {word}" in page for page in pages) for word in set(stems)}
        return _Asked(
            stems={word: math.log1p(len(pages) / (1 + counts[word])) for word in dict.fromkeys(stems)},
            pairs=tuple(re.compile(rf" {re.escape(one)}\w* {re.escape(two)}") for one, two in pairwise(stems)),
            names=tuple(names_of(thing) for thing in query.things),
            years=frozenset(str(period.fiscal_year) for period in query.periods),
            cause=asks_cause(query),
            open=not query.things,
        )

    def share(self, text: str) -> float:
        """The share of the question's words, by their worth, that a plain text has."""
        return _part(sum(worth for word, worth in self.stems.items() if f" {word}" in text), sum(self.stems.values()))


def _row(page: FoundPage, text: _Text, asked: _Asked, best: float) -> dict[str, float]:
    """The features of one page by their names."""
    passage, heading = max(map(asked.share, text.passages), default=0.0), asked.share(text.titles)
    causes = min(len(_CAUSE.findall(text.page)) / MOST_CAUSES, 1.0)
    return {
        "worth": math.log(page.worth / best) if page.worth > 0 else LOWEST,
        "words": page.words,
        "meaning": page.meaning,
        "states": page.states,
        "of_statement": float(page.of_statement),
        "question_words": asked.share(text.page),
        "question_words_passage": passage,
        "question_words_heading": heading,
        "question_pairs": _part(sum(bool(pair.search(text.page)) for pair in asked.pairs), len(asked.pairs)),
        "names": _part(sum(any(f" {name} " in text.page for name in names) for names in asked.names), len(asked.names)),
        "years": float(any(year in text.page for year in asked.years)),
        "causes": causes,
        "cause_causes": causes * asked.cause,
        "cause_prose": text.prose * asked.cause,
        "cause_discussion": float(asked.cause and bool(_DISCUSSION.search(text.section))),
        "open_passage": passage * asked.open,
        "open_heading": heading * asked.open,
    }


def _part(count: float, whole: float) -> float:
    return count / whole if whole else 0.0
