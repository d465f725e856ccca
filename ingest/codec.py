"""A Filing and its parts as JSON, and back, without loss and without trust in what comes back.

A value becomes an object of its fields by name, less those that hold their default; a Decimal its exact
string; a date its ISO form; a tuple an array. Floats keep every bit. A Filing crosses between processes
and lies in a library in this form, so what is decoded is checked against the type of every field.

Encoders and adapters are made once for each type, for a filing has some hundred thousand values.
"""

from __future__ import annotations

import dataclasses
import json
import types
from collections.abc import Callable, Hashable
from datetime import date
from decimal import Decimal
from functools import cache
from operator import attrgetter
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from pydantic import ConfigDict, TypeAdapter, ValidationError, with_config

from ingest import filing as parts
from ingest.collector import collector_off
from ingest.filing import Filing

Part = TypeVar("Part")
_Maker = Callable[[Any], Any]
_EXACT = ConfigDict(extra="forbid", allow_inf_nan=False)


def encode(part: object) -> str:
    """Write the part as compact JSON text.

    Raises ValueError for a float that is not finite, TypeError for what is no part of a Filing.
    """
    with collector_off():
        return json.dumps(_plain(part), separators=(",", ":"), allow_nan=False)


def encode_whole(filing: Filing) -> bytes:
    """Write the whole filing as ``encode`` does, in a quarter of the time and as UTF-8.

    A float that is not finite becomes null, which ``decode`` refuses.
    """
    return _adapter(Filing).dump_json(filing, exclude_defaults=True)


def decode(kind: type[Part], text: str | bytes) -> Part:
    """Return the part that ``encode`` was given. ``kind`` is its type, ``tuple[Section, ...]`` included.

    Raises ValueError where the text is not what ``encode`` writes for that type.
    """
    try:
        with collector_off():
            part: Part = _adapter(cast(Hashable, kind)).validate_json(text, strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"])) or "all of it"
        raise ValueError(f"not a {getattr(kind, '__name__', kind)}: {place}: {first['msg']}") from error
    return part


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    """Pydantic's reader and writer of a type. No part of a filing has fields beyond its own."""
    for part in vars(parts).values():
        if isinstance(part, type) and dataclasses.is_dataclass(part):
            with_config(_EXACT)(part)
    return TypeAdapter(kind)


def _plain(value: Any) -> Any:
    """Return the value in JSON's own kinds."""
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    return _object_encoder(cast(Hashable, type(value)))(value)


_LEAVES = frozenset({str, int, float, bool, types.NoneType})


def _is_plain(hint: Any) -> bool:
    """Whether values of the type go into JSON as they are; an array takes a tuple."""
    if hint in _LEAVES or hint is Ellipsis:
        return True
    origin = get_origin(hint)
    return origin is Literal or (
        origin in (Union, types.UnionType, tuple) and all(_is_plain(item) for item in get_args(hint))
    )


@cache
def _object_encoder(kind: Any) -> _Maker:
    """Return a function that makes a dictionary of a dataclass. TypeError for any other type."""
    if not dataclasses.is_dataclass(kind):
        raise TypeError(f"{kind.__name__} is no part of a Filing")
    hints = get_type_hints(kind)
    fields = [
        (item.name, item.default, None if _is_plain(hints[item.name]) else _plain) for item in dataclasses.fields(kind)
    ]
    values = attrgetter(*(name for name, _, _ in fields), "__class__")  # with one name it would give no tuple

    def make(part: Any) -> dict[str, Any]:
        plain = {}
        for (name, default, maker), item in zip(fields, values(part), strict=False):
            if item is not default and (default is None or item != default):
                plain[name] = item if maker is None or item is None else maker(item)
        return plain

    return make
