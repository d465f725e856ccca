"""The door of the room: a path becomes a Filing."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

from ingest.checks import check
from ingest.collector import collector_off
from ingest.columns import Setting
from ingest.dates import period_ends
from ingest.document import Document, RawTable
from ingest.errors import DamagedFileError, OversizedFileError, UnreadableFileError, UnsupportedFileError
from ingest.exhibits import sections_of_parts
from ingest.facts import collect_facts
from ingest.filing import Filing, Identity, ReadingWarning
from ingest.identity import identify
from ingest.kinds import KINDS, Progress, sniff
from ingest.passages import make_passages
from ingest.periods import FiscalCalendar, all_dates, speaks_of_weeks
from ingest.scale import Scale, find_scale
from ingest.sections import find_sections
from ingest.statements import statement_of
from ingest.tables import understand
from ingest.vocabulary import Vocabulary, built_in_vocabulary

MAX_BYTES = 256 * 1024 * 1024
"""No filing is larger; a file beyond it is refused before it is read."""
_ANNUAL = frozenset({"10-K", "10-K/A", "10-KT", "20-F", "40-F", "annual report"})

MAX_LINE = 100_000
"""No paragraph has a tenth of so many characters; patterns take long over lines without end."""
MAX_CELL = 2_000
"""Characters of a table's cell, label or caption that are looked at for their meaning; prose stays on its page."""
MENTIONS = 2
"""A day counts as the end of a period when so many tables print it over their columns."""


def read_filing(path: Path, *, vocabulary: Vocabulary | None = None, progress: Progress | None = None) -> Filing:
    """Read one file. ``progress`` is called with (pages done, pages in all).

    Raises UnsupportedFileError, EncryptedFileError, DamagedFileError or OversizedFileError (all of them
    UnreadableFileError) with a message that says what is wrong and what to do.
    """
    data = _bytes_of(path)
    with collector_off():
        document = _document(path, data, progress or _quiet)
        return assemble(document, hashlib.sha256(data).hexdigest(), path.name, vocabulary or built_in_vocabulary())


def _quiet(done: int, total: int) -> None:
    """Progress that nobody watches."""


def file_id(path: Path) -> str:
    """Return the id that the filing of this file has: the SHA-256 of its bytes. Raises UnreadableFileError."""
    return hashlib.sha256(_bytes_of(path)).hexdigest()


def assemble(document: Document, filing_id: str, source: str, vocabulary: Vocabulary) -> Filing:
    """Find identity, tables, facts, sections and passages in what a reader read.

    Raises OversizedFileError where a line is longer than ``MAX_LINE``.
    """
    _check_lines(document)
    document = replace(document, tables=tuple(map(_shortened, document.tables)))
    identity, fiscal = identify(document)
    fiscal = replace(fiscal, printed=_printed_ends(document), weekday=_closing_weekday(document, identity))
    sections = sections_of_parts(document, find_sections)
    tables = understand(document.tables, _setting(document, identity, fiscal, vocabulary), sections)
    facts = collect_facts(document.facts, tables, vocabulary, fiscal, identity.company, document.pages)
    passages = make_passages(filing_id, identity, document.pages, sections, tables)
    warnings = [*document.warnings, *_identity_warnings(identity), *check(tables, facts, vocabulary)]
    if not facts:
        warnings.append(ReadingWarning("no table figures with a period were found, so only its text can be searched"))
    return Filing(
        id=filing_id,
        source=source,
        media_type=document.media_type,
        identity=identity,
        pages=document.pages,
        sections=sections,
        tables=tables,
        facts=facts,
        passages=passages,
        warnings=tuple(warnings),
    )


def _closing_weekday(document: Document, identity: Identity) -> int | None:
    """The day of the week on which a company ends its periods that speaks of years of 52 or 53 weeks."""
    if identity.period_end is None or not any(speaks_of_weeks(page.text) for page in document.pages):
        return None
    return identity.period_end.weekday()


