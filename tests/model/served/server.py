"""A server that speaks OpenAI's protocol: it plays given replies in order, and keeps what it was sent."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Reply:
    """One reply; ``seconds`` pass before it, and ``closes`` means that there is none."""

    body: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    pause: float = 0.0
    closes: bool = False


def says(content: str | None, *, read: int = 1200, written: int = 40, finish: str = "stop", **more: Any) -> Reply:
    """A chat completion as vLLM, Ollama and OpenAI send it."""
    completion = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": "some-model",
        "choices": [
            {"index": 0, "finish_reason": finish, "message": {"role": "assistant", "content": content}},
        ],
        "usage": {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written},
    }
    return Reply(json.dumps(completion).encode(), **more)


def fails(status: int, message: str = "it failed", **more: Any) -> Reply:
    """An error as these servers send it."""
    return Reply(json.dumps({"error": {"message": message, "type": "error"}}).encode(), status=status, **more)


CLOSED = Reply(b"", closes=True)


@dataclass
class FakeServer:
    """Where it listens, what it will reply, and the requests so far: their headers and their bodies."""

    address: str
    replies: list[Reply]
    headers: list[dict[str, str]] = field(default_factory=list)
    bodies: list[dict[str, Any]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)


@contextmanager
def serving(*replies: Reply) -> Iterator[FakeServer]:
    """Serve ``replies`` in order, the last one again and again."""
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with lock:
                fake.paths.append(self.path)
                fake.headers.append({name.lower(): value for name, value in self.headers.items()})
                fake.bodies.append(body)
                reply = fake.replies.pop(0) if len(fake.replies) > 1 else fake.replies[0]
            time.sleep(reply.seconds)
            if reply.closes:
                self.close_connection = True
                return
            self.send_response(reply.status)
            for name, value in {"Content-Type": "application/json", **reply.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self._write(reply)

        def _write(self, reply: Reply) -> None:
            pieces = [reply.body[at : at + 64] for at in range(0, len(reply.body), 64)] if reply.pause else [reply.body]
            try:
                for piece in pieces:
                    self.wfile.write(piece)
                    time.sleep(reply.pause)
            except OSError:  # the client has had enough
                self.close_connection = True

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    fake = FakeServer(f"http://127.0.0.1:{server.server_port}/v1", list(replies))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
