from dataclasses import replace
from pathlib import Path

import pytest
import torch

from ingest.errors import UsageError
from model.contract import SheetLine
from model.minilm.bert import BertEncoder, BertShape
from model.picker.actions import MAX_ACTIONS, Cell, to_actions, to_program
from model.picker.batch import inputs_of
from model.picker.decode import choose
from model.picker.layout import MAX_TOKENS, Typesetter, short_figure
from model.picker.network import PickerNetwork
from model.picker.train import Lesson, PickerRecipe, lessons_of, loss_of, train
from model.program import parse_program
from model.static.embedder import load_tokenizer
from model.tuning.example import TrainingExample

LINES = (
    SheetLine("E1", "Columns: c2: thousands of dollars; 2023: 2023"),
    SheetLine("E2", "Net sales | c2: $ 4,120 | 2023: 3,870", ("c2", "2023"), ("thousands of dollars", "")),
    SheetLine("E3", "Loss > Net loss | c2: (87) | 2023: 41%", ("c2", "2023"), ("thousands of dollars", "")),
    SheetLine("E4", "income rose by n1: 23.4 million , or n2: 12 % , as the Harbour plant opened .", ("n1", "n2")),
    SheetLine("E5", "The Harbour plant is in Norway."),
)
QUESTIONS = ("What was the growth of net sales?", "Where is the Harbour plant?")
TOKENIZER = Path(__file__).parents[3] / "model" / "static" / "data" / "tokenizer.json"


@pytest.fixture(scope="module")
def typesetter() -> Typesetter:
    return Typesetter(load_tokenizer(TOKENIZER))


@pytest.fixture
def network() -> PickerNetwork:
    torch.manual_seed(0)
    shape = BertShape(
        vocab_size=40_000,
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=64,
        max_position_embeddings=512,
    )
    return PickerNetwork(BertEncoder(shape)).eval()


def test_each_figure_is_found_where_it_is_printed(typesetter: Typesetter) -> None:
    layout = typesetter.lay_out(QUESTIONS, LINES)
    assert layout.lines == LINES
    assert layout.cells == (Cell(1, 0), Cell(1, 1), Cell(2, 0), Cell(2, 1), Cell(3, 0), Cell(3, 1))
    assert len(layout.ids) == len(layout.marks) <= MAX_TOKENS
    four, minus, rise = (layout.cell_tokens[number] for number in (0, 2, 4))
    decode = typesetter._tokenizer.decode
    assert decode(list(layout.ids[four : four + 3])) == "$ 4."
    assert decode(list(layout.ids[minus : minus + 2])) == "minus 87"
    assert decode(list(layout.ids[rise : rise + 1])) == "23"
    assert "n1" not in decode(list(layout.ids))


@pytest.mark.parametrize(
    ("printed", "short"),
    [
        ("$ 25,171", "$ 25 k"),
        ("(55,874)", "minus 56 k"),
        ("-9 ( 9 )", "minus 9"),
        ("4.2%", "4.2 %"),
        ("1,234,567,890", "1.2 b"),
        ("0.53", "0.5"),
        ("nm", "nm"),
    ],
)
def test_figures_are_written_shortly(printed: str, short: str) -> None:
    assert short_figure(printed) == short


def test_a_long_sheet_keeps_what_the_question_is_about(typesetter: Typesetter) -> None:
    words = "the quick brown fox jumps over the lazy dog and runs to the harbour again and again"
    rows = [SheetLine(f"E{n}", f"{words} {n} | 2024: {n}", ("2024",)) for n in range(1, 60)]
    rows[41] = SheetLine("E42", "deferred franchise taxes | 2024: 7", ("2024",))
    layout = typesetter.lay_out(["what were deferred franchise taxes in 2024?"], rows)
    assert "E42" in {line.id for line in layout.lines}
    assert len(layout.ids) <= MAX_TOKENS


