from __future__ import annotations

from datetime import date

import pytest

from index.contract import FilingRecord
from index.query import Query, company_key, find_connectors, find_things, understand
from ingest.filing import Identity
from ingest.vocabulary import built_in_vocabulary

VOCABULARY = built_in_vocabulary()


def record(
    company: str | None, year: int | None, quarter: int | None = None, *, ticker: str | None = None, form: str = "10-K"
) -> FilingRecord:
    name = f"{company}-{year}-{quarter}-{form}"
    identity = Identity(company, ticker, None, form, year, quarter, date(year, 12, 31) if year else None)
    return FilingRecord(name, f"{name}.pdf", f"/{name}.pdf", "application/pdf", identity, 1, 1, 1, 1, (), "")


ACME = [
    record("ACME Corporation", 2022, ticker="ACM"),
    record("Acme Corp.", 2023),
    record("Acme Corp.", 2024, 1, form="10-Q"),
]
BOLT = [record("Bolt Foods, Inc.", 2023, ticker="BLT")]
QUARTERS = [record("Quartz Ltd", 2023, 2, form="10-Q"), record("Quartz Ltd", 2023, 3, form="10-Q")]
SHELF = ACME + BOLT + QUARTERS


def ask(question: str, previous: Query | None = None, shelf: list[FilingRecord] = SHELF) -> Query:
    return understand(question, shelf, VOCABULARY, previous)


def things(question: str) -> list[str]:
    return [thing.key for thing in find_things(question, VOCABULARY)]


# Companies


def test_two_spellings_are_one_company_and_both_filings_may_answer() -> None:
    query = ask("What was Acme's revenue in FY2023?")
    assert query.companies == ("ACME Corporation",)
    assert query.filing_ids == tuple(filing.id for filing in ACME)
    assert query.unknown == ()
    assert query.assumed == ()


def test_the_ticker_of_any_filing_is_the_company_s() -> None:
    assert ask("What was ACM's revenue in FY2023?").companies == ("ACME Corporation",)


def test_a_company_that_is_not_there_leaves_nothing_eligible() -> None:
    query = ask("What was Zenith's revenue in FY2023?")
    assert (query.companies, query.unknown, query.filing_ids) == ((), ("Zenith",), ())


def test_a_question_about_two_companies() -> None:
    query = ask("What was the revenue of Bolt Foods and of Acme in FY2023?")
    assert query.companies == ("Bolt Foods, Inc.", "ACME Corporation")
    assert set(query.filing_ids) == {filing.id for filing in ACME + BOLT}


def test_the_only_company_is_assumed_and_said() -> None:
    query = ask("What was revenue in FY2023?", shelf=BOLT)
    assert query.companies == ("Bolt Foods, Inc.",)
    assert query.assumed == ("company: Bolt Foods, Inc., the only one in the library",)


def test_without_a_name_every_company_may_answer_and_that_is_said() -> None:
    query = ask("What was revenue in FY2023?")
    assert query.companies == ()
    assert len(query.filing_ids) == len(SHELF)
    assert query.assumed == ("company: any of the 3 in the library, for the question names none",)


def test_another_company_than_the_only_one_is_not_taken_for_it() -> None:
    assert ask("What was Zenith's revenue in FY2023?", shelf=BOLT).unknown == ("Zenith",)


def test_an_empty_library() -> None:
    query = ask("What was Acme's revenue in FY2023?", shelf=[])
    assert query.filing_ids == ()
    assert query.unknown == ("Acme",)


def test_a_filing_without_a_company_is_no_company_s() -> None:
    shelf = [*BOLT, record(None, 2023)]
    assert ask("What was Bolt Foods' revenue in FY2023?", shelf=shelf).filing_ids == (BOLT[0].id,)


