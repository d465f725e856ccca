from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from eval.case import Case, Place, Prediction
from eval.compare import baseline_folder, compare, keep
from eval.contract import Benchmark, System
from eval.intervals import mcnemar, mean_interval, paired_difference, statistic_intervals
from eval.pictures import calibration_curve, draw_pictures, recall_curve, risk_coverage
from eval.report import make_report, markdown, write_report
from eval.rows import Row, read_rows, write_row
from eval.run import ROWS, RunPlan, choose_cases, run
from eval.scorers.answer import AnswerScorer
from eval.scorers.retrieval import PageRetrieval
from ingest.errors import UsageError

CASES = tuple(
    Case(
        str(i),
        f"How much is {i}?",
        str(i),
        places=(Place("d", i),),
        documents=("d",),
        group="even" if i % 2 == 0 else "odd",
    )
    for i in range(8)
)


@dataclass
class Parrot:
    """Answers with the case's own id, but for those that it is told to miss or to fail at."""

    wrong: frozenset[str] = frozenset()
    fails: frozenset[str] = frozenset()
    asked: list[str] = field(default_factory=list)
    name: str = "parrot"

    def prepare(self, cases: Sequence[Case], progress: Callable[[str, int, int], None]) -> Mapping[str, str]:
        return {"weights": "none"}

    def predict(self, case: Case) -> Prediction:
        self.asked.append(case.id)
        if case.id in self.fails:
            raise ValueError("cannot")
        value = "99" if case.id in self.wrong else case.id
        from eval.case import PredictedValue

        return Prediction(
            "answered", text=value, values=(PredictedValue(value, ""),), retrieved=(Place("d", int(case.id)),)
        )


class Abstaining(Parrot):
    """Answers nothing."""

    def predict(self, case: Case) -> Prediction:
        return Prediction("abstained", reason="not_reported")


def plan_of(system: System, out: Path, limit: int | None = None) -> RunPlan:
    benchmark = Benchmark(
        "parrots",
        "Made for a test.",
        lambda data: CASES,
        (AnswerScorer(), PageRetrieval()),
        {"parrot": lambda d, w: system},
        ("correct",),
    )
    return RunPlan(benchmark, "parrot", Path("data"), out / "work", out, limit)


def nothing(what: str, done: int, total: int) -> None:
    """Show no progress."""


def test_a_run_writes_a_row_for_each_case_and_a_report(tmp_path: Path) -> None:
    plan = plan_of(Parrot(wrong=frozenset({"3"})), tmp_path)
    result = run(plan, nothing)
    rows = result.rows
    report = make_report(plan.benchmark, rows, result.described, result.cost)
    write_report(report, rows, plan.benchmark, tmp_path)
    stored = json.loads((tmp_path / "report.json").read_text())
    assert stored["metrics"]["correct"]["value"] == 7 / 8
    assert stored["metrics"]["correct"]["n"] == 8
    assert set(stored["metrics"]["correct"]) == {"value", "low", "high", "n"}
    assert stored["groups"]["odd"]["wrong"]["value"] == 1 / 4
    assert [row.id for row in read_rows(tmp_path / ROWS)] == [case.id for case in CASES]
    assert "| correct | 0.875 |" in markdown(report, rows, plan.benchmark)
    assert "`3`" in (tmp_path / "report.md").read_text()
    assert stored["metrics"]["coverage"]["value"] == 1
    assert stored["metrics"]["wrong_of_answered"] == stored["metrics"]["wrong"]
    assert stored["cost"]["kept"] == 0
    assert 10 < stored["cost"]["peak_memory_mb"] < 100_000
    assert 0 <= stored["cost"]["prepare_seconds"] <= stored["cost"]["ask_seconds"] + 5
    assert "- peak memory: " in (tmp_path / "report.md").read_text()
    assert "## Undecided answers\n\nnone\n" in (tmp_path / "report.md").read_text()


def test_cases_may_be_asked_at_once_and_their_rows_stay_in_order(tmp_path: Path) -> None:
    meeting = threading.Barrier(4, timeout=5)

    class Meeting(Parrot):
        """Goes on when four cases are asked at once, and lets the first of them wait for the others."""

        concurrent = 4

        def predict(self, case: Case) -> Prediction:
            meeting.wait()
            time.sleep(0.05 * (case.id in ("0", "4")))
            return super().predict(case)

    system = Meeting()
    result = run(plan_of(system, tmp_path), nothing)
    assert [row.id for row in result.rows] == [case.id for case in CASES]
    assert system.asked[0] != "0"
    assert all(row.scores["correct"] for row in result.rows)


