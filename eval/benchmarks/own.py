"""Questions of a user's own: a CSV or JSONL file beside the documents that they are about. No code is needed.

The file is called ``questions.csv`` or ``questions.jsonl`` in the folder that ``--data`` names, or is
named itself; its documents lie anywhere below its folder. Its columns are

::

    question    what is asked
    answer      what is right
    document    the file's name, with or without its suffix; several are parted by ";"   may be empty
    page        the physical page from 1; several pages are parted by ";"                may be empty
    group       what scores are broken down by                                           may be missing

The first line of a CSV names them; a line of JSONL is an object that has them.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from eval.benchmarks.files import read_records
from eval.case import Case, Place
from eval.contract import Benchmark
from eval.scorers.answer import AnswerScorer
from eval.scorers.citation import CitationScorer
from eval.scorers.retrieval import PageRetrieval
from eval.scorers.support import SupportScorer
from eval.systems.filings import filing_systems
from ingest.errors import DataAbsentError, UsageError
from ingest.kinds import SUFFIXES

NAMES = ("questions.csv", "questions.jsonl")
COLUMNS = ("question", "answer", "document", "page", "group")
NEEDED = ("question", "answer")


def load(data: Path) -> tuple[Case, ...]:
    """Read the questions of a folder or a file; a case is named by its row.

    Raises DataAbsentError where there is no such file, and UsageError, in one line with the row, on a
    column that is unknown or empty, a page that is none, and a document that is not there.
    """
    path = questions_file(data)
    documents = _documents(path)
    return tuple(_case(f"{path}, row {row}", row, record, documents) for row, record in read_records(path))


def questions_file(data: Path) -> Path:
    """Return the file of questions that ``data`` is or holds. Raises DataAbsentError where there is none."""
    if data.is_file():
        return data
    found = next((data / name for name in NAMES if (data / name).is_file()), None)
    if found is None:
        raise DataAbsentError(
            f"there is no {' or '.join(NAMES)} in {data}: name the file, or the folder that holds it, with --data"
        )
    return found


def documents_folder(data: Path) -> Path:
    """Return the folder that holds the documents: that of the questions."""
    return questions_file(data).parent


def _documents(questions: Path) -> dict[str, str]:
    """The names, with and without suffix, of the documents beside the questions, and the name that places have."""
    found: dict[str, str] = {}
    for path in sorted(questions.parent.rglob("*")):
        if path.suffix.lower() in SUFFIXES and path.is_file() and path != questions:
            found[path.name] = found[path.stem] = path.stem
    return found


def _case(where: str, row: int, record: Mapping[str, Any], known: Mapping[str, str]) -> Case:
    unknown = [name for name in record if name not in COLUMNS]
    if unknown:
        raise UsageError(f"{where}: unknown column {unknown[0]!r}: there are {', '.join(COLUMNS)}")
    texts = {name: _text(where, name, record.get(name)) for name in COLUMNS}
    for name in NEEDED:
        if not texts[name]:
            raise UsageError(f"{where}: the {name} is missing")
    documents = tuple(_document(where, name, known) for name in _parts(texts["document"]))
    pages = tuple(_page(where, page) for page in _parts(texts["page"]))
    if pages and len(documents) != 1:
        raise UsageError(f"{where}: a page needs exactly one document, not {len(documents)}")
    return Case(
        id=str(row),
        question=texts["question"],
        gold=texts["answer"],
        places=tuple(Place(documents[0], page) for page in pages),
        documents=documents,
        group=texts["group"],
        fold=documents[0] if documents else str(row),
    )


def _text(where: str, name: str, value: Any) -> str:
    """A cell as text; a list of JSON is written as the parts of one."""
    if value is None:
        return ""
    if isinstance(value, list):
        return "; ".join(_text(where, name, part) for part in value)
    if isinstance(value, dict):
        raise UsageError(f"{where}: the {name} must be text, a number or a list of them")
    return str(value).strip()


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]


def _document(where: str, name: str, known: Mapping[str, str]) -> str:
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1)
        hint = f": is it {near[0]!r}?" if near else f" (there are {len(set(known.values()))} documents)"
        raise UsageError(f"{where}: there is no document {name!r}{hint}")
    return known[name]


def _page(where: str, text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise UsageError(f"{where}: a page is a whole number from 1, not {text!r}")
    return int(text) - 1


BENCHMARK = Benchmark(
    name="own",
    description="Questions of your own: a CSV or JSONL file beside its documents.",
    load=load,
    scorers=(AnswerScorer(), PageRetrieval(), CitationScorer(), SupportScorer()),
    systems=filing_systems(documents_folder, questions_file),
    headline=("correct", "page_recall@5"),
)
