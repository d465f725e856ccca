"""Several processes at one library: one that is killed while it writes, one that writes while others read."""

from __future__ import annotations

import logging
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from index.library import Library
from ingest.errors import LibraryLockedError
from tests.index.builders import WordEmbedder, build_filing, fixed_clock, write_source

EMBEDDER = WordEmbedder()
ROOT = Path(__file__).parents[2]

CHILD = """
import os, signal, sys
from pathlib import Path
import index.library
from index.library import Library
from tests.index.builders import WordEmbedder, build_filing

directory, source, instant = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
embedder = WordEmbedder()
library = Library.open(directory, embedder=embedder)

def die(statement):
    if statement.startswith(instant):
        os.kill(os.getpid(), signal.SIGKILL)

library._store._connection.set_trace_callback(die)
if instant == "COPIED":
    keep = index.library.keep_copy
    def keep_and_die(*arguments):
        keep(*arguments)
        die("COPIED")
    index.library.keep_copy = keep_and_die
if sys.argv[4] == "remove":
    library.remove(library.filings()[0].id)
else:
    filing = build_filing(source, words="Zephyr was sold")
    library.add(filing, source, embedder.embed(["x"] * len(filing.passages)))
if instant == "END":
    die("END")
"""


def start(*arguments: str) -> int:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-c", CHILD, *arguments]
    return subprocess.run(command, env=environment, timeout=60, check=False).returncode  # noqa: S603


def add(library: Library, source: Path, words: str = "Widgets sold well") -> str:
    filing = build_filing(source, words=words)
    assert library.add(filing, source, EMBEDDER.embed(["x"] * len(filing.passages)))
    return filing.id


def open_library(directory: Path, timeout: float = 10.0) -> Library:
    return Library.open(directory, create=True, embedder=EMBEDDER, clock=fixed_clock, timeout=timeout)


def whole(directory: Path) -> bool:
    connection = sqlite3.connect(directory / "library.sqlite")
    checks = [
        connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)],
        connection.execute("PRAGMA foreign_key_check").fetchall() == [],
        connection.execute("SELECT count(*) FROM vectors").fetchone()
        == connection.execute("SELECT sum(passage_count) FROM filings").fetchone(),
    ]
    connection.execute("INSERT INTO words_1 (words_1, rank) VALUES ('integrity-check', 1)")
    connection.close()
    return all(checks)


@pytest.mark.parametrize(
    ("instant", "added"),
    [
        ("INSERT INTO filings", False),
        ("INSERT INTO facts", False),
        ("INSERT INTO vectors", False),
        ("COPIED", False),
        ("COMMIT", False),
        ("END", True),
    ],
)
def test_an_addition_that_is_killed_is_whole_or_nothing(tmp_path: Path, instant: str, added: bool) -> None:
    directory = tmp_path / "lib"
    source = write_source(tmp_path, content="draft")
    with open_library(directory) as library:
        old = add(library, source, "Widgets sold well")
    write_source(tmp_path, content="final")
    new = build_filing(source).id

    assert start(str(directory), str(source), instant, "add") == -signal.SIGKILL

    with open_library(directory) as library:
        (record,) = library.filings()
        assert record.id == (new if added else old)
        assert library.file(record.id).is_file()
        assert bool(library.lexical(["zephyr"], filing_ids=None, limit=9)) is added
        assert bool(library.lexical(["widgets"], filing_ids=None, limit=9)) is not added
        assert len(library.facts()) == 2
        assert len(library.nearest(EMBEDDER.embed(["x"])[0], filing_ids=None, limit=9)) == 2
        other = add(library, write_source(tmp_path, "other.pdf", "other"))
        assert {path.stem for path in (directory / "files").iterdir()} == {record.id, other}, "no stray copies"
    assert whole(directory)


@pytest.mark.parametrize("instant", ["DELETE FROM filings", "COMMIT", "VACUUM"])
def test_a_removal_that_is_killed_is_whole_or_nothing(tmp_path: Path, instant: str) -> None:
    directory = tmp_path / "lib"
    with open_library(directory) as library:
        first = add(library, write_source(tmp_path), "Zephyrbolt")
        add(library, write_source(tmp_path, "b.pdf", "b"))
    assert start(str(directory), "", instant, "remove") == -signal.SIGKILL
    with open_library(directory) as library:
        gone = instant == "VACUUM"
        assert library.has(first) is not gone
        if not gone:
            assert library.file(first).is_file()
            library.remove(first)
        library.purge()
    left = b"".join(path.read_bytes() for path in directory.rglob("*") if path.is_file()).lower()
    assert b"zephyrbolt" not in left
    assert first.encode() not in left
    assert whole(directory)


