"""Answers questions about the parts of a whole: the largest line, the segment that fell most, a region's share.

The parts are complete lists only (index/siblings.py): what they state adds up to a printed total. Where lists of one
filing lead to different answers, or the answer would be a remainder (other, corporate, eliminations), there is none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from assistant.answer import Answer, Check, TraceStep
from assistant.draft import Draft
from assistant.execute import execute, plain
from assistant.plan import Part
from assistant.quantity import Quantity
from index.among import Among, read_among
from index.asked_periods import AskedPeriod
from index.contract import FilingRecord
from index.evidence import Evidence, EvidenceLine
from index.figures import filings_of
from index.query import Query
from index.rows import tokens
from index.search import number
from index.siblings import Kind, Sibling, Siblings, names_kind, splits_of, stands_under, statement_lines
from index.view import View
from index.wording import names_of
from ingest.errors import ProgramError
from ingest.vocabulary import Vocabulary, normalise_label
from model.program import MAX_ARGUMENTS, Call, Expression, Pointer

FILINGS = 3
"""Filings of a company that are looked through, the nearest to the period first."""
REVENUE = "revenue"
"""The measure that every segment has."""
_WORDS = {"extreme": ("largest", "smallest"), "change": ("greatest increase", "greatest decrease")}


@dataclass(frozen=True, slots=True)
class _Finding:
    """What one list of parts says: its programs with the parts that they are of, the sheet, and what tells it apart."""

    lines: tuple[EvidenceLine, ...]
    programs: tuple[tuple[Expression, str, str], ...]
    says: frozenset[tuple[str, Decimal]]
    compared: Siblings
    verdict: str = ""


def answer_among(draft: Draft, vocabulary: Vocabulary) -> Answer | None:
    """Return the answer where ``draft``'s question asks of parts, and one filing settles it; None where not."""
    query, library = draft.query, draft.library
    among = read_among(query)
    if among is None:
        return None
    records = [filing for filing in library.filings() if filing.id in set(query.filing_ids)]
    last = among.periods[-1]
    filings = sorted(filings_of(query.companies[0], records), key=lambda filing: _distance(filing, last))
    why = f"no list of {_parts_of(among)} was found that adds up to a printed total"
    for filing in filings[:FILINGS]:
        lists = _lists(among, library, filing, vocabulary)
        findings = [found for siblings in lists if (found := _finding(among, siblings, draft.evidence)) is not None]
        # Every list of the filing has to say the same: two ways to part a whole may lead to two answers.
        if findings and all(found.says == findings[0].says for found in findings):
            return _answer(draft, among, findings[0])
        if lists:
            why = f"{filing.source} lists {_parts_of(among)}, but not so that one of them is the answer"
            break
    draft.checks.append(Check("parts", False, why, binding=False))
    return None


def _parts_of(among: Among) -> str:
    """What is listed, in words: ``parts of revenue by region``, ``the lines of liability``."""
    if among.measure is None:
        return f"the lines of {among.phrase}"
    return f"parts of {among.measure.name.lower()}" + (f" by {among.kind}" if among.kind else "")


def _distance(filing: FilingRecord, period: AskedPeriod) -> tuple[int, ...]:
    identity = filing.identity
    periodic = (identity.form or "").startswith(("10-K", "10-Q", "20-F", "annual"))
    return (
        abs((identity.fiscal_year or 0) - period.fiscal_year),
        identity.fiscal_quarter != period.quarter,
        not periodic,
    )


def _lists(among: Among, library: View, filing: FilingRecord, vocabulary: Vocabulary) -> list[Siblings]:
    """The complete lists that may be meant, those that fit the question's own words for the parts."""
    if among.measure is None:
        concepts = [vocabulary.concepts[key] for key in among.totals if key in vocabulary.concepts]
        found = statement_lines(library, filing, concepts, (), among.periods[-1])
        if found is None and among.totals == ("total_liabilities",):
            rest = [vocabulary.concepts[key] for key in ("total_equity", "equity_parent")]
            whole = [vocabulary.concepts["liabilities_and_equity"]]
            found = statement_lines(library, filing, whole, rest, among.periods[-1])
        return [found] if found is not None else []
    splits = splits_of(library, filing, among.measure, among.periods, vocabulary)
    if among.kind == "segment" and among.measure.key != REVENUE:
        splits = _of_segments(splits, library, filing, among, vocabulary)
    if among.kind is None:
        return [siblings for siblings in splits if siblings.total is not None]
    kind = among.kind
    fitting = [siblings for siblings in splits if names_kind(siblings, kind, library)]
    if kind == "product" and not fitting:
        # A company that parts its sales in no other way than by its segments does so by what it sells.
        others = [siblings for siblings in splits if not siblings.deep and not names_kind(siblings, "region", library)]
        names = {frozenset(tokens(part.name) for part in siblings.parts) for siblings in others}
        fitting = others if len(names) == 1 else []
    if kind == "segment":
        if not fitting:
            others = [siblings for siblings in splits if not names_kind(siblings, "region", library)]
            fitting = [siblings for siblings in others if stands_under(siblings, kind, library)]
        return _only([siblings for siblings in fitting if not siblings.deep], "product", library)
    if kind == "product":
        taken_apart = {siblings.table.id for siblings in fitting if siblings.deep}
        fitting = [siblings for siblings in fitting if siblings.deep or siblings.table.id not in taken_apart]
        return _only(fitting, "segment", library)
    return fitting


