"""The parts of a Filing as database rows and deflated JSON, and back, without loss.

The JSON itself is that of ``ingest.codec``.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from ingest import codec
from ingest.codec import encode
from ingest.errors import LibraryError
from ingest.filing import Fact, Filing, Passage, Period, Span

Part = TypeVar("Part")
Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class FilingRows:
    """A filing ready to be written: its own columns, and the rows of its parts without the filing's key."""

    id: str
    source: str
    media_type: str
    identity: str
    sections: str
    warnings: str
    pages: list[Row]
    tables: list[Row]
    facts: list[Row]
    passages: list[Row]


def filing_rows(filing: Filing) -> FilingRows:
    """Turn the whole filing into rows. This takes longest, so it is done before the library is locked."""
    return FilingRows(
        id=filing.id,
        source=filing.source,
        media_type=filing.media_type,
        identity=encode(filing.identity),
        sections=encode(filing.sections),
        warnings=encode(filing.warnings),
        pages=[(page.index, pack(page)) for page in filing.pages],
        tables=[(table.id, table.statement, pack(table)) for table in filing.tables],
        facts=[fact_row(fact) for fact in filing.facts],
        passages=[passage_row(passage) for passage in filing.passages],
    )


def decode(kind: type[Part], text: str | bytes) -> Part:
    """Return the part that ``encode`` was given. ``kind`` is its type, ``tuple[Section, ...]`` included.

    Raises LibraryError where the text is not what ``encode`` writes for that type.
    """
    try:
        return codec.decode(kind, text)
    except ValueError as error:
        name = getattr(kind, "__name__", str(kind))
        raise LibraryError(
            f"a stored {name} cannot be read back ({error}): the library is damaged; "
            "restore library.sqlite from a backup or add the filing to a new library"
        ) from error


def pack(part: object) -> bytes:
    """Write the part as deflated JSON: a page or a table shrinks to about a fifth."""
    return zlib.compress(encode(part).encode("ascii"))


def unpack(kind: type[Part], packed: bytes) -> Part:
    """Return the part that ``pack`` was given. Raises LibraryError where it is damaged."""
    try:
        text = zlib.decompress(packed)
    except zlib.error:
        text = b""  # which no type accepts: decode raises for it
    return decode(kind, text)


def fact_row(fact: Fact) -> Row:
    """Turn the fact into values for FACT_COLUMNS of the schema."""
    period = fact.period
    return (
        fact.label,
        fact.concept,
        str(fact.value),
        fact.unit,
        fact.scale,
        period.key,
        period.end.isoformat(),
        period.months,
        None if period.start is None else period.start.isoformat(),
        period.fiscal_year,
        period.fiscal_quarter,
        encode(fact.span),
        fact.origin,
        fact.printed,
        encode(fact.dimensions),
        fact.statement,
        fact.table,
        fact.row,
    )


def fact_from(row: Row) -> Fact:
    """Return the fact that ``fact_row`` was given."""
    label, concept, value, unit, scale, _, end, months, start, year, quarter, span, origin, printed = row[:14]
    dimensions, statement, table, table_row = row[14:]
    return Fact(
        label=label,
        concept=concept,
        value=Decimal(value),
        unit=unit,
        scale=scale,
        period=Period(
            end=date.fromisoformat(end),
            months=months,
            start=None if start is None else date.fromisoformat(start),
            fiscal_year=year,
            fiscal_quarter=quarter,
        ),
        span=decode(Span, span),
        origin=origin,
        printed=printed,
        dimensions=decode(tuple[tuple[str, str], ...], dimensions),
        statement=statement,
        table=table,
        row=table_row,
    )


def passage_row(passage: Passage) -> Row:
    """Turn the passage into values for PASSAGE_COLUMNS of the schema."""
    start, end = passage.rows or (None, None)
    span = encode(passage.span)
    head = (passage.id, passage.kind, passage.context, passage.text)
    return (*head, span, passage.section, passage.table, start, end)


def passage_from(row: Row) -> Passage:
    """Return the passage that ``passage_row`` was given."""
    name, kind, context, text, span, section, table, start, end = row
    return Passage(
        id=name,
        kind=kind,
        context=context,
        text=text,
        span=decode(Span, span),
        section=section,
        table=table,
        rows=None if start is None else (start, end),
    )
