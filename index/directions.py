"""What a question asks of a movement: whether something rose or fell, or which of both; whether it is above zero."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.vocabulary import Concept, Formula

EITHER = 2
"""The direction of a question that asks whether something rose or fell."""
_ASKS_WHETHER = re.compile(r"(?:^|[,.:]\s*)(?:did|does|do|has|have|is|are|was|were)\b", re.I)
_RISE = (
    r"grow(?:n|ing|s)?|grew|ris(?:e[ns]?|ing)|rose|increas(?:e[ds]?|ing)|higher|expand(?:ed|ing|s)?|gain(?:ed|ing|s)?"
    r"|(?:go(?:ne|ing|es)?|went|mov(?:e[ds]?|ing)|trend(?:ed|ing))\s+up(?:wards?)?|up"
)
_FALL = (
    r"declin\w+|decreas\w+|fall(?:en|ing|s)?|fell|drop(?:ped|ping|s)?|shrink(?:ing|s)?|shrank|shrunk|lower"
    r"|contract(?:ed|ing)|(?:go(?:ne|ing|es)?|went|mov(?:e[ds]?|ing)|trend(?:ed|ing))\s+down(?:wards?)?|down"
)
_BETTER = r"improv(?:e[ds]?|ing)|better|strengthen(?:ed|ing)?"
_WORSE = r"worsen\w*|worse|deteriorat\w+|weaken(?:ed|ing)?"
ROSE = re.compile(rf"\b(?:{_RISE}|{_BETTER})\b", re.I)
FELL = re.compile(rf"\b(?:{_FALL}|{_WORSE})\b", re.I)
_JUDGED = re.compile(rf"\b(?:{_BETTER}|{_WORSE})\b", re.I)
_UP, _DOWN = rf"(?:{_RISE}|{_BETTER})", rf"(?:{_FALL}|{_WORSE})"
_CHOICE = re.compile(rf"\b(?:{_UP}\s*(?:,\s*)?(?:or|/)\s*{_DOWN}|{_DOWN}\s*(?:,\s*)?(?:or|/)\s*{_UP})\b", re.I)
SIGN = re.compile(r"\b(?:(positive)|(negative))\b", re.I)


def read_direction(question: str, things: Sequence[Concept | Formula]) -> int:
    """Return 1 where ``question`` asks whether something rose, -1 whether it fell, ``EITHER`` which of both, else 0.

    "Improved" is a rise only of what is better the higher it is, a fall of what is better the lower it is, and
    neither of anything else.
    """
    if not _ASKS_WHETHER.search(question):
        return 0
    meant = 1 if not _JUDGED.search(question) else _better(things)
    if _CHOICE.search(question):
        return EITHER if meant else 0
    rose, fell = bool(ROSE.search(question)), bool(FELL.search(question))
    return meant * (int(rose) - int(fell))


def _better(things: Sequence[Concept | Formula]) -> int:
    """1 where higher is better for the thing that is asked about, -1 where lower is, 0 where neither is settled."""
    thing = next((thing for thing in things if isinstance(thing, Formula)), things[0] if len(things) == 1 else None)
    if isinstance(thing, Formula):
        return {"higher": 1, "lower": -1}.get(thing.better or "", 0)
    earned = thing is not None and thing.statement in ("income", "cash_flow") and not thing.positive
    return int(earned and thing is not None and thing.unit in ("money", "money/shares"))


def read_sign(question: str) -> int:
    """Return 1 where ``question`` asks whether something is positive, -1 whether it is negative, else 0."""
    match = SIGN.search(question) if _ASKS_WHETHER.search(question) else None
    return 0 if match is None else 1 if match[1] else -1
