from __future__ import annotations

from collections.abc import Mapping

import pytest

from index.companies import abbreviates, company_aliases, find_companies
from ingest.vocabulary import built_in_vocabulary

SHELF: Mapping[str, str | None] = {
    "3M Company": "MMM",
    "American Express Company": "AXP",
    "American Water Works Company, Inc.": "AWK",
    "Costco Wholesale Corporation": "COST",
    "The Boeing Company": "BA",
    "McDonald’s Corporation": "MCD",
    "Orrindale Instruments Corporation": "ORRI",
    "Amazon.com, Inc.": "AMZN",
    "AT&T Inc.": "T",
    "Procter & Gamble Co": "PG",
    "JPMorgan Chase & Co.": "JPM",
    "General Mills, Inc.": None,
    "Marrowby Foods, Inc.": "MRBY",
    "NIKE, Inc.": "NKE",
}


def known(question: str, shelf: Mapping[str, str | None] = SHELF) -> tuple[str, ...]:
    return find_companies(question, shelf, built_in_vocabulary()).known


def unknown(question: str, shelf: Mapping[str, str | None] = SHELF) -> tuple[str, ...]:
    return find_companies(question, shelf, built_in_vocabulary()).unknown


@pytest.mark.parametrize(
    ("question", "company"),
    [
        ("What was 3M's revenue?", "3M Company"),
        ("What was 3M Company's revenue?", "3M Company"),
        ("MMM revenue", "3M Company"),
        ("What was AXP's revenue?", "American Express Company"),
        ("What was American Express’ revenue?", "American Express Company"),
        ("Does AMEX grow?", "American Express Company"),
        ("What did American Water Works pay?", "American Water Works Company, Inc."),
        ("What were Costco's total assets?", "Costco Wholesale Corporation"),
        ("what were costco's total assets?", "Costco Wholesale Corporation"),
        ("What is Boeing's backlog?", "The Boeing Company"),
        ("McDonalds revenue", "McDonald’s Corporation"),
        ("McDonald's revenue", "McDonald’s Corporation"),
        ("McDonald’s revenue", "McDonald’s Corporation"),
        ("Orrindale's revenue", "Orrindale Instruments Corporation"),
        ("the revenue of Orrindale Instruments", "Orrindale Instruments Corporation"),
        ("Amazon's revenue", "Amazon.com, Inc."),
        ("Amazon.com's revenue", "Amazon.com, Inc."),
        ("AT&T's revenue", "AT&T Inc."),
        ("Procter & Gamble's revenue", "Procter & Gamble Co"),
        ("P&G's revenue", "Procter & Gamble Co"),
        ("Procter and Gamble's revenue", "Procter & Gamble Co"),
        ("JPM revenue", "JPMorgan Chase & Co."),
        ("General Mills revenue", "General Mills, Inc."),
        ("What was Nike's revenue?", "NIKE, Inc."),
        ("what was nike's revenue?", "NIKE, Inc."),
    ],
)
def test_a_company_by_its_names(question: str, company: str) -> None:
    assert known(question) == (company,)


def test_several_companies_in_the_order_of_the_question() -> None:
    assert known("Compare MRBY with Orrindale and 3M") == (
        "Marrowby Foods, Inc.",
        "Orrindale Instruments Corporation",
        "3M Company",
    )


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("What was Apple's revenue in FY2023?", ("Apple",)),
        ("What was the revenue of Johnson Controls?", ("Johnson Controls",)),
        ("How did NVDA do?", ("NVDA",)),
        ("What was Hollis & Grange's revenue?", ("Hollis & Grange",)),
    ],
)
def test_a_company_that_is_not_there(question: str, names: tuple[str, ...]) -> None:
    assert known(question) == ()
    assert unknown(question) == names


@pytest.mark.parametrize(
    "question",
    [
        "What was the revenue in FY2023?",
        "What was EBITDA in Q2 2023 in USD millions?",
        "Did Capital Expenditure grow in December?",
        "Give the P&L of the year. Round to two decimals.",
        "What was Net Income in Europe?",
        "How large is SG&A in the Income Statement?",
    ],
)
def test_capitalised_words_that_name_no_company(question: str) -> None:
    assert find_companies(question, SHELF, built_in_vocabulary()).known == ()
    assert unknown(question) == ()


@pytest.mark.parametrize(
    "question",
    [
        "What is the cost of sales?",  # COST is a ticker
        "How much of the battles were lost?",  # BA
        "What do all 3Ms cost?",
        "Was it more than $3m?",
        "the American way",
        "Generals of the army",
        "T was the first letter",  # a ticker of one letter says nothing
    ],
)
def test_words_that_only_look_like_a_name(question: str) -> None:
    assert known(question) == ()


def test_a_name_that_two_companies_share_means_neither() -> None:
    shelf = {"Johnson Controls, Inc.": "JCI", "Johnson & Johnson": "JNJ"}
    assert "Johnson" not in company_aliases(shelf)
    assert known("What was Johnson's revenue?", shelf) == ()
    assert known("What was Johnson Controls' revenue?", shelf) == ("Johnson Controls, Inc.",)


def test_how_the_question_writes_a_company() -> None:
    question = "Was MMM larger than Boeing and AMEX?"
    found = find_companies(question, SHELF, built_in_vocabulary())
    assert found.written == ("MMM", "Boeing")
    assert find_companies("How is AMEX?", SHELF, built_in_vocabulary()).written == ("AMEX",)


@pytest.mark.parametrize(
    ("short", "name", "fits"),
    [
        ("AMEX", "American Express", True),
        ("Amex", "American Express", True),
        ("AE", "American Express", False),
        ("AMEXX", "American Express", False),
        ("AXP", "American Express", False),
        ("FedEx", "Federal Express", True),
        ("Ame", "American", False),
    ],
)
def test_abbreviations(short: str, name: str, fits: bool) -> None:
    assert abbreviates(short, name) is fits


def test_an_abbreviation_that_fits_two_companies_means_neither() -> None:
    shelf = {"American Express Company": None, "Amber Exploration Inc.": None}
    assert known("How is AMEX?", shelf) == ()
    assert unknown("How is AMEX?", shelf) == ("AMEX",)


def test_initials_that_two_companies_share_mean_neither() -> None:
    assert known("What is J&J's revenue?", {"Johnson & Johnson": "JNJ"}) == ("Johnson & Johnson",)
    shelf: dict[str, str | None] = {"Johnson & Johnson": "JNJ", "Jardine & Jones Inc.": None}
    assert known("What is J&J's revenue?", shelf) == ()
    assert known("What are its M&A costs?", {"Miller & Abbott Inc.": None}) == ()


def test_an_empty_library_knows_no_company() -> None:
    assert known("What was 3M's revenue?", {}) == ()
    assert company_aliases({}) == {}
