"""Reads who filed what and when from the header of a submission, whichever of its two notations it is in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

_LINE = re.compile(r"^[ \t]*([A-Z][A-Z0-9 /&().'-]*?):[ \t]*([^\r\n]*)$", re.MULTILINE)
_TAG = re.compile(r"<([A-Z][A-Z0-9-]*)>([^<\r\n]*)")

_SUBJECTS = ("FILER", "SUBJECT COMPANY", "ISSUER", "ISSUING ENTITY", "SERIAL COMPANY", "SECURITIZER")
"""Whom a submission is about, in the order in which one is taken for its company; not who merely filed it."""
_OTHERS = ("FILED BY", "REPORTING OWNER", "DEPOSITOR", "UNDERWRITER", "FILED FOR")

_SAME = {
    "CONFORMED SUBMISSION TYPE": "TYPE",
    "CONFORMED PERIOD OF REPORT": "PERIOD",
    "FILED AS OF DATE": "FILING DATE",
    "COMPANY CONFORMED NAME": "CONFORMED NAME",
    "CENTRAL INDEX KEY": "CIK",
}
"""Names of the notation with colons, and those of the notation with tags for the same."""
_DAY = re.compile(r"(\d{4})(\d\d)(\d\d)")


def read_header(header: bytes) -> dict[str, str]:
    """Return the header's statements under the names of a tagged cover (dei), as far as it makes them.

    ``EntityRegistrantName``, ``EntityCentralIndexKey``, ``DocumentType``, ``DocumentPeriodEndDate`` and
    ``CurrentFiscalYearEndDate`` (``--MM-DD``) as a tagged cover has them; ``FilingDate`` and
    ``AccessionNumber`` beside them, which it does not have.
    """
    general: dict[str, str] = {}
    companies: dict[str, dict[str, str]] = {}
    current = general
    for name, value in _statements(header.decode("utf-8", errors="replace")):
        if name in _SUBJECTS or name in _OTHERS:
            # Of several companies in one role the first is taken.
            current = {} if name in companies else companies.setdefault(name, {})
        elif value:
            current.setdefault(name, value)
    company = next((companies[role] for role in _SUBJECTS if role in companies), {})
    year_end = company.get("FISCAL YEAR END", "")
    cover = {
        "EntityRegistrantName": re.sub(r"\s*/[A-Z]{2,3}/?$", "", company.get("CONFORMED NAME", "")),
        "EntityCentralIndexKey": company.get("CIK", ""),
        "DocumentType": general.get("TYPE", ""),
        "DocumentPeriodEndDate": _day(general.get("PERIOD", "")),
        "CurrentFiscalYearEndDate": f"--{year_end[:2]}-{year_end[2:]}" if re.fullmatch(r"\d{4}", year_end) else "",
        "FilingDate": _day(general.get("FILING DATE", "")),
        "AccessionNumber": general.get("ACCESSION NUMBER", ""),
    }
    return {name: value for name, value in cover.items() if value}


def _statements(text: str) -> Iterator[tuple[str, str]]:
    """Each statement's name, with blanks between its words, and its value; a heading has none."""
    pattern = _TAG if "<SUBMISSION>" in text[:4096] or "<CONFORMED-NAME>" in text else _LINE
    for match in pattern.finditer(text):
        name = match.group(1).replace("-", " ").strip()
        yield _SAME.get(name, name), match.group(2).strip()


def _day(text: str) -> str:
    """A day as ISO 8601, or nothing where it is none."""
    match = _DAY.fullmatch(text)
    try:
        return date(*map(int, match.groups())).isoformat() if match else ""
    except ValueError:
        return ""
