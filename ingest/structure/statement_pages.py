"""The primary statements of a filing: where each is printed whole.

Statements are named in many places: in indexes, in the auditor's report, in management's discussion, in notes
on new standards, for guarantors or the parent alone. The filing's own stand together, whole, one after the
other; that place is looked for, and what stands elsewhere is not a statement of the filing.
"""

from __future__ import annotations

from collections.abc import Sequence

from ingest.filing import Page, Statement
from ingest.structure.marks import Mark, Place
from ingest.structure.statement_blocks import Block, titled_blocks, untitled_blocks

STATEMENT = 2
"""Level of a statement's mark."""
APART = 4
"""Pages by which two statements of one set may be apart."""
NAMES: dict[Statement, str] = {
    "income": "Statement of income",
    "balance": "Balance sheet",
    "cash_flow": "Statement of cash flows",
    "comprehensive_income": "Statement of comprehensive income",
    "equity": "Statement of equity",
}
_MAIN: tuple[Statement, ...] = ("income", "balance", "cash_flow")


def statement_marks(pages: Sequence[Page], notes: Place | None = None) -> list[Mark]:
    """Return the marks of the filing's statements, in order; one that also is another has a mark for each.

    ``notes`` is where the notes to them begin; a statement below is about something else.
    """
    titled = titled_blocks(pages)
    chosen = _best_set([block for block in titled if block.whole], notes)
    missing = [statement for statement in _MAIN if statement not in _kinds(chosen)]
    if missing:
        others = [block for block in untitled_blocks(pages) if block.statement in missing]
        chosen = _best_set(sorted([*chosen, *_outside(others, chosen)], key=lambda block: block.place), notes)
    return [
        Mark(block.place, STATEMENT, "statement", None, NAMES[statement], statement, until=block.end)
        for block in chosen
        for statement in (block.statement, *block.also)
    ]


def _kinds(blocks: Sequence[Block]) -> set[Statement]:
    return {statement for block in blocks for statement in (block.statement, *block.also)}


def _outside(others: Sequence[Block], chosen: Sequence[Block]) -> list[Block]:
    """Those on pages where none of the chosen stands."""
    return [a for a in others if not any(b.place[0] <= a.place[0] <= b.end[0] for b in chosen)]


def _best_set(found: Sequence[Block], notes: Place | None) -> list[Block]:
    """Of the groups of statements that stand together the one with most of them; the first of equals."""
    groups: list[list[Block]] = []
    for block in found:
        near = groups and block.place[0] - groups[-1][-1].end[0] <= APART
        if near and not (notes is not None and groups[-1][-1].place < notes <= block.place):
            groups[-1].append(block)
        else:
            groups.append([block])
    return max(groups, key=_worth, default=[])


def _worth(group: Sequence[Block]) -> tuple[int, int]:
    kinds = _kinds(group)
    return sum(kind in kinds for kind in _MAIN), len(kinds)
