"""Our own questions over the EDGAR filings, with keys read from their pages by eye: none is answered wrongly.

The held-out ones were written after the rules were built, by looking at the filings alone.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.add import add_files
from assistant.ask import Assistant
from eval.benchmarks import own
from eval.case import Case, PredictedValue, Prediction
from eval.scorers.answer import judge
from index.library import Library
from ingest.vocabulary import built_in_vocabulary
from model.contract import EchoGenerator
from model.embedder import HashEmbedder

FILINGS = Path(os.environ.get("TIEOUT_DATA", "../shared/data")) / "edgar" / "html"
ASKED = Path(__file__).parent / "asked"
SETS = {"development": 31, "held_out": 44}
"""At least so many of each set are answered."""
EMBEDDER = HashEmbedder()

pytestmark = pytest.mark.skipif(not FILINGS.is_dir(), reason=f"the measuring data is not at {FILINGS}")


def lines(name: str) -> list[str]:
    """The lines of a set."""
    return (ASKED / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()


def cases(name: str, folder: Path) -> tuple[Case, ...]:
    """The questions of a set, beside links to the filings that they are about."""
    for path in FILINGS.iterdir():
        (folder / path.name).symlink_to(path.resolve())
    (folder / "questions.jsonl").write_bytes((ASKED / f"{name}.jsonl").read_bytes())
    return own.load(folder)


@pytest.mark.parametrize("name", SETS)
def test_every_question_is_of_a_filing_that_is_there(name: str, tmp_path: Path) -> None:
    found = cases(name, tmp_path)
    assert len(found) == len(lines(name))
    assert all(case.documents and case.group for case in found)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    filings = {json.loads(line)["document"] for name in SETS for line in lines(name)}
    # Quarters that a fourth quarter is what is left of.
    filings |= {"AAPL_10-Q_0000320193-23-000077.html", "pg-10-q-2025-04-24.html"}
    with Library.open(tmp_path_factory.mktemp("asked") / "library", create=True, embedder=EMBEDDER) as opened:
        for added in add_files([FILINGS / name for name in sorted(filings)], opened, lambda: EMBEDDER):
            assert added.outcome == "added", added.message
        yield opened


@pytest.mark.slow
@pytest.mark.parametrize("name", SETS)
def test_no_answer_is_wrong(name: str, library: Library, tmp_path: Path) -> None:
    assistant = Assistant(
        library, built_in_vocabulary(), lambda: EMBEDDER, lambda: EchoGenerator("abstain(not_supported)")
    )
    verdicts: Counter[str] = Counter()
    wrong: list[str] = []
    for case in cases(name, tmp_path):
        answer = assistant.ask(case.question).answer
        if answer.status == "abstained":
            verdicts["abstained"] += 1
            continue
        values = tuple(PredictedValue(value.value, value.unit) for value in answer.values)
        verdict, _, _ = judge(case, Prediction("answered", answer.text, values))
        verdicts[verdict] += 1
        if verdict == "wrong":
            wrong.append(f"{case.question}: {answer.text} against {case.gold}")
    assert not wrong
    assert sum(verdicts.values()) - verdicts["abstained"] >= SETS[name]
