"""Sheets without a line or a period that questions need: the same questions, now to be refused.

A question and its twin differ in nothing but what was taken from the sheet, and what was taken can neither be read
nor reckoned from what is left: so what a refusal hangs on is learned, and not the look of a question.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random

from assistant.dataset.absence import adds_up, is_told, may_be, says
from assistant.dataset.asks import Ask
from assistant.dataset.sheets import Sheet
from index.evidence import EvidenceLine
from ingest.vocabulary import Vocabulary
from model.program import Abstention, Pointer, Program, Quote, parse_program, pointers, rows

OF_PERIOD = 0.4
"""Share of the twins that lack a period, where the others lack lines."""
EVERYWHERE = 0.5
"""Share of these that lack it in all lines."""
MOST_LINES = 3
FEWEST_LEFT = 2
"""Rows that are left at least."""
TRIES = 3
"""Twins that are tried of one sheet; the one with most refusals is taken."""
_TIME = re.compile(r"(?:19|20)\d\d(?:Q[1-4](?:YTD)?)?")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A question that can be answered: its program and what that gives."""

    question: str
    program: Program
    expected: Decimal | bool | None


def cut(
    lines: Sequence[EvidenceLine], programs: Sequence[Program], vocabulary: Vocabulary, rng: Random
) -> tuple[EvidenceLine, ...] | None:
    """Return the lines without one to three, or without a period, that programs point at; ids stay as they are.

    None where too little would be left.
    """
    pointed = [pointer for program in programs for pointer in pointers(program)]
    times = sorted({pointer.key for pointer in pointed if _TIME.fullmatch(pointer.key)})
    if times and rng.random() < OF_PERIOD:
        key = rng.choice(times)
        own = {pointer.row for pointer in pointed if pointer.key == key}
        left = _without_period(lines, key, None if rng.random() < EVERYWHERE else own, vocabulary)
    else:
        named = sorted({row for program in programs for row in rows(program)})
        some = rng.sample(named, min(len(named), rng.randint(1, MOST_LINES))) if named else []
        gone = [line for line in lines if line.id in some]
        left = tuple(line for line in lines if not any(_is_one(line, other, vocabulary) for other in gone))
    enough = sum(line.kind == "row" for line in left) >= FEWEST_LEFT
    return left if enough and left != tuple(lines) else None


def _without_period(
    lines: Sequence[EvidenceLine], key: str, own: set[str] | None, vocabulary: Vocabulary
) -> tuple[EvidenceLine, ...]:
    meant = [line for line in lines if own is None or line.id in own]
    left = []
    for line in lines:
        if line.kind == "row" and any(_is_one(line, other, vocabulary) for other in meant):
            line = replace(line, cells=tuple(cell for cell in line.cells if cell.key != key))
        if line.kind != "row" or line.cells:
            left.append(line)
    return tuple(left)


def _is_one(line: EvidenceLine, other: EvidenceLine, vocabulary: Vocabulary) -> bool:
    """Whether a line is the other one, or says the same once more."""
    if line.id == other.id:
        return True
    rows_of_one = line.kind == other.kind == "row" and line.company == other.company
    return rows_of_one and may_be(line, other, vocabulary)


def refusal(
    wanted: Wanted, lines: Sequence[EvidenceLine], left: Sequence[EvidenceLine], vocabulary: Vocabulary
) -> str | None:
    """Return why the question cannot be answered from what is ``left`` of the lines; None where it may be."""
    program = wanted.program
    if isinstance(program, Abstention | Quote):
        return None
    whole, rest = {line.id: line for line in lines}, {line.id: line for line in left}
    if any(row in rest for row in _whole_rows(program)):
        return None
    gone = [p for p in _needed(program, whole) if p.row not in rest or rest[p.row].cell(p.key) is None]
    missing = [p for p in dict.fromkeys(gone) if _is_missing(p, whole, rest, vocabulary)]
    if not missing or _answer_told(wanted, left):
        return None
    return "not_reported" if any(pointer.row not in rest for pointer in missing) else "wrong_period"


def _whole_rows(program: Program) -> set[str]:
    return set(rows(program)) - {pointer.row for pointer in pointers(program)}


def _needed(program: Program, whole: dict[str, EvidenceLine]) -> list[Pointer]:
    across = [Pointer(row, cell.key) for row in sorted(_whole_rows(program)) for cell in whole[row].cells]
    return [*pointers(program), *across]


def _is_missing(
    pointer: Pointer, whole: dict[str, EvidenceLine], rest: dict[str, EvidenceLine], vocabulary: Vocabulary
) -> bool:
    """Whether neither another name nor a sum gives the figure; a year is told by its quarters, and a change by both."""
    line, own = whole[pointer.row], rest.get(pointer.row)
    cell = line.cell(pointer.key)
    if cell is None or is_told(cell, own, tuple(rest.values())):
        return False
    for other in rest.values():
        if other.kind != "row" or not _is_one(other, line, vocabulary):
            continue
        if any(_may_hold(key.key, pointer.key) for key in other.cells):
            return False
    return True


def _may_hold(key: str, asked: str) -> bool:
    """Whether a figure under ``key`` may be that of the asked time: one without a time, or of the same year."""
    if not _TIME.fullmatch(key) or not _TIME.fullmatch(asked):
        return True
    return key == asked or (key[:4] == asked[:4] and len(asked) == 4)


def _answer_told(wanted: Wanted, left: Sequence[EvidenceLine]) -> bool:
    """Whether the answer itself is printed, as it is or in percent, or is what figures of one time add up to."""
    if wanted.expected is None or isinstance(wanted.expected, bool):
        return False
    value = abs(float(wanted.expected))
    if value and any(adds_up(value, key, left) for key in {pointer.key for pointer in pointers(wanted.program)}):
        return True
    figures = [abs(float(cell.value)) for line in left for cell in line.cells]
    if any(abs(figure - size) <= 0.005 * size for figure in figures for size in (value, 100 * value) if size):
        return True
    return any(says(line.label, value) for line in left if line.kind == "sentence" and value)


def twin_of(sheet: Sheet, asks: Sequence[Ask], vocabulary: Vocabulary, rng: Random) -> tuple[Sheet, list[Ask]] | None:
    """Return a sheet that lacks what some of its questions need, and these questions; None where none can be made."""
    wanted = [Wanted(ask.question, parse_program(ask.program), ask.expected) for ask in asks]
    lines = sheet.evidence.lines
    best: tuple[tuple[EvidenceLine, ...], list[Ask]] = (), []
    for _ in range(TRIES):
        left = cut(lines, [each.program for each in wanted], vocabulary, rng)
        kinds = [refusal(each, lines, left, vocabulary) if left is not None else None for each in wanted]
        refused = [Ask(kind, ask.question, f"abstain({kind})") for ask, kind in zip(asks, kinds, strict=True) if kind]
        if left is not None and len(refused) > len(best[1]):
            best = left, refused
    left, refused = best
    if not refused:
        return None
    ids = {line.id for line in left}
    numbered = tuple(replace(line, id=f"E{number}") for number, line in enumerate(left, start=1))
    companies = tuple(dict.fromkeys(line.company for line in numbered if line.company is not None))
    gone = tuple(line for line in lines if line.id not in ids)
    evidence = replace(sheet.evidence, lines=numbered)
    kind = f"{sheet.kind}, less than was there"
    return Sheet(evidence, companies, sheet.columns, kind, (*sheet.withheld, *gone)), refused
