"""``tieout vocabulary --build``: labels learned from tagged filings, as an extension of the vocabulary."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from assistant.add import find_files
from assistant.cli.opening import console, settings_for, vocabulary_for
from ingest.errors import UnreadableFileError, UsageError


def build_vocabulary(paths: Sequence[Path], out: Path, least: int) -> int:
    """Read tagged filings, write what they teach to ``out``, and say by how much it helps with other companies.

    Files that cannot be read are named and left out. Raises UsageError where none has tags.
    """
    from ingest.read import read_filing
    from ingest.vocabulary_builder import TaggedRow, cross_validated, learn, tagged_rows, to_toml

    vocabulary = vocabulary_for(settings_for(None))
    files, refused = find_files(paths)
    rows: list[TaggedRow] = []
    for path in files:
        try:
            rows += tagged_rows(read_filing(path, vocabulary=vocabulary), vocabulary)
        except UnreadableFileError as error:
            console().print(f"left out: {path.name}: {error}")
    for entry in refused:
        console().print(f"left out: {entry.path}: {entry.message}")
    if not rows:
        raise UsageError("none of these files has tagged figures in its tables; labels are learned from inline XBRL")
    learned = learn(rows, vocabulary, least_companies=least)
    before, after = cross_validated(rows, vocabulary, least_companies=least)
    out.write_text(to_toml(learned), encoding="utf-8")
    companies = len({row.company for row in rows})
    labels = sum(len(found) for found in learned.values())
    console().print(f"{labels} labels of {len(learned)} concepts, from {companies} companies: {out}")
    console().print(
        f"rows of one half of the companies that the labels of the other half lead to their concept: "
        f"{before.share:.1%} without, {after.share:.1%} with (led wrong: {before.wrong}, {after.wrong})"
    )
    return 0
