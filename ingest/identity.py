"""Who filed what, about which period: from tagged cover data, or from what the cover prints."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date

from ingest.document import Document, RawTable
from ingest.figures import is_year
from ingest.filing import Identity, Page
from ingest.periods import MONTHS, ORDINALS, WEEK_SLACK, FiscalCalendar, all_dates, find_date, on_day, read_hints
from ingest.sections import STATEMENT_ROWS
from ingest.statements import statement_of

COVER_PAGES = 4
"""The cover and what may be printed before it."""

HEADLINE = 600
"""A release says within so many characters that it reports results; it may name a form in its small print."""
_FORM = re.compile(r"^\s*(?:form\s+)?(10-?K(?:T|SB)?|10-?Q|8-?K|20-?F|40-?F|6-?K)(/A)?\b", re.I | re.M)
_FORM_WORDS = re.compile(r"\bform\s+(10-?K|10-?Q|8-?K|20-?F|40-?F|6-?K)(/A)?\b", re.I)
_EXACT_NAME = re.compile(r"\(?\s*exact\s+name\s+of\s+(?:the\s+)?(?:registrant|company)", re.I)
_AFTER_NUMBER = re.compile(r"commission\s+file\s+(?:number|no)", re.I)
_PERIOD_END = re.compile(
    r"for\s+the\s+(?:fiscal\s+|quarterly\s+|transition\s+)?(?:year|period|quarter)\s+ended:?\s*([^\n]{0,40}(?:\n[^\n]{0,30})?)",
    re.I,
)
_REPORT_DATE = re.compile(
    r"date\s+of\s+(?:earliest\s+event\s+reported|report)[^\n]*?:?\s*\(?([^\n]{0,60}(?:\n[^\n]{0,40})?)", re.I
)
_EXCHANGE = re.compile(
    r"\b([A-Z]{1,5}(?:\.[A-Z])?)\s+(?:The\s+|the\s+)?(?:New York Stock Exchange|NYSE|N(?:asdaq|ASDAQ)|Cboe)\b"
)
_NOT_TICKER = frozenset(
    {"THE", "ON", "NYSE", "SHARE", "STOCK", "NEW", "A", "NONE", "PAR", "VALUE", "CLASS", "INC", "CO", "OF"}
)
_RESULTS = re.compile(
    r"\b(?:reports|announces?|reported|delivers|posts)\b.{0,120}\b(?:results|earnings|sales|quarter|revenue)\b"
    r"|\b(?:first|second|third|fourth)[\s-]quarter\b.{0,80}\b(?:results|earnings)\b|\bearnings\s+release\b",
    re.I | re.S,
)
_FISCAL_NAME = re.compile(
    r"\bfiscal(?:\s+year)?\s+((?:19|20)\d\d)\b[^.;]{0,50}?\b(?:ended|ending|ends|end)\b[^.;]{0,25}?"
    r"\b([A-Z][a-z]+\s+\d{1,2},\s+(?:19|20)\d\d)"
)
_QUARTER_NAME = re.compile(
    r"\b(first|second|third|fourth)[\s-]+(?:fiscal\s+)?quarter\s+(?:of\s+)?(?:fiscal\s+(?:year\s+)?)?((?:19|20)\d\d)\b",
    re.I,
)
_YEAR_ENDS = re.compile(
    r"fiscal\s+year\s+(?:ended|ending|ends)\s+(?:on\s+)?(?:the\s+[^.]{0,40})?([A-Z][a-z]+)\s+(\d{1,2})", re.I
)
_SUFFIX = re.compile(
    r"\s+(?:and|&)\s+(?:its\s+)?(?:consolidated\s+)?(?:subsidiar(?:y|ies)|affiliates)(?:\s+companies)?\b.*$", re.I
)
_LEGAL = re.compile(
    r"[\s,]+(?:inc(?:orporated)?|corp(?:oration)?|co(?:mpany)?|companies|ltd|limited|plc|llc|l\.?p|n\.?v|s\.?a|ag|se|the)\.?$|^the\s+",
    re.I,
)
_ARTICLES = {"of", "and", "the", "for", "in", "&"}


def identify(document: Document) -> tuple[Identity, FiscalCalendar]:
    """Return who filed what about which period, and the company's fiscal calendar."""
    if document.cover.get("EntityRegistrantName"):
        return _from_cover(document)
    return _from_print(document)


