"""Summarises a filing: its main figures with the year before, and sentences of its own that stand for the rest.

Nothing is rewritten: figures are settled from facts by shown programs, sentences are quoted. Sentences are
chosen one by one, each time the one that brings the chosen ones nearest to all sentences of the section
(facility location; Lin and Bilmes 2011), so that what is said often is said once. A sentence counts for more that
says why something changed, that prints a figure, or that stands early; for less if it only tells of earlier years.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.answer import Answer, Citation
from assistant.sentences import Sentence, find_section, prose_sentences, walk_sections
from assistant.settled import own_period, settle
from index.contract import Embedder, FilingRecord
from index.view import View
from index.wording import Display
from ingest.errors import UsageError
from ingest.filing import Section
from ingest.vocabulary import Vocabulary

FIGURES = (
    "revenue",
    "gross_profit",
    "operating_income",
    "net_income",
    "eps_diluted",
    "operating_cash_flow",
    "capital_expenditure",
    "total_assets",
    "total_debt",
    "total_equity",
)
"""What a reader of any company's report looks at first, by the vocabulary's names."""
SECTIONS = ("discussion and analysis", "business", "risk factors", "legal proceedings")
"""Words of the titles of the sections that are summarised where none is named, in the order in which they are told."""
SENTENCES = 3
"""Sentences of a section where no number is named."""
MOST_SENTENCES = 50
MOST_READ = 3_000
"""Sentences of a section that are compared with each other; the first ones count."""
WORDS = range(9, 61)
"""Shorter sentences say little alone, longer ones are lists."""
_LEANS = re.compile(
    r"(?i:\b(?:refer(?:red)? to|see (?:also )?(?:note|item|part|the|our|[“\"])|in conjunction with|forward-looking"
    r"|incorporated (?:herein )?by reference|(?:set forth|described|discussed) (?:in|under|below|above))\b"
    r"|\b(?:following|below)\b[^,]{0,40}$"
    r"|^(?:this|these|those|it|they|such|however|accordingly|as a result|in addition)\b)|^[^A-Z“\"]"
)
"""A sentence that leans on another place, or begins in the middle, cannot stand alone."""
_CAUSE = re.compile(
    r"\b(?:due to|driven by|because of|as a result of|reflect(?:s|ed|ing)|attributable to"
    r"|resulted (?:from|in)|offset by)\b",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"[$€£]\s?\d|\d\s?(?:%|percent\b)|\b(?:million|billion)\b")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
CAUSE_WEIGHT, FIGURE_WEIGHT, EARLIER_WEIGHT = 2.0, 1.5, 0.3
EARLY = 20
"""After so many sentences the weight of standing early, two for the first, has fallen by two thirds."""


@dataclass(frozen=True, slots=True)
class SummaryFigure:
    """One of the main figures: its value in the filing's period, the one a year before, and the growth between them.

    ``before`` and ``growth`` are None where the filing does not tell them.
    """

    key: str
    name: str
    now: Answer
    before: Answer | None
    growth: Answer | None


@dataclass(frozen=True, slots=True)
class SummarySection:
    """Sentences of a section, in the order in which they stand; ``read`` is of how many they were chosen."""

    title: str
    sentences: tuple[Citation, ...]
    read: int


@dataclass(frozen=True, slots=True)
class Summary:
    """A filing in short. ``absent`` names the main figures that it does not report, ``missing`` the sections."""

    filing: str
    source: str
    company: str | None
    form: str | None
    period: str | None
    figures: tuple[SummaryFigure, ...]
    absent: tuple[str, ...]
    sections: tuple[SummarySection, ...]
    missing: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the summary as plain lists, strings and numbers."""
        plain: dict[str, Any] = asdict(self)
        return plain


def summarise(
    library: View,
    filing: FilingRecord,
    vocabulary: Vocabulary,
    embedder: Embedder,
    *,
    section: str | None = None,
    sentences: int = SENTENCES,
) -> Summary:
    """Summarise a filing, or one section of it. Raises UsageError where it has no such section, or no prose."""
    if not 1 <= sentences <= MOST_SENTENCES:
        raise UsageError(f"a section is told in 1 to {MOST_SENTENCES} sentences, not {sentences}")
    places = _places(library.sections(filing.id), section, filing.source)
    passages = [record.passage for record in library.prose(filing.id)]
    told: list[SummarySection] = []
    missing: list[str] = []
    for title, place in places:
        read = list(prose_sentences(passages, place))
        if chosen := choose_sentences(read, embedder, sentences, filing.identity.fiscal_year):
            told.append(SummarySection(title, tuple(_cite(filing, each) for each in chosen), len(read)))
        else:
            missing.append(title)
    if not told:
        where = f"section {section!r} of {filing.source}" if section else filing.source
        raise UsageError(f"{where} has no sentence that can stand alone")
    period = own_period(filing)
    figures, absent = ((), ()) if section else _figures(library, filing, vocabulary)
    identity = filing.identity
    return Summary(
        filing.id,
        filing.source,
        identity.company,
        identity.form,
        period.describe() if period else None,
        figures,
        absent,
        tuple(told),
        tuple(missing),
    )


