"""Parts of an amount: what share of a year fell in a quarter, and how much of a balance there is to a share."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.asked_periods import AskedPeriod
from ingest.vocabulary import Concept, Formula

PER_SHARE = re.compile(
    r"\bper\s+(?:common\s+|ordinary\s+)?(?:share\s+outstanding|outstanding\s+(?:common\s+)?share)\b", re.I
)
IN_QUARTER = re.compile(
    r"\b(?:spend(?:ing)?|occurr(?:ed|ing)|happened|fell|came|took\s+place|(?:was|were)\s+(?:made|spent|paid))\b", re.I
)
"""What stands between a year's amount and the quarter, and changes nothing about either."""
_SHARE = re.compile(r"\b(?:percent|percentage|share|portion|proportion|fraction)\s+of\b|%\s+of\b", re.I)


def asks_part_of_year(question: str, periods: Sequence[AskedPeriod], things: Sequence[Concept | Formula]) -> bool:
    """Whether ``question`` asks what share of a year's flow fell in one of its quarters."""
    quarters = {period for period in periods if period.quarter is not None and not period.to_date}
    years = {period.fiscal_year for period in periods if period.quarter is None}
    if not _SHARE.search(question) or len(quarters) != 1 or len(periods) != 2 or len(things) != 1:
        return False
    (thing,) = things
    flows = isinstance(thing, Concept) and thing.period == "duration" and thing.unit == "money"
    return flows and years == {next(iter(quarters)).fiscal_year}


def asks_per_share(question: str, things: Sequence[Concept | Formula]) -> bool:
    """Whether ``question`` asks for a balance by share outstanding."""
    only = things[0] if len(things) == 1 else None
    return (
        bool(PER_SHARE.search(question))
        and isinstance(only, Concept)
        and (only.period, only.unit) == ("instant", "money")
    )
