"""Headings that close what stands before them: signatures, exhibits, auditors' reports, schedules."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.filing import Page, SectionKind
from ingest.structure.marks import Mark

CLOSING, REPORT = 0, 2
"""Levels of marks: signatures and exhibits end the parts; a report ends the note before it."""
TOP_LINES = 4
"""An exhibit is named, and signatures without a title begin, within so many lines of the top of a page."""
NEAR = 1_500
"""What confirms a heading is printed within so many characters below it."""
LONGEST = 160
"""None of these headings has more characters."""

_SIGNATURES = re.compile(r"^\W{0,3}signatures?\W{0,3}$", re.IGNORECASE)
_SIGNED = re.compile(r"pursuant to the requirements|/s/|duly (?:caused|authorized)", re.IGNORECASE)
_CAUSED = re.compile(r"^pursuant to the requirements of (?:section 13|the securities exchange act)", re.IGNORECASE)
_EXHIBIT = re.compile(r"^\W{0,3}exhibit\s+(\d{1,3}(?:\.\d{1,3})?(?:[-.]?[A-Za-z])?)\W{0,3}$", re.IGNORECASE)
_REPORT = re.compile(
    r"^\W{0,3}(?:reports?\s+of\s+(?:independent|management|ernst|pricewaterhouse|deloitte|kpmg)|management[’']?s?\s+reports?\s+on"
    r"|management[’']?s\s+responsibility)\b[\w\s,&’'()]{0,110}$",
    re.IGNORECASE,
)
_REPORTED = re.compile(r"\bto the (?:board|share|stock|members)|we have (?:audited|reviewed)|responsib", re.IGNORECASE)
_SCHEDULE = re.compile(r"^\W{0,3}(?:financial statement\s+)?schedule\s+([IVX]{1,4})\b(.{0,120})$", re.IGNORECASE)


def closing_marks(pages: Sequence[Page]) -> list[Mark]:
    """Return the marks of signatures, exhibits that are part of the file, reports and schedules, in order.

    A heading that is repeated at the head of the pages below it begins nothing anew.
    """
    marks: list[Mark] = []
    for page in pages:
        for at, line in enumerate(page.lines):
            if len(line.text) > LONGEST:
                continue
            found = _heading(page, at, line.text.strip(), page.text[line.chars[0] : line.chars[1] + NEAR])
            if found is None:
                continue
            kind, number, title = found
            if not marks or (marks[-1].kind, marks[-1].title) != (kind, title):
                level = REPORT if kind == "heading" else CLOSING
                marks.append(Mark((page.index, line.chars[0]), level, kind, number, title))
    return marks


def _heading(page: Page, at: int, text: str, below: str) -> tuple[SectionKind, str | None, str] | None:
    title = " ".join(text.split()).strip(" .:")
    if _SIGNATURES.match(text) or (at < TOP_LINES and _CAUSED.match(text)):
        return ("signatures", None, "Signatures") if _SIGNED.search(below) else None
    if match := _EXHIBIT.match(text):
        number = match[1].upper()
        return ("exhibit", number, f"Exhibit {number}") if at < TOP_LINES else None
    if text[-1:].isdigit():
        return None
    if _REPORT.match(text):
        return ("heading", None, title) if _REPORTED.search(below) else None
    if match := _SCHEDULE.match(text):
        return ("heading", match[1].upper(), title) if at < TOP_LINES else None
    return None
