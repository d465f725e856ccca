"""Ranks passages for a question: by words, by meaning and by the facts in them, weighed by what their filing is about.

The question's companies are a filter, enforced before anything is scored. Its periods are a weight: what was
true of a year is also told in the report of the next.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from index.contract import Embedder, FilingRecord, PassageRecord
from index.query import Query, company_key
from index.view import View
from index.wording import names_of
from ingest.filing import Fact, Identity

RANK_CONSTANT = 60
"""The constant of reciprocal rank fusion (Cormack, Clarke and Büttcher 2009)."""
CANDIDATES = 200
"""Passages taken from each of the lexical and the dense search."""
FACT_WEIGHT = 4.0
"""A row that is known to state what is asked counts as much as so many first places of a search."""
IN_TABLE, IN_PART = 0.6, 0.3
"""What such a row counts outside its own statement, and where it is of a segment or another part of the whole."""
OF_STATEMENT = 1.5
"""The weight of a table of the statement that the question or its figures belong to."""
SECOND = 0.5
"""What the second passage of a page adds to the first."""
OF_PERIOD, OF_CALENDAR_YEAR, NEAR_PERIOD = 3.0, 2.5, 1.2
"""The weight of a filing about the asked period, of one whose year ends in the year that is named, and of the
filings around: the quarters of the year, the next annual report, the last one before a year yet to come."""
OF_DAY = 4.0
"""The weight of a filing about, or filed soon after, a day that the question names."""
OF_FORM = 1.5
"""The weight of a filing of a form that the question names: "in this 10-K"."""
ATTACHED = 0.5
"""The weight of what stands behind the signatures: agreements, certifications and lists that are filed as exhibits."""
LATEST = 1.3
"""The weight of a company's latest year where no period is named."""
ABOUT_DAY, FILED_WITHIN = timedelta(days=7), timedelta(days=10)
_ATTACHED = re.compile(r"[|>] (?:Signatures?|Exhibit (?!(?:13|99)\b)\d[\d.]*) [|>]", re.IGNORECASE)
"""Numbers as item 601 of Regulation S-K has them: 13 is the annual report to shareholders, 99 a release."""
_FORMS = (
    (re.compile(r"\b10-?K\b|\bannual\s+report\b", re.IGNORECASE), ("10-K", "annual report", "20-F", "40-F")),
    (re.compile(r"\b10-?Q\b|\bquarterly\s+report\b", re.IGNORECASE), ("10-Q",)),
    (re.compile(r"\b8-?K\b|\bcurrent\s+report\b", re.IGNORECASE), ("8-K",)),
    (re.compile(r"\b(?:earnings|press)\s+release\b", re.IGNORECASE), ("earnings release", "8-K")),
)
_NEWEST = re.compile(
    r"\b(?:latest|newest|most\s+recent|current|this)\s+(?:[\w-]+\s+){0,2}?(?:10-?[KQ]|8-?K|filings?|reports?|release)\b",
    re.I,
)
"""The words for a company's newest filing of a form: "in the most recent 10-Q", "this annual report"."""
_STOP_WORDS = """
a an the of in on at for to and or by from with as is are was were be been did does do has have had it its this that
what which how much many who why when where there their they we i you please answer question give us tell
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())


def find_passages(query: Query, library: View, embedder: Embedder, limit: int) -> list[PassageRecord]:
    """Return the passages that may answer the query, those of the best page first.

    A page counts by its best passage and half its second; only the query's filings take part.
    """
    filings = {filing.id: filing for filing in library.filings() if filing.id in set(query.filing_ids)}
    scores = _fused(query, library, embedder)
    for rowid, weight in _rows_that_state(query, library).items():
        scores[rowid] += FACT_WEIGHT * weight / (RANK_CONSTANT + 1)
    weights = filing_weights(query, list(filings.values()))
    statements = library.statements(filings) if (wanted := _statements(query)) else {}
    weighed: dict[int, float] = {}
    records = [record for record in library.passages(list(scores)) if record.filing_id in filings]
    for record in records:
        table = (record.filing_id, record.passage.table or "")
        weighed[record.rowid] = scores[record.rowid] * weights[record.filing_id]
        weighed[record.rowid] *= OF_STATEMENT if statements.get(table) in wanted else 1.0
        weighed[record.rowid] *= ATTACHED if is_attached(record.passage.context) else 1.0
    return _by_page(records, weighed)[:limit]


def search_terms(query: Query) -> list[str]:
    """Return the words that a lexical search looks for: the question's own, and the names of its concepts."""
    words = [word for word in re.findall(r"[\w&$%.'’-]+", query.text) if word.lower().strip(".'’") not in STOP_WORDS]
    names = [name for thing in query.things for name in names_of(thing)[:6]]
    return list(dict.fromkeys([word.strip(".'’,") for word in words] + names))


def filing_weights(query: Query, filings: Sequence[FilingRecord]) -> dict[str, float]:
    """Return how much each filing's passages count, by what it is about and what the question names of time."""
    forms = tuple(form for pattern, names in _FORMS if pattern.search(query.text) for form in names)
    fitting = [filing for filing in filings if not forms or (filing.identity.form or "").startswith(forms)]
    newest = _newest(fitting) if _NEWEST.search(query.text) and not query.dated else frozenset()
    latest: dict[str, int] = {}
    for filing in filings:
        key = company_key(filing.identity.company or "")
        latest[key] = max(latest.get(key, 0), filing.identity.fiscal_year or 0)
    weights = {
        filing.id: OF_PERIOD
        if filing.id in newest
        else _weight(query, filing.identity, latest[company_key(filing.identity.company or "")])
        for filing in filings
    }
    return {**weights, **{filing.id: weights[filing.id] * OF_FORM for filing in fitting if forms}}


