from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from index.asked_periods import AskedPeriod
from index.figures import Figures, Wanted, agree, find_figures
from index.library import Library
from ingest.filing import Fact, Identity, Origin, Period, Span, Statement
from ingest.vocabulary import built_in_vocabulary
from tests.index.builders import WordEmbedder, build_filing, fixed_clock, write_source

VOCABULARY = built_in_vocabulary()
EMBEDDER = WordEmbedder()
REVENUE, ASSETS = "us-gaap:Revenues", "us-gaap:Assets"


def year(fiscal_year: int, months: int = 12) -> Period:
    return Period(date(fiscal_year, 12, 31), months, None, fiscal_year)


def quarter(fiscal_year: int, number: int, months: int = 3) -> Period:
    return Period(date(fiscal_year, 3 * number, 28), months, None, fiscal_year, number)


def fact(
    value: str,
    period: Period,
    *,
    concept: str = REVENUE,
    printed: str = "",
    scale: int = 6,
    unit: str | None = "USD",
    origin: Origin = "table",
    statement: Statement | None = "income",
    dimensions: tuple[tuple[str, str], ...] = (),
    row: int = 1,
    page: int = 0,
) -> Fact:
    span = Span(page, None, (1.0, 2.0, 3.0, 4.0), None, (0, 3))
    text = printed or f"{Decimal(value).scaleb(-scale):,f}"
    return Fact(
        "Net sales", concept, Decimal(value), unit, scale, period, span, origin, text, dimensions, statement, "t0", row
    )


@dataclass
class Shelf:
    """A library that filings of given facts are put into."""

    library: Library
    folder: Path
    count: int = 0

    def add(
        self,
        *facts: Fact,
        fiscal_year: int = 2023,
        fiscal_quarter: int | None = None,
        form: str = "10-K",
        company: str = "Acme Corp.",
    ) -> str:
        self.count += 1
        source = write_source(self.folder, f"f{self.count}.pdf", str(self.count))
        filing = build_filing(source)
        identity = Identity(company, None, None, form, fiscal_year, fiscal_quarter, date(fiscal_year, 12, 31))
        filing = replace(filing, identity=identity, facts=facts)
        self.library.add(filing, source, EMBEDDER.embed(["x"] * len(filing.passages)))
        return filing.source

    def find(self, *periods: AskedPeriod, concept: str = "revenue", company: str = "Acme Corporation") -> Figures:
        wanted = [Wanted(company, VOCABULARY.concepts[concept], period) for period in periods]
        return find_figures(self.library, self.library.filings(), wanted)


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    with Library.open(tmp_path / "lib", create=True, embedder=EMBEDDER, clock=fixed_clock) as library:
        yield Shelf(library, tmp_path)


def cells(figures: Figures) -> dict[str, tuple[str, Decimal]]:
    """Source and value of every figure, by its key."""
    return {cell.key: (line.source, cell.value) for line in figures.lines for cell in line.cells}


Y2021, Y2022, Y2023, Y2024 = (AskedPeriod(number) for number in (2021, 2022, 2023, 2024))


def test_of_several_years_the_filing_of_the_asked_one_speaks(shelf: Shelf) -> None:
    shelf.add(fact("100E6", year(2021)), fact("110E6", year(2022)), fiscal_year=2022)
    middle = shelf.add(fact("111E6", year(2022)), fact("120E6", year(2023)), fiscal_year=2023)
    shelf.add(fact("121E6", year(2023)), fact("130E6", year(2024)), fiscal_year=2024)
    assert cells(shelf.find(Y2023)) == {"2023": (middle, Decimal("120E6"))}


def test_figures_that_are_compared_come_from_one_filing(shelf: Shelf) -> None:
    shelf.add(fact("110E6", year(2022)), fiscal_year=2022)
    newest = shelf.add(fact("111E6", year(2022)), fact("120E6", year(2023)), fiscal_year=2023)
    found = shelf.find(Y2022, Y2023)
    assert cells(found) == {"2022": (newest, Decimal("111E6")), "2023": (newest, Decimal("120E6"))}
    assert len(found.lines) == 1
    assert [cell.key for cell in found.lines[0].cells] == ["2023", "2022"]


def test_the_nearest_filing_stands_in_where_the_year_has_none(shelf: Shelf) -> None:
    nearest = shelf.add(fact("100E6", year(2021)), fact("120E6", year(2023)), fiscal_year=2023)
    shelf.add(fact("101E6", year(2021)), fiscal_year=2025)
    assert cells(shelf.find(Y2021)) == {"2021": (nearest, Decimal("100E6"))}


def test_a_periodic_report_comes_before_an_earnings_release(shelf: Shelf) -> None:
    shelf.add(fact("120E6", year(2023)), form="earnings release")
    report = shelf.add(fact("120E6", year(2023)), form="10-K")
    assert cells(shelf.find(Y2023)) == {"2023": (report, Decimal("120E6"))}


