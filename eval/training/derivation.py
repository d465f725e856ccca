"""TAT-QA's derivations and spans become programs on a sheet.

A derivation is arithmetic as its writer put it down, "(44.1-56.7)/56.7": it is read by a small parser of sums,
products and brackets. An answer that is one printed figure becomes a pointer at it. What is left, words of a
paragraph, becomes the quotation of the one line that has them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from assistant.execute import Outcome, execute
from eval.case import Case
from eval.scorers.tatqa import compare
from eval.systems.sheet import tatqa_result
from eval.training.repoint import NotPointedError, Pointing, read_literal
from index.evidence import Evidence
from ingest.errors import ProgramError
from ingest.vocabulary import normalise_label
from model.program import Call, Constant, Expression, Program, Quote, parse_program

_TOKEN = re.compile(r"\s*(?:(?P<number>[$€£]?\s*(?:\d[\d,]*\.?\d*|\.\d+)\s*%?)|(?P<mark>[-+*/×÷–−()\[\]]))")
_OPERATORS = {"+": "add", "-": "subtract", "–": "subtract", "−": "subtract", "*": "multiply", "×": "multiply"}
_OPERATORS |= {"/": "divide", "÷": "divide"}


def point_derivation(case: Case, evidence: Evidence) -> Program:
    """Return the program that answers a case of TAT-QA on its sheet. Raises NotPointedError where there is none."""
    if case.data["answer_type"] == "arithmetic":
        return _arithmetic(case, evidence)
    answers = case.data["answers"]
    if case.data["answer_type"] != "span" or len(answers) != 1:
        raise NotPointedError("asks for several answers or a count")
    pointing = Pointing(evidence, case.question)
    try:
        return checked(pointing.literal(answers[0].strip(" $%")), case, evidence)
    except NotPointedError:
        return _quotation(answers[0], evidence)


def _arithmetic(case: Case, evidence: Evidence) -> Program:
    pointing = Pointing(evidence, case.question)
    expression = _Derivation(case.data["derivation"], pointing.literal).whole()
    return checked(expression, case, evidence)


def checked(expression: Program, case: Case, evidence: Evidence) -> Program:
    """The program, if it gives the gold answer with its scale."""
    try:
        program = parse_program(str(expression))
        outcome: Outcome = execute(program, evidence)
    except ProgramError as error:
        raise NotPointedError("cannot be executed") from error
    label, scale = tatqa_result(outcome, case.question)
    exact, _ = compare([label], scale, list(case.data["answers"]), case.data["scale"])
    if exact < 1:
        raise NotPointedError("gives another result")
    return program


def _quotation(answer: str, evidence: Evidence) -> Program:
    wanted = normalise_label(answer)
    lines = [line.id for line in evidence.lines if line.kind == "sentence" and wanted in normalise_label(line.label)]
    if not wanted or len(lines) != 1:
        raise NotPointedError("has words that no one line has")
    return Quote((lines[0],))


class _Derivation:
    """Reads arithmetic by recursive descent; ``point`` finds the place of a number."""

    def __init__(self, text: str, point: Callable[[str], Expression]) -> None:
        self._point = point
        self._tokens: list[str] = []
        end = 0
        while text[end:].strip():
            match = _TOKEN.match(text, end)
            if match is None:
                raise NotPointedError("cannot be read")
            self._tokens.append(match[0].strip().replace("[", "(").replace("]", ")"))
            end = match.end()
        self._at = 0

    def whole(self) -> Expression:
        """Return the whole text as one expression."""
        expression = self._sum()
        if self._at != len(self._tokens):
            raise NotPointedError("cannot be read")
        return expression

    def _ahead(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _sum(self) -> Expression:
        return self._chain(self._product, "+-–−")

    def _product(self) -> Expression:
        return self._chain(self._operand, "*/×÷")

    def _chain(self, operand: Callable[[], Expression], marks: str) -> Expression:
        found = operand()
        while self._ahead() and self._ahead() in marks:
            operator = _OPERATORS[self._tokens[self._at]]
            self._at += 1
            found = Call(operator, (found, operand()))
        return found

    def _operand(self) -> Expression:
        found = self._ahead()
        self._at += 1
        if found == "(":
            inside = self._sum()
            if self._ahead() != ")":
                raise NotPointedError("cannot be read")
            self._at += 1
            return inside
        if found in ("-", "–", "−"):
            return self._point("-" + self._next_number())
        if not found or found in "+*/×÷)":
            raise NotPointedError("cannot be read")
        return self._number(found)

    def _next_number(self) -> str:
        found = self._ahead()
        self._at += 1
        return found.strip(" $€£%")

    def _number(self, token: str) -> Expression:
        """A number; small whole ones that only count ("/2") are constants."""
        bare = token.strip(" $€£%")
        value, _ = read_literal(bare)
        before = self._tokens[self._at - 2] if self._at >= 2 else ""
        if before in ("/", "÷") and value in (Decimal(2), Decimal(3), Decimal(4)):
            return Constant(value)
        return self._point(bare)
