"""Checks an executed program before anything of it is shown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from assistant.answer import Check
from assistant.execute import Operand, Outcome
from assistant.plan import Part
from index.evidence import Evidence, EvidenceLine
from index.query import Query, company_key
from index.view import View
from index.wording import names_of
from ingest.figures import read_figure
from ingest.vocabulary import Concept, normalise_label
from model.program import pointers

QUOTE_COVERAGE = 0.75
"""A quotation answers a question when it has at least this share of its content words."""
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


def verify(outcome: Outcome, evidence: Evidence, library: View, part: Part | None) -> tuple[Check, ...]:
    """Return every check of ``outcome``; ``part`` is the plan that it followed, None for a generator's program."""
    query = evidence.query
    operands = outcome.operands
    checks = [
        _company(operands, query),
        _periods(operands, query, part),
        *(_source(operand, library) for operand in operands),
    ]
    if part is None:
        checks.append(_wording(outcome, query))
    if outcome.quoted:
        checks = [
            _quoted_company(outcome, query),
            _quote_period(outcome, query),
            *_quote_source(outcome, library),
            _quote_wording(outcome, query),
        ]
    checks.extend(_conflicts(outcome, evidence, part))
    return tuple(checks)


def _company(operands: Iterable[Operand], query: Query) -> Check:
    wanted = {company_key(company) for company in query.companies}
    wrong = [
        operand.line.company or "an unnamed company"
        for operand in operands
        if wanted and company_key(operand.line.company or "") not in wanted
    ]
    return Check("company", not wrong, f"also uses {', '.join(wrong)}" if wrong else ", ".join(query.companies))


def _periods(operands: Iterable[Operand], query: Query, part: Part | None) -> Check:
    """Each figure is of a period that the question names or that the metric reaches back to."""
    allowed = {period.key for period in query.periods}
    if part is not None:
        allowed |= {pointer.key for pointer in pointers(part.template)}
        # A cash flow of a fourth quarter is the year's less that of nine months.
        allowed |= {key for last in allowed if last.endswith("Q4") for key in (last[:4], f"{last[:4]}Q3YTD")}
    elif query.intent in ("growth", "change", "average"):
        allowed |= {period.shift(-1).key for period in query.periods}
    used = list(dict.fromkeys(operand.cell.key for operand in operands))
    wrong = [key for key in used if allowed and key not in allowed]
    return Check("period", not wrong, f"uses {', '.join(wrong)}" if wrong else ", ".join(used))


def _source(operand: Operand, library: View) -> Check:
    """Read the figure again from the page where it is cited, and compare."""
    cell, line = operand.cell, operand.line
    where = f"{line.source}, page {cell.span.physical_page}"
    if cell.span.chars is None:
        shown = cell.tag or "a tagged fact"
        return Check("source", cell.tag is not None, f"{shown} in {where} is tagged without being printed")
    page = library.page(line.filing_id, cell.span.page)
    printed = page.text[cell.span.chars[0] : cell.span.chars[1]]
    figure = read_figure(" ".join(printed.split()))
    number = figure.number if figure is not None else None
    agrees = number is not None and _same(number.scaleb(cell.scale), cell.value, line)
    detail = f"“{printed}” in {where}" + ("" if agrees else f" does not give {cell.value}")
    return Check("source", agrees, detail)


def _same(printed: Decimal, value: Decimal, line: EvidenceLine) -> bool:
    """Whether a printed value is the one used; only a concept's own convention may turn its sign."""
    return printed == value or (line.concept is not None and printed == -value)


def _wording(outcome: Outcome, query: Query) -> Check:
    """The cited lines speak of all that was asked, known to the vocabulary or not, and each of them of some of it."""
    texts = [_wording_of(operand) for operand in outcome.operands]
    missing = [word for word in query.unread if not any(stem(word) in text for text in texts)]
    missing += [concept.name.lower() for concept in query.concepts if not _any_speaks(outcome, texts, concept)]
    one_thing = len(query.things) == 1 and bool(query.concepts)
    strays = [
        operand.line.label
        for operand, text in zip(outcome.operands, texts, strict=True)
        if not any(_speaks_of(operand, text, concept) for concept in query.concepts)
        and (one_thing or not any(stem(word) in text for word in query.unread))
    ]
    if missing:
        return Check("wording", False, f"the cited lines do not speak of: {', '.join(missing)}")
    if strays:
        return Check("wording", False, f"not what was asked for: {', '.join(strays)}")
    return Check("wording", True)


