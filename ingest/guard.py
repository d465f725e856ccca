"""Reads files in processes of their own, within limits on time and memory.

A file that hangs, grows without end or crashes its reader costs its process and nothing else. What a
worker hands back is JSON, checked field by field (``ingest.codec``): a worker that a file took over could
lie about that file, but neither run anything here nor speak for another file.

Memory is watched as the resident size of the process, not limited as its address space (RLIMIT_AS), for
libraries reserve address space that they never use: glibc 64 MB for each thread, OpenBLAS by the number
of cores; a limit that spares them would not hold anything back. Time is that of the clock, for a reader
may wait forever as well as compute forever.
"""

from __future__ import annotations

import json
import logging
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Event
from typing import Any, Self

import ingest
from ingest.codec import decode
from ingest.errors import (
    ConfigurationError,
    OversizedFileError,
    OvertimeFileError,
    ReaderFaultError,
    TieoutError,
    UnreadableFileError,
)
from ingest.filing import Filing
from ingest.frames import HEAD, length, message
from ingest.read import file_id

logger = logging.getLogger(__name__)

Progress = Callable[[int, int], None]
"""Called with (pages done, pages in all)."""

POLL = 0.05
"""Seconds between two looks at a worker's memory, the clock and ``stop``."""
LONGEST = 1 << 30
"""The most bytes that are taken from a worker at a time."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What the reading of one file may take; pages, unpacked sizes and nesting are limited by the readers.

    Time is ``seconds``, and ``seconds_per_page`` more for each page that the file turns out to have;
    ordinary filings take a twentieth of that. ``memory`` is in bytes; the largest filings take a quarter.
    """

    seconds: float = 60.0
    seconds_per_page: float = 0.5
    memory: int = 2_000_000_000


class Stopped(Exception):  # noqa: N818 - no error: somebody asked for it.
    """The reading was stopped from outside; the worker has been ended."""


