"""Whether what was taken from a sheet can still be read or reckoned from what is left of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations

from assistant.dataset.labels import content_words
from index.evidence import EvidenceCell, EvidenceLine
from ingest.vocabulary import Concept, Vocabulary, normalise_label

ALIKE = 0.5
"""Share of words in common from which on a line may be what is asked for under another name."""
LONG = 5_000
"""A figure of so many units of its last digit is told by a sum that is off by one: nothing smaller is."""
APART = frozenset(
    (
        *("current", "noncurrent", "short", "long", "deferred", "accrued", "accumulated", "gross", "operating"),
        *("nonoperating", "basic", "diluted", "domestic", "foreign", "before", "after", "tax", "taxe", "cost"),
        *("payable", "receivable", "prepaid", "restricted", "unearned", "unrecognized", "interest"),
    )
)
"""Words that make another line of a label that has all its other words."""
_NUMBER = re.compile(r"\d[\d,]*\.?\d*")


def concept_of(line: EvidenceLine, vocabulary: Vocabulary) -> Concept | None:
    """The concept that a line's tag or label says it is."""
    if line.concept is not None:
        return vocabulary.concepts.get(line.concept)
    return vocabulary.by_label(line.label, line.path, line.statement)


def may_be(one: EvidenceLine, other: EvidenceLine, vocabulary: Vocabulary) -> bool:
    """Whether two lines may be one thing under two names; two different concepts are not."""
    concepts = concept_of(one, vocabulary), concept_of(other, vocabulary)
    if None not in concepts:
        return concepts[0] == concepts[1]
    if normalise_label(one.label) == normalise_label(other.label):
        return True
    own, others = (content_words(label) for label in (one.label, other.label))
    if not own or not others:
        # "Other, net" may be the "Other income (expense), net" that is asked for.
        return not set(normalise_label(one.label).split()).isdisjoint(normalise_label(other.label).split())
    headed = f"{' '.join(other.path[-1:])} {other.label}"
    return alike(own, others) or alike(own, content_words(headed))


def alike(words: frozenset[str], other: frozenset[str], kind: str = "row") -> bool:
    """Whether labels of these words may name one thing; a sentence has to have all words that are asked for."""
    if not words or not other:
        return False
    if kind == "row" and (words ^ other) & APART:
        return False
    if words <= other or (other <= words and kind == "row"):
        return True
    return kind == "row" and len(words & other) / len(words | other) >= ALIKE


def is_told(cell: EvidenceCell, own: EvidenceLine | None, left: Sequence[EvidenceLine]) -> bool:
    """Whether the lines ``left`` have a figure of this amount, or some that add up to it.

    ``own`` is what is left of its line: figures of other periods may add up to it too. Zero is always told.
    """
    value, step = abs(float(cell.value)), _step(cell)
    if not value:
        return True
    for line in left:
        if any(abs(abs(float(other.value)) - value) < step / 2 for other in line.cells):
            return True
        if line.kind == "sentence" and says(line.label, value):
            return True
    columns = [[float(other.value) for line in left if (other := line.cell(cell.key)) is not None]]
    if own is not None:
        columns.append([float(other.value) for other in own.cells])
    near = step * (1.01 if value / step > LONG else 0.01)
    return any(abs(abs(amount) - value) <= near for column in columns for amount in _amounts(column))


def adds_up(value: float, key: str, left: Sequence[EvidenceLine]) -> bool:
    """Whether figures of one column give just this amount."""
    column = [float(cell.value) for line in left if (cell := line.cell(key)) is not None]
    return any(abs(abs(amount) - abs(value)) <= abs(value) / 1e6 for amount in _amounts(column))


def says(text: str, value: float) -> bool:
    """Whether a sentence has a number of the same first digits, rounded as it is printed."""
    for printed in _NUMBER.findall(text):
        digits = re.sub(r"[,.]", "", printed).strip("0")
        if 2 <= len(digits) <= 9 and f"{value:.{len(digits) - 1}e}".partition("e")[0].replace(".", "") == digits:
            return True
    return False


def _amounts(column: Sequence[float]) -> Iterator[float]:
    """What figures of one column give: two of them, those that stand together, and these with one more."""
    for one, other in combinations(column, 2):
        yield one + other
        yield one - other
    for start in range(len(column)):
        total = column[start]
        for end in range(start + 1, len(column)):
            total += column[end]
            yield total
            for place, one in enumerate(column):
                if not start <= place <= end:
                    yield one - total
                    yield one + total


def _step(cell: EvidenceCell) -> float:
    """One of the last digit that is printed."""
    if not any(map(str.isdigit, cell.printed)):
        exponent = cell.value.as_tuple().exponent
        return float(Decimal(1).scaleb(exponent)) if isinstance(exponent, int) else 1.0
    decimals = re.search(r"\.(\d+)", cell.printed)
    return float(10.0 ** (cell.scale - (len(decimals[1]) if decimals else 0)))
