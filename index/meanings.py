"""Names that stand for an amount and for a share: "gross margin" is printed in dollars and meant in percent."""

from __future__ import annotations

import re
from dataclasses import replace

from index.query import Query
from index.view import View
from index.wording import names_of
from ingest.vocabulary import Concept, Formula, Vocabulary, normalise_label

_AMOUNT = re.compile(r"\b(?:dollars?|amount|usd)\b|\$", re.IGNORECASE)


def settle_meaning(query: Query, library: View, vocabulary: Vocabulary) -> Query:
    """Return ``query`` with the amount for the share that it names, or with both, where a name stands for either.

    "Total gross margin", a currency or a scale ask for the amount; "percentage" and the like for the share. Where
    the wording says neither, and a filing of the periods prints the amount under that very name, both are given.
    """
    formula = query.formula
    if formula is None or len(query.things) != 1 or query.intent != "lookup" or query.display.percent:
        return query
    name = _name_used(query, formula)
    concept = vocabulary.by_label(name, (), "income") if name else None
    if concept is None or concept not in query.operands or concept.unit != "money":
        return query
    text = f" {normalise_label(query.asked)} "
    if f" total {name} " in text or query.display.power is not None or _AMOUNT.search(query.asked):
        return replace(query, things=(concept,), operands=(concept,))
    if not _is_printed(name, concept, query, library):
        return query
    said = f"{name}: the amount, which the filing prints under that name, and the percentage"
    return replace(query, things=(concept, formula), connectors=("list",), assumed=(*query.assumed, said))


def _name_used(query: Query, formula: Formula) -> str:
    """The longest name of the formula that the question has, or nothing."""
    text = f" {normalise_label(query.asked)} "
    return max((name for name in names_of(formula) if f" {name} " in text), key=len, default="")


def _is_printed(name: str, concept: Concept, query: Query, library: View) -> bool:
    keys = [period.key for period in query.periods]
    facts = library.facts(filing_ids=query.filing_ids, concepts=concept.tags, period_keys=keys)
    return any(name in normalise_label(record.fact.label) for record in facts if not record.fact.dimensions)
