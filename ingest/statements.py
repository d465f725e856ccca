"""Which of the primary statements a table is, told from the titles above it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ingest.filing import Statement

_TITLES: tuple[tuple[Statement, re.Pattern[str]], ...] = (
    (
        "comprehensive_income",
        re.compile(r"\bstatements?\s+of\s+(?:consolidated\s+)?(?:other\s+)?comprehensive\s+(?:income|loss|earnings)", re.I),
    ),
    ("cash_flow", re.compile(r"\bstatements?\s+of\s+(?:consolidated\s+)?cash\s*flows?\b|\bcash\s*flows?\s+statements?\b", re.I)),
    (
        "equity",
        re.compile(
            r"\bstatements?\s+of\s+(?:consolidated\s+)?(?:changes\s+in\s+)?(?:(?:stock|share)holders?['’]?s?['’]?|shareowners['’]?|total|changes\s+in)?\s*"
            r"(?:equity|deficit|investment)",
            re.I,
        ),
    ),
    ("balance", re.compile(r"\bbalance\s+sheets?\b|\bstatements?\s+of\s+(?:consolidated\s+)?financial\s+(?:position|condition)\b", re.I)),
    (
        "income",
        re.compile(
            r"\bstatements?\s+of\s+(?:net\s+)?(?:consolidated\s+)?(?:income|operations|earnings|loss)\b"
            r"|\bincome\s+statements?\b|\bprofit\s+(?:and|or)\s+loss\b",
            re.I,
        ),
    ),
)
TITLE_WORDS = 16
"""A line with more words than this mentions a statement rather than being its title."""
_ELSEWHERE = re.compile(
    r"\b(?:notes?\s+to|see|refer|accompanying|reconciliation|impact|effects?|line items?|selected|percentage)\b", re.I
)


def statement_of(titles: Iterable[str]) -> Statement | None:
    """Return the statement that the nearest of ``titles`` (nearest last) names, or None."""
    for title in reversed(list(titles)):
        if len(title.split()) > TITLE_WORDS or _ELSEWHERE.search(title) or title.rstrip().endswith("."):
            continue
        for statement, pattern in _TITLES:
            if pattern.search(title):
                return statement
    return None
