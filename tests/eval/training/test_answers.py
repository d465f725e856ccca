from decimal import Decimal

import pytest

from eval.case import Case
from eval.systems.sheet import sheet_of
from eval.training.induction import induce, is_reckoned, read_answer
from eval.training.repoint import NotPointedError
from index.evidence import Evidence
from index.query import understand
from ingest.vocabulary import built_in_vocabulary

TABLE = (
    ("", "2018", "2017", "2016"),
    ("net sales", "$ 32,765", "$ 31,657", "$ 29,004"),
    ("cost of sales", "16,682", "16,055", "15,190"),
    ("total expenses", "25,558", "23,829", "22,951"),
)
TEXT = (
    "interest payments in 2018 and 2017 were $ 212 million and $ 189 million .",
    "sales by mail fell to 9 million .",
)


def page(question: str) -> Evidence:
    case = Case("1", question, "", data={"table": TABLE, "text": TEXT})
    return sheet_of(case, understand(question, (), built_in_vocabulary()))


@pytest.mark.parametrize(
    ("question", "answer", "program"),
    [
        (
            "what was the growth of net sales from 2017 to 2018, in percent?",
            "3.5",
            "growth(value(E1[2018]), value(E1[2017]))",
        ),
        ("what was the change in net sales from 2016 to 2017?", "2653", "subtract(value(E1[2017]), value(E1[2016]))"),
        (
            "what share of total expenses in 2018 were cost of sales?",
            "65.3%",
            "divide(value(E2[2018]), value(E3[2018]))",
        ),
        ("what is the average cost of sales in 2017-2018?", "16368.5", "average(value(E2[2018]), value(E2[2017]))"),
        ("what were the net sales in 2017?", "31,657", "value(E1[2017])"),
        ("what percent did interest payments grow from 2017 to 2018?", "12.2", "growth(value(E4[n1]), value(E4[n2]))"),
    ],
)
def test_a_program_is_found_that_the_questions_words_allow(question: str, answer: str, program: str) -> None:
    assert str(induce(read_answer(answer, question), question, page(question))) == program


@pytest.mark.parametrize(
    ("question", "answer", "reason"),
    [
        ("what was the percentage change in net sales from 2017 to 2018?", "3", "too few digits"),
        ("what was the percentage change in net sales from 2017 to 2018?", "up", "no number"),
        ("what was the percentage change in net sales from 2017 to 2018?", "9.15", "no program gives"),
        ("what was the percentage change in net sales from 2018 to 2017?", "-3.4", "no program gives"),
        ("what share of expenses in 2018, 2017 or 2016 were cost of sales?", "66", "several programs give"),
    ],
)
def test_what_no_one_program_gives_is_left_out(question: str, answer: str, reason: str) -> None:
    with pytest.raises(NotPointedError, match=reason):
        induce(read_answer(answer, question), question, page(question))


def test_an_answer_holds_to_its_last_digit_and_in_percent_only_where_percent_is_asked_for() -> None:
    percent = read_answer("3.5", "what percent?")
    assert percent.is_given_by(Decimal("0.0346"))
    assert percent.is_given_by(Decimal("3.54"))
    assert not percent.is_given_by(Decimal("0.0356"))
    assert not read_answer("3.5", "what change?").is_given_by(Decimal("0.035"))
    assert is_reckoned("What is the average of sales?")
    assert not is_reckoned("What were total sales in 2018?")
