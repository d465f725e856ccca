from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from types import ModuleType

import pytest

Example = Callable[[str], ModuleType]


@pytest.mark.parametrize("company", ["orrindale", "marrowby"])
def test_the_balance_sheet_balances(example: Example, company: str) -> None:
    book = example(f"{company}.figures").figures()
    assert book["assets"].values == book["liabilities_and_equity"].values
    assert book["assets"][0] > 0


@pytest.mark.parametrize(("company", "balance"), [("orrindale", "cash"), ("marrowby", "cash")])
def test_the_cash_flow_ends_at_the_balance_sheet(example: Example, company: str, balance: str) -> None:
    book = example(f"{company}.figures").figures()
    flows = book["operating_cash"][0] + book["investing_cash"][0] + book["financing_cash"][0]
    exchange = book["fx_cash"][0] if "fx_cash" in book else Decimal(0)
    assert book[balance][1] + flows + exchange == book[balance][0]
    assert book["cash_closing"][0] == book[balance][0]


def test_net_income_flows_into_retained_earnings(example: Example) -> None:
    book = example("orrindale.figures").figures()
    for year in range(3):
        change = book["retained"][year] - book["retained"][year + 1]
        assert change == book["net_income"][year] - book["dividends"][year]


def test_components_of_other_comprehensive_loss_add_up(example: Example) -> None:
    book = example("orrindale.figures").figures()
    for year in range(4):
        parts = (book[f"aoci_{name}"][year] for name in ("translation", "pension", "hedges"))
        assert sum(parts) == book["aoci"][year]


def test_segment_expenses_leave_the_unallocated_corporate_expenses(example: Example) -> None:
    annual = example("orrindale.figures").figures()
    parts = example("orrindale.schedules").schedules(annual)
    for year in range(3):
        segments = sum(parts[f"{name}_selling"][year] for name in ("analytical", "life", "service"))
        assert annual["selling"][year] - segments == annual["corporate"][year]


def test_schedules_close_on_their_statement_lines(example: Example) -> None:
    annual = example("orrindale.figures").figures()
    parts = example("orrindale.schedules").schedules(annual)
    assert sum(parts[f"due_{index}"][0] for index in range(6)) == annual["principal"][0]
    assert parts["utb_opening"].values[:2] == parts["utb_closing"].values[1:]
    assert parts["warranty_opening"][0] == parts["warranty_closing"][1]
    assert parts["dta_allowance"][0] - parts["dta_allowance"][1] == annual["reconcile_allowance"][0]


def test_the_year_contains_its_fourth_quarter(example: Example) -> None:
    annual = example("orrindale.figures").figures()
    quarter = example("orrindale.quarter").quarter()
    flows = [name for name in quarter if name not in ("basic_shares", "diluted_shares", "other_income")]
    for name in flows:
        for year in range(2):
            assert quarter[name][year] <= annual[name][year], name


def test_a_figure_is_said_in_millions_and_compared_with_the_period_before(example: Example) -> None:
    book = example("marrowby.book").marrowby()
    assert book.say("net_sales", "q2_2024") == "$245.1 million"
    assert book.say("net_sales", "q2_2024 moved") == "increased 5.6%"
    assert book.say("interest_expense", "q2_2024 moved") == "decreased 8.7%"
    with pytest.raises(KeyError):
        book.say("no_such_figure", "q2_2024")
