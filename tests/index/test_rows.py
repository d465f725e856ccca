from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest

from index.rows import matching_cells, row_words, tells_sides_apart
from ingest.filing import Cell, Column, Period, Row, Span, Statement, Table
from ingest.vocabulary import built_in_vocabulary

VOCABULARY = built_in_vocabulary()
REVENUE = VOCABULARY.concepts["revenue"]
YEAR = Period(date(2023, 12, 31), 12, date(2023, 1, 1), 2023)
SPAN = Span(0)
Line = tuple[str, Sequence[str], Sequence[str]]


def table(
    lines: Sequence[Line], *, heads: Sequence[str] = ("2023",), title: str = "", statement: Statement | None = None
) -> Table:
    """A table whose lines are (label, headings, figures as printed)."""
    rows = []
    for label, path, texts in lines:
        cells = [
            Cell(i, text, Decimal(text) if text.isdigit() else None, 6, "USD", YEAR, SPAN)
            for i, text in enumerate(texts)
        ]
        rows.append(Row(label, 0, tuple(path), tuple(cells), SPAN))
    columns = tuple(Column(i, (head,), YEAR) for i, head in enumerate(heads))
    return Table("t1", title, statement, columns, tuple(rows), 6, "USD", None, 0, 0)


def found(
    made: Table, words: Sequence[str], question: str, *, measured: bool = True, about: str = ""
) -> list[tuple[str, str, bool, str]]:
    wanted = row_words(words, REVENUE if measured else None, question)
    cells = matching_cells(made, wanted, VOCABULARY, lambda _: about, lambda cell: cell.period == YEAR)
    return [(hit.row.label, hit.cell.text, hit.exact, hit.stated) for hit in cells]


def test_a_row_is_of_the_measure_that_its_heading_names() -> None:
    made = table([("Widgets", ["Net sales:"], ["7"]), ("Widgets", ["Cost of sales:"], ["4"])])
    assert found(made, ["widgets"], "What was revenue from widgets?") == [("Widgets", "7", True, "row")]


def test_a_row_is_of_the_measure_that_its_total_names() -> None:
    made = table([("Widgets", [], ["7"]), ("Gadgets", [], ["2"]), ("Total net sales", [], ["9"])])
    assert found(made, ["widgets"], "revenue from widgets") == [("Widgets", "7", True, "total")]
    assert found(made, ["gizmos"], "revenue from gizmos") == []


@pytest.mark.parametrize(
    ("title", "about", "stated"),
    [
        ("Revenue by product", "", True),
        ("", "Net sales by product were as follows:", True),
        ("Increase in revenue by product", "", False),
        ("Deferred revenue by product", "", False),
        ("Note 7", "Depreciation by product is as follows:", False),
    ],
)
def test_a_title_counts_where_it_speaks_of_the_measure_alone(title: str, about: str, stated: bool) -> None:
    made = table([("Widgets", [], ["7"]), ("Consolidated", [], ["9"])], title=title)
    assert found(made, ["widgets"], "revenue from widgets", about=about) == (
        [("Widgets", "7", True, "title")] if stated else []
    )


def test_a_row_that_says_more_than_the_question_is_only_near() -> None:
    made = table([("Widgets in Norway", ["Net sales"], ["7"]), ("Other widgets", ["Net sales"], ["3"])])
    assert [hit[2] for hit in found(made, ["widgets"], "revenue from widgets")] == [False, False]
    assert [hit[2] for hit in found(made, ["other", "widgets"], "revenue from other widgets")] == [True]


def test_a_part_in_the_head_of_a_column_is_part_of_what_is_said() -> None:
    made = table([("Net sales", [], ["7", "9"])], heads=("Widgets", "Total"))
    assert found(made, ["widgets"], "revenue from widgets") == [("Net sales", "7", True, "row")]


def test_a_label_over_several_lines_names_none_of_them() -> None:
    lines: list[Line] = [("", [], ["", "3"]), ("Widgets", [], ["Intl.", "5"]), ("", [], ["", "8"])]
    made = table(lines, heads=("Revenue", "2023"))
    assert [hit[2] for hit in found(made, ["widgets"], "revenue from widgets")] in ([], [False])


def test_a_line_without_a_name_counts_in_a_statement_and_not_in_any_list_of_parts() -> None:
    lines: list[Line] = [("Fulfillment robots", ["Operating expenses"], ["7"]), ("Total", [], ["9"])]
    question = "What were fulfillment robots?"
    words = ["fulfillment", "robots"]
    statement = table(lines, statement="income")
    assert found(statement, words, question, measured=False) == [("Fulfillment robots", "7", True, "row")]
    assert found(table(lines), words, question, measured=False) == []


def test_amounts_with_outsiders_and_within_the_company_are_told_apart() -> None:
    made = table(
        [("External revenues", [], ["7"]), ("Intersegment revenues", [], ["2"]), ("Total revenues", [], ["9"])]
    )
    assert tells_sides_apart(made, 0)
    assert not tells_sides_apart(table([("Net sales", [], ["7"])]), 0)
