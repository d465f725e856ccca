"""Pieces of the cover pages that the forms 10-K and 10-Q share."""

from __future__ import annotations

from typing import Literal

from press.blocks import Block, Contents, Gap, Named, Paragraph, Piece

BALLOT = "ixt-sec:boolballotbox"


def line(
    *pieces: Piece, style: Literal["body", "center", "bold", "title", "large", "small", "fine"] = "center"
) -> Paragraph:
    """Make one line of a cover page."""
    return Paragraph(pieces, style)


def form_head(form: str, period: str, end: str, *, annual: bool) -> list[Paragraph]:
    """Make the head of a form: its name, the kind of report that is ticked, and the period's end."""
    kind = "ANNUAL" if annual else "QUARTERLY"
    ticked = "dei:DocumentAnnualReport" if annual else "dei:DocumentQuarterlyReport"
    law = "REPORT PURSUANT TO SECTION 13 OR 15(d) OF THE SECURITIES EXCHANGE ACT OF 1934"
    return [
        line("FORM ", Named(form, "dei:DocumentType"), style="title"),
        line("(Mark One)"),
        line(Named("☒", ticked, BALLOT), f" {kind} {law}", style="bold"),
        line(
            f"For the {period} ended ",
            Named(end, "dei:DocumentPeriodEndDate", "ixt:date-monthname-day-year-en"),
            style="bold",
        ),
        line("or"),
        line(Named("☐", "dei:DocumentTransitionReport", BALLOT), f" TRANSITION {law}"),
    ]


def registrant(
    name: str, state: str, address: tuple[str, str, str, str], phone: tuple[str, str], file_number: str
) -> list[Block]:
    """Make the lines that name the registrant; ``address`` is street, town, state and zip code."""
    street, town, region, code = address
    return [
        line("Commission file number ", Named(file_number, "dei:EntityFileNumber")),
        Gap(8),
        line(Named(name, "dei:EntityRegistrantName"), style="large"),
        line("(Exact name of registrant as specified in its charter)", style="fine"),
        Gap(4),
        line(Named(state, "dei:EntityIncorporationStateCountryCode", "ixt-sec:stateprovnameen")),
        line("(State or other jurisdiction of incorporation or organization)", style="fine"),
        line(Named("00-0000000", "dei:EntityTaxIdentificationNumber")),
        line("(I.R.S. Employer Identification No.)", style="fine"),
        line(
            Named(street, "dei:EntityAddressAddressLine1"),
            ", ",
            Named(town, "dei:EntityAddressCityOrTown"),
            ", ",
            Named(region, "dei:EntityAddressStateOrProvince", "ixt-sec:stateprovnameen"),
            " ",
            Named(code, "dei:EntityAddressPostalZipCode"),
        ),
        line("(Address of principal executive offices) (Zip Code)", style="fine"),
        line("(", Named(phone[0], "dei:CityAreaCode"), ") ", Named(phone[1], "dei:LocalPhoneNumber")),
        line("(Registrant’s telephone number, including area code)", style="fine"),
        Gap(4),
    ]


def contents(remark: str) -> list[Block]:
    """Make the page of contents, with a remark on forward-looking statements below them."""
    return [
        line("TABLE OF CONTENTS", style="bold"),
        Gap(6),
        Contents(),
        Gap(10),
        line(remark, style="small"),
    ]
