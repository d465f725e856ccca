from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from eval.benchmarks import convfinqa, docugami, financebench, finqa, own, tatqa
from eval.case import Case, Place, PredictedValue, Prediction
from eval.registry import open_benchmark
from eval.run import score
from ingest.errors import DataAbsentError, UsageError

DATA = Path(os.environ.get("TIEOUT_DATA", "../shared/data"))
LOADERS = (financebench, docugami, finqa, tatqa, convfinqa, own)


def write_lines(path: Path, *records: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("benchmark", LOADERS, ids=lambda module: module.__name__.split(".")[-1])
def test_absent_data_is_one_line_that_names_the_option(benchmark: Any, tmp_path: Path) -> None:
    with pytest.raises(DataAbsentError, match=r"^there is no .* --data$"):
        benchmark.load(tmp_path)


@pytest.mark.parametrize("benchmark", LOADERS, ids=lambda module: module.__name__.split(".")[-1])
def test_what_is_compared_is_what_is_scored(benchmark: Any) -> None:
    """A misspelt headline would never fail a gate."""
    known = benchmark.BENCHMARK
    assert open_benchmark(known.name) is known
    case = Case("1", "How much?", "1", places=(Place("a", 0),), documents=("a",), data={"answers": ("1",), "scale": ""})
    given = Prediction("answered", text="1", values=(PredictedValue("1", ""),), label="1", extra={"scale": ""})
    scored = {each.metric: each.value for each in score(known, case, given)}
    assert set(known.headline) | set(known.worse) <= set(scored)
    assert scored[known.headline[0]] == 1.0
    assert next(iter(known.systems)) in ("tieout", "sheet")


def test_filings_are_asked_of_tieout_and_its_peers() -> None:
    for benchmark in (financebench, docugami, own):
        systems = set(benchmark.BENCHMARK.systems)
        assert {"tieout", "tieout-facts", "tieout-oracle", "bm25", "bm25-oracle", "dense", "llamaindex"} <= systems


# FinanceBench


def financebench_record(**changes: Any) -> dict[str, Any]:
    evidence = [
        {"doc_name": "LARKFIELD_2031_10K", "evidence_page_num": 0, "evidence_text": "Cover"},
        {"doc_name": "LARKFIELD_2031_10K", "evidence_page_num": 41, "evidence_text": "Capital expenditure 12"},
        {"doc_name": "LARKFIELD_2031_10K", "evidence_page_num": 41, "evidence_text": "and 13"},
        {"doc_name": "LARKFIELD_2030_10K", "evidence_page_num": 7, "evidence_text": "Before"},
    ]
    record = {
        "financebench_id": "financebench_id_9",
        "company": "Larkfield",
        "doc_name": "LARKFIELD_2031_10K",
        "question_type": "metrics-generated",
        "question_reasoning": "Information extraction",
        "question": "What was the capital expenditure?",
        "answer": "$12.00",
        "justification": "As printed.",
        "evidence": evidence,
    }
    return {**record, **changes}


def test_financebench_pages_count_from_zero_and_stand_once(tmp_path: Path) -> None:
    write_lines(tmp_path / "financebench" / "questions.jsonl", financebench_record())
    (case,) = financebench.load(tmp_path)
    assert (case.id, case.gold, case.group, case.fold) == (
        "financebench_id_9",
        "$12.00",
        "metrics-generated",
        "Larkfield",
    )
    first, second = "LARKFIELD_2031_10K", "LARKFIELD_2030_10K"
    assert case.places == (Place(first, 0), Place(first, 41), Place(second, 7))
    assert case.documents == (first, second)
    assert case.data["question_reasoning"] == "Information extraction"
    assert financebench.load(tmp_path / "financebench") == (case,)


def test_a_row_that_lacks_a_field_is_named(tmp_path: Path) -> None:
    broken = financebench_record()
    del broken["answer"]
    write_lines(tmp_path / "questions.jsonl", financebench_record(), broken)
    with pytest.raises(UsageError, match=r"questions\.jsonl, row 2: not as .*'answer'"):
        financebench.load(tmp_path)


# Docugami


def write_docugami(folder: Path, answer: str, pattern: str = "*LARK*") -> None:
    for name in ("2031 Q1 LARK", "2031 Q2 LARK", "2031 Q1 OTHER"):
        write(folder / "pdfs" / f"{name}.pdf", "")
    heading = "\ufeffQuestion,Source Docs,Question Type,Source Chunk Type,Answer"
    quoted = answer.replace('"', '""')
    write(folder / "questions.csv", f'{heading}\nWhat changed?,{pattern},Multi-Doc RAG,Table,"{quoted}"\n')


def test_docugami_takes_source_notes_out_of_the_gold_and_keeps_them(tmp_path: Path) -> None:
    answer = (
        "Sales rose:\n- to $12 million in Q1. (SOURCE: 2031 Q1 LARK.pdf)\n- and on.\n\nSOURCE(S): 2031 Q1 LARK.pdf,\nx"
    )
    write_docugami(tmp_path / "docugami_10q", answer)
    (case,) = docugami.load(tmp_path)
    assert case.gold == "Sales rose:\n- to $12 million in Q1.\n- and on."
    assert case.data["answer"] == answer
    assert case.data["sources"] == ("2031 Q1 LARK",)
    assert case.documents == ("2031 Q1 LARK", "2031 Q2 LARK")
    assert (case.group, case.fold) == ("Multi-Doc RAG", "LARK")


def test_docugami_undoes_its_wrong_encoding_and_nothing_else(tmp_path: Path) -> None:
    wrong = "It’s €5 – café".encode().decode("cp1252", errors="replace")
    assert wrong != "It’s €5 – café"
    write_docugami(tmp_path, f"{wrong}; naïve", "*2031 Q2 LARK*")
    (case,) = docugami.load(tmp_path)
    assert case.gold == "It’s €5 – café; naïve"
    assert case.documents == ("2031 Q2 LARK",)
    assert case.fold == "LARK"


# FinQA


def finqa_record(**changes: Any) -> dict[str, Any]:
    record = {
        "id": "LARK/2031/page_4.pdf-2",
        "question": "what is the growth?",
        "table": [["", "2031", "2030"], ["sales", "$ 12", "-9 ( 9 )"]],
        "program": "subtract(12, -9), divide(#0, -9)",
        "exe_ans": -2.33333,
        "reader_context": ["the sales of 2031 is $ 12 ;"],
        "context_full": "sales rose .\n.\nthey fell .\n\n | 2031 | 2030\nsales | $ 12 | -9 ( 9 )\n\n\nnothing else .",
    }
    return {**record, **changes}


def test_finqa_keeps_table_text_and_program(tmp_path: Path) -> None:
    other = finqa_record(exe_ans="yes", program="greater(12, -9)")
    del other["id"], other["context_full"]
    write_lines(tmp_path / "finqa" / "dev.jsonl", finqa_record(), other)
    first, second = finqa.load(tmp_path)
    assert (first.id, first.gold, first.group, first.fold) == (
        "LARK/2031/page_4.pdf-2",
        "-2.33333",
        "2 steps",
        "LARK",
    )
    assert first.data["table"][1] == ("sales", "$ 12", "-9 ( 9 )")
    assert first.data["text"] == ("sales rose .", "they fell .", "nothing else .")
    assert first.data["exe_ans"] == -2.33333
    assert (second.id, second.gold, second.group) == ("row-2", "yes", "1 step")
    assert second.data["text"] == ("the sales of 2031 is $ 12 ;",)


# TAT-QA


def test_tatqa_has_a_case_for_each_question_of_a_table(tmp_path: Path) -> None:
    question = {"answer_from": "table", "derivation": "12-9", "scale": "million"}
    context = {
        "table": {"uid": "t1", "table": [["", "2031"], ["Sales", "12"]]},
        "paragraphs": [{"order": 2, "text": "Then this."}, {"order": 1, "text": "First this."}],
        "questions": [
            {**question, "uid": "q1", "question": "The change?", "answer": -3.5, "answer_type": "arithmetic"},
            {**question, "uid": "q2", "question": "Which?", "answer": ["A", "B"], "answer_type": "multi-span"},
        ],
    }
    write(tmp_path / "tatqa" / "dev.json", json.dumps([context]))
    number, spans = tatqa.load(tmp_path)
    assert (number.id, number.gold, number.group, number.fold) == ("q1", "-3.5 million", "arithmetic", "t1")
    assert (number.data["answers"], number.data["scale"]) == (("-3.5",), "million")
    assert number.data["text"] == ("First this.", "Then this.")
    assert spans.gold == "A; B million"
    assert spans.data["answers"] == ("A", "B")


# ConvFinQA


def test_convfinqa_turns_know_earlier_questions_but_no_answers(tmp_path: Path) -> None:
    conversation = {
        "id": "Single_LARK/2031/page_4.pdf-1",
        "doc": {
            "pre_text": "sales rose . they were $ 1.5 million .",
            "post_text": ".",
            "table": {"2031": {"sales": 12.0, "margin": -27.5}, "2030": {"sales": 9.0}},
        },
        "dialogue": {
            "conv_questions": ["sales in 2031?", "and in 2030?", "the change?", "in percent?"],
            "conv_answers": ["12", "9", "3", "33.3%"],
            "turn_program": ["12", "9", "subtract(12, 9)", "subtract(12, 9), divide(#0, 9)"],
            "executed_answers": [12.0, 9.0, 3.0, 0.33333],
        },
    }
    write(tmp_path / "convfinqa" / "dev.json", json.dumps({"dev": [conversation]}))
    cases = convfinqa.load(tmp_path)
    assert [case.id.split("#")[1] for case in cases] == ["1", "2", "3", "4"]
    assert [case.group for case in cases] == ["turn 1", "turn 2", "turn 3", "turn 4 and later"]
    last = cases[-1]
    assert (last.gold, last.fold) == ("0.33333", "LARK")
    assert last.data["before"] == ("sales in 2031?", "and in 2030?", "the change?")
    assert cases[0].data["before"] == ()
    assert last.data["table"] == (("", "2031", "2030"), ("sales", "12", "9"), ("margin", "-27.5", ""))
    assert last.data["text"] == ("sales rose .", "they were $ 1.5 million .")


def test_a_file_of_another_form_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "dev.json", json.dumps([{"id": "x"}]))
    with pytest.raises(UsageError, match="not as this benchmark is published"):
        convfinqa.load(tmp_path)
    with pytest.raises(UsageError, match="row 1: not as this benchmark is published"):
        tatqa.load(tmp_path)
    write(tmp_path / "dev.json", "[{")
    with pytest.raises(UsageError, match=r"dev\.json is not JSON"):
        tatqa.load(tmp_path)