def plain_company(name: str) -> str:
    """Return a company's name without its legal form: ``3M COMPANY`` is ``3M``, ``Apple Inc.`` ``Apple``."""
    plain = re.sub(r"\s+", " ", name).strip(" .,")
    plain = re.sub(r"\s*/[A-Z]{2,3}/?$", "", plain)
    while True:
        shorter = _LEGAL.sub("", plain).strip(" .,&")
        if shorter == plain or not shorter:
            return plain
        plain = shorter


def _from_cover(document: Document) -> tuple[Identity, FiscalCalendar]:
    cover = document.cover
    end = find_date(cover.get("DocumentPeriodEndDate", ""))
    fiscal = _cover_calendar(cover, end)
    focus = cover.get("DocumentFiscalPeriodFocus", "")
    year = cover.get("DocumentFiscalYearFocus", "")
    identity = Identity(
        company=_readable(cover["EntityRegistrantName"]),
        ticker=cover.get("TradingSymbol"),
        cik=cover.get("EntityCentralIndexKey"),
        form=cover.get("DocumentType"),
        fiscal_year=int(year) if year.isdigit() else (fiscal.fiscal_year(end) if end else None),
        fiscal_quarter=int(focus[1]) if re.fullmatch(r"Q[1-4]", focus) else None,
        period_end=end,
        fiscal_year_end=(fiscal.month, fiscal.day),
    )
    return identity, fiscal


def _cover_calendar(cover: dict[str, str], end: date | None) -> FiscalCalendar:
    """The calendar from --MM-DD and the fiscal year that the cover itself gives to its period."""
    match = re.search(r"(\d\d)-(\d\d)$", cover.get("CurrentFiscalYearEndDate", ""))
    month, day = (int(match[1]), int(match[2])) if match else ((end.month, end.day) if end else (12, 31))
    fiscal = FiscalCalendar(month, day)
    year = cover.get("DocumentFiscalYearFocus", "")
    if end is not None and year.isdigit() and abs(int(year) - fiscal.fiscal_year(end)) == 1:
        return FiscalCalendar(month, day, int(year) - fiscal.fiscal_year(end))
    return fiscal


def _from_print(document: Document) -> tuple[Identity, FiscalCalendar]:
    pages = document.pages
    cover = "\n".join(page.text for page in pages[:COVER_PAGES])
    form = _form(cover)
    end = _period_end(cover, form, document)
    fiscal = _calendar(document, form, end)
    annual = form is not None and form.removesuffix("/A") in {"10-K", "10-KT", "20-F", "40-F", "annual report"}
    quarter = None if annual or end is None else fiscal.fiscal_quarter(end)
    identity = Identity(
        company=_company(pages),
        ticker=_ticker(cover),
        form=form,
        fiscal_year=fiscal.fiscal_year(end) if end else None,
        fiscal_quarter=quarter,
        period_end=end,
        filing_date=_report_date(cover) if form == "8-K" else None,
        fiscal_year_end=(fiscal.month, fiscal.day),
    )
    return identity, fiscal


def _form(cover: str) -> str | None:
    match = _FORM.search(cover[:3000])
    if match is None and _RESULTS.search(cover[:HEADLINE]) and not _EXACT_NAME.search(cover):
        return "earnings release"
    match = match or _FORM_WORDS.search(cover[:3000])
    if match:
        number = match[1].upper().replace("-", "")
        return re.sub(r"^(\d+)([A-Z]+)$", r"\1-\2", number) + (match[2] or "").upper()
    if _RESULTS.search(cover):
        return "earnings release"
    return "annual report" if re.search(r"\bannual\s+report\b", cover, re.I) else None


def _period_end(cover: str, form: str | None, document: Document) -> date | None:
    # A release speaks of other reports, "for the year ended", in its small print.
    release = form == "earnings release"
    if not release and (match := _PERIOD_END.search(cover)) and (found := find_date(match[1].replace("\n", " "))):
        return found
    if form == "8-K":
        return _report_date(cover)
    if ends := [max(dates) for raw in document.tables if _is_statement(raw) and (dates := _head_dates(raw))]:
        return max(ends, key=lambda end: (ends.count(end), end))
    if release and (match := _QUARTER_NAME.search(cover)) and "fiscal" not in match[0].lower():
        return FiscalCalendar().quarter_end(int(match[2]), ORDINALS[match[1].lower()])
    latest = [end for raw in document.tables for end in _dates_of(raw)]
    counts = Counter(latest)
    return max((end for end, count in counts.items() if count >= max(counts.values()) / 4), default=None)


