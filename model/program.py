"""The program language: what a generator writes instead of an answer, and how it is read.

::

    program     = expression | yes(comparison) | no(comparison) | quote(E7, E9) | abstain(reason)
    expression  = value(E3[2018]) | const(365) | operator(argument, …)
    argument    = expression, or a whole row (E3) for the table_ operators

The reading is a recursive descent with bounds on length and depth. It also takes a bare cell,
``E3[2018]`` for ``value(E3[2018])``, and spaces between tokens; ``str`` writes neither. It is the
authority on what a program is: the grammar that steers a generator produces a subset. A comparison
outside a verdict is read as well, for programs that others wrote; it claims nothing that could be checked.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Literal, TypeVar

from ingest.errors import ProgramError
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
    pointers,
    rows,
    substitute,
)
from model.operators import CONSTANTS, MAX_ARGUMENTS, OPERATORS, WHITELIST, Operator

__all__ = [
    "ABSTAIN_REASONS",
    "CONSTANTS",
    "MAX_ARGUMENTS",
    "MAX_DEPTH",
    "MAX_LENGTH",
    "MAX_QUOTED",
    "OPERATORS",
    "WHITELIST",
    "Abstention",
    "Argument",
    "Call",
    "Constant",
    "Expression",
    "Judgement",
    "Operator",
    "Pointer",
    "Program",
    "Quote",
    "RowPointer",
    "parse_program",
    "pointers",
    "rows",
    "substitute",
]

MAX_LENGTH = 4096
"""The longest program, in characters."""

MAX_DEPTH = 6
"""The deepest nesting of calls; a verdict around them counts as none."""

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_KEY = re.compile(r"[A-Za-z0-9/_.:+-]+")
_DIGITS = re.compile(r"[0-9]{1,7}")

_T = TypeVar("_T")


def parse_program(text: str) -> Program:
    """Read one program. Raises ProgramError, with the position, on anything that is not one.

    A program must point at something: ``const(100)`` alone is a number without a source.
    """
    if len(text) > MAX_LENGTH:
        raise ProgramError(f"a program has at most {MAX_LENGTH} characters, not {len(text)}")
    parser = _Parser(text)
    try:
        program = parser.program()
    except ProgramError as error:
        shown = text if len(text) <= 80 else text[:80] + "…"
        raise ProgramError(f"{error} (at character {parser.position + 1} of {shown!r})") from error
    if not isinstance(program, Abstention) and not rows(program):
        raise ProgramError(f"the program points at nothing: {text[:80]!r}")
    return program


class _Parser:
    """A text and how far it has been read; ``position`` is where reading stopped."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.position = 0

    def program(self) -> Program:
        """Read the whole text as one program."""
        program = self._statement()
        self._skip()
        if self.position != len(self._text):
            raise ProgramError("the program ends here, but text follows")
        return program

    def _statement(self) -> Program:
        name = self._match(_NAME, "the name of an operator")
        if name in ("yes", "no"):
            verdict: Literal["yes", "no"] = "yes" if name == "yes" else "no"
            return Judgement(verdict, self._parenthesised(self._comparison))
        if name == "quote":
            return Quote(self._several(self._row, MAX_QUOTED))
        if name == "abstain":
            return Abstention(self._parenthesised(lambda: self._match(_NAME, "a reason")))
        return self._expression_named(name, 0)

    def _comparison(self) -> Call:
        expression = self._expression(0)
        if not isinstance(expression, Call):
            raise ProgramError("a verdict must hold a comparison")
        return expression

    def _expression(self, depth: int) -> Expression:
        return self._expression_named(self._match(_NAME, "an expression"), depth)

    def _expression_named(self, name: str, depth: int) -> Expression:
        """Read on after a name: a cell, a constant or a call."""
        if self._ahead() == "[":
            return self._pointer(name)
        if name == "value":
            return self._parenthesised(lambda: self._pointer(self._row()))
        if name == "const":
            return self._parenthesised(lambda: Constant(Decimal(self._match(_DIGITS, "a constant"))))
        operator = OPERATORS.get(name)
        if operator is None:
            raise ProgramError(f"there is no operator {name[:40]!r}")
        if depth >= MAX_DEPTH:
            raise ProgramError(f"calls are nested deeper than {MAX_DEPTH}")

        def argument() -> Argument:
            return RowPointer(self._row()) if operator.kind(0) == "row" else self._expression(depth + 1)

        return Call(name, self._several(argument, MAX_ARGUMENTS))

    def _row(self) -> str:
        return self._match(_NAME, "a row")

    def _pointer(self, row: str) -> Pointer:
        self._expect("[")
        key = self._match(_KEY, "a column")
        self._expect("]")
        return Pointer(row, key)

    def _parenthesised(self, read: Callable[[], _T]) -> _T:
        self._expect("(")
        content = read()
        self._expect(")")
        return content

    def _several(self, read: Callable[[], _T], most: int) -> tuple[_T, ...]:
        """One to ``most`` things in parentheses, separated by commas."""
        self._expect("(")
        found = [read()]
        while self._ahead() == ",":
            if len(found) == most:
                raise ProgramError(f"there are more than {most} arguments")
            self._expect(",")
            found.append(read())
        self._expect(")")
        return tuple(found)

    def _skip(self) -> None:
        while self._text.startswith(" ", self.position):
            self.position += 1

    def _ahead(self) -> str:
        """Look at the next character that is not a space; nothing at the end."""
        self._skip()
        return self._text[self.position : self.position + 1]

    def _expect(self, character: str) -> None:
        found = self._ahead()
        if found != character:
            raise ProgramError(f"{character!r} is missing" + (f" before {found!r}" if found else ""))
        self.position += 1

    def _match(self, pattern: re.Pattern[str], noun: str) -> str:
        self._skip()
        match = pattern.match(self._text, self.position)
        if match is None:
            raise ProgramError(f"{noun} is missing")
        self.position = match.end()
        return match.group()
