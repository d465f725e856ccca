"""``tieout show``."""

from __future__ import annotations

import re
from pathlib import Path

from assistant.cli.opening import console, open_library, settings_for
from assistant.show import cited_page, filing_page, page_picture, save_picture, wrap_page

_CITATION = re.compile(r"\[?\d+\]?|E\d+", re.IGNORECASE)
"""A footnote (1 or [1]) or a line of the evidence (E3); anything else names a filing."""


def show_page(
    target: str, page: int | None, png: Path | None, library: Path | None, collections: str | None = None
) -> int:
    """Print a page with its marks, or write its picture."""
    settings = settings_for(library, collections)
    with open_library(settings) as opened:
        cited = page is None and _CITATION.fullmatch(target.strip()) is not None
        view = cited_page(opened, target) if cited else filing_page(opened, target, page or 1)
        out = console()
        if png is not None:
            save_picture(page_picture(opened, view), png)
            out.print(f"{png}: {view.title}")
            return 0
        out.print(view.title, style="bold")
        for text, _, marked in wrap_page(view, max(out.width - 2, 40)):
            out.print(f"{'>' if marked else ' '} {text}", style="reverse" if marked else None)
    return 0