def test_a_second_writer_is_told_in_time(tmp_path: Path) -> None:
    source = write_source(tmp_path)
    with open_library(tmp_path / "lib", timeout=0.2) as library:
        holder = sqlite3.connect(tmp_path / "lib" / "library.sqlite", isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        with pytest.raises(LibraryLockedError, match=r"another tieout is writing to .*; wait"):
            add(library, source)
        with pytest.raises(LibraryLockedError):
            library.journal.append("ask", {})
        assert time.monotonic() - began < 5
        assert library.filings() == (), "reading goes on"
        holder.execute("ROLLBACK")
        holder.close()
        add(library, source)


def test_a_reader_sees_whole_filings_only_and_each_once_it_is_there(tmp_path: Path) -> None:
    with open_library(tmp_path / "lib") as library:
        first = add(library, write_source(tmp_path))
        assert len(library.filings()) == 1
        source = write_source(tmp_path, "second.pdf", "second")
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-c", CHILD, str(tmp_path / "lib"), str(source), "NEVER", "add"]
        with subprocess.Popen(command, env=environment) as child:  # noqa: S603
            while child.poll() is None:
                assert len(library.facts()) in (2, 4)
                assert library.eligible(None) in (2, 4)
                assert [record.fact_count for record in library.filings()] in ([2], [2, 2])
        assert child.returncode == 0
        assert [record.source for record in library.filings()] == ["acme.pdf", "second.pdf"]
        assert library.filings()[0].id == first
        assert library.lexical(["zephyr"], filing_ids=None, limit=1)
        assert len(library.nearest(EMBEDDER.embed(["x"])[0], filing_ids=None, limit=9)) == 4


def test_a_reader_in_the_middle_delays_the_wiping_and_is_told_of(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    directory = tmp_path / "lib"
    with open_library(directory, timeout=0.1) as library:
        gone = add(library, write_source(tmp_path), "Zephyrbolt")
        reader = sqlite3.connect(directory / "library.sqlite", isolation_level=None)
        reader.execute("BEGIN")
        assert reader.execute("SELECT count(*) FROM filings").fetchone() == (1,)
        with caplog.at_level(logging.WARNING):
            library.remove(gone)
        assert "is being read by another tieout" in caplog.text
        assert reader.execute("SELECT count(*) FROM passages").fetchone() == (2,), (
            "it keeps the state that it began with"
        )
        reader.close()
        library.purge()
        assert b"zephyrbolt" not in b"".join(path.read_bytes() for path in directory.glob("*.sqlite*")).lower()


def test_two_may_make_a_library_at_once(tmp_path: Path) -> None:
    script = """
import sys
from pathlib import Path
from index.library import Library
Library.open(Path(sys.argv[1]), create=True).close()
"""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", script, str(tmp_path / "lib")]
    children = [subprocess.Popen(command, env=environment) for _ in range(3)]  # noqa: S603
    assert [child.wait(timeout=60) for child in children] == [0, 0, 0]


def test_a_reader_who_may_not_write_follows_a_writer(tmp_path: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="tieout-") as name:
        directory = Path(name)
        with open_library(directory) as library:
            add(library, write_source(tmp_path))
        user = 65534 if os.geteuid() == 0 else os.geteuid()
        if user == os.geteuid():
            pytest.skip("only root can be one user who writes and another who reads")
        directory.chmod(0o755)
        os.seteuid(user)
        try:
            with Library.open(directory) as reader:
                assert len(reader.filings()) == 1
                os.seteuid(0)
                with open_library(directory) as writer:
                    add(writer, write_source(tmp_path, "b.pdf", "b"))
                    os.seteuid(user)
                    assert len(reader.filings()) == 2, "while the log is there"
                    os.seteuid(0)
                os.seteuid(user)
                assert len(reader.filings()) == 2, "and after it was folded in"
        finally:
            os.seteuid(0)
