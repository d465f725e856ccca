"""Questions about parts of a whole: the largest liability, the segment that fell most, what share a region has."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from index.asked_periods import AskedPeriod, unread_time, without_lengths
from index.query import Query
from index.rows import tokens
from index.siblings import Kind
from index.wording import unread_words
from ingest.vocabulary import Concept, Formula

Asks = Literal["extreme", "change", "above", "share"]
"""Which part is greatest or smallest; which changed most; which are above a share of the whole; which share one has."""

_KIND = (
    r"(?:(?:business|operating|reportable|reporting|reported|geographic(?:al)?|major|main|different|individual|its|the)\s+)*"
    r"(?P<kind>segments?|divisions?|regions?|geograph(?:y|ies)|geographic(?:al)?\s+(?:areas?|markets?)|countr(?:y|ies)"
    r"|(?:product|service)s?(?:\s+(?:and|or|/|&)\s+(?:product|service)s?)?(?:\s+(?:categor(?:y|ies)|lines?|groups?|types?))?"
    r"(?:\s*/\s*(?:product|service)\s+categor(?:y|ies))?|categor(?:y|ies)|revenue\s+(?:streams?|sources?)|departments?)"
)
_WHICH = re.compile(rf"\b(?:which|what|any)\s+(?:one\s+)?(?:of\s+)?(?:\S+['’]s?\s+)?{_KIND}\b", re.IGNORECASE)
_KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("segment", re.compile(r"^(?:segment|division)", re.IGNORECASE)),
    ("region", re.compile(r"^(?:region|geograph|countr)", re.IGNORECASE)),
    ("product", re.compile(r"^(?:product|service|categor|revenue|department)", re.IGNORECASE)),
)
_MOST = re.compile(
    r"\b(?:(highest|largest|biggest|greatest|most|best|fastest)|(lowest|smallest|least|worst|slowest))\b", re.IGNORECASE
)
_GAIN = r"increases?|increased|growth|grew|grow|grown|gains?|gained|rises?|rose|jump(?:ed)?"
_LOSS = r"drops?|dropped|declines?|declined|decreases?|decreased|falls?|fell|reductions?|shrank"
_MOVED = re.compile(rf"\b(?:(?P<up>{_GAIN})|(?P<down>{_LOSS}))\b", re.IGNORECASE)
_RELATIVE = re.compile(
    r"\(?\b(?:on\s+a\s+|in\s+|by\s+)?(?:percentage|percent|%|relative|proportion(?:al(?:ly)?)?)(?:\s+(?:basis|terms))?\b\)?|%|\bfastest\b|\bslowest\b",
    re.IGNORECASE,
)
_ABOVE = re.compile(
    r"\b(?:more\s+than|over|above|at\s+least|exceed(?:s|ing|ed)?|greater\s+than|in\s+excess\s+of)\s+(?P<share>\d{1,2}(?:\.\d+)?)\s*"
    r"(?:%|per\s?cent)\s+of\b",
    re.IGNORECASE,
)
_SHARE = re.compile(
    r"\b(?:what|which)\s+(?:is\s+the\s+|was\s+the\s+)?(?:share|percentage|percent|proportion|portion|fraction|%)\s+of\b"
    r"|\bas\s+(?:a\s+)?(?:share|percentage|percent|proportion|%)\s+of\b",
    re.IGNORECASE,
)
_FILLER = re.compile(
    r"\b(?:year[\s-]over[\s-]year|yoy|compared\s+(?:to|with)\s+the\s+(?:prior|previous)\s+year|from\s+the\s+(?:prior|previous)\s+year"
    r"|represent(?:s|ed|ing)?|account(?:s|ed|ing)?\s+for|contribut(?:e[ds]?|ing|ions?)|c[ao]me[s]?|derived?|attributable"
    r"|generat(?:e[ds]?|ing)|ma[dk]es?\s+up|comes?\s+from|record(?:ed|s)?|brought\s+in|saw|see[ns]?|experienced?|posted|any|there|who"
    r"|in\s+terms\s+of|measured|based\s+on|performed|item|line|one)\b",
    re.IGNORECASE,
)
_PART_WORDS = re.compile(
    r"\b(?:business\s+)?(?:segment|division|region|business|unit|geography|market|categor(?:y|ies)|product\s+line)s?\b",
    re.IGNORECASE,
)
_STATEMENT_PART = re.compile(
    r"\b(?P<sort>current\s+|non-?\s?current\s+|operating\s+|total\s+)?(?P<noun>liabilit(?:y|ies)|assets?|expenses?|costs?)\b",
    re.IGNORECASE,
)
_WHOLES: dict[str, tuple[str, ...]] = {
    "liability": ("total_liabilities",),
    "current liability": ("current_liabilities",),
    "noncurrent liability": ("noncurrent_liabilities",),
    "asset": ("total_assets",),
    "current asset": ("current_assets",),
    "noncurrent asset": ("noncurrent_assets",),
    "operating expense": ("operating_expenses", "costs_and_expenses"),
}
"""The totals whose lines are meant, the first that is printed."""


@dataclass(frozen=True, slots=True)
class Among:
    """A question about the parts of a whole.

    ``kind`` is what parts are meant, and ``phrase`` how the question calls them. Of lines of a statement ``totals``
    are the keys of the concepts that they make up. ``sign`` is 1 where the greatest is asked for, -1 the smallest.
    ``threshold`` is the share, ``part`` the words of the one part that a share is asked of.
    """

    asks: Asks
    phrase: str
    kind: Kind | None = None
    measure: Concept | None = None
    totals: tuple[str, ...] = ()
    sign: int = 1
    relative: bool | None = None
    threshold: Decimal | None = None
    part: frozenset[str] = frozenset()
    periods: tuple[AskedPeriod, ...] = ()


def read_among(query: Query) -> Among | None:
    """Return what ``query`` asks of parts, or None where it asks nothing of them, or says more than is understood."""
    if len(query.companies) != 1 or not query.periods or query.spelled_out:
        return None
    return _of_kind(query) or _of_statement(query) or _of_one(query)


def _of_kind(query: Query) -> Among | None:
    """Which segment, region or product has the most, changed most, or is above a share of the whole."""
    which = _WHICH.search(query.asked)
    measure = _measure(query.things)
    if which is None or measure is None:
        return None
    kind = next(kind for kind, pattern in _KINDS if pattern.search(which["kind"]))
    text = f"{query.asked[: which.start()]} {query.asked[which.end() :]}"
    above, most, moved = _ABOVE.search(text), _MOST.search(text), _MOVED.search(text)
    phrase = which["kind"].lower()
    found: Among | None = None
    if above is not None:
        found = Among(
            "above", phrase, kind, measure, threshold=Decimal(above["share"]) / 100, periods=query.periods[-1:]
        )
        text = _ABOVE.sub(" ", text)
    elif most is not None and moved is not None:
        # The lowest drop and the slowest growth are the least changes: which is meant is not settled.
        sign = 1 if moved["up"] else -1
        relative = True if _RELATIVE.search(text) else None
        found = (
            Among("change", phrase, kind, measure, sign=sign, relative=relative, periods=_pair(query))
            if most[1]
            else None
        )
        text = _MOVED.sub(" ", _RELATIVE.sub(" ", text))
    elif most is not None:
        found = Among("extreme", phrase, kind, measure, sign=1 if most[1] else -1, periods=query.periods)
    if found is None or (above is None and len(found.periods) != (2 if found.asks == "change" else 1)):
        return None
    return found if not _left_of(_MOST.sub(" ", text), query, compared=found.asks == "change") else None


def _of_statement(query: Query) -> Among | None:
    """Which line of a statement is largest: a liability, an asset, an operating expense."""
    most = _MOST.search(query.asked)
    noun = _STATEMENT_PART.search(query.asked, most.end()) if most is not None else None
    if most is None or noun is None or query.asked[most.end() : noun.start()].strip() or len(query.periods) != 1:
        return None
    singular = {"liabilities": "liability", "costs": "expense", "cost": "expense"}
    word = singular.get(noun["noun"].lower(), noun["noun"].lower().rstrip("s"))
    sort = re.sub(r"[\s-]|total", "", (noun["sort"] or "").lower())
    phrase = f"{sort} {word}".strip()
    if phrase not in _WHOLES:
        return None
    text = f"{query.asked[: most.start()]} {query.asked[noun.end() :]}"
    if _left_of(text, query, things=()):
        return None
    return Among("extreme", phrase, totals=_WHOLES[phrase], sign=1 if most[1] else -1, periods=query.periods)


def _of_one(query: Query) -> Among | None:
    """Which share of the whole one part has, that is named."""
    measure = _measure(query.things)
    if measure is None or not _SHARE.search(query.asked) or len(query.periods) != 1:
        return None
    text = _PART_WORDS.sub(" ", _SHARE.sub(" ", query.asked))
    part = frozenset[str]().union(*map(tokens, _left_of(text, query))) if _left_of(text, query) else frozenset()
    if not part or any(re.search(r"\d", word) for word in part):
        return None
    return Among("share", "share", measure=measure, part=part, periods=query.periods)


def _measure(things: Sequence[Concept | Formula]) -> Concept | None:
    """The one amount of money that is asked about."""
    only = things[0] if len(things) == 1 else None
    return only if isinstance(only, Concept) and only.unit == "money" else None


def _pair(query: Query) -> tuple[AskedPeriod, ...]:
    """The two periods of a change, the later last."""
    last = query.periods[-1]
    return (query.periods[0], last) if len(query.periods) > 1 else (last.shift(-1), last)


def _left_of(
    text: str, query: Query, *, compared: bool = False, things: Sequence[Concept | Formula] | None = None
) -> tuple[str, ...]:
    """The words of ``text`` that are neither names nor fillers; what is not understood about time is among them."""
    plain = without_lengths(_FILLER.sub(" ", text), query.periods)
    left = unread_words(plain, query.written, query.things if things is None else things)
    return (*left, *unread_time(_FILLER.sub(" ", query.asked), query.periods, compared=compared))
