"""From the settings to the answer: a generator behind a server writes programs, and is held to what it may write."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from assistant.ask import Assistant
from assistant.cli.asking import show_answer
from assistant.cli.modelling import pull_models
from assistant.cli.opening import generator_for
from assistant.config import Settings, load_settings
from index.library import Library
from ingest.errors import ConfigurationError, ModelError
from tests.assistant.desk import assistant, leave_home
from tests.model.served.server import FakeServer, Reply, fails, says, serving

pytest.importorskip("llama_index.llms.openai_like", reason="the served extra is not installed")

QUESTION = "What were Marrowby's segment net sales of Frozen Dough and Bread and Rolls in Q2 2024?"
GUIDE = Path(__file__).parents[2] / "docs" / "generators.md"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return leave_home(monkeypatch, tmp_path)


def settings_of(server: FakeServer, tmp_path: Path, more: str = "") -> Settings:
    path = tmp_path / "tieout.toml"
    path.write_text(f'generator = "openai-like:m"\n[served]\napi_base = "{server.address}"\n{more}', encoding="utf-8")
    return load_settings(path)


def adding(*lines: str) -> Reply:
    cells = [f"{line}[2024Q2]" for line in lines]
    return says(json.dumps({"kind": "calculate", "steps": [{"operator": "add", "arguments": cells}]}))


def line_of(library: Library, words: str) -> str:
    """The id of the line on the sheet of the question that has these words."""
    lines = assistant(library, Refusing()).ask(QUESTION).evidence.lines
    return next(line.id for line in lines if words in " ".join((*line.path, line.label)))


class Refusing:
    name = "refusing"

    def write_program(self, *_: Any) -> Any:
        from model.contract import Generation

        return Generation("abstain(not_reported)", 0, 0.0, self.name)


def ask(library: Library, settings: Settings) -> Any:
    base = assistant(library)
    asked = Assistant(library, base.vocabulary, base.embedder, lambda: generator_for(settings))
    return asked.ask(QUESTION).answer


def test_a_served_model_that_points_right_is_believed_and_what_it_took_is_told(
    library: Library, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    frozen, bread = line_of(library, "Net sales: Frozen Dough"), line_of(library, "Net sales: Bread and Rolls")
    with serving(adding(frozen, bread)) as server:
        answer = ask(library, settings_of(server, tmp_path, "prompt_price = 0.5\nwritten_price = 1.5"))
    assert (answer.status, answer.model) == ("answered", "openai-like:m")
    assert answer.programs == (f"add(value({frozen}[2024Q2]), value({bread}[2024Q2]))",)
    assert "96,447" in [citation.quote for citation in answer.citations]
    assert answer.to_json()["usage"] == {"prompt_tokens": 1200, "tokens": 40, "requests": 1, "cost": "0.00066"}
    show_answer(answer, trace=True)
    assert "tokens: 1,200 read, 40 written in 1 request, cost 0.00066\n" in capsys.readouterr().out


def test_a_served_model_that_writes_a_number_is_withheld_and_the_answer_says_why(
    library: Library, tmp_path: Path
) -> None:
    with serving(says('{"kind": "calculate", "steps": [{"operator": "value", "arguments": ["96,447"]}]}')) as server:
        answer = ask(library, settings_of(server, tmp_path))
    assert (answer.status, answer.reason, answer.values) == ("abstained", "not_supported", ())
    (check,) = [check for check in answer.checks if check.name == "program"]
    assert not check.passed
    assert "refused twice: argument 1 of step 1 is neither on the sheet" in check.detail
    assert "96,447" not in json.dumps(answer.to_json()["checks"]) + answer.text


def test_the_wrong_line_is_withheld_as_from_any_generator(library: Library, tmp_path: Path) -> None:
    frozen, wrong = line_of(library, "Net sales: Frozen Dough"), line_of(library, "operating income: Bread and Rolls")
    with serving(adding(frozen, wrong)) as server:
        answer = ask(library, settings_of(server, tmp_path))
    assert (answer.status, answer.values) == ("abstained", ())


def test_a_server_that_fails_is_an_error_and_no_answer(library: Library, tmp_path: Path) -> None:
    with serving(fails(401)) as server, pytest.raises(ModelError, match="does not accept the key"):
        ask(library, settings_of(server, tmp_path))


@pytest.mark.parametrize("text", ["api_bse = 'x'", "retries = -1", "timeout = 0", "api_key = 'sk-1'"])
def test_a_typing_error_in_the_table_is_told(text: str, tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(f"[served]\n{text}\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=rf"served\.{text.split(' ')[0]}"):
        load_settings(path)


def test_there_is_nothing_to_pull(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TIEOUT_GENERATOR", "openai-like:m")
    assert pull_models(["openai-like:m"]) == 0
    assert "nothing to pull" in capsys.readouterr().out


@pytest.mark.parametrize("number", range(4))
def test_the_settings_of_the_documentation_are_settings(number: int, tmp_path: Path) -> None:
    examples = re.findall(r"```toml\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(examples) == 4
    (tmp_path / "tieout.toml").write_text(examples[number], encoding="utf-8")
    settings = load_settings(tmp_path / "tieout.toml")
    assert settings.generator.startswith(("openai-like:", "llamaindex:"))
    assert settings.served != Settings().served


def test_the_documentation_tells_of_every_key_of_the_table() -> None:
    told = set(re.findall(r"`(\w+)`", "".join(re.findall(r"(?m)^\| (`.*?) \|", GUIDE.read_text(encoding="utf-8")))))
    assert told == set(type(Settings().served).model_fields)
