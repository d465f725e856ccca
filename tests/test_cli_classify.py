from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from platformdirs import user_cache_path
from typer.testing import CliRunner, Result

from assistant.cli.main import app
from assistant.cli.tuning_classifier import read_labelled
from ingest.errors import DatasetError, ModelError, UsageError
from model.cache import model_path
from model.classifier.artefact import CARD, Data, data_hash, read_card, save_classifier
from model.classifier.contract import Recipe
from model.classifier.sentiment import LABELS, load_sentiment
from model.classifier.training import learn
from tests.assistant.desk import ANNUAL_PDF, leave_home, write_examples
from tests.model.classifier.tiny import labelled, make_tiny, tiny_encoder

MODELS = Path(given) if (given := os.environ.get("TIEOUT_MODELS")) else user_cache_path("tieout") / "models"
"""Where the pulled models are, as long as no test has left home."""
BUILT_IN = Path(__file__).parents[1] / "model" / "classifier" / "data"


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A cache with the tiny model, and a classifier over it."""
    cache = make_tiny(tmp_path_factory.mktemp("models"))
    texts, labels = labelled()
    recipe = Recipe("full", epochs=8, batch=8, rate=1e-2)
    folder = tmp_path_factory.mktemp("classifier")
    classifier = learn(texts, labels, tiny_encoder(cache), recipe)
    save_classifier(classifier, folder, Data("tests", data_hash(texts, labels), {}, "Apache-2.0"), {})
    return cache, folder


@pytest.fixture
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tiny: tuple[Path, Path]) -> None:
    leave_home(monkeypatch, tmp_path)
    monkeypatch.setenv("TIEOUT_MODELS", str(tiny[0]))
    monkeypatch.setenv("TIEOUT_DEVICE", "cpu")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def as_json(*arguments: str) -> Any:
    result = run(*arguments, "--json")
    assert result.exit_code == 0, (result.exception, result.output)
    return json.loads(result.stdout)


@pytest.mark.usefixtures("at_home")
def test_each_sentence_of_a_text_gets_a_label_and_they_are_counted(tiny: tuple[Path, Path]) -> None:
    text = "The company sales rose in the year. The company profit fell in the year. The company staff met in the year."
    found = as_json("classify", text, "--model", str(tiny[1]))
    assert [each["label"] for each in found["sentences"]] == ["positive", "negative", "neutral"]
    assert found["totals"] == {"negative": 1, "neutral": 1, "positive": 1}
    assert {each["page"] for each in found["sentences"]} == {None}
    shown = run("classify", text, "--model", str(tiny[1])).stdout
    assert "3 sentences: 1 negative, 1 neutral, 1 positive" in shown
    assert "positive" in shown.splitlines()[0]


@pytest.mark.usefixtures("at_home")
def test_the_sentences_of_a_section_stand_with_their_pages(tiny: tuple[Path, Path], tmp_path: Path) -> None:
    pytest.importorskip("reportlab", reason="the examples extra is not installed")
    write_examples(tmp_path / "filings")
    file = str(tmp_path / "filings" / ANNUAL_PDF)
    found = as_json("classify", file, "--section", "Item 7", "--model", str(tiny[1]))
    pages = sorted({each["page"] for each in found["sentences"]})
    assert pages
    assert sum(found["totals"].values()) == len(found["sentences"])
    only = as_json("classify", file, "--pages", str(pages[-1]), "--model", str(tiny[1]))
    assert {each["page"] for each in only["sentences"]} == {pages[-1]}
    assert f"page {pages[-1]}: " in run("classify", file, "--pages", str(pages[-1]), "--model", str(tiny[1])).stdout


@pytest.mark.usefixtures("at_home")
@pytest.mark.parametrize(
    ("arguments", "kind", "message"),
    [
        (("  ",), UsageError, "no sentence"),
        (("Sales rose.", "--pages", "3"), UsageError, "there is no file"),
        (("reports/none.pdf",), UsageError, "there is no file"),
        (("none.htm",), UsageError, "there is no file"),
        (("Sales rose.", "--model", "nowhere"), ModelError, "tieout tune classifier"),
        (("Sales rose.",), ModelError, "tieout models pull minilm"),
    ],
)
def test_what_cannot_be_classified_is_one_line(arguments: tuple[str, ...], kind: type[Exception], message: str) -> None:
    result = run("classify", *arguments)
    assert isinstance(result.exception, kind), (result.exception, result.output)
    assert message in str(result.exception)
    assert "\n" not in str(result.exception)


# tune classifier


def test_labels_are_read_from_tables_and_lines(tmp_path: Path) -> None:
    texts, labels = labelled()
    rows = list(zip(texts, labels, strict=True))
    (tmp_path / "a.csv").write_text("body,topic\n" + "".join(f'"{text}",{label}\n' for text, label in rows))
    (tmp_path / "a.tsv").write_text("body\ttopic\n" + "".join(f"{text}\t{label}\n" for text, label in rows))
    (tmp_path / "a.jsonl").write_text("".join(json.dumps({"body": a, "topic": b}) + "\n" for a, b in rows))
    for name in ("a.csv", "a.tsv", "a.jsonl"):
        assert read_labelled(tmp_path / name, "body", "topic") == (texts, labels)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("text,topic\nSales rose,a\n", r"row 2: there is no column 'label' among text, topic"),
        ("text,label\nSales rose,\n", r"row 2: a text of at most"),
        ("text,label\n" + "Sales rose,a\n" * 30, "two labels"),
        ("text,label\n" + "Sales rose,a\n" * 30 + "Sales fell,b\n", "two texts each"),
        ("text,label\nSales rose,a\nSales fell,b\n", "at least 20 texts"),
        (b"text,label\n\xff\xfe,a\n", "cannot read"),
    ],
)
def test_data_that_are_not_labelled_texts_are_refused(tmp_path: Path, content: str | bytes, message: str) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(DatasetError, match=message):
        read_labelled(path, "text", "label")


# The built-in classifier


def pulled() -> Path:
    try:
        model_path("minilm", MODELS)
    except ModelError as error:
        pytest.skip(str(error))
    return MODELS


def test_the_built_in_card_tells_of_the_data_beside_it() -> None:
    card = read_card(BUILT_IN)
    texts, labels = read_labelled(BUILT_IN / "sentiment.csv", "text", "label")
    assert card.data.sha256 == data_hash(texts, labels)
    assert card.labels == LABELS
    assert (card.base, card.data.licence) == ("minilm", "Apache-2.0")


def test_the_built_in_classifier_tells_clear_cases_apart() -> None:
    classifier = load_sentiment(cache=pulled(), device="cpu")
    said = classifier.classify(
        [
            "Pre-tax profit more than doubled to EUR 21 million.",
            "The airline slumped to a record loss and will cut 900 jobs.",
            "The annual meeting will be held in Tampere on 12 April.",
        ]
    )
    assert [each.label for each in said] == ["positive", "negative", "neutral"]


@pytest.mark.slow
def test_a_classifier_is_learned_measured_and_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = pulled()
    leave_home(monkeypatch, tmp_path)
    monkeypatch.setenv("TIEOUT_MODELS", str(cache))
    data = str(BUILT_IN / "sentiment.csv")
    result = run("tune", "classifier", "--data", data, "--out", str(tmp_path / "made"), "--licence", "Apache-2.0")
    assert result.exit_code == 0, (result.exception, result.output)
    assert "133 texts" in result.stdout
    made, kept = (json.loads((folder / CARD).read_text()) for folder in (tmp_path / "made", BUILT_IN))
    assert made["data"]["sha256"] == kept["data"]["sha256"]
    assert made["metrics"]["accuracy"] == pytest.approx(kept["metrics"]["accuracy"], abs=0.05)
    found = as_json("classify", "The loss widened.", "--model", str(tmp_path / "made"))
    assert found["sentences"][0]["label"] == "negative"