# A user's own questions


@pytest.fixture
def own_folder(tmp_path: Path) -> Path:
    write(tmp_path / "reports" / "larkfield.pdf", "")
    write(tmp_path / "reports" / "harbour.htm", "")
    return tmp_path


def test_own_csv_counts_pages_from_one(own_folder: Path) -> None:
    text = (
        "\ufeffquestion,answer,document,page,group\r\n"
        '"What were\nsales?","$1,577 million",larkfield.pdf,3; 12,sales\r\n'
        ",,,,\r\n"
        "Who audits?,Abel & Co,harbour,,\r\n"
        "Anything\u2028else?,no,,,\r\n"
    )
    write(own_folder / "questions.csv", text)
    sales, audit, neither = own.load(own_folder)
    assert sales == Case(
        id="2",
        question="What were\nsales?",
        gold="$1,577 million",
        places=(Place("larkfield", 2), Place("larkfield", 11)),
        documents=("larkfield",),
        group="sales",
        fold="larkfield",
    )
    assert (audit.id, audit.documents, audit.places) == ("4", ("harbour",), ())
    assert (neither.question, neither.documents, neither.fold) == ("Anything\u2028else?", (), "5")
    assert own.load(own_folder / "questions.csv") == (sales, audit, neither)
    assert own.documents_folder(own_folder) == own_folder


