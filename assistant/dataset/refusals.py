"""Questions that a sheet does not answer: another period, another line, another company."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.dataset.absence import alike, concept_of
from assistant.dataset.asks import Ask, Desk
from assistant.dataset.labels import content_words, lowered, spoken
from assistant.dataset.sheets import Sheet
from assistant.dataset.subjects import Figure, Subject
from assistant.dataset.times import Time, time_of
from index.evidence import EvidenceLine
from ingest.vocabulary import Concept

SHIFTS = (-4, -3, -2, -1, 1, 2, 3)
"""Years by which a period that is asked for stands apart from one that is there."""


def wrong_period(desk: Desk, sheet: Sheet) -> Ask | None:
    """A line that is there, asked for a period that it has no figure of."""
    subjects = [subject for subject in desk.subjects if not _has_numbered_columns(subject)]
    if not subjects:
        return None
    subject = desk.rng.choice(subjects)
    absent = _absent_times(subject, desk, sheet)
    if not absent:
        return None
    time = desk.rng.choice(absent)
    others = [figure.time for figure in subject.figures if figure.time.kind == time.kind]
    times = sorted({other.key: other for other in (desk.rng.choice(others), time)}.values(), key=lambda t: t.order)
    kind = desk.rng.choice(desk.wording.content["kind"]["wrong_period"]["same_as"])
    chosen = [time] if kind == "lookup" else times
    question = desk.wording.question(desk.rng, kind, desk.fields(chosen, [subject]), 0, subject.unit)
    return Ask("wrong_period", question, "abstain(wrong_period)")


def _has_numbered_columns(subject: Subject) -> bool:
    """Whether figures go by the number of their column: such a one may be of any period."""
    return any(re.fullmatch(r"c\d+", cell.key) for line in subject.lines for cell in line.cells)


def _absent_times(subject: Subject, desk: Desk, sheet: Sheet) -> list[Time]:
    """Times of the kind of the subject's own, at which no line that may be meant has a figure."""
    words = content_words(subject.names[0])
    near_lines = [line for line in sheet.evidence.lines if alike(words, content_words(line.label))]
    taken = {cell.key for line in (*near_lines, *subject.lines) for cell in line.cells}
    years = {cell.key[:4] for line in (*near_lines, *subject.lines) for cell in line.cells}
    own = [figure.time for figure in subject.figures]
    near = [time.shifted(step) for time in own for step in SHIFTS]
    # Of times that other lines of the sheet have, the generator is tempted to take one: they come first.
    elsewhere = [time for s in desk.subjects for f in s.figures if (time := f.time).kind == own[0].kind]
    fitting = [
        t for t in (*elsewhere, *near) if t.key not in taken and (t.quarter is not None or str(t.year) not in years)
    ]
    said = " ".join(line.label for line in sheet.evidence.lines if line.kind == "sentence")
    return [time for time in fitting if str(time.year) not in said]


def not_reported(desk: Desk, sheet: Sheet, elsewhere: Sequence[EvidenceLine]) -> Ask | None:
    """A line that the sheet has not: one that was held back from it, or one of another place of the filing."""
    pool = list(sheet.withheld) if sheet.withheld and desk.rng.random() < 0.7 else list(elsewhere)
    desk.rng.shuffle(pool)
    for line in pool[:6]:
        name = spoken(line.label)
        if name is None or desk.wording.is_generic(name) or not _is_absent(name, line, sheet, desk):
            continue
        times = [t for cell in line.cells if (t := time_of(cell.key, cell.period, "")) is not None]
        here = [figure.time for subject in desk.subjects for figure in subject.figures if figure.time.kind != "column"]
        time = desk.rng.choice(here or times) if (here or times) else None
        if time is None:
            continue
        kinds = desk.wording.content["kind"]["not_reported"]["same_as"]
        subject = Subject(
            (lowered(name),), desk.subjects[0].company if desk.subjects else None, (line,), (), None, False
        )
        return _worded(desk, desk.rng.choice(kinds), time, here, subject)
    return None


def _worded(desk: Desk, kind: str, time: Time, here: Sequence[Time], absent: Subject) -> Ask | None:
    times = [time]
    if kind in ("growth", "change"):
        others = [other for other in here if other.kind == time.kind and other.order < time.order]
        if not others:
            return None
        times = [desk.rng.choice(others), time]
    names = list(absent.names)
    if kind == "share":
        if not desk.subjects:
            return None
        names.append(desk.name(desk.rng.choice(desk.subjects)))
    question = desk.wording.question(
        desk.rng, kind, desk.fields(times, [absent], names), 0, absent.lines[0].cells[0].unit
    )
    return Ask("not_reported", question, "abstain(not_reported)")


def _is_absent(name: str, line: EvidenceLine, sheet: Sheet, desk: Desk) -> bool:
    """Whether no line of the sheet can be what is asked for, under this name, a longer one or that of a concept."""
    words = content_words(name)
    if not words:
        return False
    concept = concept_of(line, desk.vocabulary)
    here = [concept_of(other, desk.vocabulary) for other in sheet.evidence.lines]
    if concept is not None and (concept in here or _can_be_computed(concept, here, desk)):
        return False
    return not any(
        alike(words, content_words(f"{' '.join(o.path[-1:])} {o.label}"), o.kind)
        for o, other in zip(sheet.evidence.lines, here, strict=True)
        if concept is None or other is None
    )


def _can_be_computed(concept: Concept, here: Sequence[Concept | None], desk: Desk) -> bool:
    """Whether the sheet has all that a formula of the concept wants."""
    formula = desk.vocabulary.formulas.get(f"{concept.key}_computed")
    return formula is not None and all(operand in here for operand in desk.vocabulary.operands(formula))


def not_in_library(desk: Desk, sheet: Sheet, strangers: Sequence[str]) -> Ask | None:
    """A company that none of the lines is of, on a sheet whose lines say of which company they are."""
    absent = [name for name in strangers if name not in {subject.company for subject in desk.subjects}]
    if not absent or not desk.subjects or not desk.several:
        return None
    subject = desk.rng.choice(desk.subjects)
    figure: Figure = desk.rng.choice(subject.figures)
    stranger = Subject(subject.names, desk.rng.choice(absent), subject.lines, subject.figures, None, False)
    fields = desk.fields([figure.time], [stranger])
    return Ask("not_in_library", desk.wording.question(desk.rng, "lookup", fields), "abstain(not_in_library)")
