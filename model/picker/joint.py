"""Layers in which a question and the figures of a sheet see one another.

The encoder reads a sheet without its questions, so that one reading serves them all. What it made of the figures
is then looked at again with the words of one question: some eighty places in place of four hundred tokens.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

RELATIONS = 2
"""How two places can belong together: in one line, in one column."""


class JointLayer(nn.Module):
    """Self-attention that knows lines and columns, and a feed-forward part; it begins as the identity."""

    def __init__(self, width: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.heads = heads
        self.before_attention, self.before_forward = nn.LayerNorm(width), nn.LayerNorm(width)
        self.projected = nn.Linear(width, 3 * width)
        self.relations = nn.Parameter(torch.zeros(RELATIONS, heads))
        self.gathered = nn.Linear(width, width)
        self.forward_in, self.forward_out = nn.Linear(width, 3 * width), nn.Linear(3 * width, width)
        self.dropout = nn.Dropout(dropout)
        for last in (self.gathered, self.forward_out):
            nn.init.zeros_(last.weight)
            nn.init.zeros_(last.bias)

    def forward(self, states: Tensor, bias: Tensor, related: Tensor) -> Tensor:
        """Return new states (B, S, H); ``bias`` (B, 1, S, S) hides padding, ``related`` is (B, RELATIONS, S, S)."""
        rows, length, width = states.shape
        parts = self.projected(self.before_attention(states)).view(rows, length, 3, self.heads, width // self.heads)
        query, key, value = parts.permute(2, 0, 3, 1, 4)
        seen = bias + torch.einsum("brst,rh->bhst", related, self.relations)
        found = functional.scaled_dot_product_attention(query, key, value, attn_mask=seen.to(query.dtype))
        states = states + self.dropout(self.gathered(found.transpose(1, 2).reshape(rows, length, width)))
        added: Tensor = self.dropout(self.forward_out(functional.gelu(self.forward_in(self.before_forward(states)))))
        return states + added


class Joint(nn.Module):
    """``depth`` layers over the words of a question and the places of its sheet."""

    def __init__(self, width: int, depth: int, dropout: float) -> None:
        super().__init__()
        heads = max(1, width // 64)
        self.layers = nn.ModuleList(JointLayer(width, heads, dropout) for _ in range(depth))

    def forward(
        self, words: Tensor, word_mask: Tensor, places: Tensor, place_mask: Tensor, lines: Tensor, columns: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Return words (B, A, H) and places (B, P, H) that saw one another.

        ``lines`` and ``columns`` (B, P) number what a place stands in, -1 where it stands in none.
        """
        asked = words.shape[1]
        states = torch.cat((words, places), 1)
        mask = torch.cat((word_mask, place_mask), 1)
        bias = torch.zeros(mask.shape, dtype=states.dtype).masked_fill(~mask, -1e4)[:, None, None, :]
        related = torch.stack([_alike(group, asked) for group in (lines, columns)], 1).to(states.dtype)
        for layer in self.layers:
            states = layer(states, bias, related)
        return states[:, :asked], states[:, asked:]


def _alike(group: Tensor, asked: int) -> Tensor:
    """Return (B, S, S), whether two states are places of one group; the first ``asked`` are words."""
    same = (group.unsqueeze(2) == group.unsqueeze(1)) & (group >= 0).unsqueeze(1)
    return functional.pad(same, (asked, 0, asked, 0))
