"""Quotes the passage that answers a question in its own words, where the search found one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.verify import QUOTE_COVERAGE, stem, words_covered
from index.evidence import Evidence, EvidenceLine
from model.program import Program, Quote

_WANTS_NUMBER = re.compile(
    r"\bhow\s+(?:many|much|often|large|big|high|long)\b|\bwhat\s+(?:percent|share|number|amount)", re.I
)


FEWEST_WORDS = 2
"""One word in common ties a sentence to a question only where a number stands before it."""


def quotation(evidence: Evidence) -> Program | None:
    """Return a program that quotes the one line that speaks of nearly all that the question does, or None.

    A question for a number wants a line that prints one before a word of the question: "6,200 employees".
    """
    query = evidence.query
    wants_number = bool(_WANTS_NUMBER.search(query.text))
    ranked: list[tuple[float, int, EvidenceLine]] = []
    for position, line in enumerate(evidence.lines):
        if line.kind != "sentence":
            continue
        share, missing = words_covered(query, f"{line.label} {line.title}")
        found = [word for word in query.unread if word not in missing]
        tied = _counts(line.label, found) if wants_number else len(found) >= FEWEST_WORDS
        if share >= QUOTE_COVERAGE and tied:
            ranked.append((-share, position, line))
    return Quote((min(ranked)[2].id,)) if ranked else None


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