@pytest.mark.parametrize(
    ("one", "other"),
    [("3M COMPANY", "3M Co"), ("Acme Corp.", "ACME Corporation"), ("The Boeing Company", "Boeing Co")],
)
def test_what_two_printings_have_in_common(one: str, other: str) -> None:
    assert company_key(one) == company_key(other)


# Periods


def test_the_latest_year_is_assumed_and_said() -> None:
    query = ask("What was Acme's revenue?")
    assert [period.key for period in query.periods] == ["2023"]
    assert query.assumed == ("period: FY2023, the latest year in the library",)


def test_the_latest_quarter_where_there_are_only_quarters() -> None:
    query = ask("What was Quartz's revenue?")
    assert [period.key for period in query.periods] == ["2023Q3"]
    assert query.assumed == ("period: Q3 FY2023, the latest quarter in the library",)


def test_years_and_quarters_that_are_counted_are_said() -> None:
    query = ask("What was Bolt's revenue over the last two years?")
    assert [period.key for period in query.periods] == ["2022", "2023"]
    assert query.assumed == ("period: FY2022, FY2023, counted from FY2023",)
    query = ask("What was Bolt's revenue in Q3?")
    assert [period.key for period in query.periods] == ["2023Q3"]
    assert query.assumed == ("period: Q3 FY2023, counted from FY2023",)


def test_no_period_where_no_filing_has_one() -> None:
    assert ask("What was Bolt's revenue?", shelf=[record("Bolt Foods, Inc.", None)]).periods == ()


@pytest.mark.parametrize(
    "question",
    [
        "What was Acme's revenue in fiscal 2022-23?",
        "What was Acme's quarterly revenue in 2023?",
        "What was Acme's revenue last quarter?",
        "What was Acme's revenue in the year before 2023?",
        "What was Acme's revenue in 2023 and the prior year?",
        "How much did Quartz's revenue grow in Q3 2023 over the previous quarter?",
        "What was Acme's revenue in the six months of 2023?",
        "What was Acme's revenue in the first half of 2023?",
    ],
)
def test_time_that_is_not_understood_is_left_unread(question: str) -> None:
    assert ask(question).unread != ()


@pytest.mark.parametrize(
    "question",
    [
        "What was Acme's revenue last year?",
        "How much did Acme's revenue grow in 2023 over the prior year?",
        "Did Acme's revenue grow in 2023 compared with the previous year?",
        "What was Quartz's revenue in the nine months of Q3 2023?",
        "What was Quartz's year-to-date revenue in Q3 2023?",
        "What was Acme's revenue in Q1 2024?",
    ],
)
def test_time_that_is_understood_leaves_nothing_unread(question: str) -> None:
    assert ask(question).unread == ()


# Concepts and metrics


@pytest.mark.parametrize(
    ("question", "keys"),
    [
        ("the revenue", ["revenue"]),
        ("cost of revenue", ["cost_of_revenue"]),
        ("operating cash flow", ["operating_cash_flow"]),
        ("operating cash flow ratio", ["operating_cash_flow_ratio"]),
        ("gross margin", ["gross_margin"]),
        ("what does the balance sheet say of total assets", ["total_assets"]),
        ("the cash flow statement", []),
        ("in the income statement", []),
        ("net income and revenue", ["net_income", "revenue"]),
        ("revenue, total assets and revenue", ["revenue", "total_assets"]),
        ("the weather", []),
    ],
)
def test_the_longest_name_is_meant(question: str, keys: list[str]) -> None:
    assert things(question) == keys


def test_what_is_defined_names_nothing_new() -> None:
    asked = "What is the fixed asset turnover? It is defined as: revenue / average PP&E between two years."
    assert things(asked) == ["fixed_asset_turnover"]
    assert ask(asked).spelled_out


