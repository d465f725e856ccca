"""Periods, scale, unit and headings of tables that are printed as filings print them."""

from __future__ import annotations

from ingest.columns import Setting
from ingest.document import RawCell, RawRow, RawTable
from ingest.filing import Cell, Span
from ingest.periods import FiscalCalendar
from ingest.tables import understand
from ingest.vocabulary import built_in_vocabulary
from tests.ingest.pdfs import (
    FOUR,
    THREE,
    TWO,
    Sheet,
    filing,
    periods,
    printed,
    row,
    the_table,
    units,
    values,
)


def income(sheet: Sheet) -> None:
    sheet.centred("Consolidated Statement of Income")
    sheet.line("Years ended December 31")
    sheet.line("(In millions, except per share amounts)")
    sheet.heads("2018", "2017", "2016", ends=THREE)
    sheet.row("Net sales", "$ 32,765", "$ 31,657", "$ 30,109", ends=THREE)
    sheet.row("Operating expenses", "", "", "", ends=THREE)
    sheet.row("Cost of sales", "16,682", "16,055", "15,118", ends=THREE, indent=10)
    sheet.row("Gain on sale of businesses", "(547)", "(586)", "—", ends=THREE, indent=10)
    sheet.row("Operating income", "7,207", "7,692", "7,027", ends=THREE)
    sheet.row("Earnings per share:", "", "", "", ends=THREE)
    sheet.row("Basic", "$ 9.09", "$ 8.13", "$ 8.35", ends=THREE, indent=10)
    sheet.row("Diluted", "8.89", "7.93", "8.16", ends=THREE, indent=10)
    sheet.row("Shares used in computing earnings per share:", "", "", "", ends=THREE)
    sheet.row("Basic", "588.5", "597.5", "604.7", ends=THREE, indent=10)
    sheet.row("Dividends declared", "$ 3,193", "$ 2,803", "$ 2,678", ends=THREE)


def test_an_income_statement_is_read_with_value_sign_scale_unit_and_period() -> None:
    table = the_table(filing(income))
    assert (table.title, table.statement) == ("Consolidated Statement of Income", "income")
    assert (table.scale, table.unit) == (6, "USD")
    assert table.scale_source == "(In millions, except per share amounts)"
    assert periods(table) == ["2018", "2017", "2016"]
    assert [column.period.months for column in table.columns if column.period] == [12, 12, 12]
    assert values(table, "Net sales") == ["32765000000", "31657000000", "30109000000"]
    assert values(table, "Gain on sale of businesses") == ["-547000000", "-586000000", "0"]
    assert printed(table, "Gain on sale of businesses") == ["(547)", "(586)", "—"]
    assert units(table, "Net sales") == units(table, "Gain on sale of businesses") == {"USD"}
    assert all(cell.period == table.columns[cell.column].period for r in table.rows for cell in r.cells)


def test_rows_per_share_and_of_shares_inside_a_table_in_millions() -> None:
    table = the_table(filing(income))
    basic, shares = [r for r in table.rows if r.label == "Basic"]
    assert [f"{cell.value:f}" for cell in basic.cells] == ["9.09", "8.13", "8.35"]
    assert {cell.unit for cell in basic.cells} == {"USD/shares"}
    assert values(table, "Diluted") == ["8.89", "7.93", "8.16"]
    assert units(table, "Diluted") == {"USD/shares"}
    assert [f"{cell.value:f}" for cell in shares.cells] == ["588500000", "597500000", "604700000"]
    assert {cell.unit for cell in shares.cells} == {"shares"}


def test_headings_end_where_rows_come_back_to_their_edge() -> None:
    table = the_table(filing(income))
    assert row(table, "Cost of sales").path == ("Operating expenses",)
    assert row(table, "Operating income").path == ()
    assert row(table, "Diluted").path == ("Earnings per share:",)
    assert row(table, "Cost of sales").level == 1
    assert row(table, "Net sales").level == 0
    assert (units(table, "Dividends declared"), values(table, "Dividends declared")[0]) == ({"USD"}, "3193000000")


def test_headings_over_rows_on_the_same_edge_last_until_the_next_heading() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.centred("Consolidated Statement of Cash Flows")
        sheet.line("Years ended December 31 (Millions)")
        sheet.heads("2018", "2017", ends=TWO)
        sheet.row("Cash Flows from Operating Activities", "", "", ends=TWO)
        sheet.row("Net income", "$ 5,363", "$ 4,869", ends=TWO)
        sheet.row("Net cash provided by operating activities", "6,439", "6,240", ends=TWO)
        sheet.row("Cash Flows from Investing Activities", "", "", ends=TWO)
        sheet.row("Other — net", "9", "(6 )", ends=TWO)

    table = the_table(filing(draw))
    assert row(table, "Net income").path == ("Cash Flows from Operating Activities",)
    assert row(table, "Other — net").path == ("Cash Flows from Investing Activities",)
    assert values(table, "Other — net") == ["9000000", "-6000000"]


