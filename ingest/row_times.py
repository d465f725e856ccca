"""What the rows of a table say about time: by their labels, the headings above them and the balances around them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from ingest.columns import Extent, Setting, heads_in_row
from ingest.dates import months_between
from ingest.document import RawRow
from ingest.figures import is_year, read_figure
from ingest.periods import PeriodHints, find_range, only_time, read_hints
from ingest.roles import Role, certain_role, role_below, role_of

_NO_BALANCE = re.compile(
    r"\b(?:due|matur\w*|expir\w*|issued|through|until|since|after|before|prior|dated|announced|effective|notes?|bonds?"
    r"|debentures?|loans?|ended|ending|entered|acquired|adopt\w*|change)\b|%",
    re.IGNORECASE,
)
_ENDS_WITH_DATE = re.compile(r"(?:(?:19|20)\d\d|/\d\d)[\s).:*]*(?:\([^)]*\)\s*)?:?$")
_NAMED_BY_DATE = re.compile(r"\b(?:maturity|issue|issuance|declaration|record|payment|grant|closing)\b", re.IGNORECASE)
_BEGINS_WITH_BALANCE = re.compile(r"^(?:(?:opening|beginning|ending|closing|total|net)\s+)?balances?\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class RowTime:
    """What one row says about time.

    ``own`` is of its label, ``group`` of the headings above it. ``balance`` is the day of a row that states
    balances on a day, ``day`` the month and day of one that names no year; ``between`` is the stretch
    between the balances above and below a row. A row that ``rolls`` leads from an opening balance to a closing one; one
    that ``reconciles`` is part of the cash at the end of a statement of cash flows. ``heads`` are those of the columns
    where heads stand once more above the row, within the table. An ``event`` is named for the day on which it was.
    A row ``closes`` that names a day below one that opens.
    """

    label: str
    own: PeriodHints
    group: PeriodHints
    role: Role | None
    certain: Role | None
    heading: Role | None = None
    balance: date | None = None
    between: tuple[date, int] | None = None
    day: tuple[int, int] | None = None
    rolls: bool = False
    reconciles: bool = False
    closes: bool = False
    heads: tuple[PeriodHints, ...] = ()
    event: bool = False


def row_times(
    body: Sequence[RawRow], extents: list[Extent], setting: Setting, years: Mapping[int, int], stub: str
) -> list[RowTime]:
    """Return what each row says about time; rows of headings are told of as well, in their place.

    ``years`` are those printed beside the labels, by the number of the row; ``stub`` is the head of the labels:
    where it names days of maturity or issue, the rows are events.
    """
    named = bool(_NAMED_BY_DATE.search(stub))
    group, heading, above = PeriodHints(), None, role_below(stub)
    heads: tuple[PeriodHints, ...] = ()
    texts: list[str] = []
    times: list[RowTime] = []
    for number, row in enumerate(body):
        said = read_hints(row.label) if row.label else PeriodHints()
        pure, stretch = only_time(row.label), find_range(row.label)
        if _is_heading(row):
            texts = _joined(texts, heads_in_row(row.cells, extents)) if row.cells else texts
            heads = _inner_heads(texts) or heads
            if not pure:
                heading, above = role_of(row.label), role_below(row.label)
            if pure or (said.end is not None and said.months is not None):
                group = said if said.end is not None else said.or_else(group._replace(end=None, year=None))
        else:
            texts = []
        own = stretch or (said if row.cells and (pure or _tells_stretch(row.label, said)) else PeriodHints())
        if number in years:
            own = PeriodHints(year=years[number]).or_else(own)
        times.append(
            RowTime(
                label=row.label,
                own=own,
                group=group,
                role=role_of(row.label),
                certain=_certain(certain_role(row.label), above),
                heading=heading,
                balance=_balance_day(row, said, setting) if stretch is None else None,
                day=said.month_day if said.end is None and said.year is None and stretch is None else None,
                reconciles=above == "stock",
                heads=heads,
                event=named,
            )
        )
    return _with_stretches(_with_rolls(times, body), body)


def _certain(own: Role | None, above: Role | None) -> Role | None:
    """What a row is by its label and the heading above it: below stocks all are, below flows those that say nothing."""
    return above if above == "stock" and own not in ("opening", "closing") else own or above


def _joined(texts: list[str], row: list[str]) -> list[str]:
    return [" ".join(pair).strip() for pair in zip(texts, row, strict=True)] if texts else row


def _inner_heads(texts: list[str]) -> tuple[PeriodHints, ...]:
    """What heads within the table say about each column, if they speak of time."""
    said = tuple(read_hints(text) for text in texts)
    return said if any(hint.year or hint.end or hint.months for hint in said) else ()


def _tells_stretch(label: str, said: PeriodHints) -> bool:
    """Whether a label names the stretch of time of its own row: "Costs incurred for the six months ended …"."""
    return said.end is not None and bool(said.months) and " ended " in f" {label.lower()} "


def _with_rolls(times: list[RowTime], body: Sequence[RawRow]) -> list[RowTime]:
    """Tell the rows between an opening balance and the next closing one that they flow."""
    result = list(times)
    opened: int | None = None
    for i, time in enumerate(times):
        if time.certain == "opening" and body[i].cells:
            opened = i
        elif time.certain == "closing" and opened is not None and body[i].cells:
            for between in range(opened + 1, i):
                result[between] = replace(times[between], role="flow", certain="flow", rolls=True)
            opened = None
    return _with_reconciled(_with_closing_days(result, body), body)


def _with_closing_days(times: list[RowTime], body: Sequence[RawRow]) -> list[RowTime]:
    """Tell rows named for a month and day that they close what a row above them opens."""
    result, opened = list(times), False
    for i, time in enumerate(times):
        if body[i].cells and time.day is not None:
            result[i] = replace(time, closes=opened)
        opened = opened or (bool(body[i].cells) and (time.day is not None or time.certain == "opening"))
    return result


def _with_reconciled(times: list[RowTime], body: Sequence[RawRow]) -> list[RowTime]:
    """Tell the rows between one closing balance and the next that they lead from the one to the other."""
    result = list(times)
    closed: int | None = None
    for i, time in enumerate(times):
        if time.certain == "opening" and body[i].cells:
            closed = None
        if time.certain != "closing" or not body[i].cells:
            continue
        for between in range(closed + 1, i) if closed is not None else ():
            result[between] = replace(times[between], certain="stock", reconciles=True)
        closed = i
    return result


def _is_heading(row: RawRow) -> bool:
    """Whether a row heads those below it: nothing stands in it but, at most, heads of columns once more."""
    return all(is_year(cell.text) or read_figure(cell.text) is None for cell in row.cells)


def _balance_day(row: RawRow, said: PeriodHints, setting: Setting) -> date | None:
    """The day whose balances a row states: its label is a day, or ends with one that is no part of a name."""
    if not row.cells or said.end is None or said.months not in (None, 0) or _NO_BALANCE.search(row.label):
        return None
    plain = _ENDS_WITH_DATE.search(row.label) or _BEGINS_WITH_BALANCE.match(row.label)
    return setting.fiscal.close_of(said.end) if plain else None


def _with_stretches(times: list[RowTime], body: Sequence[RawRow]) -> list[RowTime]:
    """Tell the rows between two balances, the later one below, that they are about the time between them.

    What is adjusted between two balances of one day stands on it, and so do stocks below the last balance.
    """
    balances = [i for i, time in enumerate(times) if time.balance is not None]
    result = list(times)
    for above, below in pairwise(balances):
        first, last = times[above].balance, times[below].balance
        if first is None or last is None or last <= first:
            for i in range(above + 1, below) if first is not None and first == last else ():
                result[i] = replace(times[i], balance=first) if times[i].certain == "opening" else times[i]
            continue
        months = months_between(first, last)
        for i in range(above + 1, below):
            if body[i].cells and times[i].group == times[below].group:
                result[i] = replace(times[i], between=(last, months))
    for i in range(balances[-1] + 1, len(times)) if len(balances) > 1 else ():
        if times[i].certain == "stock" and times[i].group == times[balances[-1]].group:
            result[i] = replace(times[i], balance=times[balances[-1]].balance)
    return result
