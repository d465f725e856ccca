"""A model like BERT that is small enough to be made and tuned in a test, and texts that it can learn from."""

from __future__ import annotations

from pathlib import Path

from model.cache import write_manifest
from model.classifier.encoder import Encoder, load_encoder

NAME = "tests/tiny-bert"
SAID = {
    "positive": ("rose", "grew", "improved"),
    "negative": ("fell", "dropped", "shrank"),
    "neutral": ("stayed", "met"),
}
NOUNS = ("sales", "profit", "orders", "staff")
WORDS = ["the", "company", "year", "in", *NOUNS, *(verb for verbs in SAID.values() for verb in verbs)]


def make_tiny(cache: Path, seed: int = 0) -> Path:
    """Write the model into a cache of models; another seed makes other weights."""
    import torch
    from transformers import BertConfig, BertModel, BertTokenizer

    folder = cache / NAME.replace("/", "--")
    folder.mkdir(parents=True)
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    BertTokenizer(vocab={word: number for number, word in enumerate([*special, *WORDS])}).save_pretrained(folder)
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        config = BertConfig(
            vocab_size=len(special) + len(WORDS),
            hidden_size=16,
            num_hidden_layers=2,
            num_attention_heads=2,
            intermediate_size=32,
            max_position_embeddings=32,
            initializer_range=0.5,
        )
        BertModel(config).save_pretrained(folder)
    write_manifest(folder, NAME, "tests", "Apache-2.0")
    return cache


def tiny_encoder(cache: Path) -> Encoder:
    """Load the model anew: learning changes it."""
    return load_encoder(NAME, cache=cache, device="cpu")


def labelled(repeats: int = 1) -> tuple[list[str], list[str]]:
    """Texts whose verb tells the label."""
    found = [
        (f"the company {noun} {verb} in {end}", label)
        for _ in range(repeats)
        for label, verbs in SAID.items()
        for verb in verbs
        for noun in NOUNS
        for end in ("the year", "the company")
    ]
    return [text for text, _ in found], [label for _, label in found]
