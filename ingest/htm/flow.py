"""Walks the whole tree once and prints it: blocks become lines, tables rows, page breaks pages."""

from __future__ import annotations

from lxml import etree

from ingest.htm.fragment import joined
from ingest.htm.grid import GridRow, read_grid
from ingest.htm.layout import Layout, Printed
from ingest.htm.markup import BLOCKS, Inline, Look, Markup
from ingest.htm.tables import PrintedRow, as_number_table
from ingest.htm.tree import walk


def read_printed(markup: Markup) -> Printed:
    """Return the pages, lines and tables of a tree, and where its tagged facts are printed.

    A line is what stands in one block element or between two ``<br>``, or one row of a table.
    """
    flow = _Flow(markup)
    walk(markup.root, markup.look, flow.enter, flow.leave)
    flow.end_line()
    return flow.layout.finish()


class _Flow:
    def __init__(self, markup: Markup) -> None:
        self.markup = markup
        self.layout = Layout()
        self.inline = Inline()
        self.ids: list[tuple[etree._Element, str]] = []
        self.anchor: str | None = None

    @property
    def nearest_id(self) -> str | None:
        """The id of the innermost element that has one, else the last id passed."""
        return self.ids[-1][1] if self.ids else self.anchor

    def enter(self, element: etree._Element, look: Look) -> bool:
        """Take up an element of the page; False where nothing inside it is to be looked at."""
        name, style = look
        if self.markup.is_hidden(element, name, style):
            return False
        if name in BLOCKS or name == "br":
            self.end_line()
            if style.breaks_before:
                self.layout.break_page()
        identifier = element.get("id")
        if identifier:
            self.anchor = identifier
            self.ids.append((element, identifier))
        if name == "table" and self.print_table(element):
            return False
        if name == "a" and not identifier:
            self.anchor = element.get("name") or self.anchor
        self.inline.enter(element, name, style)
        return True

    def leave(self, element: etree._Element, look: Look, entered: bool) -> None:
        """End an element, whether it was entered or passed over."""
        name, style = look
        if entered:
            self.inline.leave(element, name)
            if name in BLOCKS:
                self.end_line()
        if self.ids and self.ids[-1][0] is element:
            self.ids.pop()
        if style.breaks_after and style.hidden is not True:
            self.end_line()
            self.layout.break_page()
        if (tail := element.tail) and element is not self.markup.root:
            self.inline.run.add(tail)

    def end_line(self) -> None:
        """Print what was gathered since the last line ended."""
        fragment, tagged_id = self.inline.finish()
        self.layout.add_line(fragment, tagged_id or self.nearest_id)

    def print_table(self, table: etree._Element) -> bool:
        """Print a table row by row; False where its cells are to be walked as blocks."""
        rows = read_grid(self.markup, table)
        if not rows:
            return False
        numbers = as_number_table(rows)
        if numbers is None:
            self.print_text_rows(rows)
            return True
        self.layout.begin_table()
        for row in numbers:
            self.print_number_row(row)
        return True

    def print_text_rows(self, rows: list[GridRow]) -> None:
        """Print rows that only lay text out; a row with a single cell keeps the lines of that cell."""
        for row in rows:
            nearest = row.element.get("id") or self.nearest_id
            if row.breaks_before:
                self.layout.break_page()
            if len(row.slots) == 1:
                for line in row.slots[0].fragment.lines():
                    self.layout.add_line(line, row.slots[0].element or nearest)
            elif row.slots:
                fragment = joined([slot.fragment for slot in row.slots], "  ")
                element = next((slot.element for slot in row.slots if slot.element), nearest)
                self.layout.add_line(fragment, element)
            if row.breaks_after:
                self.layout.break_page()

    def print_number_row(self, row: PrintedRow) -> None:
        """Print a row of a table of numbers."""
        if row.breaks_before:
            self.layout.break_page()
        if row.label or row.cells:
            self.layout.add_row(row, row.element.get("id") or self.nearest_id)
        if row.breaks_after:
            self.layout.break_page()
