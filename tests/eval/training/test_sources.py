import json
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest

from assistant.execute import execute
from assistant.exercise import given, sheet_evidence
from assistant.sheet import sheet_lines
from eval.case import Case
from eval.systems.sheet import sheet_of
from eval.training.augment import SOURCE, Sheet, questions_about, wordings
from eval.training.corpus import build_corpus, is_held_out, write_corpus
from eval.training.derivation import point_derivation
from eval.training.repoint import NotPointedError, repoint
from eval.training.sources import kind_of
from index.evidence import Evidence
from index.query import understand
from ingest.vocabulary import built_in_vocabulary, load_vocabulary
from model.program import parse_program
from model.tuning.example import read_examples

TABLE = (
    ("", "2018", "2017", "change"),
    ("net sales", "$ 32,765", "$ 31,657", "3.5%"),
    ("cost of sales", "16,682", "16,055", "3.9%"),
    ("loss on sale", "-9 ( 9 )", "-4 ( 4 )", ""),
    ("total expenses", "25,558", "23,829", ""),
)
TEXT = (
    "net income rose by $ 23.4 million , or 12% , in 2018 .",
    "as of december 31 , 2018 the company had 93,516 employees .",
)


def evidence_for(question: str, **data: object) -> tuple[Case, Evidence]:
    case = Case("1", question, "", data={"table": TABLE, "text": TEXT, **data})
    return case, sheet_of(case, understand(question, (), built_in_vocabulary()))


@pytest.mark.parametrize(
    ("question", "program", "gold", "pointed"),
    [
        (
            "what was the growth of net sales from 2017 to 2018?",
            "subtract(32765, 31657), divide(#0, 31657)",
            "0.035",
            "divide(subtract(value(E2[2018]), value(E2[2017])), value(E2[2017]))",
        ),
        ("what were the net sales in 2018?", "32765", "32765", "value(E2[2018])"),
        ("what was the net loss on sale in 2018?", "add(-9, -4)", "-13.0", "add(value(E4[2018]), value(E4[2017]))"),
        (
            "what is the mean of net sales?",
            "add(32765, 31657), divide(#0, const_2)",
            "32211.0",
            "divide(add(value(E2[2018]), value(E2[2017])), const(2))",
        ),
        (
            "were net sales above expenses?",
            "greater(32765, 25558)",
            "yes",
            "yes(greater(value(E2[2018]), value(E5[2018])))",
        ),
        ("what is the rise per employee?", "divide(23.4, 93516)", "0.00025", "divide(value(E6[n1]), value(E7[n1]))"),
        ("what is twelve percent of net sales?", "multiply(12%, 32765)", "3931.8", None),
    ],
)
def test_literal_numbers_become_pointers(question: str, program: str, gold: str, pointed: str | None) -> None:
    _, evidence = evidence_for(question)
    found = repoint(program, gold, evidence, question)
    if pointed is not None:
        assert str(found) == pointed
    outcome = execute(found, evidence)
    if outcome.result is not None:
        assert round(outcome.result.value, 4) == pytest.approx(Decimal(gold), abs=Decimal("0.0006"))


@pytest.mark.parametrize(
    ("program", "gold", "reason"),
    [
        ("subtract(5829, 31657)", "-25828", "not on the sheet"),
        ("subtract(32765, 31657)", "999", "another result"),
        ("multiply(32765, const_m1)", "-32765", "constant that is not ours"),
        ("subtract 32765)", "1", "read"),
        ("greater(32765, 31657)", "no", "executed"),
        ("table_max(no such row, none)", "1", "row that is not on the sheet"),
        ("frobnicate(32765, 31657)", "1", "executed"),
    ],
)
def test_what_cannot_be_pointed_says_why(program: str, gold: str, reason: str) -> None:
    _, evidence = evidence_for("what?")
    with pytest.raises(NotPointedError, match=reason):
        repoint(program, gold, evidence, "what?")


