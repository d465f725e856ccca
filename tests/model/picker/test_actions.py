import pytest

from ingest.errors import ProgramError
from model.contract import SheetLine
from model.grammar import program_grammar
from model.picker.actions import NUMBERS, OPERATIONS, Cell, Row, to_actions, to_program
from model.program import parse_program

LINES = (
    SheetLine("E1", "Net sales | 2024: 4,120 | 2023: 3,870", ("2024", "2023")),
    SheetLine("E2", "Cost of sales | 2024: 2,510 | 2023: 2,400", ("2024", "2023")),
    SheetLine("E3", "Sales rose because the Harbour plant opened."),
)


def again(text: str) -> str:
    return str(to_program(to_actions(parse_program(text), LINES), LINES))


@pytest.mark.parametrize(
    "text",
    [
        "value(E1[2024])",
        "growth(value(E1[2024]), value(E1[2023]))",
        "divide(subtract(value(E1[2024]), value(E2[2024])), value(E1[2024]))",
        "cagr(value(E1[2024]), value(E1[2023]), const(1))",
        "multiply(divide(value(E2[2024]), value(E1[2024])), const(100))",
        "average(value(E1[2024]), value(E1[2023]), value(E2[2024]))",
        "table_sum(E2)",
        "greater(value(E1[2024]), value(E1[2023]))",
        "quote(E3)",
        "quote(E1, E3)",
        "abstain(not_reported)",
        "per_day(value(E2[2024]))",
    ],
)
def test_a_program_comes_back_from_its_choices(text: str) -> None:
    assert again(text) == text


@pytest.mark.parametrize(
    ("text", "short"),
    [
        (
            "divide(subtract(value(E1[2024]), value(E1[2023])), value(E1[2023]))",
            "growth(value(E1[2024]), value(E1[2023]))",
        ),
        ("margin(value(E2[2024]), value(E1[2024]))", "divide(value(E2[2024]), value(E1[2024]))"),
        (
            "divide(add(value(E1[2024]), value(E1[2023])), const(2))",
            "average(value(E1[2024]), value(E1[2023]))",
        ),
        (
            "add(add(value(E2[2024]), value(E1[2024])), value(E1[2023]))",
            "sum(value(E1[2024]), value(E1[2023]), value(E2[2024]))",
        ),
        # Whether a comparison holds is not chosen.
        ("no(equal(value(E1[2024]), const(1000)))", "equal(value(E1[2024]), const(1000))"),
        ("add(value(E2[2024]), value(E1[2024]))", "add(value(E1[2024]), value(E2[2024]))"),
        # What is not the same calculation stays as it is.
        (
            "divide(subtract(value(E1[2024]), value(E1[2023])), value(E1[2024]))",
            "divide(subtract(value(E1[2024]), value(E1[2023])), value(E1[2024]))",
        ),
        (
            "divide(add(value(E1[2024]), value(E1[2023])), const(3))",
            "divide(add(value(E1[2024]), value(E1[2023])), const(3))",
        ),
        ("add(value(E1[2024]), const(1))", "add(value(E1[2024]), const(1))"),
    ],
)
def test_one_calculation_has_one_writing(text: str, short: str) -> None:
    assert again(text) == short


def test_choices_that_make_no_program_are_refused() -> None:
    subtract = OPERATIONS[NUMBERS["subtract:2"]]
    for actions in ([subtract, Cell(0, 0)], [Cell(0, 0), Cell(0, 1)], [subtract, Row(0), Cell(0, 0)], []):
        with pytest.raises(ProgramError):
            to_program(actions, LINES)


@pytest.mark.parametrize("text", ["value(E9[2024])", "value(E1[2020])", "quote(E7)"])
def test_what_is_not_read_cannot_be_chosen(text: str) -> None:
    with pytest.raises(ProgramError):
        to_actions(parse_program(text), LINES)


def test_a_program_that_takes_too_many_choices_is_refused() -> None:
    deep = "value(E1[2024])"
    for _ in range(5):
        deep = f"subtract({deep}, divide(value(E1[2023]), value(E2[2023])))"
    with pytest.raises(ProgramError, match="choices"):
        to_actions(parse_program(deep), LINES)


def test_every_operator_of_the_grammar_can_be_chosen() -> None:
    grammar = program_grammar(LINES)
    for name in ("growth", "cagr", "table_max", "average", "exp"):
        assert f'"{name}("' in grammar
        assert any(operation.name.startswith(f"{name}:") for operation in OPERATIONS)
