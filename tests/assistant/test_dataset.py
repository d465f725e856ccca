from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest
from typer.testing import CliRunner

from assistant.cli.main import app
from assistant.dataset.asks import Ask, Desk
from assistant.dataset.build import Dataset, Options, build
from assistant.dataset.checking import Gate
from assistant.dataset.labels import lowered, spoken
from assistant.dataset.pairs import RIVAL_MAKERS
from assistant.dataset.privacy import pattern_of, personal, persons_in
from assistant.dataset.prose import match
from assistant.dataset.sheets import Sheet, page_sheets
from assistant.dataset.splits import held_out, without_leaks
from assistant.dataset.subjects import find_subjects
from assistant.dataset.times import comparable, time_of
from assistant.dataset.truth import Truth
from assistant.dataset.wording import built_in_wording
from assistant.sheet import sheet_lines
from index.evidence import EvidenceLine
from index.library import Library
from ingest.filing import Line, Page, Period, Span
from ingest.vocabulary import built_in_vocabulary
from model.contract import SheetLine
from model.program import parse_program, pointers
from model.tuning.example import TrainingExample, read_examples
from tests.assistant.desk import EMBEDDER, copy_library

OPTIONS = Options(seed=3, per_filing=120)


def numbers() -> Random:
    return Random(1)


