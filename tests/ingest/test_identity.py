from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from ingest.document import Document
from ingest.filing import Identity
from ingest.identity import identify
from ingest.registrant import plain_company, registrants_of
from tests.ingest.pdfs import THREE, TWO, Sheet, cover, document


def identity_of(*lines: str, draw: Callable[[Sheet], None] | None = None) -> Identity:
    def whole(sheet: Sheet) -> None:
        for line in lines:
            sheet.centred(line)
        if draw is not None:
            sheet.next_page()
            draw(sheet)

    return identify(document(whole))[0]


def cover_of(**options: str) -> Identity:
    return identify(document(lambda sheet: cover(sheet, **options)))[0]


def test_the_cover_of_an_annual_report() -> None:
    identity = cover_of()
    assert (identity.company, identity.form) == ("Northfield Instruments Corporation", "10-K")
    assert (identity.fiscal_year, identity.fiscal_quarter) == (2018, None)
    assert (identity.period_end, identity.fiscal_year_end) == (date(2018, 12, 31), (12, 31))


def test_the_cover_of_a_quarterly_report() -> None:
    identity = cover_of(form="10-Q", period="For the quarterly period ended June 30, 2023")
    assert (identity.form, identity.fiscal_year, identity.fiscal_quarter) == ("10-Q", 2023, 2)
    assert identity.period_end == date(2023, 6, 30)


@pytest.mark.parametrize(
    ("form", "expected"),
    [("10-K", "10-K"), ("10-K/A", "10-K/A"), ("10-Q", "10-Q"), ("20-F", "20-F"), ("10-KT", "10-KT")],
)
def test_forms_are_told(form: str, expected: str) -> None:
    assert cover_of(form=form).form == expected


@pytest.mark.parametrize(
    ("period", "year", "end"),
    [
        ("For the fiscal year ended January 2, 2016", 2015, date(2016, 1, 2)),
        ("For the fiscal year ended September 30, 2023", 2023, date(2023, 9, 30)),
        ("For the year ended: December 31, 2018", 2018, date(2018, 12, 31)),
        ("For The Fiscal Year Ended May 31, 2021", 2021, date(2021, 5, 31)),
    ],
)
def test_the_fiscal_year_of_a_period_end(period: str, year: int, end: date) -> None:
    identity = cover_of(period=period)
    assert (identity.fiscal_year, identity.period_end) == (year, end)


def test_capitals_become_readable_and_subsidiaries_go() -> None:
    assert cover_of(company="NORTHFIELD INSTRUMENTS CORPORATION AND SUBSIDIARIES").company == (
        "Northfield Instruments Corporation"
    )
    assert cover_of(company="3M COMPANY").company == "3M Company"
    assert cover_of(company="Amazon.com, Inc.").company == "Amazon.com, Inc."


def test_a_cover_whose_name_is_a_picture_is_named_by_its_text() -> None:
    identity = identity_of(
        "FORM 10-K",
        "For the fiscal year ended January 29, 2022",
        "For the transition period from to",
        "Commission File No. 1-10299",
        "(Exact name of registrant as specified in its charter)",
        "New York 13-3513936",
        draw=lambda sheet: sheet.line(
            "Foot Locker, Inc. and its subsidiaries sell shoes. Foot Locker, Inc. was founded."
        ),
    )
    assert identity.company == "Foot Locker, Inc."


def test_the_ticker_stands_beside_its_exchange() -> None:
    identity = identity_of(
        "FORM 10-K",
        "For the fiscal year ended December 31, 2018",
        "Common Stock, par value $0.01 NFI New York Stock Exchange",
    )
    assert identity.ticker == "NFI"


def test_a_current_report_is_dated_by_its_event() -> None:
    identity = identity_of(
        "FORM 8-K",
        "CURRENT REPORT",
        "Date of Report (Date of earliest event reported): August 16, 2023",
        "Northfield Instruments Corporation",
        "(Exact name of registrant as specified in its charter)",
    )
    assert (identity.form, identity.period_end, identity.filing_date) == ("8-K", date(2023, 8, 16), None)
    assert identity.company == "Northfield Instruments Corporation"


def earnings(sheet: Sheet) -> None:
    sheet.centred("Northfield Instruments Corporation")
    sheet.centred("Consolidated Statements of Income (In thousands)")
    sheet.over("Three months ended", *TWO)
    sheet.heads("January 28,", "January 29,", ends=TWO)
    sheet.heads("2023", "2022", ends=TWO)
    sheet.row("Net sales", "$ 3,226,773", "$ 2,729,388", ends=TWO)
    sheet.row("Net income", "340,751", "289,400", ends=TWO)
    sheet.next_page()
    sheet.centred("Consolidated Balance Sheets (In thousands)")
    sheet.heads("January 28,", "January 29,", ends=TWO)
    sheet.heads("2023", "2022", ends=TWO)
    sheet.row("Total assets", "$ 5,370,411", "$ 4,764,379", ends=TWO)
    sheet.row("Inventories", "1,603,451", "1,499,218", ends=TWO)