def _only(lists: list[Siblings], other: Kind, library: View) -> list[Siblings]:
    """The lists that are called by no other kind besides, where there are such: a sentence may name both."""
    return [siblings for siblings in lists if not names_kind(siblings, other, library)] or lists


def _of_segments(
    splits: Sequence[Siblings], library: View, filing: FilingRecord, among: Among, vocabulary: Vocabulary
) -> tuple[Siblings, ...]:
    """The lists with what has no revenue of its own marked as a remainder: costs of headquarters are no segment."""
    sales = splits_of(library, filing, vocabulary.concepts[REVENUE], among.periods, vocabulary)
    named = {tokens(part.name) for siblings in sales for part in siblings.parts if not part.catch_all}
    return tuple(
        replace(
            siblings,
            parts=tuple(
                replace(part, catch_all=part.catch_all or tokens(part.name) not in named) for part in siblings.parts
            ),
        )
        for siblings in splits
    )


def _finding(among: Among, siblings: Siblings, base: Evidence) -> _Finding | None:
    total = () if siblings.total is None else (siblings.total,)
    lines = number([*(part.line for part in siblings.parts), *total])
    keys = [period.key for period in among.periods]
    parts = list(zip(siblings.parts, lines, strict=False))
    whole = lines[-1] if siblings.total is not None else None
    if among.asks in ("above", "share"):
        if whole is None or whole.cells[-1].value <= 0:
            return None
        return _shares(among, siblings, parts, whole, replace(base, lines=lines))
    if among.asks == "change":
        return _change(among, siblings, parts, replace(base, lines=lines), keys)
    return _extreme(among, siblings, parts, replace(base, lines=lines), lambda line: Pointer(line.id, keys[-1]))


def _shares(
    among: Among,
    siblings: Siblings,
    parts: Sequence[tuple[Sibling, EvidenceLine]],
    whole: EvidenceLine,
    evidence: Evidence,
) -> _Finding | None:
    """The share of one part, or the parts that have more than a share, each with its own."""
    key = among.periods[-1].key
    names = tokens(" ".join(names_of(among.measure))) if among.measure is not None else frozenset[str]()
    chosen: list[tuple[Expression, str, str]] = []
    says: set[tuple[str, Decimal]] = set()
    for part, line in parts:
        program = Call("divide", (Pointer(line.id, key), Pointer(whole.id, key)))
        share = execute(program, evidence).result
        if share is None:
            return None
        if among.asks == "above":
            wanted = among.threshold is not None and share.value > among.threshold
        else:
            wanted = among.part in (tokens(part.name), tokens(part.name) - names)
        if wanted and part.catch_all:
            return None
        if wanted:
            chosen.append((program, f"{part.name} as a share of {_whole(among)}", "percent"))
            says.add(("" if among.asks == "share" else normalise_label(part.name), share.value))
    if among.asks == "share":
        return _Finding(evidence.lines, tuple(chosen), frozenset(says), siblings) if len(chosen) == 1 else None
    if not chosen:
        greatest = max(parts, key=lambda pair: pair[1].cells[-1].value)
        program = Call("divide", (Pointer(greatest[1].id, key), Pointer(whole.id, key)))
        chosen = [(program, f"largest, {greatest[0].name} as a share of {_whole(among)}", "percent")]
        return _Finding(evidence.lines, tuple(chosen), frozenset(), siblings, verdict="No")
    return _Finding(evidence.lines, tuple(chosen), frozenset(says), siblings, verdict="Yes")


