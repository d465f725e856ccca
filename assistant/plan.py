"""Plans an answer from facts alone: which figures a question needs, and the program over them.

A plan is made where the vocabulary and the wording settle what is asked: company, period and concept or
metric. Where the question says more than was understood, there is no plan, and a generator is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.asked_periods import AskedPeriod
from index.directions import EITHER
from index.evidence import Evidence
from index.figures import Wanted
from index.printed import PRINTED
from index.query import Query
from ingest.errors import ProgramError
from ingest.vocabulary import Concept, Formula, Vocabulary
from model.program import (
    MAX_ARGUMENTS,
    Abstention,
    Argument,
    Call,
    Constant,
    Expression,
    Pointer,
    Program,
    RowPointer,
    parse_program,
    pointers,
    substitute,
)

MOST_PARTS = 12
"""A question answered with more figures than this is a table: that is what extraction is for."""


@dataclass(frozen=True, slots=True)
class Part:
    """One figure of an answer: its template points at concepts and period keys instead of lines.

    ``period`` is the one that the result is about; ``label`` names the result in words. Where there is a
    ``rival``, the second argument of the template is of that company.
    """

    company: str
    period: AskedPeriod
    label: str
    template: Program
    result: str
    rival: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """The parts of an answer and the figures that they need."""

    parts: tuple[Part, ...]
    wanted: tuple[Wanted, ...]


def make_plan(query: Query, vocabulary: Vocabulary) -> Plan | None:
    """Return how to answer ``query`` from facts, or None where facts alone do not settle it."""
    if not (query.companies and query.periods and query.things):
        return None
    parts: list[Part] = []
    if len(query.companies) > 1 and query.direction and query.against:
        parts = _rivalry(query, vocabulary)
        return Plan(tuple(parts), _all_wanted(parts, vocabulary)) if parts else None
    for company in query.companies:
        made = _parts(query, company, vocabulary)
        if made is None:
            return None
        parts.extend(made)
    if not parts or len(parts) > MOST_PARTS:
        return None
    return Plan(tuple(parts), _all_wanted(parts, vocabulary))


def _all_wanted(parts: Sequence[Part], vocabulary: Vocabulary) -> tuple[Wanted, ...]:
    return tuple(dict.fromkeys(want for part in parts for want in _wanted(part, vocabulary)))


def settles(query: Query) -> bool:
    """Whether a plan for ``query`` answers it outright: nothing in the question was left unread."""
    return not query.unread


def compose(part: Part, evidence: Evidence, vocabulary: Vocabulary) -> Program:
    """Return the program of ``part`` over the sheet, or an abstention where a figure is missing.

    A concept that is not printed is computed where the vocabulary has a formula that stands in for it.
    """
    if part.rival is not None and isinstance(part.template, Call):
        return _against(part, part.template, part.rival, evidence, vocabulary)
    mapping: dict[Pointer, Expression] = {}
    for pointer in pointers(part.template):
        found = _on_sheet(pointer, part.company, evidence) or _computed(pointer, part, evidence, vocabulary)
        if found is None:
            found_elsewhere = any(
                m.concept == pointer.row and m.company == part.company and m.elsewhere for m in evidence.missing
            )
            return Abstention("wrong_period" if found_elsewhere else "not_reported")
        mapping[pointer] = found
    return substitute(part.template, mapping)


def _against(part: Part, template: Call, rival: str, evidence: Evidence, vocabulary: Vocabulary) -> Program:
    """The program of a comparison of two companies: each argument over the figures of its own."""
    sides: list[Expression] = []
    for company, argument in zip((part.company, rival), template.arguments, strict=True):
        if isinstance(argument, RowPointer):
            return Abstention("not_supported")
        side = compose(replace(part, company=company, template=argument, rival=None), evidence, vocabulary)
        if isinstance(side, Abstention):
            return side
        sides.append(_expression(side))
    return Call(template.operator, tuple(sides))


def _on_sheet(pointer: Pointer, company: str, evidence: Evidence) -> Pointer | None:
    """The cell of the sheet that a concept in a period is."""
    line = evidence.line_for(pointer.row, pointer.key, company)
    return Pointer(line.id, pointer.key) if line is not None else None


def _computed(pointer: Pointer, part: Part, evidence: Evidence, vocabulary: Vocabulary) -> Expression | None:
    """The formula that stands in for a concept, over the sheet, if all of its figures are there."""
    template = _stand_in(pointer, part.period, vocabulary)
    if template is None:
        return None
    mapping: dict[Pointer, Expression] = {}
    for operand in pointers(template):
        found = _on_sheet(operand, part.company, evidence)
        if found is None:
            return None
        mapping[operand] = found
    return _expression(substitute(template, mapping))


def _stand_in(pointer: Pointer, period: AskedPeriod, vocabulary: Vocabulary) -> Expression | None:
    formula = vocabulary.formulas.get(f"{pointer.row}_computed")
    at = _periods_around(period).get(pointer.key)
    if at is None:
        return None
    if formula is None:
        return _last_quarter(pointer, at, vocabulary)
    return _OfPeriod(_expression(parse_program(formula.program)))(at)


def _last_quarter(pointer: Pointer, at: AskedPeriod, vocabulary: Vocabulary) -> Expression | None:
    """A cash flow of the fourth quarter, which no filing prints: the year's less that of its first nine months."""
    concept = vocabulary.concepts.get(pointer.row)
    if at.quarter != 4 or at.to_date or concept is None or concept.statement != "cash_flow" or concept.unit != "money":
        return None
    if concept.period != "duration":
        return None
    year, nine_months = AskedPeriod(at.fiscal_year), AskedPeriod(at.fiscal_year, 3, to_date=True)
    return Call("subtract", (Pointer(pointer.row, year.key), Pointer(pointer.row, nine_months.key)))


