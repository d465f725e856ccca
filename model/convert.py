"""A GGUF file of the Llama family becomes a folder that transformers loads: safetensors and JSON.

The weights are unpacked here with the ``gguf`` package and rounded to bfloat16. Newer releases of
transformers keep such weights packed, cannot save them, and look for compute kernels on a hub.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.errors import ModelCorruptError

if TYPE_CHECKING:
    import numpy as np
    from gguf import GGUFReader
    from numpy.typing import NDArray

_LAYER = {
    "attn_norm": "input_layernorm",
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_norm": "post_attention_layernorm",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
}
_OUTSIDE = {
    "token_embd.weight": "model.embed_tokens.weight",
    "output_norm.weight": "model.norm.weight",
    "output.weight": "lm_head.weight",
}
_BLOCK = re.compile(r"blk\.(\d+)\.(\w+)\.weight")
_CONTROL_TOKEN = 3


def convert_gguf(source: Path, target: Path) -> None:
    """Write model.safetensors, config.json, tokenizer.json and tokenizer_config.json into ``target``.

    Raises ModelCorruptError when the file is no GGUF, not of the Llama architecture, or when its
    tokenizer is not the byte-level BPE of SmolLM.
    """
    from gguf import GGUFReader

    try:
        reader = GGUFReader(source)
    except (OSError, ValueError) as error:
        raise ModelCorruptError(f"{source.name} cannot be read as GGUF: {error}") from error
    if _field(reader, "general.architecture") != "llama":
        raise ModelCorruptError(f"{source.name} is not of the Llama architecture")
    if _field(reader, "tokenizer.ggml.pre") != "smollm":
        raise ModelCorruptError(f"{source.name} does not bring the SmolLM tokenizer")
    target.mkdir(parents=True, exist_ok=True)
    _write_json(target / "config.json", _config(reader))
    _write_json(target / "tokenizer_config.json", _tokenizer_config(reader))
    _write_tokenizer(reader, target / "tokenizer.json")
    _write_weights(reader, target / "model.safetensors")


def _field(reader: GGUFReader, key: str) -> Any:
    field = reader.fields.get(key)
    if field is None:
        raise ModelCorruptError(f"the GGUF file lacks {key}")
    return field.contents()


def _write_json(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def _config(reader: GGUFReader) -> dict[str, Any]:
    def of(key: str) -> Any:
        return _field(reader, f"llama.{key}")

    return {
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        "dtype": "bfloat16",
        "hidden_act": "silu",
        "hidden_size": of("embedding_length"),
        "intermediate_size": of("feed_forward_length"),
        "max_position_embeddings": of("context_length"),
        "num_attention_heads": of("attention.head_count"),
        "num_hidden_layers": of("block_count"),
        "num_key_value_heads": of("attention.head_count_kv"),
        "rms_norm_eps": of("attention.layer_norm_rms_epsilon"),
        "rope_theta": of("rope.freq_base"),
        "vocab_size": of("vocab_size"),
        "tie_word_embeddings": all(tensor.name != "output.weight" for tensor in reader.tensors),
        "bos_token_id": _field(reader, "tokenizer.ggml.bos_token_id"),
        "eos_token_id": _field(reader, "tokenizer.ggml.eos_token_id"),
        "pad_token_id": _field(reader, "tokenizer.ggml.padding_token_id"),
    }


def _tokenizer_config(reader: GGUFReader) -> dict[str, Any]:
    tokens = _field(reader, "tokenizer.ggml.tokens")

    def token(role: str) -> str:
        return str(tokens[_field(reader, f"tokenizer.ggml.{role}_token_id")])

    return {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "bos_token": token("bos"),
        "eos_token": token("eos"),
        "pad_token": token("padding"),
        "unk_token": token("unknown"),
        "chat_template": _field(reader, "tokenizer.chat_template"),
        "clean_up_tokenization_spaces": False,
        "model_max_length": _field(reader, "llama.context_length"),
    }


def _write_tokenizer(reader: GGUFReader, path: Path) -> None:
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

    tokens: list[str] = _field(reader, "tokenizer.ggml.tokens")
    merges = [tuple(merge.split(" ", 1)) for merge in _field(reader, "tokenizer.ggml.merges")]
    kinds: list[int] = _field(reader, "tokenizer.ggml.token_type")
    vocabulary = {token: number for number, token in enumerate(tokens)}
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=merges))
    # SmolLM splits numbers into single digits before it splits words.
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
    )
    tokenizer.decoder = decoders.ByteLevel()
    control = [token for token, kind in zip(tokens, kinds, strict=True) if kind == _CONTROL_TOKEN]
    tokenizer.add_special_tokens([AddedToken(token, special=True, normalized=False) for token in control])
    tokenizer.save(str(path))


def _write_weights(reader: GGUFReader, path: Path) -> None:
    import numpy as np
    import torch
    from gguf.quants import dequantize
    from safetensors.torch import save_file

    heads = {
        "attn_q": int(_field(reader, "llama.attention.head_count")),
        "attn_k": int(_field(reader, "llama.attention.head_count_kv")),
    }
    weights: dict[str, torch.Tensor] = {}
    for tensor in reader.tensors:
        values = dequantize(tensor.data, tensor.tensor_type).astype(np.float32)
        name, part = _name(tensor.name)
        if part in heads:
            values = _interleave(values, heads[part])
        weights[name] = torch.from_numpy(np.ascontiguousarray(values)).to(torch.bfloat16)
    save_file(weights, path, metadata={"format": "pt"})


def _name(name: str) -> tuple[str, str]:
    """Translate a tensor's name: the one that transformers expects, and the part of the layer it is."""
    if name in _OUTSIDE:
        return _OUTSIDE[name], ""
    match = _BLOCK.fullmatch(name)
    if match is None or match.group(2) not in _LAYER:
        raise ModelCorruptError(f"the GGUF file holds an unexpected tensor {name[:60]!r}")
    return f"model.layers.{match.group(1)}.{_LAYER[match.group(2)]}.weight", match.group(2)


def _interleave(values: NDArray[np.float32], heads: int) -> NDArray[np.float32]:
    """Undo GGUF's reordering of rotary pairs: within a head, it puts halves beside each other."""
    rows, columns = values.shape
    pairs = values.reshape(heads, rows // heads // 2, 2, columns)
    return pairs.swapaxes(1, 2).reshape(rows, columns)
