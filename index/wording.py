"""The wording of questions: what it tells of intent, statement and display, and what is left unread."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from index.asked_periods import find_periods
from index.directions import FELL, ROSE, SIGN, read_sign
from index.parts import IN_QUARTER, PER_SHARE, asks_part_of_year, asks_per_share
from index.series import wants_figures
from ingest.filing import Statement
from ingest.vocabulary import Concept, Formula, normalise_label

Intent = Literal["lookup", "change", "growth", "average", "ratio", "explain"]
"""What is wanted: a figure, an absolute or relative change, a mean over years, one figure over another, prose."""

STATEMENT_WORDS: tuple[tuple[Statement, re.Pattern[str]], ...] = (
    (
        "cash_flow",
        re.compile(r"\bcash[\s-]flows?\s+statements?\b|\bstatements?\s+of\s+cash[\s-]flows?\b", re.I),
    ),
    ("comprehensive_income", re.compile(r"\bstatements?\s+of\s+comprehensive\s+income\b", re.I)),
    (
        "balance",
        re.compile(r"\bbalance\s+sheets?\b|\bstatements?\s+of\s+financial\s+(?:position|condition)\b", re.I),
    ),
    (
        "income",
        re.compile(
            r"\bincome\s+statements?\b|\bstatements?\s+of\s+(?:income|operations|earnings)\b|\bP\s?&\s?L(?:\s+statements?)?\b"
            r"|\bprofit\s+(?:and|&)\s+loss(?:\s+statements?)?\b",
            re.I,
        ),
    ),
    ("equity", re.compile(r"\bstatements?\s+of\s+(?:share|stock)holders['’]?\s+equity\b", re.I)),
)
_GROWTH = re.compile(
    r"\bgrowth\b|\bgrew\b|\bgrow\b|\bgrown\b|\b(?:percent(?:age)?|%)\s+(?:change|increase|decrease|decline)\b"
    r"|\byear[\s-]over[\s-]year\b|\byoy\b|\b(?:change|increase|decrease|decline)\b[^.?]*\b(?:percent|%)",
    re.I,
)
_CHANGE = re.compile(
    r"\bchange[ds]?\b|\bincrease[ds]?\b|\bdecrease[ds]?\b|\bdecline[ds]?\b|\bdifference\b|\bhow\s+much\s+(?:more|less)\b",
    re.I,
)
_AVERAGE = re.compile(
    r"\b(?:\d|two|three|four|five)[\s-]+years?\s+average\b|\baverage\b[^.?]*\b(?:over|for|across|from)\b",
    re.I,
)
_RATIO = re.compile(
    r"\bas\s+(?:a\s+)?(?:%|percent(?:age)?|share|fraction|proportion)\s+of\b|\bratio\s+of\b|\bdivided\s+by\b",
    re.I,
)
_MARGIN = re.compile(r"(?:%|percent(?:age)?)?\s*margin\b", re.I)
_EXPLAIN = re.compile(
    r"^\s*(?:(?:in|for|as\s+of)\s[^,]{0,30},\s*)?(?:why|who|where|which|describe|explain|summari[sz]e|list|has|have|is|are|does|do|did|were|was)\b"
    r"|\bwhat\s+(?:drove|caused|kind|type)\b|\bhow\s+(?:did|does|do)\b[^?]*\bcompare\b",
    re.I,
)
DEFINED = re.compile(
    r"\b(?:is|are)?\s*(?:defined|calculated|computed)\s+as\b|\bdefine\b|(?<=[.?!])\s+calculate\s+\w[^.]*\s+using\b",
    re.I,
)
_POWER = re.compile(
    r"\bin\s+(?:usd\s+|us\s+|u\.s\.\s+|\$\s*)?(thousand|million|billion)s?\b|\b(?:usd|\$)\s*(thousand|million|billion)s?\b",
    re.I,
)
_POWERS = {"thousand": 3, "million": 6, "billion": 9}
_DECIMALS = re.compile(r"\b(one|two|three|four|zero|no|\d)\s+decimals?(?:\s+places?)?\b", re.I)
_DECIMAL_WORDS = {"zero": 0, "no": 0, "one": 1, "two": 2, "three": 3, "four": 4}
_PERCENT = re.compile(r"\bpercent(?:s|age)?\b|%", re.I)


@dataclass(frozen=True, slots=True)
class Display:
    """How the answer is to be shown. ``power`` is a power of ten (millions: 6), None where not said."""

    power: int | None = None
    decimals: int | None = None
    percent: bool = False


def read_intent(question: str, things: Sequence[Concept | Formula]) -> Intent:
    """Return what ``question`` wants of the things that it names."""
    if not things:
        return "explain"
    if wants_figures(question) and len(find_periods(question)) > 1:
        return "lookup"
    if _AVERAGE.search(question) and len(find_periods(question)) != 1:
        return "average"
    if _RATIO.search(question) and len(things) >= 2:
        return "ratio"
    if _EXPLAIN.search(question):
        return "explain"
    metric = next((thing for thing in things if isinstance(thing, Formula)), None)
    if metric is not None:
        return _intent_of_metric(_besides(_asking_sentence(question, things), things), metric)
    # What is called "change in inventories" is looked up like any other line.
    asked = _besides(question, things) if any(_CHANGE.search(name) for name in _named(question, things)) else question
    if _GROWTH.search(asked):
        return "growth"
    if _MARGIN.search(_besides(asked, things)):
        return "ratio"
    return "change" if _CHANGE.search(asked) else "lookup"


def _named(question: str, things: Sequence[Concept | Formula]) -> list[str]:
    """The names by which the question may be naming the things."""
    plain = f" {normalise_label(question)} "
    return [name for thing in things for name in names_of(thing) if f" {name} " in plain]


def _intent_of_metric(asked: str, metric: Formula) -> Intent:
    """Amounts grow; a percentage or a ratio changes by points. ``asked`` is the wording besides the metric's name."""
    if _GROWTH.search(asked):
        return "growth" if metric.result in ("money", "money/shares") else "change"
    return "change" if _CHANGE.search(asked) else "lookup"