def test_dates_stacked_over_columns_are_instants_in_a_balance_sheet() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.centred("Consolidated Balance Sheet")
        sheet.line("At December 31")
        sheet.heads("December 31,", "December 31,", ends=TWO)
        sheet.row("(Dollars in thousands)", "2018", "2017", ends=TWO)
        sheet.row("Assets", "", "", ends=TWO)
        sheet.row("Cash and cash equivalents", "$ 2,853", "$ 3,053", ends=TWO)
        sheet.row("Total assets", "$ 36,500", "$ 37,987", ends=TWO)

    table = the_table(filing(draw))
    assert periods(table) == ["2018", "2017"]
    assert all(column.period is not None and column.period.is_instant for column in table.columns)
    assert values(table, "Total assets") == ["36500000", "37987000"]
    assert table.scale_source == "(Dollars in thousands)"


def test_the_balance_sheet_of_a_quarter_has_the_quarters_end_and_the_years() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.centred("CONDENSED CONSOLIDATED BALANCE SHEETS (Unaudited)")
        sheet.line("(In millions)")
        sheet.heads("December 31,", "September 24,", ends=TWO)
        sheet.heads("2022", "2022", ends=TWO)
        sheet.row("Cash and cash equivalents", "$ 20,535", "$ 23,646", ends=TWO)
        sheet.row("Total assets", "$ 346,747", "$ 352,755", ends=TWO)

    read = filing(draw, form="10-Q", period="For the quarterly period ended December 31, 2022")
    assert (read.identity.form, read.identity.fiscal_year, read.identity.fiscal_quarter) == ("10-Q", 2023, 1)
    assert read.identity.fiscal_year_end == (9, 24)
    assert periods(the_table(read)) == ["2023Q1", "2022"]


def test_heads_over_pairs_of_columns_in_a_quarterly_statement() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.centred("Condensed Consolidated Statements of Operations")
        sheet.line("(In thousands, except per share data)")
        sheet.text((FOUR[0] - 30 + FOUR[1]) / 2, sheet.y, "Three Months Ended June 30,", align="centre", size=8)
        sheet.text((FOUR[2] - 30 + FOUR[3]) / 2, sheet.y, "Six Months Ended June 30,", align="centre", size=8)
        sheet.skip()
        sheet.heads("2023", "2022", "2023", "2022", ends=FOUR)
        sheet.row("Net revenues", "8,187", "7,970", "16,349", "15,838", ends=FOUR)
        sheet.row("Net income", "(1,488 )", "1,441", "2,793", "3,038", ends=FOUR)

    read = filing(draw, form="10-Q", period="For the quarterly period ended June 30, 2023")
    table = the_table(read)
    assert periods(table) == ["2023Q2", "2022Q2", "2023Q2YTD", "2022Q2YTD"]
    assert values(table, "Net income") == ["-1488000", "1441000", "2793000", "3038000"]
    assert [cell.column for cell in row(table, "Net income").cells] == [0, 1, 2, 3]


def test_weeks_and_dates_stacked_over_columns() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.centred("CONSOLIDATED STATEMENTS OF INCOME")
        sheet.line("(amounts in millions, except per share data)")
        sheet.heads("52 Weeks Ended", "52 Weeks Ended", "52 Weeks Ended", ends=(350, 440, 530))
        sheet.heads("August 29,", "August 30,", "September 1,", ends=(350, 440, 530))
        sheet.heads("2021", "2020", "2019", ends=(350, 440, 530))
        sheet.row("Net sales", "$ 192,052", "$ 163,220", "$ 149,351", ends=(350, 440, 530))
        sheet.row("Membership fees", "3,877", "3,541", "3,352", ends=(350, 440, 530))

    read = filing(draw, period="For the fiscal year ended August 29, 2021")
    table = the_table(read)
    assert periods(table) == ["2021", "2020", "2019"]
    assert [str(c.period.end) for c in table.columns if c.period] == ["2021-08-29", "2020-08-30", "2019-09-01"]
    assert values(table, "Net sales") == ["192052000000", "163220000000", "149351000000"]


