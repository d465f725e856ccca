"""Softmax regression: the one head whose best weights are found from all texts at once."""

from __future__ import annotations

from typing import Any

STEPS = 500
"""L-BFGS ends by itself long before."""


def fit_regression(vectors: Any, wanted: Any, labels: int, decay: float) -> Any:
    """Return a linear layer that tells ``wanted`` (label numbers) from ``vectors``, (texts, width).

    What is minimised is the sum of the cross entropies and ``decay`` times the squared length of the weights, over
    the number of texts. It begins at zero, so that the same vectors give the same layer.
    """
    import torch

    head = torch.nn.Linear(vectors.shape[1], labels).to(vectors.device)
    torch.nn.init.zeros_(head.weight)
    torch.nn.init.zeros_(head.bias)
    optimiser: Any = torch.optim.LBFGS(head.parameters(), max_iter=STEPS, line_search_fn="strong_wolfe")

    def loss() -> Any:
        optimiser.zero_grad()
        length = head.weight.pow(2).sum() / len(wanted)
        found: Any = torch.nn.functional.cross_entropy(head(vectors), wanted) + decay * length
        found.backward()
        return found

    optimiser.step(loss)
    return head
