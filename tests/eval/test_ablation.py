from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from eval.ablation import AblatedSystem, Variant, cross_validated, rankers_by_company, score_variants, table
from eval.case import Case, Place
from index.candidates import HAND_SET
from tests.assistant.desk import EMBEDDER, write_examples


def case(number: int, company: str) -> Case:
    return Case(f"case-{number}", "What?", "", places=(Place("report", 0),), documents=("report",), fold=company)


def test_a_company_is_ranked_by_what_serves_the_others() -> None:
    cases = [case(1, "Acme"), case(2, "Acme"), case(3, "Beta"), case(4, "Cato")]
    scores = {
        "first": [{"document@1": value} for value in (0.0, 0.0, 1.0, 1.0)],
        "second": [{"document@1": value} for value in (1.0, 1.0, 0.0, 0.5)],
    }
    validated, chosen = cross_validated(cases, scores)
    assert chosen == ["first", "second", "second"]
    assert [found["document@1"] for found in validated] == [0.0, 0.0, 0.0, 0.5]


def test_a_table_has_the_metrics_that_apply() -> None:
    printed = table({"the whole": [{"document@1": 1.0}, {"document@1": 0.0}]})
    assert "| the whole | 0.500 (0.000 – 1.000) |" in printed
    assert "page_recall" not in printed


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AblatedSystem]:
    pytest.importorskip("reportlab", reason="the examples extra is not installed")
    folder = tmp_path_factory.mktemp("ablation")
    (folder / "filings").mkdir()
    write_examples(folder / "filings")
    opened = AblatedSystem(folder / "filings", folder / "work", embedder=lambda: EMBEDDER)
    opened.prepare((), lambda *_: None)
    yield opened
    opened.close()


def test_variants_leave_out_what_they_say(system: AblatedSystem) -> None:
    asked = Case("one", "What drove the revenue of Marrowby?", "")
    ranked = system.rankings(
        asked,
        {
            "whole": Variant(),
            "search": Variant(answer=False),
            "nothing": Variant(replace(HAND_SET, words=0.0, meaning=0.0, facts=0.0), answer=False),
            "all": Variant(companies=False, answer=False),
        },
    )
    assert ranked["whole"]
    assert ranked["nothing"] == ()
    assert {place.document for place in ranked["search"]} < {place.document for place in ranked["all"]}


def test_each_case_is_scored_for_each_variant(system: AblatedSystem) -> None:
    library_name = system.rankings(Case("x", "Orrindale's revenue in FY2024", ""), {"whole": Variant()})["whole"][0]
    asked = Case("x", "Orrindale's revenue in FY2024", "", places=(library_name,), documents=(library_name.document,))
    scores = score_variants(system, [asked], {"whole": Variant(), "nothing": Variant(replace(HAND_SET, words=0.0))})
    assert scores["whole"][0]["page_recall@1"] == 1.0
    assert scores["whole"][0]["document@1"] == 1.0
    assert len(scores["nothing"]) == 1


def test_a_company_s_ranker_has_seen_the_others_alone(system: AblatedSystem) -> None:
    found = system.rankings(Case("x", "Orrindale's inventories in FY2024", ""), {"whole": Variant()})["whole"]
    cases = [
        Case(f"{number}", "Orrindale's inventories in FY2024", "", places=(place,), fold=fold)
        for number, (place, fold) in enumerate([(found[0], "Acme"), (found[-1], "Beta"), (found[-2], "Cato")])
    ]
    rankers = rankers_by_company(system, cases)
    assert rankers.keys() == {"Acme", "Beta", "Cato"}
    assert rankers["Acme"].weights != rankers["Beta"].weights
    assert rankers_by_company(system, [replace(cases[0], places=(found[5],)), *cases[1:]])["Acme"] == rankers["Acme"]
