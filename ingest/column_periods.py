"""What the heads of columns and the lines above a table say about time."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from ingest.columns import is_comparison
from ingest.dates import months_between
from ingest.document import RawRow
from ingest.filing import Column
from ingest.periods import PeriodHints, all_dates, only_time, read_hints, read_prose, without_date
from ingest.roles import Role, role_of

TITLE_WORDS = 14
"""A line above a table with more words is running text, of which only plain statements about time count."""
STOCKS_AMONG = 3
"""Where one head in so many is of a stock, all are."""
_STOCK_HEAD = re.compile(
    r"\blevel\s+[123]\b|\b(?:gross|net)?\s*carrying\s+(?:amount|value)\b|\bfair\s+values?\b|\baccumulated\s+(?:amorti|depreci)"
    r"|\bamorti[sz]ed\s+cost\b|\bnotional\b|\bunrealized\s+(?:gains?|loss(?:es)?)\b|^(?:assets?|liabilit(?:y|ies)|outstanding|exercisable)$|\bdeferred\s+tax\b"
    r"|\bprincipal\b|\bnumber\s+outstanding\b",
    re.IGNORECASE,
)
_TELLS_PERIOD = re.compile(
    r"\b(?:ended|ending|as\s+of|months|weeks|fiscal)\b|\bat\s+(?:[A-Z][a-z]+\s+\d|fiscal|year)|^at\b|\bquarter\b",
    re.IGNORECASE,
)
_FLOW_HEAD = re.compile(r"\b(?:losses|gains|income|expenses?|revenues?|sales|purchases|changes?)\b", re.IGNORECASE)
_TITLE_OF_NOTES = re.compile(r"^\W*notes?\s+(?:to|forming)\s+.*\b(?:statements|accounts)\b", re.IGNORECASE)
_TO_DATE = re.compile(r"\bto[\s-]date\b|\bsince\s+inception\b", re.IGNORECASE)
_TARGET = re.compile(r"\btarget(?:ed)?\s+(?:\w+\s+)?allocations?\b", re.IGNORECASE)
_SHORT_YEAR = re.compile(r"[’'](\d\d)\b|\b((?:19|20)\d\d)\b")


@dataclass(frozen=True, slots=True)
class ColumnTime:
    """What one column says about time: ``own`` is of its heads, ``shared`` of the lines around.

    ``dated`` tells that the heads name a year or day. A ``silent`` column has no period: one of changes,
    or one without a date among dated ones. ``noun`` is what the words of the heads make of rows that tell nothing,
    ``around`` the one day that the lines above name, whatever the heads say. A column ``to_date``
    holds all that has come together by the day of the balance sheet; one of a ``target`` is held on it, whatever year
    it names.
    """

    own: PeriodHints
    shared: PeriodHints
    role: Role | None
    dated: bool
    silent: bool
    noun: Role | None = None
    around: date | None = None
    to_date: bool = False
    target: bool = False


def column_times(caption: Sequence[str], header: Sequence[RawRow], heads: Sequence[Sequence[str]]) -> list[ColumnTime]:
    """Return what each column says about time."""
    around = _hints_around(caption, header)
    hints = [read_hints(" ".join(head)) for head in heads]
    if not any(_is_dated(hint) for hint in hints):
        hints = _dates_in_order(caption, header, hints)
    changes = [is_comparison(head) for head in heads]
    hints = [_later_year(head) if change else hint for head, hint, change in zip(heads, hints, changes, strict=True)]
    hints = _with_single_date(hints, changes)
    hints = _with_dates_of_pairs(hints, heads, changes)
    hints = _with_stretches(hints, changes)
    hints = _with_latest_day(hints, changes, around)
    roles = _roles(heads)
    any_dated = any(_is_dated(hint) for hint in hints)
    shared = around._replace(year=None, end=None) if any_dated else around
    return [
        ColumnTime(
            own=hint,
            shared=shared,
            role=role,
            dated=_is_dated(hint),
            silent=(change or any_dated) and not _is_dated(hint),
            around=around.end,
            to_date=not _is_dated(hint) and _TO_DATE.search(" ".join(head)) is not None,
            target=_TARGET.search(" ".join(head)) is not None,
            noun=next((noun for each in reversed(head) if (noun := role_of(each))), None),
        )
        for head, role, hint, change in zip(heads, roles, hints, changes, strict=True)
    ]


def without_twins(columns: Sequence[Column], percent: frozenset[int]) -> frozenset[int]:
    """The columns that nothing tells apart: a figure of an unknown year is none."""
    names = [(c.period, c.index in percent, tuple(" ".join(h.lower().split()) for h in c.header)) for c in columns]
    seen = Counter(names)
    return frozenset(c.index for c, name in zip(columns, names, strict=True) if seen[name] > 1)


def _is_dated(hints: PeriodHints) -> bool:
    return hints.year is not None or hints.end is not None


def _role_of_head(head: Sequence[str]) -> Role | None:
    role = role_of(" ".join(head))
    if role in ("opening", "closing"):
        return role
    return "stock" if any(_STOCK_HEAD.search(each) for each in (*head, " ".join(head))) else None


def _roles(heads: Sequence[Sequence[str]]) -> list[Role | None]:
    """What the heads make of their columns: where many are stocks, so are those beside them that tell nothing.

    "Adjusted cost" flows by its words, but not beside unrealized gains and fair values.
    """
    roles = [_role_of_head(head) for head in heads]
    if roles.count("stock") * STOCKS_AMONG < len(roles):
        return roles
    return [
        role or (None if _FLOW_HEAD.search(" ".join(head)) else "stock")
        for role, head in zip(roles, heads, strict=True)
    ]


def _said_in(line: str) -> PeriodHints:
    """What a line says about the table's period: in a title every word counts, in a sentence what states a period."""
    said = read_prose(line)
    return read_hints(line) if said == PeriodHints() and _is_title(line) else said


