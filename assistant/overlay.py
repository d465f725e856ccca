"""Draws what was understood of a page over its picture: tables, the periods of their columns, cells and facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from assistant.parsed import describe_unit, head_lines, on_line
from assistant.typeset import Beside, Colour, Highlight, typeset
from ingest.filing import Box, Fact, Page, Row, Span, Table

if TYPE_CHECKING:
    from PIL.Image import Image


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of thing that was understood, and how it looks. The colours are told apart by colour-blind eyes too."""

    name: str
    colour: Colour
    opacity: int = 60

    @property
    def pale(self) -> Colour:
        """The colour as it looks over white paper."""
        red, green, blue = (255 - (255 - part) * self.opacity // 255 for part in self.colour)
        return red, green, blue


CONCEPT = Kind("fact with a concept", (0, 158, 115))
PLAIN = Kind("fact without a concept", (0, 114, 178))
UNDATED = Kind("number without a period: no fact", (213, 94, 0))
WORDS = Kind("cell without a number", (120, 120, 120), 30)
PERIOD = Kind("period of a column", (150, 50, 140))
TABLE = Kind("table", (40, 40, 40), 0)
LINE = Kind("line of text", (150, 170, 200), 0)
KINDS = (LINE, TABLE, PERIOD, CONCEPT, PLAIN, UNDATED, WORDS)

SCALE = 2.0
"""Pixels per point of a page picture."""
MARGIN = 520
"""Pixels beside the page, where each row says what it was understood as."""
SIZE = 15
LEGEND = 64


@dataclass(frozen=True, slots=True)
class Shade:
    """A thing that was understood, and where it stands."""

    kind: Kind
    span: Span


@dataclass(frozen=True, slots=True)
class Reading:
    """What was understood of one page: tables with rows on it, and the facts on it."""

    page: Page
    tables: tuple[Table, ...]
    facts: tuple[Fact, ...]

    @classmethod
    def of(cls, page: Page, tables: Iterable[Table], facts: Iterable[Fact]) -> Reading:
        """Keep of a filing's tables and facts what stands on the page."""
        on_page = tuple(t for t in tables if any(row.span.page == page.index for row in t.rows))
        return cls(page, on_page, tuple(fact for fact in facts if fact.span.page == page.index))

    def rows(self, table: Table) -> list[Row]:
        """The rows of a table that stand on the page."""
        return [row for row in table.rows if row.span.page == self.page.index]

    def frame(self, table: Table) -> Box | None:
        """The box around a table's rows on the page and the heads of its columns; None where there are no places."""
        rows = self.rows(table)
        first = min((n for n, line in enumerate(self.page.lines) if on_line(rows[0].span, line)), default=0)
        heads = [self.page.lines[position].box for position in head_lines(self.page, first, table)]
        return _around([*heads, *(row.span.box for row in rows)])

    def shades(self) -> list[Shade]:
        """Every number and cell by what it was understood as: a fact, a number without a period, or words."""
        found = {_place(fact.span): Shade(CONCEPT if fact.concept else PLAIN, fact.span) for fact in self.facts}
        for cell in (cell for table in self.tables for row in self.rows(table) for cell in row.cells):
            if not any(_overlap(cell.span, shade.span) for shade in _near(cell.span, found)):
                found[_place(cell.span)] = Shade(UNDATED if cell.number is not None else WORDS, cell.span)
        return list(found.values())

    def notes(self) -> Iterator[tuple[Span, Kind, str]]:
        """For each row with facts, what it was understood as: its concept, or that it has none."""
        facts: dict[tuple[str, int], Fact] = {}
        for fact in self.facts:
            if fact.table is not None and fact.row is not None:
                facts.setdefault((fact.table, fact.row), fact)
        for table in self.tables:
            for index, row in enumerate(table.rows):
                first = facts.get((table.id, index))
                if first is not None and row.span.page == self.page.index:
                    yield row.span, CONCEPT if first.concept else PLAIN, _note(first, table)

    def counts(self) -> Counter[str]:
        """How many there are of each kind."""
        counts = Counter(shade.kind.name for shade in self.shades())
        counts[LINE.name] = len(self.page.lines)
        counts[TABLE.name] = len(self.tables)
        counts[PERIOD.name] = sum(column.period is not None for table in self.tables for column in table.columns)
        return counts


def _place(span: Span) -> tuple[object, ...]:
    return (span.chars, span.box, span.element if span.chars is None else None)


def _near(span: Span, found: dict[tuple[object, ...], Shade]) -> Iterable[Shade]:
    exact = found.get(_place(span))
    return (exact,) if exact is not None else list(found.values())


def _overlap(one: Span, other: Span) -> bool:
    if one.chars is not None and other.chars is not None:
        return one.chars[0] < other.chars[1] and other.chars[0] < one.chars[1]
    return one.box is not None and one.box == other.box


def name_table(table: Table) -> str:
    """Say which statement a table is, in which unit and scale: ``balance: USD in millions``."""
    return f"{table.statement or 'table'}: {describe_unit(table.unit, table.scale)}"


def _note(fact: Fact, table: Table) -> str:
    """The concept, and what sets the row apart from its table: members, unit, scale."""
    name = fact.concept.partition(":")[2] if fact.concept else "no concept"
    members = ", ".join(member.partition(":")[2] or member for _, member in fact.dimensions)
    own = (fact.unit, fact.scale) != (table.unit, table.scale)
    parts = (name, members and f"[{members}]", f"({describe_unit(fact.unit, fact.scale)})" if own else "")
    return " ".join(filter(None, parts))


def draw_boxes(picture: Image, reading: Reading, title: str) -> Image:
    """Return the picture of a PDF page with boxes around what was understood, a legend above and notes beside it."""
    from PIL import Image, ImageDraw

    layer = Image.new("RGBA", picture.size, (0, 0, 0, 0))
    draw = ImageDraw.Draw(layer)
    for table in reading.tables:
        _frame(draw, TABLE, reading.frame(table), width=2, margin=4)
    for line in reading.page.lines:
        _frame(draw, LINE, line.box, width=1)
    for shade in reading.shades():
        _frame(draw, shade.kind, shade.span.box, width=2)
    page = Image.alpha_composite(picture.convert("RGBA"), layer).convert("RGB")
    whole = Image.new("RGB", (page.width + MARGIN, page.height + LEGEND), "white")
    whole.paste(page, (0, LEGEND))
    draw = ImageDraw.Draw(whole)
    draw_legend(draw, reading, title, whole.width)
    notes = [(span.box, kind, text) for span, kind, text in reading.notes() if span.box is not None]
    beside = [((box[1] + box[3]) / 2, kind, text) for box, kind, text in notes]
    for table in reading.tables:
        _write_periods(draw, reading, table)
        frame = reading.frame(table)
        if frame is not None:
            beside.append((frame[1] - 9, TABLE, name_table(table)))
    _write_notes(draw, page.width, [(LEGEND + y * SCALE, kind, text) for y, kind, text in beside])
    return whole


def set_boxes(reading: Reading, title: str) -> Image:
    """Return the page of a file without fixed places, set anew, with what was understood marked in its text."""
    from PIL import Image, ImageDraw

    marks = [
        Highlight(shade.span.chars, shade.kind.pale, shade.kind.colour)
        for shade in reading.shades()
        if shade.span.chars is not None
    ]
    notes = [Beside(span.chars[0], text, kind.colour) for span, kind, text in reading.notes() if span.chars is not None]
    for table in reading.tables:
        rows = [row.span.chars for row in reading.rows(table) if row.span.chars is not None]
        periods = [column.period.key for column in table.columns if column.period is not None]
        if rows:
            above = max(min(chars[0] for chars in rows) - 2, 0)
            notes.append(Beside(above, f"{name_table(table)}; {', '.join(periods)}", PERIOD.colour))
    probe = ImageDraw.Draw(Image.new("RGB", (1, 1)))
    notes = [replace(note, text=shortened(probe, note.text)) for note in notes]
    page = typeset("", reading.page, marks, notes, MARGIN)
    whole = Image.new("RGB", (page.width, page.height + LEGEND), "white")
    whole.paste(page, (0, LEGEND))
    draw_legend(ImageDraw.Draw(whole), reading, title, whole.width)
    return whole


def _frame(draw: Any, kind: Kind, box: Box | None, *, width: int, margin: float = 1) -> None:
    if box is None or box[0] > box[2] or box[1] > box[3]:
        return
    edges = [(box[0] - margin) * SCALE, (box[1] - margin) * SCALE, (box[2] + margin) * SCALE, (box[3] + margin) * SCALE]
    fill = (*kind.colour, kind.opacity) if kind.opacity else None
    draw.rectangle(edges, fill=fill, outline=(*kind.colour, 255), width=width)


def _around(boxes: Iterable[Box | None]) -> Box | None:
    known = [box for box in boxes if box is not None]
    if not known:
        return None
    return (
        min(box[0] for box in known),
        min(box[1] for box in known),
        max(box[2] for box in known),
        max(box[3] for box in known),
    )


def _write_periods(draw: Any, reading: Reading, table: Table) -> None:
    """Write over each column its period."""
    frame = reading.frame(table)
    if frame is None:
        return
    font, bottom, free = _font(), LEGEND + (frame[1] - 5) * SCALE, 0.0
    for column in table.columns:
        cells = (cell.span.box for row in reading.rows(table) for cell in row.cells if cell.column == column.index)
        place = _around(cells)
        if place is not None and column.period is not None:
            width = draw.textlength(column.period.key, font=font)
            left = max(place[2] * SCALE - width, free)
            draw.rectangle([left - 4, bottom - SIZE - 5, left + width + 4, bottom], fill=PERIOD.colour)
            draw.text((left, bottom - SIZE - 4), column.period.key, fill="white", font=font)
            free = left + width + 10


def _write_notes(draw: Any, left: float, notes: Iterable[tuple[float, Kind, str]]) -> None:
    """Write each note beside its row; one that would touch the one above it moves down."""
    free = 0.0
    for middle, kind, text in sorted(notes, key=lambda note: note[0]):
        top = max(middle - SIZE / 2 - 2, free)
        draw.text((left + 14, top), shortened(draw, text), fill=kind.colour, font=_font())
        free = top + SIZE + 1


def shortened(draw: Any, text: str) -> str:
    """Return as much of a note as there is room for beside the page."""
    while draw.textlength(text, font=_font()) > MARGIN - 28:
        text = text[: -max(len(text) // 20, 1) - 3].rstrip() + "..."
    return text


def draw_legend(draw: Any, reading: Reading, title: str, width: int) -> None:
    """Write what each colour means, and how many there are of it, in the strip above the page."""
    font, counts = _font(), reading.counts()
    draw.rectangle([0, 0, width, LEGEND - 2], fill=(244, 244, 244))
    draw.text((14, 8), title, fill="black", font=font)
    x = 14.0
    for kind in KINDS:
        text = f"{kind.name}: {counts[kind.name]}"
        draw.rectangle([x, 36, x + 18, 52], fill=kind.pale, outline=kind.colour, width=2)
        draw.text((x + 25, 35), text, fill="black", font=font)
        x += 25 + draw.textlength(text, font=font) + 24


def _font() -> Any:
    from PIL import ImageFont

    return ImageFont.load_default(SIZE)
