"""Execution accuracy: a program is right when it gives what the right program gives, however it is written."""

from __future__ import annotations

from decimal import Decimal

import pytest

from assistant.exercise import execution_accuracy, figure, sheet_evidence, solves
from model.contract import EchoGenerator, SheetLine
from model.tuning.example import TrainingExample

LINES = (
    SheetLine("E1", "Net sales | 2024: 4,120 | 2023: $ (87)", ("2024", "2023")),
    SheetLine("E2", "Margin | 2024: 12.5% | x2024: 9", ("2024", "x2024")),
    SheetLine("E3", "Net income rose by n1: 23.4 million to n2: $1.2 billion.", ("n1", "n2")),
    SheetLine("E4", "Sales rose because a plant was opened."),
)


def example(program: str) -> TrainingExample:
    return TrainingExample("1", "What?", LINES, program, "test", "g", "test")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("4,120 | 2023: 3", "4120"),
        ("$ (87)", "-87"),
        ("($87)", "-87"),
        ("( 4.5 )", "-4.5"),
        ("-4.5 ( 4.5 )", "-4.5"),
        ("$ -3.2", "-3.2"),
        ("−7", "-7"),
        ("12.5%", "12.5"),
        ("(12.5%)", "-12.5"),
        ("23.4 million to", "23400000"),
        ("1.2 billion.", "1200000000"),
        (".5", "0.5"),
        ("— | 2023: 4", "0"),
        ("$ -", "0"),
        ("3,", "3"),
    ],
)
def test_a_printed_figure_is_read(text: str, value: str) -> None:
    assert figure(text) == Decimal(value)


@pytest.mark.parametrize("text", ["", "n/a", "about 3", "-x"])
def test_what_is_no_figure_is_none(text: str) -> None:
    assert figure(text) is None


def test_each_key_has_its_own_figure() -> None:
    lines = sheet_evidence(LINES).lines
    values = {f"{line.id}[{cell.key}]": cell.value for line in lines for cell in line.cells}
    assert values == {
        "E1[2024]": 4120,
        "E1[2023]": -87,
        "E2[2024]": Decimal("12.5"),
        "E2[x2024]": 9,
        "E3[n1]": 23400000,
        "E3[n2]": 1200000000,
    }


@pytest.mark.parametrize(
    ("gold", "program", "right"),
    [
        ("value(E1[2024])", "value(E1[2024])", True),
        ("value(E1[2024])", "value(E1[2023])", False),
        (
            "growth(value(E1[2024]), value(E2[2024]))",
            "divide(subtract(value(E1[2024]), value(E2[2024])), value(E2[2024]))",
            True,
        ),
        ("divide(value(E1[2024]), value(E2[2024]))", "divide(value(E2[2024]), value(E1[2024]))", False),
        ("yes(greater(value(E1[2024]), value(E1[2023])))", "greater(value(E1[2024]), value(E1[2023]))", True),
        ("yes(greater(value(E1[2024]), value(E1[2023])))", "no(greater(value(E1[2023]), value(E1[2024])))", False),
        ("quote(E4, E1)", "quote(E1, E4)", True),
        ("quote(E4)", "quote(E1)", False),
        ("abstain(not_reported)", "abstain(not_supported)", True),
        ("abstain(not_reported)", "value(E1[2024])", False),
        ("value(E1[2024])", "abstain(not_reported)", False),
        ("value(E1[2024])", "growth(value(E1[2024]), value(E1[2023]))", False),
    ],
)
def test_what_counts_is_what_a_program_gives(gold: str, program: str, right: bool) -> None:
    assert solves(program, example(gold)) is right


def test_the_share_that_is_right() -> None:
    asked = [example("value(E1[2024])"), example("value(E1[2023])"), example("abstain(not_reported)")]
    assert execution_accuracy(EchoGenerator("abstain(not_supported)"), asked) == pytest.approx(1 / 3)
