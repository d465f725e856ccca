from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from eval.case import Case, CitedPlace, Place, PredictedValue, Prediction
from eval.scorers.amounts import amounts_in
from eval.scorers.answer import AnswerScorer, judge
from eval.scorers.citation import CitationScorer
from eval.scorers.gold import parse_gold_number
from eval.scorers.labels import answer_hash, read_labels, write_sheet
from eval.scorers.support import SupportScorer, stray_numbers
from ingest.errors import UsageError


def answered(value: str, unit: str, text: str = "") -> Prediction:
    return Prediction("answered", text=text or f"{value} {unit}", values=(PredictedValue(value, unit),))


@pytest.mark.parametrize(
    ("gold", "question", "value", "unit", "right"),
    [
        ("$1577.00", "capital expenditure (in USD millions)?", "1577", "USD millions", True),
        ("$1577.00", "capital expenditure (in USD millions)?", "1577000000", "USD", True),
        ("$1577.00", "capital expenditure (in USD millions)?", "1.577", "USD billions", True),
        ("$1577.00", "capital expenditure (in USD millions)?", "1577", "USD", False),
        ("$1577.00", "capital expenditure (in USD millions)?", "1577", "USD thousands", False),
        ("$1577.00", "capital expenditure (in USD millions)?", "-1577", "USD millions", False),
        ("$1577.00", "capital expenditure (in USD millions)?", "1577.4", "USD millions", True),
        ("$1577.00", "capital expenditure (in USD millions)?", "1577.5", "USD millions", False),
        ("$1577.00", "capital expenditure (in USD millions)?", "1578", "USD millions", False),
        ("$8.70", "net PPNE? Answer in USD billions.", "8.7", "USD billions", True),
        ("$8.70", "net PPNE? Answer in USD billions.", "8738", "USD millions", True),
        ("$8.70", "net PPNE? Answer in USD billions.", "8.8", "USD billions", False),
        ("$8.70", "net PPNE? Answer in USD billions.", "8.7", "USD millions", False),
        ("$0.40", "dividends (in USD billions)?", "389", "USD millions", True),
        ("30.8%", "change in revenue, in percents?", "30.8", "percent", True),
        ("30.8%", "change in revenue, in percents?", "30.84", "percent", True),
        ("30.8%", "change in revenue, in percents?", "0.308", "ratio", True),
        ("30.8%", "change in revenue, in percents?", "0.308", "percent", False),
        ("30.8%", "change in revenue, in percents?", "-30.8", "percent", False),
        ("5%", "what share?", "0.05", "ratio", True),
        ("5%", "what share?", "5", "USD millions", False),
        ("-0.02", "what is the ratio?", "-0.02", "ratio", True),
        ("-0.02", "what is the ratio?", "0.02", "ratio", False),
        ("24.26", "turnover ratio, two decimals?", "24.26", "ratio", True),
        ("24.26", "turnover ratio, two decimals?", "24.264", "ratio", True),
        ("24.26", "turnover ratio, two decimals?", "24.265", "ratio", False),
        ("93.86", "days payable outstanding?", "93.86", "days", True),
        ("$1.2 billion", "how much?", "1200", "USD millions", True),
        ("$1.2 billion", "how much?", "1.2", "USD millions", False),
        ("$400,000,000", "by how much?", "400", "USD millions", True),
        ("$66.56", "per share?", "66.56", "USD/shares", True),
        ("(1,577)", "cash flow (in USD millions)?", "-1577", "USD millions", True),
        ("0", "what is the amount?", "-0", "USD millions", True),
        ("3.0%", "how much in percent?", "3", "percentage points", True),
    ],
)
def test_a_number_counts_with_sign_scale_unit_and_the_rounding_of_the_key(
    gold: str, question: str, value: str, unit: str, right: bool
) -> None:
    verdict, _, why = judge(Case("1", question, gold), answered(value, unit))
    assert verdict == ("correct" if right else "wrong"), why


@pytest.mark.parametrize(("value", "unit"), [("-1577", "USD millions"), ("1577", "USD"), ("1570", "USD millions")])
def test_what_lenient_scorers_forgive_stands_beside_and_is_not_correct(value: str, unit: str) -> None:
    case = Case("1", "capital expenditure (in USD millions)?", "$1577.00")
    scores = {s.metric: s.value for s in AnswerScorer().score(case, answered(value, unit))}
    assert (scores["correct"], scores["wrong"], scores["correct_lenient"]) == (0, 1, 1)


@pytest.mark.parametrize(
    ("gold", "decimals", "value"),
    [("$8.70", 1, "8.70"), ("1577.00", 0, "1577.00"), ("24.26", 2, "24.26"), ("(3.5)", 1, "-3.5"), ("-$2", 0, "-2")],
)
def test_a_gold_number_has_the_precision_that_it_shows(gold: str, decimals: int, value: str) -> None:
    number = parse_gold_number(gold)
    assert number is not None
    assert (number.decimals, number.value) == (decimals, Decimal(value))


def test_prose_is_no_gold_number() -> None:
    assert parse_gold_number("Yes. It rose by 3.5% to $12 million") is None


def test_numbers_of_a_text_have_their_sign_and_scale() -> None:
    found = amounts_in("a loss of $(3.5) million after 1,200 and 4%")
    assert [amount.full for amount in found] == [Decimal(-3500000), Decimal(1200), Decimal("0.04")]


