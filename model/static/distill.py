"""Makes a static embedder that agrees with a slower one (Tulkens and van Dongen 2024, Model2Vec, in other words).

The table starts from the texts that each word piece stands in and from the teacher's own vector of it, weighed by
how rare it is. It is then fitted to the texts: the average of a text's rows shall point where the teacher's vector of
the text does, and be as near to the teacher's vectors of other texts. So the teacher's vector of a question may be
compared with it.

    python -m model.static.distill FILINGS_OR_JSON… --out FOLDER
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ingest.errors import TieoutError
from model.static.corpus import collect_texts
from model.static.embedder import CARD, TOKENIZER, WEIGHTS, fingerprint, load_tokenizer

Embed = Callable[[Sequence[str]], NDArray[np.float32]]
HELD_OUT = 20
"""One text of so many is kept apart, to tell how well the teacher is met on texts that were not learned."""

FEW = 3.0
"""A word piece's own vector counts as much as so many texts that have it."""
COMMON = 0.7
"""So much of what all texts have in common is taken out of a piece's first row."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a table is fitted. A step takes ``batch`` texts; ``pairs`` is the weight of the cosines between them."""

    epochs: int = 6
    batch: int = 256
    rate: float = 2e-3
    pairs: float = 20.0
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Distilled:
    """The table and its scales as the embedder takes them, and the agreement with the teacher.

    ``agreement`` is the mean cosine with the teacher's vectors of held-out texts, in float32 and as stored.
    """

    table: NDArray[np.int8]
    scales: NDArray[np.float32]
    agreement: dict[str, float]


def distill(
    texts: Sequence[str], tokenizer: Any, embed: Embed, recipe: Recipe, say: Callable[[str], None] = lambda _: None
) -> Distilled:
    """Fit a table to the teacher ``embed`` over ``texts``. The same input gives the same table on one machine."""
    import torch

    torch.manual_seed(recipe.seed)
    started = time.perf_counter()
    taught = torch.from_numpy(embed(texts))
    say(f"{len(texts):,} texts taught in {time.perf_counter() - started:.0f} s")
    pieces = [torch.tensor(each.ids) for each in tokenizer.encode_batch(list(texts), add_special_tokens=False)]
    kept = [position for position, ids in enumerate(pieces) if len(ids)]
    held = torch.tensor(kept[::HELD_OUT])
    learned = torch.tensor([position for number, position in enumerate(kept) if number % HELD_OUT])
    bag = torch.nn.EmbeddingBag(tokenizer.get_vocab_size(), taught.shape[1], mode="mean", sparse=True)
    first = _first_table(tokenizer, embed, [pieces[position] for position in learned.tolist()], taught[learned])
    bag.weight.data.copy_(first)
    _fit(bag, pieces, taught, learned, recipe, say)
    table, scales = _stored(bag.weight.detach().numpy())
    with torch.no_grad():
        exact = _agreement(_average(bag, pieces, held), taught[held])
        bag.weight.copy_(torch.from_numpy(table.astype(np.float32) * scales[:, None]))
        stored = _agreement(_average(bag, pieces, held), taught[held])
    return Distilled(table, scales, {"float32": round(exact, 4), "stored": round(stored, 4)})


def _first_table(tokenizer: Any, embed: Embed, pieces: Sequence[Any], taught: Any) -> Any:
    """What sets the texts with a word piece apart, or where these are few the piece's own vector, times its rarity."""
    import torch

    size = tokenizer.get_vocab_size()
    names = [(tokenizer.id_to_token(number) or "").removeprefix("##") for number in range(size)]
    alone = torch.from_numpy(embed(names))
    sums, counts = torch.zeros(size, taught.shape[1]), torch.zeros(size, 1)
    for ids, vector in zip(pieces, taught, strict=True):
        found = ids.unique()
        sums[found] += vector
        counts[found] += 1
    apart = sums - COMMON * counts * taught.mean(0)
    rows = (apart + FEW * alone) / (counts + FEW)
    return rows * torch.log(1 + len(pieces) / (1 + counts))