@pytest.mark.parametrize(
    ("question", "data", "pointed"),
    [
        (
            "What is the percentage change in net sales in 2018?",
            {
                "answer_type": "arithmetic",
                "derivation": "(32,765-31,657)/31,657",
                "answers": ("3.5",),
                "scale": "percent",
            },
            "divide(subtract(value(E2[2018]), value(E2[2017])), value(E2[2017]))",
        ),
        (
            "What is the average cost of sales?",
            {"answer_type": "arithmetic", "derivation": "[16,682 + 16,055] / 2", "answers": ("16368.5",), "scale": ""},
            "divide(add(value(E3[2018]), value(E3[2017])), const(2))",
        ),
        (
            "What are the total expenses in 2017?",
            {"answer_type": "span", "derivation": "", "answers": ("23,829",), "scale": ""},
            "value(E5[2017])",
        ),
        (
            "How many employees were there?",
            {"answer_type": "span", "derivation": "", "answers": ("the company had 93,516 employees",), "scale": ""},
            "quote(E7)",
        ),
    ],
)
def test_derivations_and_spans_become_programs(question: str, data: dict[str, object], pointed: str) -> None:
    case, evidence = evidence_for(question, **data)
    assert str(point_derivation(case, evidence)) == pointed


@pytest.mark.parametrize(
    "data",
    [
        {"answer_type": "count", "derivation": "", "answers": ("2",), "scale": ""},
        {"answer_type": "arithmetic", "derivation": "(32,765-31,657", "answers": ("1",), "scale": ""},
        {"answer_type": "arithmetic", "derivation": "__import__('os')", "answers": ("1",), "scale": ""},
        {"answer_type": "arithmetic", "derivation": "", "answers": ("1",), "scale": ""},
    ],
)
def test_a_derivation_that_cannot_be_read_is_left_out(data: dict[str, object]) -> None:
    case, evidence = evidence_for("What?", **data)
    with pytest.raises(NotPointedError):
        point_derivation(case, evidence)


def test_our_own_questions_have_programs_that_can_be_executed() -> None:
    _, evidence = evidence_for("what?")
    base = Sheet("a", sheet_lines(evidence), "g")
    made = list(questions_about(base, 40, Random(0)))
    assert len(made) > 15
    assert len({example.program for example in made}) == len(made)
    assert {example.source for example in made} == {SOURCE}
    assert len({example.kind for example in made}) > 5
    for example in made:
        assert "{" not in example.question
        outcome = given(example.program, sheet_evidence(example.lines))
        assert outcome.value is not None
    assert list(questions_about(base, 40, Random(0))) == made


def test_a_growth_is_asked_from_the_older_year_to_the_newer() -> None:
    _, evidence = evidence_for("what?")
    base = Sheet("a", sheet_lines(evidence), "g")
    grown = [
        example for seed in range(20) for example in questions_about(base, 10, Random(seed)) if example.kind == "growth"
    ]
    assert grown
    for example in grown:
        assert example.program.index("[2018]") < example.program.index("[2017]")
    assert set(wordings()) >= {"growth", "divide", "table_max"}


@pytest.mark.parametrize(
    ("program", "kind"),
    [
        ("value(E1[2018])", "lookup"),
        ("divide(subtract(value(E1[2018]), value(E1[2017])), value(E1[2017]))", "divide-subtract"),
        ("yes(greater(value(E1[2018]), value(E1[2017])))", "judgement"),
        ("quote(E1)", "quote"),
        ("abstain(not_reported)", "abstain"),
        ("table_sum(E1)", "table_sum"),
    ],
)
def test_kinds_are_named_by_their_operators(program: str, kind: str) -> None:
    assert kind_of(parse_program(program)) == kind


