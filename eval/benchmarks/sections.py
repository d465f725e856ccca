"""Section segmentation: whether the items of a 10-K or 10-Q are found, each once and in order.

The expectations are those of an open-source parser's own tests: for each filing the top-level items and
the characters of HTML source in each. They name the items of their time: none has 1C (cybersecurity), 9C
or 16. ``f1`` looks at the items that the expectations of a form speak of at all; ``f1_all``, beside it, holds
every further item against the reader. An item of no characters is expected to be absent.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

from eval.benchmarks.files import benchmark_file, read_json, reading
from eval.case import Case, Prediction, Score
from eval.contract import Benchmark
from eval.systems.reader import ReaderSystem
from ingest.errors import DataAbsentError
from ingest.filing import Filing, Page, Section

FOLDER = "edgar"
EXPECTED = "expected-top-level-sections.json"
PAGES = "html"
CLEARLY = 4
"""Two sections differ clearly in size where one is so many times as long as the other."""


def load(data: Path) -> tuple[Case, ...]:
    """Read the expectations: a case for each filing that is there.

    Raises DataAbsentError where there are no expectations, or none whose filing is there.
    """
    folder = benchmark_file(data, FOLDER, "expected_sections")
    filings = benchmark_file(data, FOLDER, PAGES)
    paths = sorted(folder.glob(f"*/*/*/{EXPECTED}"))
    by_form: dict[str, set[str]] = {}
    found: list[tuple[str, Path, dict[str, int]]] = []
    for path in paths:
        form, ticker, accession = path.parts[-4:-1]
        with reading(path, 1):
            sizes = {entry["identifier"].lower(): int(entry["character_count"]) for entry in read_json(path)}
        by_form.setdefault(form, set()).update(sizes)
        file = next(filings.glob(f"{ticker}_{form}_{accession}.htm*"), None)
        if file is not None:
            found.append((form, file, sizes))
    if not found:
        raise DataAbsentError(f"there are no expectations in {folder} with a filing in {filings}: name --data")
    return tuple(_case(form, file, sizes, by_form[form]) for form, file, sizes in found)


def _case(form: str, file: Path, sizes: Mapping[str, int], known: Iterable[str]) -> Case:
    present = {name: size for name, size in sizes.items() if size}
    return Case(
        id=file.stem,
        question=f"The items of {file.name}",
        gold=" ".join(present),
        documents=(file.stem,),
        group=form,
        fold=file.stem.partition("_")[0],
        data={"path": str(file), "sizes": present, "known": tuple(sorted(known))},
    )


def look(path: Path, filing: Filing) -> Mapping[str, Any]:
    """Return ``sections``: identifier and characters of text of each item, in order."""
    quarterly = (filing.identity.form or "").startswith("10-Q")
    return {
        "sections": [
            [name, _length(section, filing.pages)] for name, section in _identified(filing.sections, quarterly)
        ]
    }


def _length(section: Section, pages: Sequence[Page]) -> int:
    """The characters of text in all ranges of a section."""
    ranges = ((section.first_page, section.last_page), *section.elsewhere)
    length = sum(len(page.text) for first, last in ranges for page in pages[first : last + 1])
    if section.end is not None:
        length -= len(pages[section.last_page].text) - section.end
    return length - section.start


def _identified(sections: Iterable[Section], quarterly: bool) -> Iterator[tuple[str, Section]]:
    """Items with their identifiers. A 10-Q numbers them anew in each part: a number that falls begins a part."""
    part, last = 1, (0, "")
    for section in _items(sections):
        number = (section.number or "").lower()
        if section.kind == "part":
            continue
        match = re.fullmatch(r"(\d+)([a-z]?)", number)
        order = (int(match[1]), match[2]) if match else last
        part += order < last
        last = order
        yield (f"part{part}item{number}" if quarterly else number), section


def _items(sections: Iterable[Section]) -> Iterator[Section]:
    for section in sections:
        if section.kind == "item":
            yield section
        elif section.kind == "part":
            yield from _items(section.children)


@dataclass(frozen=True, slots=True)
class SectionScorer:
    """Compares the items that were read with the expected ones: identity and order, and which is longer."""

    def score(self, case: Case, prediction: Prediction) -> Sequence[Score]:
        """Return ``f1``, ``f1_all`` and ``size_order``; the detail of ``f1`` names the missing and the wrong."""
        read = [(str(name), int(size)) for name, size in prediction.extra.get("sections", ())]
        names = [name for name, _ in read]
        expected, known = case.gold.split(), set(case.data["known"])
        judged = [name for name in names if name in known]
        return (
            Score("f1", order_f1(expected, judged), _detail(expected, names, known)),
            Score("f1_all", order_f1(expected, names)),
            Score("size_order", size_order(case.data["sizes"], dict(reversed(read)))),
        )


def order_f1(expected: Sequence[str], found: Sequence[str]) -> float:
    """Return F1 of two sequences, where what both have in the same order is their longest common subsequence."""
    if not expected and not found:
        return 1.0
    row = [0] * (len(found) + 1)
    for name in expected:
        before = row
        row = [0]
        for position, other in enumerate(found, start=1):
            row.append(before[position - 1] + 1 if name == other else max(before[position], row[-1]))
    return 2 * row[-1] / (len(expected) + len(found))


def size_order(expected: Mapping[str, int], found: Mapping[str, int]) -> float | None:
    """Return the share of pairs of found items, clearly different in size, of which the longer was read longer.

    None where no pair differs clearly. Sizes are not compared as such: one counts HTML, the other text.
    """
    shared = [name for name in expected if name in found]
    pairs = [
        (a, b) if expected[a] > expected[b] else (b, a)
        for a, b in combinations(shared, 2)
        if max(expected[a], expected[b]) >= CLEARLY * min(expected[a], expected[b])
    ]
    return sum(found[a] > found[b] for a, b in pairs) / len(pairs) if pairs else None


def _detail(expected: Sequence[str], found: Sequence[str], known: set[str]) -> str:
    counts = Counter(found)
    said = {
        "missing": [name for name in expected if name not in counts],
        "not expected": [name for name in counts if name in known and name not in expected],
        "more than once": [name for name, count in counts.items() if count > 1],
        "not in the expectations of the form": [name for name in counts if name not in known],
    }
    return "; ".join(f"{what}: {', '.join(names)}" for what, names in said.items() if names)


BENCHMARK = Benchmark(
    name="sections",
    description="Items of 10-K and 10-Q filings, against an open-source parser's expectations.",
    load=load,
    scorers=(SectionScorer(),),
    systems={"tieout": lambda data, work: ReaderSystem(look)},
    headline=("f1",),
    worse=(),
)
