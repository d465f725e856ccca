"""Each thing that can be wrong with a library is found, said in a line, and mended where that can be."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from index import schema
from index.doctor import Finding
from index.library import Library
from ingest.errors import LibraryMismatchError
from ingest.filing import Filing
from ingest.passages import embedding_text
from tests.index.builders import WordEmbedder, build_filing, fixed_clock, write_source

EMBEDDER = WordEmbedder()


def open_library(directory: Path) -> Library:
    return Library.open(directory, create=True, embedder=EMBEDDER, clock=fixed_clock)


def add(library: Library, source: Path, words: str = "Widgets sold well. Costs fell") -> Filing:
    filing = build_filing(source, words=words)
    library.add(filing, source, EMBEDDER.embed([embedding_text(passage) for passage in filing.passages]))
    return filing


@contextmanager
def database(directory: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(directory / "library.sqlite", isolation_level=None)
    yield connection
    connection.close()


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A closed library of two filings, one of them asked about, with its caches."""
    directory = tmp_path / "lib"
    with open_library(directory) as library:
        first = add(library, write_source(tmp_path))
        add(library, write_source(tmp_path, "b.pdf", "b"))
        library.nearest(EMBEDDER.embed(["widgets"])[0], filing_ids=None, limit=1)
        library.journal.append("ask", {"text": "Widgets sold well"}, [first.id])
        assert library.examine() == []
    return directory


def sql(statement: str, *values: object) -> Callable[[Path], None]:
    def damage(directory: Path) -> None:
        with database(directory) as connection:
            connection.execute(statement, values)

    return damage


def written(name: str, content: bytes) -> Callable[[Path], None]:
    return lambda directory: (directory / name).write_bytes(content) and None  # type: ignore[func-returns-value]


def copy_changed(directory: Path) -> None:
    next((directory / "files").iterdir()).write_bytes(b"other")


def copy_lost(directory: Path) -> None:
    next((directory / "files").iterdir()).unlink()


def cache_damaged(directory: Path) -> None:
    path = directory / "vectors-1.faiss"
    path.write_bytes(path.read_bytes()[:-1])


ZERO = np.zeros(16, dtype="<f4").tobytes()
NAN = np.full(16, np.nan, dtype="<f4").tobytes()
LONG = np.full(16, 1.0, dtype="<f4").tobytes()
WORDS_GONE = """
    INSERT INTO words_1 (words_1, rowid, context, text) SELECT 'delete', id, context, text FROM passages WHERE id = 2
"""
ORPHAN = f"INSERT INTO facts SELECT 99, 77, {schema.FACT_COLUMNS} FROM facts WHERE id = 1"  # noqa: S608
ENTRY = "INSERT INTO journal (at, kind, payload, scope, filings) VALUES ('', 'ask', ?, ?, ?)"

MENDABLE: list[tuple[str, Callable[[Path], None], str]] = [
    ("vectors", sql("UPDATE vectors SET vector = ? WHERE passage = 2", ZERO), "1 passages with a vector that is zero"),
    ("vectors", sql("UPDATE vectors SET vector = ? WHERE passage = 2", NAN), "not of length 1"),
    ("vectors", sql("UPDATE vectors SET vector = ?", LONG), "3 passages with a vector that is not of length 1"),
    ("vectors", sql("UPDATE vectors SET vector = x'00' WHERE passage = 4"), "of another length"),
    ("vectors", sql("DELETE FROM vectors WHERE passage = 1"), "missing"),
    ("words", sql(WORDS_GONE), "does not agree"),
    ("words", sql("INSERT INTO words_1 (words_1) VALUES ('delete-all')"), "does not agree"),
    ("words", sql("DROP TABLE terms_1"), "does not agree"),
    ("orphans", sql(ORPHAN), "belong to no row of filings"),
    ("orphans", sql("INSERT INTO vectors VALUES (88, ?)", LONG), "belong to no row of passages"),
    ("copies", copy_changed, "is not the file that was added"),
    ("copies", copy_lost, "is missing"),
    ("copies", written("files/stray.pdf", b"x"), "no filing claims"),
    ("cache", cache_damaged, "is damaged"),
    ("cache", written("vectors.faiss", b"old"), "belongs to no collection"),
    ("cache", written(".vectors-1.faiss.999999999", b"draft"), "left by a process that ended"),
    ("journal", sql(ENTRY, '{"a": 1}', '["default"]', '["gone"]'), "speaks of a filing that is not"),
    ("cache", sql("UPDATE collections SET state = 'other'"), "not in its history"),
    ("unwiped", sql("INSERT INTO manifest VALUES ('unwiped', 'yes')"), "not wiped from free space"),
]  # fmt: skip
LOST: list[tuple[str, Callable[[Path], None], str]] = [
    ("content", sql("DELETE FROM facts WHERE id = 1"), "1 facts where 2 were added"),
    ("content", sql("UPDATE facts SET value = '1578000000' WHERE id = 1"), "is not what was written"),
    ("content", sql("UPDATE pages SET body = x'00' WHERE filing = 1 AND page = 0"), "is not what was written"),
    ("content", sql("UPDATE filings SET identity = '{}' WHERE key = 2"), "is not what was written"),
    ("manifest", sql("DELETE FROM manifest WHERE name = 'embedder_name'"), "does not say embedder_name"),
    ("database", sql(ENTRY, "{", "[]", "[]"), "is no JSON"),
]  # fmt: skip


