from __future__ import annotations

import io
import json
import os
import tarfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from eval.benchmarks import finred, fiqa, ixbrl, phrasebank, sections, stocknet
from eval.benchmarks.ixbrl_tags import aligned, digits_of, read_tags
from eval.case import Case, Prediction
from eval.systems.baseline import LastReturn, Majority, SeenPairs
from eval.systems.reader import ReaderSystem
from eval.systems.zero_shot import ZeroShot
from ingest.errors import DataAbsentError, UsageError
from ingest.filing import Cell, Fact, Period, Section, Span
from model.embedder import HashEmbedder

DATA = Path(os.environ.get("TIEOUT_DATA", Path(__file__).parents[3] / "shared" / "data"))


def real(folder: str) -> Path:
    if not (DATA / folder).is_dir():
        pytest.skip(f"the measuring data are not there: {DATA / folder}")
    return DATA


def quiet(what: str, done: int, total: int) -> None:
    pass


@pytest.mark.parametrize("module", [phrasebank, fiqa, stocknet, finred, sections, ixbrl])
def test_absent_data_are_one_clear_line(module: Any, tmp_path: Path) -> None:
    with pytest.raises(DataAbsentError) as raised:
        module.load(tmp_path)
    assert "--data" in str(raised.value)
    assert str(tmp_path) in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("module", [phrasebank, fiqa, stocknet, finred, sections, ixbrl])
def test_a_benchmark_is_called_as_its_file(module: Any) -> None:
    assert module.BENCHMARK.name == module.__name__.rpartition(".")[2]
    assert module.BENCHMARK.load is module.load
    assert module.BENCHMARK.systems


# PhraseBank


def write_phrasebank(data: Path, rows: str, split: str = "train") -> Path:
    (data / "sentiment").mkdir(parents=True, exist_ok=True)
    (data / "sentiment" / f"phrasebank_{split}.csv").write_text("\ttext\tlabel\n" + rows, encoding="utf-8")
    return data


def test_phrasebank_reads_quoted_and_plain_sentences(tmp_path: Path) -> None:
    write_phrasebank(tmp_path, '7\tSales of Brack Oy rose .\tpositive\n9\t"It said ""no"" , again"\tneutral\n')
    cases = phrasebank.load(tmp_path)
    assert [(case.id, case.gold, case.data["text"]) for case in cases] == [
        ("train-2", "positive", "Sales of Brack Oy rose ."),
        ("train-3", "neutral", 'It said "no" , again'),
    ]


def test_phrasebank_names_the_row_of_an_unknown_label(tmp_path: Path) -> None:
    write_phrasebank(tmp_path, "7\tSales rose\tgood\n")
    with pytest.raises(UsageError, match=r"row 2.*'good'"):
        phrasebank.load(tmp_path)


def test_phrasebank_reads_every_split_that_is_there(tmp_path: Path) -> None:
    write_phrasebank(tmp_path, "1\tSales rose\tpositive\n")
    write_phrasebank(tmp_path, "1\tSales fell\tnegative\n", "test")
    assert [case.id for case in phrasebank.load(tmp_path)] == ["test-2", "train-2"]


def test_real_phrasebank() -> None:
    cases = phrasebank.load(real("sentiment"))
    assert len(cases) >= 3_000
    assert len({case.id for case in cases}) == len(cases)


# FiQA


@pytest.mark.parametrize(
    ("score", "label"),
    [
        (-0.11, "negative"),
        (-0.1, "neutral"),
        (0.0, "neutral"),
        (0.099, "neutral"),
        (0.1, "positive"),
        (1.0, "positive"),
    ],
)
def test_fiqa_scores_become_classes_at_a_tenth(score: float, label: str) -> None:
    assert fiqa.label_of(score) == label


def test_fiqa_has_a_case_for_each_target(tmp_path: Path) -> None:
    info = [
        {"target": "Brack", "sentiment_score": 0.4, "aspects": ["Corporate/Sales"]},
        {"target": "Orm", "sentiment_score": "-0.5", "aspects": []},
    ]
    (tmp_path / "fiqa_valid.json").write_text(json.dumps({"5": {"sentence": "Brack beats Orm", "info": info}}))
    cases = fiqa.load(tmp_path)
    assert [(case.id, case.gold, case.data["target"]) for case in cases] == [
        ("valid-5-1", "positive", "Brack"),
        ("valid-5-2", "negative", "Orm"),
    ]
    assert {case.fold for case in cases} == {"Brack beats Orm"}


