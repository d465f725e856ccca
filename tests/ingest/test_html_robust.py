import random
import re
from decimal import Decimal
from os import environ
from pathlib import Path

import pytest

from ingest.errors import DamagedFileError, OversizedFileError, UnreadableFileError, UnsupportedFileError
from ingest.htm import parse
from ingest.htm.read import read_html

DATA = Path(environ.get("TIEOUT_DATA", Path(__file__).parents[3] / "shared" / "data")) / "edgar"


def real_filing(name: str) -> bytes:
    path = DATA / "html" / name
    if not path.exists():
        pytest.skip(f"measuring data are absent: {name}")
    return path.read_bytes()


@pytest.mark.parametrize("data", [b"", b" \n\t", b"<html><body></body></html>", b"<!-- nothing -->"])
def test_empty_files_are_damaged(data: bytes) -> None:
    with pytest.raises(DamagedFileError):
        read_html(data)


@pytest.mark.parametrize("data", [b"%PDF-1.7\n%text", b"plain words", bytes(range(256)) * 200])
def test_other_kinds_are_unsupported(data: bytes) -> None:
    with pytest.raises(UnsupportedFileError):
        read_html(data)


def test_xbrl_instance_is_unsupported() -> None:
    with pytest.raises(UnsupportedFileError, match="instance"):
        read_html(b'<?xml version="1.0"?><xbrl xmlns="http://www.xbrl.org/2003/instance">x</xbrl>')


def test_limits_on_size_tags_and_nesting(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(OversizedFileError, match="2048 deep"):
        read_html(b"<html>" + b"<div>" * 5000 + b"x")
    with pytest.raises(OversizedFileError, match="tags"):
        read_html(b"<p>x</p>" * (parse.MAX_TAGS // 2 + 1))
    monkeypatch.setattr(parse, "MAX_BYTES", 10)
    with pytest.raises(OversizedFileError, match="bytes"):
        read_html(b"<p>0123456789</p>")


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"<table><tr>" + b"<td>1" * 500_000, "cells"),
        (b"<p>Net sales</p>" * 250_000, "lines"),
        (b"<table>" + b"<TR><TD>1" * 90_000, "rows"),
        (b"<table><tr><td>1</table>" * 12_000, "tables"),
        (b"<p " + b" ".join(b"a%d=1" % number for number in range(20_000)) + b">Net sales</p>", "attributes"),
    ],
)
def test_more_than_any_report_has_is_refused_at_once(data: bytes, what: str) -> None:
    with pytest.raises(OversizedFileError, match=what):
        read_html(b"<html><body>" + data)


def test_nesting_beyond_the_interpreters_own_limit_is_read() -> None:
    document = read_html(b"<html><body>" + b"<div>" * 1500 + b"deep")
    assert document.pages[0].text == "deep"


def test_entities_are_never_expanded() -> None:
    entities = '<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {name} "{f"&{previous};" * 10}">' for previous, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    head = f'<?xml version="1.0"?><!DOCTYPE html [{entities}]>'
    bomb = f'{head}<html xmlns="http://www.w3.org/1999/xhtml"><body title="&i;"><p>&i; x</p></body></html>'
    document = read_html(bomb.encode())
    assert document.pages[0].text == "&i; x"
    assert "entities" in document.warnings[0].message


def test_external_entity_is_not_fetched(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("treasure")
    html = f'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY e SYSTEM "{secret.as_uri()}">]><html><p>a &e;</p></html>'
    assert "treasure" not in read_html(html.encode()).pages[0].text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings(encoding: str) -> None:
    text = read_html("<html><p>café – “£5”</p></html>".encode(encoding)).pages[0].text
    assert text == "café – “£5”"


def test_cut_off_file_is_read_with_a_warning() -> None:
    document = read_html(b"<html><body><p>One</p><p>Tw")
    assert document.pages[0].text == "One\nTw"
    assert "closing </html>" in document.warnings[0].message


def test_text_after_an_early_end_and_in_the_edgar_wrapper_is_read() -> None:
    assert read_html(b"<html><head></head></html><p>late</p>").pages[0].text == "late"
    wrapped = b"<DOCUMENT>\n<TYPE>10-K\n<TEXT>\n<html><body><p>x</p></body></html>\n</TEXT>\n</DOCUMENT>\n"
    assert read_html(wrapped).pages[0].text == "x"


def test_patterns_stay_linear() -> None:
    notes = "<table><tr><td>a " + "(1) " * 20_000 + "x</td><td>3,000</td></tr></table>"
    styles = "<style>" + "/*" * 200_000 + "</style><style>" + "a," * 200_000 + "</style>"
    assert len(read_html(f"<html>{styles}{notes}</html>".encode()).tables) == 1


def test_damaged_real_filing_gives_a_document_or_a_typed_error() -> None:
    data = real_filing("aapl-10-q-2025-08-01.html")
    for seed in range(3):
        chance = random.Random(seed)
        damaged = bytearray(data[: chance.randrange(1000, len(data))])
        for _ in range(200):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        try:
            document = read_html(bytes(damaged))
        except UnreadableFileError:
            continue
        assert document.pages[0].text


def test_real_annual_report() -> None:
    document = read_html(real_filing("AAPL_10-K_0000320193-24-000123.html"))
    assert [page.label for page in document.pages][2:] == [str(number) for number in range(1, 58)]
    assert document.cover["EntityRegistrantName"] == "Apple Inc."
    assert (document.cover["DocumentPeriodEndDate"], document.cover["CurrentFiscalYearEndDate"]) == (
        "2024-09-28",
        "--09-28",
    )
    assert not document.warnings
    sales = [fact for fact in document.facts if fact.label == "Total net sales" and not fact.dimensions]
    assert {(fact.period.end.year, fact.period.months, fact.value) for fact in sales} >= {
        (2024, 12, Decimal(391_035_000_000)),
        (2023, 12, Decimal(383_285_000_000)),
    }
    for fact in document.facts:
        assert fact.span.chars is not None
        assert document.pages[fact.span.page].text[slice(*fact.span.chars)] == fact.printed
        digits = re.sub(r"[^0-9.]", "", fact.printed)
        if re.fullmatch(r"\d+(\.\d+)?", digits):
            assert abs(Decimal(digits).scaleb(fact.scale)) == abs(fact.value)
    for table in document.tables:
        for row in table.rows:
            for cell in row.cells:
                assert cell.span.chars is not None
                assert document.pages[table.page].text[slice(*cell.span.chars)] == cell.text


def test_an_encoding_that_the_parser_does_not_know_is_read_as_windows() -> None:
    page = b'<html><head><meta charset="idna"></head><body><p>caf\xe9</p></body></html>'
    assert read_html(page).pages[0].text == "caf\u00e9"


def test_entities_that_another_file_declares_are_known_or_left_out() -> None:
    head = b"<?xml version='1.0'?><!DOCTYPE html SYSTEM 'xhtml1.dtd'><html xmlns='http://www.w3.org/1999/xhtml'><body>"
    known = read_html(head + b"<p>Net&nbsp;sales &amp; other&mdash;100</p></body></html>")
    assert " ".join(known.pages[0].text.split()) == "Net sales & other—100"
    assert known.warnings == ()
    unknown = read_html(head + b"<p>Net sales &secret;100</p></body></html>")
    assert unknown.pages[0].text == "Net sales 100"
    assert "entities that another file declares" in unknown.warnings[0].message
