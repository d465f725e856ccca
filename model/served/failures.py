"""What went wrong at a served model: whether it may go over, how long to wait, and one line that says it.

LlamaIndex lets the exceptions of each client through, and there are dozens of clients. What they have in
common is looked at: a status of HTTP, a response with headers, and the error of the connection at their root.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from ingest.errors import ModelError

PASSING = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
"""Statuses that may be others when the same request is sent again."""

UNREADABLE = frozenset({400, 415, 422})
"""Statuses with which a server refuses a request that it does not understand."""

_SAID = 200
_NOT_PASSING = (ConnectionRefusedError, socket.gaierror)
_LOST = ("timeout", "timedout", "connection", "protocolerror", "readerror", "writeerror", "networkerror")


def status_of(error: BaseException) -> int | None:
    """Return the HTTP status that a client's exception tells of, or None."""
    for each in _chain(error):
        for holder in (each, getattr(each, "response", None)):
            for name in ("status_code", "code", "status"):
                found = getattr(holder, name, None)
                if isinstance(found, int) and 400 <= found < 600:
                    return found
    return None


def is_passing(error: BaseException) -> bool:
    """Whether the same request may succeed later.

    A refused connection does not pass, for no server is there, nor does a reply that was broken off as too large.
    """
    status = status_of(error)
    if status is not None:
        return status in PASSING
    chain = list(_chain(error))
    if any(isinstance(each, _NOT_PASSING) or type(each).__name__ == "DecodingError" for each in chain):
        return False
    return any(isinstance(each, OSError) or _is_lost(each) for each in chain)


def _is_lost(error: BaseException) -> bool:
    names = " ".join(kind.__name__ for kind in type(error).__mro__).lower()
    return any(name in names for name in _LOST)


def asked_wait(error: BaseException, now: datetime | None = None) -> float | None:
    """Return the seconds that the server asks to wait (``Retry-After``, seconds or a date), or None."""
    for each in _chain(error):
        headers: Any = getattr(getattr(each, "response", None), "headers", None)
        said = headers.get("retry-after") if hasattr(headers, "get") else None
        if isinstance(said, str):
            return _seconds(said.strip(), now or datetime.now(UTC))
    return None


def _seconds(said: str, now: datetime) -> float | None:
    if said.replace(".", "", 1).isdecimal():
        return float(said)
    try:
        return max(0.0, (parsedate_to_datetime(said) - now).total_seconds())
    except (TypeError, ValueError):  # no date, or one without a time zone
        return None


def explain(error: BaseException, name: str, place: str, secret: str | None) -> ModelError:
    """Return a failure as one line; ``place`` is where the model was asked. ``secret`` never stands in it."""
    status = status_of(error)
    if status in (401, 403):
        # What the server says here may repeat part of the key.
        return ModelError(f"{place} does not accept the key ({status}): check api_key_env in [served]")
    said = _said(error, secret)
    if status == 404:
        return ModelError(f"{place} knows no model {name}, or is no such address (404): check both ({said})")
    if status in UNREADABLE:
        return ModelError(f"{place} refuses the request ({status}): {said}")
    if status is not None:
        return ModelError(f"{place} fails ({status}): try again later ({said})")
    chain = list(_chain(error))
    if any(isinstance(each, ConnectionRefusedError) for each in chain):
        return ModelError(f"nothing listens at {place}: start the server, or check api_base in [served]")
    if any(isinstance(each, socket.gaierror) for each in chain):
        return ModelError(f"the host of {place} is not known: check api_base in [served], and the network")
    if any("timeout" in type(each).__name__.lower() for each in chain):
        return ModelError(f"{place} gave no answer in time: raise timeout in [served], or try again later")
    if is_passing(error):
        return ModelError(f"the connection to {place} broke off: try again later ({said})")
    return ModelError(f"{place} gave what is no answer of a model: check api_base in [served] ({said})")


def _said(error: BaseException, secret: str | None) -> str:
    """What the server says, else what the exception says, on one short line and without the key."""
    body: Any = getattr(error, "body", None)
    told = [body.get(name) for name in ("message", "detail", "error")] if isinstance(body, dict) else []
    # The root tells of a broken connection; under a status it is only the status once more.
    root = error if status_of(error) else list(_chain(error))[-1]
    message = next((each for each in told if isinstance(each, str)), f"{type(root).__name__}: {root}")
    text = " ".join(message.split())
    return (text.replace(secret, "…") if secret else text)[:_SAID]


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """The exception and those that it came from."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