def examined(directory: Path) -> list[Finding]:
    with open_library(directory) as library:
        return library.examine()


@pytest.mark.parametrize(
    ("kind", "damage", "message"), MENDABLE, ids=lambda value: value if isinstance(value, str) else ""
)
def test_what_can_be_made_again_is_found_and_mended(
    kind: str, damage: Callable[[Path], None], message: str, place: Path
) -> None:
    damage(place)
    findings = examined(place)
    assert kind in {finding.kind for finding in findings}
    assert any(message in finding.describe() for finding in findings), findings
    assert all("doctor --repair" in finding.describe() for finding in findings)
    with open_library(place) as library:
        assert library.mend(lambda: EMBEDDER) == []
        assert library.examine() == []
        hits = library.lexical(["costs"], filing_ids=None, limit=9)
        assert [rowid for rowid, _ in hits] == [2, 5]
        query = EMBEDDER.embed([embedding_text(library.passages([2])[0].passage)])[0]
        assert library.nearest(query, filing_ids=None, limit=1)[0] == (2, pytest.approx(1.0))


@pytest.mark.parametrize(("kind", "damage", "message"), LOST, ids=lambda value: value if isinstance(value, str) else "")
def test_what_is_lost_is_found_with_a_remedy(
    kind: str, damage: Callable[[Path], None], message: str, place: Path
) -> None:
    damage(place)
    with Library.open(place, clock=fixed_clock) as library:
        findings = library.examine()
        assert any(finding.kind == kind and message in finding.message for finding in findings), findings
        assert "doctor --repair" not in findings[-1].describe()
        assert library.mend(lambda: EMBEDDER) == findings, "and left as it is"


def test_a_file_whose_pages_are_damaged_is_one_kind_of_finding(place: Path) -> None:
    path = place / "library.sqlite"
    content = bytearray(path.read_bytes())
    content[-3 * 4096 :] = b"\xff" * (3 * 4096)
    path.write_bytes(content)
    with open_library(place) as library:
        findings = library.examine()
        assert {finding.kind for finding in findings} == {"database"}
        assert "backup" in findings[0].describe()
        assert library.mend() == findings


def test_vectors_are_not_made_with_another_embedder(place: Path) -> None:
    sql("DELETE FROM vectors WHERE passage = 1")(place)
    with open_library(place) as library:
        with pytest.raises(LibraryMismatchError):
            library.mend(lambda: WordEmbedder(fingerprint="other"))
        assert [finding.kind for finding in library.mend()] == ["vectors"], "nor without one"


def test_a_cache_of_before_the_mending_is_not_used(place: Path) -> None:
    """An index that was made while a vector was wrong is of a state that the library does not know any more."""
    sql("UPDATE vectors SET vector = ? WHERE passage = 2", EMBEDDER.embed(["costs"])[0].tobytes())(place)
    (place / "vectors-1.json").unlink()
    with open_library(place) as library:
        library.nearest(EMBEDDER.embed(["costs"])[0], filing_ids=None, limit=1)
    sql("UPDATE vectors SET vector = ? WHERE passage = 2", ZERO)(place)
    with open_library(place) as library:
        library.mend(lambda: EMBEDDER)
        query = EMBEDDER.embed(["costs"])[0]
        assert library.nearest(query, filing_ids=None, limit=1)[0][1] < 0.99