def _is_statement(raw: RawTable) -> bool:
    titles = [*raw.caption, *(row.label for row in raw.rows[:2])]
    return len(raw.rows) >= STATEMENT_ROWS and statement_of(titles) in ("income", "balance", "cash_flow")


def _head_dates(raw: RawTable) -> list[date]:
    """The dates over a statement's columns: printed whole, or years in a row below their months and days."""
    found: list[date] = []
    days: list[tuple[int, int]] = []
    for texts in [[line] for line in raw.caption[-3:]] + [[r.label, *(c.text for c in r.cells)] for r in raw.rows[:5]]:
        found += [hints.end for text in texts for hints in all_dates(text) if hints.end]
        years = [int(text.strip()[:4]) for text in texts if is_year(text)]
        if len(set(days)) == 1:
            days = days[:1] * len(years)
        if len(days) == len(years):
            found += [on_day(year, month, day) for (month, day), year in zip(days, years, strict=True)]
        days = _month_days(" ".join(texts)) or days
    return found


def _report_date(cover: str) -> date | None:
    for match in _REPORT_DATE.finditer(cover):
        if found := find_date(match[1].replace("\n", " ")):
            return found
    return find_date(cover)


def _dates_of(raw: RawTable) -> list[date]:
    """Dates in a table's heads: those printed whole, and years under a month and day."""
    texts = [*raw.caption[-2:], *(" ".join([row.label, *(c.text for c in row.cells)]) for row in raw.rows[:4])]
    found = [end for text in texts if (end := find_date(text))]
    month_days = [hint for text in texts if (hint := read_hints(text).month_day)]
    years = [int(cell.text) for row in raw.rows[:4] for cell in row.cells if re.fullmatch(r"20\d\d", cell.text)]
    if not found and month_days and years:
        month, day = month_days[0]
        try:
            found.append(date(max(years), month, day))
        except ValueError:
            return found
    return found


def _calendar(document: Document, form: str | None, end: date | None) -> FiscalCalendar:
    text = "\n".join(page.text for page in document.pages[:40])
    month, day = (end.month, end.day) if end else (12, 31)
    if end is not None and form not in {"10-K", "10-K/A", "annual report", "20-F"}:
        month, day = _year_end_elsewhere(document, text, form, end)
    fiscal = FiscalCalendar(month, day)
    if (month, day) >= (12, 20) or (month, day) <= (1, WEEK_SLACK.days):
        # A year that ends with the calendar's is named for it; mentions of the year before are comparisons.
        return fiscal
    offset = _naming_offset(text, fiscal)
    if end is None or not fiscal.ends_early:
        return FiscalCalendar(month, day, offset or 0)
    if offset is None:
        offset = _offset_of_quarter("\n".join(page.text for page in document.pages[:2]), fiscal, end)
    offset = _offset_of_heads(document, fiscal, end) if offset is None else offset
    return FiscalCalendar(month, day, offset if offset <= 0 or month > 6 else 0)


def _year_end_elsewhere(document: Document, text: str, form: str | None, end: date) -> tuple[int, int]:
    """In a quarterly filing the balance sheet's other column is the last fiscal year end.

    A release whose balance sheet compares the same day of two years is about the end of a year.
    """
    for raw in document.tables:
        titles = [*raw.caption, *(row.label for row in raw.rows[:2])]
        if statement_of(titles) == "balance":
            heads = " ".join(cell.text for row in raw.rows[:4] for cell in row.cells)
            others = [
                (month, day)
                for month, day in _month_days(heads)
                if abs((date(2001, month, min(day, 28)) - date(2001, end.month, min(end.day, 28))).days)
                > WEEK_SLACK.days
            ]
            if others:
                return others[0]
            if form != "10-Q" and len(_month_days(heads)) > 1:
                return end.month, end.day
    if (match := _YEAR_ENDS.search(text)) and match[1].lower() in MONTHS:
        return MONTHS[match[1].lower()], int(match[2])
    return (12, 31)


def _month_days(text: str) -> list[tuple[int, int]]:
    pattern = re.compile(r"\b([A-Z][a-z]{2,8})\.?\s+(\d{1,2})\b")
    return [
        (MONTHS[m[1].lower()], int(m[2]))
        for m in pattern.finditer(text)
        if m[1].lower() in MONTHS and 1 <= int(m[2]) <= 31
    ]


