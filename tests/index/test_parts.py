from __future__ import annotations

import pytest

from index.asked_periods import AskedPeriod
from index.parts import asks_part_of_year, asks_per_share
from ingest.vocabulary import built_in_vocabulary

CONCEPTS = built_in_vocabulary().concepts
BUYBACKS, EQUITY, REVENUE = CONCEPTS["share_repurchases"], CONCEPTS["total_equity"], CONCEPTS["revenue"]
YEAR, QUARTER = AskedPeriod(2024), AskedPeriod(2024, 4)
QUESTION = "What percent of total spend on repurchases for FY2024 occurred in Q4?"


def test_a_quarter_is_a_part_of_its_own_year() -> None:
    assert asks_part_of_year(QUESTION, (QUARTER, YEAR), (BUYBACKS,))
    assert not asks_part_of_year(QUESTION, (QUARTER, AskedPeriod(2023)), (BUYBACKS,))
    assert not asks_part_of_year(QUESTION, (YEAR,), (BUYBACKS,))
    assert not asks_part_of_year(QUESTION, (QUARTER, YEAR), (EQUITY,))
    assert not asks_part_of_year("What were repurchases in Q4 and FY2024?", (QUARTER, YEAR), (BUYBACKS,))


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("What is equity per share outstanding?", True),
        ("What is equity per outstanding common share?", True),
        ("What is equity?", False),
    ],
)
def test_a_balance_is_asked_for_by_share(question: str, asks: bool) -> None:
    assert asks_per_share(question, (EQUITY,)) is asks
    assert not asks_per_share(question, (REVENUE,))
