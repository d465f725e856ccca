"""The evidence as a generator sees it: one line of text each, with the keys that can be pointed at."""

from __future__ import annotations

from index.evidence import Evidence, EvidenceLine
from index.query import company_key
from ingest.registrant import plain_company
from model.contract import SheetLine


def sheet_lines(evidence: Evidence) -> tuple[SheetLine, ...]:
    """Return the sheet's lines in order. Where they are of several companies, each says of which it is."""
    companies = {company_key(line.company) for line in evidence.lines if line.company}
    return tuple(sheet_line(line, with_company=len(companies) > 1) for line in evidence.lines)


def sheet_line(line: EvidenceLine, *, with_company: bool = False) -> SheetLine:
    """Return one line as a generator sees it."""
    text = f"{plain_company(line.company)}: {_text(line)}" if with_company and line.company else _text(line)
    return SheetLine(line.id, text, tuple(cell.key for cell in line.cells), _columns(line))


def _columns(line: EvidenceLine) -> tuple[str, ...]:
    """The headings of a line's figures; nothing where all of them are told by their keys."""
    headings = tuple("" if cell.column == cell.key else cell.column for cell in line.cells)
    return headings if any(headings) else ()


def _text(line: EvidenceLine) -> str:
    if line.kind == "sentence":
        return _marked(line)
    heading = f"{line.path[-1]} > " if line.path else ""
    figures = " | ".join(f"{cell.key}: {cell.printed}" for cell in line.cells)
    return f"{heading}{line.label} | {figures}"


def _marked(line: EvidenceLine) -> str:
    """A sentence with the key of each of its figures before it: "rose by n1: 23.4 million"."""
    parts, read = [], 0
    for cell in line.cells:
        start = line.label.index(cell.printed, read)
        parts.append(f"{line.label[read:start]}{cell.key}: ")
        parts.append(cell.printed)
        read = start + len(cell.printed)
    return "".join((*parts, line.label[read:]))
