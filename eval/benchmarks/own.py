"""Questions of a user's own: a CSV or JSONL file beside the documents that they are about. No code is needed.

The file is called ``questions.csv`` or ``questions.jsonl`` in the folder that ``--data`` names, or is
named itself; its documents lie anywhere below its folder. Its columns are

::

    question    what is asked
    answer      what is right
    document    the file's name, with or without its suffix; several are parted by ";"   may be empty
    page        the physical page from 1; several pages are parted by ";"                may be empty
    group       what scores are broken down by                                           may be missing

The first line of a CSV names them; a line of JSONL is an object that has them. Reading rows of both kinds
stands here too, for the other benchmarks have their questions in such files, and so do the systems that they share.
"""

from __future__ import annotations

import csv
import difflib
import io
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from eval.case import Case, Place
from eval.contract import Benchmark, Door
from eval.scorers.answer import AnswerScorer
from eval.scorers.citation import CitationScorer
from eval.scorers.retrieval import PageRetrieval
from eval.scorers.support import SupportScorer
from eval.systems.bm25 import bm25_systems
from eval.systems.dense import dense_systems
from eval.systems.llamaindex import llamaindex_systems
from eval.systems.tieout import tieout_systems
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


def filing_systems(
    documents: Callable[[Path], Path], questions: Callable[[Path], Path] | None = None
) -> dict[str, Door]:
    """Return what is measured on questions about filings, Tieout first; ``documents`` finds their folder.

    ``questions`` finds the file of the questions where it stands among them: it has the answers, and is no filing.
    """
    return {
        **tieout_systems(documents, questions),
        **bm25_systems(documents),
        **dense_systems(documents),
        **llamaindex_systems(documents),
    }


def benchmark_file(data: Path, folder: str, name: str) -> Path:
    """Return a benchmark's file, in its own folder below ``data`` or in ``data`` itself; DataAbsentError without it."""
    places = (data / folder / name, data / name)
    found = next((place for place in places if place.exists()), None)
    if found is None:
        raise DataAbsentError(
            f"there is no {name} in {data / folder} nor in {data}: name the folder of the data with --data"
        )
    return found


def read_records(path: Path) -> list[tuple[int, dict[str, Any]]]:
    """Read the rows of a CSV (by its suffix) or JSONL file, each with its number.

    Rows are counted as a spreadsheet shows them, the heading being row 1; of JSONL, as its lines. Empty
    ones are left out. Raises UsageError, with the row, on what is not in the format.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8 text (byte {error.start}): save it as UTF-8") from error
    return _csv_records(path, text) if path.suffix.lower() == ".csv" else _json_records(path, text)


def read_json(path: Path) -> Any:
    """Read a JSON file. Raises UsageError where it cannot be read or is malformed."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from error
    except ValueError as error:
        raise UsageError(f"{path} is not JSON: {error}") from error


@contextmanager
def reading(path: Path, row: int) -> Iterator[None]:
    """Map what goes wrong with a row of a published file, whose form is known, to UsageError with the row."""
    try:
        yield
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        found = f"{type(error).__name__}: {error}"
        raise UsageError(f"{path}, row {row}: not as this benchmark is published ({found}): get it again") from error


def _csv_records(path: Path, text: str) -> list[tuple[int, dict[str, Any]]]:
    # Line ends are left to the csv module: a quoted cell may hold some, and not all that Python knows part rows.
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    records: list[tuple[int, dict[str, Any]]] = []
    row = 1
    try:
        for row, record in enumerate(reader, start=2):
            if None in record or None in record.values():
                raise UsageError(f"{path}, row {row}: it has not as many cells as the heading")
            if any(value.strip() for value in record.values()):
                records.append((row, dict(record)))
    except csv.Error as error:
        raise UsageError(f"{path}, row {row + 1}: not CSV: {error}") from error
    return records


def _json_records(path: Path, text: str) -> list[tuple[int, dict[str, Any]]]:
    records = []
    # Not splitlines: it also parts lines at characters that JSON strings may hold.
    for row, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except ValueError as error:
            raise UsageError(f"{path}, row {row}: not JSON: {error}") from error
        if not isinstance(record, dict):
            raise UsageError(f"{path}, row {row}: an object is wanted, not {line.strip()[:40]}")
        records.append((row, record))
    return records


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