def test_fiqa_refuses_a_score_out_of_range(tmp_path: Path) -> None:
    info = [{"target": "Brack", "sentiment_score": 53, "aspects": []}]
    (tmp_path / "fiqa_train.json").write_text(json.dumps({"5": {"sentence": "Brack", "info": info}}))
    with pytest.raises(UsageError, match="from -1 to 1"):
        fiqa.load(tmp_path)


def test_real_fiqa() -> None:
    assert {case.gold for case in fiqa.load(real("sentiment"))} == {"positive", "negative", "neutral"}


# StockNet


def write_stocknet(data: Path, files: dict[str, str], link: bool = False) -> Path:
    (data / "movement").mkdir(parents=True, exist_ok=True)
    with tarfile.open(data / "movement" / stocknet.ARCHIVE, "w:gz") as archive:
        for name, text in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(text.encode())
            archive.addfile(member, io.BytesIO(text.encode()))
        if link:
            member = tarfile.TarInfo("price/preprocessed/EVIL.txt")
            member.type, member.linkname = tarfile.SYMTYPE, "/etc/passwd"
            archive.addfile(member)
    return data


def prices(**movements: float) -> str:
    days = sorted(((day.replace("d", "").replace("_", "-"), value) for day, value in movements.items()), reverse=True)
    return "".join(f"{day}\t{value:.6f}\t0.1\t0.1\t0.1\t0.1\t100.0\n" for day, value in days)


def tweet(*words: str) -> str:
    return json.dumps({"text": list(words), "created_at": "Thu Oct 01 10:00:00 +0000 2015", "user_id_str": "1"}) + "\n"


BRACK = prices(
    d2015_09_30=0.02, d2015_10_01=-0.03, d2015_10_02=0.0055, d2015_10_05=0.00551, d2015_10_06=-0.005, d2016_01_04=0.09
)


@pytest.mark.parametrize(
    ("movement", "label"),
    [(0.00551, "up"), (0.0055, None), (0.0, None), (-0.00499, None), (-0.005, "down"), (-0.2, "down")],
)
def test_stocknet_labels_by_the_thresholds_of_the_paper(movement: float, label: str | None) -> None:
    assert stocknet.label_of(movement) == label


def test_stocknet_has_the_clear_days_of_the_test_period_in_order(tmp_path: Path) -> None:
    write_stocknet(tmp_path, {"price/preprocessed/BRK.txt": BRACK, "price/raw/BRK.csv": "Date\n"})
    cases = stocknet.load(tmp_path)
    assert [(case.id, case.gold, case.group) for case in cases] == [
        ("BRK-2015-10-01", "down", "2015-10"),
        ("BRK-2015-10-05", "up", "2015-10"),
        ("BRK-2015-10-06", "down", "2015-10"),
    ]


def test_stocknet_shows_nothing_of_the_day_itself_or_later(tmp_path: Path) -> None:
    files = {
        "price/preprocessed/BRK.txt": BRACK,
        "price/preprocessed/ORM.txt": prices(d2015_10_02=0.02, d2015_10_05=0.03, d2015_10_06=0.04),
        "tweet/preprocessed/BRK/2015-09-29": tweet("too", "early"),
        "tweet/preprocessed/BRK/2015-10-02": tweet("first") + tweet("second"),
        "tweet/preprocessed/BRK/2015-10-04": tweet("sunday"),
        "tweet/preprocessed/BRK/2015-10-05": tweet("the", "same", "day"),
        "tweet/preprocessed/BRK/2015-10-06": tweet("later"),
    }
    cases = {case.id: case for case in stocknet.load(write_stocknet(tmp_path, files))}
    seen = cases["BRK-2015-10-05"].data
    assert seen["tweets"] == ("first", "second", "sunday")
    assert seen["text"].split() == ["sunday", "second", "first"]
    assert seen["returns"] == (0.02, -0.03, 0.0055)
    assert seen["last_return"] == 0.0055
    # Of the earlier days: up on 09-30 and down on 10-01 (Brack), up on 10-02 (Orm); nothing of the day itself.
    assert seen["before"] == {"up": 2, "down": 1}


