"""Sets a document as inline XBRL, the way filings lie on EDGAR: one XHTML file with its facts in place."""

from __future__ import annotations

from html import escape

from press.blocks import (
    Block,
    Contents,
    Document,
    Figure,
    Gap,
    Heading,
    Named,
    PageBreak,
    Paragraph,
    Piece,
    Rule,
    Table,
    TextTable,
)
from press.facts import FactWriter
from press.inline_table import inline_table
from press.series import digits
from press.typeset import page_label

_NAMESPACES = {
    "ix": "http://www.xbrl.org/2013/inlineXBRL",
    "ixt": "http://www.xbrl.org/inlineXBRL/transformation/2020-02-12",
    "ixt-sec": "http://www.sec.gov/inlineXBRL/transformation/2015-08-31",
    "link": "http://www.xbrl.org/2003/linkbase",
    "xlink": "http://www.w3.org/1999/xlink",
    "xbrli": "http://www.xbrl.org/2003/instance",
    "xbrldi": "http://xbrl.org/2006/xbrldi",
    "iso4217": "http://www.xbrl.org/2003/iso4217",
    "dei": "http://xbrl.sec.gov/dei/2024",
    "us-gaap": "http://fasb.org/us-gaap/2024",
    "srt": "http://fasb.org/srt/2024",
    "country": "http://xbrl.sec.gov/country/2024",
}
_FONT = "font-family:'Times New Roman',sans-serif;line-height:120%"
_PARAGRAPHS = {
    "body": "margin-bottom:6pt;text-align:justify;font-size:10pt",
    "bullet": "margin-bottom:4pt;padding-left:24pt;text-indent:-12pt;text-align:justify;font-size:10pt",
    "center": "text-align:center;font-size:10pt",
    "bold": "text-align:center;font-size:10pt;font-weight:700",
    "large": "text-align:center;font-size:15pt;font-weight:700",
    "title": "text-align:center;font-size:21pt;font-weight:700",
    "small": "margin-bottom:4pt;text-align:justify;font-size:8.5pt",
    "fine": "text-align:center;font-size:7.5pt",
}
_HEADINGS = {
    "part": "text-align:center;font-size:13pt;font-weight:700;margin-bottom:9pt",
    "item": "font-size:11pt;font-weight:700;margin-top:9pt;margin-bottom:6pt",
    "note": "font-size:10pt;font-weight:700;margin-top:9pt;margin-bottom:5pt",
    "statement": "text-align:center;font-size:11pt;font-weight:700;margin-bottom:5pt",
    "sub": "font-size:10pt;font-weight:700;font-style:italic;margin-top:5pt;margin-bottom:4pt",
    "minor": "font-size:10pt;font-style:italic;margin-top:3pt;margin-bottom:3pt",
}


def inline_xbrl(document: Document, pages: tuple[int, ...]) -> bytes:
    """Set a document as XHTML; ``pages`` are the page indexes on which its blocks begin."""
    facts = FactWriter(document)
    hidden = "".join(facts.words(concept, text) for concept, text in document.hidden.items())
    body = _body(document, pages, facts)
    spaces = {**_NAMESPACES, document.prefix: f"http://www.{document.prefix}.example/{document.period.end:%Y%m%d}"}
    declared = "".join(f' xmlns:{prefix}="{address}"' for prefix, address in spaces.items())
    name = f"{document.prefix}-{document.period.end:%Y%m%d}"
    references = f'<ix:references><link:schemaRef xlink:type="simple" xlink:href="{name}.xsd"/></ix:references>'
    header = (
        f'<div style="display:none"><ix:header><ix:hidden>{hidden}</ix:hidden>{references}'
        f"<ix:resources>{facts.resources()}</ix:resources></ix:header></div>"
    )
    return (
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        f'<html xmlns="http://www.w3.org/1999/xhtml"{declared} xml:lang="en-US"><head>'
        '<meta http-equiv="Content-Type" content="text/html"/>\n'
        f"<title>{name}</title></head><body>{header}\n{body}</body></html>\n"
    ).encode()