class Worker:
    """One process that reads files, one after another; started when first needed, replaced where it ended.

    ``vocabulary`` are the user's files that extend the built-in one. When ``stop`` is set, the worker is
    ended within ``POLL`` seconds. ``peak`` is the most memory in bytes that it was seen to take for the
    latest file. Used in a ``with`` statement, the worker ends with it. Not for several threads at a time.
    """

    def __init__(self, limits: Limits, vocabulary: Sequence[Path] = (), stop: Event | None = None) -> None:
        self.peak = 0
        self._limits = limits
        self._vocabulary = [str(path.resolve()) for path in vocabulary]
        self._stop = stop or Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._received = bytearray()
        self._heard = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def read(self, path: Path, progress: Progress | None = None) -> Filing:
        """Return what the file says.

        Raises UnreadableFileError in one of its kinds where it cannot be read, or not within the limits;
        ConfigurationError where the vocabulary is not valid; and Stopped.
        """
        self.peak = 0
        identifier = file_id(path)
        used_before = self._process is not None
        try:
            outcome = self._asked(path, progress)
        except ReaderFaultError:
            if not used_before or self._heard:
                raise
            # It had ended before it took up the file, which is not to blame then.
            outcome = self._asked(path, progress)
        if self.peak > self._limits.memory // 4:
            self.close()  # Memory that is not given back would count against the next file.
        if isinstance(outcome, UnreadableFileError):
            raise outcome
        if outcome.id != identifier or outcome.source != path.name:
            self.close()
            raise ReaderFaultError("the file changed while it was read: add it again")
        return outcome

    def _asked(self, path: Path, progress: Progress | None) -> Filing | UnreadableFileError:
        """Send the file and return what becomes of it; a worker that does not answer as it should is ended."""
        self._heard = False
        try:
            self._send(path=str(path.absolute()), seconds=self._limits.seconds, per_page=self._limits.seconds_per_page)
            return self._answer(progress)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """End the worker, whatever it is doing, with all that it may have started."""
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):
                    pipe.close()
        self._received.clear()

    def _send(self, **request: Any) -> None:
        """Ask for a file. What is sent is far less than a pipe holds, so it never waits for the worker."""
        frames = message(**request)
        if self._process is None or self._process.poll() is not None:
            self.close()
            self._process = _start()
            frames = message(vocabulary=self._vocabulary) + frames
        assert self._process.stdin is not None  # noqa: S101 - _start opens it
        with suppress(BrokenPipeError):  # Its output says how it ended.
            self._process.stdin.write(frames)
            self._process.stdin.flush()

    def _answer(self, progress: Progress | None) -> Filing | UnreadableFileError:
        """Return what the worker hands back, or why it refused the file, after its words on how far it is."""
        begun, pages = time.monotonic(), 0
        try:
            while True:
                deadline = begun + self._limits.seconds + self._limits.seconds_per_page * pages
                event = json.loads(self._frame(deadline))
                if event["event"] == "read":
                    return decode(Filing, self._frame(deadline))
                if event["event"] == "refused":
                    return _kinds()[event["kind"]](str(event["message"]))
                if event["event"] != "progress":
                    raise _failure(event)
                done, pages = int(event["done"]), int(event["total"])
                if progress is not None:
                    progress(done, pages)
        except (ValueError, TypeError, KeyError) as error:
            logger.error("the reader handed back what is no filing: %s", error)
            raise ReaderFaultError("the reader handed back what is no filing: please report the file") from error

    def _frame(self, deadline: float) -> bytes:
        """Return the next frame that the worker writes, and look after the worker while waiting for it."""
        self._receive(HEAD, deadline)
        size = length(self._received)
        if size > LONGEST:
            raise ValueError(f"a frame of {size:,} bytes")
        self._receive(HEAD + size, deadline)
        payload = bytes(memoryview(self._received)[HEAD : HEAD + size])
        del self._received[: HEAD + size]
        return payload

    def _receive(self, size: int, deadline: float) -> None:
        process = self._process
        assert process is not None and process.stdout is not None  # noqa: S101, PT018 - opened by _start
        while len(self._received) < size:
            self._look_after(process.pid, deadline)
            if select.select([process.stdout], [], [], POLL)[0]:
                chunk = os.read(process.stdout.fileno(), 1 << 20)
                if not chunk:
                    raise _ended(process.wait())
                self._heard = True
                self._received += chunk

    def _look_after(self, pid: int, deadline: float) -> None:
        if self._stop.is_set():
            raise Stopped
        if time.monotonic() > deadline:
            raise OvertimeFileError(
                f"reading it took longer than the {self._limits.seconds:g} s (and {self._limits.seconds_per_page:g} s "
                "a page) that a file may take: split it, or raise the limit"
            )
        self.peak = max(self.peak, resident(pid))
        if self.peak > self._limits.memory:
            raise OversizedFileError(
                f"reading it takes more than the {self._limits.memory / 1e6:,.0f} MB of memory that a file may take: "
                "split it, or raise the limit"
            )


def _start() -> subprocess.Popen[bytes]:
    """Start a worker that finds the same packages as this process, and none in the current folder (-P).

    It leads a session of its own: Ctrl-C does not reach it, and what it starts ends with it.
    """
    packages = [str(Path(ingest.__file__).parents[1]), *filter(None, sys.path)]
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "ingest.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(packages)},
        start_new_session=True,
    )


@cache
def _kinds() -> dict[str, type[UnreadableFileError]]:
    """The errors with which a reader may refuse a file, by name."""
    kinds: list[type[UnreadableFileError]] = [UnreadableFileError, *UnreadableFileError.__subclasses__()]
    return {kind.__name__: kind for kind in kinds}


def _failure(event: dict[str, Any]) -> TieoutError:
    """What a worker says that could not even begin, or that met an error that is none of ours."""
    if event["event"] == "configuration":
        return ConfigurationError(str(event["message"]))
    logger.error("a reader failed:\n%s", event["trace"])
    return ReaderFaultError(f"reading it failed ({event['kind']}): please report the file")


def _ended(code: int) -> ReaderFaultError:
    """What to say of a worker that is gone. Out of memory, the system ends it by SIGKILL, which no library does."""
    if code == -signal.SIGKILL:
        return ReaderFaultError("the system ended the reader, as it does where memory is short: free some, or split it")
    how = f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
    return ReaderFaultError(f"reading it ended the reader ({how}): get the file again, or report it")


def resident(pid: int) -> int:
    """Return how many bytes of memory a process holds, 0 where it is gone."""
    try:
        if sys.platform == "linux":
            return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
        shown = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, check=False)  # noqa: S603, S607
        return int(shown.stdout or 0) * 1024
    except (OSError, ValueError):
        return 0
