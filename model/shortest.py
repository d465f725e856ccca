"""One calculation, one writing: the shortest, so that a model has one thing to learn and little to write."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from model.nodes import Argument, Call, Constant, Judgement, Pointer, Program
from model.operators import MAX_ARGUMENTS, OPERATORS


def shortest(program: Program, places: Mapping[str, int]) -> Program:
    """Return the shortest writing of the same calculation; ``places`` order what may stand in any order.

    ``(a - b) / b`` becomes ``growth``, a sum of sums one ``sum``, such a sum over its count an ``average``,
    and ``margin`` a division.
    """
    if isinstance(program, Judgement):
        return Judgement(program.verdict, _short_call(program.condition, places))
    if isinstance(program, Call):
        return _short_call(program, places)
    return program


def _short(argument: Argument, places: Mapping[str, int]) -> Argument:
    return _short_call(argument, places) if isinstance(argument, Call) else argument


def _short_call(argument: Call, places: Mapping[str, int]) -> Call:
    parts = tuple(_short(part, places) for part in argument.arguments)
    name = "divide" if argument.operator == "margin" else argument.operator
    if name in ("add", "sum"):
        return _sum(parts, places)
    if name == "divide":
        return _division(parts, places)
    if OPERATORS[name].commutes and not OPERATORS[name].judgement:
        parts = _ordered(parts, places)
    return Call(name, parts)


def _sum(parts: tuple[Argument, ...], places: Mapping[str, int]) -> Call:
    terms: list[Argument] = []
    for part in parts:
        terms += part.arguments if isinstance(part, Call) and part.operator in ("add", "sum") else (part,)
    whole = len(terms) <= MAX_ARGUMENTS and not any(isinstance(term, Constant) for term in terms)
    if whole and len(terms) > 2:
        return Call("sum", _ordered(tuple(terms), places))
    if len(parts) == 2:
        return Call("add", _ordered(parts, places))
    return Call("sum", _ordered(parts, places))


def _division(parts: tuple[Argument, ...], places: Mapping[str, int]) -> Call:
    top, bottom = parts
    if isinstance(top, Call):
        change = top.operator == "subtract" and top.arguments[1] == bottom
        if change and not any(isinstance(part, Constant) for part in top.arguments):
            return Call("growth", top.arguments)
        summed = top.operator in ("add", "sum") and not any(isinstance(part, Constant) for part in top.arguments)
        if summed and bottom == Constant(Decimal(len(top.arguments))):
            return Call("average", _ordered(top.arguments, places))
    return Call("divide", parts)


def _ordered(parts: tuple[Argument, ...], places: Mapping[str, int]) -> tuple[Argument, ...]:
    """Parts in the order of the sheet, pointers first."""

    def rank(part: Argument) -> tuple[int, int]:
        return (0, places.get(part.row, 0)) if isinstance(part, Pointer) else (1, 0)

    return tuple(sorted(parts, key=rank))
