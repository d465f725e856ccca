"""Which of the primary statements a table is, told from the titles above it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ingest.filing import Statement

# Titles are compared without blanks, for a bold title is often printed with blanks inside its words.
_TITLES: tuple[tuple[Statement, re.Pattern[str]], ...] = (
    (
        "comprehensive_income",
        re.compile(r"statements?of(?:consolidated)?(?:other)?comprehensive(?:income|loss|earnings)"),
    ),
    ("cash_flow", re.compile(r"statements?of(?:consolidated)?cashflows?|cashflows?statements?")),
    (
        "equity",
        re.compile(
            r"statements?of(?:consolidated)?changesin(?:stock|share)holders"
            r"|statements?of(?:consolidated)?(?:changesin)?(?:consolidated)?(?:common)?(?:redeemable[a-z]{0,60}and)?(?:total)?"
            r"(?:(?:stock|share)holders?|shareowners?|owners?|members?|partners?)?(?:equity|deficit|investment|capital)"
        ),
    ),
    ("balance", re.compile(r"balancesheets?|statements?of(?:consolidated)?financial(?:position|condition)")),
    (
        "income",
        re.compile(
            r"statements?of(?:net)?(?:consolidated)?(?:income|operations|earnings|loss)|incomestatements?|profit(?:and|or)loss"
        ),
    ),
)
_LETTERS = re.compile(r"[^a-z]")
_BULLETS = ("•", "●", "▪", "◦", "·")
TITLE_WORDS = 16
"""A line with more words than this mentions a statement rather than being its title."""
STATEMENT_ROWS = 6
"""A statement has at least this many rows; a shorter table quotes from one."""
_ELSEWHERE = re.compile(
    r"\b(?:notes?\s+to|see|refer|accompanying|reconciliation|impact|effects?|line items?|selected|summari[sz]ed"
    r"|percentage|following|tables?|presents?|sets?\s+forth|included|disclosures?|off[-\s]balance|recognized\s+in)\b",
    re.I,
)


_CAPITAL = re.compile(r"\b(?:Consolidated|Statements?|Balance Sheets?)\b")
"""A line that begins in lower case is no title, unless a stray word stands before one."""


def statement_of(titles: Iterable[str]) -> Statement | None:
    """Return the statement that the nearest of ``titles`` (nearest last) names, or None."""
    for title in reversed(list(titles)):
        if (
            len(title.split()) > TITLE_WORDS
            or (title[:1].islower() and not _CAPITAL.search(title))
            or _ELSEWHERE.search(title)
            or title.rstrip().endswith(".")
            or title.lstrip()[:1] in _BULLETS
        ):
            continue
        letters = _LETTERS.sub("", title.lower())
        for statement, pattern in _TITLES:
            if pattern.search(letters):
                return statement
    return None
