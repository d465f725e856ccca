from dataclasses import replace
from datetime import date
from decimal import Decimal
from random import Random

from assistant.dataset.asks import Desk
from assistant.dataset.pairs import per_share, rivals_grew
from assistant.dataset.subjects import Figure, Subject
from assistant.dataset.times import Time
from assistant.dataset.wording import built_in_wording
from index.evidence import EvidenceCell, EvidenceLine
from ingest.filing import Period, Span
from ingest.vocabulary import built_in_vocabulary

VOCABULARY = built_in_vocabulary()


def subject(identifier: str, name: str, unit: str, company: str, figures: dict[int, str]) -> Subject:
    cells = tuple(
        EvidenceCell(str(year), Decimal(value), unit, 0, value, Period(date(year, 12, 31), 12, None, year), Span(0))
        for year, value in figures.items()
    )
    line = EvidenceLine(identifier, "row", "f", "f.pdf", company, name, (), cells, Span(0))
    made = tuple(Figure(line, cell, Time("year", cell.key, int(cell.key)), cell.value) for cell in cells)
    concept = VOCABULARY.by_label(name, (), "income")
    return Subject((name.lower(),), company, (line,), made, concept, row=True)


def desk_of(*subjects: Subject, several: bool = False) -> Desk:
    return Desk(subjects, built_in_wording(), VOCABULARY, Random(4), several=several)


def test_an_amount_for_each_share_is_asked_where_no_line_states_one() -> None:
    cash = subject("E1", "Cash from operations", "USD", "Orrindale", {2024: "900"})
    shares = subject("E2", "Shares outstanding", "shares", "Orrindale", {2024: "300"})
    ask = per_share(desk_of(cash, shares))
    assert ask is not None
    assert ask.program == "divide(value(E1[2024]), value(E2[2024]))"
    assert ask.expected == 3
    stated = subject("E3", "Cash per share", "USD", "Orrindale", {2024: "3"})
    assert per_share(desk_of(cash, shares, stated)) is None
    assert per_share(desk_of(cash, subject("E2", "Shares outstanding", "shares", "Orrindale", {2023: "9"}))) is None


def test_the_growth_of_one_company_is_set_against_that_of_another_over_the_same_years() -> None:
    own = subject("E1", "Net sales", "USD", "Orrindale", {2023: "100", 2024: "130"})
    other = subject("E2", "Revenue", "USD", "Marrowby", {2023: "200", 2024: "220"})
    ask = rivals_grew(desk_of(own, other, several=True))
    assert ask is not None
    assert "orrindale" in ask.question.lower()
    assert "marrowby" in ask.question.lower()
    first, second = ("growth(value(E1[2024]), value(E1[2023]))", "growth(value(E2[2024]), value(E2[2023]))")
    assert ask.program in (f"yes(greater({first}, {second}))", f"no(greater({second}, {first}))")
    later = replace(other, figures=other.figures[1:])
    assert rivals_grew(desk_of(own, later, several=True)) is None
