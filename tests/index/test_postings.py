"""What is kept in memory of the word index gives FTS5's scores to the last bit, in every state of a library."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import pytest

from index.lexical import match_expression
from index.library import Library
from index.postings import split_words
from ingest.errors import LibraryError
from tests.index.builders import WordEmbedder, build_filing, fixed_clock, write_source

EMBEDDER = WordEmbedder()
FREQUENT = [
    "revenue",
    "of",
    "the",
    "company",
    "increased",
    "in",
    "10-K",
    "net",
    "income",
    "per",
    "share",
    "operating",
    "expenses",
]
RARE = [f"matter{number}" for number in range(60)] + ["café", "R&D", "$1,577", "Item", "items", "ITEMS", "2018"]
TERMS = [
    ["revenue", "matter3", "company"],
    ["items", "net income", "R&D"],
    ["10-K"],
    ["10-K", "per share", "increases", "the", "revenues", "Revenue", "REVENUE"],
    ["matter1", "—", "nowhere", "1,577", "$1,577"],
    ["income per share", "net", "cafe", "operates", "operating expenses operating"],
    ["nowhere"],
    ["revenue " * 30, "net income net"],
]


def open_library(directory: Path) -> Library:
    return Library.open(directory, create=True, embedder=EMBEDDER, clock=fixed_clock)


def add(library: Library, folder: Path, name: str, collection: str = "default") -> str:
    """Add a filing of some sentences that are drawn by its name, long and short."""
    draw = random.Random(name)
    sentences = [
        " ".join(draw.choice(FREQUENT if draw.random() < 0.8 else RARE) for _ in range(draw.choice((3, 9, 9, 200))))
        for _ in range(25)
    ]
    source = write_source(folder, f"{name}.pdf", name)
    filing = build_filing(source, words=". ".join(sentences), company=name)
    library.add(filing, source, EMBEDDER.embed(["x"] * len(filing.passages)), collection)
    return filing.id


def by_fts5(library: Library, terms: Sequence[str], filing_ids: Sequence[str], limit: int) -> list[tuple[int, float]]:
    """What FTS5 says by itself, collection by collection."""
    connection = sqlite3.connect(library.directory / "library.sqlite")
    found: list[tuple[int, float]] = []
    for (key,) in connection.execute("SELECT key FROM collections").fetchall():
        statement = f"""
            SELECT words.rowid, -bm25(words_{key}), filings.id FROM words_{key} AS words
            JOIN passages ON passages.id = words.rowid JOIN filings ON filings.key = passages.filing
            WHERE words_{key} MATCH ?
        """  # noqa: S608 - a number
        rows = connection.execute(statement, (match_expression(terms),))
        found += [(rowid, score) for rowid, score, name in rows if name in filing_ids]
    connection.close()
    return sorted(found, key=lambda hit: (-hit[1], hit[0]))[:limit]


def compare(library: Library, ids: Sequence[str]) -> int:
    """Search by all terms, in all filings and some, twice; return how many hits were the same."""
    count = 0
    for chosen in (list(ids), ids[1:2], ids[::2]):
        for terms in TERMS:
            for limit in (3, 999):
                expected = by_fts5(library, terms, chosen, limit)
                for _ in range(2):
                    assert library.lexical(terms, filing_ids=chosen, limit=limit) == expected
                count += len(expected)
        library.lexical(TERMS[0], filing_ids=None, limit=1)
    return count


def test_scores_and_order_are_those_of_fts5_after_every_change(tmp_path: Path) -> None:
    with open_library(tmp_path / "lib") as library:
        ids = [add(library, tmp_path, name) for name in ("a", "b", "c", "d")]
        assert compare(library, ids) > 250
        ids.append(add(library, tmp_path, "e"))
        assert compare(library, ids) > 250
        library.remove(ids.pop(0), ids.pop(1))
        assert compare(library, ids) > 250
        ids.append(add(library, tmp_path, "f", "other"))
        assert compare(library, ids) > 250
    with open_library(tmp_path / "lib") as library:
        assert compare(library, ids) > 250


def test_what_is_kept_is_bounded_and_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.postings.KEPT", 30)
    with open_library(tmp_path / "lib") as library:
        ids = [add(library, tmp_path, name) for name in ("a", "b", "c")]
        assert compare(library, ids) > 250
        (held,) = library._postings._held.values()
        assert 0 < held.size == sum(len(rowids) for rowids, _ in held.terms.values())
        assert held.size <= 30 or len(held.terms) == 1
        library.lexical(["matter1", "matter2", "revenue"], filing_ids=None, limit=1)
        assert list(held.terms) == [("revenu",)], "the one of all passages leaves no room for others"


def test_nothing_is_kept_of_what_was_removed(tmp_path: Path) -> None:
    with open_library(tmp_path / "lib") as library:
        ids = [add(library, tmp_path, name) for name in ("a", "b")]
        compare(library, ids)
        assert library._postings._held
        library.remove(ids[0])
        assert not library._postings._held


def test_another_process_adds_and_mends(tmp_path: Path) -> None:
    with open_library(tmp_path / "lib") as reader, open_library(tmp_path / "lib") as writer:
        ids = [add(writer, tmp_path, name) for name in ("a", "b")]
        assert compare(reader, ids) > 250
        ids.append(add(writer, tmp_path, "c"))
        assert compare(reader, ids) > 250
        connection = sqlite3.connect(tmp_path / "lib" / "library.sqlite", isolation_level=None)
        connection.execute("INSERT INTO words_1 (words_1) VALUES ('delete-all')")
        connection.execute("UPDATE collections SET state = state || 'x'")
        connection.execute("INSERT INTO history SELECT key, state FROM collections")
        connection.close()
        assert [reader.lexical(terms, filing_ids=None, limit=9) for terms in TERMS] == [[]] * len(TERMS)
        assert writer.mend() == []
        assert compare(reader, ids) > 250


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        ("DELETE FROM words_1_docsize", "has no lengths"),
        ("DELETE FROM words_1_docsize WHERE id > 9", "does not agree with itself"),
    ],
)
def test_an_index_whose_lengths_are_gone_is_told_of_and_mended(damage: str, message: str, tmp_path: Path) -> None:
    with open_library(tmp_path / "lib") as library:
        ids = [add(library, tmp_path, "a")]
        connection = sqlite3.connect(tmp_path / "lib" / "library.sqlite", isolation_level=None)
        connection.execute(damage)
        connection.close()
        library._postings.holds(library._store._writer(), 1)
        with pytest.raises(LibraryError, match=message):
            library.lexical(["revenue"], filing_ids=None, limit=9)
        assert library.mend() == []
        assert compare(library, ids) > 50


def test_a_view_adds_up_its_own_collections_only(tmp_path: Path) -> None:
    with open_library(tmp_path / "lib") as library:
        mine, theirs = add(library, tmp_path, "a", "mine"), add(library, tmp_path, "b", "theirs")
        compare(library, [mine, theirs])
        view = library.view({"mine"})
        for terms in TERMS:
            hits = view.lexical(terms, filing_ids=None, limit=999)
            assert hits == view.lexical(terms, filing_ids=[mine, theirs], limit=999)
            assert {record.filing_id for record in library.passages([rowid for rowid, _ in hits])} <= {mine}


def test_texts_are_split_as_the_index_splits_them() -> None:
    assert split_words(["Operating expenses", "10-K", "—", "R&D", "L'Oréal", "a\nb"]) == [
        ("oper", "expens"),
        ("10", "k"),
        (),
        ("r", "d"),
        ("l", "oreal"),
        ("a", "b"),
    ]
    assert split_words([]) == []
