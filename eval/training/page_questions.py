"""Questions whose answer stands on a known page, made from filings: what the ranker of pages learns from.

They are about headings, lines of tables, metrics of the statements, sentences that tell a cause, and some words of a
sentence. ``page_questions.toml`` words them.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

from assistant.dataset.labels import lowered
from assistant.dataset.prose import find_sentences, question_of
from index.candidates import STOP_WORDS
from index.contract import FilingRecord, PassageRecord
from index.page_features import plain
from index.view import View
from ingest.filing import Section
from ingest.registrant import plain_company
from ingest.vocabulary import Vocabulary

MOST_PAGES = 5
"""A question that so many pages answer, or more, is not asked."""
LONGEST_SECTION, LONGEST_HEADING = 6, 70
_NUMBERED = re.compile(r"^(?:note|item)\s+\d+[a-c]?\s*[.—–:-]*\s*", re.I)
_SAYS_NOTHING = re.compile(r"\b(?:report of|index|contents|reserved|mine safety|disagreements)\b", re.I)
_LEGAL_FORM = re.compile(r"\b(?:Inc|Corp|Corporation|Company|Co|Platforms|Technologies)\b\.?|\.com\b|,.*$")
_ORDINALS = ("first", "second", "third", "fourth")


@dataclass(frozen=True, slots=True)
class PageQuestion:
    """A question, the filing that it was made from, and the indexes of the pages that answer it."""

    kind: str
    text: str
    filing: FilingRecord
    pages: frozenset[int]


@dataclass(frozen=True, slots=True)
class _Source:
    """A filing with its passages by page and the plain text of its pages."""

    filing: FilingRecord
    library: View
    vocabulary: Vocabulary
    passages: Sequence[PassageRecord]
    texts: Mapping[int, str]
    rng: Random

    def pages_with(self, *texts: str) -> frozenset[int]:
        """The pages on which all of the texts stand."""
        return frozenset(page for page, text in self.texts.items() if all(plain(wanted) in text for wanted in texts))


def make_questions(library: View, vocabulary: Vocabulary, each: int, seed: int) -> list[PageQuestion]:
    """Return up to ``each`` questions of each kind from each 10-K and 10-Q: the same ones for the same seed."""
    made: list[PageQuestion] = []
    for filing in sorted(library.filings(), key=lambda filing: filing.id):
        if filing.identity.company is None or filing.identity.form not in ("10-K", "10-Q"):
            continue
        rng = Random(f"{seed}/{filing.id}")  # noqa: S311 - a draw, no secret
        source = _source(filing, library, vocabulary, rng)
        for kind, maker in MAKERS.items():
            found: dict[str, PageQuestion] = {}
            for what, pages in maker(source):
                if 0 < len(pages) < MOST_PAGES:
                    text = _worded(kind, what, filing, rng)
                    found.setdefault(text, PageQuestion(kind, text, filing, pages))
                if len(found) >= each:
                    break
            made.extend(found.values())
    return made


def _source(filing: FilingRecord, library: View, vocabulary: Vocabulary, rng: Random) -> _Source:
    # Every passage has a word of its context line, which names the form.
    rowids = sorted(rowid for rowid, _ in library.lexical(["page"], filing_ids=[filing.id], limit=filing.passage_count))
    passages = library.passages(rowids)
    texts: defaultdict[int, list[str]] = defaultdict(list)
    for record in passages:
        texts[record.passage.span.page].append(plain(record.passage.text))
    return _Source(filing, library, vocabulary, passages, {page: " ".join(found) for page, found in texts.items()}, rng)


@cache
def _wording() -> Mapping[str, Any]:
    return tomllib.loads(files("eval.training").joinpath("page_questions.toml").read_text(encoding="utf-8"))


def _worded(kind: str, what: str, filing: FilingRecord, rng: Random) -> str:
    identity = filing.identity
    quarter = identity.fiscal_quarter
    when = rng.choice(_wording()["when"]["year" if quarter is None else "quarter"]).format(
        year=identity.fiscal_year, quarter=quarter, ordinal=_ORDINALS[(quarter or 1) - 1]
    )
    company = plain_company(identity.company or "")
    short = _LEGAL_FORM.sub("", company).strip(" ,.") or company
    return str(rng.choice(_wording()[kind]).format(company=short, what=what, when=when))


Made = Iterator[tuple[str, frozenset[int]]]


def _headings(source: _Source) -> Made:
    """Titles of sections and notes, each with its first pages."""
    for section in _drawn(_walk(source.library.sections(source.filing.id)), source.rng):
        title = _NUMBERED.sub("", section.title).strip(" .:—–-")
        length = section.last_page - section.first_page
        fits = section.kind in ("item", "note", "heading") and length <= LONGEST_SECTION
        if fits and 4 < len(title) < LONGEST_HEADING and not _SAYS_NOTHING.search(title):
            yield (
                title.lower(),
                frozenset(range(section.first_page, min(section.last_page, section.first_page + 2) + 1)),
            )


def _walk(sections: Iterable[Section]) -> Iterator[Section]:
    for section in sections:
        yield section
        yield from _walk(section.children)


def _rows(source: _Source) -> Made:
    """Lines of tables, each with the pages that print it with one of its figures."""
    for table in _drawn(source.library.tables(source.filing.id), source.rng):
        rows = [row for row in table.rows if len(row.label) > 5 and any(cell.value is not None for cell in row.cells)]
        if rows:
            row = source.rng.choice(rows)
            cell = next(cell for cell in row.cells if cell.value is not None)
            if len(plain(row.label).split()) > 1:
                yield lowered(row.label.strip(" :")), source.pages_with(row.label, cell.text)


def _metrics(source: _Source) -> Made:
    """Concepts and formulas, each with the pages of the statements that all of its operands stand in."""
    identity = source.filing.identity
    key = f"{identity.fiscal_year}" + (f"Q{identity.fiscal_quarter}" if identity.fiscal_quarter else "")
    vocabulary = source.vocabulary
    for thing in _drawn([*vocabulary.formulas.values(), *vocabulary.concepts.values()], source.rng):
        found = []
        for concept in vocabulary.operands(thing):
            records = source.library.facts(filing_ids=[source.filing.id], concepts=concept.tags, period_keys=[key])
            whole = [each.fact for each in records if each.fact.statement == concept.statement]
            found.append({fact.span.page for fact in whole if not fact.dimensions})
        if found and all(found):
            yield lowered(source.rng.choice([thing.name, *thing.asked])), frozenset().union(*found)


def _sentences(source: _Source) -> Made:
    """Some words of a sentence in their order, with the pages that have it."""
    for record in _drawn([record for record in source.passages if record.passage.kind == "prose"], source.rng):
        sentences = [each for each in re.split(r"(?<=[.!?])\s+", record.passage.text) if 10 <= len(each.split()) <= 40]
        if not sentences:
            continue
        sentence = source.rng.choice(sentences)
        words = [word for word in re.findall(r"[a-z][a-z'-]{2,}", sentence.lower()) if word not in STOP_WORDS]
        first = source.rng.randint(0, max(len(words) - 6, 0))
        kept = [word for word in words[first : first + 8] if source.rng.random() < 0.7]
        if len(kept) > 2:
            yield " ".join(kept), source.pages_with(" ".join(sentence.split()[:12]))


def _causes(source: _Source) -> Made:
    """Questions that a sentence answers in its own words, with the pages that have it."""
    for sentence in _drawn(find_sentences(source.filing, source.library), source.rng):
        question = question_of(sentence, "the company", source.rng).rstrip("?. ")
        yield question, source.pages_with(" ".join(sentence.line.label.split()[:12]))


MAKERS: Mapping[str, Callable[[_Source], Made]] = {
    "heading": _headings,
    "row": _rows,
    "metric": _metrics,
    "sentence": _sentences,
    "cause": _causes,
}
"""The kinds of questions."""


def _drawn(items: Iterable[Any], rng: Random) -> list[Any]:
    """The items in an order that is drawn."""
    found = list(items)
    rng.shuffle(found)
    return found
