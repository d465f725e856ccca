"""The parts of a Filing as JSON and as database rows, and back, without loss.

A value becomes an object of its fields by name, less those that hold their default; a Decimal its exact
string; a date its ISO form; a tuple an array. Floats keep every bit.
"""

from __future__ import annotations

import dataclasses
import json
import types
import zlib
from collections.abc import Callable, Hashable
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from ingest.errors import LibraryError
from ingest.filing import Fact, Filing, Passage, Period, Span

Part = TypeVar("Part")
Row = tuple[Any, ...]


@dataclasses.dataclass(frozen=True, slots=True)
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


def encode(part: object) -> str:
    """Write the part as compact JSON text. Raises ValueError for a float that is not finite."""
    return json.dumps(_plain(part), separators=(",", ":"), allow_nan=False)


def decode(kind: type[Part], text: str | bytes) -> Part:
    """Return the part that ``encode`` was given. ``kind`` is its type, ``tuple[Section, ...]`` included.

    Raises LibraryError where the text is not what ``encode`` writes for that type.
    """
    try:
        part: Part = _decoder(cast(Hashable, kind))(json.loads(text))
    except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError) as error:
        name = getattr(kind, "__name__", str(kind))
        raise LibraryError(
            f"a stored {name} cannot be read back ({error}): the library is damaged; "
            "restore library.sqlite from a backup or add the filing to a new library"
        ) from error
    return part


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


def _plain(value: Any) -> Any:
    """Return the value in JSON's own kinds."""
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    plain = {}
    for name, default in _defaults(cast(Hashable, type(value))):
        item = getattr(value, name)
        if item is not default and item != default:
            plain[name] = _plain(item)
    return plain


@cache
def _defaults(kind: Any) -> tuple[tuple[str, Any], ...]:
    """List name and default of each field; MISSING, which equals no value, where it has none."""
    if not dataclasses.is_dataclass(kind):
        raise TypeError(f"{kind.__name__} is no part of a Filing")
    return tuple((item.name, item.default) for item in dataclasses.fields(kind))


@cache
def _decoder(hint: Any) -> Callable[[Any], Any]:
    """Return a function that makes a value of the type out of its JSON form."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        inner = _decoder(next(item for item in arguments if item is not types.NoneType))
        return lambda plain: None if plain is None else inner(plain)
    if origin is tuple and len(arguments) == 2 and arguments[1] is Ellipsis:
        item = _decoder(arguments[0])
        return lambda plain: tuple([item(each) for each in plain])
    if origin is tuple:
        items = [_decoder(argument) for argument in arguments]
        return lambda plain: tuple([make(each) for make, each in zip(items, plain, strict=True)])
    if hint is Decimal:
        return Decimal
    if hint is date:
        return date.fromisoformat
    if dataclasses.is_dataclass(hint):
        return _object_decoder(hint)
    if origin is Literal or hint in (str, int, float):
        return lambda plain: plain
    raise TypeError(f"{hint} is no part of a Filing")


def _object_decoder(kind: Any) -> Callable[[dict[str, Any]], Any]:
    """Return a function that makes a dataclass; it looks up fields when used, for Section holds Sections."""
    fields: dict[str, Callable[[Any], Any]] = {}

    def make(plain: dict[str, Any]) -> Any:
        if not fields:
            fields.update({name: _decoder(hint) for name, hint in get_type_hints(kind).items()})
        return kind(**{name: fields[name](value) for name, value in plain.items()})

    return make
