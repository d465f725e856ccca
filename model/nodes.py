"""The nodes of a program.

A program points at numbers and combines them; it never writes one, save a constant from a short
list. Nodes check themselves, so a program that was built by hand is as well-formed as one that was
parsed. ``str`` of a node is its one canonical writing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from ingest.errors import ProgramError
from model.operators import CONSTANTS, OPERATORS, WHITELIST, ArgumentKind

ROW = re.compile(r"E[1-9][0-9]{0,3}|[a-z][a-z0-9_]{0,63}")
"""A row of a sheet (``E3``) or, in the formulas of a vocabulary, a concept (``net_income``)."""

KEY = re.compile(r"[A-Za-z0-9/_.:+-]{1,32}")
"""A period (``2018``, ``2023Q2YTD``, ``2018-03-31/4m``), a column (``c2``) or a step in time (``-1``)."""

MAX_QUOTED = 4
"""The most rows that one quote may hold."""

_WANTED: dict[ArgumentKind, str] = {
    "expression": "a cell, a constant or arithmetic",
    "amount": "a cell or arithmetic",
    "row": "a row",
    "constant": "a constant",
}

ABSTAIN_REASONS: tuple[str, ...] = (
    "not_in_library",
    "wrong_period",
    "not_reported",
    "conflicting_sources",
    "unreadable",
    "not_supported",
)
"""Why a question is not answered."""


def _check(pattern: re.Pattern[str], text: str, noun: str) -> None:
    if pattern.fullmatch(text) is None:
        raise ProgramError(f"{text[:40]!r} is not the name of a {noun}")


@dataclass(frozen=True, slots=True)
class Pointer:
    """One cell: a row of the sheet and the key of a column. Raises ProgramError on malformed names."""

    row: str
    key: str

    def __post_init__(self) -> None:
        _check(ROW, self.row, "row")
        _check(KEY, self.key, "column")

    def __str__(self) -> str:
        return f"value({self.row}[{self.key}])"


@dataclass(frozen=True, slots=True)
class RowPointer:
    """A whole row, as the ``table_`` operators take it. Raises ProgramError on a malformed name."""

    row: str

    def __post_init__(self) -> None:
        _check(ROW, self.row, "row")

    def __str__(self) -> str:
        return self.row


@dataclass(frozen=True, slots=True)
class Constant:
    """A number from ``WHITELIST``; any other raises ProgramError."""

    value: Decimal

    def __post_init__(self) -> None:
        if self.value not in WHITELIST:
            allowed = ", ".join(map(str, CONSTANTS))
            raise ProgramError(f"the constant {str(self.value)[:40]} is not allowed: only {allowed} are")

    def __str__(self) -> str:
        return f"const({int(self.value)})"


@dataclass(frozen=True, slots=True)
class Call:
    """An operator and its arguments.

    Raises ProgramError when the operator is unknown, when the number or the kinds of the arguments do
    not fit it, or when a judgement stands among the arguments.
    """

    operator: str
    arguments: tuple[Argument, ...]

    def __post_init__(self) -> None:
        operator = OPERATORS.get(self.operator)
        if operator is None:
            raise ProgramError(f"there is no operator {self.operator[:40]!r}")
        least, most = operator.arity
        if not least <= len(self.arguments) <= most:
            wanted = str(least) if least == most else f"{least} to {most}"
            count = len(self.arguments)
            raise ProgramError(f"{self.operator} takes {wanted} argument(s), not {count}")
        for position, argument in enumerate(self.arguments):
            if not _fits(argument, operator.kind(position)):
                wanted = _WANTED[operator.kind(position)]
                raise ProgramError(f"argument {position + 1} of {self.operator} must be {wanted}")

    def __str__(self) -> str:
        return f"{self.operator}({', '.join(map(str, self.arguments))})"


@dataclass(frozen=True, slots=True)
class Judgement:
    """``yes(…)`` or ``no(…)``: a verdict and the comparison that it rests on.

    The comparison must be a call of a judgement operator; ProgramError otherwise.
    """

    verdict: Literal["yes", "no"]
    condition: Call

    def __post_init__(self) -> None:
        if self.verdict not in ("yes", "no"):
            raise ProgramError(f"a verdict is yes or no, not {str(self.verdict)[:40]!r}")
        if not (isinstance(self.condition, Call) and OPERATORS[self.condition.operator].judgement):
            judgements = " or ".join(name for name, operator in OPERATORS.items() if operator.judgement)
            raise ProgramError(f"{self.verdict}(…) must hold a comparison: {judgements}")

    def __str__(self) -> str:
        return f"{self.verdict}({self.condition})"


@dataclass(frozen=True, slots=True)
class Quote:
    """One to four rows whose text is the answer; ProgramError on more, fewer or malformed names."""

    rows: tuple[str, ...]

    def __post_init__(self) -> None:
        if not 1 <= len(self.rows) <= MAX_QUOTED:
            raise ProgramError(f"a quote holds 1 to {MAX_QUOTED} rows, not {len(self.rows)}")
        for row in self.rows:
            _check(ROW, row, "row")

    def __str__(self) -> str:
        return f"quote({', '.join(self.rows)})"


@dataclass(frozen=True, slots=True)
class Abstention:
    """A refusal, for one of ``ABSTAIN_REASONS``; any other reason raises ProgramError."""

    reason: str

    def __post_init__(self) -> None:
        if self.reason not in ABSTAIN_REASONS:
            allowed = ", ".join(ABSTAIN_REASONS)
            raise ProgramError(f"{self.reason[:40]!r} is no reason to abstain: {allowed} are")

    def __str__(self) -> str:
        return f"abstain({self.reason})"


Expression = Pointer | Constant | Call
Argument = Expression | RowPointer
Program = Expression | Judgement | Quote | Abstention


def _fits(argument: Argument, kind: ArgumentKind) -> bool:
    """Whether an argument is of the kind that an operator wants."""
    if kind == "row":
        return isinstance(argument, RowPointer)
    if kind == "constant":
        return isinstance(argument, Constant)
    if isinstance(argument, Call):
        return not OPERATORS[argument.operator].judgement
    return isinstance(argument, Pointer) or (isinstance(argument, Constant) and kind == "expression")


def _leaves(program: Program | RowPointer) -> Iterator[Pointer | RowPointer | Constant]:
    """Walk the leaves of a program from left to right; a quote and an abstention have none."""
    if isinstance(program, Call):
        for argument in program.arguments:
            yield from _leaves(argument)
    elif isinstance(program, Judgement):
        yield from _leaves(program.condition)
    elif isinstance(program, Pointer | RowPointer | Constant):
        yield program


def pointers(program: Program) -> tuple[Pointer, ...]:
    """Every cell that the program points at, in the order of writing, repetitions included."""
    return tuple(leaf for leaf in _leaves(program) if isinstance(leaf, Pointer))


def rows(program: Program) -> tuple[str, ...]:
    """Every row that the program names (by cell, whole or quoted), in order, each one once."""
    if isinstance(program, Quote):
        return tuple(dict.fromkeys(program.rows))
    named = (leaf.row for leaf in _leaves(program) if not isinstance(leaf, Constant))
    return tuple(dict.fromkeys(named))


def substitute(program: Program, mapping: Mapping[Pointer, Expression]) -> Program:
    """Replace each cell of the program as the mapping says; cells that it lacks stay.

    Formulas of a vocabulary become programs on a sheet this way. Raises ProgramError where a
    replacement does not fit its place (a judgement inside arithmetic).
    """
    if isinstance(program, Call | Pointer | Constant):
        return _rebuild(program, mapping)
    if isinstance(program, Judgement):
        return replace(program, condition=_rebuild_call(program.condition, mapping))
    return program


def _rebuild(expression: Expression, mapping: Mapping[Pointer, Expression]) -> Expression:
    if isinstance(expression, Pointer):
        return mapping.get(expression, expression)
    return _rebuild_call(expression, mapping) if isinstance(expression, Call) else expression


def _rebuild_call(call: Call, mapping: Mapping[Pointer, Expression]) -> Call:
    arguments = tuple(
        argument if isinstance(argument, RowPointer) else _rebuild(argument, mapping) for argument in call.arguments
    )
    return Call(call.operator, arguments)
