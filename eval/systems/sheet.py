"""Programs over a page that is given: the gold table and text become a sheet, and nothing is searched for.

This measures the writing of programs alone. The sheet is the one that the assistant makes of what it finds
(rows with figures under keys, sentences without), and the program is executed as the assistant does it. Two
things differ. Figures are taken as they are printed and without units, for the gold programs of these
benchmarks compute over printed numbers whatever they are. And the assistant's checks of source, company and
period are left out, there being no filing, and so is the least probability of the picker: what would be withheld
counts here as an answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from functools import cache
from typing import Literal

from assistant.ask import usage_of
from assistant.cli.opening import generator_for, vocabulary_for
from assistant.config import Settings, load_settings
from assistant.execute import Outcome, execute, plain
from assistant.quantity import PURE
from assistant.render import round_half_up
from assistant.sheet import sheet_lines
from eval.case import Case, CitedPlace, Place, PredictedValue, Prediction
from eval.systems.state import NO_GENERATOR, no_generator, software_state
from index.evidence import Evidence, EvidenceCell, EvidenceLine, Search
from index.query import Query, understand
from ingest.errors import ProgramError
from ingest.figures import Figure, is_year, read_figure
from ingest.filing import Span
from ingest.scale import Scale, find_scale
from ingest.units import unit_and_scale
from model.catalog import PICKER
from model.contract import Generation, Generator
from model.program import Abstention, Call, Constant, Judgement, Program, parse_program
from model.served.opening import is_served

SCALE_WORDS = {0: "", 3: "thousand", 6: "million", 9: "billion", -2: "percent"}
"""The powers of ten by their names in TAT-QA."""
SCALE_POWERS = {word: power for power, word in SCALE_WORDS.items()}
SCALED_DECIMALS = 2
"""Decimals of a result that is given with its scale, as TAT-QA rounds its own."""

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_TWICE = re.compile(r"^(.*\d.*?|\( ?[\d.,]+ ?\) ?%)\s+\(.*$")
_SCALE_WORD = re.compile(r"\s+(?:thousand|million|billion)s?$", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")
_PROSE_FIGURE = re.compile(
    r"(?<![\w.,/#-])(?<!january )(?<!february )(?<!march )(?<!april )(?<!may )(?<!june )(?<!july )(?<!august )"
    r"(?<!september )(?<!october )(?<!november )(?<!december )"
    r"(?P<figure>-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:\s?%)?)(?![\w/]|-[a-z]|[.,]\d)"
    r"(?:\s+(?P<scale>thousand|million|billion)\b)?",
    re.IGNORECASE,
)
_NOWHERE = Span(0)
"""These pages are texts without a place in a document."""
_RATIOS = frozenset(("divide", "growth", "margin", "cagr"))


class SheetSystem:
    """Lets the generator write a program over the page of a case; ``label`` is what the program gives.

    A case has ``data["table"]`` (rows of cells as printed), ``data["text"]`` (sentences or paragraphs) and,
    in a conversation, ``data["before"]`` (the earlier questions). ``scaled`` gives results as TAT-QA does:
    rounded, percentages times a hundred, with ``extra["scale"]`` told by the table. Otherwise a result
    stays as the program gives it, as FinQA has it. ``generator`` is for tests.
    """

    name = "sheet"

    def __init__(self, *, scaled: bool = False, generator: Callable[[], Generator] | None = None) -> None:
        self.scaled = scaled
        self.settings = load_settings()
        self.vocabulary = vocabulary_for(self.settings)
        self._given = generator
        self._generator = cache(generator or (lambda: _generator_for(self.settings)))

    @property
    def concurrent(self) -> int:
        """How many cases may be asked at once: several of a server, one of a model in this process."""
        served = self._given is None and is_served(self.settings.generator)
        return self.settings.served.concurrent if served else 1

    def prepare(self, cases: Sequence[Case], progress: Callable[[str, int, int], None]) -> Mapping[str, str]:
        """Load the generator and return what identifies it and the code."""
        progress("loading the generator", 0, 1)
        name = self._generator().name
        progress("loading the generator", 1, 1)
        if self._given is None:
            return software_state(self.settings)
        return software_state(self.settings.model_copy(update={"generator": NO_GENERATOR})) | {"generator": name}

    def predict(self, case: Case) -> Prediction:
        """Return the program's result, or an abstention where it refuses or cannot be executed."""
        asked = "\n".join([*case.data.get("before", ()), case.question])
        evidence = sheet_of(case, understand(asked, (), self.vocabulary))
        generation = self._generator().write_program(asked, sheet_lines(evidence))
        try:
            program = parse_program(generation.text)
            if isinstance(program, Abstention):
                return _abstained(generation, program.reason)
            outcome = execute(program, evidence)
        except ProgramError as error:
            return _abstained(generation, "not_supported", str(error))
        return self._answered(case, outcome, generation)

    def _answered(self, case: Case, outcome: Outcome, generation: Generation) -> Prediction:
        label, scale = tatqa_result(outcome, case.question) if self.scaled else (_label(outcome), "")
        operands = [CitedPlace(Place(case.id, 0), None, None, operand.cell.printed) for operand in outcome.operands]
        quoted = [CitedPlace(Place(case.id, 0), None, None, line.describe()) for line in outcome.quoted]
        return Prediction(
            status="answered",
            text=f"{label} {scale}".strip(),
            values=() if outcome.result is None else (PredictedValue(label, scale),),
            citations=(*operands, *quoted),
            label=label,
            confidence=generation.probability,
            extra={
                **_extra(generation),
                "result": label,
                "scale": scale,
                "trace": [asdict(step) for step in outcome.steps],
            },
        )


