"""Running heads and feet are set aside, broken words made whole, and unnamed ligatures told by their words."""

from __future__ import annotations

import pytest

from ingest.filing import Line, Page
from ingest.pdf.hyphens import mend_hyphens
from ingest.pdf.ligatures import UNKNOWN, restore
from ingest.pdf.margins import set_margins_aside
from tests.ingest.pdfs import LEFT, TWO, WIDTH, Sheet, document, filing


def page(index: int, *texts: str) -> Page:
    lines, position = [], 0
    for number, text in enumerate(texts):
        top = 60.0 + 14 * number
        lines.append(Line(text, (position, position + len(text)), (50.0, top, 50.0 + 5 * len(text), top + 10)))
        position += len(text) + 1
    return Page(index, None, "\n".join(texts), tuple(lines), 612.0, 792.0)


def asides(pages: tuple[Page, ...]) -> list[str]:
    return [line.text for page in pages for line in page.lines if line.aside]


def test_running_heads_and_page_numbers_are_set_aside_but_stay_on_the_page() -> None:
    def draw(sheet: Sheet) -> None:
        for number in range(1, 5):
            sheet.text(LEFT, 40, "Table of Contents")
            sheet.y = 100
            sheet.line(f"The plant in harbour {number} was opened in the spring and makes instruments for ships.")
            sheet.text(WIDTH / 2, 750, str(number), align="centre")
            sheet.next_page()

    read = filing(draw, with_cover=False)
    assert all(page.text.startswith("Table of Contents\n") for page in read.pages)
    assert asides(read.pages) == [text for n in range(1, 5) for text in ("Table of Contents", str(n))]
    assert len(read.passages) == 4
    assert all("Contents" not in passage.text for passage in read.passages)


def test_a_foot_whose_number_counts_the_pages_is_set_aside_wherever_a_page_ends() -> None:
    pages = tuple(
        page(
            index,
            f"Words that begin page {'abcd'[index]}.",
            *["More of it."] * index,
            f"Northfield Inc. | 2018 Form 10-K | {index + 7}",
        )
        for index in range(4)
    )
    assert asides(set_margins_aside(pages)) == [f"Northfield Inc. | 2018 Form 10-K | {n}" for n in range(7, 11)]


@pytest.mark.parametrize(
    "text",
    [
        "Consolidated Balance Sheets",
        "As of December 31, 2018",
        "Total assets $ 1,200",
        "2018 2017 2016",
        "(in millions)",
    ],
)
def test_what_a_long_table_repeats_is_not_set_aside(text: str) -> None:
    pages = tuple(
        page(index, text, "A sentence that is no head.", f"Words that end page {'abcd'[index]}.") for index in range(4)
    )
    assert asides(set_margins_aside(pages)) == []


def test_a_title_on_two_pages_is_no_running_head() -> None:
    assert asides(set_margins_aside((page(0, "Risk Factors", "One."), page(1, "Risk Factors", "Two.")))) == []


def test_a_broken_word_is_whole_in_the_text_and_in_the_passage() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.line("The company announced plans, and said so in an announcement.")
        sheet.line("It is financed by loans of banks; the announce-")
        sheet.line("ment of new ones was made in June, with long-")
        sheet.line("term notes and a revolving credit of five years.")

    read = filing(draw, with_cover=False)
    assert read.pages[0].text.split("\n")[1:] == [
        "It is financed by loans of banks; the announcement",
        "of new ones was made in June, with long-term",
        "notes and a revolving credit of five years.",
    ]
    assert all(read.pages[0].text[slice(*line.chars)] == line.text for line in read.pages[0].lines)
    (passage,) = read.passages
    assert "the announcement of new ones" in passage.text
    assert "long-term notes" in passage.text


def test_labels_of_rows_and_list_marks_keep_their_hyphens() -> None:
    words = page(0, "longterm", "It was long-", "term, and Non-", "GAAP is another.")
    (mended,) = mend_hyphens([words], [[True, False, True, True]])
    assert mended is words


def test_a_hyphen_at_the_end_of_a_line_does_not_glue_two_lines() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.line("Loans held-for-")
        sheet.heads("2018", "2017", ends=TWO)
        sheet.row("Sales", "1,100", "1,200", ends=TWO)

    read = document(draw)
    assert [line.text for line in read.pages[0].lines] == ["Loans held-for-", "2018 2017", "Sales 1,100 1,200"]


@pytest.mark.parametrize(
    ("printed", "whole"),
    [
        ("?nancial", "financial"),
        ("O?cer,", "Officer,"),
        ("(Pro?t)", "(Profit)"),
        ("out?ows", "outflows"),
        ("E?ect", "Effect"),
        ("tax-a?ected", "tax-affected"),
        ("plain", "plain"),
    ],
)
def test_a_ligature_without_a_name_is_told_by_its_word(printed: str, whole: str) -> None:
    assert restore(printed.replace("?", UNKNOWN)) == whole


@pytest.mark.parametrize("printed", ["Xq?zu", "?", "???ce", "A?"])
def test_a_character_that_no_word_tells_stays_unknown(printed: str) -> None:
    assert restore(printed.replace("?", UNKNOWN)) == printed.replace("?", UNKNOWN)
