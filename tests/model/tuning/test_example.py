import json

import pytest

from ingest.errors import DatasetError, ProgramError
from model.contract import SheetLine
from model.tuning.example import TrainingExample, read_examples, write_examples

LINES = (
    SheetLine("E1", "Net sales | 2024: 4,120 | 2023: 3,870", ("2024", "2023"), ("", "restated")),
    SheetLine("E2", "Sales rose because the Harbour plant opened."),
)


def example(program, **changed):
    fields = {"id": "a", "question": "?", "kind": "growth", "group": "orrindale", "source": "filings"}
    return TrainingExample(lines=LINES, program=program, **{**fields, **changed})


@pytest.mark.parametrize(
    "program", ["growth(value(E1[2024]), value(E1[2023]))", "quote(E2)", "abstain(not_reported)", "table_sum(E1)"]
)
def test_examples_come_back_as_they_were_written(tmp_path, program):
    path = tmp_path / "examples.jsonl"
    assert write_examples([example(program)], path) == 1
    assert read_examples(path) == (example(program),)
    assert [item.name for item in tmp_path.iterdir()] == ["examples.jsonl"]


@pytest.mark.parametrize("program", ["value(E3[2024])", "value(E1[2022])", "quote(E9)", "1577"])
def test_a_program_that_points_beside_its_sheet_is_no_example(program):
    with pytest.raises(ProgramError):
        example(program)


@pytest.mark.parametrize(
    "change",
    [
        {"program": "value(E1[1999])"},
        {"lines": "none"},
        {"question": 5},
        {"kind": None},
        {"lines": [{"id": "E1", "text": "", "keys": "c2"}]},
    ],
)
def test_a_file_with_something_else_is_refused_with_its_line(tmp_path, change):
    path = tmp_path / "examples.jsonl"
    write_examples([example("quote(E2)")], path)
    record = json.loads(path.read_text(encoding="utf-8"))
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps({**record, **change}) + "\n")
    with pytest.raises(DatasetError, match="line 2"):
        read_examples(path)


def test_a_file_that_is_absent_is_named(tmp_path):
    with pytest.raises(DatasetError, match=r"none\.jsonl"):
        read_examples(tmp_path / "none.jsonl")
