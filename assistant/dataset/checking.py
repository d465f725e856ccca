"""Makes a training example of a question, and lets through only what holds: executed, equal, new, not personal."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal

from assistant.dataset.asks import Ask
from assistant.dataset.privacy import personal
from assistant.dataset.reckoning import same
from assistant.dataset.sheets import Sheet
from assistant.execute import Outcome, execute
from assistant.sheet import sheet_lines
from ingest.errors import ProgramError
from model.program import Abstention, parse_program, rows
from model.tuning.example import TrainingExample

SOURCE = "filings"


@dataclass
class Gate:
    """Counts what was dropped, by reason.

    ``screen`` is whether personal data are looked for, and ``persons`` finds the names that are.
    """

    screen: bool = True
    persons: re.Pattern[str] | None = None
    dropped: Counter[str] = field(default_factory=Counter)
    _seen: set[str] = field(default_factory=set)

    def admits(self, sheet: Sheet) -> bool:
        """Whether nothing on the sheet is personal."""
        found = personal((line.text for line in sheet_lines(sheet.evidence)), self.persons) if self.screen else None
        if found is not None:
            self.dropped[f"sheet with personal data: {found}"] += 1
        return found is None

    def example(self, ask: Ask, sheet: Sheet, group: str) -> TrainingExample | None:
        """Return the example if its program gives what was reckoned, and if it is neither known nor personal."""
        reason = self._wrong(ask, sheet)
        lines = sheet_lines(sheet.evidence)
        if reason is None and self.screen and (found := personal([ask.question], self.persons)) is not None:
            reason = f"question with personal data: {found}"
        mark = near_duplicate_mark(ask, sheet)
        if reason is None and mark in self._seen:
            reason = "asks the same of the same lines"
        if reason is not None:
            self.dropped[reason] += 1
            return None
        self._seen.add(mark)
        text = "\n".join([ask.question, ask.program, *(f"{line.id} {line.text}" for line in lines)])
        name = hashlib.sha256(text.encode()).hexdigest()[:16]
        return TrainingExample(name, ask.question, lines, ask.program, ask.kind, group, SOURCE)

    def _wrong(self, ask: Ask, sheet: Sheet) -> str | None:
        try:
            program = parse_program(ask.program)
            if isinstance(program, Abstention):
                return None
            outcome = execute(program, sheet.evidence)
        except ProgramError as error:
            return f"not executed: {re.sub(r'E?[0-9]+|“.*”', '…', str(error))[:60]}"
        return None if _agrees(outcome, ask.expected) else "gives another result than was reckoned"


def _agrees(outcome: Outcome, expected: Decimal | bool | None) -> bool:
    if isinstance(expected, bool):
        return outcome.verdict is expected
    if expected is None:
        return bool(outcome.quoted)
    return outcome.result is not None and same(outcome.result.value, expected)


def near_duplicate_mark(ask: Ask, sheet: Sheet) -> str:
    """What two questions have in common that ask the same of the same lines, whatever else is on their sheets."""
    program = parse_program(ask.program)
    lines = {line.id: line.text for line in sheet_lines(sheet.evidence)}
    told = [lines[row] for row in rows(program)] if not isinstance(program, Abstention) else sorted(lines.values())
    return normal_question(ask.question) + "\n" + "\n".join(told)


def normal_question(question: str) -> str:
    """A question without case, marks and the words that carry nothing."""
    return " ".join(word for word in re.findall(r"[a-z0-9%&]+", question.lower()) if word not in ("the", "a", "of"))
