"""Plain arithmetic over stated values: what a question's answer is, reckoned without the program's executor."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal, DivisionByZero, InvalidOperation, Overflow, localcontext

from ingest.errors import ProgramError
from model.program import Call, Constant, Expression, Pointer

DIGITS = 50
NEAR = Decimal("1E-25")
"""Relative difference beyond which two results are not the same: both are reckoned with far more digits."""

_BY_NAME: Mapping[str, Callable[..., Decimal]] = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "divide": lambda a, b: a / b,
    "margin": lambda a, b: a / b,
    "growth": lambda a, b: (a - b) / b,
    "cagr": lambda a, b, c: (a / b) ** (1 / c) - 1,
    "average": lambda *values: sum(values) / len(values),
    "sum": lambda *values: sum(values, Decimal(0)),
    "maximum": max,
    "minimum": min,
    "per_day": lambda a: a / 365,
}


def reckon(expression: Expression, values: Mapping[Pointer, Decimal]) -> Decimal | None:
    """Return what an expression over pointers gives; None where it has no value (division by zero and the like).

    Raises ProgramError for an operator that is not reckoned here.
    """
    with localcontext(prec=DIGITS):
        try:
            return _value(expression, values)
        except (DivisionByZero, InvalidOperation, Overflow):
            return None


def _value(expression: Expression, values: Mapping[Pointer, Decimal]) -> Decimal:
    if isinstance(expression, Pointer):
        return values[expression]
    if isinstance(expression, Constant):
        return expression.value
    if expression.operator not in _BY_NAME:
        raise ProgramError(f"{expression.operator} is not reckoned here")
    arguments = [
        _value(argument, values) for argument in expression.arguments if isinstance(argument, Pointer | Constant | Call)
    ]
    return _BY_NAME[expression.operator](*arguments)


def same(one: Decimal, other: Decimal) -> bool:
    """Whether two results are the same but for the digits that rounding takes."""
    return abs(one - other) <= NEAR * max(abs(one), abs(other), Decimal(1))
