"""Programs for questions whose answer is known and whose program is not: found by search, kept where there is one.

The question's words say what may be done ("percent change" is a growth, "average" an average), which rows may be
meant (those that share a word with it) and which years. Of what is left, a program is taken only if it gives the
answer to the last printed digit and no other that would be reckoned differently does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations, permutations

from assistant.dataset.labels import content_words
from assistant.dataset.reckoning import reckon
from eval.training.repoint import NotPointedError
from index.evidence import Evidence, EvidenceLine
from ingest.figures import read_figure
from model.program import Call, Expression, Pointer, Program, parse_program

MOST_PLACES = 60
"""Figures among which is searched: where a question fits more, it says too little."""
FEWEST_DIGITS = 2
"""Digits of an answer: one of fewer is given by too many programs."""

_PERCENT = re.compile(
    r"%|\bpercent|\bportion\b|\bshare of\b|\bfraction\b|\bproportion\b|\brate\b|\broi\b|\bhow much of\b"
)
_CHANGE = re.compile(
    r"\b(?:change|increas|decreas|grow|grew|declin|rise|rose|fall|fell|variation|differen|reduc|return|roi|drop|higher|"
    r"lower|more than|less than|exceed)"
)
_AVERAGE = re.compile(r"\b(?:average|mean)\b")
_TOTAL = re.compile(r"\b(?:total|sum|combined|aggregate|together|cumulative|overall|in all)\b")
_SUM = re.compile(r"\b(?:sum|combined|together)\b")
_RATIO = re.compile(r"\bratio\b|\btimes\b|\bper\b")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_NO_LABEL = frozenset(
    ("total", "percent", "percentage", "change", "increase", "decrease", "average", "year", "million")
)


@dataclass(frozen=True, slots=True)
class Answer:
    """A known answer: its number, the size of its last digit, and whether it may be a ratio in percent."""

    value: Decimal
    step: Decimal
    in_percent: bool = False

    def is_given_by(self, result: Decimal, *, unsigned: bool = False) -> bool:
        """Whether a result rounds to the answer; ``unsigned`` lets a fall be told without its sign."""
        for scaled in (result, result * 100) if self.in_percent else (result,):
            off = abs(abs(scaled) - abs(self.value)) if unsigned else abs(scaled - self.value)
            if off <= self.step * Decimal("0.5001"):
                return True
        return False


@dataclass(frozen=True, slots=True)
class _Place:
    """A figure that may be meant; ``year`` is that of its key, its column or its row, None where none is told."""

    pointer: Pointer
    value: Decimal
    merit: float
    year: str | None
    in_row: bool


def read_answer(text: str, question: str) -> Answer:
    """Return what an answer says. Raises NotPointedError where it is no number, or one of too few digits."""
    figure = read_figure(text.strip())
    if figure is None or figure.number is None:
        raise NotPointedError("has an answer that is no number")
    digits = re.sub(r"\D", "", text).strip("0")
    if len(digits) < FEWEST_DIGITS:
        raise NotPointedError("has an answer of too few digits")
    exponent = figure.number.as_tuple().exponent
    step = Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)
    return Answer(figure.number, step, in_percent=bool(_PERCENT.search(question.lower())))


def is_reckoned(question: str) -> bool:
    """Whether a question asks for more than one printed figure."""
    asked = question.lower()
    return any(words.search(asked) for words in (_PERCENT, _CHANGE, _AVERAGE, _RATIO, _SUM))


def induce(answer: Answer, question: str, evidence: Evidence) -> Program:
    """Return the one program of the question's words that gives the answer. Raises NotPointedError otherwise."""
    places = _places(question, evidence)
    if len(places) > MOST_PLACES:
        raise NotPointedError("says too little of what it asks for")
    values = {place.pointer: place.value for place in places}
    unsigned = bool(re.search(r"decreas|declin|fall|fell|reduc|drop|lower|differen", question.lower()))
    found: dict[str, tuple[float, Expression]] = {}
    for expression, merit in _candidates(question.lower(), places):
        result = reckon(expression, values)
        if result is None or not answer.is_given_by(result, unsigned=unsigned):
            continue
        mark = _mark(expression, values)
        if mark not in found or merit > found[mark][0]:
            found[mark] = merit, expression
    if not found:
        raise NotPointedError("has an answer that no program gives")
    if len(found) > 1:
        raise NotPointedError("has an answer that several programs give")
    ((_, expression),) = found.values()
    return parse_program(str(expression))


