from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from eval.benchmarks import phrasebank
from eval.case import Case, Place, Prediction
from eval.command import app
from eval.contract import Progress, System
from eval.noise import measure_noise, noise_between
from eval.run import RunPlan, run
from ingest.errors import UsageError

TABLE = "text,label\nProfit rose to EUR 9 mn .,positive\nSales fell .,negative\nThe office is in Oulu .,neutral\n"


class Wavering:
    """Says the gold label; what it keeps beside differs from one such system to the next."""

    name = "wavering"

    def __init__(self, extra: Mapping[str, object], odd: str | None = None) -> None:
        self.extra = extra
        self.odd = odd

    def prepare(self, cases: Sequence[Case], progress: Progress) -> Mapping[str, str]:
        return {}

    def predict(self, case: Case) -> Prediction:
        label = self.odd if self.odd and case.gold == "neutral" else case.gold
        return Prediction("answered", text=label, label=label, extra=self.extra, retrieved=(Place("d", 1),))


def ran(folder: Path, system: System) -> Path:
    source = folder.parent / "phrasebank_few.csv"
    source.write_text(TABLE, encoding="utf-8")
    benchmark = replace(phrasebank.BENCHMARK, systems={"wavering": lambda data, work: system})
    run(RunPlan(benchmark, "wavering", source.parent, folder, folder), lambda what, done, total: None)
    return folder


def test_times_are_no_noise(tmp_path: Path) -> None:
    first = ran(tmp_path / "1", Wavering({"timings": {"search": 1.0}, "steps": [{"seconds": 3, "got": "4"}]}))
    second = ran(tmp_path / "2", Wavering({"timings": {"search": 2.0}, "steps": [{"seconds": 5, "got": "4"}]}))
    noise = noise_between(first, second)
    assert (noise.cases, noise.said, noise.whole, noise.scored) == (3, (), (), ())


def test_what_an_answer_rests_on_counts_beside_what_it_says(tmp_path: Path) -> None:
    first = ran(tmp_path / "1", Wavering({"steps": ["a"]}))
    assert noise_between(first, ran(tmp_path / "2", Wavering({"steps": ["b"]}))).said == ()
    assert len(noise_between(first, tmp_path / "2").whole) == 3
    other = noise_between(first, ran(tmp_path / "3", Wavering({"steps": ["a"]}, odd="positive")))
    assert other.said == other.whole == other.scored == ("few-4",)


def test_two_fresh_processes_run_the_same_benchmark(tmp_path: Path) -> None:
    (tmp_path / "phrasebank_few.csv").write_text(TABLE, encoding="utf-8")
    given = ["phrasebank", "--system", "majority", "--data", str(tmp_path)]
    told = CliRunner().invoke(app, ["noise", *given, "--out", str(tmp_path / "out")])
    assert told.exit_code == 0, told.output
    assert "phrasebank, majority, twice: of 3 answers" in told.output
    assert told.output.count(": 0\n") == 3
    assert (tmp_path / "out" / "2" / "report.json").is_file()
    with pytest.raises(UsageError, match="there already"):
        measure_noise(given, tmp_path / "out")


def test_a_run_that_fails_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"failed: .*phrasebank_"):
        measure_noise(["phrasebank", "--data", str(tmp_path)], tmp_path / "out")
