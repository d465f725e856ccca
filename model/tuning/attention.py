"""Attention for a CPU, in blocks of rows: only what a row can see is multiplied, by ordinary matrix products.

The fused kernel of torch for CPUs computes all of a masked square, and does so at a third of the speed that
matrix products have there. Half of the square, and the other trees of a pack, are not seen by anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch

NAME = "tieout_blocks"
ROWS = 128
"""Rows that are multiplied together: fewer skip more, more are faster."""


def use_block_attention(model: Any) -> None:
    """Let a model attend in blocks on a CPU; where its mask is none of a pack it does as before."""
    from transformers import AttentionInterface, AttentionMaskInterface
    from transformers.masking_utils import sdpa_mask

    AttentionInterface.register(NAME, _attend)
    AttentionMaskInterface.register(NAME, sdpa_mask)
    model.set_attn_implementation(NAME)


def _attend(
    module: torch.nn.Module,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attention_mask: torch.Tensor | None,
    scaling: float | None = None,
    dropout: float = 0.0,
    **options: Any,
) -> tuple[torch.Tensor, None]:
    """Attend as transformers asks for it: heads before tokens in, tokens before heads out."""
    import torch
    from transformers.integrations.sdpa_attention import sdpa_attention_forward

    packed = attention_mask is not None and attention_mask.dtype == torch.bool and len(query) == 1
    if attention_mask is None or not packed or not torch.is_grad_enabled():
        plain: tuple[torch.Tensor, None] = sdpa_attention_forward(
            module, query, key, value, attention_mask, scaling=scaling, dropout=dropout, **options
        )
        return plain
    scale = query.shape[-1] ** -0.5 if scaling is None else scaling
    # Positions are turned in float32 where the weights are; products are made in what the linear layers gave.
    query, key = query.to(value.dtype), key.to(value.dtype)
    result = _block_function().apply(query[0], key[0], value[0], attention_mask[0, 0], scale)
    return result.transpose(0, 1)[None].contiguous(), None


def _block_function() -> Any:
    """Make the function, with its derivative, when torch is there."""
    import torch

    class Blocks(torch.autograd.Function):
        """Queries (heads, tokens, width) over keys and values of as many heads or a whole part of them."""

        @staticmethod
        def forward(
            ctx: Any, query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, mask: torch.Tensor, scale: float
        ) -> torch.Tensor:
            return _forward(ctx, query, key.contiguous(), value.contiguous(), mask, scale)

        @staticmethod
        def backward(ctx: Any, *gradients: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
            return (*_backward(ctx, gradients[0]), None, None)

    return Blocks


@dataclass(frozen=True, slots=True)
class _Block:
    """Rows from ``first`` to ``last``, and the keys from ``start`` to ``end`` that any of them sees.

    All of them see those before ``shared``.
    """

    first: int
    last: int
    start: int
    shared: int
    end: int


def _blocks(mask: torch.Tensor) -> list[_Block]:
    import torch

    blocks = []
    for first in range(0, len(mask), ROWS):
        rows = mask[first : first + ROWS]
        seen = torch.nonzero(rows.any(dim=0))
        start, end = int(seen[0]), int(seen[-1]) + 1
        hidden = torch.nonzero(~rows[:, start:end].all(dim=0))
        shared = start + int(hidden[0]) if len(hidden) else end
        blocks.append(_Block(first, first + len(rows), start, shared, end))
    return blocks


def _forward(
    ctx: Any, query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, mask: torch.Tensor, scale: float
) -> torch.Tensor:
    import torch

    heads, tokens, width = query.shape
    groups = len(key)
    # The heads that share their keys lie behind each other, and are multiplied as one.
    grouped = query.reshape(groups, heads // groups, tokens, width)
    result = torch.empty_like(grouped)
    blocks = _blocks(mask)
    kept = []
    for at in blocks:
        rows = grouped[:, :, at.first : at.last].reshape(groups, -1, width).mul(scale)
        scores = torch.bmm(rows, key[:, at.start : at.end].transpose(1, 2))
        ends = scores.view(groups, -1, at.last - at.first, at.end - at.start)[..., at.shared - at.start :]
        ends.masked_fill_(~mask[at.first : at.last, at.shared : at.end], -torch.inf)
        weights = torch.softmax(scores, -1)
        result[:, :, at.first : at.last] = torch.bmm(weights, value[:, at.start : at.end]).view(
            groups, -1, at.last - at.first, width
        )
        kept.append(weights)
    ctx.save_for_backward(grouped, key, value, result, *kept)
    ctx.blocks, ctx.scale = blocks, scale
    return result.view(heads, tokens, width)


def _backward(ctx: Any, gradient: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    import torch

    query, key, value, result, *kept = ctx.saved_tensors
    groups, each, tokens, width = query.shape
    grouped = gradient.reshape(query.shape)
    # What the weights of a row have in common: the derivative of the softmax subtracts it.
    common = (grouped * result).sum(-1)
    to_query = torch.empty_like(query)
    to_key, to_value = (torch.zeros(key.shape, dtype=torch.float32) for _ in range(2))
    for at, weights in zip(ctx.blocks, kept, strict=True):
        rows, seen = slice(at.first, at.last), slice(at.start, at.end)
        given = grouped[:, :, rows].reshape(groups, -1, width)
        to_value[:, seen] += torch.bmm(weights.transpose(1, 2), given)
        change = torch.bmm(given, value[:, seen].transpose(1, 2))
        change.sub_(common[:, :, rows].reshape(groups, -1, 1)).mul_(weights)
        asked = torch.bmm(change, key[:, seen]).mul_(ctx.scale)
        to_query[:, :, rows] = asked.view(groups, each, at.last - at.first, width)
        scaled = query[:, :, rows].reshape(groups, -1, width).mul(ctx.scale)
        to_key[:, seen] += torch.bmm(change.transpose(1, 2), scaled)
    return to_query.view(-1, tokens, width), to_key.to(key.dtype), to_value.to(value.dtype)
