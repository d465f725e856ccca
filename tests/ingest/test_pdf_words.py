from __future__ import annotations

import io

import pypdfium2
import pytest

from ingest.pdf.words import PrintedLine, bounding_box, read_lines
from tests.ingest.pdfs import HEIGHT, LEFT, WIDTH, Sheet, rotated


def lines_of(data: bytes, page: int = 0) -> tuple[PrintedLine, ...]:
    pdf = pypdfium2.PdfDocument(io.BytesIO(data))
    try:
        return read_lines(pdf[page])
    finally:
        pdf.close()


def texts_of(data: bytes) -> list[str]:
    return [line.text for line in lines_of(data)]


def test_an_empty_page_has_no_lines() -> None:
    sheet = Sheet()
    sheet.next_page()
    assert lines_of(sheet.bytes()) == ()


def test_words_on_a_baseline_are_one_line_from_left_to_right() -> None:
    sheet = Sheet()
    sheet.text(400, 100, "1,577")
    sheet.text(LEFT, 100, "Capital expenditures")
    sheet.text(LEFT, 130, "Next line")
    assert texts_of(sheet.bytes()) == ["Capital expenditures 1,577", "Next line"]


def test_lines_come_from_the_top_whatever_the_order_in_the_stream() -> None:
    sheet = Sheet()
    sheet.text(LEFT, 300, "third")
    sheet.text(LEFT, 100, "first")
    sheet.text(LEFT, 200, "second")
    assert texts_of(sheet.bytes()) == ["first", "second", "third"]


def test_boxes_contain_the_drawn_words_and_lie_on_the_page() -> None:
    sheet = Sheet()
    for y in (40, 200, 700):
        sheet.text(LEFT, y, "Inventories")
        sheet.text(530, y, "4,366", align="right")
    words = [word for line in lines_of(sheet.bytes()) for word in line.words]
    assert len(words) == len(sheet.drawn)
    for (_, text, (x0, y0, x1, y1)), word in zip(sheet.drawn, words, strict=True):
        assert word.text == text
        box = word.box
        assert box[0] <= x0 + 0.5
        assert box[1] <= y0 + 0.5
        assert box[2] >= x1 - 0.5
        assert box[3] >= y1 - 0.5
        assert 0 <= box[0] < box[2] <= WIDTH
        assert 0 <= box[1] < box[3] <= HEIGHT
        assert box[2] - box[0] < x1 - x0 + 4, "no wider than the word"
        assert box[3] - box[1] < 20


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_turned_page_is_placed_as_it_is_displayed(degrees: int) -> None:
    sheet = Sheet()
    sheet.text(100, 200, "Goodwill")
    word = lines_of(rotated(sheet.bytes(), degrees))[0].words[0]
    x0, y0, x1, y1 = sheet.drawn[0][2]
    expected = {
        90: (HEIGHT - y1, x0, HEIGHT - y0, x1),
        180: (WIDTH - x1, HEIGHT - y1, WIDTH - x0, HEIGHT - y0),
        270: (y0, WIDTH - x1, y1, WIDTH - x0),
    }[degrees]
    assert word.text == "Goodwill"
    assert word.box == pytest.approx(expected, abs=5)


def test_a_landscape_table_on_a_turned_page_is_read_in_rows() -> None:
    sheet = Sheet()
    for k, (label, value) in enumerate((("Net sales", "32,765"), ("Cost of sales", "16,682"))):
        sheet.canvas.saveState()
        sheet.canvas.translate(100 + 20 * k, 100)
        sheet.canvas.rotate(90)
        sheet.canvas.drawString(0, 0, label)
        sheet.canvas.drawString(300, 0, value)
        sheet.canvas.restoreState()
    assert texts_of(rotated(sheet.bytes(), 90)) == ["Net sales 32,765", "Cost of sales 16,682"]


def test_a_superscript_stays_on_its_line() -> None:
    sheet = Sheet()
    sheet.text(LEFT, 100, "Net debt")
    sheet.text(88, 96, "(1)", size=6)
    sheet.text(400, 100, "12,345")
    sheet.text(LEFT, 114, "Equity")
    assert texts_of(sheet.bytes()) == ["Net debt (1) 12,345", "Equity"]


def test_two_columns_of_prose_are_read_one_after_the_other() -> None:
    left = [f"left sentence number {k} goes on and on" for k in range(8)]
    right = [f"right sentence number {k} goes on and on" for k in range(8)]
    sheet = Sheet()
    for x, column in ((LEFT, left), (320.0, right)):
        for k, text in enumerate(column):
            sheet.text(x, 100 + 14 * k, text)
    assert texts_of(sheet.bytes()) == left + right


def test_the_rows_of_a_table_are_not_taken_for_two_columns_of_prose() -> None:
    sheet = Sheet()
    for k in range(8):
        sheet.row(f"Total net amount of the item number {k}", f"{k},100", f"{k},200", ends=(440, 530))
    assert texts_of(sheet.bytes()) == [f"Total net amount of the item number {k} {k},100 {k},200" for k in range(8)]


def test_columns_drawn_one_after_the_other_become_rows() -> None:
    sheet = Sheet()
    for k, label in enumerate(("Cash", "Inventories", "Goodwill", "Other")):
        sheet.text(LEFT, 100 + 14 * k, label)
    for end, values in ((440, "1,001 2,001 3,001 4,001"), (530, "1,002 2,002 3,002 4,002")):
        for k, value in enumerate(values.split()):
            sheet.text(end, 100 + 14 * k, value, align="right")
    assert texts_of(sheet.bytes()) == [
        "Cash 1,001 1,002",
        "Inventories 2,001 2,002",
        "Goodwill 3,001 3,002",
        "Other 4,001 4,002",
    ]


def test_ligatures_and_soft_hyphens_are_written_out() -> None:
    sheet = Sheet()
    sheet.text(LEFT, 100, "first-quarter")
    assert texts_of(sheet.bytes()) == ["first-quarter"]


def test_the_bounding_box_is_the_smallest_around_all() -> None:
    assert bounding_box([(1, 2, 3, 4), (0, 3, 2, 9)]) == (0, 2, 3, 9)