# What is left of a removed filing

PHRASE = "Quixotarium Zephyrbolt und Sesquipedalian grew in Ouagadougou by an unprecedented margin"


def all_bytes(directory: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(directory.rglob("*")) if path.is_file())


@pytest.fixture
def secret(tmp_path: Path) -> Iterator[tuple[Library, Filing]]:
    """A library with a filing of strings that are in no other, quoted by the journal and in every cache."""
    with open_library(tmp_path / "lib") as library:
        for number in range(4):
            add(library, write_source(tmp_path, f"kept{number}.pdf", f"kept {number}"))
        filing = add(library, write_source(tmp_path, "secret.pdf", PHRASE), f"{PHRASE}. " * 9 + "Costs fell")
        for number in range(4, 8):
            add(library, write_source(tmp_path, f"kept{number}.pdf", f"kept {number}"))
        library.nearest(EMBEDDER.embed(["widgets"])[0], filing_ids=None, limit=1)
        library.journal.append("ask", {"text": f"The filing says: {PHRASE}", "citations": [{"filing": filing.id}]})
        library.journal.append("ask", {"text": "Cannot say; the nearest is on secret.pdf page 2: Zephyrbolt"})
        library.journal.append("ask", {"trace": "Zephyrbolt grew by 4.2"}, [filing.id])
        library.journal.append("ask", {"text": "of kept0.pdf: kept answer"})
        yield library, filing


def test_of_a_removed_filing_no_byte_is_left_and_the_doctor_shows_it(
    secret: tuple[Library, Filing], tmp_path: Path
) -> None:
    library, filing = secret
    before = library.traces(filing.id, filing)
    assert "the filing is in the collection default" in before
    assert "the journal's entry 1 speaks of it" in before
    assert any("is a copy of it" in trace for trace in before)
    library.remove(filing.id)
    assert library.traces(filing.id, filing) == []
    assert library.examine() == []
    left = all_bytes(tmp_path / "lib").lower()
    for word in (*PHRASE.lower().split(), filing.id, "secret.pdf"):
        if len(word) > 4:
            assert word.encode() not in left, word
    assert [entry.payload.get("status") for entry in library.journal.read()] == ["redacted"] * 3 + [None]
    assert library.journal.read(1)[0].payload["text"] == "of kept0.pdf: kept answer"


def test_of_a_replaced_filing_nothing_is_left_once_it_is_wiped(secret: tuple[Library, Filing], tmp_path: Path) -> None:
    library, filing = secret
    add(library, write_source(tmp_path, "secret.pdf", "harmless"))
    assert library.unwiped
    assert [finding.kind for finding in library.examine()] == ["unwiped"]
    assert library.traces(filing.id)
    assert library.mend() == []
    assert not library.unwiped
    assert library.traces(filing.id, filing) == []
    assert b"zephyrbolt" not in all_bytes(tmp_path / "lib").lower()


@pytest.mark.parametrize("where", ["left.txt", "files/.left", "vectors-9.faiss"])
def test_a_byte_that_is_left_is_found(where: str, secret: tuple[Library, Filing], tmp_path: Path) -> None:
    library, filing = secret
    library.remove(filing.id)
    (tmp_path / "lib" / where).write_bytes(b"\0" * 4_194_301 + PHRASE.encode() + b"\0")
    assert library.traces(filing.id) == []
    (trace,) = library.traces(filing.id, filing)
    assert trace.startswith(f"{where} holds its text")
    (tmp_path / "lib" / where).write_bytes(b"\0" * 4_194_290 + filing.id.encode())
    (trace,) = library.traces(filing.id)
    assert trace == f"{where} holds its id at 1 places"


def test_what_other_filings_say_too_is_no_trace(secret: tuple[Library, Filing], tmp_path: Path) -> None:
    library, filing = secret
    twin = write_source(tmp_path, "twin.pdf", "twin")
    library.add(
        build_filing(twin, words=f"{PHRASE}. " * 9 + "Costs fell"), twin, EMBEDDER.embed(["x"] * len(filing.passages))
    )
    library.remove(filing.id)
    assert library.traces(filing.id, filing) == []