def test_own_jsonl_takes_numbers_and_lists(own_folder: Path) -> None:
    write_lines(
        own_folder / "questions.jsonl",
        {"question": "Sales\u2028then?", "answer": 12.5, "document": "larkfield", "page": [1, 2]},
        {"question": "Both?", "answer": "yes", "document": ["larkfield.pdf", "harbour.htm"]},
    )
    sales, both = own.load(own_folder)
    assert (sales.question, sales.gold, sales.places[1]) == ("Sales\u2028then?", "12.5", Place("larkfield", 1))
    assert both.documents == ("larkfield", "harbour")


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("question,answer,page\nA?,1,1", "row 2: a page needs exactly one document, not 0"),
        ("question,answer,document,page\nA?,1,larkfield,0", "row 2: a page is a whole number from 1, not '0'"),
        ("question,answer,document,page\nA?,1,larkfield,²", "row 2: a page is a whole number from 1, not '²'"),
        ("question,answer,document\nA?,1,larkfeld", "row 2: there is no document 'larkfeld': is it 'larkfield'?"),
        ("question,answer,document\nA?,1,zzz", "row 2: there is no document 'zzz' (there are 2 documents)"),
        ("question,answer,pages\nA?,1,3", "row 2: unknown column 'pages'"),
        ("question,answer\nA?,1\nB?,", "row 3: the answer is missing"),
        ("question;answer\nA?;1", "row 2: unknown column 'question;answer'"),
        ("question,answer\nA?,1,2", "row 2: it has not as many cells as the heading"),
        ('question,answer\nA?,"1', "row 2: not CSV"),
    ],
)
def test_own_says_what_is_wrong_in_one_line(own_folder: Path, lines: str, said: str) -> None:
    write(own_folder / "questions.csv", lines)
    with pytest.raises(UsageError) as caught:
        own.load(own_folder)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("[1, 2]", "row 2: an object is wanted"),
        ('{"question": ', "row 2: not JSON"),
        ('{"question": "A?", "answer": {"value": 1}}', "row 2: the answer must be text"),
        ('{"question": "A?"}', "row 2: the answer is missing"),
    ],
)
def test_own_names_the_line_of_jsonl(own_folder: Path, line: str, said: str) -> None:
    write(own_folder / "questions.jsonl", f'{{"question": "A?", "answer": "1"}}\n{line}\n')
    with pytest.raises(UsageError, match=said):
        own.load(own_folder)