def test_a_head_centred_over_its_years() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.line("Selected results")
        sheet.line("(In millions)")
        sheet.over("Years ended December 31", THREE[0], THREE[-1])
        sheet.heads("2018", "2017", "2016", ends=THREE)
        sheet.row("Research spending", "1,821", "1,870", "1,764", ends=THREE)
        sheet.row("Advertising spending", "393", "412", "401", ends=THREE)

    table = the_table(filing(draw))
    assert periods(table) == ["2018", "2017", "2016"]
    assert [c.period.months for c in table.columns if c.period] == [12, 12, 12]
    assert [c.header for c in table.columns] == [("Years ended December 31", year) for year in ("2018", "2017", "2016")]


def test_years_printed_beside_their_figures_still_stand_over_them_in_order() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.centred("Consolidated Statement of Income")
        sheet.line("Years ended December 31 (Millions)")
        for year, x in (("2018", 330), ("2017", 410), ("2016", 490)):
            sheet.text(x, sheet.y, year, align="right")
        sheet.skip()
        sheet.row("Net sales", "$ 32,765", "$ 31,657", "$ 30,109", ends=(380, 460, 540))
        sheet.row("Net income", "5,363", "4,869", "5,058", ends=(380, 460, 540))

    table = the_table(filing(draw))
    assert periods(table) == ["2018", "2017", "2016"]
    assert values(table, "Net income") == ["5363000000", "4869000000", "5058000000"]


def test_columns_of_change_and_percent_have_no_period() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.line("Results of operations")
        sheet.line("(In millions)")
        sheet.heads("2018", "2017", "$ Change", "% Change", ends=FOUR)
        sheet.row("Net sales", "$ 32,765", "$ 31,657", "$ 1,108", "3.5", ends=FOUR)
        sheet.row("Operating income", "7,207", "7,692", "(485 )", "(6.3)%", ends=FOUR)
        sheet.row("Interest expense", "350", "322", "28", "nm", ends=FOUR)

    read = filing(draw)
    table = the_table(read)
    assert periods(table) == ["2018", "2017", None, None]
    cells = row(table, "Operating income").cells
    assert [(cell.unit, str(cell.number)) for cell in cells[2:]] == [("USD", "-485"), ("pure", "-6.3")]
    assert str(cells[3].value) == "-0.063"
    assert (row(table, "Net sales").cells[3].unit, str(row(table, "Net sales").cells[3].value)) == ("pure", "0.035")
    last = row(table, "Interest expense").cells[3]
    assert (last.text, last.number, last.value) == ("nm", None, None)
    assert {fact.period.key for fact in read.facts} == {"2018", "2017"}


def test_whole_share_counts_in_a_table_in_millions() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.centred("Consolidated Balance Sheet")
        sheet.line("(Dollars in millions)")
        sheet.heads("2018", "2017", ends=TWO)
        sheet.row("Common stock, par value $.01 per share", "$ 9", "$ 9", ends=TWO)
        sheet.row("Shares outstanding", "576,575,168", "594,884,237", ends=TWO)
        sheet.row("Total equity", "9,848", "11,622", ends=TWO)

    table = the_table(filing(draw))
    assert values(table, "Shares outstanding") == ["576575168", "594884237"]
    assert units(table, "Shares outstanding") == {"shares"}
    assert values(table, "Common stock, par value $.01 per share") == ["9000000", "9000000"]


def test_shares_in_a_scale_of_their_own() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.centred("CONSOLIDATED STATEMENTS OF OPERATIONS")
        sheet.line("(In millions, except number of shares which are reflected in thousands and per share amounts)")
        sheet.heads("2021", "2020", "2019", ends=THREE)
        sheet.row("Net income", "$ 94,680", "$ 57,411", "$ 55,256", ends=THREE)
        sheet.row("Shares used in computing earnings per share:", "", "", "", ends=THREE)
        sheet.row("Basic", "16,701,272", "17,352,119", "18,471,336", ends=THREE, indent=10)

    table = the_table(filing(draw, period="For the fiscal year ended September 25, 2021"))
    assert values(table, "Basic") == ["16701272000", "17352119000", "18471336000"]
    assert units(table, "Basic") == {"shares"}
    assert values(table, "Net income")[0] == "94680000000"


def test_a_table_of_awards_keeps_shares_and_prices_apart() -> None:
    def draw(sheet: Sheet) -> None:
        income(sheet)
        sheet.next_page()
        sheet.line("Stock options")
        sheet.line("(Shares in thousands)")
        sheet.heads("Shares", "Exercise price", ends=(400, 530))
        sheet.row("Outstanding at beginning of year", "34,965", "$ 101.23", ends=(400, 530))
        sheet.row("Granted", "1,200", "230.10", ends=(400, 530))

    table = filing(draw).tables[1]
    granted: tuple[Cell, ...] = row(table, "Granted").cells
    assert [(f"{cell.value:f}", cell.unit) for cell in granted] == [("1200000", "shares"), ("230.10", "USD/shares")]


