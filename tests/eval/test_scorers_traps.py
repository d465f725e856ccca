from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path

import pytest

from eval.benchmarks import docugami, financebench, tatqa
from eval.case import Case, CitedPlace, Place, PredictedValue, Prediction
from eval.contract import Benchmark
from eval.report import metrics
from eval.rows import Row
from eval.run import score
from eval.scorers.amounts import amounts_in, only_amount
from eval.scorers.answer import AnswerScorer, judge
from eval.scorers.calibration import outcomes, risk_coverage_area, risk_coverage_points
from eval.scorers.citation import CitationScorer
from eval.scorers.classification import ClassScorer, class_aggregates
from eval.scorers.gold import agrees, parse_gold_number
from eval.scorers.labels import answer_hash
from eval.scorers.programs import ExecutionScorer, same_result
from eval.scorers.prose import first_sentence
from eval.scorers.retrieval import PageRetrieval
from eval.scorers.spans import SpanScorer, TatQaScorer, normal, word_f1
from eval.scorers.support import stray_numbers
from eval.scorers.tatqa import compare, to_number

DATA = Path(os.environ.get("TIEOUT_DATA", Path(__file__).parents[3] / "shared" / "data"))
MILLIONS = "What was it (in USD millions)?"
PERCENT = "What was the growth? Answer in units of percents."


def answered(text: str, *values: tuple[str, str]) -> Prediction:
    return Prediction("answered", text=text, values=tuple(PredictedValue(*value) for value in values))


def scores(scorer: object, case: Case, prediction: Prediction) -> dict[str, float | None]:
    return {score.metric: score.value for score in scorer.score(case, prediction)}  # type: ignore[attr-defined]


# Amounts in text


@pytest.mark.parametrize(
    ("text", "value", "kind", "power"),
    [
        ("-$473 million", "-473", "money", 6),
        ("$-473", "-473", "money", None),
        ("$(362) million", "-362", "money", 6),
        ("−14.76%", "-14.76", "percent", None),
        ("(0.9)%", "-0.9", "percent", None),
        ("it lost (1,577)", "-1577", "number", None),
        ("$842M", "842", "money", 6),
        ("$1.2bn", "1.2", "money", 9),
        ("US$ 3 billion", "3", "money", 9),
        ("1.7 percentage points", "1.7", "points", None),
        ("25 basis points", "25", "points", -2),
        ("102,673,000 shares", "102673000", "shares", None),
        ("93.86 days", "93.86", "days", None),
        ("24.26x", "24.26", "ratio", None),
        ("5 percent", "5", "percent", None),
        ("21,213 million dollars", "21213", "money", 6),
    ],
)
def test_an_amount_has_sign_kind_and_scale(text: str, value: str, kind: str, power: int | None) -> None:
    (amount,) = amounts_in(text)
    assert (amount.value, amount.kind, amount.power) == (Decimal(value), kind, power)


@pytest.mark.parametrize(
    "text",
    [
        "3M Company",
        "Form 10-K",
        "the 777X",
        "in FY2018",
        "2017-2019",
        "Q3 2023",
        "July 1, 2023",
        "31 December 2018",
        "2018-12-31",
        "see [1][2]",
        "note (1)",
        "1. First point",
    ],
)
def test_what_only_looks_like_an_amount_is_none(text: str) -> None:
    assert amounts_in(text) == ()


@pytest.mark.parametrize("text", ["$2,018", "2,018 units", "$2018 million", "2018%"])
def test_a_year_with_a_unit_or_a_separator_is_an_amount(text: str) -> None:
    assert len(amounts_in(text)) == 1


def test_an_aside_in_parentheses_is_no_loss() -> None:
    assert amounts_in("Services (26%) and more")[0].value == 26


@pytest.mark.parametrize(("text", "value"), [("(5)", "-5"), ("(26%)", "-26"), ("2018", "2018"), ("Yes", None)])
def test_parentheses_around_all_of_an_answer_are_a_minus(text: str, value: str | None) -> None:
    amount = only_amount(text)
    assert (None if amount is None else amount.value) == (None if value is None else Decimal(value))


# One gold number


