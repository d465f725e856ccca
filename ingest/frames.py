"""What a worker process and its guard say to each other: frames of JSON, each led by its length.

Nothing else crosses between them, and no object is ever made by name of what is received.
"""

from __future__ import annotations

import json
import struct
from typing import Any, BinaryIO

_LENGTH = struct.Struct(">Q")
HEAD = _LENGTH.size
"""Bytes of the length before each frame."""


def frame(payload: bytes) -> bytes:
    """Return the payload with its length before it."""
    return _LENGTH.pack(len(payload)) + payload


def message(**fields: Any) -> bytes:
    """Return a frame with a JSON object of plain values."""
    return frame(json.dumps(fields).encode("ascii"))


def length(head: bytes | bytearray) -> int:
    """Return how many bytes follow a head of ``HEAD`` bytes."""
    return int(_LENGTH.unpack_from(head)[0])


def read_message(stream: BinaryIO) -> dict[str, Any] | None:
    """Return the next message of a stream that blocks, None at its end. Raises ValueError for other bytes."""
    head = stream.read(HEAD)
    if len(head) < HEAD:
        return None
    content = json.loads(stream.read(length(head)))
    if not isinstance(content, dict):
        raise ValueError("a message is a JSON object")
    return content
