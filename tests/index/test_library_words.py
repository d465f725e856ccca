from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.lexical import match_expression
from index.library import Library
from tests.index.builders import WordEmbedder, build_filing, fixed_clock, write_source

EMBEDDER = WordEmbedder()
SENTENCES = (
    "We file our annual report on Form 10-K with the SEC",
    "FY22 R&D expenses were $1,577 million",
    "Purchases of property, plant and equipment",
    "Non-GAAP diluted EPS for Q4 was 2,34",
    "The café in Zürich belongs to L'Oréal",
    "NEAR, OR, AND and NOT are ordinary words here",
)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "lib", create=True, embedder=EMBEDDER, clock=fixed_clock) as opened:
        for name in ("a.pdf", "b.pdf"):
            source = write_source(tmp_path, name, name)
            filing = build_filing(source, words=". ".join(SENTENCES), company=name[0].upper())
            opened.add(filing, source, EMBEDDER.embed(["x"] * len(filing.passages)))
        yield opened


def found(library: Library, *terms: str, filing_ids: list[str] | None = None) -> list[str]:
    hits = library.lexical(terms, filing_ids=filing_ids, limit=50)
    return [record.passage.text for record in library.passages([rowid for rowid, _ in hits])]


@pytest.mark.parametrize(
    ("term", "place"),
    [
        ("R&D", 1),
        ("r&d", 1),
        ("FY22", 1),
        ("$1,577", 1),
        ("1,577", 1),
        ("expense", 1),
        ("purchase of property", 2),
        ("PP&E", None),
        ("non-GAAP", 3),
        ("GAAP", 3),
        ("cafe", 4),
        ("ZÜRICH", 4),
        ("oréal", 4),
        ("577", 1),
        ("1577", None),
        ("property equipment", None),
    ],
)
def test_terms_of_the_trade_are_found(library: Library, term: str, place: int | None) -> None:
    texts = set(found(library, term))
    assert {text for text in texts if text in SENTENCES} == (set() if place is None else {SENTENCES[place]})


def test_a_form_is_found_in_text_and_context(library: Library) -> None:
    texts = found(library, "10-K", "annual report")
    assert texts[0] == SENTENCES[0], "the passage with both, and both in its text, is the best"
    assert len(texts) == 12, "the context line of prose passages names the form"


def test_any_term_will_do_and_more_are_better(library: Library) -> None:
    hits = library.lexical(["diluted", "EPS", "café"], filing_ids=None, limit=9)
    scores = [score for _, score in hits]
    assert scores == sorted(scores, reverse=True)
    assert scores[-1] > 0
    assert found(library, "diluted", "EPS", "café")[0] == SENTENCES[3]
    assert found(library, "diluted", "EPS", "café")[-1] == SENTENCES[4]


def test_the_filter_and_the_limit_hold(library: Library) -> None:
    _, second = library.filings()
    hits = library.lexical(["expenses", "words", "acme"], filing_ids=[second.id], limit=50)
    records = library.passages([rowid for rowid, _ in hits])
    assert {record.filing_id for record in records} == {second.id}
    assert len(records) == 2
    assert len(library.lexical(["words", "expenses"], filing_ids=None, limit=3)) == 3
    assert library.lexical(["words"], filing_ids=None, limit=0) == []


@pytest.mark.parametrize(
    "term",
    [
        '"',
        '""',
        '" OR "',
        "*",
        "pur*",
        "^We",
        "context:A",
        "{context text} : A",
        "NEAR(we file)",
        "-We",
        "(",
        ")",
        "'; DROP TABLE passages; --",
        "%",
        "\\",
        "\0",
        "a\0b",
        "&",
        "—",
        "",
        " ",
        "😀",
        "²",
        "caf\ud800",
        "\u0301",
        "۝",
        "+",
        "x" * 100_000,
        "word " * 5_000,
    ],
)
def test_no_text_is_syntax(library: Library, term: str) -> None:
    assert isinstance(library.lexical([term], filing_ids=None, limit=5), list)
    assert found(library, term, "diluted")[:1] == [SENTENCES[3]] or "We" in term or term in ("pur*", "context:A")
    assert library.eligible(None) == 14


def test_operators_are_words(library: Library) -> None:
    assert set(found(library, "NOT")) == {SENTENCES[5]}
    assert found(library, "purchases AND café") == []
    assert found(library, "purch*") == []


def test_many_terms_are_no_trouble(library: Library) -> None:
    terms = [f"word{number}" for number in range(3000)]
    assert set(found(library, *terms, "diluted")) == {SENTENCES[3]}


def test_a_term_is_asked_for_once() -> None:
    assert match_expression(["a", " a ", 'b"c', "-"]) == '"a" OR "b c"'
    assert match_expression([]) == ""


def test_what_fts5_does_and_what_postings_do_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Which way a filter is kept is a matter of speed: what is found, and its scores, are those of a whole search."""
    with Library.open(tmp_path / "lib", create=True, embedder=EMBEDDER, clock=fixed_clock) as library:
        for number in range(12):
            source = write_source(tmp_path, f"{number}.pdf", str(number))
            filing = build_filing(source, words=". ".join(f"{text} {number}" for text in SENTENCES))
            library.add(filing, source, EMBEDDER.embed(["x"] * len(filing.passages)))
        terms = ["expenses", "property", "words", "7", "4"]
        ids = [record.id for record in library.filings()]
        whole = library.lexical(terms, filing_ids=None, limit=999)
        owners = {record.rowid: record.filing_id for record in library.passages([rowid for rowid, _ in whole])}
        for chosen in (ids[3:5], ids[2:9:3], ids[::2], ids):
            expected = [hit for hit in whole if owners[hit[0]] in chosen]
            assert expected
            for few in (0, 1, 99):
                monkeypatch.setattr("index.lexical.FEW_RANGES", few)
                library._postings.discard()
                assert library.lexical(terms, filing_ids=chosen, limit=5) == expected[:5]
                assert library.lexical(terms, filing_ids=chosen, limit=999) == expected
                assert library.lexical(terms, filing_ids=chosen, limit=5) == expected[:5]
