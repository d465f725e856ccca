"""Quantities: exact decimals with a unit. What does not go together is an error, not a number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, DivisionByZero, InvalidOperation, Overflow, Underflow, localcontext

from ingest.errors import ProgramError

PRECISION = 40
"""Significant digits of every step."""
LARGEST = Decimal("1E24")
"""No figure of a filing, nor anything computed from some, is as large as this."""
PURE = "pure"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A full value in ``unit`` (``USD``, ``USD/shares``, ``shares``, ``pure``; None where the source says none)."""

    value: Decimal
    unit: str | None

    @property
    def is_pure(self) -> bool:
        """Whether this is a ratio or a constant."""
        return self.unit == PURE


def add(a: Quantity, b: Quantity) -> Quantity:
    """Return a + b. Raises ProgramError on different units."""
    return Quantity(total((a.value, b.value)), _same_unit("add", a, b))


def subtract(a: Quantity, b: Quantity) -> Quantity:
    """Return a - b. Raises ProgramError on different units."""
    return Quantity(total((a.value, -b.value)), _same_unit("subtract", a, b))


def multiply(a: Quantity, b: Quantity) -> Quantity:
    """Return a * b, of which at least one must be pure or the units must cancel (per share times shares)."""
    with localcontext(prec=PRECISION):
        product = bounded(a.value * b.value)
    if a.is_pure or b.is_pure:
        return Quantity(product, b.unit if a.is_pure else a.unit)
    for one, other in ((a, b), (b, a)):
        if one.unit is not None and other.unit is not None and one.unit == f"{_money(one.unit)}/{other.unit}":
            return Quantity(product, _money(one.unit))
    raise ProgramError(f"cannot multiply {_name(a)} by {_name(b)}")


def divide(a: Quantity, b: Quantity) -> Quantity:
    """Return a / b: a ratio for equal units, an amount per share for money over shares."""
    value = guarded("divide", a.value, b.value)
    if a.unit == b.unit:
        return Quantity(value, PURE)
    if b.is_pure:
        return Quantity(value, a.unit)
    if b.unit == "shares" and a.unit is not None and "/" not in a.unit and not a.is_pure:
        return Quantity(value, f"{a.unit}/shares")
    raise ProgramError(f"cannot divide {_name(a)} by {_name(b)}")


def growth(new: Quantity, old: Quantity) -> Quantity:
    """Return (new - old) / old. Raises ProgramError where ``old`` is not positive: there is no such percentage."""
    change = subtract(new, old)
    if old.value <= 0:
        sign = "zero" if old.value == 0 else "a negative figure"
        raise ProgramError(f"a change from {sign} cannot be told as a percentage")
    return divide(change, old)


def power(a: Quantity, b: Quantity) -> Quantity:
    """Return a to the power of b; both must be pure."""
    if not (a.is_pure and b.is_pure):
        raise ProgramError(f"cannot raise {_name(a)} to the power of {_name(b)}: both must be plain numbers")
    return Quantity(raised(a.value, b.value), PURE)


def greater(a: Quantity, b: Quantity) -> bool:
    """Tell whether a > b. Raises ProgramError on different units."""
    _same_unit("compare", a, b)
    return a.value > b.value


def same_unit(name: str, quantities: tuple[Quantity, ...]) -> str | None:
    """Return the one unit of all ``quantities``. Raises ProgramError where they differ."""
    for other in quantities[1:]:
        _same_unit(name, quantities[0], other)
    return quantities[0].unit


def guarded(name: str, numerator: Decimal, denominator: Decimal) -> Decimal:
    """Divide with ``PRECISION`` digits. Raises ProgramError on a zero denominator."""
    with localcontext(prec=PRECISION):
        try:
            return bounded(numerator / denominator)
        except (DivisionByZero, InvalidOperation) as error:
            raise ProgramError(f"cannot {name} by zero") from error


def raised(base: Decimal, exponent: Decimal) -> Decimal:
    """Raise with ``PRECISION`` digits. Raises ProgramError where the result is no real number."""
    with localcontext(prec=PRECISION):
        try:
            result = bounded(base**exponent)
            if base and not result:
                raise Underflow
            return result
        except (InvalidOperation, Overflow, Underflow, DivisionByZero) as error:
            raise ProgramError(f"{base} to the power of {exponent} is not a number") from error


def total(values: Iterable[Decimal]) -> Decimal:
    """Return the sum with ``PRECISION`` digits. Raises ProgramError where it is no figure any more."""
    with localcontext(prec=PRECISION):
        return bounded(sum(values, Decimal(0)))


def bounded(value: Decimal) -> Decimal:
    """Return ``value``. Raises ProgramError where it is larger or nearer to zero than any figure."""
    if abs(value) >= LARGEST or (value and abs(value) < 1 / LARGEST):
        raise ProgramError("the calculation leads to a number that is too large or too small for any figure")
    return value


def _same_unit(name: str, a: Quantity, b: Quantity) -> str | None:
    if a.unit != b.unit:
        raise ProgramError(f"cannot {name} {_name(a)} and {_name(b)}: their units differ")
    return a.unit


def _money(unit: str) -> str:
    return unit.split("/")[0]


def _name(quantity: Quantity) -> str:
    return {None: "a figure without a unit", PURE: "a plain number"}.get(quantity.unit, f"an amount in {quantity.unit}")