def test_sources_that_do_not_agree_are_reported(shelf: Shelf) -> None:
    used = shelf.add(fact("120E6", year(2023)), fiscal_year=2023)
    other = shelf.add(fact("118E6", year(2023), page=1), fiscal_year=2024)
    found = shelf.find(Y2023)
    (conflict,) = found.conflicts
    assert (conflict.concept, conflict.key, conflict.company) == ("revenue", "2023", "Acme Corporation")
    assert conflict.used == f"120 in {used}, page 1"
    assert conflict.other == f"118 in {other}, page 2"


def test_values_that_agree_but_for_rounding_are_no_conflict(shelf: Shelf) -> None:
    shelf.add(fact("120.4E6", year(2023), printed="120.4"), fiscal_year=2023)
    shelf.add(fact("120E6", year(2023), printed="120"), fiscal_year=2024)
    shelf.add(fact("0.1E9", year(2023), printed="0.1", scale=9), fiscal_year=2025)
    assert shelf.find(Y2023).conflicts == ()


def test_another_element_of_the_same_concept_is_no_conflict(shelf: Shelf) -> None:
    """Revenue with and without assessed taxes are both revenue, and differ rightly."""
    other = "us-gaap:RevenueFromContractWithCustomerExcludingAssessedTax"
    shelf.add(fact("120E6", year(2023)), fact("118E6", year(2023), concept=other, row=2))
    found = shelf.find(Y2023)
    assert cells(found)["2023"][1] == Decimal("120E6")
    assert found.conflicts == ()


def test_the_most_precise_print_of_one_filing_is_used(shelf: Shelf) -> None:
    shelf.add(
        fact("120E6", year(2023), printed="120", row=1),
        fact("120412E3", year(2023), printed="120,412", scale=3, row=2),
    )
    (line,) = shelf.find(Y2023).lines
    assert (line.cells[0].printed, line.cells[0].scale) == ("120,412", 3)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (("120E6", "120", 6), ("120.4E6", "120.4", 6), True),
        (("120E6", "120", 6), ("120.5E6", "120.5", 6), True),
        (("120E6", "120", 6), ("120.6E6", "120.6", 6), False),
        (("1.2E9", "1.2", 9), ("1249E6", "1,249", 6), True),
        (("1.2E9", "1.2", 9), ("1251E6", "1,251", 6), False),
        (("-120E6", "(120)", 6), ("120E6", "120", 6), False),
        (("5.04", "5.04", 0), ("5.04", "5.04", 0), True),
        (("5.04", "5.04", 0), ("5.05", "5.05", 0), False),
    ],
)
def test_agreement_within_the_rounding_of_the_coarser(
    one: tuple[str, str, int], other: tuple[str, str, int], expected: bool
) -> None:
    first, second = (fact(value, year(2023), printed=text, scale=scale) for value, text, scale in (one, other))
    assert agree(first, second) is expected
    assert agree(second, first) is expected


def test_a_balance_is_an_instant_and_a_flow_lasts(shelf: Shelf) -> None:
    shelf.add(
        fact("7E6", year(2023), concept=ASSETS, statement="balance"),
        fact("900E6", year(2023, 0), concept=ASSETS, statement="balance"),
        fact("8E6", year(2023, 0)),
        fact("120E6", year(2023)),
    )
    assert cells(shelf.find(Y2023, concept="total_assets"))["2023"][1] == Decimal("900E6")
    assert cells(shelf.find(Y2023))["2023"][1] == Decimal("120E6")


def test_a_quarter_a_half_and_a_year_are_kept_apart(shelf: Shelf) -> None:
    shelf.add(
        fact("30E6", quarter(2023, 2)),
        fact("55E6", quarter(2023, 2, 6)),
        fact("120E6", year(2023)),
        fiscal_quarter=2,
        form="10-Q",
    )
    assert cells(shelf.find(AskedPeriod(2023, 2))) == {"2023Q2": ("f1.pdf", Decimal("30E6"))}
    assert cells(shelf.find(AskedPeriod(2023, 2, True))) == {"2023Q2YTD": ("f1.pdf", Decimal("55E6"))}
    assert cells(shelf.find(Y2023)) == {"2023": ("f1.pdf", Decimal("120E6"))}


def test_the_filing_of_the_quarter_comes_before_the_annual_one(shelf: Shelf) -> None:
    shelf.add(fact("31E6", quarter(2023, 2)), form="10-K")
    own = shelf.add(fact("30E6", quarter(2023, 2)), fiscal_quarter=2, form="10-Q")
    assert cells(shelf.find(AskedPeriod(2023, 2))) == {"2023Q2": (own, Decimal("30E6"))}


