from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from ingest.errors import ModelCorruptError, ModelMissingError, UsageError
from model.embedder import HashEmbedder, SentenceEmbedder
from model.static import distill
from model.static.corpus import collect_texts
from model.static.distill import Recipe
from model.static.embedder import CARD, TOKENIZER, WEIGHTS, StaticEmbedder, load_static, load_tokenizer

WORDS = ("net", "sales", "rose", "fell", "cash", "debt", "tax", "plant", "lease", "fees", "loan", "stock")
TEACHER = HashEmbedder(32)


def tokenizer_file(folder: Path) -> Path:
    from tokenizers import Tokenizer, models, pre_tokenizers

    made = Tokenizer(models.WordLevel({word: number for number, word in enumerate((*WORDS, "?"))}, unk_token="?"))  # noqa: S106 - a word
    made.pre_tokenizer = pre_tokenizers.Whitespace()
    made.save(str(folder / TOKENIZER))
    return folder / TOKENIZER


def texts(count: int, seed: int = 0) -> list[str]:
    chooser = np.random.default_rng(seed)
    return [" ".join(chooser.choice(WORDS[:-1], 5)) for _ in range(count)]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("static")
    path = tokenizer_file(folder)
    found = distill.distill(texts(400), load_tokenizer(path), TEACHER.embed, Recipe(epochs=12, batch=64))
    distill.write(folder / "made", found, path, {"teacher": "minilm@other"})
    return folder / "made"


def test_it_points_where_its_teacher_does_on_texts_that_it_has_not_seen(made: Path) -> None:
    embedder = load_static(cache=made, folder=made)
    unseen = texts(100, seed=1)
    ours, theirs = embedder.embed(unseen), TEACHER.embed(unseen)
    assert ours.shape == (100, 32)
    assert np.allclose(np.linalg.norm(ours, axis=1), 1, atol=1e-5)
    cosines = (ours * theirs).sum(axis=1)
    assert cosines.mean() > 0.95
    assert cosines.mean() > np.roll(ours, 1, axis=0).ravel() @ theirs.ravel() / 100 + 0.3


def test_the_same_texts_make_the_same_table(tmp_path: Path) -> None:
    tokenizer = load_tokenizer(tokenizer_file(tmp_path))
    one, two = (distill.distill(texts(60), tokenizer, TEACHER.embed, Recipe(epochs=2)) for _ in range(2))
    assert np.array_equal(one.table, two.table)
    assert one.agreement == two.agreement


def test_texts_keep_their_order_and_one_without_pieces_is_zero(made: Path) -> None:
    embedder = load_static(cache=made, folder=made)
    one, nothing, two = embedder.embed(["net sales", "", "lease loan"])
    assert not nothing.any()
    assert np.allclose(embedder.embed(["lease loan"])[0], two)
    assert not np.allclose(one, two)
    seen: list[tuple[int, int]] = []
    embedder.embed(["net"] * 3, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(3, 3)]


def test_the_card_tells_what_was_made(made: Path) -> None:
    card = json.loads((made / CARD).read_text())
    assert card["teacher"] == "minilm@other"
    assert card["fingerprint"] == load_static(cache=made, folder=made).fingerprint
    assert set(card["sha256"]) == {WEIGHTS, TOKENIZER}
    assert 0.9 < card["agreement"]["stored"] <= 1


def test_questions_are_the_teacher_s(made: Path, minilm_cache: Path, embedder: SentenceEmbedder) -> None:
    with pytest.raises(ModelMissingError, match="tieout models pull minilm"):
        load_static(cache=made, folder=made).embed_question("net sales")
    with pytest.raises(ModelCorruptError, match="not the model that static learned from"):
        load_static(cache=minilm_cache, folder=made).embed_question("net sales")
    ours = load_static(cache=minilm_cache)
    question = "What were net sales?"
    assert float(ours.embed_question(question) @ embedder.embed_question(question)) == pytest.approx(1, abs=1e-3)


def test_what_comes_with_tieout_finds_what_a_question_is_about(minilm_cache: Path) -> None:
    ours = load_static(cache=minilm_cache)
    passages = [
        "Capital expenditures were mainly for new plants and equipment.",
        "The effective tax rate rose because of a settlement with the tax authorities.",
        "Directors are elected at the annual meeting of shareholders.",
        "We lease stores and warehouses under operating leases.",
    ]
    questions = [
        "How much was spent on property, plant and equipment?",
        "Why did income taxes increase?",
        "Who sits on the board?",
        "Which buildings are rented?",
    ]
    vectors = ours.embed(passages)
    best = [int(np.argmax(vectors @ ours.embed_question(question))) for question in questions]
    assert sum(found == wanted for wanted, found in enumerate(best)) >= 3


def test_a_folder_that_holds_none_is_said(made: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelCorruptError, match="holds no static embedder"):
        load_static(cache=tmp_path, folder=tmp_path)
    for name in (WEIGHTS, CARD, TOKENIZER):
        (tmp_path / name).write_bytes((made / name).read_bytes())
    (tmp_path / WEIGHTS).write_bytes(b"\x00" * 64)
    with pytest.raises(ModelCorruptError, match="holds no static embedder"):
        load_static(cache=tmp_path, folder=tmp_path)
    (tmp_path / TOKENIZER).write_text("{}")
    with pytest.raises(ModelCorruptError, match="holds no static embedder"):
        load_static(cache=tmp_path, folder=tmp_path)


def test_a_table_that_does_not_fit_its_tokenizer_is_refused(made: Path, tmp_path: Path) -> None:
    from safetensors.numpy import save_file

    for name in (CARD, TOKENIZER):
        (tmp_path / name).write_bytes((made / name).read_bytes())
    save_file({"table": np.zeros((2, 4), np.int8), "scales": np.ones(2, np.float32)}, tmp_path / WEIGHTS)
    with pytest.raises(ModelCorruptError, match="does not fit its tokenizer"):
        load_static(cache=tmp_path, folder=tmp_path)


def test_texts_are_taken_from_json_and_cut(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(
        '{"q": "what were net sales then", "n": 3, "no": "too short"}\n{"q": ["one two three four"]}\n'
    )
    (tmp_path / "b.json").write_text(json.dumps({"long": " ".join(["word"] * 300)}))
    found = collect_texts([tmp_path])
    assert found[:2] == ["what were net sales then", "one two three four"]
    assert [len(text.split()) for text in found[2:]] == [140, 20]
    assert collect_texts([tmp_path]) == found
    (tmp_path / "a.jsonl").write_text('"short"')
    with pytest.raises(UsageError, match="no texts were found"):
        collect_texts([tmp_path / "a.jsonl"])


def test_the_command_says_what_is_wrong_in_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = [str(tmp_path), "--out", str(tmp_path / "out"), "--models", str(tmp_path)]
    assert distill.main(arguments) == ModelMissingError.exit_code
    assert capsys.readouterr().err.startswith("error: the model minilm is not in ")


class _Constant:
    def __call__(self, given: Sequence[str]) -> NDArray[np.float32]:
        return np.ones((len(given), 4), dtype=np.float32) / 2


def test_a_teacher_that_tells_nothing_apart_is_met_all_the_same(tmp_path: Path) -> None:
    found = distill.distill(texts(60), load_tokenizer(tokenizer_file(tmp_path)), _Constant(), Recipe(epochs=3))
    assert isinstance(found.table, np.ndarray)
    assert found.table.dtype == np.int8
    assert StaticEmbedder(load_tokenizer(tmp_path / TOKENIZER), found.table, found.scales, lambda: None).dimension == 4  # type: ignore[arg-type, return-value]