def _parts(query: Query, company: str, vocabulary: Vocabulary) -> list[Part] | None:
    """The parts for one company, or None where the wording does not fit a known shape."""
    if query.connectors and set(query.connectors) == {"list"} and not query.spelled_out:
        if query.extreme:
            return _greatest(query, company)
        each = [_parts(replace(query, things=(thing,), connectors=()), company, vocabulary) for thing in query.things]
        return [part for parts in each for part in parts or ()] if all(each) else None
    expression = _thing_asked(query, vocabulary)
    if expression is None:
        return None
    label, of_period, result = expression
    periods = query.periods
    last = periods[-1]
    if (
        query.intent != "lookup"
        and not query.part_of_year
        and len({(period.quarter is None, period.to_date) for period in periods}) > 1
    ):
        # A year is not to be compared or averaged with a quarter.
        return None
    if query.extreme:
        return _extreme(query, company, label, of_period, result)
    if query.part_of_year:
        return _part_of_year(query, company, label, of_period)
    if query.sign:
        return _sign(query, company, label, of_period, result)
    if query.intent == "average":
        terms = tuple(of_period(period) for period in periods)
        if len(terms) < 2 or len(terms) > 6:
            return None
        return [Part(company, last, f"average {label}", Call("average", terms), result)]
    if query.intent in ("growth", "change"):
        first = periods[0] if len(periods) > 1 else last.shift(-1)
        operator = "growth" if query.intent == "growth" else "subtract"
        kind = "percent" if operator == "growth" else {"percent": "points"}.get(result, result)
        template = Call(operator, (of_period(last), of_period(first)))
        return [Part(company, last, f"{'growth' if operator == 'growth' else 'change'} in {label}", template, kind)]
    if query.intent == "explain" or (query.intent == "ratio" and query.direction):
        return _judgement(query, company, label, of_period, result)
    if query.spelled_out or (query.formula is not None and len(periods) == 2 and _reaches_back(of_period(last), last)):
        periods = (last,)
    return [Part(company, period, label, of_period(period), result) for period in periods]


class _OfPeriod:
    """A template with relative periods, to be put at a period."""

    def __init__(self, template: Expression) -> None:
        self.template = template

    def __call__(self, period: AskedPeriod) -> Expression:
        mapping: dict[Pointer, Expression] = {
            pointer: Pointer(pointer.row, period.shift(int(pointer.key)).key) for pointer in pointers(self.template)
        }
        return _expression(substitute(self.template, mapping))


