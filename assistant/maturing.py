"""Answers what debt falls due in a year, from a table that lists it by year."""

from __future__ import annotations

from dataclasses import replace

from assistant.answer import Answer
from assistant.draft import Draft
from assistant.plan import Part
from index.asked_periods import AskedPeriod
from index.maturities import find_maturity
from index.search import number
from model.program import Pointer


def answer_maturity(draft: Draft) -> Answer | None:
    """Return the answer where ``draft``'s question asks for debt by the year in which it falls due; else None."""
    found = find_maturity(draft.query, draft.library)
    if found is None or found.line.fiscal_year is None:
        return None
    lines = number([found.line])
    period = AskedPeriod(found.line.fiscal_year)
    said = f"maturities as {found.line.source} lists them under “{found.total}”"
    asked = AskedPeriod(found.year)
    query = replace(draft.query, periods=(asked,), unread=(), assumed=(*draft.query.assumed, said))
    evidence = replace(draft.evidence, query=query, lines=lines, missing=(), conflicts=())
    attempt = Draft(query, evidence, draft.library, draft.watch, writer="facts")
    program = Pointer(lines[0].id, lines[0].cells[0].key)
    label = f"debt that falls due {'after' if found.later else 'in'} {found.year}"
    attempt.run(program, Part(query.companies[0], period, label, program, "money"))
    answer = attempt.finish()
    if answer.status == "abstained":
        return None
    draft.evidence = evidence
    return answer
