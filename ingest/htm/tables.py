"""Tells tables of numbers from tables that only lay text out, and each row's label from its cells."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from lxml import etree

from ingest.htm.cells import Slot, is_lone_note, is_number, is_suffix, is_value, join_numbers, strip_notes
from ingest.htm.fragment import Fragment, joined
from ingest.htm.grid import GridRow

_ENUMERATOR = re.compile(r"[(\[]?(?:\d{1,3}|[ivx]{1,5}|[A-Za-z])[.)\]]*|[•·●▪◦*–—-]")


@dataclass(frozen=True, slots=True)
class PrintedRow:
    """A row ready to be printed: the label of its stub (may be empty) and its cells, signs joined."""

    element: etree._Element
    label: Slot | None
    cells: tuple[Slot, ...]
    breaks_before: bool
    breaks_after: bool


def as_number_table(rows: list[GridRow]) -> list[PrintedRow] | None:
    """Return the rows as labels and values, or None where no numbers but page references stand."""
    bare = [replace(row, slots=tuple(s for s in map(strip_notes, row.slots) if s.text)) for row in rows]
    note_columns = _note_columns(bare)
    joined_rows = [
        replace(row, slots=tuple(join_numbers(_without_lone_notes(row.slots, note_columns)))) for row in bare
    ]
    if not _holds_values(joined_rows):
        return None
    first = min((row.slots[0].x0 for row in joined_rows if row.slots), default=0)
    stub_end = _stub_end(joined_rows, first)
    printed = [_split(row, first, stub_end) for row in joined_rows]
    return [row for row in printed if row.label or row.cells or row.breaks_before or row.breaks_after]


def _note_columns(rows: list[GridRow]) -> dict[int, int]:
    """Map each grid column that only holds lone marks to the column in which what spans it begins.

    A column that nothing spans maps to -1, if anything begins to the right of it. A column in which
    anything else begins, be it a column head, is one of values, where ``(1)`` is minus one. What begins in
    the first column spans the whole table and tells nothing.
    """
    begun: set[int] = set()
    spanning: dict[int, int] = {}
    marks: set[int] = set()
    for row in rows:
        for slot in row.slots:
            if is_lone_note(slot.text) and not slot.fragment.marks:
                marks.add(slot.x0)
                continue
            begun.add(slot.x0)
            if slot.x0 > 0:
                for column in range(slot.x0 + 1, slot.x1):
                    spanning[column] = max(slot.x0, spanning.get(column, 0))
    last = max(begun, default=-1)
    return {column: spanning.get(column, -1) for column in marks - begun if column in spanning or column < last}


def _without_lone_notes(slots: tuple[Slot, ...], note_columns: dict[int, int]) -> list[Slot]:
    """Leave out a lone footnote mark right behind a number under the same head, or behind the label."""
    kept: list[Slot] = []
    for index, slot in enumerate(slots):
        head = note_columns.get(slot.x0)
        if head is not None and kept and is_lone_note(slot.text) and not slot.fragment.marks:
            before, following = kept[-1], slots[index + 1 : index + 2]
            is_behind_label = head < 0 and len(kept) == 1 and not is_value(before.text) and bool(following)
            is_behind_number = head >= before.x0 and is_value(before.text) and slot.x0 - before.x1 <= 1
            if (is_behind_label or is_behind_number) and not (following and is_suffix(following[0].text)):
                continue
        kept.append(slot)
    return kept


def _holds_values(rows: list[GridRow]) -> bool:
    """Whether any cell behind the first of its row is a number; links and a lone page number do not count."""
    filled = [row for row in rows if row.slots]
    values = [
        slot
        for row in filled
        for slot in (row.slots[1:] or row.slots if row.slots[0].x0 > 0 else row.slots[1:])
        if is_number(slot.text) and not slot.tagged_text and not slot.links
    ]
    if any(slot.fragment.marks for row in filled for slot in row.slots):
        return bool(values)
    is_page_number = len(filled) == 1 and len(values) == 1 and values[0].text.isdigit() and len(values[0].text) < 5
    return bool(values) and not is_page_number


def _stub_end(rows: list[GridRow], first: int) -> int:
    """Return the leftmost column in which numbers stand, other than those that open a row in the stub."""
    starts = [
        slot.x0
        for row in rows
        for slot in row.slots
        if slot.x0 > first and is_value(slot.text) and not (slot is row.slots[0] and slot.x0 <= first)
    ]
    return min(starts, default=first + 1)


def _split(row: GridRow, first: int, stub_end: int) -> PrintedRow:
    """Take the first text cell of the stub, with a number or a bullet before it, as the label."""
    label: Slot | None = None
    rest = list(row.slots)
    while rest and rest[0].x0 < stub_end:
        # A column head may begin a column before the numbers under it; what indents a label does not reach them.
        if rest[0].x0 > first and rest[0].x1 > stub_end:
            break
        if label is None:
            if _is_unlabelled_value(rest):
                break
            label = rest.pop(0)
        elif _ENUMERATOR.fullmatch(label.text) and not is_value(rest[0].text):
            follower = rest.pop(0)
            fragment: Fragment = joined([label.fragment, follower.fragment], " ")
            label = replace(label, x1=follower.x1, fragment=fragment, element=label.element or follower.element)
        else:
            break
    return PrintedRow(row.element, label, tuple(rest), row.breaks_before, row.breaks_after)


def _is_unlabelled_value(slots: list[Slot]) -> bool:
    """Whether a row opens with a value: a total without a label where no other row fills the stub."""
    opening = slots[0]
    if not is_value(opening.text):
        return False
    numbers_a_label = len(slots) > 1 and not is_value(slots[1].text) and not opening.fragment.marks
    return (opening.x0 > 0 or bool(opening.fragment.marks)) and not numbers_a_label
