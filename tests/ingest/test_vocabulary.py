from __future__ import annotations

import os
import re
from collections import defaultdict
from pathlib import Path

import pytest

from ingest.errors import ConfigurationError
from ingest.filing import Statement
from ingest.vocabulary import Concept, Formula, Vocabulary, built_in_vocabulary, load_vocabulary, normalise_label

FILINGS = Path(os.environ.get("TIEOUT_DATA", "../shared/data")) / "edgar" / "html"
OPERATORS = {"add", "subtract", "multiply", "divide", "average", "sum", "maximum", "minimum", "growth", "cagr"}
OPERATORS |= {"exp", "margin", "per_day", "value", "const"}


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return built_in_vocabulary()


def test_it_has_the_lines_and_metrics_of_every_sector(vocabulary: Vocabulary) -> None:
    assert len(vocabulary.concepts) >= 150
    assert len(vocabulary.formulas) >= 40
    sectors = {"revenue", "capital_expenditure", "deposits", "premiums_earned", "regulatory_assets"}
    assert sectors <= set(vocabulary.concepts)
    assert {"free_cash_flow", "days_payable", "ebitda_margin", "fixed_asset_turnover"} <= set(vocabulary.formulas)


def test_tags_are_qualified_names(vocabulary: Vocabulary) -> None:
    for concept in vocabulary.concepts.values():
        for tag in concept.tags:
            assert re.fullmatch(r"us-gaap:[A-Z]\w+|dei:[A-Z]\w+|tieout:[A-Z]\w+", tag), (concept.key, tag)


def test_a_tag_stands_in_one_concept_and_in_two_short_rows_at_most(vocabulary: Vocabulary) -> None:
    homes: dict[str, list[Concept]] = defaultdict(list)
    for concept in vocabulary.concepts.values():
        for tag in concept.tags:
            homes[tag].append(concept)
    for tag, concepts in homes.items():
        full = [concept for concept in concepts if not concept.under]
        assert len(full) == 1, (tag, [concept.key for concept in concepts])
        assert len(concepts) <= 3, (tag, [concept.key for concept in concepts])
        assert vocabulary.by_tag(tag) is full[0]


def test_short_rows_say_so_in_their_key_and_agree_with_their_concept(vocabulary: Vocabulary) -> None:
    for concept in vocabulary.concepts.values():
        assert concept.key.endswith("_row") == bool(concept.under), concept.key
        if concept.under:
            whole = vocabulary.by_tag(concept.tags[0])
            assert whole is not None
            assert (whole.period, whole.unit, whole.positive) == (concept.period, concept.unit, concept.positive)


def test_a_label_means_one_thing_in_a_statement(vocabulary: Vocabulary) -> None:
    homes: dict[tuple[str, Statement], set[str]] = defaultdict(set)
    for concept in vocabulary.concepts.values():
        for label in concept.labels:
            assert normalise_label(label), (concept.key, label)
            if not concept.under:
                homes[normalise_label(label), concept.statement].add(concept.key)
    assert {place: keys for place, keys in homes.items() if len(keys) > 1} == {}


@pytest.mark.parametrize("label", ["Total", "Other", "Other, net", "Net", "Subtotal", "Current", "Basic", "Diluted"])
def test_labels_that_say_nothing_are_in_no_concept(vocabulary: Vocabulary, label: str) -> None:
    statements: tuple[Statement, ...] = ("income", "balance", "cash_flow", "comprehensive_income", "equity")
    assert all(vocabulary.by_label(label, (), statement) is None for statement in statements)


def test_only_payments_and_expenses_are_positive_by_definition(vocabulary: Vocabulary) -> None:
    for concept in vocabulary.concepts.values():
        if concept.positive:
            assert concept.statement in ("cash_flow", "income"), concept.key
            assert (concept.period, concept.unit) == ("duration", "money"), concept.key
            payment = concept.tags[0].removeprefix("us-gaap:").startswith(("Payments", "Repayments", "FinanceLease"))
            assert payment == (concept.statement == "cash_flow") or "Depreciation" in concept.tags[0], concept.key


def test_no_printed_label_leads_to_an_element_of_the_opposite_sign(vocabulary: Vocabulary) -> None:
    reversed_elements = re.compile(
        r"us-gaap:(?:IncreaseDecreaseIn(?!AccountsPayable|Accrued|Contract|Deposits)\w+"
        r"|TreasuryStock(?:Common)?Value|AccumulatedDepreciation\w+|GainLossOn(?:SaleOfBusiness|Disposition)\w*"
        r"|FinancingReceivableAllowance\w+)"
    )
    for concept in vocabulary.concepts.values():
        if reversed_elements.fullmatch(concept.tags[0]):
            own_names = {tag.removeprefix("us-gaap:") for tag in concept.tags}
            assert set(concept.labels) <= own_names, concept.key


