"""FinQA: numerical questions on one page of a filing, its table and its text, with the program that answers.

Chen et al., "FinQA: A Dataset of Numerical Reasoning over Financial Data" (EMNLP 2021). Scored on
``exe_ans``, what the gold program gives over the numbers as they are printed; ``data`` holds

::

    table      rows of cells as printed (negative numbers twice: "-9 ( 9 )")
    text       the sentences of the page; where the file lacks the page, those of its gold evidence
    program    the gold program
    exe_ans    its result: a float, or "yes" or "no"
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from eval.benchmarks.files import benchmark_file, read_records, reading
from eval.case import Case
from eval.contract import Benchmark
from eval.scorers.programs import ExecutionScorer
from eval.systems.sheet import SheetSystem

FOLDER = "finqa"


def load(data: Path) -> tuple[Case, ...]:
    """Read ``dev.jsonl``: a case for each question; the fold is the company, as far as it is told.

    A question without an id in the file is named by its row.
    """
    path = benchmark_file(data, FOLDER, "dev.jsonl")
    cases = []
    for row, record in read_records(path):
        with reading(path, row):
            cases.append(_case(row, record))
    return tuple(cases)


def _case(row: int, record: Mapping[str, Any]) -> Case:
    name = record.get("id") or f"row-{row}"
    program = record["program"]
    return Case(
        id=name,
        question=record["question"],
        gold=str(record["exe_ans"]),
        group=_steps(program),
        fold=name.split("/")[0],
        data={
            "table": tuple(tuple(cells) for cells in record["table"]),
            "text": _sentences(record),
            "program": program,
            "exe_ans": record["exe_ans"],
        },
    )


def _sentences(record: Mapping[str, Any]) -> tuple[str, ...]:
    """The page's sentences, without the table that stands between two blank lines."""
    page = record.get("context_full")
    if page is None:
        return tuple(record["reader_context"])
    before, _, after = page.split("\n\n")
    lines = (line.strip() for line in f"{before}\n{after}".split("\n"))
    return tuple(line for line in lines if any(character.isalnum() for character in line))


def _steps(program: str) -> str:
    """How many operators a program has: ``1 step``, ``2 steps``, ``3 or more steps``."""
    count = program.count("(")
    return "1 step" if count <= 1 else "2 steps" if count == 2 else "3 or more steps"


BENCHMARK = Benchmark(
    name="finqa",
    description="Numerical questions on one page of a filing, its table and its text.",
    load=load,
    scorers=(ExecutionScorer(),),
    systems={"sheet": lambda data, work: SheetSystem()},
    headline=("execution_accuracy",),
    worse=("wrong",),
)
