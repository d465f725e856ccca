import io
import os
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest

from ingest.errors import DamagedFileError, OversizedFileError
from ingest.kinds import sniff
from ingest.read import read_filing
from ingest.sheets import workbook
from ingest.sheets.formats import shown
from ingest.sheets.read import read_csv, read_xlsx
from ingest.sheets.workbook import column_letters

REPORT = Path(os.environ.get("TIEOUT_DATA", "../shared/data")) / "other" / "AAPL_10Q_20250329_Financial_Report.xlsx"
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
RELATIONS = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
CODES = ["General", "#,##0_);(#,##0)", "0.0%", "yyyy-mm-dd", '"$"#,##0,,']


def text(reference: str, words: str, style: int = 0) -> str:
    return f'<c r="{reference}" s="{style}" t="inlineStr"><is><t>{words}</t></is></c>'


def number(reference: str, value: str, style: int = 0) -> str:
    return f'<c r="{reference}" s="{style}"><v>{value}</v></c>'


def rows(*cells: list[str]) -> str:
    return "".join(f'<row r="{i}">{"".join(row)}</row>' for i, row in enumerate(cells, start=1))


def book(sheets: dict[str, str], merges: str = "", state: str = "visible", strings: str = "") -> bytes:
    names = list(sheets)
    listed = "".join(
        f'<sheet name="{name}" sheetId="{i}" r:id="r{i}" state="{state if i > 1 else "visible"}"/>'
        for i, name in enumerate(names, start=1)
    )
    related = "".join(f'<Relationship Id="r{i}" Target="worksheets/s{i}.xml"/>' for i in range(1, len(names) + 1))
    formats = "".join(
        f'<numFmt numFmtId="{200 + i}" formatCode="{code.replace(chr(34), "&quot;")}"/>' for i, code in enumerate(CODES)
    )
    xfs = "".join(f'<xf numFmtId="{200 + i}"/>' for i in range(len(CODES)))
    indented = '<xf numFmtId="0"><alignment indent="2"/></xf>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", f"<workbook {MAIN} {RELATIONS}><sheets>{listed}</sheets></workbook>")
        archive.writestr("xl/_rels/workbook.xml.rels", f"<Relationships>{related}</Relationships>")
        styles = f"<numFmts>{formats}</numFmts><cellXfs>{xfs}{indented}</cellXfs>"
        archive.writestr("xl/styles.xml", f"<styleSheet {MAIN}>{styles}</styleSheet>")
        archive.writestr("xl/sharedStrings.xml", f"<sst {MAIN}>{strings}</sst>")
        for i, content in enumerate(sheets.values(), start=1):
            data = f"<sheetData>{content}</sheetData><mergeCells>{merges}</mergeCells>"
            archive.writestr(f"xl/worksheets/s{i}.xml", f"<worksheet {MAIN}>{data}</worksheet>")
    return out.getvalue()


INCOME = rows(
    [text("A1", "Consolidated Statements of Income")],
    [text("A2", "(In millions)"), text("B2", "Year ended December 31,")],
    [number("B3", "2024"), number("C3", "2023")],
    [text("A4", "Net sales"), number("B4", "1577.5", 1), number("C4", "1482", 1)],
    [text("A5", "Interest, net", 5), number("B5", "-12", 1), number("C5", "-9", 1)],
    [],
    [text("A7", "Operating margin"), number("B7", "0.1234", 2), number("C7", "0.12", 2)],
)


def test_a_sheet_is_a_page_and_its_cells_keep_their_names() -> None:
    document = read_xlsx(
        book({"Income": INCOME, "My notes": rows([text("A1", "Nothing else.")])}, '<mergeCell ref="B2:C2"/>')
    )
    assert [page.label for page in document.pages] == ["Income", "My notes"]
    (table,) = document.tables
    assert table.caption == ("Consolidated Statements of Income",)
    labelled = {row.label: [(cell.text, cell.span.element) for cell in row.cells] for row in table.rows}
    assert labelled["Net sales"] == [("1,577.5", "Income!B4"), ("1,482", "Income!C4")]
    assert labelled["Interest, net"][0][0] == "(12)"
    assert labelled["Operating margin"][0] == ("12.34%", "Income!B7")
    indents = {row.label: row.indent for row in table.rows}
    assert indents["Interest, net"] > indents["Net sales"]
    for row in table.rows:
        for cell in row.cells:
            assert cell.span.chars is not None
            assert document.pages[0].text[slice(*cell.span.chars)] == cell.text
    assert document.pages[1].lines[0].element == "'My notes'!A1"


def test_heads_that_are_merged_stand_over_all_their_columns(tmp_path: Path) -> None:
    path = tmp_path / "income.xlsx"
    path.write_bytes(book({"Income": INCOME}, '<mergeCell ref="B2:C2"/>'))
    filing = read_filing(path)
    sales = {f.period.key: f.value for f in filing.facts if f.label == "Net sales"}
    assert sales == {"2024": Decimal("1577500000"), "2023": Decimal(1482000000)}
    assert {f.value for f in filing.facts if f.label == "Operating margin"} == {Decimal("0.1234"), Decimal("0.12")}


def test_rows_apart_stay_one_table_unless_heads_follow() -> None:
    second = (
        INCOME
        + '<row r="9">'
        + text("B9", "Total")
        + "</row>"
        + ('<row r="10">' + text("A10", "Stores") + number("B10", "35") + "</row>")
    )
    assert [len(table.rows) for table in read_xlsx(book({"Income": second})).tables] == [5, 2]