def _fit(
    bag: Any, pieces: Sequence[Any], taught: Any, learned: Any, recipe: Recipe, say: Callable[[str], None]
) -> None:
    import torch

    optimiser: Any = torch.optim.SparseAdam(bag.parameters(), lr=recipe.rate)
    for epoch in range(recipe.epochs):
        total, steps = 0.0, 0
        for chosen in learned[torch.randperm(len(learned))].split(recipe.batch):
            ours, theirs = _average(bag, pieces, chosen), taught[chosen]
            apart = ((ours @ theirs.T - theirs @ theirs.T) ** 2).mean()
            loss = 1 - (ours * theirs).sum(1).mean() + recipe.pairs * apart
            optimiser.zero_grad()
            loss.backward()
            for group in optimiser.param_groups:
                group["lr"] = recipe.rate * (1 - (epoch + steps * recipe.batch / len(learned)) / recipe.epochs) + 1e-6
            optimiser.step()
            total, steps = total + loss.item(), steps + 1
        say(f"epoch {epoch + 1}: loss {total / steps:.4f}")


def _average(bag: Any, pieces: Sequence[Any], chosen: Any) -> Any:
    import torch

    found = [pieces[position] for position in chosen.tolist()]
    starts = torch.tensor([0, *(len(ids) for ids in found[:-1])]).cumsum(0)
    return torch.nn.functional.normalize(bag(torch.cat(found), starts), dim=1)


def _agreement(ours: Any, theirs: Any) -> float:
    return float((ours * theirs).sum(1).mean())


def _stored(rows: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Rows as int8 with a scale each; a row of zeros has the scale 1."""
    largest = np.abs(rows).max(axis=1)
    scales = np.where(largest > 0, largest / 127, 1).astype(np.float32)
    return np.rint(rows / scales[:, None]).astype(np.int8), scales


def write(folder: Path, made: Distilled, tokenizer: Path, card: dict[str, Any]) -> str:
    """Write weights, tokenizer and model card into ``folder`` and return the fingerprint of the weights."""
    from safetensors.numpy import save_file

    folder.mkdir(parents=True, exist_ok=True)
    save_file({"table": made.table, "scales": made.scales}, folder / WEIGHTS)
    (folder / TOKENIZER).write_bytes(tokenizer.read_bytes())
    name = fingerprint(made.table, made.scales)
    digests = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in (WEIGHTS, TOKENIZER)}
    content = {**card, "agreement": made.agreement, "fingerprint": name, "sha256": digests}
    (folder / CARD).write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return name


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; errors are one line and the exit code of their kind."""
    parser = argparse.ArgumentParser(prog="python -m model.static.distill", description="Make a static embedder.")
    parser.add_argument("sources", nargs="+", type=Path, help="filings, JSON files with texts, or folders of them")
    parser.add_argument("--out", required=True, type=Path, help="folder for weights, tokenizer and model card")
    parser.add_argument("--teacher", default="minilm", help="a pulled embedder")
    parser.add_argument("--models", type=Path, required=True, help="folder of the pulled models")
    parser.add_argument("--sample", type=int, help="so many of the texts, drawn with the recipe's seed; all by default")
    parser.add_argument("--epochs", type=int, default=Recipe().epochs)
    given = parser.parse_args(arguments)
    try:
        _run(given)
    except TieoutError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code
    return 0


def _run(given: argparse.Namespace) -> None:
    from model.cache import model_path
    from model.embedder import load_embedder

    recipe = Recipe(epochs=given.epochs)
    teacher = load_embedder(given.teacher, cache=given.models)
    path = model_path(given.teacher, given.models) / TOKENIZER
    texts = collect_texts(given.sources, recipe.seed)
    if given.sample is not None:
        drawn = list(range(len(texts)))
        random.Random(recipe.seed).shuffle(drawn)  # noqa: S311 - a sample, no secret
        texts = [texts[position] for position in sorted(drawn[: given.sample])]
    made = distill(texts, load_tokenizer(path), teacher.embed, recipe, print)
    card = {
        "teacher": f"{teacher.name}@{teacher.fingerprint}",
        "licence": "Apache-2.0, as the teacher's; learned from public filings and the sources below",
        "sources": sorted(source.name for source in given.sources),
        "texts": len(texts),
        "texts_sha256": hashlib.sha256("\n".join(texts).encode()).hexdigest(),
        "recipe": asdict(recipe),
    }
    name = write(given.out, made, path, card)
    print(f"{name}: agreement with the teacher {made.agreement} in {given.out}")


if __name__ == "__main__":
    sys.exit(main())