def _thing_asked(query: Query, vocabulary: Vocabulary) -> tuple[str, _OfPeriod, str] | None:
    """What is asked for, as (name, template, kind of result)."""
    things = query.things
    if query.spelled_out and query.formula is not None:
        things = (query.formula,)
    templates = [_template(thing) for thing in things]
    if len(things) == 1:
        thing = things[0]
        if query.per_share and isinstance(thing, Concept):
            whole = Call("divide", (templates[0], Pointer("shares_outstanding", "0")))
            return f"{_name(thing)} per share outstanding", _OfPeriod(whole), "money/shares"
        if query.intent == "ratio" and isinstance(thing, Concept):
            return _over_revenue(thing, templates[0], vocabulary)
        return _name(thing), _OfPeriod(templates[0]), _result(thing)
    if len(query.connectors) != len(things) - 1 or not set(query.connectors) <= {"add", "subtract", "divide"}:
        return None
    combined: Expression = templates[0]
    for connector, template in zip(query.connectors, templates[1:], strict=True):
        combined = Call(connector, (combined, template))
    words = {"add": "plus", "subtract": "less", "divide": "over"}
    names = [_name(thing) for thing in things]
    label = names[0] + "".join(f" {words[c]} {name}" for c, name in zip(query.connectors, names[1:], strict=True))
    result = "percent" if "divide" in query.connectors else _result(things[0])
    return label, _OfPeriod(combined), result


def _name(thing: Concept | Formula) -> str:
    """What a thing is called within a sentence; a printed line as it is printed."""
    return thing.name.lower() if isinstance(thing, Concept) and thing.key != PRINTED else thing.name


def _over_revenue(thing: Concept, template: Expression, vocabulary: Vocabulary) -> tuple[str, _OfPeriod, str] | None:
    """A "margin" of a line is its share of revenue."""
    revenue = vocabulary.concepts.get("revenue")
    if revenue is None or thing.key == revenue.key or thing.unit != "money":
        return None
    margin = Call("divide", (template, _template(revenue)))
    return f"{thing.name.lower()} margin", _OfPeriod(margin), "percent"


def _template(thing: Concept | Formula) -> Expression:
    if isinstance(thing, Concept):
        return Pointer(thing.key, "0")
    return _expression(parse_program(thing.program))


def _expression(program: Program) -> Expression:
    """A formula computes something; one that quotes or abstains is a mistake in the vocabulary."""
    if isinstance(program, Pointer | Constant | Call):
        return program
    raise ProgramError(f"{program} is no formula: it computes nothing")


def _result(thing: Concept | Formula) -> str:
    if isinstance(thing, Formula):
        return thing.result
    return {"pure": "percent"}.get(thing.unit, thing.unit)


def _judgement(query: Query, company: str, label: str, of_period: _OfPeriod, result: str) -> list[Part] | None:
    """Answer "did X grow between two periods?": the comparison, whose truth its execution decides.

    Of a metric the two values follow, for the comparison shows what they are computed from.
    """
    if query.direction == 0:
        return None
    last = query.periods[-1]
    first = query.periods[0] if len(query.periods) > 1 else last.shift(-1)
    pair = (of_period(last), of_period(first))
    kind = "direction" if query.direction == EITHER else "verdict"
    verdict = Part(company, last, label, Call("greater", pair if query.direction > 0 else pair[::-1]), kind)
    if isinstance(pair[0], Pointer):
        return [verdict]
    values = (Part(company, period, label, of_period(period), result) for period in (first, last))
    return [verdict, *values]


def _sign(query: Query, company: str, label: str, of_period: _OfPeriod, result: str) -> list[Part] | None:
    """Answer whether a figure or a difference is above or below zero: the comparison, and the difference itself."""
    period = query.periods[-1]
    asked = of_period(period)
    if len(query.periods) > 1 or isinstance(asked, Constant):
        return None
    if isinstance(asked, Pointer):
        # A figure less itself is the zero of its own unit: a program may write no 0.
        sides: tuple[Argument, Argument] = (asked, Call("subtract", (asked, asked)))
    elif asked.operator == "subtract" and len(asked.arguments) == 2:
        sides = (asked.arguments[0], asked.arguments[1])
    else:
        return None
    verdict = Part(company, period, label, Call("greater", sides if query.sign > 0 else sides[::-1]), "verdict")
    return [verdict] if isinstance(asked, Pointer) else [verdict, Part(company, period, label, asked, result)]


