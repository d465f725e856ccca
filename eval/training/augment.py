"""Further questions over the tables of benchmark pages, whose programs are known because we ask them ourselves.

A question of a benchmark shows one row of a table; the same table can be asked about in many ways. Wordings are
data (``questions.toml``). Only pages of the training side may be given.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

from assistant.exercise import given, sheet_evidence
from ingest.errors import ProgramError
from model.contract import SheetLine
from model.program import Call, Expression, Pointer, RowPointer
from model.tuning.example import TrainingExample

SOURCE = "own-questions"
LABEL = re.compile(r"[a-z][a-z ,&'/()-]{5,70}", re.IGNORECASE)
"""Labels that can be asked for: words, not too few and not too many."""

_GENERIC = frozenset(("total", "other", "balance", "net", "beginning balance", "ending balance", "end of year"))
_YEAR = re.compile(r"(?:19|20)\d\d")


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


def questions_about(sheet: Sheet, count: int, rng: Random) -> Iterator[TrainingExample]:
    """Yield up to ``count`` examples over a sheet, each with another program."""
    rows = [line for line in sheet.lines if _label(line)]
    kinds = wordings()
    names, weights = list(kinds), [kind["weight"] for kind in kinds.values()]
    asked: set[str] = set()
    for attempt in range(count * 3):
        if not rows or len(asked) == count:
            return
        kind = rng.choices(names, weights)[0]
        made = _make(kind, rows, rng)
        if made is None:
            continue
        program, fields = made
        if str(program) in asked:
            continue
        asked.add(str(program))
        question = rng.choice(kinds[kind]["forms"]).format_map(fields)
        name = f"{sheet.name}+{attempt}"
        made_example = TrainingExample(name, question, sheet.lines, str(program), kind, sheet.group, SOURCE)
        if _executes(made_example):
            yield made_example


def _executes(example: TrainingExample) -> bool:
    """Whether the program gives something: a growth from a negative figure does not."""
    try:
        given(example.program, sheet_evidence(example.lines))
    except ProgramError:
        return False
    return True


def _label(line: SheetLine) -> str:
    """The label of a row that can be asked for; nothing where it cannot."""
    label, bar, _ = line.text.rpartition(" | " + line.keys[0] + ": ") if line.keys else ("", "", "")
    label = label.rpartition(" > ")[2].strip().lower()
    return label if bar and LABEL.fullmatch(label) and label not in _GENERIC else ""


def _names(line: SheetLine) -> list[str]:
    """What the columns of a row are called: years by their key, others by their heading."""
    headings = line.columns or ("",) * len(line.keys)
    return [key if _YEAR.fullmatch(key) else heading.lower() for key, heading in zip(line.keys, headings, strict=True)]


def _make(kind: str, rows: Sequence[SheetLine], rng: Random) -> tuple[Expression, dict[str, str]] | None:
    row = rng.choice(rows)
    names = _names(row)
    usable = [position for position, name in enumerate(names) if name and names.count(name) == 1]
    fields = {"row": _label(row)}
    if kind.startswith("table_"):
        return (Call(kind, (RowPointer(row.id),)), fields) if len(row.keys) >= 3 else None
    if not usable:
        return None
    if kind == "lookup":
        chosen = rng.choice(usable)
        return Pointer(row.id, row.keys[chosen]), {**fields, "column": names[chosen]}
    if kind in ("growth", "subtract"):
        return _over_time(kind, row, names, fields, rng)
    if kind in ("average", "sum"):
        return _over_columns(kind, row, names, usable, fields, rng)
    return _of_two(kind, row, rows, names, usable, rng)


def _over_time(
    kind: str, row: SheetLine, names: Sequence[str], fields: dict[str, str], rng: Random
) -> tuple[Expression, dict[str, str]] | None:
    years = sorted(name for name in names if _YEAR.fullmatch(name) and names.count(name) == 1)
    if len(years) < 2:
        return None
    old, new = sorted(rng.sample(years, 2))
    if rng.random() < 0.6 and str(int(new) - 1) in years:
        old = str(int(new) - 1)
    keys = dict(zip(names, row.keys, strict=True))
    pair = (Pointer(row.id, keys[new]), Pointer(row.id, keys[old]))
    return Call(kind, pair), {**fields, "old": old, "new": new}


def _over_columns(
    kind: str, row: SheetLine, names: Sequence[str], usable: Sequence[int], fields: dict[str, str], rng: Random
) -> tuple[Expression, dict[str, str]] | None:
    most = min(len(usable), 4)
    if most < 2:
        return None
    chosen = sorted(rng.sample(list(usable), rng.randint(2, most)))
    listed = [names[position] for position in chosen]
    told = ", ".join(listed[:-1]) + f" and {listed[-1]}"
    pointers = tuple(Pointer(row.id, row.keys[position]) for position in chosen)
    name = "add" if kind == "sum" and len(pointers) == 2 else kind
    return Call(name, pointers), {**fields, "listed": told}


def _of_two(
    kind: str, row: SheetLine, rows: Sequence[SheetLine], names: Sequence[str], usable: Sequence[int], rng: Random
) -> tuple[Expression, dict[str, str]] | None:
    chosen = rng.choice(list(usable))
    key = row.keys[chosen]
    others = [line for line in rows if line is not row and key in line.keys and _label(line) != _label(row)]
    if kind == "divide":
        totals = [line for line in others if "total" in _label(line)]
        others = totals if totals and rng.random() < 0.6 else others
    if not others:
        return None
    other = rng.choice(others)
    pair = (Pointer(row.id, key), Pointer(other.id, key))
    name = "subtract" if kind == "between" else kind
    return Call(name, pair), {"row": _label(row), "other": _label(other), "column": names[chosen]}
