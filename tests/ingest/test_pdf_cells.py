from __future__ import annotations

import pytest

from ingest.pdf.cells import is_footnote_mark, split_cells
from ingest.pdf.words import PrintedLine, Word

ADVANCE = 5.0
BLANK = 2.5


def line(text: str) -> PrintedLine:
    """Words 10 points high; one blank is a plain one, each further one 20 points wide ("a   b" is a wide gap)."""
    words, x, position = [], 0.0, 0
    while position < len(text):
        blanks = len(text[position:]) - len(text[position:].lstrip(" "))
        x += 0 if not blanks else BLANK if blanks == 1 else 20.0 * (blanks - 1)
        position += blanks
        word = text[position:].split(" ")[0]
        if not word:
            break
        words.append(Word(word, (x, 0.0, x + ADVANCE * len(word), 10.0)))
        x += ADVANCE * len(word)
        position += len(word)
    return PrintedLine(tuple(words), (0.0, 0.0, x, 10.0))


def texts(text: str) -> list[str]:
    return [cell.text for cell in split_cells(line(text))]


@pytest.mark.parametrize(
    ("printed", "cells"),
    [
        ("Net sales   32,765   31,657", ["Net sales", "32,765", "31,657"]),
        ("Net sales   $   32,765   $   31,657", ["Net sales", "$32,765", "$31,657"]),
        ("Purchases   (1,577)   (1,373)", ["Purchases", "(1,577)", "(1,373)"]),
        ("Purchases   (1,577 )   (1,373 )", ["Purchases", "(1,577)", "(1,373)"]),
        ("Purchases   $   (1,577 )   $   (1,373 )", ["Purchases", "$(1,577)", "$(1,373)"]),
        ("Loss   $   ( 12 )", ["Loss", "$(12)"]),
        ("Margin   12.3   %   11.9   %", ["Margin", "12.3%", "11.9%"]),
        ("Margin   12.3 %   (1.9 )%", ["Margin", "12.3%", "(1.9)%"]),
        ("Other   —   12", ["Other", "—", "12"]),
        ("Other   $   —   $   12", ["Other", "$—", "$12"]),
        ("Growth   nm   12", ["Growth", "nm", "12"]),
        ("Notes due 2026   1,500   1,499", ["Notes due 2026", "1,500", "1,499"]),
        ("2018   2017   2016", ["2018", "2017", "2016"]),
        ("2018 2017 2016", ["2018", "2017", "2016"]),
        ("December 31, 2018   December 31, 2017", ["December 31, 2018", "December 31, 2017"]),
        ("16,682 16,055 15,118", ["16,682", "16,055", "15,118"]),
        ("(112) (134)", ["(112)", "(134)"]),
        ("Other income (expense), net   12   (34)", ["Other income (expense), net", "12", "(34)"]),
        ("Net revenue . . . . . . . .   $   1,577   1,373", ["Net revenue", "$1,577", "1,373"]),
        ("Net revenue...............   1,577   1,373", ["Net revenue", "1,577", "1,373"]),
        ("Net revenue   ..........   1,577   ....   1,373", ["Net revenue", "1,577", "1,373"]),
        ("Cost, etc.   12", ["Cost, etc.", "12"]),
        ("Sold   12   —   34", ["Sold", "12", "—", "34"]),
    ],
)
def test_a_line_is_cut_into_label_and_figures(printed: str, cells: list[str]) -> None:
    assert texts(printed) == cells


@pytest.mark.parametrize(
    ("printed", "cells"),
    [
        ("Backlog   1,577 (a)   1,600", ["Backlog", "1,577 (a)", "1,600"]),
        ("Backlog   1,577 (1)   1,600 (2)", ["Backlog", "1,577 (1)", "1,600 (2)"]),
        ("Backlog   (1,577) (a)", ["Backlog", "(1,577) (a)"]),
        ("Change   15   (3)", ["Change", "15", "(3)"]),
    ],
)
def test_a_footnote_mark_close_to_a_figure_belongs_to_it(printed: str, cells: list[str]) -> None:
    assert texts(printed) == cells


def test_ranges_give_the_words_back_and_boxes_their_place() -> None:
    printed = line("Purchases of PP&E   $   (1,577 )   $   (1,373 )")
    cells = split_cells(printed)
    assert [printed.text[slice(*cell.chars)] for cell in cells] == ["Purchases of PP&E", "$ (1,577 )", "$ (1,373 )"]
    for cell in cells:
        assert printed.box[0] <= cell.box[0] < cell.box[2] <= printed.box[2]
    first, second = cells[1], cells[2]
    assert first.box[2] < second.box[0]
    number = next(word for word in printed.words if word.text == "(1,577")
    assert first.box[0] == number.box[0], "the sign at the column's far left does not widen the column"


def test_figures_and_years_are_told() -> None:
    cells = split_cells(line("Sales   2018   12   nm   text"))
    assert [cell.is_figure for cell in cells] == [False, True, True, True, False]
    assert [cell.is_year for cell in cells] == [False, True, False, False, False]


def test_footnote_marks_are_told_from_figures() -> None:
    assert [is_footnote_mark(text) for text in ("(a)", "(1)", "1)", "a)", "(12)")] == [True] * 5
    assert [is_footnote_mark(text) for text in ("(123)", "12", "a", "(ab)", "(1,577)")] == [False] * 5