@pytest.mark.parametrize(
    ("gold", "question", "value", "unit", "right"),
    [
        ("$1577.00", MILLIONS, "1577", "EUR millions", False),
        ("$1577.00", MILLIONS, "1577", "shares millions", False),
        ("$1577.00", MILLIONS, "1577", "", True),
        ("$1577.00", MILLIONS, "1577000000", "", True),
        ("$1577.00", MILLIONS, "1577", "million", True),
        ("$1577.00", MILLIONS, "1577", "percent", False),
        ("$1577.00", MILLIONS, "1577", "days", False),
        ("$1577.00", MILLIONS, "1576.5", "USD millions", True),
        ("-$1577.00", MILLIONS, "-1577.5", "USD millions", False),
        ("77.78", "How much does it expect to pay in USD million?", "77.78", "USD millions", True),
        ("77.78", "How much does it expect to pay in USD million?", "77780000", "USD", True),
        ("77.78", "How much does it expect to pay in USD million?", "77.78", "USD", False),
        ("$8.70", "Answer in USD billions.", "8.738", "USD billions", True),
        ("$8.70", "Answer in USD billions.", "8.75", "USD billions", False),
        ("$8.70", "Answer in USD billions.", "9", "USD billions", False),
        ("6.20", "Round your answer to two decimal places.", "6.24", "ratio", False),
        ("6.20", "Round your answer to two decimal places.", "6.204", "ratio", True),
        ("6.2", "Round your answer to two decimal places.", "6.24", "ratio", True),
        ("10.0%", "in percents, round to one decimal place", "10.4", "percent", False),
        ("10.0%", "in percents, round to one decimal place", "10.04", "percent", True),
        ("5%", PERCENT, "0.05", "percent", False),
        ("5%", PERCENT, "5", "ratio", False),
        ("5%", PERCENT, "5", "", True),
        ("5%", PERCENT, "0.05", "", False),
        ("5%", PERCENT, "5", "million", False),
        ("0.05", "What is the ratio?", "5", "percent", True),
        ("0.05", "What is the ratio?", "0.05", "percent", False),
        ("0.05", PERCENT, "0.05", "percent", True),
        ("1 percentage point", "By how many points?", "1", "percentage points", True),
        ("1 percentage point", "By how many points?", "1", "percent", False),
        ("50 basis points", "By how much?", "0.5", "percentage points", True),
        ("$66.56", "How much per share?", "66.56", "USD millions", False),
        ("$66.56", "How much per share?", "66.56", "EUR/shares", False),
        ("24.26", "turnover ratio?", "24.26", "USD millions", False),
        ("0.00", "What ratio?", "-0.0", "ratio", True),
        ("-0.02", "What ratio?", "-0.025", "ratio", False),
        ("$1,577", MILLIONS, "nonsense", "USD millions", False),
        ("$1,577", MILLIONS, "NaN", "USD millions", False),
        ("€5 million", "How much?", "5", "EUR millions", True),
        ("€5 million", "How much?", "5", "USD millions", False),
    ],
)
def test_units_and_named_rounding_are_respected(gold: str, question: str, value: str, unit: str, right: bool) -> None:
    number = parse_gold_number(gold, question)
    assert number is not None
    assert agrees(number, PredictedValue(value, unit)) is right


def test_a_question_that_names_two_scales_names_none() -> None:
    number = parse_gold_number("5", "Is it in USD millions or in USD billions?")
    assert number is not None
    assert number.power is None


@pytest.mark.parametrize(
    ("values", "verdict"),
    [
        ((("1577", "USD millions"), ("1577000000", "USD")), "correct"),
        ((("1577", "USD millions"), ("9", "USD millions")), "undecided"),
        ((("9", "USD millions"), ("8", "USD millions")), "wrong"),
    ],
)
def test_of_several_figures_all_must_be_right(values: tuple[tuple[str, str], ...], verdict: str) -> None:
    assert judge(Case("1", MILLIONS, "$1577.00"), answered("", *values))[0] == verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("It was $1,577 million in FY2018 [1].", "correct"),
        ("It was $1,577 [1].", "correct"),
        ("It was -$1,577 million.", "wrong"),
        ("It was $1,577 million, after $1,373 million.", "undecided"),
        ("It was not told.", "wrong"),
    ],
)
def test_without_values_the_numbers_of_the_text_are_judged(text: str, verdict: str) -> None:
    assert judge(Case("1", MILLIONS, "$1577.00"), answered(text))[0] == verdict