@pytest.mark.parametrize(
    ("question", "connectors"),
    [
        ("operating income plus inventories", ("add",)),
        ("inventories + accounts receivable", ("add",)),
        ("operating income less inventories", ("subtract",)),
        ("inventories as a % of revenue", ("divide",)),
        ("inventories divided by revenue", ("divide",)),
        ("revenue and net income", ("list",)),
        ("revenue, operating income and total assets", ("list", "list")),
        ("revenue when net income fell", ("",)),
    ],
)
def test_what_joins_two_things(question: str, connectors: tuple[str, ...]) -> None:
    assert ask(f"What was Acme's {question} in FY2023?").connectors == connectors


def test_statements_and_display_and_direction_are_read() -> None:
    query = ask("Did Acme's revenue in the income statement grow in FY2023 (in USD millions, one decimal)?")
    assert query.statements == ("income",)
    assert (query.display.power, query.display.decimals) == (6, 1)
    assert (query.intent, query.direction) == ("explain", 1)


@pytest.mark.parametrize("word", ["segments", "excluding", "highest", "adjusted", "core", "organic", "gross"])
def test_a_word_that_says_more_is_left_unread(word: str) -> None:
    assert word in ask(f"What was Acme's {word} revenue in FY2023?").unread


def test_a_name_is_read_in_every_writing() -> None:
    for name in ("Acme", "ACME Corporation", "Acme Corp", "ACM", "Acme’s", "Acme's"):
        assert ask(f"What was {name} revenue in FY2023?").unread == (), name
    shelf = [record("American Express Company", 2023)]
    assert ask("What was AMEX's revenue in FY2023?", shelf=shelf).unread == ()


def test_a_ticker_is_not_cut_out_of_words() -> None:
    shelf = [
        record("Costco Wholesale Corporation", 2023, ticker="COST"),
        record("The Boeing Company", 2023, ticker="BA"),
    ]
    assert ask("What was Costco's cost of sales in FY2023?", shelf=shelf).unread == ()
    assert ask("What were Boeing's legal battles in FY2023?", shelf=shelf).unread == ("legal", "battles")


# Conversations


def test_a_follow_up_keeps_company_thing_and_period() -> None:
    first = ask("What was Acme's revenue in FY2023?")
    later = ask("and its net income?", first)
    assert later.companies == first.companies
    assert [period.key for period in later.periods] == ["2023"]
    assert [thing.key for thing in later.things] == ["net_income"]
    assert later.assumed == (
        "company: ACME Corporation, as in the question before",
        "period: FY2023, as in the question before",
    )


def test_a_follow_up_keeps_the_thing_and_the_intent() -> None:
    first = ask("How much did Acme's revenue grow in FY2023?")
    later = ask("and in FY2022?", first)
    assert [thing.key for thing in later.things] == ["revenue"]
    assert (later.intent, [period.key for period in later.periods]) == ("growth", ["2022"])
    assert later.unread == ()


def test_a_follow_up_about_another_company() -> None:
    later = ask("And Bolt Foods?", ask("What was Acme's revenue in FY2023?"))
    assert later.companies == ("Bolt Foods, Inc.",)
    assert later.filing_ids == (BOLT[0].id,)
    assert [thing.key for thing in later.things] == ["revenue"]


def test_a_follow_up_about_a_company_that_is_not_there() -> None:
    later = ask("What about Zenith?", ask("What was Acme's revenue in FY2023?"))
    assert (later.companies, later.unknown, later.filing_ids) == ((), ("Zenith",), ())


def test_the_year_before() -> None:
    first = ask("What was Acme's revenue in FY2023?")
    later = ask("and the year before?", first)
    assert [period.key for period in later.periods] == ["2022"]
    assert "period: FY2022, counted from the question before" in later.assumed
    assert later.unread == ()


def test_the_quarter_before_is_a_quarter_before() -> None:
    first = ask("What was Quartz's revenue in Q3 2023?")
    assert [period.key for period in ask("and the quarter before?", first).periods] == ["2023Q2"]
    assert [period.key for period in ask("and the year before?", first).periods] == ["2022Q3"]
    year = ask("What was Acme's revenue in FY2023?")
    assert ask("and the quarter before?", year).unread != ()


