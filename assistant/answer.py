"""What an answer is, and how it is written for machines."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from ingest.filing import Box

Status = Literal["answered", "abstained"]
Writer = Literal["facts", "search", "generator"]


@dataclass(frozen=True, slots=True)
class Value:
    """One figure of an answer, as shown: ``value`` in ``unit`` (``USD millions``, ``percent``, ``USD/shares``).

    ``exact`` is the unrounded value in its base unit (dollars, shares, a plain ratio).
    """

    value: str
    unit: str
    period: str
    label: str
    company: str
    exact: str


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a figure or a sentence stands. ``page`` is the physical page from 1, ``box`` in PDF points.

    ``chars`` is its range of the page's text. ``id`` is the evidence line that it belongs to and ``key``
    the figure in it.
    """

    id: str
    filing: str
    source: str
    page: int
    page_label: str | None
    box: Box | None
    element: str | None
    chars: tuple[int, int] | None
    quote: str
    label: str
    key: str | None = None
    tag: str | None = None
    title: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class TraceStep:
    """One line of the calculation: what was read or computed, and what it gave."""

    step: str
    result: str


@dataclass(frozen=True, slots=True)
class Check:
    """One check and its result. A failed ``binding`` check withholds the answer; others are remarks."""

    name: str
    passed: bool
    detail: str = ""
    binding: bool = True


@dataclass(frozen=True, slots=True)
class Usage:
    """What a generator took: tokens read and written, requests to its server, and their ``cost`` where it is known.

    The cost is in the currency of the prices in the settings.
    """

    prompt_tokens: int
    tokens: int
    requests: int = 0
    cost: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, or an abstention with its typed ``reason``.

    ``writer`` says who wrote the program: ``facts`` (formed from facts), ``search`` (the best passage is
    quoted), both without a language model, or ``generator`` (``model`` names it, ``usage`` is what it took).
    ``nearest`` is what a search without an answer came nearest to: where to look, and no part of an answer.
    ``timings`` are seconds.
    """

    question: str
    status: Status
    reason: str | None
    text: str
    values: tuple[Value, ...] = ()
    citations: tuple[Citation, ...] = ()
    nearest: tuple[Citation, ...] = ()
    trace: tuple[TraceStep, ...] = ()
    checks: tuple[Check, ...] = ()
    assumed: tuple[str, ...] = ()
    programs: tuple[str, ...] = ()
    writer: Writer | None = None
    model: str | None = None
    usage: Usage | None = None
    search: str = ""
    timings: dict[str, float] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return the answer as plain lists, strings and numbers."""
        plain: dict[str, Any] = asdict(self)
        return plain
