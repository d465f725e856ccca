"""A grammar in which only this sheet can be pointed at.

The Lark text is for llguidance. Every program that it produces is read by ``parse_program`` and is
written in canonical form; the reverse does not hold, the grammar being narrower: calls nest three
deep, operators of many arguments take calls of the lowest level only (a program then always keeps
within the parser's length), constants are not combined alone, comparisons stand inside a verdict.
"""

from __future__ import annotations

from collections.abc import Sequence

from ingest.errors import ProgramError
from model.contract import SheetLine
from model.nodes import ABSTAIN_REASONS, MAX_QUOTED, Pointer, RowPointer
from model.operators import CONSTANTS, OPERATORS, Operator

DEPTH = 3
"""How deep calls nest in what a generator writes."""


def program_grammar(sheet: Sequence[SheetLine]) -> str:
    """Write the Lark grammar of the programs on this sheet.

    A sheet of sentences allows only quotes and refusals, an empty one only refusals. Raises
    ProgramError when two lines share an id, or when an id or a key could not be written in a program.
    """
    _check(sheet)
    numeric = [line for line in sheet if line.keys]
    statements = ["refusal"]
    if sheet:
        statements.append("quote")
    if numeric:
        statements += [f"level{DEPTH}", "verdict"]
    rules = [f"start: {' | '.join(statements)}", _refusal()]
    if sheet:
        rules += [f'quote: "quote(" ROW (", " ROW){{0,{MAX_QUOTED - 1}}} ")"', _choice("ROW", sheet)]
    if numeric:
        rules += [_cells(numeric), _choice("SERIES", numeric), _constants(), _verdict()]
        rules.append('level0: "value(" CELL ")"')
        for level in range(1, DEPTH + 1):
            rules += _level(level)
    return "\n".join(rules) + "\n"


def _check(sheet: Sequence[SheetLine]) -> None:
    """Refuse what could break out of a terminal: the nodes know what a name is."""
    seen: set[str] = set()
    for line in sheet:
        RowPointer(line.id)
        for key in line.keys:
            Pointer(line.id, key)
        if line.id in seen:
            raise ProgramError(f"two lines of the sheet are called {line.id}")
        seen.add(line.id)


def _refusal() -> str:
    reasons = " | ".join(f'"{reason}"' for reason in ABSTAIN_REASONS)
    return f'refusal: "abstain(" ({reasons}) ")"'


def _choice(terminal: str, lines: Sequence[SheetLine]) -> str:
    return f"{terminal}: " + " | ".join(f'"{line.id}"' for line in lines)


def _cells(lines: Sequence[SheetLine]) -> str:
    """Put all cells (``E1[2018]`` …) into one terminal, so that the lexer sees a single automaton."""
    rows = []
    for line in lines:
        keys = " | ".join(f'"{key}"' for key in dict.fromkeys(line.keys))
        rows.append(f'"{line.id}[" ({keys}) "]"')
    return "CELL: " + " | ".join(rows)


def _constants() -> str:
    numbers = " | ".join(f'"{constant}"' for constant in CONSTANTS)
    return f'constant: "const(" ({numbers}) ")"'


def _verdict() -> str:
    judgements = [operator for operator in OPERATORS.values() if operator.judgement]
    names = " | ".join(f'"{operator.name}("' for operator in judgements)
    return f'verdict: ("yes(" | "no(") ({names}) pair{DEPTH} "))"'


def _level(level: int) -> list[str]:
    """Write the rules for calls nested at most ``level`` deep.

    A pair holds at least one argument that points at something, and so does every call.
    """
    below = f"level{level - 1}"
    calls = [_call(operator, level) for operator in OPERATORS.values() if not operator.judgement]
    return [
        f'pair{level}: {below} ", " ({below} | constant) | constant ", " {below}',
        f"level{level}: level0 | " + " | ".join(calls),
    ]


def _call(operator: Operator, level: int) -> str:
    """Write the alternative for one operator, its arguments taken from a level below."""
    head = f'"{operator.name}("'
    if operator.arguments == ("expression", "expression"):
        return f'{head} pair{level} ")"'
    below = min(level - 1, 1) if operator.repeats else level - 1
    rules = {"row": "SERIES", "amount": f"level{below}", "constant": "constant"}
    arguments = ' ", " '.join(rules[kind] for kind in operator.arguments)
    more = f' (", " {rules[operator.arguments[-1]]}){{0,{operator.repeats}}}' if operator.repeats else ""
    return f'{head} {arguments}{more} ")"'
