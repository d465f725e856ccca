"""By how many grounds an answer may be trusted: what orders Tieout's answers for risk and coverage.

It is a count of what is known of the answer and no probability. What it is worth as one, the calibration of
a run tells.
"""

from __future__ import annotations

from assistant.answer import Answer


def grounds(answer: Answer) -> dict[str, bool]:
    """Return each ground for trusting an answer, and whether the answer has it.

    ``no_model``: no language model wrote its program. ``figures``: it is of figures that were pointed at in
    statements, tables or tags, and not of a sentence that was quoted because its words are like the
    question's. ``tagged``: all of these figures are tagged by the company itself, so that neither a column
    nor a scale had to be read from print. ``no_remark``: every check passed, also those that do not bind
    (filings that disagree on a figure, say). ``nothing_assumed``: the question said all that was needed.
    """
    cited = answer.citations
    return {
        "no_model": answer.writer != "generator",
        "figures": bool(cited) and all(citation.key is not None for citation in cited),
        "tagged": bool(cited) and all(citation.tag is not None for citation in cited),
        "no_remark": all(check.passed for check in answer.checks),
        "nothing_assumed": not answer.assumed,
    }


def trust(answer: Answer) -> float:
    """Return the share of the grounds that an answer has, from 0 to 1."""
    known = grounds(answer)
    return sum(known.values()) / len(known)