def is_attached(context: str) -> bool:
    """Whether a passage with this context line stands behind its filing's signatures, in an exhibit of its own."""
    return bool(_ATTACHED.search(context))


def _newest(filings: Iterable[FilingRecord]) -> frozenset[str]:
    """The filing of each company that is about the latest time."""
    found: dict[str, tuple[date, str]] = {}
    for filing in filings:
        if filing.identity.period_end is not None:
            key = company_key(filing.identity.company or "")
            found[key] = max(found.get(key, (date.min, "")), (filing.identity.period_end, filing.id))
    return frozenset(filing_id for _, filing_id in found.values())


def _weight(query: Query, identity: Identity, latest: int) -> float:
    if _is_about_day(identity, query):
        return OF_DAY
    year = identity.fiscal_year
    if year is None:
        return 1.0
    if not query.dated:
        return 1.0 if query.days else LATEST if year == latest else LATEST**0.5 if year == latest - 1 else 1.0
    asked = max(period.fiscal_year for period in query.periods)
    quarters = {(period.fiscal_year, period.quarter) for period in query.periods if period.quarter is not None}
    if quarters:
        exact = (year, identity.fiscal_quarter or 4) in quarters
        return OF_PERIOD if exact else NEAR_PERIOD if abs(year - asked) <= 1 else 1.0
    if identity.fiscal_quarter in (None, 4):
        if year == asked:
            return OF_PERIOD
        if identity.period_end is not None and identity.period_end.year == asked:
            return OF_CALENDAR_YEAR
        return NEAR_PERIOD if year == asked + 1 or year == latest < asked else 1.0
    return NEAR_PERIOD if year == asked else 1.0


def _is_about_day(identity: Identity, query: Query) -> bool:
    about, filed = identity.period_end, identity.filing_date
    return any(
        (about is not None and abs(about - day) <= ABOUT_DAY)
        or (filed is not None and timedelta(0) <= filed - day <= FILED_WITHIN)
        for day in query.days
    )


def _fused(query: Query, library: View, embedder: Embedder) -> defaultdict[int, float]:
    """Reciprocal rank fusion of the searches by words and by meaning."""
    scores: defaultdict[int, float] = defaultdict(float)
    for ranking in (
        library.lexical(search_terms(query), filing_ids=query.filing_ids, limit=CANDIDATES),
        library.nearest(embedder.embed_question(query.text), filing_ids=query.filing_ids, limit=CANDIDATES),
    ):
        for rank, (rowid, _) in enumerate(ranking, start=1):
            scores[rowid] += 1 / (RANK_CONSTANT + rank)
    return scores


def _rows_that_state(query: Query, library: View) -> dict[int, float]:
    """The passages with a row that states an operand of the query for its periods or the years before, weighed."""
    homes = {tag: concept.statement for concept in query.operands for tag in concept.tags}
    if not homes:
        return {}
    keys = {key for period in query.periods for key in (period.key, period.shift(-1).key)}
    records = library.facts(filing_ids=query.filing_ids, concepts=homes, period_keys=keys)
    rows: dict[tuple[str, str], dict[int, float]] = {}
    for record in records:
        fact = record.fact
        if fact.table is not None and fact.row is not None:
            found = rows.setdefault((record.filing_id, fact.table), {})
            found[fact.row] = max(found.get(fact.row, 0.0), _row_weight(fact, homes))
    return {
        passage.rowid: weight
        for passage in library.passages_of_tables(list(rows))
        if (weight := _best_row(passage, rows[passage.filing_id, passage.passage.table or ""]))
    }


def _row_weight(fact: Fact, homes: Mapping[str, str]) -> float:
    if fact.dimensions:
        return IN_PART
    return 1.0 if fact.statement is not None and fact.statement == homes[fact.concept or ""] else IN_TABLE


def _best_row(record: PassageRecord, rows: Mapping[int, float]) -> float:
    first, last = record.passage.rows or (0, 0)
    return max((weight for row, weight in rows.items() if first <= row < last), default=0.0)


def _statements(query: Query) -> set[str]:
    return {*query.statements, *(concept.statement for concept in query.operands)}


def _by_page(records: Iterable[PassageRecord], scores: Mapping[int, float]) -> list[PassageRecord]:
    """Records ordered by the scores of their pages, then by their own; ties by place in the library."""
    pages: dict[tuple[str, int], list[PassageRecord]] = {}
    for record in records:
        pages.setdefault((record.filing_id, record.passage.span.page), []).append(record)
    ranked = []
    for found in pages.values():
        found.sort(key=lambda record: (-scores[record.rowid], record.rowid))
        worth = scores[found[0].rowid] + (SECOND * scores[found[1].rowid] if len(found) > 1 else 0.0)
        ranked.append((-worth, found[0].rowid, found))
    return [record for _, _, found in sorted(ranked, key=lambda entry: entry[:2]) for record in found]
