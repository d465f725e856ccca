"""Reads many files at the same time, each behind the guard: one bad file takes nothing but itself."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, Full, Queue, SimpleQueue
from threading import Event, Thread
from typing import Literal

from ingest.errors import UnreadableFileError
from ingest.filing import Filing
from ingest.guard import Limits, Stopped, Worker

Progress = Callable[[Path, int, int], None]
"""Called with a file, how many of its pages are read, and how many it has; from the threads of the batch."""
_WAIT = 0.1


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of one file: a filing, or the error that says why there is none.

    ``seconds`` are those of the clock, and ``peak`` the most memory in bytes that was seen in use.
    """

    path: Path
    filing: Filing | None
    error: UnreadableFileError | None
    seconds: float
    peak: int

    @property
    def outcome(self) -> Literal["read", "read with warnings", "refused"]:
        """The outcome in words."""
        if self.filing is None:
            return "refused"
        return "read with warnings" if self.filing.warnings else "read"


def read_files(
    files: Sequence[Path],
    *,
    jobs: int = 1,
    limits: Limits | None = None,
    vocabulary: Sequence[Path] = (),
    progress: Progress | None = None,
) -> Generator[Reading]:
    """Yield what became of each file as soon as it is known: with one job in the order given.

    ``jobs`` workers read while the caller works on what was yielded; at most ``jobs`` files wait for it.
    When the iterator is closed or anything is raised, Ctrl-C included, the workers are ended. Raises
    ConfigurationError where one of the ``vocabulary`` files is not valid.
    """
    batch = _Batch(files, min(jobs, len(files)), limits or Limits(), vocabulary, progress)
    try:
        for _ in files:
            outcome = batch.results.get()
            if not isinstance(outcome, Reading):
                raise outcome
            yield outcome
    finally:
        batch.end()


class _Batch:
    def __init__(
        self,
        files: Sequence[Path],
        jobs: int,
        limits: Limits,
        vocabulary: Sequence[Path],
        progress: Progress | None,
    ) -> None:
        self.waiting: SimpleQueue[Path] = SimpleQueue()
        for path in files:
            self.waiting.put(path)
        self.results: Queue[Reading | BaseException] = Queue(max(jobs, 1))
        self.stop = Event()
        self.progress = progress
        workers = [Worker(limits, vocabulary, self.stop) for _ in range(jobs)]
        self.threads = [Thread(target=self._work, args=(worker,), daemon=True) for worker in workers]
        for thread in self.threads:
            thread.start()

    def end(self) -> None:
        """End the workers and wait until they are gone."""
        self.stop.set()
        for thread in self.threads:
            thread.join()

    def _work(self, worker: Worker) -> None:
        """Read one file after another until none is left; what ends a thread otherwise ends the batch."""
        try:
            with worker, suppress(Empty, Stopped):
                while not self.stop.is_set():
                    self._give(self._read(worker, self.waiting.get_nowait()))
        except BaseException as error:
            self._give(error)

    def _read(self, worker: Worker, path: Path) -> Reading:
        started = time.perf_counter()

        def pages(done: int, total: int) -> None:
            if self.progress is not None:
                self.progress(path, done, total)

        filing, refusal = None, None
        try:
            filing = worker.read(path, pages)
        except UnreadableFileError as error:
            refusal = error
        return Reading(path, filing, refusal, time.perf_counter() - started, worker.peak)

    def _give(self, outcome: Reading | BaseException) -> None:
        """Wait until the caller takes the outcome, unless nobody will."""
        while not self.stop.is_set():
            with suppress(Full):
                self.results.put(outcome, timeout=_WAIT)
                return
