from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from ingest.filing import Cell, Column, Identity, Line, Page, Passage, Period, Row, Section, Span, Table
from ingest.passages import (
    PASSAGE_TOKENS,
    TABLE_ROWS,
    context_line,
    embedding_text,
    estimated_tokens,
    make_passages,
    render_rows,
)

IDENTITY = Identity(company="Northfield", form="10-K", fiscal_year=2018)
YEAR = Period(date(2018, 12, 31), 12, fiscal_year=2018)


def page(lines: list[str], index: int = 0, label: str | None = None) -> Page:
    placed, position = [], 0
    for k, line in enumerate(lines):
        placed.append(Line(line, (position, position + len(line)), (50.0, 20.0 * k, 500.0, 20.0 * k + 10)))
        position += len(line) + 1
    return Page(index, label, "\n".join(lines), tuple(placed), 612.0, 792.0)


def table_on(where: Page, first: int, count: int) -> Table:
    """A table whose rows are ``count`` lines of the page from ``first``, each "label value"."""
    rows = []
    for line in where.lines[first : first + count]:
        label, _, value = line.text.rpartition(" ")
        span = Span(where.index, where.label, line.box, None, line.chars)
        rows.append(Row(label, 0, (), (Cell(0, value, Decimal(1), 6, "USD", YEAR, span),), span))
    columns = (Column(0, ("2018",), YEAR),)
    return Table("t1", "Sales by area", None, columns, tuple(rows), 6, "USD", "(Millions)", where.index, where.index)


def passages(
    where: Page, tables: tuple[Table, ...] = (), filing: str = "a" * 64, sections: tuple[Section, ...] = ()
) -> tuple[Passage, ...]:
    return make_passages(filing, IDENTITY, [where], sections, tables)


def test_prose_is_kept_within_its_size_and_nothing_is_lost() -> None:
    lines = [f"Sentence number {k} of this text has nine words." for k in range(60)]
    found = passages(page(lines))
    assert len(found) > 2
    assert all(estimated_tokens(f"{passage.context}\n{passage.text}") <= PASSAGE_TOKENS for passage in found)
    assert " ".join(passage.text for passage in found) == " ".join(lines)
    assert all(passage.text.endswith(".") for passage in found)


def test_spans_give_the_passage_back() -> None:
    where = page([f"Sentence number {k} of this text has nine words." for k in range(60)], label="iv")
    for passage in passages(where):
        assert passage.span.chars is not None
        assert where.text[slice(*passage.span.chars)].split() == passage.text.split()
        assert passage.span.page_label == "iv"
        assert passage.span.box is not None
        assert passage.span.box[1] < passage.span.box[3]


def test_page_numbers_and_running_heads_are_no_passages() -> None:
    assert passages(page(["57"])) == ()


def test_a_table_is_its_own_passage_with_title_scale_and_heads() -> None:
    where = page(["Words before the table, of which there are enough.", "Asia 1,100", "Europe 2,100"])
    prose, table = passages(where, (table_on(where, 1, 2),))
    assert (prose.kind, prose.text) == ("prose", "Words before the table, of which there are enough.")
    assert (table.kind, table.table, table.rows) == ("table", "t1", (0, 2))
    assert table.text.split("\n") == [
        "Sales by area",
        "(Millions)",
        "Columns: FY2018 (year ended 2018-12-31)",
        "Asia: 1,100",
        "Europe: 2,100",
    ]
    assert table.span.chars == (where.lines[1].chars[0], where.lines[2].chars[1])


def test_a_long_table_repeats_its_head_on_every_split() -> None:
    where = page([f"Area {k} 1,{k}00" for k in range(2 * TABLE_ROWS + 3)])
    found = passages(where, (table_on(where, 0, 2 * TABLE_ROWS + 3),))
    assert [passage.rows for passage in found] == [(0, TABLE_ROWS), (TABLE_ROWS, 2 * TABLE_ROWS), (28, 31)]
    assert all(passage.text.startswith("Sales by area\n(Millions)\nColumns: ") for passage in found)


def test_ids_depend_on_content_and_place_only() -> None:
    where = page(["Words of a passage that is long enough to be one."])
    (first,), (again,), (elsewhere,) = passages(where), passages(where), passages(where, filing="b" * 64)
    assert first == again
    assert first.id != elsewhere.id
    (other,) = passages(page(["Words of a passage that is long enough to be two."]))
    assert other.id != first.id


def test_the_context_says_who_when_and_where() -> None:
    where = page(["x"], index=59, label="58")
    quarter = Identity(company="Northfield", form="10-Q", fiscal_year=2023, fiscal_quarter=2)
    assert (
        context_line(IDENTITY, ("Item 8", "Note 3"), where) == "Northfield 10-K FY2018 | Item 8 > Note 3 | page 60 (58)"
    )
    assert context_line(quarter, (), page(["x"])) == "Northfield 10-Q FY2023 Q2 | page 1"
    assert context_line(Identity(), (), page(["x"], label="1")) == "page 1"