def test_a_table_that_goes_on_over_the_page_without_a_head_is_one_table() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.centred("Consolidated Statement of Cash Flows")
        sheet.line("Years ended December 31 (Millions)")
        sheet.heads("2018", "2017", ends=TWO)
        sheet.row("Net income", "$ 5,363", "$ 4,869", ends=TWO)
        sheet.row("Depreciation and amortization", "1,488", "1,544", ends=TWO)
        sheet.next_page()
        sheet.row("Capital expenditures", "(1,577)", "(1,373)", ends=TWO)
        sheet.row("Proceeds from sale of businesses", "846", "1,065", ends=TWO)

    table = the_table(filing(draw))
    assert (table.first_page, table.last_page, len(table.rows)) == (1, 2, 4)
    assert values(table, "Capital expenditures") == ["-1577000000", "-1373000000"]
    assert [c.period.key if c.period else None for c in row(table, "Capital expenditures").cells] == ["2018", "2017"]
    assert row(table, "Capital expenditures").span.page == 2


def test_a_repeated_head_on_the_next_page_is_no_row() -> None:
    def draw(sheet: Sheet) -> None:
        for k, rows in enumerate((("Net income", "Depreciation"), ("Capital expenditures", "Dividends paid"))):
            sheet.centred("Consolidated Statement of Cash Flows" if not k else "(continued)")
            sheet.line("Years ended December 31 (Millions)")
            sheet.heads("2018", "2017", ends=TWO)
            for label in rows:
                sheet.row(label, "(1,577)", "1,544", ends=TWO)
            sheet.next_page()

    table = the_table(filing(draw))
    assert [r.label for r in table.rows] == ["Net income", "Depreciation", "Capital expenditures", "Dividends paid"]
    assert table.last_page == 2


def test_a_new_table_on_the_next_page_is_not_the_rest_of_the_last() -> None:
    def draw(sheet: Sheet) -> None:
        for title, year in (("Net sales by area", "2018"), ("Net sales by product", "2018")):
            sheet.line(title)
            sheet.line("(Millions)")
            sheet.heads(year, "2017", ends=TWO)
            sheet.row("First", "1,100", "1,200", ends=TWO)
            sheet.row("Second", "2,100", "2,200", ends=TWO)
            sheet.next_page()

    assert [table.title for table in filing(draw).tables] == ["Net sales by area", "Net sales by product"]


def test_a_fiscal_year_that_ends_in_january_has_the_companys_name() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.line("Fiscal 2022 refers to the fiscal year 2022, which ended January 28, 2023, and so on.")
        sheet.next_page()
        sheet.centred("Consolidated Balance Sheets")
        sheet.line("(In thousands)")
        sheet.heads("January 28,", "January 29,", ends=TWO)
        sheet.heads("2023", "2022", ends=TWO)
        sheet.row("Inventories", "$ 1,603", "$ 1,499", ends=TWO)
        sheet.row("Total assets", "5,370", "4,764", ends=TWO)
        sheet.next_page()
        sheet.centred("Consolidated Statements of Income")
        sheet.line("(In thousands)")
        sheet.over("Fiscal year ended", *TWO)
        sheet.heads("2022", "2021", ends=TWO)
        sheet.row("Net sales", "$ 10,208", "$ 8,631", ends=TWO)
        sheet.row("Net income", "1,242", "986", ends=TWO)

    read = filing(draw, period="For the fiscal year ended January 28, 2023")
    assert (read.identity.fiscal_year, read.identity.fiscal_year_end) == (2022, (1, 28))
    balance, statement = read.tables
    assert periods(balance) == ["2022", "2021"]
    assert periods(statement) == ["2022", "2021"]


def test_the_statements_of_a_retailer_tell_how_it_names_its_years() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.centred("CONSOLIDATED STATEMENTS OF OPERATIONS")
        sheet.line("($ in millions, except per share amounts)")
        sheet.heads("2021", "2020", "2019", ends=THREE)
        sheet.row("Sales", "$ 8,958", "$ 7,548", "$ 8,005", ends=THREE)
        sheet.row("Net income", "892", "323", "491", ends=THREE)
        sheet.next_page()
        sheet.centred("CONSOLIDATED BALANCE SHEETS")
        sheet.heads("January 29,", "January 30,", ends=TWO)
        sheet.row("($ in millions, except share amounts)", "2022", "2021", ends=TWO)
        sheet.row("Inventories", "$ 1,266", "$ 923", ends=TWO)
        sheet.row("Total assets", "8,135", "7,043", ends=TWO)

    read = filing(draw, period="For the fiscal year ended January 29, 2022")
    statement, balance = read.tables
    assert read.identity.fiscal_year == 2021
    assert periods(statement) == ["2021", "2020", "2019"]
    assert periods(balance) == ["2021", "2020"]