def _generator_for(settings: Settings) -> Generator:
    if settings.generator == NO_GENERATOR:
        return no_generator()
    if settings.generator == PICKER:
        from model.picker.generator import load_picker

        return load_picker(cache=settings.models, least=0.0)
    return generator_for(settings)


def _abstained(generation: Generation, reason: str, error: str = "") -> Prediction:
    return Prediction("abstained", reason=reason, extra={**_extra(generation), "error": error})


def _extra(generation: Generation) -> dict[str, object]:
    return {
        "programs": [generation.text],
        "model": generation.model,
        "usage": asdict(usage_of(generation)),
        "dropped_lines": list(generation.dropped_lines),
    }


def _label(outcome: Outcome) -> str:
    """The result as a number that is not rounded, ``yes`` or ``no``, or the quoted text."""
    if outcome.result is not None:
        return plain(outcome.result.value)
    if outcome.verdict is not None:
        return "yes" if outcome.verdict else "no"
    return " ".join(line.describe() for line in outcome.quoted)


def tatqa_result(outcome: Outcome, question: str) -> tuple[str, str]:
    """Return the result as TAT-QA writes it, and its scale."""
    if outcome.result is None:
        return _label(outcome), ""
    value = outcome.result.value
    powers = {operand.cell.scale for operand in outcome.operands}
    power = max(powers) if powers != {-2} else -2
    if _is_ratio(outcome.program):
        power = -2 if re.search(r"%|\bpercent", question, re.IGNORECASE) else 0
        value = value * 100 if power == -2 else value
    return plain(round_half_up(value, SCALED_DECIMALS)), SCALE_WORDS.get(power, "")


def _is_ratio(program: Program) -> bool:
    """Whether a program divides figures by figures; an average divides by a constant and is none."""
    if isinstance(program, Judgement) or not isinstance(program, Call):
        return False
    return program.operator in _RATIOS and not isinstance(program.arguments[1], Constant)


def sheet_of(case: Case, query: Query) -> Evidence:
    """Return the sheet of a case: all rows of its table, then all sentences of the page, in their order.

    Columns go by the year in their heading where no other has it, else by number (``c2`` is the first
    after the labels); a line above the rows then tells which is which. What of it is read is the generator's
    matter.
    """
    texts = case.data["text"]
    rows = _table_lines(case.data["table"], find_scale_in(texts))
    sentences = dict.fromkeys(part for text in texts for part in _SENTENCE.split(text))
    lines = [*rows, *map(_sentence, sentences)]
    numbered = tuple(replace(line, id=f"E{number}") for number, line in enumerate(lines, start=1))
    return Evidence(query, numbered, Search(len(numbered), len(numbered), "the page of the case"))


def read_cell(text: str) -> Figure | None:
    """Return the figure of a cell, or None.

    FinQA prints a negative number and a percentage twice, "-9 ( 9 )" and "27% ( 27 % )": the first counts.
    A word of scale after the number is left out, as FinQA's programs leave it out.
    """
    twice = _TWICE.match(text.strip())
    once = twice[1] if twice else text.strip()
    return read_figure(_SCALE_WORD.sub("", once))