# Prose


@pytest.mark.parametrize(
    ("question", "gold", "text", "verdict"),
    [
        # Sign and direction.
        ("How much?", "It was -$842M.", "It was $842 million", "unclear"),
        ("What drove it?", "It has decreased by 1.7%", "It increased by 1.7%", "wrong"),
        ("What drove it?", "It has decreased by 1.7%", "It was down 1.7%", "correct"),
        ("What drove it?", "It has decreased by 1.7%", "It changed by -1.7%", "correct"),
        ("How much?", "The net loss was $5 million.", "net loss $5 million", "correct"),
        ("How much?", "The net loss was $5 million.", "net income was $5 million", "unclear"),
        # Scale and kind.
        ("How much?", "It cost $257 million.", "It cost $257 billion", "unclear"),
        ("How much?", "It cost $257 million.", "It cost $257,000,000", "correct"),
        ("How much?", "The margin was 5%.", "it was $5", "unclear"),
        ("How much?", "The margin was 5%.", "it was 7%", "wrong"),
        ("How much?", "It rose by 1 percentage point.", "It rose by 1%", "unclear"),
        # A change from one value to another.
        (
            "How much has it changed?",
            "It dropped from 31.2% in FY 2021 to 28.4%.",
            "change -2.8 percentage points",
            "correct",
        ),
        (
            "How much has it changed?",
            "It dropped from 31.2% in FY 2021 to 28.4%.",
            "change 2.8 percentage points",
            "wrong",
        ),
        ("How much has it changed?", "It has changed from 18% to 21%.", "change -2.6 percentage points", "wrong"),
        ("How much has it changed?", "It has changed from 18% to 21%.", "from 18% to 21%", "correct"),
        ("How much has it changed?", "It has changed from 18% to 21%.", "from 18% to 22%", "unclear"),
        # Yes and no.
        ("Is it positive?", "No, it was -$842M.", "Yes. it was -$842 million", "wrong"),
        ("Is it positive?", "No, it was -$842M.", "No. it was -$842 million", "correct"),
        ("Is it positive?", "No, it was -$842M.", "it was -$842 million", "unclear"),
        ("Is it positive?", "No, it was -$842M.", "No. it was -$9 million", "wrong"),
        ("Did it change? If so, what are the drivers?", "Yes, it did.", "Yes. it did", "unclear"),
        ("Did it change? If so, what are the drivers?", "Yes, it did.", "No. it did not", "wrong"),
        ("Does it spin off?", "Yes, it spins off Orrin.", "Yes.", "unclear"),
        ("Does it spin off?", "Yes, it spins off Orrin.", "Yes. It is Orrin", "correct"),
        # A choice of directions.
        ("Did wages expense increase or decrease?", "Wages expense increased.", "wages expense rose", "correct"),
        ("Did wages expense increase or decrease?", "Wages expense increased.", "wages expense decreased", "wrong"),
        ("Did wages expense increase or decrease?", "Wages expense increased.", "inventories increased", "unclear"),
        # Names, and words that only look like them.
        ("Which liability?", "Pension obligations", "pension obligations [1]", "correct"),
        ("Which liability?", "Pension obligations", "Long-term debt; see pension service", "unclear"),
        ("Which liability?", "Pension obligations", "not pension obligations", "unclear"),
        ("Which region?", "Rest of the World", "interest and world", "unclear"),
        ("Which segment fell?", "The harbour segment shrunk by 0.9%.", "Harbour: -0.9%", "correct"),
        ("Which segment fell?", "The harbour segment shrunk by 0.9%.", "Safety: -0.9%", "unclear"),
        ("Which segment lost most?", "Harbour. It lost $5 million.", "Net sales are told by segment.", "wrong"),
        ("Who audits it?", "Abel Baker", "The auditor is Cole.", "wrong"),
        # A form of the name, its initials, an abbreviation that may be it, or a common noun: for a person.
        ("Which segment lost most?", "Harbour.", "It is the Harbours business, not Safety", "unclear"),
        ("Which segment lost most?", "Consumer Banking", "CB lost most", "unclear"),
        ("Which segment lost most?", "EMEA", "Europe lost most", "unclear"),
        ("Which liability?", "Pension obligations", "Retirement benefits", "unclear"),
        ("Did sales rise in the region where it sells, which is Asia?", "Yes", "It did.", "unclear"),
        ("Did it, in the year in which it merged, grow?", "Increase", "It rose", "unclear"),
        ("Which way did it go?", "Increase", "It rose", "unclear"),
        # Lists of names.
        (
            "What are the regions?",
            "The regions are North America, Asia and Peru.",
            "North America, Peru, Asia",
            "correct",
        ),
        ("What are the regions?", "The regions are North America, Asia and Peru.", "North America and Asia", "unclear"),
        ("What are the regions?", "The regions are North America, Asia and Peru.", "Asia, Peru, North Asia", "unclear"),
        (
            "What are the regions?",
            "The regions are North America and South Asia.",
            "South America and North Asia",
            "unclear",
        ),
        (
            "What are the regions?",
            "The regions are North America, Asia and Peru.",
            "North America, Asia, Peru and Chile",
            "unclear",
        ),
        ("What are the regions?", "The regions are Asia and Peru.", "All regions other than Asia and Peru", "unclear"),
        ("What are the regions?", "The regions are mainly wealthy Asia and Peru.", "Asia and Peru", "unclear"),
        # A number is asked for, and none is given.
        ("By how much did it rise?", "$400,000,000 increase.", "It rose on May 26, 2023 for 364-day loans.", "wrong"),
        ("How much did it pay?", "It paid $257 million.", "It paid all that was due in FY2022 [1]", "wrong"),
        ("How much did it pay?", "It paid $257 million.", "It paid two hundred fifty-seven million", "unclear"),
        ("How much did it pay?", "It paid $0.", "It paid none", "unclear"),
        ("Why did it pay?", "It paid $257 million.", "It was due", "unclear"),
        ("Did it pay, and how much?", "Yes, $257 million.", "Yes.", "unclear"),
        # The direction of a number is that of its own sentence.
        ("How much?", "It was $5 million.", "It was $5 million. Sales increased by 2%.", "correct"),
        ("How much?", "It was $5 million.", "Sales increased by $5 million. It was 2%.", "unclear"),
        ("What drove it?", "It fell by 1.7%.", "It fell by 1.7%. Sales increased.", "correct"),
        ("What drove it?", "It fell by 1.7%.", "Sales fell. It increased by 1.7%.", "wrong"),
        # What a key goes on to tell is no other number, and what is asked further has to be told.
        (
            "How do sales compare?",
            "Sales were $9 million.\n- 2021: $8 million\n- 2020: $7 million\n- 2019: $6 million",
            "Sales were $9 million, after $8 million, $7 million and $6 million",
            "correct",
        ),
        (
            "How do sales compare?",
            "Sales were $9 million.\n- 2021: $8 million",
            "Sales were $9 million, after $8 million, $5 million, $4 million and $3 million",
            "unclear",
        ),
        ("What was it, and how does it compare?", "It was 9%. Before it was 8%.", "It was 9%, before 8%", "correct"),
        ("What was it, and how does it compare?", "It was 9%. Before it was 8%.", "It was 9%", "unclear"),
        # A right number in a list is not an answer.
        ("How much?", "It was $5 million.", "$1 million, $2 million, $3 million, $5 million", "unclear"),
    ],
)
def test_prose_is_decided_only_where_it_can_be(question: str, gold: str, text: str, verdict: str) -> None:
    said = judge(Case("1", question, gold), answered(text))
    assert said[0] == ("undecided" if verdict == "unclear" else verdict), said[2]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Yes. It rose.", "Yes"),
        ("Orrindale Inc. spent $7,812 million. More.", "Orrindale Inc. spent $7,812 million"),
        ("As follows:\n- one\n- two", "As follows:\n- one\n- two"),
        ("No, see the metrics:\n5.1%", "No, see the metrics:"),
    ],
)
def test_the_first_sentence_ends_where_it_ends(text: str, first: str) -> None:
    assert first_sentence(text) == first


