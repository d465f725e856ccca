"""Why a question is not answered, in words that help to ask a better one."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answer import Check
from assistant.plan import Part
from index.evidence import Evidence, EvidenceLine
from index.query import Query
from model.program import Abstention, Program

_SHOWN = 12
"""At most so many periods or companies are listed."""
NEAREST = 3
"""So many lines of the sheet are shown as the nearest."""


def abstention_text(reason: str, query: Query, evidence: Evidence, checks: Sequence[Check]) -> str:
    """Return one or two sentences: what is missing, and what there is instead."""
    periods = ", ".join(period.describe() for period in query.periods)
    things = ", ".join(thing.name.lower() for thing in query.things) or "what is asked"
    companies = ", ".join(query.companies) or "the library"
    if reason == "not_in_library":
        name = ", ".join(query.unknown) or "any filing"
        return f"Cannot say: the library has no filing of {name}. `tieout status` lists what it has."
    if reason == "wrong_period":
        there = _elsewhere(evidence)
        there_only = [each.concept for each in evidence.missing if each.elsewhere]
        operands = [concept.name.lower() for concept in query.operands if concept.key in there_only]
        what = things if not operands or any(thing.key in there_only for thing in query.things) else ", ".join(operands)
        keys = {each.period for each in evidence.missing}
        when = ", ".join(period.describe() for period in query.periods if period.key in keys) or periods
        return f"Cannot say: {companies} reports no {what} for {when} in the library{there}."
    if reason == "not_reported":
        when = periods or "any period"
        why = f"{_lacking(query, evidence)}{_searched(query, evidence, checks)}"
        return f"Cannot say: {things} of {companies} for {when} was not found{why}."
    if reason == "conflicting_sources":
        found = "; ".join(f"{conflict.used} against {conflict.other}" for conflict in evidence.conflicts)
        return f"Cannot say: the sources do not agree: {found}."
    failed = [check.detail for check in checks if check.binding and not check.passed and check.detail]
    why = f": {failed[0]}" if failed else ""
    lacking = _lacking(query, evidence)
    return f"Cannot say: the evidence does not support an answer{why}{lacking}{_searched(query, evidence, checks)}."


def missing_sentence(part: Part, reason: str, evidence: Evidence) -> str:
    """Return the sentence for one figure of several that could not be found."""
    there = _elsewhere(evidence, part.company)
    what = "not reported" if reason == "not_reported" else f"not reported for this period{there}"
    return f"{part.company}, {part.period.describe()}: {part.label} {what}"


def common_reason(programs: Sequence[Program]) -> str:
    """Return the reason that abstaining programs share; a wrong period, where any has it, says most."""
    reasons = [program.reason for program in programs if isinstance(program, Abstention)]
    return "wrong_period" if "wrong_period" in reasons else (reasons[0] if reasons else "not_supported")


def nearest_lines(reason: str, evidence: Evidence) -> list[EvidenceLine]:
    """Return the lines that a person may look at where a search found no answer, the nearest first, none twice."""
    if reason not in ("not_supported", "not_reported"):
        return []
    texts: dict[str, EvidenceLine] = {}
    for line in evidence.lines:
        texts.setdefault(line.describe(), line)
    return list(texts.values())[:NEAREST]


def _lacking(query: Query, evidence: Evidence) -> str:
    """Which figures a metric needs that were not found, each once."""
    if query.formula is None or query.unread:
        return ""
    names = {concept.key: concept.name.lower() for concept in query.operands}
    asked = {thing.key for thing in query.things}
    lacking = dict.fromkeys(
        names[each.concept] for each in evidence.missing if each.concept in names and each.concept not in asked
    )
    return f"; it needs {', '.join(lacking)}, which was not found" if lacking else ""


def _searched(query: Query, evidence: Evidence, checks: Sequence[Check]) -> str:
    """How much was searched, and which words kept a figure with a name from being looked up."""
    looked = f" ({evidence.search.describe()})"
    parts = [check.detail for check in checks if check.name == "parts"]
    if parts:
        return f"{looked}; {parts[0]}"
    if not query.things or not query.unread:
        return looked
    words = ", ".join(f"“{word}”" for word in query.unread[:_SHOWN])
    return f"{looked}; no figure was looked up, because the question says more than was understood: {words}"


def _elsewhere(evidence: Evidence, company: str | None = None) -> str:
    missing = [each for each in evidence.missing if company is None or each.company == company]
    keys = sorted({key for each in missing for key in each.elsewhere}, reverse=True)[:_SHOWN]
    return f"; there are figures for {', '.join(sorted(keys))}" if keys else ""
