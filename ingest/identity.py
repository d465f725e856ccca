"""Who filed what, about which period: from tagged cover data or a submission's header, else from what is printed."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

from ingest.dates import find_date
from ingest.document import Document
from ingest.filing import Identity
from ingest.fiscal import calendar_of, fiscal_period, period_end
from ingest.periods import FiscalCalendar
from ingest.registrant import COVER_PAGES, cik_of, is_on_cover, readable_name, registrants_of, ticker_of

HEADLINE = 600
"""A release says within so many characters that it reports results; it may name a form in its small print."""
FORM_LINE = 60
"""A line that names a form and is longer is prose."""
LATEST_RELEASE = timedelta(days=150)
"""Results are published within so many days of the end of their period."""
_FORM = re.compile(r"^\s*(?:form\s+)?(10-?K(?:T|SB)?|10-?Q|8-?K|20-?F|40-?F|6-?K)(/A)?\b", re.I | re.M)
_FORM_WORDS = re.compile(r"\bform\s+(10-?K|10-?Q|8-?K|20-?F|40-?F|6-?K)(/A)?\b", re.I)
_OTHER_FORM = re.compile(
    r"^\s*form\s+((?:[A-Z]{1,3}-?)?\d{1,3}(?:-[A-Z]{1,4})?|TA-\d|[A-Z]-\d{1,2})(/A)?\s*$", re.I | re.M
)
_AMENDMENT = re.compile(r"^\W*amendment\s+no\.?\s*\d+\W*$", re.I | re.M)
_RESULTS = re.compile(
    r"\b(?:reports|announces?|reported|delivers|posts)\b.{0,120}\b(?:results|earnings|sales|quarter|revenue)\b"
    r"|\b(?:first|second|third|fourth)[\s-]quarter\b.{0,80}\b(?:results|earnings)\b|\bearnings\s+release\b",
    re.I | re.S,
)
_ANNUAL_REPORT = re.compile(
    r"\bannual\s+report\b|\b(?:financial\s+statements|accounts)\s+for\s+the\s+(?:year|5[23]\s+weeks)\s+ended\b", re.I
)
_SIGNED = re.compile(r"\bduly\s+authorized\b(.{0,400})", re.I | re.S)
_DAY_OF = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)\s+day\s+of\s+([A-Z][a-z]+),?\s+(\d{4})")
_CURRENCY = {
    "EUR": r"€|\beuros?\b|\bEUR\b",
    "GBP": r"£|\bpounds?\s+sterling\b|\bGBP\b",
    "JPY": r"¥|\byen\b|\bJPY\b",
    "CAD": r"\bCanadian\s+dollars?\b|C\$|\bCAD\b",
    "AUD": r"\bAustralian\s+dollars?\b|A\$|\bAUD\b",
    "CHF": r"\bSwiss\s+francs?\b|\bCHF\b",
    "CNY": r"\brenminbi\b|\bRMB\b|\byuan\b|\bCNY\b",
    "INR": r"₹|\b(?:Indian\s+)?rupees?\b|\bINR\b",
    "SEK": r"\bSwedish\s+kron(?:a|or)\b|\bSEK\b",
    "DKK": r"\bDanish\s+kroner?\b|\bDKK\b",
    "KRW": r"₩|\b(?:Korean\s+)?won\b|\bKRW\b",
    "BRL": r"\b(?:Brazilian\s+)?rea(?:l|is)\b|R\$|\bBRL\b",
    "USD": r"(?<![A-Z])\$|\b(?:U\.?S\.?\s+)?dollars?\b|\bUSD\b",
}
"""How tables name the currency of their figures. A dollar sign with a country's letter comes before the bare one."""