def test_own_refuses_what_is_not_utf8(own_folder: Path) -> None:
    (own_folder / "questions.csv").write_bytes("question,answer\nA?,1 €".encode("cp1252"))
    with pytest.raises(UsageError, match=r"is not UTF-8 text"):
        own.load(own_folder)


# The real data


def real(module: Any) -> tuple[Case, ...]:
    try:
        cases: tuple[Case, ...] = module.load(DATA)
    except DataAbsentError as error:
        pytest.skip(f"the measuring data is not there: {error}")
    assert len({case.id for case in cases}) == len(cases)
    assert all(case.question.strip() and case.gold.strip() and case.group and case.fold for case in cases)
    return cases


def test_real_financebench() -> None:
    cases = real(financebench)
    assert len(cases) == 64
    assert Counter(case.group for case in cases) == {
        "novel-generated": 27,
        "metrics-generated": 20,
        "domain-relevant": 17,
    }
    stems = {path.stem for path in financebench.documents_folder(DATA).glob("*.pdf")}
    assert all(case.places and set(case.documents) <= stems for case in cases)
    assert cases[0].places == (Place("3M_2018_10K", 59),)


def test_real_docugami() -> None:
    cases = real(docugami)
    assert len(cases) == 119
    assert Counter(case.fold for case in cases).keys() == {"AAPL", "AMZN", "INTC"}
    assert all(case.documents and "SOURCE" not in case.gold and "â€" not in case.gold for case in cases)
    assert all(case.data["sources"] for case in cases)


def test_real_finqa() -> None:
    cases = real(finqa)
    assert len(cases) == 883
    assert sum(not case.id.startswith("row-") for case in cases) == 822
    assert all(case.data["table"] and case.data["text"] for case in cases)
    assert sum(case.gold in ("yes", "no") for case in cases) == 10


def test_real_tatqa() -> None:
    cases = real(tatqa)
    assert len(cases) == 1668
    assert len({case.fold for case in cases}) == 278


def test_real_convfinqa() -> None:
    cases = real(convfinqa)
    assert len(cases) == 1490
    assert sum(case.data["turn"] == 1 for case in cases) == 421
