from __future__ import annotations

import hashlib
import os
import sqlite3
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index.library import Library
from ingest.errors import (
    FilingNotFoundError,
    LibraryError,
    LibraryMismatchError,
    LibraryNotFoundError,
)
from ingest.filing import Filing, Page, Table
from tests.index.builders import QUARTER, WordEmbedder, build_filing, fixed_clock, write_source

EMBEDDER = WordEmbedder()


def open_library(directory: Path, *, create: bool = True) -> Library:
    return Library.open(directory, create=create, embedder=EMBEDDER, clock=fixed_clock)


def add(library: Library, source: Path, words: str = "Widgets sold well. Costs fell") -> Filing:
    filing = build_filing(source, words=words)
    texts = [f"{passage.context} {passage.text}" for passage in filing.passages]
    assert library.add(filing, source, EMBEDDER.embed(texts))
    return filing


def read_back(library: Library, filing_id: str) -> dict[str, object]:
    record = library.resolve(filing_id)
    return {
        "pages": tuple(library.page(filing_id, index) for index in range(record.page_count)),
        "sections": library.sections(filing_id),
        "tables": library.tables(filing_id),
        "facts": tuple(fact.fact for fact in library.facts(filing_ids=[filing_id])),
        "identity": record.identity,
        "warnings": record.warnings,
    }


def test_a_filing_comes_back_whole(tmp_path: Path) -> None:
    source = write_source(tmp_path)
    with open_library(tmp_path / "lib") as library:
        filing = add(library, source)
    with Library.open(tmp_path / "lib") as library:
        (record,) = library.filings()
        assert (record.id, record.source, record.source_path) == (
            filing.id,
            "acme.pdf",
            str(source.resolve()),
        )
        assert (record.page_count, record.table_count, record.fact_count, record.passage_count) == (
            2,
            2,
            2,
            3,
        )
        assert record.added_at == "2024-02-29T12:00:00+00:00"
        assert read_back(library, filing.id) == {
            name: getattr(filing, name) for name in ("pages", "sections", "tables", "facts", "identity", "warnings")
        }
        passages = library.passages([3, 1, 2])
        assert [passage.rowid for passage in passages] == [3, 1, 2]
        assert [library_passage.passage for library_passage in library.passages([1, 2, 3])] == list(filing.passages)
        assert {passage.filing_id for passage in passages} == {filing.id}
        assert library.file(filing.id).read_bytes() == source.read_bytes()
        assert library.has(filing.id)
        assert not library.has("0" * 64)
        assert library.eligible(None) == 3


def test_tables_are_found_by_id_and_statement(tmp_path: Path) -> None:
    with open_library(tmp_path / "lib") as library:
        filing = add(library, write_source(tmp_path))
        assert library.table(filing.id, "t1") == filing.tables[1]
        assert library.tables(filing.id, "balance") == filing.tables[:1]
        assert library.tables(filing.id, "income") == ()
        with pytest.raises(LibraryError, match="no table 't9'"):
            library.table(filing.id, "t9")
        with pytest.raises(LibraryError, match="no page 3: it has 2"):
            library.page(filing.id, 2)
        with pytest.raises(FilingNotFoundError):
            library.sections("0" * 64)


def test_a_passage_leads_to_its_table_its_page_and_its_neighbours(tmp_path: Path) -> None:
    with open_library(tmp_path / "lib") as library:
        filing = add(library, write_source(tmp_path))
        add(library, write_source(tmp_path, "other.pdf", "other"))
        prose, middle, table = library.passages([1, 2, 3])
        assert isinstance(library.passage_context(prose), Page)
        assert library.passage_context(table) == filing.tables[0]
        assert isinstance(library.passage_context(table), Table)
        assert library.neighbours(middle) == [prose, table]
        assert library.neighbours(table, reach=9) == [prose, middle], "another filing's passages are no neighbours"


def test_facts_are_chosen_by_every_condition(tmp_path: Path) -> None:
    with open_library(tmp_path / "lib") as library:
        first = add(library, write_source(tmp_path))
        second = add(library, write_source(tmp_path, "other.pdf", "other"))
        assert [fact.filing_id for fact in library.facts()] == [first.id] * 2 + [second.id] * 2
        assert len({fact.rowid for fact in library.facts()}) == 4
        (found,) = library.facts(filing_ids={second.id}, concepts=["us-gaap:Assets"], period_keys=["2023"])
        assert (found.fact, found.filing_id) == (second.facts[0], second.id)
        assert library.facts(concepts=["us-gaap:Assets"], period_keys=["2022"]) == []
        assert [fact.fact.label for fact in library.facts(label_like="%INCOME%")] == ["Net (loss) income"] * 2
        assert len(library.facts(limit=3)) == 3
        assert library.facts(limit=0) == []
        assert library.facts(filing_ids=()) == [], "an empty collection is met by nothing"
        assert library.facts(concepts=set()) == []
        assert library.facts(period_keys=[]) == []
        assert library.facts(concepts=["x' OR 1=1 --"]) == []


