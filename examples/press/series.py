"""Rows of exact figures, one value per period, and how such values are printed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

TENTH = Decimal("0.1")
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Series:
    """One figure over several periods, the latest first. Sums and differences go period by period."""

    values: tuple[Decimal, ...]

    def __add__(self, other: Series) -> Series:
        """Add period by period; both must cover equally many periods."""
        return Series(tuple(a + b for a, b in zip(self.values, other.values, strict=True)))

    def __sub__(self, other: Series) -> Series:
        """Subtract period by period; both must cover equally many periods."""
        return Series(tuple(a - b for a, b in zip(self.values, other.values, strict=True)))

    def __neg__(self) -> Series:
        """Turn every sign."""
        return Series(tuple(-value for value in self.values))

    def __getitem__(self, index: int) -> Decimal:
        """Give the value of one period, 0 being the latest."""
        return self.values[index]

    def __iter__(self) -> Iterator[Decimal]:
        """Go through the periods, the latest first."""
        return iter(self.values)

    def __len__(self) -> int:
        """Count the periods."""
        return len(self.values)

    def times(self, other: Series, step: Decimal = TENTH) -> Series:
        """Multiply period by period, rounded half up to ``step``."""
        return Series(tuple(_round(a * b, step) for a, b in zip(self.values, other.values, strict=True)))

    def over(self, other: Series, step: Decimal = CENT) -> Series:
        """Divide period by period, rounded half up to ``step``."""
        return Series(tuple(_round(a / b, step) for a, b in zip(self.values, other.values, strict=True)))

    def percent_of(self, other: Series) -> Series:
        """Say what percentage of ``other`` this is, to one decimal."""
        return Series(tuple(_round(100 * a / b, TENTH) for a, b in zip(self.values, other.values, strict=True)))


def of(*texts: str) -> Series:
    """Make a series from decimal literals, the latest period first."""
    return Series(tuple(Decimal(text) for text in texts))


def total(*parts: Series) -> Series:
    """Add up any number of series that cover the same periods."""
    result = parts[0]
    for part in parts[1:]:
        result = result + part
    return result


def growth(now: Decimal, before: Decimal) -> Decimal:
    """Give the change from ``before`` to ``now`` in percent, to one decimal."""
    return _round(100 * (now - before) / abs(before), TENTH)


def digits(value: Decimal, places: int) -> str:
    """Print a magnitude without its sign: ``1,084.3``."""
    return f"{_round(abs(value), Decimal(1).scaleb(-places)):,.{places}f}"


def _round(value: Decimal, step: Decimal) -> Decimal:
    return value.quantize(step, rounding=ROUND_HALF_UP)