def is_follow_up(question: str) -> bool:
    """Whether a question in a conversation is short enough to lean on the one before it."""
    return len(question.split()) <= 12


def read_display(question: str) -> Display:
    """Return the scale, decimals and percent sign that ``question`` asks for."""
    power = _POWER.search(question)
    decimals = _DECIMALS.search(question)
    count: int | None = None
    if decimals is not None:
        word = decimals[1].lower()
        count = _DECIMAL_WORDS[word] if word in _DECIMAL_WORDS else int(word)
    return Display(
        power=_POWERS[(power[1] or power[2]).lower()] if power else None,
        decimals=count,
        percent=bool(_PERCENT.search(question)),
    )


_NEUTRAL_WORDS = """
a an the of in on at for to and or by from with as is are was were be been did does do has have had it its
this that what which how much many give show tell me us please find report reported reports according based
corporation corp inc co ltd plc
company companies amount amounts value values figure figures total number level levels balance balances end ended
ending year years fiscal fy quarter quarterly annual full yearly usd dollar dollars million millions billion
billions thousand thousands mm bn percent percentage percents units unit answer round rounded one two three
decimal decimals place places during over between through across period periods unadjusted consolidated net
quantity their they we i our using use calculate compute calculation extract outlined explicitly shown stated directly
line item items form filing filings 10k 10q 10 k q change changed changes increase increased decrease
decreased decline declined growth grow grew grown rate ratio margin average mean difference yoy attributable
shareholders stockholders common stock share paid pay pays out spend spent generate generated earn
earned make made before after about then previous prior last latest most recent same also versus vs compared
compare relative among more less than when where there s times
"""
_NEUTRAL = frozenset(_NEUTRAL_WORDS.split())
"""Words that change nothing about which figure is meant once companies, periods and names are known."""