def test_hidden_sheets_and_formulas_without_values_are_named() -> None:
    lone = rows([text("A1", "Sales"), '<c r="B1"><f>B2+B3</f></c>', number("C1", "7")])
    document = read_xlsx(book({"Sums": lone, "Old": INCOME}, state="hidden"))
    assert len(document.pages) == 1
    messages = " ".join(warning.message for warning in document.warnings)
    assert "hidden sheet 'Old'" in messages
    assert "1 formulas of the sheet 'Sums'" in messages


def test_shared_strings_are_read_without_their_pronunciation() -> None:
    strings = "<si><r><t>Net </t></r><r><t>sales</t></r><rPh><t>netto</t></rPh></si>"
    content = rows(['<c r="A1" t="s"><v>0</v></c>', number("B1", "5")])
    assert read_xlsx(book({"S": content}, strings=strings)).pages[0].text == "Net sales  5"


@pytest.mark.parametrize(
    ("stored", "code", "text_shown"),
    [
        ("1234567", "#,##0", "1,234,567"),
        ("-1234.5", "#,##0.00_);(#,##0.00)", "(1,234.5)"),
        ("-1234.5", "0.00", "-1234.5"),
        ("0", '_(* #,##0_);_(* (#,##0);_(* "-"_);_(@_)', "-"),
        ("0.1234", "0.0%", "12.34%"),
        ("12.3", '0.0"%"', "12.3%"),
        ("1577000000", "#,##0,,", "1,577"),
        ("1577", '_("$ "#,##0_);_("$ "(#,##0)', "$1,577"),
        ("-1577", '_("$ "#,##0_);_("$ "(#,##0)', "($1,577)"),
        ("5", "[$€-407]#,##0", "€5"),
        ("0.30000000000000004", "General", "0.3"),
        ("45657", "mm-dd-yy", "December 31, 2024"),
        ("45657", "mmm-yy", "December 2024"),
        ("45657", "yyyy", "2024"),
        ("1", "d mmm yyyy", "January 1, 1900"),
        ("12", "[Red]#,##0;[Blue]-#,##0", "12"),
        ("abc", "0", "abc"),
        ("NaN", "0", "NaN"),
        ("1E+2", "0", "100"),
        ("1E+999999999", "#,##0", "1E+999999999"),
    ],
)
def test_what_is_shown_for_a_stored_number(stored: str, code: str, text_shown: str) -> None:
    assert shown(stored, code) == text_shown


def test_letters_of_columns() -> None:
    assert [column_letters(n) for n in (1, 26, 27, 28, 702, 703)] == ["A", "Z", "AA", "AB", "ZZ", "AAA"]


def test_limits_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MAX_CELLS", 3)
    with pytest.raises(OversizedFileError, match="cells"):
        read_xlsx(book({"Income": INCOME}))
    with pytest.raises(DamagedFileError, match="no sheet"):
        read_xlsx(book({"Empty": ""}))


def test_entities_of_a_sheet_are_refused() -> None:
    good = book({"Income": INCOME})
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            target.writestr(name, b'<!DOCTYPE a [<!ENTITY b "c">]>' + data if "s1.xml" in name else data)
    with pytest.raises(DamagedFileError, match="entities"):
        read_xlsx(out.getvalue())


def test_separated_values_are_a_table_whatever_separates_them(tmp_path: Path) -> None:
    path = tmp_path / "sales.csv"
    heads = "(In millions);Year ended June 30, 2024;Year ended June 30, 2023"
    path.write_text(f'{heads}\n"Net sales; gross";1,577;1,482\nCost;(900);(850)\n')
    filing = read_filing(path)
    values = {(f.label, f.period.fiscal_year): (f.value, f.span.element) for f in filing.facts}
    assert values["Net sales; gross", 2024] == (Decimal(1577000000), "B2")
    assert values["Cost", 2023] == (Decimal(-850000000), "C3")


def test_records_with_dates_of_their_own_are_lines_and_no_figures_of_a_table() -> None:
    text = "fact,value,end_date\n" + "".join(f"Assets,{value},2022-09-24\n" for value in (100, 200, 300))
    document = read_csv(text.encode())
    assert document.tables == ()
    assert document.pages[0].lines[1].text == "fact: Assets; value: 200; end_date: 2022-09-24"
    assert document.pages[0].lines[1].element == "A3"


def test_csv_without_values_is_refused() -> None:
    with pytest.raises(DamagedFileError):
        read_csv(b" ; ;\n;;")
    assert sniff(b"a,b\n1,2\n", ".csv") == "csv"
    assert sniff(b"a,b\n1,2\n", ".pdf") == "words"


@pytest.mark.slow
@pytest.mark.skipif(not REPORT.is_file(), reason="the financial report is not beside the repository")
def test_a_financial_report_of_edgar() -> None:
    filing = read_filing(REPORT)
    identity = filing.identity
    assert (identity.company, identity.form, identity.fiscal_year, identity.fiscal_quarter) == (
        "Apple Inc.",
        "10-Q",
        2025,
        2,
    )
    found = {(f.label, f.period.key, f.statement): (f.value, f.unit) for f in reversed(filing.facts)}
    assert found["Net sales", "2025Q2", "income"] == (Decimal(95359000000), "USD")
    assert found["Net income", "2024Q2YTD", "income"] == (Decimal(57552000000), "USD")
    assert found["Total assets", "2025Q2", "balance"] == (Decimal(331233000000), "USD")
    shares = [f for f in filing.facts if f.label == "Common stock, shares issued (in shares)"]
    assert {(f.value, f.unit) for f in shares} == {(Decimal(14939315000), "shares"), (Decimal(15116786000), "shares")}
    diluted = next(f for f in filing.facts if f.label.startswith("Diluted (in shares)") or "diluted shares" in f.label)
    assert (diluted.value, diluted.unit) == (Decimal(15056133000), "shares")
