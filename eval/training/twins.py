"""Questions over benchmark pages from which what answers them was taken: refusals, and others beside them.

The questions are those of the benchmark and our own; each has its twin that can be answered among the examples.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from random import Random
from typing import Literal

from assistant.dataset.twins import Wanted, cut, refusal
from assistant.exercise import given, sheet_evidence
from eval.training.augment import Sheet, questions_about
from index.evidence import EvidenceLine
from ingest.errors import ProgramError
from ingest.vocabulary import Vocabulary
from model.contract import SheetLine
from model.program import Abstention, Quote, parse_program
from model.tuning.example import TrainingExample

MOST_REFUSED, BESIDE = 4, 2
"""Refusals over one page at most, and questions beside them that can be answered."""
_TIMES = re.compile(r"(?<![\w.])(?:19|20)\d\d")


def refusals_about(
    examples: Sequence[TrainingExample], vocabulary: Vocabulary, rng: Random
) -> Iterator[TrainingExample]:
    """Yield examples over the sheet that all of ``examples`` have, less a line or a period that some of them need.

    What can be read or reckoned from what is left is no refusal.
    """
    asked = [example for example in examples if not isinstance(parse_program(example.program), Abstention | Quote)]
    wanted = [each for example in asked if (each := _wanted(example)) is not None]
    if not wanted or len(wanted) != len(asked):
        return
    lines = plain_lines(asked[0].lines)
    left = cut(lines, [each.program for each in wanted], vocabulary, rng)
    if left is None:
        return
    sheet = sheet_of_rest(asked[0].lines, left)
    refused = []
    for example, each in zip(asked, wanted, strict=True):
        kind = refusal(each, lines, left, vocabulary)
        if kind is not None and not _names_no_time(example, kind, sheet):
            name = f"{example.id}-less"
            refused.append(replace(example, id=name, lines=sheet, program=f"abstain({kind})", kind=kind))
    if not refused:
        return
    yield from refused[:MOST_REFUSED]
    yield from questions_about(Sheet(f"{asked[0].id}-less", sheet, asked[0].group), BESIDE, rng)


def _wanted(example: TrainingExample) -> Wanted | None:
    try:
        result = given(example.program, sheet_evidence(example.lines))
    except ProgramError:
        return None
    return Wanted(example.question, parse_program(example.program), result.value)


def plain_lines(lines: Sequence[SheetLine]) -> tuple[EvidenceLine, ...]:
    """The lines as evidence whose rows are called by their label alone."""
    found = []
    for line, read in zip(lines, sheet_evidence(lines).lines, strict=True):
        is_row = bool(line.keys) and " | " in line.text
        label, _, _ = line.text.partition(" | ") if is_row else (line.text, "", "")
        heading, _, own = label.rpartition(" > ")
        kind: Literal["row", "sentence"] = "row" if is_row else "sentence"
        found.append(replace(read, kind=kind, label=own, path=(heading,) if heading else ()))
    return tuple(found)


def sheet_of_rest(lines: Sequence[SheetLine], left: Sequence[EvidenceLine]) -> tuple[SheetLine, ...]:
    """The lines as they were, less the lines and figures that are not ``left``."""
    kept = {line.id: {cell.key for cell in line.cells} for line in left}
    whole = {line.id: {cell.key for cell in line.cells} for line in plain_lines(lines)}
    return tuple(_less(line, whole[line.id] - kept[line.id]) for line in lines if line.id in kept)


def _less(line: SheetLine, gone: set[str]) -> SheetLine:
    if not gone:
        return line
    label, *parts = line.text.split(" | ")
    told = [part for part in parts if part.partition(": ")[0] not in gone]
    places = [place for place, key in enumerate(line.keys) if key not in gone]
    columns = tuple(line.columns[place] for place in places) if line.columns else ()
    return SheetLine(line.id, " | ".join([label, *told]), tuple(line.keys[place] for place in places), columns)


def _names_no_time(example: TrainingExample, kind: str, sheet: Sequence[SheetLine]) -> bool:
    """Whether a question that is refused for its period names none: then another period may be meant."""
    return kind == "wrong_period" and _TIMES.search(example.question) is None