def test_an_earnings_release_names_its_quarter_and_year() -> None:
    identity = identity_of(
        "Northfield Instruments Corporation Announces Fourth Quarter", "Fiscal 2022 Results", draw=earnings
    )
    assert identity.form == "earnings release"
    assert (identity.period_end, identity.fiscal_year, identity.fiscal_quarter) == (date(2023, 1, 28), 2022, 4)
    assert identity.company == "Northfield Instruments Corporation"


def test_an_outlook_for_the_year_is_not_the_period_of_a_release() -> None:
    def draw(sheet: Sheet) -> None:
        for _ in range(3):
            sheet.line("Outlook for the fiscal year ending")
            sheet.heads("Q3 2024", "January 31, 2024", ends=TWO)
            sheet.row("Revenue", "8,700", "34,700", ends=TWO)
            sheet.row("Growth", "11%", "11%", ends=TWO)
            sheet.next_page()
        sheet.centred("Condensed Consolidated Balance Sheets (in millions)")
        sheet.heads("July 31, 2023", "January 31, 2023", ends=TWO)
        for label in ("Cash", "Receivables", "Inventories", "Equipment", "Goodwill", "Total assets"):
            sheet.row(label, "6,772", "7,016", ends=TWO)

    identity = identity_of("Northfield Instruments Corporation Announces Second Quarter Fiscal 2024 Results", draw=draw)
    assert (identity.period_end, identity.fiscal_year_end) == (date(2023, 7, 31), (1, 31))
    assert (identity.fiscal_year, identity.fiscal_quarter) == (2024, 2)


def test_the_small_print_of_a_release_is_not_its_period() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.line("The risks are told in the annual report on Form 10-K for the year ended December 31, 2022, and")
        sheet.next_page()
        sheet.centred("CONDENSED CONSOLIDATED STATEMENTS OF INCOME (in millions)")
        sheet.over("Three Months Ended March 31,", *TWO)
        sheet.heads("2023", "2022", ends=TWO)
        for label in ("Sales", "Cost", "Interest", "Taxes", "Other", "Net income"):
            sheet.row(label, "6,209", "5,798", ends=TWO)

    identity = identity_of("Northfield Instruments Corporation Reports First-Quarter Results", draw=draw)
    assert (identity.form, identity.period_end) == ("earnings release", date(2023, 3, 31))
    assert (identity.fiscal_year, identity.fiscal_quarter) == (2023, 1)


def test_a_quarter_that_is_compared_with_the_year_before_keeps_its_year() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.line("Net sales rose from those of the fourth quarter of 2023 to 600 in the fourth quarter of 2024.")
        sheet.next_page()
        sheet.centred("CONSOLIDATED STATEMENTS OF INCOME (in millions)")
        sheet.over("Three Months Ended December 31,", *TWO)
        sheet.heads("2024", "2023", ends=TWO)
        for label in ("Sales", "Cost", "Interest", "Taxes", "Other", "Net income"):
            sheet.row(label, "600", "500", ends=TWO)

    identity = identity_of("Northfield Instruments Corporation Reports Fourth-Quarter Results", draw=draw)
    assert (identity.period_end, identity.fiscal_year, identity.fiscal_quarter) == (date(2024, 12, 31), 2024, 4)


def test_a_release_without_dates_is_about_the_quarter_in_its_title() -> None:
    identity = identity_of("Northfield Instruments Corporation Reports Second-Quarter 2023 Results")
    assert (identity.period_end, identity.fiscal_quarter) == (date(2023, 6, 30), 2)


def test_the_date_of_a_report_is_no_company() -> None:
    identity = identity_of(
        "FORM 8-K",
        "Date of Report: June 1, 2023",
        "(Exact name of registrant as specified in its charter)",
        "Northfield Instruments Corporation is the registrant.",
    )
    assert identity.company == "Northfield Instruments Corporation"


def test_without_a_name_for_its_years_the_calendar_year_of_their_end_names_them() -> None:
    identity = identity_of(
        "Northfield Instruments Corporation Announces Results", "of the Fourth Quarter", draw=earnings
    )
    assert identity.fiscal_year == 2023


def test_a_quarterly_report_finds_the_year_end_in_its_balance_sheet() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.centred("CONDENSED CONSOLIDATED BALANCE SHEETS")
        sheet.line("(In millions)")
        sheet.heads("October 29,", "October 30,", "January 29,", ends=THREE)
        sheet.heads("2022", "2021", "2022*", ends=THREE)
        sheet.row("Total assets", "$ 7,803", "$ 8,240", "$ 8,135", ends=THREE)
        sheet.row("Inventories", "1,685", "1,301", "1,266", ends=THREE)

    identity = identity_of("FORM 10-Q", "For the quarterly period ended October 29, 2022", draw=draw)
    assert identity.fiscal_year_end == (1, 29)
    assert identity.fiscal_quarter == 3