def quiet(what: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


@pytest.fixture(scope="module")
def dataset(library: Library) -> Dataset:
    return build(library, EMBEDDER, built_in_vocabulary(), OPTIONS, quiet)


@pytest.fixture
def sheet(library: Library) -> Sheet:
    filing = library.resolve("orrindale_2024_10K.pdf")
    tables = library.tables(filing.id, "income")
    return page_sheets(filing, tables[0].id, library, numbers())[0]


@pytest.mark.slow
def test_the_same_seed_makes_the_same_examples_and_another_seed_others(dataset: Dataset, library: Library) -> None:
    again = build(library, EMBEDDER, built_in_vocabulary(), OPTIONS, quiet)
    assert again.train == dataset.train
    assert again.dev == dataset.dev
    other = build(library, EMBEDDER, built_in_vocabulary(), replace(OPTIONS, seed=4, per_filing=20), quiet)
    assert not {e.id for e in other.train + other.dev} <= {e.id for e in dataset.train + dataset.dev}


def test_companies_are_in_one_split_only(dataset: Dataset) -> None:
    train, dev = ({example.group for example in part} for part in (dataset.train, dataset.dev))
    assert train
    assert dev
    assert not train & dev


def test_many_kinds_are_asked_and_some_are_refused(dataset: Dataset) -> None:
    examples = dataset.train + dataset.dev
    kinds = {example.kind for example in examples}
    assert kinds >= {
        "lookup",
        "growth",
        "change",
        "formula",
        "average",
        "rose",
        "wrong_period",
        "not_reported",
    }
    assert kinds & {"share", "share_change", "percent_of"}
    refused = sum(example.program.startswith("abstain") for example in examples)
    assert 0.1 < refused / len(examples) < 0.35


def test_a_looked_up_figure_is_of_the_period_and_line_that_the_question_names(dataset: Dataset) -> None:
    looked_up = [e for e in dataset.train + dataset.dev if e.kind == "lookup"]
    assert len(looked_up) > 20
    for example in looked_up:
        (pointer,) = pointers(parse_program(example.program))
        if pointer.key.startswith("c"):
            continue
        assert pointer.key[:4] in example.question, example


def test_growth_without_a_first_year_is_from_the_year_before(dataset: Dataset) -> None:
    for example in dataset.train + dataset.dev:
        years = re.findall(r"20\d\d", example.question)
        if example.kind in ("growth", "change") and len(years) == 1:
            last, first = (int(pointer.key[:4]) for pointer in pointers(parse_program(example.program)))
            assert (first, last) == (int(years[0]) - 1, int(years[0])), example


def test_no_line_has_the_figure_that_is_refused_for_its_period(dataset: Dataset) -> None:
    refused = [e for e in dataset.train + dataset.dev if e.kind == "wrong_period"]
    assert refused
    for example in refused:
        years = set(re.findall(r"20\d\d", example.question))
        if len(years) == 1 and re.search(r"grow|rate|change|increase|decrease", example.question, re.I):
            years.add(str(int(min(years)) - 1))
        named = [line for line in example.lines if line.keys and _label(line).lower() in example.question.lower()]
        assert not any(years <= {key[:4] for key in line.keys} and "Q" not in "".join(line.keys) for line in named), (
            example
        )


def _label(line: SheetLine) -> str:
    return line.text.split(" | ")[0].split(" > ")[-1].split(": ")[-1]


def test_what_does_not_give_the_reckoned_result_is_dropped_and_counted(sheet: Sheet, library: Library) -> None:
    line = next(line for line in sheet.evidence.lines if len(line.cells) > 1)
    cell = line.cells[0]
    program = f"value({line.id}[{cell.key}])"
    gate = Gate()
    assert gate.example(Ask("lookup", "How much?", program, cell.value + 1), sheet, "x") is None
    assert gate.example(Ask("lookup", "How much?", f"value({line.id}[1901])", cell.value), sheet, "x") is None
    assert gate.example(Ask("lookup", "How much?", program, cell.value), sheet, "x") is not None
    assert gate.example(Ask("lookup", "how much", program, cell.value), sheet, "x") is None
    assert gate.dropped["gives another result than was reckoned"] == 1
    assert gate.dropped["asks the same of the same lines"] == 1
    assert sum(gate.dropped.values()) == 3


def test_a_figure_that_the_filing_states_otherwise_cannot_be_asked_for(sheet: Sheet, library: Library) -> None:
    truth = Truth(library)
    rows = [line for line in sheet.evidence.lines if line.kind == "row"]
    wrong = [replace(r, cells=tuple(replace(c, value=c.value * 1000) for c in r.cells)) for r in rows]
    arguments = built_in_vocabulary(), built_in_wording(), truth, numbers()
    assert find_subjects(rows, *arguments, columns=False)
    assert not find_subjects(wrong, *arguments, columns=False)
    assert truth.counts["cells that differ from their fact"] > 0


def test_lines_that_say_different_things_by_one_name_are_not_asked_for(sheet: Sheet, library: Library) -> None:
    rows = [line for line in sheet.evidence.lines if line.kind == "row"]
    twin = replace(rows[0], id="E99", cells=tuple(replace(c, value=c.value + 1, printed="9") for c in rows[0].cells))
    arguments = built_in_vocabulary(), built_in_wording(), Truth(library), numbers()
    alone = find_subjects(rows[:1], *arguments, columns=False)
    assert alone
    assert not find_subjects([rows[0], twin], *arguments, columns=False)


def test_lines_that_only_net_tells_apart_and_columns_of_one_period_are_not_asked_for(
    sheet: Sheet, library: Library
) -> None:
    line = next(line for line in sheet.evidence.lines if len(line.cells) > 1)
    arguments = built_in_vocabulary(), built_in_wording(), Truth(library), numbers()
    near = replace(line, id="E98", label=f"{line.label}, net", path=line.path)
    near = replace(near, cells=tuple(replace(cell, value=cell.value + 1) for cell in near.cells))
    assert find_subjects([line], *arguments, columns=False)
    assert not find_subjects([line, near], *arguments, columns=False)
    amount = replace(line.cells[0], key="c9", column="As of December 31, 2024 Amount")
    assert not find_subjects([replace(line, cells=(*line.cells, amount))], *arguments, columns=False)


def test_labels_are_spoken_without_marks_and_left_out_where_they_name_a_time() -> None:
    assert spoken("Marketable securities (1)") == "Marketable securities"
    assert spoken("Less: accumulated depreciation") == "accumulated depreciation"
    assert spoken("Receivables, net of allowance of $95") == "Receivables"
    assert spoken("Balance at December 31, 2022") is None
    assert spoken("4.12") is None
    assert lowered("TOTAL LIABILITIES") == "total liabilities"
    assert lowered("R&D Expense") == "R&D expense"


def test_a_day_tells_the_period_only_where_the_fiscal_year_is_the_calendars() -> None:
    calendar = time_of("2023Q2", Period(date(2023, 6, 30), 3, None, 2023, 2), "")
    shifted = time_of("2023Q3", Period(date(2023, 7, 1), 3, None, 2023, 3), "")
    assert calendar is not None
    assert shifted is not None
    assert calendar.date_tells
    assert time_of("2022", Period(date(2023, 1, 28), 12, None, 2022), "").date_tells is False  # type: ignore[union-attr]
    assert not comparable(calendar, time_of("2023", Period(date(2023, 12, 31), 12, None, 2023), ""))  # type: ignore[arg-type]
    assert time_of("c2", None, "Level 1").kind == "column"  # type: ignore[union-attr]
    assert time_of("c2", None, "2019") is None
    assert time_of("2023Q1", Period(date(2023, 5, 31), 5, None, 2023, 1), "") is None, "five months are no quarter"
    assert time_of("2023", Period(date(2023, 12, 31), 7, None, 2023), "") is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Write to investor@orrindale.example", "an address of mail"),
        ("Call (212) 555-0199 for a copy", "a telephone number"),
        ("His number is 078-05-1120", "a number like that of social security"),
        ("Mr. Harker joined in 2019", "a person by title"),
        ("Form of Employment Agreement dated May 2, 2022", "an agreement with a person"),
        ("Mina Harker, Chief Financial Officer", "a person by title"),
        ("mina harker was granted options", "a person of the filings"),
        ("Net sales | 2024: 4,120 | 2023: 3,870", None),
        ("Options | 2024: 123,456,789 | 2023: 201-2024", None),
        ("The Audit Committee met in 2024", None),
    ],
)
def test_personal_data_are_found(text: str, found: str | None) -> None:
    page = _page("SIGNATURES /s/ Mina Harker Date: March 3, 2025")
    persons = persons_in([page])
    assert persons == {"Mina Harker"}
    assert personal([text], pattern_of(persons)) == found


