"""The pages that may answer a question: found by words, by meaning and by the facts in them, and weighed.

The question's companies are a filter, enforced before anything is scored. Its periods are a weight: what was
true of a year is also told in the report of the next.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from index.contract import Embedder, FilingRecord, PassageRecord
from index.filing_weights import filing_weights
from index.query import Query
from index.view import View
from index.wording import names_of

RANK_CONSTANT = 60
"""The constant of reciprocal rank fusion (Cormack, Clarke and Büttcher 2009)."""
CANDIDATES = 200
"""Passages taken from each of the lexical and the dense search."""
IN_TABLE, IN_PART = 0.6, 0.3
"""What such a row counts outside its own statement, and where it is of a segment or another part of the whole."""
_ATTACHED = re.compile(r"[|>] (?:Signatures?|Exhibit (?!(?:13|99)\b)\d[\d.]*) [|>]", re.IGNORECASE)
"""Numbers as item 601 of Regulation S-K has them: 13 is the annual report to shareholders, 99 a release."""
_STOP_WORDS = """
a an the of in on at for to and or by from with as is are was were be been did does do has have had it its this that
what which how much many who why when where there their they we i you please answer question give us tell
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())


@dataclass(frozen=True, slots=True)
class Fusion:
    """What each part of the ranking counts; set by hand, and left out by a 0 (``statement``, ``attached``: by a 1).

    ``words`` and ``meaning`` weigh the two searches, by rank. A row that is known to state what is asked counts
    ``facts`` first places of a search. ``statement`` multiplies a table of the statement that the question or its
    figures belong to, ``attached`` what stands behind the signatures: agreements, certifications and lists that are
    filed as exhibits. ``second`` is what the second passage of a page adds to the first, ``filings`` the power that
    the weight of the filing is raised to, and ``names`` so many names of a thing that is asked for are looked for.
    """

    words: float = 1.0
    meaning: float = 1.0
    facts: float = 4.0
    statement: float = 1.5
    attached: float = 0.5
    second: float = 0.5
    filings: float = 1.0
    names: int = 6


HAND_SET = Fusion()


@dataclass(frozen=True, slots=True)
class FoundPage:
    """A page with the passages that were found on it, best first, and what the searches say of it.

    ``words`` and ``meaning`` are the best score of its passages, as a share of the best score of that search.
    ``states`` tells how surely a row of it states what is asked (0 for no such row), ``of_statement`` whether it has
    a table of the statement that is asked. ``worth`` is all of it in one, with what its filing counts.
    """

    filing: FilingRecord
    page: int
    passages: tuple[PassageRecord, ...]
    words: float
    meaning: float
    states: float
    of_statement: bool
    worth: float


def find_pages(query: Query, library: View, embedder: Embedder, fusion: Fusion = HAND_SET) -> list[FoundPage]:
    """Return the pages with a passage that one of the searches brings, best first.

    A page counts by its best passage and part of its second; only the query's filings take part.
    """
    chosen = set(query.filing_ids)
    filings = {filing.id: filing for filing in library.filings() if filing.id in chosen}
    words = _by_words(query, library, fusion.names) if fusion.words else {}
    meaning = _by_meaning(query, library, embedder) if fusion.meaning else {}
    states = _rows_that_state(query, library) if fusion.facts else {}
    scores = _fused(words, meaning, states, fusion)
    weights = {key: weight**fusion.filings for key, weight in filing_weights(query, list(filings.values())).items()}
    wanted = _statements(query)
    statements = library.statements(filings) if wanted else {}
    pages: defaultdict[tuple[str, int], list[PassageRecord]] = defaultdict(list)
    belongs: set[int] = set()
    for record in library.passages(list(scores)):
        if record.filing_id not in filings:
            continue
        pages[record.filing_id, record.passage.span.page].append(record)
        scores[record.rowid] *= weights[record.filing_id]
        if statements.get((record.filing_id, record.passage.table or "")) in wanted:
            scores[record.rowid] *= fusion.statement
            belongs.add(record.rowid)
        if is_attached(record.passage.context):
            scores[record.rowid] *= fusion.attached
    found = []
    for (filing_id, page), records in pages.items():
        records.sort(key=lambda record: (-scores[record.rowid], record.rowid))
        first, second = (*(scores[record.rowid] for record in records[:2]), 0.0)[:2]
        found.append(
            FoundPage(
                filing=filings[filing_id],
                page=page,
                passages=tuple(records),
                words=_share(records, words),
                meaning=_share(records, meaning),
                states=max(states.get(record.rowid, 0.0) for record in records),
                of_statement=any(record.rowid in belongs for record in records),
                worth=first + fusion.second * second,
            )
        )
    return sorted(found, key=lambda page: (-page.worth, page.passages[0].rowid))


def _fused(
    words: Iterable[int], meaning: Iterable[int], states: Mapping[int, float], fusion: Fusion
) -> defaultdict[int, float]:
    """Reciprocal rank fusion of the searches, each of which lists passages best first, and what the rows add to it."""
    scores: defaultdict[int, float] = defaultdict(float)
    for weight, found in ((fusion.words, words), (fusion.meaning, meaning)):
        for rank, rowid in enumerate(found, start=1):
            scores[rowid] += weight / (RANK_CONSTANT + rank)
    for rowid, state in states.items():
        scores[rowid] += fusion.facts * state / (RANK_CONSTANT + 1)
    return scores


def search_terms(query: Query, names: int = HAND_SET.names) -> list[str]:
    """Return the words that a lexical search looks for: the question's own, and so many names of each of its things."""
    words = [word for word in re.findall(r"[\w&$%.'’-]+", query.text) if word.lower().strip(".'’") not in STOP_WORDS]
    widened = [name for thing in query.things for name in names_of(thing)[:names]]
    return list(dict.fromkeys([word.strip(".'’,") for word in words] + widened))


def is_attached(context: str) -> bool:
    """Whether a passage with this context line stands behind its filing's signatures, in an exhibit of its own."""
    return bool(_ATTACHED.search(context))


def _by_words(query: Query, library: View, names: int) -> dict[int, float]:
    return dict(library.lexical(search_terms(query, names), filing_ids=query.filing_ids, limit=CANDIDATES))


def _by_meaning(query: Query, library: View, embedder: Embedder) -> dict[int, float]:
    vector = embedder.embed_question(query.text)
    return dict(library.nearest(vector, filing_ids=query.filing_ids, limit=CANDIDATES))


def _share(records: Sequence[PassageRecord], scores: Mapping[int, float]) -> float:
    """The best score of the records as a share of the best that was found; 0 where none of them was."""
    best = max(scores.values(), default=0.0)
    return max((scores.get(record.rowid, 0.0) for record in records), default=0.0) / best if best > 0 else 0.0


def _rows_that_state(query: Query, library: View) -> dict[int, float]:
    """The passages with a row that states an operand of the query for its periods or the years before, weighed."""
    homes = {tag: concept.statement for concept in query.operands for tag in concept.tags}
    if not homes:
        return {}
    keys = {key for period in query.periods for key in (period.key, period.shift(-1).key)}
    rows: dict[int, float] = {}
    for rowid, concept, statement, part in library.stating(query.filing_ids, homes, keys):
        weight = IN_PART if part else 1.0 if statement is not None and statement == homes[concept] else IN_TABLE
        rows[rowid] = max(rows.get(rowid, 0.0), weight)
    return rows


def _statements(query: Query) -> set[str]:
    return {*query.statements, *(concept.statement for concept in query.operands)}
