"""What passes between the assistant and a generator: a numbered sheet in, a program's text out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

Progress = Callable[[int, int], None]
"""Called now and then with how much is done and how much there is: bytes, or texts."""


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One line of the evidence as a generator sees it.

    ``id`` is ``E1``, ``E2``, …; ``keys`` are the columns that can be pointed at, in order. A line
    without keys is a sentence: it can be quoted, and nothing can be computed from it. ``columns`` are the
    headings over the figures, one for each key or none at all; an empty one says no more than its key.
    """

    id: str
    text: str
    keys: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question and the lines that fit beside it.

    ``dropped_lines`` are the ids of the lines that did not fit and that the generator never saw.
    """

    question: str
    lines: tuple[SheetLine, ...]
    dropped_lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Generation:
    """What a generator wrote: the text of a program, and what it took.

    ``tokens`` were written (of them ``forced`` without a choice, because the grammar left none) in
    ``seconds`` of wall time. ``model`` names the generator and the fingerprint of its weights.
    ``dropped_lines`` are the ids of lines for which there was no room. ``complete`` is False when the
    token budget ran out before the program ended, or what was written was refused as none, and ``refused`` says
    why; the text is then an abstention. ``requests`` went to the server of a served model, and ``cost`` is what
    its tokens cost, in the currency of the prices, None where they are not known. ``probability`` is what the
    generator gives the whole program, where it tells.
    """

    text: str
    tokens: int
    seconds: float
    model: str
    forced: int = 0
    prompt_tokens: int = 0
    dropped_lines: tuple[str, ...] = ()
    complete: bool = True
    requests: int = 0
    cost: Decimal | None = None
    refused: str = ""
    probability: float | None = None


class Generator(Protocol):
    """Whatever can write a program about a sheet."""

    @property
    def name(self) -> str:
        """What the generator is called in answers and logs."""
        ...

    def write_program(self, question: str, lines: Sequence[SheetLine]) -> Generation:
        """Write one program that points only at the given lines. Raises ModelError on failure."""
        ...


@dataclass(frozen=True, slots=True)
class EchoGenerator:
    """A generator for tests that always writes the same program, whatever is asked."""

    program: str
    name: str = "echo"

    def write_program(self, question: str, lines: Sequence[SheetLine]) -> Generation:
        """Return ``program`` as it was given, unchecked."""
        return Generation(self.program, tokens=0, seconds=0.0, model=self.name)