def _wording_of(operand: Operand) -> str:
    line = operand.line
    return normalise_label(" ".join([line.label, *line.path, line.title, operand.cell.column]))


def _any_speaks(outcome: Outcome, texts: Sequence[str], concept: Concept) -> bool:
    pairs = zip(outcome.operands, texts, strict=True)
    return any(_speaks_of(operand, text, concept) for operand, text in pairs)


def _speaks_of(operand: Operand, text: str, concept: Concept) -> bool:
    """Whether a figure is known to be the concept, or has one of its names in its label, headings or title."""
    return operand.line.concept == concept.key or any(f" {name} " in f" {text} " for name in names_of(concept))


def stem(word: str) -> str:
    """Return a word without the endings of number and tense."""
    return re.sub(r"(?:ies|es|s|ed|ing)$", "", word) if len(word) > 4 else word


def _quoted_company(outcome: Outcome, query: Query) -> Check:
    wanted = {company_key(company) for company in query.companies}
    wrong = [line.company or "" for line in outcome.quoted if wanted and company_key(line.company or "") not in wanted]
    return Check("company", not wrong, ", ".join(wrong))


def _quote_source(outcome: Outcome, library: View) -> Iterable[Check]:
    for line in outcome.quoted:
        if line.kind == "row":
            yield from (_source(Operand(line, cell), library) for cell in line.cells)
            continue
        if line.span.chars is None:
            yield Check("source", False, f"the quotation has no place in {line.source}")
            continue
        page = library.page(line.filing_id, line.span.page)
        printed = " ".join(page.text[line.span.chars[0] : line.span.chars[1]].split())
        where = f"{line.source}, page {line.span.physical_page}"
        yield Check("source", " ".join(line.label.split()) in printed, f"quoted from {where}")


def _quote_period(outcome: Outcome, query: Query) -> Check:
    """A quotation is from a filing of an asked year, or speaks of one itself."""
    years = {period.fiscal_year for period in query.periods}
    wrong = [
        line
        for line in outcome.quoted
        if years and line.fiscal_year not in years and not any(str(year) in line.label for year in years)
    ]
    detail = "; ".join(f"{line.source} is about FY{line.fiscal_year}" for line in wrong)
    return Check("period", not wrong, detail)


def _quote_wording(outcome: Outcome, query: Query) -> Check:
    """Most of the question's own words stand in what is quoted."""
    text = " ".join(" ".join([line.label, *line.path, line.title]) for line in outcome.quoted)
    covered, missing = words_covered(query, text)
    plain = f" {normalise_label(text)} "
    named = all(any(f" {name} " in plain for name in names_of(concept)) for concept in query.concepts)
    enough = covered >= QUOTE_COVERAGE and (named or query.intent == "explain")
    return Check("wording", enough, f"the quoted lines do not speak of: {', '.join(missing)}" if missing else "")


def words_covered(query: Query, text: str) -> tuple[float, tuple[str, ...]]:
    """Return the share of the question's content words that ``text`` has, and those that it lacks.

    Without any content word the share is 0: nothing then ties the text to the question.
    """
    named = [word for thing in query.things for word in normalise_label(thing.name).split()]
    words = list(dict.fromkeys(word for word in (*query.unread, *named) if len(word) > 2))
    plain = normalise_label(text)
    missing = tuple(word for word in words if stem(word) not in plain)
    return (1 - len(missing) / len(words) if words else 0.0), missing


def _conflicts(outcome: Outcome, evidence: Evidence, part: Part | None) -> Iterable[Check]:
    used = {(o.line.concept, o.cell.key, company_key(o.line.company or "")) for o in outcome.operands}
    for conflict in evidence.conflicts:
        if (conflict.concept, conflict.key, company_key(conflict.company)) in used:
            detail = (
                f"{conflict.used}; {conflict.other}"
                if conflict.on_period
                else f"used {conflict.used}; {conflict.other}"
            )
            yield Check("agreement", False, detail, binding=conflict.on_period)


def unsupported_numbers(text: str, allowed: Iterable[str]) -> tuple[str, ...]:
    """Return the numbers in ``text`` that are none of ``allowed`` (figures and texts that may contain them)."""
    known = {_plain(number) for source in allowed for number in _NUMBER.findall(source)}
    return tuple(number for number in _NUMBER.findall(text) if _plain(number) not in known)


def _plain(number: str) -> Decimal:
    return Decimal(number.replace(",", ""))
