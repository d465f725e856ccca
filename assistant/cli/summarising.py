"""``tieout summarise``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.answer import Answer, Citation
from assistant.cli.opening import console, embedder_for, open_library, settings_for, vocabulary_for
from assistant.summarise import Summary, SummaryFigure, summarise

if TYPE_CHECKING:
    from rich.table import Table


def summarise_and_show(
    name: str, section: str | None, sentences: int, library: Path | None, as_json: bool, collections: str | None = None
) -> int:
    """Summarise a filing of the library and print it, each figure and each sentence with its page."""
    settings = settings_for(library, collections)
    with open_library(settings) as opened:
        embedder = embedder_for(settings)
        opened.use(embedder)
        filing = opened.resolve(name)
        summary = summarise(opened, filing, vocabulary_for(settings), embedder, section=section, sentences=sentences)
    if as_json:
        print(json.dumps(summary.to_json(), indent=2, ensure_ascii=False))
    else:
        _show(summary)
    return 0


def _show(summary: Summary) -> None:
    out = console()
    out.print(" ".join(part for part in (summary.company, summary.form, summary.period) if part) or summary.source)
    if summary.figures:
        out.print(_table(summary.figures))
    if summary.absent:
        out.print(f"not found: {', '.join(name.lower() for name in summary.absent)}", style="dim")
    for section in summary.sections:
        out.print(f"\n{section.title}", style="bold")
        for each in section.sentences:
            out.print(f"  “{each.quote}” [{_page(each)}]")
        out.print(f"  {len(section.sentences)} of {section.read:,} sentences, quoted", style="dim")
    if summary.missing:
        out.print(f"no sentence that can stand alone: {', '.join(summary.missing)}", style="dim")


def _table(figures: tuple[SummaryFigure, ...]) -> Table:
    from rich.table import Table

    table = Table("", "this period", "a year before", "change", "page", box=None, pad_edge=False)
    for column in table.columns[1:4]:
        column.justify = "right"
    for figure in figures:
        pages = dict.fromkeys(
            _page(each) for answer in (figure.now, figure.before) if answer for each in answer.citations
        )
        table.add_row(
            figure.name, _printed(figure.now), _printed(figure.before), _printed(figure.growth), ", ".join(pages)
        )
    return table


def _printed(answer: Answer | None) -> str:
    if answer is None:
        return ""
    value = answer.values[0]
    whole, point, rest = value.value.partition(".")
    grouped = f"{int(whole):,}" if whole.strip("-0") else whole
    return f"{grouped}{point}{rest} {'%' if value.unit == 'percent' else value.unit}"


def _page(citation: Citation) -> str:
    return f"p. {citation.page}"
