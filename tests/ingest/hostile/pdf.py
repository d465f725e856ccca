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


def drawings() -> Iterator[tuple[str, Maker]]:
    form = b"/Type /XObject /Subtype /Form /BBox [0 0 600 700] /Resources << /XObject << /X %d 0 R >> >>"
    use = b"/XObject << /X 6 0 R >>"
    yield "form-of-itself", lambda: pdf(objects(b"/X Do", resources=use) | {6: stream(b"/X Do", form % 6)})
    yield (
        "forms-of-each-other",
        lambda: pdf(
            objects(b"/X Do", resources=use)
            | {6: stream(b"/X Do " * 10, form % 7), 7: stream(b"/X Do " * 10, form % 6)}
        ),
    )

    def doubling() -> bytes:
        chain = {n: stream(b"/X Do /X Do", form % (n + 1)) for n in range(6, 46)}
        return pdf(objects(b"/X Do", resources=use) | chain | {46: stream(TEXT, form % 47)})

    yield "forms-that-double", doubling
    yield (
        "form-chain",
        lambda: pdf(objects(b"/X Do", resources=use) | {n: stream(b"/X Do", form % (n + 1)) for n in range(6, 5000)}),
    )
    type3 = b"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 1 1] /FontMatrix [1 0 0 1 0 0] /FirstChar 65 /LastChar 65 "
    yield (
        "font-that-writes-in-itself",
        lambda: changed(
            objects(b"BT /F1 10 Tf 72 700 Td (AAAA) Tj ET"),
            o5=type3 + b"/Widths [1] /Encoding << /Differences [65 /A] >> /CharProcs << /A 6 0 R >> "
            b"/Resources << /Font << /F1 5 0 R >> >> >>",
            o6=stream(b"BT /F1 1 Tf (AAAA) Tj ET"),
        ),
    )
    yield (
        "font-wide-beyond-reason",
        lambda: changed(
            objects(), o5=FONT[:-2] + b"/FirstChar 0 /LastChar 2147483647 /Widths [%s] >>" % (b"9e9 " * MANY)
        ),
    )
    cmap = b"/CIDInit /ProcSet findresource begin 1 beginbfrange <00000000> <FFFFFFFF> <0041> endbfrange"
    for name, mapping in {
        "range-of-four-billion": cmap,
        "surrogates": b"1 beginbfchar <4E> <D800> endbfchar 1 beginbfchar <65> <DC00> endbfchar",
        "long-target": b"1 beginbfchar <4E> <%s> endbfchar" % (b"0041" * MANY),
        "uses-itself": b"/X usecmap " * 1000,
    }.items():
        yield (
            f"tounicode-{name}",
            lambda mapping=mapping: changed(objects(), o5=FONT[:-2] + b"/ToUnicode 6 0 R >>", o6=stream(mapping)),
        )
    yield (
        "pattern-of-itself",
        lambda: pdf(
            objects(b"/Pattern cs /P scn 0 0 600 700 re f " + TEXT, resources=b"/Pattern << /P 6 0 R >>")
            | {
                6: stream(
                    b"/Pattern cs /P scn 0 0 9 9 re f",
                    b"/PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 9 9] /XStep 0.00001 /YStep 0.00001 "
                    b"/Resources << /Pattern << /P 6 0 R >> >>",
                )
            }
        ),
    )
    for name, picture in {
        "huge": b"/Width 65535 /Height 65535 /BitsPerComponent 16 /ColorSpace /DeviceCMYK",
        "negative": b"/Width -1 /Height -1 /BitsPerComponent 8 /ColorSpace /DeviceGray",
        "jpx": b"/Width 60000 /Height 60000 /Filter /JPXDecode",
        "jbig2": b"/Width 60000 /Height 60000 /BitsPerComponent 1 /ColorSpace /DeviceGray /Filter /JBIG2Decode",
        "masks-itself": b"/Width 9 /Height 9 /BitsPerComponent 8 /ColorSpace /DeviceGray /SMask 6 0 R",
    }.items():
        yield (
            f"picture-{name}",
            lambda picture=picture: pdf(
                objects(b"q 612 0 0 792 0 0 cm /X Do Q", resources=use)
                | {6: stream(b"\xff" * 100, b"/Type /XObject /Subtype /Image " + picture)}
            ),
        )


def places() -> Iterator[tuple[str, Maker]]:
    for name, entry in {
        "box-of-nothing": b"/MediaBox [0 0 0 0]",
        "box-inside-out": b"/MediaBox [612 792 0 0]",
        "box-beyond-reason": b"/MediaBox [-1e38 -1e38 1e38 1e38]",
        "box-of-words": b"/MediaBox [(a) (b) (c) (d)]",
        "rotated-by-45": b"/Rotate 45",
        "rotated-by-a-billion": b"/Rotate 1000000000",
        "unit-of-a-billion": b"/UserUnit 1000000000",
    }.items():
        yield name, lambda entry=entry: pdf(objects(page=entry))
    far = b"BT /F1 10 Tf %s Td (Net sales 100) Tj ET"
    for name, content in {
        "text-far-away": far % b"1e30 -1e30",
        "text-nowhere": far % b"nan inf",
        "text-of-size-a-billion": TEXT.replace(b"10 Tf", b"1000000000 Tf"),
        "text-of-no-size": TEXT.replace(b"10 Tf", b"0 Tf"),
        "text-mirrored": b"BT /F1 10 Tf -1 0 0 -1 300 700 Tm (Net sales 100) Tj ET",
        "text-squeezed": b"BT /F1 10 Tf 0 0 0 0 300 700 Tm (Net sales 100) Tj ET",
        "text-all-in-one-place": b"BT /F1 10 Tf 72 700 Td "
        + b"(9) Tj 0 0 Td " * 0
        + b"ET "
        + b"BT /F1 10 Tf 72 700 Td (1234) Tj ET " * 20_000,
        "text-in-every-size": b"".join(
            b"BT /F1 %d Tf %d %d Td (%d) Tj ET " % (n % 90 + 1, n * 7 % 600, n * 13 % 780, n) for n in range(20_000)
        ),
        "text-without-end": b"BT /F1 0.01 Tf 72 700 Td (%s) Tj ET" % (b"1" * 1_000_000),
        "text-of-nulls": b"BT /F1 10 Tf 72 700 Td (%s) Tj ET" % (b"\\000" * MANY),
    }.items():
        yield name, lambda content=content: pdf(objects(content))

    def grid() -> bytes:
        cells = (
            b"1 0 0 1 %d %.2f Tm (%d) Tj " % (20 + column * 6, 780 - row * 0.76, column)
            for row in range(1000)
            for column in range(100)
        )
        return pdf(objects(b"BT /F1 1 Tf " + b"".join(cells) + b"ET"))

    yield "table-of-a-hundred-thousand-cells", grid