def identify(document: Document) -> tuple[Identity, FiscalCalendar]:
    """Return who filed what about which period, and the company's fiscal calendar.

    What a tagged cover or a submission's header says is believed. Where the fiscal year end is told
    nowhere, year and quarter are the calendar's and ``fiscal_year_end`` is None.
    """
    tagged = document.cover
    cover = "\n".join(page.text for page in document.pages[:COVER_PAGES])
    form = tagged.get("DocumentType") or _form(cover)
    end = find_date(tagged.get("DocumentPeriodEndDate", "")) or find_date(
        tagged.get("EndDateForPeriodCoveredByReport", "")
    )
    if end is None and not (tagged and form not in {"10-K", "10-Q"}):
        end = period_end(cover, form, document)
    fiscal, is_told = _calendar(document, form, end)
    year, quarter = _fiscal_period(tagged, fiscal, form, end)
    closing = fiscal_period(replace(fiscal, offset=0), form, end)[0] if end is not None and year is not None else None
    names = registrants_of(document.pages)
    named = tagged.get("EntityRegistrantName") or tagged.get("EntityCurrentLegalOrRegisteredName")
    identity = Identity(
        company=readable_name(named) if named else (names[0] if names else None),
        ticker=tagged.get("TradingSymbol") or ticker_of(document.pages),
        cik=tagged.get("EntityCentralIndexKey") or cik_of(document.pages),
        form=form,
        fiscal_year=year,
        fiscal_quarter=quarter,
        period_end=end,
        filing_date=_filing_date(document, form, end),
        currency=_currency(document),
        fiscal_year_end=(fiscal.month, fiscal.day) if is_told else None,
        closing_year=year if closing is None else closing,
    )
    return identity, fiscal


def _calendar(document: Document, form: str | None, end: date | None) -> tuple[FiscalCalendar, bool]:
    """The calendar; of a tagged cover with the name that it gives itself to its year."""
    match = re.search(r"(\d\d)-(\d\d)$", document.cover.get("CurrentFiscalYearEndDate", ""))
    told = (int(match[1]), int(match[2])) if match else None
    fiscal, is_told = calendar_of(document, form, end, told)
    year = document.cover.get("DocumentFiscalYearFocus", "")
    if end is not None and year.isdigit():
        plain = replace(fiscal, offset=0)
        offset = int(year) - plain.fiscal_year(end)
        return (replace(plain, offset=offset) if abs(offset) <= 1 else plain), is_told
    return fiscal, is_told


def _fiscal_period(
    tagged: dict[str, str], fiscal: FiscalCalendar, form: str | None, end: date | None
) -> tuple[int | None, int | None]:
    year, quarter = fiscal_period(fiscal, form, end) if end is not None else (None, None)
    focus, named = tagged.get("DocumentFiscalPeriodFocus", ""), tagged.get("DocumentFiscalYearFocus", "")
    if focus:
        quarter = int(focus[1]) if re.fullmatch(r"Q[1-4]", focus) else None
    return (int(named) if named.isdigit() else year), quarter


def _form(cover: str) -> str | None:
    start = cover[:3000]
    lines = "\n".join(line for line in start.splitlines() if len(line) <= FORM_LINE)
    match = _FORM.search(lines)
    if match is None and _RESULTS.search(cover[:HEADLINE]) and not is_on_cover(cover):
        return "earnings release"
    match = match or _FORM_WORDS.search(start)
    if match:
        number = re.sub(r"^(\d+)([A-Z]+)$", r"\1-\2", match[1].upper().replace("-", ""))
        return f"{number}/A" if match[2] or _AMENDMENT.search(start) else number
    if match := _OTHER_FORM.search(lines):
        return match[1].upper() + (match[2] or "").upper()
    if _RESULTS.search(start):
        return "earnings release"
    return "annual report" if _ANNUAL_REPORT.search(cover) else None


def _filing_date(document: Document, form: str | None, end: date | None) -> date | None:
    """The day of filing as a header states it, else that of the signature; of a release, that of its publication."""
    if stated := find_date(document.cover.get("FilingDate", "")):
        return stated
    if form == "earnings release":
        days = (find_date(line.text) for page in document.pages[:1] for line in page.lines)
        return next((day for day in days if day and end and end < day <= end + LATEST_RELEASE), None)
    for page in document.pages:
        for match in _SIGNED.finditer(page.text):
            signed = find_date(_DAY_OF.sub(r"\2 \1, \3", match[1]))
            if signed is not None and (end is None or signed >= end):
                return signed
    return None


def _currency(document: Document) -> str:
    """The currency of most tagged amounts, else the one that most tables name over their figures."""
    units = Counter(fact.unit for fact in document.facts if fact.unit and re.fullmatch("[A-Z]{3}", fact.unit))
    if units:
        return units.most_common(1)[0][0]
    votes: Counter[str] = Counter()
    for raw in document.tables:
        heads = [
            *raw.caption[-3:],
            *(text for row in raw.rows[:4] for text in (row.label, *(c.text for c in row.cells))),
        ]
        text = " ".join(heads)
        votes.update(code for code in [next((c for c, p in _CURRENCY.items() if re.search(p, text)), None)] if code)
    return votes.most_common(1)[0][0] if votes else "USD"
