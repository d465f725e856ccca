"""Which lines of a page make a table, and which of them belong together."""

from __future__ import annotations

import pytest

from ingest.document import RawTable
from tests.ingest.pdfs import LEFT, THREE, TWO, Sheet, document


def tables(draw: object) -> tuple[RawTable, ...]:
    return document(draw).tables  # type: ignore[arg-type]


def shape(table: RawTable) -> list[tuple[str, list[str]]]:
    return [(row.label, [cell.text for cell in row.cells]) for row in table.rows]


def body(sheet: Sheet, *labels: str) -> None:
    for k, label in enumerate(labels):
        sheet.row(label, f"{k + 1},100", f"{k + 1},200", ends=TWO)


def test_a_table_has_its_caption_heads_and_rows() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.line("Net sales by area")
        sheet.line("(Millions)")
        sheet.heads("2018", "2017", ends=TWO)
        body(sheet, "Asia", "Europe")

    (table,) = tables(draw)
    assert table.caption == ("Net sales by area", "(Millions)")
    assert shape(table) == [("", ["2018", "2017"]), ("Asia", ["1,100", "1,200"]), ("Europe", ["2,100", "2,200"])]


def test_prose_makes_no_table() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.line("The company has operations in more than sixty countries, and its net sales in 2018 were 32,765")
        sheet.line("million dollars, of which it sold about one half outside the United States of America in 2018")
        sheet.line("and one half inside, as was the case in the years before that, when net sales had been 31,657.")

    assert tables(draw) == ()


def test_a_sentence_below_a_table_that_ends_with_a_number_is_no_row() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.heads("2018", "2017", ends=TWO)
        body(sheet, "Asia", "Europe")
        sheet.skip()
        sheet.line("The company had been in these markets for many years before it left them at the end of June 2018")
        sheet.line("and the number of persons whom it employed there, in all of its plants and offices, had been 1,234")

    (table,) = tables(draw)
    assert [row.label for row in table.rows] == ["", "Asia", "Europe"]


@pytest.mark.parametrize("foot", ["57", "- 57 -", "F-12", "Page 57", "57 3M 2018 Form 10-K"])
def test_page_numbers_are_no_rows(foot: str) -> None:
    def draw(sheet: Sheet) -> None:
        sheet.heads("2018", "2017", ends=TWO)
        body(sheet, "Asia", "Europe")
        sheet.text(530, 740, foot, align="right")

    (table,) = tables(draw)
    assert [row.label for row in table.rows] == ["", "Asia", "Europe"]


def test_a_page_number_close_below_the_last_row_is_no_row() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.y = 680
        sheet.heads("2018", "2017", ends=TWO)
        body(sheet, "Asia", "Europe")
        sheet.text(306, sheet.y + 4, "57", align="centre")

    (table,) = tables(draw)
    assert [row.label for row in table.rows] == ["", "Asia", "Europe"]


def test_a_label_that_ends_in_a_year_keeps_it() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.heads("2018", "2017", ends=TWO)
        sheet.row("3.5% Notes due 2026", "1,500", "1,499", ends=TWO)
        sheet.row("Term loan due March 2022", "750", "—", ends=TWO)

    (table,) = tables(draw)
    assert shape(table)[1:] == [("3.5% Notes due 2026", ["1,500", "1,499"]), ("Term loan due March 2022", ["750", "—"])]


def test_a_label_of_years_in_a_schedule_of_maturities() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.line("Maturities of long-term debt (Millions)")
        sheet.heads("Debt", "Leases", ends=TWO)
        for year in ("2019", "2020", "2021"):
            sheet.row(year, "1,100", "1,200", ends=TWO)
        sheet.row("Total", "3,300", "3,600", ends=TWO)

    (table,) = tables(draw)
    assert shape(table)[1:] == [
        ("2019", ["1,100", "1,200"]),
        ("2020", ["1,100", "1,200"]),
        ("2021", ["1,100", "1,200"]),
        ("Total", ["3,300", "3,600"]),
    ]


