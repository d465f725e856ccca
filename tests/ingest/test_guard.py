"""The guard: what a worker may take, what becomes of it when it dies, and that nothing it says is believed unseen."""

from __future__ import annotations

import os
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest

from ingest import guard
from ingest.codec import encode
from ingest.errors import (
    ConfigurationError,
    DamagedFileError,
    OversizedFileError,
    OvertimeFileError,
    ReaderFaultError,
    UnreadableFileError,
    UnsupportedFileError,
)
from ingest.frames import frame, message
from ingest.guard import Limits, Stopped, Worker, resident
from ingest.read import read_filing
from tests.ingest.pdfs import TWO, Sheet, cover, written


def report(pages: int = 1) -> bytes:
    sheet = Sheet()
    cover(sheet)
    for _ in range(pages):
        sheet.centred("Consolidated Statement of Income")
        sheet.line("Years ended December 31 (Millions)")
        sheet.heads("2018", "2017", ends=TWO)
        sheet.row("Net sales", "$ 32,765", "$ 31,657", ends=TWO)
        sheet.row("Net income", "5,363", "4,869", ends=TWO)
        sheet.next_page()
    return sheet.bytes()


@pytest.fixture(scope="module")
def filing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("guard"), "report.pdf", report())


@pytest.fixture
def worker() -> Iterator[Worker]:
    with Worker(Limits()) as started:
        yield started


def pid_of(worker: Worker) -> int:
    assert worker._process is not None
    return worker._process.pid


