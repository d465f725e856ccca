from __future__ import annotations

from pathlib import Path

import pytest

from eval.case import Case, Prediction
from eval.contract import Benchmark
from eval.judges import LlmJudge, open_judge
from eval.report import metrics
from eval.rows import Row
from eval.run import score
from eval.running import run_and_report
from eval.scorers.answer import AnswerScorer
from eval.scorers.labels import answer_hash, cohens_kappa
from ingest.errors import ModelError, UsageError

CASES = tuple(Case(str(n), f"Why {n}?", "Demand for tools grew.") for n in range(4))
ANSWERS = tuple(Prediction("answered", text=text) for text in ("Tools sold well.", "Oil fell.", "Rain.", "More tools."))


class Scripted:
    """A model that writes what it is told and keeps the prompts."""

    def __init__(self, *replies: str) -> None:
        self.replies = list(replies)
        self.prompts: list[str] = []

    def complete(self, prompt: str) -> str:
        self.prompts.append(prompt)
        return self.replies.pop(0)


class Broken:
    def complete(self, prompt: str) -> str:
        raise ConnectionError("refused")


SCRIPTED = Scripted()
NOTHING = 7


@pytest.mark.parametrize(
    ("reply", "verdict"),
    [("correct", True), ("**Wrong**, for it", False), ("incorrect", None), ("It is correct", None), ("", None)],
)
def test_a_verdict_is_the_first_word(reply: str, verdict: bool | None) -> None:
    llm = Scripted(reply)
    assert LlmJudge(llm).judge(CASES[0], ANSWERS[0]) is verdict
    assert all(text in llm.prompts[0] for text in ("Why 0?", "Demand for tools grew.", "Tools sold well."))


def test_a_model_that_cannot_be_asked_is_named() -> None:
    with pytest.raises(ModelError, match="refused"):
        LlmJudge(Broken()).judge(CASES[0], ANSWERS[0])


def test_judges_are_opened_by_their_place() -> None:
    assert open_judge(f"{__name__}:SCRIPTED") == LlmJudge(SCRIPTED)
    opened = open_judge(f"{__name__}:Broken")
    assert isinstance(opened, LlmJudge)
    assert isinstance(opened.llm, Broken)
    for place in (f"{__name__}:NOTHING", f"{__name__}:missing", "no.such.module:x", "nothing", ""):
        with pytest.raises(UsageError, match="judge"):
            open_judge(place)


def test_a_llamaindex_model_is_a_judge() -> None:
    pytest.importorskip("llama_index.core", reason="llama-index-core is not installed")
    # It says the prompt again, whose first word is no verdict.
    judge = open_judge("llama_index.core.llms:MockLLM")
    assert judge.judge(CASES[0], ANSWERS[0]) is None


def test_kappa_by_hand() -> None:
    # Agreement 3/4; by chance 1/2 x 3/4 + 1/2 x 1/4 = 1/2.
    assert cohens_kappa([(True, True), (True, True), (False, False), (False, True)]) == pytest.approx(0.5)
    assert cohens_kappa([(True, False), (False, True)]) == -1
    assert cohens_kappa([(True, True)]) is None
    assert cohens_kappa([]) is None


def test_agreement_and_kappa_are_of_the_labelled_answers_alone() -> None:
    said = ("correct", "wrong", "wrong")
    labels = {answer_hash(CASES[n], ANSWERS[n]): label for n, label in enumerate(said)}
    judge = LlmJudge(Scripted("correct", "correct", "wrong"))
    benchmark = Benchmark("b", "", lambda data: (), (AnswerScorer(labels, judge),), {}, ())
    rows = [Row.of(case, said, score(benchmark, case, said)) for case, said in zip(CASES, ANSWERS, strict=True)]
    found = metrics(benchmark, rows, seed=0)
    assert (found["judge_agreement"].value, found["judge_agreement"].n) == (pytest.approx(2 / 3), 3)
    assert found["judge_kappa"].value == pytest.approx((2 / 3 - 4 / 9) / (1 - 4 / 9))
    assert [row.scores["correct"] for row in rows] == [1, 0, 0, 0]


def test_a_judge_without_labels_has_nothing_to_agree_with(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--labels"):
        run_and_report("own", "bm25", None, None, None, 0, None, f"{__name__}:Broken", tmp_path, tmp_path)