def test_two_tables_one_below_the_other() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.line("Net sales by area (Millions)")
        sheet.heads("2018", "2017", ends=TWO)
        body(sheet, "Asia", "Europe")
        sheet.skip(0.5)
        sheet.line("Net sales by product (Millions)")
        sheet.heads("2018", "2017", ends=TWO)
        body(sheet, "Tape", "Film")

    first, second = tables(draw)
    assert [row.label for row in first.rows] == ["", "Asia", "Europe"]
    assert [row.label for row in second.rows][-2:] == ["Tape", "Film"]
    assert "Net sales by product (Millions)" in (*second.caption, *(row.label for row in second.rows))


def test_two_tables_with_other_columns_are_two() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.heads("2018", "2017", ends=TWO)
        body(sheet, "Cash", "Debt")
        sheet.centred("Exhibit 5")
        sheet.centred("Store Update")
        sheet.heads("Opened", "Closed", "Open at", ends=(230, 320, 390))
        sheet.heads("in it", "in it", "its end", ends=(230, 320, 390))
        for label in ("First quarter", "Second quarter"):
            sheet.row(label, "12", "3", "1,355", ends=(230, 320, 390))

    first, second = tables(draw)
    assert [row.label for row in first.rows] == ["", "Cash", "Debt"]
    assert shape(second)[-2:] == [("First quarter", ["12", "3", "1,355"]), ("Second quarter", ["12", "3", "1,355"])]
    assert "Store Update" in (
        *second.caption,
        *(row.label for row in second.rows),
        *(c.text for r in second.rows for c in r.cells),
    )


def test_prose_between_two_tables_parts_them() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.heads("2018", "2017", ends=TWO)
        body(sheet, "Asia", "Europe")
        sheet.line(
            "The company sells its goods through many channels, among them wholesalers, retailers and dealers of cars."
        )
        sheet.heads("2018", "2017", ends=TWO)
        body(sheet, "Tape", "Film")

    first, second = tables(draw)
    assert [row.label for row in first.rows] == ["", "Asia", "Europe"]
    assert [row.label for row in second.rows] == ["", "Tape", "Film"]


def test_a_label_wrapped_before_its_values() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.heads("2018", "2017", ends=TWO)
        sheet.line("Proceeds from issuance of treasury stock pursuant to")
        sheet.row("stock option and benefit plans", "485", "734", ends=TWO, indent=8)
        body(sheet, "Other")

    (table,) = tables(draw)
    label = "Proceeds from issuance of treasury stock pursuant to stock option and benefit plans"
    assert shape(table)[1:] == [(label, ["485", "734"]), ("Other", ["1,100", "1,200"])]


def test_a_label_wrapped_after_a_semicolon() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.heads("2018", "2017", ends=TWO)
        sheet.line("Common stock, no par value, authorized 800,000,000 shares;")
        sheet.row("492,025,443 and 475,913,404 shares outstanding", "12", "13", ends=TWO, indent=8)

    (table,) = tables(draw)
    label = "Common stock, no par value, authorized 800,000,000 shares; 492,025,443 and 475,913,404 shares outstanding"
    assert shape(table)[1:] == [(label, ["12", "13"])]


def test_headings_and_a_wrapped_label_between_the_heads_and_the_first_figures() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.centred("Consolidated Balance Sheets")
        sheet.heads("December 31, 2018", "December 31, 2017", ends=TWO)
        sheet.line("CAPITALIZATION AND LIABILITIES")
        sheet.line("Capitalization:")
        sheet.line("Common stock ($0.01 par value; 500,000,000 shares; 186,466,707 and 185,903 issued,", x=LEFT + 8)
        sheet.row("respectively)", "$ 2", "$ 2", ends=TWO, indent=8)
        body(sheet, "Debt")

    (table,) = tables(draw)
    assert shape(table)[0] == ("", ["December 31, 2018", "December 31, 2017"])
    assert (
        shape(table)[3][0]
        == "Common stock ($0.01 par value; 500,000,000 shares; 186,466,707 and 185,903 issued, respectively)"
    )