def test_tokens_and_cost_are_summed_over_all_cases(tmp_path: Path) -> None:
    def report_of(*costs: str | None) -> dict[str, object]:
        usage = {"prompt_tokens": 1000, "tokens": 20, "requests": 2}
        rows = [
            Row.of(case, Prediction("answered", extra={"usage": {**usage, "cost": cost}}), ())
            for case, cost in zip(CASES, costs, strict=False)
        ]
        rows.append(Row.of(CASES[0], Prediction("answered", extra={"usage": None}), ()))
        plan = plan_of(Parrot(), tmp_path)
        report = make_report(plan.benchmark, rows, {"seed": 0, "system": "s", "cases": 3, "state": {}}, cost)
        (told,) = re.findall("- the generator, (.*)", markdown(report, rows, plan.benchmark))
        return {**report["usage"], "told": told}

    cost = run(plan_of(Parrot(), tmp_path), nothing).cost
    known = report_of("0.0001", "0.0020")
    assert known == {
        "cases": 2,
        "prompt_tokens": 2000,
        "tokens": 40,
        "requests": 4,
        "cost": "0.0021",
        "told": "over 2 cases: 2,000 tokens read, 40 written in 4 requests, cost 0.0021 in the currency of the prices",
    }
    assert report_of("0.0001", None)["cost"] is None
    plan = plan_of(Parrot(), tmp_path)
    assert "the generator, over" not in markdown(
        make_report(plan.benchmark, [], {"seed": 0, "system": "s", "cases": 0, "state": {}}, cost), [], plan.benchmark
    )


def test_kept_cases_are_told_with_the_cost(tmp_path: Path) -> None:
    run(plan_of(Parrot(fails=frozenset({"2"})), tmp_path), nothing)
    again = run(plan_of(Parrot(), tmp_path), nothing)
    assert again.cost.kept == 7


def test_a_failed_case_is_a_row_and_is_tried_again(tmp_path: Path) -> None:
    rows = run(plan_of(Parrot(fails=frozenset({"2"})), tmp_path), nothing).rows
    assert [(row.prediction.status, row.scores["failed"]) for row in rows if row.id == "2"] == [("failed", 1.0)]
    again = Parrot()
    rows = run(plan_of(again, tmp_path), nothing).rows
    assert again.asked == ["2"]
    assert all(row.scores["correct"] for row in rows)


def test_an_interrupted_run_is_taken_up_where_it_stopped(tmp_path: Path) -> None:
    run(plan_of(Parrot(), tmp_path), nothing)
    lines = (tmp_path / ROWS).read_text().splitlines(keepends=True)
    (tmp_path / ROWS).write_text("".join(lines[:3]) + lines[3][:40])
    again = Parrot()
    rows = run(plan_of(again, tmp_path), nothing).rows
    assert again.asked == ["3", "4", "5", "6", "7"]
    assert len(rows) == 8


def test_rows_hold_any_line_end_of_a_filing(tmp_path: Path) -> None:
    prediction = Prediction("answered", text="a\u2028b\x85c\x0cd\ne")
    rows = [Row.of(case, prediction, ()) for case in CASES[:3]]
    (tmp_path / ROWS).write_text("".join(write_row(row) + "\n" for row in rows), encoding="utf-8")
    assert read_rows(tmp_path / ROWS) == rows


def test_a_folder_of_another_run_is_not_overwritten(tmp_path: Path) -> None:
    run(plan_of(Parrot(), tmp_path), nothing)
    with pytest.raises(UsageError, match=r"another run .* limit"):
        run(plan_of(Parrot(), tmp_path, limit=2), nothing)


def test_cases_are_drawn_by_the_seed_and_keep_their_order() -> None:
    chosen = choose_cases(CASES, 4, seed=1)
    assert chosen == choose_cases(CASES, 4, seed=1)
    assert chosen != choose_cases(CASES, 4, seed=2)
    assert sorted(chosen, key=lambda case: int(case.id)) == list(chosen)
    assert choose_cases(CASES, None, seed=1) == CASES


def test_two_runs_are_compared_case_by_case(tmp_path: Path) -> None:
    run(plan_of(Parrot(), tmp_path / "a"), nothing)
    run(plan_of(Parrot(wrong=frozenset("0123456")), tmp_path / "b"), nothing)
    comparison = compare(tmp_path / "a", tmp_path / "b")
    assert comparison.differences["correct"].value == -7 / 8
    assert comparison.differences["correct"].p == pytest.approx(2 / 2**7)
    assert set(comparison.regressions(("wrong",))) >= {"correct", "wrong"}
    assert set(comparison.regressions(("wrong",), ("correct",))) == {"correct", "wrong"}
    assert comparison.changed == tuple("0123456")
    assert compare(tmp_path / "b", tmp_path / "a").regressions(("wrong", "wrong_of_answered")) == {}


def test_more_wrong_answers_lose_a_baseline_whatever_else_is_looked_at(tmp_path: Path) -> None:
    abstaining = plan_of(Abstaining(), tmp_path / "a")
    run(abstaining, nothing)
    run(plan_of(Parrot(wrong=frozenset("01234567")), tmp_path / "b"), nothing)
    lost = compare(tmp_path / "a", tmp_path / "b").regressions(("wrong",), ("correct",))
    assert set(lost) == {"wrong"}


