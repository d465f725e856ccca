"""Further questions over benchmark pages, whose programs are known because we ask them ourselves.

A question of a benchmark shows one row of a table; the same page can be asked about in many ways. Wordings are
data (``questions.toml``). Only pages of the training side may be given.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

from assistant.exercise import given, sheet_evidence
from eval.training.rows import Row, read_rows
from eval.training.series import Series, find_series
from ingest.errors import ProgramError
from model.contract import SheetLine
from model.program import Call, Constant, Expression, Pointer, RowPointer
from model.tuning.example import TrainingExample

SOURCE = "own-questions"
HUNDRED = Constant(Decimal(100))
OF_SERIES = ("growth", "growth", "growth", "subtract", "subtract", "lookup", "average", "sum")
"""What is asked of a series, the more often the more often it is here."""

OF_PROSE = frozenset(("series", "series_share", "due"))
"""Kinds that ask of series."""

Made = tuple[str, Expression, dict[str, str]] | None
"""The kind of a question, the program, and the words that fill the question."""


@cache
def wordings() -> dict[str, Any]:
    """Return the kinds of questions with their forms and weights."""
    return tomllib.loads(files("eval.training").joinpath("questions.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Sheet:
    """The lines of a page, a name for it, and the company or table that it is of."""

    name: str
    lines: tuple[SheetLine, ...]
    group: str


@dataclass(frozen=True, slots=True)
class _Page:
    """What of a page can be asked for."""

    rows: tuple[Row, ...]
    series: tuple[Series, ...]


def questions_about(sheet: Sheet, count: int, rng: Random) -> Iterator[TrainingExample]:
    """Yield up to ``count`` examples over a sheet, each with another program."""
    page = _Page(tuple(read_rows(sheet.lines)), tuple(find_series(sheet.lines)))
    kinds = wordings()
    usable = [kind for kind in kinds if (page.series if kind in OF_PROSE else page.rows)]
    asked: set[str] = set()
    for attempt in range(count * 3 if usable else 0):
        if len(asked) == count:
            return
        chosen = rng.choices(usable, [kinds[kind]["weight"] for kind in usable])[0]
        made = _MAKERS[chosen](page, rng)
        if made is None or str(made[1]) in asked:
            continue
        kind, program, fields = made
        asked.add(str(program))
        question = rng.choice(kinds[kind]["forms"]).format_map(fields)
        name = f"{sheet.name}+{attempt}"
        example = TrainingExample(name, question, sheet.lines, str(program), kind, sheet.group, SOURCE)
        if _executes(example):
            yield example


def _executes(example: TrainingExample) -> bool:
    """Whether the program gives something: a growth from a negative figure does not."""
    try:
        given(example.program, sheet_evidence(example.lines))
    except ProgramError:
        return False
    return True


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:-1]) + f" and {names[-1]}"


def _summed(kind: str, pointers: Sequence[Pointer]) -> Expression:
    return Call("add" if kind == "sum" and len(pointers) == 2 else kind, tuple(pointers))


def _lookup(page: _Page, rng: Random) -> Made:
    row = rng.choice(page.rows)
    names = list(row.cells)
    if not names:
        return None
    column = rng.choice(names)
    return "lookup", row.at(column), {"row": row.label, "column": column}


def _of_table(kind: str) -> Callable[[_Page, Random], Made]:
    def make(page: _Page, rng: Random) -> Made:
        row = rng.choice(page.rows)
        return (kind, Call(kind, (RowPointer(row.id),)), {"row": row.label}) if row.whole else None

    return make


def _over_time(kind: str) -> Callable[[_Page, Random], Made]:
    def make(page: _Page, rng: Random) -> Made:
        row = rng.choice(page.rows)
        figures = tuple((year, row.at(year)) for year in row.years)
        return _compared(kind, row.label, figures, rng)

    return make


def _compared(kind: str, name: str, figures: Sequence[tuple[str, Pointer]], rng: Random) -> Made:
    """The newer of two years against the older one, in most cases the year before."""
    if len(figures) < 2:
        return None
    by_year = dict(figures)
    old, new = sorted(rng.sample(sorted(by_year), 2))
    if rng.random() < 0.6 and str(int(new) - 1) in by_year:
        old = str(int(new) - 1)
    return kind, Call(kind, (by_year[new], by_year[old])), {"row": name, "old": old, "new": new}


def _over_columns(kind: str) -> Callable[[_Page, Random], Made]:
    def make(page: _Page, rng: Random) -> Made:
        row = rng.choice(page.rows)
        figures = tuple((name, row.at(name)) for name in row.alike_columns(rng))
        return _several(kind, row.label, figures, rng)

    return make


def _several(kind: str, name: str, figures: Sequence[tuple[str, Pointer]], rng: Random) -> Made:
    if len(figures) < 2:
        return None
    some = sorted(rng.sample(range(len(figures)), rng.randint(2, min(len(figures), 4))))
    chosen = [figures[place] for place in some]
    fields = {"row": name, "listed": _listed([time for time, _ in chosen])}
    return kind, _summed(kind, [pointer for _, pointer in chosen]), fields


def _of_rows(kind: str) -> Callable[[_Page, Random], Made]:
    def make(page: _Page, rng: Random) -> Made:
        count = 3 if kind == "three" else 2
        row = rng.choice(page.rows)
        column = rng.choice(list(row.cells)) if row.cells else ""
        others = [other for other in page.rows if other.label != row.label and other.fits(row, column)]
        totals = [other for other in others if "total" in other.label]
        others = totals if kind in ("divide", "share_change") and totals and rng.random() < 0.6 else others
        if len(others) < count - 1:
            return None
        chosen = [row, *rng.sample(others, count - 1)]
        return _put_together(kind, chosen, column, rng)

    return make


def _put_together(kind: str, rows: Sequence[Row], column: str, rng: Random) -> Made:
    pointers = tuple(row.at(column) for row in rows)
    fields = {"row": rows[0].label, "other": rows[1].label, "third": rows[-1].label, "column": column}
    if kind == "part":
        return kind, Call("divide", (pointers[0], Call("add", pointers))), fields
    if kind == "share_change":
        years = [year for year in rows[0].years if year in rows[1].cells]
        if len(years) < 2:
            return None
        old, new = sorted(rng.sample(years, 2))
        shares = tuple(Call("divide", (rows[0].at(year), rows[1].at(year))) for year in (new, old))
        return kind, Call("subtract", shares), {**fields, "old": old, "new": new}
    name = {"between": "subtract", "three": "sum"}.get(kind, kind)
    return kind, Call(name, pointers), fields


def _worth(page: _Page, rng: Random) -> Made:
    """A number of shares, options or units times the price of one."""
    priced = [(row, pair) for row in page.rows if (pair := row.count_and_price()) is not None]
    if not priced:
        return None
    row, pair = rng.choice(priced)
    return "worth", Call("multiply", pair), {"row": row.label}


def _returned(kind: str) -> Callable[[_Page, Random], Made]:
    """What 100 that were invested have become, less what they were; or that of two."""

    def make(page: _Page, rng: Random) -> Made:
        indexed = [row for row in page.rows if row.starts_with_hundred]
        count = 2 if kind == "return_difference" else 1
        if len(indexed) < max(2, count):
            return None
        rows = rng.sample(indexed, count)
        later = [name for name in list(rows[0].cells)[1:] if all(name in row.cells for row in rows)]
        if not later:
            return None
        column = rng.choice(later)
        gains = tuple(Call("divide", (Call("subtract", (row.at(column), HUNDRED)), HUNDRED)) for row in rows)
        fields = {"row": rows[0].label, "other": rows[-1].label, "column": column}
        return kind, gains[0] if count == 1 else Call("subtract", gains), fields

    return make


def _series(page: _Page, rng: Random) -> Made:
    series = rng.choice(page.series)
    kind = rng.choice(OF_SERIES)
    if kind in ("growth", "subtract"):
        return _compared(kind, series.name, series.figures, rng)
    if kind in ("average", "sum"):
        return _several(kind, series.name, series.figures, rng)
    time, pointer = rng.choice(series.figures)
    return "lookup", pointer, {"row": series.name, "column": time}


def _share_of_series(page: _Page, rng: Random) -> Made:
    """One figure of a year against another of that year: of two series, or of one and a row."""
    one = rng.choice(page.series)
    time, part = rng.choice(one.figures)
    wholes = [(row.label, row.at(time)) for row in page.rows if time in row.cells and row.cells[time][0] != part.key]
    for other in page.series:
        wholes += [(other.name, pointer) for year, pointer in other.figures if year == time and other.name != one.name]
    if not wholes:
        return None
    name, whole = rng.choice(wholes)
    return "divide", Call("divide", (part, whole)), {"row": one.name, "other": name, "column": time}


def _due(page: _Page, rng: Random) -> Made:
    """A share of what falls due in years and thereafter."""
    ways = [series for series in page.series if series.whole is not None]
    if not ways:
        return None
    series = rng.choice(ways)
    some = sorted(rng.sample(series.figures, rng.choice((1, 1, 2))))
    pointers = tuple(pointer for _, pointer in some)
    part: Expression = pointers[0] if len(some) == 1 else Call("add", pointers)
    times = [time for time, _ in some]
    listed = times[0] if len(times) == 1 else _listed(times)
    whole = series.whole or pointers[0]
    return "due", Call("divide", (part, whole)), {"row": series.name, "listed": listed}


_MAKERS: dict[str, Callable[[_Page, Random], Made]] = {
    "lookup": _lookup,
    **{kind: _over_time(kind) for kind in ("growth", "subtract")},
    **{kind: _over_columns(kind) for kind in ("average", "sum")},
    **{kind: _of_rows(kind) for kind in ("between", "divide", "add", "three", "part", "share_change")},
    **{kind: _of_table(kind) for kind in ("table_max", "table_min", "table_average", "table_sum")},
    **{kind: _returned(kind) for kind in ("return", "return_difference")},
    "worth": _worth,
    "series": _series,
    "series_share": _share_of_series,
    "due": _due,
}