def test_names_of_balances_are_asked_before_changes_in_them(vocabulary: Vocabulary) -> None:
    first: dict[str, Concept | Formula] = {}
    for name, thing in vocabulary.asked_names:
        first.setdefault(name, thing)
    expected = {
        "accounts receivable": "accounts_receivable",
        "inventories": "inventories",
        "accounts payable": "accounts_payable",
        "deferred revenue": "deferred_revenue_current",
        "other assets": "other_assets_noncurrent",
        "depreciation & amortization": "depreciation_and_amortization",
        "restructuring charges": "restructuring",
        "interest expense": "interest_expense",
        "gross margin": "gross_margin",
    }
    assert {name: first[name].key for name in expected} == expected


def test_a_shared_name_is_of_different_statements_or_of_a_metric_and_its_part(vocabulary: Vocabulary) -> None:
    homes: dict[str, list[Concept | Formula]] = defaultdict(list)
    for name, thing in vocabulary.asked_names:
        homes[name].append(thing)
    for name, things in homes.items():
        formulas = [thing.key for thing in things if isinstance(thing, Formula)]
        statements = [(thing.statement, thing.unit) for thing in things if isinstance(thing, Concept)]
        assert len(formulas) <= 1, (name, formulas)
        assert len(set(statements)) == len(statements), (name, [thing.key for thing in things])
        assert not (formulas and statements) or name == "gross margin", name


@pytest.mark.parametrize(
    ("asked", "key"),
    [
        ("capex", "capital_expenditure"),
        ("capital expenditures", "capital_expenditure"),
        ("net PP&E", "ppe_net"),
        ("PPNE", "ppe_net"),
        ("property, plant and equipment", "ppe_net"),
        ("COGS", "cost_of_revenue"),
        ("SG&A", "selling_general_administrative"),
        ("R&D", "research_and_development"),
        ("D&A", "depreciation_and_amortization"),
        ("top line", "revenue"),
        ("bottom line", "net_income"),
        ("cash", "cash"),
        ("EPS", "eps_diluted"),
        ("A/P", "accounts_payable"),
        ("buybacks", "share_repurchases"),
        ("dividends", "dividends_paid"),
        ("CFO", "operating_cash_flow"),
        ("shareholders' equity", "equity_parent"),
        ("tax rate", "effective_tax_rate"),
        ("DPO", "days_payable"),
        ("unadjusted EBITDA % margin", "ebitda_margin"),
        ("FCF", "free_cash_flow"),
        ("acid-test ratio", "quick_ratio"),
        ("ROE", "return_on_equity"),
    ],
)
def test_what_analysts_ask_for(vocabulary: Vocabulary, asked: str, key: str) -> None:
    assert next(thing.key for name, thing in vocabulary.asked_names if name == normalise_label(asked)) == key


def test_names_come_longest_first(vocabulary: Vocabulary) -> None:
    lengths = [len(name) for name, _ in vocabulary.asked_names]
    assert lengths == sorted(lengths, reverse=True)


