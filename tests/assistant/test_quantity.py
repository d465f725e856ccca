from __future__ import annotations

import random
from decimal import Decimal
from fractions import Fraction

import pytest

from assistant import quantity
from assistant.quantity import LARGEST, PRECISION, PURE, Quantity
from ingest.errors import ProgramError

UNITS = ("USD", "EUR", "shares", "USD/shares", PURE, None)


def q(value: str | int, unit: str | None = "USD") -> Quantity:
    return Quantity(Decimal(value), unit)


def test_amounts_of_one_unit_add_and_subtract_exactly() -> None:
    assert quantity.add(q("0.1"), q("0.2")) == q("0.3")
    assert quantity.subtract(q("32765000000"), q("31657000000")) == q("1108000000")
    assert quantity.subtract(q("1"), q("1")) == q("0")


def test_millions_and_units_add_right_because_values_are_full() -> None:
    in_millions = Quantity(Decimal("1577").scaleb(6), "USD")
    assert quantity.add(in_millions, q("250")) == q("1577000250")


@pytest.mark.parametrize("operation", [quantity.add, quantity.subtract, quantity.greater])
@pytest.mark.parametrize("one", UNITS)
@pytest.mark.parametrize("other", UNITS)
def test_different_units_do_not_go_together(operation: object, one: str | None, other: str | None) -> None:
    assert callable(operation)
    if one == other:
        operation(q(1, one), q(2, other))
    else:
        with pytest.raises(ProgramError, match="units differ"):
            operation(q(1, one), q(2, other))


@pytest.mark.parametrize(
    ("a", "b", "unit"),
    [
        ("USD", PURE, "USD"),
        (PURE, "USD", "USD"),
        (PURE, PURE, PURE),
        (None, PURE, None),
        ("USD/shares", "shares", "USD"),
        ("shares", "USD/shares", "USD"),
        ("EUR/shares", "shares", "EUR"),
    ],
)
def test_products(a: str | None, b: str | None, unit: str | None) -> None:
    assert quantity.multiply(q(6, a), q(7, b)) == q(42, unit)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("USD", "USD"),
        ("USD", "shares"),
        ("shares", "shares"),
        ("USD/shares", "USD"),
        ("USD/shares", "USD/shares"),
        (None, "shares"),
        (None, None),
    ],
)
def test_products_without_a_meaning(a: str | None, b: str | None) -> None:
    with pytest.raises(ProgramError, match="cannot multiply"):
        quantity.multiply(q(6, a), q(7, b))


@pytest.mark.parametrize(
    ("a", "b", "unit"),
    [
        ("USD", "USD", PURE),
        ("USD", PURE, "USD"),
        ("USD", "shares", "USD/shares"),
        ("EUR", "shares", "EUR/shares"),
        (PURE, PURE, PURE),
        ("USD/shares", "USD/shares", PURE),
        ("shares", "shares", PURE),
    ],
)
def test_quotients(a: str | None, b: str | None, unit: str | None) -> None:
    assert quantity.divide(q(42, a), q(7, b)) == q(6, unit)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("USD", "EUR"),
        ("shares", "USD"),
        ("USD/shares", "USD"),
        ("USD/shares", "shares"),
        (PURE, "USD"),
        (PURE, "shares"),
        (None, "shares"),
        ("USD", None),
    ],
)
def test_quotients_without_a_meaning(a: str | None, b: str | None) -> None:
    with pytest.raises(ProgramError, match="cannot divide"):
        quantity.divide(q(42, a), q(7, b))


@pytest.mark.parametrize("numerator", ["1", "0", "-1"])
def test_nothing_is_divided_by_zero(numerator: str) -> None:
    with pytest.raises(ProgramError, match="by zero"):
        quantity.divide(q(numerator), q(0))


def test_powers_are_of_plain_numbers() -> None:
    assert quantity.power(q(2, PURE), q(10, PURE)) == q(1024, PURE)
    for a, b in (("USD", PURE), (PURE, "USD"), (None, PURE)):
        with pytest.raises(ProgramError, match="plain numbers"):
            quantity.power(q(2, a), q(2, b))


