"""The evidence as a generator sees it: one line of text each, with the keys that can be pointed at."""

from __future__ import annotations

from index.evidence import Evidence, EvidenceLine
from model.contract import SheetLine


def sheet_lines(evidence: Evidence) -> tuple[SheetLine, ...]:
    """Return the sheet's lines in order."""
    return tuple(SheetLine(line.id, _text(line), tuple(cell.key for cell in line.cells)) for line in evidence.lines)


def _text(line: EvidenceLine) -> str:
    if line.kind == "sentence":
        return line.label
    heading = f"{line.path[-1]} > " if line.path else ""
    figures = " | ".join(f"{cell.key}: {cell.printed}" for cell in line.cells)
    return f"{heading}{line.label} | {figures}"
