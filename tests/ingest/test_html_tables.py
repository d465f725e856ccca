from ingest.document import Document, RawTable
from ingest.htm.read import read_html


def read(html: str) -> Document:
    document = read_html(f"<html><body>{html}</body></html>".encode())
    for table in document.tables:
        for row in table.rows:
            assert row.span.chars is not None
            for cell in row.cells:
                assert cell.span.chars is not None
                assert document.pages[cell.span.page].text[slice(*cell.span.chars)] == cell.text
    return document


def table_of(html: str) -> RawTable:
    (table,) = read(f"<table>{html}</table>").tables
    return table


def shape(table: RawTable) -> list[tuple[str, list[str]]]:
    return [(row.label, [cell.text for cell in row.cells]) for row in table.rows]


def cells(*texts: str) -> str:
    return "<tr>" + "".join(f"<td>{text}</td>" for text in texts) + "</tr>"


def test_signs_are_joined_onto_their_number() -> None:
    table = table_of(
        cells("Sales", "$", "1,577", "", "", "(", "20", ")", "", "12.3", "%")
        + cells("Loss", "$", "(1,577", ")", "", "($", "3", ")%", "", "(4.5", ")%")
        + cells("None", "$", "—", "", "", "", "—", "%", "", "€ 5", "")
    )
    assert shape(table) == [
        ("Sales", ["$1,577", "(20)", "12.3%"]),
        ("Loss", ["$(1,577)", "($3)%", "(4.5)%"]),
        ("None", ["$—", "—%", "€5"]),
    ]
    assert [(cell.x0, cell.x1) for cell in table.rows[0].cells] == [(1, 3), (5, 8), (9, 11)]


def test_column_heads_of_signs_are_not_joined() -> None:
    table = table_of(cells("", "2024", "", "$", "", "%") + cells("Sales", "10", "", "2", "", "25"))
    assert shape(table)[0] == ("", ["2024", "$", "%"])
    assert shape(table_of(cells("", "2024", "", "%") + cells("Sales", "10", "", "7")))[0] == ("", ["2024", "%"])


def test_negative_amount_with_its_currency_keeps_its_number() -> None:
    assert shape(table_of(cells("Loss", "$ (5)"))) == [("Loss", ["$(5)"])]


def test_two_numbers_in_a_cell_never_become_one() -> None:
    assert shape(table_of(cells("Rent", "100<br/>200", "1,000")))[0][1] == ["100 200", "1,000"]


def test_column_and_row_spans_make_the_grid() -> None:
    table = table_of(
        '<tr><td rowspan="2">Item</td><td colspan="4">Year ended<br/>December 31,</td></tr>'
        '<tr><td colspan="2">2024</td><td colspan="2">2023</td></tr>' + cells("Sales", "$", "5", "$", "6")
    )
    heads, years, values = table.rows
    assert [(cell.text, cell.x0, cell.x1) for cell in heads.cells] == [("Year ended December 31,", 1, 5)]
    assert [(cell.text, cell.x0, cell.x1) for cell in years.cells] == [("2024", 1, 3), ("2023", 3, 5)]
    assert [(cell.text, cell.x0, cell.x1) for cell in values.cells] == [("$5", 1, 3), ("$6", 3, 5)]


def test_footnote_marks_are_kept_apart() -> None:
    table = table_of(
        '<tr><td></td><td colspan="2">2024</td></tr>'
        + cells("Sales <sup>(1)</sup>", "10<sup>(2)</sup>", "")
        + cells("Cost (3)", "(4)", "(1)")
        + cells('Tax<span style="vertical-align:super">a</span>', "7 (1)", "*")
    )
    assert shape(table)[1:] == [("Sales", ["10"]), ("Cost", ["(4)"]), ("Tax", ["7"])]
    beside = table_of(cells("", "", "2024", "2023") + cells("Sales", "(1)", "10", "11"))
    assert shape(beside)[1] == ("Sales", ["10", "11"])


