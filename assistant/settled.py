"""Settles one figure of one filing from its facts, without a question in words: what a job and a summary ask."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answer import Answer
from assistant.draft import Draft
from assistant.plan import compose, make_plan
from assistant.watch import Watch
from index.asked_periods import AskedPeriod
from index.contract import FilingRecord
from index.query import Query
from index.search import search_figures
from index.view import View
from index.wording import Display, Intent
from ingest.vocabulary import Concept, Formula, Vocabulary


def own_period(filing: FilingRecord) -> AskedPeriod | None:
    """Return the fiscal year or quarter that a filing covers."""
    identity = filing.identity
    if identity.fiscal_year is None:
        return None
    return AskedPeriod(identity.fiscal_year, identity.fiscal_quarter)


def settle(
    library: View,
    filing: FilingRecord,
    company: str,
    thing: Concept | Formula,
    periods: Sequence[AskedPeriod],
    vocabulary: Vocabulary,
    display: Display,
    intent: Intent = "lookup",
) -> Answer | None:
    """Answer what ``thing`` was in each period, or how it changed; None where no program can be formed for it."""
    query = Query(
        text=thing.key,
        companies=(company,),
        unknown=(),
        filing_ids=(filing.id,),
        periods=tuple(periods),
        things=(thing,),
        statements=(),
        intent=intent,
        display=display,
    )
    plan = make_plan(query, vocabulary)
    if plan is None:
        return None
    draft = Draft(query, search_figures(query, library, plan.wanted), library, Watch(), writer="facts")
    for part in plan.parts:
        draft.run(compose(part, draft.evidence, vocabulary), part)
    return draft.finish()