def is_gone(pid: int, seconds: float = 10) -> bool:
    """Whether a process has ended, or does so in a while; one that only waits to be collected has."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if ") Z " in Path(f"/proc/{pid}/stat").read_text(encoding="utf-8"):
                return True
            os.kill(pid, 0)
        except (ProcessLookupError, FileNotFoundError):
            return True
        time.sleep(0.05)
    return False


def test_what_crosses_is_what_was_read(worker: Worker, filing: Path) -> None:
    told: list[tuple[int, int]] = []
    guarded = worker.read(filing, lambda done, total: told.append((done, total)))
    assert encode(guarded) == encode(read_filing(filing))
    assert guarded.facts
    assert told[0][1] == len(guarded.pages)
    assert worker.peak > 10_000_000


def test_one_process_reads_many_files_and_refusals_cost_nothing(worker: Worker, filing: Path, tmp_path: Path) -> None:
    worker.read(filing)
    first = pid_of(worker)
    with pytest.raises(UnsupportedFileError, match="PNG"):
        worker.read(written(tmp_path, "a.pdf", b"\x89PNG picture"))
    with pytest.raises(DamagedFileError, match="cut off"):
        worker.read(written(tmp_path, "b.pdf", report()[:900]))
    with pytest.raises(UnreadableFileError, match="cannot be opened"):
        worker.read(tmp_path / "missing.pdf")
    assert worker.read(filing).pages
    assert pid_of(worker) == first


@pytest.mark.parametrize(
    ("limits", "error", "words"),
    [
        (Limits(seconds=0.01, seconds_per_page=0), OvertimeFileError, "longer than the 0.01 s"),
        (Limits(memory=1_000_000), OversizedFileError, "more than the 1 MB of memory"),
    ],
)
def test_a_limit_ends_the_worker(filing: Path, limits: Limits, error: type[UnreadableFileError], words: str) -> None:
    worker = Worker(limits)
    with pytest.raises(error, match=words):
        worker.read(filing)
    assert worker._process is None


@pytest.mark.parametrize(("per_page", "error"), [(0.0, OvertimeFileError), (1.0, DamagedFileError)])
def test_pages_allow_more_time(
    filing: Path, per_page: float, error: type[UnreadableFileError], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, last = (
        message(event="progress", done=1, total=20),
        message(event="refused", kind="DamagedFileError", message=""),
    )
    script = f"import time; say({first!r}); time.sleep(1.5); say({last!r})"
    monkeypatch.setattr(guard, "_start", lambda: scripted(script))
    with Worker(Limits(seconds=1, seconds_per_page=per_page)) as worker, pytest.raises(error):
        worker.read(filing)


@pytest.mark.parametrize(
    ("blow", "words"), [(signal.SIGSEGV, "signal SIGSEGV"), (signal.SIGKILL, "memory is short"), (None, "exit code")]
)
def test_a_worker_that_dies_takes_only_its_file(
    worker: Worker, filing: Path, blow: signal.Signals | None, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker.read(filing)
    first = pid_of(worker)
    if blow is None:
        monkeypatch.setattr(guard, "_start", lambda: scripted("import sys; sys.exit(3)"))
        worker.close()
    else:
        os.kill(first, signal.SIGSTOP)
        os.kill(first, blow)
        os.kill(first, signal.SIGCONT)
        # As if it had begun with the file: what ends before that is not the file's fault.
        monkeypatch.setattr(worker, "_send", lambda **request: setattr(worker, "_heard", True))
    with pytest.raises(ReaderFaultError, match=words):
        worker.read(filing)
    monkeypatch.undo()
    assert worker.read(filing).pages
    assert pid_of(worker) != first


def test_a_worker_that_died_in_between_is_replaced(worker: Worker, filing: Path) -> None:
    worker.read(filing)
    os.kill(pid_of(worker), signal.SIGKILL)
    assert is_gone(pid_of(worker))
    assert worker.read(filing).pages


def test_a_worker_whose_death_is_not_seen_yet_is_replaced_too(
    worker: Worker, filing: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker.read(filing)
    process = worker._process
    assert process is not None
    os.kill(process.pid, signal.SIGKILL)
    assert is_gone(process.pid)
    monkeypatch.setattr(process, "poll", lambda: None)
    assert worker.read(filing).pages
    assert worker._process is not process


def test_a_stop_ends_the_worker(filing: Path) -> None:
    stop = Event()
    worker = Worker(Limits(), stop=stop)
    worker.read(filing)
    pid = pid_of(worker)
    stop.set()
    with pytest.raises(Stopped):
        worker.read(filing)
    assert is_gone(pid)


def test_a_vocabulary_that_is_not_valid_is_told(filing: Path, tmp_path: Path) -> None:
    extension = tmp_path / "mine.toml"
    extension.write_text("[concept.nonsense]\nname = 3\n", encoding="utf-8")
    with Worker(Limits(), [extension]) as worker, pytest.raises(ConfigurationError, match=r"mine\.toml"):
        worker.read(filing)


def test_the_vocabulary_reaches_the_worker(filing: Path, tmp_path: Path) -> None:
    extension = tmp_path / "mine.toml"
    extension.write_text(
        '[concept.own_net_sales]\nname = "Own net sales"\ntags = ["own:NetSales"]\nlabels = ["Net sales"]\n'
        'statement = "income"\nperiod = "duration"\n',
        encoding="utf-8",
    )
    with Worker(Limits(), [extension]) as worker:
        facts = worker.read(filing).facts
    assert {fact.concept for fact in facts if fact.label == "Net sales"} != {
        fact.concept for fact in read_filing(filing).facts if fact.label == "Net sales"
    }


def scripted(script: str) -> subprocess.Popen[bytes]:
    """A process in the place of a worker that runs a script of ours."""
    say = "import sys\nsay = lambda content: (sys.stdout.buffer.write(content), sys.stdout.flush())\n"
    return subprocess.Popen(  # noqa: S603
        [sys.executable, "-c", say + script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    )


def saying(content: bytes) -> str:
    return f"say({content!r}); sys.stdin.read()"


@pytest.mark.parametrize(
    "content",
    [
        b"\x00" * 7 + b"\x02{}",
        frame(b"no JSON"),
        frame(b"[]"),
        struct.pack(">Q", 1 << 62),
        message(event="nonsense"),
        message(event="refused", kind="SystemExit", message="x"),
        message(event="progress", done="many", total=None),
        message(event="read") + frame(b'{"id": 3}'),
        message(event="read") + frame(b'{"id": "x", "unknown": 1}'),
        message(event="read") + frame(b"[" * 100_000),
    ],
)
def test_what_is_no_filing_is_not_believed(content: bytes, filing: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "_start", lambda: scripted(saying(content)))
    with Worker(Limits()) as worker, pytest.raises(ReaderFaultError, match="please report"):
        worker.read(filing)


def test_no_worker_speaks_for_another_file(filing: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = read_filing(written(tmp_path, "report.pdf", report(2)))
    answer = message(event="read") + frame(encode(other).encode("ascii"))
    monkeypatch.setattr(guard, "_start", lambda: scripted(saying(answer)))
    with Worker(Limits()) as worker, pytest.raises(ReaderFaultError, match="changed while it was read"):
        worker.read(filing)


def test_an_error_that_no_reader_foresaw_is_a_fault(filing: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = message(event="fault", kind="ZeroDivisionError", trace="somewhere")
    monkeypatch.setattr(guard, "_start", lambda: scripted(saying(answer)))
    with Worker(Limits()) as worker, pytest.raises(ReaderFaultError, match="ZeroDivisionError"):
        worker.read(filing)


def test_the_memory_of_a_process_is_seen() -> None:
    assert resident(os.getpid()) > 10_000_000
    assert resident(2**22 + 1) == 0


def test_modules_of_the_current_folder_are_not_loaded(
    filing: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("json", "lxml", "pypdf", "ingest"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit(9)", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with Worker(Limits()) as worker:
        assert worker.read(filing).pages
