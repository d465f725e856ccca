"""TAT-QA: questions on a table and the paragraphs around it: a span, several, a count, or arithmetic.

Zhu et al., "TAT-QA: A Question Answering Benchmark on a Hybrid of Tabular and Textual Content in Finance"
(ACL 2021). An answer has a scale ("million", "percent" …) that counts as part of it. ``data`` holds

::

    table          rows of cells as printed, the first of them headings
    text           the paragraphs in their order
    answers        its texts: one of a number or a count, one or several of spans
    scale          "", "thousand", "million", "billion" or "percent"
    answer_type    "span", "multi-span", "count" or "arithmetic"
    answer_from    "table", "text" or "table-text"
    derivation     how the answer is computed, as its writer put it down
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from eval.benchmarks.files import benchmark_file, read_json, reading
from eval.case import Case
from eval.contract import Benchmark
from eval.scorers.spans import TatQaScorer
from eval.systems.sheet import SheetSystem

FOLDER = "tatqa"


def load(data: Path) -> tuple[Case, ...]:
    """Read ``dev.json``: a case for each question; the fold is the table that it is about."""
    path = benchmark_file(data, FOLDER, "dev.json")
    cases: list[Case] = []
    for number, context in enumerate(read_json(path), start=1):
        with reading(path, number):
            cases.extend(_case(question, context) for question in context["questions"])
    return tuple(cases)


def _case(question: Mapping[str, Any], context: Mapping[str, Any]) -> Case:
    answer, scale = question["answer"], question["scale"]
    answers = tuple(answer) if isinstance(answer, list) else (str(answer),)
    paragraphs = sorted(context["paragraphs"], key=lambda paragraph: paragraph["order"])
    return Case(
        id=question["uid"],
        question=question["question"],
        gold=f"{'; '.join(answers)} {scale}".strip(),
        group=question["answer_type"],
        fold=context["table"]["uid"],
        data={
            "table": tuple(tuple(cells) for cells in context["table"]["table"]),
            "text": tuple(paragraph["text"] for paragraph in paragraphs),
            "answers": answers,
            "scale": scale,
            "answer_type": question["answer_type"],
            "answer_from": question["answer_from"],
            "derivation": question["derivation"],
        },
    )


BENCHMARK = Benchmark(
    name="tatqa",
    description="Questions on a table and its paragraphs: spans, counts and arithmetic, each with its scale.",
    load=load,
    scorers=(TatQaScorer(),),
    systems={"sheet": lambda data, work: SheetSystem(scaled=True)},
    headline=("em", "f1"),
    worse=(),
)