def test_a_question_is_read_alike_alone_and_among_others(typesetter: Typesetter, network: PickerNetwork) -> None:
    both = typesetter.lay_out(QUESTIONS, LINES)
    other = typesetter.lay_out(["And the year before?"], LINES[:3])
    together = network.read(inputs_of([other, both], typesetter.padding))
    for number, question in enumerate(both.questions):
        alone = network.read(
            inputs_of([replace(both, questions=(question,), features=(both.features[number],))], typesetter.padding)
        )
        seen = int(alone.token_mask.sum())
        torch.testing.assert_close(together.tokens[1 + number, :seen], alone.tokens[0, :seen], atol=1e-5, rtol=1e-4)
        torch.testing.assert_close(together.first[1 + number], alone.first[0], atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("seed", range(8))
def test_whatever_the_weights_a_program_comes_out(typesetter: Typesetter, network: PickerNetwork, seed: int) -> None:
    torch.manual_seed(seed)
    for parameter in network.parameters():
        torch.nn.init.normal_(parameter, std=0.5)
    for lines in (LINES, LINES[4:], ()):
        layout = typesetter.lay_out(QUESTIONS[:1], lines)
        found = choose(network, layout, typesetter.padding)
        assert found
        for choice in found:
            assert len(choice.actions) <= MAX_ACTIONS
            program = to_program(choice.actions, layout.lines)
            assert parse_program(str(program)) == program
            assert to_actions(program, layout.lines)
        assert [choice.probability for choice in found] == sorted((c.probability for c in found), reverse=True)


def _examples() -> list[TrainingExample]:
    asked = [
        ("what was the growth of net sales?", "growth(value(E2[c2]), value(E2[2023]))", "growth"),
        ("what was the net loss?", "value(E3[c2])", "lookup"),
        ("where is the harbour plant?", "quote(E5)", "quote"),
        ("what was spent on research?", "abstain(not_reported)", "abstain"),
    ]
    return [
        TrainingExample(str(number), question, LINES, program, kind, "g", "tests")
        for number, (question, program, kind) in enumerate(asked)
    ]


def test_it_learns_four_questions_by_heart(typesetter: Typesetter, network: PickerNetwork, tmp_path: Path) -> None:
    lessons, dropped = lessons_of(_examples(), typesetter, together=4)
    assert len(lessons) == 1
    assert not dropped["tests"]
    dev, _ = lessons_of(_examples(), typesetter, together=1)
    before = float(loss_of(network, lessons, typesetter.padding).detach())
    recipe = PickerRecipe(minutes=9.0, steps=60, encoder_rate=3e-3, decoder_rate=3e-3, check_every=9.0)
    assert train(network, lessons, dev, typesetter.padding, recipe, tmp_path) == 1.0
    network.eval()
    assert float(loss_of(network, lessons, typesetter.padding).detach()) < before / 5


def test_a_run_that_was_stopped_goes_on(typesetter: Typesetter, network: PickerNetwork, tmp_path: Path) -> None:
    lessons, _ = lessons_of(_examples(), typesetter, together=4)
    dev, _ = lessons_of(_examples(), typesetter, together=1)
    recipe = PickerRecipe(minutes=9.0, steps=12, encoder_rate=3e-3, decoder_rate=3e-3, check_every=0.0)
    with pytest.raises(UsageError, match="no checkpoint"):
        train(network, lessons, dev, typesetter.padding, recipe, tmp_path, resume=True)

    def stop(record: dict[str, object]) -> None:
        if record.get("seen") == 20:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(network, lessons, dev, typesetter.padding, recipe, tmp_path, stop)
    with pytest.raises(UsageError, match="another recipe"):
        train(network, lessons, dev, typesetter.padding, replace(recipe, seed=1), tmp_path, resume=True)
    with pytest.raises(UsageError, match="other data"):
        train(network, lessons * 2, dev, typesetter.padding, recipe, tmp_path, resume=True)
    seen: list[object] = []
    train(network, lessons, dev, typesetter.padding, recipe, tmp_path, lambda r: seen.append(r["seen"]), resume=True)
    assert seen == [20, 24, 28, 32, 36, 40, 44, 48, 48]


def test_question_and_figures_meet(typesetter: Typesetter, network: PickerNetwork) -> None:
    inputs = inputs_of([typesetter.lay_out(QUESTIONS, LINES)], typesetter.padding)
    before = network.read(inputs)
    for layer in network.joint.layers:
        torch.nn.init.normal_(layer.gathered.weight)
    after = network.read(inputs)
    figures = inputs.place_mask.nonzero()
    assert all(not torch.allclose(before.places[row, place], after.places[row, place]) for row, place in figures)
    for layer in network.joint.layers:
        torch.nn.init.normal_(layer.relations, mean=3.0)
    assert not torch.allclose(network.read(inputs).places, after.places)
    apart = replace(inputs, lines=torch.full_like(inputs.lines, -1), columns=torch.full_like(inputs.columns, -1))
    torch.testing.assert_close(network.read(apart).places, after.places)


def test_figures_under_one_heading_share_a_column(typesetter: Typesetter) -> None:
    assert typesetter.lay_out(QUESTIONS, LINES).columns == (0, 1, 0, 1, 2, 3)


def test_a_line_without_room_is_counted(typesetter: Typesetter) -> None:
    rows = tuple(SheetLine(f"E{n}", f"net sales | 2024: {n}", ("2024",)) for n in range(1, 40))
    example = TrainingExample("a", "net sales?", rows, "value(E39[2024])", "lookup", "g", "tests")
    lessons, dropped = lessons_of([example], typesetter, together=1)
    assert lessons == list[Lesson]()
    assert dropped == {"tests": 1}