@pytest.mark.parametrize(
    ("load", "decided"), [(financebench.load, 0.9), (docugami.load, 0.6)], ids=["financebench", "docugami"]
)
def test_no_gold_answer_is_wrong_and_other_answers_are_hardly_ever_correct(load: object, decided: float) -> None:
    if not (DATA / "financebench").exists() or not (DATA / "docugami_10q").exists():
        pytest.skip(f"the questions are not in {DATA}")
    cases: tuple[Case, ...] = load(DATA)  # type: ignore[operator]
    own = [judge(case, answered(case.gold))[0] for case in cases]
    assert "wrong" not in own
    assert own.count("correct") >= decided * len(cases)
    pairs = [(case, other) for case in cases for other in cases[::17] if other.gold[:3] != case.gold[:3]]
    taken = [judge(case, answered(other.gold))[0] for case, other in pairs]
    assert taken.count("correct") <= len(pairs) * 0.005


class Agreeable:
    """A second judge to whom every answer is correct."""

    def judge(self, case: Case, prediction: Prediction) -> bool | None:
        return True


@pytest.mark.parametrize(("label", "agrees_with"), [("correct", 1), ("wrong", 0)])
def test_a_second_judge_is_compared_with_labels_and_decides_nothing(label: str, agrees_with: float) -> None:
    case, prediction = Case("1", "Why?", "It depends on demand."), answered("Something else.")
    found = scores(AnswerScorer({answer_hash(case, prediction): label}, Agreeable()), case, prediction)
    assert (found["judge_agreement"], found["correct"]) == (agrees_with, float(label == "correct"))
    unlabelled = scores(AnswerScorer({}, Agreeable()), case, prediction)
    assert (unlabelled["judge_agreement"], unlabelled["undecided"]) == (None, 1)


