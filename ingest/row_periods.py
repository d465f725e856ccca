"""The period of every cell: what its row, the headings above it and the balances around it add to its column."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from ingest.column_periods import ColumnTime
from ingest.columns import Extent, Setting, heads_in_row
from ingest.document import RawRow
from ingest.figures import is_year, read_figure
from ingest.filing import Period, Statement
from ingest.periods import PeriodHints, find_range, months_between, only_time, read_hints, resolve
from ingest.roles import Role, certain_role, role_below, role_of

MOSTLY = 0.8
"""Where so large a share of the rows that tell are stocks, or flows, all rows of the table are."""
_NO_BALANCE = re.compile(
    r"\b(?:due|matur\w*|expir\w*|issued|through|until|since|after|before|prior|dated|announced|effective|notes?|bonds?"
    r"|debentures?|loans?|ended|ending|entered|acquired|adopt\w*|change)\b|%",
    re.IGNORECASE,
)
_ENDS_WITH_DATE = re.compile(r"(?:(?:19|20)\d\d|/\d\d)[\s).:*]*(?:\([^)]*\)\s*)?:?$")
_PRIOR_YEARS = re.compile(r"\bprior(?:\s+to)?\b", re.IGNORECASE)
"""A column of all earlier years tells that those beside it are of the years in which loans were made."""
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
    """

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
    group, heading, above = PeriodHints(), None, None
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
                group = said if said.end is not None else said.or_else(replace(group, end=None, year=None))
        else:
            texts = []
        own = stretch or (said if row.cells and (pure or _tells_stretch(row.label, said)) else PeriodHints())
        if number in years:
            own = PeriodHints(year=years[number]).or_else(own)
        certain = certain_role(row.label)
        times.append(
            RowTime(
                own=own,
                group=group,
                role=role_of(row.label),
                certain=certain if certain in ("opening", "closing") or above is None else above,
                heading=heading,
                balance=_balance_day(row, said, setting) if stretch is None else None,
                day=said.month_day if said.end is None and said.year is None and stretch is None else None,
                reconciles=above == "stock",
                heads=heads,
                event=named,
            )
        )
    return _with_stretches(_with_rolls(times, body), body)


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
    """Tell the rows between two balances, the later one below, that they are about the time between them."""
    balances = [i for i, time in enumerate(times) if time.balance is not None]
    result = list(times)
    for above, below in pairwise(balances):
        first, last = times[above].balance, times[below].balance
        if first is None or last is None or last <= first:
            continue
        months = months_between(first, last)
        for i in range(above + 1, below):
            if body[i].cells and times[i].group == times[below].group:
                result[i] = replace(times[i], between=(last, months))
    return result


