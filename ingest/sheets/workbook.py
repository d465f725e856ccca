"""Opens an XLSX workbook: its sheets, and of each cell the text that it shows. Formulas are never computed."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from ingest.archive import Archive, open_archive
from ingest.errors import DamagedFileError, OversizedFileError
from ingest.sheets.formats import BUILT_IN, shown

MAX_SHEET_BYTES = 48 * 1024 * 1024
"""The longest sheet, unpacked; it has about a million cells."""
MAX_CELLS = 500_000
"""The most cells with text in a workbook."""
MAX_SHEETS = 1000
MAX_TEXT = 32_767
"""The most characters that a cell can hold."""

_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")
_R_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(frozen=True, slots=True)
class SheetCell:
    """A cell that shows something. ``row`` and ``column`` count from 1, ``last`` is the last column it spans."""

    row: int
    column: int
    last: int
    text: str
    is_text: bool
    indent: int = 0

    @property
    def reference(self) -> str:
        """The cell's name within its sheet: ``B7``."""
        return column_letters(self.column) + str(self.row)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. ``uncomputed`` counts the formulas for which no value is stored."""

    name: str
    hidden: bool
    cells: tuple[SheetCell, ...]
    uncomputed: int = 0


@dataclass(slots=True)
class _Styles:
    """What the styles of a workbook say of each: the code of its number format, and its indentation."""

    codes: list[str] = field(default_factory=list)
    indents: list[int] = field(default_factory=list)


def read_workbook(data: bytes) -> tuple[Sheet, ...]:
    """Return the sheets in their order. Raises DamagedFileError, EncryptedFileError or OversizedFileError."""
    archive = open_archive(data)
    workbook = archive.xml("xl/workbook.xml")
    entries = list(_named(workbook, "sheet"))
    if len(entries) > MAX_SHEETS:
        raise OversizedFileError(f"the workbook has {len(entries)} sheets, more than {MAX_SHEETS}: split it")
    targets = _targets(archive)
    strings = [_text_of(item) for item in _part(archive, "xl/sharedStrings.xml", "si")]
    styles = _styles(archive)
    from_1904 = any(entry.get("date1904") in ("1", "true") for entry in _named(workbook, "workbookPr"))
    sheets: list[Sheet] = []
    count = 0
    for entry in entries:
        target = targets.get(entry.get(_R_ID) or "", "")
        if not target.startswith("xl/worksheets/"):
            continue
        if len(archive.read(target)) > MAX_SHEET_BYTES:
            raise OversizedFileError(f"the sheet {entry.get('name')!r} is too large: save its part with the figures")
        root = archive.xml(target)
        cells = tuple(_cells(root, strings, styles, from_1904))
        count += len(cells)
        if count > MAX_CELLS:
            raise OversizedFileError(f"the workbook has more than {MAX_CELLS:,} cells: split it")
        hidden = (entry.get("state") or "visible") != "visible"
        sheets.append(Sheet(entry.get("name") or f"Sheet{len(sheets) + 1}", hidden, cells, _uncomputed(root)))
    if not sheets:
        raise DamagedFileError("the workbook has no sheets: get it again")
    return tuple(sheets)


def column_letters(column: int) -> str:
    """Return the letters of a column that counts from 1: 28 is ``AB``."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _named(root: etree._Element, name: str) -> Iterator[etree._Element]:
    """The elements of a name, whichever of the two namespaces of the format they are in."""
    return (element for element in root.iter(f"{{*}}{name}"))


def _part(archive: Archive, part: str, name: str) -> Iterator[etree._Element]:
    return _named(archive.xml(part), name) if part in archive.names else iter(())


def _targets(archive: Archive) -> dict[str, str]:
    """The parts of the sheets by the ids of their relationships."""
    found = {}
    for relation in _part(archive, "xl/_rels/workbook.xml.rels", "Relationship"):
        target = relation.get("Target") or ""
        absolute = target.removeprefix("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
        found[relation.get("Id") or ""] = absolute
    return found


def _text_of(item: etree._Element) -> str:
    """The text of a string with or without formatting; how it is pronounced (``rPh``) is no part of it."""
    runs = [t for t in _named(item, "t") if not any(up.tag.endswith("}rPh") for up in t.iterancestors("{*}rPh"))]
    return "".join(t.text or "" for t in runs)[:MAX_TEXT]


def _styles(archive: Archive) -> _Styles:
    styles = _Styles()
    if "xl/styles.xml" not in archive.names:
        return styles
    root = archive.xml("xl/styles.xml")
    codes = {**BUILT_IN, **{_int(f.get("numFmtId")): f.get("formatCode") or "" for f in _named(root, "numFmt")}}
    for xfs in _named(root, "cellXfs"):
        for xf in xfs:
            styles.codes.append(codes.get(_int(xf.get("numFmtId")), "General"))
            styles.indents.append(max((_int(a.get("indent")) for a in _named(xf, "alignment")), default=0))
    return styles


def _int(text: str | None) -> int:
    return int(text) if text is not None and re.fullmatch(r"\d{1,6}", text) else 0


def _cells(root: etree._Element, strings: list[str], styles: _Styles, from_1904: bool) -> Iterator[SheetCell]:
    merged = _merged(root)
    for row in _named(root, "row"):
        for element in row:
            match = _REFERENCE.fullmatch(element.get("r") or "")
            if match is None:
                continue
            style = _int(element.get("s"))
            code = styles.codes[style] if style < len(styles.codes) else "General"
            text, is_text = _shown(element, strings, code, from_1904)
            if text:
                column = _column_number(match.group(1))
                last = merged.get(match.group(), column)
                indent = styles.indents[style] if style < len(styles.indents) else 0
                indent += (len(text) - len(text.lstrip(" \xa0"))) // 2
                yield SheetCell(int(match.group(2)), column, last, " ".join(text.split()), is_text, indent)


def _shown(element: etree._Element, strings: list[str], code: str, from_1904: bool) -> tuple[str, bool]:
    """The text that a cell shows, empty where it shows nothing, and whether it is stored as text."""
    kind = element.get("t") or "n"
    if kind == "inlineStr":
        text, is_text = _text_of(element), True
    else:
        stored = next((value.text or "" for value in _named(element, "v")), "")
        if kind == "s":
            index = _int(stored) if stored else len(strings)
            text, is_text = (strings[index] if index < len(strings) else ""), True
        elif kind == "n":
            text, is_text = (shown(stored, code, from_1904=from_1904) if stored else ""), False
        elif kind == "b":
            text, is_text = {"1": "true", "0": "false"}.get(stored, stored), True
        else:
            text, is_text = stored, True
    return (text[:MAX_TEXT] if text.strip(" \xa0\r\n\t") else ""), is_text


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number


def _merged(root: etree._Element) -> dict[str, int]:
    """The last column of each merged cell by the name of its first."""
    last = {}
    for merge in _named(root, "mergeCell"):
        first, _, end = (merge.get("ref") or "").partition(":")
        match = _REFERENCE.fullmatch(end)
        if match is not None:
            last[first] = _column_number(match.group(1))
    return last


def _uncomputed(root: etree._Element) -> int:
    """How many cells have a formula and no value."""
    return sum(
        any(True for _ in _named(cell, "f")) and not any(value.text for value in _named(cell, "v"))
        for cell in _named(root, "c")
    )
