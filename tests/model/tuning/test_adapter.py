"""An adapter belongs to one base, and is the same in a generator as it was in training."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

import model.generator
from ingest.errors import ModelCorruptError, ModelError, ModelMissingError, UsageError
from model.adapter import (
    CARD,
    CONFIG,
    WEIGHTS,
    AdapterCard,
    apply_adapter,
    check_adapter,
    read_card,
    replace_folder,
    settle_folder,
)
from model.cache import file_sha256, read_manifest, write_manifest
from model.contract import SheetLine
from model.generator import load_generator
from model.loading import load_causal
from model.tuning.artefact import card_for, keep_tuned
from model.tuning.export import export_merged
from model.tuning.recipe import Recipe
from model.tuning.tunable import Tunable, load_tunable


@pytest.fixture
def adapter(tunable: Tunable, tmp_path: Path) -> Path:
    card = card_for(tunable, {"train.jsonl": "0" * 64}, 24, None, None)
    keep_tuned(tunable, tmp_path / "adapter", card.model_copy(update={"metrics": {"execution_accuracy": 0.5}}))
    return tmp_path / "adapter"


def _logits(model: object, tunable: Tunable) -> object:
    import torch

    ids = torch.tensor([tunable.tokenizer("Net sales rose", add_special_tokens=False)["input_ids"]])
    with torch.no_grad():
        return model(input_ids=ids).logits  # type: ignore[operator]


@pytest.mark.parametrize("merge", [True, False])
def test_the_loaded_adapter_says_what_the_tuned_model_said(
    tunable: Tunable, adapter: Path, tiny_cache: Path, merge: bool
) -> None:
    import torch

    base = load_causal(tiny_cache / "smollm2", "float32", "cpu")
    plain = _logits(base, tunable)
    tuned = _logits(tunable.model, tunable)
    loaded = _logits(apply_adapter(base, adapter, merge=merge), tunable)
    assert not torch.allclose(plain, tuned, atol=0.5)
    # The weights are stored in bfloat16.
    assert torch.allclose(loaded, tuned, atol=0.1)


def test_the_card_says_what_it_is(tunable: Tunable, adapter: Path, tiny_cache: Path) -> None:
    card = read_card(adapter)
    assert card.base == "smollm2"
    assert card.base_fingerprint == read_manifest(tiny_cache / "smollm2").fingerprint
    assert (card.prompt, card.questions, card.metrics) == ("plain", 24, {"execution_accuracy": 0.5})
    assert Recipe(**card.recipe) == tunable.recipe
    assert card.files == {name: file_sha256(adapter / name) for name in (CONFIG, WEIGHTS)}
    assert str(tiny_cache) not in "".join(path.read_text(errors="replace") for path in adapter.iterdir())


def test_peft_itself_loads_it(adapter: Path, tunable: Tunable) -> None:
    from peft import LoraConfig

    config = LoraConfig.from_pretrained(str(adapter))
    assert (config.r, config.lora_alpha, config.task_type) == (4, 8.0, "CAUSAL_LM")
    assert set(config.target_modules) == set(tunable.recipe.targets)


def test_a_generator_with_an_adapter_names_it_and_follows_its_prompt(
    adapter: Path, tiny_cache: Path, sheet: list[SheetLine], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model.generator, "CONTEXT_TOKENS", 4000)
    plain = load_generator(cache=tiny_cache, device="cpu")
    tuned = load_generator(cache=tiny_cache, device="cpu", adapter=adapter)
    first, second = (each.write_program("What were net sales?", sheet) for each in (plain, tuned))
    assert second.model == f"{first.model}+{read_card(adapter).fingerprint}"
    assert second.prompt_tokens < first.prompt_tokens / 2


def test_an_adapter_on_another_base_is_refused(adapter: Path, tiny_cache: Path, tmp_path: Path) -> None:
    other = tmp_path / "other" / "smollm2"
    shutil.copytree(tiny_cache / "smollm2", other)
    content = bytearray((other / "model.safetensors").read_bytes())
    content[-1] ^= 1
    (other / "model.safetensors").write_bytes(content)
    write_manifest(other, "smollm2", "changed by a test", None)
    with pytest.raises(ModelError, match="was made for smollm2@"):
        load_generator(cache=tmp_path / "other", device="cpu", adapter=adapter)


def test_an_adapter_with_another_tokenizer_is_refused(adapter: Path, tiny_cache: Path, tmp_path: Path) -> None:
    other = tmp_path / "other" / "smollm2"
    shutil.copytree(tiny_cache / "smollm2", other)
    tokenizer = json.loads((other / "tokenizer.json").read_text())
    tokenizer["model"]["merges"] = tokenizer["model"]["merges"][:-1]
    (other / "tokenizer.json").write_text(json.dumps(tokenizer))
    with pytest.raises(ModelError, match="another tokenizer"):
        check_adapter(adapter, other, read_manifest(other))


@pytest.mark.parametrize("name", [WEIGHTS, CONFIG])
def test_a_changed_file_is_refused(adapter: Path, tiny_cache: Path, name: str) -> None:
    content = bytearray((adapter / name).read_bytes())
    content[-2] ^= 1
    (adapter / name).write_bytes(content)
    with pytest.raises(ModelCorruptError, match="has changed"):
        load_generator(cache=tiny_cache, device="cpu", adapter=adapter)


def test_what_is_no_adapter_is_named(adapter: Path, tiny_cache: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelMissingError, match="no adapter"):
        load_generator(cache=tiny_cache, device="cpu", adapter=tmp_path)
    (adapter / CARD).write_text('{"format": 2}')
    with pytest.raises(ModelCorruptError, match="not the card"):
        load_generator(cache=tiny_cache, device="cpu", adapter=adapter)


def test_what_was_tuned_to_other_prompts_is_refused(
    adapter: Path, tiny_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert read_card(adapter).prompt_fingerprint
    monkeypatch.setattr("model.prompt.PLAIN_INSTRUCTION", "Answer.")
    with pytest.raises(ModelError, match="tuned to prompts"):
        load_generator(cache=tiny_cache, device="cpu", adapter=adapter)


def test_an_adapter_without_a_weight_is_refused(adapter: Path, tiny_cache: Path) -> None:
    """The hashes are those of the files, so only the model can tell."""
    from safetensors.torch import load_file, save_file

    weights = load_file(adapter / WEIGHTS)
    weights.pop(sorted(weights)[0])
    save_file(weights, adapter / WEIGHTS)
    card = read_card(adapter)
    files = {**card.files, WEIGHTS: file_sha256(adapter / WEIGHTS)}
    (adapter / CARD).write_text(card.model_copy(update={"files": files}).model_dump_json())
    with pytest.raises(ModelCorruptError, match="lacks weights"):
        load_generator(cache=tiny_cache, device="cpu", adapter=adapter)


def test_a_merged_model_is_a_generator_that_says_the_same(
    adapter: Path, tiny_cache: Path, tmp_path: Path, sheet: list[SheetLine], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model.generator, "CONTEXT_TOKENS", 4000)
    out = tmp_path / "merged"
    assert str(out) in export_merged(adapter, out, cache=tiny_cache)
    merged = load_generator(str(out), cache=tiny_cache, device="cpu")
    tuned = load_generator(cache=tiny_cache, device="cpu", adapter=adapter)
    asked = [f"What were net sales in {year}?" for year in (2016, 2017, 2018)]
    assert [merged.write_program(each, sheet).text for each in asked] == [
        tuned.write_program(each, sheet).text for each in asked
    ]
    with pytest.raises(UsageError, match="exists"):
        export_merged(adapter, out, cache=tiny_cache)


def test_gguf_needs_the_converter_and_says_so(
    adapter: Path, tiny_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ModelError, match=r"llama\.cpp"):
        export_merged(adapter, tmp_path / "tuned.gguf", cache=tiny_cache)


def test_gguf_is_written_by_the_converter_on_the_path(
    adapter: Path, tiny_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A converter that writes the names of what it was given shows what it would be given."""
    folder = tmp_path / "bin"
    folder.mkdir()
    converter = folder / "convert_hf_to_gguf.py"
    converter.write_text(
        "import pathlib, sys\nmodel, _, out = sys.argv[1:4]\n"
        "pathlib.Path(out).write_text(' '.join(sorted(each.name for each in pathlib.Path(model).iterdir())))\n"
    )
    converter.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))
    export_merged(adapter, tmp_path / "tuned.gguf", cache=tiny_cache)
    assert {"config.json", "model.safetensors", "tokenizer.json"} <= set((tmp_path / "tuned.gguf").read_text().split())


