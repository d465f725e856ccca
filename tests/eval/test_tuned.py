from __future__ import annotations

from pathlib import Path

import pytest

from eval.case import Case
from eval.systems.tuned import FOLDS, Tuned, plan
from model.classifier.contract import Recipe
from model.classifier.encoder import Encoder
from tests.model.classifier.tiny import labelled, make_tiny, tiny_encoder

RECIPE = Recipe("lora", epochs=2, batch=8, rate=1e-2, rank=4, frozen_layers=1)


def quiet(what: str, done: int, total: int) -> None:
    pass


def cases() -> list[Case]:
    """Cases that can be learned from; words of their own set them apart."""
    found = enumerate(zip(*labelled(), strict=True))
    return [
        Case(f"train-{number}", text, label, data={"text": f"{few(number).data['text']} {text}"})
        for number, (text, label) in found
    ]


def few(number: int, split: str = "train", label: str = "positive") -> Case:
    words = " ".join(f"w{chr(97 + number % 26)}{chr(97 + number // 26)}{chr(97 + place)}" for place in range(8))
    return Case(f"{split}-{number}", "", label, data={"text": words})


def test_nobody_predicts_what_it_learned_from() -> None:
    training = [few(number, label="ab"[number % 2]) for number in range(20)]
    asked = [*training, few(3, "test"), few(25, "test")]
    parts = plan(training, asked)
    assert len(parts) == FOLDS + 1
    assert sorted(case.id for part in parts for case in part.asked) == sorted(case.id for case in asked)
    for part in parts:
        assert not {case.data["text"] for case in part.learned} & {case.data["text"] for case in part.asked}
    # The new cases are predicted by what was learned from all others: one of them is in the training part by its text.
    assert [case.id for case in parts[-1].asked] == ["test-3", "test-25"]
    assert len(parts[-1].learned) == 19


def test_few_cases_are_asked_of_the_same_classifiers() -> None:
    training = [few(number, label="ab"[number % 2]) for number in range(20)]
    (part,) = plan(training, training[:1])
    (whole,) = (part for part in plan(training, training) if training[0] in part.asked)
    assert part.learned == whole.learned
    assert part.asked == (training[0],)


def test_a_run_goes_on_with_what_was_learned(tmp_path: Path) -> None:
    cache = make_tiny(tmp_path / "models")
    training = cases()
    loaded: list[Encoder] = []

    def encoder() -> Encoder:
        loaded.append(tiny_encoder(cache))
        return loaded[-1]

    learned: list[str] = []
    system = Tuned(lambda: training, tmp_path / "kept", RECIPE, encoder=encoder)
    state = system.prepare(training[:12], lambda what, done, total: learned.append(what))
    said = [system.predict(case) for case in training[:12]]
    assert {each.status for each in said} == {"answered"}
    assert any(what.startswith("learning") for what in learned)
    learned.clear()
    again = Tuned(lambda: training, tmp_path / "kept", RECIPE, encoder=encoder)
    assert again.prepare(training[:12], lambda what, done, total: learned.append(what)) == state
    assert not any(what.startswith("learning") for what in learned)
    for before, after in zip(said, (again.predict(case) for case in training[:12]), strict=True):
        assert after.label == before.label
        assert after.confidence == pytest.approx(before.confidence, abs=1e-4)
    small = Tuned(lambda: training, tmp_path / "kept", RECIPE, int8=True, encoder=encoder)
    small.prepare(training[:12], quiet)
    assert (system.name, small.name) == ("lora", "lora-int8")
    assert small.predict(training[0]).status == "answered"