def test_a_rerun_differs_in_nothing(tmp_path: Path) -> None:
    run(plan_of(Parrot(), tmp_path / "a"), nothing)
    run(plan_of(Parrot(), tmp_path / "b"), nothing)
    comparison = compare(tmp_path / "a", tmp_path / "b")
    assert comparison.changed == ()
    assert {d.p for d in comparison.differences.values()} == {1.0}


def test_folders_that_are_no_runs_are_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no run"):
        compare(tmp_path, tmp_path)
    with pytest.raises(UsageError, match="no baseline"):
        baseline_folder("nothing", "parrots")


def test_intervals_hold_the_mean_and_shrink_with_more_cases() -> None:
    few, many = mean_interval([1.0, 0.0] * 5), mean_interval([1.0, 0.0] * 500)
    assert few.low < few.value == 0.5 < few.high
    assert many.high - many.low < (few.high - few.low) / 5
    assert mean_interval([1.0] * 9) == mean_interval([1.0] * 9)
    assert statistic_intervals(10, lambda chosen: {"count": len(chosen)})["count"].value == 10


def test_a_figure_that_a_draw_lacks_has_no_part_in_its_interval() -> None:
    def share(chosen: Sequence[int]) -> dict[str, float]:
        return {"share": 0.5} if 0 in chosen else {}

    interval = statistic_intervals(4, share)["share"]
    assert (interval.value, interval.low, interval.high) == (0.5, 0.5, 0.5)


def test_cases_that_are_no_independent_witnesses_are_drawn_together() -> None:
    values, days = [1.0] * 50 + [0.0] * 50, ["monday"] * 50 + ["tuesday"] * 50
    alone, together = mean_interval(values), mean_interval(values, together=days)
    assert (together.value, together.low, together.high, together.n) == (0.5, 0.0, 1.0, 100)
    assert alone.low > 0.3
    one_each = mean_interval(values, together=[str(n) for n in range(100)])
    assert (one_each.low, one_each.high) == (alone.low, alone.high)

    def share(chosen: Sequence[int]) -> dict[str, float]:
        return {"share": sum(values[i] for i in chosen) / len(chosen)}

    assert statistic_intervals(100, share, together=days)["share"].high == 1.0
    assert statistic_intervals(100, share)["share"].high < 0.7


def test_paired_tests() -> None:
    assert mcnemar(0, 0) == 1
    assert mcnemar(0, 5) == pytest.approx(2 / 32)
    assert mcnemar(3, 3) == 1
    assert paired_difference([0.1] * 20, [0.2] * 20).significant
    assert not paired_difference([0.1, 0.3] * 10, [0.3, 0.1] * 10).significant
    with pytest.raises(ValueError, match="same cases"):
        paired_difference([1.0], [1.0, 0.0])


def test_curves_come_from_the_rows(tmp_path: Path) -> None:
    rows = run(plan_of(Parrot(wrong=frozenset({"1", "5"})), tmp_path), nothing).rows
    assert risk_coverage(rows) == [(1.0, 0.25)]
    assert calibration_curve(rows) == []
    assert recall_curve(rows)[0] == (1.0, 1.0)


def test_confident_answers_are_taken_first_and_undecided_ones_are_left_out() -> None:
    def row(number: int, confidence: float, **scores: float) -> Row:
        prediction = Prediction("answered" if scores else "abstained", confidence=confidence)
        return Row(str(number), "", "", "?", "", prediction, dict(scores), {})

    rows = [
        row(1, 0.8, correct=1.0),
        row(2, 0.4, correct=0.0),
        row(3, 0.8, correct=1.0),
        row(4, 0.9, correct=0.0, undecided=1.0),
        row(5, 0.9),
    ]
    assert risk_coverage(rows) == [(pytest.approx(0.2), 0.0), (pytest.approx(0.4), 0.0), (pytest.approx(0.6), 1 / 3)]
    assert calibration_curve(rows) == [(0.4, 0.0), (0.8, 1.0)]


def test_pictures_are_drawn_of_what_the_rows_allow(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="the eval extra is not installed")
    plan = plan_of(Parrot(), tmp_path)
    drawn = draw_pictures(run(plan, nothing).rows, "parrots", tmp_path)
    assert [path.name for path in drawn] == ["risk_coverage.png", "recall_at_k.png"]
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in drawn)


def test_a_baseline_holds_scores_and_nobodys_words(tmp_path: Path) -> None:
    run(plan_of(Parrot(), tmp_path / "a"), nothing)
    run(plan_of(Parrot(wrong=frozenset("01234567")), tmp_path / "b"), nothing)
    assert keep(tmp_path / "a", tmp_path / "kept") == 8
    stored = (tmp_path / "kept" / ROWS).read_text()
    assert "How much" not in stored
    assert baseline_folder(str(tmp_path / "kept"), "parrots") == tmp_path / "kept"
    assert compare(tmp_path / "kept", tmp_path / "a").changed == ()
    lost = compare(tmp_path / "kept", tmp_path / "b")
    assert len(lost.changed) == 8
    assert "correct" in lost.regressions(("wrong",), ("correct",))
