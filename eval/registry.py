"""The benchmarks by name. Each stands in a file of its own, which is loaded when it is asked for."""

from __future__ import annotations

from importlib import import_module

from eval.contract import Benchmark
from ingest.errors import UsageError

NAMES = (
    "financebench",
    "docugami",
    "finqa",
    "tatqa",
    "convfinqa",
    "phrasebank",
    "fiqa",
    "twitter",
    "stocknet",
    "finred",
    "sections",
    "ixbrl",
    "own",
)
"""In the order in which they are listed."""


def open_benchmark(name: str) -> Benchmark:
    """Return the benchmark called ``name``. Raises UsageError, with the names there are, for another."""
    if name not in NAMES:
        raise UsageError(f"there is no benchmark {name[:40]!r}: there are {', '.join(NAMES)}")
    benchmark: Benchmark = import_module(f"eval.benchmarks.{name}").BENCHMARK
    return benchmark
