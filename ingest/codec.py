"""A Filing and its parts as JSON, and back, without loss and without trust in what comes back.

A value becomes an object of its fields by name, less those that hold their default; a Decimal its exact
string; a date its ISO form; a tuple an array. Floats keep every bit. A Filing crosses between processes
and lies in a library in this form, so what is decoded is checked against the type of every field.

Encoders and decoders are made once for each type, for a filing has some hundred thousand values.
"""

from __future__ import annotations

import dataclasses
import gc
import json
import types
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from functools import cache
from operator import attrgetter
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

Part = TypeVar("Part")
_Maker = Callable[[Any], Any]


def encode(part: object) -> str:
    """Write the part as compact JSON text.

    Raises ValueError for a float that is not finite, TypeError for what is no part of a Filing.
    """
    with _collector_off():
        return json.dumps(_plain(part), separators=(",", ":"), allow_nan=False)


def decode(kind: type[Part], text: str | bytes) -> Part:
    """Return the part that ``encode`` was given. ``kind`` is its type, ``tuple[Section, ...]`` included.

    Raises ValueError where the text is not what ``encode`` writes for that type.
    """
    try:
        with _collector_off():
            part: Part = _decoder(cast(Hashable, kind))(json.loads(text))
    except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError) as error:
        raise ValueError(f"not a {getattr(kind, '__name__', kind)}: {error}") from error
    return part


@contextmanager
def _collector_off() -> Iterator[None]:
    """Nothing that is being made can be garbage yet; looking for it takes as long as making it does."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


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


@cache
def _decoder(hint: Any) -> _Maker:
    """Return a function that makes a value of the type out of its JSON form, and raises where it cannot."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        inner = _decoder(next(item for item in arguments if item is not types.NoneType))
        return lambda plain: None if plain is None else inner(plain)
    if origin is tuple and len(arguments) == 2 and arguments[1] is Ellipsis:
        return _many(_decoder(arguments[0]))
    if origin is tuple:
        items = [_decoder(argument) for argument in arguments]
        return lambda plain: tuple([make(each) for make, each in zip(items, _array(plain), strict=True)])
    if origin is Literal:
        return _one_of(arguments)
    if hint in (str, int, float, bool):
        return _leaf(hint)
    if hint is Decimal:
        return lambda plain: Decimal(_text(plain))
    if hint is date:
        return lambda plain: date.fromisoformat(_text(plain))
    if dataclasses.is_dataclass(hint):
        return _object_decoder(hint)
    raise TypeError(f"{hint} is no part of a Filing")


def _array(plain: Any) -> list[Any]:
    if type(plain) is not list:
        raise ValueError(f"{plain!r:.40} is no array")
    return plain


def _many(item: _Maker) -> _Maker:
    return lambda plain: tuple(map(item, _array(plain)))


def _one_of(allowed: tuple[Any, ...]) -> _Maker:
    def make(plain: Any) -> Any:
        if plain not in allowed:
            raise ValueError(f"{plain!r:.40} is none of {allowed}")
        return plain

    return make


def _leaf(kind: type) -> _Maker:
    kinds = (float, int) if kind is float else (kind,)

    def make(plain: Any) -> Any:
        if type(plain) not in kinds:
            raise ValueError(f"{plain!r:.40} is no {kind.__name__}")
        return plain

    return make


_text = _leaf(str)


def _object_decoder(kind: Any) -> _Maker:
    """Return a function that makes a dataclass; it looks up fields when used, for Section holds Sections."""
    makers: dict[str, _Maker] = {}

    def make(plain: Any) -> Any:
        if not makers:
            makers.update({name: _decoder(hint) for name, hint in get_type_hints(kind).items()})
        if type(plain) is not dict:
            raise ValueError(f"{plain!r:.40} is no {kind.__name__}")
        return kind(**{name: makers[name](value) for name, value in plain.items()})

    return make
