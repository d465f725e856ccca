"""Reads rich text (RTF 1.9): paragraphs, tables with the edges of their cells, page breaks; never what is embedded."""

from __future__ import annotations

import codecs
import re
from bisect import bisect_right
from dataclasses import dataclass, field
from html import escape

from ingest.errors import DamagedFileError, OversizedFileError
from ingest.office.markup import Block

MAX_DEPTH = 500
"""The deepest nesting of groups; word processors stay below fifty."""

_TOKEN = re.compile(
    r"\\([a-z]{1,32})(-?\d{1,10})?[ ]?|\\'([0-9a-fA-F]{2})|\\([^a-z'])|([{}])|([^\\{}\r\n]+)|[\r\n]+|\\", re.DOTALL
)
# fmt: off
_SKIPPED = frozenset([
    "fonttbl", "colortbl", "stylesheet", "info", "pict", "object", "header", "headerl", "headerr", "headerf",
    "footer", "footerl", "footerr", "footerf", "listtable", "listoverridetable", "revtbl", "rsidtbl",
    "generator", "themedata", "datastore", "filetbl", "fldinst", "bkmkstart", "bkmkend",
])
# fmt: on
"""Groups that hold no text of the document's body."""
_CHARACTERS = {
    "emdash": "—",
    "endash": "–",
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
    "bullet": "•",
    "tab": "\t",
    "line": "\n",
    "emspace": " ",
    "enspace": " ",
    "qmspace": " ",
}


@dataclass(slots=True)
class _Row:
    """A table row while it is read: the right edges of its cells in twips, and their texts."""

    edges: list[int] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Reader:
    blocks: list[Block] = field(default_factory=list)
    rows: list[_Row] = field(default_factory=list)
    row: _Row = field(default_factory=_Row)
    text: list[str] = field(default_factory=list)
    in_table: bool = False
    encoding: str = "cp1252"
    skip: int = 0
    """Characters still to be passed over, which stand in for a Unicode character in old programs."""

    def word(self, name: str, number: int | None) -> None:
        """Follow a control word that bears on the text."""
        if name in _CHARACTERS:
            self.text.append(_CHARACTERS[name])
        elif name == "par":
            self.text.append("\n") if self.in_table else self.end_paragraph()
        elif name == "cell":
            self.row.texts.append(self.take())
        elif name == "row":
            self.rows.append(self.row)
            self.row = _Row(list(self.row.edges))
        elif name == "trowd":
            self.row = _Row()
        elif name == "cellx" and number is not None:
            self.row.edges.append(number)
        elif name in ("intbl", "pard"):
            self.in_table = name == "intbl"
        elif name in ("page", "sect"):
            self.end_paragraph()
            self.blocks.append(Block("page break"))
        elif name == "ansicpg" and number is not None:
            self.encoding = _known(f"cp{number}")

    def take(self) -> str:
        """Return the text gathered so far, and begin anew."""
        text, self.text = "".join(self.text), []
        return "\n".join(" ".join(line.split()) for line in text.split("\n")).strip()

    def end_paragraph(self) -> None:
        """End a paragraph outside of tables; one with text ends a table above it."""
        text = self.take()
        if text:
            self.end_table()
            self.blocks.append(Block("paragraph", text))

    def end_table(self) -> None:
        """Write the rows gathered so far as a table."""
        if self.rows:
            self.blocks.append(Block("table", _table(self.rows)))
            self.rows = []


def read_blocks(data: bytes) -> tuple[Block, ...]:
    """Return the blocks of rich text. Raises DamagedFileError and OversizedFileError."""
    if not data.startswith(b"{\\rtf"):
        raise DamagedFileError("the file does not begin as rich text does: get it again")
    reader = _Reader()
    # One entry for each open group: whether it is passed over, and how many characters stand in for one of Unicode.
    groups: list[tuple[bool, int]] = [(False, 1)]
    for match in _TOKEN.finditer(data.decode("latin-1")):
        name, number, code, symbol, brace, text = match.groups()
        passed, stand_ins = groups[-1]
        if brace == "{":
            groups.append(groups[-1])
            if len(groups) > MAX_DEPTH:
                raise OversizedFileError(f"the rich text nests its groups more than {MAX_DEPTH} deep: save it anew")
        elif brace == "}":
            groups.pop() if len(groups) > 1 else None
        elif name in _SKIPPED or symbol == "*":
            groups[-1] = (True, stand_ins)
        elif passed:
            continue
        elif name == "uc":
            groups[-1] = (False, min(int(number or 1), 10))
        elif name == "u" and number is not None:
            reader.text.append(chr(int(number) % 65536))
            reader.skip = stand_ins
        elif name is not None:
            reader.word(name, int(number) if number else None)
        elif code is not None or text is not None or symbol is not None:
            _add(reader, code, text, symbol)
    reader.end_paragraph()
    reader.end_table()
    return tuple(reader.blocks)


def _add(reader: _Reader, code: str | None, text: str | None, symbol: str | None) -> None:
    """Add characters to the text, less those that only stand in for one of Unicode."""
    if code is not None:
        added = bytes([int(code, 16)]).decode(reader.encoding, errors="replace")
    else:
        added = {"~": "\xa0", "_": "-", "-": "", "\n": "\n", "\r": "\n"}.get(symbol, symbol) if symbol else text or ""
    if reader.skip:
        gone = min(reader.skip, len(added))
        reader.skip -= gone
        added = added[gone:]
    reader.text.append(added)


def _known(encoding: str) -> str:
    try:
        return codecs.lookup(encoding).name
    except LookupError:
        return "cp1252"


def _table(rows: list[_Row]) -> str:
    """The HTML of a table; a cell spans the columns of the whole table between its own edges."""
    edges = sorted({edge for row in rows for edge in row.edges})
    written = []
    for row in rows:
        cells, left = [], 0
        for index, text in enumerate(row.texts):
            right = bisect_right(edges, row.edges[index]) if index < len(row.edges) else left + 1
            span = max(right - left, 1)
            cells.append(f'<td colspan="{span}">{escape(text).replace(chr(10), "<br/>")}</td>')
            left += span
        written.append(f"<tr>{''.join(cells)}</tr>")
    return f"<table>{''.join(written)}</table>"
