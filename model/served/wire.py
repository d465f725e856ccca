"""The connection to a server: what it sends back is bounded in size and in time, and little is told about us."""

from __future__ import annotations

import time
from collections.abc import Iterator

import httpx

MAX_REPLY = 2_000_000
"""The most bytes of a reply that are read."""

_TELLING = ("x-stainless-", "openai-")
"""Headers of OpenAI's client that tell about the machine and, from its environment, the account."""
_UNTIL = "tieout_until"


def bounded_client() -> httpx.Client:
    """Return a client that goes through the user's proxy, follows no redirection and breaks off bad replies.

    Those are compressed, larger than ``MAX_REPLY``, or longer under way than their request may take; a timeout of
    httpx is for each piece, and a server that sends a byte now and then would never end. Connections are not kept,
    so that none stays open when the generator is let go of; to open one is nothing beside an answer.
    """
    return httpx.Client(
        event_hooks={"request": [_prepare], "response": [_bound]},
        follow_redirects=False,
        limits=httpx.Limits(max_keepalive_connections=0),
    )


def _prepare(request: httpx.Request) -> None:
    for name in [name for name in request.headers if name.lower().startswith(_TELLING)]:
        del request.headers[name]
    request.headers["Accept-Encoding"] = "identity"
    patience = request.extensions.get("timeout", {}).get("read")
    if patience is not None:
        request.extensions[_UNTIL] = time.monotonic() + patience


def _bound(response: httpx.Response) -> None:
    if response.headers.get("content-encoding", "identity") != "identity":
        raise httpx.DecodingError("the reply is compressed, which was not asked for", request=response.request)
    response.stream = _BoundedStream(response.stream, response.request)


class _BoundedStream(httpx.SyncByteStream):  # type: ignore[misc]  # untyped where it is not installed
    def __init__(self, inner: httpx.SyncByteStream, request: httpx.Request) -> None:
        self._inner = inner
        self._request = request

    def __iter__(self) -> Iterator[bytes]:
        until = self._request.extensions.get(_UNTIL)
        size = 0
        for piece in self._inner:
            size += len(piece)
            if size > MAX_REPLY:
                raise httpx.DecodingError(f"the reply is larger than {MAX_REPLY} bytes", request=self._request)
            if until is not None and time.monotonic() > until:
                raise httpx.ReadTimeout("the reply takes too long", request=self._request)
            yield piece

    def close(self) -> None:
        self._inner.close()