def _page(text: str) -> Page:
    return Page(0, None, text, (Line(text, (0, len(text))),), 600, 800)


def test_a_sentence_that_tells_why_is_asked_for_and_one_without_a_subject_is_not() -> None:
    told = match(
        _sentence("Service revenue increased in 2024 due primarily to more contracts in the northern region."), 0
    )
    assert told is not None
    assert told.words["what"] == "service revenue"
    assert told.words["base"] == "increase"
    assert match(_sentence("This increased in 2024 due primarily to more contracts in the northern region."), 0) is None


def _sentence(text: str) -> EvidenceLine:
    return EvidenceLine("E1", "sentence", "f", "f.pdf", "Orrindale", text, (), (), Span(0))


def test_held_out_companies_are_the_same_for_a_seed_and_a_share_of_all() -> None:
    names = [f"company {number}" for number in range(20)]
    assert held_out(names, 1) == held_out(reversed(names), 1)
    assert len(held_out(names, 1)) == 3
    assert held_out(names, 1) != held_out(names, 2)
    assert not held_out(["alone"], 1)


def test_what_stands_in_both_splits_leaves_the_training_part() -> None:
    shared = _example("a", "What were sales in 2024?", "Sales | 2024: 5")
    train = [shared, _example("b", "What was cost in 2024?", "Cost | 2024: 4")]
    kept, leaks = without_leaks(train, [_example("c", "what were the sales in 2024", "Sales | 2024: 5")])
    assert [example.id for example in kept] == ["b"]
    assert leaks == 1


def _example(name: str, question: str, text: str) -> TrainingExample:
    lines = (SheetLine("E1", text, ("2024",)),)
    return TrainingExample(name, question, lines, "value(E1[2024])", "lookup", name, "filings")


def test_the_command_writes_examples_and_a_card_with_their_hashes(
    shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.cli.building.embedder_for", lambda settings: EMBEDDER)
    out = tmp_path / "set"
    arguments = ["dataset", "build", "--out", str(out), "--per-filing", "20", "--limit", "30", "--licence", "invented"]
    result = CliRunner().invoke(app, [*arguments, "--library", str(copy_library(shelf, tmp_path / "library"))])
    assert result.exit_code == 0, result.output
    card = json.loads((out / "card.json").read_text())
    assert card["licence of the filings, as told"] == "invented"
    assert sum(card["examples"].values()) <= 30
    for name, digest in card["files"].items():
        assert hashlib.sha256((out / name).read_bytes()).hexdigest() == digest
        assert len(read_examples(out / name)) == card["examples"][name.removesuffix(".jsonl")]
    assert {source["split"] for source in card["sources"]} == {"train", "dev"}
    assert "## Left out" in (out / "card.md").read_text()
    assert Decimal(card["seed"]) == 0


def test_lines_say_of_which_company_they_are_where_there_are_several(sheet: Sheet) -> None:
    own = sheet.evidence.lines[:2]
    alone = sheet_lines(replace(sheet.evidence, lines=own))
    both = sheet_lines(replace(sheet.evidence, lines=(own[0], replace(own[1], company="Marrowby Foods, Inc."))))
    assert not alone[0].text.startswith("Orrindale")
    assert both[0].text.startswith("Orrindale")
    assert both[0].text.endswith(f": {alone[0].text}")
    assert both[1].text.startswith("Marrowby Foods: ")


def test_two_companies_are_compared_by_a_concept_that_both_state(sheet: Sheet, library: Library) -> None:
    rows = [line for line in sheet.evidence.lines if line.kind == "row"]
    twins = [replace(line, id=f"E{number}", company="Marrowby Foods, Inc.") for number, line in enumerate(rows, 90)]
    vocabulary, wording = built_in_vocabulary(), built_in_wording()
    subjects = find_subjects([*rows, *twins], vocabulary, wording, Truth(library), numbers(), columns=False)
    desk = Desk(subjects, wording, vocabulary, numbers(), several=True)
    asks = {kind: make(desk) for kind, make in RIVAL_MAKERS.items()}
    together = asks["rivals_together"]
    assert together is not None
    assert "orrindale" in together.question.lower()
    assert "marrowby foods" in together.question.lower()
    first, second = (
        next(c.value for line in (*rows, *twins) if line.id == p.row for c in line.cells if c.key == p.key)
        for p in pointers(parse_program(together.program))
    )
    assert together.expected == first + second
    assert asks["rivals_greater"] is not None
    assert asks["rivals_greater"].program.startswith("no(greater(")
    assert asks["rivals_apart"] is None, "neither is higher"


def test_a_line_with_numbered_columns_is_not_refused_for_its_period(dataset: Dataset) -> None:
    for example in dataset.train + dataset.dev:
        if example.kind == "wrong_period":
            named = [line for line in example.lines if line.keys and _label(line).lower() in example.question.lower()]
            longest = max(named, key=lambda line: len(_label(line)), default=None)
            assert longest is None or not any(re.fullmatch(r"c\d+", key) for key in longest.keys), example