def test_a_passage_knows_its_section() -> None:
    sections = (Section("Item 7. Discussion", "item", "7", 0, 0),)
    (passage,) = passages(page(["Words of a passage that is long enough to be one."]), sections=sections)
    assert passage.section == "Item 7. Discussion"
    assert "Item 7. Discussion" in passage.context


def test_a_heading_has_no_values() -> None:
    where = page(["Assets:", "Cash 12"])
    table = table_on(where, 1, 1)
    heading = Row("Assets:", 0, (), (), Span(0))
    rows = Table(**{name: getattr(table, name) for name in Table.__slots__} | {"rows": (heading, *table.rows)})
    assert render_rows(rows, 0, 2).split("\n")[-2:] == ["Assets:", "Cash: 12"]


def test_a_paragraph_longer_than_a_passage_is_cut_after_sentences() -> None:
    sentences = [f"Sentence number {k} of this paragraph has ten words in it." for k in range(60)]
    where = page([" ".join(sentences)])
    found = passages(where)
    assert len(found) > 2
    assert " ".join(passage.text for passage in found) == where.text
    assert all(passage.text.startswith("Sentence") and passage.text.endswith(".") for passage in found)
    for passage in found:
        assert passage.span.chars is not None
        assert where.text[slice(*passage.span.chars)] == passage.text


def test_a_paragraph_without_sentences_is_cut_between_words() -> None:
    where = page([" ".join(["word"] * 900)])
    found = passages(where)
    assert " ".join(passage.text for passage in found) == where.text
    assert all(estimated_tokens(f"{passage.context}\n{passage.text}") <= PASSAGE_TOKENS for passage in found)


def test_the_estimate_of_tokens_follows_words_digits_and_marks() -> None:
    assert estimated_tokens("Net sales of $1,577 million") == 3 + 1 + 1 + 1 + 1 + 1
    assert estimated_tokens("uncollateralized") == 3
    assert estimated_tokens("") == 0


def test_a_value_without_neighbours_stays_in_its_column() -> None:
    where = page(["Asia 7"])
    table = table_on(where, 0, 1)
    columns = (Column(0, ("2017",), None), Column(1, ("2018",), YEAR), Column(2, ("2019",), None))
    row = replace(table.rows[0], cells=(replace(table.rows[0].cells[0], column=1),))
    assert render_rows(replace(table, columns=columns, rows=(row,)), 0, 1).split("\n")[-1] == "Asia:  | 7"


def test_a_split_repeats_the_headings_of_its_first_row() -> None:
    where = page([f"Area {k} 1,{k}00" for k in range(TABLE_ROWS + 2)])
    table = table_on(where, 0, TABLE_ROWS + 2)
    rows = tuple(replace(row, path=("Sales:", "Abroad:")) for row in table.rows)
    first, second = passages(where, (replace(table, rows=rows),))
    assert "Abroad" not in first.text
    assert "Sales: > Abroad:" in second.text.split("\n")


def test_a_table_of_long_labels_is_split_before_it_has_too_many_tokens() -> None:
    where = page([f"{'A long label of many words ' * 8}number {k} 1,{k}00" for k in range(8)])
    found = passages(where, (table_on(where, 0, 8),))
    assert len(found) > 1
    assert all(estimated_tokens(embedding_text(passage)) <= PASSAGE_TOKENS for passage in found)
    assert [passage.rows[0] for passage in found if passage.rows][1:] == [p.rows[1] for p in found if p.rows][:-1]


def test_passages_follow_the_section_that_begins_within_a_page() -> None:
    first, second = "The words of the first item, which are enough.", "The words of the second item, enough as well."
    sections = (
        Section("Item 1. Business", "item", "1", 0, 0, end=len(first) + 1),
        Section("Item 2. Properties", "item", "2", 0, 0, start=len(first) + 1),
    )
    found = passages(page([first, second]), sections=sections)
    assert [(p.section, p.text) for p in found] == [("Item 1. Business", first), ("Item 2. Properties", second)]
    assert ["Item 2" in p.context for p in found] == [False, True]


def test_columns_of_one_period_are_told_apart_by_what_is_printed() -> None:
    where = page(["Funds 7"])
    table = table_on(where, 0, 1)
    columns = (Column(0, ("2018", "Level 1"), YEAR), Column(1, ("2018", "Level 2"), YEAR), Column(2, ("Note",), None))
    heads = render_rows(replace(table, columns=columns), 0, 1).split("\n")[2]
    year = "FY2018 (year ended 2018-12-31)"
    assert heads == f"Columns: {year} (2018 Level 1) | {year} (2018 Level 2) | Note"
