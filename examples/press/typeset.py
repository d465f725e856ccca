"""Sets a document as a PDF: running heads, page numbers, page labels, an outline, the contents filled in."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from reportlab import platypus  # type: ignore[import-untyped]
from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY, TA_LEFT  # type: ignore[import-untyped]
from reportlab.lib.pagesizes import LETTER  # type: ignore[import-untyped]
from reportlab.lib.styles import ParagraphStyle  # type: ignore[import-untyped]
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]

from press.blocks import (
    Block,
    Contents,
    Document,
    Figure,
    Gap,
    Heading,
    PageBreak,
    Paragraph,
    Piece,
    Rule,
    Table,
    TextTable,
)
from press.ruled import RuledTable
from press.series import digits

_MARGIN = 60.0
_WIDTH = LETTER[0] - 2 * _MARGIN
_BODY = ParagraphStyle(
    "body",
    fontName="Times-Roman",
    fontSize=10,
    leading=12.4,
    spaceAfter=6.5,
    alignment=TA_JUSTIFY,
    allowWidows=0,
    allowOrphans=0,
)


def _style(name: str, **changes: Any) -> ParagraphStyle:
    return ParagraphStyle(name, parent=_BODY, **changes)


_STYLES = {
    "body": _BODY,
    "bullet": _style("bullet", leftIndent=24, bulletIndent=11, spaceAfter=4),
    "center": _style("center", alignment=TA_CENTER, spaceAfter=3),
    "bold": _style("bold", alignment=TA_CENTER, fontName="Times-Bold", spaceAfter=3),
    "large": _style("large", alignment=TA_CENTER, fontName="Times-Bold", fontSize=15, leading=18, spaceAfter=3),
    "title": _style("title", alignment=TA_CENTER, fontName="Times-Bold", fontSize=21, leading=25, spaceAfter=4),
    "small": _style("small", fontSize=8.6, leading=10.6, spaceAfter=4),
    "fine": _style("fine", alignment=TA_CENTER, fontSize=7.6, leading=9.2, spaceAfter=3),
    "cell": _style("cell", fontSize=9, leading=11, spaceAfter=0, alignment=0),
    "head": _style("head", fontSize=8.5, leading=10.5, spaceAfter=0, alignment=0, fontName="Times-Bold"),
}
_HEADINGS = {
    "part": _style(
        "part",
        alignment=TA_CENTER,
        fontName="Times-Bold",
        fontSize=13,
        leading=16,
        spaceBefore=2,
        spaceAfter=9,
        keepWithNext=1,
    ),
    "item": _style(
        "item",
        alignment=TA_LEFT,
        fontName="Times-Bold",
        fontSize=11.5,
        leading=14,
        spaceBefore=9,
        spaceAfter=6,
        keepWithNext=1,
    ),
    "note": _style(
        "note",
        alignment=TA_LEFT,
        fontName="Times-Bold",
        fontSize=10.5,
        leading=13,
        spaceBefore=9,
        spaceAfter=5,
        keepWithNext=1,
    ),
    "statement": _style(
        "statement",
        alignment=TA_CENTER,
        fontName="Times-Bold",
        fontSize=11,
        leading=13.5,
        spaceBefore=16,
        spaceAfter=5,
        keepWithNext=1,
    ),
    "sub": _style(
        "sub",
        alignment=TA_LEFT,
        fontName="Times-BoldItalic",
        fontSize=10.3,
        leading=13,
        spaceBefore=5,
        spaceAfter=4,
        keepWithNext=1,
    ),
    "minor": _style("minor", fontName="Times-Italic", spaceBefore=3, spaceAfter=3, keepWithNext=1),
}
_LEVELS = {"part": 0, "item": 1, "statement": 2, "note": 2}


@dataclass(frozen=True, slots=True)
class Setting:
    """A document as set: the PDF, and the page index on which each block begins, in order."""

    pdf: bytes
    pages: tuple[int, ...]


def typeset(document: Document) -> Setting:
    """Set a document; the same document gives the same bytes."""
    pages = _build(document, {})[1]
    pdf, pages = _build(document, pages)
    return Setting(pdf, tuple(_filled(pages, len(document.blocks))))


def page_label(document: Document, page: int) -> str:
    """Give the printed label of a page index: roman in front, arabic after it."""
    return ("i", "ii", "iii", "iv")[page] if page < document.front else str(page - document.front + 1)


def text_of(pieces: tuple[Piece, ...]) -> str:
    """Give a paragraph's plain text; the standard fonts have no ballot boxes, so these become brackets."""
    return "".join(_plain(piece) for piece in pieces).replace("☒", "[X]").replace("☐", "[ ]")


