"""The tags of an inline XBRL file, read once more: value, scale and sign from the attributes alone.

It shares the parser of markup with the reader that it checks, and nothing else: neither its numbers nor its
layout.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from lxml import etree

from ingest.filing import Fact
from ingest.htm.parse import parse_html

_FIGURE = re.compile(r"[\s$€£¥()%.,–—−\d-]+")
_COMMA = ("comma", "numdotcomma", "numspacecomma", "numcommadecimal", "num-comma-decimal")
_OPENS = re.compile(r"\([\s$€£¥]*$")
_CLOSES = re.compile(r"[\s%]*\)")
_MINUS = re.compile(r"[-–−][\s$€£¥]*$")
_ZERO = ("zero", "dash", "nocontent")


@dataclass(frozen=True, slots=True)
class Tag:
    """One ``ix:nonFraction`` that is not nil.

    ``value`` is what the tag says: the digits of its text, scaled and signed; None where they are spelled
    out in words. ``printed`` tells that it is not hidden, ``cell`` that it is all of a table cell's figure,
    ``printed_negative`` that parentheses or a minus are printed around its text.
    """

    name: str
    text: str
    value: Decimal | None
    scale: int
    negative: bool
    printed: bool
    cell: bool
    printed_negative: bool

    @property
    def printed_value(self) -> Decimal | None:
        """The value with the sign that is printed, which need not be the sign that the concept has."""
        return None if self.value is None else abs(self.value) * (-1 if self.printed_negative else 1)


def read_tags(path: Path) -> list[Tag]:
    """Return the numeric tags of a file in document order. Raises UnreadableFileError where it is no HTML."""
    root = parse_html(path.read_bytes()).root
    return [
        _tag(element)
        for element in root.iter()
        if isinstance(element.tag, str) and _local(element.tag) == "nonfraction" and not _is_nil(element)
    ]


def aligned(tags: Sequence[Tag], facts: Sequence[Fact]) -> Iterator[tuple[Tag, Fact | None]]:
    """Pair the tags with the facts that were read from them; both stand in document order.

    A tag that the reader left out has no fact: the next fact is then that of a later tag.
    """
    position = 0
    for tag in tags:
        fact = facts[position] if position < len(facts) else None
        if fact is not None and _local(fact.concept or "") == _local(tag.name):
            position += 1
            yield tag, fact
        else:
            yield tag, None


def digits_of(text: str, rule: str = "") -> Decimal | None:
    """Return the number that the digits of a text are, without sign; a dash is zero; None for words ("no", "two")."""
    if re.search(r"[A-Za-z]", text) and not re.search(r"\d", text):
        return None
    rule = rule.lower()
    bare = re.sub(r"[^\d.,]", "", text)
    bare = bare.replace(".", "").replace(",", ".") if rule.startswith(_COMMA) else bare.replace(",", "")
    if re.fullmatch(r"\d+\.?\d*|\.\d+", bare):
        return Decimal(bare)
    dashed = re.fullmatch(r"[\s$€£¥()%–—−-]+", text) and re.search(r"[–—−-]", text)
    return Decimal(0) if dashed or any(mark in rule for mark in _ZERO) else None


def _tag(element: etree._Element) -> Tag:
    text = " ".join("".join(str(part) for part in element.itertext()).split())
    rule = _local(_attribute(element, "format"))
    scale = int(_attribute(element, "scale") or 0)
    negative = _attribute(element, "sign") == "-"
    number = digits_of(text, rule)
    value = None if number is None else number.scaleb(scale) * (-1 if negative else 1)
    cell = next((above for above in element.iterancestors() if _local(str(above.tag)) in ("td", "th")), None)
    return Tag(
        name=_attribute(element, "name"),
        text=text,
        value=value,
        scale=scale,
        negative=negative,
        printed=not _is_hidden(element),
        cell=cell is not None and _is_whole_figure(element, cell),
        printed_negative=_is_printed_negative(element, cell, text),
    )


def _is_whole_figure(element: etree._Element, cell: etree._Element) -> bool:
    """Whether a cell prints one figure and the tag is all of it: one end of a range, "0.45% – 3.38%", is not."""
    before, after = _around(element, cell)
    return bool(_FIGURE.fullmatch("".join(str(part) for part in cell.itertext()))) and not re.search(
        r"\d|[—–-]\s*%", before + after
    )


def _is_printed_negative(element: etree._Element, cell: etree._Element | None, text: str) -> bool:
    """Whether parentheses enclose the text, be it from other cells of the row, or a minus stands before it.

    A minus counts only inside of the cell: alone in a cell beside, it is that column's zero.
    """
    if cell is None:
        return False
    inside, _ = _around(element, cell)
    row = next((above for above in cell.iterancestors() if _local(str(above.tag)) == "tr"), cell)
    before, after = _around(element, row)
    enclosed = bool(_OPENS.search(before) or text.startswith("(")) and bool(_CLOSES.match(after) or text.endswith(")"))
    return enclosed or bool(_MINUS.search(inside) or re.match(r"[-–−]\s*[$€£¥]?\s*[\d.]", text))


def _around(element: etree._Element, whole: etree._Element) -> tuple[str, str]:
    """The text of ``whole`` before and after the text of ``element``, which stands in it."""
    sides: tuple[list[str], list[str], list[str]] = ([], [], [])
    side = 0
    for event, part in etree.iterwalk(whole, events=("start", "end")):
        if part is element:
            side = 1 if event == "start" else 2
        text = part.text if event == "start" else part.tail if part is not whole else None
        sides[side].append(text or "")
    return "".join(sides[0]), "".join(sides[2])


def _attribute(element: etree._Element, name: str) -> str:
    """An attribute by its name, which an HTML parser writes in lower case."""
    return (element.get(name) or element.get(name.lower()) or "").strip()


def _is_hidden(element: etree._Element) -> bool:
    return any(
        _local(str(above.tag)) == "hidden" or "display:none" in (above.get("style") or "").replace(" ", "").lower()
        for above in (element, *element.iterancestors())
    )


def _is_nil(element: etree._Element) -> bool:
    return any(_local(str(name)) == "nil" and value in ("true", "1") for name, value in element.attrib.items())


def _local(name: str) -> str:
    return re.split(r"[}:]", name)[-1].lower()
