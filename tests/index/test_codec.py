from __future__ import annotations

import dataclasses
import json
from decimal import Decimal
from pathlib import Path

import pytest

from index import codec
from ingest.errors import LibraryError
from ingest.filing import Cell, Filing, Identity, Page, Passage, Period, Row, Section, Span, Table
from tests.index.builders import YEAR_2023, build_filing, write_source


@pytest.fixture
def filing(tmp_path: Path) -> Filing:
    return build_filing(write_source(tmp_path))


def exact(value: object) -> object:
    """All that stands in a value, for Period's equality leaves fields out and 1.5 equals 1.50."""
    if dataclasses.is_dataclass(value):
        return [exact(getattr(value, item.name)) for item in dataclasses.fields(value)]
    if isinstance(value, tuple):
        return [exact(item) for item in value]
    return repr(value)


def test_every_part_comes_back_exactly(filing: Filing) -> None:
    for page in filing.pages:
        assert exact(codec.unpack(Page, codec.pack(page))) == exact(page)
    for table in filing.tables:
        assert exact(codec.unpack(Table, codec.pack(table))) == exact(table)
    sections = codec.decode(tuple[Section, ...], codec.encode(filing.sections))
    assert exact(sections) == exact(filing.sections)
    assert exact(codec.decode(Identity, codec.encode(filing.identity))) == exact(filing.identity)
    for fact in filing.facts:
        assert exact(codec.fact_from(codec.fact_row(fact))) == exact(fact)
    for passage in filing.passages:
        assert exact(codec.passage_from(codec.passage_row(passage))) == exact(passage)


def test_a_whole_filing_comes_back_exactly(filing: Filing) -> None:
    assert exact(codec.decode(Filing, codec.encode(filing))) == exact(filing)


@pytest.mark.parametrize("text", ["0", "-0", "1.50", "1E+3", "12345678901234567890.123456789", "-0.00001"])
def test_a_decimal_keeps_every_digit(text: str) -> None:
    cell = Cell(0, text, Decimal(text), 0, None, None, Span(0))
    assert str(codec.unpack(Cell, codec.pack(cell)).number) == text


def test_an_empty_part_is_kept_apart_from_a_missing_one() -> None:
    for span in (Span(0, page_label=""), Span(0), Span(0, chars=(0, 0))):
        assert codec.decode(Span, codec.encode(span)) == span
    row = Row("", 0, (), (), Span(0))
    assert codec.decode(Row, codec.encode(row)) == row
    passage = Passage("p", "table", "", "", Span(0), rows=(0, 0))
    assert codec.passage_from(codec.passage_row(passage)).rows == (0, 0)


def test_fields_at_their_default_are_left_out() -> None:
    assert json.loads(codec.encode(Span(3))) == {"page": 3}


def test_unknown_fields_and_wrong_shapes_are_damage() -> None:
    for text in ("", "[", "[]", "3", "null", '{"page": 0, "unknown": 1}', '{"box": [1, 2, 3]}', "{}"):
        with pytest.raises(LibraryError, match="stored Span cannot be read back"):
            codec.decode(Span, text)
    with pytest.raises(LibraryError, match="stored Period"):
        codec.decode(Period, '{"end": "yesterday"}')
    with pytest.raises(LibraryError, match="stored Table"):
        codec.unpack(Table, codec.pack(YEAR_2023))
    with pytest.raises(LibraryError, match="stored Page"):
        codec.unpack(Page, b"not deflated")


def test_a_float_that_is_not_finite_is_refused() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        codec.encode(Span(0, box=(0.0, float("nan"), 1.0, 1.0)))


def test_what_is_no_part_of_a_filing_is_refused() -> None:
    with pytest.raises(TypeError, match="no part of a Filing"):
        codec.encode({"page": 1})
