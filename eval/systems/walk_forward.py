"""Predicts whether a share rises or falls from its tweets and returns, and learns from earlier days alone.

It walks forward: for the cases of each week a softmax regression is learned anew from all cases of days before that
week. A case's own features are of days before it (see the benchmark). Tweets are embedded by the static embedder, and
the day's vector is the mean of its tweets'.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from functools import cache

import numpy as np
from numpy.typing import NDArray

from assistant.cli.opening import embedder_for
from assistant.config import load_settings
from eval.case import Case, Prediction
from eval.contract import Door, Loader, Progress
from index.contract import Embedder
from model.catalog import STATIC
from model.classifier.regression import fit_regression

RETURNS = 5
"""Returns of so many trading days are features; where there are fewer, the earliest are taken for zero."""
DECAY = 300.0
"""The regression's; features have a variance of about 1, so that a few hundred cases alone teach next to nothing."""
FEWEST = 100
"""Less cases are not learned from: the commonest of their labels is said."""


def walk_forward(train: Loader, *, text: bool = True, prices: bool = True) -> Door:
    """Return the door of a system that walks forward over ``train`` with these kinds of features."""
    return lambda data, work: WalkForward(lambda: train(data), text=text, prices=prices)


class WalkForward:
    """Learns for each week of the cases from what ``train`` has of the days before it; ``embedder`` is for tests."""

    def __init__(
        self,
        train: Callable[[], Sequence[Case]],
        *,
        text: bool = True,
        prices: bool = True,
        embedder: Callable[[], Embedder] | None = None,
    ) -> None:
        self.name = "walk-forward" + ("" if text and prices else "-text" if text else "-prices")
        self._train = train
        self._text = text
        self._prices = prices
        self._embedder = cache(embedder or (lambda: embedder_for(load_settings(embedder=STATIC))))
        self._found: dict[str, Prediction] = {}

    def prepare(self, cases: Sequence[Case], progress: Progress) -> Mapping[str, str]:
        """Learn week by week and predict each week's cases."""
        known = sorted(self._train(), key=_day)
        together = [*known, *cases]
        features = self._features(together, progress)
        of_known, of_cases = features[: len(known)], features[len(known) :]
        days = np.array([_day(case).toordinal() for case in known])
        weeks: dict[date, list[int]] = defaultdict(list)
        for position, case in enumerate(cases):
            weeks[_day(case) - timedelta(days=_day(case).weekday())].append(position)
        for number, (monday, chosen) in enumerate(sorted(weeks.items()), start=1):
            earlier = np.flatnonzero(days < monday.toordinal())
            past = [known[position] for position in earlier]
            refuse_look_ahead(past, [cases[position] for position in chosen])
            found = _predict(of_known[earlier], [case.gold for case in past], of_cases[chosen])
            self._found.update(zip((cases[position].id for position in chosen), found, strict=True))
            progress("walking forward, week by week", number, len(weeks))
        state = {"learned_from": f"{len(known)} cases, each from the Monday after it on", "decay": str(DECAY)}
        return {**state, "embedder": f"{STATIC}@{self._embedder().fingerprint}"} if self._text else state

    def predict(self, case: Case) -> Prediction:
        """Return what was predicted with the case's week."""
        return self._found[case.id]

    def _features(self, cases: Sequence[Case], progress: Progress) -> NDArray[np.float32]:
        columns = []
        if self._prices:
            columns.append(np.array([_of_prices(case.data["returns"]) for case in cases], dtype=np.float32))
        if self._text:
            columns.append(self._of_tweets(cases, progress))
        return np.concatenate(columns, axis=1)

    def _of_tweets(self, cases: Sequence[Case], progress: Progress) -> NDArray[np.float32]:
        """The mean vector of each case's tweets, and how many there are (logarithm); zeros where there are none."""
        texts = list(dict.fromkeys(tweet for case in cases for tweet in case.data["tweets"]))
        embedder = self._embedder()
        vectors = embedder.embed(texts) if texts else np.zeros((0, embedder.dimension), dtype=np.float32)
        progress("embedding tweets", len(texts), len(texts))
        row = {text: position for position, text in enumerate(texts)}
        found = np.zeros((len(cases), embedder.dimension + 1), dtype=np.float32)
        for position, case in enumerate(cases):
            if case.data["tweets"]:
                found[position, :-1] = vectors[[row[tweet] for tweet in case.data["tweets"]]].mean(axis=0)
                found[position, -1] = np.log1p(len(case.data["tweets"]))
        return found


def refuse_look_ahead(past: Sequence[Case], asked: Sequence[Case]) -> None:
    """Raise ValueError unless every day that is learned from lies before every day that is asked about."""
    last = max(map(_day, past), default=date.min)
    first = min(map(_day, asked), default=date.max)
    if last >= first:
        raise ValueError(f"look-ahead: cases of {first} would be predicted by what was learned from {last}")


def _day(case: Case) -> date:
    return date.fromisoformat(case.data["day"])


def _of_prices(returns: Sequence[float]) -> list[float]:
    """The latest returns, their mean and their spread."""
    latest = [0.0] * (RETURNS - len(returns)) + [float(each) for each in returns[-RETURNS:]]
    return [*latest, float(np.mean(latest)), float(np.std(latest))]


def _predict(features: NDArray[np.float32], labels: Sequence[str], asked: NDArray[np.float32]) -> list[Prediction]:
    """Learn from features and labels, and return a prediction for each row that is asked about."""
    names = sorted(set(labels))
    if not names:
        return [Prediction("not_applicable", reason="no label was given before")] * len(asked)
    if len(names) == 1 or len(labels) < FEWEST:
        label = max(names, key=labels.count)
        return [Prediction("answered", text=label, label=label)] * len(asked)
    middle, spread = features.mean(axis=0), features.std(axis=0) + 1e-6
    shares = _regression(
        (features - middle) / spread, [names.index(each) for each in labels], (asked - middle) / spread
    )
    best = shares.argmax(axis=1)
    return [
        Prediction("answered", text=names[column], label=names[column], confidence=float(row[column]))
        for row, column in zip(shares, best, strict=True)
    ]


def _regression(
    features: NDArray[np.float32], labels: Sequence[int], asked: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Learn from features and label numbers, and return the shares of the labels, (asked, labels)."""
    import torch

    head = fit_regression(torch.from_numpy(features), torch.tensor(labels), max(labels) + 1, DECAY)
    with torch.no_grad():
        shares: NDArray[np.float32] = head(torch.from_numpy(asked)).softmax(1).numpy()
    return shares
