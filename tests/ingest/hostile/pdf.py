"""PDFs that are made to hang, exhaust or crash a reader, written object by object."""

from __future__ import annotations

import io
import random
import zlib
from collections.abc import Callable, Iterator, Mapping

FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
CATALOG, PAGES, PAGE, CONTENT, FONT_AT = 1, 2, 3, 4, 5
TEXT = b"BT /F1 10 Tf 72 700 Td (Net sales 100) Tj ET"
MANY = 100_000

Objects = dict[int, bytes]
Maker = Callable[[], bytes]


def stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), entries, content)


def flate(content: bytes, entries: bytes = b"", times: int = 1) -> bytes:
    for _ in range(times):
        content = zlib.compress(content, 9)
    return stream(content, b"/Filter [%s] %s" % (b"/FlateDecode " * times, entries))


def zeros(megabytes: int, filler: bytes = b"\x00") -> bytes:
    """The deflated form of so many MB of one byte, made without holding them."""
    packer = zlib.compressobj(9)
    block = filler * 1_000_000
    return b"".join([*(packer.compress(block) for _ in range(megabytes)), packer.flush()])


def objects(content: bytes = TEXT, page: bytes = b"", resources: bytes = b"", catalog: bytes = b"") -> Objects:
    """A document of one page; ``page``, ``resources`` and ``catalog`` are further entries."""
    return {
        CATALOG: b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalog,
        PAGES: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        PAGE: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> %s >> %s >>" % (resources, page),
        CONTENT: stream(content),
        FONT_AT: FONT,
    }


