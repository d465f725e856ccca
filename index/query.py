"""A question becomes a Query: companies, periods, concepts, what is wanted, and what was assumed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from index.activities import name_activities
from index.asked_periods import (
    AskedPeriod,
    find_days,
    find_periods,
    has_bare_quarter,
    move,
    name_dates,
    unread_time,
    without_lengths,
)
from index.companies import find_companies
from index.contract import FilingRecord
from index.directions import read_direction, read_sign
from index.instructions import part_instructions
from index.parts import asks_part_of_year, asks_per_share
from index.series import find_series, periods_of, wants_figures, without_series
from index.wording import (
    BETWEEN,
    DEFINED,
    STATEMENT_WORDS,
    Display,
    Intent,
    is_follow_up,
    names_of,
    read_connector,
    read_display,
    read_extreme,
    read_intent,
    sets_against,
    unread_words,
)
from index.year_names import settle_years
from ingest.filing import Statement
from ingest.periods import FiscalCalendar
from ingest.registrant import plain_company
from ingest.vocabulary import Concept, Formula, Vocabulary, normalise_label


@dataclass(frozen=True, slots=True)
class Query:
    """A question as understood.

    ``companies`` are named as the library names them, ``unknown`` are names that it does not have.
    ``things`` are the concepts and formulas asked for, in the order of the question. ``filing_ids`` are
    the filings that may answer: those of the companies. ``assumed`` says what the question left open,
    ``unread`` holds its content words that nothing here accounts for. ``connectors`` join each thing to
    the next. ``spelled_out`` is whether the question defines its metric itself. ``direction`` is 1 where
    it asks whether something rose, -1 whether it fell, EITHER which of both, else 0. ``asked`` is the wording that
    periods and intent were read from, and ``written`` are the companies as it names them. ``sign`` is 1 or -1
    where it asks whether something is positive or negative, ``extreme`` where it asks in which period, or
    which of several things, was highest or lowest, and ``against`` is whether it sets one thing against another.
    ``part_of_year`` is whether it asks what share of a year one of its quarters has, ``per_share`` whether a balance
    is asked for by share outstanding.
    """

    text: str
    companies: tuple[str, ...]
    unknown: tuple[str, ...]
    filing_ids: tuple[str, ...]
    periods: tuple[AskedPeriod, ...]
    things: tuple[Concept | Formula, ...]
    statements: tuple[Statement, ...]
    intent: Intent
    display: Display
    assumed: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    connectors: tuple[str, ...] = ()
    spelled_out: bool = False
    direction: int = 0
    operands: tuple[Concept, ...] = ()
    dated: bool = False
    days: tuple[date, ...] = ()
    asked: str = ""
    written: tuple[str, ...] = ()
    sign: int = 0
    extreme: int = 0
    against: bool = False
    part_of_year: bool = False
    per_share: bool = False

    @property
    def concepts(self) -> tuple[Concept, ...]:
        """The concepts among the things asked for."""
        return tuple(thing for thing in self.things if isinstance(thing, Concept))

    @property
    def formula(self) -> Formula | None:
        """The metric asked for, if one is: the first named."""
        return next((thing for thing in self.things if isinstance(thing, Formula)), None)


def understand(
    question: str, filings: Sequence[FilingRecord], vocabulary: Vocabulary, previous: Query | None = None
) -> Query:
    """Return what ``question`` asks of ``filings``; ``previous`` is the query before it in a conversation."""
    assumed: list[str] = []
    companies, unknown, written = _companies(question, filings, vocabulary, previous, assumed)
    chosen = {company_key(company) for company in companies}
    eligible = [f for f in filings if not companies or company_key(f.identity.company or "") in chosen]
    if unknown:
        eligible = []
    plain, conditions = part_instructions(question)
    assumed.extend(f"set aside, for it says how to answer: {condition}" for condition in conditions)
    plain = name_activities(plain)
    asked = name_dates(plain, calendar) if (calendar := _calendar(eligible)) is not None else plain
    series = find_series(asked) if not find_periods(asked) else None
    if series is not None and (periods := periods_of(series, eligible)):
        listed = ", ".join(period.describe() for period in periods)
        assumed.append(f"periods: {listed}, those that the filings in the library are about or compare with")
        asked, moved = without_series(asked), False
    else:
        periods, moved = _periods(asked, eligible, previous, assumed)
    named = periods
    if len(companies) == 1 and not moved and find_periods(asked) == periods:
        periods, said = settle_years(periods, eligible)
        assumed.extend(said)
    things = find_things(asked, vocabulary)
    intent = read_intent(asked, things)
    if extreme := read_extreme(asked, things):
        intent, periods = "lookup", _whole_range(asked, periods)
    if series is not None and things and (intent in ("change", "growth") or wants_figures(question)):
        intent = "lookup"
    if not things and previous is not None and is_follow_up(asked):
        things, intent = previous.things, previous.intent
    periods = _of_balances(periods, things)
    direction = read_direction(asked, things)
    compared = intent in ("growth", "change") or direction != 0
    unread = unread_words(without_lengths(asked, periods), written, things, intent, direction)
    part_of_year = asks_part_of_year(asked, periods, things)
    if asks_part_of_year(asked, find_periods(asked), things) and not part_of_year:
        unread += ("quarter",)
    if not moved:
        unread += unread_time(asked, (*periods, *named), compared=compared)
    if asked != plain and series is None:
        assumed.append(f"period: {', '.join(p.describe() for p in periods)}, by the day that is named")
    return Query(
        text=question,
        companies=companies,
        unknown=unknown,
        filing_ids=tuple(filing.id for filing in eligible),
        periods=periods,
        things=things,
        statements=tuple(name for name, pattern in STATEMENT_WORDS if pattern.search(asked)),
        intent=intent,
        display=read_display(question),
        assumed=tuple(assumed),
        connectors=find_connectors(asked, things),
        direction=direction,
        spelled_out=bool(DEFINED.search(asked)),
        unread=unread,
        operands=_operands(asked, things, vocabulary),
        dated=bool(find_periods(asked)) or (previous is not None and bool(previous.periods)),
        days=find_days(question),
        asked=asked,
        written=written,
        sign=read_sign(asked),
        extreme=extreme,
        against=sets_against(asked),
        part_of_year=part_of_year,
        per_share=asks_per_share(asked, things),
    )


def _operands(asked: str, things: Sequence[Concept | Formula], vocabulary: Vocabulary) -> tuple[Concept, ...]:
    """The concepts that figures are needed of, each once."""
    found = [concept for thing in things for concept in vocabulary.operands(thing)]
    shares = vocabulary.concepts.get("shares_outstanding")
    if shares is not None and asks_per_share(asked, things):
        found.append(shares)
    return tuple(dict.fromkeys(found))


def _whole_range(question: str, periods: tuple[AskedPeriod, ...]) -> tuple[AskedPeriod, ...]:
    """The periods, and the years between two that are named as the ends of a range."""
    match = BETWEEN.search(question)
    if match is None or any(period.quarter is not None for period in periods):
        return periods
    first, last = sorted((int(match[1]), int(match[2])))
    return tuple(AskedPeriod(year) for year in range(first, last + 1)) if last - first <= 10 else periods


def _calendar(eligible: Sequence[FilingRecord]) -> FiscalCalendar | None:
    """The fiscal calendar that the periodic filings share, or None where they have different ones."""
    calendars: dict[tuple[int, int], FiscalCalendar] = {}
    for filing in eligible:
        identity = filing.identity
        if identity.fiscal_year_end is None or identity.period_end is None or identity.fiscal_year is None:
            continue
        if (identity.form or "").startswith(("10-", "20-F", "40-F", "annual")):
            fiscal = FiscalCalendar(*identity.fiscal_year_end)
            offset = identity.fiscal_year - fiscal.fiscal_year(identity.period_end)
            # A year of weeks ends on another day each year, but in the same month, give or take a few days.
            calendars[fiscal.closing_month, offset] = replace(fiscal, offset=offset)
    return next(iter(calendars.values())) if len(calendars) == 1 else None


def find_connectors(question: str, things: Sequence[Concept | Formula]) -> tuple[str, ...]:
    """Return what joins each thing to the next: ``add``, ``subtract``, ``divide``, ``list``, or "" for nothing known.

    "operating income plus depreciation" adds; "EBITDA less capex" subtracts; "capex as a % of revenue"
    divides; "revenue and net income" lists.
    """
    text = _plain(DEFINED.split(question)[0] if DEFINED.search(question) else question, keep_signs=True)
    joins: list[str] = []
    for left, right in pairwise(_place(thing, text) for thing in things):
        if left is None or right is None or left[1] > right[0]:
            joins.append("")
            continue
        between = text[left[1] : right[0]]
        ends = text[slice(*left)].split()[-1], text[slice(*right)].split()[0]
        joins.append(read_connector(between) if between.strip() or _comma_between(*ends, question) else "")
    return tuple(joins)


def _comma_between(last: str, first: str, question: str) -> bool:
    """Whether a comma parts two names: "advertising revenue" lists nothing."""
    return bool(re.search(rf"{re.escape(last)}\S*\s*,\s*(?:\w+\s+)?{re.escape(first)}", question, re.IGNORECASE))


def _place(thing: Concept | Formula, text: str) -> tuple[int, int] | None:
    """Where the longest name of ``thing`` stands in ``text``, from the blank before it to the one after."""
    name = max((name for name in names_of(thing) if f" {name} " in text), key=len, default=None)
    return None if name is None else (text.find(f" {name} "), text.find(f" {name} ") + len(name) + 1)


def find_things(question: str, vocabulary: Vocabulary) -> tuple[Concept | Formula, ...]:
    """Return the concepts and formulas that ``question`` names, longest names first taken, in its order.

    What stands after "defined as" spells a formula out and names nothing new.
    """
    text = DEFINED.split(question)[0] if DEFINED.search(question) else question
    found = _match_names(_plain(text), vocabulary)
    return found or _match_names(_plain(question), vocabulary)


def _plain(text: str, *, keep_signs: bool = False) -> str:
    for _, pattern in STATEMENT_WORDS:
        text = pattern.sub(" ", text)
    if keep_signs:
        text = text.replace("+", " plus ").replace(" - ", " minus ").replace(" / ", " over ")
    return f" {normalise_label(text)} "


def _match_names(text: str, vocabulary: Vocabulary) -> tuple[Concept | Formula, ...]:
    found: list[tuple[int, Concept | Formula]] = []
    for name, thing in vocabulary.names_in(text):
        position = text.find(f" {name} ")
        while position >= 0:
            found.append((position, thing))
            end = position + len(name) + 1
            # The place stays taken, so that a shorter name inside a longer one is not found again.
            text = text[: position + 1] + "\x00" * (end - position - 1) + text[end:]
            position = text.find(f" {name} ")
    return tuple(dict.fromkeys(thing for _, thing in sorted(found, key=lambda item: item[0])))


def _companies(
    question: str,
    filings: Sequence[FilingRecord],
    vocabulary: Vocabulary,
    previous: Query | None,
    assumed: list[str],
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """The companies, the names that are unknown, and how the question writes those that are known."""
    tickers = _tickers(filings)
    named = find_companies(question, tickers, vocabulary)
    if named.known or named.unknown:
        return named.known, named.unknown, named.written
    if previous is not None and previous.companies:
        assumed.append(f"company: {', '.join(previous.companies)}, as in the question before")
        return previous.companies, (), ()
    if len(tickers) == 1:
        only = next(iter(tickers))
        assumed.append(f"company: {only}, the only one in the library")
        return (only,), (), ()
    if tickers:
        assumed.append(f"company: any of the {len(tickers)} in the library, for the question names none")
    return (), (), ()


def _periods(
    question: str, eligible: Sequence[FilingRecord], previous: Query | None, assumed: list[str]
) -> tuple[tuple[AskedPeriod, ...], bool]:
    """The periods, and whether they were reached by a step from those of the question before."""
    years = [filing.identity.fiscal_year for filing in eligible if filing.identity.fiscal_year is not None]
    latest = max(years, default=None)
    before = previous.periods if previous is not None else ()
    if before and has_bare_quarter(question):
        latest = before[-1].fiscal_year
    periods = find_periods(question, latest)
    if periods:
        if not find_periods(question):
            assumed.append(f"period: {', '.join(p.describe() for p in periods)}, counted from FY{latest}")
        return periods, False
    if before:
        moved = move(before, question)
        if moved is not None:
            assumed.append(f"period: {', '.join(p.describe() for p in moved)}, counted from the question before")
            return moved, True
        assumed.append(f"period: {', '.join(p.describe() for p in before)}, as in the question before")
        return before, False
    annual = [
        filing.identity.fiscal_year
        for filing in eligible
        if filing.identity.fiscal_year is not None and filing.identity.fiscal_quarter is None
    ]
    if annual:
        assumed.append(f"period: FY{max(annual)}, the latest year in the library")
        return (AskedPeriod(max(annual)),), False
    quarterly = [
        AskedPeriod(filing.identity.fiscal_year, filing.identity.fiscal_quarter)
        for filing in eligible
        if filing.identity.fiscal_year is not None and filing.identity.fiscal_quarter is not None
    ]
    if quarterly:
        assumed.append(f"period: {max(quarterly).describe()}, the latest quarter in the library")
        return (max(quarterly),), False
    return (), False


def _of_balances(periods: tuple[AskedPeriod, ...], things: Sequence[Concept | Formula]) -> tuple[AskedPeriod, ...]:
    """The periods as balances have them: the end of a fourth quarter is the end of its year."""
    if not things or not all(isinstance(thing, Concept) and thing.period == "instant" for thing in things):
        return periods
    return tuple(AskedPeriod(period.fiscal_year) if period.quarter == 4 else period for period in periods)


def company_key(company: str) -> str:
    """What two printings of one company's name have in common."""
    return plain_company(company).casefold()


def _tickers(filings: Sequence[FilingRecord]) -> dict[str, str | None]:
    """Each company of the filings, as first printed, and its ticker where any of its filings states one."""
    names: dict[str, str] = {}
    tickers: dict[str, str | None] = {}
    for filing in filings:
        company = filing.identity.company
        if company is not None:
            name = names.setdefault(company_key(company), company)
            tickers[name] = tickers.get(name) or filing.identity.ticker
    return tickers
