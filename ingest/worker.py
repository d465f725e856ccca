"""The process that reads files: ``python -m ingest.worker``, started and watched by ``ingest.guard``.

On standard input it gets the vocabulary's extensions, then one file after another; on standard output it
says how far it is, and then either why it refused the file or what it read, as JSON. It ends when its
standard input does. A fault in a library may end it at any time, and only the file at hand is lost.
"""

from __future__ import annotations

import faulthandler
import gc
import os
import resource
import sys
import time
import traceback
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Any, BinaryIO

from ingest.errors import ConfigurationError, OversizedFileError, UnreadableFileError
from ingest.frames import frame, message, read_message

TELL = 0.1
"""Seconds between two words on how far it is."""
GRACE = 30.0
"""Seconds beyond the limit after which the worker ends itself, should its guard have failed to do so."""


def main() -> None:
    """Read files until no more are named."""
    answers = _take_output()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    requests: SimpleQueue[dict[str, Any]] = SimpleQueue()
    Thread(target=_take_requests, args=(requests,), daemon=True).start()
    try:
        reader = _Reader(answers, [Path(path) for path in requests.get()["vocabulary"]])
    except ConfigurationError as error:
        answers.write(message(event="configuration", message=str(error)))
        return
    while True:
        request = requests.get()
        reader.read(Path(request["path"]), request["seconds"], request["per_page"])


def _take_requests(requests: SimpleQueue[dict[str, Any]]) -> None:
    """Hand on what the guard asks for; when it is gone, so is this process, whatever it is doing."""
    while (request := read_message(sys.stdin.buffer)) is not None:
        requests.put(request)
    os._exit(0)


def _take_output() -> BinaryIO:
    """Keep standard output for frames; what a library prints goes nowhere."""
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return answers


class _Reader:
    def __init__(self, answers: BinaryIO, extensions: list[Path]) -> None:
        from ingest.vocabulary import load_vocabulary

        self.answers = answers
        self.vocabulary = load_vocabulary(*extensions)

    def read(self, path: Path, seconds: float, per_page: float) -> None:
        """Read one file and answer with a refusal, a fault, or the filing."""
        from ingest.codec import encode_whole
        from ingest.collector import collector_off
        from ingest.read import read_filing

        told = [0.0, 0]

        def progress(done: int, total: int) -> None:
            now = time.monotonic()
            if total != told[1]:
                self._end_at(seconds + per_page * total)
            elif now < told[0] + TELL:
                return
            told[:] = now, total
            self._say(message(event="progress", done=done, total=total))

        self._end_at(seconds)
        try:
            with collector_off():
                filing = read_filing(path, vocabulary=self.vocabulary, progress=progress)
                self._say(message(event="read") + frame(encode_whole(filing)))
        except UnreadableFileError as error:
            self._refuse(error)
        except MemoryError:
            self._refuse(OversizedFileError("reading it takes more memory than there is: split it"))
        except RecursionError:
            self._refuse(OversizedFileError("it is nested deeper than any filing: get the file again"))
        except Exception as error:  # Whatever else happens is a fault of ours, and the guard says so.
            self._say(message(event="fault", kind=type(error).__name__, trace=traceback.format_exc(limit=-12)))
        faulthandler.cancel_dump_traceback_later()
        gc.collect()

    def _end_at(self, seconds: float) -> None:
        """End the process then; the timer needs no interpreter, which a library may be holding."""
        faulthandler.dump_traceback_later(seconds + GRACE, exit=True)

    def _refuse(self, error: UnreadableFileError) -> None:
        self._say(message(event="refused", kind=type(error).__name__, message=str(error)))

    def _say(self, frames: bytes) -> None:
        view = memoryview(frames)
        while view:
            view = view[self.answers.write(view) :]


if __name__ == "__main__":
    main()