def test_a_bare_quarter_is_of_the_year_before_it_in_the_conversation() -> None:
    first = ask("What was Acme's revenue in FY2022?")
    assert [period.key for period in ask("and in Q1?", first).periods] == ["2022Q1"]


def test_a_long_question_is_no_follow_up() -> None:
    first = ask("What was Acme's revenue in FY2023?")
    long = "Please tell me in a few words what the people who work there every day think about the weather"
    assert ask(long, first).things == ()


def test_a_follow_up_that_asks_something_else_leaves_it_unread() -> None:
    first = ask("What was Acme's revenue in FY2023?")
    assert "employees" in ask("How many employees does it have?", first).unread


def test_a_balance_at_the_end_of_the_fourth_quarter_is_the_year_s() -> None:
    assert [period.key for period in ask("What was Acme's cash at the end of Q4 2022?").periods] == ["2022"]
    assert [period.key for period in ask("What was Acme's revenue in Q4 2022?").periods] == ["2022Q4"]
    assert [period.key for period in ask("What was Acme's cash at the end of Q3 2022?").periods] == ["2022Q3"]


def test_the_operands_of_what_is_asked() -> None:
    assert [c.key for c in ask("What was Acme's gross margin in FY2023?").operands] == ["gross_profit", "revenue"]
    assert "revenue" in [c.key for c in ask("What was Acme's revenue in FY2023?").operands]


def test_whether_a_period_is_named_and_which_days() -> None:
    assert ask("What was Acme's revenue in FY2023?").dated
    assert not ask("What was Acme's revenue?").dated
    query = ask("What did Acme borrow on May 26, 2023?")
    assert not query.dated
    assert query.days == (date(2023, 5, 26),)


@pytest.mark.parametrize(
    ("question", "keys"),
    [
        ("How has Quartz's revenue changed over time?", ["2023Q2", "2023Q3"]),
        ("How has Quartz's net income fluctuated across the reported quarters?", ["2023Q2", "2023Q3"]),
        ("What was Acme's revenue in each year?", ["2022", "2023"]),
        ("How did Acme's revenue develop over the years?", ["2022", "2023"]),
        ("How has Acme's revenue changed in these 10-Qs?", ["2023Q1", "2024Q1"]),
        ("How has Bolt's revenue changed over time?", ["2021", "2022", "2023"]),
        ("What was Acme's net income in these years and how does it compare across the periods?", ["2022", "2023"]),
        ("How have Acme's inventory levels seen variations over the years?", ["2022", "2023"]),
    ],
)
def test_how_something_went_is_asked_of_every_period_there_is(question: str, keys: list[str]) -> None:
    query = ask(question)
    assert [period.key for period in query.periods] == keys
    assert (query.intent, query.unread) == ("lookup", ())
    assert query.assumed[-1].startswith("periods: ")


def test_reasons_over_a_series_are_no_figures() -> None:
    query = ask("What factors caused Acme's net income to compare so badly across the years?")
    assert query.intent != "lookup" or query.unread


def test_a_period_that_is_named_is_no_series() -> None:
    assert [period.key for period in ask("How did Acme's revenue change over the years 2021 to 2022?").periods] == [
        "2021",
        "2022",
    ]
    assert [period.key for period in ask("What was Acme's revenue over the last two years?").periods] == [
        "2023",
        "2024",
    ]
    assert "segment" in ask("How has Acme's segment revenue changed over time?").unread


def test_a_comma_parts_names_and_their_standing_side_by_side_does_not() -> None:
    vocabulary = built_in_vocabulary()
    for question, joins in (
        ("What were total assets, inventories and goodwill?", ("list", "list")),
        ("What was advertising revenue?", ("",)),
    ):
        assert find_connectors(question, find_things(question, vocabulary)) == joins