def test_changing_the_future_changes_no_earlier_case(tmp_path: Path) -> None:
    past = stocknet.load(write_stocknet(tmp_path / "a", {"price/preprocessed/BRK.txt": BRACK}))
    changed = BRACK.replace("2015-10-06\t-0.005000", "2015-10-06\t0.500000")
    assert changed != BRACK
    future = stocknet.load(write_stocknet(tmp_path / "b", {"price/preprocessed/BRK.txt": changed}))
    assert past[:2] == future[:2]
    assert (past[2].gold, future[2].gold) == ("down", "up")
    assert past[2].data == future[2].data


def test_stocknet_refuses_a_link_and_writes_nothing(tmp_path: Path) -> None:
    write_stocknet(tmp_path, {"price/preprocessed/BRK.txt": BRACK}, link=True)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(UsageError, match="not the archive of StockNet"):
        stocknet.load(tmp_path)
    assert sorted(tmp_path.rglob("*")) == before


def test_stocknet_says_so_where_the_archive_is_damaged(tmp_path: Path) -> None:
    path = write_stocknet(tmp_path, {"price/preprocessed/BRK.txt": BRACK}) / "movement" / stocknet.ARCHIVE
    path.write_bytes(path.read_bytes()[:60])
    with pytest.raises(UsageError, match="get it again"):
        stocknet.load(tmp_path)


@pytest.mark.slow
def test_real_stocknet_has_as_many_cases_as_the_paper() -> None:
    cases = stocknet.load(real("movement"))
    assert len(cases) == 3_720
    assert [case.fold for case in cases] == sorted(case.fold for case in cases)
    assert all(date.fromisoformat(case.data["day"]) >= stocknet.FIRST for case in cases)


# Baselines


def test_majority_takes_earlier_labels_where_a_case_counts_them() -> None:
    cases = [Case("1", "", "down"), Case("2", "", "down"), Case("3", "", "up", data={"before": {"up": 3, "down": 1}})]
    system = Majority()
    assert system.prepare(cases, quiet) == {"labels": "down 2, up 1"}
    assert [system.predict(case).label for case in cases] == ["down", "down", "up"]
    assert system.predict(cases[2]).confidence == 0.75


@pytest.mark.parametrize(("last", "label"), [(0.01, "up"), (0.0, "down"), (-0.01, "down")])
def test_last_return_goes_on(last: float, label: str) -> None:
    assert LastReturn().predict(Case("1", "", "up", data={"last_return": last})).label == label


def test_last_return_is_not_applicable_without_one() -> None:
    assert LastReturn().predict(Case("1", "", "up")).status == "not_applicable"


def test_zero_shot_takes_the_nearest_description_and_abstains_without_text() -> None:
    system = ZeroShot({"up": "profit rises", "down": "loss deepens"}, HashEmbedder)
    cases = [Case(str(i), "", "", data={"text": text}) for i, text in enumerate(("the loss deepens", "it rises", " "))]
    assert system.prepare(cases, quiet)["embedder"] == "hash@hash384"
    found = [system.predict(case) for case in cases]
    assert [(each.status, each.label) for each in found] == [
        ("answered", "down"),
        ("answered", "up"),
        ("abstained", None),
    ]
    assert all(0.5 < (each.confidence or 0) <= 1 for each in found[:2])


# FinRED


def write_finred(data: Path, split: str, rows: list[tuple[str, str]]) -> Path:
    (data / "finred").mkdir(parents=True, exist_ok=True)
    for suffix, column in (("sent", 0), ("tup", 1)):
        text = "".join(row[column] + "\n" for row in rows)
        (data / "finred" / f"{split}.{suffix}").write_text(text, encoding="utf-8")
    return data


