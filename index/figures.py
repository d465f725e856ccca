"""Figures by concept and period: which fact of which filing stands for a concept in a year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from index.asked_periods import AskedPeriod
from index.contract import FactRecord, FilingRecord
from index.evidence import Conflict, EvidenceCell, EvidenceLine, Missing
from index.query import company_key
from index.view import View
from ingest.filing import Fact, Period, Span
from ingest.periods import WEEK_SLACK
from ingest.vocabulary import Concept


@dataclass(frozen=True, slots=True)
class Wanted:
    """One figure that a question needs: a concept of a company in a period."""

    company: str
    concept: Concept
    period: AskedPeriod


@dataclass(frozen=True, slots=True)
class Figures:
    """Lines with the wanted figures (without ids yet), and what was missing or did not agree."""

    lines: tuple[EvidenceLine, ...]
    missing: tuple[Missing, ...]
    conflicts: tuple[Conflict, ...]


def find_figures(library: View, filings: Sequence[FilingRecord], wanted: Sequence[Wanted]) -> Figures:
    """Find the figures that ``wanted`` names among ``filings``.

    Of several filings that report one, the filing about the latest wanted period speaks first, so that
    figures that are compared stand in one document; after it the nearest in time.
    """
    by_id = {filing.id: filing for filing in filings}
    chosen: dict[tuple[str, str, str], list[FactRecord]] = {}
    missing: list[Missing] = []
    conflicts: list[Conflict] = []
    anchor = {w.company: max(x.period.fiscal_year for x in wanted if x.company == w.company) for w in wanted}
    for want in wanted:
        records = whole_company(library, filings_of(want.company, filings), want.concept)
        fitting = [record for record in records if _fits(record.fact.period, want)]
        if not fitting:
            keys = sorted({record.fact.period.key for record in records if _same_kind(record.fact.period, want)})
            missing.append(Missing(want.concept.key, want.period.key, tuple(keys), want.company))
            continue
        ranked = sorted(fitting, key=lambda r: _rank(r, by_id[r.filing_id], want, anchor[want.company]))
        best = _most_precise(ranked)
        conflicts.extend(_conflicts(best, ranked, want, by_id))
        conflicts.extend(_other_ends(best, ranked, want, by_id))
        chosen.setdefault((best.filing_id, want.concept.key, _row_of(best.fact)), []).append(best)
    lines = tuple(
        _line(by_id[filing_id], concept, records) for (filing_id, concept, _), records in _once(chosen).items()
    )
    return Figures(lines, tuple(missing), tuple(conflicts))


def filings_of(company: str, filings: Iterable[FilingRecord]) -> list[FilingRecord]:
    """Return the filings of a company, however each of them spells its name."""
    key = company_key(company)
    return [filing for filing in filings if company_key(filing.identity.company or "") == key]


def whole_company(library: View, filings: Sequence[FilingRecord], concept: Concept) -> list[FactRecord]:
    """Facts of the concept for the whole company: tagged without dimensions, or a row of its own statement."""
    records = library.facts(filing_ids=[filing.id for filing in filings], concepts=concept.tags)
    return [record for record in records if _is_whole(record.fact, concept)]


def _is_whole(fact: Fact, concept: Concept) -> bool:
    if fact.dimensions or not unit_fits(fact.unit, concept.unit):
        return False
    return fact.origin == "ixbrl" or fact.statement == concept.statement


def unit_fits(unit: str | None, kind: str) -> bool:
    """Whether a figure's unit is of a kind: ``money``, ``money/shares``, ``shares`` or ``pure``."""
    kinds = {"money": _is_money(unit), "money/shares": unit is not None and unit.endswith("/shares")}
    return kinds.get(kind, unit == kind)


def _is_money(unit: str | None) -> bool:
    return unit is not None and len(unit) == 3 and unit.isupper()


def _fits(period: Period, want: Wanted) -> bool:
    return period.key == want.period.key and _same_kind(period, want)


def _same_kind(period: Period, want: Wanted) -> bool:
    """A balance is an instant; a flow lasts as long as the asked period."""
    return period.is_instant if want.concept.period == "instant" else lasts(period, want.period)


def lasts(period: Period, asked: AskedPeriod) -> bool:
    """Whether a period is as long as the one that is asked for."""
    if asked.quarter is None:
        return period.months == 12
    return period.months == (3 * asked.quarter if asked.to_date else 3)


