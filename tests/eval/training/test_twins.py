from dataclasses import replace
from random import Random

from eval.training.twins import plain_lines, refusals_about, sheet_of_rest
from ingest.vocabulary import load_vocabulary
from model.contract import SheetLine
from model.program import parse_program, pointers
from model.tuning.example import TrainingExample

LINES = (
    SheetLine(
        "E1", "net sales | 2018: $ 32,765 | 2017: $ 31,657 | c3: 3.5%", ("2018", "2017", "c3"), ("", "", "change")
    ),
    SheetLine("E2", "assets > goodwill | 2018: 1,204 | 2017: 988", ("2018", "2017")),
    SheetLine("E3", "marketing | 2018: 7,411 | 2017: 7,002", ("2018", "2017")),
    SheetLine("E4", "interest paid | 2018: 311 | 2017: 290", ("2018", "2017")),
    SheetLine("E5", "the company sold n1: 47 stores .", ("n1",)),
    SheetLine("E6", "see notes ."),
)
ASKED = (
    TrainingExample("a", "what was goodwill in 2017?", LINES, "value(E2[2017])", "lookup", "g", "tests"),
    TrainingExample(
        "b",
        "what did marketing rise by in 2018?",
        LINES,
        "subtract(value(E3[2018]), value(E3[2017]))",
        "s",
        "g",
        "tests",
    ),
)


def test_twins_have_the_question_and_lack_what_it_needs() -> None:
    kinds = set()
    for seed in range(40):
        made = list(refusals_about(ASKED, load_vocabulary(), Random(seed)))
        refused = [example for example in made if example.program.startswith("abstain")]
        for example in refused:
            kinds.add(example.kind)
            twin = next(each for each in ASKED if each.question == example.question)
            kept = {(line.id, key) for line in example.lines for key in line.keys}
            assert not kept >= {(pointer.row, pointer.key) for pointer in pointers(parse_program(twin.program))}
            assert example.group == "g"
        assert len({example.lines for example in made}) <= 1
        assert bool(made) == bool(refused)
    assert kinds == {"not_reported", "wrong_period"}


def test_a_figure_that_is_taken_leaves_the_rest_of_its_line() -> None:
    plain = plain_lines(LINES)
    assert [(line.kind, line.label) for line in plain][:2] == [("row", "net sales"), ("row", "goodwill")]
    assert plain[4].kind == "sentence"
    left = [line for line in plain if line.id != "E4"]
    assert sheet_of_rest(LINES, left) == tuple(line for line in LINES if line.id != "E4")
    first = replace(left[0], cells=left[0].cells[1:])
    less = sheet_of_rest(LINES, [first])
    assert less == (SheetLine("E1", "net sales | 2017: $ 31,657 | c3: 3.5%", ("2017", "c3"), ("", "change")),)


def test_a_benchmark_question_that_names_no_period_is_not_refused_for_one() -> None:
    asked = TrainingExample("c", "what is goodwill?", LINES, "value(E2[2018])", "lookup", "g", "tests")
    made = [e for seed in range(40) for e in refusals_about([asked], load_vocabulary(), Random(seed))]
    assert {e.kind for e in made if e.program.startswith("abstain")} == {"not_reported"}