@pytest.mark.parametrize("method", ["dora", "rslora"])
def test_other_methods_load_as_they_were_tuned(tiny_cache: Path, recipe: Recipe, tmp_path: Path, method: str) -> None:
    import torch

    other = load_tunable(recipe.model_copy(update={"method": method}), cache=tiny_cache, device="cpu")
    with torch.no_grad():
        for name, weight in other.learned().items():
            if "lora_B" in name:
                weight.normal_(0, 0.1)
    keep_tuned(other, tmp_path / method, card_for(other, {}, 0, "CC0-1.0", "somebody"))
    base = load_causal(tiny_cache / "smollm2", "float32", "cpu")
    loaded = _logits(apply_adapter(base, tmp_path / method, merge=True), other)
    assert torch.allclose(loaded, _logits(other.model, other), atol=0.1)


def test_a_model_that_was_tuned_as_a_whole_is_a_generator(
    tiny_cache: Path, recipe: Recipe, tmp_path: Path, sheet: list[SheetLine]
) -> None:
    import torch

    whole = load_tunable(recipe.model_copy(update={"method": "full"}), cache=tiny_cache, device="cpu")
    assert len(whole.learned()) == len(dict(whole.model.named_parameters()))
    with torch.no_grad():
        next(iter(whole.learned().values())).add_(0.01)
    card = keep_tuned(whole, tmp_path / "model", card_for(whole, {}, 0, None, None))
    generator = load_generator(str(tmp_path / "model"), cache=tiny_cache, device="cpu")
    assert generator.style == "plain"
    assert generator.name == f"smollm2-{card.fingerprint}"
    assert generator.write_program("What?", []).text.startswith("abstain(")