# Citations and support


def cited(quote: str) -> CitedPlace:
    return CitedPlace(Place("2023 Q3 AAPL", 59), None, None, quote)


TRACE = [
    {"step": "read E12[2018] “Purchases, note 9”: (1,577), in millions (3M_2018_10K, page 60)", "result": "1577000000"},
    {"step": "growth(1577000000, 1373000000)", "result": "0.148579752 pure"},
]


@pytest.mark.parametrize(
    ("quote", "held"), [("(1,577)", 1), ("1577", 1), ("60", 0), ("12", 0), ("2018", 0), ("9", 0), ("no number", None)]
)
def test_an_operand_is_no_page_key_or_label(quote: str, held: float | None) -> None:
    prediction = Prediction("answered", citations=(cited(quote),), extra={"trace": TRACE})
    assert scores(CitationScorer(), Case("1", "?", ""), prediction)["citation_operand"] == held


@pytest.mark.parametrize(
    ("text", "stray"),
    [
        ("3M Company, FY2018: $1,577 million [1]", ()),
        ("$1.6 billion, up 14.9%", ()),
        ("$1,577 billion", ("$1,577 billion",)),
        ("it rose 2 times", ("2",)),
        ("up 14.8%", ("14.8%",)),
        ("up 0.15", ()),
        ("up 149%", ("149%",)),
        ("-$1,577 million", ()),
        ("as of December 31, 2018 in the 10-K", ()),
        ("some $2,018", ("$2,018",)),
        ("$15.77 million", ("$15.77 million",)),
    ],
)
def test_support_needs_the_scale_and_the_rounding_that_are_shown(text: str, stray: tuple[str, ...]) -> None:
    prediction = Prediction("answered", text=text, citations=(cited("(1,577)"),), extra={"trace": TRACE})
    assert stray_numbers(Case("1", "What was it?", ""), prediction) == stray


def test_a_number_of_the_question_or_a_quotation_is_supported_without_a_trace() -> None:
    prediction = Prediction("answered", text="more than 20%, and $3.5 million", citations=(cited("of $3.5 million"),))
    assert stray_numbers(Case("1", "Is it more than 20%?", ""), prediction) == ()


# Programs, TAT-QA, spans


@pytest.mark.parametrize(
    ("result", "gold", "same"),
    [
        ("0.142403", "1.42403", False),
        ("14.2403", "0.1424", False),
        ("0.1424030001", "0.1424", True),
        ("25%", "0.25", False),
        ("25%", "25%", False),
        ("nan", "nan", False),
        ("-0.0", "0.0", True),
        ("1,577", "1577", False),
        ("1.0", "yes", False),
        ("0.15188335", "0.15188", True),
        ("1234567890123456789012345.5", "1234567890123456789012345.5", True),
    ],
)
def test_a_program_gives_a_number_or_yes_or_no(result: str, gold: str, same: bool) -> None:
    assert same_result(result, gold) is same


