"""A language model behind LlamaIndex's interface writes a program, and is told once what is wrong with it."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ingest.errors import ModelError, ProgramError
from model.contract import Generation, Prompt, SheetLine
from model.program import Program
from model.prompt import Message
from model.served.answer import answer_schema, read_answer
from model.served.conversation import (
    REPAIR_TOKENS,
    asking_message,
    fit_conversation,
    opening_messages,
    repair_messages,
)
from model.served.failures import UNREADABLE, asked_wait, explain, is_passing, status_of
from model.served.options import ServedOptions
from model.served.patience import Patience

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

CONTEXT_TOKENS = 8192
"""What prompt and answer may have together where neither the settings nor the model say it."""

_REFUSED = "abstain(not_supported)"

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class _Spent:
    """What one answer has taken so far, and whether the server cut its text off."""

    prompt_tokens: int = 0
    tokens: int = 0
    requests: int = 0
    cut: bool = False


class ServedGenerator:
    """Asks a language model for one JSON object, and makes a program of it or refuses it.

    ``name`` is that of the settings, ``place`` where the model is asked, for errors. An answer that is refused is
    shown to the model once, with what is wrong; a second one that is refused makes an abstention whose
    ``refused`` says why. ``openai`` tells that the model takes what OpenAI's requests have: a schema and a timeout.
    ``key`` is kept out of errors. May be asked by several threads at once.
    """

    def __init__(
        self,
        name: str,
        place: str,
        model: LLM,
        options: ServedOptions,
        *,
        openai: bool = False,
        key: str | None = None,
        patience: Patience | None = None,
    ) -> None:
        self.name = name
        self._place = place
        self.model = model
        self._options = options
        self._key = key
        self.patience = patience or Patience(options.retries)
        self._openai = openai
        self._with_schema = openai if options.json_schema is None else options.json_schema

    def write_program(self, question: str, lines: Sequence[SheetLine]) -> Generation:
        """Return a program that points only at the given lines, or an abstention.

        Raises ModelError, in one line, where the model cannot be asked or the question alone is too long for it.
        """
        started, spent = time.perf_counter(), _Spent()
        room = self._context() - self._options.answer_tokens - REPAIR_TOKENS
        prompt = fit_conversation(question, lines, room)
        program, refused = self._program(prompt, spent)
        return Generation(
            text=_REFUSED if program is None else str(program),
            tokens=spent.tokens,
            seconds=time.perf_counter() - started,
            model=self.name,
            prompt_tokens=spent.prompt_tokens,
            dropped_lines=prompt.dropped_lines,
            complete=program is not None,
            requests=spent.requests,
            cost=self._options.cost(spent.prompt_tokens, spent.tokens) if spent.tokens else None,
            refused=refused,
        )

    def _context(self) -> int:
        """Tokens that the model reads and writes together; the class of a server does not know that of its model."""
        known = 0 if self._openai else int(self.model.metadata.context_window)
        return self._options.context_window or (known if known > 0 else CONTEXT_TOKENS)

    def _program(self, prompt: Prompt, spent: _Spent) -> tuple[Program | None, str]:
        """The program, or None and why; the model is asked at most twice."""
        until = self.patience.clock() + self._options.time_limit
        messages = [*opening_messages(), asking_message(prompt.question, prompt.lines)]
        text = self._ask(messages, prompt, until, spent)
        try:
            return read_answer(text, prompt.lines), ""
        except ProgramError as error:
            logger.info("%s: an answer is refused: %s", self.name, error)
            messages += repair_messages(text, str(error))
        text = self._ask(messages, prompt, until, spent)
        try:
            return read_answer(text, prompt.lines), ""
        except ProgramError as error:
            cut = "; it was cut off: raise answer_tokens in [served]" if spent.cut else ""
            return None, f"what the model answered was refused twice: {error}{cut}"

    def _ask(self, messages: Sequence[Message], prompt: Prompt, until: float, spent: _Spent) -> str:
        """Ask once, with patience; a server that does not take the schema is asked without it from then on."""
        with_schema = self._with_schema
        try:
            return self._patiently(messages, answer_schema(prompt.lines) if with_schema else None, until, spent)
        except Exception as error:
            if not (with_schema and status_of(error) in UNREADABLE):
                raise self._explained(error) from None
            logger.info("%s: the request is refused with the schema, and repeated without", self.name)
        try:
            text = self._patiently(messages, None, until, spent)
        except Exception as error:
            raise self._explained(error) from None
        self._with_schema = False
        return text

    def _explained(self, error: Exception) -> ModelError:
        # Not chained: a client's exceptions hold the request, and with it the key.
        return error if isinstance(error, ModelError) else explain(error, self.name, self._place, self._key)

    def _patiently(
        self, messages: Sequence[Message], schema: dict[str, Any] | None, until: float, spent: _Spent
    ) -> str:
        def request(left: float) -> str:
            spent.requests += 1
            return self._request(messages, schema, left, spent)

        return self.patience.ask(request, until, asked_wait, is_passing)

    def _request(self, messages: Sequence[Message], schema: dict[str, Any] | None, left: float, spent: _Spent) -> str:
        from llama_index.core.llms import ChatMessage

        extra: dict[str, Any] = {}
        if schema is not None:
            named = {"name": "program", "strict": True, "schema": schema}
            extra["response_format"] = {"type": "json_schema", "json_schema": named}
        if self._openai:
            extra["timeout"] = max(0.001, min(self._options.timeout, left))
        turns = [ChatMessage(role=message["role"], content=message["content"]) for message in messages]
        response = self.model.chat(turns, **extra)
        read, written = _usage(response)
        spent.prompt_tokens += read
        spent.tokens += written
        spent.cut = _is_cut(response)
        return response.message.content or ""


def _usage(response: Any) -> tuple[int, int]:
    """Tokens read and written as the server counts them, by the names that clients give them; 0 where none is told."""
    raw = response.raw
    usage = _get(raw, "usage")
    for holder in (response.additional_kwargs, usage, raw):
        for read, written in _COUNTS:
            counts = _get(holder, read), _get(holder, written)
            if all(isinstance(count, int) and count >= 0 for count in counts):
                return counts
    return 0, 0


def _is_cut(response: Any) -> bool:
    """Whether the server says that the answer ended where its tokens did, as OpenAI's protocol has it."""
    choices = _get(response.raw, "choices") or [None]
    return bool(_get(choices[0], "finish_reason") == "length")


_COUNTS = (
    ("prompt_tokens", "completion_tokens"),
    ("input_tokens", "output_tokens"),
    ("prompt_eval_count", "eval_count"),
)


def _get(holder: Any, name: str) -> Any:
    return holder.get(name) if isinstance(holder, dict) else getattr(holder, name, None)
