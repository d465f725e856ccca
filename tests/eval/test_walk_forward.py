"""Nothing of the future may reach a prediction; and what would let it through is caught by the same check."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest

from eval.benchmarks.stocknet import label_of
from eval.case import Case
from eval.systems.walk_forward import WalkForward, refuse_look_ahead
from model.embedder import HashEmbedder

FIRST, CHANGED, ASKED = date(2015, 6, 1), date(2015, 9, 16), date(2015, 8, 3)
WORDS = ("profit", "loss", "phone", "store", "deal", "court")
SHARES = ("BRK", "ORM", "MAR")


def quiet(what: str, done: int, total: int) -> None:
    pass


def history(future: int, telling: bool = False) -> list[Case]:
    """Cases of three shares; from ``CHANGED`` on, all that happens depends on ``future``."""
    cases: list[Case] = []
    for share in SHARES:
        past, later = random.Random(share), random.Random(f"{share}{future}")
        returns: list[float] = []
        for number in range(160):
            day = FIRST + timedelta(days=number)
            source = later if day >= CHANGED else past
            movement = source.choice((-0.03, -0.02, -0.01, 0.01, 0.02, 0.03))
            label = label_of(movement) or ""
            words = [source.choice(WORDS) for _ in range(3)] + ([f"omen{label}"] if telling else [])
            if returns and day.weekday() < 5:
                data = {
                    "share": share,
                    "day": day.isoformat(),
                    "returns": tuple(returns[-5:]),
                    "tweets": (" ".join(words),),
                }
                cases.append(Case(f"{share}-{day}", "", label, fold=day.isoformat(), data=data))
            returns.append(movement)
    return sorted(cases, key=lambda case: (case.fold, case.id))


def asked_of(cases: Sequence[Case]) -> list[Case]:
    return [case for case in cases if case.fold >= ASKED.isoformat()]


def predicted(system: WalkForward, cases: Sequence[Case]) -> dict[str, tuple[str | None, float | None]]:
    system.prepare(cases, quiet)
    found = {case.id: system.predict(case) for case in cases}
    return {name: (each.label, each.confidence) for name, each in found.items()}


Make = Callable[[Callable[[], Sequence[Case]]], WalkForward]


def sees_the_future(make: Make, shown: Callable[[Case], Case] = lambda case: case) -> bool:
    """Whether what a system says of days up to ``CHANGED`` depends on what happens from that day on.

    The features of ``CHANGED`` itself are of days before, so that its predictions may not change either.
    """
    said = []
    for future in (1, 2):
        cases = history(future)
        # What is known of the day itself was there before it in both: only its outcome differs.
        first = {case.id: case.data for case in history(1)}
        cases = [replace(case, data=first[case.id]) if case.fold == CHANGED.isoformat() else case for case in cases]
        cases = [shown(case) for case in cases]
        found = predicted(make(lambda: cases), asked_of(cases))  # noqa: B023
        said.append({name: each for name, each in found.items() if name[-10:] <= CHANGED.isoformat()})
    assert len(said[0]) > 50
    return said[0] != said[1]


def make(train: Callable[[], Sequence[Case]]) -> WalkForward:
    return WalkForward(train, embedder=lambda: HashEmbedder(32))


def test_what_happens_later_changes_no_prediction() -> None:
    assert not sees_the_future(make)


def test_learning_from_later_days_would_be_caught() -> None:
    class Leaking(WalkForward):
        """Gives every case an early day when it is learned from."""

    def leaking(train: Callable[[], Sequence[Case]]) -> WalkForward:
        def backdated() -> list[Case]:
            return [replace(case, data={**case.data, "day": FIRST.isoformat()}) for case in train()]

        return Leaking(backdated, embedder=lambda: HashEmbedder(32))

    assert sees_the_future(leaking)


def test_a_feature_of_the_day_itself_would_be_caught() -> None:
    def shown(case: Case) -> Case:
        told = 1.0 if case.gold == "up" else -1.0
        return replace(case, data={**case.data, "returns": (*case.data["returns"][1:], told)})

    assert sees_the_future(make, shown)


def test_a_day_that_is_not_earlier_is_refused() -> None:
    cases = history(1)
    with pytest.raises(ValueError, match="look-ahead"):
        refuse_look_ahead(cases, cases[-1:])
    refuse_look_ahead([case for case in cases if case.fold < ASKED.isoformat()], asked_of(cases))


def test_a_signal_is_found_where_there_is_one() -> None:
    cases = history(1, telling=True)
    asked = asked_of(cases)
    said = predicted(WalkForward(lambda: cases, prices=False, embedder=lambda: HashEmbedder(64)), asked)
    assert sum(said[case.id][0] == case.gold for case in asked) / len(asked) > 0.9


def test_without_a_signal_it_is_right_about_half_the_time() -> None:
    cases = history(1)
    asked = asked_of(cases)
    said = predicted(make(lambda: cases), asked)
    assert 0.35 < sum(said[case.id][0] == case.gold for case in asked) / len(asked) < 0.65


def test_too_few_days_give_the_commonest_label_and_none_gives_nothing() -> None:
    cases = history(1)[:30]
    system = make(lambda: cases)
    state = system.prepare(cases, quiet)
    assert state["embedder"].startswith("static@")
    assert {system.predict(case).status for case in cases[:5]} == {"not_applicable"}
    last = system.predict(cases[-1])
    assert (last.status, last.confidence) == ("answered", None)
