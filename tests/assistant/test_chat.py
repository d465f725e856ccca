from __future__ import annotations

from decimal import Decimal

from assistant.chat import Conversation
from index.library import Library
from tests.assistant.desk import PointingGenerator, assistant, true_figures


def conversation(library: Library) -> Conversation:
    return Conversation(assistant(library, PointingGenerator("abstain(not_reported)")))


def test_follow_ups_lean_on_what_was_asked_before(library: Library) -> None:
    talk = conversation(library)
    sales = true_figures("orrindale")["net_sales"]
    income = true_figures("orrindale")["net_income"]
    assert Decimal(talk.ask("What was Orrindale's revenue in FY2024?").values[0].value) == sales[0]
    assert Decimal(talk.ask("and the year before?").values[0].value) == sales[1]
    assert Decimal(talk.ask("And its net income?").values[0].value) == income[1]
    assert Decimal(talk.ask("and in 2022?").values[0].value) == income[2]
    assert len(talk.turns) == 4


def test_a_follow_up_says_what_it_took_over(library: Library) -> None:
    talk = conversation(library)
    talk.ask("What was Orrindale's revenue in FY2024?")
    assert talk.ask("and the year before?").assumed == (
        "company: Orrindale Instruments Corporation, as in the question before",
        "period: FY2023, counted from the question before",
    )


def test_another_company_takes_over(library: Library) -> None:
    talk = conversation(library)
    talk.ask("What was Orrindale's revenue in FY2024?")
    answer = talk.ask("And Marrowby's in Q2 2024?")
    assert Decimal(answer.values[0].value) == true_figures("marrowby")["net_sales"][0]
    assert {citation.source for citation in answer.citations} == {"marrowby_2024Q2_10Q.htm"}


def test_what_was_not_understood_is_not_leaned_on(library: Library) -> None:
    talk = conversation(library)
    talk.ask("What was Orrindale's revenue in FY2024?")
    talk.ask("Thank you very much for that!")
    answer = talk.ask("and the year before?")
    assert Decimal(answer.values[0].value) == true_figures("orrindale")["net_sales"][1]


def test_the_latest_turn_is_the_latest(library: Library) -> None:
    talk = conversation(library)
    assert talk.last is None
    talk.ask("What was Orrindale's revenue in FY2024?")
    answer = talk.ask("What will the weather be like on the moon tomorrow at noon, when nobody looks?")
    assert talk.last is not None
    assert talk.last.answer is answer


def test_a_company_that_is_not_there_does_not_take_over(library: Library) -> None:
    talk = conversation(library)
    talk.ask("What was Orrindale's revenue in FY2024?")
    answer = talk.ask("And Zenith's?")
    assert (answer.status, answer.reason) == ("abstained", "not_in_library")


def test_no_follow_up_is_possible_at_the_beginning(library: Library) -> None:
    answer = conversation(library).ask("and the year before?")
    assert answer.status == "abstained"


def test_every_turn_is_in_the_journal(own_library: Library) -> None:
    talk = conversation(own_library)
    questions = ["What was Orrindale's revenue in FY2024?", "and the year before?"]
    for question in questions:
        talk.ask(question)
    assert [entry.payload["question"] for entry in own_library.journal.read()] == questions
