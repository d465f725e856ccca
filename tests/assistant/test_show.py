from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image, ImageChops

from assistant.answer import Answer
from assistant.show import SCALE, cited_page, filing_page, page_picture, save_picture, wrap_page
from index.library import Library
from ingest.errors import DamagedFileError, FilingNotFoundError, UsageError
from tests.assistant.desk import ANNUAL_HTML, ANNUAL_PDF, QUARTER_HTML, assistant, fill, no_embedder


def ask(question: str, library: Library) -> Answer:
    return assistant(library, None, no_embedder).ask(question).answer


def is_paper(colour: tuple[int, ...]) -> bool:
    return min(colour) > 245


def is_mark(colour: tuple[int, ...]) -> bool:
    """The translucent yellow of a marked box: red and green high, blue lower."""
    red, green, blue = colour[:3]
    return red > 235 and green > 220 and blue < red - 30


def test_the_mark_lies_where_the_box_is(own_library: Library) -> None:
    answer = ask("What was Orrindale's revenue in FY2024?", own_library)
    box = answer.citations[0].box
    assert box is not None
    view = cited_page(own_library, "1")
    picture = page_picture(own_library, view)
    plain = page_picture(own_library, filing_page(own_library, ANNUAL_PDF, answer.citations[0].page))
    assert picture.size == plain.size == (round(view.page.width * SCALE), round(view.page.height * SCALE))
    changed = ImageChops.difference(picture, plain).getbbox()
    assert changed is not None
    left, top, right, bottom = (edge / SCALE for edge in changed)
    # The frame stands two points around the box, and its line is three pixels wide.
    for found, wanted, side in ((left, box[0], -1), (top, box[1], -1), (right, box[2], 1), (bottom, box[3], 1)):
        assert 0 < (found - wanted) * side < 5
    inside = [
        picture.getpixel((round(x * SCALE), round((box[1] - 1) * SCALE))) for x in (box[0] + 1, (box[0] + box[2]) / 2)
    ]
    assert all(isinstance(colour, tuple) and is_mark(colour) for colour in inside)


def test_what_is_marked_stays_readable(own_library: Library) -> None:
    answer = ask("What was Orrindale's revenue in FY2024?", own_library)
    box = answer.citations[0].box
    assert box is not None
    picture = page_picture(own_library, cited_page(own_library, "1"))
    part = picture.crop(tuple(round(edge * SCALE) for edge in box)).convert("L")  # type: ignore[arg-type]
    darkest, lightest = part.getextrema()
    assert isinstance(darkest, int | float)
    assert isinstance(lightest, int | float)
    assert darkest < 90
    assert lightest > 200


def test_a_page_of_a_filing_has_no_marks(own_library: Library) -> None:
    view = filing_page(own_library, "orrindale_2024_10K.pdf", 14)
    assert view.marks == ()
    assert view.title.startswith(f"{ANNUAL_PDF}, page 14")
    assert [marked for _, _, marked in wrap_page(view, 80) if marked] == []


def test_a_page_with_another_printed_label_says_it(own_library: Library) -> None:
    view = filing_page(own_library, QUARTER_HTML, 3)
    label = view.page.label
    assert view.title == f"{QUARTER_HTML}, page 3" + (f" (printed {label})" if label not in (None, "3") else "")


def test_the_line_of_a_footnote_is_marked_in_the_text(own_library: Library) -> None:
    ask("What was Marrowby's revenue in Q2 2024?", own_library)
    view = cited_page(own_library, "1")
    marked = [text for text, _, is_marked in wrap_page(view, 200) if is_marked]
    assert len(marked) == 1
    assert "245,059" in marked[0]
    assert marked[0].startswith("Net sales")


def test_long_lines_are_cut_and_all_pieces_marked(own_library: Library) -> None:
    ask("What was Marrowby's revenue in Q2 2024?", own_library)
    view = cited_page(own_library, "1")
    rows = wrap_page(view, 40)
    assert all(len(text) <= 40 for text, _, _ in rows)
    assert sum(marked for _, _, marked in rows) >= 1
    whole = "".join("".join(line.text.split()) for line in view.page.lines)
    assert "".join("".join(text.split()) for text, _, _ in rows) == whole