ROWS: list[tuple[str, tuple[str, ...], Statement | None, str | None]] = [
    ("Net sales", (), "income", "revenue"),
    ("Total revenues, net of interest expense", (), "income", "revenue"),
    ("NET REVENUE", (), "income", "revenue"),
    ("Cost of sales (a)", (), "income", "cost_of_revenue"),
    ("Selling, general, and administrative expenses", (), "income", "selling_general_administrative"),
    ("Research, development and related expenses", (), "income", "research_and_development"),
    ("Income from operations", (), "income", "operating_income"),
    ("Operating income/(loss)", (), "income", "operating_income"),
    ("Provision for taxes on income (Note 8)", (), "income", "income_taxes"),
    ("Benefit from (provision for) income taxes", (), "income", "income_tax_benefit"),
    ("Net earnings", (), "income", "net_income"),
    ("Net income attributable to the company", (), "income", "net_income"),
    ("Net income including noncontrolling interest", (), "income", "net_income_including_noncontrolling"),
    ("Less: Net income attributable to noncontrolling interests", (), "income", "net_income_noncontrolling"),
    ("Net income available to common stockholders", (), "income", "net_income_common"),
    ("Basic", ("Earnings per share:",), "income", "eps_basic_row"),
    ("Diluted", ("Net income per common share",), "income", "eps_diluted_row"),
    ("Basic", ("Weighted-average shares outstanding:",), "income", "shares_basic_row"),
    ("Diluted", ("Shares used in computation",), "income", "shares_diluted_row"),
    ("Diluted", (), "income", None),
    ("Diluted earnings per share", (), "income", "eps_diluted"),
    ("Weighted-average shares outstanding—diluted", (), "income", "shares_diluted"),
    ("Cash dividends declared per common share", (), "income", "dividends_per_share"),
    ("Total provision for credit losses", (), "income", "provision_for_credit_losses"),
    ("Total noninterest expense", (), "income", "noninterest_expense"),
    ("Total comprehensive income (loss)", (), "comprehensive_income", "comprehensive_income_parent"),
    ("Inventories (Note 9)", (), "balance", "inventories"),
    ("Inventories", ("Changes in operating assets and liabilities",), "cash_flow", "change_in_inventories"),
    ("(Increase) decrease in inventories", (), "cash_flow", "change_in_inventories"),
    ("Inventories", (), None, None),
    ("Total inventories", (), None, "inventories"),
    ("Accounts receivable, net", (), "balance", "accounts_receivable"),
    ("Accounts receivable, net", (), "cash_flow", "change_in_receivables"),
    ("Accounts payable", ("Current liabilities",), "balance", "accounts_payable"),
    ("Accounts payable", ("Cash flows from operating activities",), "cash_flow", "change_in_payables"),
    ("Property, plant and equipment – net", (), "balance", "ppe_net"),
    ("Property and equipment, gross", (), "balance", "ppe_gross"),
    ("Marketable securities", ("Current assets:",), "balance", "short_term_investments"),
    ("Marketable securities", ("Non-current assets:",), "balance", "long_term_investments_row"),
    ("Deferred income taxes", ("Assets",), "balance", "deferred_tax_assets_row"),
    ("Deferred income taxes", ("Liabilities",), "balance", "deferred_tax_liabilities"),
    ("Deferred income taxes", ("Operating activities",), "cash_flow", "deferred_taxes"),
    ("Operating lease liabilities", ("Current liabilities",), "balance", "operating_lease_liabilities_printed"),
    ("Total the company shareholders’ equity", (), "balance", "equity_parent"),
    ("Total equity", (), "balance", "total_equity"),
    ("Total liabilities and shareholders' equity", (), "balance", "liabilities_and_equity"),
    ("Treasury stock, at cost", (), "balance", "treasury_stock"),
    ("Net income", ("Cash flows from operating activities:",), "cash_flow", "net_income_cash_flow_row"),
    ("Depreciation and amortization", (), "cash_flow", "depreciation_and_amortization"),
    ("Depreciation and amortization", (), "income", "depreciation_and_amortization_income"),
    ("Depreciation and amortization", (), None, None),
    ("Restructuring and other charges", (), "cash_flow", "restructuring_cash_flow"),
    ("Net cash provided by/(used in) operating activities", (), "cash_flow", "operating_cash_flow"),
    ("Cash generated by operating activities", (), "cash_flow", "operating_cash_flow"),
    ("Purchases of property, plant and equipment (PP&E)", (), "cash_flow", "capital_expenditure"),
    ("Capital spending", (), "cash_flow", "capital_expenditure"),
    ("Cash dividends paid", (), "cash_flow", "dividends_paid"),
    ("Dividends paid to noncontrolling interests", (), "cash_flow", "noncontrolling_distributions"),
    ("Purchases of treasury stock", (), "cash_flow", "share_repurchases"),
    ("Acquisitions", ("Cash flows from investing activities",), "cash_flow", "acquisitions_row"),
    ("Acquisitions, net of cash acquired", (), "cash_flow", "acquisitions"),
    ("Cash and cash equivalents at end of period", (), "cash_flow", "cash_and_restricted_cash"),
    ("Cash and cash equivalents at beginning of period", (), "cash_flow", None),
    ("Interest", ("Cash paid during the year for:",), "cash_flow", "interest_paid_row"),
    ("Income taxes", ("Supplemental disclosure",), "cash_flow", "income_taxes_paid_row"),
    ("Interest", (), "cash_flow", None),
]


@pytest.mark.parametrize(("label", "path", "statement", "key"), ROWS)
def test_printed_rows(
    vocabulary: Vocabulary, label: str, path: tuple[str, ...], statement: Statement | None, key: str | None
) -> None:
    found = vocabulary.by_label(label, path, statement)
    assert (found.key if found else None) == key


@pytest.mark.parametrize(
    ("more", "less"),
    [
        ("Total revenues", "Net sales"),
        ("Net income attributable to the company", "Net income"),
        ("Comprehensive income attributable to the company", "Comprehensive income"),
        ("Total the company shareholders' equity", "Total shareholders' equity"),
        ("Total cost of sales", "Cost of goods sold"),
    ],
)
def test_the_more_decisive_label_stands_earlier(vocabulary: Vocabulary, more: str, less: str) -> None:
    concept = next(
        concept
        for concept in vocabulary.concepts.values()
        if normalise_label(more) in map(normalise_label, concept.labels)
    )
    order = [normalise_label(label) for label in concept.labels]
    assert order.index(normalise_label(more)) < order.index(normalise_label(less))


