"""Shows a cited page: as a picture with the citation marked on it, or as text in the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.overlay import SCALE, Reading, draw_boxes, set_boxes
from assistant.typeset import Highlight, typeset
from index.view import View
from ingest.errors import DamagedFileError, FilingNotFoundError, UsageError
from ingest.filing import Box, Fact, Filing, Page, Table

if TYPE_CHECKING:
    from PIL.Image import Image

PDF = "application/pdf"
MARK = (255, 196, 0)
MARGIN = 2.0
"""Points of space around a marked box."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What to mark on a page: a box (points), or a range of the page's text where there is no box."""

    box: Box | None
    chars: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class PageView:
    """A page to be shown: of which filing, the PDF that it is drawn from if it is of one, and the marks on it."""

    filing_id: str
    source: str
    page: Page
    pdf: Path | None = None
    marks: tuple[Mark, ...] = ()

    @property
    def title(self) -> str:
        """``3M_2018_10K.pdf, page 60 (printed 58)``."""
        label = self.page.label
        printed = f" (printed {label})" if label and label != str(self.page.index + 1) else ""
        return f"{self.source}, page {self.page.index + 1}{printed}"


def cited_page(library: View, target: str) -> PageView:
    """Return the page of a citation of the latest answer; ``target`` is a footnote (``1``) or a line (``E3``).

    Raises UsageError where there is no answer yet or the latest has no such citation, and FilingNotFoundError
    where a filing of it was removed.
    """
    entries = [entry for entry in library.journal.read() if entry.kind == "ask"]
    if not entries:
        raise UsageError("nothing was asked yet: `tieout ask` first, or name a filing and a page")
    answer = entries[-1].payload
    if answer.get("status") == "redacted":
        raise FilingNotFoundError("a filing that the latest answer speaks of was removed: ask again")
    citations: list[dict[str, Any]] = answer["citations"] or answer.get("nearest", [])
    wanted = target.strip("[]").upper()
    if wanted.isdecimal() and 1 <= int(wanted) <= len(citations):
        chosen = [citations[int(wanted) - 1]]
    else:
        chosen = [citation for citation in citations if citation["id"] == wanted]
    if not chosen:
        known = ", ".join(f"{number} ({c['id']})" for number, c in enumerate(citations, 1)) or "none"
        raise UsageError(f"the latest answer has no citation {target}: it has {known}")
    first = chosen[0]
    marks = tuple(_mark(citation) for citation in chosen if citation["page"] == first["page"])
    return replace(filing_page(library, first["filing"], first["page"]), marks=marks)


def _mark(citation: dict[str, Any]) -> Mark:
    box, chars = citation["box"], citation["chars"]
    return Mark(
        (box[0], box[1], box[2], box[3]) if box else None,
        (chars[0], chars[1]) if chars else None,
    )


def filing_page(library: View, name: str, number: int) -> PageView:
    """Return a page of a filing by its physical number, from 1. Raises FilingNotFoundError or UsageError."""
    filing = library.resolve(name)
    if not 1 <= number <= filing.page_count:
        raise UsageError(f"{filing.source} has pages 1 to {filing.page_count}, not {number}")
    pdf = library.file(filing.id) if filing.media_type == PDF else None
    return PageView(filing.id, filing.source, library.page(filing.id, number - 1), pdf)


def file_page(filing: Filing, file: Path, number: int) -> PageView:
    """Return a page, from 1, of a filing that was just read from ``file``. Raises UsageError where there is none."""
    if not 1 <= number <= len(filing.pages):
        raise UsageError(f"{filing.source} has pages 1 to {len(filing.pages)}, not {number}")
    pdf = file if filing.media_type == PDF else None
    return PageView(filing.id, filing.source, filing.pages[number - 1], pdf)


def page_picture(view: PageView) -> Image:
    """Return a picture of the page with its marks: of the PDF itself, or of the text of another file's page."""
    if view.pdf is not None:
        picture = _pdf_picture(view.pdf, view.page.index)
        return _mark_boxes(picture, [mark.box for mark in view.marks if mark.box is not None])
    return typeset(view.title, view.page, [Highlight(mark.chars) for mark in view.marks if mark.chars is not None])


def reading_picture(view: PageView, tables: Iterable[Table], facts: Iterable[Fact]) -> Image:
    """Return a picture of the page with what was understood of it: lines, tables, periods, cells and facts."""
    reading = Reading.of(view.page, tables, facts)
    if view.pdf is not None:
        return draw_boxes(_pdf_picture(view.pdf, view.page.index), reading, view.title)
    return set_boxes(reading, view.title)


def save_picture(picture: Image, out: Path) -> None:
    """Write a picture as PNG. Raises UsageError where the file cannot be written."""
    try:
        picture.save(out, format="PNG")
    except OSError as error:
        raise UsageError(f"cannot write {out}: {error.strerror or error}") from error


def _pdf_picture(path: Path, index: int) -> Image:
    import pypdfium2

    try:
        with pypdfium2.PdfDocument(path) as pdf:
            picture: Image = pdf[index].render(scale=SCALE).to_pil().convert("RGB")
            return picture
    except pypdfium2.PdfiumError as error:
        raise DamagedFileError(f"{path.name} can no longer be opened: remove the filing and add it again") from error


def _mark_boxes(picture: Image, boxes: Sequence[Box]) -> Image:
    """Lay a translucent frame around each box, so that what is cited stays readable."""
    from PIL import Image, ImageDraw

    layer = Image.new("RGBA", picture.size, (0, 0, 0, 0))
    draw = ImageDraw.Draw(layer)
    for x0, y0, x1, y1 in boxes:
        frame = [(x0 - MARGIN) * SCALE, (y0 - MARGIN) * SCALE, (x1 + MARGIN) * SCALE, (y1 + MARGIN) * SCALE]
        draw.rectangle(frame, fill=(*MARK, 70), outline=(200, 60, 0, 255), width=3)
    return Image.alpha_composite(picture.convert("RGBA"), layer).convert("RGB")


def wrap_page(view: PageView, width: int) -> list[tuple[str, int, bool]]:
    """Return the page's lines cut at ``width`` characters: (text, start in the page's text, marked)."""
    import textwrap

    rows: list[tuple[str, int, bool]] = []
    for line in view.page.lines:
        marked = any(_touches(mark, line.chars, line.box) for mark in view.marks)
        rows.extend((part, line.chars[0], marked) for part in textwrap.wrap(line.text, width) or [""])
    return rows


def _touches(mark: Mark, chars: tuple[int, int], box: Box | None) -> bool:
    if mark.chars is not None:
        return mark.chars[0] < chars[1] and chars[0] < mark.chars[1]
    if mark.box is None or box is None:
        return False
    return mark.box[1] < box[3] and box[1] < mark.box[3] and mark.box[0] < box[2] and box[0] < mark.box[2]