_SHAPING_WORDS: tuple[tuple[frozenset[str], tuple[Intent, ...]], ...] = (
    (frozenset(("average", "mean")), ("average",)),
    (frozenset(("growth", "grow", "grew", "grown", "yoy")), ("growth", "change")),
    (frozenset(("change", "changed", "changes", "difference")), ("growth", "change")),
    (frozenset(("increase", "increased", "decrease", "decreased", "decline", "declined")), ("growth", "change")),
    (frozenset(("ratio", "margin")), ("ratio",)),
)
"""Neutral words that ask for a calculation, and the intents that carry it out."""


def unread_words(
    question: str,
    known: Iterable[str],
    things: Sequence[Concept | Formula],
    intent: Intent = "lookup",
    direction: int = 0,
) -> tuple[str, ...]:
    """Return the content words of a question that nothing in its Query accounts for.

    Only the sentence that names the things counts: the others say how to answer. ``known`` are the
    names of companies as the question writes them. Words for a calculation are accounted for by an
    ``intent`` that carries it out, or by a ``direction`` that is judged. A word left over ("segments",
    "excluding", "core") means that the question says more than was understood, so a figure found for the
    rest may be wrong.
    """
    sentence = _ON_DATA.sub(r"\1", _DECIMALS.sub(" ", _asking_sentence(question, things)))
    for pattern, read in (
        (ROSE, direction != 0),
        (FELL, direction != 0),
        (SIGN, read_sign(question)),
        (PER_SHARE, asks_per_share(sentence, things)),
        (IN_QUARTER, asks_part_of_year(sentence, find_periods(sentence), things)),
        (_POINTS, intent == "change" and all(_is_share(thing) for thing in things)),
        (_EXTREME, read_extreme(question, things)),
    ):
        sentence = pattern.sub(" ", sentence) if read else sentence
    for _, pattern in STATEMENT_WORDS:
        sentence = pattern.sub(" ", sentence)
    for name in known:
        sentence = sentence.replace(name, " ")
    amounts = tuple(match[0] for match in _AMOUNT.finditer(sentence))
    words = _besides(sentence, things)
    per_share = any(isinstance(thing, Formula) and thing.result == "money/shares" for thing in things) or any(
        isinstance(thing, Concept) and thing.unit == "money/shares" for thing in things
    )
    uncarried = frozenset(
        word
        for shaping, intents in _SHAPING_WORDS
        for word in shaping
        if intent not in (*intents, "explain") and not (direction and "growth" in intents)
    ) - (_METRIC_WORDS if any(isinstance(thing, Formula) for thing in things) else frozenset())
    words = words.replace("per share", "" if per_share else "per-share")
    expense = any(isinstance(thing, Concept) and thing.positive and thing.statement == "income" for thing in things)
    left = tuple(
        word
        for word in words.split()
        if (word not in _NEUTRAL or word in uncarried) and re.search("[a-z]", word) and not _TIME.fullmatch(word)
        if not (expense and word in ("expense", "expenses"))
    )
    return left + amounts


_POINTS = re.compile(r"\b(?:percentage|percent|%|basis)[\s-]+points?\b", re.I)
_ON_DATA = re.compile(r"\bbased\s+on\s+(?:its\s+|the\s+)?((?:FY\s?)?\d{2,4})\s+(?:data|figures|results)\b", re.I)
_AMOUNT = re.compile(
    r"[$€£]\s?\d[\d,.]*|\d+(?:,\d{3})+(?:\.\d+)?|\d+\.\d+|\d+\s?(?:%|(?:percent|thousand|million|billion)\b)", re.I
)
"""A figure that the question itself states: nothing here compares with it or takes a part of it."""
_METRIC_WORDS = frozenset(("ratio", "margin", "rate"))
"""What a metric may be called besides its name."""