class _Template(platypus.BaseDocTemplate):  # type: ignore[misc]  # reportlab is untyped
    """Draws the running head and foot, and notes on which page each block begins."""

    def __init__(self, target: BytesIO, document: Document) -> None:
        super().__init__(
            target,
            pagesize=LETTER,
            invariant=1,
            title=document.title,
            author=document.company,
            subject=document.title,
            creator="examples/make_filings.py",
            initialFontName="Times-Roman",
        )
        self.document = document
        self.starts: dict[int, int] = {}
        self.depth = -1
        frame = platypus.Frame(_MARGIN, 54, _WIDTH, LETTER[1] - 54 - 58, 0, 0, 0, 0)
        self.addPageTemplates([platypus.PageTemplate("page", [frame], onPage=self._dress)])

    def afterFlowable(self, flowable: platypus.Flowable) -> None:  # noqa: N802 - reportlab's name
        block = getattr(flowable, "block", None)
        if block is None:
            return
        self.starts.setdefault(block, self.page - 1)
        heading = self.document.blocks[block]
        if isinstance(heading, Heading) and heading.kind in _LEVELS:
            self.canv.bookmarkPage(f"b{block}")
            self.depth = min(_LEVELS[heading.kind], self.depth + 1)
            self.canv.addOutlineEntry(heading.text, f"b{block}", self.depth, closed=0)

    def _dress(self, canvas: Canvas, _template: object) -> None:
        page = self.page - 1
        front = self.document.front
        if page == 0 and front:
            canvas.addPageLabel(0, "ROMAN_LOWER", 1)
        if page == front:
            canvas.addPageLabel(front, "ARABIC", 1)
        if page == 0:
            return
        canvas.saveState()
        canvas.setFont("Times-Roman", 8.5)
        if page >= front:
            canvas.drawCentredString(LETTER[0] / 2, LETTER[1] - 40, self.document.company)
        canvas.drawCentredString(LETTER[0] / 2, 32, page_label(self.document, page))
        canvas.restoreState()


def _build(document: Document, pages: dict[int, int]) -> tuple[bytes, dict[int, int]]:
    target = BytesIO()
    template = _Template(target, document)
    story: list[platypus.Flowable] = []
    for index, block in enumerate(document.blocks):
        flowables = _flowables(block, document, pages)
        flowables[0].block = index
        if isinstance(block, Paragraph) and _leads_in(document.blocks[index + 1 : index + 2]):
            flowables[-1].keepWithNext = 1
        story.extend(flowables)
    template.build(story)
    return target.getvalue(), template.starts


def _leads_in(following: tuple[Block, ...]) -> bool:
    """Say whether a paragraph must stay with what follows it: a table that is kept in one piece."""
    return any(isinstance(block, Table) and not block.splits for block in following)


def _filled(pages: dict[int, int], count: int) -> list[int]:
    """Blocks that were split, or draw nothing, begin where the block before them does."""
    filled: list[int] = []
    for index in range(count):
        filled.append(pages.get(index, filled[-1] if filled else 0))
    return filled


def _flowables(block: Block, document: Document, pages: dict[int, int]) -> list[platypus.Flowable]:
    if isinstance(block, Heading):
        return [platypus.Paragraph(escape(block.text), _HEADINGS[block.kind])]
    if isinstance(block, Paragraph):
        lead = f"<b><i>{escape(block.lead)}</i></b> " if block.lead else ""
        bullet = "•" if block.style == "bullet" else None
        return [platypus.Paragraph(lead + escape(text_of(block.pieces)), _STYLES[block.style], bulletText=bullet)]
    if isinstance(block, Table):
        return [RuledTable(block)]
    if isinstance(block, TextTable):
        return _text_table(block)
    if isinstance(block, Contents):
        return [_contents(document, pages)]
    if isinstance(block, Gap):
        return [platypus.Spacer(1, block.points)]
    if isinstance(block, Rule):
        return [platypus.HRFlowable(width="100%", thickness=0.7, color="black", spaceBefore=3, spaceAfter=5)]
    if isinstance(block, PageBreak):
        return [platypus.PageBreak()]
    raise TypeError(block)


def _text_table(block: TextTable) -> list[platypus.Flowable]:
    rows = [[platypus.Paragraph(escape(cell), _STYLES["cell"]) for cell in row] for row in block.rows]
    if any(block.header):
        rows.insert(0, [platypus.Paragraph(escape(cell), _STYLES["head"]) for cell in block.header])
    table = platypus.Table(
        rows,
        [_WIDTH * share for share in block.widths],
        repeatRows=int(any(block.header)),
        spaceBefore=3,
        spaceAfter=9,
        style=[
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (-1, -1), 8),
            ("TOPPADDING", (0, 0), (-1, -1), 1.5),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 1.5),
        ],
    )
    title = [platypus.Paragraph(escape(block.title), _HEADINGS["minor"])] if block.title else []
    return [*title, table]


def _contents(document: Document, pages: dict[int, int]) -> platypus.Flowable:
    rows: list[list[platypus.Flowable]] = []
    spans: list[tuple[str, tuple[int, int], tuple[int, int]]] = []
    for index, block in enumerate(document.blocks):
        if isinstance(block, Heading) and block.kind in ("part", "item"):
            number, _, title = block.text.partition(". ")
            if block.kind == "part":
                spans.append(("SPAN", (0, len(rows)), (-1, len(rows))))
            page = "" if block.kind == "part" else page_label(document, pages.get(index, document.front))
            cells = [block.text, "", ""] if block.kind == "part" else [number + ".", title, page]
            style = _STYLES["head"] if block.kind == "part" else _STYLES["cell"]
            rows.append([platypus.Paragraph(escape(cell), style) for cell in cells])
    return platypus.Table(
        rows,
        [58, _WIDTH - 58 - 30, 30],
        style=[
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (-1, -1), 2),
            ("TOPPADDING", (0, 0), (-1, -1), 3),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            *spans,
        ],
    )


def _plain(piece: Piece) -> str:
    if isinstance(piece, Figure):
        return f"{piece.before}{digits(piece.value, piece.places)}{piece.after}"
    return piece if isinstance(piece, str) else piece.text
