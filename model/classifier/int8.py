"""Linear layers in 8-bit integers, for a quarter of the memory: weights by output channel, inputs by word piece.

Dynamic quantisation as in Zafrir et al. 2019 (Q8BERT): nothing is calibrated, the scale of an input is found when it
comes. PyTorch's own is deprecated, and its successor a further dependency.
"""

from __future__ import annotations

from typing import Any

LARGEST = 127


def to_int8(network: Any) -> None:
    """Replace every linear layer of a network, in place. It can be used afterwards, and not tuned."""
    import torch

    class Int8Linear(torch.nn.Module):
        """``y = x W' + b`` with W and x in int8, sums in int32, and the scales multiplied in afterwards."""

        weight: torch.Tensor
        scale: torch.Tensor
        bias: torch.Tensor | None

        def __init__(self, linear: torch.nn.Linear) -> None:
            super().__init__()
            full = linear.weight.detach()
            scale = full.abs().amax(dim=1).clamp_min(1e-12) / LARGEST
            self.register_buffer("weight", (full / scale[:, None]).round().to(torch.int8).t().contiguous())
            self.register_buffer("scale", scale)
            self.register_buffer("bias", None if linear.bias is None else linear.bias.detach())

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            rows = x.reshape(-1, x.shape[-1])
            each = rows.abs().amax(dim=1, keepdim=True).clamp_min(1e-12) / LARGEST
            sums = torch._int_mm((rows / each).round().to(torch.int8), self.weight)
            found = sums.float() * each * self.scale
            found = found if self.bias is None else found + self.bias
            return found.reshape(*x.shape[:-1], -1)

    for module in list(network.modules()):
        for name, child in list(module.named_children()):
            if isinstance(child, torch.nn.Linear):
                setattr(module, name, Int8Linear(child))
