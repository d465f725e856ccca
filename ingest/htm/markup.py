"""What the readers of a tree ask of each element: its name, its style, and the text inside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from lxml import etree

from ingest.htm.fragment import LONGEST_NOTE, Fragment, TextRun, is_footnote_mark
from ingest.htm.names import Names
from ingest.htm.styles import Style, Styles, read_sheets
from ingest.htm.tree import walk

BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figure",
        "figcaption",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
"""Elements that begin and end a line."""

UNPRINTED = frozenset(
    [
        "head",
        "script",
        "style",
        "title",
        "noscript",
        "template",
        "object",
        "iframe",
        "select",
        "textarea",
        "ix:header",
        "ix:hidden",
    ]
)
"""Elements whose content is never part of the printed text."""


Look = tuple[str, Style]
"""The canonical name of an element, and its style."""


@dataclass(frozen=True, slots=True)
class Markup:
    """One tree with its names and styles."""

    root: etree._Element
    names: Names
    styles: Styles

    @classmethod
    def of(cls, root: etree._Element) -> Markup:
        """Prepare the names and styles of the tree under ``root``."""
        names = Names(root)
        return cls(root, names, Styles(read_sheets(root, names)))

    def look(self, element: etree._Element) -> Look:
        """Return the canonical name and the style of an element."""
        name = self.names.of(element)
        return name, self.styles.of(element, name)

    def is_hidden(self, element: etree._Element, name: str, style: Style) -> bool:
        """Whether the element and all that is in it are left out of the printed text."""
        return name in UNPRINTED or style.hidden is True or element.get("hidden") is not None


class Inline:
    """Gathers the text of inline elements and notes tagged facts and footnote marks in it."""

    def __init__(self) -> None:
        self.run = TextRun()
        self._starts: dict[etree._Element, int] = {}
        self.tagged_id: str | None = None

    def enter(self, element: etree._Element, name: str, style: Style) -> None:
        """Begin an element: note where it starts if it matters, and take the text before its children."""
        is_note = (name == "sup" or style.raised) and is_footnote_mark(_short_text(element))
        if name == "ix:nonfraction" or is_note:
            self._starts[element] = self.run.length
        if self.tagged_id is None and name.startswith("ix:"):
            self.tagged_id = element.get("id")
        if text := element.text:
            self.run.add(text)

    def leave(self, element: etree._Element, name: str) -> None:
        """End an element that was entered. Its tail is the caller's."""
        start = self._starts.pop(element, None)
        if start is None:
            return
        if name == "ix:nonfraction":
            # A line may have ended inside the element; then only the part on this line is covered.
            self.run.mark(element, min(start, self.run.length))
        else:
            self.run.note(min(start, self.run.length))

    def finish(self) -> tuple[Fragment, str | None]:
        """Return the text so far and the id of the first tagged element in it, and start anew."""
        finished = self.run.finish(), self.tagged_id
        self.run, self.tagged_id = TextRun(), None
        self._starts = dict.fromkeys(self._starts, 0)
        return finished


def _short_text(element: etree._Element) -> str:
    """Return the text inside an element as far as a footnote mark may be long."""
    pieces: list[str] = []
    for piece in element.itertext():
        pieces.append(str(piece))
        if sum(map(len, pieces)) > LONGEST_NOTE:
            break
    return "".join(pieces)[: LONGEST_NOTE + 1]


class CellText(NamedTuple):
    """What stands in one table cell. ``links`` says whether it links to a place in the file itself."""

    fragment: Fragment
    element: str | None
    tagged_text: bool = False
    breaks_before: bool = False
    breaks_after: bool = False
    indent: float = 0.0
    links: bool = False


_EMPTY = CellText(Fragment(), None)


class _CellReader:
    def __init__(self, markup: Markup, cell: etree._Element) -> None:
        self.markup = markup
        self.cell = cell
        self.inline = Inline()
        self.element: str | None = None
        self.tagged_text = self.before = self.after = self.links = False
        self.indent = 0.0

    def enter(self, element: etree._Element, look: Look) -> bool:
        """Take up an element of the cell; False where nothing inside it is to be looked at."""
        name, style = look
        if self.markup.is_hidden(element, name, style):
            return False
        self.before = self.before or style.breaks_before
        self.after = self.after or style.breaks_after
        if not self.inline.run.length:
            self.indent += style.indent
        if element is not self.cell:
            self.element = self.element or element.get("id")
        if name == "br" or (name in BLOCKS and element is not self.cell):
            self.inline.run.new_line()
        elif name == "ix:nonnumeric":
            self.tagged_text = True
        elif name == "a" and (element.get("href") or "").startswith("#"):
            self.links = True
        self.inline.enter(element, name, style)
        return True

    def leave(self, element: etree._Element, look: Look, entered: bool) -> None:
        """End an element, whether it was entered or passed over."""
        if entered:
            name, style = look
            self.inline.leave(element, name)
            if element is not self.cell and name in BLOCKS:
                self.inline.run.new_line()
            if not self.inline.run.length and element is not self.cell:
                self.indent -= style.indent
        if element is not self.cell and (tail := element.tail):
            self.inline.run.add(tail)


def read_cell(markup: Markup, cell: etree._Element) -> CellText:
    """Read a table cell: its text on one line, the id in it, its left indent in points."""
    if not len(cell) and not cell.text:
        return _EMPTY
    reader = _CellReader(markup, cell)
    walk(cell, markup.look, reader.enter, reader.leave)
    fragment, tagged_id = reader.inline.finish()
    element = tagged_id or reader.element or cell.get("id")
    return CellText(fragment, element, reader.tagged_text, reader.before, reader.after, reader.indent, reader.links)