def find_scale_in(texts: Sequence[str]) -> Scale | None:
    """Return the first scale that one of the texts states for a whole table, or None."""
    return next((scale for scale in map(find_scale, texts) if scale is not None), None)


def _table_lines(table: Sequence[Sequence[str]], scale: Scale | None) -> list[EvidenceLine]:
    """The lines of a table; ``scale`` is what the text says, which holds where the table says nothing."""
    count = _heading_count(table)
    keys, headings = _columns(table[:count], max(map(len, table), default=0))
    top = find_scale_in([text for row in table[: count + 1] for text in row]) or scale
    lines = []
    if any(heading and not _YEAR.fullmatch(key) for key, heading in zip(keys, headings, strict=True)):
        told = "; ".join(f"{key}: {heading}" for key, heading in zip(keys, headings, strict=True) if heading)
        lines.append(_heading(f"Columns: {told}"))
    path: tuple[str, ...] = ()
    for row in table[count:]:
        texts = [text.strip() for text in row if text.strip()]
        line = _row(row, path, keys, headings, top)
        if line is not None:
            lines.append(line)
        elif len(texts) == 1:
            path = (texts[0],)
        elif texts:
            lines.append(_heading(" | ".join(texts)))
    return lines


def _heading_count(table: Sequence[Sequence[str]]) -> int:
    """How many rows from the top are headings.

    They have no figure but years. After the first, such a row is one where it has no label, or where a
    column has no heading so far; else it is a row of years ("maturity | 2025").
    """
    count = 0
    headed: set[int] = set()
    for row in table:
        told = {column for column, text in enumerate(row[1:], start=1) if text.strip()}
        if any(_is_amount(text) for text in row[1:]):
            break
        if count and (not told or (row[0].strip() and len(headed) == len(row) - 1)):
            break
        headed |= told
        count += 1
    return count


def _is_amount(text: str) -> bool:
    return not is_year(text) and read_cell(text) is not None


def _columns(heading_rows: Sequence[Sequence[str]], width: int) -> tuple[list[str], list[str]]:
    """The key and the heading of every column after the labels."""
    headings = [
        " ".join(row[column].strip() for row in heading_rows if column < len(row) and row[column].strip())
        for column in range(1, width)
    ]
    years = [found[0] if len(found := list(dict.fromkeys(_YEAR.findall(heading)))) == 1 else "" for heading in headings]
    keys = [year if year and years.count(year) == 1 else f"c{column}" for column, year in enumerate(years, start=2)]
    return keys, headings


def _row(
    row: Sequence[str], path: tuple[str, ...], keys: Sequence[str], headings: Sequence[str], scale: Scale | None
) -> EvidenceLine | None:
    """A row as a line with its figures; None where it has none."""
    label = row[0].strip() if row else ""
    cells = []
    for text, key, heading in zip(row[1:], keys, headings, strict=False):
        figure = read_cell(text)
        if figure is None or figure.number is None:
            continue
        _, power = unit_and_scale(figure, label, path, heading, scale, "USD")
        cells.append(EvidenceCell(key, figure.number, PURE, power, text.strip(), None, _NOWHERE, column=heading))
    return _evidence_line("row", label, path, tuple(cells)) if cells else None


def _heading(text: str) -> EvidenceLine:
    return _evidence_line("sentence", text, (), ())


def _sentence(text: str) -> EvidenceLine:
    """A sentence with its figures under ``n1``, ``n2``, …; years, dates and the names of forms are none."""
    cells: list[EvidenceCell] = []
    for match in _PROSE_FIGURE.finditer(text):
        figure = read_figure(match["figure"])
        if figure is not None and figure.number is not None and not is_year(match["figure"]):
            power = -2 if figure.percent else SCALE_POWERS[(match["scale"] or "").lower()]
            key = f"n{len(cells) + 1}"
            cells.append(EvidenceCell(key, figure.number, PURE, power, match["figure"], None, _NOWHERE))
    return _evidence_line("sentence", text, (), tuple(cells))


def _evidence_line(
    kind: Literal["row", "sentence"], label: str, path: tuple[str, ...], cells: tuple[EvidenceCell, ...]
) -> EvidenceLine:
    return EvidenceLine("", kind, "", "", None, label, path, cells, _NOWHERE)
