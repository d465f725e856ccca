"""The whole way with the embedded models, where they were pulled."""

from __future__ import annotations

import os
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from platformdirs import user_cache_path

from assistant.add import add_files
from assistant.ask import Assistant
from assistant.verify import unsupported_numbers
from index.library import Library
from ingest.errors import ModelError
from ingest.vocabulary import built_in_vocabulary
from model.cache import model_path
from model.embedder import load_embedder
from model.generator import load_generator
from tests.assistant.desk import QUARTER_HTML, RELEASE, true_figures

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def desk(examples: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """An assistant with the embedded models over the two shorter filings."""
    given = os.environ.get("TIEOUT_MODELS")
    cache = Path(given) if given else user_cache_path("tieout") / "models"
    try:
        for name in ("minilm", "smollm2"):
            model_path(name, cache)
    except ModelError as error:
        pytest.skip(f"{error} (or set TIEOUT_MODELS)")
    embedder = load_embedder("minilm", cache=cache, device="cpu")
    generator = load_generator("smollm2", cache=cache, device="cpu")
    files = [path for path in examples if path.name in (RELEASE, QUARTER_HTML)]
    with Library.open(tmp_path_factory.mktemp("real") / "library", create=True) as library:
        added = list(add_files(files, library, lambda: embedder))
        assert [each.outcome for each in added] == ["added", "added"]
        yield Assistant(library, built_in_vocabulary(), lambda: embedder, lambda: generator)


@pytest.mark.parametrize(
    "question",
    [
        "What were Marrowby's segment net sales of Frozen Dough in Q2 2024?",
        "What was Marrowby's core revenue in Q2 2024?",
        "What is the outlook of Orrindale for next year?",
    ],
)
def test_whatever_the_generator_writes_nothing_unsupported_is_shown(question: str, desk: Assistant) -> None:
    answer = desk.ask(question).answer
    assert all(check.passed or not check.binding for check in answer.checks) or answer.status == "abstained"
    if answer.status == "answered":
        cited = [citation.quote for citation in answer.citations]
        values = [f"{value.value} {value.period}" for value in answer.values]
        numbers = map(str, range(1, len(answer.citations) + 1))
        assert unsupported_numbers(answer.text, [*cited, *values, *numbers, question]) == ()
    else:
        assert (answer.values, answer.citations) == ((), ())


def test_a_printed_figure_needs_neither_model(desk: Assistant) -> None:
    answer = desk.ask("What was Marrowby's revenue in Q2 2024?").answer
    assert answer.model is None
    assert Decimal(answer.values[0].value) == true_figures("marrowby")["net_sales"][0]


def test_the_search_by_meaning_finds_what_words_do_not(desk: Assistant) -> None:
    turn = desk.ask("Describe how Marrowby is exposed to swings in what grain costs.")
    assert any("wheat" in line.label.lower() or "flour" in line.label.lower() for line in turn.evidence.lines)
