"""Executes a program over a sheet of evidence, exactly, and keeps every step."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from assistant import quantity
from assistant.quantity import PURE, Quantity
from index.evidence import Evidence, EvidenceCell, EvidenceLine
from ingest.errors import ProgramError
from model.program import Call, Constant, Expression, Judgement, Pointer, Program, Quote, RowPointer

_DAYS = Decimal(365)


@dataclass(frozen=True, slots=True)
class Operand:
    """A figure that a program points at: the line it stands in, and its cell."""

    line: EvidenceLine
    cell: EvidenceCell


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a calculation: ``subtract(32765, 31657)`` and what it gave."""

    expression: str
    result: str
    unit: str | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a program gave: a quantity, a verdict, or quoted lines; its operands and steps in order.

    Of ``result``, ``verdict`` and ``quoted`` exactly one is set. ``level`` is whether
    the sides of a comparison are equal.
    """

    program: Program
    operands: tuple[Operand, ...]
    steps: tuple[Step, ...]
    result: Quantity | None = None
    verdict: bool | None = None
    quoted: tuple[EvidenceLine, ...] = ()
    level: bool = False


def execute(program: Program, evidence: Evidence) -> Outcome:
    """Return what ``program`` gives over ``evidence``.

    Raises ProgramError where a pointer leads nowhere, units do not go together, a verdict is not what
    its comparison says, or the program is an abstention.
    """
    run = _Run(evidence)
    if isinstance(program, Quote):
        return Outcome(program, (), (), quoted=tuple(run.line(row) for row in program.rows))
    if isinstance(program, Judgement):
        holds = run.judge(program.condition)
        if holds != (program.verdict == "yes"):
            raise ProgramError(f"the program says {program.verdict}, but {program.condition} is {str(holds).lower()}")
        return Outcome(program, tuple(run.operands), tuple(run.steps), verdict=holds)
    if isinstance(program, Call) and program.operator in ("greater", "equal"):
        holds = run.judge(program)
        return Outcome(program, tuple(run.operands), tuple(run.steps), verdict=holds, level=run.level)
    if isinstance(program, Pointer | Constant | Call):
        result = run.evaluate(program)
        if not run.operands:
            raise ProgramError("the program points at no evidence")
        return Outcome(program, tuple(run.operands), tuple(run.steps), result=result)
    raise ProgramError(f"{program} cannot be executed")


class _Run:
    """One execution: what was pointed at and what was computed, so far."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        self.operands: list[Operand] = []
        self.steps: list[Step] = []
        self.level = False

    def line(self, identifier: str) -> EvidenceLine:
        """Return a line of the sheet. Raises ProgramError where there is none of that id."""
        line = self.evidence.line(identifier)
        if line is None:
            raise ProgramError(f"there is no line {identifier} on the sheet")
        return line

    def evaluate(self, expression: Expression) -> Quantity:
        """Return what an expression gives, and keep the figures and steps that it took."""
        if isinstance(expression, Pointer):
            return self._point(expression)
        if isinstance(expression, Constant):
            return Quantity(expression.value, PURE)
        arguments = [
            self._row(argument) if isinstance(argument, RowPointer) else (self.evaluate(argument),)
            for argument in expression.arguments
        ]
        values = tuple(value for group in arguments for value in group)
        result = _apply(expression.operator, values)
        shown = ", ".join(plain(value.value) for value in values)
        self.steps.append(Step(f"{expression.operator}({shown})", plain(result.value), result.unit))
        return result

    def judge(self, condition: Call) -> bool:
        """Tell whether a comparison holds. Raises ProgramError on different units."""
        a, b = (self.evaluate(argument) for argument in condition.arguments if not isinstance(argument, RowPointer))
        quantity.same_unit("compare", (a, b))
        self.level = a.value == b.value
        holds = a.value > b.value if condition.operator == "greater" else a.value == b.value
        self.steps.append(Step(f"{condition.operator}({plain(a.value)}, {plain(b.value)})", str(holds).lower(), None))
        return holds

    def _point(self, pointer: Pointer) -> Quantity:
        line = self.line(pointer.row)
        cell = line.cell(pointer.key)
        if cell is None:
            raise ProgramError(f"line {pointer.row} has no figure under {pointer.key}")
        return self._use(line, cell)

    def _row(self, row: RowPointer) -> tuple[Quantity, ...]:
        line = self.line(row.row)
        if not line.cells:
            raise ProgramError(f"line {row.row} has no figures")
        return tuple(self._use(line, cell) for cell in line.cells)

    def _use(self, line: EvidenceLine, cell: EvidenceCell) -> Quantity:
        operand = Operand(line, cell)
        if operand not in self.operands:
            self.operands.append(operand)
        return Quantity(cell.value, cell.unit)


def _apply(operator: str, values: tuple[Quantity, ...]) -> Quantity:
    """Apply an operator whose argument count was checked when the program was read."""
    binary = {
        "add": quantity.add,
        "subtract": quantity.subtract,
        "multiply": quantity.multiply,
        "divide": quantity.divide,
        "margin": quantity.divide,
        "exp": quantity.power,
    }
    if operator in binary:
        return binary[operator](values[0], values[1])
    if operator == "growth":
        return quantity.growth(values[0], values[1])
    if operator == "cagr":
        quantity.same_unit("compare", values[:2])
        ratio = quantity.divide(values[0], values[1])
        root = quantity.raised(ratio.value, quantity.guarded("divide", Decimal(1), values[2].value))
        return Quantity(quantity.total((root, Decimal(-1))), PURE)
    if operator == "per_day":
        return Quantity(quantity.guarded("divide", values[0].value, _DAYS), values[0].unit)
    return _over_many(operator, values)


def _over_many(operator: str, values: tuple[Quantity, ...]) -> Quantity:
    unit = quantity.same_unit(operator, values)
    numbers = [value.value for value in values]
    results = {
        "sum": lambda: quantity.total(numbers),
        "average": lambda: quantity.guarded("divide", quantity.total(numbers), Decimal(len(numbers))),
        "max": lambda: max(numbers),
        "min": lambda: min(numbers),
    }
    names = {"maximum": "max", "minimum": "min"}
    name = operator.removeprefix("table_")
    return Quantity(results[names.get(name, name)](), unit)


def plain(value: Decimal) -> str:
    """Write a decimal without an exponent and without zeros at its end."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