def _is_title(line: str) -> bool:
    return len(line.split()) <= TITLE_WORDS and bool(_TELLS_PERIOD.search(line))


def _later_year(head: Sequence[str]) -> PeriodHints:
    """A percentage of change between two years that are named, '23 vs. '22, is of the later; others are of none."""
    text = " ".join(head)
    years = [int(long) if long else 2000 + int(short) for short, long in _SHORT_YEAR.findall(text)]
    return PeriodHints(year=max(years)) if len(years) == 2 and "%" in text else PeriodHints()


def _with_stretches(hints: list[PeriodHints], changes: list[bool]) -> list[PeriodHints]:
    """Columns that lead from the day of one column to the later day of another are about the time between."""
    result = list(hints)
    dated = [i for i, hint in enumerate(hints) if _is_dated(hint)]
    for left, right in pairwise(dated):
        first, last = hints[left].end, hints[right].end
        inside = range(left + 1, right)
        if first is None or last is None or last <= first or not inside:
            continue
        if any(changes[i] or hints[i].months for i in inside):
            continue
        for i in inside:
            result[i] = PeriodHints(end=last, months=months_between(first, last))
        result[left], result[right] = hints[left]._replace(months=0), hints[right]._replace(months=0)
    return result


def _with_single_date(hints: list[PeriodHints], changes: list[bool]) -> list[PeriodHints]:
    """Where one head alone names a day and the columns beside it none, they are about that day too."""
    dated = [hint for hint in hints if _is_dated(hint)]
    if len(dated) != 1 or dated[0].end is None or len(hints) < 2:
        return hints
    return [h if change or _is_dated(h) else h.or_else(dated[0]) for h, change in zip(hints, changes, strict=True)]


def _with_latest_day(hints: list[PeriodHints], changes: list[bool], around: PeriodHints) -> list[PeriodHints]:
    """A column without a date beside those of several days is about the latest: a rate, a principal, a maturity."""
    days = [hint.end for hint in hints if hint.end is not None]
    others = [i for i, hint in enumerate(hints) if not _is_dated(hint) and not changes[i]]
    lengths = {hint.months for hint in hints} | {around.months}
    if len(set(days)) < 2 or len(days) + len(others) != len(hints) or lengths - {None, 0}:
        return hints
    return [hint._replace(end=max(days)) if i in others else hint for i, hint in enumerate(hints)]


def _with_dates_of_pairs(
    hints: list[PeriodHints], heads: Sequence[Sequence[str]], changes: list[bool]
) -> list[PeriodHints]:
    """A head without a date that is repeated right of each dated one belongs to the date on its left."""
    dated = [i for i, hint in enumerate(hints) if _is_dated(hint)]
    others = [i for i, hint in enumerate(hints) if not _is_dated(hint)]
    if not dated or dated[0] != 0 or len(others) % len(dated) or len({i for i in others if changes[i]}) == len(others):
        return hints
    share = len(hints) // len(dated)
    groups = [tuple(tuple(heads[i]) for i in range(start + 1, start + share)) for start in range(0, len(hints), share)]
    if dated != list(range(0, len(hints), share)) or len(groups) < 2 or len(set(groups)) > 1:
        return hints
    return [hint if _is_dated(hint) else hint.or_else(hints[i - i % share]) for i, hint in enumerate(hints)]


def _dates_in_order(caption: Sequence[str], header: Sequence[RawRow], hints: list[PeriodHints]) -> list[PeriodHints]:
    """Where no head has a year, a line above with as many dates as there are columns names them in order."""
    stubs = [row.label for row in reversed(header)]
    for line in [*stubs, *reversed(caption[-4:])]:
        dates = all_dates(line)
        if len(dates) > 1 and (
            line in stubs
            or only_time(line)
            or _is_title(line)
            or (line == caption[-1] and read_prose(line) != PeriodHints())
        ):
            return [h.or_else(d) for h, d in zip(hints, dates, strict=True)] if len(dates) == len(hints) else hints
    return hints


def _without_title_of_notes(caption: Sequence[str]) -> list[str]:
    """The lines above a table less the year that heads all notes: "Notes to the accounts for the year ended …"."""
    kept: list[str] = []
    for above, line in pairwise(("", *caption)):
        heads_notes = _TITLE_OF_NOTES.search(line) or (_TITLE_OF_NOTES.search(above) and only_time(line))
        if not (heads_notes and read_hints(line).months == 12):
            kept.append(line)
    return kept


def _hints_around(caption: Sequence[str], header: Sequence[RawRow]) -> PeriodHints:
    """What the stub head and the lines above say about time, the nearest first."""
    hints = PeriodHints()
    stubs = [row.label for row in reversed(header)]
    for line in [*stubs, *reversed(_without_title_of_notes(caption))]:
        said = read_hints(line) if only_time(line) else _said_in(line)
        dates = all_dates(line)
        hints = hints.or_else(said if len(dates) <= 1 else without_date(said, dates))
    return hints