def test_adding_twice_changes_nothing(tmp_path: Path) -> None:
    source = write_source(tmp_path)
    with open_library(tmp_path / "lib") as library:
        filing = add(library, source)
        before = library.generation
        vectors = EMBEDDER.embed(["x"] * len(filing.passages))
        assert not library.add(filing, source, vectors)
        assert not library.add(filing, write_source(tmp_path, "copy.pdf"), vectors)
        assert library.generation == before
        assert len(library.filings()) == 1


def test_other_content_at_the_same_path_replaces(tmp_path: Path) -> None:
    with open_library(tmp_path / "lib") as library:
        other = add(library, write_source(tmp_path, "other.pdf", "other"))
        old = add(library, write_source(tmp_path, content="draft"), "Zephyr was sold")
        new = add(library, write_source(tmp_path, content="final"), "Widgets were sold")
        assert [record.id for record in library.filings()] == [other.id, new.id]
        assert not library.has(old.id)
        assert library.lexical(["zephyr"], filing_ids=None, limit=9) == []
        assert sorted(path.stem for path in (tmp_path / "lib" / "files").iterdir()) == sorted([other.id, new.id])


def test_the_only_filing_can_be_replaced(tmp_path: Path) -> None:
    with open_library(tmp_path / "lib") as library:
        add(library, write_source(tmp_path, content="draft"))
        new = add(library, write_source(tmp_path, content="final"))
        assert library.nearest(EMBEDDER.embed(["widgets"])[0], filing_ids=[new.id], limit=1)
    with pytest.raises(LibraryMismatchError):
        Library.open(tmp_path / "lib", embedder=WordEmbedder(fingerprint="other"))


def test_a_path_whose_content_is_known_from_another_path_loses_its_old_filing(tmp_path: Path) -> None:
    with open_library(tmp_path / "lib") as library:
        kept = add(library, write_source(tmp_path, "kept.pdf", "same"))
        add(library, write_source(tmp_path, "other.pdf", "draft"))
        source = write_source(tmp_path, "other.pdf", "same")
        assert not library.add(replace(kept, source="other.pdf"), source, EMBEDDER.embed(["x"] * 3))
        assert [record.id for record in library.filings()] == [kept.id]


def all_bytes(directory: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(directory.rglob("*")) if path.is_file())


def test_removing_leaves_no_byte_behind(tmp_path: Path) -> None:
    phrase = "Quixotarium Zephyrbolt"
    directory = tmp_path / "lib"
    with open_library(directory) as library:
        for number in range(4):
            add(library, write_source(tmp_path, f"kept{number}.pdf", f"kept {number}"))
        secret = add(library, write_source(tmp_path, "secret.pdf", phrase), f"{phrase} grew. " * 20)
        for number in range(4, 8):
            add(library, write_source(tmp_path, f"kept{number}.pdf", f"kept {number}"))
        vector = EMBEDDER.embed([f"{passage.context} {passage.text}" for passage in secret.passages])[0]
        assert library.nearest(vector, filing_ids=None, limit=1)[0][1] == pytest.approx(1.0)
        assert vector.tobytes() in (directory / "vectors-1.faiss").read_bytes()
        assert phrase.encode() in all_bytes(directory)
        assert b"zephyrbolt" in all_bytes(directory), "the word index holds it in lower case"
        library.remove(secret.id)
        left = all_bytes(directory)
        assert vector.tobytes() not in left
        for trace in (b"quixotarium", b"zephyrbolt", secret.id.encode(), b"secret.pdf"):
            assert trace not in left.lower()
        assert library.lexical(["zephyrbolt"], filing_ids=None, limit=9) == []
        assert all(library.passages([rowid]) for rowid, _ in library.nearest(vector, filing_ids=None, limit=99))
        with pytest.raises(FilingNotFoundError):
            library.remove(secret.id)
        assert len(library.filings()) == 8


def test_removing_several_is_all_or_none(tmp_path: Path) -> None:
    with open_library(tmp_path / "lib") as library:
        first = add(library, write_source(tmp_path))
        second = add(library, write_source(tmp_path, "other.pdf", "other"))
        with pytest.raises(FilingNotFoundError, match="tieout status"):
            library.remove(first.id, "0" * 64)
        assert library.has(first.id)
        assert library.file(first.id).is_file()
        library.remove(first.id, second.id)
        assert library.filings() == ()
        assert list((tmp_path / "lib" / "files").iterdir()) == []
    with Library.open(tmp_path / "lib", create=True, embedder=WordEmbedder(fingerprint="other")) as library:
        assert library.filings() == (), "an empty library takes any embedder"


