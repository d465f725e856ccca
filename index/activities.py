"""The three kinds of cash flow that questions name in one breath: operations, investing and financing."""

from __future__ import annotations

import re

_THREE = re.compile(
    r"\b(?:among|of|between)\s+(?:the\s+|its\s+)?operat(?:ions|ing)(?:\s+activities)?\s*,\s*investing(?:\s+activities)?\s*,?\s*"
    r"(?:and|or|&)\s*financing(?:\s+activities)?",
    re.IGNORECASE,
)
_BROUGHT = re.compile(
    r"\b(?:brought\s+in|generated|provided|had|produced|contributed|yielded|used|consumed)\s+the\s+(?:(?P<most>most|highest|largest|greatest)"
    r"|least|lowest|smallest)(?:\s*\(?\s*or\s+(?:lost|used|consumed)\s+the\s+(?:least|most)\s*\)?)?(?:\s+(?:amount\s+of\s+)?(?:net\s+)?cash"
    r"(?:\s+flows?)?)?",
    re.IGNORECASE,
)


def name_activities(question: str) -> str:
    """Return ``question`` with the three activities as the cash flows that they are, and which of them is asked for.

    "Among operations, investing and financing activities, which brought in the most cash flow" asks which cash flow
    is the highest; which used the most asks for the lowest. Other questions stay as they are.
    """
    if not _THREE.search(question):
        return question
    named = _THREE.sub("among operating cash flow, investing cash flow, financing cash flow", question)
    match = _BROUGHT.search(named)
    if match is None:
        return question
    spent = match[0].lower().startswith(("used", "consumed"))
    highest = bool(match["most"]) != spent
    return _BROUGHT.sub("was the highest" if highest else "was the lowest", named)