def test_a_year_that_ends_on_january_second_is_the_year_before() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.centred("Consolidated Statements of Operations")
        sheet.line("(In millions)")
        sheet.over("Years ended", THREE[0], THREE[-1])
        sheet.heads("January 2,", "January 3,", "December 28,", ends=THREE)
        sheet.heads("2016", "2015", "2013", ends=THREE)
        sheet.row("Net sales", "$ 1,100", "$ 1,200", "$ 1,300", ends=THREE)
        sheet.row("Net income", "110", "120", "130", ends=THREE)

    read = filing(draw, period="For the fiscal year ended January 2, 2016")
    assert read.identity.fiscal_year == 2015
    assert periods(the_table(read)) == ["2015", "2014", "2013"]


def test_a_date_over_one_column_does_not_spread_over_its_neighbour() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.centred("CONSOLIDATED BALANCE SHEETS")
        sheet.line("(amounts in millions)")
        sheet.text(530, sheet.y, "August 28,", align="right")
        sheet.skip()
        sheet.text(440, sheet.y, "May 7, 2023", align="right")
        sheet.skip()
        sheet.text(530, sheet.y, "2022", align="right")
        sheet.skip()
        sheet.row("Inventories", "16,324", "17,907", ends=TWO)
        sheet.row("TOTAL ASSETS", "$ 66,752", "$ 64,166", ends=TWO)

    table = the_table(filing(draw, form="10-Q", period="For the quarterly period ended May 7, 2023"))
    assert [str(c.period.end) for c in table.columns if c.period] == ["2023-05-07", "2022-08-28"]
    assert periods(table) == ["2023Q3", "2022"]


def test_columns_that_nothing_tells_apart_have_no_period() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.line("Net sales by area")
        sheet.line("Year ended December 31, 2018 (In millions)")
        sheet.row("Asia", "1,100", "1,200", ends=TWO)
        sheet.row("Europe", "2,100", "2,200", ends=TWO)

    read = filing(draw)
    assert read.facts == ()


def test_headings_and_labels_tell_the_period_where_columns_are_segments() -> None:
    table = RawTable(
        0,
        ("Segment information", "(in millions)"),
        (
            raw_row("", ("Upstream", 100), ("Chemicals", 200)),
            raw_row("Three Months Ended June 30, 2025"),
            raw_row("Sales", ("5,939", 100), ("3,286", 200)),
            raw_row("Three Months Ended June 30, 2024"),
            raw_row("Sales", ("6,729", 100), ("3,317", 200)),
            raw_row("Balance at December 31, 2023", ("71", 100), ("72", 200)),
        ),
    )
    setting = Setting(FiscalCalendar(), "USD", built_in_vocabulary(), None)
    rows = understand([table], setting)[0].rows
    periods = {(row.label, cell.period.key) for row in rows for cell in row.cells if cell.period}
    assert {key for label, key in periods if label == "Sales"} == {"2025Q2", "2024Q2"}
    assert {key for label, key in periods if label.startswith("Balance")} == {"2023"}
    assert all(cell.period and cell.period.is_instant for cell in rows[-1].cells)


def raw_row(label: str, *cells: tuple[str, float]) -> RawRow:
    place = Span(0)
    return RawRow(label, 50.0, tuple(RawCell(text, x, x + 40, place) for text, x in cells), place)


def test_large_amounts_in_a_column_tell_nothing_of_its_counts_of_shares() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.centred("Consolidated Statements of Operations")
        sheet.line("Year ended December 31 (in thousands, except per share data)")
        sheet.heads("2018", "2017", ends=TWO)
        sheet.row("Revenues", "$ 11,692,713", "$ 8,830,669", ends=TWO)
        sheet.row("Cost of revenues", "7,659,666", "6,029,901", ends=TWO)
        sheet.row("Weighted-average common shares outstanding:", "", "", ends=TWO)
        sheet.row("Basic", "431,885", "428,822", ends=TWO, indent=10)

    table = the_table(filing(draw))
    assert values(table, "Basic") == ["431885000", "428822000"]
    assert units(table, "Basic") == {"shares"}
