"""Texts to learn an embedder from: passages and sentences of filings, and the strings of JSON files."""

from __future__ import annotations

import json
import logging
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from ingest.errors import UnreadableFileError, UsageError
from ingest.passages import embedding_text
from ingest.read import read_filing

logger = logging.getLogger(__name__)

SENTENCES = 0.25
"""The share of sentences that are texts of their own, so that short texts, which questions are, are learned too."""
SHORTEST, LONGEST = 4, 140
"""Words of a text; a longer string is cut."""
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z“\"(•])")


def collect_texts(paths: Sequence[Path], seed: int = 0) -> list[str]:
    """Return the texts of filings (any kind that is read) and JSON or JSON Lines files, each once, in a fixed order.

    A folder stands for the files in it. A file that cannot be read is logged and left out. Raises UsageError
    where no text is found.
    """
    chooser = random.Random(seed)  # noqa: S311 - a sample, no secret
    texts: dict[str, None] = {}
    for path in _files(paths):
        found = _strings(path) if path.suffix in (".json", ".jsonl") else _of_filing(path, chooser)
        texts.update(dict.fromkeys(text for text in found if len(text.split()) >= SHORTEST))
    if not texts:
        raise UsageError(f"no texts were found in {', '.join(map(str, paths))}: name filings, or JSON files with texts")
    return list(texts)


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        yield from sorted(each for each in path.rglob("*") if each.is_file()) if path.is_dir() else [path]


def _of_filing(path: Path, chooser: random.Random) -> Iterator[str]:
    try:
        filing = read_filing(path)
    except UnreadableFileError as error:
        logger.warning("%s is left out: %s", path, error)
        return
    for passage in filing.passages:
        yield embedding_text(passage)
        if passage.kind == "prose":
            yield from (each for each in _SENTENCE.split(passage.text) if chooser.random() < SENTENCES)


def _strings(path: Path) -> Iterator[str]:
    text = path.read_text(encoding="utf-8")
    contents = map(json.loads, text.splitlines()) if path.suffix == ".jsonl" else [json.loads(text)]
    for content in contents:
        for string in _walk(content):
            words = string.split()
            yield from (" ".join(words[start : start + LONGEST]) for start in range(0, len(words), LONGEST))


def _walk(content: Any) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    elif isinstance(content, dict | list):
        for each in content.values() if isinstance(content, dict) else content:
            yield from _walk(each)
