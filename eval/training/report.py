"""Before and after: generators over the same held-out questions, on gold pages and on sheets of filings.

Pages of benchmarks are scored by the benchmarks' own scorers, over all held-out questions, also those whose gold
program cannot be pointed at the page. Questions over the user's filings (``tieout dataset build``) are right where
the program gives what theirs gives; some of their sheets are those that the search brought.
"""

from __future__ import annotations

import json
import resource
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

from assistant.exercise import given, sheet_evidence, solves
from eval.case import Case
from eval.intervals import mean_interval
from eval.scorers.calibration import risk_coverage_points
from eval.scorers.programs import ExecutionScorer
from eval.scorers.spans import TatQaScorer
from eval.systems.sheet import SheetSystem
from eval.training.corpus import is_held_out
from eval.training.sources import SOURCES
from ingest.errors import ProgramError
from model.contract import Generator
from model.program import Abstention, parse_program
from model.tuning.example import TrainingExample

Progress = Callable[[str, int, int], None]

HALF = 0.5
"""The coverage at which risks are compared."""
_BENCHMARKS = {"finqa-dev": "finqa", "convfinqa-dev": "convfinqa", "tatqa-dev": "tatqa"}
_REFUSALS = frozenset(("wrong_period", "not_reported", "not_in_library"))
_LOOKUPS = frozenset(("lookup",))


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of one question. ``valid``: the program was executed, or refuses; ``answered``: it does not refuse."""

    group: str
    right: float
    answered: bool
    valid: bool
    seconds: float
    probability: float | None
    f1: float | None = None


def page_questions(data: Path, limit: int | None, seed: int) -> dict[str, list[Case]]:
    """Return the held-out cases of each benchmark, at most ``limit`` of each, drawn with ``seed``."""
    found = {}
    for source in SOURCES:
        if source.name in _BENCHMARKS:
            cases = [case for case in source.load(data) if is_held_out(case.fold or case.id)]
            Random(seed).shuffle(cases)  # noqa: S311
            found[_BENCHMARKS[source.name]] = cases[:limit]
    return found


def ask_pages(name: str, cases: Sequence[Case], generator: Generator, progress: Progress) -> list[Asked]:
    """Let a generator answer the cases of a benchmark."""
    scaled = name == "tatqa"
    system = SheetSystem(scaled=scaled, generator=lambda: generator)
    scorer = TatQaScorer() if scaled else ExecutionScorer()
    asked = []
    for done, case in enumerate(cases, start=1):
        started = time.perf_counter()
        prediction = system.predict(case)
        seconds = time.perf_counter() - started
        scores = {score.metric: score.value for score in scorer.score(case, prediction)}
        asked.append(
            Asked(
                name,
                float(scores["em" if scaled else "execution_accuracy"] or 0.0),
                prediction.status == "answered",
                not prediction.extra.get("error"),
                seconds,
                prediction.confidence,
                scores.get("f1"),
            )
        )
        progress(name, done, len(cases))
    return asked


def ask_examples(examples: Sequence[TrainingExample], generator: Generator, progress: Progress) -> list[Asked]:
    """Let a generator answer examples; their groups are ``lookup``, ``computed``, ``quoted`` and ``unanswerable``."""
    asked = []
    for done, example in enumerate(examples, start=1):
        generation = generator.write_program(example.question, example.lines)
        asked.append(
            Asked(
                f"own {_group(example)}",
                float(solves(generation.text, example)),
                not isinstance(parse_program(generation.text), Abstention),
                _executes(generation.text, example),
                generation.seconds,
                generation.probability,
            )
        )
        progress("own filings", done, len(examples))
    return asked


def _group(example: TrainingExample) -> str:
    if example.kind in _REFUSALS:
        return "unanswerable"
    if example.kind in _LOOKUPS:
        return "lookup"
    return "quoted" if example.kind.startswith("quote") else "computed"


def _executes(text: str, example: TrainingExample) -> bool:
    try:
        given(text, sheet_evidence(example.lines))
    except ProgramError:
        return False
    return True


def summary(asked: Iterable[Asked], seed: int) -> dict[str, dict[str, Any]]:
    """Return for each group: how much is right, with its interval; wrong; valid; risk at half coverage; seconds."""
    groups: dict[str, list[Asked]] = {}
    for each in asked:
        groups.setdefault(each.group, []).append(each)
    return {group: _figures(found, seed) for group, found in groups.items()}


def _figures(found: Sequence[Asked], seed: int) -> dict[str, Any]:
    said = [each for each in found if each.answered and each.valid]
    told = [each for each in said if each.probability is not None]
    spans = [each.f1 for each in found if each.f1 is not None]
    points = risk_coverage_points([each.probability or 0.0 for each in told], [each.right for each in told])
    half = next((risk for coverage, risk in points if coverage >= HALF), None)
    return {
        "right": asdict(mean_interval([each.right for each in found], seed=seed)),
        "f1": sum(spans) / len(spans) if spans else None,
        "wrong": sum(1 - each.right for each in said) / len(found),
        "valid": sum(each.valid for each in found) / len(found),
        "wrong of the surer half": half,
        "seconds": median(each.seconds for each in found),
    }


def write_report(results: Mapping[str, Mapping[str, Mapping[str, Any]]], out: Path) -> Path:
    """Write ``report.json`` and ``report.md``, a row for each generator and group; return the latter."""
    out.mkdir(parents=True, exist_ok=True)
    (out / "report.json").write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    lines = [
        "| generator | questions | n | right (95 % interval) | F1 | wrong | valid | wrong, surer half | s, median |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for generator, groups in results.items():
        for group, figures in groups.items():
            right = figures["right"]
            interval = f"{right['value']:.3f} ({right['low']:.3f}–{right['high']:.3f})"
            rest = (figures["wrong"], figures["valid"], figures["wrong of the surer half"])
            numbers = " | ".join(_number(number) for number in (figures["f1"], *rest))
            lines.append(
                f"| {generator} | {group} | {right['n']} | {interval} | {numbers} | {figures['seconds']:.2f} |"
            )
    path = out / "report.md"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def peak_memory() -> int:
    """Return the most memory that this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
