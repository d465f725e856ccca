from __future__ import annotations

from decimal import Decimal

import pytest

from ingest.filing import Fact
from ingest.settle import agree
from tests.ingest.pdfs import TWO, Sheet, filing


def two_statements(sheet: Sheet, *names: str) -> None:
    for name, sales in zip(names, ("6,489", "5,000"), strict=False):
        sheet.centred(name)
        sheet.centred("CONSOLIDATED STATEMENTS OF INCOME")
        sheet.line("(in millions)")
        sheet.line("For the years ended December 31,")
        sheet.heads("2018", "2017", ends=TWO)
        sheet.row("Net sales", sales, "4,000", ends=TWO)
        sheet.row("Cost of sales", "2,000", "1,900", ends=TWO)
        sheet.row("Operating income", "900", "800", ends=TWO)
        sheet.next_page()


def statement_and(title: str, *rows: tuple[str, str, str]) -> tuple[Fact, ...]:
    def draw(sheet: Sheet) -> None:
        two_statements(sheet, "Northfield Instruments Corporation")
        sheet.line(title)
        sheet.heads("2018", "2017", ends=TWO)
        for label, *values in rows:
            sheet.row(label, *values, ends=TWO)

    return tuple(fact for fact in filing(draw).facts if fact.statement is None)


def test_a_part_that_is_named_like_a_line_of_a_statement_is_not_that_line() -> None:
    found = statement_and(
        "Stock-based compensation by function", ("Cost of sales", "48", "49"), ("Selling expense", "207", "229")
    )
    costs = [fact for fact in found if fact.label == "Cost of sales"]
    assert [fact.concept for fact in costs] == [None, None]
    assert [fact.printed for fact in costs] == ["48", "49"]


def test_a_line_that_repeats_a_statement_keeps_its_concept() -> None:
    found = statement_and("Selected figures", ("Net sales", "6,489", "4,000"), ("Cost of sales", "2,000", "1,900"))
    assert {fact.concept for fact in found} == {"us-gaap:Revenues", "us-gaap:CostOfRevenue"}


def test_a_row_that_differs_in_one_year_differs_as_a_row() -> None:
    found = statement_and("Segment", ("Net sales", "1,200", "4,000"), ("Cost of sales", "2,000", "1,900"))
    assert [fact.concept for fact in found if fact.label == "Net sales"] == [None, None]
    assert all(fact.concept for fact in found if fact.label == "Cost of sales")


def test_rows_without_a_counterpart_follow_their_table() -> None:
    found = statement_and("Segment", ("Net sales", "1,200", "1,100"), ("Goodwill", "700", "690"))
    assert [fact.concept for fact in found] == [None] * 4


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [(("8,812", 6), ("$8.8", 9), True), (("8,812", 6), ("$8.7", 9), False), (("100", 6), ("101", 6), True)],
)
def test_values_agree_within_their_rounding(one: tuple[str, int], other: tuple[str, int], same: bool) -> None:
    def fact(printed: str, scale: int) -> Fact:
        template = statement_and("Selected figures", ("Net sales", "6,489", "4,000"))[0]
        number = Decimal(printed.strip("$").replace(",", ""))
        return Fact(
            **{name: getattr(template, name) for name in Fact.__slots__}
            | {"printed": printed, "scale": scale, "value": number.scaleb(scale)}
        )

    assert agree(fact(*one), fact(*other)) is same


def test_statements_of_a_co_registrant_carry_its_name() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.centred("FORM 10-K")
        sheet.line("For the fiscal year ended December 31, 2018")
        sheet.line("001-99901 NORTHFIELD CORPORATION California 94-3234914")
        sheet.line("001-99902 NORTHFIELD GAS COMPANY California 94-0742640")
        sheet.next_page()
        two_statements(sheet, "Northfield Corporation", "Northfield Gas Company")

    sales = [
        fact for fact in filing(draw, with_cover=False).facts if fact.label == "Net sales" and fact.period.key == "2018"
    ]
    assert [(fact.printed, fact.dimensions) for fact in sales] == [
        ("6,489", ()),
        ("5,000", (("registrant", "Northfield Gas Company"),)),
    ]


@pytest.mark.parametrize(
    ("title", "dimension"),
    [
        ("Unaudited pro forma results", ("basis", "pro forma")),
        ("Condensed financial information of parent", ("entity", "parent company")),
    ],
)
def test_tables_on_another_basis_say_so(title: str, dimension: tuple[str, str]) -> None:
    found = statement_and(title, ("Net sales", "7,000", "6,500"), ("Cost of sales", "2,100", "2,050"))
    assert {fact.dimensions for fact in found} == {(dimension,)}
