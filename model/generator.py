"""A local model writes a program, one token at a time, among those that the grammar allows."""

from __future__ import annotations

import copy
import inspect
import logging
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ingest.errors import ModelCorruptError, ModelError, ProgramError
from model.cache import model_path, read_manifest
from model.contract import Generation, Prompt, SheetLine
from model.device import DeviceChoice, choose_device
from model.grammar import program_grammar
from model.program import parse_program
from model.prompt import Message, fit_prompt, fixed_messages, user_content
from model.quiet import quiet_libraries

if TYPE_CHECKING:
    from llguidance import LLMatcher, LLTokenizer
    from numpy.typing import NDArray
    from transformers import PreTrainedModel, PreTrainedTokenizerFast

CONTEXT_TOKENS = 2048
"""What prompt and program may have together."""

PROGRAM_TOKENS = 128
"""What a program may have; one that has not ended by then becomes an abstention."""

_OUT_OF_BUDGET = "abstain(not_supported)"

logger = logging.getLogger(__name__)


class TransformersGenerator:
    """Writes programs with a causal language model under the grammar of the sheet.

    Decoding is greedy: the same sheet and question give the same program. ``name`` is the model's,
    ``fingerprint`` twelve hex digits that differ when the weights do, ``choice`` where it runs.
    """

    def __init__(
        self,
        name: str,
        fingerprint: str,
        choice: DeviceChoice,
        model: PreTrainedModel,
        tokenizer: PreTrainedTokenizerFast,
    ) -> None:
        self.name = name
        self.fingerprint = fingerprint
        self.choice = choice
        self._model = model
        self._tokenizer = tokenizer
        self._control = sorted({*tokenizer.all_special_tokens, *tokenizer.get_added_vocab()})
        self._guide: LLTokenizer | None = None
        self._fixed: tuple[list[int], Any] | None = None
        # A model that can leave out the logits of the prompt saves most of the memory of reading it.
        parameters = inspect.signature(model.forward).parameters
        self._last_only = {"logits_to_keep": 1} if "logits_to_keep" in parameters else {}

    def write_program(self, question: str, lines: Sequence[SheetLine]) -> Generation:
        """Write one program about the question that points only at the given lines.

        Lines for which there is no room are left out from the end, and named in ``dropped_lines``; the
        program cannot point at them. When the budget of ``PROGRAM_TOKENS`` ends before the program
        does, the text is ``abstain(not_supported)`` and ``complete`` is False. Raises ModelError where
        the question alone is too long or the model's numbers overflow, ProgramError on an impossible
        sheet.
        """
        started = time.perf_counter()
        prompt = self._fit(question, lines)
        guide = self._new_guide(prompt.lines)
        ids = self._tokens(prompt)
        written, forced = self._decode(ids, guide)
        complete = guide.is_accepting()
        text = self._guide_tokenizer().decode_str(written) if complete else _OUT_OF_BUDGET
        self._check(text)
        return Generation(
            text=text,
            tokens=len(written),
            seconds=time.perf_counter() - started,
            model=f"{self.name}@{self.fingerprint}",
            forced=forced,
            prompt_tokens=len(ids),
            dropped_lines=prompt.dropped_lines,
            complete=complete,
        )

    def _check(self, text: str) -> None:
        """Read the program, which the grammar has made readable: a failure is ours, not the model's."""
        try:
            parse_program(text)
        except ProgramError as error:
            raise ModelError(f"{self.name} wrote what is no program, against its grammar: {error}") from error

    def _fit(self, question: str, lines: Sequence[SheetLine]) -> Prompt:
        def measure(shown: Sequence[SheetLine]) -> int:
            return len(self._tokens(Prompt(question, tuple(shown))))

        return fit_prompt(question, lines, CONTEXT_TOKENS - PROGRAM_TOKENS, measure)

    def _tokens(self, prompt: Prompt) -> list[int]:
        content = user_content(prompt.question, prompt.lines, self._control)
        return self._render([*fixed_messages(), {"role": "user", "content": content}], ask=True)

    def _render(self, messages: list[Message], *, ask: bool) -> list[int]:
        """Write a conversation in the model's own manner, as token ids."""
        text = self._tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=ask)
        ids: list[int] = self._tokenizer(text, add_special_tokens=False)["input_ids"]
        return ids

    def _guide_tokenizer(self) -> LLTokenizer:
        if self._guide is None:
            from llguidance import hf

            self._guide = hf.from_tokenizer(self._tokenizer)
        return self._guide

    def _new_guide(self, lines: Sequence[SheetLine]) -> LLMatcher:
        from llguidance import LLMatcher

        guide = LLMatcher(self._guide_tokenizer(), program_grammar(lines), log_level=0)
        _raise_guide_error(guide)
        return guide

    def _decode(self, prompt: list[int], guide: LLMatcher) -> tuple[list[int], int]:
        """Write tokens until the grammar is complete or the budget ends; count the forced ones.

        Where the grammar leaves one way to go on, its tokens are taken without asking the model, and
        are read by it together with the next choice.
        """
        fixed, fixed_cache = self._fixed_part()
        reuse = len(fixed) if prompt[: len(fixed)] == fixed else 0
        cache = copy.deepcopy(fixed_cache) if reuse else None
        unread, written, forced = prompt[reuse:], list[int](), 0
        while len(written) < PROGRAM_TOKENS and not guide.is_stopped():
            step = guide.compute_ff_tokens()[: PROGRAM_TOKENS - len(written)]
            if step:
                forced += len(step)
            else:
                logits, cache = self._read(unread, cache)
                unread, step = [], [_best_token(logits, guide)]
            if step[0] in self._guide_tokenizer().eos_tokens:
                break
            guide.consume_tokens(step)
            _raise_guide_error(guide)
            written += step
            unread = unread + step
        return written, forced

    def _fixed_part(self) -> tuple[list[int], Any]:
        """Read the instruction and the examples once, and keep what attention needs of them."""
        if self._fixed is None:
            ids = self._render(fixed_messages(), ask=False)
            _, cache = self._read(ids, None)
            self._fixed = ids, cache
        return self._fixed

    def _read(self, ids: list[int], cache: Any) -> tuple[NDArray[np.float32], Any]:
        """Let the model read tokens after those in ``cache``; give the logits of the next one."""
        import torch

        started = time.perf_counter()
        with torch.inference_mode():
            tokens = torch.tensor([ids], device=self._model.device)
            output = self._model(input_ids=tokens, past_key_values=cache, use_cache=True, **self._last_only)
            logits: NDArray[np.float32] = output.logits[0, -1].float().cpu().numpy()
        logger.debug("%s read %d tokens in %.3f s", self.name, len(ids), time.perf_counter() - started)
        return logits, output.past_key_values