def _rank(record: FactRecord, filing: FilingRecord, want: Wanted, anchor: int) -> tuple[int, ...]:
    """Smaller is better: the filing of the anchor year, then the nearest; the concept's first tag; a statement."""
    identity = filing.identity
    year = identity.fiscal_year if identity.fiscal_year is not None else 0
    periodic = (identity.form or "").startswith(("10-K", "10-Q", "20-F", "annual"))
    tags = want.concept.tags
    tag = tags.index(record.fact.concept) if record.fact.concept in tags else len(tags)
    quarter_off = 0 if identity.fiscal_quarter == want.period.quarter else 1
    return (
        abs(year - anchor),
        quarter_off,
        0 if periodic else 1,
        0 if record.fact.statement == want.concept.statement else 1,
        tag,
        0 if record.fact.span.chars is not None else 1,
        record.rowid,
    )


def _most_precise(ranked: Sequence[FactRecord]) -> FactRecord:
    """Of the same figure printed more than once in the first filing, the one with the most digits."""
    first = ranked[0]
    same = [
        record
        for record in ranked
        if record.filing_id == first.filing_id
        and record.fact.statement == first.fact.statement
        and record.fact.concept == first.fact.concept
        and agree(record.fact, first.fact)
    ]
    return min(same, key=lambda record: (record.fact.scale, record.rowid))


def agree(one: Fact | EvidenceCell, other: Fact | EvidenceCell) -> bool:
    """Whether two figures state the same value within the rounding of the coarser."""
    step = max(_step(one), _step(other))
    return abs(one.value - other.value) <= step / 2 if step else one.value == other.value


def _step(fact: Fact | EvidenceCell) -> Decimal:
    """The value of one unit in the last printed place."""
    digits = fact.printed.split(".")[1] if "." in fact.printed else ""
    places = sum(character.isdigit() for character in digits)
    return Decimal(1).scaleb(fact.scale - places)


def _conflicts(
    best: FactRecord, ranked: Sequence[FactRecord], want: Wanted, filings: Mapping[str, FilingRecord]
) -> list[Conflict]:
    """Other values for the same concept and period, one for each filing that has one."""
    found: dict[str, Conflict] = {}
    for record in ranked:
        if record.fact.concept != best.fact.concept or agree(record.fact, best.fact):
            continue
        other = f"{record.fact.printed} in {filings[record.filing_id].source}, page {record.fact.span.physical_page}"
        used = f"{best.fact.printed} in {filings[best.filing_id].source}, page {best.fact.span.physical_page}"
        found.setdefault(record.filing_id, Conflict(want.concept.key, want.period.key, used, other, want.company))
    return list(found.values())


def _other_ends(
    best: FactRecord, ranked: Sequence[FactRecord], want: Wanted, filings: Mapping[str, FilingRecord]
) -> list[Conflict]:
    """Filings for which the same fiscal period ended on another day: one of them names its years otherwise."""
    used = best.fact.period.end
    found: dict[str, Conflict] = {}
    for record in ranked:
        end = record.fact.period.end
        if abs(end - used) > WEEK_SLACK:
            name = want.period.describe()
            here = f"{name} ended {used.isoformat()} in {filings[best.filing_id].source}"
            there = f"{end.isoformat()} in {filings[record.filing_id].source}"
            conflict = Conflict(want.concept.key, want.period.key, here, there, want.company, on_period=True)
            found.setdefault(record.filing_id, conflict)
    return list(found.values())


def _row_of(fact: Fact) -> str:
    return f"{fact.table}/{fact.row}" if fact.table is not None else f"{fact.concept}"


def _once(chosen: Mapping[tuple[str, str, str], list[FactRecord]]) -> dict[tuple[str, str, str], list[FactRecord]]:
    return {key: list({record.rowid: record for record in records}.values()) for key, records in chosen.items()}


def _line(filing: FilingRecord, concept: str, records: Sequence[FactRecord]) -> EvidenceLine:
    facts = [record.fact for record in records]
    cells = tuple(
        EvidenceCell(
            key=fact.period.key,
            value=fact.value,
            unit=fact.unit,
            scale=fact.scale,
            printed=fact.printed,
            period=fact.period,
            span=fact.span,
            tag=fact.concept if fact.origin == "ixbrl" else None,
        )
        for fact in sorted(facts, key=lambda fact: fact.period.end, reverse=True)
    )
    first: Span = facts[0].span
    return EvidenceLine(
        id="",
        kind="row",
        filing_id=filing.id,
        source=filing.source,
        company=filing.identity.company,
        label=facts[0].label,
        path=(),
        cells=cells,
        span=first,
        statement=facts[0].statement,
        concept=concept,
        fiscal_year=filing.identity.fiscal_year,
    )
