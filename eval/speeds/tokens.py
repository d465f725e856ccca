"""Tokens a second of writing a program under the grammar, against the same model writing freely."""

from __future__ import annotations

import time
from typing import Any

from assistant.config import Settings
from eval.speeds.measurement import Measurement, against
from ingest.errors import UsageError
from model.contract import SheetLine

QUESTION = "By how much did net sales grow from 2022 to 2023?"
LINES = (
    SheetLine("E1", "Net sales", ("2023", "2022", "2021")),
    SheetLine("E2", "Cost of goods sold", ("2023", "2022", "2021")),
    SheetLine("E3", "Net income", ("2023", "2022", "2021")),
)
REPEAT = 3


def measure_tokens(settings: Settings) -> list[Measurement]:
    """Write the same program a few times, then as many tokens without a grammar, by transformers' own loop.

    Tokens that the grammar leaves no choice about count as written. Raises ModelMissingError, and UsageError where
    the generator is served: its speed is that of another machine.
    """
    from model.generator import load_generator
    from model.served.opening import is_served

    if is_served(settings.generator):
        raise UsageError(f"{settings.generator} is served: the bench tokens wants a generator that was pulled")

    generator = load_generator(settings.generator, cache=settings.models, device=settings.device)
    generator.write_program(QUESTION, LINES)  # the first one also reads the fixed part of the prompt
    written = [generator.write_program(QUESTION, LINES) for _ in range(REPEAT)]
    tokens = sum(generation.tokens for generation in written)
    rate = tokens / sum(generation.seconds for generation in written)
    forced = sum(generation.forced for generation in written)
    detail = f"{tokens} tokens, {forced} of them forced, reading the prompt included"
    return [against("write a program", rate, "tokens/s", "transformers, greedy and free", _free(settings), detail)]


def _free(settings: Settings) -> float:
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    from model.cache import model_path
    from model.device import choose_device
    from model.quiet import quiet_libraries

    folder, choice = model_path(settings.generator, settings.models), choose_device(settings.device)
    with quiet_libraries():
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        dtype = getattr(torch, choice.dtype)
        model: Any = AutoModelForCausalLM.from_pretrained(folder, local_files_only=True, dtype=dtype)
        model.to(choice.device)
        prompt = tokenizer([QUESTION + "\n" + "\n".join(line.text for line in LINES)], return_tensors="pt").to(
            choice.device
        )
        started, count = time.perf_counter(), 0
        for _ in range(REPEAT):
            out = model.generate(**prompt, max_new_tokens=32, do_sample=False)
            count += out.shape[1] - prompt["input_ids"].shape[1]
    return count / (time.perf_counter() - started)
