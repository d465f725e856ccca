"""Any language model of LlamaIndex, named by its class in the settings."""

from __future__ import annotations

import json
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from ingest.errors import ModelError
from model.contract import SheetLine
from model.opening import open_generator
from model.served.generator import ServedGenerator
from model.served.opening import open_served
from model.served.options import ServedOptions

llms = pytest.importorskip("llama_index.core.llms", reason="the served extra is not installed")

HERE = "llamaindex:tests.model.served.test_any:"
SHEET = [SheetLine("E1", "Net sales | 2024: 4,120 | 2023: 3,870", ("2024", "2023"))]
LOOKUP = '{"kind": "calculate", "steps": [{"operator": "value", "arguments": ["E1[2024]"]}]}'


class FixedLLM(llms.CustomLLM):  # type: ignore[misc, name-defined]
    """Says what it was made to say, and counts as Anthropic or Ollama count."""

    says: str
    counts: str = "{}"
    max_retries: int = 3
    request_timeout: float = 1.0
    api_key: str = ""

    @property
    def metadata(self) -> Any:
        return llms.LLMMetadata(context_window=8192)

    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> Any:
        assert not kwargs, "no other model takes what OpenAI's takes"
        assert "E1 [2024, 2023] Net sales" in prompt
        return llms.CompletionResponse(text=self.says, raw=json.loads(self.counts))

    def stream_complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> Any:
        raise NotImplementedError


class PickyLLM(FixedLLM):
    """Does not want to be made."""

    def __init__(self, **given: Any) -> None:
        raise ValueError(f"no model\nof that name for {given['api_key']}")


def opens(name: str = "FixedLLM", **options: Any) -> ServedGenerator:
    return open_served(HERE + name, ServedOptions(**options))


def test_a_class_is_made_with_the_arguments_of_the_settings() -> None:
    generator = opens(arguments={"says": LOOKUP}, timeout=7)
    written = generator.write_program("What were net sales?", SHEET)
    assert (written.text, written.model, written.requests) == ("value(E1[2024])", f"{HERE}FixedLLM", 1)
    assert (generator.model.max_retries, generator.model.request_timeout) == (0, 7), "retries are ours"
    kept = opens(arguments={"says": LOOKUP, "max_retries": 2}, timeout=7)
    assert kept.model.max_retries == 2


@pytest.mark.parametrize(
    "counts",
    [
        {"usage": {"input_tokens": 1000, "output_tokens": 50}},
        {"usage": {"prompt_tokens": 1000, "completion_tokens": 50, "total_tokens": 1050}},
        {"prompt_eval_count": 1000, "eval_count": 50},
    ],
)
def test_tokens_are_counted_by_whatever_name(counts: dict[str, Any]) -> None:
    prices = {"prompt_price": Decimal(3), "written_price": Decimal(15)}
    written = opens(arguments={"says": LOOKUP, "counts": json.dumps(counts)}, **prices).write_program("What?", SHEET)
    assert (written.prompt_tokens, written.tokens) == (1000, 50)
    assert written.cost == Decimal("0.00375")


def test_a_cost_that_is_not_known_is_none() -> None:
    prices = {"prompt_price": Decimal(3), "written_price": Decimal(15)}
    written = opens(arguments={"says": LOOKUP}, **prices).write_program("What?", SHEET)
    assert (written.tokens, written.cost) == (0, None)


def test_a_model_that_repeats_what_it_reads_abstains() -> None:
    generator = open_served("llamaindex:llama_index.core.llms:MockLLM", ServedOptions(context_window=8192))
    written = generator.write_program("What were net sales?", SHEET)
    assert (written.text, written.requests) == ("abstain(not_supported)", 2)
    assert written.refused


@pytest.mark.parametrize(
    ("name", "options", "said"),
    [
        ("FixedLLM", {}, "FixedLLM cannot be made from .served.: ValidationError: says: Field required"),
        ("PickyLLM", {"api_key_env": "A_KEY"}, "ValueError: no model of that name for …"),
    ],
)
def test_a_class_that_refuses_its_arguments(
    name: str, options: dict[str, Any], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("A_KEY", "sk-secret")
    with pytest.raises(ModelError, match=said) as caught:
        opens(name, **options)
    assert "sk-secret" not in str(caught.value)


def test_a_package_that_is_not_there() -> None:
    with pytest.raises(ModelError, match=r"no_such_package\.llms cannot be imported: install the package"):
        open_served("llamaindex:no_such_package.llms:Model", ServedOptions())


def test_one_door_for_all_generators(tmp_path: Any) -> None:
    opened = open_generator(f"{HERE}FixedLLM", cache=tmp_path, served=ServedOptions(arguments={"says": LOOKUP}))
    assert isinstance(opened, ServedGenerator)
    with pytest.raises(ModelError, match="pull"):
        open_generator("smollm2", cache=tmp_path)


@pytest.mark.parametrize("failure", [SimpleNamespace(status_code=418), SimpleNamespace(response=None)])
def test_a_failure_that_nobody_foresaw_is_one_line(failure: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    generator = opens(arguments={"says": LOOKUP})

    def chat(*_: Any, **__: Any) -> Any:
        error = RuntimeError("what\nis this")
        vars(error).update(vars(failure))
        raise error

    monkeypatch.setattr(FixedLLM, "chat", chat)
    with pytest.raises(ModelError, match="what is this") as caught:
        generator.write_program("What?", SHEET)
    assert "\n" not in str(caught.value)
