"""Whether a generator's program gives what the right one gives: execution accuracy on training examples."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from assistant.execute import Outcome, execute
from assistant.quantity import PURE
from index.evidence import Evidence, EvidenceCell, EvidenceLine, Search
from index.query import Query
from index.wording import Display
from ingest.errors import ProgramError
from ingest.filing import Span
from model.contract import Generator, SheetLine
from model.program import Abstention, parse_program
from model.tuning.example import TrainingExample

_FIGURE = re.compile(
    r"\s*(?P<open>\()?\s*(?P<minus>[-−–])?\s*[$€£¥]?\s*(?P<inner>\()?(?P<after>[-−–])?\s*"
    r"(?P<number>\d[\d,]*(?:\.\d+)?|\.\d+)"
)
_SCALE = re.compile(r"\s*(?P<word>thousand|million|billion|trillion)s?\b", re.IGNORECASE)
_SCALES = {"thousand": 3, "million": 6, "billion": 9, "trillion": 12}
_NIL = re.compile(r"\s*[$€£¥]?\s*[-−–—]+(?=\s|$|\|)")
_NOWHERE = Span(0)
_QUERY = Query("", (), (), (), (), (), (), "lookup", Display())
_TOLERANCE = Decimal("1e-9")


@dataclass(frozen=True, slots=True)
class Given:
    """What a program gave: a value, a verdict, the quoted lines, or nothing because it abstains."""

    value: Decimal | None = None
    verdict: bool | None = None
    quoted: frozenset[str] = frozenset()

    def same(self, other: Given) -> bool:
        """Whether two programs gave the same; values are compared to nine digits."""
        if self.value is None or other.value is None:
            return self == other
        return abs(self.value - other.value) <= _TOLERANCE * max(abs(self.value), abs(other.value), Decimal(1))


def sheet_evidence(lines: Sequence[SheetLine]) -> Evidence:
    """Build evidence from the lines that a generator sees.

    Each key's figure is read from the text behind ``KEY: ``; where none is printed there the key has no cell.
    All figures are taken as plain numbers: the sheet does not say what they are measured in.
    """
    found = tuple(_line(line) for line in lines)
    return Evidence(_QUERY, found, Search(len(found), len(found), ""))


def _line(line: SheetLine) -> EvidenceLine:
    cells = [cell for key in line.keys if (cell := _cell(key, line.text)) is not None]
    return EvidenceLine(
        line.id, "row" if line.keys else "sentence", "", "", None, line.text, (), tuple(cells), _NOWHERE
    )


def _cell(key: str, text: str) -> EvidenceCell | None:
    place = re.search(rf"(?<![\w.]){re.escape(key)}: ", text)
    value = figure(text[place.end() :]) if place else None
    if value is None:
        return None
    return EvidenceCell(key, value, PURE, 0, "", None, _NOWHERE)


def figure(text: str) -> Decimal | None:
    """Read the figure that a text opens with: ``4,120``, ``$ (87)``, ``-3.2%``, ``23.4 million``, ``—`` for zero."""
    match = _FIGURE.match(text)
    if match is None:
        return Decimal(0) if _NIL.match(text) else None
    value = Decimal(match["number"].replace(",", ""))
    scale = _SCALE.match(text, match.end())
    if scale is not None:
        value = value.scaleb(_SCALES[scale["word"].lower()])
    bracketed = (match["open"] or match["inner"]) and re.match(r"\s*%?\s*\)", text[match.end() :])
    return -value if bracketed or match["minus"] or match["after"] else value


def given(text: str, evidence: Evidence) -> Given:
    """Return what a program gives over the evidence. Raises ProgramError where it cannot be executed."""
    program = parse_program(text)
    if isinstance(program, Abstention):
        return Given()
    outcome: Outcome = execute(program, evidence)
    return Given(
        outcome.result.value if outcome.result else None,
        outcome.verdict,
        frozenset(line.id for line in outcome.quoted),
    )


def solves(program: str, example: TrainingExample) -> bool:
    """Whether a program gives what the example's own gives; one that cannot be executed must be the same text."""
    if program == example.program:
        return True
    evidence = sheet_evidence(example.lines)
    try:
        right = given(example.program, evidence)
    except ProgramError:
        return False
    try:
        return given(program, evidence).same(right)
    except ProgramError:
        return False


def execution_accuracy(generator: Generator, examples: Sequence[TrainingExample]) -> float:
    """Return the share of examples that a generator solves."""
    right = sum(solves(generator.write_program(each.question, each.lines).text, each) for each in examples)
    return right / len(examples)
