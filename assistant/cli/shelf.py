"""``tieout status``, ``tieout remove`` and ``tieout vocabulary``."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from rich.table import Table

from assistant.cli.opening import console, open_library, settings_for, vocabulary_for
from index.contract import FilingRecord


def show_status(library: Path | None, as_json: bool, collections: str | None = None) -> int:
    """List the filings with what was understood of each."""
    settings = settings_for(library, collections)
    with open_library(settings) as opened:
        filings = opened.filings()
    if as_json:
        print(json.dumps([asdict(filing) for filing in filings], indent=2, default=str))
        return 0
    out = console()
    table = Table(box=None, pad_edge=False)
    several = len({filing.collection for filing in filings}) > 1
    heads = ("filing", "company", "form", "period", "pages", "facts", "passages", "notes", "id")
    for head in (*heads, "collection") if several else heads:
        table.add_column(head, justify="right" if head in ("pages", "facts", "passages", "notes") else "left")
    for filing in filings:
        table.add_row(*_cells(filing), *([filing.collection] if several else []))
    out.print(f"{len(filings)} filings in {settings.library}")
    if filings:
        out.print(table)
    return 0


def _cells(filing: FilingRecord) -> tuple[str, ...]:
    identity = filing.identity
    quarter = f" Q{identity.fiscal_quarter}" if identity.fiscal_quarter else ""
    period = f"FY{identity.fiscal_year}{quarter}" if identity.fiscal_year else "not told"
    return (
        filing.source,
        identity.company or "not told",
        identity.form or "not told",
        period,
        f"{filing.page_count:,}",
        f"{filing.fact_count:,}",
        f"{filing.passage_count:,}",
        str(len(filing.warnings)),
        filing.id[:12],
    )


def remove_filings(names: Sequence[str], library: Path | None, collections: str | None = None) -> int:
    """Remove filings; where one of the names is not there, none is removed."""
    settings = settings_for(library, collections)
    with open_library(settings) as opened:
        filings = [opened.resolve(name) for name in names]
        opened.remove(*dict.fromkeys(filing.id for filing in filings))
    for filing in filings:
        console().print(f"removed: {filing.source} ({filing.id[:12]})")
    return 0


def show_vocabulary(words: str, as_json: bool) -> int:
    """List concepts and metrics by key, name and how they are asked for."""
    vocabulary = vocabulary_for(settings_for(None))
    entries = [
        {"key": key, "name": thing.name, "kind": kind, "asked": [*thing.asked]}
        for kind, things in (("concept", vocabulary.concepts), ("metric", vocabulary.formulas))
        for key, thing in things.items()
        if words.lower() in " ".join((key, thing.name, *thing.asked)).lower()
    ]
    if as_json:
        print(json.dumps(entries, indent=2))
        return 0
    for entry in entries:
        asked = f" (also: {', '.join(entry['asked'])})" if entry["asked"] else ""
        console().print(f"{entry['key']}: {entry['name']}{asked}")
    return 0
