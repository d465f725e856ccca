"""What a served model's answer may be, and what is refused of it."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from ingest.errors import ProgramError
from model.contract import SheetLine
from model.operators import OPERATORS
from model.program import parse_program
from model.served.answer import MAX_ENUMERATED, answer_schema, read_answer, write_answer

SHEET = [
    SheetLine("E1", "Net sales | 2024: 4,120 | 2023: 3,870", ("2024", "2023")),
    SheetLine("E2", "Cost of sales | 2024: 2,510 | c2: 2,400", ("2024", "c2")),
    SheetLine("E3", "Sales rose."),
]


def answer(kind: str = "calculate", **fields: Any) -> str:
    return json.dumps({"kind": kind, "steps": [], "lines": [], "reason": "none", **fields})


def step(operator: str, *arguments: Any) -> dict[str, Any]:
    return {"operator": operator, "arguments": list(arguments)}


PROGRAMS = [
    "value(E1[2024])",
    "growth(value(E1[2024]), value(E1[2023]))",
    "divide(subtract(value(E1[2024]), value(E2[c2])), value(E1[2024]))",
    "average(value(E1[2024]), value(E1[2023]), value(E2[2024]))",
    "cagr(value(E1[2024]), value(E1[2023]), const(3))",
    "divide(value(E1[2024]), const(365))",
    "table_sum(E1)",
    "yes(greater(value(E1[2024]), value(E1[2023])))",
    "no(equal(divide(value(E1[2024]), value(E1[2023])), const(1)))",
    "quote(E3, E1)",
    "abstain(wrong_period)",
]


@pytest.mark.parametrize("program", PROGRAMS)
def test_every_kind_of_program_can_be_answered(program: str) -> None:
    written = write_answer(parse_program(program))
    assert str(read_answer(written, SHEET)) == program
    assert str(read_answer(f"<think>{{it is 5}}</think>Here it is:\n```json\n{written}\n```", SHEET)) == program
    assert_fits(json.loads(written), answer_schema(SHEET))


def assert_fits(value: Any, schema: dict[str, Any]) -> None:
    """Check a value by the parts of JSON schema that are used."""
    if schema["type"] == "object":
        assert list(value) == schema["required"] == list(schema["properties"])
        assert schema["additionalProperties"] is False
        for name, part in value.items():
            assert_fits(part, schema["properties"][name])
    elif schema["type"] == "array":
        assert len(value) <= schema["maxItems"]
        for part in value:
            assert_fits(part, schema["items"])
    else:
        assert schema["type"] == "string"
        assert isinstance(value, str)
        assert value in schema.get("enum", [value])


def test_the_schema_lets_nothing_be_pointed_at_that_is_not_on_the_sheet() -> None:
    schema = answer_schema(SHEET)["properties"]
    arguments = schema["steps"]["items"]["properties"]["arguments"]["items"]["enum"]
    assert [each for each in arguments if each.startswith("E")] == [
        *("E1", "E1[2024]", "E1[2023]", "E2", "E2[2024]", "E2[c2]"),
    ]
    assert all(re.fullmatch(r"E.*|#[1-5]|const\(\d+\)", each) for each in arguments)
    assert schema["lines"]["items"]["enum"] == ["E1", "E2", "E3"]
    assert set(OPERATORS) < set(schema["steps"]["items"]["properties"]["operator"]["enum"])


def test_a_sheet_that_is_too_large_to_be_enumerated_is_checked_here_alone() -> None:
    sheet = [SheetLine(f"E{n}", "Net sales", ("2024", "2023", "2022")) for n in range(1, MAX_ENUMERATED // 3)]
    schema = answer_schema(sheet)["properties"]["steps"]["items"]["properties"]["arguments"]["items"]
    assert schema == {"type": "string"}
    with pytest.raises(ProgramError, match="argument 1 of step 1"):
        read_answer(answer(steps=[step("value", "E999[2024]")]), sheet)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no JSON object"),
        ("Net sales were 4,120 million.", "no JSON object"),
        ("4120", "no JSON object"),
        ('{"kind": "calculate", "steps": [', "malformed or not whole"),
        ('{"a":' * 5000, "longer than"),
        ('{"a":' * 3000, "malformed or not whole"),
        ('{"kind": ' + "9" * 5000 + "}", "malformed or not whole"),
        (answer("abstain", reason="not_reported") + answer("quote", lines=["E3"]), "more than one"),
        ("{}", "kind does not fit"),
        (answer("guess"), "kind does not fit"),
        (answer(answer="4,120"), "a field that is not asked for"),
        (answer(steps=[{**step("value", "E1[2024]"), "4120": 1}]), "a field that is not asked for, in steps.1"),
        (answer(), "there are no steps"),
        (answer(steps=[step("value", 4120)]), r"steps\.1\.arguments\.1 must point at the sheet as a string: no number"),
        (answer(steps=[step("value", "4120")]), "argument 1 of step 1 is neither on the sheet"),
        (answer(steps=[step("value", "4,120")]), "neither on the sheet"),
        (answer(steps=[step("value", "const(4120)")]), "neither on the sheet"),
        (answer(steps=[step("value", "const(100)")]), "value takes one cell"),
        (answer(steps=[step("add", "const(100)", "const(1)")]), "point at nothing"),
        (answer(steps=[step("value", "E4[2024]")]), "neither on the sheet"),
        (answer(steps=[step("value", "E1[2022]")]), "neither on the sheet"),
        (answer(steps=[step("value", "E3")]), "neither on the sheet"),
        (answer(steps=[step("value", "E1")]), "value takes one cell"),
        (answer(steps=[step("value", "E1[2024]", "E1[2023]")]), "value takes one cell"),
        (answer(steps=[step("table_sum", "E1[2024]")]), "step 1: argument 1 of table_sum must be a row"),
        (answer(steps=[step("growth", "E1[2024]")]), "step 1: growth takes 2 argument"),
        (answer(steps=[step("system", "E1[2024]")]), "an operator that there is not"),
        (answer(steps=[step("add", "#1", "E1[2024]")]), "neither on the sheet"),
        (answer(steps=[step("add", "#2", "E1[2024]"), step("value", "E1[2024]")]), "neither on the sheet"),
        (answer(steps=[step("value", "E1[2024]")] * 7), "steps does not fit"),
        (answer(steps=[step("sum", *["E1[2024]"] * 7)]), "arguments does not fit"),
        (answer(steps=[step("greater", "E1[2024]", "E1[2023]")]), "kind the verdict"),
        (answer("yes", steps=[step("value", "E1[2024]")]), "need a comparison"),
        (answer("yes", steps=[step("add", "E1[2024]", "E1[2023]")]), "must hold a comparison"),
        (answer("quote", lines=["E9"]), "lines must name"),
        (answer("quote"), "lines must name"),
        (answer("quote", lines=["E3"] * 5), "lines does not fit"),
        (answer("abstain"), "reason must be one of"),
        (answer("abstain", reason="because"), "reason must be one of"),
    ],
)
def test_what_is_no_answer_about_the_sheet_is_refused(text: str, why: str) -> None:
    with pytest.raises(ProgramError, match=why) as caught:
        read_answer(text, SHEET)
    told = str(caught.value)
    assert "\n" not in told
    assert "4120" not in told
    assert "4,120" not in told


def test_steps_that_swell_are_refused() -> None:
    steps = [step("sum", *["E1[2024]"] * 6), *(step("sum", *[f"#{n}"] * 6) for n in range(1, 6))]
    with pytest.raises(ProgramError, match="nested too deep"):
        read_answer(answer(steps=steps), SHEET)


def test_an_empty_sheet_allows_a_refusal_alone() -> None:
    assert str(read_answer(answer("abstain", reason="not_reported"), [])) == "abstain(not_reported)"
    with pytest.raises(ProgramError):
        read_answer(answer(steps=[step("divide", "const(1)", "const(100)")]), [])
    assert_fits(json.loads(answer("abstain", reason="not_reported")), answer_schema([]))
