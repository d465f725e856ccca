"""How sure a figure is: bootstrap intervals, and paired tests of one run against another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import comb

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 2_000
LEVEL = 0.95
SIGNIFICANT = 0.05
"""A difference counts as one when chance alone gives as large a one in fewer cases than this."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure, its 95 % bootstrap interval, and the number of cases that it is of."""

    value: float
    low: float
    high: float
    n: int


def mean_interval(values: Sequence[float], *, seed: int = 0, together: Sequence[str] | None = None) -> Interval:
    """Return the mean of ``values`` (at least one) with its percentile bootstrap interval (Efron 1979).

    Values that ``together`` (one name for each) names alike are drawn together, for they are not independent.
    """
    data = np.asarray(values, dtype=np.float64)
    if together is None:
        means = data[_resamples(len(data), seed)].mean(axis=1)
    else:
        means = np.array([data[chosen].mean() for chosen in _groups_drawn(together, seed, RESAMPLES)])
    low, high = _limits(means)
    return Interval(float(data.mean()), low, high, len(data))


def statistic_intervals(
    count: int,
    statistics: Callable[[Sequence[int]], Mapping[str, float]],
    *,
    seed: int = 0,
    together: Sequence[str] | None = None,
) -> dict[str, Interval]:
    """Return the intervals of figures that are no means: ``statistics`` takes the chosen case numbers.

    A draw in which a figure is not defined (no case that it is of was drawn) has no part in its interval. Cases
    that ``together`` names alike are drawn together.
    """
    whole = statistics(range(count))
    drawn: Iterable[NDArray[np.int64]] = _resamples(count, seed, RESAMPLES // 4)
    if together is not None:
        drawn = _groups_drawn(together, seed, RESAMPLES // 4)
    draws = [statistics([int(i) for i in chosen]) for chosen in drawn]
    found = {}
    for name, value in whole.items():
        low, high = _limits(np.array([draw[name] for draw in draws if name in draw]))
        found[name] = Interval(float(value), low, high, count)
    return found


@dataclass(frozen=True, slots=True)
class Difference:
    """B less A over the same cases, with its interval, and how often chance alone would give as much."""

    value: float
    low: float
    high: float
    n: int
    p: float
    test: str

    @property
    def significant(self) -> bool:
        """Whether the difference is more than chance."""
        return self.p < SIGNIFICANT


def paired_difference(a: Sequence[float], b: Sequence[float], *, seed: int = 0) -> Difference:
    """Compare two runs case by case: McNemar's exact test for 0/1 scores, else the paired bootstrap."""
    first, second = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    if first.shape != second.shape or not len(first):
        raise ValueError(f"two runs over the same cases are compared, not {len(first)} against {len(second)}")
    deltas = second - first
    draws = deltas[_resamples(len(deltas), seed)].mean(axis=1)
    low, high = _limits(draws)
    if set(np.unique(np.concatenate([first, second]))) <= {0.0, 1.0}:
        p = mcnemar(int(((first == 1) & (second == 0)).sum()), int(((first == 0) & (second == 1)).sum()))
        return Difference(float(deltas.mean()), low, high, len(deltas), p, "McNemar exact")
    tail = min(float((draws <= 0).mean()), float((draws >= 0).mean()))
    p = 1.0 if not deltas.any() else min(1.0, 2 * tail)
    return Difference(float(deltas.mean()), low, high, len(deltas), p, "paired bootstrap")


def mcnemar(only_a: int, only_b: int) -> float:
    """Return the two-sided exact p of McNemar's test (1947) from the discordant counts."""
    n = only_a + only_b
    if n == 0:
        return 1.0
    tail = sum(comb(n, k) for k in range(min(only_a, only_b) + 1)) / 2**n
    return float(min(1.0, 2 * tail))


def _resamples(count: int, seed: int, resamples: int = RESAMPLES) -> NDArray[np.int64]:
    """Case numbers drawn with replacement, shape (resamples, count)."""
    return np.random.default_rng(seed).integers(0, count, size=(resamples, count))


def _groups_drawn(names: Sequence[str], seed: int, resamples: int) -> Iterator[NDArray[np.int64]]:
    """Case numbers of groups drawn with replacement, as many groups as there are, ``resamples`` times."""
    members: dict[str, list[int]] = {}
    for number, name in enumerate(names):
        members.setdefault(name, []).append(number)
    groups = [np.array(numbers, dtype=np.int64) for numbers in members.values()]
    for chosen in _resamples(len(groups), seed, resamples):
        yield np.concatenate([groups[number] for number in chosen])


def _limits(draws: NDArray[np.float64]) -> tuple[float, float]:
    tail = (1 - LEVEL) / 2 * 100
    low, high = np.percentile(draws, [tail, 100 - tail])
    return float(low), float(high)
