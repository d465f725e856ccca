"""Quotes the passage that answers a question in its own words, where the search found one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.verify import QUOTE_COVERAGE, stem, words_covered
from index.asked_periods import find_days
from index.evidence import Evidence, EvidenceLine
from model.program import Program, Quote

_WANTS_NUMBER = re.compile(
    r"\bhow\s+(?:many|much|often|large|big|high|long)\b"
    r"|\bwhat\s+(?:(?:is|was|are|were)\s+the\s+)?(?:total\s+)?(?:percent|share|number|amount)"
    r"|\bwhat\s+did\b.*\b(?:pay|spend|cost|earn|receive|owe)\b",
    re.I,
)
_WANTS_NAME = re.compile(r"^\W*(?:(?:in|on|at|for|as\s+of)\s[^,]*,\s*)?(?:who|whom|when|where)\b", re.I)
"""What a sentence can answer by itself. Whether, why and which of several it cannot: that takes weighing."""
FEWEST_WORDS = 2
"""A single word in common does not tie a sentence to a question."""
SENTENCE_WORDS = 7
"""Anything shorter is a heading, a signature or a fragment."""


def quotation(evidence: Evidence) -> Program | None:
    """Return a program that quotes the one sentence that speaks of nearly all that the question does, or None.

    Only a question for a number, a person, a place or a time is answered so. One for a number wants a
    sentence that prints one before a word of the question ("6,200 full-time employees"), and no second
    sentence that does so too. A day that the question names must stand in the sentence. A figure that the
    vocabulary has a name for is looked up or computed, never told by prose about it.
    """
    query = evidence.query
    if query.things and query.intent != "explain":
        return None
    wants_number = bool(_WANTS_NUMBER.search(query.text))
    if not wants_number and not _WANTS_NAME.search(query.text):
        return None
    ranked: list[tuple[float, int, EvidenceLine]] = []
    for position, line in enumerate(evidence.lines):
        if line.kind != "sentence" or not _is_sentence(line.label) or not set(query.days) <= set(find_days(line.label)):
            continue
        share, missing = words_covered(query, f"{line.label} {line.title}")
        found = [word for word in query.unread if word not in missing]
        tied = len(found) >= FEWEST_WORDS and (not wants_number or _counts(line.label, found))
        if share >= QUOTE_COVERAGE and tied:
            ranked.append((-share, position, line))
    if not ranked or (wants_number and len({line.label for _, _, line in ranked}) > 1):
        return None
    return Quote((min(ranked)[2].id,))


def _is_sentence(text: str) -> bool:
    return len(text.split()) >= SENTENCE_WORDS and text.rstrip("”\"') ").endswith(".")


def _counts(sentence: str, words: Sequence[str]) -> bool:
    """Whether the sentence prints a number, not a percentage, shortly before one of the words."""
    return any(
        re.search(
            rf"(?<![\w.,])(?!(?:19|20)\d\d\b)\d[\d,.]*(?![\w-])(?:\s+(?:thousand|million|billion))?(?:\s+[\w-]+){{0,3}}\s+{re.escape(stem(word))}",
            sentence,
            re.I,
        )
        for word in words
    )
