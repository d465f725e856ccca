"""What can be set for a served generator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class ServedOptions:
    """How a served model is reached, how long it is waited for, and what it costs.

    ``api_base`` is the address of a server that speaks OpenAI's protocol. ``api_key_env`` names the environment
    variable that holds the key, for a key has no place in a file of settings. ``timeout`` (seconds) is for one
    request, ``time_limit`` for an answer with all its ``retries`` and its repair. A job of many questions that do not
    depend on one another may have ``concurrent`` of them under way. ``context_window`` and
    ``answer_tokens`` are in tokens of the model. ``json_schema`` tells whether the answer's schema is sent with
    the request; None leaves it to the kind of the generator. Prices are for a million tokens, in whatever currency.
    ``arguments`` go to the class of the model as they are.
    """

    api_base: str | None = None
    api_key_env: str | None = None
    timeout: float = 60
    time_limit: float = 180
    retries: int = 4
    concurrent: int = 4
    context_window: int | None = None
    answer_tokens: int = 1024
    json_schema: bool | None = None
    prompt_price: Decimal | None = None
    written_price: Decimal | None = None
    arguments: Mapping[str, Any] = field(default_factory=dict)

    def cost(self, prompt_tokens: int, tokens: int) -> Decimal | None:
        """Return what so many tokens cost; None where a price is not known."""
        if self.prompt_price is None or self.written_price is None:
            return None
        return (self.prompt_price * prompt_tokens + self.written_price * tokens) / _MILLION
