from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from eval.training.page_questions import MAKERS, make_questions
from eval.training.page_ranker import START, Example, cross_validated, examples_of, first_right, fit
from index.library import Library
from index.page_features import FEATURES, plain
from ingest.errors import DatasetError
from ingest.vocabulary import built_in_vocabulary
from tests.assistant.desk import EMBEDDER, fill, write_examples

VOCABULARY = built_in_vocabulary()


def examples(count: int, *, seed: int) -> list[Example]:
    """Questions whose right page is that with most of the question's words, whatever the search says."""
    random = np.random.default_rng(seed)
    made = []
    for number in range(count):
        features = random.normal(size=(20, len(FEATURES)))
        right = np.zeros(20, dtype=np.bool_)
        right[features[:, FEATURES.index("question_words")].argmax()] = True
        made.append(Example("row", f"company {number % 4}", features, right))
    return made


def test_what_decides_is_learned() -> None:
    learned, asked = examples(120, seed=1), examples(40, seed=2)
    weights = fit(learned, penalty=1.0)
    assert max(weights, key=lambda name: abs(weights[name])) == "question_words"
    assert np.mean(first_right(asked, weights)) < 1.5 < np.mean(first_right(asked, START))


def test_a_large_penalty_leaves_the_search_as_it_is() -> None:
    learned = examples(60, seed=3)
    assert first_right(learned, fit(learned, penalty=1e7)) == first_right(learned, START)


def test_each_company_is_ranked_by_the_others() -> None:
    learned = examples(80, seed=4)
    odd = [Example("row", "odd", -each.features, each.right) for each in examples(20, seed=5)]
    ranks = cross_validated([*learned, *odd], penalty=1.0)
    assert len(ranks) == 100
    assert np.mean(ranks[-20:]) > 10


def test_nothing_to_learn_from_is_said() -> None:
    with pytest.raises(DatasetError, match="nothing to learn from"):
        fit([])


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    pytest.importorskip("reportlab", reason="the examples extra is not installed")
    folder = tmp_path_factory.mktemp("pages")
    with Library.open(folder / "library", create=True) as opened:
        fill(opened, write_examples(folder / "filings"))
        yield opened


def test_questions_are_answered_on_their_pages(library: Library) -> None:
    questions = make_questions(library, VOCABULARY, 2, 0)
    assert {question.kind for question in questions} == set(MAKERS)
    assert make_questions(library, VOCABULARY, 2, 0) == questions
    for question in questions:
        assert all(0 <= page < question.filing.page_count for page in question.pages)
        if question.kind == "sentence":
            text = plain(" ".join(line.text for line in library.page(question.filing.id, min(question.pages)).lines))
            assert sum(word in text for word in plain(question.text).split()) > 2


def test_each_example_has_a_right_page_and_a_wrong_one(library: Library) -> None:
    made = list(examples_of(make_questions(library, VOCABULARY, 2, 0)[:8], library, EMBEDDER, VOCABULARY))
    assert made
    for example in made:
        assert example.features.shape == (len(example.right), len(FEATURES))
        assert example.right.any()
        assert not example.right.all()