def test_small_negative_numbers_are_not_footnote_marks() -> None:
    table = table_of(
        cells("", "2024", "Change", "") + cells("Sales", "10", "(3)", "%") + cells("Cost", "12", "(4)", "%")
    )
    assert shape(table)[1:] == [("Sales", ["10", "(3)%"]), ("Cost", ["12", "(4)%"])]
    assert shape(table_of(cells("Sales", "1,000", "(3)"))) == [("Sales", ["1,000", "(3)"])]
    assert shape(table_of(cells("Sales", "(3)", "(4)"))) == [("Sales", ["(3)", "(4)"])]


def test_indent_comes_from_styles_and_no_break_spaces() -> None:
    table = table_of(
        '<tr><td style="padding:2px 1pt 2px 19pt">a</td><td>1</td></tr>'
        '<tr><td style="padding-left:45pt;text-indent:-45pt">b</td><td>1</td></tr>'
        '<tr><td><div style="margin-left:12px">c</div></td><td>1</td></tr>'
        "<tr><td>&#160;&#160;&#160;&#160;d</td><td>1</td></tr>"
    )
    assert [row.indent for row in table.rows] == [19.0, 0.0, 9.0, 10.0]


def test_label_is_the_first_text_and_may_follow_a_number() -> None:
    table = table_of(
        cells("", "2024", "2023") + cells("Assets:", "", "") + cells("Cash", "1", "2") + cells("", "3", "4")
    )
    assert shape(table) == [("", ["2024", "2023"]), ("Assets:", []), ("Cash", ["1", "2"]), ("", ["3", "4"])]
    assert table_of(cells("1.", "Net sales", "1,000")).rows[0].label == "1. Net sales"


def test_layout_tables_are_text_only() -> None:
    document = read(
        "<table><tr><td>•</td><td>A risk</td></tr></table>"
        "<table><tr><td>Item 7.</td><td>Discussion</td><td><a href='#x'>28</a></td></tr>"
        "<tr><td>Item 8.</td><td>Statements</td><td><a href='#y'>31</a></td></tr></table>"
    )
    assert not document.tables
    assert document.pages[0].text == "•  A risk\nItem 7.  Discussion  28\nItem 8.  Statements  31"


def test_table_inside_a_layout_table_is_read_by_itself() -> None:
    inner = "<table>" + cells("", "2024") + cells("Cash", "5") + "</table>"
    document = read(f"<table><tr><td><p>Before</p>{inner}<p>After</p></td><td>Side</td></tr></table>")
    assert [shape(table) for table in document.tables] == [[("", ["2024"]), ("Cash", ["5"])]]
    assert document.pages[0].text == "Before\n2024\nCash  5\nAfter\nSide"


def test_caption_is_the_lines_above_on_the_page_but_not_an_earlier_table() -> None:
    one = "<table>" + cells("Cash", "5", "6") + cells("Debt", "5", "6") + "</table>"
    document = read("".join(f"<p>line {i}</p>" for i in range(8)) + one + "<p>(In millions)</p>" + one)
    assert document.tables[0].caption == tuple(f"line {i}" for i in range(2, 8))
    assert document.tables[1].caption == ("(In millions)",)


def test_table_over_a_page_break_gives_one_table_for_each_page() -> None:
    rows = cells("Cash", "5") + '<tr style="page-break-before:always"><td>Debt</td><td>6</td></tr>'
    document = read(f"<table>{rows}</table>")
    assert [(table.page, shape(table)) for table in document.tables] == [
        (0, [("Cash", ["5"])]),
        (1, [("Debt", ["6"])]),
    ]


def test_rows_are_lines_and_empty_rows_are_dropped() -> None:
    document = read("<table>" + cells("Cash", "$", "5", "(6)") + cells("", "&#160;", "", "") + "</table>")
    assert document.pages[0].text == "Cash  $5  (6)"
    assert len(document.tables[0].rows) == 1
    assert document.tables[0].rows[0].span.chars == (0, 13)


def test_absurd_spans_are_bounded() -> None:
    rows = '<tr><td rowspan="65534" colspan="99999999">a</td><td colspan="1000" rowspan="65000">1</td></tr>'
    assert len(table_of(rows * 50).rows) == 50