def test_a_part_of_the_company_is_not_the_company(shelf: Shelf) -> None:
    segment = (("us-gaap:StatementBusinessSegmentsAxis", "acme:WidgetsMember"),)
    shelf.add(
        fact("50E6", year(2023), origin="ixbrl", dimensions=segment),
        fact("60E6", year(2023), statement=None),
        fact("70E6", year(2023), statement="cash_flow"),
    )
    found = shelf.find(Y2023)
    assert found.lines == ()
    assert [(m.concept, m.period, m.company, m.elsewhere) for m in found.missing] == [
        ("revenue", "2023", "Acme Corporation", ())
    ]


def test_a_tagged_figure_counts_wherever_it_stands(shelf: Shelf) -> None:
    shelf.add(fact("120E6", year(2023), origin="ixbrl", statement=None))
    (line,) = shelf.find(Y2023).lines
    assert line.cells[0].tag == REVENUE


@pytest.mark.parametrize("unit", ["shares", "USD/shares", "pure", None])
def test_a_figure_of_another_kind_of_unit_is_not_meant(shelf: Shelf, unit: str | None) -> None:
    shelf.add(fact("120E6", year(2023), unit=unit))
    assert shelf.find(Y2023).lines == ()


def test_missing_figures_say_where_there_are_some(shelf: Shelf) -> None:
    shelf.add(fact("100E6", year(2022)), fact("120E6", year(2023)), fact("30E6", quarter(2023, 2)))
    (missing,) = shelf.find(Y2024).missing
    assert (missing.period, missing.elsewhere) == ("2024", ("2022", "2023"))
    (missing,) = shelf.find(AskedPeriod(2024, 2)).missing
    assert missing.elsewhere == ("2023Q2",)
    (missing,) = shelf.find(Y2024, concept="total_assets").missing
    assert missing.elsewhere == ()


def test_the_filings_of_another_company_have_no_say(shelf: Shelf) -> None:
    shelf.add(fact("999E6", year(2023)), company="Bolt Foods, Inc.")
    own = shelf.add(fact("120E6", year(2023)), company="ACME CORPORATION")
    found = shelf.find(Y2023, Y2022)
    assert cells(found) == {"2023": (own, Decimal("120E6"))}
    assert found.conflicts == ()


def test_a_line_is_found_however_its_filing_spells_the_company(shelf: Shelf) -> None:
    from index.evidence import Evidence, Search
    from index.query import understand

    shelf.add(fact("120E6", year(2023)), company="ACME CORPORATION")
    query = understand("Acme's revenue in FY2023", shelf.library.filings(), VOCABULARY)
    evidence = Evidence(query, shelf.find(Y2023).lines, Search(0, 0, ""))
    assert evidence.line_for("revenue", "2023", "Acme Corp.") is not None
    assert evidence.line_for("revenue", "2023", "Bolt") is None
    assert evidence.line_for("revenue", "2022", "Acme Corp.") is None


def test_the_order_of_adding_changes_nothing(tmp_path: Path) -> None:
    adds: list[Callable[[Shelf], str]] = [
        lambda shelf: shelf.add(fact("110E6", year(2022)), fiscal_year=2022),
        lambda shelf: shelf.add(fact("111E6", year(2022)), fact("120E6", year(2023)), fiscal_year=2023),
        lambda shelf: shelf.add(fact("121E6", year(2023)), fiscal_year=2024),
    ]
    answers = []
    for number, order in enumerate((adds, adds[::-1])):
        folder = tmp_path / str(number)
        folder.mkdir()
        with Library.open(folder / "lib", create=True, embedder=EMBEDDER, clock=fixed_clock) as library:
            shelf = Shelf(library, folder)
            for each in order:
                each(shelf)
            answers.append({key: value for key, (_, value) in cells(shelf.find(Y2022, Y2023)).items()})
    assert answers[0] == answers[1] == {"2022": Decimal("111E6"), "2023": Decimal("120E6")}


def test_filings_that_end_a_year_on_different_days_do_not_answer_for_each_other(shelf: Shelf) -> None:
    late = replace(year(2023), end=date(2024, 12, 31))
    first = shelf.add(fact("100", year(2023), scale=0))
    second = shelf.add(fact("200", late, scale=0))
    found = shelf.find(AskedPeriod(2023))
    (conflict,) = [each for each in found.conflicts if each.on_period]
    assert {first, second} == {conflict.used.split(" in ")[1], conflict.other.split(" in ")[1]}
    assert "ended 2023-12-31" in f"{conflict.used} ended {conflict.other}"


def test_a_year_of_weeks_may_end_a_few_days_apart(shelf: Shelf) -> None:
    shelf.add(fact("100", year(2023), scale=0))
    shelf.add(fact("100", replace(year(2023), end=date(2023, 12, 29)), scale=0))
    assert [each for each in shelf.find(AskedPeriod(2023)).conflicts if each.on_period] == []