def test_the_picture_of_a_text_has_the_mark(own_library: Library) -> None:
    answer = ask("What was Marrowby's revenue in Q2 2024?", own_library)
    marked = page_picture(own_library, cited_page(own_library, "1"))
    plain = page_picture(own_library, filing_page(own_library, QUARTER_HTML, answer.citations[0].page))
    assert marked.size == plain.size
    yellow = [colour for _, colour in marked.getcolors(10**6) or [] if isinstance(colour, tuple) and is_mark(colour)]
    assert yellow != []
    assert [c for _, c in plain.getcolors(10**6) or [] if isinstance(c, tuple) and is_mark(c)] == []


def test_several_citations_of_one_line_are_marked_together(own_library: Library) -> None:
    ask("How much did Orrindale's revenue grow in FY2024?", own_library)
    assert len(cited_page(own_library, "E1").marks) == 2
    assert len(cited_page(own_library, "1").marks) == 1
    assert cited_page(own_library, "[2]").marks != cited_page(own_library, "[1]").marks
    assert cited_page(own_library, "e1") == cited_page(own_library, "E1")


@pytest.mark.parametrize("target", ["2", "0", "-1", "E9", "²", "", "first", "1.0"])
def test_a_footnote_that_is_not_there(target: str, own_library: Library) -> None:
    ask("What was Orrindale's revenue in FY2024?", own_library)
    with pytest.raises(UsageError) as caught:
        cited_page(own_library, target)
    assert str(caught.value) == f"the latest answer has no citation {target}: it has 1 (E1)"


def test_an_answer_without_citations_has_none_to_show(own_library: Library) -> None:
    ask("What was Zenith's revenue in FY2024?", own_library)
    with pytest.raises(UsageError, match="it has none"):
        cited_page(own_library, "1")


def test_before_the_first_question(own_library: Library) -> None:
    with pytest.raises(UsageError, match="nothing was asked yet"):
        cited_page(own_library, "1")


@pytest.mark.parametrize("number", [0, -1, 30])
def test_a_page_that_is_not_there(number: int, own_library: Library) -> None:
    with pytest.raises(UsageError, match=f"has pages 1 to 29, not {number}"):
        filing_page(own_library, ANNUAL_PDF, number)


def test_a_filing_that_is_not_there(own_library: Library) -> None:
    with pytest.raises(FilingNotFoundError):
        filing_page(own_library, "zenith.pdf", 1)


def test_a_filing_that_was_removed_after_the_answer(own_library: Library) -> None:
    answer = ask("What was Marrowby's revenue in Q2 2024?", own_library)
    own_library.remove(answer.citations[0].filing)
    with pytest.raises(FilingNotFoundError):
        cited_page(own_library, "1")


def test_the_picture_is_of_what_the_file_is_and_not_of_its_name(examples: list[Path], tmp_path: Path) -> None:
    html = next(path for path in examples if path.name == ANNUAL_HTML)
    misnamed = tmp_path / "filing.pdf"
    misnamed.write_bytes(html.read_bytes())
    with Library.open(tmp_path / "library", create=True) as library:
        fill(library, [misnamed])
        assert page_picture(library, filing_page(library, "filing.pdf", 1)).size[0] > 0


def test_a_copy_that_was_damaged_is_told(own_library: Library) -> None:
    view = filing_page(own_library, ANNUAL_PDF, 14)
    own_library.file(view.filing_id).write_bytes(b"%PDF-1.7 nothing")
    with pytest.raises(DamagedFileError, match="remove the filing and add it again"):
        page_picture(own_library, view)


def test_a_picture_is_saved_as_png(tmp_path: Path) -> None:
    out = tmp_path / "page.png"
    save_picture(Image.new("RGB", (3, 2), "white"), out)
    with Image.open(out) as saved:
        assert (saved.format, saved.size) == ("PNG", (3, 2))
    with pytest.raises(UsageError, match="cannot write"):
        save_picture(Image.new("RGB", (3, 2)), tmp_path / "no" / "page.png")
    assert is_paper((255, 255, 255))
