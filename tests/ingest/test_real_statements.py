"""Arithmetic that the statements of real filings must satisfy as read: they tie out, or something was misread."""

from __future__ import annotations

import os
from collections import defaultdict
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from ingest.filing import Filing, Statement, Table
from ingest.read import read_filing

DATA = Path(os.environ.get("TIEOUT_DATA", "../shared/data")) / "financebench" / "pdfs"
FILINGS = (
    "3M_2018_10K",
    "AMAZON_2019_10K",
    "AMD_2015_10K",
    "APPLE_2023Q3_10Q",
    "BOEING_2018_10K",
    "CORNING_2023Q2_10Q",
    "COSTCO_2021_10K",
    "KRAFTHEINZ_2019_10K",
    "NETFLIX_2020_10K",
    "ORACLE_2021_10K",
    "PFIZER_2020_10K",
    "ULTABEAUTY_2023Q4_EARNINGS",
)
OPERATING = "NetCashProvidedByUsedInOperatingActivities"
INVESTING = "NetCashProvidedByUsedInInvestingActivities"
FINANCING = "NetCashProvidedByUsedInFinancingActivities"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not DATA.is_dir(), reason="the measuring data is not there"),
]


@cache
def filing(name: str) -> Filing:
    return read_filing(DATA / f"{name}.pdf")


def main_statement(read: Filing, statement: Statement) -> list[Table]:
    """The first table of this kind that is long enough to be the statement itself, with what follows on its page."""
    found = [table for table in read.tables if table.statement == statement and len(table.rows) >= 12]
    assert found, f"no {statement} statement was found"
    last = found[0].last_page
    return [table for table in found if table.first_page <= last + 1]


def figures(read: Filing, statement: Statement) -> dict[str, dict[str, Decimal]]:
    """Value by concept and period key, in the statement itself."""
    tables = {table.id for table in main_statement(read, statement)}
    found: dict[str, dict[str, Decimal]] = defaultdict(dict)
    for fact in read.facts:
        if fact.table in tables and fact.concept is not None and not fact.dimensions:
            found[fact.concept.removeprefix("us-gaap:")].setdefault(fact.period.key, fact.value)
    return found


def labelled(read: Filing, statement: Statement, *starts: str) -> list[list[Decimal]]:
    """The values of the rows whose label begins so."""
    return [
        [cell.value for cell in row.cells if cell.value is not None]
        for table in main_statement(read, statement)
        for row in table.rows
        if row.cells and row.label.lower().startswith(starts)
    ]


@pytest.mark.parametrize("name", FILINGS)
def test_assets_are_liabilities_and_equity(name: str) -> None:
    found = figures(filing(name), "balance")
    assets, claims = found["Assets"], found["LiabilitiesAndStockholdersEquity"]
    assert len(assets) >= 2, "both years"
    assert assets == claims
    assert len(set(assets.values())) == len(assets), "two dates do not have the same assets"


@pytest.mark.parametrize("name", FILINGS)
def test_the_three_flows_make_the_change_in_cash(name: str) -> None:
    read = filing(name)
    found = figures(read, "cash_flow")
    flows = [found[concept] for concept in (OPERATING, INVESTING, FINANCING)]
    exchange = labelled(read, "cash_flow", "effect of", "effects of", "foreign currency effect", "exchange rate")
    changes = labelled(
        read, "cash_flow", "net increase", "net decrease", "increase/(decrease)", "increase (decrease) in cash",
        "increase/(decrease) in cash", "decrease in cash", "net change", "change in cash", "net (decrease)",
        "net (increase)", "(decrease)/increase", "increase in cash", "(decrease) increase",
    )  # fmt: skip
    periods = list(flows[0])
    assert len(periods) >= 2
    assert all(list(flow) == periods for flow in flows)
    assert changes, "the change in cash was not found"
    scale = Decimal(10) ** main_statement(read, "cash_flow")[0].scale
    for k, period in enumerate(periods):
        rates = [row[k] for row in exchange[-1:] if len(row) == len(periods)]
        total = sum((flow[period] for flow in flows), Decimal(0)) + sum(rates, Decimal(0))
        assert any(len(row) == len(periods) and abs(row[k] - total) <= 2 * scale for row in changes), (
            period,
            total,
            changes,
        )


@pytest.mark.parametrize("name", FILINGS)
def test_gross_profit_is_revenue_less_cost(name: str) -> None:
    found = figures(filing(name), "income")
    assert len(found["Revenues"]) >= 2
    scale = Decimal(10) ** main_statement(filing(name), "income")[0].scale
    profit, cost = found.get("GrossProfit", {}), found.get("CostOfRevenue", {})
    if not profit or not cost:
        pytest.skip("the statement prints no gross profit, or no cost of all revenue")
    for period, value in profit.items():
        assert abs(found["Revenues"][period] - cost[period] - value) <= 2 * scale, period


@pytest.mark.parametrize("name", FILINGS)
def test_earnings_per_share_are_income_over_shares(name: str) -> None:
    read = filing(name)
    found = figures(read, "income")
    earnings = found.get("EarningsPerShareDiluted", {})
    shares = found.get("WeightedAverageNumberOfDilutedSharesOutstanding", {})
    income = found.get("NetIncomeLoss", {})
    common = [period for period in earnings if period in shares and period in income]
    if not common:
        pytest.skip("the statement does not print all three")
    for period in common:
        assert income[period] / shares[period] == pytest.approx(
            earnings[period], rel=Decimal("0.02"), abs=Decimal("0.02")
        )


@pytest.mark.parametrize("name", FILINGS)
def test_no_concept_has_two_values_in_one_period_of_a_statement(name: str) -> None:
    read = filing(name)
    for statement in ("income", "balance", "cash_flow"):
        (table, *_) = main_statement(read, statement)  # type: ignore[arg-type]
        seen: dict[tuple[str, str], Decimal] = {}
        for fact in read.facts:
            if fact.table == table.id and fact.concept is not None and not fact.dimensions:
                assert seen.setdefault((fact.concept, fact.period.key), fact.value) == fact.value, fact
