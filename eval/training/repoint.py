"""FinQA's programs over literal numbers become programs that point at a sheet.

A gold program such as ``subtract(5829, 5735), divide(#0, 5735)`` says which numbers were used, not where they
stand. Each literal is looked for among the figures of the sheet; where it is printed several times, the place
whose words are most those of the question is taken, a row before a sentence. The result is executed, and kept
only if it gives the gold result.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from assistant.execute import execute, plain
from eval.scorers.programs import same_result
from index.evidence import Evidence, EvidenceCell, EvidenceLine
from ingest.errors import ProgramError
from ingest.vocabulary import normalise_label
from model.operators import WHITELIST
from model.program import Call, Constant, Expression, Judgement, Pointer, Program, RowPointer, parse_program

_STEP = re.compile(r"(\w+)\(([^()]*(?:\([^()]*\)[^()]*)*)\)(?:,\s*|$)")
_HUNDRED = Constant(Decimal(100))


class NotPointedError(Exception):
    """A gold program cannot be pointed at the sheet; the message is the kind of reason."""


@dataclass(frozen=True, slots=True)
class _Place:
    """A figure of the sheet, and how well its words fit the question."""

    pointer: Pointer
    value: Decimal
    percent: bool
    merit: float


def repoint(program: str, gold: str, evidence: Evidence, question: str) -> Program:
    """Return the program over ``evidence`` that gives ``gold`` as ``program`` does over literal numbers.

    Raises NotPointedError where a number is not on the sheet, an operator is not ours, or the result differs.
    """
    try:
        expression = Pointing(evidence, question).whole(program)
        pointed = _verdict(expression, gold)
        again = parse_program(str(pointed))
        outcome = execute(again, evidence)
    except ProgramError as error:
        raise NotPointedError("cannot be executed") from error
    result = "yes" if outcome.verdict else "no" if outcome.verdict is not None else ""
    if outcome.result is not None:
        result = plain(outcome.result.value)
    if not same_result(result, gold):
        raise NotPointedError("gives another result")
    return again


def _verdict(expression: Expression, gold: str) -> Program:
    if isinstance(expression, Call) and expression.operator in ("greater", "equal"):
        if gold not in ("yes", "no"):
            raise NotPointedError("gives another result")
        return Judgement("yes" if gold == "yes" else "no", expression)
    return expression


class Pointing:
    """One gold program being pointed: each literal goes to one place, however often it is used."""

    def __init__(self, evidence: Evidence, question: str) -> None:
        self._places = _places(evidence, question)
        self._evidence = evidence
        self._used: dict[str, Expression] = {}

    def whole(self, program: str) -> Expression:
        """Return the expression of the last step."""
        steps: list[Expression] = []
        text = program.strip()
        if not text.endswith(")"):
            return self.literal(text)
        end = 0
        for match in _STEP.finditer(text):
            if match.start() != end:
                raise NotPointedError("cannot be read")
            steps.append(self._step(match[1], [part.strip() for part in match[2].split(", ")], steps))
            end = match.end()
        if end != len(text) or not steps:
            raise NotPointedError("cannot be read")
        return steps[-1]

    def _step(self, operator: str, arguments: Sequence[str], steps: Sequence[Expression]) -> Expression:
        if operator.startswith("table_"):
            return Call(operator, (self._row(", ".join(arguments[:-1]) if len(arguments) > 1 else arguments[0]),))
        if len(arguments) != 2:
            raise NotPointedError("cannot be read")
        a, b = (self._argument(argument, steps) for argument in arguments)
        return Call(operator, (a, b))

    def _argument(self, text: str, steps: Sequence[Expression]) -> Expression:
        if text.startswith("#"):
            return steps[int(text[1:])]
        if text.startswith("const_"):
            number = text.removeprefix("const_")
            if not number.isdigit() or Decimal(number) not in WHITELIST:
                raise NotPointedError("has a constant that is not ours")
            return Constant(Decimal(number))
        return self.literal(text)

    def literal(self, text: str) -> Expression:
        """Return where a number stands, in the form that has its value. Raises NotPointedError where it does not."""
        if text not in self._used:
            self._used[text] = self._place(text)
        return self._used[text]

    def _place(self, text: str) -> Expression:
        number, percent = read_literal(text)
        found = [place for place in self._places if place.value == number]
        if found:
            best = max(found, key=lambda place: (place.percent == percent, place.merit)).pointer
            return Call("divide", (best, _HUNDRED)) if percent else best
        shared = [place for place in self._places if place.value == number.scaleb(-2) and not percent]
        if shared:
            return Call("multiply", (max(shared, key=lambda place: place.merit).pointer, _HUNDRED))
        if number in WHITELIST and not percent:
            return Constant(number)
        raise NotPointedError("has a number that is not on the sheet")

    def _row(self, label: str) -> RowPointer:
        wanted = normalise_label(label)
        for line in self._evidence.lines:
            if line.kind == "row" and normalise_label(line.label) == wanted:
                return RowPointer(line.id)
        raise NotPointedError("names a row that is not on the sheet")


def read_literal(text: str) -> tuple[Decimal, bool]:
    """Return a literal as printed, and whether it is a percentage ("27%" counts as 0.27 in FinQA)."""
    bare = text.replace(",", "").replace("$", "").replace(" ", "")
    percent = bare.endswith("%")
    try:
        return Decimal(bare.rstrip("%")), percent
    except InvalidOperation as error:
        raise NotPointedError("has an argument that is no number") from error


def _places(evidence: Evidence, question: str) -> list[_Place]:
    asked = set(normalise_label(question).split())
    return [
        _Place(Pointer(line.id, cell.key), cell.value, cell.scale == -2, _merit(line, cell, asked))
        for line in evidence.lines
        for cell in line.cells
    ]


def _merit(line: EvidenceLine, cell: EvidenceCell, asked: set[str]) -> float:
    """The share of the line's words that are asked for, and of the column's; a row is worth more than a sentence."""
    own = set(normalise_label(" ".join((*line.path, line.label))).split())
    column = set(normalise_label(f"{cell.column} {cell.key}").split())
    shared: float = len(own & asked) / (1 + len(own)) ** 0.5
    return shared + len(column & asked) + (0.2 if line.kind == "row" else 0.0)