@pytest.mark.parametrize(
    ("scorer", "names"),
    [
        (ExecutionScorer(), {"execution_accuracy", "correct", "wrong", "abstained"}),
        (ClassScorer(), {"accuracy"}),
        (SpanScorer(), {"em", "f1"}),
        (TatQaScorer(), {"em", "f1", "em_signed", "scale_match", "correct", "wrong"}),
        (AnswerScorer(), {"correct", "wrong", "abstained", "undecided", "correct_lenient"}),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_not_applicable_has_no_score(scorer: object, names: set[str]) -> None:
    found = scores(scorer, Case("1", "?", "2"), Prediction("not_applicable"))
    assert found == dict.fromkeys(names)


@pytest.mark.parametrize(
    ("said", "said_scale", "gold", "scale", "exact"),
    [
        (["23.42"], "percent", ["23.42"], "percent", 1),
        (["0.2342"], "", ["23.42"], "percent", 1),
        (["23.42"], "", ["23.42"], "percent", 0),
        (["23.42%"], "", ["23.42"], "percent", 1),
        (["1.577"], "billion", ["1577"], "million", 0),
        (["1.57"], "billion", ["1570"], "million", 1),
        (["1.577 billion"], "", ["1577"], "million", 1),
        (["$11.44", "$9.47"], "", ["9.47", "11.44"], "", 1),
        (["2019"], "percent", ["2019"], "", 0),
        (["The Operating income."], "", ["operating income"], "", 1),
        (["3"], "", ["3"], "thousand", 0),
        ([], "", ["3"], "", 0),
    ],
)
def test_tatqa_compares_as_its_evaluator_does(
    said: list[str], said_scale: str, gold: list[str], scale: str, exact: float
) -> None:
    assert compare(said, said_scale, gold, scale)[0] == exact


@pytest.mark.parametrize(
    ("text", "number"), [("(134)", -134), ("(2,088)", 2088), ("12%", 0.12), ("1 million", 1_000_000), ("-5", -5)]
)
def test_tatqa_reads_numbers_as_its_evaluator_does(text: str, number: float) -> None:
    assert to_number(text) == number


def test_a_tatqa_loss_is_a_loss_where_signs_count() -> None:
    case = Case("1", "?", "", data={"answers": ("(2,088)",), "scale": "million", "answer_type": "span"})
    loss, profit = (
        scores(TatQaScorer(), case, Prediction("answered", label=label, extra={"scale": "million"}))
        for label in ("-2088", "2088")
    )
    assert (loss["em"], loss["em_signed"]) == (0, 1)
    assert (profit["em"], profit["em_signed"]) == (1, 0)


def test_every_gold_answer_of_tatqa_is_an_exact_match_of_itself() -> None:
    if not (DATA / "tatqa").exists():
        pytest.skip(f"the questions are not in {DATA}")
    for case in tatqa.load(DATA):
        gold = Prediction("answered", extra={"answers": case.data["answers"], "scale": case.data["scale"]})
        found = scores(TatQaScorer(), case, gold)
        assert (found["em"], found["f1"], found["em_signed"], found["scale_match"]) == (1, 1, 1, 1), case.id


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("1.5", "15", False),
        ("(5)", "5", False),
        ("(1,577)", "-1577", True),
        ("1,577", "1577", True),
        ("5%", "5", False),
        ("The sales.", "sales", True),
        ("$35.66", "35.66", True),
        ("year-end", "year end", True),
        ("-$5", "$5", False),
    ],
)
def test_spans_keep_their_numbers(a: str, b: str, same: bool) -> None:
    assert (normal(a) == normal(b)) is same


def test_the_best_of_several_gold_spans_counts_and_words_count_as_often_as_they_stand() -> None:
    case = Case("1", "?", "", data={"answers": ("costs", "net sales")})
    assert scores(SpanScorer(), case, Prediction("answered", label="net sales")) == {"em": 1, "f1": 1}
    assert word_f1("sales sales", "sales") == pytest.approx(2 / 3)


# Retrieval, classes, calibration