def _shortened(table: RawTable) -> RawTable:
    """The table without the rest of texts that are longer than ``MAX_CELL``."""
    texts = (text for row in table.rows for text in (row.label, *(cell.text for cell in row.cells)))
    if all(len(text) <= MAX_CELL for text in (*table.caption, *texts)):
        return table
    rows = [
        replace(
            row,
            label=row.label[:MAX_CELL],
            cells=tuple(replace(cell, text=cell.text[:MAX_CELL]) for cell in row.cells),
        )
        for row in table.rows
    ]
    return replace(table, caption=tuple(line[:MAX_CELL] for line in table.caption), rows=tuple(rows))


def _check_lines(document: Document) -> None:
    for page in document.pages:
        longest = max((len(line.text) for line in page.lines), default=0)
        if longest > MAX_LINE:
            raise OversizedFileError(
                f"a line of page {page.index + 1} has {longest:,} characters; at most {MAX_LINE:,} are read: "
                "it is not a filing"
            )


def _printed_ends(document: Document) -> tuple[date, ...]:
    """The days on which the heads of tables or the text say that periods end, most often printed first."""
    found = Counter(end for page in document.pages for end in period_ends(page.text))
    for raw in document.tables:
        heads = [*raw.caption, *(text for row in raw.rows[:4] for text in (row.label, *(c.text for c in row.cells)))]
        found.update({hints.end for head in heads for hints in all_dates(head) if hints.end is not None})
    return tuple(day for day, count in found.most_common() if count >= MENTIONS)


def _bytes_of(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise OversizedFileError(
                f"the file has {size / 1e6:,.0f} MB; at most {MAX_BYTES / 1e6:,.0f} MB are read: split it"
            )
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableFileError(f"the file cannot be opened: {error.strerror or error}") from error
    if not data.strip(b"\x00\t\r\n "):
        raise DamagedFileError("the file is empty: get it again")
    return data


def _document(path: Path, data: bytes, progress: Progress) -> Document:
    """Read with the reader for what the content is, whatever the name says."""
    suffix = path.suffix.lower()
    kind = KINDS[sniff(data, suffix)]
    if kind.read is None:
        readable = ", ".join(known.called for known in KINDS.values() if known.read is not None)
        named = suffix.lstrip(".") or "no suffix"
        raise UnsupportedFileError(
            f"the file is named .{named} but its content is {kind.called}; what is read: {readable}"
        )
    return kind.read(data, progress)


def _setting(document: Document, identity: Identity, fiscal: FiscalCalendar, vocabulary: Vocabulary) -> Setting:
    months = 12 if identity.form in _ANNUAL else None
    return Setting(
        fiscal, identity.currency, vocabulary, months, _statement_scale(document.tables), identity.period_end
    )


def _statement_scale(tables: tuple[RawTable, ...]) -> Scale | None:
    """The scale that the statements state most often."""
    found: Counter[int] = Counter()
    by_power: dict[int, Scale] = {}
    for raw in tables:
        titles = [*raw.caption, *(row.label for row in raw.rows[:2])]
        if statement_of(titles) is None:
            continue
        for text in [*titles, *(cell.text for row in raw.rows[:4] for cell in row.cells)]:
            if scale := find_scale(text):
                found[scale.power] += 1
                if scale.share_power is not None or scale.power not in by_power:
                    by_power[scale.power] = scale
                break
    return by_power[found.most_common(1)[0][0]] if found else None


def _identity_warnings(identity: Identity) -> list[ReadingWarning]:
    missing = [
        name
        for name, value in (("company", identity.company), ("form", identity.form), ("period", identity.period_end))
        if value is None
    ]
    warnings = [ReadingWarning(f"the {name} could not be told from the document") for name in missing]
    if identity.fiscal_year is not None and identity.fiscal_year_end is None:
        warnings.append(ReadingWarning("the document does not tell when fiscal years end: its year is the calendar's"))
    return warnings
