"""A program as a sequence of choices: operators before their arguments, until nothing is left to fill.

``growth(value(E3[2018]), value(E3[2017]))`` is the operator ``growth``, then two cells. Different writings of
one calculation are brought to the shortest first. Of a verdict only the comparison is chosen: whether it holds is
for whoever computes it to say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, NamedTuple

from ingest.errors import ProgramError
from model.contract import SheetLine
from model.nodes import ABSTAIN_REASONS, Argument, Expression
from model.operators import CONSTANTS, OPERATORS, ArgumentKind
from model.program import (
    MAX_QUOTED,
    Abstention,
    Call,
    Constant,
    Judgement,
    Pointer,
    Program,
    Quote,
    RowPointer,
)
from model.shortest import shortest

Slot = Literal["program", "expression", "amount", "constant", "cells", "line"]
"""What may fill a place: ``cells`` is a line with figures, ``line`` any line to be quoted."""


@dataclass(frozen=True, slots=True)
class Operation:
    """A choice that is no pointer: its name, and the slots that it opens."""

    name: str
    opens: tuple[Slot, ...]


class Cell(NamedTuple):
    """A choice that points at a figure: the line's position on the sheet, and the figure's in the line."""

    line: int
    figure: int


class Row(NamedTuple):
    """A choice that points at a whole line."""

    line: int


Action = Operation | Cell | Row


_SLOTS: Mapping[ArgumentKind, Slot] = {
    "expression": "expression",
    "amount": "amount",
    "row": "cells",
    "constant": "constant",
}


_LINE: Slot = "line"


def _operations() -> Iterator[Operation]:
    for operator in OPERATORS.values():
        kinds: tuple[Slot, ...] = tuple(_SLOTS[kind] for kind in operator.arguments)
        for more in range(operator.repeats + 1):
            yield Operation(f"{operator.name}:{len(kinds) + more}", kinds + kinds[-1:] * more)
    for constant in CONSTANTS:
        yield Operation(f"const:{constant}", ())
    for count in range(1, MAX_QUOTED + 1):
        yield Operation(f"quote:{count}", (_LINE,) * count)
    for reason in ABSTAIN_REASONS:
        yield Operation(f"abstain:{reason}", ())


OPERATIONS: tuple[Operation, ...] = tuple(_operations())
"""Every choice that is no pointer, in the order of their numbers."""
NUMBERS: Mapping[str, int] = {operation.name: number for number, operation in enumerate(OPERATIONS)}
"""The number of each operation by its name."""
MAX_ACTIONS = 16
"""The most choices that a program takes; longer ones are not learnt and not written."""
MAX_DEPTH = 4
"""How deep operators nest in what is written."""

_TOP_ONLY = ("greater:", "equal:", "quote:", "abstain:")


def allowed(slot: Slot) -> tuple[list[int], bool, bool]:
    """Return what may fill a slot: the numbers of operations, whether a cell may, whether a line may."""
    if slot == "program":
        return [number for name, number in NUMBERS.items() if not name.startswith("const:")], True, False
    if slot == "constant":
        return [number for name, number in NUMBERS.items() if name.startswith("const:")], False, False
    if slot in ("cells", "line"):
        return [], False, True
    inner = [number for name, number in NUMBERS.items() if not name.startswith(_TOP_ONLY)]
    if slot == "amount":
        inner = [number for number in inner if not OPERATIONS[number].name.startswith("const:")]
    return inner, True, False


def to_actions(program: Program, lines: Sequence[SheetLine]) -> tuple[Action, ...]:
    """Return the choices that make ``program`` on a sheet, in its shortest writing.

    Raises ProgramError where it points at what is not on the sheet, or takes more than ``MAX_ACTIONS``.
    """
    places = {line.id: position for position, line in enumerate(lines)}
    actions = tuple(_actions(shortest(program, places), lines, places))
    if len(actions) > MAX_ACTIONS:
        raise ProgramError(f"the program takes more than {MAX_ACTIONS} choices")
    return actions


def _actions(program: Program | Argument, lines: Sequence[SheetLine], places: Mapping[str, int]) -> Iterator[Action]:
    if isinstance(program, Abstention):
        yield OPERATIONS[NUMBERS[f"abstain:{program.reason}"]]
    elif isinstance(program, Quote):
        yield OPERATIONS[NUMBERS[f"quote:{len(program.rows)}"]]
        yield from (Row(_place(row, places)) for row in program.rows)
    elif isinstance(program, Judgement):
        yield from _actions(program.condition, lines, places)
    elif isinstance(program, Pointer):
        place = _place(program.row, places)
        if program.key not in lines[place].keys:
            raise ProgramError(f"line {program.row} has no figure under {program.key}")
        yield Cell(place, lines[place].keys.index(program.key))
    elif isinstance(program, RowPointer):
        yield Row(_place(program.row, places))
    elif isinstance(program, Constant):
        yield OPERATIONS[NUMBERS[f"const:{int(program.value)}"]]
    else:
        yield OPERATIONS[NUMBERS[f"{program.operator}:{len(program.arguments)}"]]
        for argument in program.arguments:
            yield from _actions(argument, lines, places)


def _place(row: str, places: Mapping[str, int]) -> int:
    if row not in places:
        raise ProgramError(f"there is no line {row} among those that are read")
    return places[row]


def to_program(actions: Sequence[Action], lines: Sequence[SheetLine]) -> Program:
    """Return the program that complete choices make. Raises ProgramError where they make none."""
    waiting = list(reversed(actions))
    program = _program(waiting, lines)
    if waiting:
        raise ProgramError("choices are left over")
    return program


def _program(waiting: list[Action], lines: Sequence[SheetLine]) -> Program:
    if waiting and isinstance(waiting[-1], Operation):
        kind, _, rest = waiting[-1].name.partition(":")
        if kind == "abstain":
            waiting.pop()
            return Abstention(rest)
        if kind == "quote":
            waiting.pop()
            return Quote(tuple(_row(waiting, lines).row for _ in range(int(rest))))
    return _expression(waiting, lines)


def _expression(waiting: list[Action], lines: Sequence[SheetLine]) -> Expression:
    action = _next(waiting)
    if isinstance(action, Cell):
        line = lines[action.line]
        return Pointer(line.id, line.keys[action.figure])
    if isinstance(action, Row):
        raise ProgramError("a whole line stands where a figure must be")
    name, _, rest = action.name.partition(":")
    if name == "const":
        return Constant(Decimal(rest))
    arguments: list[Argument] = []
    for slot in action.opens:
        arguments.append(_row(waiting, lines) if slot == "cells" else _expression(waiting, lines))
    return Call(name, tuple(arguments))


def _row(waiting: list[Action], lines: Sequence[SheetLine]) -> RowPointer:
    action = _next(waiting)
    if not isinstance(action, Row):
        raise ProgramError("a whole line is missing")
    return RowPointer(lines[action.line].id)


def _next(waiting: list[Action]) -> Action:
    if not waiting:
        raise ProgramError("a choice is missing")
    return waiting.pop()