def pdf(parts: Mapping[int, bytes], trailer: bytes = b"", startxref: int | None = None, prev: bytes = b"") -> bytes:
    """The objects as a file with a table of its own. ``%TABLE%`` in ``prev`` stands for the table's place."""
    out = io.BytesIO()
    out.write(b"%PDF-1.7\n")
    places = {}
    for number, content in parts.items():
        places[number] = out.tell()
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, content))
    table = out.tell()
    out.write(b"xref\n0 1\n0000000000 65535 f \n")
    for number, place in places.items():
        out.write(b"%d 1\n%010d 00000 n \n" % (number, place))
    entries = trailer + prev.replace(b"%TABLE%", b"%d" % table)
    size = max(parts) + 1
    out.write(b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n" % (size, entries))
    out.write(b"%d\n%%%%EOF\n" % (table if startxref is None else startxref))
    return out.getvalue()


def changed(base: Objects, **parts: bytes) -> bytes:
    """The document with objects replaced or added; ``o7`` is object 7."""
    return pdf(base | {int(name[1:]): content for name, content in parts.items()})


def page_trees() -> Iterator[tuple[str, Maker]]:
    def kids(entry: bytes) -> Maker:
        return lambda: changed(objects(), o2=b"<< /Type /Pages %s >>" % entry)

    yield "kids-of-itself", kids(b"/Kids [2 0 R] /Count 1")
    yield "kids-of-itself-and-a-page", kids(b"/Kids [2 0 R 3 0 R] /Count 2")
    yield "kids-none", kids(b"/Count 1")
    yield "kids-no-array", kids(b"/Kids 3 /Count 1")
    yield "kids-missing-object", kids(b"/Kids [99 0 R] /Count 1")
    yield "kids-the-same-many-times", kids(b"/Kids [%s] /Count 4000" % (b"3 0 R " * 4000))
    for count in (b"2147483647", b"4294967296", b"-1", b"0", b"99999999999999999999", b"4999", b"(one)", b"1.5"):
        yield f"count-{count.decode()}", kids(b"/Kids [3 0 R] /Count %s" % count)
    yield (
        "two-trees-in-a-loop",
        lambda: changed(
            objects(),
            o2=b"<< /Type /Pages /Kids [6 0 R] /Count 1 >>",
            o6=b"<< /Type /Pages /Parent 2 0 R /Kids [2 0 R] /Count 1 >>",
        ),
    )

    def deep() -> bytes:
        parts = objects()
        for level in range(10, 5000):
            parts[level] = b"<< /Type /Pages /Parent %d 0 R /Kids [%d 0 R] /Count 1 >>" % (level - 1, level + 1)
        parts[5000] = parts[PAGE]
        parts[PAGES] = b"<< /Type /Pages /Kids [10 0 R] /Count 1 >>"
        return pdf(parts)

    yield "tree-five-thousand-deep", deep
    yield "page-is-its-own-parent", lambda: changed(objects(), o3=b"<< /Type /Page /Parent 3 0 R /Contents 4 0 R >>")
    yield "root-is-the-page", lambda: changed(objects(), o1=objects()[PAGE])


def tables_of_objects() -> Iterator[tuple[str, Maker]]:
    yield "prev-is-itself", lambda: pdf(objects(), prev=b"/Prev %TABLE%")
    yield "prev-negative", lambda: pdf(objects(), prev=b"/Prev -1")
    yield "prev-beyond", lambda: pdf(objects(), prev=b"/Prev 99999999")
    yield "xrefstm-is-itself", lambda: pdf(objects(), prev=b"/XRefStm %TABLE%")
    for place in (0, 1, 10**9, 2**63):
        yield f"startxref-{place}", lambda place=place: pdf(objects(), startxref=place)
    yield "no-table-at-all", lambda: b"%PDF-1.7\n" + b"x" * 5000 + b"\n%%EOF"
    yield "table-of-a-million", lambda: pdf(objects()).replace(b"xref\n0 1\n", b"xref\n0 1000000\n")
    yield "size-huge", lambda: pdf(objects(), trailer=b"/Size 2147483647")
    yield "object-is-a-reference-to-itself", lambda: changed(objects(), o4=b"4 0 R")
    yield (
        "length-is-the-stream-itself",
        lambda: changed(objects(), o4=b"<< /Length 4 0 R >>\nstream\n%s\nendstream" % TEXT),
    )
    yield "length-negative", lambda: changed(objects(), o4=b"<< /Length -5 >>\nstream\n%s\nendstream" % TEXT)
    yield "length-huge", lambda: changed(objects(), o4=b"<< /Length 4000000000 >>\nstream\n%s\nendstream" % TEXT)
    in_stream = b"6 0 " + b"<< /A 1 >>"
    yield (
        "object-stream-in-itself",
        lambda: changed(objects(), o6=stream(in_stream, b"/Type /ObjStm /N 1 /First 4 /Extends 6 0 R")),
    )
    yield (
        "object-stream-of-a-billion",
        lambda: changed(objects(), o6=stream(in_stream, b"/Type /ObjStm /N 1000000000 /First 4")),
    )


def nesting() -> Iterator[tuple[str, Maker]]:
    shapes = {
        "arrays": (b"[", b"]"),
        "dictionaries": (b"<< /A ", b" >>"),
        "strings": (b"(", b")"),
        "unclosed-arrays": (b"[", b""),
        "unclosed-dictionaries": (b"<< /A ", b""),
    }
    for name, (opening, closing) in shapes.items():
        deep = opening * MANY + b"1" + closing * MANY
        yield f"nested-{name}-in-the-catalog", lambda deep=deep: pdf(objects(catalog=b"/Deep " + deep))
        yield f"nested-{name}-in-the-trailer", lambda deep=deep: pdf(objects(), trailer=b"/Deep " + deep)
        yield f"nested-{name}-in-the-content", lambda deep=deep: pdf(objects(deep + b" Do " + TEXT))
    yield "many-saved-states", lambda: pdf(objects(b"q " * 1_000_000 + TEXT))
    yield "many-restored-states", lambda: pdf(objects(b"Q " * 1_000_000 + TEXT))
    yield "marked-content-never-ended", lambda: pdf(objects(b"/P << /MCID 1 >> BDC " * MANY + TEXT))
    yield "inline-image-never-ended", lambda: pdf(objects(b"BI /W 60000 /H 60000 ID " + b"x" * 1000 + TEXT))


def bombs() -> Iterator[tuple[str, Maker]]:
    def packed(number: int, megabytes: int, entries: bytes = b"", filler: bytes = b" ", twice: bool = False) -> Maker:
        def make() -> bytes:
            content = zeros(megabytes, filler)
            names = b"/FlateDecode"
            if twice:
                content, names = zlib.compress(content, 9), b"/FlateDecode /FlateDecode"
            return pdf(objects() | {number: stream(content, b"/Filter [%s] %s" % (names, entries))})

        return make

    yield "bomb-content-of-blanks", packed(CONTENT, 1500)
    yield "bomb-content-of-zeros", packed(CONTENT, 1500, filler=b"\x00")
    yield "bomb-content-twice-deflated", packed(CONTENT, 3000, twice=True)
    yield "bomb-content-of-numbers", packed(CONTENT, 300, filler=b"1 ")
    yield "bomb-content-of-saves", packed(CONTENT, 200, filler=b"q ")
    yield "bomb-content-of-text", packed(CONTENT, 100, filler=b"(100 200) Tj ")
    yield "bomb-object-stream", packed(6, 1500, b"/Type /ObjStm /N 10 /First 100")
    yield (
        "bomb-tounicode",
        lambda: pdf(
            objects()
            | {
                FONT_AT: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 6 0 R >>",
                6: stream(zeros(1500, b" "), b"/Filter /FlateDecode"),
            }
        ),
    )
    yield (
        "bomb-metadata",
        lambda: pdf(
            objects(catalog=b"/Metadata 6 0 R")
            | {6: stream(zeros(1500), b"/Type /Metadata /Subtype /XML /Filter /FlateDecode")}
        ),
    )
    yield (
        "bomb-picture",
        lambda: pdf(
            objects(b"q 612 0 0 792 0 0 cm /I Do Q " + TEXT, resources=b"/XObject << /I 6 0 R >>")
            | {
                6: stream(
                    zeros(1500),
                    b"/Type /XObject /Subtype /Image /Width 30000 /Height 50000 /BitsPerComponent 8 "
                    b"/ColorSpace /DeviceGray /Filter /FlateDecode",
                )
            }
        ),
    )
    yield "bomb-predictor", packed(CONTENT, 50, b"/DecodeParms [<< /Predictor 15 /Columns 2147483647 >>]")
    yield (
        "bomb-runlength",
        lambda: pdf(objects() | {CONTENT: stream(b"\x81 " * 5_000_000 + b"\x80", b"/Filter /RunLengthDecode")}),
    )
    yield (
        "bomb-filters",
        lambda: changed(objects(), o4=stream(b"20>" * 10, b"/Filter [%s]" % (b"/ASCIIHexDecode " * 10_000))),
    )
    yield (
        "bomb-contents-many-times",
        lambda: pdf(objects(page=b"/Contents [%s]" % (b"4 0 R " * MANY)) | {CONTENT: stream(TEXT)}),
    )


def actions(secret: bytes = b"hostile-secret") -> Iterator[tuple[str, Maker]]:
    kinds = {
        "javascript": b"/S /JavaScript /JS (app.alert\\(1\\); while \\(true\\) {})",
        "launch": b"/S /Launch /F (/bin/touch) /Win << /F (cmd.exe) >>",
        "uri": b"/S /URI /URI (http://127.0.0.1:9/)",
        "submit": b"/S /SubmitForm /F (http://127.0.0.1:9/)",
        "remote": b"/S /GoToR /F (/etc/passwd) /D [0 /Fit]",
        "next-itself": b"/S /JavaScript /JS (1) /Next 6 0 R",
    }
    for name, action in kinds.items():
        yield (
            f"action-{name}",
            lambda action=action: pdf(
                objects(catalog=b"/OpenAction 6 0 R /AA << /WC 6 0 R >>", page=b"/AA << /O 6 0 R >>")
                | {6: b"<< /Type /Action %s >>" % action}
            ),
        )
    yield (
        "attachment",
        lambda: pdf(
            objects(catalog=b"/Names << /EmbeddedFiles << /Names [(a.exe) 6 0 R] >> >>")
            | {
                6: b"<< /Type /Filespec /F (../../a.exe) /EF << /F 7 0 R >> >>",
                7: stream(b"MZ" + secret, b"/Type /EmbeddedFile"),
            }
        ),
    )
    laughs = b"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><x>&a;</x>"
    yield "form-xfa", lambda: pdf(objects(catalog=b"/AcroForm << /XFA 6 0 R /Fields [] >>") | {6: stream(laughs)})
    yield (
        "form-fields-in-a-loop",
        lambda: pdf(
            objects(catalog=b"/AcroForm << /Fields [6 0 R] >>", page=b"/Annots [6 0 R]")
            | {6: b"<< /FT /Tx /T (a) /Kids [6 0 R] /Parent 6 0 R /Subtype /Widget /Rect [0 0 9 9] >>"}
        ),
    )


def damaged(original: bytes, seed: int, cuts: int, flips: int) -> Iterator[tuple[str, Maker]]:
    """The file cut off at random places, with random bytes changed, and with parts swapped."""
    chance = random.Random(seed)
    for number in range(cuts):
        end = chance.randrange(20, len(original))
        tail = b"\n%%EOF\n" if number % 2 else b""
        yield f"cut-{number}", lambda end=end, tail=tail: original[:end] + tail
    for number in range(flips):
        content = bytearray(original)
        for _ in range(chance.choice((1, 10, 100, 1000))):
            content[chance.randrange(10, len(content))] = chance.randrange(256)
        yield f"flipped-{number}", lambda content=bytes(content): content
    middle = len(original) // 2
    yield "halves-swapped", lambda: b"%PDF-1.7\n" + original[middle:] + original[:middle]
    yield "twice", lambda: original + original
