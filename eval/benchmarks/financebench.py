"""FinanceBench: questions on filings, written by analysts, with the pages that hold the evidence.

Islam et al., "FinanceBench: A New Benchmark for Financial Question Answering" (2023). The questions are
for measuring only; no weights are trained on them. Pages in the file count from 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from eval.benchmarks.files import benchmark_file, read_records, reading
from eval.case import Case, Place
from eval.contract import Benchmark
from eval.scorers.answer import AnswerScorer
from eval.scorers.citation import CitationScorer
from eval.scorers.retrieval import PageRetrieval
from eval.scorers.support import SupportScorer
from eval.systems.filings import filing_systems

FOLDER = "financebench"


def load(data: Path) -> tuple[Case, ...]:
    """Read ``questions.jsonl``: a case for each question, in its order; the fold is its company."""
    path = benchmark_file(data, FOLDER, "questions.jsonl")
    cases = []
    for row, record in read_records(path):
        with reading(path, row):
            cases.append(_case(record))
    return tuple(cases)


def documents_folder(data: Path) -> Path:
    """Return the folder of the filings. Raises DataAbsentError where it is not there."""
    return benchmark_file(data, FOLDER, "pdfs")


def _case(record: Mapping[str, Any]) -> Case:
    evidence = record["evidence"]
    places = dict.fromkeys(Place(each["doc_name"], each["evidence_page_num"]) for each in evidence)
    return Case(
        id=record["financebench_id"],
        question=record["question"],
        gold=record["answer"],
        places=tuple(places),
        documents=tuple(dict.fromkeys([record["doc_name"], *(place.document for place in places)])),
        group=record["question_type"],
        fold=record["company"],
        data={
            "company": record["company"],
            "question_reasoning": record["question_reasoning"],
            "justification": record["justification"],
            "evidence": tuple(each["evidence_text"] for each in evidence),
        },
    )


BENCHMARK = Benchmark(
    name="financebench",
    description="Analysts' questions on annual reports, quarterly reports and releases.",
    load=load,
    scorers=(AnswerScorer(), PageRetrieval(), CitationScorer(), SupportScorer()),
    systems=filing_systems(documents_folder),
    headline=("correct", "page_recall@5"),
)
