"""Questions over one line or two of a sheet: each with its program and the answer reckoned from stated values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from random import Random

from assistant.dataset.reckoning import reckon
from assistant.dataset.subjects import Figure, Subject
from assistant.dataset.times import Time, comparable
from assistant.dataset.wording import ADJACENT, COUNTS, MONEY, Wording, listed
from ingest.vocabulary import Vocabulary
from model.program import CONSTANTS, Call, Constant, Expression, Pointer

MOST_TERMS = 5
NAMED = 0.45
"""Share of the questions that name the company although the sheet is of one alone."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A question and the program that answers it; ``expected`` is the result, a verdict, or None for neither."""

    kind: str
    question: str
    program: str
    expected: Decimal | bool | None = None


@dataclass(frozen=True)
class Desk:
    """What questions over one sheet are made with.

    ``several`` is whether its lines are of several companies; ``rival`` is the second one that a question compares.
    """

    subjects: tuple[Subject, ...]
    wording: Wording
    vocabulary: Vocabulary
    rng: Random
    several: bool = False
    rival: str | None = None

    def fields(
        self, times: Sequence[Time], subjects: Sequence[Subject], names: Sequence[str] | None = None
    ) -> dict[str, str]:
        """The words that fill a template: lines (by ``names``, or one of each subject's), periods, company."""
        inside, bare = self.wording.style(self.rng, times)
        names = names or [self.name(subject) for subject in subjects]
        fields = {"period": inside[-1], "first": bare[0], "last": bare[-1], "listed": listed(bare), "line": names[0]}
        if all(time.kind in ("year", "year_end") for time in times):
            fields["count"] = COUNTS[len(times)]
            fields["years"] = COUNTS[min(times[-1].year - times[0].year, len(COUNTS) - 1)]
        if len(times) == 2 and times[0].shifted(1).key == times[1].key:
            fields[ADJACENT] = "yes"
        company = subjects[0].company
        said = company is not None and company.lower() in names[0].lower()
        if company is not None and (self.several or (self.rng.random() < NAMED and not said)):
            fields["company"] = company
        told = fields.get("company")
        fields["it"] = self.wording.subject(self.rng, names[0], told, named=self.several)
        if len(names) > 1:
            fields["second"] = names[1]
            fields["other"] = self.rng.choice((names[1], f"the {names[1]}"))
        if self.rival is not None:
            fields["rival"] = self.rival
        elif self.several:
            fields["line"] = fields["it"]
        return fields

    def name(self, subject: Subject) -> str:
        """One of a subject's names: the printed one in half of the questions."""
        return (
            subject.names[0] if len(subject.names) == 1 or self.rng.random() < 0.5 else self.rng.choice(subject.names)
        )

    def ask(
        self,
        kind: str,
        times: Sequence[Time],
        subjects: Sequence[Subject],
        figures: Sequence[Figure],
        expression: Expression,
        names: Sequence[str] | None = None,
    ) -> Ask | None:
        """Word a question of ``kind`` about ``times`` whose answer is ``expression`` over ``figures``."""
        expected = reckon(expression, {pointer(figure): figure.value for figure in figures})
        if expected is None:
            return None
        direction = ((expected > 0) - (expected < 0)) if kind in ("change", "growth") else 0
        fields = self.fields(times, subjects, names)
        question = self.wording.question(self.rng, kind, fields, direction, subjects[0].unit)
        return Ask(kind, question, str(expression), expected)

    def judge(
        self,
        kind: str,
        times: Sequence[Time],
        subjects: Sequence[Subject],
        figures: Sequence[Figure],
        sides: tuple[Expression, Expression],
        names: Sequence[str] | None = None,
    ) -> Ask | None:
        """Word a question of ``kind`` that is answered by whether the first of two ``sides`` is greater."""
        values = {pointer(figure): figure.value for figure in figures}
        one, other = (reckon(side, values) for side in sides)
        if one is None or other is None:
            return None
        question = self.wording.question(self.rng, kind, self.fields(times, subjects, names), 0, subjects[0].unit)
        program = f"{'yes' if one > other else 'no'}(greater({sides[0]}, {sides[1]}))"
        return Ask(kind, question, program, one > other)


Maker = Callable[[Desk], Ask | None]


def pointer(figure: Figure) -> Pointer:
    """The node that points at a figure."""
    return Pointer(figure.line.id, figure.cell.key)


def _pick(desk: Desk, fits: Callable[[Subject], bool] = lambda subject: True) -> Subject | None:
    choices = [subject for subject in desk.subjects if fits(subject)]
    return desk.rng.choice(choices) if choices else None


def lookup(desk: Desk) -> Ask | None:
    """One figure."""
    subject = _pick(desk)
    if subject is None:
        return None
    figure = desk.rng.choice(subject.figures)
    return desk.ask("lookup", [figure.time], [subject], [figure], pointer(figure))


