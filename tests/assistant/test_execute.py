from __future__ import annotations

import random
from collections.abc import Sequence
from decimal import Decimal

import pytest

from assistant.execute import Outcome, execute, plain
from assistant.quantity import PURE
from index.evidence import Evidence, EvidenceCell, EvidenceLine, Search
from index.query import understand
from ingest.errors import ProgramError
from ingest.filing import Span
from ingest.vocabulary import built_in_vocabulary
from model.operators import OPERATORS
from model.program import Abstention, parse_program

QUERY = understand("?", [], built_in_vocabulary())
SPAN = Span(0, None, (0.0, 0.0, 1.0, 1.0), None, (0, 1))


def line(identifier: str, *figures: tuple[str, str], unit: str | None = "USD", scale: int = 0) -> EvidenceLine:
    cells = tuple(EvidenceCell(key, Decimal(value), unit, scale, value, None, SPAN) for key, value in figures)
    return EvidenceLine(identifier, "row", "f" * 64, "a.pdf", "Acme", f"Line {identifier}", (), cells, SPAN)


def evidence(*lines: EvidenceLine) -> Evidence:
    return Evidence(QUERY, lines, Search(0, 0, ""))


SHEET = evidence(
    line("E1", ("2024", "120"), ("2023", "100"), ("2022", "80")),
    line("E2", ("2024", "30"), ("2023", "25"), ("2022", "0")),
    line("E3", ("2024", "10"), unit="shares"),
    line("E4", ("2024", "2.5"), unit="USD/shares"),
    line("E5", ("2024", "-5"), ("2023", "-10")),
    line("E6", ("2024", "0.2"), unit=PURE),
    EvidenceLine("E7", "sentence", "f" * 64, "a.pdf", "Acme", "Sales rose.", (), (), SPAN),
    line("E8", ("2024", "1"), ("2023", "1"), unit=None),
)

A, B = "value(E1[2024])", "value(E1[2023])"
EXAMPLES: dict[str, tuple[str, str | bool, str | None]] = {
    "add": (f"add({A}, {B})", "220", "USD"),
    "subtract": (f"subtract({A}, {B})", "20", "USD"),
    "multiply": ("multiply(value(E4[2024]), value(E3[2024]))", "25", "USD"),
    "divide": (f"divide({A}, value(E3[2024]))", "12", "USD/shares"),
    "exp": ("exp(value(E6[2024]), const(2))", "0.04", PURE),
    "greater": (f"yes(greater({A}, {B}))", True, None),
    "equal": (f"no(equal({A}, {B}))", False, None),
    "average": (f"average({A}, {B}, value(E1[2022]))", "100", "USD"),
    "sum": (f"sum({A}, {B}, value(E1[2022]))", "300", "USD"),
    "maximum": (f"maximum({B}, {A}, value(E5[2024]))", "120", "USD"),
    "minimum": (f"minimum({B}, value(E5[2024]), {A})", "-5", "USD"),
    "table_sum": ("table_sum(E1)", "300", "USD"),
    "table_average": ("table_average(E1)", "100", "USD"),
    "table_max": ("table_max(E1)", "120", "USD"),
    "table_min": ("table_min(E1)", "80", "USD"),
    "growth": (f"growth({A}, {B})", "0.2", PURE),
    "cagr": ("cagr(value(E1[2024]), value(E2[2024]), const(2))", "1", PURE),
    "margin": (f"margin(value(E2[2024]), {A})", "0.25", PURE),
    "per_day": ("per_day(divide(value(E1[2024]), value(E6[2024])))", "1.64383562", "USD"),
}


def run(program: str, sheet: Evidence = SHEET) -> Outcome:
    return execute(parse_program(program), sheet)


@pytest.mark.parametrize("operator", OPERATORS)
def test_every_operator_does_what_its_definition_says(operator: str) -> None:
    assert operator in EXAMPLES, "an operator was added: say here what it gives"
    program, expected, unit = EXAMPLES[operator]
    outcome = run(program)
    if isinstance(expected, bool):
        assert (outcome.verdict, outcome.result) == (expected, None)
    else:
        assert outcome.result is not None
        assert outcome.verdict is None
        assert abs(outcome.result.value - Decimal(expected)) < Decimal("1E-8")
        assert outcome.result.unit == unit
    assert outcome.operands != ()
    assert outcome.steps[-1].expression.startswith(operator)


BINARY = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "divide": lambda a, b: a / b,
    "margin": lambda a, b: a / b,
    "growth": lambda a, b: (a - b) / b,
    "average": lambda a, b: (a + b) / 2,
    "sum": lambda a, b: a + b,
    "maximum": max,
    "minimum": min,
}