def test_finred_reads_triples(tmp_path: Path) -> None:
    write_finred(tmp_path, "dev", [("Orm owns Brack Oy.", "Orm ; Brack Oy ; owner_of | Brack Oy ; Orm ; owned_by")])
    (case,) = finred.load(tmp_path)
    assert case.data["triples"] == (("Orm", "Brack Oy", "owner_of"), ("Brack Oy", "Orm", "owned_by"))
    assert finred.read_triples(case.gold) == case.data["triples"]


def test_finred_prefers_the_test_split(tmp_path: Path) -> None:
    write_finred(tmp_path, "dev", [("a", "A ; B ; brand")])
    write_finred(tmp_path, "test", [("b", "C ; D ; brand")])
    assert [case.id for case in finred.load(tmp_path)] == ["test-1"]


def test_finred_says_which_row_is_malformed(tmp_path: Path) -> None:
    write_finred(tmp_path, "dev", [("a", "A ; B ; brand"), ("b", "A ; brand")])
    with pytest.raises(UsageError, match="row 2"):
        finred.load(tmp_path)


def test_finred_refuses_files_of_different_length(tmp_path: Path) -> None:
    write_finred(tmp_path, "dev", [("a", "A ; B ; brand")])
    (tmp_path / "finred" / "dev.sent").write_text("a\nb\n")
    with pytest.raises(UsageError, match=r"2 lines.*1"):
        finred.load(tmp_path)


def pair(gold: str, label: str | None) -> tuple[Case, Prediction]:
    return Case("1", "", gold), Prediction("answered", label=label)


def test_micro_f1_counts_triples_and_not_sentences() -> None:
    pairs = [
        pair("A ; B ; brand | A ; C ; brand | A ; D ; brand", "A ; B ; brand | A ; C ; brand"),
        pair("E ; F ; owner_of", "F ; E ; owner_of"),
    ]
    # 2 of 3 predicted are right (the turned pair is not), 2 of 4 wanted are found.
    measured = finred.micro_f1(pairs)
    assert measured == pytest.approx({"micro_precision": 2 / 3, "micro_recall": 1 / 2, "micro_f1": 4 / 7})


def test_micro_f1_of_nothing_is_zero() -> None:
    assert finred.micro_f1([pair("A ; B ; brand", None)])["micro_f1"] == 0


def test_a_prediction_in_another_form_is_a_wrong_triple() -> None:
    scores = finred.TripleScorer().score(*pair("A ; B ; brand", "A is B's brand"))
    assert [score.value for score in scores] == [0.0, 0.0]
    assert scores[0].detail == "0 right, 1 missing, 1 wrong"


def test_seen_pairs_want_whole_words() -> None:
    system = SeenPairs(lambda: [("Orm", "Brack", "owner_of"), ("Or", "Brack", "brand")])
    assert system.prepare([], quiet) == {"training_triples": "2"}
    assert system.predict(Case("1", "", "", data={"text": "Orm bought Brack."})).label == "Orm ; Brack ; owner_of"
    assert system.predict(Case("1", "", "", data={"text": "Storm at Brackwater"})).status == "abstained"


def test_real_finred() -> None:
    cases = finred.load(real("finred"))
    assert all(entity in case.question for case in cases for triple in case.data["triples"] for entity in triple[:2])


# Sections


@pytest.mark.parametrize(
    ("expected", "found", "f1"),
    [
        (["1", "1a", "2"], ["1", "1a", "2"], 1.0),
        (["1", "1a", "2"], ["1", "2"], 0.8),
        (["1", "2"], ["2", "1"], 0.5),
        (["1", "2"], ["1", "2", "1", "2"], 2 / 3),
        (["1"], [], 0.0),
        ([], [], 1.0),
    ],
)
def test_f1_wants_each_section_once_and_in_order(expected: list[str], found: list[str], f1: float) -> None:
    assert sections.order_f1(expected, found) == pytest.approx(f1)


def test_size_order_looks_at_clear_differences_only() -> None:
    expected = {"1": 100, "2": 390, "3": 1_000}
    assert sections.size_order(expected, {"1": 10, "2": 5, "3": 20}) == 1.0  # 1 and 2, 2 and 3 are too near
    assert sections.size_order(expected, {"1": 20, "2": 5, "3": 20}) == 0.0
    assert sections.size_order(expected, {"1": 20, "2": 5}) is None


