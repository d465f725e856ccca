from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

import pytest

from ingest import archive as ingest_archive
from ingest.archive import check_office, open_archive
from ingest.errors import DamagedFileError, EncryptedFileError, OversizedFileError


def packed(parts: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


SHEET = b"<?xml version='1.0'?><sheet><c>100</c></sheet>"


def test_parts_are_read_by_name() -> None:
    archive = check_office(packed({"xl/": b"", "xl/sheet1.xml": SHEET, "docProps/app.xml": b"<a/>"}))
    assert archive.names == ("xl/sheet1.xml", "docProps/app.xml")
    assert archive.read("xl/sheet1.xml") == SHEET
    assert archive.xml("xl/sheet1.xml").findtext("c") == "100"
    with pytest.raises(DamagedFileError, match=r"lacks its part xl/sheet2\.xml"):
        archive.read("xl/sheet2.xml")


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "xl\\..\\..\\a.xml", "C:\\a.xml", "\\\\host\\a"])
def test_a_part_outside_of_the_archive_refuses_it(name: str) -> None:
    with pytest.raises(DamagedFileError, match="outside of itself"):
        open_archive(packed({name: b"x"}))


def test_limits_hold_for_what_the_directory_declares(monkeypatch: pytest.MonkeyPatch) -> None:
    data = packed({"a": bytes(600), "b": bytes(600)})
    assert open_archive(data).read("a") == bytes(600)
    monkeypatch.setattr(ingest_archive, "MAX_UNPACKED", 1000)
    with pytest.raises(OversizedFileError, match="unpacks to"):
        open_archive(data)
    monkeypatch.setattr(ingest_archive, "MAX_PARTS", 1)
    with pytest.raises(OversizedFileError, match="2 parts"):
        open_archive(data)


def test_a_part_that_holds_more_than_declared_is_damage() -> None:
    data = packed({"a": bytes(100_000)})
    declared = (100_000).to_bytes(4, "little")
    assert data.count(declared) == 2
    archive = open_archive(data.replace(declared, (10).to_bytes(4, "little")))
    with pytest.raises(DamagedFileError, match="cannot be unpacked"):
        archive.read("a")


@pytest.mark.parametrize("cut", [10, 40, 100])
def test_an_archive_that_is_cut_off_is_damaged(cut: int) -> None:
    with pytest.raises(DamagedFileError):
        open_archive(packed({"a.xml": SHEET})[:cut])


def test_an_encrypted_part_needs_its_password() -> None:
    data = bytearray(packed({"a.xml": SHEET}))
    directory = data.index(b"PK\x01\x02")
    data[directory + 8] |= 1
    with pytest.raises(EncryptedFileError):
        open_archive(bytes(data))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
def test_a_part_that_declares_entities_is_refused(encoding: str) -> None:
    bomb = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'.encode(encoding)
    data = packed({"word/document.xml": bomb})
    with pytest.raises(DamagedFileError, match="declares entities"):
        check_office(data)
    with pytest.raises(DamagedFileError, match="declares entities"):
        open_archive(data).xml("word/document.xml")


def test_xml_that_is_not_well_formed_is_damage() -> None:
    with pytest.raises(DamagedFileError, match="not well-formed"):
        open_archive(packed({"a.xml": b"<a><b></a>"})).xml("a.xml")
