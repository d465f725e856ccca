"""StockNet: whether a share closes higher or lower on a day, given what was known the day before.

Xu and Cohen, "Stock Movement Prediction from Tweets and Historical Prices" (ACL 2018). By the paper's
thresholds a return of more than 0.55 % is up, one of at most -0.5 % is down, and a day between them is no
case. Cases are the days of the paper's test period: 3,720, as many as the paper counts, whether the share
had tweets before or not (``text`` is empty for a quarter of them).

What may be learned from are the days from the paper's training period to the end of its test period: the days
before a case, that is, which the systems that learn here keep to by themselves (walk forward).

Nothing of a case's ``data`` is from its own day or later: ``returns`` end with the trading day before,
``tweets`` with the calendar day before, and ``before`` counts the labels of earlier days, of all shares.
"""

from __future__ import annotations

import json
import re
import tarfile
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from eval.benchmarks.files import benchmark_file, reading
from eval.case import Case
from eval.contract import Benchmark
from eval.scorers.classification import ClassScorer, class_aggregates
from eval.systems.baseline import last_return, majority
from eval.systems.walk_forward import walk_forward
from eval.systems.zero_shot import zero_shot
from ingest.errors import UsageError

FOLDER = "movement"
ARCHIVE = "stocknet_price_and_preprocessed_tweets.tar.gz"
UP, DOWN = 0.0055, -0.005
"""A return above the first is up, one not above the second down."""
LEARNING = date(2014, 1, 1)
"""Labels are counted from the beginning of the paper's training period."""
FIRST, LAST = date(2015, 10, 1), date(2015, 12, 31)
"""The paper's test period."""
LAG = 5
"""Calendar days before the target day whose tweets are seen, as in the paper."""
RETURNS = 5
"""Trading days before the target day whose returns are seen."""
LARGEST = 4 * 1024 * 1024
"""No file of the archive is larger than so many bytes."""
DESCRIPTIONS = {
    "up": "The stock will rise: good news, strong results, analysts upgrade it, traders are buying.",
    "down": "The stock will fall: bad news, weak results, analysts downgrade it, traders are selling.",
}

_MEMBER = re.compile(
    r"(?:\./)?(?:price/preprocessed/(?P<price>[^/]+)\.txt|tweet/preprocessed/(?P<tweet>[^/]+)/(?P<day>[\d-]{10}))"
)


@dataclass(slots=True)
class _Share:
    """What the archive holds of one share: returns by trading day, tweets by calendar day."""

    returns: dict[date, float] = field(default_factory=dict)
    tweets: dict[date, list[str]] = field(default_factory=dict)


def load(data: Path) -> tuple[Case, ...]:
    """Read the archive, without unpacking it: the shares' days of the test period, in order of the days."""
    return _read(data, FIRST)


def load_training(data: Path) -> tuple[Case, ...]:
    """Read the cases of all days from the beginning of the training period, those of the test period included."""
    return _read(data, LEARNING)


def _read(data: Path, first: date) -> tuple[Case, ...]:
    path = benchmark_file(data, FOLDER, ARCHIVE)
    shares: dict[str, _Share] = {}
    for name, day, content in _members(path):
        share = shares.setdefault(name, _Share())
        if day is None:
            share.returns = _returns(path, content)
        else:
            share.tweets[day] = _tweets(path, content)
    before = _labels_before(shares)
    cases = [case for name, share in shares.items() for case in _cases(name, share, before, first)]
    return tuple(sorted(cases, key=lambda case: (case.fold, case.id)))


def label_of(movement: float) -> str | None:
    """Return ``up``, ``down``, or None for a return between the thresholds."""
    if movement > UP:
        return "up"
    return "down" if movement <= DOWN else None


def _members(path: Path) -> Iterator[tuple[str, date | None, str]]:
    """Yield share, day (None for prices) and text of the archive's files that are needed."""
    try:
        with tarfile.open(path, "r:gz") as archive:
            for member in archive:
                match = _MEMBER.fullmatch(member.name)
                # Nothing is written to disk; the filter refuses what has no place in an archive of data.
                if match is None or tarfile.data_filter(member, str(path.parent)) is None:
                    continue
                day = date.fromisoformat(match["day"]) if match["day"] else None
                if day is not None and not FIRST - timedelta(days=LAG) <= day <= LAST:
                    continue
                stream = archive.extractfile(member)
                if stream is not None and member.size <= LARGEST:
                    yield match["price"] or match["tweet"], day, stream.read(LARGEST).decode("utf-8")
    except (tarfile.TarError, OSError, EOFError, ValueError) as error:
        raise UsageError(f"{path} is not the archive of StockNet ({error}): get it again") from error


def _returns(path: Path, content: str) -> dict[date, float]:
    """The return of each day against the trading day before, in order of the days."""
    found = {}
    for row, line in enumerate(content.splitlines(), start=1):
        with reading(path, row):
            day, movement = line.split("\t")[:2]
            found[date.fromisoformat(day)] = float(movement)
    return dict(sorted(found.items()))


def _tweets(path: Path, content: str) -> list[str]:
    texts = []
    for row, line in enumerate(content.splitlines(), start=1):
        with reading(path, row):
            texts.append(" ".join(json.loads(line)["text"]))
    return texts


def _labels_before(shares: Mapping[str, _Share]) -> dict[date, dict[str, int]]:
    """For each day, how often each label was given before it, over all shares."""
    by_day: dict[date, Counter[str]] = {}
    for share in shares.values():
        for day, movement in share.returns.items():
            if LEARNING <= day <= LAST:
                label = label_of(movement)
                by_day.setdefault(day, Counter()).update([label] if label else [])
    seen: Counter[str] = Counter()
    before = {}
    for day in sorted(by_day):
        before[day] = dict(seen)
        seen.update(by_day[day])
    return before


def _cases(name: str, share: _Share, before: Mapping[date, dict[str, int]], first: date) -> Iterator[Case]:
    days = list(share.returns)
    for position in range(bisect_left(days, first), len(days)):
        day = days[position]
        label = label_of(share.returns[day])
        lag = [day - timedelta(days=back) for back in range(LAG, 0, -1)]
        tweets = [text for earlier in lag for text in share.tweets.get(earlier, ())]
        if day > LAST or label is None or position == 0:
            continue
        returns = tuple(share.returns[earlier] for earlier in days[max(position - RETURNS, 0) : position])
        yield Case(
            id=f"{name}-{day}",
            question=f"Does {name} close higher or lower on {day} than on the trading day before?",
            gold=label,
            group=f"{day:%Y-%m}",
            fold=day.isoformat(),
            data={
                "share": name,
                "day": day.isoformat(),
                "returns": returns,
                "last_return": returns[-1],
                "tweets": tuple(tweets),
                # The latest come first, for an embedder reads only the beginning of a text.
                "text": " ".join(reversed(tweets)),
                "before": before[day],
            },
        )


BENCHMARK = Benchmark(
    name="stocknet",
    description="Whether a share closes higher or lower, by what was known the day before (StockNet).",
    load=load,
    scorers=(ClassScorer(),),
    systems={
        "walk-forward": walk_forward(load_training),
        "walk-forward-prices": walk_forward(load_training, text=False),
        "walk-forward-text": walk_forward(load_training, prices=False),
        "majority": majority,
        "last-return": last_return,
        "zero-shot": zero_shot(DESCRIPTIONS),
    },
    headline=("accuracy", "mcc"),
    worse=(),
    aggregates=(class_aggregates,),
    train=load_training,
    together=True,
)
