"""What one caller may see of a library, and that nothing tells of the rest."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from index.evidence import Evidence
from index.library import Library
from index.query import understand
from index.search import search
from index.view import View
from ingest.errors import FilingNotFoundError, LibraryError, TieoutError, UsageError
from ingest.filing import Filing
from ingest.vocabulary import built_in_vocabulary
from tests.index.builders import WordEmbedder, build_filing, fixed_clock, write_source

EMBEDDER = WordEmbedder()
VOCABULARY = built_in_vocabulary()


def open_library(directory: Path, *collections: str) -> Library:
    wanted = collections or None
    return Library.open(directory, create=True, embedder=EMBEDDER, collections=wanted, clock=fixed_clock)


def add(library: Library, folder: Path, name: str, collection: str, words: str | None = None) -> Filing:
    source = write_source(folder, f"{name}.pdf", name)
    filing = build_filing(source, words=words or f"{name} sold widgets. Costs of {name} fell", company=f"{name} Inc")
    texts = [f"{passage.context} {passage.text}" for passage in filing.passages]
    library.add(filing, source, EMBEDDER.embed(texts), collection)
    return filing


def ask(view: View, question: str) -> Evidence:
    return search(understand(question, view.filings(), VOCABULARY), view, EMBEDDER)


def test_a_view_has_its_collections_only(tmp_path: Path) -> None:
    with open_library(tmp_path / "lib") as library:
        mine = add(library, tmp_path, "Quokka", "mine")
        theirs = add(library, tmp_path, "Zephyr", "theirs")
        view = library.view({"mine"})
        assert [(record.id, record.collection) for record in view.filings()] == [(mine.id, "mine")]
        assert view.collections() == ("mine",)
        assert (view.eligible(None), view.generation, len(view.facts())) == (3, 1, 2)
        assert view.eligible([theirs.id]) == 0
        assert view.facts(filing_ids=[theirs.id]) == []
        assert not view.has(theirs.id)
        assert view.lexical(["zephyr", "widgets"], filing_ids=None, limit=9) == view.lexical(
            ["widgets"], filing_ids=[mine.id, theirs.id], limit=9
        )
        vector = EMBEDDER.embed(["zephyr"])[0]
        assert {
            record.filing_id
            for record in view.passages([hit for hit, _ in view.nearest(vector, filing_ids=None, limit=9)])
        } == {mine.id}
        assert view.nearest(vector, filing_ids=[theirs.id], limit=9) == []
        assert [record.filing_id for record in view.passages(range(1, 99))] == [mine.id] * 3
        for read in (view.sections, view.file, view.tables, lambda name: view.page(name, 0)):
            with pytest.raises(FilingNotFoundError):
                read(theirs.id)
        with pytest.raises(FilingNotFoundError) as refused:
            view.resolve("Zephyr.pdf")
        assert str(refused.value) == "no filing 'Zephyr.pdf' in the library; near: Quokka.pdf"
        assert len(library.filings()) == 2


def test_a_question_about_another_collection_finds_nothing_and_counts_nothing(tmp_path: Path) -> None:
    with open_library(tmp_path / "lib") as library:
        add(library, tmp_path, "Quokka", "mine")
        add(library, tmp_path, "Zephyr", "theirs")
        evidence = ask(library.view({"mine"}), "What were Zephyr's total assets in FY2023?")
        assert evidence.lines == ()
        assert evidence.query.companies == ()
        assert evidence.search.describe().startswith("searched 0 of 3 passages")
        assert ask(library, "What were Zephyr's total assets in FY2023?").lines


def test_scores_do_not_depend_on_what_is_not_seen(tmp_path: Path) -> None:
    """A library with other collections beside gives what one without them gives, to the last bit."""
    (tmp_path / "s").mkdir()
    found = []
    for name, others in (("alone", 0), ("beside", 12)):
        with open_library(tmp_path / name) as library:
            add(library, tmp_path / "s", "Quokka", "mine")
            add(library, tmp_path / "s", "Numbat", "mine", "Numbat sold few widgets. Rent rose")
            for number in range(others):
                add(library, tmp_path / "s", f"Zephyr{number}", f"theirs{number % 3}")
            view = library.view({"mine"})
            vector = EMBEDDER.embed(["widgets that Quokka sold"])[0]
            evidence = ask(view, "What did Quokka and Numbat sell?")
            found.append(
                (
                    view.lexical(["sold", "widgets", "rent"], filing_ids=None, limit=9),
                    view.nearest(vector, filing_ids=None, limit=9),
                    [(line.label, line.filing_id) for line in evidence.lines],
                    evidence.search,
                    view.generation,
                )
            )
    assert found[0] == found[1]
    assert found[0][0]
    assert found[0][2]


def test_the_same_content_may_stand_in_two_collections(tmp_path: Path) -> None:
    with open_library(tmp_path / "lib") as library:
        filing = add(library, tmp_path, "Quokka", "one")
        add(library, tmp_path, "Quokka", "two")
        assert [record.collection for record in library.filings()] == ["one"], "seen once, as first added"
        assert library.view({"two"}).filings()[0].collection == "two"
        assert library.eligible(None) == library.view({"two"}).eligible(None) == 3
        assert len(library.lexical(["widgets"], filing_ids=None, limit=9)) == 1
        assert len(library.nearest(EMBEDDER.embed(["widgets"])[0], filing_ids=None, limit=9)) == 3
        assert len(library.facts(filing_ids=[filing.id])) == 2
    with open_library(tmp_path / "lib", "two") as library:
        library.remove(filing.id)
        assert library.filings() == ()
        assert library.view({"two"}).filings() == ()
    with open_library(tmp_path / "lib") as library:
        assert [record.collection for record in library.filings()] == ["one"], "another's stays, with its copy"
        assert library.file(filing.id).is_file()


def test_what_leaves_one_collection_costs_the_others_no_cache(tmp_path: Path) -> None:
    vector = EMBEDDER.embed(["widgets"])[0]
    with open_library(tmp_path / "lib") as library:
        add(library, tmp_path, "Quokka", "mine")
        theirs = add(library, tmp_path, "Zephyr", "theirs")
        found = library.view({"mine"}).nearest(vector, filing_ids=None, limit=9)
        library.nearest(vector, filing_ids=None, limit=9)
        library.remove(theirs.id)
        assert sorted(path.name for path in (tmp_path / "lib").glob("vectors*")) == [
            "vectors-1.faiss",
            "vectors-1.json",
        ]
        assert library.view({"mine"}).nearest(vector, filing_ids=None, limit=9) == found
        assert library.examine() == []


def test_whether_a_filing_is_there_is_not_told_by_adding_it(tmp_path: Path) -> None:
    with open_library(tmp_path / "lib") as library:
        filing = add(library, tmp_path, "Quokka", "theirs")
        assert library.holds(filing.id, "theirs")
        assert not library.holds(filing.id, "mine")
    with open_library(tmp_path / "lib", "mine") as library:
        with pytest.raises(LibraryError, match="no access to theirs"):
            library.holds(filing.id, "theirs")
        source = tmp_path / "Quokka.pdf"
        assert library.add(filing, source, EMBEDDER.embed(["x"] * 3), "mine"), "as if it were not there"


def test_a_library_opened_for_some_collections_changes_no_other(tmp_path: Path) -> None:
    with open_library(tmp_path / "lib") as library:
        theirs = add(library, tmp_path, "Zephyr", "theirs")
    with open_library(tmp_path / "lib", "mine") as library:
        with pytest.raises(LibraryError, match="no access to theirs"):
            add(library, tmp_path, "Quokka", "theirs")
        with pytest.raises(FilingNotFoundError):
            library.remove(theirs.id)
        with pytest.raises(LibraryError, match="no access to theirs"):
            library.view({"mine", "theirs"})
        for upkeep in (
            library.examine,
            library.mend,
            lambda: library.reindex(EMBEDDER),
            lambda: library.traces(theirs.id),
        ):
            with pytest.raises(LibraryError, match="upkeep is of the whole library"):
                upkeep()
    with open_library(tmp_path / "lib") as library:
        assert library.has(theirs.id)


def test_a_collection_may_come_later_and_an_empty_choice_sees_nothing(tmp_path: Path) -> None:
    with open_library(tmp_path / "lib") as library:
        view, nobody = library.view({"later"}), library.view(())
        assert (view.filings(), view.collections(), view.generation) == ((), (), 0)
        add(library, tmp_path, "Quokka", "later")
        assert len(view.lexical(["widgets"], filing_ids=None, limit=9)) == 1
        assert (nobody.filings(), nobody.facts(), nobody.eligible(None)) == ((), [], 0)
        assert nobody.nearest(EMBEDDER.embed(["widgets"])[0], filing_ids=None, limit=9) == []


@pytest.mark.parametrize("name", ["", "A", "a b", "a'b", "-a", "a/b", "ä", "x" * 64, "a\n"])
def test_names_that_a_collection_cannot_have(name: str, tmp_path: Path) -> None:
    with open_library(tmp_path / "lib") as library:
        with pytest.raises(UsageError, match="no name for a collection"):
            library.view({name})
        with pytest.raises(UsageError, match="no name for a collection"):
            add(library, tmp_path, "Quokka", name)
        assert library.collections() == ()


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM main.filings",
        "SELECT count(*) FROM main.filings",
        "SELECT key FROM main.collections",
        "SELECT passage_id FROM main.passages",
        "SELECT vector FROM vectors",
        "SELECT id FROM passages WHERE filing IN (SELECT key FROM main.filings)",
        "SELECT facts.id FROM facts JOIN main.filings ON filings.key = facts.filing",
        "SELECT payload FROM main.journal",
        "SELECT rowid FROM words_2 WHERE words_2 MATCH 'widgets'",
        "SELECT text FROM words_1 WHERE words_1 MATCH 'widgets'",
        "SELECT block FROM words_2_data",
        "SELECT term FROM terms_2",
        "SELECT * FROM passages_in_1",
        "SELECT sql FROM sqlite_master",
        "DELETE FROM main.filings",
        "INSERT INTO main.manifest VALUES ('a', 'b')",
        "DROP VIEW temp.filings",
        "PRAGMA query_only = OFF",
        "ATTACH ':memory:' AS other",
    ],
)
def test_sqlite_itself_refuses_what_goes_round_the_views(statement: str, tmp_path: Path) -> None:
    with open_library(tmp_path / "lib") as library:
        add(library, tmp_path, "Quokka", "mine")
        add(library, tmp_path, "Zephyr", "theirs")
        view = library.view({"mine"})
        with pytest.raises((sqlite3.DatabaseError, LibraryError)), view._store.reading() as connection:
            connection.execute(statement).fetchall()
        assert len(view.filings()) == 1
        assert len(library.filings()) == 2


def test_the_journal_is_read_by_those_who_see_all_that_an_entry_draws_on(tmp_path: Path) -> None:
    with open_library(tmp_path / "lib") as library:
        add(library, tmp_path, "Quokka", "a")
        add(library, tmp_path, "Zephyr", "b")
        library.view({"a"}).journal.append("ask", {"of": "a"})
        library.view({"a", "b"}).journal.append("ask", {"of": "a and b"})
        library.journal.append("ask", {"of": "all"})
        add(library, tmp_path, "Numbat", "c")
        library.view({"c"}).journal.append("ask", {"of": "c"})

        def read(*names: str) -> list[str]:
            return [entry.payload["of"] for entry in library.view(names).journal.read()]

        assert (read("a"), read("b"), read("c"), read()) == (["a"], [], ["c"], [])
        assert read("a", "b") == ["a", "a and b", "all"]
        assert [entry.payload["of"] for entry in library.journal.read()] == ["a", "a and b", "all", "c"]


COLLECTIONS = ("a", "b", "c", "d")
USERS = (("a",), ("b",), ("a", "b"), ("b", "c"), ("d",), ("a", "c", "d"), ())
NAMES = ("Quokka", "Zephyr", "Numbat", "Kestrel", "Bilby", "Marten", "Osprey", "Wombat", "Heron", "Lemur")


@dataclass
class World:
    """A library, what the test knows to be in it, and what users do: nothing that they are given tells of the rest."""

    library: Library
    folder: Path
    random: np.random.Generator
    filings: dict[str, Filing] = field(default_factory=dict)
    held: set[tuple[str, str]] = field(default_factory=set)
    leaks: list[str] = field(default_factory=list)

    def step(self) -> None:
        user = USERS[self.random.integers(len(USERS))]
        view = self.library.view(user)
        name = str(self.random.choice(NAMES))
        weights = np.array([6, 3, 10, 10, 10, 10, 10, 6, 8, 10], dtype=float)
        operations: list[Callable[[View, str], object]] = [self.add, self.remove, self.look, self.words, self.near]
        operations += [self.figures, self.ask, self.write, self.read, self.open]
        operation = operations[self.random.choice(len(operations), p=weights / weights.sum())]
        try:
            told = repr(operation(view, name))
        except TieoutError as error:
            told = str(error).replace(name, "")  # an error repeats the name that was asked for
        seen = {owner for owner, collection in self.held if collection in user}
        hidden = set(NAMES) - seen
        if operation in (self.ask, self.add):
            hidden -= {name}  # the question itself
        self.leaks += [
            f"{user} learns of {secret} by {operation.__name__}: {told}" for secret in hidden if secret in told
        ]
        if view.eligible(None) != 3 * len(seen) or {record.identity.company for record in view.filings()} != {
            f"{owner} Inc" for owner in seen
        }:
            self.leaks.append(f"{user} sees other filings than {seen}")

    def add(self, view: View, name: str) -> object:
        collection = str(self.random.choice(COLLECTIONS))
        self.filings[name] = add(self.library, self.folder, name, collection)
        self.held.add((name, collection))
        return view.generation

    def remove(self, view: View, name: str) -> object:
        if not self.held:
            return None
        owner, collection = sorted(self.held)[self.random.integers(len(self.held))]
        with open_library(self.library.directory, collection) as theirs:
            theirs.remove(self.filings[owner].id)
        self.held.remove((owner, collection))
        return view.collections()

    def look(self, view: View, name: str) -> object:
        return view.filings(), view.has(self._id(name)), view.resolve(name)

    def words(self, view: View, name: str) -> object:
        ids = None if self.random.random() < 0.5 else [self._id(name)]
        return view.passages([hit for hit, _ in view.lexical([name, "widgets", "sold"], filing_ids=ids, limit=9)])

    def near(self, view: View, name: str) -> object:
        ids = None if self.random.random() < 0.5 else [self._id(name)]
        found = view.nearest(EMBEDDER.embed([f"{name} sold widgets"])[0], filing_ids=ids, limit=9)
        return view.passages([hit for hit, _ in found])

    def figures(self, view: View, name: str) -> object:
        return view.facts(filing_ids=[self._id(name)]), view.facts(limit=5), view.statements([self._id(name)])

    def ask(self, view: View, name: str) -> object:
        evidence = ask(view, f"What were {name}'s total assets in FY2023, and what did it sell?")
        return evidence.lines, evidence.search, evidence.missing, evidence.conflicts

    def write(self, view: View, name: str) -> object:
        mine = view.filings()
        payload = {
            "quotes": [
                view.passages([hit])[0].passage.text for hit, _ in view.lexical(["sold"], filing_ids=None, limit=3)
            ]
        }
        return view.journal.append("ask", payload, [record.id for record in mine])

    def read(self, view: View, name: str) -> object:
        return view.journal.read(20)

    def open(self, view: View, name: str) -> object:
        rowid = int(self.random.integers(1, 60))
        near = [view.neighbours(record) for record in view.passages(range(rowid, rowid + 9))]
        return near, view.page(self._id(name), 0), view.tables(self._id(name)), view.file(self._id(name))

    def _id(self, name: str) -> str:
        return self.filings[name].id if name in self.filings else "0" * 64


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with open_library(tmp_path / "lib") as library:
        yield World(library, tmp_path, np.random.default_rng(20240229))


def run(world: World, operations: int) -> None:
    for _ in range(operations):
        world.step()
    assert world.leaks == []
    assert world.library.examine() == []


def test_no_operation_of_500_leaks(world: World) -> None:
    run(world, 500)


@pytest.mark.slow
def test_no_operation_of_10000_leaks(world: World) -> None:
    run(world, 10_000)


def test_the_property_test_sees_a_leak(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A view that is wider than it says is found out."""
    view = world.library.view
    monkeypatch.setattr(world.library, "view", lambda names: view({*names, "a"}))
    for _ in range(200):
        world.step()
    assert world.leaks
