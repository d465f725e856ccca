"""An answer in the making: programs run one by one, each checked before anything of it is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from assistant.abstain import abstention_text, missing_sentence, nearest_lines
from assistant.answer import Answer, Check, Citation, TraceStep, Usage, Value, Writer
from assistant.execute import Operand, Outcome, execute
from assistant.plan import Part
from assistant.quantity import Quantity
from assistant.render import cite_line, cite_operand, describe_operand, sentence, show_value
from assistant.verify import unsupported_numbers, verify
from assistant.watch import Watch
from index.asked_periods import AskedPeriod
from index.evidence import Evidence
from index.query import Query
from index.view import View
from ingest.errors import ProgramError
from model.program import Abstention, Call, Program


@dataclass(slots=True)
class Draft:
    """What has been found so far; ``finish`` makes the answer of it, or an abstention."""

    query: Query
    evidence: Evidence
    library: View
    watch: Watch
    writer: Writer | None = None
    model: str | None = None
    usage: Usage | None = None
    programs: list[Program] = field(default_factory=list)
    values: list[Value] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    numbers: dict[tuple[str, str], int] = field(default_factory=dict)
    trace: list[TraceStep] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def run(self, program: Program, part: Part | None) -> None:
        """Execute and verify one program; what it gives is kept only if every binding check passes."""
        self.programs.append(program)
        if isinstance(program, Abstention):
            self.failed.append(program.reason)
            if part is not None:
                self.sentences.append(missing_sentence(part, program.reason, self.evidence))
            return
        try:
            outcome = execute(program, self.evidence)
        except ProgramError as error:
            self.checks.append(Check("execution", False, str(error)))
            self._withhold(part)
            return
        checks = verify(outcome, self.evidence, self.library, part)
        self.checks.extend(checks)
        self._record(outcome)
        if all(check.passed for check in checks if check.binding):
            self._keep(outcome, part)
        else:
            self._withhold(part)

    def _withhold(self, part: Part | None) -> None:
        """Say of one figure among several that it is kept back, so that its absence is seen."""
        self.failed.append("not_supported")
        if part is not None:
            self.sentences.append(f"{part.company}, {part.period.describe()}: {part.label} withheld, a check failed")

    def finish(self, reason: str | None = None) -> Answer:
        """Return the answer; with a ``reason``, or with nothing that could be kept, an abstention."""
        if reason is None and self.citations:
            text = "\n".join(self.sentences)
            self.checks.append(self._numbers_check(text))
            if self.checks[-1].passed:
                return self._answer("answered", None, text)
        why = reason or (self.failed[0] if self.failed else "not_supported")
        self.values, self.citations = [], []
        return self._answer("abstained", why, abstention_text(why, self.query, self.evidence, self.checks))

    def _answer(self, status: str, reason: str | None, text: str) -> Answer:
        return Answer(
            question=self.query.text,
            status="answered" if status == "answered" else "abstained",
            reason=reason,
            text=text,
            values=tuple(self.values),
            citations=tuple(self.citations),
            nearest=tuple(map(cite_line, nearest_lines(reason or "", self.evidence))),
            trace=tuple(self.trace),
            checks=tuple(self.checks),
            assumed=self.query.assumed,
            programs=tuple(map(str, self.programs)),
            writer=self.writer,
            model=self.model,
            usage=self.usage,
            search=self.evidence.search.describe(),
            timings=self.watch.total(),
        )

    def _record(self, outcome: Outcome) -> None:
        for operand in outcome.operands:
            step = TraceStep(*describe_operand(operand))
            if step not in self.trace:
                self.trace.append(step)
        steps = (TraceStep(s.expression, f"{s.result} {s.unit or ''}".strip()) for s in outcome.steps)
        self.trace.extend(steps)

    def _keep(self, outcome: Outcome, part: Part | None) -> None:
        marks = "".join(f"[{self._number(operand)}]" for operand in outcome.operands)
        if outcome.quoted:
            self._keep_quotes(outcome)
        elif outcome.verdict is not None:
            self._keep_verdict(outcome, part, marks)
        elif outcome.result is not None:
            self._keep_figure(outcome, outcome.result, part, marks)

    def _keep_quotes(self, outcome: Outcome) -> None:
        for line in outcome.quoted:
            self.citations.append(cite_line(line))
            self.sentences.append(f"The filing says: “{line.describe()}” [{len(self.citations)}]")

    def _keep_figure(self, outcome: Outcome, result: Quantity, part: Part | None, marks: str) -> None:
        first = outcome.operands[0]
        label = _named(outcome, part.label, result) if part else _label(outcome)
        kind = part.result if part else _kind(outcome)
        part = _at_extreme(outcome, part, self.query.periods)
        value, printed = show_value(result, kind, self.query.display, outcome.operands, part, label)
        self.values.append(value)
        period = part.period.describe() if part else first.cell.key
        self.sentences.append(sentence(value.company, label, period, printed, marks))

    def _keep_verdict(self, outcome: Outcome, part: Part | None, marks: str) -> None:
        shown = []
        several = len({operand.line.label for operand in outcome.operands}) > 1
        for operand in outcome.operands:
            figure = Quantity(operand.cell.value, operand.cell.unit)
            value, printed = show_value(figure, "", self.query.display, (operand,), None, operand.line.label)
            self.values.append(value)
            whose = f"{operand.line.company}, " if part is not None and part.rival else ""
            which = f"{operand.line.label} " if several else ""
            shown.append(f"{whose}{which}{operand.cell.key}: {printed}")
        label = part.label if part else outcome.operands[0].line.label
        self.sentences.append(f"{_verdict(outcome, part)}. {label}: {'; '.join(shown)} {marks}")

    def _number(self, operand: Operand) -> int:
        """Return the footnote of a figure, citing it where it is new."""
        key = (operand.line.id, operand.cell.key)
        if key not in self.numbers:
            self.citations.append(cite_operand(operand))
            self.numbers[key] = len(self.citations)
        return self.numbers[key]

    def _numbers_check(self, text: str) -> Check:
        """Every number of the text is a value, a footnote, a page, or stands in what is cited."""
        allowed = [
            *(value.value for value in self.values),
            *(period.describe() for period in self.query.periods),
            *(part for citation in self.citations for part in (citation.quote, citation.label, citation.source)),
            *(str(citation.page) for citation in self.citations),
            *(str(number) for number in range(1, len(self.citations) + 1)),
            *(value.period for value in self.values),
            *self.query.companies,
            *(thing.name for thing in self.query.things),
            *(key for missing in self.evidence.missing for key in missing.elsewhere),
        ]
        stray = unsupported_numbers(text, allowed)
        return Check(
            "numbers", not stray, f"without support: {', '.join(stray)}" if stray else "each is cited or computed"
        )


def _named(outcome: Outcome, label: str, result: Quantity) -> str:
    """The label of a result; of the greatest of several lines with the line that it is."""
    program = outcome.program
    if not isinstance(program, Call) or program.operator not in ("maximum", "minimum"):
        return label
    lines = {operand.line.label for operand in outcome.operands}
    best = [operand.line.label for operand in outcome.operands if operand.cell.value == result.value]
    alone = len(lines) == len(outcome.operands) and len(best) == 1 and best[0] not in label
    return f"{label}: {best[0]}" if alone else label


def _verdict(outcome: Outcome, part: Part | None) -> str:
    """What a comparison says: yes or no, or which way something went where that was asked."""
    if part is None or part.result != "direction":
        return "Yes" if outcome.verdict else "No"
    return "Increased" if outcome.verdict else "Unchanged" if outcome.level else "Decreased"


def _at_extreme(outcome: Outcome, part: Part | None, periods: Sequence[AskedPeriod]) -> Part | None:
    """The part, put at the first of the periods whose figure is the greatest or smallest of those asked for."""
    program, result = outcome.program, outcome.result
    if (
        part is None
        or result is None
        or not isinstance(program, Call)
        or program.operator not in ("maximum", "minimum")
    ):
        return part
    at = {operand.cell.key for operand in outcome.operands if operand.cell.value == result.value}
    return replace(part, period=next((period for period in periods if period.key in at), part.period))


def _kind(outcome: Outcome) -> str:
    """What a generator's result is: growth and margins are percentages by definition."""
    shares = isinstance(outcome.program, Call) and outcome.program.operator in ("growth", "cagr", "margin")
    return "percent" if shares else ""


def _label(outcome: Outcome) -> str:
    """What a generator's result is called: the line that it points at, or what it computes from which lines."""
    labels = dict.fromkeys(operand.line.label for operand in outcome.operands)
    computed = f"{outcome.program.operator} of " if isinstance(outcome.program, Call) else ""
    return computed + ", ".join(labels)