def test_a_page_that_is_ranked_twice_counts_once() -> None:
    gold, other = Place("a", 1), Place("a", 2)
    found = scores(
        PageRetrieval(), Case("1", "?", "", places=(gold,)), Prediction("answered", retrieved=(other, other, gold))
    )
    assert found["mrr"] == 0.5


def test_an_abstention_keeps_its_ranking() -> None:
    page = Place("a", 1)
    prediction = Prediction("abstained", retrieved=(page,))
    assert scores(PageRetrieval(), Case("1", "?", "", places=(page,)), prediction)["page_recall@1"] == 1


def test_classes_are_counted_over_cases_that_apply() -> None:
    pairs = [
        (Case("1", "?", "up"), Prediction("answered", label="up")),
        (Case("2", "?", "down"), Prediction("answered", label="up")),
        (Case("3", "?", "down"), Prediction("abstained", label="down")),
        (Case("4", "?", "up"), Prediction("not_applicable")),
    ]
    found = class_aggregates(pairs)
    assert (found["precision[up]"], found["recall[up]"], found["f1[up]"]) == (0.5, 1, pytest.approx(2 / 3))
    assert (found["precision[down]"], found["recall[down]"], found["f1[down]"]) == (0, 0, 0)
    assert found["macro_f1"] == pytest.approx(1 / 3)
    assert class_aggregates(()) == {"macro_f1": 0, "mcc": 0}


def test_equal_confidences_leave_no_order() -> None:
    assert risk_coverage_area([0.5, 0.5], [1, 0]) == risk_coverage_area([0.5, 0.5], [0, 1]) == 0.5
    assert risk_coverage_points([0.9, 0.5], [1, 0]) == [(0.5, 0.0), (1.0, 0.5)]


def rows_of(scorer: object, *pairs: tuple[Case, Prediction]) -> list[Row]:
    benchmark = Benchmark("b", "", lambda data: (), (scorer,), {}, ())  # type: ignore[arg-type]
    return [Row.of(case, prediction, score(benchmark, case, prediction)) for case, prediction in pairs]


def test_coverage_and_wrong_stand_together_and_leave_out_what_is_not_known() -> None:
    rows = rows_of(
        AnswerScorer(),
        (Case("1", "How much?", "12"), answered("", ("12", "ratio"))),
        (Case("2", "How much?", "12"), answered("", ("13", "ratio"))),
        (Case("3", "Why?", "It depends on demand."), answered("Something else.")),
        (Case("4", "How much?", "12"), Prediction("abstained")),
        (Case("5", "How much?", "12"), Prediction("not_applicable")),
        (Case("6", "How much?", "12"), Prediction("failed")),
    )
    assert [row.scores["coverage"] for row in rows] == [1, 1, 1, 0, None, 0]
    assert [row.scores["wrong_of_answered"] for row in rows] == [0, 1, None, None, None, None]
    assert [right for _, right in outcomes(rows)] == [1, 0]


def test_classes_have_outcomes_too() -> None:
    rows = rows_of(
        ClassScorer(),
        (Case("1", "?", "up"), Prediction("answered", label="up", confidence=0.9)),
        (Case("2", "?", "up"), Prediction("answered", label="down", confidence=0.6)),
        (Case("3", "?", "up"), Prediction("abstained")),
    )
    assert outcomes(rows) == [(0.9, 1), (0.6, 0)]
    assert "coverage" not in rows[0].scores


def test_calibration_is_of_confident_answers_alone() -> None:
    rows = rows_of(
        ExecutionScorer(),
        (Case("1", "?", "1"), Prediction("answered", label="1", confidence=0.8)),
        (Case("2", "?", "1"), Prediction("answered", label="2", confidence=0.4)),
        (Case("3", "?", "1"), Prediction("abstained", confidence=0.9)),
        (Case("4", "?", "1"), Prediction("answered", label="1")),
    )
    found = metrics(Benchmark("b", "", lambda data: (), (), {}, ()), rows, seed=0)
    assert (found["brier"].value, found["brier"].n) == (pytest.approx((0.04 + 0.16) / 2), 2)
    assert found["risk_coverage_area"].value == pytest.approx(0.25)
    assert found["calibration_error"].value == pytest.approx(0.3)
    assert "brier" not in metrics(Benchmark("b", "", lambda data: (), (), {}, ()), rows[2:], seed=0)