class TablePeriods:
    """Gives each cell of a table its period. ``default`` is the length of time of a row that tells none."""

    def __init__(
        self,
        columns: Sequence[ColumnTime],
        heads: Sequence[str],
        rows: Sequence[RowTime],
        body: Sequence[RawRow],
        statement: Statement | None,
        setting: Setting,
    ) -> None:
        self.columns = columns
        self.rows = rows
        self.statement = statement
        self.setting = setting
        self.plain = _plain_role(body, rows, setting)
        self.ahead = self._lies_ahead(body)
        self.default = self._default_months()
        self.rolls_across = any(column.role in ("opening", "closing") for column in columns)
        self.vintages = any(_PRIOR_YEARS.search(head) for head in heads) and self._name_years(columns)

    def of_column(self, index: int) -> Period | None:
        """The period of a column by its heads and the lines above the table alone."""
        column = self.columns[index]
        if column.silent or self.vintages or self._is_ahead(column.own):
            return None
        full = self._filled(column.own, column)
        return resolve(full if full.months is not None else replace(full, months=self.default), self.setting.fiscal)

    def of_cell(self, index: int, number: int) -> Period | None:
        """The period of the cell in column ``index`` and row ``number`` of the body."""
        column, row = self.columns[index], self.rows[number]
        if row.heads:
            column = _with_head(column, row.heads[index])
        if row.balance is not None and self.rolls_across:
            row = replace(row, balance=None, own=PeriodHints(end=row.balance))
        if self.vintages:
            return self._of_vintage(column, row)
        if self.ahead and (self._is_ahead(column.own) or (not column.dated and row.balance is None)):
            return self._balance_sheet(column, row.group)
        if column.silent:
            return None
        if row.balance is not None and row.event and column.noun == "flow" and self.setting.default_months:
            year = self.setting.fiscal.fiscal_year(row.balance)
            return self._place(self.setting.fiscal.year_end(year), self.setting.default_months)
        if row.balance is not None and (not column.dated or self._bounds(row.balance, column)):
            return self._place(row.balance, 0)
        own = column.own.or_else(row.own)
        if row.day is not None and (at := self._on_day(row.day, own.or_else(row.group).or_else(column.shared))):
            return at
        if row.between is not None and not column.dated and own.year is None and own.end is None:
            end, months = row.between
            return self._resolve(PeriodHints(end=end, months=months), months, column, row)
        own = own.or_else(row.group)
        return self._resolve(self._filled(own, column), own.months, column, row)

    def _filled(self, own: PeriodHints, column: ColumnTime) -> PeriodHints:
        """What is said, with what the lines around add; the nominal last day of a fiscal year is that of any year."""
        shared = column.shared
        if own.year is not None and shared.month_day == (self.setting.fiscal.month, self.setting.fiscal.day):
            shared = replace(shared, month_day=None) if self.setting.fiscal.weekday is not None else shared
        return own.or_else(shared)

    def _bounds(self, day: date, column: ColumnTime) -> bool:
        """Whether a balance stands at the beginning or the end of the time that its column is about."""
        whole = resolve(column.own.or_else(column.shared), self.setting.fiscal)
        return whole is not None and not whole.is_instant and day in (whole.end, self.setting.fiscal.opening(whole))

    def _on_day(self, day: tuple[int, int], hints: PeriodHints) -> Period | None:
        """The balance at the beginning or end of a stretch, if the day is the last before it, its first or its last."""
        length = hints.months or self.setting.default_months
        whole = resolve(replace(hints, months=length), self.setting.fiscal)
        if whole is None:
            return None
        opening = self.setting.fiscal.opening(whole)
        first = opening + timedelta(days=1)
        if day in ((opening.month, opening.day), (first.month, first.day)):
            return self._place(opening, 0)
        return self._place(whole.end, 0) if day == (whole.end.month, whole.end.day) else None

    def _resolve(self, hints: PeriodHints, stated: int | None, column: ColumnTime, row: RowTime) -> Period | None:
        said = hints.months if stated is None else stated
        role = self._role(column, row, stated, said)
        length = said or self.setting.default_months
        if role == "opening":
            whole = resolve(replace(hints, months=length), self.setting.fiscal)
            return self._place(self.setting.fiscal.opening(whole), 0) if whole is not None else None
        if role in ("closing", "stock"):
            return self._at_end(hints, said)
        months = length if role == "flow" else self.default if said is None else said
        return resolve(replace(hints, months=months), self.setting.fiscal)

    def _at_end(self, hints: PeriodHints, said: int | None) -> Period | None:
        """The end of the time that is spoken of: the six months of a year end with its second quarter."""
        if said and hints.end is None and hints.month_day is None:
            whole = resolve(replace(hints, months=said), self.setting.fiscal)
            return self._place(whole.end, 0) if whole is not None else None
        return resolve(replace(hints, months=0), self.setting.fiscal)

    def _role(self, column: ColumnTime, row: RowTime, stated: int | None, said: int | None) -> Role | None:
        """What the row is, as far as that overrules what is said about length."""
        for role in (column.role, row.role):
            if role in ("opening", "closing"):
                return role
        if column.role == "stock" and self.statement is None and not stated:
            return "stock"
        if self.statement is not None:
            return "stock" if self.statement == "cash_flow" and row.certain == "stock" and row.reconciles else None
        if said is None:
            return row.certain or self._likely_role(column, row)
        if said == 0 and (stated is None or row.rolls):
            return row.certain or ("flow" if row.role == "flow" else None)
        if said > 0 and stated is None and column.own.end is not None:
            return row.certain or ("stock" if row.role == "stock" else None)
        return "stock" if said > 0 and row.certain == "stock" else None

    def _likely_role(self, column: ColumnTime, row: RowTime) -> Role | None:
        """What a row most likely is: below a day, what most rows are; below a year, what its own label says."""
        if column.noun == "flow":
            return "flow" if self.setting.default_months else None
        if column.own.end is not None or column.own.month_day is not None:
            if not self.setting.default_months:
                return "stock"
            return self.plain or row.role
        return row.role or column.noun or self.plain or row.heading

    def _default_months(self) -> int | None:
        """The length of a period whose column gives a date and no length."""
        if self.statement == "balance":
            return 0
        if self.statement is not None:
            return self.setting.default_months
        flows = sum(1 for row in self.rows if row.role == "flow")
        stocks = sum(1 for row in self.rows if row.role == "stock")
        if flows != stocks:
            return 0 if stocks > flows else self.setting.default_months
        dated = any(column.own.end or column.own.month_day or column.shared.month_day for column in self.columns)
        return 0 if dated else self.setting.default_months

    def _of_vintage(self, column: ColumnTime, row: RowTime) -> Period | None:
        """The balance sheet's day, or the year to date for a flow, in a table by years of origin."""
        heads = [head for head in row.heads if head.end is not None]
        at = self._balance_sheet(column, heads[0] if heads else row.group)
        if at is None or row.role != "flow":
            return self._place(row.balance, 0) if row.balance else at
        return self._place(at.end, self.setting.default_months or 3 * self.setting.fiscal.fiscal_quarter(at.end))

    def _lies_ahead(self, body: Sequence[RawRow]) -> bool:
        """Whether the table is about the years to come: two columns or rows at least are named for such years."""
        heads = {column.own.year for column in self.columns if self._is_ahead(column.own)}
        labels = {
            row.own.year for row, raw in zip(self.rows, body, strict=True) if raw.cells and self._is_ahead(row.own)
        }
        return len(heads) > 1 or len(labels) > 1

    def _name_years(self, columns: Sequence[ColumnTime]) -> bool:
        """Whether several columns are named for years, and all lines around for one day at most."""
        return sum(1 for column in columns if column.own.year is not None and column.own.end is None) > 2

    def _is_ahead(self, hints: PeriodHints) -> bool:
        day, year = self.setting.period_end, hints.year or (hints.end.year if hints.end else None)
        return day is not None and year is not None and year > max(day.year, self.setting.fiscal.fiscal_year(day))

    def _balance_sheet(self, column: ColumnTime, group: PeriodHints) -> Period | None:
        day = group.end or column.around or self.setting.period_end
        return self._place(day, 0) if day is not None else None

    def _place(self, day: date, months: int) -> Period:
        return self.setting.fiscal.place(Period(day, months))


def _with_head(column: ColumnTime, head: PeriodHints) -> ColumnTime:
    """A column below one more head, which is in force instead of what the heads above the table say."""
    dated = head.year is not None or head.end is not None
    own = head.or_else(replace(column.own, end=None) if dated else column.own)
    return replace(column, own=own, dated=column.dated or dated, silent=column.silent and not dated)


def _plain_role(body: Sequence[RawRow], rows: Sequence[RowTime], setting: Setting) -> Role | None:
    """What the rows of a table are where nearly all that tell are the same."""
    roles = [row.role for row, raw in zip(rows, body, strict=True) if raw.cells and row.role in ("stock", "flow")]
    for role in ("stock", "flow"):
        if roles and roles.count(role) >= MOSTLY * len(roles):
            return role
    return None
