"""The period of every cell: what its row, the headings above it and the balances around it add to its column."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from ingest.column_periods import ColumnTime
from ingest.columns import Setting
from ingest.document import RawRow
from ingest.filing import Period, Statement
from ingest.periods import PeriodHints, resolve
from ingest.roles import Role, role_of_subject
from ingest.row_times import RowTime

MOSTLY = 0.8
"""Where so large a share of the rows that tell are stocks, or flows, all rows of the table are."""
_PRIOR_YEARS = re.compile(r"\bprior(?:\s+to)?\b", re.IGNORECASE)
_AND_PRIOR = re.compile(r"\b(?:19|20)\d\d\s+(?:and|&)\s+(?:prior|earlier|before)\b", re.IGNORECASE)
"""A column of all earlier years tells that those beside it are of the years in which loans were made."""
_CUMULATIVE = re.compile(r"^cumulative\b", re.IGNORECASE)
_TOTAL_EQUITY = re.compile(r"^total\b.*\b(?:equity|deficit)\b", re.IGNORECASE)


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
        caption: Sequence[str] = (),
    ) -> None:
        self.columns = columns
        self.rows = rows
        self.statement = statement
        self.setting = setting
        self.subject = role_of_subject(caption)
        self.plain = _plain_role(body, rows)
        self.ahead = self._lies_ahead(body)
        self.default = self._default_months()
        self.balance_sheets = self._are_balance_sheets()
        self.rolls_across = any(column.role in ("opening", "closing") for column in columns)
        self.vintages = any(_AND_PRIOR.search(head) for head in heads) or (
            any(_PRIOR_YEARS.search(head) for head in heads) and self._name_years(columns)
        )

    def of_column(self, index: int) -> Period | None:
        """The period of a column by its heads and the lines above the table alone."""
        column = self.columns[index]
        if column.silent or self.vintages or self._is_ahead(column.own):
            return None
        full = self._filled(column.own, column)
        return resolve(full if full.months is not None else full._replace(months=self.default), self.setting.fiscal)

    def of_cell(self, index: int, number: int) -> Period | None:
        """The period of the cell in column ``index`` and row ``number`` of the body."""
        column, row = self.columns[index], self.rows[number]
        if row.heads:
            column = _with_head(column, row.heads[index])
        if row.balance is not None and self.rolls_across:
            row = replace(row, balance=None, own=PeriodHints(end=row.balance))
        if self.vintages:
            return self._of_vintage(column, row)
        if column.target or (self.ahead and (self._is_ahead(column.own) or (not column.dated and row.balance is None))):
            return self._balance_sheet(column, row.group)
        if column.to_date:
            return self._balance_sheet(column, row.group)
        if column.silent:
            return None
        if row.balance is not None and row.event and column.noun == "flow" and self.setting.default_months:
            year = self.setting.fiscal.fiscal_year(row.balance)
            return self._place(self.setting.fiscal.year_end(year), self.setting.default_months)
        if row.balance is not None and (not column.dated or self._bounds(row.balance, column)):
            return self._place(row.balance, 0)
        own = column.own.or_else(row.own)
        if self.balance_sheets and row.certain != "opening":
            return self._at_end(own.or_else(row.group), None)
        if row.day is not None and (
            at := self._on_day(row.day, own.or_else(row.group).or_else(column.shared), closes=row.closes)
        ):
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
            shared = shared._replace(month_day=None) if self.setting.fiscal.weekday is not None else shared
        return own.or_else(shared)

    def _bounds(self, day: date, column: ColumnTime) -> bool:
        """Whether a balance stands at the beginning or the end of the time that its column is about."""
        whole = resolve(column.own.or_else(column.shared), self.setting.fiscal)
        return whole is not None and not whole.is_instant and day in (whole.end, self.setting.fiscal.opening(whole))

    def _on_day(self, day: tuple[int, int], hints: PeriodHints, *, closes: bool) -> Period | None:
        """The balance at the beginning or end of a stretch, if the day is the last before it, its first or its last.

        A year begins and ends on the same day: the row that ``closes`` is of its end.
        """
        length = hints.months or self.setting.default_months
        whole = resolve(hints._replace(months=length), self.setting.fiscal)
        if whole is None:
            return None
        opening = self.setting.fiscal.opening(whole)
        first = opening + timedelta(days=1)
        ends = day == (whole.end.month, whole.end.day)
        if day in ((opening.month, opening.day), (first.month, first.day)) and not (ends and closes):
            return self._place(opening, 0)
        return self._place(whole.end, 0) if ends else None

    def _resolve(self, hints: PeriodHints, stated: int | None, column: ColumnTime, row: RowTime) -> Period | None:
        said = hints.months if stated is None else stated
        role = self._role(column, row, stated, said)
        length = said or self.setting.default_months
        if role == "opening":
            whole = resolve(hints._replace(months=length), self.setting.fiscal)
            return self._place(self.setting.fiscal.opening(whole), 0) if whole is not None else None
        if role in ("closing", "stock"):
            return self._at_end(hints, said)
        months = length if role == "flow" else self.default if said is None else said
        return resolve(hints._replace(months=months), self.setting.fiscal)

    def _at_end(self, hints: PeriodHints, said: int | None) -> Period | None:
        """The end of the time that is spoken of: the six months of a year end with its second quarter."""
        if said and hints.end is None and hints.month_day is None:
            whole = resolve(hints._replace(months=said), self.setting.fiscal)
            return self._place(whole.end, 0) if whole is not None else None
        return resolve(hints._replace(months=0), self.setting.fiscal)

    def _role(self, column: ColumnTime, row: RowTime, stated: int | None, said: int | None) -> Role | None:
        """What the row is, as far as that overrules what is said about length."""
        for role in (column.role, row.role):
            if role in ("opening", "closing"):
                return role
        if self.statement == "equity" and _TOTAL_EQUITY.search(row.label):
            return "closing"
        if column.role == "stock" and self.statement is None and not stated and row.certain != "flow":
            return "stock"
        if self.statement is not None:
            return "stock" if self.statement == "cash_flow" and row.certain == "stock" and row.reconciles else None
        if said is None:
            return row.certain or self._likely_role(column, row)
        if said == 0 and (stated is None or row.rolls):
            return row.certain or ("flow" if (row.role or row.heading) == "flow" else None)
        if said > 0 and stated is None and column.own.end is not None:
            by_noun = "flow" if column.noun == "flow" else self.subject or row.role or self.plain
            return row.certain or ("stock" if by_noun == "stock" else None)
        return (
            "stock" if said > 0 and row.certain == "stock" and not (stated and _CUMULATIVE.match(row.label)) else None
        )

    def _likely_role(self, column: ColumnTime, row: RowTime) -> Role | None:
        """What a row most likely is: below a day, what most rows are; below a year, what its own label says."""
        if self.subject is not None and column.dated and (self.setting.default_months or self.subject == "stock"):
            return self.subject
        if column.noun == "flow":
            return "flow" if self.setting.default_months else None
        if column.own.end is not None or column.own.month_day is not None:
            if not self.setting.default_months:
                return "stock"
            return self.plain or row.role
        return row.role or column.noun or row.heading or self.plain

    def _are_balance_sheets(self) -> bool:
        """Whether the columns of a quarterly report are its balance sheet's: the day it is about and the year's end.

        No length of time is common to periods that end on these two days.
        """
        day = self.setting.period_end
        ends = {column.own.end for column in self.columns if column.dated}
        if day is None or len(ends) != 2 or day not in ends or any(column.own.months for column in self.columns):
            return False
        before = self.setting.fiscal.year_end(self.setting.fiscal.fiscal_year(day) - 1)
        return ends == {day, before} and self.setting.fiscal.fiscal_quarter(day) != 4

    def _default_months(self) -> int | None:
        """The length of a period whose column gives a date and no length."""
        if self.statement == "balance":
            return 0
        if self.statement is not None:
            return self.setting.default_months
        flows = sum(1 for row in self.rows if row.role == "flow")
        stocks = sum(1 for row in self.rows if row.role == "stock")
        years = {column.own.year for column in self.columns if column.own.year is not None}
        if len(years) > 2 and stocks < MOSTLY * (stocks + flows):
            return self.setting.default_months
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
    own = head.or_else(column.own._replace(end=None) if dated else column.own)
    return replace(column, own=own, dated=column.dated or dated, silent=column.silent and not dated)


def _plain_role(body: Sequence[RawRow], rows: Sequence[RowTime]) -> Role | None:
    """What the rows of a table are where nearly all that tell are the same."""
    roles = [row.role for row, raw in zip(rows, body, strict=True) if raw.cells and row.role in ("stock", "flow")]
    for role in ("stock", "flow"):
        if roles and roles.count(role) >= MOSTLY * len(roles):
            return role
    return None
