"""Orrindale's annual report on Form 10-K for 2024: cover, contents, manuscript, tables and signatures."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

from press.blocks import Block, Context, Document, Figure, Gap, Named, PageBreak, Rule, Tag, TextTable
from press.cover import contents, form_head, line, registrant
from press.manuscript import read_manuscript

from orrindale.asset_tables import asset_tables
from orrindale.book import CIK, COMPANY, PREFIX, orrindale
from orrindale.discussion_tables import discussion_tables
from orrindale.liability_tables import liability_tables
from orrindale.statements import statements

_MANUSCRIPT = Path(__file__).parent / "manuscript"
_FILES = ("1_business", "2_risk_factors", "3_discussion", "4_statements", "5_notes", "6_closing")


def annual_report() -> Document:
    """Put the 10-K together."""
    book = orrindale()
    tables = discussion_tables(book) | asset_tables(book) | liability_tables(book) | statements(book) | _lists()
    inserts: dict[str, list[Block]] = {name: [table] for name, table in tables.items()}
    body: list[Block] = []
    for name in _FILES:
        body += read_manuscript(_MANUSCRIPT / f"{name}.txt", book.say, inserts)
    return Document(
        title=f"{COMPANY} – Annual Report on Form 10-K for 2024",
        company=COMPANY,
        prefix=PREFIX,
        cik=CIK,
        period=book.contexts["2024"],
        blocks=(*_cover(), PageBreak(), *contents(_REMARK), PageBreak(), *body),
        front=2,
        hidden={
            "dei:EntityCentralIndexKey": CIK,
            "dei:CurrentFiscalYearEndDate": "--12-31",
            "dei:DocumentFiscalYearFocus": "2024",
            "dei:DocumentFiscalPeriodFocus": "FY",
            "dei:AmendmentFlag": "false",
            "dei:Security12bTitle": "Common Stock, $0.01 par value",
            "dei:TradingSymbol": "ORRI",
            "dei:SecurityExchangeName": "NYSE",
        },
    )


def _cover() -> list[Block]:
    address = ("410 Mill Pond Parkway", "Harrow Falls", "Vermont", "05999")
    return [
        line("UNITED STATES", style="bold"),
        line("SECURITIES AND EXCHANGE COMMISSION", style="bold"),
        line("Washington, D.C. 20549"),
        Rule(),
        *form_head("10-K", "fiscal year", "December 31, 2024", annual=True),
        *registrant(COMPANY, "Delaware", address, ("802", "555-0142"), "000-99904"),
        line("Securities registered pursuant to Section 12(b) of the Act:", style="bold"),
        TextTable(
            ("Title of each class", "Trading Symbol(s)", "Name of each exchange on which registered"),
            (("Common Stock, $0.01 par value", "ORRI", "New York Stock Exchange"),),
            (0.36, 0.24, 0.40),
        ),
        line("Securities registered pursuant to Section 12(g) of the Act: None", style="bold"),
        Gap(3),
        *_questions(),
    ]


def _questions() -> list[Block]:
    yes, no = "☒", "☐"
    ask = "Indicate by check mark "
    market = Figure(
        Decimal(8021400000), 0, Tag("dei:EntityPublicFloat", Context(date(2024, 6, 28)), "money", 0, -5), "$"
    )
    shares = Figure(
        Decimal(61207480), 0, Tag("dei:EntityCommonStockSharesOutstanding", Context(date(2025, 2, 14)), "shares", 0, 0)
    )
    return [
        line(
            f"{ask}if the registrant is a well-known seasoned issuer, as defined in Rule 405 of the Securities Act. "
            f"Yes {yes} No {no}",
            style="small",
        ),
        line(
            f"{ask}if the registrant is not required to file reports pursuant to Section 13 or 15(d) of the Act. "
            f"Yes {no} No {yes}",
            style="small",
        ),
        line(
            f"{ask}whether the registrant (1) has filed all reports required to be filed by Section 13 or 15(d) of "
            "the Securities Exchange Act of 1934 during the preceding 12 months, and (2) has been subject to such "
            f"filing requirements for the past 90 days. Yes {yes} No {no}",
            style="small",
        ),
        line(
            f"{ask}whether the registrant has submitted electronically every Interactive Data File required to be "
            f"submitted during the preceding 12 months. Yes {yes} No {no}",
            style="small",
        ),
        line(
            f"{ask}whether the registrant is a large accelerated filer, an accelerated filer, a non-accelerated "
            "filer, a smaller reporting company or an emerging growth company. ",
            Named("Large accelerated filer", "dei:EntityFilerCategory", "ixt-sec:entityfilercategoryen"),
            f" {yes} Accelerated filer {no} Non-accelerated filer {no} Smaller reporting company {no} "
            f"Emerging growth company {no}",
            style="small",
        ),
        line(
            f"{ask}whether the registrant is a shell company (as defined in Rule 12b-2 of the Act). Yes {no} No {yes}",
            style="small",
        ),
        line(
            "The aggregate market value of common stock held by non-affiliates on June 28, 2024, the last business "
            "day of the registrant’s most recently completed second fiscal quarter, was approximately ",
            market,
            ", based on the closing price of $131.15. On February 14, 2025, ",
            shares,
            " shares of common stock were outstanding.",
            style="small",
        ),
        line(
            "Documents incorporated by reference: portions of the definitive proxy statement for the annual meeting "
            "of stockholders on May 8, 2025, are incorporated by reference into Part III.",
            style="small",
        ),
    ]


_REMARK = (
    "This report contains forward-looking statements within the meaning of the Private Securities Litigation Reform "
    "Act of 1995. Words such as “expect,” “believe,” “intend” and “plan” mark them. They are subject to the risks "
    "described in Item 1A, and we do not undertake to update them."
)


def _lists() -> dict[str, TextTable]:
    officers = (
        ("Margaret T. Ashdown", "57", "President and Chief Executive Officer since 2018"),
        ("Rajiv Belmonte", "52", "Senior Vice President and Chief Financial Officer since 2020"),
        ("Ines Callander, Ph.D.", "49", "Senior Vice President and Chief Technology Officer since 2021"),
        ("Oskar Lindqvist-Rowe", "55", "Senior Vice President, Analytical Instruments, since 2017"),
        ("Denise Okafor-Hale", "46", "Senior Vice President, Life Science Systems, since 2022"),
        ("Paul R. Svensgaard", "60", "Senior Vice President, General Counsel and Secretary since 2014"),
    )
    exhibits = (
        (
            "2.1",
            "Share Purchase Agreement for Thalvern Microfluidics B.V., dated March 18, 2024 (Form 8-K, March 20, 2024)",
        ),
        ("3.1", "Restated Certificate of Incorporation (Form 10-Q, August 2, 2019)"),
        ("3.2", "Amended and Restated By-Laws (Form 8-K, December 9, 2022)"),
        ("4.1", "Indenture for senior notes, dated October 15, 2016 (Form 8-K, October 17, 2016)"),
        ("4.2", "Second Supplemental Indenture for the 5.20% senior notes due 2034 (Form 8-K, May 15, 2024)"),
        ("4.3", "Description of securities*"),
        ("10.1", "Credit Agreement, dated March 22, 2023 (Form 8-K, March 24, 2023)"),
        ("10.2", "2019 Incentive Plan+ (Proxy Statement, March 28, 2019)"),
        ("10.3", "Form of Performance Share Unit Agreement+ (Form 10-K, February 24, 2023)"),
        ("10.4", "Employment agreement with Margaret T. Ashdown+ (Form 10-K, February 23, 2018)"),
        (
            "10.5",
            "Distribution Agreement with Pemberfield Scientific Supply, dated July 1, 2022 (Form 10-Q, July 29, 2022)",
        ),
        ("19.1", "Insider trading policy*"),
        ("21.1", "Subsidiaries of the registrant*"),
        ("23.1", "Consent of Hartnoll & Penrose LLP*"),
        ("31.1", "Certification of the chief executive officer under Rule 13a-14(a)*"),
        ("31.2", "Certification of the chief financial officer under Rule 13a-14(a)*"),
        ("32.1", "Certifications under 18 U.S.C. Section 1350**"),
        ("97.1", "Policy on the recovery of incentive compensation (Form 10-K, February 23, 2024)"),
        ("101", "Inline XBRL documents*"),
        ("104", "Cover page, formatted in Inline XBRL (included in Exhibit 101)*"),
    )
    signatures = (
        ("/s/ Margaret T. Ashdown", "President, Chief Executive Officer and Director (principal executive officer)"),
        ("/s/ Rajiv Belmonte", "Senior Vice President and Chief Financial Officer (principal financial officer)"),
        ("/s/ Colleen Brightwater", "Vice President and Controller (principal accounting officer)"),
        ("/s/ Harold J. Easterling", "Chair of the Board"),
        ("/s/ Amara Nwosu-Field", "Director"),
        ("/s/ Gregor Hallstatt", "Director"),
        ("/s/ Lucia Marchetti-Dunn", "Director"),
        ("/s/ Stephen K. Tolliver", "Director"),
        ("/s/ Yuki Warrender", "Director"),
    )
    signed = (
        ("Orrindale Instruments Corporation", "By: /s/ Rajiv Belmonte"),
        ("Date: February 21, 2025", "Senior Vice President and Chief Financial Officer"),
    )
    return {
        "officers": TextTable(("Name", "Age", "Position"), officers, (0.3, 0.08, 0.62)),
        "exhibits": TextTable(("Exhibit", "Description"), exhibits, (0.1, 0.9)),
        "signed": TextTable(("", ""), signed, (0.5, 0.5)),
        "signatures": TextTable(("Signature", "Capacity"), signatures, (0.38, 0.62)),
    }
