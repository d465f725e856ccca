"""PDFs whose pages are drawn, placed, labelled or locked so as to hang, exhaust or crash a reader."""

from __future__ import annotations

import io
from collections.abc import Iterator

from tests.ingest.hostile.pdf import (
    FONT,
    MANY,
    TEXT,
    Maker,
    actions,
    bombs,
    changed,
    nesting,
    objects,
    page_trees,
    pdf,
    stream,
    tables_of_objects,
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


def pdfs() -> Iterator[tuple[str, Maker]]:
    """Every PDF of the corpus but for those made from a real one."""
    for kind in (page_trees, tables_of_objects, nesting, bombs, actions, drawings, places, structures, locked):
        yield from kind()
