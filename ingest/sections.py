"""A filing's own structure: parts and items, notes, and the primary statements, as page ranges."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Literal

from ingest.filing import Page, Section, Table

TOC_ITEMS = 5
"""A page that names at least this many items is a table of contents."""

_ITEM = re.compile(r"^\s*item\s+(\d{1,2}[A-C]?|[1-9]\.\d\d)\s*[.:—–-]*\s*(.{0,120})$", re.I)
_NOTE = re.compile(r"^\s*note\s+(\d{1,2}[A-Z]?)\s*[.:—–-]+\s*(\S.{2,100})$", re.I)
_PART = re.compile(r"^\s*part\s+(I{1,3}|IV)\b\s*[.:—–-]*\s*(.{0,60})$", re.I)
_STATEMENTS = {
    "income": "Statement of income",
    "balance": "Balance sheet",
    "cash_flow": "Statement of cash flows",
    "comprehensive_income": "Statement of comprehensive income",
    "equity": "Statement of equity",
}
STATEMENT_ROWS = 6
"""A statement has at least this many rows; a shorter table quotes from one."""


def find_sections(pages: Iterable[Page], tables: Iterable[Table]) -> tuple[Section, ...]:
    """Return the sections in the order of their pages; notes and statements stand inside their item."""
    pages = tuple(pages)
    last = pages[-1].index if pages else 0
    items = _ranges(_headings(pages), last)
    inner = [*_ranges(_notes(pages), last), *_statements(tables)]
    sections = []
    for i, item in enumerate(items):
        until = items[i + 1].first_page if i + 1 < len(items) else last + 1
        children = tuple(s for s in inner if item.first_page <= s.first_page < max(until, item.first_page + 1))
        inner = [s for s in inner if s not in children]
        sections.append(replace(item, children=tuple(sorted(children, key=lambda s: s.first_page))))
    return tuple(sorted([*sections, *inner], key=lambda s: (s.first_page, s.last_page)))


def section_titles(sections: Iterable[Section], page: int) -> tuple[str, ...]:
    """Return the titles of the sections that ``page`` lies in, from the outermost."""
    for section in reversed(tuple(sections)):
        if section.first_page <= page <= section.last_page:
            return (section.title, *section_titles(section.children, page))
    return ()


def _headings(pages: tuple[Page, ...]) -> list[Section]:
    found = []
    for page in pages:
        matches = [match for line in page.lines if (match := _ITEM.match(line.text))]
        if len({match[1] for match in matches}) >= TOC_ITEMS:
            continue
        for match in matches:
            if _is_title(match[2]):
                found.append(_section("item", match[1].upper(), f"Item {match[1].upper()}", match[2], page.index))
    return found


def _is_title(text: str) -> bool:
    """Whether the words after "Item 7" are a title rather than the middle of a sentence."""
    first = text.strip()[:1]
    return not text.strip() or ((first.isupper() or first in "[(") and not text.rstrip().endswith((",", ";")))


def _notes(pages: tuple[Page, ...]) -> list[Section]:
    return [
        _section("note", match[1].upper(), f"Note {match[1].upper()}", match[2], page.index)
        for page in pages
        for line in page.lines
        if (match := _NOTE.match(line.text)) and _is_title(match[2]) and not match[2].rstrip().endswith(".")
    ]


def _section(kind: Literal["item", "note"], number: str, name: str, title: str, page: int) -> Section:
    title = " ".join(title.split()).strip(" .:")
    return Section(f"{name}. {title}" if title else name, kind, number, page, page)


def _ranges(found: list[Section], last: int) -> list[Section]:
    """Each section lasts until the next one of its kind begins; a repeated running head goes on."""
    kept: list[Section] = []
    for section in found:
        if kept and kept[-1].number == section.number:
            continue
        kept.append(section)
    return [
        replace(section, last_page=max(section.first_page, kept[i + 1].first_page if i + 1 < len(kept) else last))
        for i, section in enumerate(kept)
    ]


def _statements(tables: Iterable[Table]) -> list[Section]:
    return [
        Section(_STATEMENTS[table.statement], "statement", None, table.first_page, table.last_page)
        for table in tables
        if table.statement is not None and len(table.rows) >= STATEMENT_ROWS
    ]
