from __future__ import annotations

from pathlib import Path

import pytest

from assistant.sentences import filing_sentences, find_section, split_sentences
from ingest.errors import UsageError
from ingest.filing import Filing
from ingest.read import read_filing
from tests.assistant.desk import ANNUAL_PDF, write_examples


@pytest.fixture(scope="module")
def filing(tmp_path_factory: pytest.TempPathFactory) -> Filing:
    pytest.importorskip("reportlab", reason="the examples extra is not installed")
    folder = tmp_path_factory.mktemp("filings")
    write_examples(folder)
    return read_filing(Path(folder) / ANNUAL_PDF)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sales rose. Costs fell.", ["Sales rose.", "Costs fell."]),
        ("Orrindale Inc. Board members met. It ended.", ["Orrindale Inc. Board members met.", "It ended."]),
        ("Sales of the U.S. Division rose 3.5 percent.", ["Sales of the U.S. Division rose 3.5 percent."]),
        ("He said “It rose.” Then it fell.", ["He said “It rose.”", "Then it fell."]),
        ("no full stop", ["no full stop"]),
        ("  ", []),
    ],
)
def test_sentences_end_where_they_do(text: str, expected: list[str]) -> None:
    found = list(split_sentences(text))
    assert [sentence for sentence, _ in found] == expected
    assert all(text[start:].startswith(sentence) for sentence, start in found)


def test_each_sentence_stands_on_its_page(filing: Filing) -> None:
    found = list(filing_sentences(filing))
    assert len(found) > 20
    for sentence in found:
        assert sentence.span.chars is not None
        first, last = sentence.span.chars
        assert " ".join(filing.pages[sentence.span.page].text[first:last].split()) == sentence.text


def test_sentences_of_pages_and_of_a_section(filing: Filing) -> None:
    everything = list(filing_sentences(filing))
    page = everything[-1].span.page
    assert {each.span.page for each in filing_sentences(filing, pages=[page])} == {page}
    section = find_section(filing.sections, "Item 7", filing.source)
    of_section = list(filing_sentences(filing, section))
    assert 0 < len(of_section) < len(everything)
    assert all(section.first_page <= each.span.page <= section.last_page for each in of_section)


def test_a_section_goes_by_number_kind_and_title(filing: Filing) -> None:
    section = find_section(filing.sections, "item 7", filing.source)
    assert section.number == "7"
    assert section.kind == "item"
    assert find_section(filing.sections, section.title.upper(), filing.source) == section
    assert find_section(filing.sections, "Part II, Item 7", filing.source) == section
    with pytest.raises(UsageError, match="no section"):
        find_section(filing.sections, "Part I, Item 7", filing.source)
    with pytest.raises(UsageError, match=r"no section 'Item 77'.*it has"):
        find_section(filing.sections, "Item 77", filing.source)
