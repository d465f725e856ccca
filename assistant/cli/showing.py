"""``tieout show``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from assistant.cli.opening import console, open_library, read_and_watch, settings_for
from assistant.show import (
    PageView,
    cited_page,
    file_page,
    filing_page,
    page_picture,
    reading_picture,
    save_picture,
    wrap_page,
)
from ingest.errors import UsageError
from ingest.filing import Fact, Table

_CITATION = re.compile(r"\[?\d+\]?|E\d+", re.IGNORECASE)
"""A footnote (1 or [1]) or a line of the evidence (E3); anything else names a filing."""


def show_page(
    target: str,
    page: int | None,
    png: Path | None,
    boxes: bool,
    library: Path | None,
    collections: str | None = None,
) -> int:
    """Print a page with its marks, or write its picture; ``boxes`` draws what was understood of it.

    ``target`` is a citation, a filing of the library, or a file, which then is read anew.
    """
    if boxes and png is None:
        raise UsageError("--boxes draws a picture: say where to write it, as in --png page.png")
    cited = page is None and _CITATION.fullmatch(target.strip()) is not None
    if not cited and Path(target).is_file():
        filing = read_and_watch(Path(target))
        view = file_page(filing, Path(target), page or 1)
        return _show(view, png, (filing.tables, filing.facts) if boxes else None)
    with open_library(settings_for(library, collections)) as opened:
        view = cited_page(opened, target) if cited else filing_page(opened, target, page or 1)
        if not boxes:
            return _show(view, png, None)
        facts = [record.fact for record in opened.facts(filing_ids=[view.filing_id])]
        return _show(view, png, (opened.tables(view.filing_id), facts))


def _show(view: PageView, png: Path | None, understood: tuple[Iterable[Table], Iterable[Fact]] | None) -> int:
    out = console()
    if png is not None:
        picture = page_picture(view) if understood is None else reading_picture(view, *understood)
        save_picture(picture, png)
        out.print(f"{png}: {view.title}")
        return 0
    out.print(view.title, style="bold")
    for text, _, marked in wrap_page(view, max(out.width - 2, 40)):
        out.print(f"{'>' if marked else ' '} {text}", style="reverse" if marked else None)
    return 0