def _offset_of_quarter(text: str, fiscal: FiscalCalendar, end: date) -> int | None:
    """How a release names the quarter that it reports: "Fourth Quarter Fiscal 2022" that ended in January 2023."""
    quarter = fiscal.fiscal_quarter(end)
    years = [int(match[2]) for match in _QUARTER_NAME.finditer(text) if ORDINALS[match[1].lower()] == quarter]
    # The quarter is compared with that of the year before; it is the later one.
    offset = max(years) - fiscal.fiscal_year(end) if years else None
    return offset if offset in (-1, 0, 1) else None


def _offset_of_heads(document: Document, fiscal: FiscalCalendar, end: date | None) -> int:
    """-1 where statements of a year that ended in 2023 stand under a bare 2022, else 0."""
    votes: Counter[bool] = Counter()
    for raw in document.tables:
        heads = [*raw.caption[-2:], *(" ".join([row.label, *(c.text for c in row.cells)]) for row in raw.rows[:4])]
        years = [int(cell.text.strip()[:4]) for row in raw.rows[:4] for cell in row.cells if is_year(cell.text)]
        titles = [*raw.caption, *(row.label for row in raw.rows[:2])]
        if end is None or len(years) < 2 or any(_month_days(head) for head in heads):
            continue
        if statement_of(titles) in ("income", "cash_flow", "comprehensive_income"):
            votes[max(years) == fiscal.fiscal_year(end) - 1] += 1
    return -1 if votes[True] > votes[False] else 0


def _naming_offset(text: str, fiscal: FiscalCalendar) -> int | None:
    """How the company names its years: "fiscal 2022, which ended January 28, 2023" is -1. None if it does not say."""
    votes: Counter[int] = Counter()
    for match in _FISCAL_NAME.finditer(text):
        end = find_date(match[2])
        if end is not None and fiscal.fiscal_quarter(end) == 4:
            votes[int(match[1]) - fiscal.fiscal_year(end)] += 1
    if not votes:
        return None
    offset = votes.most_common(1)[0][0]
    return offset if offset in (-1, 1) else 0


def _company(pages: Sequence[Page]) -> str | None:
    for page in pages[:COVER_PAGES]:
        lines = [line.text.strip() for line in page.lines]
        for i, line in enumerate(lines):
            if _EXACT_NAME.search(line):
                before = [text for text in lines[max(0, i - 3) : i] if _is_name(text)]
                if before:
                    return _readable(before[-1])
        for i, line in enumerate(lines[:-1]):
            if _AFTER_NUMBER.search(line):
                for text in lines[i + 1 : i + 4]:
                    if _is_name(text):
                        return _readable(text)
    return _running_name(pages)


_WITH_LEGAL_FORM = re.compile(
    r"\b((?:[A-Z0-9][\w&.’'-]*,?\s+){1,5}(?:Inc|Corporation|Corp|Company|Companies|Co|Ltd|PLC|plc|LLC|N\.V|S\.A)\b(?!/)\.?)"
)


def _running_name(pages: Sequence[Page]) -> str | None:
    """Where no cover says it: the name with a legal form that the document prints most often."""
    names: Counter[str] = Counter()
    for page in pages[:12]:
        for match in _WITH_LEGAL_FORM.finditer(page.text):
            name = " ".join(match[1].split())
            if name.lower() != "the company":
                names[name] += 1
    return _readable(names.most_common(1)[0][0]) if names else None


def _is_name(text: str) -> bool:
    letters = sum(ch.isalpha() for ch in text)
    return (
        letters > 1
        and len(text) < 80
        and find_date(text) is None
        and not re.search(
            r"commission|number|^\(|\bor\b|☒|☐|form\s+\d|current\s+report|^[\d-]+$|securities|\bperiod\b|\byear\s+ended\b|\b\d\d-\d{7}\b",
            text,
            re.I,
        )
    )


def _readable(name: str) -> str:
    """Capitals become title case, and "and Subsidiaries" goes."""
    name = _SUFFIX.sub("", " ".join(name.split())).strip(" ,")
    if name.upper() != name or len(name) <= 4:
        return name
    words: list[str] = []
    for word in name.split(" "):
        keep = any(ch.isdigit() for ch in word) or ("." in word[:-1] and len(word) <= 6) or "&" in word
        words.append(word if keep else (word.lower() if words and word.lower() in _ARTICLES else word.capitalize()))
    return " ".join(words)


def _ticker(cover: str) -> str | None:
    for match in _EXCHANGE.finditer(cover):
        if match[1] not in _NOT_TICKER:
            return match[1]
    return None
