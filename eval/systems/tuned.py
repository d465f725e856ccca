"""Classifiers that are learned from a task's training part and asked about cases that they have not seen.

A case that is in the training part is predicted by one of several classifiers, each of which was learned without a part
of it (cross-validation); nearly the same texts are in one part. Other cases are predicted by a classifier that was
learned from the training cases that are no near duplicates of them. Each classifier is kept below the work folder, so
that an interrupted run goes on where it stopped.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from assistant.config import load_settings
from eval.case import Case, Prediction
from eval.contract import Door, Loader, Progress
from eval.systems.zero_shot import classified
from ingest.errors import ModelMissingError
from model.classifier.artefact import Data, data_hash, put_on, save_classifier
from model.classifier.checkpoint import Checkpoint
from model.classifier.contract import RECIPES, Classified, Method, Recipe
from model.classifier.encoder import Encoder, load_encoder
from model.classifier.folds import assign_folds, near_duplicates
from model.classifier.training import learn
from model.classifier.tuned import TunedClassifier

FOLDS = 5
"""Parts of the training data, each of which is once left out."""
LICENCE = "as the data set's: for measuring"


def tuned_systems(train: Loader) -> dict[str, Door]:
    """Return the doors of what is learned from a training part: a head alone, LoRA, LoRA in int8, whole layers."""

    def door(method: Method, int8: bool = False) -> Door:
        return lambda data, work: Tuned(lambda: train(data), work / "classifiers", RECIPES[method], int8=int8)

    return {"head": door("head"), "lora": door("lora"), "lora-int8": door("lora", True), "full": door("full")}


@dataclass(frozen=True, slots=True)
class Part:
    """Cases that one classifier is learned from, and cases that it is asked about."""

    learned: tuple[Case, ...]
    asked: tuple[Case, ...]


class Tuned:
    """Learns by ``recipe`` over MiniLM from what ``train`` gives; with ``int8`` it is asked in 8-bit integers.

    ``encoder`` is for tests.
    """

    def __init__(
        self,
        train: Callable[[], Sequence[Case]],
        folder: Path,
        recipe: Recipe,
        *,
        int8: bool = False,
        encoder: Callable[[], Encoder] | None = None,
    ) -> None:
        self.name = recipe.method + ("-int8" if int8 else "")
        self._train = train
        self._folder = folder
        self._recipe = recipe
        self._int8 = int8
        self._encoder = encoder or _minilm
        self._found: dict[str, Classified] = {}

    def prepare(self, cases: Sequence[Case], progress: Progress) -> Mapping[str, str]:
        """Learn what is not kept from an earlier run, and classify the cases. Raises DataAbsentError or ModelError."""
        made = plan(self._train(), cases)
        for number, part in enumerate(made, start=1):
            name = f"part {number} of {len(made)}"
            classifier = self._classifier(part, lambda done, total: progress(f"learning {name}", done, total))  # noqa: B023
            if self._int8:
                classifier = classifier.in_int8()
            found = classifier.classify(
                [case.data["text"] for case in part.asked],
                progress=lambda done, total: progress(f"classifying {name}", done, total),  # noqa: B023
            )
            self._found.update(zip((case.id for case in part.asked), found, strict=True))
        learned = sorted({case.id for part in made for case in part.learned})
        return {
            "recipe": json.dumps(asdict(self._recipe)),
            "learned_from": f"{len(learned)} cases, {hashlib.sha256(json.dumps(learned).encode()).hexdigest()[:12]}",
        }

    def predict(self, case: Case) -> Prediction:
        """Return the label with its share as confidence."""
        return classified(self._found.get(case.id))

    def _classifier(self, part: Part, progress: Callable[[int, int], None]) -> TunedClassifier:
        """Return the classifier of a part: the kept one, or one that is learned now and kept."""
        texts, labels = [case.data["text"] for case in part.learned], [case.gold for case in part.learned]
        encoder = self._encoder()
        data = Data("a training part", data_hash(texts, labels), {n: labels.count(n) for n in set(labels)}, LICENCE)
        made_of = json.dumps([data.sha256, asdict(self._recipe), encoder.fingerprint])
        folder = self._folder / hashlib.sha256(made_of.encode()).hexdigest()[:16]
        try:
            return put_on(folder, encoder)
        except ModelMissingError:
            checkpoint = Checkpoint(folder.with_suffix(".part"), made_of)
            classifier = learn(texts, labels, encoder, self._recipe, progress, checkpoint)
            save_classifier(classifier, folder, data, {})
            checkpoint.forget()
            return classifier


def plan(training: Sequence[Case], cases: Sequence[Case]) -> list[Part]:
    """Part the cases by who may predict them: nobody that learned from one, or from nearly the same text."""
    known = {case.id for case in training}
    others = tuple(case for case in cases if case.id not in known)
    together = [*training, *others]
    clusters = near_duplicates([case.data["text"] for case in together])
    folds = assign_folds(clusters[: len(training)], [case.gold for case in training], FOLDS)
    by_id = {case.id: fold for case, fold in zip(training, folds, strict=True)}
    parts = []
    for fold in range(FOLDS):
        asked = tuple(case for case in cases if by_id.get(case.id) == fold)
        learned = tuple(case for case, own in zip(training, folds, strict=True) if own != fold)
        parts.append(Part(learned, asked))
    apart = set(clusters[len(training) :])
    new = [case for case, cluster in zip(training, clusters, strict=False) if cluster not in apart]
    return [part for part in (*parts, Part(tuple(new), others)) if part.asked]


def _minilm() -> Encoder:
    settings = load_settings()
    return load_encoder(cache=settings.models, device=settings.device)
