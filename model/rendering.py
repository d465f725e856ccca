"""A conversation as a model's own tokens, in the parts that can be read once and used again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.errors import ModelError
from model.contract import Prompt
from model.prompt import SHEET_END, Message, PromptStyle, fixed_messages, user_content

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast


@dataclass(frozen=True, slots=True)
class PromptTokens:
    """A prompt's token ids: those of all questions over its sheet, then those of this question."""

    shared: tuple[int, ...]
    own: tuple[int, ...]

    @property
    def all(self) -> list[int]:
        """The whole prompt."""
        return [*self.shared, *self.own]


class PromptRenderer:
    """Writes prompts and programs as tokens, in the manner of the model's chat template."""

    def __init__(self, tokenizer: PreTrainedTokenizerFast, style: PromptStyle) -> None:
        self.tokenizer = tokenizer
        self.style = style
        self._control = sorted({*tokenizer.all_special_tokens, *tokenizer.get_added_vocab()})

    def fixed(self) -> list[int]:
        """Give the tokens that open every prompt."""
        return self._ids(self._text(fixed_messages(self.style), ask=False))

    def prompt(self, prompt: Prompt) -> PromptTokens:
        """Give the tokens of a prompt. They are those of its text as a whole, wherever it is parted."""
        text = self._text(self._messages(prompt), ask=True)
        ids = self._ids(text)
        # What a document says cannot hold this mark, so the last one ends the sheet.
        end = text.rindex(SHEET_END) + len(SHEET_END)
        shared = 0
        for one, other in zip(self._ids(text[:end]), ids[:-1], strict=False):
            if one != other:
                break
            shared += 1
        return PromptTokens(tuple(ids[:shared]), tuple(ids[shared:]))

    def completion(self, prompt: Prompt, program: str) -> list[int]:
        """Give the tokens of a program and of the end of its turn.

        Raises ModelError where the model's template writes a turn otherwise than it asks for one.
        """
        messages = self._messages(prompt)
        asked = self._text(messages, ask=True)
        answered = self._text([*messages, {"role": "assistant", "content": program}], ask=False)
        if not answered.startswith(asked + program):
            raise ModelError("the model's chat template writes an answer in another place than it asks for it")
        ids = self._ids(program)
        ending = self._ids(answered[len(asked) + len(program) :])
        return [*ids, *(ending[:1] or [self.tokenizer.eos_token_id])]

    def _messages(self, prompt: Prompt) -> list[Message]:
        content = user_content(prompt.question, prompt.lines, self._control, self.style)
        return [*fixed_messages(self.style), {"role": "user", "content": content}]

    def _text(self, messages: Sequence[Message], *, ask: bool) -> str:
        text = self.tokenizer.apply_chat_template(list(messages), tokenize=False, add_generation_prompt=ask)
        if not isinstance(text, str):
            raise ModelError("the model's chat template gives no text")
        return text

    def _ids(self, text: str) -> list[int]:
        ids: list[int] = self.tokenizer(text, add_special_tokens=False)["input_ids"]
        return ids
