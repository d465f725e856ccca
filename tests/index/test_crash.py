"""kill -9 at any instant of adding, replacing and removing, while others read: nothing lost, nothing half there."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pytest

from index.library import Library
from tests.index.builders import WordEmbedder, build_filing, fixed_clock

EMBEDDER = WordEmbedder()
TIDIED = {"copies", "cache", "unwiped"}
"""What a process that was killed may leave lying about: drafts and stray copies. The next writer clears it away."""

FORKED = get_context("forkserver")
FORKED.set_forkserver_preload(["index.library", "tests.index.builders", "numpy"])


def write(folder: str, seed: int, out: Connection) -> None:
    """Add, replace and remove filings without end, and note each change once it is committed."""
    random = np.random.default_rng(seed)
    with Library.open(Path(folder) / "lib", create=True, embedder=EMBEDDER, clock=fixed_clock) as library:
        _note(out, "ready")
        while True:
            there = library.filings()
            if len(there) > 6 or (there and random.random() < 0.3):
                gone = there[int(random.integers(len(there)))]
                _note(out, "removing", gone.id)
                library.remove(gone.id)
                _note(out, "removed", gone.id)
                continue
            source = Path(folder) / f"{int(random.integers(8))}.pdf"
            draft = source.with_suffix(".draft")
            draft.write_text(f"%PDF-1.7 {random.random()}", encoding="ascii")
            draft.replace(source)
            filing = build_filing(source, words=". ".join(f"Widgets sold well in {n}" for n in range(20)))
            outdated = [record.id for record in there if record.source == source.name]
            _note(out, "adding", filing.id, *outdated)
            library.add(filing, source, EMBEDDER.embed(["x"] * len(filing.passages)))
            _note(out, "added", filing.id, *outdated)
            if library.unwiped:
                library.purge()


def _note(out: Connection, *words: str) -> None:
    """In one write, so that a kill leaves whole lines."""
    os.write(out.fileno(), (json.dumps(words) + "\n").encode())


def read(folder: str, out: Connection) -> None:
    """Search without end, until something is half there."""
    vector = EMBEDDER.embed(["x"])[0]
    with Library.open(Path(folder) / "lib", embedder=EMBEDDER) as library:
        while True:
            time.sleep(0.01)
            with library._store.reading():  # one state of the library throughout
                for record in library.filings():
                    facts = library.facts(filing_ids=[record.id])
                    words = library.lexical(["widgets"], filing_ids=[record.id], limit=99)
                    near = library.nearest(vector, filing_ids=[record.id], limit=99)
                    found = (
                        len(facts),
                        len(words),
                        len(near),
                        library.eligible([record.id]),
                        library.page(record.id, 0).index,
                    )
                    if found != (2, 20, 21, 21, 0):
                        _note(out, "half there", record.id, str(found))
                        return


@contextmanager
def process(work: Callable[..., None], *arguments: object) -> Iterator[tuple[BaseProcess, BinaryIO]]:
    """Run it in a process of its own, which is killed in the end, and give what it says."""
    heard, out = FORKED.Pipe(duplex=False)
    child = FORKED.Process(target=work, args=(*arguments, out))
    child.start()
    out.close()
    with heard, open(heard.fileno(), "rb", closefd=False) as lines:
        try:
            yield child, lines
        finally:
            child.kill()
            child.join()
            child.close()


def survive(folder: Path, times: int, seed: int) -> dict[str, int]:
    """Kill a writer so many times beside two readers, and check the library after each; count what was found."""
    random = np.random.default_rng(seed)
    counts = {"kills": 0, "changes": 0, "in the middle": 0, "to tidy": 0}
    Library.open(folder / "lib", create=True).close()
    held: set[str] = set()
    with process(read, str(folder)) as (one, _), process(read, str(folder)) as (two, _):
        for number in range(times):
            with process(write, str(folder), seed + number) as (writer, lines):
                assert lines.readline() == b'["ready"]\n'
                time.sleep(float(random.uniform(0, 0.4)))
                writer.kill()
                notes = [json.loads(line) for line in lines.read().splitlines()]
            pending: list[str] = []
            for what, *ids in notes:
                pending = [what, *ids] if what.endswith("ing") else []
                if what == "removed":
                    held.remove(ids[0])
                elif what == "added":
                    held = (held - set(ids[1:])) | {ids[0]}
            counts["kills"] += 1
            counts["changes"] += sum(not what.endswith("ing") for what, *_ in notes)
            counts["in the middle"] += bool(pending)
            with Library.open(folder / "lib", embedder=EMBEDDER, clock=fixed_clock) as library:
                now = {record.id for record in library.filings()}
                assert now in _outcomes(held, pending), "what was committed is there, what was begun is whole or not"
                held = now
                findings = library.examine()
                assert {finding.kind for finding in findings} <= TIDIED, findings
                counts["to tidy"] += bool(findings)
                if number % 5 == 4 or number == times - 1:
                    assert library.mend() == []
            assert (one.is_alive(), two.is_alive()) == (True, True), (
                "a reader saw something that was half there, or failed"
            )
    return counts


def _outcomes(held: set[str], pending: list[str]) -> list[set[str]]:
    """What may be there: the change that was under way is done or not."""
    if not pending:
        return [held]
    what, name, *outdated = pending
    return [held, held - {name} if what == "removing" else (held - set(outdated)) | {name}]


def test_a_writer_that_is_killed_10_times_loses_nothing(tmp_path: Path) -> None:
    counts = survive(tmp_path, 10, seed=1)
    assert counts["kills"] == 10
    assert counts["changes"] > 0


@pytest.mark.slow
def test_a_writer_that_is_killed_200_times_loses_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    counts = survive(tmp_path, 200, seed=1000)
    with capsys.disabled():
        print(f"\n{counts}")
    assert counts["kills"] == 200
    assert counts["in the middle"] > 100
