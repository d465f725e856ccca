"""GGUF into safetensors: the numbers and the tokenizer survive."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from ingest.errors import ModelCorruptError
from model.convert import convert_gguf


def test_every_weight_arrives_under_its_name(
    tiny_gguf: Path, tiny_weights: dict[str, NDArray[np.float32]], tmp_path: Path
) -> None:
    from safetensors.torch import load_file

    convert_gguf(tiny_gguf, tmp_path)
    found = {name: value.float().numpy() for name, value in load_file(tmp_path / "model.safetensors").items()}
    assert len(found) == len(tiny_weights)
    same = {
        "model.embed_tokens.weight": "token_embd.weight",
        "model.norm.weight": "output_norm.weight",
        "model.layers.1.mlp.down_proj.weight": "blk.1.ffn_down.weight",
        "model.layers.0.self_attn.o_proj.weight": "blk.0.attn_output.weight",
        "model.layers.0.post_attention_layernorm.weight": "blk.0.ffn_norm.weight",
    }
    for name, origin in same.items():
        assert np.allclose(found[name], tiny_weights[origin], rtol=2**-7), name


def test_rotary_pairs_are_put_back(
    tiny_gguf: Path, tiny_weights: dict[str, NDArray[np.float32]], tmp_path: Path
) -> None:
    """In a head of eight rows, GGUF has row i of half j at 2i+j, and the model has it at 4j+i."""
    from safetensors.torch import load_file

    convert_gguf(tiny_gguf, tmp_path)
    found = load_file(tmp_path / "model.safetensors")["model.layers.0.self_attn.q_proj.weight"].float().numpy()
    stored = tiny_weights["blk.0.attn_q.weight"]
    for head in range(4):
        rows = stored[8 * head : 8 * head + 8]
        assert np.allclose(found[8 * head : 8 * head + 8], rows[[0, 2, 4, 6, 1, 3, 5, 7]], rtol=2**-7)


def test_what_is_no_gguf_is_refused(tmp_path: Path) -> None:
    source = tmp_path / "model.gguf"
    source.write_bytes(b"not a model" * 100)
    with pytest.raises(ModelCorruptError, match="GGUF"):
        convert_gguf(source, tmp_path / "out")
