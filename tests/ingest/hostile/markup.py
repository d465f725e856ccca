"""HTML, XHTML, inline XBRL and plain text that are made to hang, exhaust or mislead a reader."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

Maker = Callable[[], bytes]

LAUGHS = (
    "<!DOCTYPE html [<!ENTITY l0 'lol'>"
    + "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10))
    + "]>"
)
NAMES = (
    "xmlns='http://www.w3.org/1999/xhtml' xmlns:ix='http://www.xbrl.org/2013/inlineXBRL' "
    "xmlns:xbrli='http://www.xbrl.org/2003/instance' xmlns:us-gaap='http://fasb.org/us-gaap/2023' "
    "xmlns:xi='http://www.w3.org/2001/XInclude' xmlns:ixt='http://www.xbrl.org/inlineXBRL/transformation/2015-02-26'"
)
CONTEXT = (
    "<xbrli:context id='c'><xbrli:entity><xbrli:identifier scheme='http://www.sec.gov/CIK'>1</xbrli:identifier>"
    "</xbrli:entity><xbrli:period><xbrli:startDate>2023-01-01</xbrli:startDate><xbrli:endDate>2023-12-31</xbrli:endDate>"
    "</xbrli:period></xbrli:context><xbrli:unit id='u'><xbrli:measure>iso4217:USD</xbrli:measure></xbrli:unit>"
)
MANY = 100_000


def page(body: str, head: str = "") -> bytes:
    return f"<html><head>{head}</head><body>{body}</body></html>".encode()


def tagged(body: str, header: str = "", declaration: str = "") -> bytes:
    """An inline XBRL document; ``declaration`` stands before its root."""
    resources = f"<ix:header><ix:hidden>{header}</ix:hidden><ix:resources>{CONTEXT}</ix:resources></ix:header>"
    text = f"<?xml version='1.0' encoding='utf-8'?>{declaration}<html {NAMES}><body><div style='display:none'>"
    return f"{text}{resources}</div>{body}</body></html>".encode()


def fact(attributes: str, content: str = "100") -> str:
    given = f"name='us-gaap:Revenues' contextRef='c' unitRef='u' decimals='0' {attributes}"
    return f"<p>Net sales <ix:nonFraction {given}>{content}</ix:nonFraction></p>"


def nested() -> Iterator[tuple[str, Maker]]:
    for tag in ("div", "b", "span", "ul><li", "table><tr><td", "font", "blockquote", "sup", "a"):
        closing = "".join(f"</{name}>" for name in reversed(tag.split("><")))
        for times in (1000, MANY):
            name = tag.split(">")[0]
            yield (
                f"nested-{name}-{times}",
                lambda tag=tag, closing=closing, times=times: page(
                    f"<{tag}>" * times + "Net sales 100" + closing * times
                ),
            )
    yield "nested-div-never-closed", lambda: page("<div>" * MANY)
    yield "nested-xhtml", lambda: tagged("<div>" * MANY + "x" + "</div>" * MANY)
    yield "closing-tags-only", lambda: page("</div></table></p>" * MANY)


def entities(secret: str, address: str) -> Iterator[tuple[str, Maker]]:
    """``secret`` is a path that must not be read, ``address`` a URL that must not be asked for."""
    for name, declaration in {
        "file": f"<!DOCTYPE html [<!ENTITY x SYSTEM 'file://{secret}'>]>",
        "path": f"<!DOCTYPE html [<!ENTITY x SYSTEM '{secret}'>]>",
        "address": f"<!DOCTYPE html [<!ENTITY x SYSTEM '{address}'>]>",
        "parameter": f"<!DOCTYPE html [<!ENTITY % p SYSTEM 'file://{secret}'> %p; <!ENTITY x 'y'>]>",
        "external-subset": f"<!DOCTYPE html SYSTEM '{address}'>",
        "file-subset": f"<!DOCTYPE html SYSTEM 'file://{secret}'>",
        "loop": "<!DOCTYPE html [<!ENTITY x '&y;'><!ENTITY y '&x;'>]>",
        "quadratic": f"<!DOCTYPE html [<!ENTITY x '{'1' * MANY}'>]>",
    }.items():
        use = "&x;" * (2000 if name == "quadratic" else 1)
        yield f"entity-{name}", lambda d=declaration, use=use: tagged(f"<p>{use}</p>" + fact(""), declaration=d)
        yield f"entity-{name}-html", lambda d=declaration, use=use: (d + f"<html><body>{use}</body></html>").encode()
    yield "billion-laughs", lambda: tagged("<p>&l9;</p>", declaration=LAUGHS)
    yield "billion-laughs-html", lambda: (LAUGHS + "<html><body>&l9;</body></html>").encode()
    yield (
        "billion-laughs-utf-16",
        lambda: (f"<?xml version='1.0' encoding='utf-16'?>{LAUGHS}<html {NAMES}><body>&l9;</body></html>").encode(
            "utf-16"
        ),
    )
    yield "xinclude", lambda: tagged(f"<xi:include href='{secret}' parse='text'/>" + fact(""))
    yield (
        "stylesheet",
        lambda: (
            f"<?xml version='1.0'?><?xml-stylesheet href='{address}' type='text/xsl'?>"
            f"<html {NAMES}><body>1</body></html>"
        ).encode(),
    )
    links = f"<img src='{address}'><iframe src='file://{secret}'></iframe><object data='{address}'></object>"
    yield (
        "links",
        lambda: page(
            links + "<p>Net sales 100</p>",
            f"<link rel=stylesheet href='{address}'><script src='{address}'></script><base href='{address}'>",
        ),
    )


def tables() -> Iterator[tuple[str, Maker]]:
    row = "<tr><td>Net sales</td><td>100</td><td>200</td></tr>"
    for name in ("colspan", "rowspan"):
        for span in ("1000000", "99999999999999999999", "-1", "0", "1e9", "x", "65534"):
            yield (
                f"{name}-{span}",
                lambda name=name, span=span: page(
                    f"<table><tr><td {name}={span}>Net sales</td><td>1</td></tr>{row * 3}</table>"
                ),
            )
    yield (
        "colspans-in-every-cell",
        lambda: page("<table>" + ("<tr>" + "<td colspan=1000>1</td>" * 50 + "</tr>") * 200 + "</table>"),
    )
    yield (
        "rowspans-in-every-cell",
        lambda: page("<table>" + ("<tr>" + "<td rowspan=65534>1</td>" * 50 + "</tr>") * 200 + "</table>"),
    )
    yield "spans-both-ways", lambda: page(f"<table><tr><td colspan=10000 rowspan=10000>1</td></tr>{row * 2000}</table>")
    yield "million-cells", lambda: page("<table>" + ("<tr>" + "<td>1</td>" * 1000 + "</tr>") * 1000 + "</table>")
    yield "million-cells-in-a-row", lambda: page("<table><tr>" + "<td>1</td>" * 1_000_000 + "</tr></table>")
    yield "hundred-thousand-rows", lambda: page("<table>" + row * MANY + "</table>")
    yield "fifty-thousand-tables", lambda: page(f"<table>{row}</table>" * 50_000)
    yield (
        "periods-in-every-cell",
        lambda: page("<table>" + ("<tr>" + "<td>Year ended December 31, 2023</td>" * 300 + "</tr>") * 100 + "</table>"),
    )
    yield "cell-in-cell", lambda: page("<table><tr><td>" * 500 + "1" + "</td></tr></table>" * 500)
    yield (
        "cell-of-ten-megabytes",
        lambda: page(f"<table><tr><td>Net sales</td><td>{'100 ' * 2_500_000}</td></tr></table>"),
    )
    yield (
        "number-of-a-million-digits",
        lambda: page(f"<table><tr><td>Net sales</td><td>{'9' * 10**6}</td></tr></table>"),
    )
    yield "rows-without-a-table", lambda: page(row * 1000)


def facts() -> Iterator[tuple[str, Maker]]:
    for scale in ("999999999", "-999999999", "1e3", "x", "9" * 5000, "400"):
        yield f"scale-{scale[:12]}", lambda scale=scale: tagged(fact(f"scale='{scale}'"))
    for name, content in {
        "million-digits": "9" * 1_000_000,
        "exponent": "1e999999999",
        "nan": "NaN",
        "infinity": "Infinity",
        "words": "one hundred",
        "arabic": "١٠٠",
        "brackets": "(" * MANY,
    }.items():
        yield f"fact-{name}", lambda content=content: tagged(fact("scale='3'", content))
        yield f"fact-{name}-formatted", lambda content=content: tagged(fact("format='ixt:numdotdecimal'", content))
    yield "facts-in-facts", lambda: tagged("<p>" + fact("")[13:-18] * 1 + "</p>" + fact("", fact("", fact(""))))
    yield (
        "facts-in-facts-deep",
        lambda: tagged(
            "<ix:nonFraction name='us-gaap:A' contextRef='c' unitRef='u'>" * 200 + "1" + "</ix:nonFraction>" * 200
        ),
    )
    yield "fact-of-another-context", lambda: tagged(fact("").replace("contextRef='c'", "contextRef='none'"))
    yield "hundred-thousand-facts", lambda: tagged(fact("") * 50_000)
    yield (
        "continued-by-itself",
        lambda: tagged(
            "<ix:nonNumeric name='us-gaap:T' contextRef='c' continuedAt='k'>a</ix:nonNumeric>"
            "<ix:continuation id='k' continuedAt='k'>b</ix:continuation>"
        ),
    )
    yield (
        "continued-in-a-loop",
        lambda: tagged(
            "<ix:nonNumeric name='us-gaap:T' contextRef='c' continuedAt='k0'>a</ix:nonNumeric>"
            + "".join(
                f"<ix:continuation id='k{n}' continuedAt='k{(n + 1) % 5000}'>b</ix:continuation>" for n in range(5000)
            )
        ),
    )
    for name, day in {"never": "9999-99-99", "zero": "0000-00-00", "far": "99999-01-01", "word": "today"}.items():
        yield f"context-{name}", lambda day=day: tagged(fact("")).replace(b"2023-12-31", day.encode())
    yield (
        "contexts-many",
        lambda: tagged(fact("")).replace(
            CONTEXT.encode(), "".join(CONTEXT.replace("id='c'", f"id='c{n}'") for n in range(20_000)).encode()
        ),
    )
    yield (
        "unit-of-units",
        lambda: tagged(fact("")).replace(
            b"<xbrli:measure>iso4217:USD</xbrli:measure>", b"<xbrli:divide>" * 200 + b"</xbrli:divide>" * 200
        ),
    )
    yield "names-without-namespace", lambda: tagged(fact("")).replace(b"xmlns:us-gaap", b"xmlns:other")


def encodings() -> Iterator[tuple[str, Maker]]:
    text = "<html><body><p>Net sales were € 100 million in 2023.</p></body></html>"
    for code in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-7", "cp1252", "cp037", "shift_jis"):
        yield f"encoded-{code}", lambda code=code: text.encode(code, errors="replace")
    for name in (
        "hex",
        "rot13",
        "zlib",
        "idna",
        "punycode",
        "undefined",
        "base64",
        "utf-32",
        "unicode_escape",
        "x" * 300,
    ):
        meta = f"<meta charset={name}>"
        yield (
            f"declared-{name[:20]}",
            lambda meta=meta: text.replace("<body>", meta + "<body>").encode() + b"\xff\xfe\x80",
        )
        yield (
            f"declared-in-xml-{name[:20]}",
            lambda name=name: (
                f"<?xml version='1.0' encoding='{name}'?><html {NAMES}><body>100</body></html>".encode() + b"\xff"
            ),
        )
    yield "null-bytes", lambda: b"\x00".join(text.encode()[i : i + 1] for i in range(len(text.encode())))
    yield "null-bytes-inside", lambda: text.replace("Net", "N\x00e\x00t\x00" * 3).encode()
    yield "invalid-utf-8", lambda: page("Net sales ").replace(b"Net", b"\xff\xfe\xc0\x80\xed\xa0\x80Net")
    yield "surrogates", lambda: page("&#xD800;&#xDFFF; &#0; &#x110000; &#99999999999; &#xFFFE; Net sales 100")
    yield "control-characters", lambda: page("".join(f"&#{n};" for n in range(32)) + "Net sales 100")
    yield "right-to-left", lambda: page("\u202e001 selas teN\u202c \u2066\u2069" * 1000)
    yield "combining-marks", lambda: page("1" + "\u0301" * 1_000_000)


def long() -> Iterator[tuple[str, Maker]]:
    yield "one-line-of-fifty-megabytes", lambda: page("<p>" + "Net sales were 100. " * 2_500_000 + "</p>")
    yield "one-word-of-fifty-megabytes", lambda: page("x" * 50_000_000)
    yield "ten-million-blanks", lambda: page("<p>Net" + " " * 10_000_000 + "sales</p>")
    yield "three-million-breaks", lambda: page("<br>" * 2_900_000)
    yield "five-million-tags", lambda: page("<b>" * 5_000_000)
    yield "million-paragraphs", lambda: page("<p>Net sales were 100.</p>" * 500_000)
    yield "attributes-many", lambda: page("<p " + " ".join(f"a{n}=1" for n in range(MANY)) + ">Net sales</p>")
    yield "attribute-of-thirty-megabytes", lambda: page(f"<p title='{'x' * 30_000_000}'>Net sales</p>")
    yield "comment-never-closed", lambda: page("Net sales <!-- " + "- " * 1_000_000)
    yield "comments-many", lambda: page("<!-- a -->" * MANY + "Net sales")
    yield "script-of-ten-megabytes", lambda: page("<script>" + "var a = '<p>'; " * 700_000 + "</script>Net sales")
    yield "style-of-ten-megabytes", lambda: page("Net sales", "<style>" + ".a { color: red } " * 600_000 + "</style>")
    yield "style-of-one-rule", lambda: page("Net sales", "<style>" + ".a, " * 1_000_000 + "{ color: red }</style>")
    yield "style-never-closed", lambda: page("Net sales", "<style>" + ".a { " * 500_000)
    yield "style-attribute-long", lambda: page(f"<p style='{'margin-left: 1pt; ' * MANY}'>Net sales</p>")
    yield (
        "style-sizes-huge",
        lambda: page("<p style='margin-left:1e308pt;text-indent:-9e99em;font-size:1e9px'>Net</p>" * 99),
    )
    yield "identifiers-the-same", lambda: page("<p id='a'>Net sales 100</p>" * 50_000)
    yield "page-breaks-many", lambda: page("<p style='page-break-before:always'>1</p>" * 50_000)


BLANKS = " " * 200_000
STRINGS = {
    "digits": "1" * 200_000,
    "digits-and-commas": "1," * MANY,
    "digits-and-blanks": "1 " * MANY,
    "digits-and-dots": "1." * MANY,
    "opening": "(" * 200_000,
    "closing": ")" * 200_000,
    "pairs": "()" * MANY,
    "numbers-in-pairs": "(1) " * 50_000,
    "blanks": "a" + BLANKS + "b",
    "dashes": "—" * MANY,
    "hyphens": "-" * 200_000,
    "dollars": "$ " * MANY,
    "percents": "1% " * 70_000,
    "capitals": "A" * 200_000,
    "words": "a " * MANY,
    "items": "Item 1. " * 30_000,
    "notes": "Note 1 " * 30_000,
    "dates": "December 31, 2023 " * 12_000,
    "days": "December " * 25_000,
    "ended": "ended " * 35_000,
    "months": "three months ended " * 12_000,
    "years": "2023 2022 " * 20_000,
    "millions": "(in millions, except per share) " * 7_000,
    "thousands-of-thousands": "thousands of " * 16_000,
    "dots": "." * 200_000,
    "dot-leaders": ". " * MANY,
    "quotes": '"' * 200_000,
    "commas": "," * 200_000,
    "slashes": "/" * 200_000,
    "provided": "provided by used in " * 10_000,
    "company": "Inc. Corp. Ltd. " * 13_000,
    "form": "FORM 10-K " * 20_000,
    "footnotes": "(a)(b)(1) " * 20_000,
    "zero-widths": "1\u200b" * MANY,
    "ampersands": "A & " * 50_000,
}


def strings() -> Iterator[tuple[str, Maker]]:
    """Long runs of what the readers of meaning look for, in each place where they look."""
    for name, text in STRINGS.items():
        plain = text.replace("&", "&amp;")
        yield f"string-{name}-in-prose", lambda t=plain: page(f"<p>{t[:90_000]}</p>")
        yield (
            f"string-{name}-in-a-table",
            lambda t=plain: page(
                f"<p>{t[:30_000]}</p><table><tr><td>{t[:30_000]}</td><td>{t[:30_000]}</td></tr>"
                f"<tr><td>{t[:30_000]}</td><td>100</td></tr></table>"
            ),
        )


def damaged(original: bytes, seed: int, cuts: int, flips: int) -> Iterator[tuple[str, Maker]]:
    """The file cut off at random places, and with random bytes changed."""
    chance = random.Random(seed)
    for number in range(cuts):
        end = chance.randrange(20, len(original))
        yield f"cut-{number}", lambda end=end: original[:end]
    for number in range(flips):
        content = bytearray(original)
        for _ in range(chance.choice((10, 100, 1000))):
            content[chance.randrange(len(content))] = chance.randrange(256)
        yield f"flipped-{number}", lambda content=bytes(content): content


def pages() -> Iterator[tuple[str, Maker]]:
    """Every HTML file of the corpus but for those that name a place or are made from a real one."""
    for kind in (nested, tables, facts, encodings, long, strings):
        yield from kind()
