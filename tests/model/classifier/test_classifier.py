from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from ingest.errors import DatasetError, ModelCorruptError, ModelMissingError
from model.classifier.artefact import CARD, WEIGHTS, Data, data_hash, load_classifier, read_card, save_classifier
from model.classifier.checkpoint import Checkpoint
from model.classifier.contract import Method, Recipe
from model.classifier.training import learn
from model.classifier.tuned import TunedClassifier
from tests.model.classifier.tiny import NAME, labelled, make_tiny, tiny_encoder

TEXTS, LABELS = labelled()
HEAD = Recipe("head", decay=1e-3)
LORA = Recipe("lora", epochs=8, batch=8, rate=1e-2, rank=4, frozen_layers=1)
FULL = Recipe("full", epochs=8, batch=8, rate=1e-2)
DATA = Data("tests", data_hash(TEXTS, LABELS), {}, "Apache-2.0")


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tiny(tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="module")
def tuned(cache: Path) -> TunedClassifier:
    return learn(TEXTS, LABELS, tiny_encoder(cache), LORA)


def right(classifier: TunedClassifier) -> float:
    said = classifier.classify(TEXTS)
    return float(np.mean([each.label == label for each, label in zip(said, LABELS, strict=True)]))


def shares(classifier: TunedClassifier) -> list[list[float]]:
    return [list(each.shares.values()) for each in classifier.classify(TEXTS)]


@pytest.mark.parametrize("recipe", [HEAD, LORA, FULL], ids=lambda recipe: recipe.method)
def test_each_method_learns(cache: Path, recipe: Recipe) -> None:
    classifier = learn(TEXTS, LABELS, tiny_encoder(cache), recipe)
    assert classifier.labels == ("negative", "neutral", "positive")
    # A head alone has to make do with what random layers give it.
    assert right(classifier) > (0.7 if recipe is HEAD else 0.9)
    (first,) = classifier.classify(TEXTS[:1])
    assert first.confidence == max(first.shares.values())
    assert sum(first.shares.values()) == pytest.approx(1, abs=1e-5)


def test_the_same_recipe_gives_the_same_classifier(cache: Path, tuned: TunedClassifier) -> None:
    again = learn(TEXTS, LABELS, tiny_encoder(cache), LORA)
    assert shares(again) == shares(tuned)
    other = learn(TEXTS, LABELS, tiny_encoder(cache), replace(LORA, seed=1))
    assert shares(other) != shares(tuned)


def test_a_text_is_classified_alike_alone_and_among_longer_ones(tuned: TunedClassifier) -> None:
    (alone,) = tuned.classify(["sales rose"])
    among = tuned.classify(["sales rose", TEXTS[0] + " in the year"])[0]
    assert list(alone.shares.values()) == pytest.approx(list(among.shares.values()), abs=1e-3)


def test_layers_that_are_frozen_stay_as_they_are(cache: Path) -> None:
    before = tiny_encoder(cache).network.state_dict()
    after = learn(
        TEXTS, LABELS, tiny_encoder(cache), replace(FULL, frozen_layers=1, epochs=1)
    ).encoder.network.state_dict()
    changed = {name for name, weight in before.items() if not torch.equal(weight, after[name])}
    assert changed
    assert all(name.startswith("encoder.layer.1.") for name in changed)


@pytest.mark.parametrize("method", ["head", "lora", "full"])
def test_a_kept_classifier_says_the_same(cache: Path, tmp_path: Path, method: Method) -> None:
    recipe = replace({"head": HEAD, "lora": LORA, "full": FULL}[method], epochs=2)
    classifier = learn(TEXTS, LABELS, tiny_encoder(cache), recipe)
    card = save_classifier(classifier, tmp_path, DATA, {"accuracy": 1.0})
    loaded = load_classifier(tmp_path, cache=cache, device="cpu")
    assert read_card(tmp_path) == card
    assert (card.base, card.recipe, card.data.licence) == (NAME, recipe, "Apache-2.0")
    assert np.allclose(shares(loaded), shares(classifier), atol=1e-5)


