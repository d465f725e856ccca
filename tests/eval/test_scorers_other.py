from __future__ import annotations

from collections import Counter
from math import log2

import pytest

from eval.case import Case, Place, Prediction
from eval.scorers.calibration import brier, calibration_error, risk_coverage_area
from eval.scorers.classification import ClassScorer, class_aggregates, macro_f1, mcc
from eval.scorers.programs import ExecutionScorer, same_result
from eval.scorers.retrieval import PageRetrieval, ndcg, reciprocal_rank
from eval.scorers.spans import SpanScorer, TatQaScorer, word_f1

A, B, C = Place("x", 1), Place("x", 2), Place("y", 3)


def values(scorer: object, case: Case, prediction: Prediction) -> dict[str, float | None]:
    return {score.metric: score.value for score in scorer.score(case, prediction)}  # type: ignore[attr-defined]


def test_recall_is_the_share_of_gold_pages_and_a_hit_is_any_of_them() -> None:
    case = Case("1", "?", "", places=(A, B), documents=("x",))
    found = values(PageRetrieval(), case, Prediction("answered", retrieved=(A, C, B)))
    assert (found["page_recall@1"], found["page_hit@1"]) == (0.5, 1)
    assert (found["page_recall@3"], found["mrr"], found["document@1"]) == (1, 1, 1)


def test_a_right_page_number_of_another_document_is_no_hit() -> None:
    case = Case("1", "?", "", places=(A,), documents=("x",))
    found = values(PageRetrieval(), case, Prediction("answered", retrieved=(Place("y", 1),)))
    assert (found["page_hit@20"], found["document@1"]) == (0, 0)


def test_without_gold_pages_retrieval_does_not_apply() -> None:
    found = values(PageRetrieval(), Case("1", "?", ""), Prediction("answered", retrieved=(A,)))
    assert set(found.values()) == {None}


def test_ndcg_and_reciprocal_rank_by_hand() -> None:
    assert ndcg((C, A), (A,)) == pytest.approx(1 / log2(3))
    assert ndcg((A, B), (A, B)) == 1
    assert reciprocal_rank((C, A), (A, B)) == 0.5
    assert reciprocal_rank((C,), (A,)) == 0


@pytest.mark.parametrize(
    ("result", "gold", "same"),
    [
        ("0.123456", "0.12346", True),
        ("0.12345", "0.12346", False),
        ("-0.5", "0.5", False),
        ("yes", "Yes", True),
        ("no", "yes", False),
        ("94", "94.0", True),
        ("1e3", "1000", True),
        ("nonsense", "1", False),
    ],
)
def test_results_are_compared_to_five_decimals(result: str, gold: str, same: bool) -> None:
    assert same_result(result, gold) is same


def test_an_abstention_is_no_execution() -> None:
    found = values(ExecutionScorer(), Case("1", "?", "2"), Prediction("abstained", reason="not_supported"))
    assert found == {"execution_accuracy": 0, "correct": 0, "wrong": 0, "abstained": 1}
    assert values(ExecutionScorer(), Case("1", "?", "2"), Prediction("answered", label="3"))["wrong"] == 1


@pytest.mark.parametrize(
    ("said", "gold", "f1"),
    [("the net sales", "Net sales", 1.0), ("net sales rose", "net sales", 0.8), ("costs", "sales", 0.0), ("", "", 1.0)],
)
def test_word_f1(said: str, gold: str, f1: float) -> None:
    assert word_f1(said, gold) == pytest.approx(f1)


def test_spans_that_were_not_given_score_nothing() -> None:
    assert values(SpanScorer(), Case("1", "?", "sales"), Prediction("abstained")) == {"em": 0, "f1": 0}


def tatqa(answers: tuple[str, ...], scale: str) -> Case:
    return Case(
        "1",
        "?",
        answers[0],
        data={"answers": answers, "scale": scale, "answer_type": "arithmetic" if scale else "span"},
    )


@pytest.mark.parametrize(
    ("said", "scale", "right"),
    [
        ("1577", "million", 1),
        ("1,577", "million", 1),
        ("1577", "thousand", 0),
        ("1577", "", 0),
        ("-1577", "million", 0),
        ("1577000", "thousand", 1),
    ],
)
def test_a_tatqa_number_counts_with_its_scale(said: str, scale: str, right: float) -> None:
    prediction = Prediction("answered", label=said, extra={"scale": scale})
    found = values(TatQaScorer(), tatqa(("1577",), "million"), prediction)
    assert (found["em"], found["f1"], found["correct"], found["wrong"]) == (right, right, right, 1 - right)


def test_tatqa_spans_are_bags() -> None:
    case = tatqa(("Net sales", "Cost of sales"), "")
    swapped = Prediction("answered", extra={"answers": ("cost of sales", "net sales"), "scale": ""})
    half = Prediction("answered", extra={"answers": ("net sales",), "scale": ""})
    assert [values(TatQaScorer(), case, swapped)[name] for name in ("em", "f1")] == [1, 1]
    # Two of the four different words: the evaluator compares the sets of words of all spans together.
    assert [values(TatQaScorer(), case, half)[name] for name in ("em", "f1")] == [0, 0.67]


def test_a_class_that_was_not_predicted_is_a_miss() -> None:
    assert values(ClassScorer(), Case("1", "?", "up"), Prediction("abstained"))["accuracy"] == 0


def test_class_metrics_by_hand() -> None:
    gold, said = ["a", "a", "b", "b"], ["a", "b", "b", "b"]
    counts = Counter(zip(gold, said, strict=True))
    assert macro_f1(counts) == pytest.approx((2 / 3 + 4 / 5) / 2)
    assert mcc(counts) == pytest.approx(0.57735, abs=1e-5)
    assert mcc(Counter(zip(gold, ["a"] * 4, strict=True))) == 0
    pairs = [
        (Case(str(i), "?", g), Prediction("answered", label=s)) for i, (g, s) in enumerate(zip(gold, said, strict=True))
    ]
    found = class_aggregates(pairs)
    assert (found["macro_f1"], found["mcc"]) == (macro_f1(counts), mcc(counts))
    assert (found["precision[b]"], found["recall[a]"]) == (2 / 3, 1 / 2)


def test_calibration_by_hand() -> None:
    assert calibration_error([0.9, 0.9], [1, 0]) == pytest.approx(0.4)
    assert calibration_error([1.0, 0.0], [1, 0]) == 0
    assert brier([0.8, 0.4], [1, 0]) == pytest.approx((0.04 + 0.16) / 2)
    assert risk_coverage_area([0.9, 0.1], [1, 0]) == pytest.approx(0.25)
    assert risk_coverage_area([0.1, 0.9], [1, 0]) == pytest.approx(0.75)
    assert (calibration_error([], []), brier([], []), risk_coverage_area([], [])) == (0, 0, 0)
