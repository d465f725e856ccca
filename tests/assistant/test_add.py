from __future__ import annotations

import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import Progress

from assistant.add import Added, add_files, describe, find_files
from assistant.cli.adding import _Watched
from index.library import Library
from ingest.errors import UsageError
from ingest.read import file_id
from model.embedder import HashEmbedder
from tests.assistant.desk import EMBEDDER, QUARTER_HTML, RELEASE, no_embedder


@pytest.fixture
def release(examples: list[Path]) -> Path:
    return next(path for path in examples if path.name == RELEASE)


@pytest.fixture
def quarter(examples: list[Path]) -> Path:
    return next(path for path in examples if path.name == QUARTER_HTML)


def add(files: Sequence[Path], place: Path, **options: Any) -> list[Added]:
    with Library.open(place, create=True) as library:
        return list(add_files(files, library, lambda: EMBEDDER, **options))


def encrypted(original: Path, place: Path) -> Path:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(original))
    writer.encrypt("secret", algorithm="RC4-128")
    buffer = io.BytesIO()
    writer.write(buffer)
    place.write_bytes(buffer.getvalue())
    return place


@pytest.fixture
def bad_files(tmp_path: Path, release: Path) -> list[Path]:
    folder = tmp_path / "bad"
    folder.mkdir()
    contents = {
        "truncated.pdf": release.read_bytes()[:200],
        "empty.pdf": b"",
        "blank.htm": b"  \n\n ",
        "picture.pdf": b"\x89PNG\r\n\x1a\n" + bytes(100),
        "letter.pdf": b"Dear Sir or Madam,",
        "office.htm": b"PK\x03\x04" + bytes(100),
    }
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    encrypted(release, folder / "locked.pdf")
    return sorted(folder.iterdir())


def test_files_that_cannot_be_read_stop_nothing(bad_files: list[Path], release: Path, tmp_path: Path) -> None:
    results = add([*bad_files[:3], release, *bad_files[3:]], tmp_path / "library")
    by_name = {result.path.name: result for result in results}
    assert len(results) == len(bad_files) + 1
    assert by_name[RELEASE].outcome == "added"
    for path in bad_files:
        result = by_name[path.name]
        assert result.outcome == "not added", path
        assert result.message, path
        assert "\n" not in result.message
        assert result.filing is None
    assert "password" in by_name["locked.pdf"].message
    assert "empty" in by_name["empty.pdf"].message
    assert "a PNG picture" in by_name["picture.pdf"].message
    with Library.open(tmp_path / "library") as library:
        assert [filing.source for filing in library.filings()] == [RELEASE]


def test_what_is_there_already_is_not_read_and_no_model_is_loaded(release: Path, tmp_path: Path) -> None:
    add([release], tmp_path / "library")
    with Library.open(tmp_path / "library") as library:
        generation = library.generation
        (again,) = add_files([release], library, no_embedder)
        assert (again.outcome, again.filing) == ("already there", None)
        assert library.generation == generation


