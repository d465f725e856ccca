import json
from pathlib import Path

import pytest
import torch

from ingest.errors import ModelCorruptError, ModelMissingError
from model.contract import SheetLine
from model.picker.actions import NUMBERS, to_program
from model.picker.artefact import CARD, WEIGHTS, new_network, open_picker, save_picker
from model.picker.decode import choose
from model.picker.generator import PickerGenerator, load_picker
from model.picker.network import PickerNetwork
from model.program import parse_program

LINES = (
    SheetLine("E1", "Net sales | 2024: 4,120 | 2023: 3,870", ("2024", "2023")),
    SheetLine("E2", "Cost of sales | 2024: 2,510 | 2023: 2,400", ("2024", "2023")),
    SheetLine("E3", "The Harbour plant is in Norway."),
)
QUESTION = "What was the growth of net sales from 2023 to 2024?"


def _never_refuse(network: PickerNetwork) -> None:
    """An untrained network that would rather point at anything."""
    refusals = [number for name, number in NUMBERS.items() if name.startswith("abstain:")]
    with torch.no_grad():
        network.operation.bias[refusals] -= 100.0


@pytest.fixture(scope="module")
def folder(minilm_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.manual_seed(0)
    network, _, base = new_network(minilm_cache)
    _never_refuse(network)
    made = tmp_path_factory.mktemp("picker")
    save_picker(network, {"base": base, "least_probability": 0.0}, made)
    return made


def test_a_picker_comes_back_almost_as_it_was(folder: Path, minilm_cache: Path) -> None:
    torch.manual_seed(0)
    network, _, _ = new_network(minilm_cache)
    _never_refuse(network)
    again = open_picker(folder, cache=minilm_cache).network.state_dict()
    for name, tensor in network.state_dict().items():
        step = tensor.abs().amax(dim=-1, keepdim=True).float() / 100
        assert bool(((again[name] - tensor).abs() <= step + 1e-3).all()), name
    assert (folder / WEIGHTS).stat().st_size < 20_000_000


def test_it_writes_programs_over_the_sheet(folder: Path, minilm_cache: Path) -> None:
    generator = load_picker(folder, cache=minilm_cache)
    generation = generator.write_program(QUESTION, LINES)
    assert generation.probability is not None
    assert 0 < generation.probability <= 1
    assert str(parse_program(generation.text)) == generation.text
    assert generation.model == f"picker@{generator.fingerprint}"
    assert generator.write_program(QUESTION, LINES).text == generation.text


def test_what_is_too_unlikely_is_not_said(folder: Path, minilm_cache: Path) -> None:
    picker = open_picker(folder, cache=minilm_cache)
    layout = picker.typesetter.lay_out([QUESTION], LINES)
    best = choose(picker.network, layout, picker.typesetter.padding)[0]
    written = str(to_program(best.actions, layout.lines))
    assert PickerGenerator(picker, best.probability / 2).write_program(QUESTION, LINES).text == written
    above = PickerGenerator(picker, min(1.0, best.probability * 1.1)).write_program(QUESTION, LINES)
    assert above.text.startswith("abstain(")
    assert "less than" in above.refused
    assert above.probability == pytest.approx(best.probability)


def test_lines_that_are_not_read_are_named(folder: Path, minilm_cache: Path) -> None:
    many = (*LINES, *(SheetLine(f"E{n}", f"Line {n} | 2024: {n}", ("2024",)) for n in range(4, 40)))
    generation = load_picker(folder, cache=minilm_cache).write_program(QUESTION, many)
    assert "E1" not in generation.dropped_lines
    assert len(generation.dropped_lines) > 20


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"base": "minilm@000000000000"}, "trained on minilm@000000000000"),
        ({"operations": ["add:2"]}, "other operators"),
        ({"sha256": "0" * 64}, "not what its card says"),
    ],
)
def test_a_picker_that_does_not_fit_is_refused(
    folder: Path, minilm_cache: Path, tmp_path: Path, change: dict[str, object], told: str
) -> None:
    card = json.loads((folder / CARD).read_text(encoding="utf-8"))
    (tmp_path / CARD).write_text(json.dumps({**card, **change}), encoding="utf-8")
    (tmp_path / WEIGHTS).write_bytes((folder / WEIGHTS).read_bytes())
    with pytest.raises(ModelCorruptError, match=told):
        open_picker(tmp_path, cache=minilm_cache)


def test_what_is_no_picker_is_refused(tmp_path: Path, minilm_cache: Path) -> None:
    with pytest.raises(ModelCorruptError, match="holds no picker"):
        open_picker(tmp_path, cache=minilm_cache)


def test_without_its_encoder_the_remedy_is_told(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelMissingError, match="tieout models pull"):
        open_picker(folder, cache=tmp_path)