def _extreme(
    among: Among,
    siblings: Siblings,
    parts: Sequence[tuple[Sibling, EvidenceLine]],
    evidence: Evidence,
    of_line: Callable[[EvidenceLine], Expression],
) -> _Finding | None:
    """The part with the greatest or smallest figure: one program that compares them all."""
    terms = [(part, of_line(line)) for part, line in parts]
    program = _nested("maximum" if among.sign > 0 else "minimum", [term for _, term in terms])
    try:
        best = execute(program, evidence).result
        values = [(part, execute(term, evidence).result) for part, term in terms]
    except ProgramError:
        return None
    winners = [part for part, value in values if best is not None and value is not None and value.value == best.value]
    if best is None or len(winners) != 1 or winners[0].catch_all:
        return None
    if among.asks == "change" and (best.value > 0) != (among.sign > 0):
        return None
    if among.measure is None and not _stands_alone(winners[0], values, among.sign):
        return None
    label = f"{_superlative(among)}, {winners[0].name}"
    kind = "percent" if isinstance(terms[0][1], Call) and terms[0][1].operator == "growth" else ""
    return _Finding(evidence.lines, ((program, label, kind),), frozenset({("", best.value)}), siblings)


def _stands_alone(winner: Sibling, values: Sequence[tuple[Sibling, Quantity | None]], sign: int) -> bool:
    """Whether a line of a statement stays the greatest where lines of one name are taken together.

    Debt may be printed once below current and once below other liabilities. Expenses that are printed as deductions
    are not compared.
    """
    made: dict[str, Decimal] = {}
    for part, value in values:
        name = normalise_label(part.line.label)
        made[name] = made.get(name, Decimal(0)) + (value.value if value is not None else Decimal(0))
    if 2 * sum(figure < 0 for figure in made.values()) > len(made):
        return False
    best = max(made.values()) if sign > 0 else min(made.values())
    return made[normalise_label(winner.line.label)] == best


def _change(
    among: Among,
    siblings: Siblings,
    parts: Sequence[tuple[Sibling, EvidenceLine]],
    evidence: Evidence,
    keys: Sequence[str],
) -> _Finding | None:
    """The part that changed most. Where neither amount nor percentage is asked for, both have to name the same."""

    def changed(operator: str) -> _Finding | None:
        return _extreme(
            among,
            siblings,
            own,
            evidence,
            lambda line: Call(operator, (Pointer(line.id, keys[-1]), Pointer(line.id, keys[0]))),
        )

    own = [pair for pair in parts if not pair[0].catch_all]
    # What was nothing before, or negative, has no growth: it changed by an amount.
    grows = all(line.cells[0].value > 0 for _, line in own)
    relative = changed("growth") if grows else None
    if among.relative:
        return relative
    amount = changed("subtract")
    if not grows:
        return amount
    if relative is None or amount is None or relative.programs[0][1] != amount.programs[0][1]:
        return None
    return replace(relative, programs=(*relative.programs, *amount.programs))


def _whole(among: Among) -> str:
    return among.measure.name.lower() if among.measure is not None else among.phrase


def _superlative(among: Among) -> str:
    """``largest liability``, ``greatest decrease in revenue by region``."""
    word = _WORDS[among.asks][among.sign < 0]
    if among.measure is None:
        return f"{word} {among.phrase}"
    return f"{word} {'in ' if among.asks == 'change' else ''}{among.measure.name.lower()} by {among.kind}"


def _nested(operator: str, terms: Sequence[Expression]) -> Expression:
    """An operator over any number of terms: by groups, as many as one call takes."""
    while len(terms) > 1:
        groups = [terms[at : at + MAX_ARGUMENTS] for at in range(0, len(terms), MAX_ARGUMENTS)]
        terms = [Call(operator, tuple(group)) if len(group) > 1 else group[0] for group in groups]
    return terms[0]


def _answer(draft: Draft, among: Among, finding: _Finding) -> Answer | None:
    """Run the programs of a finding through the checks, and say which parts were compared."""
    query: Query = draft.query
    names = ", ".join(part.name for part in finding.compared.parts)
    total = finding.compared.total
    what = f" that add up to “{total.label}”" if total is not None else " that add up to the segments’ total"
    query = replace(query, assumed=(*query.assumed, f"compared: {names},{what}"), unread=())
    evidence = replace(draft.evidence, query=query, lines=finding.lines, missing=(), conflicts=())
    attempt = Draft(query, evidence, draft.library, draft.watch, writer="facts")
    for program, label, kind in finding.programs:
        attempt.run(program, Part(query.companies[0], among.periods[-1], label, program, kind))
    if among.threshold is not None and not attempt.failed:
        for value in attempt.values:
            above = Decimal(value.exact) > among.threshold
            step = f"greater({value.exact}, {plain(among.threshold)}), the share that is asked about"
            attempt.trace.append(TraceStep(step, str(above).lower()))
    if finding.verdict and attempt.sentences:
        attempt.sentences[0] = f"{finding.verdict}. {attempt.sentences[0]}"
    answer = attempt.finish()
    if answer.status == "abstained" or attempt.failed:
        return None
    draft.evidence = evidence
    return answer