def _write_data(folder: Path) -> None:
    """Three data sets of one page each, in the shapes in which they are published."""
    page = "net sales fell .\n\n | 2018 | 2017\nnet sales | 32,765 | 31,657\ncosts | 16,682 | 16,055\n\nsee notes ."
    (folder / "finqa").mkdir(parents=True)
    record = {"question": "what were net sales in 2018?", "program": "32765"}
    trained = [
        {**record, "id": f"{company}/2018/page_1.pdf-1", "context": page, "gold_value": 32765.0, "answer": "32765"}
        for company in ("AAA", "BBB", "CCC", "DDD", "EEE", "FFF", "GGG", "HHH")
    ]
    rows = [json.dumps(each) for each in (*trained, {"id": "x", "question": "?", "context": "", "answer": "1"})]
    (folder / "finqa" / "train_partial.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")
    table = [["", "2018", "2017"], ["net sales", "32,765", "31,657"]]
    dev = {
        **record,
        "id": "AAA/2018/page_2.pdf-1",
        "table": table,
        "context_full": "a .\n\nt\n\nb .",
        "exe_ans": 32765.0,
    }
    (folder / "finqa" / "dev.jsonl").write_text(json.dumps(dev) + "\n", encoding="utf-8")
    (folder / "convfinqa").mkdir()
    talk = {
        "id": "Single_BBB/2018/page_1.pdf-1",
        "doc": {"table": {"2018": {"net sales": 32765.0}}, "pre_text": "a .", "post_text": "b ."},
        "dialogue": {
            "conv_questions": ["what were net sales in 2018?"],
            "conv_answers": ["32765"],
            "turn_program": ["32765"],
            "executed_answers": [32765.0],
        },
    }
    (folder / "convfinqa" / "dev.json").write_text(json.dumps({"dev": [talk]}), encoding="utf-8")
    (folder / "tatqa").mkdir()
    question = {
        "uid": "q",
        "question": "What were net sales in 2018?",
        "answer": ["32,765"],
        "scale": "",
        "answer_type": "span",
        "answer_from": "table",
        "derivation": "",
    }
    context = {
        "table": {"uid": "t", "table": table},
        "paragraphs": [{"order": 1, "text": "a"}],
        "questions": [question],
    }
    (folder / "tatqa" / "dev.json").write_text(json.dumps([context]), encoding="utf-8")
    (folder / "finqa_tatqa_grounded").mkdir()
    prompt = (
        "Answer.\n\nQuestion:\nWhat was the change in costs from 2017 to 2018?\n\nEvidence contexts:\n"
        "[0a_table] type=table\n|  | 2018 | 2017 |\n| --- | --- | --- |\n| Costs | $ 16,682 | $ 16,055 |\n\n"
        "[0b] type=text\nIn millions.\n\nReturn JSON only in this schema:\n{}"
    )
    grounded = {"id": "g", "dataset": "tatqa", "prompt": prompt, "gold_json": json.dumps({"answer": "627 million"})}
    other = {**grounded, "id": "h", "dataset": "finqa"}
    rows = [json.dumps(each) for each in (grounded, other)]
    (folder / "finqa_tatqa_grounded" / "train.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")


def test_a_company_is_on_one_side_only(tmp_path: Path) -> None:
    _write_data(tmp_path / "data")
    corpus = build_corpus(tmp_path / "data", load_vocabulary())
    assert len(corpus.train) + len(corpus.dev) == 12
    assert not {example.group for example in corpus.train} & {example.group for example in corpus.dev}
    assert all(is_held_out(example.group) for example in corpus.dev)
    assert not any(is_held_out(example.group) for example in (*corpus.train, *corpus.own))
    card = write_corpus(corpus, tmp_path / "data", tmp_path / "out", 0)
    assert read_examples(tmp_path / "out" / "train.jsonl") == tuple(corpus.train)
    assert json.loads((tmp_path / "out" / "card.json").read_text(encoding="utf-8")) == card
    assert card["licences"] == {
        "finqa-train": "MIT",
        "finqa-dev": "MIT",
        "convfinqa-dev": "MIT",
        "tatqa-dev": "CC BY 4.0",
        "finqa-train-answers": "MIT",
        "tatqa-train-answers": "CC BY 4.0",
    }
