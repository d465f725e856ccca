"""Sentences of a question that are about its answer and not about facts: they are obeyed or set aside, and said."""

from __future__ import annotations

import re

_SENTENCES = re.compile(r"(?<=[.?!;])(?<![A-Z]\.)\s+")
_CONDITION = re.compile(
    r"^(?:otherwise|(?:if|where|when|in\s+case)\b.*?\b(?:not|isn['’]t|aren['’]t|n['’]t|no|none|irrelevant|unavailable|missing)\b)"
    r".*\b(?:state|say|explain|answer|respond|return|report|give|write|put|note|indicate|tell|mention|leave|use|assume)\b",
    re.IGNORECASE | re.DOTALL,
)
"""What to answer where something is not so: "If X is not a useful metric, then state that and explain why."."""
_MANNER = re.compile(
    r"^(?:please\s+)?(?:(?:answer|respond|reply)\b(?!\s+the\s+(?:following\s+)?question\b.*[:?])"
    r"|(?:give|provide)\s+(?:a|an|the|your)\s+(?:response|answer)\b|round\b|(?:state|express|show|present|report)\s+(?:the|your|it|this)\b"
    r"(?:\s+(?:answer|result|response|figure|value)s?\b|\s+in\b)|show\s+your\b|do\s+not\b|use\s+(?:only|no)\b)"
    r"[^:?]*[.!]?$",
    re.IGNORECASE | re.DOTALL,
)
"""How to write the answer: "Answer in USD millions.", "Round to one decimal place."."""


def part_instructions(question: str) -> tuple[str, tuple[str, ...]]:
    """Return ``question`` without the sentences that only say how to answer, and those that are conditions.

    A condition ("if it is not outlined, state 0") is set aside: what a filing does not report is said to be absent,
    and no figure is put in its place. Sentences of manner are left out alike; scale and rounding are read from the
    whole question. A question that is nothing else stays as it is.
    """
    sentences = [sentence for sentence in _SENTENCES.split(question.strip()) if sentence]
    conditions = tuple(sentence for sentence in sentences if _CONDITION.match(sentence))
    kept = [s for s in sentences if s not in conditions and not _MANNER.match(s)]
    if not kept:
        return question, ()
    return " ".join(kept) if len(kept) < len(sentences) else question, conditions
