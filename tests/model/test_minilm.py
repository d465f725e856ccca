from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from ingest.errors import ModelCorruptError
from model.cache import model_path
from model.embedder import SentenceEmbedder
from model.minilm.bert import BertEncoder, load_bert
from model.minilm.question import MAX_TOKENS, load_question_embedder


def test_states_are_those_of_the_library(minilm_cache: Path) -> None:
    from transformers import BertModel

    folder = model_path("minilm", minilm_cache)
    theirs = BertModel.from_pretrained(folder, local_files_only=True, add_pooling_layer=False).eval()
    ours = load_bert(folder)
    torch.manual_seed(0)
    ids = torch.randint(1_000, 20_000, (2, 40))
    types = (torch.arange(40) > 20).long().expand(2, -1)
    seen = torch.ones(2, 1, 40, 40, dtype=torch.bool).tril()
    with torch.inference_mode():
        wanted = theirs(
            input_ids=ids, token_type_ids=types, position_ids=torch.arange(40).expand(2, -1), attention_mask=seen
        ).last_hidden_state
        got = ours(ours.embeddings.word_embeddings(ids), types, torch.arange(40).expand(2, -1), seen)
    torch.testing.assert_close(got, wanted, atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("text", ["What was capex in FY2024?", "€ naïve", "", "and so on " * MAX_TOKENS])
def test_questions_are_embedded_as_by_the_library(minilm_cache: Path, embedder: SentenceEmbedder, text: str) -> None:
    found = load_question_embedder("minilm", cache=minilm_cache).embed_question(text)
    assert found.shape == (embedder.dimension,)
    assert float(found @ embedder.embed_question(text)) == pytest.approx(1, abs=1e-3)
    assert float(np.linalg.norm(found)) == pytest.approx(1, abs=1e-5)


def test_training_loses_some(minilm_cache: Path) -> None:
    encoder: BertEncoder = load_bert(model_path("minilm", minilm_cache)).train()
    ids = torch.arange(1_000, 1_010).unsqueeze(0)
    given = (torch.zeros_like(ids), torch.arange(10).unsqueeze(0), torch.ones(1, 1, 1, 10, dtype=torch.bool))
    once, twice = (encoder(encoder.embeddings.word_embeddings(ids), *given) for _ in range(2))
    assert not torch.allclose(once, twice)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"model_type": "roberta"}, "no BERT encoder"),
        ({"hidden_size": 256}, "does not fit"),
        ({"num_hidden_layers": 12}, "does not fit"),
        ({"num_hidden_layers": None}, "cannot be loaded"),
    ],
)
def test_another_model_is_refused(minilm_cache: Path, tmp_path: Path, change: dict[str, object], said: str) -> None:
    folder = tmp_path / "model"
    shutil.copytree(model_path("minilm", minilm_cache), folder)
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | change))
    with pytest.raises(ModelCorruptError, match=said):
        load_bert(folder)


def test_a_broken_file_is_refused(minilm_cache: Path, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(model_path("minilm", minilm_cache), folder)
    (folder / "model.safetensors").write_bytes(b"nothing")
    with pytest.raises(ModelCorruptError, match="cannot be loaded as an encoder"):
        load_bert(folder)
