"""A library of schema 1, as the first version wrote it, is brought up to date when it is opened."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from index.library import Library
from ingest.errors import LibraryMismatchError
from tests.index.builders import WordEmbedder, build_filing, fixed_clock, write_source

EMBEDDER = WordEmbedder()
COLUMNS = """
    key, id, source, source_path, suffix, media_type, identity, sections, warnings, page_count, table_count, fact_count,
    passage_count, added_at
"""


def make_old(directory: Path, folder: Path) -> list[str]:
    """Write a library of schema 1: its own script, and the rows of one of today."""
    with Library.open(folder / "today", create=True, embedder=EMBEDDER, clock=fixed_clock) as library:
        ids = []
        for name in ("a.pdf", "b.pdf"):
            source = write_source(folder, name, name)
            filing = build_filing(source, words=f"Widgets of {name[0]} sold well. Costs fell")
            library.add(filing, source, EMBEDDER.embed(["x"] * 3))
            ids.append(filing.id)
        library.journal.append("ask", {"text": "old answer", "citations": [{"filing": ids[0]}]})
    directory.mkdir()
    (folder / "today" / "files").rename(directory / "files")
    connection = sqlite3.connect(directory / "library.sqlite", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.executescript((Path(__file__).parent / "schema_1.sql").read_text(encoding="utf-8"))
    connection.execute("ATTACH ? AS today", (str(folder / "today" / "library.sqlite"),))
    connection.execute(f"INSERT INTO filings SELECT {COLUMNS} FROM today.filings")  # noqa: S608
    for table in ("pages", "tables", "facts", "passages", "vectors"):
        connection.execute(f"INSERT INTO {table} SELECT * FROM today.{table}")  # noqa: S608
    connection.execute("INSERT INTO journal SELECT id, at, kind, payload FROM today.journal")
    connection.execute("INSERT OR REPLACE INTO manifest SELECT * FROM today.manifest")
    connection.execute("UPDATE manifest SET value = '2' WHERE name = 'generation'")
    connection.execute("UPDATE manifest SET value = 'abc' WHERE name = 'state'")
    connection.execute(f"PRAGMA application_id = {0x5469654F}")
    connection.execute("PRAGMA user_version = 1")
    connection.close()
    (directory / "vectors.faiss").write_bytes(b"the cache of then")
    return ids


def test_a_library_of_schema_1_is_brought_up_to_date(tmp_path: Path) -> None:
    directory = tmp_path / "lib"
    ids = make_old(directory, tmp_path)
    with Library.open(directory, embedder=EMBEDDER) as library:
        assert [(record.id, record.collection) for record in library.filings()] == [(name, "default") for name in ids]
        assert (library.generation, library.collections()) == (2, ("default",))
        assert len(library.lexical(["widgets"], filing_ids=None, limit=9)) == 2
        assert len(library.nearest(EMBEDDER.embed(["x"])[0], filing_ids=[ids[1]], limit=9)) == 3
        assert library.view({"default"}).journal.read()[0].payload["text"] == "old answer"
        assert library.view({"other"}).journal.read() == ()
        assert [finding.subject for finding in library.examine()] == ["vectors.faiss"], "the cache of then"
        assert library.mend() == []
        library.remove(ids[0])
        assert library.journal.read()[0].payload["status"] == "redacted"
    with Library.open(directory, embedder=EMBEDDER) as library:
        assert library.examine() == []


def test_it_is_whole_or_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    directory = tmp_path / "lib"
    ids = make_old(directory, tmp_path)
    words: Callable[[int, str], str] = lambda key, command: "SELECT failed"  # noqa: E731
    with monkeypatch.context() as patch:
        patch.setattr("index.migrate.words_command", words)
        with pytest.raises(Exception, match="failed"):
            Library.open(directory)
    connection = sqlite3.connect(directory / "library.sqlite")
    assert connection.execute("PRAGMA user_version").fetchone() == (1,)
    assert connection.execute("SELECT count(*) FROM words WHERE words MATCH 'widgets'").fetchone() == (2,)
    connection.close()
    with Library.open(directory) as library:
        assert len(library.filings()) == len(ids)


def test_where_it_may_not_be_written_the_remedy_is_told(tmp_path: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="tieout-") as name:
        directory = Path(name) / "lib"
        make_old(directory, tmp_path)
        for path in (*directory.iterdir(), directory, Path(name)):
            path.chmod(0o555 if path.is_dir() else 0o444)
        root = os.geteuid() == 0
        if root:
            os.seteuid(65534)
        try:
            with pytest.raises(LibraryMismatchError, match="schema version 1, an older one: open it once"):
                Library.open(directory)
        finally:
            if root:
                os.seteuid(0)
            for path in (Path(name), directory):
                path.chmod(0o755)


def test_a_library_of_a_later_version_is_refused(tmp_path: Path) -> None:
    Library.open(tmp_path, create=True).close()
    connection = sqlite3.connect(tmp_path / "library.sqlite")
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(LibraryMismatchError, match="schema version 99"):
        Library.open(tmp_path)


def test_a_library_of_schema_2_gets_what_was_added_since(tmp_path: Path) -> None:
    with Library.open(tmp_path / "lib", create=True, embedder=EMBEDDER, clock=fixed_clock) as library:
        source = write_source(tmp_path)
        library.add(build_filing(source), source, EMBEDDER.embed(["x"] * 2), "some")
        expected = library.lexical(["widgets"], filing_ids=None, limit=9)
    connection = sqlite3.connect(tmp_path / "lib" / "library.sqlite")
    connection.execute("DROP TABLE terms_1")
    before = set(connection.execute("SELECT name, sql FROM sqlite_schema"))
    connection.execute("DROP INDEX passages_by_table")
    connection.execute("DROP INDEX tables_by_statement")
    connection.execute("PRAGMA user_version = 2")
    connection.close()
    with Library.open(tmp_path / "lib", embedder=EMBEDDER) as library:
        assert library.examine() == []
        for _ in range(3):
            assert library.lexical(["widgets"], filing_ids=None, limit=9) == expected
    connection = sqlite3.connect(tmp_path / "lib" / "library.sqlite")
    after = set(connection.execute("SELECT name, sql FROM sqlite_schema"))
    connection.close()
    assert {name for name, _ in after - before} == {"terms_1"}
    assert before <= after