def test_the_same_content_under_another_name_is_there_already(release: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.pdf"
    copy.write_bytes(release.read_bytes())
    outcomes = [result.outcome for result in add([release, copy], tmp_path / "library")]
    assert outcomes == ["added", "already there"]


def test_only_files_that_cannot_be_opened_need_no_model(tmp_path: Path) -> None:
    empty = tmp_path / "empty.pdf"
    empty.touch()
    with Library.open(tmp_path / "library", create=True) as library:
        (result,) = add_files([empty], library, no_embedder)
    assert result.outcome == "not added"


def test_a_file_that_has_changed_replaces_what_it_was(release: Path, quarter: Path, tmp_path: Path) -> None:
    path = tmp_path / "filing.pdf"
    path.write_bytes(release.read_bytes())
    add([path], tmp_path / "library")
    path.write_bytes(quarter.read_bytes())
    (result,) = add([path], tmp_path / "library")
    assert result.outcome == "added"
    with Library.open(tmp_path / "library") as library:
        assert [filing.id for filing in library.filings()] == [file_id(quarter)]


def state(place: Path) -> list[tuple[object, ...]]:
    """All that a library holds of its filings, but for when each was added."""
    with Library.open(place) as library:
        records = []
        for filing in sorted(library.filings(), key=lambda filing: filing.source):
            facts = [record.fact for record in library.facts(filing_ids=[filing.id])]
            tables = library.tables(filing.id)
            records.append((filing.id, filing.identity, filing.page_count, filing.warnings, facts, tables))
        return records


@pytest.mark.slow
def test_two_workers_read_what_one_does(examples: list[Path], bad_files: list[Path], tmp_path: Path) -> None:
    files = [*examples, *bad_files]
    one = add(files, tmp_path / "one")
    two = add(files, tmp_path / "two", jobs=2)
    assert {(r.path, r.outcome, r.message) for r in one} == {(r.path, r.outcome, r.message) for r in two}
    assert state(tmp_path / "one") == state(tmp_path / "two")


@pytest.mark.parametrize("jobs", [0, -1])
def test_there_is_at_least_one_worker(jobs: int, release: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--jobs must be 1 or more"):
        add([release], tmp_path / "library", jobs=jobs)


def test_each_file_is_committed_before_the_next_is_read(release: Path, quarter: Path, tmp_path: Path) -> None:
    with Library.open(tmp_path / "library", create=True) as library:
        adding = add_files([release, quarter], library, lambda: EMBEDDER)
        assert next(adding).outcome == "added"
        assert [filing.source for filing in library.filings()] == [RELEASE]
        adding.close()  # type: ignore[attr-defined]
        assert [filing.source for filing in library.filings()] == [RELEASE]


def test_an_embedder_that_fails_leaves_the_library_as_it_was(release: Path, tmp_path: Path) -> None:
    class Broken(HashEmbedder):
        def embed(self, texts: Sequence[str], *, progress: object = None) -> NDArray[np.float32]:
            raise MemoryError

    with Library.open(tmp_path / "library", create=True) as library:
        with pytest.raises(MemoryError):
            list(add_files([release], library, Broken))
        assert library.filings() == ()


def test_progress_is_told(release: Path, tmp_path: Path) -> None:
    told: list[tuple[str, Path, int, int]] = []
    add([release], tmp_path / "library", progress=lambda *event: told.append(event))
    assert told[-1] == ("embedding", release.resolve(), 4, 4)
    assert {event[:2] for event in told[:-1]} == {("reading", release.resolve())}
    assert all(0 <= done <= total for _, _, done, total in told)


def test_seconds_are_counted_by_stage(release: Path, tmp_path: Path) -> None:
    (result,) = add([release], tmp_path / "library")
    assert result.seconds is not None
    assert list(result.seconds) == ["read", "embed", "commit"]
    assert all(seconds >= 0 for seconds in result.seconds.values())


def test_what_was_understood_in_a_line(release: Path, quarter: Path, tmp_path: Path) -> None:
    _, second = add([release, quarter], tmp_path / "library")
    assert second.filing is not None
    assert describe(second.filing) == second.message
    assert second.message.startswith("Marrowby Foods, Inc. 10-Q Q2 FY2024: 10 pages, ")


# Which files


def test_a_folder_stands_for_the_filings_below_it(tmp_path: Path) -> None:
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    for name in ("x.pdf", "Y.PDF", "z.htm", "notes.log", "w.html"):
        (deep / name).write_text("x", encoding="utf-8")
    files, problems = find_files([tmp_path])
    assert sorted(file.name for file in files) == ["Y.PDF", "w.html", "x.pdf", "z.htm"]
    assert problems == []


def test_a_file_that_is_named_is_tried_whatever_it_is_called(tmp_path: Path) -> None:
    (tmp_path / "filing.txt").write_text("x", encoding="utf-8")
    files, problems = find_files([tmp_path / "filing.txt"])
    assert [file.name for file in files] == ["filing.txt"]
    assert problems == []


def test_a_file_is_listed_once(tmp_path: Path) -> None:
    (tmp_path / "x.pdf").write_text("x", encoding="utf-8")
    files, _ = find_files([tmp_path / "x.pdf", tmp_path, tmp_path / "." / "x.pdf"])
    assert len(files) == 1


def test_paths_that_lead_nowhere_are_told(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    files, problems = find_files([tmp_path / "empty", tmp_path / "missing.pdf"])
    assert files == []
    assert [(problem.path.name, problem.outcome) for problem in problems] == [
        ("empty", "not added"),
        ("missing.pdf", "not added"),
    ]
    assert "holds no filings" in problems[0].message
    assert "no such file" in problems[1].message


def test_pages_and_their_speed_are_shown_while_files_are_read() -> None:
    with Progress(console=Console(file=io.StringIO())) as bar:
        watched = _Watched(bar, 2, "library")
        watched.tick("reading", Path("a.pdf"), 3, 10)
        watched.tick("reading", Path("b.pdf"), 4, 4)
        assert re.fullmatch(r"adding filings to library: 7 pages, [\d,.]+ pages/s", bar.tasks[0].description)
        assert [task.description.strip() for task in bar.tasks[1:]] == ["reading a.pdf", "reading b.pdf"]
        watched.tick("embedding", Path("b.pdf"), 4, 4)
        watched.done(Path("b.pdf"))
        watched.done(Path("refused.pdf"))
        assert bar.tasks[0].completed == 2
        assert [task.description.strip() for task in bar.tasks[1:]] == ["reading a.pdf"]
