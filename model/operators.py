"""The operators of the program language: one table for the parser, the grammar and the executor.

An operator's definition is written over its arguments in order: a, b, c. Judgements yield true or
false instead of a quantity, so they stand only at the top of a program, never inside arithmetic.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

ArgumentKind = Literal["expression", "amount", "row", "constant"]
"""An amount is an expression that is more than a constant: a cell or a call."""

MAX_ARGUMENTS = 6
"""The most arguments that any operator takes."""

CONSTANTS: tuple[int, ...] = (1, 2, 3, 4, 5, 7, 12, 30, 90, 100, 360, 365, 1000, 1000000)
"""Every number that a program may write; all others must be pointed at."""

WHITELIST: frozenset[Decimal] = frozenset(Decimal(constant) for constant in CONSTANTS)
"""``CONSTANTS`` as ``Decimal``."""


@dataclass(frozen=True, slots=True)
class Operator:
    """What an operator takes, argument by argument, and what it means.

    ``repeats`` is how many further arguments of the last kind may follow. ``commutes`` tells whether
    the order of the arguments is without meaning.
    """

    name: str
    arguments: tuple[ArgumentKind, ...]
    definition: str
    repeats: int = 0
    judgement: bool = False
    commutes: bool = False

    @property
    def arity(self) -> tuple[int, int]:
        """The fewest and the most arguments."""
        return len(self.arguments), len(self.arguments) + self.repeats

    def kind(self, position: int) -> ArgumentKind:
        """Tell the kind of the argument at ``position`` (from 0)."""
        return self.arguments[min(position, len(self.arguments) - 1)]


def _binary(name: str, definition: str, *, judgement: bool = False, commutes: bool = False) -> Operator:
    return Operator(name, ("expression", "expression"), definition, judgement=judgement, commutes=commutes)


def _many(name: str, definition: str) -> Operator:
    return Operator(name, ("amount", "amount"), definition, repeats=MAX_ARGUMENTS - 2, commutes=True)


def _row(name: str, definition: str) -> Operator:
    return Operator(name, ("row",), definition)


OPERATORS: dict[str, Operator] = {
    operator.name: operator
    for operator in (
        _binary("add", "a + b", commutes=True),
        _binary("subtract", "a - b"),
        _binary("multiply", "a * b", commutes=True),
        _binary("divide", "a / b"),
        _binary("exp", "a to the power of b"),
        _binary("greater", "whether a > b", judgement=True),
        _binary("equal", "whether a = b", judgement=True, commutes=True),
        _many("average", "the arithmetic mean of all arguments"),
        _many("sum", "the sum of all arguments"),
        _many("maximum", "the largest argument"),
        _many("minimum", "the smallest argument"),
        _row("table_sum", "the sum of the row's values"),
        _row("table_average", "the arithmetic mean of the row's values"),
        _row("table_max", "the largest of the row's values"),
        _row("table_min", "the smallest of the row's values"),
        Operator("growth", ("amount", "amount"), "(a - b) / b: the change from the old b to the new a"),
        Operator(
            "cagr",
            ("amount", "amount", "constant"),
            "(a / b) ** (1 / c) - 1: yearly growth from the old b to the new a over c years",
        ),
        Operator("margin", ("amount", "amount"), "a / b: the part a of the whole b"),
        Operator("per_day", ("amount",), "a / 365: a year's amount a per day"),
    )
}
"""Every operator by its name."""