def test_a_filing_is_found_by_id_prefix_and_name(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    with open_library(tmp_path / "lib") as library:
        with pytest.raises(FilingNotFoundError, match="the library is empty"):
            library.resolve("acme.pdf")
        filing = add(library, write_source(tmp_path, "3M_2018_10K.pdf"))
        add(library, write_source(tmp_path, "Acme_2019.pdf", "second"))
        for name in (filing.id, filing.id[:8], filing.id[:8].upper(), "3M_2018_10K.pdf", "3m_2018_10k"):
            assert library.resolve(name).id == filing.id
        with pytest.raises(FilingNotFoundError, match=r"near: 3M_2018_10K\.pdf"):
            library.resolve("3M_2018_10Q.pdf")
        with pytest.raises(FilingNotFoundError):
            library.resolve(filing.id[:3])
        with pytest.raises(FilingNotFoundError):
            library.resolve("")
        add(library, write_source(tmp_path / "deep", "Acme_2019.pdf", "third"))
        with pytest.raises(FilingNotFoundError, match="several filings go by"):
            library.resolve("Acme_2019.pdf")


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(LibraryNotFoundError, match=r"no library at .*: run `tieout add"):
        Library.open(tmp_path / "lib")
    assert not (tmp_path / "lib").exists(), "looking for a library makes none"
    (tmp_path / "plain").write_text("a file", encoding="utf-8")
    with pytest.raises(LibraryError, match="no library can be made"):
        Library.open(tmp_path / "plain", create=True)


def test_another_version_or_embedder_is_refused(tmp_path: Path) -> None:
    directory = tmp_path / "lib"
    with open_library(directory) as library:
        add(library, write_source(tmp_path))
    for other in (WordEmbedder(name="b"), WordEmbedder(dimension=8), WordEmbedder(fingerprint="b")):
        with pytest.raises(LibraryMismatchError, match="was made with the embedder words"):
            Library.open(directory, embedder=other)
    connection = sqlite3.connect(directory / "library.sqlite")
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(LibraryMismatchError, match="schema version 99"):
        Library.open(directory)
    connection = sqlite3.connect(directory / "library.sqlite")
    connection.execute("PRAGMA application_id = 7")
    connection.close()
    with pytest.raises(LibraryMismatchError, match="no library of Tieout"):
        Library.open(directory)


def test_an_embedder_that_came_first_meanwhile_is_respected(tmp_path: Path) -> None:
    source = write_source(tmp_path)
    other = WordEmbedder(fingerprint="other")
    with open_library(tmp_path / "lib") as first, Library.open(tmp_path / "lib", embedder=other) as second:
        add(first, source)
        filing = build_filing(write_source(tmp_path, "b.pdf", "b"))
        with pytest.raises(LibraryMismatchError):
            second.add(filing, tmp_path / "b.pdf", other.embed(["x"] * len(filing.passages)))
        assert len(second.filings()) == 1


def test_vectors_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    source = write_source(tmp_path)
    filing = build_filing(source)
    good = EMBEDDER.embed(["x"] * len(filing.passages))
    broken = good.copy()
    broken[0, 0] = np.nan
    with open_library(tmp_path / "lib") as library:
        for vectors, complaint in (
            (good[1:], "passages"),
            (good[:, 1:], "dimensions"),
            (broken, "not normalised"),
            (good * 3, "not normalised"),
        ):
            with pytest.raises(LibraryError, match=complaint):
                library.add(filing, source, vectors)
        assert library.filings() == ()
        assert library.generation == 0
    with Library.open(tmp_path / "lib") as library, pytest.raises(LibraryError, match="with their embedder"):
        library.add(filing, source, good)


def test_a_source_that_changed_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    source = write_source(tmp_path)
    filing = build_filing(source)
    vectors = EMBEDDER.embed(["x"] * len(filing.passages))
    source.write_bytes(b"something else")
    with open_library(tmp_path / "lib") as library:
        with pytest.raises(LibraryError, match="changed since"):
            library.add(filing, source, vectors)
        source.unlink()
        with pytest.raises(LibraryError, match="cannot be copied"):
            library.add(filing, source, vectors)
        assert library.filings() == ()
        assert list((tmp_path / "lib" / "files").iterdir()) == []


def test_a_filing_at_odds_with_itself_is_refused_whole(tmp_path: Path) -> None:
    source = write_source(tmp_path)
    filing = build_filing(source)
    doubled = replace(filing, passages=filing.passages + filing.passages)
    surrogate = replace(filing, passages=(replace(filing.passages[0], text="broken \ud800"),))
    with open_library(tmp_path / "lib") as library:
        with pytest.raises(LibraryError, match=r"refused a change.*passages\.passage_id"):
            library.add(doubled, source, EMBEDDER.embed(["x"] * len(doubled.passages)))
        with pytest.raises(LibraryError, match="not Unicode"):
            library.add(surrogate, source, EMBEDDER.embed(["x"]))
        assert library.filings() == ()
        assert library.facts() == []
        assert add(library, source)


def test_a_damaged_file_is_named_with_a_remedy(tmp_path: Path) -> None:
    directory = tmp_path / "lib"
    with open_library(directory) as library:
        filing = add(library, write_source(tmp_path))
        library.file(filing.id).unlink()
        with pytest.raises(LibraryError, match="is missing: remove the filing"):
            library.file(filing.id)
    database = directory / "library.sqlite"
    whole = database.read_bytes()
    for damaged in (b"not a database at all" * 99, whole[:4096] + b"\xff" * (len(whole) - 4096)):
        database.write_bytes(damaged)
        with pytest.raises(LibraryError, match=r"is damaged.*backup"), Library.open(directory) as library:
            library.filings()


def test_an_unfinished_library_is_finished_or_not_found(tmp_path: Path) -> None:
    (tmp_path / "library.sqlite").touch()
    with pytest.raises(LibraryNotFoundError):
        Library.open(tmp_path)
    with open_library(tmp_path) as library:
        assert library.filings() == ()


def test_a_closed_library_says_so(tmp_path: Path) -> None:
    library = open_library(tmp_path)
    library.close()
    library.close()
    with pytest.raises(LibraryError, match="was closed"):
        library.filings()


def test_a_directory_that_may_not_be_written_can_be_read(tmp_path: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="tieout-") as name:  # every folder above it can be entered
        directory = Path(name)
        with open_library(directory) as library:
            filing = add(library, write_source(tmp_path))
        directory.chmod(0o555)
        (directory / "library.sqlite").chmod(0o444)
        root = os.geteuid() == 0
        if root:
            os.seteuid(65534)  # root may write anywhere
        try:
            with Library.open(directory, create=True, embedder=EMBEDDER) as library:
                assert library.filings()[0].id == filing.id
                assert library.nearest(EMBEDDER.embed(["widgets"])[0], filing_ids=[filing.id], limit=1)
                assert library.lexical(["widgets"], filing_ids=None, limit=1)
                assert not (directory / "vectors-1.faiss").exists()
                with pytest.raises(LibraryError, match="permissions"):
                    library.remove(filing.id)
                with pytest.raises(LibraryError, match="permissions"):
                    library.journal.append("ask", {})
        finally:
            if root:
                os.seteuid(0)
            directory.chmod(0o755)


def test_a_directory_may_have_any_name(tmp_path: Path) -> None:
    directory = tmp_path / "a #1 ?x=%20&é" / "lib"
    with open_library(directory) as library:
        filing = add(library, write_source(tmp_path, "50% of #1?.pdf"))
    with Library.open(directory) as library:
        assert library.resolve("50% of #1?").id == filing.id
        assert library.file(filing.id).is_file()


def test_ids_are_the_content_hash_of_the_copies(tmp_path: Path) -> None:
    with open_library(tmp_path / "lib") as library:
        filing = add(library, write_source(tmp_path, "Acme.PDF"))
        copy = library.file(filing.id)
    assert copy.name == f"{filing.id}.pdf"
    assert hashlib.sha256(copy.read_bytes()).hexdigest() == filing.id


def test_passages_with_a_row_that_states_a_figure(tmp_path: Path) -> None:
    with open_library(tmp_path / "lib") as library:
        source = write_source(tmp_path)
        filing = build_filing(source)
        fact = filing.facts[0]
        printed = replace(fact, table="t0", row=1, statement="balance")
        facts = (
            fact,
            printed,
            replace(printed, row=0, dimensions=(("srt:ProductAxis", "acme:WidgetMember"),), statement=None),
            replace(printed, row=2),
            replace(printed, table="t1"),
            replace(printed, concept="us-gaap:Liabilities"),
            replace(printed, period=QUARTER),
        )
        library.add(replace(filing, facts=facts), source, EMBEDDER.embed(["x"] * len(filing.passages)))
        keys = {fact.period.key}
        found = library.stating([filing.id], {"us-gaap:Assets"}, keys)
        shown = [record.rowid for record in library.passages(range(9)) if record.passage.table == "t0"]
        assert sorted(found, key=str) == [
            (*shown, "us-gaap:Assets", "balance", False),
            (*shown, "us-gaap:Assets", None, True),
        ]
        assert library.stating([], {"us-gaap:Assets"}, keys) == []
        assert library.stating([filing.id], {"us-gaap:Assets"}, set()) == []
        assert library.view({"other"}).stating([filing.id], {"us-gaap:Assets"}, keys) == []
