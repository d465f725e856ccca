"""Archives, Office documents and plain files that are made to hang, exhaust or mislead a reader."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
from collections.abc import Callable, Iterator, Mapping

from tests.ingest.hostile.markup import LAUGHS, MANY, STRINGS
from tests.ingest.hostile.pdf import zeros

Maker = Callable[[], bytes]

TYPES = (
    "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'>"
    "<Default Extension='rels' ContentType='application/vnd.openxmlformats-package.relationships+xml'/>"
    "<Default Extension='xml' ContentType='application/xml'/>"
    "<Override PartName='/{part}' ContentType='application/vnd.openxmlformats-officedocument.{kind}.main+xml'/></Types>"
)
RELATION = (
    "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'><Relationship Id='r1' "
    "Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument' Target='{part}'/>"
    "</Relationships>"
)
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def archive(parts: Mapping[str, bytes | str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return out.getvalue()


def docx(body: str, declaration: str = "", **more: bytes) -> bytes:
    """A Word document whose body is the given XML."""
    part = "word/document.xml"
    document = f"<?xml version='1.0'?>{declaration}<w:document xmlns:w='{WORD}'><w:body>{body}</w:body></w:document>"
    return archive(
        {
            "[Content_Types].xml": TYPES.format(part=part, kind="wordprocessingml.document"),
            "_rels/.rels": RELATION.format(part=part),
            part: document,
            **more,
        }
    )


def xlsx(rows: str, declaration: str = "", strings: str = "") -> bytes:
    """A workbook with one sheet whose data are the given XML."""
    part = "xl/workbook.xml"
    return archive(
        {
            "[Content_Types].xml": TYPES.format(part=part, kind="spreadsheetml.sheet"),
            "_rels/.rels": RELATION.format(part=part),
            part: f"<workbook xmlns='{SHEET}' xmlns:r='{RELATED}'><sheets><sheet name='a' sheetId='1' r:id='r1'/>"
            "</sheets></workbook>",
            "xl/_rels/workbook.xml.rels": RELATION.format(part="worksheets/sheet1.xml").replace(
                "officeDocument'", "worksheet'"
            ),
            "xl/worksheets/sheet1.xml": f"<?xml version='1.0'?>{declaration}<worksheet xmlns='{SHEET}'>"
            f"<sheetData>{rows}</sheetData></worksheet>",
            "xl/sharedStrings.xml": f"<sst xmlns='{SHEET}'>{strings}</sst>",
        }
    )


def stuffed(original: bytes, name: str, megabytes: int, filler: bytes = b" ") -> bytes:
    """An archive with a further part that unpacks to so many MB."""
    out = io.BytesIO(original)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED, compresslevel=9) as packed, packed.open(name, "w") as part:
        for _ in range(megabytes):
            part.write(filler * 1_000_000)
    return out.getvalue()


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def cell(place: str, value: str) -> str:
    return f"<c r='{place}'><v>{value}</v></c>"


def archives(secret: str, address: str) -> Iterator[tuple[str, Maker]]:
    """``secret`` is a path that must not be read, ``address`` a URL that must not be asked for."""
    yield "bomb.docx", lambda: stuffed(docx(paragraph("Net sales")), "word/more.xml", 1500)
    yield "bomb.xlsx", lambda: stuffed(xlsx(""), "xl/worksheets/sheet2.xml", 1500)
    yield "bomb-picture.docx", lambda: stuffed(docx(paragraph("Net sales")), "word/media/a.png", 1500, b"\x00")
    yield "bomb.zip", lambda: stuffed(archive({}), "a", 1500)
    yield "bomb-of-bombs.zip", lambda: archive({f"{n}.zip": stuffed(archive({}), "a", 100) for n in range(10)})
    yield "many-parts.zip", lambda: archive({f"p{n}": b"" for n in range(60_000)})
    yield "same-name.docx", lambda: docx(paragraph("a"), **{"WORD/document.xml": b"<a/>"})
    for number, name in enumerate(
        ("../../../tmp/a.xml", "/etc/a.xml", "word\\..\\..\\a", "C:\\a", "a\x00.xml", "a" * 60_000)
    ):
        yield f"names-{number}.docx", lambda name=name: docx(paragraph("a"), **{name: b"<a/>"})
    declarations = {
        "laughs": LAUGHS.replace("DOCTYPE html", "DOCTYPE d"),
        "file": f"<!DOCTYPE d [<!ENTITY l9 SYSTEM 'file://{secret}'>]>",
        "address": f"<!DOCTYPE d [<!ENTITY l9 SYSTEM '{address}'>]>",
        "subset": f"<!DOCTYPE d SYSTEM '{address}' [<!ENTITY l9 'x'>]>",
    }
    for kind, declaration in declarations.items():
        yield f"entities-{kind}.docx", lambda d=declaration: docx(paragraph("&l9;"), d)
        yield f"entities-{kind}.xlsx", lambda d=declaration: xlsx(f"<row r='1'>{cell('A1', '&l9;')}</row>", d)
    external = RELATION.format(part=address).replace("/>", " TargetMode='External'/>")
    yield "linked.docx", lambda: docx(paragraph("a"), **{"word/_rels/document.xml.rels": external.encode()})
    yield "macros.docm", lambda: docx(paragraph("a"), **{"word/vbaProject.bin": b"\xd0\xcf\x11\xe0" + bytes(500)})
    yield "nested.docx", lambda: docx("<w:tbl><w:tr><w:tc>" * 2000 + "</w:tc></w:tr></w:tbl>" * 2000)
    yield "nested-deeper.docx", lambda: docx("<w:sdt>" * MANY + "</w:sdt>" * MANY)
    yield "long-text.docx", lambda: docx(paragraph("Net sales were 100. " * 1_000_000))
    yield "many-paragraphs.docx", lambda: docx(paragraph("1") * 200_000)
    yield (
        "wide-table.docx",
        lambda: docx(
            "<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val='1000000'/></w:tcPr>"
            + paragraph("1")
            + "</w:tc></w:tr></w:tbl>"
        ),
    )
    yield "far-cell.xlsx", lambda: xlsx(f"<row r='1048576'>{cell('XFD1048576', '1')}</row>")
    yield "cell-outside.xlsx", lambda: xlsx(f"<row r='99999999999'>{cell('ZZZZZZZZ99999999999', '1')}</row>")
    yield (
        "cells-many.xlsx",
        lambda: xlsx("".join(f"<row r='{n}'>{cell(f'A{n}', '1') * 10}</row>" for n in range(1, 50_000))),
    )
    yield "number-long.xlsx", lambda: xlsx(f"<row r='1'>{cell('A1', '9' * 1_000_000)}</row>")
    yield "exponent.xlsx", lambda: xlsx(f"<row r='1'>{cell('A1', '1e999999999')}</row>")
    yield "string-absent.xlsx", lambda: xlsx("<row r='1'><c r='A1' t='s'><v>99999999999</v></c></row>")
    yield "merged.xlsx", lambda: xlsx("").replace(b"</sheetData>", b"</sheetData>")
    yield "no-workbook.xlsx", lambda: archive({"xl/worksheets/sheet1.xml": "<worksheet/>"})
    yield "not-xml.docx", lambda: archive({"[Content_Types].xml": bytes(1000), "word/document.xml": bytes(1000)})
    yield "empty.docx", lambda: archive({})
    whole = docx(paragraph("Net sales were 100."))
    for cut in (5, 30, 100, len(whole) // 2, len(whole) - 10):
        yield f"cut-{cut}.docx", lambda cut=cut: whole[:cut]
    yield (
        "directory-lies.docx",
        lambda: whole.replace(b"PK\x05\x06", b"PK\x05\x06" + struct.pack("<HHHH", 0, 0, 65535, 65535)),
    )
    yield "gzip-bomb.gz", lambda: gzip.compress(b"") + b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff" + zeros(100)
    yield "old-office.doc", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 5000


def plain() -> Iterator[tuple[str, Maker]]:
    yield "empty.pdf", lambda: b""
    yield "empty.htm", lambda: b""
    yield "blank.txt", lambda: b" \r\n\t" * 1000
    yield "nulls.pdf", lambda: bytes(1_000_000)
    yield "random.pdf", lambda: bytes((n * 7919 + n // 13 * 31) % 256 for n in range(200_000))
    yield "head-only.pdf", lambda: b"%PDF-1.7"
    yield "head-and-end.pdf", lambda: b"%PDF-1.7\n%%EOF"
    yield "html-in.pdf", lambda: b"<html><body>Net sales 100</body></html>"
    yield "pdf-in.htm", lambda: b"%PDF-1.7\n<html><body>Net sales</body></html>\n%%EOF"
    yield "picture.pdf", lambda: b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + struct.pack(">II", 2**31 - 1, 2**31 - 1)
    yield "line-of-fifty-megabytes.txt", lambda: b"Net sales were 100. " * 2_500_000
    yield "lines-many.txt", lambda: b"1\n" * 2_000_000
    yield "pages-many.txt", lambda: b"<PAGE>\n\x0c1\n" * 50_000
    yield "tables-many.txt", lambda: b"<TABLE>\n<CAPTION>\n<S> <C>\nNet sales   100\n" * 30_000
    yield "captions-wide.txt", lambda: b"<TABLE>\n<S>" + b" <C>" * MANY + b"\n" + b" 1  " * MANY + b"\n</TABLE>\n"
    header = b"<SEC-DOCUMENT>a.txt : 20240101\n<SEC-HEADER>a\nACCESSION NUMBER: 1\n</SEC-HEADER>\n"
    document = (
        b"<DOCUMENT>\n<TYPE>10-K\n<SEQUENCE>1\n<FILENAME>a.htm\n<TEXT>\n<html><body>Net sales</body></html>\n</TEXT>\n"
    )
    yield "submission-of-many.txt", lambda: header + (document + b"</DOCUMENT>\n") * 20_000
    yield "submission-nested.txt", lambda: header + document.replace(b"</TEXT>\n", b"") * 5_000
    yield "submission-cut.txt", lambda: header + document[:60]
    yield "submission-no-documents.txt", lambda: header * 1000
    yield (
        "submission-encoded.txt",
        lambda: (
            header + b"<DOCUMENT>\n<TYPE>GRAPHIC\n<TEXT>\nbegin 644 ../../a.gif\n" + (b"M" + b"_" * 60 + b"\n") * 50_000
        ),
    )
    yield "submission-header-long.txt", lambda: header.replace(b"a\n", b"a" * 5_000_000 + b"\n") + document
    yield "braces.rtf", lambda: b"{\\rtf1" + b"{" * 1_000_000
    yield "cells.csv", lambda: b"1," * 2_000_000
    yield "quote-never-closed.csv", lambda: b'a,"b' + b"1,\n" * 500_000
    yield (
        "parts.eml",
        lambda: b"Content-Type: multipart/mixed; boundary=a\n\n" + b"--a\nContent-Type: message/rfc822\n\n" * 5_000,
    )
    yield "brackets.md", lambda: b"[" * 200_000 + b"![" * 50_000 + b"*" * 100_000
    yield "deep.json", lambda: b"[" * 1_000_000
    yield "laughs.xml", lambda: ("<?xml version='1.0'?>" + LAUGHS + "<d>&l9;</d>").encode()
    for name in ("digits", "numbers-in-pairs", "dates", "millions", "blanks", "dot-leaders", "words", "years"):
        yield f"string-{name}.txt", lambda name=name: STRINGS[name].encode()
