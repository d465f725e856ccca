"""The doors for spreadsheets: XLSX workbooks, among them EDGAR's financial reports, and CSV."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

from ingest.ascii.read import decode
from ingest.document import Document
from ingest.errors import DamagedFileError, OversizedFileError
from ingest.filing import ReadingWarning
from ingest.printing import Printing
from ingest.sheets.layout import print_lines, print_sheet
from ingest.sheets.workbook import MAX_CELLS, Sheet, SheetCell, read_workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_COVER = {
    "Document Type": "DocumentType",
    "Document Period End Date": "DocumentPeriodEndDate",
    "Document Fiscal Year Focus": "DocumentFiscalYearFocus",
    "Document Fiscal Period Focus": "DocumentFiscalPeriodFocus",
    "Current Fiscal Year End Date": "CurrentFiscalYearEndDate",
    "Entity Registrant Name": "EntityRegistrantName",
    "Entity Central Index Key": "EntityCentralIndexKey",
    "Trading Symbol": "TradingSymbol",
    "Amendment Flag": "AmendmentFlag",
}
"""The standard labels of the cover page in EDGAR's financial reports, and the names of dei that they stand for."""


def read_xlsx(data: bytes) -> Document:
    """Read a workbook: each visible sheet is a page whose label is the sheet's name.

    The place of a cell is its name, ``Balance!B7``. Values are those that are stored; formulas are not
    computed, and macros, links and hidden sheets are left alone. Raises DamagedFileError, EncryptedFileError
    or OversizedFileError.
    """
    sheets = read_workbook(data)
    warnings = [
        *(_warning(f"the hidden sheet {sheet.name!r} is not read") for sheet in sheets if sheet.hidden and sheet.cells),
        *(
            _warning(f"{sheet.uncomputed} formulas of the sheet {sheet.name!r} have no stored value: open and save it")
            for sheet in sheets
            if sheet.uncomputed and not sheet.hidden
        ),
    ]
    return _document(XLSX, [sheet for sheet in sheets if not sheet.hidden and sheet.cells], tuple(warnings))


def _warning(message: str) -> ReadingWarning:
    return ReadingWarning(message)


def _document(media_type: str, sheets: list[Sheet], warnings: tuple[ReadingWarning, ...] = ()) -> Document:
    if not sheets:
        raise DamagedFileError("no sheet of the workbook shows anything: get it again")
    printing = Printing()
    cover_page, cover = _cover(sheets)
    for number, sheet in enumerate(sheets):
        if number:
            printing.break_page(even_if_empty=True)
        if number == cover_page:
            print_lines(sheet.name, sheet.cells, printing)
        else:
            print_sheet(sheet.name, sheet.cells, printing)
    pages, tables = printing.finish([sheet.name or None for sheet in sheets])
    if cover:
        # EDGAR's renderer ends the title of each sheet with its scale; one that ends without is in units.
        tables = tuple(replace(table, states_scale=True) for table in tables)
    return Document(media_type, pages, tables, cover=cover, warnings=warnings)


def _cover(sheets: list[Sheet]) -> tuple[int | None, dict[str, str]]:
    """Which sheet is a cover page with the standard labels, if one is, and what it says under them."""
    for number, sheet in enumerate(sheets):
        found: dict[str, str] = {}
        labels = {cell.row: _COVER[cell.text] for cell in sheet.cells if cell.column == 1 and cell.text in _COVER}
        for cell in sheet.cells:
            if cell.column > 1 and cell.row in labels:
                found.setdefault(labels[cell.row], cell.text)
        if {"DocumentType", "EntityRegistrantName"} <= found.keys():
            return number, found
    return None, {}


def read_csv(data: bytes) -> Document:
    """Read comma-separated values, or values with another separator: one page, each value at its name, ``B7``.

    Raises DamagedFileError where there are no values and OversizedFileError beyond ``MAX_CELLS``.
    """
    text = decode(data)
    try:
        dialect: type[csv.Dialect] | str = csv.Sniffer().sniff(text[:8192], ",;\t|")
    except csv.Error:
        dialect = "excel"
    cells: list[SheetCell] = []
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), dialect), start=1):
            for column, value in enumerate(row, start=1):
                if value.strip():
                    indent = (len(value) - len(value.lstrip(" \xa0"))) // 2
                    cells.append(SheetCell(number, column, column, " ".join(value.split()), True, indent))
            if len(cells) > MAX_CELLS:
                raise OversizedFileError(f"the file has more than {MAX_CELLS:,} values: split it")
    except csv.Error as error:
        raise DamagedFileError(f"the file is no table of separated values ({error})") from error
    return _document("text/csv", [Sheet("", False, tuple(cells))] if cells else [])