@pytest.mark.parametrize(
    ("base", "exponent"), [("-8", "0.5"), ("0", "0"), ("0", "-1"), ("1000000", "1000000"), ("1000000", "-1000000")]
)
def test_a_power_that_is_no_figure(base: str, exponent: str) -> None:
    with pytest.raises(ProgramError):
        quantity.raised(Decimal(base), Decimal(exponent))


def test_a_number_beyond_any_figure_is_an_error_and_no_crash() -> None:
    huge = Quantity(LARGEST - 1, PURE)
    for operation in (quantity.add, quantity.multiply):
        with pytest.raises(ProgramError, match="too large"):
            operation(huge, huge)
    with pytest.raises(ProgramError, match="too large"):
        quantity.divide(huge, q("0.0001", PURE))
    with pytest.raises(ProgramError, match="too small"):
        quantity.divide(q("0.1", PURE), huge)


def test_greater_compares_values_of_one_unit() -> None:
    assert quantity.greater(q(2), q(1))
    assert not quantity.greater(q(1), q(1))
    assert not quantity.greater(q(-2), q(1))


def test_the_one_unit_of_many() -> None:
    assert quantity.same_unit("sum", (q(1), q(2))) == "USD"
    with pytest.raises(ProgramError, match="cannot sum an amount in USD and an amount in shares"):
        quantity.same_unit("sum", (q(1), q(2), q(3, "shares")))


def random_amount(numbers: random.Random) -> Decimal:
    return Decimal(numbers.randint(-(10**13), 10**13)).scaleb(-numbers.randint(0, 4))


@pytest.mark.parametrize("seed", range(20))
def test_sums_products_and_quotients_agree_with_fractions(seed: int) -> None:
    numbers = random.Random(seed)
    for _ in range(50):
        a, b = random_amount(numbers), random_amount(numbers)
        one, other = Quantity(a, "USD"), Quantity(b, "USD")
        assert Fraction(quantity.add(one, other).value) == Fraction(a) + Fraction(b)
        assert Fraction(quantity.subtract(one, other).value) == Fraction(a) - Fraction(b)
        ratio = Quantity(Decimal(numbers.randint(1, 10**6)).scaleb(-6), PURE)
        assert Fraction(quantity.multiply(one, ratio).value) == Fraction(a) * Fraction(ratio.value)
        if b:
            exact = Fraction(a) / Fraction(b)
            error = abs(Fraction(quantity.divide(one, other).value) - exact)
            assert error <= abs(exact) * Fraction(1, 10 ** (PRECISION - 1))


@pytest.mark.parametrize("seed", range(20))
def test_adding_is_the_inverse_of_subtracting_and_order_is_nothing(seed: int) -> None:
    numbers = random.Random(seed)
    values = [random_amount(numbers) for _ in range(6)]
    a, b = Quantity(values[0], "USD"), Quantity(values[1], "USD")
    assert quantity.subtract(quantity.add(a, b), b) == a
    assert quantity.add(a, b) == quantity.add(b, a)
    shuffled = values[:]
    numbers.shuffle(shuffled)
    assert quantity.total(values) == quantity.total(shuffled)


def test_the_sum_of_long_decimals_keeps_more_digits_than_python_s_default() -> None:
    long = Decimal("123456789012345678.12345678901234567")
    assert quantity.total((long, Decimal("1E-17"))) == Decimal("123456789012345678.12345678901234568")


def test_growth_is_of_something_positive() -> None:
    assert quantity.growth(q(120), q(100)) == q("0.2", PURE)
    assert quantity.growth(q(-50), q(100)) == q("-1.5", PURE)
    for old, words in ((q(-100), "a negative figure"), (q(0), "zero")):
        with pytest.raises(ProgramError, match=f"a change from {words} cannot be told as a percentage"):
            quantity.growth(q(50), old)