@pytest.mark.parametrize("operator", BINARY)
def test_operators_agree_with_floating_point_over_random_figures(operator: str) -> None:
    numbers = random.Random(operator)
    for _ in range(100):
        a, b = (Decimal(numbers.choice((-1, 1)) * numbers.randint(1, 10**12)).scaleb(-2) for _ in range(2))
        b = abs(b) if operator == "growth" else b
        sheet = evidence(line("E1", ("2024", str(a)), ("2023", str(b))))
        outcome = run(f"{operator}({A}, {B})", sheet)
        assert outcome.result is not None
        assert float(outcome.result.value) == pytest.approx(BINARY[operator](float(a), float(b)), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("years", [1, 2, 3, 5, 7])
def test_compound_growth_leads_from_the_old_to_the_new(years: int) -> None:
    outcome = run(f"cagr(value(E1[2024]), value(E1[2022]), const({years}))")
    assert outcome.result is not None
    assert abs(Decimal(80) * (1 + outcome.result.value) ** years - 120) < Decimal("1E-20")


@pytest.mark.parametrize(
    ("program", "message"),
    [
        ("add(value(E1[2024]), value(E3[2024]))", "units differ"),
        ("subtract(value(E1[2024]), const(1))", "units differ"),
        ("multiply(value(E1[2024]), value(E1[2023]))", "cannot multiply"),
        ("divide(value(E3[2024]), value(E1[2024]))", "cannot divide"),
        ("divide(value(E1[2024]), value(E2[2022]))", "by zero"),
        ("growth(value(E1[2024]), value(E2[2022]))", "a change from zero cannot be told as a percentage"),
        ("exp(value(E1[2024]), const(2))", "plain numbers"),
        ("cagr(value(E1[2024]), value(E5[2024]), const(2))", "not a number"),
        ("cagr(value(E1[2024]), value(E3[2024]), const(2))", "units differ"),
        ("sum(value(E1[2024]), value(E3[2024]))", "units differ"),
        ("maximum(value(E1[2024]), value(E8[2024]))", "units differ"),
        ("yes(greater(value(E1[2024]), value(E3[2024])))", "units differ"),
        ("multiply(value(E1[2024]), exp(const(1000000), const(12)))", "too large"),
        ("multiply(value(E1[2024]), exp(const(1000000), subtract(const(1), const(365))))", "too small"),
        ("value(E9[2024])", "no line E9"),
        ("value(E1[2019])", "line E1 has no figure under 2019"),
        ("table_sum(E7)", "line E7 has no figures"),
        ("value(E7[2024])", "line E7 has no figure"),
        ("quote(E99)", "no line E99"),
    ],
)
def test_what_cannot_be_computed_is_an_error_and_no_number(program: str, message: str) -> None:
    with pytest.raises(ProgramError, match=message):
        run(program)


def test_an_abstention_cannot_be_executed() -> None:
    with pytest.raises(ProgramError, match="cannot be executed"):
        execute(Abstention("not_reported"), SHEET)


@pytest.mark.parametrize(
    ("program", "holds"),
    [
        ("yes(greater(value(E1[2024]), value(E1[2023])))", True),
        ("no(greater(value(E1[2023]), value(E1[2024])))", False),
        ("yes(equal(value(E8[2024]), value(E8[2023])))", True),
        ("yes(greater(growth(value(E1[2024]), value(E1[2023])), value(E5[2024])))", None),
    ],
)
def test_verdicts(program: str, holds: bool | None) -> None:
    if holds is None:
        with pytest.raises(ProgramError, match="units differ"):
            run(program)
    else:
        assert run(program).verdict is holds


@pytest.mark.parametrize(
    "claim", ["no(greater(value(E1[2024]), value(E1[2023])))", "yes(equal(value(E1[2024]), const(1)))"]
)
def test_a_verdict_that_its_comparison_denies_is_an_error(claim: str) -> None:
    with pytest.raises(ProgramError):
        run(claim)


def test_a_bare_comparison_has_its_operands_too() -> None:
    outcome = run("greater(value(E1[2024]), value(E1[2023]))")
    assert outcome.verdict is True
    assert [operand.cell.key for operand in outcome.operands] == ["2024", "2023"]
    assert [step.result for step in outcome.steps] == ["true"]


def test_quoted_lines_in_their_order() -> None:
    outcome = run("quote(E7, E1)")
    assert [quoted.id for quoted in outcome.quoted] == ["E7", "E1"]
    assert outcome.result is None
    assert outcome.verdict is None


def test_steps_and_operands_in_the_order_of_the_calculation() -> None:
    outcome = run("divide(subtract(value(E1[2024]), value(E1[2023])), value(E1[2023]))")
    assert [(step.expression, step.result) for step in outcome.steps] == [
        ("subtract(120, 100)", "20"),
        ("divide(20, 100)", "0.2"),
    ]
    assert [operand.cell.key for operand in outcome.operands] == ["2024", "2023"]


@pytest.mark.parametrize(
    ("value", "text"), [("1577000000", "1577000000"), ("1E+3", "1000"), ("2.50", "2.5"), ("-0.30", "-0.3"), ("0", "0")]
)
def test_decimals_are_written_plainly(value: str, text: str) -> None:
    assert plain(Decimal(value)) == text


def keys(outcome: Outcome) -> Sequence[str]:
    return [operand.cell.key for operand in outcome.operands]


def test_a_whole_row_has_all_its_cells_as_operands() -> None:
    assert keys(run("table_sum(E1)")) == ["2024", "2023", "2022"]
