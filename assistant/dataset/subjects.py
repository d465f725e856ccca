"""What can be asked of a sheet: its lines by name, each figure checked against what the filing states."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random

from assistant.dataset.labels import lowered, spoken
from assistant.dataset.times import Time, time_of
from assistant.dataset.truth import Truth
from assistant.dataset.wording import Wording
from index.evidence import EvidenceCell, EvidenceLine
from index.query import company_key
from ingest.registrant import plain_company
from ingest.vocabulary import Concept, Vocabulary, loose_label, normalise_label

_COLUMN = re.compile(r"c\d+")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a subject: the cell to point at, its time, and the value that the filing states."""

    line: EvidenceLine
    cell: EvidenceCell
    time: Time
    value: Decimal

    @property
    def pointer(self) -> str:
        """How a program points at it."""
        return f"value({self.line.id}[{self.cell.key}])"


@dataclass(frozen=True)
class Subject:
    """A line of a sheet, or several that say the same of different times.

    ``names`` are what a question may call it, the printed one first. ``figures`` are in order of time, one for
    each; ``row`` is whether a single line without any other figure holds them all.
    """

    names: tuple[str, ...]
    company: str | None
    lines: tuple[EvidenceLine, ...]
    figures: tuple[Figure, ...]
    concept: Concept | None
    row: bool

    @property
    def unit(self) -> str | None:
        """The unit of its figures, which all have the same."""
        return self.figures[0].cell.unit

    def at(self, key: str) -> Figure | None:
        """Return its figure under a key, or None."""
        return next((figure for figure in self.figures if figure.time.key == key), None)


@dataclass
class _Named:
    """Lines of one company that go by one name."""

    label: str
    lines: list[EvidenceLine] = field(default_factory=list)


def find_subjects(
    lines: Sequence[EvidenceLine], vocabulary: Vocabulary, wording: Wording, truth: Truth, rng: Random, *, columns: bool
) -> tuple[Subject, ...]:
    """Return the lines that a question can name so that no other line of the sheet could be meant.

    ``columns`` is whether the sheet says what its columns without a period are.
    """
    groups: dict[tuple[str, str], _Named] = {}
    taken: set[tuple[str, str]] = set()
    for line in lines:
        label = _label(line, lines, wording, rng) if line.kind == "row" else None
        if label is not None:
            company = company_key(line.company or "")
            taken.add((company, loose_label(normalise_label(label))))
            groups.setdefault((company, _plain_words(label)), _Named(label)).lines.append(line)
    concepts = [(company_key(line.company or ""), _concept(line, vocabulary)) for line in lines if line.kind == "row"]
    found = []
    for (company, _), group in groups.items():
        group.lines.sort(key=lambda line: -len(line.cells))
        figures = _figures(group.lines, truth, columns=columns)
        if not figures:
            continue
        concept = _concept(group.lines[0], vocabulary)
        alone = concept is not None and concepts.count((company, concept)) == len(group.lines)
        synonyms = _synonyms(concept, company, taken) if alone and concept is not None else ()
        cells = group.lines[0].cells
        row = len(group.lines) == 1 and len(figures) == len(cells)
        names = tuple(dict.fromkeys((lowered(group.label), *synonyms)))
        spoken_company = plain_company(group.lines[0].company) if group.lines[0].company else None
        found.append(Subject(names, spoken_company, tuple(group.lines), figures, concept if alone else None, row))
    return tuple(found)


def _plain_words(label: str) -> str:
    """A label's words in one order and without "net": nobody tells lines apart that differ in these alone."""
    words = set(loose_label(normalise_label(label)).split()) - {"net", "the", "of", "and"}
    return " ".join(sorted(words)) or label


def _label(line: EvidenceLine, lines: Sequence[EvidenceLine], wording: Wording, rng: Random) -> str | None:
    """The name of a line, with its heading where it needs one."""
    label = spoken(line.label)
    if label is None:
        return None
    heading = spoken(line.path[-1]) if line.path else None
    if wording.is_generic(label):
        return wording.under_heading(rng, label, heading) if heading is not None and len(heading.split()) <= 6 else None
    others = {other.path for other in lines if other.kind == "row" and _same(other, line)}
    if len(others) > 1:
        return wording.under_heading(rng, label, heading) if heading is not None and len(heading.split()) <= 6 else None
    return label


def _same(one: EvidenceLine, other: EvidenceLine) -> bool:
    labels = loose_label(normalise_label(one.label)), loose_label(normalise_label(other.label))
    return labels[0] == labels[1] and company_key(one.company or "") == company_key(other.company or "")


def _figures(lines: Iterable[EvidenceLine], truth: Truth, *, columns: bool) -> tuple[Figure, ...]:
    """One figure for each time: the first line's, where no other line says anything else of that time."""
    chosen: dict[str, Figure] = {}
    unclear: set[str] = set()
    for line in lines:
        if any(_COLUMN.fullmatch(cell.key) and _YEAR.search(cell.column) for cell in line.cells):
            # Of several columns of one period, only the first has the period's key: the others may be meant as well.
            continue
        for cell in line.cells:
            time = time_of(cell.key, cell.period, cell.column)
            if cell.key in chosen and chosen[cell.key].cell.value != cell.value:
                unclear.add(cell.key)
            if time is None or (time.kind == "column" and not columns):
                continue
            if cell.key in chosen or not any(map(str.isdigit, cell.printed)):
                continue
            value = truth.value(line, cell)
            if value is not None:
                chosen[cell.key] = Figure(line, cell, time, value)
    kept = [figure for key, figure in chosen.items() if key not in unclear]
    units = {figure.cell.unit for figure in kept}
    return tuple(sorted(kept, key=lambda figure: figure.time.order)) if len(units) == 1 else ()


def _concept(line: EvidenceLine, vocabulary: Vocabulary) -> Concept | None:
    """The concept of a line of the statements; elsewhere the same words may mean a part of the whole."""
    if line.concept is not None:
        return vocabulary.concepts.get(line.concept)
    return vocabulary.by_label(line.label, line.path, line.statement) if line.statement is not None else None


def _synonyms(concept: Concept, company: str, taken: set[tuple[str, str]]) -> tuple[str, ...]:
    """What people call a concept, less the names of other lines of the sheet."""
    names = (concept.name, *concept.asked)
    spoken_names = (name if name.isupper() or "&" in name else lowered(name) for name in names)
    return tuple(name for name in spoken_names if (company, loose_label(normalise_label(name))) not in taken)