def _is_share(thing: Concept | Formula) -> bool:
    """Whether a thing is a percentage, which changes by points."""
    return thing.result == "percent" if isinstance(thing, Formula) else thing.unit == "pure"


def _besides(text: str, things: Sequence[Concept | Formula]) -> str:
    """The normalised words of ``text`` without the names of things."""
    words = normalise_label(text)
    for name in sorted((n for thing in things for n in names_of(thing)), key=len, reverse=True):
        words = f" {words} ".replace(f" {name} ", " ").strip()
    return words


def names_of(thing: Concept | Formula) -> tuple[str, ...]:
    """Every normalised name of a concept or formula."""
    labels = thing.labels if isinstance(thing, Concept) else ()
    return tuple(dict.fromkeys(normalise_label(name) for name in (thing.name, *thing.asked, *labels)))


_ASKS = re.compile(r"^(?:[^,]*,){1,3}\s*(?=what|how|which|who|did|does|do|is|was|compute|calculate|find|give)", re.I)
_TIME = re.compile(r"fy\d+(?:q\d)?|q\d+|\dq\d+|\d+s?|first|second|third|fourth|&|%|/")


def _asking_sentence(question: str, things: Sequence[Concept | Formula]) -> str:
    """The sentence, without what spells a formula out, that names most of the things."""
    text = DEFINED.split(question)[0] if DEFINED.search(question) else question
    sentences = re.split(r"(?<=[.?!])(?<![A-Z]\.)\s+|:\s+", text)
    names = [name for thing in things for name in names_of(thing)]

    def hits(sentence: str) -> int:
        plain = f" {normalise_label(sentence)} "
        return sum(f" {name} " in plain for name in names)

    sentence = max(sentences, key=hits, default=text)
    asking = _ASKS.search(sentence)
    return sentence[asking.end() :] if asking and hits(sentence[asking.end() :]) else sentence


_CONNECTORS = (
    (
        "divide",
        re.compile(
            r"\bas (?:a )?(?:%|(?:percent|percentage|share|fraction|proportion)\b).*\bof\b"
            r"|\bdivided by\b|\bover\b|^ to $"
        ),
    ),
    ("subtract", re.compile(r"\b(?:less|minus|net of|excluding)\b")),
    ("add", re.compile(r"\b(?:plus|added to)\b")),
    ("list", re.compile(r"^\s*(?:&|as well as|)\s*(?:the|its|their)?\s*$")),
)


def read_connector(between: str) -> str:
    """Return the operator that the normalised words between two names stand for, ``list`` for "and", or ""."""
    return next((name for name, pattern in _CONNECTORS if pattern.search(between)), "")


_EXTREME = re.compile(r"\b(?:(highest|largest|greatest)|(lowest|smallest))\b", re.I)
_WHICH_PERIOD = re.compile(r"\b(?:which|what)\s+(?:of\s+the\s+|of\s+these\s+)?(?:fiscal\s+)?(?:year|quarter)s?\b", re.I)
_WHICH_THING = re.compile(r"\b(?:which|what)\s+(?:one\s+)?(?:was|were|is)\b", re.I)
BETWEEN = re.compile(r"\bbetween\s+(?:FY\s?|fiscal\s+)?(\d{4})\s+and\s+(?:FY\s?|fiscal\s+)?(\d{4})\b", re.I)


def read_extreme(question: str, things: Sequence[Concept | Formula]) -> int:
    """Return 1 where ``question`` asks which was highest, -1 which was lowest, of periods or of things; else 0."""
    among = len(things) > 1 and _WHICH_THING.search(question)
    match = _EXTREME.search(question) if things and (_WHICH_PERIOD.search(question) or among) else None
    return 0 if match is None else 1 if match[1] else -1


_THAN = re.compile(r"\b(?:than|exceed(?:s|ed)?)\b", re.I)


def sets_against(question: str) -> bool:
    """Whether ``question`` sets one thing against another: "higher than", "exceeds"."""
    return bool(_THAN.search(question))
