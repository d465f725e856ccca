from __future__ import annotations

from datetime import date
from decimal import Decimal

from ingest.facts import collect_facts
from ingest.filing import Cell, Column, Fact, Period, Row, Span, Statement, Table
from ingest.periods import FiscalCalendar
from ingest.vocabulary import built_in_vocabulary
from tests.ingest.pdfs import FOUR, THREE, TWO, Sheet, facts, filing, periods, row, the_table

YEAR = Period(date(2018, 12, 31), 12, fiscal_year=2018)
BEFORE = Period(date(2017, 12, 31), 12, fiscal_year=2017)


def table_of(
    label: str,
    *printed: tuple[str, str, str | None],
    statement: Statement | None = "income",
    heads: tuple[tuple[str, ...], ...] = (("2018",), ("2017",)),
    path: tuple[str, ...] = (),
    columns: tuple[Period | None, ...] = (YEAR, BEFORE),
) -> Table:
    cells = tuple(
        Cell(i, text, Decimal(number), 6, unit, columns[i], Span(0, chars=(10 * i, 10 * i + 5)))
        for i, (text, number, unit) in enumerate(printed)
    )
    return Table(
        id="t1",
        title="A title",
        statement=statement,
        columns=tuple(Column(i, head, columns[i]) for i, head in enumerate(heads)),
        rows=(Row(label, 0, path, cells, Span(0)),),
        scale=6,
        unit="USD",
        scale_source="(In millions)",
        first_page=0,
        last_page=0,
    )


def collect(table: Table, *tagged: Fact, company: str | None = None) -> tuple[Fact, ...]:
    return collect_facts(tagged, [table], built_in_vocabulary(), FiscalCalendar(), company)


def test_a_cell_becomes_a_fact_with_its_meaning() -> None:
    first, second = collect(table_of("Net sales", ("$32,765", "32765", "USD"), ("$31,657", "31657", "USD")))
    assert (first.label, first.concept, first.value) == ("Net sales", "us-gaap:Revenues", Decimal(32_765_000_000))
    assert (first.unit, first.scale, first.period, first.origin) == ("USD", 6, YEAR, "table")
    assert (first.printed, first.statement, first.table, first.row) == ("$32,765", "income", "t1", 0)
    assert (first.dimensions, first.span.chars) == ((), (0, 5))
    assert second.period == BEFORE


def test_an_outflow_has_the_sign_of_its_concept_and_the_print_keeps_its_own() -> None:
    label = "Purchases of property, plant and equipment"
    (fact,) = collect(table_of(label, ("(1,577)", "-1577", "USD"), statement="cash_flow"))
    assert (fact.concept, fact.value, fact.printed) == (
        "us-gaap:PaymentsToAcquirePropertyPlantAndEquipment",
        Decimal(1_577_000_000),
        "(1,577)",
    )


def test_a_loss_keeps_its_sign() -> None:
    (fact,) = collect(table_of("Net loss", ("(1,577)", "-1577", "USD")))
    assert fact.value == Decimal(-1_577_000_000)
    (flow,) = collect(
        table_of("Net cash used in investing activities", ("(222)", "-222", "USD"), statement="cash_flow")
    )
    assert flow.value == Decimal(-222_000_000)


def test_closing_cash_of_a_cash_flow_statement_is_an_instant() -> None:
    (fact,) = collect(
        table_of("Cash and cash equivalents at end of period", ("$2,853", "2853", "USD"), statement="cash_flow")
    )
    assert fact.period.is_instant
    assert fact.period.key == "2018"


def test_a_percentage_in_a_row_of_money_has_no_concept_of_money() -> None:
    amount, share = collect(table_of("Net sales", ("$32,765", "32765", "USD"), ("100.0%", "100.0", "pure")))
    assert amount.concept == "us-gaap:Revenues"
    assert share.concept is None


def test_segments_in_columns_are_dimensions() -> None:
    heads = (("Industrial", "2018"), ("Health Care", "2018"))
    first, second = collect(
        table_of("Net sales", ("1", "1", "USD"), ("2", "2", "USD"), heads=heads, columns=(YEAR, YEAR), statement=None)
    )
    assert first.dimensions == (("column", "Industrial"),)
    assert second.dimensions == (("column", "Health Care"),)


def test_heads_that_speak_of_time_scale_or_the_company_are_no_dimensions() -> None:
    heads = (
        ("Year ended", "December 31, 2018", "(In millions, except per share amounts)"),
        ("Northfield Instruments Corporation and Subsidiaries", "(unaudited)", "2017"),
    )
    found = collect(
        table_of("Net sales", ("1", "1", "USD"), ("2", "2", "USD"), heads=heads),
        company="Northfield Instruments Corporation",
    )
    assert [fact.dimensions for fact in found] == [(), ()]


def test_headings_outside_the_statements_are_dimensions() -> None:
    (fact,) = collect(table_of("Net sales", ("1", "1", "USD"), path=("Asia",), statement=None))
    assert fact.dimensions == (("heading", "Asia"),)
    (whole,) = collect(table_of("Net sales", ("1", "1", "USD"), path=("Revenues",), statement="income"))
    assert whole.dimensions == ()


def test_without_label_number_or_period_there_is_no_fact() -> None:
    assert collect(table_of("", ("1", "1", "USD"))) == ()
    assert collect(table_of("2019", ("1", "1", "USD"))) == ()
    assert collect(table_of("Net sales", ("1", "1", "USD"), columns=(None, None))) == ()


