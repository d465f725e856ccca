"""Questions over two lines of a sheet: shares, ratios, sums, comparisons; over formulas; over two companies."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache

from assistant.dataset.asks import Ask, Desk, Maker, pointer
from assistant.dataset.labels import lowered
from assistant.dataset.subjects import Figure, Subject
from assistant.dataset.times import Time, comparable
from assistant.dataset.wording import MONEY
from ingest.vocabulary import Formula, normalise_label
from model.program import Call, Constant, Expression, Pointer, Program, parse_program, pointers, substitute

_Two = tuple[Subject, Figure, Subject, Figure]


def _two(desk: Desk, fits: Callable[[Figure, Figure], bool] = lambda one, other: True) -> _Two | None:
    """Two lines of one company with figures of one time and unit; lines of one table in most cases."""
    found: list[_Two] = []
    for one in desk.subjects:
        for other in desk.subjects:
            if one is other or one.company != other.company or one.unit != other.unit:
                continue
            for figure in one.figures:
                match = other.at(figure.time.key)
                if match is not None and match.time.kind == figure.time.kind and fits(figure, match):
                    found.append((one, figure, other, match))
    near = [two for two in found if _one_table(two[1], two[3])]
    choices = near if near and desk.rng.random() < 0.9 else found
    return desk.rng.choice(choices) if choices else None


def _one_table(one: Figure, other: Figure) -> bool:
    places = [(figure.line.filing_id, figure.line.span.page, figure.line.title) for figure in (one, other)]
    return places[0] == places[1]


def _is_part(one: Figure, whole: Figure) -> bool:
    """Whether ``one`` stands above a total of its table that is larger: a part of it, as tables are printed."""
    if not _one_table(one, whole) or not normalise_label(whole.line.label).startswith("total "):
        return False
    above = (one.cell.span.chars or (0, 0))[0] < (whole.cell.span.chars or (0, 0))[0]
    return above and 0 < one.value < whole.value


def _positive(one: Figure, other: Figure) -> bool:
    return one.value > 0 and other.value > 0


def _money(one: Figure, other: Figure) -> bool:
    return other.cell.unit is not None and len(other.cell.unit) == 3


def _of_two(kind: str, operator: str, fits: Callable[[Figure, Figure], bool]) -> Maker:
    def make(desk: Desk) -> Ask | None:
        found = _two(desk, fits)
        if found is None:
            return None
        one, figure, other, match = found
        expression = Call(operator, (pointer(figure), pointer(match)))
        return desk.ask(kind, [figure.time], [one, other], [figure, match], expression)

    return make


def greater(desk: Desk) -> Ask | None:
    """Whether one line is larger than another."""
    found = _two(desk, _money)
    if found is None:
        return None
    one, figure, other, match = found
    return desk.judge("greater", [figure.time], [one, other], [figure, match], (pointer(figure), pointer(match)))


def share_change(desk: Desk) -> Ask | None:
    """How a part's share of the whole changed."""
    found = _two(desk, _is_part)
    if found is None:
        return None
    one, figure, other, match = found
    befores = [(a, b) for a in one.figures if (b := other.at(a.time.key)) is not None and _is_part(a, b)]
    befores = [(a, b) for a, b in befores if comparable(a.time, figure.time) and a.time.order < figure.time.order]
    if not befores:
        return None
    before, whole = desk.rng.choice(befores)
    shares = [Call("divide", (pointer(a), pointer(b))) for a, b in ((figure, match), (before, whole))]
    figures = [before, whole, figure, match]
    return desk.ask("share_change", [before.time, figure.time], [one, other], figures, Call("subtract", tuple(shares)))


def per_share(desk: Desk) -> Ask | None:
    """An amount for each share, where no line of the sheet may state it as its own."""
    if any("per share" in name.lower() for subject in desk.subjects for name in subject.names):
        return None
    shares = [subject for subject in desk.subjects if subject.unit == "shares"]
    counts = [subject for subject in shares if re.search(r"outstanding|weighted", subject.names[0], re.IGNORECASE)]
    found = [
        (one, figure, other, match)
        for other in counts
        for one in desk.subjects
        for figure in one.figures
        if one.unit in MONEY and one.company == other.company and "share" not in one.names[0].lower()
        if (match := other.at(figure.time.key)) is not None and match.time.kind == figure.time.kind
        if _positive(figure, match)
    ]
    if not found:
        return None
    one, figure, other, match = desk.rng.choice(found)
    expression = Call("divide", (pointer(figure), pointer(match)))
    return desk.ask("per_share", [figure.time], [one, other], [figure, match], expression)


PAIR_MAKERS: dict[str, Maker] = {
    "ratio": _of_two("ratio", "divide", _positive),
    "percent_of": _of_two("percent_of", "divide", lambda a, b: _positive(a, b) and _money(a, b)),
    "share": _of_two("share", "divide", _is_part),
    "share_change": share_change,
    "together": _of_two("together", "add", _money),
    "apart": _of_two("apart", "subtract", lambda a, b: _money(a, b) and a.value > b.value),
    "two_average": _of_two("two_average", "average", _money),
    "greater": greater,
    "per_share": per_share,
}
"""What can be asked of two lines."""