def choose_sentences(
    sentences: Sequence[Sentence], embedder: Embedder, count: int, year: int | None = None
) -> list[Sentence]:
    """Choose up to ``count`` of those that can stand alone and together stand for all, in the order of the text.

    ``year`` is the one that the filing is about.
    """
    read = list({each.text: each for each in sentences[:MOST_READ]}.values())
    able = [number for number, each in enumerate(read) if _stands_alone(each.text)]
    if not able:
        return []
    vectors = embedder.embed([each.text for each in read]).astype(np.float32)
    weights = np.array([_weight(read[number].text, number, year) for number in able], dtype=np.float32)
    chosen = spread(vectors, able, weights, count)
    return [read[number] for number in sorted(chosen)]


def spread(vectors: NDArray[np.float32], able: Sequence[int], weights: NDArray[np.float32], count: int) -> list[int]:
    """Choose ``count`` of the rows ``able``, each time the one to which most of all rows (N, D) come nearer.

    How near is counted as often as the row's weight (len(able)) says.
    """
    centred = vectors - vectors.mean(axis=0)
    centred /= np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-6)
    alike = np.maximum(centred @ centred[list(able)].T, 0.0)
    nearest = np.zeros(len(vectors), dtype=np.float32)
    chosen: list[int] = []
    for _ in range(min(count, len(able))):
        gain = np.maximum(alike - nearest[:, None], 0.0).sum(axis=0) * weights
        gain[[able.index(row) for row in chosen]] = 0.0
        best = int(gain.argmax())
        if gain[best] <= 0:
            break
        chosen.append(able[best])
        nearest = np.maximum(nearest, alike[:, best])
    return chosen


def _stands_alone(text: str) -> bool:
    return len(text.split()) in WORDS and text.endswith((".", ".”", '."')) and not _LEANS.search(text)


def _weight(text: str, position: int, year: int | None) -> float:
    years = [int(found) for found in _YEAR.findall(text)]
    weight = 1.0 + math.exp(-position / EARLY)
    weight *= CAUSE_WEIGHT if _CAUSE.search(text) else 1.0
    weight *= FIGURE_WEIGHT if _FIGURE.search(text) else 1.0
    return weight * (EARLIER_WEIGHT if year is not None and years and max(years) < year else 1.0)


def _places(sections: Sequence[Section], named: str | None, source: str) -> list[tuple[str, Section | None]]:
    """The sections to be told, with their titles; the whole filing where it has none of the usual ones."""
    if named is not None:
        section = find_section(sections, named, source)
        return [(section.title, section)]
    found = [_longest(walk_sections(sections), words) for words in SECTIONS]
    return [(place.title, place) for place in found if place is not None] or [("The whole filing", None)]


def _longest(sections: Iterable[Section], words: str) -> Section | None:
    """The section of that title with most pages: contents and cross-references name it too."""
    named = [each for each in sections if each.kind == "item" and words in each.title.lower()]
    return max(named, key=lambda each: each.last_page - each.first_page, default=None)


def _figures(
    library: View, filing: FilingRecord, vocabulary: Vocabulary
) -> tuple[tuple[SummaryFigure, ...], tuple[str, ...]]:
    period, company = own_period(filing), filing.identity.company
    things = [thing for key in FIGURES if (thing := vocabulary.concepts.get(key) or vocabulary.formulas.get(key))]
    if period is None or company is None:
        return (), tuple(thing.name for thing in things)
    found, absent = [], []
    for thing in things:
        now = _answered(settle(library, filing, company, thing, (period,), vocabulary, Display()))
        if now is None:
            absent.append(thing.name)
            continue
        earlier = period.shift(-1)
        before = _answered(settle(library, filing, company, thing, (earlier,), vocabulary, Display()))
        growth = before and _answered(
            settle(library, filing, company, thing, (earlier, period), vocabulary, Display(), "growth")
        )
        found.append(SummaryFigure(thing.key, thing.name, now, before, growth))
    return tuple(found), tuple(absent)


def _answered(answer: Answer | None) -> Answer | None:
    return answer if answer is not None and answer.values else None


def _cite(filing: FilingRecord, sentence: Sentence) -> Citation:
    span = sentence.span
    return Citation(
        id="",
        filing=filing.id,
        source=filing.source,
        page=span.physical_page,
        page_label=span.page_label,
        box=span.box,
        element=span.element,
        chars=span.chars,
        quote=sentence.text,
        label="",
        title=sentence.section or "",
    )