def _pair(desk: Desk) -> tuple[Subject, Figure, Figure] | None:
    """A subject and two of its figures, the earlier one first, that may be compared."""
    subject = _pick(desk, lambda subject: len(subject.figures) > 1)
    if subject is None:
        return None
    pairs = [
        (first, last)
        for place, first in enumerate(subject.figures)
        for last in subject.figures[place + 1 :]
        if comparable(first.time, last.time) and first.time.order < last.time.order
    ]
    return (subject, *desk.rng.choice(pairs)) if pairs else None


def _of_pair(kind: str, operator: str) -> Maker:
    def make(desk: Desk) -> Ask | None:
        found = _pair(desk)
        if found is None:
            return None
        subject, first, last = found
        if operator == "growth" and (first.value <= 0 or subject.unit == "pure"):
            return None
        expression = Call(operator, (pointer(last), pointer(first)))
        return desk.ask(kind, [first.time, last.time], [subject], [first, last], expression)

    return make


def _direction(kind: str, *, rose: bool) -> Maker:
    def make(desk: Desk) -> Ask | None:
        found = _pair(desk)
        if found is None:
            return None
        subject, first, last = found
        sides = (pointer(last), pointer(first)) if rose else (pointer(first), pointer(last))
        return desk.judge(kind, [first.time, last.time], [subject], [first, last], sides)

    return make


def _run(desk: Desk, least: int) -> tuple[Subject, tuple[Figure, ...]] | None:
    """A subject and figures of it in years that follow on each other."""
    subject = _pick(desk, lambda subject: len(subject.figures) >= least)
    if subject is None:
        return None
    runs: list[tuple[Figure, ...]] = []
    for start in range(len(subject.figures)):
        for end in range(start + least, min(start + MOST_TERMS, len(subject.figures)) + 1):
            run = subject.figures[start:end]
            kinds = {figure.time.kind for figure in run}
            steps = {later.time.year - earlier.time.year for earlier, later in pairwise(run)}
            quarters = {figure.time.quarter for figure in run}
            if len(kinds) == 1 and "column" not in kinds and steps == {1} and len(quarters) == 1:
                runs.append(run)
    return (subject, desk.rng.choice(runs)) if runs else None


def _of_run(kind: str, operator: str) -> Maker:
    def make(desk: Desk) -> Ask | None:
        found = _run(desk, 2)
        if found is None:
            return None
        subject, run = found
        if operator == "sum" and (subject.unit not in MONEY or run[0].time.kind.endswith("_end")):
            return None
        times = [figure.time for figure in run]
        return desk.ask(kind, times, [subject], run, Call(operator, tuple(map(pointer, run))))

    return make


def _of_row(kind: str, operator: str, plain: str) -> Maker:
    def make(desk: Desk) -> Ask | None:
        subject = _pick(desk, lambda subject: subject.row and len(subject.figures) > 1)
        if subject is None or not all(comparable(a.time, subject.figures[0].time) for a in subject.figures):
            return None
        values = {pointer(figure): figure.value for figure in subject.figures}
        expected = reckon(Call(plain, tuple(values)), values) if len(values) <= 6 else None
        fields = desk.fields([subject.figures[-1].time], [subject])
        question = desk.wording.question(desk.rng, kind, fields, 0, subject.unit)
        return Ask(kind, question, f"{operator}({subject.lines[0].id})", expected) if expected is not None else None

    return make


def yearly_growth(desk: Desk) -> Ask | None:
    """Compound growth over years that a program may count."""
    found = _pair(desk)
    if found is None:
        return None
    subject, first, last = found
    years = last.time.year - first.time.year
    if years < 2 or years not in CONSTANTS or first.value <= 0 or last.value <= 0 or first.time.kind != last.time.kind:
        return None
    expression = Call("cagr", (pointer(last), pointer(first), Constant(Decimal(years))))
    return desk.ask("yearly_growth", [first.time, last.time], [subject], [first, last], expression)


MAKERS: dict[str, Maker] = {
    "lookup": lookup,
    "change": _of_pair("change", "subtract"),
    "growth": _of_pair("growth", "growth"),
    "rose": _direction("rose", rose=True),
    "fell": _direction("fell", rose=False),
    "average": _of_run("average", "average"),
    "sum": _of_run("sum", "sum"),
    "highest": _of_run("highest", "maximum"),
    "lowest": _of_run("lowest", "minimum"),
    "row_average": _of_row("row_average", "table_average", "average"),
    "row_sum": _of_row("row_sum", "table_sum", "sum"),
    "row_highest": _of_row("row_highest", "table_max", "maximum"),
    "row_lowest": _of_row("row_lowest", "table_min", "minimum"),
    "yearly_growth": yearly_growth,
}
"""What can be asked of one line."""
