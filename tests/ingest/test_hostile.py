"""Files that are made to hang, exhaust or crash a reader: each has its outcome, and none costs another file.

A few of each kind are read with the other tests; all of them in the slow ones. They are written when the
tests run, the same ones each time.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from ingest.batch import Reading, read_files
from ingest.errors import (
    DamagedFileError,
    EncryptedFileError,
    OversizedFileError,
    ReaderFaultError,
    UnreadableFileError,
)
from ingest.guard import Limits
from tests.assistant.desk import ANNUAL_HTML, RELEASE, write_examples
from tests.ingest.hostile import markup, packed, pdf, pdf_pages

LIMITS = Limits(seconds=20, seconds_per_page=0.02, memory=1_000_000_000)
"""A tenth of a page's usual allowance: hostile files claim pages."""
BURIED = "tie-out-secret-5e1f"
LEAST = 200
FEW = 29
"""In the fast tests, one file of so many."""

Maker = Callable[[], bytes]


@pytest.fixture(scope="module")
def asked() -> Iterator[list[str]]:
    """A server, the first element its address and the others what it was asked for."""
    pytest.importorskip("reportlab", reason="the examples extra is not installed")
    heard: list[str] = []

    class Listener(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heard.append(self.path)
            self.send_error(404)

        def log_message(self, *given: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Listener) as server:
        heard.append(f"http://127.0.0.1:{server.server_port}/")
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield heard
        server.shutdown()


def corpus(folder: Path, address: str) -> dict[str, Maker]:
    """Every file by its name."""
    secret = folder / "secret.txt"
    secret.write_text(BURIED, encoding="utf-8")
    examples = {path.name: path.read_bytes() for path in write_examples(folder / "examples")}
    groups = {
        "{}.pdf": [*pdf_pages.pdfs()],
        "release-{}.pdf": [*pdf.damaged(examples[RELEASE], seed=11, cuts=12, flips=24)],
        "{}.htm": [*markup.pages(), *markup.entities(str(secret), address)],
        "annual-{}.htm": [*markup.damaged(examples[ANNUAL_HTML], seed=12, cuts=8, flips=12)],
        "{}": [*packed.archives(str(secret), address), *packed.plain()],
    }
    files = {pattern.format(name): maker for pattern, group in groups.items() for name, maker in group}
    assert len(files) == sum(map(len, groups.values())), "two files have the same name"
    return files


def read_all(files: dict[str, Maker], folder: Path) -> list[Reading]:
    """Write and read the files, with a good one at the end that has to be read whatever came before."""
    paths = []
    for number, (name, make) in enumerate(files.items()):
        place = folder / str(number)
        place.mkdir()
        paths.append(place / name)
        paths[-1].write_bytes(make())
    good = folder / "good.htm"
    good.write_bytes(markup.page("<p>Net sales were 100.</p>"))
    started = time.perf_counter()
    readings = list(read_files([*paths, good], jobs=2, limits=LIMITS))
    print(f"\n{len(readings)} files in {time.perf_counter() - started:.0f} s", summary(readings))
    assert Counter(reading.path for reading in readings) == Counter([*paths, good])
    assert next(reading for reading in readings if reading.path == good).filing is not None
    return readings


def summary(readings: list[Reading]) -> str:
    """What became of the files, and which took longest."""
    kinds = Counter(type(r.error).__name__ if r.error else r.outcome for r in readings)
    lines = [f"{count:4} {kind}" for kind, count in kinds.most_common()]
    lines += [
        f"{r.seconds:6.1f} s {r.peak / 1e6:6.0f} MB {r.path.name} {r.error or r.outcome}" for r in readings if r.error
    ]
    slowest = sorted(readings, key=lambda reading: -reading.seconds)[:12]
    lines += [f"slowest {r.seconds:6.1f} s {r.peak / 1e6:6.0f} MB {r.path.name}" for r in slowest]
    return "\n".join(["", *lines])


def check(readings: list[Reading], asked: list[str]) -> None:
    """Each has an outcome of its kind within its limits, no secret was read, and nobody was asked for anything."""
    for reading in readings:
        name = reading.path.name
        assert (reading.filing is None) == isinstance(reading.error, UnreadableFileError), name
        assert not isinstance(reading.error, ReaderFaultError), f"{name}: {reading.error}"
        if reading.filing is None:
            assert str(reading.error).strip(), name
            assert "\n" not in str(reading.error), name
            continue
        pages = len(reading.filing.pages)
        assert reading.seconds < LIMITS.seconds + LIMITS.seconds_per_page * pages + 5, name
        assert not any(BURIED in page.text or "root:" in page.text for page in reading.filing.pages), name
        assert "hostile-secret" not in "".join(page.text for page in reading.filing.pages), name
    assert asked[1:] == []


def test_some_hostile_files_of_every_kind(tmp_path: Path, asked: list[str]) -> None:
    files = corpus(tmp_path, asked[0])
    quick = [
        name for name in files if not any(word in name for word in ("bomb", "million", "many", "megabytes", "thousand"))
    ]
    chosen = {name: files[name] for name in quick[::FEW]}
    check(read_all(chosen, tmp_path), asked)


@pytest.mark.slow
def test_every_hostile_file(tmp_path: Path, asked: list[str]) -> None:
    files = corpus(tmp_path, asked[0])
    assert len(files) >= LEAST
    readings = read_all(files, tmp_path)
    check(readings, asked)
    errors = {reading.path.name: type(reading.error) for reading in readings}
    assert errors["password-rc4-128.pdf"] is EncryptedFileError
    assert errors["bomb.docx"] is OversizedFileError
    assert errors["empty.pdf"] is DamagedFileError
    assert errors["entity-file.htm"] is type(None)
