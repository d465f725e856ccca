"""The rows by which a primary statement is known, whatever its title says."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ingest.filing import Statement

_RESULT = r"net (?:\(?loss\)?|income|earnings)"
_ROWS: dict[Statement, tuple[str, ...]] = {
    "income": (
        r"revenue|net sales|^sales\b|premiums|interest income",
        r"cost of|costs and expenses|(?:operating|total|interest) expenses?|administrative|total costs",
        r"(?:operating|gross) (?:income|profit|loss|earnings|margin)"
        r"|(?:income|profit|loss|earnings)\)?.{0,20}(?:from op|before)",
        r"\btax(?:es)?\b",
        rf"^(?:consolidated )?{_RESULT}|^(?:profit|loss|earnings)\b",
        r"per (?:common )?(?:share|unit)|\bdiluted\b|\bbasic\b",
    ),
    "balance": (
        r"total assets|^assets.{0,3}total",
        r"total (?:current |other |noncurrent )?liabilities(?! and)|total deposits",
        r"total (?:liabilities and|shareholders|stockholders|shareowners|capitalization|.{0,40}(?:equity|deficit))",
        r"cash and (?:cash equivalents|due)|cash, cash",
        r"retained earnings|accumulated deficit|reinvested|earnings retained|accumulated other",
        r"inventor|receivable|property|goodwill|payable",
    ),
    "cash_flow": (
        r"operating activities|(?:provided|used) .{0,20}operati",
        r"investing activities|(?:provided|used) .{0,20}invest",
        r"financing activities|(?:provided|used) .{0,20}financ",
        r"depreciation|amortization",
        rf"^(?:consolidated )?{_RESULT}",
        r"\b(?:beginning|end)\b|net (?:increase|decrease|change)|(?:increase|decrease|change).{0,12} in cash",
    ),
    "comprehensive_income": (
        r"comprehensive (?:\(?loss\)?|income|earnings)",
        r"translation|currency",
        r"unrealized|available[\s-]for[\s-]sale|securities|investments",
        r"pension|postretirement|benefit plan|defined benefit|hedg|derivative|reclassif",
        rf"^(?:consolidated )?{_RESULT}",
    ),
    "equity": (
        r"balances?\b.{0,30}(?:\d{4}|beginning|end|at|as of)|(?:beginning|end|opening|closing).{0,20}balance"
        r"|\bat (?:january|december|june|march|september)",
        r"(?:net )?(?:income|earnings|loss)",
        r"dividend|distribution",
        r"repurchase|treasury|purchases? of|issu|(?:stock|share)[\s-]based|compensation|options|exercise",
        r"comprehensive|adjustment|translation",
    ),
}
_PATTERNS = {statement: tuple(re.compile(row, re.IGNORECASE) for row in rows) for statement, rows in _ROWS.items()}
_FIGURE = re.compile(r"\d{1,3}(?:,\d{3})+|\d+\.\d+|\d{2,}|[$(]\s?\d|[—–-]\s*$")
_NEEDED: dict[Statement, int] = {"income": 4, "balance": 4, "cash_flow": 4, "comprehensive_income": 2, "equity": 3}
_FEWEST: dict[Statement, int] = {"income": 8, "balance": 10, "cash_flow": 10, "comprehensive_income": 3, "equity": 5}
_UNMISTAKABLE: dict[Statement, frozenset[int]] = {
    "income": frozenset({0, 3, 4, 5}),
    "balance": frozenset({0, 1, 2}),
    "cash_flow": frozenset({0, 1, 2, 5}),
}


def with_figures(lines: Iterable[str]) -> list[str]:
    """Return the lines that print a figure, without blanks around them."""
    return [line.strip() for line in lines if _FIGURE.search(line)]


def kinds_of_rows(statement: Statement, rows: Iterable[str]) -> frozenset[int]:
    """Return which of the kinds of rows that the statement has are among ``rows``, by their numbers."""
    rows = tuple(rows)
    return frozenset(
        kind for kind, pattern in enumerate(_PATTERNS[statement]) if any(pattern.search(row) for row in rows)
    )


def is_whole(statement: Statement, kinds: frozenset[int], rows: int) -> bool:
    """Whether rows of these kinds, so many in all, below its title make a whole statement rather than a summary."""
    return len(kinds) >= _NEEDED[statement] and rows >= _FEWEST[statement]


def is_unmistakable(statement: Statement, kinds: frozenset[int], rows: int) -> bool:
    """Whether rows of these kinds are the statement even without a title."""
    return statement in _UNMISTAKABLE and kinds >= _UNMISTAKABLE[statement] and is_whole(statement, kinds, rows)