def test_tagged_covers_are_believed() -> None:
    cover_values = {
        "EntityRegistrantName": "NORTHFIELD INSTRUMENTS CORP",
        "TradingSymbol": "NFI",
        "EntityCentralIndexKey": "0000099999",
        "DocumentType": "10-Q",
        "DocumentPeriodEndDate": "2023-04-29",
        "DocumentFiscalYearFocus": "2023",
        "DocumentFiscalPeriodFocus": "Q1",
        "CurrentFiscalYearEndDate": "--02-03",
    }
    identity, fiscal = identify(Document("text/html", (), (), cover=cover_values))
    assert identity == Identity(
        company="Northfield Instruments Corp",
        ticker="NFI",
        cik="0000099999",
        form="10-Q",
        fiscal_year=2023,
        fiscal_quarter=1,
        period_end=date(2023, 4, 29),
        fiscal_year_end=(2, 3),
        closing_year=2024,
    )
    assert fiscal.fiscal_year(date(2024, 2, 3)) == 2023


@pytest.mark.parametrize(
    ("form", "day", "by_company", "by_close"),
    [("10-K", "2023-01-28", 2022, 2023), ("10-Q", "2022-10-29", 2022, 2023), ("8-K", "2022-03-01", 2022, 2023)],
)
def test_a_year_is_named_by_the_company_and_by_the_calendar(
    form: str, day: str, by_company: int, by_close: int
) -> None:
    tagged = {
        "DocumentType": form,
        "DocumentPeriodEndDate": day,
        "DocumentFiscalYearFocus": "2022",
        "CurrentFiscalYearEndDate": "--01-28",
    }
    identity, _ = identify(Document("text/html", (), (), cover=tagged))
    assert (identity.fiscal_year, identity.closing_year) == (by_company, by_close)
    calendar = {**tagged, "CurrentFiscalYearEndDate": "--12-31", "DocumentPeriodEndDate": "2022-12-31"}
    identity, _ = identify(Document("text/html", (), (), cover=calendar))
    assert (identity.fiscal_year, identity.closing_year) == (2022, 2022)


def test_an_empty_document_is_nobodys() -> None:
    identity, _ = identify(Document("text/html", (), ()))
    assert (identity.company, identity.form, identity.fiscal_year, identity.period_end) == (None, None, None, None)


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("3M COMPANY", "3M"),
        ("Apple Inc.", "Apple"),
        ("The Boeing Company", "Boeing"),
        ("JPMorgan Chase & Co.", "JPMorgan Chase"),
        ("Amazon.com, Inc.", "Amazon.com"),
        ("Pfizer Inc", "Pfizer"),
        ("BOEING CO/DE/", "BOEING"),
    ],
)
def test_legal_forms_are_left_out(name: str, plain: str) -> None:
    assert plain_company(name) == plain


def test_a_report_is_filed_when_it_is_signed_not_when_it_happened() -> None:
    identity = identity_of(
        "FORM 8-K",
        "Date of Report (Date of earliest event reported): August 14, 2023",
        "Northfield Instruments Corporation",
        "(Exact name of registrant as specified in its charter)",
        "signed on its behalf by the undersigned hereunto duly authorized.",
        "Date: August 16, 2023 By: /s/ Ann Smith",
    )
    assert (identity.period_end, identity.filing_date) == (date(2023, 8, 14), date(2023, 8, 16))


def test_a_day_of_a_month_in_words_is_a_date_of_signature() -> None:
    identity = identity_of(
        "FORM 10-K",
        "For the fiscal year ended December 31, 2020",
        "the undersigned, thereunto duly authorized, on the 24th day of February, 2021.",
    )
    assert identity.filing_date == date(2021, 2, 24)


def test_an_event_in_early_january_belongs_to_the_new_year() -> None:
    identity = identity_of("FORM 8-K", "Date of Report (Date of earliest event reported): January 6, 2023")
    assert (identity.fiscal_year, identity.fiscal_quarter, identity.fiscal_year_end) == (2023, 1, None)


def test_an_event_falls_into_the_fiscal_year_that_the_report_tells() -> None:
    identity = identity_of(
        "FORM 8-K",
        "Date of Report (Date of earliest event reported): November 14, 2024",
        "grants for the fiscal year ending May 31, 2025",
    )
    assert (identity.fiscal_year, identity.fiscal_quarter, identity.fiscal_year_end) == (2025, 2, (5, 31))


