"""``tieout parse``."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

from assistant.cli.opening import console, read_and_watch
from assistant.parsed import as_facts, as_markdown, as_text, chosen_pages
from assistant.parsed_json import as_json
from ingest.filing import Filing

Format = Literal["text", "markdown", "json", "facts"]


def parse_and_show(file: Path, pages: str | None, form: Format) -> int:
    """Read one file, without a library, and print what was understood; warnings come last, on standard error."""
    filing = read_and_watch(file)
    chosen = chosen_pages(pages, len(filing.pages))
    for piece in _pieces(filing, chosen, form):
        sys.stdout.write(piece)
    sys.stdout.flush()
    out = console(stderr=True)
    for line in warning_lines(filing, None if pages is None else chosen):
        out.print(line)
    return 0


def _pieces(filing: Filing, pages: Sequence[int], form: Format) -> Iterator[str]:
    if form == "text":
        return as_text(filing, pages)
    if form == "facts":
        return as_facts(filing, pages)
    return as_json(filing, pages) if form == "json" else as_markdown(filing, pages)


def warning_lines(filing: Filing, pages: Sequence[int] | None) -> Iterator[str]:
    """Yield the warnings about the filing and the pages, each once, with the pages that it is about."""
    wanted = None if pages is None else frozenset(pages)
    about = [w for w in filing.warnings if w.page is None or wanted is None or w.page in wanted]
    for message, count in Counter(warning.message for warning in about).items():
        places = [str(warning.page + 1) for warning in about if warning.message == message and warning.page is not None]
        where = f" (page {', '.join(places[:5])}{', …' if count > 5 else ''})" if places else ""
        yield f"note: {message}{where}"
