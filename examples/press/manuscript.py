"""Reads a manuscript: plain text with headings, bullets, figures by name and tables by name.

::

    # Part I                       a part
    ## Item 1. Business            an item
    ### Overview                   a subheading           #### a minor one
    ##! Note 1. …                  a note                 ##= CONSOLIDATED …   a statement
    **Lead.** Words {net_sales:2024} words.               - a bullet
    [[segment_sales]]              a table or any other blocks of that name
    ---                            a new page
    > centred   >> bold, centred   ~ small print
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from string import Formatter
from typing import Literal

from press.blocks import Block, Heading, PageBreak, Paragraph, Piece

Say = Callable[[str, str], Piece]
"""Prints a named figure: (name, format specification) → a piece of a sentence."""

_HEADINGS: tuple[tuple[str, Literal["part", "item", "note", "statement", "sub", "minor"]], ...] = (
    ("#### ", "minor"),
    ("### ", "sub"),
    ("##! ", "note"),
    ("##= ", "statement"),
    ("## ", "item"),
    ("# ", "part"),
)
_STYLES: tuple[tuple[str, Literal["bullet", "bold", "center", "small"]], ...] = (
    ("- ", "bullet"),
    (">> ", "bold"),
    ("> ", "center"),
    ("~ ", "small"),
)


def read_manuscript(path: Path, say: Say, inserts: Mapping[str, Sequence[Block]]) -> list[Block]:
    """Read one manuscript file; raises KeyError where it names a figure or a table that is not there."""
    blocks: list[Block] = []
    for chunk in path.read_text(encoding="utf-8").split("\n\n"):
        text = " ".join(chunk.split("\n")).strip()
        if text.startswith("[["):
            blocks.extend(inserts[text.strip("[]")])
        elif text == "---":
            blocks.append(PageBreak())
        elif text.startswith("- "):
            items = re.split(r"^- ", chunk, flags=re.MULTILINE)[1:]
            blocks.extend(_paragraph("- " + " ".join(item.split()), say) for item in items)
        elif text:
            blocks.append(_heading(text) or _paragraph(text, say))
    return blocks


def _heading(text: str) -> Heading | None:
    for mark, kind in _HEADINGS:
        if text.startswith(mark):
            return Heading(_typographic(text.removeprefix(mark)), kind)
    return None


def _paragraph(text: str, say: Say) -> Paragraph:
    for mark, style in _STYLES:
        if text.startswith(mark):
            return Paragraph(_pieces(text.removeprefix(mark), say), style)
    lead = ""
    if text.startswith("**"):
        lead, text = text[2:].split("**", 1)
    return Paragraph(_pieces(text.strip(), say), "body", _typographic(lead))


def _pieces(text: str, say: Say) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    for literal, name, spec, _ in Formatter().parse(text):
        if literal:
            pieces.append(_typographic(literal))
        if name is not None:
            pieces.append(say(name, spec or ""))
    return tuple(pieces)


def _typographic(text: str) -> str:
    """Turn typewriter quotes and dashes into printed ones; manuscripts keep to straight pairs."""
    text = text.replace("--", "—").replace("'", "’")
    parts = text.split('"')
    quoted = parts[0]
    for index, part in enumerate(parts[1:]):
        quoted += ("“" if index % 2 == 0 else "”") + part
    return quoted