def test_four_bits_are_refused_where_there_is_no_gpu(tiny_cache: Path, recipe: Recipe) -> None:
    with pytest.raises(ModelError, match="needs a CUDA GPU"):
        load_tunable(recipe.model_copy(update={"method": "qlora"}), cache=tiny_cache, device="cpu")


def test_targets_that_are_not_there_are_named(tiny_cache: Path, recipe: Recipe) -> None:
    with pytest.raises(ModelError, match="targets are not in smollm2"):
        load_tunable(recipe.model_copy(update={"targets": ("nowhere",)}), cache=tiny_cache, device="cpu")


def test_a_card_does_not_name_who_ran_it_unless_told(tunable: Tunable) -> None:
    card = card_for(tunable, {}, 0, None, None)
    assert isinstance(card, AdapterCard)
    assert card.made_by is None


def test_a_result_survives_a_kill_while_it_is_replaced(tmp_path: Path) -> None:
    for name, text in (("adapter.former", "old"), ("adapter.partial", "new")):
        (tmp_path / name).mkdir()
        (tmp_path / name / CARD).write_text(text)
    settle_folder(tmp_path / "adapter")
    assert (tmp_path / "adapter" / CARD).read_text() == "old"
    replace_folder(tmp_path / "adapter.partial", tmp_path / "adapter")
    assert [each.name for each in tmp_path.iterdir()] == ["adapter"]
    assert (tmp_path / "adapter" / CARD).read_text() == "new"