def _body(document: Document, pages: tuple[int, ...], facts: FactWriter) -> str:
    parts: list[str] = []
    page = 0
    for index, block in enumerate(document.blocks):
        while page < pages[index] and not isinstance(block, PageBreak):
            parts.append(_page_end(document, page))
            page += 1
            parts.append(_page_start(document, page))
        parts.append(_block(block, index, document, pages, facts))
    parts.append(_page_end(document, page, last=True))
    return "\n".join(part for part in parts if part)


def _page_end(document: Document, page: int, *, last: bool = False) -> str:
    label = page_label(document, page) if page else ""
    foot = f'<div style="text-align:center;font-size:8.5pt;{_FONT}">{label}</div>' if label else ""
    return foot + ("" if last else '\n<hr style="page-break-after:always"/>')


def _page_start(document: Document, page: int) -> str:
    if page < document.front:
        return ""
    return f'<div style="text-align:center;font-size:8.5pt;{_FONT}">{escape(document.company)}</div>'


def _block(block: Block, index: int, document: Document, pages: tuple[int, ...], facts: FactWriter) -> str:
    if isinstance(block, Heading):
        text = escape(block.text)
        return f'<div id="b-{index}" style="{_HEADINGS[block.kind]};{_FONT}"><span>{text}</span></div>'
    if isinstance(block, Paragraph):
        return _paragraph(block, facts)
    if isinstance(block, Table):
        return inline_table(block, facts)
    if isinstance(block, TextTable):
        return _text_table(block)
    if isinstance(block, Contents):
        return _contents(document, pages)
    if isinstance(block, Gap):
        return f'<div style="height:{block.points:g}pt"></div>'
    return '<hr style="border:0;border-top:1pt solid #000000"/>' if isinstance(block, Rule) else ""


def _paragraph(block: Paragraph, facts: FactWriter) -> str:
    lead = f'<span style="font-weight:700;font-style:italic">{escape(block.lead)}</span> ' if block.lead else ""
    bullet = "•&#160;&#160;" if block.style == "bullet" else ""
    words = "".join(_piece(piece, facts) for piece in block.pieces)
    return f'<div style="{_PARAGRAPHS[block.style]};{_FONT}">{bullet}{lead}<span>{words}</span></div>'


def _piece(piece: Piece, facts: FactWriter) -> str:
    if isinstance(piece, Figure):
        number = facts.number(piece.tag, piece.value, digits(piece.value, piece.places))
        return escape(piece.before) + number + escape(piece.after)
    if isinstance(piece, Named):
        return facts.words(piece.concept, piece.text, piece.format)
    return escape(piece)


def _text_table(block: TextTable) -> str:
    rows = [(block.header, 700)] if any(block.header) else []
    rows += [(row, 400) for row in block.rows]
    lines = "".join(
        "<tr>"
        + "".join(
            f'<td style="width:{100 * share:g}%;padding:2px 6pt 2px 1pt;vertical-align:top">'
            f'<span style="font-size:9pt;font-weight:{weight};{_FONT}">{escape(cell)}</span></td>'
            for cell, share in zip(row, block.widths, strict=True)
        )
        + "</tr>"
        for row, weight in rows
    )
    title = f'<div style="font-style:italic;font-size:10pt;{_FONT}">{escape(block.title)}</div>' if block.title else ""
    return f'{title}<table style="border-collapse:collapse;margin-bottom:9pt;width:100%">{lines}</table>'


def _contents(document: Document, pages: tuple[int, ...]) -> str:
    rows = []
    for index, block in enumerate(document.blocks):
        if isinstance(block, Heading) and block.kind in ("part", "item"):
            number, _, title = block.text.partition(". ")
            link = f'<a href="#b-{index}">'
            if block.kind == "part":
                rows.append(f'<tr><td colspan="3">{link}<b>{escape(block.text)}</b></a></td></tr>')
            else:
                label = page_label(document, pages[index])
                rows.append(
                    f"<tr><td>{link}{escape(number)}.</a></td><td>{link}{escape(title)}</a></td>"
                    f'<td style="text-align:right">{link}{label}</a></td></tr>'
                )
    return f'<table style="width:100%;font-size:10pt;{_FONT}">{"".join(rows)}</table>'
