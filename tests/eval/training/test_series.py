from random import Random

import pytest

from eval.training.augment import Sheet, questions_about
from eval.training.rows import read_rows
from eval.training.series import find_series
from model.contract import SheetLine
from model.program import Pointer, parse_program


def told(text: str) -> SheetLine:
    keys = tuple(word[:-1] for word in text.split() if word[0] == "n" and word[1:-1].isdigit() and word[-1] == ":")
    return SheetLine("E1", text, keys)


@pytest.mark.parametrize(
    ("text", "name", "figures"),
    [
        (
            "interest payments in 2011 , 2010 and 2009 totaled $ n1: 212 million , $ n2: 189 million and "
            "$ n3: 201 million , respectively .",
            "interest payments",
            (("2011", "n1"), ("2010", "n2"), ("2009", "n3")),
        ),
        (
            "we recognized rent expense of $ n1: 12 million and $ n2: 11 million for the years ended december 31 , "
            "2018 and 2017 , respectively .",
            "rent expense",
            (("2018", "n1"), ("2017", "n2")),
        ),
        (
            "the average interest rates for 2017 and 2016 were n1: 0.80% ( n2: 0.80 % ) and n3: 0.36% ( n4: 0.36 % ) , "
            "respectively .",
            "average interest rates",
            (("2017", "n1"), ("2016", "n3")),
        ),
        ("as of may 26 , 2019 , our lease liability was $ n1: 165.1 million .", "lease liability", (("2019", "n1"),)),
    ],
)
def test_a_sentence_tells_figures_of_years(text: str, name: str, figures: tuple[tuple[str, str], ...]) -> None:
    (series,) = find_series([told(text)])
    assert series.name == name
    assert series.figures == tuple((year, Pointer("E1", key)) for year, key in figures)


@pytest.mark.parametrize(
    "text",
    [
        "sales in 2011 and 2010 were $ n1: 5 million and $ n2: 6 million .",
        "sales in 2011 were n1: 32% ( n2: 32 % ) lower than in the year before .",
        "it was $ n1: 5 million in 2011 .",
        "sales in 2011 and 2010 were $ n1: 5 million , respectively .",
    ],
)
def test_a_sentence_that_leaves_it_open_which_figure_is_of_what_is_not_asked_for(text: str) -> None:
    assert find_series([told(text)]) == []


MATURITIES = (
    SheetLine("E1", "2008 | c2: $ 689", ("c2",)),
    SheetLine("E2", "2009 | c2: 542", ("c2",)),
    SheetLine("E3", "2010 | c2: 2014", ("c2",)),
    SheetLine("E4", "thereafter | c2: 4717", ("c2",)),
    SheetLine("E5", "total debt | c2: $ 5948", ("c2",)),
)


def test_what_falls_due_has_its_whole_and_a_dash_that_is_printed_as_2014_is_no_figure() -> None:
    (series,) = find_series(MATURITIES)
    assert series.name == "total debt"
    assert series.whole == Pointer("E5", "c2")
    assert [year for year, _ in series.figures] == ["2008", "2009"]
    asked = [e for seed in range(10) for e in questions_about(Sheet("m", MATURITIES, "g"), 5, Random(seed))]
    assert any(e.kind == "due" and e.program == "divide(value(E1[c2]), value(E5[c2]))" for e in asked)


def test_years_at_the_side_are_a_series_for_each_column_and_each_name() -> None:
    heads = ("shares", "average price")
    lines = (
        SheetLine("E1", "unvested at may 31 2014 | c2: 1,754 | c3: $ 22.72", ("c2", "c3"), heads),
        SheetLine("E2", "granted | c2: 954 | c3: 36.21", ("c2", "c3"), heads),
        SheetLine("E3", "unvested at may 31 2015 | c2: 1,848 | c3: $ 28.97", ("c2", "c3"), heads),
    )
    series = {each.name: each.figures for each in find_series(lines)}
    assert series == {
        "unvested shares": (("2014", Pointer("E1", "c2")), ("2015", Pointer("E3", "c2"))),
        "unvested average price": (("2014", Pointer("E1", "c3")), ("2015", Pointer("E3", "c3"))),
    }
    asked = [e for seed in range(10) for e in questions_about(Sheet("m", lines, "g"), 8, Random(seed))]
    assert {e.program for e in asked if e.kind == "worth"} == {"multiply(value(E2[c2]), value(E2[c3]))"}
    for example in asked:
        if example.kind == "growth":
            assert "E3" in str(parse_program(example.program)).split(",")[0]


def test_columns_of_changes_and_totals_are_not_added_up_with_others() -> None:
    text = "net sales | 2018: 5 | 2017: 4 | c3: 1 | c4: 25%"
    line = SheetLine("E1", text, ("2018", "2017", "c3", "c4"), ("", "", "change", "%"))
    (row,) = read_rows([line])
    assert {tuple(row.alike_columns(Random(seed))) for seed in range(20)} == {("2017", "2018")}
    assert not row.starts_with_hundred
    index = SheetLine("E1", "ball corp | 2016: $ 100.00 | 2017: 110 | 2018: 90", ("2016", "2017", "2018"))
    assert next(read_rows([index])).starts_with_hundred


def test_a_figure_of_a_sentence_is_set_against_a_row_of_its_year() -> None:
    lines = (
        SheetLine("E1", "net sales | 2018: 100 | 2017: 90", ("2018", "2017")),
        SheetLine("E2", "rent expense for 2018 and 2017 was $ n1: 5 and $ n2: 4 , respectively .", ("n1", "n2")),
    )
    asked = [e for seed in range(20) for e in questions_about(Sheet("m", lines, "g"), 8, Random(seed))]
    shares = {e.program: e.question for e in asked if e.kind == "divide" and "E2" in e.program}
    assert set(shares) == {"divide(value(E2[n1]), value(E1[2018]))", "divide(value(E2[n2]), value(E1[2017]))"}
    assert "2018" in shares["divide(value(E2[n1]), value(E1[2018]))"]