def test_registrants_in_rows_are_all_found_and_the_first_is_the_company() -> None:
    lines = (
        "FORM 8-K",
        "Date of Report: June 1, 2023",
        "Commission Exact Name of Registrant State or Other Jurisdiction of IRS Employer",
        "File Number as specified in its charter Incorporation or Organization Identification Number",
        "001-99901 NORTHFIELD CORPORATION California 94-3234914",
        "001-99902 NORTHFIELD GAS AND ELECTRIC California 94-0742640",
        "COMPANY",
    )
    assert identity_of(*lines).company == "Northfield Corporation"
    pages = document(lambda sheet: [sheet.centred(line) for line in lines]).pages
    assert registrants_of(pages) == ("Northfield Corporation", "Northfield Gas and Electric Company")


def test_a_release_names_company_and_ticker_beside_its_market() -> None:
    identity = identity_of(
        "NEWS RELEASE",
        "nBay Inc. Reports Better Than Expected First Quarter 2023 Results",
        "SAN JOSE, Calif., April 26, 2023 -- nBay Inc. (Nasdaq: NBAY), a marketplace, today reported",
        draw=earnings,
    )
    assert (identity.company, identity.ticker, identity.form) == ("nBay Inc.", "NBAY", "earnings release")


def test_a_release_is_dated_by_its_publication() -> None:
    identity = identity_of(
        "Northfield Instruments Corporation Reports Second-Quarter 2023 Results", "July 27, 2023, Northfield"
    )
    assert identity.filing_date == date(2023, 7, 27)


def test_prose_that_mentions_a_form_does_not_name_the_document() -> None:
    identity = identity_of(
        "Northfield Instruments Corporation Reports First-Quarter 2023 Results",
        "Form 10-Q) filed with the Securities and Exchange Commission for additional information",
        draw=earnings,
    )
    assert identity.form == "earnings release"


def test_running_titles_name_the_year_of_a_quarterly_report() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.centred("CONDENSED CONSOLIDATED BALANCE SHEETS")
        sheet.heads("October 29,", "January 29,", ends=TWO)
        sheet.heads("2022", "2022", ends=TWO)
        sheet.row("Total assets", "$ 7,803", "$ 8,135", ends=TWO)
        for _ in range(2):
            sheet.next_page()
            sheet.line("Sales rose from those of the third quarter of 2021.")
            sheet.line("Third Quarter 2022 Form 10-Q")

    identity = identity_of("FORM 10-Q", "For the quarterly period ended October 29, 2022", draw=draw)
    assert (identity.fiscal_year, identity.fiscal_quarter) == (2022, 3)


def test_an_amendment_is_told_by_its_number() -> None:
    identity = identity_of("FORM 10-K", "(Amendment No. 1)", "For the fiscal year ended December 31, 2020")
    assert identity.form == "10-K/A"


def test_a_header_states_the_day_of_filing() -> None:
    header = {"EntityRegistrantName": "NORTHFIELD CO /DE/", "DocumentType": "10-K", "FilingDate": "1996-03-28"}
    identity, _ = identify(Document("text/html", (), (), cover=header))
    assert (identity.company, identity.filing_date) == ("Northfield Co", date(1996, 3, 28))


@pytest.mark.parametrize(
    ("line", "currency"),
    [
        ("(In millions of euros)", "EUR"),
        ("(£ in millions)", "GBP"),
        ("(C$ in millions)", "CAD"),
        ("($ in millions)", "USD"),
    ],
)
def test_tables_name_their_currency(line: str, currency: str) -> None:
    def draw(sheet: Sheet) -> None:
        sheet.centred("CONSOLIDATED BALANCE SHEETS")
        sheet.line(line)
        sheet.heads("2022", "2021", ends=TWO)
        sheet.row("Total assets", "7,803", "8,135", ends=TWO)

    assert identity_of("FORM 20-F", "For the fiscal year ended December 31, 2022", draw=draw).currency == currency


def test_an_ownership_report_is_about_its_issuer() -> None:
    identity = identity_of("FORM 4", "2. Issuer Name and Ticker or Trading Symbol", "NORTHFIELD BANCORP INC [ NFBN ]")
    assert (identity.company, identity.ticker, identity.form) == ("Northfield Bancorp Inc", "NFBN", "4")


def test_the_market_of_the_common_stock_names_its_ticker() -> None:
    identity = identity_of(
        "FORM 10-K",
        "For the fiscal year ended December 31, 2015",
        draw=lambda sheet: sheet.line("Our common stock is traded on the NASDAQ under the symbol “NFIX”."),
    )
    assert identity.ticker == "NFIX"


def test_a_word_that_opens_a_line_is_no_part_of_the_company() -> None:
    identity = identity_of(
        "COMPARISON OF CUMULATIVE RETURN",
        "Among Northfield Instruments Corporation, an index and a peer group",
        "In Northfield Instruments Corporation we trust.",
    )
    assert identity.company == "Northfield Instruments Corporation"
