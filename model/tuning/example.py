"""A training example: a question, the sheet that a generator sees, and the program that answers.

Examples are kept as JSON Lines, one object for each::

    {"id": "…", "question": "…", "program": "growth(value(E1[2024]), value(E1[2023]))",
     "lines": [{"id": "E1", "text": "Net sales | 2024: 4,120 | 2023: 3,870", "keys": ["2024", "2023"]}],
     "kind": "growth", "group": "orrindale", "source": "filings"}

Every program is read when an example is made, and must point at what is on its sheet: a file with one that
does not is refused. That the program gives the right answer is for whoever makes the example to check.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.errors import DatasetError, ProgramError
from model.contract import SheetLine
from model.program import Abstention, parse_program, pointers, rows

MAX_LINE = 1_000_000
"""The longest line of a file of examples, in characters."""


@dataclass(frozen=True, slots=True)
class TrainingExample:
    """One question that is answered by ``program`` over ``lines``.

    ``kind`` names what is asked for (``lookup``, ``growth``, ``abstain`` …). ``group`` is what must not be
    on both sides of a split: a company or a page. ``source`` names the data set that it comes from. Raises
    ProgramError where the program cannot be read or points at what is not on the sheet.
    """

    id: str
    question: str
    lines: tuple[SheetLine, ...]
    program: str
    kind: str
    group: str
    source: str

    def __post_init__(self) -> None:
        program = parse_program(self.program)
        if isinstance(program, Abstention):
            return
        keys = {line.id: line.keys for line in self.lines}
        for row in rows(program):
            if row not in keys:
                raise ProgramError(f"example {self.id}: there is no line {row} on its sheet")
        for pointer in pointers(program):
            if pointer.key not in keys[pointer.row]:
                raise ProgramError(f"example {self.id}: line {pointer.row} has no figure under {pointer.key}")


def write_examples(examples: Iterable[TrainingExample], path: Path) -> int:
    """Write examples to ``path``, replacing what is there when all are written; return how many."""
    part = path.with_name(path.name + ".part")
    count = 0
    with part.open("w", encoding="utf-8") as file:
        for example in examples:
            file.write(json.dumps(_record(example), ensure_ascii=False) + "\n")
            count += 1
    part.replace(path)
    return count


def read_examples(path: Path) -> tuple[TrainingExample, ...]:
    """Read a file of examples. Raises DatasetError, with the line, on one that is none."""
    try:
        return tuple(_examples(path))
    except OSError as error:
        raise DatasetError(f"{path} cannot be read: {error.strerror}") from error


def _examples(path: Path) -> Iterator[TrainingExample]:
    with path.open("rb") as file:
        number = 0
        while line := file.readline(MAX_LINE + 1):
            number += 1
            if len(line) > MAX_LINE:
                raise DatasetError(f"{path}, line {number}: longer than {MAX_LINE} bytes")
            try:
                yield _example(json.loads(line))
            except (ValueError, KeyError, TypeError, ProgramError) as error:
                raise DatasetError(f"{path}, line {number}: no training example: {error}") from error


def _record(example: TrainingExample) -> dict[str, object]:
    return {
        "id": example.id,
        "question": example.question,
        "program": example.program,
        "kind": example.kind,
        "group": example.group,
        "source": example.source,
        "lines": [_line_record(line) for line in example.lines],
    }


def _line_record(line: SheetLine) -> dict[str, object]:
    columns = {"columns": list(line.columns)} if line.columns else {}
    return {"id": line.id, "text": line.text, "keys": list(line.keys), **columns}


def _line(record: dict[str, object]) -> SheetLine:
    keys, columns = record["keys"], record.get("columns", [])
    if not isinstance(keys, list) or not isinstance(columns, list):
        raise TypeError("keys or columns are no list")
    return SheetLine(str(record["id"]), str(record["text"]), tuple(map(str, keys)), tuple(map(str, columns)))


def _example(record: dict[str, object]) -> TrainingExample:
    names = ("id", "question", "program", "kind", "group", "source")
    texts = {name: record[name] for name in names}
    wrong = [name for name, text in texts.items() if not isinstance(text, str)]
    if wrong:
        raise TypeError(f"{wrong[0]} is no text")
    listed = record["lines"]
    if not isinstance(listed, list):
        raise TypeError("lines is no list")
    lines = tuple(map(_line, listed))
    return TrainingExample(
        id=str(texts["id"]),
        question=str(texts["question"]),
        lines=lines,
        program=str(texts["program"]),
        kind=str(texts["kind"]),
        group=str(texts["group"]),
        source=str(texts["source"]),
    )
