"""Parts labelled texts for measuring: texts that say nearly the same stay on one side."""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from math import ceil

ALIKE = 0.7
"""Two texts are nearly the same when their words have at least so much in common (Jaccard's index)."""
_WORD = re.compile(r"[a-z]+|\d+")


def near_duplicates(texts: Sequence[str]) -> list[int]:
    """Return for each text the number of its cluster: nearly the same texts share one, through others too.

    Words are compared without case, and all numbers count as the same one, for much of financial news is one
    sentence with other figures. Only texts that share one of their rarest words are compared, which misses none.
    """
    words = [_words(text) for text in texts]
    frequency = Counter(word for each in words for word in each)
    parents = list(range(len(texts)))
    standing: dict[str, list[int]] = defaultdict(list)
    for position, own in enumerate(words):
        # Texts as alike as that share one of this many rarest words (prefix filter, Chaudhuri et al. 2006).
        rarest = sorted(own, key=lambda word: (frequency[word], word))[: len(own) - ceil(ALIKE * len(own)) + 1]
        for other in dict.fromkeys(other for word in rarest for other in standing[word]):
            if _alike(own, words[other]):
                parents[_root(parents, position)] = _root(parents, other)
        for word in rarest:
            standing[word].append(position)
    return [_root(parents, position) for position in range(len(texts))]


def assign_folds(clusters: Sequence[int], labels: Sequence[str], count: int, seed: int = 0) -> list[int]:
    """Return a fold from 0 to ``count`` - 1 for each text: a cluster whole, and of each label as many in every fold."""
    members: dict[int, list[int]] = defaultdict(list)
    for position, cluster in enumerate(clusters):
        members[cluster].append(position)
    order = list(members.values())
    random.Random(seed).shuffle(order)  # noqa: S311 - an order, no secret
    order.sort(key=len, reverse=True)
    filled: Counter[tuple[int, str]] = Counter()
    total: Counter[int] = Counter()
    folds = [0] * len(clusters)
    for group in order:
        most = Counter(labels[position] for position in group).most_common(1)[0][0]
        fold = min(range(count), key=lambda number: (filled[number, most], total[number], number))
        for position in group:
            folds[position] = fold
            filled[fold, labels[position]] += 1
            total[fold] += 1
    return folds


def _words(text: str) -> frozenset[str]:
    return frozenset("0" if word[0].isdigit() else word for word in _WORD.findall(text.lower()))


def _alike(a: frozenset[str], b: frozenset[str]) -> bool:
    return len(a & b) >= ALIKE * len(a | b)


def _root(parents: list[int], position: int) -> int:
    while parents[position] != position:
        parents[position] = parents[parents[position]]
        position = parents[position]
    return position