def _formulas(desk: Desk) -> list[tuple[Formula, Subject, Time, Expression, dict[Pointer, Figure]]]:
    """The formulas that the sheet has all figures for, with a time and the program over its cells."""
    lines = {
        (subject.company, subject.concept.key): subject for subject in desk.subjects if subject.concept is not None
    }
    found = []
    concepts = {key for _, key in lines}
    for formula in desk.vocabulary.formulas.values():
        template = _template(formula.program)
        if formula.key.endswith("_computed") or not isinstance(template, Call):
            continue
        if not all(operand.row in concepts for operand in pointers(template)):
            continue
        for (company, _), subject in lines.items():
            for figure in subject.figures:
                at = _operands(template, company, figure.time, lines)
                if at is not None and next(iter(at.values())) in subject.figures:
                    program = substitute(template, {key: pointer(operand) for key, operand in at.items()})
                    if isinstance(program, Pointer | Call | Constant):
                        found.append((formula, subject, figure.time, program, at))
    return found


@cache
def _template(program: str) -> Program:
    return parse_program(program)


def _operands(
    template: Expression, company: str | None, time: Time, lines: dict[tuple[str | None, str], Subject]
) -> dict[Pointer, Figure] | None:
    """The figure that each operand of a formula is at a time, or None where one is not on the sheet."""
    found: dict[Pointer, Figure] = {}
    for operand in pointers(template):
        subject = lines.get((company, operand.row))
        figure = subject.at(time.shifted(int(operand.key)).key) if subject is not None else None
        if figure is None:
            return None
        found[operand] = figure
    return found


def _formula_ask(kind: str) -> Maker:
    def make(desk: Desk) -> Ask | None:
        choices = _formulas(desk)
        if not choices:
            return None
        key = desk.rng.choice(list(dict.fromkeys(choice[0].key for choice in choices)))
        own = [choice for choice in choices if choice[0].key == key]
        formula, subject, time, program, at = desk.rng.choice(own)
        names = [desk.rng.choice(formula.asked)]
        if kind == "formula":
            return desk.ask(kind, [time], [subject], list(at.values()), program, names)
        earlier = [c for c in own if c[1] is subject and comparable(c[2], time) and c[2].order < time.order]
        if not earlier:
            return None
        _, _, before, start, operands = desk.rng.choice(earlier)
        figures = [*operands.values(), *at.values()]
        if kind == "formula_change":
            return desk.ask(kind, [before, time], [subject], figures, Call("subtract", (program, start)), names)
        return desk.judge(kind, [before, time], [subject], figures, (program, start), names)

    return make


FORMULA_MAKERS: dict[str, Maker] = {
    "formula": _formula_ask("formula"),
    "formula_change": _formula_ask("formula_change"),
    "formula_rose": _formula_ask("formula_rose"),
}
"""What can be asked by the name of a metric."""


def _rivals(desk: Desk, kind: str) -> tuple[Subject, Figure, Subject, Figure] | None:
    """One concept of two companies at one time."""
    found: list[_Two] = []
    for one in desk.subjects:
        for other in desk.subjects:
            if one.concept is None or one.concept != other.concept or one.company == other.company:
                continue
            for figure in one.figures:
                match = other.at(figure.time.key)
                if match is None or match.time.kind != figure.time.kind or one.unit != other.unit:
                    continue
                if kind != "rivals_apart" or figure.value > match.value:
                    found.append((one, figure, other, match))
    return desk.rng.choice(found) if found else None


def _rivals_ask(kind: str, operator: str) -> Maker:
    def make(desk: Desk) -> Ask | None:
        found = _rivals(desk, kind)
        if found is None:
            return None
        one, figure, other, match = found
        concept = one.concept
        if concept is None or other.company is None:
            return None
        name = desk.rng.choice([concept.name.lower() if not concept.name.isupper() else concept.name, *concept.asked])
        sides = (pointer(figure), pointer(match))
        rival = replace(desk, rival=other.company)
        if operator == "greater":
            return rival.judge(kind, [figure.time], [one], [figure, match], sides, [name])
        return rival.ask(kind, [figure.time], [one], [figure, match], Call(operator, sides), [name])

    return make


def rivals_grew(desk: Desk) -> Ask | None:
    """Whether a line of one company grew more than that of another."""
    found = _rivals(desk, "rivals_grew")
    if found is None:
        return None
    one, figure, other, match = found
    ways = [
        (before, rival)
        for before in one.figures
        if comparable(before.time, figure.time) and before.time.order < figure.time.order and before.value > 0
        if (rival := other.at(before.time.key)) is not None and rival.time.kind == before.time.kind and rival.value > 0
    ]
    if not ways or one.concept is None or other.company is None:
        return None
    before, rival = desk.rng.choice(ways)
    name = desk.rng.choice([lowered(one.concept.name), *one.concept.asked])
    sides = (
        Call("growth", (pointer(figure), pointer(before))),
        Call("growth", (pointer(match), pointer(rival))),
    )
    figures = [before, rival, figure, match]
    desk = replace(desk, rival=other.company)
    return desk.judge("rivals_grew", [before.time, figure.time], [one], figures, sides, [name])


RIVAL_MAKERS: dict[str, Maker] = {
    "rivals_apart": _rivals_ask("rivals_apart", "subtract"),
    "rivals_ratio": _rivals_ask("rivals_ratio", "divide"),
    "rivals_greater": _rivals_ask("rivals_greater", "greater"),
    "rivals_together": _rivals_ask("rivals_together", "add"),
    "rivals_grew": rivals_grew,
}
"""What can be asked of two companies."""
