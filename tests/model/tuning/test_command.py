"""What ``tieout tune`` does, from the command line."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant.cli.main import app
from assistant.config import load_settings
from ingest.errors import ConfigurationError, ModelError, UsageError
from model.adapter import read_card
from model.cache import file_sha256
from model.opening import open_generator
from model.tuning.example import TrainingExample, write_examples
from model.tuning.recipe import Recipe, load_recipe, recipe_names
from model.tuning.train import Trainer

QUICK = """
rank = 4
epochs = 2
dtype = "float32"
step_tokens = 500
pack_tokens = 1200
sheet_tokens = 600
evaluate_every = 2
evaluate_questions = 3
checkpoint_minutes = 0
"""


@pytest.fixture
def place(
    tmp_path: Path, tiny_cache: Path, examples: tuple[TrainingExample, ...], monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A folder with a recipe and examples; no settings but where the tiny model is."""
    monkeypatch.setenv("TIEOUT_MODELS", str(tiny_cache))
    monkeypatch.setenv("TIEOUT_DEVICE", "cpu")
    monkeypatch.setattr("assistant.config.user_config_path", lambda name: tmp_path / "nowhere")
    monkeypatch.setattr("model.generator.CONTEXT_TOKENS", 4000)
    (tmp_path / "quick.toml").write_text(QUICK)
    write_examples(examples[:16], tmp_path / "train.jsonl")
    write_examples(examples[16:], tmp_path / "dev.jsonl")
    return tmp_path


def _run(place: Path, *more: str) -> str:
    typed = ["tune", "run", str(place / "quick.toml"), "--data", str(place / "train.jsonl")]
    typed += ["--dev", str(place / "dev.jsonl"), "--out", str(place / "run"), *more]
    ended = CliRunner().invoke(app, typed, catch_exceptions=False)
    assert ended.exit_code == 0
    return ended.output


def test_a_run_leaves_an_adapter_a_log_and_a_curve(place: Path) -> None:
    pytest.importorskip("matplotlib")
    (place / "card.json").write_text("{}")
    said = _run(place, "--nameless", "--licence", "CC0-1.0")
    assert "16 questions over 4 sheets" in said
    assert "% right" in said
    card = read_card(place / "run" / "adapter")
    assert card.data == {name: file_sha256(place / name) for name in ("train.jsonl", "card.json")}
    assert (card.made_by, card.licence, card.questions) == (None, "CC0-1.0", 16)
    assert 0 <= card.metrics["execution_accuracy"] <= 1
    assert (place / "run" / "curve.png").read_bytes().startswith(b"\x89PNG")
    rows = [json.loads(line) for line in (place / "run" / "log.jsonl").read_text().splitlines()]
    assert [row["step"] for row in rows] == list(range(1, len(rows) + 1))


def test_the_adapter_of_the_settings_is_used(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _run(place)
    adapter = place / "run" / "adapter"
    assert read_card(adapter).made_by
    monkeypatch.setenv("TIEOUT_ADAPTER", str(adapter))
    with pytest.raises(ConfigurationError, match="set TIEOUT_GENERATOR"):
        open_generator("picker", cache=load_settings().models, adapter=adapter)
    monkeypatch.setenv("TIEOUT_GENERATOR", read_card(adapter).base)
    settings = load_settings()
    generator = open_generator(settings.generator, cache=settings.models, device="cpu", adapter=settings.adapter)
    assert read_card(adapter).fingerprint in generator.write_program("What?", []).model
    with pytest.raises(ConfigurationError, match="cannot be put into openai-like"):
        open_generator("openai-like:some", cache=settings.models, adapter=settings.adapter)


def test_control_c_says_how_to_go_on_and_a_run_is_not_overwritten(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    step = Trainer._step

    def stopped(trainer: Trainer) -> object:
        if trainer.state.step == 2:
            raise KeyboardInterrupt
        return step(trainer)

    monkeypatch.setattr(Trainer, "_step", stopped)
    typed = ["tune", "run", str(place / "quick.toml"), "--data", str(place / "train.jsonl"), "--out"]
    ended = CliRunner().invoke(app, [*typed, str(place / "run")])
    assert ended.exit_code == 130
    assert "--resume" in ended.output
    monkeypatch.setattr(Trainer, "_step", step)
    with pytest.raises(UsageError, match="--resume"):
        _run(place)
    assert "step 3/" in _run(place, "--resume")


def test_merge_makes_a_model_for_the_settings(place: Path) -> None:
    _run(place)
    typed = ["tune", "merge", str(place / "run" / "adapter"), "--out", str(place / "merged")]
    ended = CliRunner().invoke(app, typed, catch_exceptions=False)
    assert f"TIEOUT_GENERATOR={place / 'merged'}" in ended.output.replace("\n", "")
    assert open_generator(str(place / "merged"), cache=place, device="cpu").name.startswith("smollm2-")


def test_the_recipes_that_come_along_are_listed_and_valid() -> None:
    ended = CliRunner().invoke(app, ["tune", "recipes"], catch_exceptions=False)
    for name in recipe_names():
        assert name in ended.output
        assert load_recipe(name).description
    assert {"embedded-cpu", "embedded-gpu", "large-gpu-qlora"} <= set(recipe_names())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("rnak = 4", "rnak"),
        ("rank = 0", "rank"),
        ("rank = ", "not valid TOML"),
        ("sheet_tokens = 2000", "less than pack_tokens"),
        ('method = "magic"', "method"),
    ],
)
def test_a_recipe_that_cannot_be_is_refused(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "wrong.toml").write_text(text)
    with pytest.raises(ConfigurationError, match=message):
        load_recipe(str(tmp_path / "wrong.toml"))


def test_a_recipe_that_is_not_there_names_those_that_are() -> None:
    with pytest.raises(UsageError, match="embedded-cpu"):
        load_recipe("embeded-cpu")


def test_a_recipe_goes_on_with_more_time_and_not_with_another_rank() -> None:
    assert Recipe(epochs=9, max_minutes=5).fingerprint == Recipe().fingerprint
    assert Recipe(rank=8).fingerprint != Recipe().fingerprint


def test_four_bits_without_a_gpu_end_with_one_line(place: Path) -> None:
    (place / "quick.toml").write_text('method = "qlora"')
    with pytest.raises(ModelError, match='method = "lora"'):
        _run(place)


@pytest.mark.slow
def test_a_process_that_is_killed_goes_on_to_the_same_adapter(place: Path) -> None:
    (place / "quick.toml").write_text(QUICK + "dropout = 0.1\n")
    command = [sys.executable, "-m", "assistant.cli.main", "tune", "run", str(place / "quick.toml")]
    command += ["--data", str(place / "train.jsonl"), "--nameless", "--out"]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(Path(__file__).parents[3])}

    def run(*more: str) -> None:
        subprocess.run([*command, *more], env=environment, check=True, capture_output=True)  # noqa: S603

    run(str(place / "whole"))
    command_killed = [*command, str(place / "killed")]
    process = subprocess.Popen(command_killed, env=environment, stdout=subprocess.PIPE, text=True)  # noqa: S603
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("step 3/"):
            process.kill()
            break
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    run(str(place / "killed"), "--resume")
    whole, killed = (read_card(place / name / "adapter").fingerprint for name in ("whole", "killed"))
    assert whole == killed
