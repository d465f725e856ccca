"""Opening and closing balances, stocks and flows, told by the words of labels."""

from __future__ import annotations

import pytest

from ingest.roles import certain_role, role_below, role_of


@pytest.mark.parametrize(
    ("label", "role"),
    [
        ("Balance at beginning of year", "opening"),
        ("Cash and cash equivalents, beginning balances", "opening"),
        ("Cumulative effect of change in accounting principle", "opening"),
        ("Projected benefit obligation at end of year", "closing"),
        ("Total shareholders’ equity, ending balances", "closing"),
        ("Ending accrued warranty", "closing"),
        ("Amortization of intangible assets", "flow"),
        ("Purchases of marketable securities", "flow"),
        ("Granted", "flow"),
        ("Weighted-average basic shares outstanding", "flow"),
        ("Net cash used in investing activities", "flow"),
        ("Expense/(benefit) for income taxes", "flow"),
        ("Net actuarial (gain) loss", "flow"),
        ("Expected volatility", "flow"),
        ("Accumulated depreciation", "stock"),
        ("Accrued interest expense payable", "stock"),
        ("Unvested at December 31", "stock"),
        ("Total assets", "stock"),
        ("Deferred income taxes", "stock"),
        ("Acquired technology", None),
        ("Notes issuance", None),
        ("Foreign exchange contracts", None),
        ("Europe", None),
        ("Deferred", None),
        ("", None),
    ],
)
def test_roles_of_labels(label: str, role: str | None) -> None:
    assert role_of(label) == role


def test_nouns_alone_are_not_certain() -> None:
    assert certain_role("Inventories") is None
    assert certain_role("Shares granted") == "flow"


@pytest.mark.parametrize("heading", ["Deferred tax assets (1):", "Long-lived assets", "Reconciliation of cash:"])
def test_headings_of_stocks(heading: str) -> None:
    assert role_below(heading) == "stock"


@pytest.mark.parametrize("heading", ["Changes in operating assets and liabilities:", "Assets acquired", "Net sales:"])
def test_headings_that_leave_rows_open(heading: str) -> None:
    assert role_below(heading) is None
