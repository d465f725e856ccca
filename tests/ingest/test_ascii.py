from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from ingest.ascii.read import MAX_LINES, MAX_TABLES, decode, read_ascii
from ingest.errors import DamagedFileError, OversizedFileError
from ingest.read import read_filing

REPORT = """
                       SECURITIES AND EXCHANGE COMMISSION
                                  FORM 10-K
                 For the fiscal year ended December 31, 1996

                            MARROWBY MILLS, INC.
             (Exact name of registrant as specified in its charter)
<PAGE>
                                     17

                    MARROWBY MILLS, INC. AND SUBSIDIARIES
                     CONSOLIDATED STATEMENTS OF INCOME
                 (In thousands, except per share amounts)
<TABLE>
<CAPTION>
                                                  Year Ended December 31,
                                             --------------------------------
                                                1996        1995       1994
                                             ---------    --------   --------
<S>                                          <C>          <C>        <C>
Net sales ................................   $ 512,304    $487,110   $ 455,020
Cost of goods sold, including
  depreciation of $9,100 ..................    371,220     350,008    331,911
                                             ---------    --------   --------
    Gross profit ..........................    141,084     137,102    123,109
Other income (expense):
  Interest, net ...........................     (1,204)        --      (2,310)
                                             ---------    --------   --------
Net income<F1> ............................  $ 139,880    $137,102  $ 120,799
                                             =========    ========   ========
Earnings per share ........................  $    2.31    $   2.20   $   2.01
<FN>
<F1> See Note 2.
</TABLE>

See notes to consolidated financial statements.
<PAGE>
                                     18
Net sales rose by 5% in 1996, because the mill at Orrin ran the whole year.
"""


def test_a_typed_statement_is_a_table_with_labels_and_figures() -> None:
    document = read_ascii(REPORT.encode())
    (table,) = document.tables
    rows = {row.label: [cell.text for cell in row.cells] for row in table.rows}
    assert rows["Net sales"] == ["$512,304", "$487,110", "$455,020"]
    assert rows["Cost of goods sold, including depreciation of $9,100"] == ["371,220", "350,008", "331,911"]
    assert rows["Other income (expense):"] == []
    assert rows["Interest, net"] == ["(1,204)", "--", "(2,310)"]
    assert rows["Net income"] == ["$139,880", "$137,102", "$120,799"]
    assert rows["Earnings per share"] == ["$2.31", "$2.20", "$2.01"]
    assert table.caption[-2:] == ("CONSOLIDATED STATEMENTS OF INCOME", "(In thousands, except per share amounts)")
    indents = {row.label: row.indent for row in table.rows}
    assert indents["Gross profit"] > indents["Net sales"]


def test_every_cell_stands_in_the_text_of_its_page() -> None:
    document = read_ascii(REPORT.encode())
    for row in document.tables[0].rows:
        for cell in row.cells:
            assert cell.span.chars is not None
            assert document.pages[cell.span.page].text[slice(*cell.span.chars)] == cell.text
            assert cell.span.page_label == "17"
    assert [page.label for page in document.pages] == [None, "17", "18"]
    assert "Orrin ran the whole year" in document.pages[2].text


def test_its_facts_have_value_period_and_scale(tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_text(REPORT)
    filing = read_filing(path)
    assert (filing.identity.company, filing.identity.form) == ("Marrowby Mills, Inc.", "10-K")
    assert filing.identity.period_end == date(1996, 12, 31)
    sales = {f.period.fiscal_year: f.value for f in filing.facts if f.label == "Net sales"}
    assert sales == {1996: Decimal(512304000), 1995: Decimal(487110000), 1994: Decimal(455020000)}
    interest = {f.period.fiscal_year: f.value for f in filing.facts if f.label == "Interest, net"}
    assert interest[1994] == Decimal(-2310000)
    per_share = [f.value for f in filing.facts if f.label == "Earnings per share"]
    assert per_share == [Decimal("2.31"), Decimal("2.20"), Decimal("2.01")]


def test_a_table_without_tags_is_found_by_its_alignment() -> None:
    text = """
The following are the balances of the mill, which is old and large and stands by a wide river:

                               1996       1995
Cash                        $   120    $    98
Receivables                   1,300      1,240
Total current assets        $ 1,420    $ 1,338

The balances rose because the mill sold more cloth than in the year before, at 12 a yard.
"""
    (table,) = read_ascii(text.encode()).tables
    assert [(r.label, [c.text for c in r.cells]) for r in table.rows] == [
        ("", ["1996", "1995"]),
        ("Cash", ["$120", "$98"]),
        ("Receivables", ["1,300", "1,240"]),
        ("Total current assets", ["$1,420", "$1,338"]),
    ]


def test_prose_and_addresses_are_no_tables() -> None:
    text = "The  mill,  justified,   made 12  bales\nin  1996,   and  9   more\n\n125 Mill Street\nOrrin, VT  05001\n"
    assert read_ascii(text.encode()).tables == ()


def test_a_head_over_several_columns_is_as_wide_as_the_rule_below_it() -> None:
    (table,) = read_ascii(REPORT.encode()).tables
    (head,) = next(row.cells for row in table.rows if any("Year Ended" in cell.text for cell in row.cells))
    figures = next(row.cells for row in table.rows if row.label == "Gross profit")
    assert head.x0 <= figures[0].x0
    assert head.x1 >= figures[-1].x1 - 6


def test_figures_one_blank_apart_are_cells_of_their_own() -> None:
    text = """<TABLE>
<S>        <C>            <C>
I-MF        386,100,000.00 383,371,981.77
I-MA        257,400,000.00 255,186,345.58
Totals, all 650,000,000.00 645,008,411.46
</TABLE>"""
    (table,) = read_ascii(text.encode()).tables
    assert [(r.label, len(r.cells)) for r in table.rows] == [("I-MF", 2), ("I-MA", 2), ("Totals, all", 2)]


def test_days_one_blank_apart_and_a_bracket_over_two_lines_are_heads() -> None:
    text = """<TABLE>
(In thousands, except           December 31, January 1,
 per share data)                    1994        1994
<S>                             <C>          <C>
Net sales                         $600,100     $580,000
Net earnings                        (1,200)      40,100
</TABLE>"""
    (table,) = read_ascii(text.encode()).tables
    assert table.rows[0].label == "(In thousands, except per share data)"
    assert [cell.text for cell in table.rows[0].cells] == ["December 31,", "January 1,"]
    assert [(row.label, len(row.cells)) for row in table.rows[1:]] == [("", 2), ("Net sales", 2), ("Net earnings", 2)]


def test_two_tables_in_a_row_stay_two() -> None:
    one = "<TABLE>\n<S>   <C>\nCash   1,000\nDebt   2,000\n</TABLE>\n"
    assert len(read_ascii((one + one).encode()).tables) == 2


def test_text_of_any_encoding_is_read() -> None:
    assert decode("Zoë £5".encode("windows-1252")) == "Zoë £5"
    assert decode("Zoë £5".encode("utf-16")) == "Zoë £5"
    assert decode("\ufeffZoë".encode()) == "Zoë"


def test_no_text_and_too_many_lines_or_tables_are_refused() -> None:
    with pytest.raises(DamagedFileError, match="no text"):
        read_ascii(b" \n \x0c ")
    with pytest.raises(OversizedFileError, match="lines"):
        read_ascii(b"a\n" * (MAX_LINES + 1))
    with pytest.raises(OversizedFileError, match="tables"):
        read_ascii(b"<TABLE>\n<S> <C>\nNet sales   100\n" * (MAX_TABLES + 1))
