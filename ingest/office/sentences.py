"""Sentences and words without a model: stands in for the module of unstructured that downloads one at first use.

unstructured asks it only whether a paragraph of a document looks like prose or like a title; which words are
verbs is told by their form, which is enough for that.
"""

from __future__ import annotations

import re

_SENTENCE_END = re.compile(r"(?<=[.!?])[\"')\]]*\s+(?=[A-Z0-9\"'(\[])")
_WORD = re.compile(r"\w+(?:[.,'’-]\w+)*|[^\w\s]")
_VERB = re.compile(
    r"(?:is|are|was|were|be|been|being|has|have|had|do|does|did|will|would|shall|should|may|might|can|could|must"
    r"|[a-z]{3,}(?:ed|ing|ize|izes|ifies))",
    re.IGNORECASE,
)


def sent_tokenize(text: str) -> list[str]:
    """Return the sentences of ``text``."""
    return [sentence for sentence in _SENTENCE_END.split(text) if sentence.strip()]


def word_tokenize(text: str) -> list[str]:
    """Return the words and punctuation marks of ``text``."""
    return _WORD.findall(text)


def pos_tag(text: str) -> list[tuple[str, str]]:
    """Return each word with ``VB`` if its form is that of a verb, else with ``NN``."""
    return [(word, "VB" if _VERB.fullmatch(word) else "NN") for word in word_tokenize(text)]
