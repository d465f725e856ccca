from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image, ImageChops

from assistant.answer import Answer
from assistant.cli.showing import show_page
from assistant.overlay import CONCEPT, KINDS, LEGEND, PERIOD, PLAIN, SCALE, UNDATED, Reading
from assistant.show import (
    PageView,
    cited_page,
    file_page,
    filing_page,
    page_picture,
    reading_picture,
    save_picture,
    wrap_page,
)
from index.library import Library
from ingest.errors import DamagedFileError, FilingNotFoundError, UsageError
from ingest.filing import Filing, Table
from ingest.read import read_filing
from tests.assistant.desk import ANNUAL_HTML, ANNUAL_PDF, QUARTER_HTML, RELEASE, assistant, fill, no_embedder


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
    picture = page_picture(view)
    plain = page_picture(filing_page(own_library, ANNUAL_PDF, answer.citations[0].page))
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
    picture = page_picture(cited_page(own_library, "1"))
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
    marked = page_picture(cited_page(own_library, "1"))
    plain = page_picture(filing_page(own_library, QUARTER_HTML, answer.citations[0].page))
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
        assert page_picture(filing_page(library, "filing.pdf", 1)).size[0] > 0


def test_a_copy_that_was_damaged_is_told(own_library: Library) -> None:
    view = filing_page(own_library, ANNUAL_PDF, 14)
    own_library.file(view.filing_id).write_bytes(b"%PDF-1.7 nothing")
    with pytest.raises(DamagedFileError, match="remove the filing and add it again"):
        page_picture(view)


def test_a_picture_is_saved_as_png(tmp_path: Path) -> None:
    out = tmp_path / "page.png"
    save_picture(Image.new("RGB", (3, 2), "white"), out)
    with Image.open(out) as saved:
        assert (saved.format, saved.size) == ("PNG", (3, 2))
    with pytest.raises(UsageError, match="cannot write"):
        save_picture(Image.new("RGB", (3, 2)), tmp_path / "no" / "page.png")
    assert is_paper((255, 255, 255))


# What was understood of a page


def reading_of(path: Path, number: int) -> tuple[PageView, Filing]:
    filing = read_filing(path)
    return file_page(filing, path, number), filing


def near(picture: Image.Image, box: tuple[float, ...], colour: tuple[int, int, int], top: int = 0) -> int:
    """How many pixels of exactly the colour lie within a few pixels of the box."""
    edges = [box[0] * SCALE - 6, box[1] * SCALE - 6 + top, box[2] * SCALE + 6, box[3] * SCALE + 6 + top]
    part = picture.crop([round(edge) for edge in edges])  # type: ignore[arg-type]
    return sum(count for count, found in part.getcolors(10**6) or [] if found == colour)


def income(filing: Filing) -> Table:
    return next(table for table in filing.tables if table.statement == "income")


def test_every_fact_is_boxed_where_it_stands(examples: list[Path]) -> None:
    path = next(path for path in examples if path.name == ANNUAL_PDF)
    number = income(read_filing(path)).first_page + 1
    view, filing = reading_of(path, number)
    picture = reading_picture(view, filing.tables, filing.facts)
    plain = page_picture(view)
    assert picture.size[0] > plain.size[0]
    assert picture.size[1] == plain.size[1] + LEGEND
    facts = [fact for fact in filing.facts if fact.span.page == view.page.index]
    assert len(facts) > 10
    for fact in facts:
        assert fact.span.box is not None
        colour = CONCEPT.colour if fact.concept else PLAIN.colour
        assert near(picture, fact.span.box, colour, LEGEND) > 40, fact.label
        assert near(plain, fact.span.box, colour) == 0
    periods = [colour for count, colour in picture.getcolors(10**6) or [] if colour == PERIOD.colour and count > 200]
    assert periods


def test_a_number_without_a_period_is_told_apart(tmp_path: Path) -> None:
    figures = {"Net sales": 100, "Costs": 60, "Profit": 40}
    rows = "".join(f"<tr><td>{label}</td><td>{figure}</td></tr>" for label, figure in figures.items())
    path = tmp_path / "a.htm"
    path.write_text(f"<html><body><table>{rows}</table></body></html>", encoding="utf-8")
    view, filing = reading_of(path, 1)
    reading = Reading.of(view.page, filing.tables, filing.facts)
    assert reading.counts()[UNDATED.name] == 3
    assert reading.counts()[CONCEPT.name] == 0
    picture = reading_picture(view, filing.tables, filing.facts)
    assert UNDATED.colour in [colour for _, colour in picture.getcolors(10**6) or []]


def test_the_text_of_a_page_is_marked_too(examples: list[Path]) -> None:
    path = next(path for path in examples if path.name == QUARTER_HTML)
    number = income(read_filing(path)).first_page + 1
    view, filing = reading_of(path, number)
    picture = reading_picture(view, filing.tables, filing.facts)
    colours = {colour: count for count, colour in picture.getcolors(10**6) or []}
    assert colours[CONCEPT.colour] > 1000
    assert colours[CONCEPT.pale] > 1000
    assert colours[PERIOD.colour] > 50


def test_kinds_are_told_apart_by_their_colours() -> None:
    assert len({kind.colour for kind in KINDS}) == len({kind.name for kind in KINDS}) == len(KINDS)


def test_pages_of_a_file_are_counted_from_1(examples: list[Path]) -> None:
    filing = read_filing(examples[0])
    for number in (0, len(filing.pages) + 1):
        with pytest.raises(UsageError, match=f"has pages 1 to {len(filing.pages)}, not {number}"):
            file_page(filing, examples[0], number)


def test_the_verb_draws_a_file_and_a_filing_of_the_library(
    examples: list[Path], own_library: Library, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = next(path for path in examples if path.name == RELEASE)
    for target in (str(path), RELEASE):
        out = tmp_path / "page.png"
        assert show_page(target, 2, out, True, own_library.directory) == 0
        assert capsys.readouterr().out.startswith(f"{out}: {RELEASE}, page 2")
        with Image.open(out) as picture:
            assert CONCEPT.colour in [colour for _, colour in picture.getcolors(10**6) or []]
            sizes = picture.size
        out.unlink()
    assert sizes[0] > sizes[1] * 0.5
    with pytest.raises(UsageError, match="--png"):
        show_page(RELEASE, 2, None, True, own_library.directory)