@pytest.mark.parametrize(
    ("label", "plain"),
    [
        ("Total shareholders’ equity", "total shareholders equity"),
        ("Property, plant and equipment — net", "property plant & equipment net"),
        ("Research & Development", "research & development"),
        ("Accounts receivable (a)", "accounts receivable"),
        ("Inventories (Notes 1 and 3)", "inventories"),
        ("Net income (loss)", "net income loss"),
        ("Earnings per share:", "earnings per share"),
        ("A/P", "a/p"),
    ],
)
def test_normal_form_of_labels(label: str, plain: str) -> None:
    assert normalise_label(label) == plain


def test_formulas_use_known_concepts_operators_and_constants(vocabulary: Vocabulary) -> None:
    for formula in vocabulary.formulas.values():
        assert set(re.findall(r"([a-z_]+)\(", formula.program)) <= OPERATORS, formula.key
        assert set(re.findall(r"const\((\d+)\)", formula.program)) <= {"1", "2", "3", "365"}, formula.key
        assert formula.program.count("(") == formula.program.count(")"), formula.key
        used = re.findall(r"value\((\w+)\[(0|-\d)\]\)", formula.program)
        assert len(used) == formula.program.count("value("), formula.key
        assert {key for key, _ in used} <= set(vocabulary.concepts), formula.key
        assert not any(vocabulary.concepts[key].under for key, _ in used), formula.key


def test_results_have_the_unit_that_their_programs_yield(vocabulary: Vocabulary) -> None:
    for formula in vocabulary.formulas.values():
        outermost = formula.program.split("(", 1)[0]
        if outermost in ("margin", "growth", "cagr"):
            assert formula.result == "percent", formula.key
        if formula.result == "days":
            assert "per_day(" in formula.program, formula.key
        if formula.result == "money/shares":
            assert re.search(r"value\(shares_\w+\[0\]\)\)$", formula.program), formula.key


def test_a_stand_in_formula_is_named_after_its_concept_or_formula(vocabulary: Vocabulary) -> None:
    known = {*vocabulary.concepts, *vocabulary.formulas}
    stand_ins = [key for key in vocabulary.formulas if key.endswith("_computed")]
    assert "gross_profit_computed" in stand_ins
    assert {key.removesuffix("_computed") for key in stand_ins} <= known


def test_formulas_say_who_defines_them(vocabulary: Vocabulary) -> None:
    assert all(len(formula.source.split()) >= 5 for formula in vocabulary.formulas.values())


def test_a_users_file_is_laid_over(tmp_path: Path) -> None:
    extension = tmp_path / "mine.toml"
    extension.write_text(
        '[concept.same_store_sales]\nname = "Same-store sales growth"\nstatement = "income"\nperiod = "duration"\n'
        'unit = "pure"\ntags = ["mine:SameStoreSales"]\nlabels = ["Comparable sales"]\n',
        encoding="utf-8",
    )
    vocabulary = load_vocabulary(extension)
    found = vocabulary.by_label("COMPARABLE SALES", (), "income")
    assert found is not None
    assert found.key == "same_store_sales"
    assert vocabulary.by_tag("us-gaap:Assets") is not None


@pytest.mark.parametrize("text", ["[concept.x]\nname = 1\n", "[formula\n", '[concept.x]\nnmae = "y"\n'])
def test_an_invalid_file_is_named(tmp_path: Path, text: str) -> None:
    extension = tmp_path / "broken.toml"
    extension.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"broken\.toml"):
        load_vocabulary(extension)


@pytest.mark.slow
@pytest.mark.parametrize(
    "key",
    [
        "total_assets",
        "liabilities_and_equity",
        "net_income",
        "income_taxes",
        "operating_cash_flow",
        "eps_diluted",
    ],
)
def test_every_real_filing_tags_the_main_lines(vocabulary: Vocabulary, key: str) -> None:
    if not FILINGS.is_dir():
        pytest.skip(f"the measuring data is not at {FILINGS}")
    for path in sorted(FILINGS.glob("*.htm*")):
        text = path.read_text(encoding="utf-8", errors="replace")
        if text.count('name="us-gaap:') < 500:
            continue  # the statements of this filing are in an exhibit
        assert any(f'name="{tag}"' in text for tag in vocabulary.concepts[key].tags), path.name


@pytest.mark.parametrize(
    ("label", "statement", "key"),
    [
        ("Less: Total revenue", "income", "revenue"),
        ("Repayments of long-term debts", "cash_flow", "debt_repayments"),
        ("Total shareowners' equity", "balance", "equity_parent"),
        ("Purchase of property and equipment", "cash_flow", "capital_expenditure"),
    ],
)
def test_labels_are_compared_without_what_changes_nothing(
    vocabulary: Vocabulary, label: str, statement: Statement, key: str
) -> None:
    found = vocabulary.by_label(label, (), statement)
    assert found is not None
    assert found.key == key
