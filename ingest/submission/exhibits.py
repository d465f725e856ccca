"""What the exhibits of a filing are, by the numbers that Regulation S-K gives them."""

from __future__ import annotations

_TITLES = {
    1: "Underwriting agreement",
    2: "Plan of acquisition, reorganization, arrangement, liquidation or succession",
    3: "Articles of incorporation and bylaws",
    4: "Instruments defining the rights of security holders",
    5: "Opinion on legality",
    8: "Opinion on tax matters",
    10: "Material contracts",
    11: "Computation of per share earnings",
    12: "Computation of ratios",
    13: "Annual or quarterly report to security holders",
    14: "Code of ethics",
    15: "Letter on unaudited interim financial information",
    16: "Letter on change in certifying accountant",
    18: "Letter on change in accounting principles",
    19: "Insider trading policies",
    20: "Other documents or statements to security holders",
    21: "Subsidiaries of the registrant",
    22: "Subsidiary guarantors and issuers of guaranteed securities",
    23: "Consents of experts and counsel",
    24: "Power of attorney",
    25: "Statement of eligibility of trustee",
    27: "Financial data schedule",
    31: "Certifications under Rule 13a-14(a)",
    32: "Certifications under Section 1350",
    33: "Reports on assessment of compliance with servicing criteria",
    34: "Attestation reports on assessment of compliance with servicing criteria",
    35: "Servicer compliance statement",
    95: "Mine safety disclosures",
    96: "Technical report summary",
    97: "Policy on recovery of erroneously awarded compensation",
    99: "Additional exhibits",
}
"""Exhibit numbers of Regulation S-K, Item 601(b) (17 CFR 229.601)."""


def exhibit_number(type_: str) -> str:
    """Return the number of an exhibit by its type: ``EX-99.1`` has ``99.1``."""
    return type_.removeprefix("EX-")


def exhibit_title(type_: str, description: str) -> str:
    """Return the heading of an exhibit: its number, and the description that it was filed with or what its kind is.

    A description that only repeats the type says nothing.
    """
    number = exhibit_number(type_)
    whole = number.partition(".")[0]
    known = _TITLES.get(int(whole)) if whole.isdigit() else None
    plain = "".join(description.upper().split()).replace("EXHIBIT", "EX-").replace("EX--", "EX-")
    said = description if description and plain not in (type_, f"EX-{number}") else known
    return f"Exhibit {number}. {said}" if said else f"Exhibit {number}"