def test_a_label_wrapped_inside_a_bracket() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.heads("2018", "2017", ends=TWO)
        sheet.line("Common stock, $0.01 par value (5,000 shares authorized;")
        sheet.row("1,235 shares issued and 1,224 outstanding)", "12", "13", ends=TWO)
        body(sheet, "Other")

    (table,) = tables(draw)
    label = "Common stock, $0.01 par value (5,000 shares authorized; 1,235 shares issued and 1,224 outstanding)"
    assert shape(table)[1:] == [(label, ["12", "13"]), ("Other", ["1,100", "1,200"])]


def test_a_date_that_ends_left_of_its_figures_is_a_head() -> None:
    def draw(sheet: Sheet) -> None:
        for text, middle in (("July 31, 2023", 400), ("January 31, 2023", 510)):
            sheet.text(middle, sheet.y, text, align="centre")
        sheet.skip()
        for label, first, second in (("Assets", "6,772", "7,016"), ("Equity", "5,625", "5,492")):
            sheet.row(label, first, second, ends=(457, 560))

    (table,) = tables(draw)
    assert shape(table)[0] == ("", ["July 31, 2023", "January 31, 2023"])


def test_a_label_wrapped_after_its_values() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.heads("2018", "2017", ends=TWO)
        sheet.row("Proceeds from issuance of treasury stock", "485", "734", ends=TWO)
        sheet.line("pursuant to stock option plans", x=LEFT + 8)
        body(sheet, "Other")

    (table,) = tables(draw)
    label = "Proceeds from issuance of treasury stock pursuant to stock option plans"
    assert shape(table)[1:] == [(label, ["485", "734"]), ("Other", ["1,100", "1,200"])]


def test_values_centred_on_a_label_of_two_lines() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.heads("2018", "2017", ends=TWO)
        body(sheet, "Asia")
        y = sheet.y
        sheet.text(LEFT, y, "Proceeds from issuance of treasury stock pursuant to")
        sheet.text(LEFT, y + 11, "stock option and benefit plans")
        for value, end in zip(("485", "734"), TWO, strict=True):
            sheet.text(end, y + 5.5, value, align="right")
        sheet.y = y + 26
        body(sheet, "Other")

    (table,) = tables(draw)
    label = "Proceeds from issuance of treasury stock pursuant to stock option and benefit plans"
    assert shape(table)[1:] == [
        ("Asia", ["1,100", "1,200"]),
        (label, ["485", "734"]),
        ("Other", ["1,100", "1,200"]),
    ]


def test_a_heading_wrapped_on_two_lines_is_one_heading() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.heads("2018", "2017", ends=TWO)
        sheet.line("NET INCOME PER COMMON SHARE ATTRIBUTABLE TO")
        sheet.line("NORTHFIELD:", x=LEFT + 8)
        sheet.row("Basic", "9.09", "8.13", ends=TWO, indent=16)
        sheet.row("Diluted", "8.89", "7.93", ends=TWO, indent=16)

    (table,) = tables(draw)
    assert [row.label for row in table.rows][1:] == [
        "NET INCOME PER COMMON SHARE ATTRIBUTABLE TO NORTHFIELD:",
        "Basic",
        "Diluted",
    ]


def test_a_wrapped_row_is_cited_with_both_of_its_lines() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.heads("2018", "2017", ends=TWO)
        sheet.line("Proceeds from issuance of treasury stock pursuant to")
        sheet.row("stock option and benefit plans", "485", "734", ends=TWO, indent=8)
        body(sheet, "Other")

    read = document(draw)
    row = read.tables[0].rows[1]
    assert row.span.chars is not None
    assert row.span.box is not None
    text = read.pages[0].text[slice(*row.span.chars)]
    assert text == "Proceeds from issuance of treasury stock pursuant to\nstock option and benefit plans 485 734"
    assert row.span.box[3] - row.span.box[1] > 14