def test_items_that_no_expectation_knows_count_in_the_strict_variant_alone() -> None:
    case = Case("1", "", "1 1a", data={"known": ("1", "1a"), "sizes": {"1": 5, "1a": 50}})
    prediction = Prediction("answered", extra={"sections": [["1", 10], ["1a", 30], ["1c", 5]]})
    scores = {score.metric: score for score in sections.SectionScorer().score(case, prediction)}
    assert scores["f1"].value == 1.0
    assert scores["f1_all"].value == pytest.approx(0.8)
    assert scores["size_order"].value == 1.0
    assert scores["f1"].detail == "not in the expectations of the form: 1c"


def item(number: str) -> Section:
    return Section(f"Item {number}", "item", number, 0, 0)


def test_a_quarterly_report_numbers_its_items_by_part() -> None:
    items = tuple(item(number) for number in ("1", "2", "3", "4", "1", "1A", "6"))
    names = [name for name, _ in sections._identified(items, quarterly=True)]
    assert names == ["part1item1", "part1item2", "part1item3", "part1item4", "part2item1", "part2item1a", "part2item6"]


def test_sections_expected_to_be_empty_are_expected_to_be_absent(tmp_path: Path) -> None:
    folder = tmp_path / "edgar" / "expected_sections" / "10-K" / "BRK" / "0001"
    folder.mkdir(parents=True)
    sizes = [{"identifier": "1A", "character_count": 7}, {"identifier": "1B", "character_count": 0}]
    (folder / sections.EXPECTED).write_text(json.dumps(sizes))
    (tmp_path / "edgar" / "html").mkdir()
    with pytest.raises(DataAbsentError):
        sections.load(tmp_path)
    (tmp_path / "edgar" / "html" / "BRK_10-K_0001.html").write_text("<html></html>")
    (case,) = sections.load(tmp_path)
    assert (case.id, case.gold, case.data["known"]) == ("BRK_10-K_0001", "1a", ("1a", "1b"))


@pytest.mark.slow
def test_real_sections_are_read() -> None:
    cases = sections.load(real("edgar"))
    case = next(case for case in cases if case.id.startswith("NVDA"))
    prediction = ReaderSystem(sections.look).predict(case)
    scores = {score.metric: score.value for score in sections.SectionScorer().score(case, prediction)}
    assert (scores["f1"] or 0) > 0.9


# Inline XBRL

TAGGED = """<?xml version="1.0" encoding="utf-8"?>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:ix="http://www.xbrl.org/2013/inlineXBRL"
 xmlns:xbrli="http://www.xbrl.org/2003/instance" xmlns:iso4217="http://www.xbrl.org/2003/iso4217"
 xmlns:us-gaap="http://fasb.org/us-gaap/2023" xmlns:ixt="http://www.xbrl.org/inlineXBRL/transformation/2020-02-12">
<head><title>Brack</title></head><body><div style="display:none"><ix:header><ix:hidden>
<ix:nonFraction name="us-gaap:Goodwill" contextRef="at" unitRef="usd" decimals="0">5</ix:nonFraction></ix:hidden>
<ix:resources>
<xbrli:context id="year"><xbrli:entity><xbrli:identifier scheme="s">1</xbrli:identifier></xbrli:entity>
<xbrli:period><xbrli:startDate>2023-01-01</xbrli:startDate><xbrli:endDate>2023-12-31</xbrli:endDate></xbrli:period>
</xbrli:context>
<xbrli:context id="at"><xbrli:entity><xbrli:identifier scheme="s">1</xbrli:identifier></xbrli:entity>
<xbrli:period><xbrli:instant>2023-12-31</xbrli:instant></xbrli:period></xbrli:context>
<xbrli:unit id="usd"><xbrli:measure>iso4217:USD</xbrli:measure></xbrli:unit></ix:resources></ix:header></div>
<p>Brack Corp. Annual report on Form 10-K for the fiscal year ended December 31, 2023</p>
<p>The cost was $<ix:nonFraction name="us-gaap:CostOfRevenue" contextRef="year" unitRef="usd" scale="6" decimals="-6"
 format="ixt:num-dot-decimal">1,250</ix:nonFraction> million in
 <ix:nonFraction name="us-gaap:NumberOfStores" contextRef="at" unitRef="usd" decimals="0"
 format="ixt:numwordsen">two</ix:nonFraction> halves.</p>
<p>(In millions)</p>
<table><tr><td>Year ended December 31,</td><td>2023</td></tr>
<tr><td>Net sales</td><td>$ <ix:nonFraction name="us-gaap:Revenues" contextRef="year" unitRef="usd" scale="6"
 decimals="-6" format="ixt:num-dot-decimal">2,000</ix:nonFraction></td></tr>
<tr><td>Capital expenditures</td><td>(<ix:nonFraction name="us-gaap:PaymentsToAcquirePropertyPlantAndEquipment"
 contextRef="year" unitRef="usd" scale="6" decimals="-6" format="ixt:num-dot-decimal">300</ix:nonFraction>)</td></tr>
<tr><td>Net loss</td><td>(<ix:nonFraction name="us-gaap:NetIncomeLoss" contextRef="year" unitRef="usd" scale="6"
 decimals="-6" sign="-" format="ixt:num-dot-decimal">40</ix:nonFraction>)</td></tr></table></body></html>
"""


