"""The period of every cell: what its row, the headings above it and the balances around it add to its column."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from ingest.column_periods import ColumnTime
from ingest.columns import Setting
from ingest.document import RawRow
from ingest.figures import is_year, read_figure
from ingest.filing import Period, Statement
from ingest.periods import PeriodHints, find_range, months_between, only_time, read_hints, resolve
from ingest.roles import Role, certain_role, role_of

MOSTLY = 0.8
"""Where so large a share of the rows that tell are stocks, or flows, all rows of the table are."""
_NO_BALANCE = re.compile(
    r"\b(?:due|matur\w*|expir\w*|issued|through|until|since|after|before|prior|dated|announced|effective|notes?|bonds?"
    r"|debentures?|loans?|ended|ending|entered|acquired|adopt\w*|change)\b|%",
    re.IGNORECASE,
)
_ENDS_WITH_DATE = re.compile(r"(?:(?:19|20)\d\d|/\d\d)[\s).:*]*(?:\([^)]*\)\s*)?:?$")
_BEGINS_WITH_BALANCE = re.compile(r"^(?:(?:opening|beginning|ending|closing|total|net)\s+)?balances?\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class RowTime:
    """What one row says about time.

    ``own`` is of its label, ``group`` of the headings above it. ``balance`` is the day of a row that states
    balances on a day, ``day`` the month and day of one that names no year; ``between`` is the stretch
    between the balances above and below a row. A row that ``rolls`` leads from an opening balance to a closing one.
    """

    own: PeriodHints
    group: PeriodHints
    role: Role | None
    certain: Role | None
    balance: date | None = None
    between: tuple[date, int] | None = None
    day: tuple[int, int] | None = None
    rolls: bool = False


def row_times(body: Sequence[RawRow], setting: Setting) -> list[RowTime]:
    """Return what each row says about time; rows of headings are told of as well, in their place."""
    group, heading = PeriodHints(), None
    times: list[RowTime] = []
    for row in body:
        said = read_hints(row.label) if row.label else PeriodHints()
        pure, stretch = only_time(row.label), find_range(row.label)
        if _is_heading(row):
            heading = heading if pure else role_of(row.label)
            if pure or (said.end is not None and said.months is not None):
                group = said if said.end is not None else said.or_else(replace(group, end=None, year=None))
        own = stretch or (said if row.cells and pure else PeriodHints())
        day = said.month_day if said.end is None and said.year is None and stretch is None else None
        role, certain = role_of(row.label), certain_role(row.label)
        balance = _balance_day(row, said, setting) if stretch is None else None
        times.append(RowTime(own, group, role or heading, certain, balance, None, day))
    return _with_stretches(_with_rolls(times, body), body)


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

    def of_column(self, index: int) -> Period | None:
        """The period of a column by its heads and the lines above the table alone."""
        column = self.columns[index]
        if column.silent or self._is_ahead(column.own):
            return None
        full = column.own.or_else(column.shared)
        return resolve(full if full.months is not None else replace(full, months=self.default), self.setting.fiscal)

    def of_cell(self, index: int, number: int) -> Period | None:
        """The period of the cell in column ``index`` and row ``number`` of the body."""
        column, row = self.columns[index], self.rows[number]
        if self.ahead and (self._is_ahead(column.own) or (not column.dated and row.balance is None)):
            return self._balance_sheet(column)
        if column.silent:
            return None
        if row.balance is not None and (not column.dated or self._bounds(row.balance, column)):
            return self._place(row.balance, 0)
        own = column.own.or_else(row.own)
        if row.day is not None and (at := self._on_day(row.day, own.or_else(row.group).or_else(column.shared))):
            return at
        if row.between is not None and not column.dated and own.year is None and own.end is None:
            end, months = row.between
            return self._resolve(PeriodHints(end=end, months=months), months, column, row)
        own = own.or_else(row.group)
        return self._resolve(own.or_else(column.shared), own.months, column, row)

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
            return None
        if said is None:
            return row.certain or row.role or column.noun or self.plain
        overruled = (stated is None or row.rolls) if said == 0 else row.certain == "stock"
        return row.certain if overruled else None

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

    def _lies_ahead(self, body: Sequence[RawRow]) -> bool:
        """Whether the table is about the years to come: two columns or rows at least are named for such years."""
        heads = {column.own.year for column in self.columns if self._is_ahead(column.own)}
        labels = {
            row.own.year for row, raw in zip(self.rows, body, strict=True) if raw.cells and self._is_ahead(row.own)
        }
        return len(heads) > 1 or len(labels) > 1

    def _is_ahead(self, hints: PeriodHints) -> bool:
        day, year = self.setting.period_end, hints.year or (hints.end.year if hints.end else None)
        return day is not None and year is not None and year > max(day.year, self.setting.fiscal.fiscal_year(day))

    def _balance_sheet(self, column: ColumnTime) -> Period | None:
        day = column.shared.end or self.setting.period_end
        return self._place(day, 0) if day is not None else None

    def _place(self, day: date, months: int) -> Period:
        return self.setting.fiscal.place(Period(day, months))


def _plain_role(body: Sequence[RawRow], rows: Sequence[RowTime], setting: Setting) -> Role | None:
    """What the rows of a table are where nearly all that tell are the same."""
    roles = [row.role for row, raw in zip(rows, body, strict=True) if raw.cells and row.role in ("stock", "flow")]
    for role in ("stock", "flow"):
        if roles and roles.count(role) >= MOSTLY * len(roles):
            return role
    return None
