"""What the model tests share: the pulled models where they are present, and a tiny model that we make."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from platformdirs import user_cache_path

from ingest.errors import ModelError
from model.cache import model_path, write_manifest
from model.contract import SheetLine
from model.convert import convert_gguf
from model.embedder import SentenceEmbedder, load_embedder
from model.generator import TransformersGenerator, load_generator
from model.prompt import fixed_messages

SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
TEMPLATE = (
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content'] "
    "+ '<|im_end|>\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)


def _pulled(name: str) -> Path:
    """The cache that holds the model; skips the test where there is none."""
    given = os.environ.get("TIEOUT_MODELS")
    cache = Path(given) if given else user_cache_path("tieout") / "models"
    try:
        model_path(name, cache)
    except ModelError as error:
        pytest.skip(f"{error} (or set TIEOUT_MODELS)")
    return cache


@pytest.fixture(scope="session")
def minilm_cache() -> Path:
    return _pulled("minilm")


@pytest.fixture(scope="session")
def embedder(minilm_cache: Path) -> SentenceEmbedder:
    return load_embedder("minilm", cache=minilm_cache, device="cpu")


@pytest.fixture(scope="session")
def generator() -> TransformersGenerator:
    return load_generator("smollm2", cache=_pulled("smollm2"), device="cpu")


@pytest.fixture
def sheet() -> list[SheetLine]:
    return [
        SheetLine("E1", "Net sales | 2018: 32,765 | 2017: 31,657", ("2018", "2017")),
        SheetLine("E2", "Capital expenditure | 2018: (1,577) | 2017: (1,373)", ("2018", "2017")),
        SheetLine("E10", "Inventories | 2018-03-31/4m: 12", ("2018-03-31/4m",)),
        SheetLine("E11", "Demand fell because a plant was closed."),
    ]


@pytest.fixture(scope="session")
def tiny_tokenizer() -> dict[str, Any]:
    """The model part of a byte-level tokenizer, as JSON, trained on our own instruction."""
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers

    trained = Tokenizer(models.BPE())
    trained.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
    )
    trainer = trainers.BpeTrainer(
        vocab_size=700,
        special_tokens=SPECIAL,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    trained.train_from_iterator([message["content"] for message in fixed_messages()], trainer)
    model: dict[str, Any] = json.loads(trained.to_str())["model"]
    return model


@pytest.fixture(scope="session")
def tiny_gguf(
    tiny_tokenizer: dict[str, Any],
    tiny_weights: dict[str, NDArray[np.float32]],
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """A GGUF file of a two-layer model with random weights."""
    from gguf import GGUFWriter

    model = tiny_tokenizer
    tokens = sorted(model["vocab"], key=model["vocab"].__getitem__)
    path = tmp_path_factory.mktemp("gguf") / "tiny.gguf"
    writer = GGUFWriter(path, "llama")
    writer.add_context_length(4096)
    writer.add_embedding_length(32)
    writer.add_block_count(2)
    writer.add_feed_forward_length(48)
    writer.add_head_count(4)
    writer.add_head_count_kv(2)
    writer.add_rope_freq_base(10000.0)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_vocab_size(len(tokens))
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("smollm")
    writer.add_token_list(tokens)
    writer.add_token_types([3 if token in SPECIAL else 1 for token in tokens])
    writer.add_token_merges([" ".join(merge) for merge in model["merges"]])
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_unk_token_id(0)
    writer.add_pad_token_id(2)
    writer.add_chat_template(TEMPLATE)
    for name, values in tiny_weights.items():
        writer.add_tensor(name, values)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


@pytest.fixture(scope="session")
def tiny_weights(tiny_tokenizer: dict[str, Any]) -> dict[str, NDArray[np.float32]]:
    """The weights of the tiny model, by their GGUF names."""
    vocabulary = len(tiny_tokenizer["vocab"])
    generator = np.random.default_rng(7)

    def random(*shape: int) -> NDArray[np.float32]:
        return generator.normal(0, 0.3, shape).astype(np.float32)

    weights = {"token_embd.weight": random(vocabulary, 32), "output_norm.weight": random(32) + 1}
    for block in range(2):
        shapes = {
            "attn_norm": (32,),
            "attn_q": (32, 32),
            "attn_k": (16, 32),
            "attn_v": (16, 32),
            "attn_output": (32, 32),
            "ffn_norm": (32,),
            "ffn_gate": (48, 32),
            "ffn_up": (48, 32),
            "ffn_down": (32, 48),
        }
        weights |= {f"blk.{block}.{part}.weight": random(*shape) for part, shape in shapes.items()}
    return weights


@pytest.fixture(scope="session")
def tiny_cache(tiny_gguf: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache in which ``smollm2`` is the tiny model."""
    cache = tmp_path_factory.mktemp("models")
    convert_gguf(tiny_gguf, cache / "smollm2")
    write_manifest(cache / "smollm2", "smollm2", "made by a test", None)
    return cache
