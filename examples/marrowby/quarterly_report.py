"""Marrowby's quarterly report on Form 10-Q for the second quarter of fiscal 2024."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

from press.blocks import Block, Context, Document, Figure, Gap, Named, PageBreak, Rule, Tag, TextTable
from press.cover import contents, form_head, line, registrant
from press.manuscript import read_manuscript

from marrowby.book import CIK, COMPANY, PREFIX, marrowby
from marrowby.statements import tables

_REMARK = (
    "This report contains forward-looking statements, marked by words such as “expect” and “plan.” Actual results may "
    "differ because of the risks described in our Annual Report on Form 10-K for the fiscal year ended September 30, "
    "2023, which include the prices of wheat and energy, the loss of large customers and interruptions at our plants."
)


def quarterly_report() -> Document:
    """Put the 10-Q together."""
    book = marrowby()
    inserts: dict[str, list[Block]] = {name: [table] for name, table in tables(book).items()}
    inserts |= {name: [table] for name, table in _lists().items()}
    body = read_manuscript(Path(__file__).parent / "manuscript" / "quarterly_report.txt", book.say, inserts)
    return Document(
        title=f"{COMPANY} – Quarterly Report on Form 10-Q for the quarter ended March 30, 2024",
        company=COMPANY,
        prefix=PREFIX,
        cik=CIK,
        period=book.contexts["h1_2024"],
        blocks=(*_cover(), PageBreak(), *contents(_REMARK), PageBreak(), *body),
        front=2,
        hidden={
            "dei:EntityCentralIndexKey": CIK,
            "dei:CurrentFiscalYearEndDate": "--09-28",
            "dei:DocumentFiscalYearFocus": "2024",
            "dei:DocumentFiscalPeriodFocus": "Q2",
            "dei:AmendmentFlag": "false",
            "dei:Security12bTitle": "Common Stock, $0.01 par value",
            "dei:TradingSymbol": "MRBY",
            "dei:SecurityExchangeName": "NASDAQ",
        },
    )


def _cover() -> list[Block]:
    shares = Figure(
        Decimal(28341650), 0, Tag("dei:EntityCommonStockSharesOutstanding", Context(date(2024, 4, 26)), "shares", 0, 0)
    )
    address = ("77 Granary Street", "Wellhaven", "Ohio", "44999")
    return [
        line("UNITED STATES", style="bold"),
        line("SECURITIES AND EXCHANGE COMMISSION", style="bold"),
        line("Washington, D.C. 20549"),
        Rule(),
        *form_head("10-Q", "quarterly period", "March 30, 2024", annual=False),
        *registrant(COMPANY, "Ohio", address, ("330", "555-0119"), "000-99862"),
        line("Securities registered pursuant to Section 12(b) of the Act:", style="bold"),
        TextTable(
            ("Title of each class", "Trading Symbol(s)", "Name of each exchange on which registered"),
            (("Common Stock, $0.01 par value", "MRBY", "The Nasdaq Stock Market LLC"),),
            (0.36, 0.24, 0.40),
        ),
        Gap(3),
        line(
            "Indicate by check mark whether the registrant (1) has filed all reports required to be filed by Section "
            "13 or 15(d) of the Securities Exchange Act of 1934 during the preceding 12 months, and (2) has been "
            "subject to such filing requirements for the past 90 days. Yes ☒ No ☐",
            style="small",
        ),
        line(
            "Indicate by check mark whether the registrant is a large accelerated filer, an accelerated filer, a "
            "non-accelerated filer, a smaller reporting company or an emerging growth company. Large accelerated "
            "filer ☐ ",
            Named("Accelerated filer", "dei:EntityFilerCategory", "ixt-sec:entityfilercategoryen"),
            " ☒ Non-accelerated filer ☐ Smaller reporting company ☐ Emerging growth company ☐",
            style="small",
        ),
        line(
            "Indicate by check mark whether the registrant is a shell company (as defined in Rule 12b-2 of the "
            "Exchange Act). Yes ☐ No ☒",
            style="small",
        ),
        line("On April 26, 2024, ", shares, " shares of common stock were outstanding.", style="small"),
    ]


def _lists() -> dict[str, TextTable]:
    exhibits = (
        ("10.1", "Second Amendment, dated February 9, 2024, to the Credit Agreement of June 3, 2021*"),
        ("31.1", "Certification of the chief executive officer under Rule 13a-14(a)*"),
        ("31.2", "Certification of the chief financial officer under Rule 13a-14(a)*"),
        ("32.1", "Certifications under 18 U.S.C. Section 1350**"),
        ("101", "Inline XBRL documents*"),
        ("104", "Cover page, formatted in Inline XBRL (included in Exhibit 101)*"),
    )
    purchases = (
        ("December 31, 2023 – January 27, 2024", "42,300", "$46.18", "42,300", "$31.4 million"),
        ("January 28, 2024 – February 24, 2024", "38,900", "$47.52", "38,900", "$29.5 million"),
        ("February 25, 2024 – March 30, 2024", "21,100", "$48.26", "21,100", "$28.5 million"),
    )
    signed = (
        (COMPANY, ""),
        ("Date: May 2, 2024", "By: /s/ Gwendolyn A. Parr"),
        ("", "Gwendolyn A. Parr, Vice President and Chief Financial Officer (principal financial officer)"),
    )
    heads = (
        "Period",
        "Shares purchased",
        "Average price",
        "Under announced program",
        "Value that may yet be purchased",
    )
    return {
        "exhibits": TextTable(("Exhibit", "Description"), exhibits, (0.1, 0.9)),
        "purchases": TextTable(heads, purchases, (0.34, 0.15, 0.14, 0.17, 0.2)),
        "signed": TextTable(("", ""), signed, (0.4, 0.6)),
    }
