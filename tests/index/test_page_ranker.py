from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from index.candidates import FoundPage, find_pages
from index.library import Library
from index.page_features import FEATURES, features_of, plain, stem
from index.page_ranker import RERANKED, PageRanker, built_in_ranker, read_ranker
from index.query import Query, understand
from index.ranking import UNRANKED, find_passages
from ingest.errors import ModelCorruptError
from ingest.vocabulary import built_in_vocabulary
from tests.assistant.desk import EMBEDDER, fill, write_examples

VOCABULARY = built_in_vocabulary()


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    pytest.importorskip("reportlab", reason="the examples extra is not installed")
    folder = tmp_path_factory.mktemp("ranker")
    with Library.open(folder / "library", create=True) as opened:
        fill(opened, write_examples(folder / "filings"))
        yield opened


def ask(question: str, library: Library) -> Query:
    return understand(question, library.filings(), VOCABULARY)


def column(name: str, pages: list[FoundPage], query: Query, library: Library) -> list[float]:
    return [float(value) for value in features_of(query, pages, library)[:, FEATURES.index(name)]]


@pytest.mark.parametrize(
    ("one", "other"), [("customers", "customer"), ("geographies", "geographic"), ("acquired", "acquisitions")]
)
def test_forms_of_a_word_begin_alike(one: str, other: str) -> None:
    assert stem(one)[:5] == stem(other)[:5]
    assert other.startswith(stem(other))


def test_short_words_stay_whole() -> None:
    assert [stem(word) for word in ("tax", "debt", "uses")] == ["tax", "debt", "uses"]


def test_a_text_is_compared_by_its_words() -> None:
    assert plain("Sales (net), 12%\nR&D") == " sales net 12% r&d "


def test_a_page_has_the_share_of_the_question_s_words(library: Library) -> None:
    query = ask("Does Orrindale depend on a single supplier of sensors?", library)
    pages = find_pages(query, library, EMBEDDER)
    shares = column("question_words", pages, query, library)
    assert 0.0 <= min(shares) < max(shares) <= 1.0
    best = pages[shares.index(max(shares))]
    text = " ".join(plain(record.passage.text) for record in best.passages)
    assert "supplier" in text or "sensor" in text


def test_why_and_open_questions_are_told_apart(library: Library) -> None:
    metric, why = (
        ask("Orrindale's revenue in FY2024", library),
        ask("Why did Orrindale's revenue grow in FY2024?", library),
    )
    pages = find_pages(metric, library, EMBEDDER)
    assert max(column("causes", pages, metric, library)) > 0
    assert set(column("cause_causes", pages, metric, library)) == {0.0}
    assert max(column("cause_causes", pages, why, library)) > 0
    assert set(column("open_passage", pages, metric, library)) == {0.0}


def test_no_page_has_no_features(library: Library) -> None:
    assert features_of(ask("Orrindale", library), [], library).shape == (0, len(FEATURES))


def test_the_ranker_orders_and_neither_adds_nor_drops(library: Library) -> None:
    query = ask("Marrowby's risks in FY2024", library)
    pages = find_pages(query, library, EMBEDDER)
    ordered = PageRanker({"worth": -1.0}).order(query, pages, library)
    assert ordered[0].worth == min(page.worth for page in pages[:RERANKED])
    assert sorted(map(id, ordered)) == sorted(map(id, pages))
    assert PageRanker({"worth": 1.0}).order(query, pages, library) == pages


def test_pages_after_the_best_keep_their_places(library: Library) -> None:
    query = ask("Orrindale's revenue in FY2024", library)
    pages = find_pages(query, library, EMBEDDER)
    many = [replace(page, worth=page.worth / times) for times in range(1, 9) for page in pages][: RERANKED + 5]
    ordered = PageRanker({"worth": -1.0}).order(query, many, library)
    assert len(many) == RERANKED + 5
    assert ordered[RERANKED:] == many[RERANKED:]


def test_only_the_query_s_filings_are_ranked(library: Library) -> None:
    query = ask("Marrowby's capital expenditure in FY2024", library)
    found = find_passages(query, library, EMBEDDER, 100)
    assert {record.filing_id for record in found} <= set(query.filing_ids)
    same = find_passages(query, library, EMBEDDER, 100, ranker=UNRANKED)
    assert {record.rowid for record in found} == {record.rowid for record in same}
    assert find_passages(replace(query, filing_ids=()), library, EMBEDDER, 100) == []


def test_the_built_in_ranker_says_what_it_learned_from() -> None:
    ranker = built_in_ranker()
    assert ranker.name.startswith("pages@")
    assert ranker.weights.keys() == set(FEATURES)
    assert np.isfinite(list(ranker.weights.values())).all()


@pytest.mark.parametrize(
    "content", [b"", b"[]", b'{"weights": 3}', b'{"weights": {"worth": "much"}}', b'{"weights": {"luck": 1.0}}']
)
def test_a_damaged_ranker_is_refused(content: bytes) -> None:
    with pytest.raises(ModelCorruptError, match=r"page_ranker\.json"):
        read_ranker(content)


def test_a_weight_that_is_no_number_is_refused() -> None:
    with pytest.raises(ModelCorruptError, match="no number"):
        read_ranker(json.dumps({"weights": {"worth": float("nan")}}).encode())
