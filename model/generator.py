"""A local model writes a program, one token at a time, among those that the grammar allows."""

from __future__ import annotations

import copy
import inspect
import logging
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ingest.errors import ModelError, ProgramError
from model.adapter import apply_adapter, check_adapter, tuned_card
from model.cache import model_path, read_manifest
from model.contract import Generation, Prompt, SheetLine
from model.device import DeviceChoice, choose_device
from model.grammar import program_grammar
from model.loading import load_causal, load_tokenizer
from model.program import parse_program
from model.prompt import PromptStyle, fit_prompt
from model.reading import nearest_lines
from model.rendering import PromptRenderer, PromptTokens

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
    ``fingerprint`` twelve hex digits that differ when the weights do, ``choice`` where it runs,
    ``style`` how its prompts open.
    """

    def __init__(
        self,
        name: str,
        fingerprint: str,
        choice: DeviceChoice,
        model: PreTrainedModel,
        tokenizer: PreTrainedTokenizerFast,
        style: PromptStyle = "examples",
    ) -> None:
        self.name = name
        self.fingerprint = fingerprint
        self.choice = choice
        self.style = style
        self._model = model
        self._tokenizer = tokenizer
        self._renderer = PromptRenderer(tokenizer, style)
        self._guide: LLTokenizer | None = None
        self._fixed: tuple[tuple[int, ...], Any] | None = None
        self._sheet: tuple[tuple[int, ...], Any] | None = None
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
        tokens = self._renderer.prompt(prompt)
        written, forced, probability = self._decode(tokens, guide)
        complete = guide.is_accepting()
        text = self._guide_tokenizer().decode_str(written) if complete else _OUT_OF_BUDGET
        self._check(text)
        return Generation(
            text=text,
            tokens=len(written),
            seconds=time.perf_counter() - started,
            model=f"{self.name}@{self.fingerprint}",
            forced=forced,
            prompt_tokens=len(tokens.all),
            dropped_lines=prompt.dropped_lines,
            complete=complete,
            probability=probability if complete else None,
        )

    def _check(self, text: str) -> None:
        """Read the program, which the grammar has made readable: a failure is ours, not the model's."""
        try:
            parse_program(text)
        except ProgramError as error:
            raise ModelError(f"{self.name} wrote what is no program, against its grammar: {error}") from error

    def _fit(self, question: str, lines: Sequence[SheetLine]) -> Prompt:
        def measure(shown: Sequence[SheetLine]) -> int:
            return len(self._renderer.prompt(Prompt(question, tuple(shown))).all)

        read = nearest_lines(question, lines)
        left = tuple(line.id for line in lines if line not in read)
        fitting = fit_prompt(question, read, CONTEXT_TOKENS - PROGRAM_TOKENS, measure)
        return replace(fitting, dropped_lines=(*left, *fitting.dropped_lines))

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

    def _decode(self, prompt: PromptTokens, guide: LLMatcher) -> tuple[list[int], int, float]:
        """Write tokens until the grammar is complete or the budget ends; count the forced ones.

        With them comes their probability, all choices together, among what the grammar allows.

        Where the grammar leaves one way to go on, its tokens are taken without asking the model, and
        are read by it together with the next choice.
        """
        cache = self._shared_part(prompt.shared)
        unread, written, forced, probability = list(prompt.own), list[int](), 0, 1.0
        while len(written) < PROGRAM_TOKENS and not guide.is_stopped():
            step = guide.compute_ff_tokens()[: PROGRAM_TOKENS - len(written)]
            if step:
                forced += len(step)
            else:
                logits, cache = self._read(unread, cache)
                token, chance = _best_token(logits, guide)
                unread, step, probability = [], [token], probability * chance
            if step[0] in self._guide_tokenizer().eos_tokens:
                break
            guide.consume_tokens(step)
            _raise_guide_error(guide)
            written += step
            unread = unread + step
        return written, forced, probability

    def _shared_part(self, shared: tuple[int, ...]) -> Any:
        """Give what attention needs of a sheet, which is read once for questions that follow each other.

        A sheet is always read by itself, so that a question has the same answer whatever was asked before.
        """
        if self._sheet is None or self._sheet[0] != shared:
            fixed, cache = self._fixed_part()
            reuse = len(fixed) if shared[: len(fixed)] == fixed else 0
            cache = copy.deepcopy(cache) if reuse else None
            if shared[reuse:]:
                _, cache = self._read(shared[reuse:], cache)
            self._sheet = shared, cache
        return copy.deepcopy(self._sheet[1])

    def _fixed_part(self) -> tuple[tuple[int, ...], Any]:
        """Read what opens every prompt once, and keep what attention needs of it."""
        if self._fixed is None:
            ids = tuple(self._renderer.fixed())
            _, cache = self._read(ids, None)
            self._fixed = ids, cache
        return self._fixed

    def _read(self, ids: Sequence[int], cache: Any) -> tuple[NDArray[np.float32], Any]:
        """Let the model read tokens after those in ``cache``; give the logits of the next one."""
        import torch

        started = time.perf_counter()
        with torch.inference_mode():
            tokens = torch.tensor([list(ids)], device=self._model.device)
            output = self._model(input_ids=tokens, past_key_values=cache, use_cache=True, **self._last_only)
            logits: NDArray[np.float32] = output.logits[0, -1].float().cpu().numpy()
        logger.debug("%s read %d tokens in %.3f s", self.name, len(ids), time.perf_counter() - started)
        return logits, output.past_key_values


def _raise_guide_error(guide: LLMatcher) -> None:
    if guide.is_error():
        raise ModelError(f"the grammar of the sheet cannot be followed: {guide.get_error()[:200]}")


def _best_token(logits: NDArray[np.float32], guide: LLMatcher) -> tuple[int, float]:
    """Choose the likeliest of the tokens that the grammar allows next; with it, how likely it is among them."""
    allowed = np.flatnonzero(np.frombuffer(guide.compute_logit_bias(), dtype=np.uint8))
    _raise_guide_error(guide)
    scores = logits[allowed[allowed < len(logits)]]
    if scores.size == 0 or np.isnan(scores).any():
        raise ModelError("the model's numbers overflow: set TIEOUT_DTYPE=float32")
    best = int(scores.argmax())
    return int(allowed[best]), float(1 / np.exp(scores - scores[best]).sum())


def load_generator(
    name: str = "smollm2",
    *,
    cache: Path,
    device: str | None = None,
    adapter: Path | None = None,
    style: PromptStyle | None = None,
) -> TransformersGenerator:
    """Load a pulled generator from ``cache``; nothing is downloaded, and no code of the model is run.

    ``device`` overrules the choice of ``model.device.choose_device``, ``style`` that of the prompt. An
    ``adapter`` is checked against its base and put into it: on a CPU it is merged, and answers name it. Raises
    ModelMissingError or ModelCorruptError with the remedy where the model is not there or not whole, ModelError
    where it has no chat template or the adapter was made for another one.
    """
    folder = model_path(name, cache)
    manifest = read_manifest(folder)
    tuned = check_adapter(adapter, folder, manifest) if adapter is not None else tuned_card(folder)
    choice = choose_device(device)
    tokenizer = load_tokenizer(folder)
    model = load_causal(folder, choice.dtype, choice.device)
    fingerprint = manifest.fingerprint
    if adapter is not None and tuned is not None:
        model = apply_adapter(model, adapter, merge=choice.device == "cpu")
        fingerprint = f"{fingerprint}+{tuned.fingerprint}"
    if style is None:
        style = tuned.prompt if tuned is not None else "examples"
    return TransformersGenerator(manifest.name, fingerprint, choice, model, tokenizer, style)
