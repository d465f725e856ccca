"""Many files at a time: every one has an outcome, and no worker outlives the batch."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ingest.batch import Reading, read_files
from ingest.errors import ConfigurationError, DamagedFileError, UnsupportedFileError
from tests.ingest.pdfs import written
from tests.ingest.test_guard import is_gone, report

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("batch")
    contents = {
        "a.pdf": report(),
        "b.pdf": report()[:700],
        "c.htm": b"<html><body><p>Net sales were 100.</p></body></html>",
        "d.png": b"\x89PNG picture",
        "e.pdf": report(3),
    }
    return [written(folder, name, content) for name, content in contents.items()]


def worker_pids(parent: int) -> list[int]:
    shown = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True)  # noqa: S607
    return [int(pid) for pid, ppid in map(str.split, shown.stdout.splitlines()) if int(ppid) == parent]


@pytest.mark.parametrize("jobs", [1, 2])
def test_every_file_has_its_outcome(files: list[Path], jobs: int) -> None:
    told: set[Path] = set()
    readings = list(read_files(files, jobs=jobs, progress=lambda path, done, total: told.add(path)))
    if jobs == 1:
        assert [reading.path for reading in readings] == files
    by_name = {reading.path.name: reading for reading in readings}
    assert len(readings) == len(by_name) == len(files)
    assert by_name["a.pdf"].outcome in ("read", "read with warnings")
    assert by_name["c.htm"].outcome == "read with warnings"
    assert by_name["b.pdf"].outcome == by_name["d.png"].outcome == "refused"
    assert isinstance(by_name["b.pdf"].error, DamagedFileError)
    assert isinstance(by_name["d.png"].error, UnsupportedFileError)
    assert {path.name for path in told} == {"a.pdf", "c.htm", "e.pdf"}
    assert all(reading.seconds >= 0 for reading in readings)


def test_a_reading_is_of_one_kind_of_outcome(files: list[Path]) -> None:
    (reading,) = read_files(files[:1])
    assert reading.filing is not None
    silent = Reading(files[0], reading.filing, None, 0.0, 0)
    assert silent.outcome == ("read with warnings" if reading.filing.warnings else "read")


def test_no_files_need_no_worker() -> None:
    assert list(read_files([], jobs=3)) == []


def test_a_batch_that_is_left_ends_its_workers(files: list[Path]) -> None:
    before = set(worker_pids(os.getpid()))
    reading = read_files(files * 3, jobs=2)
    next(reading)
    started = set(worker_pids(os.getpid())) - before
    assert started
    reading.close()
    assert not (set(worker_pids(os.getpid())) & started)


def test_what_is_wrong_for_every_file_ends_the_batch(files: list[Path], tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError):
        list(read_files(files, vocabulary=[tmp_path / "missing.toml"]))


SCRIPT = """
import sys, time
from pathlib import Path
from ingest.batch import read_files
for reading in read_files([Path(sys.argv[1])] * 10_000, jobs=2):
    print(reading.outcome, flush=True)
"""


@pytest.mark.parametrize("blow", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_no_worker_outlives_the_batch(files: list[Path], blow: signal.Signals) -> None:
    """Ctrl-C ends the workers; where the batch itself is ended, they see it and end as well."""
    with subprocess.Popen(  # noqa: S603
        [sys.executable, "-c", SCRIPT, str(files[0])],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as batch:
        assert batch.stdout is not None
        assert batch.stdout.readline()
        workers = worker_pids(batch.pid)
        assert workers
        batch.send_signal(blow)
        assert batch.wait(20) != 0
    assert all(is_gone(pid) for pid in workers)
