"""Debt by the year in which it falls due: rows that are called by coming years and add up to a total."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from index.asked_periods import find_periods, unread_time
from index.contract import FilingRecord
from index.evidence import EvidenceCell, EvidenceLine
from index.figures import filings_of, unit_fits
from index.query import Query
from index.view import View
from index.wording import unread_words
from ingest.filing import Cell, Row, Table

FEWEST = 3
"""Coming years that a table of maturities has at least."""
BEFORE = 300
"""Characters before a table in which stands what it is of."""
_YEAR = re.compile(r"^(?:(?:fiscal(?:\s+years?)?|years?(?:\s+end(?:ed|ing))?)\s+)?(20\d\d)$", re.IGNORECASE)
_LATER = re.compile(
    r"^(?:there\s?after|later(?:\s+years)?|(?:after|beyond)\s+20\d\d|20\d\d\s+and\s+(?:thereafter|beyond))$", re.I
)
_TOTAL = re.compile(r"^total\b", re.IGNORECASE)
_DEBT = re.compile(r"\b(?:debt|notes|borrowings|bonds|debentures)\b", re.IGNORECASE)
_DUE = re.compile(r"\b(?:matur\w+|principal|repay\w*|payments?)\b", re.IGNORECASE)
_OTHERS = re.compile(
    r"\b(?:leases?|amorti[sz]ation|purchase\s+(?:obligations?|commitments?)|pension|benefit|performance\s+obligations?|intangible)\b",
    re.IGNORECASE,
)
_APART = re.compile(
    r"\b(?:excluding|exclusive\s+of|excludes?|not\s+including|other\s+than|net\s+of|before)\b[^,.;:]*"
    r"|\bamorti[sz]ation\s+of\s+(?:the\s+)?(?:discounts?|premiums?|debt|issuance)\b",
    re.IGNORECASE,
)
"""What is said not to be among the amounts."""
_SENTENCES = re.compile(r"(?<=[a-z)]\.)\s+(?=[A-Z(])|\n(?=[A-Z])")
_LEADS = re.compile(r"\bfollow|:\s*$", re.IGNORECASE)
_ASKED = re.compile(
    r"\b(?:long[\s-]?term\s+|term\s+|senior\s+|outstanding\s+|total\s+)*(?:debt|notes|borrowings|bonds)\b"
    r"(?:\s+(?:principal|maturities|repayments?))?",
    re.IGNORECASE,
)
_FALLS = re.compile(
    r"\b(?:matur(?:e[sd]?|ing|ity|ities)|(?:com(?:e|es|ing)\s+|fall(?:s|ing)?\s+|is\s+|are\s+)?due|repay\w*|repaid|principal)\b",
    re.IGNORECASE,
)
_AFTER = re.compile(r"\b(?:after|beyond|later\s+than)\s+(?:FY\s?|fiscal\s+(?:year\s+)?)?(20\d\d)\b", re.IGNORECASE)
_AS_OF = re.compile(
    r"\b(?:as\s+of|at)\s+(?:the\s+)?(?:(?:end\s+of|year[\s-]end)\s+)?(?:FY\s?|fiscal\s+(?:year\s+)?)(20\d\d)\b",
    re.IGNORECASE,
)
_FILLER = re.compile(r"\b(?:will|scheduled|expected|must|obligations?|owed?|does|have|has)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Maturity:
    """What falls due in a year, or after it: the line with its one figure, and what the total below is called."""

    line: EvidenceLine
    year: int
    later: bool
    total: str


@dataclass(frozen=True, slots=True)
class _Asked:
    """The year that is asked about, whether what comes after it is meant, and the year of the report if named."""

    year: int
    later: bool
    reported: int | None


def find_maturity(query: Query, library: View) -> Maturity | None:
    """Return what falls due in the year that ``query`` asks about, from the latest filing that lists that year.

    None where the question is about something else or says more than was understood, where no table of debt adds up,
    and where two tables of one filing do not agree.
    """
    asked = _asked(query)
    if asked is None:
        return None
    records = [filing for filing in library.filings() if filing.id in set(query.filing_ids)]
    for filing in sorted(filings_of(query.companies[0], records), key=_recency, reverse=True):
        fiscal_year = filing.identity.fiscal_year
        if fiscal_year is None or asked.reported not in (None, fiscal_year) or asked.year < fiscal_year:
            continue
        found = [
            m for table in library.tables(filing.id) if (m := _in_table(table, filing, asked, library)) is not None
        ]
        if found:
            figures = {maturity.line.cells[0].value for maturity in found}
            return found[0] if len(figures) == 1 else None
    return None


def _recency(filing: FilingRecord) -> tuple[str, bool]:
    end = filing.identity.period_end
    return (end.isoformat() if end is not None else "", (filing.identity.form or "").startswith("10-"))


def _asked(query: Query) -> _Asked | None:
    if len(query.companies) != 1 or not _ASKED.search(query.asked) or not _FALLS.search(query.asked):
        return None
    text = query.asked
    reported = int(match[1]) if (match := _AS_OF.search(text)) else None
    text = _AS_OF.sub(" ", text)
    after = _AFTER.search(text)
    years = [period.fiscal_year for period in find_periods(text) if period.quarter is None]
    if len(years) != 1 or any(period.quarter for period in find_periods(text)):
        return None
    plain = _FILLER.sub(" ", _FALLS.sub(" ", _ASKED.sub(" ", _AFTER.sub(" ", text))))
    if unread_words(plain, query.written, ()) or unread_time(_AFTER.sub(" ", text), find_periods(text), compared=False):
        return None
    return _Asked(years[0], after is not None, reported)


def _in_table(table: Table, filing: FilingRecord, asked: _Asked, library: View) -> Maturity | None:
    years = {
        number: int(match[1]) for number, row in enumerate(table.rows) if (match := _YEAR.match(_plain(row.label)))
    }
    numbers = sorted(years)
    listed = [years[number] for number in numbers]
    if not listed:
        return _across(table, filing, asked)
    if len(listed) < FEWEST or listed != list(range(listed[0], listed[0] + len(listed))):
        return None
    if filing.identity.fiscal_year is None or listed[0] < filing.identity.fiscal_year:
        return None
    total = next(
        (n for n in range(numbers[-1] + 1, len(table.rows)) if _TOTAL.match(table.rows[n].label.strip())), None
    )
    if total is None or not _is_of_debt(table, table.rows[total], library, filing):
        return None
    rows = table.rows[numbers[0] : total]
    column = _column(table, rows, table.rows[total])
    if column is None:
        return None
    for row in rows:
        label = _plain(row.label)
        is_year = (match := _YEAR.match(label)) is not None and int(match[1]) == asked.year
        meant = asked.year == listed[-1] and _LATER.match(label) is not None if asked.later else is_year
        cell = _cell(row, column)
        if meant and cell is not None and cell.value is not None:
            return Maturity(_line(table, row, cell, filing), asked.year, asked.later, table.rows[total].label)
    return None


def _is_of_debt(table: Table, total: Row, library: View, filing: FilingRecord) -> bool:
    span = table.rows[0].span
    before = ""
    if span.chars is not None:
        text = library.page(filing.id, span.page).text
        before = text[max(span.chars[0] - BEFORE, 0) : span.chars[0]]
    pieces = _SENTENCES.split(before.strip())
    leading = next((piece for piece in reversed(pieces) if _LEADS.search(piece)), pieces[-1])
    said = " ".join([table.title, leading, total.label, *(" ".join(column.header) for column in table.columns)])
    said = _APART.sub(" ", said)
    return bool(_DEBT.search(said) and _DUE.search(said)) and not _OTHERS.search(said)


def _column(table: Table, rows: Sequence[Row], total: Row) -> int | None:
    """The one column of money in which the rows add up to the total; None where there are several."""
    found: list[int] = []
    for column in range(len(table.columns)):
        last = _cell(total, column)
        cells = [cell for row in rows if (cell := _cell(row, column)) is not None]
        if last is None or not cells:
            continue
        made = sum((cell.value for cell in cells if cell.value is not None), Decimal(0))
        if made == last.value:
            found.append(column)
    whole = [column for column in found if _TOTAL.match(" ".join(table.columns[column].header[-1:]).strip())]
    return found[0] if len(found) == 1 else whole[0] if len(whole) == 1 else None


def _across(table: Table, filing: FilingRecord, asked: _Asked) -> Maturity | None:
    """What a row that is called maturities of debt has in the column of the year."""
    heads = [(match := _YEAR.match(_plain(" ".join(column.header)))) and int(match[1]) for column in table.columns]
    years = [year for year in heads if year]
    fiscal_year = filing.identity.fiscal_year
    if len(years) < FEWEST or years != list(range(years[0], years[0] + len(years))) or asked.later:
        return None
    rows = [row for row in table.rows if _DEBT.search(row.label) and _DUE.search(row.label)]
    rows = [row for row in rows if not _OTHERS.search(_APART.sub(" ", row.label))]
    if fiscal_year is None or years[0] < fiscal_year or len(rows) != 1 or asked.year not in years:
        return None
    cell = _cell(rows[0], heads.index(asked.year))
    return None if cell is None else Maturity(_line(table, rows[0], cell, filing), asked.year, False, rows[0].label)


def _cell(row: Row, column: int) -> Cell | None:
    return next(
        (c for c in row.cells if c.column == column and c.value is not None and unit_fits(c.unit, "money")), None
    )


def _plain(label: str) -> str:
    return " ".join(re.sub(r"\(\d{1,2}\)|[*†‡:]", " ", label).split())


def _line(table: Table, row: Row, cell: Cell, filing: FilingRecord) -> EvidenceLine:
    key = f"c{cell.column + 1}"
    value = cell.value if cell.value is not None else Decimal(0)
    shown = EvidenceCell(key, value, cell.unit, cell.scale, cell.text, cell.period, cell.span)
    return EvidenceLine(
        id="",
        kind="row",
        filing_id=filing.id,
        source=filing.source,
        company=filing.identity.company,
        label=row.label,
        path=row.path,
        cells=(shown,),
        span=row.span,
        title=table.title,
        fiscal_year=filing.identity.fiscal_year,
    )
