"""The data card: what a training set holds, what it was made from, what was left out, and how to make it again."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant.dataset.build import Dataset, Options
from assistant.dataset.making import group_of
from index.contract import FilingRecord
from model.tuning.example import TrainingExample, write_examples

TRAIN, DEV, CARD, CARD_TEXT = "train.jsonl", "dev.jsonl", "card.json", "card.md"
PRIVACY = (
    "Left out where screened: sheets and questions with an address of mail, a telephone number, a number like that of "
    "social security, a signature, an employment or separation agreement, a person with a title or an office, or the "
    "name of one who signs a filing. A surname alone, and a person who is named without any of these, is not caught."
)


def write_dataset(dataset: Dataset, options: Options, out: Path, *, licence: str, command: str) -> dict[str, Any]:
    """Write both splits and the card into ``out``, and return the card; ``licence`` is what is told of the filings."""
    out.mkdir(parents=True, exist_ok=True)
    for name, examples in ((TRAIN, dataset.train), (DEV, dataset.dev)):
        write_examples(examples, out / name)
    card = _card(dataset, options, licence, command, out)
    _replace(out / CARD, json.dumps(card, indent=2, ensure_ascii=False) + "\n")
    _replace(out / CARD_TEXT, card_text(card))
    return card


def _replace(path: Path, text: str) -> None:
    part = path.with_name(path.name + ".part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


def _card(dataset: Dataset, options: Options, licence: str, command: str, out: Path) -> dict[str, Any]:
    splits = {"train": dataset.train, "dev": dataset.dev}
    return {
        "command": command,
        "seed": options.seed,
        "screened for personal data": options.screen,
        "privacy": PRIVACY,
        "licence of the filings, as told": licence,
        "examples": {split: len(examples) for split, examples in splits.items()},
        "sheets": {split: len({_sheet(example) for example in examples}) for split, examples in splits.items()},
        "companies": {split: sorted({example.group for example in examples}) for split, examples in splits.items()},
        "kinds": {split: _ordered(Counter(example.kind for example in examples)) for split, examples in splits.items()},
        "dropped": _ordered(dataset.dropped),
        "figures checked": _ordered(dataset.checked),
        "sheets made": _ordered(dataset.sheets),
        "files": {name: hashlib.sha256((out / name).read_bytes()).hexdigest() for name in (TRAIN, DEV)},
        "sources": [_source(filing, dataset) for filing in dataset.filings],
    }


def _sheet(example: TrainingExample) -> tuple[str, ...]:
    return tuple(line.text for line in example.lines)


def _ordered(counts: Counter[str]) -> dict[str, int]:
    return {name: count for name, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])) if count}


def _source(filing: FilingRecord, dataset: Dataset) -> dict[str, Any]:
    held_out = {example.group for example in dataset.dev}
    identity = filing.identity
    return {
        "file": filing.source,
        "sha256": filing.id,
        "company": identity.company,
        "form": identity.form,
        "fiscal_year": identity.fiscal_year,
        "split": "dev" if group_of(filing) in held_out else "train",
    }


def card_text(card: dict[str, Any]) -> str:
    """The card as Markdown."""
    kinds = sorted({*card["kinds"]["train"], *card["kinds"]["dev"]})
    rows = [(kind, card["kinds"]["train"].get(kind, 0), card["kinds"]["dev"].get(kind, 0)) for kind in kinds]
    sources = [
        (s["file"], s["company"], s["form"], s["fiscal_year"], s["split"], s["sha256"][:16]) for s in card["sources"]
    ]
    parts = [
        "# Training examples from filings",
        f"Made by `{card['command']}` with seed {card['seed']}.",
        f"Licence of the filings, as told: {card['licence of the filings, as told']}.",
        card["privacy"] if card["screened for personal data"] else "Personal data were not screened out.",
        _table(
            ("split", "examples", "sheets", "companies"),
            [
                (split, card["examples"][split], card["sheets"][split], len(card["companies"][split]))
                for split in ("train", "dev")
            ],
        ),
        "## Kinds",
        _table(("kind", "train", "dev"), rows),
        "## Left out",
        _table(("reason", "count"), list(card["dropped"].items())),
        "## Figures checked against what the filings state",
        _table(("result", "count"), list(card["figures checked"].items())),
        "## Files",
        _table(("file", "SHA-256"), list(card["files"].items())),
        "## Sources",
        _table(("file", "company", "form", "fiscal year", "split", "SHA-256"), sources),
    ]
    return "\n\n".join(parts) + "\n"


def _table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines)
