"""Quotes the passage that answers a question in its own words, where the search found one."""

from __future__ import annotations

import re

from assistant.verify import QUOTE_COVERAGE, words_covered
from index.evidence import Evidence, EvidenceLine
from model.program import Program, Quote

_WANTS_NUMBER = re.compile(
    r"\bhow\s+(?:many|much|often|large|big|high|long)\b|\bwhat\s+(?:percent|share|number|amount)", re.I
)


def quotation(evidence: Evidence) -> Program | None:
    """Return a program that quotes the one line that speaks of nearly all that the question does, or None.

    A question for a number wants a line that prints one.
    """
    query = evidence.query
    wants_number = bool(_WANTS_NUMBER.search(query.text))
    ranked: list[tuple[float, int, EvidenceLine]] = []
    for position, line in enumerate(evidence.lines):
        if line.kind != "sentence" or (wants_number and not re.search(r"\d", line.label)):
            continue
        share, _ = words_covered(query, f"{line.label} {line.title}")
        if share >= QUOTE_COVERAGE and query.unread:
            ranked.append((-share, position, line))
    return Quote((min(ranked)[2].id,)) if ranked else None