def _extreme(query: Query, company: str, label: str, of_period: _OfPeriod, result: str) -> list[Part] | None:
    """Answer in which of several periods a line was highest or lowest: each figure, and the greatest or smallest."""
    terms = tuple(of_period(period) for period in query.periods)
    if not 1 < len(terms) <= MAX_ARGUMENTS or not all(isinstance(term, Pointer) for term in terms):
        return None
    operator, word = ("maximum", "highest") if query.extreme > 0 else ("minimum", "lowest")
    each = [Part(company, period, label, of_period(period), result) for period in query.periods]
    return [*each, Part(company, query.periods[-1], f"{word} {label}", Call(operator, terms), result)]


def _greatest(query: Query, company: str) -> list[Part] | None:
    """Answer which of several lines was highest or lowest in one period: each figure, and the greatest or smallest."""
    lines = query.concepts
    if len(query.periods) != 1 or len(lines) != len(query.things) or not 1 < len(lines) <= MAX_ARGUMENTS:
        return None
    if len({(line.unit, line.period) for line in lines}) > 1:
        return None
    (period,) = query.periods
    operator, word = ("maximum", "highest") if query.extreme > 0 else ("minimum", "lowest")
    terms = tuple(Pointer(line.key, period.key) for line in lines)
    result = _result(lines[0])
    values = [Part(company, period, _name(line), term, result) for line, term in zip(lines, terms, strict=True)]
    return [Part(company, period, f"{word} of {', '.join(map(_name, lines))}", Call(operator, terms), result), *values]


def _rivalry(query: Query, vocabulary: Vocabulary) -> list[Part]:
    """Answer "is X's higher than Y's?": the comparison, and the value of each; nothing for another shape."""
    asked = _thing_asked(query, vocabulary)
    if asked is None or len(query.companies) != 2 or len(query.periods) != 1:
        return []
    label, of_period, result = asked
    (period,), (one, other) = query.periods, query.companies
    values = [Part(company, period, label, of_period(period), result) for company in query.companies]
    pair = (one, other) if query.direction > 0 else (other, one)
    template = Call("greater", (of_period(period), of_period(period)))
    return [Part(pair[0], period, label, template, "verdict", rival=pair[1]), *values]


def _part_of_year(query: Query, company: str, label: str, of_period: _OfPeriod) -> list[Part] | None:
    """Answer what share of a year's amount fell in one of its quarters."""
    quarter = next(period for period in query.periods if period.quarter is not None)
    year = AskedPeriod(quarter.fiscal_year)
    parts = of_period(quarter), of_period(year)
    if not all(isinstance(part, Pointer) for part in parts):
        return None
    name = f"share of the year's {label}"
    return [Part(company, quarter, name, Call("divide", parts), "percent")]


def _reaches_back(expression: Expression, period: AskedPeriod) -> bool:
    """Whether the metric of one period needs figures of another: then two named periods are its operands."""
    return any(pointer.key != period.key for pointer in pointers(expression))


def _wanted(part: Part, vocabulary: Vocabulary) -> Sequence[Wanted]:
    """The figures that a part points at, and those of the formulas that may stand in for them."""
    around = _periods_around(part.period)
    stand_ins = [_stand_in(pointer, part.period, vocabulary) for pointer in pointers(part.template)]
    needed = [*pointers(part.template), *(p for program in stand_ins if program is not None for p in pointers(program))]
    return [
        Wanted(part.company, concept, around[pointer.key])
        for pointer in needed
        if pointer.key in around and (concept := vocabulary.concepts.get(pointer.row)) is not None
    ]


def _periods_around(period: AskedPeriod) -> dict[str, AskedPeriod]:
    near = [period.shift(step) for step in range(-10, 11)]
    if period.quarter == 4:
        near += [AskedPeriod(period.fiscal_year), AskedPeriod(period.fiscal_year, 3, to_date=True)]
    return {each.key: each for each in near}