def tagged_file(tmp_path: Path) -> Path:
    path = tmp_path / "edgar" / "html" / "brk-10-k.html"
    path.parent.mkdir(parents=True)
    path.write_text(TAGGED, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "rule", "number"),
    [
        ("1,577.5", "", "1577.5"),
        ("(1,577)", "num-dot-decimal", "1577"),
        ("1.577,5", "num-comma-decimal", "1577.5"),
        ("$ .25", "", "0.25"),
        ("—", "fixed-zero", "0"),
        ("$ (—)", "", "0"),
        ("no", "fixed-zero", None),
        ("two", "numwordsen", None),
        ("", "", None),
    ],
)
def test_digits_of_print(text: str, rule: str, number: str | None) -> None:
    assert digits_of(text, rule) == (None if number is None else Decimal(number))


def test_tags_are_read_from_their_attributes(tmp_path: Path) -> None:
    tags = {tag.name.partition(":")[2]: tag for tag in read_tags(tagged_file(tmp_path))}
    assert tags["Goodwill"].printed is False
    assert tags["NumberOfStores"].value is None
    assert (tags["CostOfRevenue"].value, tags["CostOfRevenue"].cell) == (Decimal("1250000000"), False)
    assert (tags["Revenues"].value, tags["Revenues"].cell) == (Decimal("2000000000"), True)
    assert tags["NetIncomeLoss"].value == Decimal("-40000000")
    assert tags["PaymentsToAcquirePropertyPlantAndEquipment"].value == Decimal("300000000")


@pytest.mark.parametrize(
    ("cells", "negative"),
    [
        ("<td>({tag})</td>", True),
        ("<td>$</td><td>({tag}</td><td>)</td>", True),
        ("<td>($</td><td>{tag}</td><td>)%</td>", True),
        ("<td>$ (</td><td>{tag}</td><td></td><td>)</td>", True),
        ("<td>-$ {tag}</td>", True),
        ("<td>{tag}</td><td>(2)</td>", False),
        ("<td>(3)</td><td>{tag}</td>", False),
        ("<td>-</td><td>{tag}</td>", False),
        ("<td>({tag}</td><td>12</td><td>)</td>", False),
    ],
)
def test_printed_signs_are_read_from_the_row(tmp_path: Path, cells: str, negative: bool) -> None:
    row = "<tr><td>Label</td>" + cells.format(tag='<ix:nonFraction name="a:B" scale="6">5</ix:nonFraction>') + "</tr>"
    path = tmp_path / "row.htm"
    path.write_text(f"<html><body><table>{row}</table></body></html>", encoding="utf-8")
    (tag,) = read_tags(path)
    assert tag.printed_negative is negative
    assert tag.printed_value == Decimal("-5000000" if negative else "5000000")


