"""ConvFinQA: conversations about one page of a filing, in which later questions lean on earlier ones.

Chen et al., "ConvFinQA: Exploring the Chain of Numerical Reasoning in Conversational Finance Question
Answering" (EMNLP 2022). Each turn is a case. A system is given the questions before it, never their
answers. ``data`` holds

::

    table      rows of cells, headings first; the file has numbers here, not what is printed
    text       the sentences before and after the table
    before     the questions of the turns before this one
    turn       the number of the turn, from 1
    program    the gold program of the turn
    exe_ans    its result: a float, or "yes" or "no"
    answer     the result as it was written down ("142.4%")

The file's tables give percentages with a wrong sign: "27% ( 27 % )" on the page became -27.0, its repetition
in parentheses having been read as a minus. They are left as they are, for so every system gets them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from eval.benchmarks.files import benchmark_file, read_json, reading
from eval.case import Case
from eval.contract import Benchmark
from eval.scorers.programs import ExecutionScorer
from eval.systems.sheet import SheetSystem

FOLDER = "convfinqa"
_SENTENCE_END = re.compile(r"(?<= [.;]) ")
"""The texts are tokenized: a stop that ends a sentence stands alone."""


def load(data: Path) -> tuple[Case, ...]:
    """Read ``dev.json``: a case for each turn, named ``CONVERSATION#TURN``; the fold is the company."""
    path = benchmark_file(data, FOLDER, "dev.json")
    cases: list[Case] = []
    with reading(path, 1):
        conversations = read_json(path)["dev"]
    for number, conversation in enumerate(conversations, start=1):
        with reading(path, number):
            cases.extend(_cases(conversation))
    return tuple(cases)


def _cases(conversation: Mapping[str, Any]) -> list[Case]:
    dialogue, document = conversation["dialogue"], conversation["doc"]
    questions = dialogue["conv_questions"]
    page = {"table": _rows(document["table"]), "text": _sentences(document)}
    return [
        Case(
            id=f"{conversation['id']}#{turn}",
            question=question,
            gold=str(dialogue["executed_answers"][turn - 1]),
            group=f"turn {turn}" if turn <= 3 else "turn 4 and later",
            fold=conversation["id"].partition("_")[2].split("/")[0],
            data={
                **page,
                "before": tuple(questions[: turn - 1]),
                "turn": turn,
                "program": dialogue["turn_program"][turn - 1],
                "exe_ans": dialogue["executed_answers"][turn - 1],
                "answer": dialogue["conv_answers"][turn - 1],
            },
        )
        for turn, question in enumerate(questions, start=1)
    ]


def _rows(columns: Mapping[str, Mapping[str, Any]]) -> tuple[tuple[str, ...], ...]:
    """Turn a table that is given by columns into rows under a row of headings."""
    labels = dict.fromkeys(label for column in columns.values() for label in column)
    head = ("", *columns)
    return (head, *((label, *(_cell(column.get(label, "")) for column in columns.values())) for label in labels))


def _cell(value: Any) -> str:
    """A number without the ".0" that the file gives to whole ones."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _sentences(document: Mapping[str, str]) -> tuple[str, ...]:
    parts = (part.strip() for text in ("pre_text", "post_text") for part in _SENTENCE_END.split(document[text]))
    return tuple(part for part in parts if any(character.isalnum() for character in part))


BENCHMARK = Benchmark(
    name="convfinqa",
    description="Turns of conversations about one page of a filing.",
    load=load,
    scorers=(ExecutionScorer(),),
    systems={"sheet": lambda data, work: SheetSystem()},
    headline=("execution_accuracy",),
    worse=("wrong",),
)