def structures() -> Iterator[tuple[str, Maker]]:
    outline = b"/Outlines 6 0 R"
    yield (
        "bookmark-next-to-itself",
        lambda: pdf(
            objects(catalog=outline)
            | {
                6: b"<< /Type /Outlines /First 7 0 R /Last 7 0 R /Count 1 >>",
                7: b"<< /Title (a) /Parent 6 0 R /Next 7 0 R /Dest [3 0 R /Fit] >>",
            }
        ),
    )
    yield (
        "bookmark-below-itself",
        lambda: pdf(
            objects(catalog=outline)
            | {
                6: b"<< /Type /Outlines /First 7 0 R /Last 7 0 R /Count 1 >>",
                7: b"<< /Title (a) /Parent 7 0 R /First 7 0 R /Last 7 0 R /Dest [3 0 R /Fit] >>",
            }
        ),
    )

    def ladder() -> bytes:
        steps = {
            n: b"<< /Title (step) /Parent %d 0 R /First %d 0 R /Last %d 0 R /Dest [3 0 R /Fit] >>"
            % (n - 1, n + 1, n + 1)
            for n in range(7, 5000)
        }
        return pdf(objects(catalog=outline) | {6: b"<< /Type /Outlines /First 7 0 R /Last 7 0 R >>"} | steps)

    yield "bookmarks-five-thousand-deep", ladder
    yield (
        "bookmark-title-of-a-megabyte",
        lambda: pdf(
            objects(catalog=outline)
            | {
                6: b"<< /Type /Outlines /First 7 0 R /Last 7 0 R /Count 1 >>",
                7: b"<< /Title (%s) /Parent 6 0 R /Dest [3 0 R /Fit] >>" % (b"(1) " * 250_000),
            }
        ),
    )
    for name, labels in {
        "roman-billionth": b"<< /Nums [0 << /S /r /St 1000000000 >>] >>",
        "letters-billionth": b"<< /Nums [0 << /S /a /St 1000000000 >>] >>",
        "negative": b"<< /Nums [0 << /S /D /St -5 >>] >>",
        "prefix-long": b"<< /Nums [0 << /S /D /P (%s) >>] >>" % (b"9" * 1_000_000),
        "tree-of-itself": b"6 0 R",
        "no-numbers": b"<< /Nums [(a) (b)] >>",
    }.items():
        yield (
            f"labels-{name}",
            lambda labels=labels: pdf(
                objects(catalog=b"/PageLabels " + labels) | {6: b"<< /Kids [6 0 R] /Limits [0 9] >>"}
            ),
        )
    yield (
        "names-tree-of-itself",
        lambda: pdf(
            objects(catalog=b"/Names << /Dests 6 0 R >> " + outline)
            | {
                6: b"<< /Kids [6 0 R] /Limits [(a) (z)] /Type /Outlines /First 7 0 R /Last 7 0 R >>",
                7: b"<< /Title (a) /Parent 6 0 R /Dest (b) >>",
            }
        ),
    )


def locked() -> Iterator[tuple[str, Maker]]:
    from pypdf import PdfReader, PdfWriter

    def with_password(algorithm: str) -> bytes:
        writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf(objects()))))
        writer.encrypt("secret", algorithm=algorithm)
        out = io.BytesIO()
        writer.write(out)
        return out.getvalue()

    yield "password-rc4-40", lambda: with_password("RC4-40")
    yield "password-rc4-128", lambda: with_password("RC4-128")
    for name, entry in {
        "unknown-handler": b"<< /Filter /Nobody /V 99 /R 99 /O (x) /U (y) /P 0 >>",
        "empty": b"<< >>",
        "itself": b"6 0 R",
        "key-too-long": b"<< /Filter /Standard /V 2 /R 3 /Length 99999999 /O (%s) /U (%s) /P -1 >>"
        % (b"x" * 32, b"y" * 32),
    }.items():
        yield (
            f"encryption-{name}",
            lambda entry=entry: pdf(objects() | {6: b"6 0 R"}, trailer=b"/Encrypt %s /ID [(a) (b)]" % entry),
        )


def damaged(original: bytes, seed: int, cuts: int, flips: int) -> Iterator[tuple[str, Maker]]:
    """The file cut off at random places, with random bytes changed, and with parts swapped."""
    chance = random.Random(seed)  # noqa: S311 - repeatable is what is wanted
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


def pdfs() -> Iterator[tuple[str, Maker]]:
    """Every PDF of the corpus but for those made from a real one."""
    for kind in (page_trees, tables_of_objects, nesting, bombs, actions, drawings, places, structures, locked):
        yield from kind()
