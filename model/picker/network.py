"""The network: a BERT encoder, layers where question and figures meet, and a recurrent decoder that chooses.

At each step the decoder knows what it chose last, which operator it fills and which of its arguments, attends
to all that the encoder read, and scores every operation, figure and line; figures that were chosen before are
marked, so that a growth finds its base again. The shape follows FinQANet (Chen et al. 2021), with the grammar
of the programs in place of its flat sequence.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from model.minilm.bert import BertEncoder
from model.picker.actions import OPERATIONS
from model.picker.features import FEATURES
from model.picker.joint import Joint

JOINT_LAYERS = 2
"""Layers in which a question and the places of its sheet see one another."""
ARGUMENTS = 6
"""Arguments of one operator that are told apart by their position."""
START = len(OPERATIONS)
"""The number of what opens a program, in the place of an operation."""
POINTED = len(OPERATIONS) + 1
"""The number that stands where a figure or a line was chosen."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """Sheets with their questions, padded: N sheets, W tokens, Q questions, T tokens of one question's view, P places.

    ``ids``, ``types``, ``marks``, ``positions`` and ``parts`` are (N, W); a part is 0 for padding, 1 for the sheet,
    2 and more for its questions. ``owner`` (Q) is the sheet of a question; ``tokens`` (Q, T) are the positions of
    what it sees, sheet first, with ``token_mask``; ``asked`` (Q, A) says which of these are its own, with
    ``asked_mask``; ``places`` (Q, P) are the positions of figures and after ``cells`` of them those of lines, with
    ``place_mask``; ``lines`` and ``columns`` (Q, P) number what each stands in, -1 for none; ``features`` (Q, P, F)
    is what each has in common with the question.
    """

    ids: Tensor
    types: Tensor
    marks: Tensor
    positions: Tensor
    parts: Tensor
    owner: Tensor
    tokens: Tensor
    token_mask: Tensor
    asked: Tensor
    asked_mask: Tensor
    places: Tensor
    place_mask: Tensor
    lines: Tensor
    columns: Tensor
    features: Tensor
    cells: int


@dataclass(frozen=True, slots=True)
class Read:
    """What the encoder made of Q questions: H numbers for each token that a question sees.

    ``tokens`` (Q, T, H) with ``token_mask`` (Q, T); ``places`` (Q, P, H), figures before lines, with
    ``place_mask`` and ``features`` (Q, P, F); ``first`` (Q, H) is the state that decoding begins with.
    """

    tokens: Tensor
    token_mask: Tensor
    places: Tensor
    place_mask: Tensor
    features: Tensor
    first: Tensor


class PickerNetwork(nn.Module):
    """Encoder and decoder."""

    def __init__(self, encoder: BertEncoder, dropout: float = 0.1) -> None:
        super().__init__()
        width = encoder.shape.hidden_size
        self.encoder = encoder
        self.marks = nn.Embedding(3, width)
        self.operations = nn.Embedding(len(OPERATIONS) + 2, width)
        self.parents = nn.Embedding(len(OPERATIONS) + 1, width)
        self.arguments = nn.Embedding(ARGUMENTS, width)
        self.chosen = nn.Parameter(torch.zeros(width))
        self.joint = Joint(width, JOINT_LAYERS, dropout)
        self.place = nn.Sequential(nn.Linear(width, width), nn.GELU(), nn.LayerNorm(width))
        self.cell = nn.GRUCell(width, width)
        self.attention = nn.Linear(width, width, bias=False)
        self.mix = nn.Sequential(nn.Linear(2 * width, width), nn.GELU(), nn.LayerNorm(width), nn.Dropout(dropout))
        self.features = nn.Linear(FEATURES, width)
        self.hint = nn.Linear(width, FEATURES)
        self.pointer = nn.Linear(width, width)
        self.operation = nn.Linear(width, len(OPERATIONS))
        self.dropout = nn.Dropout(dropout)
        for table in (self.marks, self.operations, self.parents, self.arguments):
            nn.init.normal_(table.weight, std=0.02)
        nn.init.zeros_(self.marks.weight)

    def read(self, inputs: Inputs) -> Read:
        """Encode sheets and questions: a sheet attends to itself, a question to its sheet and itself."""
        embedded = self.encoder.embeddings.word_embeddings(inputs.ids) + self.marks(inputs.marks)
        states = self.encoder(embedded, inputs.types, inputs.positions, visible(inputs.parts))
        states = self.dropout(states.float())
        owned = states[inputs.owner]
        tokens = torch.gather(owned, 1, _wide(inputs.tokens, states))
        found = torch.gather(owned, 1, _wide(inputs.places, states)) + self.features(inputs.features)
        places = self.place(found)
        words = torch.gather(tokens, 1, _wide(inputs.asked, states))
        met, places = self.joint(words, inputs.asked_mask, places, inputs.place_mask, inputs.lines, inputs.columns)
        change = (met - words) * inputs.asked_mask.unsqueeze(-1)
        tokens = tokens.scatter_add(1, _wide(inputs.asked, states), change.to(tokens.dtype))
        return Read(tokens, inputs.token_mask, places, inputs.place_mask, inputs.features, met[:, 0])

    def step(
        self, read: Read, state: Tensor, last: Tensor, place: Tensor, parent: Tensor, argument: Tensor, used: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Decode one choice: return the new state (B, H) and scores (B, operations + P).

        ``last`` (B) is the number of the operation chosen before, START or POINTED; ``place`` (B) which place it
        was where that is POINTED; ``parent`` and ``argument`` (B) what is being filled; ``used`` (B, P) which
        places were chosen before.
        """
        pointed = (last == POINTED).unsqueeze(-1)
        index = place.view(-1, 1, 1).expand(-1, 1, read.places.shape[-1])
        before = self.operations(last) + torch.where(pointed, torch.gather(read.places, 1, index).squeeze(1), 0.0)
        state = self.cell(before + self.parents(parent) + self.arguments(argument), state)
        weights = torch.einsum("bh,bth->bt", self.attention(state), read.tokens) / read.tokens.shape[-1] ** 0.5
        weights = weights.masked_fill(~read.token_mask, float("-inf")).softmax(-1)
        context = torch.einsum("bt,bth->bh", weights, read.tokens)
        mixed = self.mix(torch.cat((state, context), -1))
        places = read.places + used.unsqueeze(-1) * self.chosen
        pointing = torch.einsum("bh,bph->bp", self.pointer(mixed), places) / places.shape[-1] ** 0.5
        pointing = pointing + torch.einsum("bf,bpf->bp", self.hint(mixed), read.features)
        pointing = pointing.masked_fill(~read.place_mask, float("-inf"))
        return state, torch.cat((self.operation(mixed), pointing), -1)


def visible(parts: Tensor) -> Tensor:
    """Return (N, 1, W, W): whether a token (third axis) attends to another; padding attends to itself alone."""
    query, key = parts.unsqueeze(2), parts.unsqueeze(1)
    same = (query == key) & (query > 0)
    itself = torch.eye(parts.shape[1], dtype=torch.bool)
    return (same | ((query > 0) & (key == 1)) | itself).unsqueeze(1)


def _wide(index: Tensor, states: Tensor) -> Tensor:
    return index.unsqueeze(-1).expand(-1, -1, states.shape[-1])
