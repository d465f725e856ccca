"""Inline XBRL: whether what the reader makes of a tagged filing agrees with its tags.

``fact_agreement`` is over every tagged number that is printed: printed digits × scale × sign is the value of
the tag, the reader's fact has that value, and the page's text has the digits where the fact says they stand.

``table_cell_agreement`` is over every tagged figure that fills a table cell. The table reader never sees a
tag: the value of its cell (digits, scale and sign) and its period (last day and length) must be those of the
tag. The sign is the printed one: negative where parentheses or a minus stand around the tagged text, read from
the markup anew. For a tag's own sign is that of its concept, by which a payment printed in parentheses is
positive, and no table says that. ``table_cell_agreement_tag_sign``, beside it, asks for that sign all the same.
Both are strict about periods, though a column headed by a year says not on which day a year of 52 or 53 weeks
ended; ``table_cell_agreement_lenient`` takes either sign, and ends that are no more than a week apart.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from eval.benchmarks.files import benchmark_file
from eval.benchmarks.ixbrl_tags import Tag, aligned, digits_of, read_tags
from eval.case import Case, Prediction, Score
from eval.contract import Benchmark
from eval.systems.reader import ReaderSystem
from ingest.errors import DataAbsentError
from ingest.filing import Cell, Fact, Filing, Period, Row, Table

FOLDER = "edgar"
WEEK = 7
"""Days by which the ends of a period may differ in the lenient count."""
CELLS = "cells"
BY_TAG = "cells by the tag's sign"
FORGIVEN = frozenset({"sign", "end of the period by a week or less"})
"""The kinds of disagreement that the lenient count forgives."""


def load(data: Path) -> tuple[Case, ...]:
    """Return a case for each HTML filing. Raises DataAbsentError where there are none."""
    folder = benchmark_file(data, FOLDER, "html")
    files = sorted(path for path in folder.glob("*.htm*") if path.is_file())
    if not files:
        raise DataAbsentError(f"there are no HTML filings in {folder}: name the folder of the data with --data")
    return tuple(
        Case(
            id=path.stem,
            question=f"The tagged figures of {path.name}",
            gold="",
            documents=(path.stem,),
            group="10-Q" if "10-q" in path.name.lower() else "10-K",
            fold=path.stem.lower().replace("_", "-").partition("-")[0],
            data={"path": str(path)},
        )
        for path in files
    )


def look(path: Path, filing: Filing) -> Mapping[str, Any]:
    """Return the counts of each kind of agreement and disagreement, and the first example of each.

    ``facts`` and ``cells`` map kinds to counts; ``cells`` has one combination of kinds for each cell, joined
    by `` + ``, and ``agrees`` where there is none; beside it stands the same with the sign of the tag.
    ``units`` counts cells with another unit than the tag's.
    """
    facts = [fact for fact in filing.facts if fact.origin == "ixbrl"]
    cells = _Cells(filing.tables)
    counts: dict[str, Counter[str]] = {"facts": Counter(), CELLS: Counter(), BY_TAG: Counter(), "units": Counter()}
    examples: dict[str, str] = {}
    for tag, fact in aligned(read_tags(path), facts):
        value, as_printed = tag.value, tag.printed_value
        if not tag.printed or value is None or as_printed is None:
            counts["facts"]["not judged: " + ("in words" if tag.printed else "hidden")] += 1
            continue
        kind = fact_kind(tag, fact, filing)
        counts["facts"][kind] += 1
        if kind != "agrees":
            examples.setdefault(kind, f"{tag.name} {tag.text!r}: {fact.value if fact else 'no fact'}")
        if tag.cell and fact is not None and fact.span.chars is not None:
            found = cells.at(fact)
            cell = found[1] if found else None
            kinds = cell_kinds(cell, fact, as_printed)
            counts[CELLS][" + ".join(kinds) or "agrees"] += 1
            counts[BY_TAG][" + ".join(cell_kinds(cell, fact, value)) or "agrees"] += 1
            counts["units"]["agrees" if found and found[1].unit == fact.unit else "unit"] += 1
            for each in kinds:
                examples.setdefault(f"cell: {each}", _example(found, fact))
    return {**{name: dict(count.most_common()) for name, count in counts.items()}, "examples": examples}


def fact_kind(tag: Tag, fact: Fact | None, filing: Filing) -> str:
    """Return ``agrees``, or in a word how the fact that was read from a printed tag does not agree with it."""
    if fact is None:
        return "no fact"
    if fact.value != tag.value:
        return "value"
    if fact.span.chars is None:
        return "not found in the print"
    start, end = fact.span.chars
    stands = digits_of(filing.pages[fact.span.page].text[start:end])
    printed = digits_of(fact.printed)
    if printed is None or printed.scaleb(tag.scale) != abs(fact.value):
        return "printed digits"
    return "agrees" if stands == printed else "place"


def cell_kinds(cell: Cell | None, fact: Fact, value: Decimal) -> list[str]:
    """Return how a table cell disagrees with the tag: none, or one kind of value and one of period.

    ``value`` is the tag's, with the sign that is expected.
    """
    if cell is None:
        return ["no cell"]
    kinds = []
    if cell.value is None or cell.number is None:
        kinds.append("no number")
    elif cell.value != value:
        kinds.append(_value_kind(cell.value, value))
    period = _period_kind(cell.period, fact.period)
    return [*kinds, period] if period else kinds


def _value_kind(read: Decimal, tagged: Decimal) -> str:
    if read == -tagged:
        return "sign"
    same = _digits(read) == _digits(tagged)
    return "scale" if same else "digits"


def _digits(value: Decimal) -> tuple[int, ...]:
    return value.normalize().as_tuple().digits


def _period_kind(read: Period | None, tagged: Period) -> str | None:
    if read is None:
        return "no period"
    if read.end != tagged.end:
        near = abs((read.end - tagged.end).days) <= WEEK and read.months == tagged.months
        return "end of the period by a week or less" if near else "end of the period"
    if read.months != tagged.months:
        return "instant or duration" if 0 in (read.months, tagged.months) else "length of the period"
    return None


class _Cells:
    """The cells of all tables by where they stand."""

    def __init__(self, tables: Sequence[Table]) -> None:
        placed: dict[int, list[tuple[tuple[int, int], Row, Cell]]] = {}
        for table in tables:
            for row in table.rows:
                for cell in row.cells:
                    if cell.span.chars is not None:
                        placed.setdefault(cell.span.page, []).append((cell.span.chars, row, cell))
        self._placed = {page: sorted(cells, key=lambda entry: entry[0]) for page, cells in placed.items()}

    def at(self, fact: Fact) -> tuple[Row, Cell] | None:
        """The row and cell that hold what the fact is printed as."""
        cells = self._placed.get(fact.span.page, [])
        start, end = fact.span.chars or (0, 0)
        position = bisect_right(cells, start, key=lambda entry: entry[0][0]) - 1
        if position < 0:
            return None
        (first, last), row, cell = cells[position]
        return (row, cell) if first <= start and end <= last else None


def _example(found: tuple[Row, Cell] | None, fact: Fact) -> str:
    page = fact.span.page + 1
    tagged = f"tag {fact.value} {fact.period.describe()}"
    if found is None:
        return f"page {page}: {fact.concept} {fact.printed}: {tagged}"
    row, cell = found
    period = cell.period.describe() if cell.period else "no period"
    return f"page {page}: {row.label[:60]} {cell.text}: read {cell.value} {period}; {tagged}"


@dataclass(frozen=True, slots=True)
class AgreementScorer:
    """Turns the counts of one filing into shares; the details name the kinds of disagreement."""

    def score(self, case: Case, prediction: Prediction) -> Sequence[Score]:
        """Return the four shares of the filing; None where it has nothing tagged."""
        counts = prediction.extra
        scores = []
        for name, (measure, about) in MEASURES.items():
            agreeing, total = measure(counts)
            scores.append(Score(name, agreeing / total if total else None, _detail(counts.get(about, {}))))
        return tuple(scores)


def pooled(pairs: Sequence[tuple[Case, Prediction]]) -> Mapping[str, float]:
    """Return the shares over all figures of all filings; their interval is that of drawing filings anew."""
    shares = {}
    for name, (measure, _) in MEASURES.items():
        counts = [measure(prediction.extra) for _, prediction in pairs]
        total = sum(count for _, count in counts)
        if total:
            shares[name] = sum(agreeing for agreeing, _ in counts) / total
    return shares


def _facts(counts: Mapping[str, Any]) -> tuple[int, int]:
    """How many printed facts agree, and how many there are."""
    judged = {kind: n for kind, n in counts.get("facts", {}).items() if not kind.startswith("not judged")}
    return judged.get("agrees", 0), sum(judged.values())


def _strict(counts: Mapping[str, Any]) -> tuple[int, int]:
    return _agreeing(counts.get(CELLS, {}))


def _by_tag(counts: Mapping[str, Any]) -> tuple[int, int]:
    return _agreeing(counts.get(BY_TAG, {}))


def _agreeing(cells: Mapping[str, int]) -> tuple[int, int]:
    return cells.get("agrees", 0), sum(cells.values())


def _lenient(counts: Mapping[str, Any]) -> tuple[int, int]:
    cells: Mapping[str, int] = counts.get(CELLS, {})
    forgiven = sum(n for kind, n in cells.items() if kind == "agrees" or set(kind.split(" + ")) <= FORGIVEN)
    return forgiven, sum(cells.values())


MEASURES: dict[str, tuple[Callable[[Mapping[str, Any]], tuple[int, int]], str]] = {
    "fact_agreement": (_facts, "facts"),
    "table_cell_agreement": (_strict, CELLS),
    "table_cell_agreement_tag_sign": (_by_tag, BY_TAG),
    "table_cell_agreement_lenient": (_lenient, "units"),
}
"""Each figure with what it is counted from: how many agree, of how many; and whose counts are its detail."""


def _detail(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{kind} {n}" for kind, n in counts.items())


BENCHMARK = Benchmark(
    name="ixbrl",
    description="Tagged figures of HTML filings: tag against print, and against the table reader.",
    load=load,
    scorers=(AgreementScorer(),),
    systems={"tieout": lambda data, work: ReaderSystem(look)},
    headline=("fact_agreement", "table_cell_agreement"),
    worse=(),
    aggregates=(pooled,),
)
