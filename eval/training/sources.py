"""The benchmarks whose data may train: FinQA, ConvFinQA and TAT-QA as training examples.

Each question becomes a case as its benchmark has it, gets the sheet that a generator is given there, and its
gold program is pointed at that sheet. What cannot be pointed is counted by reason and left out. Licences as
their sources state them: FinQA and ConvFinQA MIT, TAT-QA CC BY 4.0. FinanceBench and the docugami questions are
for measuring only and are not here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.sheet import sheet_lines
from eval.benchmarks import convfinqa, finqa, tatqa
from eval.benchmarks.files import benchmark_file, read_records, reading
from eval.case import Case
from eval.systems.sheet import sheet_of
from eval.training.answers import (
    load_finqa_answers,
    load_tatqa_answers,
    point_finqa_answer,
    point_tatqa_answer,
)
from eval.training.augment import Sheet
from eval.training.derivation import point_derivation
from eval.training.repoint import NotPointedError, repoint
from index.evidence import Evidence
from index.query import understand
from ingest.vocabulary import Vocabulary
from model.contract import SheetLine
from model.nodes import Program
from model.program import Call, Judgement, Pointer, Quote
from model.tuning.example import TrainingExample

Point = Callable[[Case, Evidence], Program]


@dataclass(frozen=True, slots=True)
class Source:
    """A data set: where its cases come from, how a case's gold is pointed, and its licence."""

    name: str
    licence: str
    load: Callable[[Path], Sequence[Case]]
    point: Point


def _finqa_train(data: Path) -> tuple[Case, ...]:
    """The part of FinQA's training split that is there and has programs; its pages are one text each."""
    path = benchmark_file(data, finqa.FOLDER, "train_partial.jsonl")
    cases = []
    for row, record in read_records(path):
        with reading(path, row):
            if record.get("program"):
                cases.append(_train_case(record))
    return tuple(cases)


def _train_case(record: Mapping[str, Any]) -> Case:
    """A question of the training part, whose records come in two shapes: a page in parts, or as one text."""
    if "table" in record:
        rows, lines = record["table"], [*record["pre_text"], *record["post_text"]]
    else:
        before, table, after = _parts(record["context"])
        rows = [[cell.strip() for cell in line.split(" | ")] for line in table.split("\n")]
        lines = f"{before}\n{after}".split("\n")
    text = tuple(line.strip() for line in lines if any(character.isalnum() for character in line))
    gold = str(next(record[key] for key in ("exe_ans", "gold_value", "answer") if key in record))
    data = {"table": tuple(map(tuple, rows)), "text": text, "program": record["program"], "exe_ans": gold}
    return Case(record["id"], record["question"], gold, fold=record["id"].split("/")[0], data=data)


def _parts(context: str) -> tuple[str, str, str]:
    """The text before the table, the table, and the text after it, with blank lines between them."""
    before, _, rest = context.partition("\n\n")
    table, _, after = rest.lstrip("\n").partition("\n\n")
    return before, table, after.strip("\n")


def _point_finqa(case: Case, evidence: Evidence) -> Program:
    asked = "\n".join([*case.data.get("before", ()), case.question])
    return repoint(case.data["program"], case.gold, evidence, asked)


SOURCES = (
    Source("finqa-train", "MIT", _finqa_train, _point_finqa),
    Source("finqa-dev", "MIT", finqa.load, _point_finqa),
    Source("convfinqa-dev", "MIT", convfinqa.load, _point_finqa),
    Source("tatqa-dev", "CC BY 4.0", tatqa.load, point_derivation),
    Source("finqa-train-answers", "MIT", load_finqa_answers, point_finqa_answer),
    Source("tatqa-train-answers", "CC BY 4.0", load_tatqa_answers, point_tatqa_answer),
)


def examples_of(
    source: Source, cases: Iterable[Case], vocabulary: Vocabulary
) -> tuple[list[TrainingExample], Counter[str]]:
    """Return the examples of a source, and how many cases were left out for each reason."""
    examples: list[TrainingExample] = []
    dropped: Counter[str] = Counter()
    for case in cases:
        asked = "\n".join([*case.data.get("before", ()), case.question])
        evidence = sheet_of(case, understand(asked, (), vocabulary))
        try:
            program = source.point(case, evidence)
        except NotPointedError as error:
            dropped[str(error)] += 1
            continue
        examples.append(
            TrainingExample(
                id=f"{source.name}:{case.id}",
                question=asked,
                lines=sheet_lines(evidence),
                program=str(program),
                kind=kind_of(program),
                group=case.fold or case.id,
                source=source.name,
            )
        )
    return examples, dropped


def sheets_of(source: Source, cases: Iterable[Case], vocabulary: Vocabulary) -> list[Sheet]:
    """Return the pages of a source's cases, each once, whether their questions have programs or not."""
    pages: dict[tuple[SheetLine, ...], Sheet] = {}
    seen: set[object] = set()
    for case in cases:
        content = (case.data["table"], case.data["text"])
        if content not in seen:
            seen.add(content)
            lines = sheet_lines(sheet_of(case, understand("", (), vocabulary)))
            pages.setdefault(lines, Sheet(f"{source.name}:{case.id}", lines, case.fold or case.id))
    return list(pages.values())


def kind_of(program: Program) -> str:
    """Name what a program does by its outermost operators: ``lookup``, ``subtract``, ``divide-subtract`` and so on."""
    if isinstance(program, Quote):
        return "quote"
    if isinstance(program, Judgement):
        return "judgement"
    if isinstance(program, Pointer):
        return "lookup"
    if isinstance(program, Call):
        inner = next((argument.operator for argument in program.arguments if isinstance(argument, Call)), None)
        return program.operator + (f"-{inner}" if inner else "")
    return "abstain"