def test_a_kept_low_rank_change_is_smaller_than_the_layers(cache: Path, tmp_path: Path, tuned: TunedClassifier) -> None:
    whole = learn(TEXTS, LABELS, tiny_encoder(cache), replace(FULL, epochs=1))
    sizes = [sum(weight.numel() for weight in each.weights.values()) for each in (tuned, whole)]
    assert 0 < sizes[0] < sizes[1]


def test_a_classifier_is_refused_over_another_model(tmp_path: Path, tuned: TunedClassifier) -> None:
    save_classifier(tuned, tmp_path / "kept", DATA, {})
    other = make_tiny(tmp_path / "models", seed=5)
    with pytest.raises(ModelCorruptError, match="does not fit"):
        load_classifier(tmp_path / "kept", cache=other, device="cpu")


def test_weights_that_were_exchanged_are_refused(cache: Path, tmp_path: Path, tuned: TunedClassifier) -> None:
    save_classifier(tuned, tmp_path, DATA, {})
    content = bytearray((tmp_path / WEIGHTS).read_bytes())
    content[-1] ^= 1
    (tmp_path / WEIGHTS).write_bytes(content)
    with pytest.raises(ModelCorruptError, match="not what its card tells"):
        load_classifier(tmp_path, cache=cache, device="cpu")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": 99}, "another version"),
        ({"kind": "tieout adapter"}, "no classifier"),
        ({"recipe": {"method": "magic"}}, "no method magic"),
        ({"labels": None}, "no card"),
        ({"more": 1}, "no card"),
    ],
)
def test_a_card_that_is_none_is_refused(
    tmp_path: Path, tuned: TunedClassifier, change: dict[str, object], message: str
) -> None:
    save_classifier(tuned, tmp_path, DATA, {})
    content = json.loads((tmp_path / CARD).read_text())
    (tmp_path / CARD).write_text(json.dumps(content | change))
    with pytest.raises(ModelCorruptError, match=message):
        read_card(tmp_path)


def test_a_folder_without_a_card_says_how_one_is_made(tmp_path: Path) -> None:
    with pytest.raises(ModelMissingError, match="tieout tune classifier"):
        read_card(tmp_path)


def test_int8_says_nearly_the_same(cache: Path) -> None:
    classifier = learn(TEXTS, LABELS, tiny_encoder(cache), LORA)
    before = shares(classifier)
    whole = sum(weight.nbytes for weight in classifier.encoder.network.parameters())
    small = classifier.in_int8()
    assert np.abs(np.array(shares(small)) - np.array(before)).max() < 0.1
    assert right(small) > 0.9
    assert sum(weight.nbytes for weight in small.encoder.network.parameters()) < whole / 2


def test_an_interrupted_learning_goes_on_with_the_same_result(
    cache: Path, tmp_path: Path, tuned: TunedClassifier
) -> None:
    def interrupt(done: int, total: int) -> None:
        if done == 50:
            raise KeyboardInterrupt

    checkpoint = Checkpoint(tmp_path / "part", "this")
    with pytest.raises(KeyboardInterrupt):
        learn(TEXTS, LABELS, tiny_encoder(cache), LORA, interrupt, checkpoint)
    steps: list[int] = []
    resumed = learn(TEXTS, LABELS, tiny_encoder(cache), LORA, lambda done, _: steps.append(done), checkpoint)
    assert steps[0] == 41
    assert shares(resumed) == shares(tuned)
    # What another learning left is not used.
    steps.clear()
    learn(
        TEXTS, LABELS, tiny_encoder(cache), LORA, lambda done, _: steps.append(done), Checkpoint(tmp_path / "part", "x")
    )
    assert steps[0] == 1
    checkpoint.forget()
    assert not (tmp_path / "part").exists()


def test_one_label_is_nothing_to_learn(cache: Path) -> None:
    with pytest.raises(DatasetError, match="two labels"):
        learn(["sales rose"], ["positive"], tiny_encoder(cache), HEAD)