def test_headings_without_figures_are_rows() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.heads("2018", "2017", ends=TWO)
        sheet.line("Assets")
        sheet.line("Current assets", x=LEFT + 8)
        body(sheet, "Cash", "Inventories")

    (table,) = tables(draw)
    assert [(row.label, len(row.cells)) for row in table.rows] == [
        ("", 2),
        ("Assets", 0),
        ("Current assets", 0),
        ("Cash", 2),
        ("Inventories", 2),
    ]
    assert table.rows[2].indent > table.rows[1].indent


def test_footnote_marks_are_left_out_of_labels_and_rows() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.heads("2018", "2017", ends=TWO)
        sheet.text(150, sheet.y, "(a)")
        sheet.row("Net debt", "1,100 (b)", "1,200", ends=TWO)
        body(sheet, "Other")

    (table,) = tables(draw)
    assert shape(table)[1] == ("Net debt", ["1,100 (b)", "1,200"])


def test_a_row_with_an_empty_cell_keeps_the_place_of_the_other() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.heads("2018", "2017", "2016", ends=THREE)
        sheet.row("Gain", "", "586", "", ends=THREE)
        sheet.row("Sales", "32,765", "31,657", "30,109", ends=THREE)

    (table,) = tables(draw)
    (cell,) = table.rows[1].cells
    assert cell.text == "586"
    assert table.rows[2].cells[1].x0 <= cell.x0 < cell.x1 <= table.rows[2].cells[1].x1 + 1


def test_a_table_of_contents_is_no_table() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.line("Index to Financial Statements")
        sheet.text(530, sheet.y, "Page", align="right")
        sheet.skip()
        for number, label in enumerate(
            (
                "Management’s Responsibility for Financial Reporting",
                "Consolidated Statement of Income for the years ended December 31, 2015, 2014 and 2013 and so on",
                "Consolidated Balance Sheet at December 31, 2015 and 2014",
                "Consolidated Statement of Cash Flows for the years ended December 31, 2015, 2014 and 2013 or so",
                "Note 1. Significant Accounting Policies",
                "Note 2. Acquisitions",
                "Note 3. Goodwill",
            )
        ):
            sheet.text(LEFT, sheet.y, label)
            sheet.text(530, sheet.y, str(48 + number // 2), align="right")
            sheet.skip()

    assert tables(draw) == ()


def test_a_small_table_of_whole_numbers_in_one_column_is_one() -> None:
    def draw(sheet: Sheet) -> None:
        for label, value in (("Stores", "12"), ("Plants", "47"), ("Offices", "3"), ("Total", "62")):
            sheet.row(label, value, ends=(530,))

    (table,) = tables(draw)
    assert [row.label for row in table.rows] == ["Stores", "Plants", "Offices", "Total"]


def test_a_table_of_small_figures_that_go_up_is_no_table_of_contents() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.heads("2018", "2017", ends=TWO)
        for k in range(8):
            sheet.row(f"Area {'ABCDEFGH'[k]}", str(100 + k), str(200 + k), ends=TWO)

    (table,) = tables(draw)
    assert len(table.rows) == 9


def test_no_line_is_in_two_tables() -> None:
    def draw(sheet: Sheet) -> None:
        for k in range(3):
            sheet.row("Some item", f"{k},100", f"{k},200", ends=TWO)
            sheet.row("Some other item", f"{k},100", f"{k},200", ends=TWO)
            sheet.line(
                "Words that take up nearly the whole width of the page and so part one table from the other table."
            )

    found = [row.span.chars for table in tables(draw) for row in table.rows]
    assert len(found) == len(set(found)) > 0


def test_running_heads_do_not_become_rows() -> None:
    def draw(sheet: Sheet) -> None:
        for number in range(1, 5):
            sheet.text(LEFT, 42, "Northfield Instruments Corporation")
            sheet.text(530, 42, f"2018 Annual Report {number}", align="right")
            sheet.heads("2018", "2017", ends=TWO)
            body(sheet, "Asia", "Europe")
            sheet.next_page()

    found = tables(draw)
    assert len(found) == 4
    for table in found:
        assert shape(table) == [("", ["2018", "2017"]), ("Asia", ["1,100", "1,200"]), ("Europe", ["2,100", "2,200"])]
