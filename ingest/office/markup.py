"""Writes what a document consists of as HTML, which the HTML reader lays out as pages, lines and tables."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Literal, NamedTuple

PAGE_BREAK = '<div style="page-break-before:always"></div>'


class Block(NamedTuple):
    """One block of a document. ``text`` is plain, or the HTML of a table."""

    kind: Literal["heading", "paragraph", "item", "table", "page break"]
    text: str = ""
    level: int = 0


def to_html(blocks: Sequence[Block]) -> bytes:
    """Return a whole HTML page of the blocks in order."""
    return f"<html><body>{''.join(map(_markup, blocks))}</body></html>".encode()


def _markup(block: Block) -> str:
    if block.kind == "page break":
        return PAGE_BREAK
    if block.kind == "table":
        return block.text
    # A line break inside a paragraph begins a new line of the page.
    text = "<br/>".join(escape(line) for line in block.text.split("\n"))
    if block.kind == "heading":
        level = min(max(block.level, 0) + 1, 6)
        return f"<h{level}>{text}</h{level}>"
    return f"<li>{text}</li>" if block.kind == "item" else f"<p>{text}</p>"
