from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest

from assistant.sentences import Sentence
from assistant.summarise import FIGURES, choose_sentences, spread, summarise
from index.library import Library
from ingest.errors import UsageError
from ingest.filing import Span
from ingest.vocabulary import built_in_vocabulary
from tests.assistant.desk import ANNUAL_HTML, ANNUAL_PDF, EMBEDDER, QUARTER_HTML, true_figures

VOCABULARY = built_in_vocabulary()


@pytest.mark.parametrize("name", [ANNUAL_PDF, ANNUAL_HTML])
def test_a_filing_is_told_by_its_figures_and_sentences_of_its_own(library: Library, name: str) -> None:
    filing = library.resolve(name)
    summary = summarise(library, filing, VOCABULARY, EMBEDDER)
    assert (summary.form, summary.period) == ("10-K", "FY2024")
    figures = {figure.key: figure for figure in summary.figures}
    sales = true_figures("orrindale")["net_sales"]
    assert figures["revenue"].now.values[0].value == str(sales[0])
    assert figures["revenue"].before is not None
    assert figures["revenue"].before.values[0].value == str(sales[1])
    growth = figures["revenue"].growth
    assert growth is not None
    now, before = (Decimal(str(value)) for value in sales[:2])
    assert Decimal(growth.values[0].exact) == pytest.approx((now - before) / before)
    assert growth.programs[0].startswith("growth(")
    assert len(figures) + len(summary.absent) == len(FIGURES)
    assert all(figure.now.citations for figure in summary.figures)
    assert summary.sections
    for section in summary.sections:
        assert 1 <= len(section.sentences) <= 3
        for each in section.sentences:
            page = library.page(filing.id, each.page - 1)
            assert each.quote in " ".join(page.text.split())


def test_one_section_is_told_in_as_many_sentences_as_wanted(library: Library) -> None:
    filing = library.resolve(ANNUAL_HTML)
    one = summarise(library, filing, VOCABULARY, EMBEDDER, section="Item 7", sentences=1)
    more = summarise(library, filing, VOCABULARY, EMBEDDER, section="Item 7", sentences=5)
    assert (len(one.sections), len(one.sections[0].sentences)) == (1, 1)
    assert one.sections[0].read == more.sections[0].read
    assert len(more.sections[0].sentences) == min(5, more.sections[0].read)
    assert {each.quote for each in one.sections[0].sentences} <= {each.quote for each in more.sections[0].sentences}
    assert not one.figures
    assert "Item 7" in one.sections[0].title


def test_a_quarter_is_set_against_the_quarter_a_year_before(library: Library) -> None:
    summary = summarise(library, library.resolve(QUARTER_HTML), VOCABULARY, EMBEDDER)
    assert summary.period == "Q2 FY2024"
    assert {figure.now.values[0].period for figure in summary.figures} == {"2024Q2"}
    assert {f.before.values[0].period for f in summary.figures if f.before} == {"2023Q2"}


@pytest.mark.parametrize(("section", "sentences", "said"), [("Item 77", 3, "no section"), (None, 0, "1 to 50")])
def test_what_cannot_be_told_is_refused(library: Library, section: str | None, sentences: int, said: str) -> None:
    filing = library.resolve(ANNUAL_HTML)
    with pytest.raises(UsageError, match=said):
        summarise(library, filing, VOCABULARY, EMBEDDER, section=section, sentences=sentences)


def test_what_is_said_often_is_said_once() -> None:
    rng = np.random.default_rng(0)
    topics = np.eye(3, 8, dtype=np.float32)
    vectors = np.concatenate([topics[[0] * 6 + [1] * 4 + [2] * 2], rng.normal(0, 0.01, (12, 8))], axis=1)
    chosen = spread(vectors.astype(np.float32), range(12), np.ones(12, dtype=np.float32), 3)
    assert [0 if row < 6 else 1 if row < 10 else 2 for row in chosen] == [0, 1, 2]


def test_a_sentence_that_leans_on_another_is_not_chosen() -> None:
    texts = (
        "For more about the Harbour plant and its permits, see Note 12 to the financial statements.",
        "This was due to higher prices of energy in all of the regions that we serve.",
        "of the plant that we had bought in the year before were higher than planned.",
        "Net sales rose by 4.2% due to higher prices of timber in the northern region.",
        "The Harbour plant opened.",
    )
    sentences = [Sentence(text, Span(0), None) for text in texts]
    assert [each.text for each in choose_sentences(sentences, EMBEDDER, 5)] == [texts[3]]
    assert choose_sentences(sentences[:3], EMBEDDER, 5) == []


def test_reasons_and_the_own_year_count_for_more() -> None:
    cause = "Net sales rose by 4.2% due to higher prices of timber in the northern region in 2024."
    plain = "Net sales of timber in the northern region were higher in the course of 2024."
    early = "Net sales rose by 4.2% due to higher prices of timber in the northern region in 2021."
    sentences = [Sentence(text, Span(0), None) for text in (plain, early, cause)]
    assert [each.text for each in choose_sentences(sentences, EMBEDDER, 1, 2024)] == [cause]