def _mark(expression: Expression, values: dict[Pointer, Decimal]) -> str:
    """What two expressions have in common that reckon the same with the same numbers, wherever these stand."""
    if isinstance(expression, Pointer):
        return str(values[expression].normalize())
    if not isinstance(expression, Call):
        return str(expression)
    parts = [_mark(part, values) for part in expression.arguments if isinstance(part, Pointer | Call)]
    if expression.operator in ("add", "sum", "average"):
        parts.sort()
    name = "add" if expression.operator == "sum" else expression.operator
    return f"{name}({', '.join(parts)})"


def _places(question: str, evidence: Evidence) -> list[_Place]:
    """The figures of the lines that the question may mean, of the years that it names."""
    asked = content_words(question) - _NO_LABEL
    named = _years(question)
    places = []
    for line in evidence.lines:
        is_row = line.kind == "row"
        own = content_words(" ".join((*line.path[-1:], line.label))) - _NO_LABEL
        if len(own & asked) < (1 if is_row else 2) and not _is_total(line):
            continue
        merit = len(own & asked) / (1 + len(own)) ** 0.5 + is_row
        for cell in line.cells:
            told = _YEAR.findall(f"{cell.key} {cell.column}") or (_YEAR.findall(line.label) if is_row else [])
            year = told[0] if len(set(told)) == 1 else None
            if year is None or not named or year in named:
                column = content_words(cell.column) & asked
                places.append(_Place(Pointer(line.id, cell.key), cell.value, merit + len(column), year, is_row))
    return places


def _years(question: str) -> set[str]:
    """The years that a question names, and where it is one alone the year before it."""
    years = set(_YEAR.findall(question))
    return years | {str(int(year) - 1) for year in years if len(years) == 1}


def _is_total(line: EvidenceLine) -> bool:
    return line.kind == "row" and line.label.lower().startswith("total")


def _candidates(question: str, places: Sequence[_Place]) -> Iterator[tuple[Expression, float]]:
    """The programs that the question's words allow, each with how well its places fit."""
    percent, change = bool(_PERCENT.search(question)), bool(_CHANGE.search(question))
    if _AVERAGE.search(question):
        yield from _of_row("average", places)
    elif percent and change:
        yield from _of_two("growth", places)
    elif change:
        yield from _of_two("subtract", places)
    elif percent or _RATIO.search(question):
        yield from _of_two("divide", places)
        yield from _shares(places)
    else:
        yield from ((place.pointer, place.merit) for place in places)
        if _TOTAL.search(question):
            yield from _of_two("add", places)
            yield from _of_row("sum", places)


def _of_two(operator: str, places: Sequence[_Place]) -> Iterator[tuple[Expression, float]]:
    """Two figures of one row, one column or one sentence: of two times the later one first, or of one time."""
    for one, other in permutations(places, 2):
        if _belong(one, other) and (operator == "divide" or _in_time(one, other, across=operator == "growth")):
            yield Call(operator, (one.pointer, other.pointer)), one.merit + other.merit


def _belong(one: _Place, other: _Place) -> bool:
    if one.pointer.row == other.pointer.row:
        return True
    return one.in_row and other.in_row and one.pointer.key == other.pointer.key


def _in_time(one: _Place, other: _Place, *, across: bool) -> bool:
    """Whether the first figure is the later one, where their times are told; ``across`` wants two times."""
    if one.year is None or other.year is None:
        return one.year == other.year
    return one.year > other.year or (one.year == other.year and not across)


def _shares(places: Sequence[_Place]) -> Iterator[tuple[Expression, float]]:
    """A part of two figures of one column, and two parts of a whole."""
    for one, other in permutations(places, 2):
        if one.in_row and other.in_row and one.pointer.key == other.pointer.key:
            whole = Call("add", (one.pointer, other.pointer))
            yield Call("divide", (one.pointer, whole)), one.merit + other.merit
            for third in places:
                if third.pointer.key == one.pointer.key and third.pointer.row not in (
                    one.pointer.row,
                    other.pointer.row,
                ):
                    yield Call("divide", (whole, third.pointer)), one.merit + other.merit + third.merit


def _of_row(operator: str, places: Sequence[_Place]) -> Iterator[tuple[Expression, float]]:
    """Two to four figures of one row; a sum of two or three of one column too."""
    rows: dict[str, list[_Place]] = {}
    columns: dict[str, list[_Place]] = {}
    for place in places:
        rows.setdefault(place.pointer.row, []).append(place)
        if place.in_row and operator == "sum":
            columns.setdefault(place.pointer.key, []).append(place)
    for group, most in [*((row, 4) for row in rows.values()), *((column, 3) for column in columns.values())]:
        for size in range(2, min(most, len(group)) + 1):
            for some in combinations(group, size):
                name = "add" if operator == "sum" and size == 2 else operator
                yield Call(name, tuple(place.pointer for place in some)), sum(place.merit for place in some)