@pytest.mark.parametrize(
    ("gold", "text", "verdict"),
    [
        ("Yes. It is.", "Yes. Revenue rose [1]", "correct"),
        ("No, it fell.", "Yes. Revenue rose [1]", "wrong"),
        ("It was $3,500 million in total.", "total $3,500 million [1]", "correct"),
        ("The segments are Alpha and Borealis.", "Borealis and Alpha are the segments", "correct"),
        ("It depends on demand.", "something else", "undecided"),
    ],
)
def test_prose_is_decided_by_yes_or_no_by_numbers_and_by_names(gold: str, text: str, verdict: str) -> None:
    assert judge(Case("1", "What?", gold), Prediction("answered", text=text))[0] == verdict


@pytest.mark.parametrize("status", ["abstained", "failed", "not_applicable"])
def test_no_answer_is_neither_correct_nor_wrong(status: str) -> None:
    prediction = Prediction(status, reason="not_reported")  # type: ignore[arg-type]
    scores = {s.metric: s.value for s in AnswerScorer().score(Case("1", "How much?", "12"), prediction)}
    none = None if status == "not_applicable" else 0
    assert (scores["correct"], scores["wrong"], scores["undecided"]) == (none, none, none)
    assert scores["abstained"] == (none if none is None else float(status == "abstained"))


def test_the_four_endings_of_an_answer_add_up_to_one() -> None:
    for prediction in (answered("12", "ratio"), answered("13", "ratio"), Prediction("abstained")):
        scores = {s.metric: s.value or 0 for s in AnswerScorer().score(Case("1", "How much?", "12"), prediction)}
        assert sum(scores[name] for name in ("correct", "wrong", "abstained", "undecided")) == 1


def test_labels_are_found_again_by_the_hash_of_the_answer(tmp_path: Path) -> None:
    case, prediction = Case("1", "Why?", "Because of demand."), Prediction("answered", text="Demand fell.")
    sheet = tmp_path / "sheet.jsonl"
    assert write_sheet(sheet, [(case, prediction)]) == 1
    assert read_labels(sheet) == {}
    sheet.write_text(sheet.read_text().replace('"label": null', '"label": "correct"'))
    labels = read_labels(sheet)
    assert labels == {answer_hash(case, prediction): "correct"}
    scores = {s.metric: s.value for s in AnswerScorer(labels).score(case, prediction)}
    assert (scores["correct"], scores["undecided"]) == (1, 0)


@pytest.mark.parametrize("line", ['{"hash": "a", "label": "maybe"}', "no json", '{"label": "wrong"}'])
def test_a_label_sheet_that_is_wrong_is_one_line(tmp_path: Path, line: str) -> None:
    sheet = tmp_path / "sheet.jsonl"
    sheet.write_text(line + "\n")
    with pytest.raises(UsageError, match="line 1"):
        read_labels(sheet)


def cited(page: int, quote: str) -> CitedPlace:
    return CitedPlace(Place("a", page), None, None, quote)


def test_citations_are_judged_by_page_and_by_operand() -> None:
    case = Case("1", "How much?", "5", places=(Place("a", 3),))
    trace = [{"step": "read E1[2024] “Sales”: 1,577", "result": "1577000000"}]
    prediction = Prediction("answered", citations=(cited(3, "1,577"), cited(4, "99")), extra={"trace": trace})
    scores = {s.metric: s.value for s in CitationScorer().score(case, prediction)}
    assert scores == {"citation_page_precision": 0.5, "citation_operand": 0.5}
    nothing = {s.metric: s.value for s in CitationScorer().score(case, Prediction("abstained"))}
    assert nothing == {"citation_page_precision": None, "citation_operand": None}


@pytest.mark.parametrize(
    ("text", "stray"),
    [
        ("capital expenditure $1,577 million [1]", ()),
        ("growth 3.5% [1][2]", ()),
        ("in FY2018 it was $1,577 million, up 12%", ("12%",)),
        ("it was $1,578 million", ("$1,578 million",)),
        ("about $1.6 billion", ()),
        ("page 4", ()),
    ],
)
def test_numbers_that_nothing_supports_are_counted(text: str, stray: tuple[str, ...]) -> None:
    trace = [{"step": "read E1: (1,577)", "result": "1577000000"}, {"step": "growth(a, b)", "result": "0.0350002"}]
    prediction = Prediction("answered", text=text, citations=(cited(3, "(1,577)"),), extra={"trace": trace})
    assert stray_numbers(Case("1", "What was it in FY2018?", ""), prediction) == stray
    assert SupportScorer().score(Case("1", "in FY2018?", ""), prediction)[0].value == len(stray)


def test_support_does_not_apply_without_an_answer() -> None:
    assert SupportScorer().score(Case("1", "?", ""), Prediction("abstained"))[0].value is None


def test_a_sheet_that_is_written_again_keeps_what_a_person_labelled(tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.jsonl"
    cases = [Case(str(n), f"Why {n}?", "Demand grew.") for n in range(3)]
    said = [Prediction("answered", text=f"Oil {n}\u2028and\x85gas") for n in range(3)]
    pairs = list(zip(cases, said, strict=True))
    assert write_sheet(sheet, pairs[:2]) == 2
    lines = sheet.read_text(encoding="utf-8").split("\n")
    sheet.write_text("\n".join([lines[0].replace("null", '"wrong"'), *lines[1:]]), encoding="utf-8")
    known = {answer_hash(*pairs[0]): "wrong"}
    assert read_labels(sheet) == known
    # The next run, with these labels, has the second and a third left.
    assert write_sheet(sheet, pairs[1:]) == 2
    assert read_labels(sheet) == known
    assert len(sheet.read_text(encoding="utf-8").strip().split("\n")) == 3
    # A run without the labels does not put them aside.
    assert write_sheet(sheet, pairs) == 2
    assert read_labels(sheet) == known
