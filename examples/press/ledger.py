"""The book that a filing is written from: named figures by period, with their XBRL concepts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from press.blocks import Column, Context, Figure, Member, Piece, Row, Style, Tag, Value
from press.series import Series, digits, growth


@dataclass(frozen=True, slots=True)
class Entry:
    """A named figure: its values at the periods ``keys``, as XBRL signs them, and what they mean."""

    values: Series
    keys: tuple[str, ...]
    concept: str | None = None
    style: Style = "money"
    instant: bool = False
    members: tuple[Member, ...] = ()

    def at(self, key: str) -> Decimal:
        """Give the value of one period; raises ValueError for a period that the entry does not cover."""
        return self.values[self.keys.index(key)]


@dataclass(frozen=True, slots=True)
class Book:
    """All entries of one company, and the dates of its periods.

    Money and share counts are held in units of 10**``scale``; sentences say them in millions with one
    decimal, whatever the tables are printed in.
    """

    entries: Mapping[str, Entry]
    contexts: Mapping[str, Context]
    scale: int = 6

    def column(self, header: str, key: str) -> Column:
        """Make the column of one period."""
        return Column(header, self.contexts[key])

    def row(
        self,
        label: str,
        name: str,
        keys: tuple[str, ...],
        *,
        less: bool = False,
        level: int = 1,
        rule: Literal["none", "single", "double"] = "none",
        dollar: bool = False,
        bold: bool = False,
    ) -> Row:
        """Make the row of one entry; a key of ``""`` leaves its cell empty, ``less`` prints a deduction."""
        entry = self.entries[name]
        sign = -1 if less else 1
        values: tuple[Value, ...] = tuple(sign * entry.at(key) if key else None for key in keys)
        return Row(
            label,
            values,
            entry.concept,
            level,
            rule,
            dollar,
            entry.style,
            less,
            entry.instant,
            bold,
            None,
            entry.members,
        )

    def say(self, name: str, spec: str) -> Piece:
        """Print an entry within a sentence.

        ``spec`` is a period and, after a space, how: nothing (``$2,426.7 million``), ``tag`` (the same,
        tagged), ``bare`` (digits only), ``growth`` (the change in percent against the period before),
        ``moved`` (``increased 7.3%``) or ``change`` (the change as an amount).
        """
        entry = self.entries[name]
        key, _, manner = spec.partition(" ")
        value = self._said(entry.at(key), entry.style)
        if manner in ("growth", "moved", "change"):
            return self._compare(entry, key, manner)
        before, after, places = self._dress(entry.style)
        if manner == "bare":
            return digits(value, places)
        if manner == "tag" and entry.concept:
            return Figure(value, places, self._tag(entry, key, places), before, after)
        return f"{before}{digits(value, places)}{after}"

    def _compare(self, entry: Entry, key: str, manner: str) -> str:
        now = entry.at(key)
        earlier = entry.values[entry.keys.index(key) + 1]
        if manner == "change":
            before, after, places = self._dress(entry.style)
            return f"{before}{digits(self._said(now - earlier, entry.style), places)}{after}"
        percent = growth(now, earlier)
        verb = "" if manner == "growth" else "increased " if percent > 0 else "decreased "
        return f"{verb}{digits(percent, 1)}%"

    def _said(self, value: Decimal, style: Style) -> Decimal:
        return value.scaleb(self.scale - 6) if style in ("money", "shares") else value

    def _dress(self, style: Style) -> tuple[str, str, int]:
        return {
            "money": ("$", " million", 1),
            "shares": ("", " million shares", 1),
            "per_share": ("$", "", 2),
            "percent": ("", "%", 1),
            "count": ("", "", 0),
        }[style]

    def _tag(self, entry: Entry, key: str, places: int) -> Tag:
        scale = {"per_share": 0, "percent": -2, "count": 0}.get(entry.style, 6)
        context = self.contexts[key].moment() if entry.instant else self.contexts[key]
        return Tag(entry.concept or "", context, entry.style, scale, places - scale, False, entry.members)