def _raise_guide_error(guide: LLMatcher) -> None:
    if guide.is_error():
        raise ModelError(f"the grammar of the sheet cannot be followed: {guide.get_error()[:200]}")


def _best_token(logits: NDArray[np.float32], guide: LLMatcher) -> int:
    """Choose the likeliest of the tokens that the grammar allows next."""
    allowed = np.flatnonzero(np.frombuffer(guide.compute_logit_bias(), dtype=np.uint8))
    _raise_guide_error(guide)
    scores = logits[allowed[allowed < len(logits)]]
    if scores.size == 0 or np.isnan(scores).any():
        raise ModelError("the model's numbers overflow: set TIEOUT_DTYPE=float32")
    return int(allowed[int(scores.argmax())])


def load_generator(name: str = "smollm2", *, cache: Path, device: str | None = None) -> TransformersGenerator:
    """Load a pulled generator from ``cache``; nothing is downloaded, and no code of the model is run.

    ``device`` overrules the choice of ``model.device.choose_device``. Raises ModelMissingError or
    ModelCorruptError with the remedy where the model is not there or not whole, ModelError where it
    has no chat template.
    """
    folder = model_path(name, cache)
    manifest = read_manifest(folder)
    choice = choose_device(device)
    import torch

    with quiet_libraries():
        from transformers import AutoModelForCausalLM, AutoTokenizer, PreTrainedTokenizerFast

        try:
            tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
            model: Any = AutoModelForCausalLM.from_pretrained(
                folder, dtype=getattr(torch, choice.dtype), local_files_only=True, use_safetensors=True
            )
        except (OSError, ValueError, KeyError) as error:
            raise ModelCorruptError(f"{folder} cannot be loaded as a generator: {error}") from error
    if not isinstance(tokenizer, PreTrainedTokenizerFast):
        raise ModelError(f"{name} has no tokenizer.json, without which no grammar can steer it")
    if tokenizer.chat_template is None:
        raise ModelError(f"{name} has no chat template: use a model that was tuned to follow instructions")
    model.to(choice.device).eval()
    return TransformersGenerator(name, manifest.fingerprint, choice, model, tokenizer)
