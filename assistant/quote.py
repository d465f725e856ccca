"""Quotes the passage that answers a question in its own words, where the search found one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.verify import QUOTE_COVERAGE, stem, words_covered
from index.evidence import Evidence, EvidenceLine
from model.program import Program, Quote

_WANTS_NUMBER = re.compile(
    r"\bhow\s+(?:many|much|often|large|big|high|long)\b|\bwhat\s+(?:percent|share|number|amount)"
    r"|\bwhat\s+did\b.*\b(?:pay|spend|cost|earn|receive|owe)\b",
    re.I,
)
FEWEST_WORDS = 2
"""A single word in common does not tie a sentence to a question."""
SENTENCE_WORDS = 7
"""Anything shorter is a heading, a signature or a fragment."""


def quotation(evidence: Evidence) -> Program | None:
    """Return a program that quotes the one sentence that speaks of nearly all that the question does, or None.

    A question for a number wants a sentence that prints one before a word of the question ("6,200
    full-time employees"), and no second sentence that does so too. A figure that the vocabulary has a
    name for is looked up or computed, never told by prose about it.
    """
    query = evidence.query
    if query.things and query.intent != "explain":
        return None
    wants_number = bool(_WANTS_NUMBER.search(query.text))
    ranked: list[tuple[float, int, EvidenceLine]] = []
    for position, line in enumerate(evidence.lines):
        if line.kind != "sentence" or not _is_sentence(line.label):
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
            rf"(?<![\w.,])\d[\d,.]*(?:\s+(?:thousand|million|billion))?(?:\s+[\w-]+){{0,3}}\s+{re.escape(stem(word))}",
            sentence,
            re.I,
        )
        for word in words
    )
