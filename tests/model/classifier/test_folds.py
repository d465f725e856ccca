from __future__ import annotations

import random
from collections import Counter

import pytest

from model.classifier.folds import ALIKE, assign_folds, near_duplicates


def clusters(*texts: str) -> int:
    return len(set(near_duplicates(texts)))


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("Net sales rose to EUR 14.2 mn from EUR 12 mn", "Net sales rose to EUR 9 mn from EUR 7.1 mn", True),
        ("The loss narrowed in the third quarter", "the LOSS narrowed in the third quarter .", True),
        ("Net sales rose to EUR 14.2 mn from EUR 12 mn", "Net sales fell to EUR 14.2 mn from EUR 12 mn", True),
        ("The loss narrowed in the third quarter", "The board elected a new chairman", False),
    ],
)
def test_other_figures_make_no_other_text(a: str, b: str, same: bool) -> None:
    assert (clusters(a, b) == 1) is same


def test_texts_are_clustered_through_others_too() -> None:
    words = [f"w{'abcdefghijklmnop'[i]}" for i in range(16)]
    chain = [" ".join(words[start : start + 10]) for start in range(0, 5)]
    assert clusters(chain[0], chain[4]) == 2
    assert clusters(*chain) == 1


def test_the_shortcut_misses_no_pair() -> None:
    chooser = random.Random(3)
    words = [chr(97 + i) * 3 for i in range(9)]
    texts = [" ".join(chooser.sample(words, chooser.randint(1, 8))) for _ in range(120)]
    found = near_duplicates(texts)
    for i, a in enumerate(texts):
        for j, b in enumerate(texts):
            own, other = set(a.split()), set(b.split())
            if len(own & other) >= ALIKE * len(own | other):
                assert found[i] == found[j]


def test_a_cluster_is_in_one_fold_and_labels_are_spread() -> None:
    clustered = [number // 2 for number in range(200)]
    labels = ["a" if number % 10 < 6 else "b" for number in range(200)]
    folds = assign_folds(clustered, labels, 5)
    assert all(folds[number] == folds[number + 1] for number in range(0, 200, 2))
    counts = Counter(zip(folds, labels, strict=True))
    assert {counts[fold, "a"] for fold in range(5)} == {24}
    assert folds == assign_folds(clustered, labels, 5)
    assert folds != assign_folds(clustered, labels, 5, seed=1)
