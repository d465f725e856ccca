"""Docugami's questions on twelve 10-Qs of Apple, Amazon and Intel: one passage, several, or several filings.

The file was saved with its UTF-8 read as Windows-1252, which is undone here. The notes in the answers that
say which file something is from ("SOURCE(S): 2023 Q1 AAPL.pdf") are no part of what was asked; they are
taken out of ``gold``, and the answer as it stands in the file is kept in ``data``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from eval.benchmarks.files import benchmark_file, read_records, reading
from eval.case import Case
from eval.contract import Benchmark
from eval.scorers.answer import AnswerScorer
from eval.scorers.citation import CitationScorer
from eval.scorers.retrieval import PageRetrieval
from eval.scorers.support import SupportScorer
from eval.systems.filings import filing_systems

FOLDER = "docugami_10q"

_SOURCES = re.compile(r"\s*\bSOURCE\(S\):.*\Z|\s*\(SOURCE: [^()]*\)", re.DOTALL)
_NAMED = re.compile(r"\b(20\d\d Q[1-4] [A-Z]+)\.pdf\b")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")


def load(data: Path) -> tuple[Case, ...]:
    """Read ``questions.csv``: a case for each question, named by its number in the file; the fold is the company.

    ``documents`` are the filings that the question is put to, ``data["sources"]`` those that its answer
    names. Raises DataAbsentError where the questions or the filings are not there.
    """
    path = benchmark_file(data, FOLDER, "questions.csv")
    names = sorted(file.stem for file in documents_folder(data).glob("*.pdf"))
    cases = []
    for number, (row, record) in enumerate(read_records(path), start=1):
        with reading(path, row):
            cases.append(_case(number, record, names))
    return tuple(cases)


def documents_folder(data: Path) -> Path:
    """Return the folder of the filings. Raises DataAbsentError where it is not there."""
    return benchmark_file(data, FOLDER, "pdfs")


def _case(number: int, record: Mapping[str, Any], names: Sequence[str]) -> Case:
    answer = _repaired(record["Answer"])
    pattern = record["Source Docs"].strip()
    return Case(
        id=f"docugami-{number:03d}",
        question=_repaired(record["Question"]).strip(),
        gold=_SOURCES.sub("", answer).strip(),
        documents=tuple(name for name in names if fnmatchcase(name, pattern)),
        group=record["Question Type"],
        fold=pattern.strip("*").split()[-1],
        data={
            "answer": answer,
            "sources": tuple(dict.fromkeys(_NAMED.findall(answer))),
            "chunk_type": record["Source Chunk Type"],
        },
    )


def _repaired(text: str) -> str:
    """Undo the reading of UTF-8 as Windows-1252; what was not read so stays as it is."""

    def undo(match: re.Match[str]) -> str:
        try:
            return match[0].encode("cp1252").decode("utf-8")
        except UnicodeError:
            return match[0]

    return _NOT_ASCII.sub(undo, text)


BENCHMARK = Benchmark(
    name="docugami",
    description="Questions on twelve 10-Qs, on one passage, several, or several filings; no gold pages.",
    load=load,
    scorers=(AnswerScorer(), PageRetrieval(), CitationScorer(), SupportScorer()),
    systems=filing_systems(documents_folder),
    headline=("correct", "document@1"),
)
