"""What a served model answers: one JSON object, which becomes a program or is refused.

::

    {"kind": "calculate", "lines": [], "reason": "none",
     "steps": [{"operator": "subtract", "arguments": ["E1[2024]", "E1[2023]"]},
               {"operator": "divide", "arguments": ["#1", "E1[2023]"]}]}

The steps are those of FinQA's programs: each has an operator and arguments, ``#1`` is the result of the first
one, and the last one gives the answer. A flat list was chosen over a text in the program language, because its
schema can enumerate every argument: a server that decodes by the schema cannot point beside the sheet. It was
chosen over a tree, because few servers take recursive schemas. Whether the schema was followed is not relied
upon: all of it is checked here, and ``parse_program`` has the last word.

Messages of the errors raised here go back to the model and into the records of an answer. They repeat nothing
that the model wrote, for it may hold numbers.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ingest.errors import ProgramError
from model.contract import SheetLine
from model.nodes import (
    ABSTAIN_REASONS,
    MAX_QUOTED,
    Abstention,
    Argument,
    Call,
    Constant,
    Expression,
    Judgement,
    Pointer,
    Program,
    Quote,
    RowPointer,
)
from model.operators import CONSTANTS, MAX_ARGUMENTS, OPERATORS
from model.program import parse_program

MAX_ANSWER = 16_384
"""The longest answer that is looked at, in characters."""

MAX_STEPS = 6
"""The most steps; as many as calls may be nested."""

MAX_ENUMERATED = 500
"""So many arguments are enumerated in a schema at most: hosted servers take no more. Beyond, any text is let
through by the schema, and checked here."""

LOOKUP = "value"
"""The operator of a step that takes a cell as it is."""

NO_REASON = "none"

_THINKING = "</think>"
_KINDS = ("calculate", "yes", "no", "quote", "abstain")


class AnswerStep(BaseModel):
    """One step as the model writes it."""

    model_config = ConfigDict(extra="forbid", strict=True)

    operator: str = Field(max_length=32)
    arguments: list[str] = Field(min_length=1, max_length=MAX_ARGUMENTS)


class ServedAnswer(BaseModel):
    """The object as the model writes it; what its kind does not need is not read."""

    model_config = ConfigDict(extra="forbid", strict=True)

    kind: Literal["calculate", "yes", "no", "quote", "abstain"]
    steps: list[AnswerStep] = Field(default=[], max_length=MAX_STEPS)
    lines: list[str] = Field(default=[], max_length=MAX_QUOTED)
    reason: str = Field(default=NO_REASON, max_length=32)


def answer_schema(sheet: Sequence[SheetLine]) -> dict[str, Any]:
    """Return the JSON schema of answers about this sheet, with every argument that can be pointed at.

    It keeps to what servers that decode by a schema have in common: no recursion, no patterns, every field required.
    """
    arguments = [*_arguments(sheet), *(f"#{number}" for number in range(1, MAX_STEPS))]
    one_of = {"enum": arguments} if len(arguments) <= MAX_ENUMERATED else {}
    lines = {"enum": [line.id for line in sheet]} if 0 < len(sheet) <= MAX_ENUMERATED else {}
    step = _object(
        operator={"type": "string", "enum": [LOOKUP, *OPERATORS]},
        arguments=_list({"type": "string", **one_of}, MAX_ARGUMENTS),
    )
    return _object(
        kind={"type": "string", "enum": list(_KINDS)},
        steps=_list(step, MAX_STEPS),
        lines=_list({"type": "string", **lines}, MAX_QUOTED),
        reason={"type": "string", "enum": [NO_REASON, *ABSTAIN_REASONS]},
    )


def _object(**properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _list(items: dict[str, Any], most: int) -> dict[str, Any]:
    return {"type": "array", "items": items, "maxItems": most}


def _arguments(sheet: Sequence[SheetLine]) -> dict[str, Argument]:
    """Everything on the sheet that a step can take, by how it is written; nothing else becomes part of a program."""
    known: dict[str, Argument] = {}
    for line in sheet:
        if line.keys:
            known[line.id] = RowPointer(line.id)
        for key in line.keys:
            known[f"{line.id}[{key}]"] = Pointer(line.id, key)
    if known:
        known |= {f"const({number})": Constant(Decimal(number)) for number in CONSTANTS}
    return known


def read_answer(text: str, sheet: Sequence[SheetLine]) -> Program:
    """Return the program that a model's answer stands for.

    A fence around the object, words around it, and what a model thinks before ``</think>`` are let be. Raises
    ProgramError, whose message repeats nothing of the text, on all that is not one answer about this sheet.
    """
    try:
        answer = ServedAnswer.model_validate(_object_in(text))
    except ValidationError as error:
        raise ProgramError(_told(error)) from None
    program = _program(answer, sheet)
    written = str(program)
    try:
        return parse_program(written)
    except ProgramError:
        raise ProgramError("the steps are nested too deep, are too long or point at nothing") from None


def _object_in(text: str) -> dict[str, Any]:
    if len(text) > MAX_ANSWER:
        raise ProgramError(f"the answer is longer than {MAX_ANSWER} characters")
    said = text.rpartition(_THINKING)[2]
    start = said.find("{")
    if start < 0:
        raise ProgramError("the answer holds no JSON object")
    try:
        found, end = json.JSONDecoder().raw_decode(said, start)
    except (ValueError, RecursionError):
        raise ProgramError("the answer's JSON is malformed or not whole") from None
    if "{" in said[end:]:
        raise ProgramError("the answer holds more than one JSON object")
    decoded: dict[str, Any] = found
    return decoded


def _told(error: ValidationError) -> str:
    """Say of the first thing that does not fit where it is and what it should be; its own text is left out."""
    first = error.errors(include_input=False, include_url=False, include_context=False)[0]
    names = {*ServedAnswer.model_fields, *AnswerStep.model_fields}
    place = ".".join(str(part + 1) if isinstance(part, int) else part for part in first["loc"] if _own(part, names))
    if first["type"] == "extra_forbidden":
        return f"the answer has a field that is not asked for{f', in {place}' if place else ''}"
    if first["type"] == "string_type" and "arguments" in first["loc"]:
        return f"{place} must point at the sheet as a string: no number may be written"
    return f"{place} does not fit: {first['msg']}"


def _own(part: int | str, names: set[str]) -> bool:
    return isinstance(part, int) or part in names


def _program(answer: ServedAnswer, sheet: Sequence[SheetLine]) -> Program:
    if answer.kind == "abstain":
        if answer.reason not in ABSTAIN_REASONS:
            raise ProgramError(f"reason must be one of {', '.join(ABSTAIN_REASONS)}")
        return Abstention(answer.reason)
    if answer.kind == "quote":
        if not answer.lines or not set(answer.lines) <= {line.id for line in sheet}:
            raise ProgramError("lines must name one or more lines that are on the sheet")
        return Quote(tuple(answer.lines))
    result = _result(answer.steps, _arguments(sheet))
    if answer.kind == "calculate":
        if isinstance(result, Call) and OPERATORS[result.operator].judgement:
            raise ProgramError("a comparison answers a question with yes or no: make kind the verdict")
        return result
    if not isinstance(result, Call):
        raise ProgramError("yes and no need a comparison as their last step")
    return Judgement(answer.kind, result)


def _result(steps: Sequence[AnswerStep], known: Mapping[str, Argument]) -> Expression:
    """Put the steps together; the last one is the result."""
    if not steps:
        raise ProgramError("there are no steps")
    results: list[Expression] = []
    for number, step in enumerate(steps, start=1):
        earlier = {f"#{position}": result for position, result in enumerate(results, start=1)}
        results.append(_step(step, number, {**known, **earlier}))
    return results[-1]


def _step(step: AnswerStep, number: int, known: Mapping[str, Argument]) -> Expression:
    for position, written in enumerate(step.arguments, start=1):
        if written not in known:
            raise ProgramError(
                f"argument {position} of step {number} is neither on the sheet, nor a constant that is allowed, "
                "nor an earlier step"
            )
    arguments = tuple(known[written] for written in step.arguments)
    if step.operator == LOOKUP:
        if len(arguments) == 1 and isinstance(arguments[0], Pointer):
            return arguments[0]
        raise ProgramError(f"step {number}: {LOOKUP} takes one cell")
    if step.operator not in OPERATORS:
        raise ProgramError(f"step {number} has an operator that there is not")
    try:
        return Call(step.operator, arguments)
    except ProgramError as error:
        raise ProgramError(f"step {number}: {error}") from None


def write_answer(program: Program) -> str:
    """Return the answer that stands for a program, as JSON: what a model should have written."""
    steps: list[dict[str, Any]] = []
    lines: list[str] = []
    kind, reason = "calculate", NO_REASON
    if isinstance(program, Abstention):
        kind, reason = "abstain", program.reason
    elif isinstance(program, Quote):
        kind, lines = "quote", list(program.rows)
    elif isinstance(program, Judgement):
        kind = program.verdict
        _flatten(program.condition, steps)
    elif isinstance(program, Call):
        _flatten(program, steps)
    else:
        steps.append({"operator": LOOKUP, "arguments": [_written(program)]})
    return json.dumps({"kind": kind, "steps": steps, "lines": lines, "reason": reason})


def _flatten(call: Call, steps: list[dict[str, Any]]) -> str:
    """Add the steps of a call, inner ones first; return how its result is written."""
    arguments = [_flatten(each, steps) if isinstance(each, Call) else _written(each) for each in call.arguments]
    steps.append({"operator": call.operator, "arguments": arguments})
    return f"#{len(steps)}"


def _written(argument: Pointer | RowPointer | Constant) -> str:
    return f"{argument.row}[{argument.key}]" if isinstance(argument, Pointer) else str(argument)
