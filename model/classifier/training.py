"""Learns a classifier from labelled texts. The same texts, recipe and machine give the same classifier."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from ingest.errors import DatasetError
from model.classifier.change import changed_weights, close, open_for_change
from model.classifier.checkpoint import EVERY, Checkpoint
from model.classifier.contract import Recipe
from model.classifier.encoder import TOGETHER, Encoder, batches_by_length
from model.classifier.regression import fit_regression
from model.classifier.tuned import TunedClassifier, for_head
from model.contract import Progress

WARM_UP = 0.1
"""The share of the steps in which the rate rises to its full height; then it falls to nothing."""
LOOK_AHEAD = 8
"""Texts of like length are put together among so many batches, so that batches still differ from pass to pass."""
LONGEST_GRADIENT = 1.0


def learn(
    texts: Sequence[str],
    labels: Sequence[str],
    encoder: Encoder,
    recipe: Recipe,
    progress: Progress | None = None,
    checkpoint: Checkpoint | None = None,
) -> TunedClassifier:
    """Learn from texts and their labels; ``encoder`` is changed unless the recipe is of a head alone.

    ``progress`` gets steps done and steps in all. With a ``checkpoint`` an interrupted learning goes on.
    Raises DatasetError where there are fewer than two labels.
    """
    import torch

    names = tuple(sorted(set(labels)))
    if len(names) < 2 or len(texts) != len(labels):
        raise DatasetError(f"a classifier is learned from texts with two labels or more, not {', '.join(names)!r}")
    wanted = torch.tensor([names.index(label) for label in labels], device=encoder.device)
    with torch.random.fork_rng():
        torch.manual_seed(recipe.seed)
        head = torch.nn.Linear(encoder.width, len(names)).to(encoder.device)
        pieces = encoder.pieces(texts, recipe.max_tokens)
        open_for_change(encoder, recipe)
        if recipe.method == "head":
            head = _fit_head(encoder, pieces, wanted, len(names), recipe)
        else:

            def lower() -> list[Any]:
                return encoder.states(pieces, recipe.frozen_layers)

            states = checkpoint.states(lower) if checkpoint else lower()
            _tune(head, encoder, states, wanted, recipe, progress, checkpoint)
    weights = changed_weights(encoder)
    close(encoder)
    return TunedClassifier(encoder, head.requires_grad_(False), names, recipe, weights)


def _fit_head(encoder: Encoder, pieces: Sequence[Sequence[int]], wanted: Any, labels: int, recipe: Recipe) -> Any:
    """Fit a head to the vectors that the model gives as it is."""
    import torch

    vectors = torch.zeros(len(pieces), encoder.width, device=encoder.device)
    for chosen in batches_by_length([len(ids) for ids in pieces], TOGETHER):
        states = encoder.states([pieces[position] for position in chosen], encoder.layers)
        vectors[chosen] = for_head(encoder.pooled(states, encoder.layers), recipe)
    return fit_regression(vectors, wanted, labels, recipe.decay)


def _tune(
    head: Any,
    encoder: Encoder,
    states: Sequence[Any],
    wanted: Any,
    recipe: Recipe,
    progress: Progress | None,
    checkpoint: Checkpoint | None,
) -> None:
    """Minimise the cross entropy with AdamW over the recipe's number of passes."""
    import torch

    network = encoder.network
    named = {name: each for name, each in network.named_parameters() if each.requires_grad}
    named |= {f"head.{name}": each for name, each in head.named_parameters()}
    changed = [each for name, each in named.items() if not name.startswith("head.")]
    groups = [{"params": changed, "lr": recipe.rate}, {"params": list(head.parameters()), "lr": recipe.head_rate}]
    optimiser = torch.optim.AdamW(groups, weight_decay=recipe.decay)
    drop = torch.nn.Dropout(recipe.dropout)
    chooser = random.Random(recipe.seed)  # noqa: S311 - an order, no secret
    passes = [_batches([len(state) for state in states], recipe.batch, chooser) for _ in range(recipe.epochs)]
    steps = [batch for each in passes for batch in each]
    network.train()
    done = checkpoint.resume(named, optimiser) if checkpoint else 0
    for number, chosen in enumerate(steps):
        if number < done:
            continue
        height = min(1.0, (number + 1) / (WARM_UP * len(steps))) * (1 - number / len(steps))
        for group, rate in zip(optimiser.param_groups, (recipe.rate, recipe.head_rate), strict=True):
            group["lr"] = rate * height
        vectors = encoder.pooled([states[position] for position in chosen], recipe.frozen_layers)
        loss: Any = torch.nn.functional.cross_entropy(head(drop(vectors)), wanted[chosen])
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(changed, LONGEST_GRADIENT)
        optimiser.step()
        if checkpoint is not None and (number + 1) % EVERY == 0:
            checkpoint.keep(number + 1, named, optimiser)
        if progress is not None:
            progress(number + 1, len(steps))
    network.eval()


def _batches(lengths: Sequence[int], size: int, chooser: random.Random) -> list[list[int]]:
    """All positions once, in batches of texts of like length, the batches in a random order."""
    order = list(range(len(lengths)))
    chooser.shuffle(order)
    batches = []
    for start in range(0, len(order), size * LOOK_AHEAD):
        near = sorted(order[start : start + size * LOOK_AHEAD], key=lambda position: lengths[position])
        batches += [near[at : at + size] for at in range(0, len(near), size)]
    chooser.shuffle(batches)
    return batches