def test_a_tag_that_was_left_out_shifts_no_other(tmp_path: Path) -> None:
    tags = read_tags(tagged_file(tmp_path))[:3]
    facts = [fact("us-gaap:Goodwill", "5"), fact("us-gaap:NumberOfStores", "2")]
    assert [found and found.concept for _, found in aligned(tags, facts)] == [
        "us-gaap:Goodwill",
        None,
        "us-gaap:NumberOfStores",
    ]


def test_agreement_of_a_small_filing(tmp_path: Path) -> None:
    tagged_file(tmp_path)
    (case,) = ixbrl.load(tmp_path)
    prediction = ReaderSystem(ixbrl.look).predict(case)
    assert prediction.extra["facts"] == {"agrees": 4, "not judged: hidden": 1, "not judged: in words": 1}
    assert prediction.extra["cells"] == {"agrees": 3}
    # The payment is printed in parentheses and tagged as positive.
    assert prediction.extra[ixbrl.BY_TAG] == {"agrees": 2, "sign": 1}
    scores = {score.metric: score for score in ixbrl.AgreementScorer().score(case, prediction)}
    assert scores["fact_agreement"].value == 1.0
    assert scores["table_cell_agreement"].value == 1.0
    assert scores["table_cell_agreement_tag_sign"].value == pytest.approx(2 / 3)
    assert scores["table_cell_agreement_tag_sign"].detail == "agrees 2, sign 1"
    assert scores["table_cell_agreement_lenient"].value == 1.0
    shares = ixbrl.pooled([(case, prediction), (case, prediction)])
    assert shares["table_cell_agreement_tag_sign"] == pytest.approx(2 / 3)


YEAR = Period(date(2023, 12, 31), 12)


def fact(concept: str, value: str, period: Period = YEAR) -> Fact:
    return Fact("", concept, Decimal(value), "USD", 6, period, Span(0, chars=(0, 1)), "ixbrl", "")


@pytest.mark.parametrize(
    ("number", "scale", "period", "kinds"),
    [
        ("2000", 6, YEAR, []),
        ("2000", 3, YEAR, ["scale"]),
        ("-2000", 6, YEAR, ["sign"]),
        ("2001", 6, YEAR, ["digits"]),
        ("2000", 6, None, ["no period"]),
        ("2000", 6, Period(date(2022, 12, 31), 12), ["end of the period"]),
        ("2000", 6, Period(date(2023, 12, 28), 12), ["end of the period by a week or less"]),
        ("2000", 6, Period(date(2023, 12, 31), 3), ["length of the period"]),
        ("-2000", 6, Period(date(2023, 12, 31), 0), ["sign", "instant or duration"]),
    ],
)
def test_kinds_of_disagreement(number: str, scale: int, period: Period | None, kinds: list[str]) -> None:
    cell = Cell(0, number, Decimal(number), scale, "USD", period, Span(0, chars=(0, 1)))
    assert ixbrl.cell_kinds(cell, fact("us-gaap:Revenues", "2000000000"), Decimal("2000000000")) == kinds


def test_a_cell_that_is_not_there_or_has_no_number_disagrees() -> None:
    nothing = Cell(0, "3 - 5", None, 0, None, YEAR, Span(0, chars=(0, 1)))
    assert ixbrl.cell_kinds(None, fact("us-gaap:Revenues", "1"), Decimal(1)) == ["no cell"]
    assert ixbrl.cell_kinds(nothing, fact("us-gaap:Revenues", "1"), Decimal(1)) == ["no number"]


def test_a_filing_without_tags_has_no_agreement() -> None:
    scores = ixbrl.AgreementScorer().score(Case("1", "", ""), Prediction("answered"))
    assert [score.value for score in scores] == [None] * 4


@pytest.mark.slow
def test_real_filings_are_read_as_tagged() -> None:
    case = next(case for case in ixbrl.load(real("edgar")) if case.id.startswith("NVDA"))
    prediction = ReaderSystem(ixbrl.look).predict(case)
    scores = {score.metric: score.value for score in ixbrl.AgreementScorer().score(case, prediction)}
    assert (scores["fact_agreement"] or 0) > 0.99
    assert sum(prediction.extra["cells"].values()) > 500