def test_a_tagged_fact_takes_label_and_row_and_is_not_repeated() -> None:
    table = table_of("Total revenue", ("$32,765", "32765", "USD"))
    cell = table.rows[0].cells[0]
    marked = Cell(
        *[getattr(cell, name) for name in ("column", "text", "number", "scale", "unit", "period")],
        Span(0, element="f1", chars=(0, 5)),
    )
    table = Table(
        **{name: getattr(table, name) for name in Table.__slots__}
        | {"rows": (Row("Total revenue", 0, (), (marked,), Span(0)),)}
    )
    tagged = Fact(
        "",
        "us-gaap:Revenues",
        Decimal(32_765_000_000),
        "USD",
        6,
        Period(date(2018, 12, 31), 12),
        marked.span,
        "ixbrl",
        "32,765",
    )
    (fact,) = collect(table, tagged)
    assert (fact.origin, fact.label, fact.statement, fact.table, fact.row) == (
        "ixbrl",
        "Total revenue",
        "income",
        "t1",
        0,
    )
    assert fact.period.fiscal_year == 2018


def test_the_companys_own_name_in_a_label_is_the_company() -> None:
    (fact,) = collect(table_of("Net income attributable to 3M", ("$5,349", "5349", "USD")), company="3M Company")
    assert fact.concept == "us-gaap:NetIncomeLoss"


def test_from_the_printed_page_to_facts() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.centred("Consolidated Statement of Cash Flows")
        sheet.line("Years ended December 31 (Millions)")
        sheet.heads("2018", "2017", "2016", ends=THREE)
        sheet.row("Net income", "$ 5,363", "$ 4,869", "$ 5,058", ends=THREE)
        sheet.row("Purchases of property, plant and equipment", "(1,577 )", "(1,373 )", "(1,420 )", ends=THREE)
        sheet.next_page()
        sheet.line("Business segment information (Millions)")
        sheet.heads("Industrial", "Health Care", ends=TWO)
        sheet.heads("2018", "2018", ends=TWO)
        sheet.row("Net sales", "$ 12,267", "$ 6,021", ends=TWO)
        sheet.row("Operating income", "2,736", "1,799", ends=TWO)

    read = filing(draw)
    spent = facts(read, "PaymentsToAcquirePropertyPlantAndEquipment")
    assert {key: f"{fact.value:f}" for key, fact in spent.items()} == {
        "2018": "1577000000",
        "2017": "1373000000",
        "2016": "1420000000",
    }
    segments = {fact.dimensions: f"{fact.value:f}" for fact in read.facts if fact.label == "Net sales"}
    assert segments == {(("column", "Industrial"),): "12267000000", (("column", "Health Care"),): "6021000000"}
    assert facts(read, "Revenues") == {}, "no segment passes for the company"


def test_columns_of_shares_of_sales_are_told_from_the_amounts_beside_them() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.centred("Consolidated Statements of Income")
        sheet.line("(In thousands)")
        sheet.text((FOUR[0] + FOUR[1]) / 2 - 15, sheet.y, "Year ended 2018", align="centre")
        sheet.text((FOUR[2] + FOUR[3]) / 2 - 15, sheet.y, "Year ended 2017", align="centre")
        sheet.skip()
        sheet.row("Net sales", "$ 3,226,773", "100.0%", "$ 2,729,388", "100.0%", ends=FOUR)
        sheet.row("Cost of sales", "2,014,270", "62.4", "1,702,059", "62.4", ends=FOUR)
        sheet.row("Gross profit", "1,212,503", "37.6", "1,027,329", "37.6", ends=FOUR)

    read = filing(draw)
    table = the_table(read)
    assert periods(table) == ["2018", "2018", "2017", "2017"]
    cells = row(table, "Gross profit").cells
    assert [(f"{cell.value:f}", cell.unit) for cell in cells] == [
        ("1212503000", "USD"),
        ("0.376", "pure"),
        ("1027329000", "USD"),
        ("0.376", "pure"),
    ]
    sales = [fact for fact in read.facts if fact.concept == "us-gaap:Revenues"]
    assert {fact.unit for fact in sales} == {"USD"}, "100 % of net sales is not net sales"


def test_taxes_have_the_sign_that_leads_from_pretax_to_net_income() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.centred("CONSOLIDATED STATEMENTS OF INCOME")
        sheet.line("Years ended December 31 (In millions)")
        sheet.heads("2018", "2017", ends=TWO)
        sheet.row("Income before income taxes", "1,797", "100", ends=TWO)
        sheet.row("Provision for income taxes", "(411)", "20", ends=TWO)
        sheet.row("Net income", "1,386", "120", ends=TWO)

    taxes = {
        fact.period.key: fact.value for fact in filing(draw).facts if fact.concept == "us-gaap:IncomeTaxExpenseBenefit"
    }
    assert taxes == {"2018": Decimal("411000000"), "2017": Decimal("-20000000")}


def test_a_year_that_is_not_that_of_the_figure_is_a_dimension() -> None:
    today = Period(date(2018, 12, 31), 0, fiscal_year=2018)
    due = collect(table_of("Leases", ("5", "5", "USD"), statement=None, heads=(("Due in", "2020"),), columns=(today,)))
    assert due[0].dimensions == (("column", "Due in 2020"),)
