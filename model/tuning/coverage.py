"""What a tokenizer makes of the domain: tokens for the vocabulary's terms, for numbers, and for training sheets.

It tells what adding the domain's words to a tokenizer could save before anybody trains embeddings for them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from ingest.vocabulary import Vocabulary
from model.prompt import line_content
from model.tuning.example import TrainingExample

Pieces = Callable[[str], Sequence[str]]
"""Cuts a text into the pieces that a tokenizer has for it."""

NUMBERS = ("2023", "4,120", "391,035", "1,234,567", "$(1,577)", "12.5%", "0.37", "E12", "value(E3[2023])", "2023Q2YTD")
"""Figures, periods and pointers in the shapes in which sheets and programs have them."""
_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*")
_NUMBER = re.compile(r"\d[\d,.]*")


@dataclass(frozen=True, slots=True)
class TermCoverage:
    """How terms are cut. A word counts as whole where it is one token after a blank, as inside a sentence."""

    terms: int
    whole_terms: int
    tokens_per_term: float
    words: int
    whole_words: int
    tokens_per_word: float
    costliest: tuple[tuple[str, int, int], ...]
    """Words with their tokens and the number of terms that they stand in, those first that cost most in all."""


@dataclass(frozen=True, slots=True)
class SheetCoverage:
    """Where the tokens of sheets and questions go, and what it would save to make words single tokens."""

    sheets: int
    tokens: int
    in_numbers: int
    in_words: int
    saved: tuple[tuple[int, int], ...]
    """How many words are added, the most useful first, and how many tokens are saved."""


def terms_of(vocabulary: Vocabulary) -> list[str]:
    """Return every name of a concept or formula that filings print or people ask for, each once."""
    names = [name for c in vocabulary.concepts.values() for name in (c.name, *c.asked, *c.labels)]
    names += [name for formula in vocabulary.formulas.values() for name in (formula.name, *formula.asked)]
    return sorted({name.lower(): name for name in names}.values())


def cover_terms(terms: Sequence[str], pieces: Pieces, shown: int = 15) -> TermCoverage:
    """Measure terms. Raises ValueError where there are none."""
    if not terms:
        raise ValueError("there are no terms to measure")
    lengths = [len(pieces(f" {term}")) for term in terms]
    standing = Counter(word for term in terms for word in {word.lower() for word in _WORD.findall(term)})
    words = {word: len(pieces(f" {word}")) for word in sorted(standing)}
    cost = sorted(words, key=lambda word: (-(words[word] - 1) * standing[word], word))
    return TermCoverage(
        terms=len(terms),
        whole_terms=sum(length == 1 for length in lengths),
        tokens_per_term=sum(lengths) / len(lengths),
        words=len(words),
        whole_words=sum(length == 1 for length in words.values()),
        tokens_per_word=sum(words.values()) / len(words),
        costliest=tuple((word, words[word], standing[word]) for word in cost[:shown]),
    )


def cover_sheets(
    examples: Iterable[TrainingExample], terms: Sequence[str], pieces: Pieces, steps: Sequence[int] = (100, 500, 2000)
) -> SheetCoverage:
    """Measure each sheet once and each question, and what it saves to add words of ``terms`` that are cut now."""
    texts: dict[str, None] = {}
    sheets: set[tuple[str, ...]] = set()
    for example in examples:
        lines = tuple(line_content(line, ()) for line in example.lines)
        if lines not in sheets:
            sheets.add(lines)
            texts.update(dict.fromkeys(lines))
        texts[example.question] = None
    known = {word.lower() for term in terms for word in _WORD.findall(term)}
    words: Counter[str] = Counter()
    numbers: Counter[str] = Counter()
    tokens = 0
    for text in texts:
        tokens += len(pieces(text))
        words.update(_WORD.findall(text))
        numbers.update(_NUMBER.findall(text))
    lengths = {word: len(pieces(f" {word}")) for word in words}
    gains = sorted(((lengths[w] - 1) * n for w, n in words.items() if w.lower() in known), reverse=True)
    return SheetCoverage(
        sheets=len(sheets),
        tokens=tokens,
        in_numbers=sum(len(pieces(number)) * count for number, count in numbers.items()),
        in_words=sum(lengths[word] * count for word, count in words.items()),
        saved=tuple((step, sum(gains[:step])) for step in steps),
    )
