"""``tieout extract``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from assistant.cli.opening import console, open_library, settings_for, vocabulary_for
from assistant.extract import ExtractionRow, chosen_filings, extract, resume, write_rows
from assistant.schema import load_schema


def extract_and_show(schema_path: Path, out: Path, library: Path | None, collections: str | None = None) -> int:
    """Run an extraction job with a progress bar and say what was written."""
    settings = settings_for(library, collections)
    schema = load_schema(schema_path)
    err = console(stderr=True)
    columns = (TextColumn("extracting"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with (
        open_library(settings) as opened,
        Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar,
    ):
        # What was taken out of the library since the job was interrupted is not to come back by its result.
        there = {filing.id for filing in chosen_filings(opened, schema)}
        kept = [row for row in resume(out, schema) if row["filing"] in there]
        task = bar.add_task("", total=len(chosen_filings(opened, schema)), completed=len(kept))
        missing = found = 0

        def counted() -> Iterator[ExtractionRow]:
            nonlocal missing, found
            done = frozenset(row["filing"] for row in kept)
            for row in extract(opened, schema, vocabulary_for(settings), done=done):
                found += sum(field["value"] is not None for field in row.fields.values())
                missing += sum(field["value"] is None for field in row.fields.values())
                yield row
                bar.advance(task)

        count = write_rows(out, counted(), schema, kept)
    taken_up = f" ({len(kept)} of them from an interrupted job)" if kept else ""
    console().print(f"{out}: {count} rows{taken_up}; {found} values with their source, {missing} null with a reason")
    return 0
