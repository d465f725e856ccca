"""``tieout tune classifier``."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Sequence
from math import sqrt
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from ingest.errors import DatasetError

HELD_OUT = 5
"""One of so many parts of the data is kept apart to measure on."""
FEWEST = 20
"""Texts that data have to have."""
MAX_TEXT = 20_000
"""The longest text, in characters."""


def classifier(
    data: Annotated[Path, typer.Option("--data", help="Labelled texts: *.csv, *.tsv, or *.jsonl.")],
    out: Annotated[Path, typer.Option("--out", help="Folder of the classifier.")],
    text_column: Annotated[str, typer.Option("--text-column", help="The column of the texts.")] = "text",
    label_column: Annotated[str, typer.Option("--label-column", help="The column of the labels.")] = "label",
    method: Annotated[
        Literal["head", "lora", "full"],
        typer.Option("--method", help="head: seconds; lora and full: minutes, and better from some 1,000 texts on."),
    ] = "head",
    epochs: Annotated[int, typer.Option("--epochs", min=1, help="Passes over the data (lora, full).")] = 3,
    licence: Annotated[str, typer.Option("--licence", help="Licence of the data.")] = "not told",
    seed: Annotated[int, typer.Option("--seed", help="Of the order and the first weights.")] = 0,
) -> None:
    """Learn a classifier of texts over MiniLM from your own labels, and measure it on a fifth that it has not seen."""
    raise typer.Exit(learn_and_keep(data, out, (text_column, label_column), method, epochs, licence, seed))


def learn_and_keep(
    path: Path,
    out: Path,
    columns: tuple[str, str],
    method: Literal["head", "lora", "full"],
    epochs: int,
    licence: str,
    seed: int,
) -> int:
    """Learn from a file, write the classifier and say how it did; return the exit code."""
    from dataclasses import replace

    from rich.progress import Progress

    from assistant.cli.opening import console, settings_for
    from model.classifier.artefact import Data, data_hash, save_classifier
    from model.classifier.contract import RECIPES
    from model.classifier.encoder import load_encoder
    from model.classifier.folds import assign_folds, near_duplicates
    from model.classifier.training import learn

    texts, labels = read_labelled(path, *columns)
    settings = settings_for(None)
    recipe = replace(RECIPES[method], epochs=epochs, seed=seed)
    folds = assign_folds(near_duplicates(texts), labels, HELD_OUT, seed)
    seen = [position for position, fold in enumerate(folds) if fold]
    kept = [position for position, fold in enumerate(folds) if not fold]
    err = console(stderr=True)
    with Progress(console=err, transient=True, disable=not err.is_terminal) as bar:

        def made(chosen: Sequence[int], what: str) -> Any:
            task = bar.add_task(what, total=None)
            encoder = load_encoder(cache=settings.models, device=settings.device)
            return learn(
                [texts[i] for i in chosen],
                [labels[i] for i in chosen],
                encoder,
                recipe,
                lambda done, total: bar.update(task, completed=done, total=total),
            )

        measured = made(seen, "learning, to measure").classify([texts[i] for i in kept])
        final = made(range(len(texts)), "learning from all")
    metrics = _metrics([labels[i] for i in kept], [each.label for each in measured])
    told = Data(path.name, data_hash(texts, labels), dict(sorted(Counter(labels).items())), licence)
    save_classifier(final, out, told, metrics)
    size = sum(file.stat().st_size for file in out.iterdir())
    console().print(
        f"{out}: {final.description}, {len(texts)} texts, {size / 1e6:.2f} MB\n"
        f"accuracy {metrics['accuracy']:.3f} ({metrics['low']:.3f} to {metrics['high']:.3f}) on {metrics['texts']} "
        f"texts that it had not seen; always {metrics['majority_label']!r}: {metrics['majority']:.3f}"
    )
    return 0


def read_labelled(path: Path, text_column: str, label_column: str) -> tuple[list[str], list[str]]:
    """Read texts and labels. Raises DatasetError, with the row, on what is not as it should be."""
    texts, labels = [], []
    for row, record in _records(path):
        text, label = record.get(text_column), record.get(label_column)
        if text is None or label is None:
            missing = text_column if text is None else label_column
            raise DatasetError(f"{path}, row {row}: there is no column {missing!r} among {', '.join(map(str, record))}")
        if not str(text).strip() or not str(label).strip() or len(str(text)) > MAX_TEXT:
            raise DatasetError(f"{path}, row {row}: a text of at most {MAX_TEXT:,} characters and a label are wanted")
        texts.append(str(text).strip())
        labels.append(str(label).strip())
    counts = Counter(labels)
    if len(texts) < FEWEST or len(counts) < 2 or min(counts.values()) < 2:
        raise DatasetError(f"{path}: at least {FEWEST} texts are wanted, and two labels with two texts each")
    return texts, labels


def _records(path: Path) -> list[tuple[int, dict[str, Any]]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
        if path.suffix.lower() == ".jsonl":
            rows = [(row, json.loads(line)) for row, line in enumerate(text.split("\n"), start=1) if line.strip()]
            if not all(isinstance(record, dict) for _, record in rows):
                raise DatasetError(f"{path}: every line has to be an object")
            return rows
        reader = csv.DictReader(io.StringIO(text, newline=""), delimiter="\t" if path.suffix == ".tsv" else ",")
        return list(enumerate(reader, start=2))
    except (OSError, ValueError, csv.Error) as error:
        raise DatasetError(f"cannot read {path}: {error}") from error


def _metrics(gold: Sequence[str], said: Sequence[str]) -> dict[str, Any]:
    """Accuracy with Wilson's 95 % interval (1927), beside that of always saying the commonest label."""
    count = len(gold)
    share = sum(a == b for a, b in zip(gold, said, strict=True)) / count
    z = 1.96
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z * sqrt(share * (1 - share) / count + z * z / (4 * count * count)) / (1 + z * z / count)
    label, most = Counter(gold).most_common(1)[0]
    return {
        "accuracy": round(share, 4),
        "low": round(middle - half, 4),
        "high": round(middle + half, 4),
        "texts": count,
        "majority": round(most / count, 4),
        "majority_label": label,
    }
