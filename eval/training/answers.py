"""Training questions whose answers are published without programs: a part of FinQA's, and of TAT-QA's.

Their programs are induced (``induction``) or, where the answer is one printed figure or the words of a line, pointed
at. TAT-QA's pages come as prompts, with the table in Markdown and the paragraphs as they are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from eval.benchmarks import finqa
from eval.benchmarks.files import benchmark_file, read_records, reading
from eval.case import Case
from eval.training.derivation import checked, point_derivation
from eval.training.induction import induce, is_reckoned, read_answer
from eval.training.repoint import NotPointedError
from index.evidence import Evidence
from model.program import Program

GROUNDED = "finqa_tatqa_grounded"

_PAGE = re.compile(r"Pre-text:\n(.*?)\n*\bTable:\n(.*?)\n*\bPost-text:\n(.*)", re.DOTALL)
_QUESTION = re.compile(r"Question:\n(.*?)\n\nEvidence contexts:\n(.*)\n\nReturn JSON only", re.DOTALL)
_PART = re.compile(r"^\[([0-9a-f]+)(?:_table)?\] type=(table|text)\n", re.MULTILINE)
_COUNTED = re.compile(
    r"\bhow many (?:years|\w+ (?:items|types|components|categories|segments))\b"
    r"|\b(?:which|what) (?:fiscal |financial )?(?:years?|periods?|quarters?|months?)\b|\brespective\b"
)
"""What no program answers: how many columns there are of something, and which of them."""
_SCALED = re.compile(r"(.*\d\)?) ?(thousand|million|billion|percent|%)")


def load_finqa_answers(data: Path) -> tuple[Case, ...]:
    """The questions of FinQA's training part that have an answer and no program."""
    cases = []
    for row, record in read_records(benchmark_file(data, finqa.FOLDER, "train_partial.jsonl")):
        with reading(data / finqa.FOLDER, row):
            page = _PAGE.match(record["context"]) if not record.get("program") else None
            if page is not None:
                cases.append(_finqa_case(record, page))
    return tuple(cases)


def _finqa_case(record: Mapping[str, Any], page: re.Match[str]) -> Case:
    rows = tuple(tuple(cell.strip() for cell in line.split(" | ")) for line in page[2].split("\n"))
    lines = (line.strip() for line in f"{page[1]}\n{page[3]}".split("\n"))
    text = tuple(line for line in lines if any(map(str.isalnum, line)))
    fold = record["id"].split("/")[0]
    return Case(record["id"], record["question"], record["answer"], fold=fold, data={"table": rows, "text": text})


def point_finqa_answer(case: Case, evidence: Evidence) -> Program:
    """Return the one program that gives the answer. Raises NotPointedError where there is none or several are."""
    return induce(read_answer(case.gold, case.question), case.question, evidence)


def load_tatqa_answers(data: Path) -> tuple[Case, ...]:
    """The questions of TAT-QA's training part that come with their whole page."""
    path = benchmark_file(data, GROUNDED, "train.jsonl")
    cases = []
    for row, record in read_records(path):
        with reading(path, row):
            if record["dataset"] == "tatqa":
                cases.append(_tatqa_case(record))
    return tuple(cases)


def _tatqa_case(record: Mapping[str, Any]) -> Case:
    asked = _QUESTION.search(record["prompt"])
    if asked is None:
        raise ValueError("the prompt has no question and evidence")
    _, *parts = _PART.split(asked[2])
    texts = list(zip(parts[::3], parts[1::3], parts[2::3], strict=True))
    tables = [(name, text) for name, kind, text in texts if kind == "table"]
    answer = json.loads(record["gold_json"])["answer"]
    scaled = _SCALED.fullmatch(answer)
    return Case(
        id=record["id"],
        question=asked[1],
        gold=answer,
        fold=tables[0][0] if tables else texts[0][0],
        data={
            "table": _markdown_rows(tables[0][1]) if tables else (),
            "text": tuple(text.strip() for _, kind, text in texts if kind == "text"),
            "answers": (scaled[1] if scaled else answer,),
            "scale": {"%": "percent"}.get(scaled[2], scaled[2]) if scaled else "",
            "answer_type": "span",
        },
    )


def _markdown_rows(text: str) -> tuple[tuple[str, ...], ...]:
    """The cells of a table in Markdown, without the line under its heading."""
    lines = [line.strip() for line in text.strip().split("\n") if line.strip().startswith("|")]
    rows = [tuple(cell.strip() for cell in line.removeprefix("|").removesuffix("|").split(" | ")) for line in lines]
    return tuple(row for row in rows if not all(re.fullmatch(r":?-{3,}:?", cell) for cell in row))


def point_tatqa_answer(case: Case, evidence: Evidence) -> Program:
    """Return the program of a question of TAT-QA. Raises NotPointedError where there is none or several are."""
    if _COUNTED.search(case.question.lower()):
        raise NotPointedError("asks for a count or a heading")
    if not is_reckoned(case.question):
        return point_derivation(case, evidence)
    answer = read_answer(case.data["answers"][0], case.question)
    answer = replace(answer, in_percent=case.data["scale"] == "percent")
    return checked(induce(answer, case.question, evidence), case, evidence)
