from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from ingest.errors import ConfigurationError
from ingest.filing import Filing, Statement
from ingest.read import assemble
from ingest.vocabulary import Vocabulary, built_in_vocabulary, load_vocabulary
from ingest.vocabulary_builder import TaggedRow, coverage, cross_validated, extended, learn, tagged_rows, to_toml
from tests.ingest.test_html_ixbrl import POINT, read, tag

CAPEX = "us-gaap:PaymentsToAcquirePropertyPlantAndEquipment"


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return built_in_vocabulary()


def row(
    label: str,
    *,
    company: str = "Northfield",
    statement: Statement | None = "cash_flow",
    concept: str | None = "capital_expenditure",
    element: str = CAPEX,
    reads_right: bool = True,
) -> TaggedRow:
    return TaggedRow(company, f"{company}.htm", statement, label, (), element, concept, reads_right)


def labels(rows: list[TaggedRow], vocabulary: Vocabulary, least: int = 1) -> dict[str, list[str]]:
    return {key: [x.label for x in found] for key, found in learn(rows, vocabulary, least_companies=least).items()}


ROWS = [row("outlays for plant & machinery"), row("outlays for plant & machinery", company="Southfield")]


def test_a_label_that_filings_agree_on_is_learned_with_its_counts(vocabulary: Vocabulary) -> None:
    assert vocabulary.by_label("Outlays for plant and machinery", (), "cash_flow") is None
    learned = learn(ROWS, vocabulary, least_companies=2)
    (found,) = learned["capital_expenditure"]
    assert (found.label, found.companies, found.filings) == ("outlays for plant & machinery", 2, 2)
    concept = extended(vocabulary, learned).by_label("Outlays for plant and machinery", (), "cash_flow")
    assert concept is not None
    assert concept.key == "capital_expenditure"


@pytest.mark.parametrize(
    "other",
    [
        row("outlays for plant & machinery", concept="acquisitions", element="us-gaap:PaymentsForAcquisitions"),
        row("outlays for plant & machinery", concept=None, element="northfield:Outlays"),
        row("outlays for plant & machinery", statement=None, concept="ppe_net", element="us-gaap:Ppe"),
        row("outlays for plant & machinery", reads_right=False),
    ],
    ids=["another concept", "no concept", "another concept in a note", "another sign"],
)
def test_a_label_on_which_filings_differ_is_dropped(vocabulary: Vocabulary, other: TaggedRow) -> None:
    assert labels([*ROWS, other], vocabulary) == {}


@pytest.mark.parametrize(
    "label",
    ["outlays", "net change", "purchases of 3 plants", "capital expenditures", "inventories", "equipment at beginning"],
    ids=["one word", "nothing of the element", "a number", "known", "known elsewhere", "an opening balance"],
)
def test_labels_that_mean_little_alone_are_not_learned(vocabulary: Vocabulary, label: str) -> None:
    assert labels([row(label)], vocabulary) == {}


def test_a_label_has_to_be_printed_by_enough_companies(vocabulary: Vocabulary) -> None:
    assert labels(ROWS[:1], vocabulary, least=2) == {}
    assert labels([ROWS[0], replace(ROWS[0], source="next.htm")], vocabulary, least=2) == {}


def test_the_same_filings_in_any_order_give_the_same_bytes(vocabulary: Vocabulary) -> None:
    rows = [*ROWS, row("payments for tools & equipment"), row("cash paid for equipment", company="Southfield")]
    text = to_toml(learn(rows, vocabulary))
    assert to_toml(learn(reversed(rows), vocabulary)) == text
    assert text.count("capital_expenditure") == 1


def test_what_is_learned_loads_as_an_extension(vocabulary: Vocabulary, tmp_path: Path) -> None:
    path = tmp_path / "labels.toml"
    path.write_text(to_toml(learn(ROWS, vocabulary)), encoding="utf-8")
    loaded = load_vocabulary(path)
    assert loaded.concepts["capital_expenditure"].labels[-1] == "outlays for plant & machinery"
    assert loaded.formulas == vocabulary.formulas


def test_more_labels_of_an_unknown_concept_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "labels.toml"
    path.write_text('[more.nothing]\nlabels = ["x"]\n', encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"labels\.toml has more labels for nothing"):
        load_vocabulary(path)


def test_coverage_is_measured_on_companies_that_were_not_learned_from(vocabulary: Vocabulary) -> None:
    before, after = cross_validated(ROWS, vocabulary)
    assert (before.right, before.missing) == (0, 2)
    assert (after.right, after.wrong, after.missing) == (2, 0, 0)
    assert after.share == 1.0
    alone, still_alone = cross_validated(ROWS[:1], vocabulary)
    assert alone == still_alone


def test_a_label_that_leads_elsewhere_is_counted_as_wrong(vocabulary: Vocabulary) -> None:
    counted = coverage([row("acquisitions net of cash acquired")], vocabulary)
    assert (counted.right, counted.wrong, counted.missing) == (0, 1, 0)


def tagged_filing(printed: str = "1,577", sign: str = "") -> Filing:
    cells = "".join(
        f"<tr><td>{label}</td><td>{cell}</td></tr>"
        for label, cell in (
            ("In millions", "2024"),
            ("Northfield's outlays for plant and machinery", paid(printed, sign)),
            ("Dividends paid", "300"),
            ("Repayment of notes", "400"),
            ("Other", "5"),
        )
    )
    document = read(f"<p>CONSOLIDATED STATEMENTS OF CASH FLOWS</p><table>{cells}</table>")
    document = replace(document, cover={"EntityRegistrantName": "Northfield Inc", "DocumentType": "10-K"})
    return assemble(document, "0" * 64, "northfield.htm", built_in_vocabulary())


def paid(printed: str, sign: str) -> str:
    name = CAPEX.replace("us-gaap", "g")
    number = tag(printed.strip("()"), name, "year", more=f'{POINT} scale="6" {sign} id="f-1"')
    return f"({number})" if printed.startswith("(") else number


def test_rows_of_a_tagged_filing_say_what_they_are(vocabulary: Vocabulary) -> None:
    (found,) = tagged_rows(tagged_filing(), vocabulary)
    assert (found.company, found.source, found.statement) == ("Northfield Inc", "northfield.htm", "cash_flow")
    assert (found.label, found.tag) == ("the company outlays for plant & machinery", CAPEX)
    assert (found.concept, found.reads_right) == ("capital_expenditure", True)


@pytest.mark.parametrize(("printed", "sign", "right"), [("(1,577)", "", True), ("1,577", 'sign="-"', False)])
def test_a_row_reads_right_where_print_and_rule_give_the_tagged_sign(
    vocabulary: Vocabulary, printed: str, sign: str, right: bool
) -> None:
    (found,) = tagged_rows(tagged_filing(printed, sign), vocabulary)
    assert found.reads_right is right
