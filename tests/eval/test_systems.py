from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.answer import Answer, Check, Citation
from assistant.sheet import sheet_lines
from eval.benchmarks import own
from eval.case import Case, Place
from eval.rows import Row, write_row
from eval.systems.sheet import SheetSystem, read_cell, sheet_of
from eval.systems.tieout import TieoutSystem, tieout_systems
from eval.systems.trust import grounds, trust
from index.query import understand
from ingest.errors import DataAbsentError, ModelMissingError, UnreadableFileError
from ingest.vocabulary import built_in_vocabulary
from model.contract import EchoGenerator, Generation, SheetLine
from tests.assistant.desk import ANNUAL_HTML, ANNUAL_PDF, EMBEDDER, QUARTER_HTML, RELEASE, write_examples


def quiet(what: str, done: int, total: int) -> None:
    """Progress that nobody looks at."""


# Tieout


@pytest.fixture(scope="module")
def filings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("reportlab", reason="the examples extra is not installed")
    folder = tmp_path_factory.mktemp("filings")
    write_examples(folder)
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7 cut off")
    shutil.copy(folder / ANNUAL_PDF, folder / "zz_copy.pdf")
    return folder


Opener = Callable[..., TieoutSystem]


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the libraries are kept from test to test, as from run to run."""
    return tmp_path_factory.mktemp("work")


@pytest.fixture
def opened(filings: Path, work: Path) -> Iterator[Opener]:
    systems: list[TieoutSystem] = []

    def open_system(documents: Path = filings, **options: Any) -> TieoutSystem:
        given = {"generator": "none", "embedder": lambda: EMBEDDER, "jobs": 1, **options}
        systems.append(TieoutSystem(documents, work, **given))
        return systems[-1]

    yield open_system
    for system in systems:
        system.close()


class EmbedsNothing:
    """Is the tests' embedder by its fingerprint, and fails when it is asked for a vector."""

    name, dimension, fingerprint = EMBEDDER.name, EMBEDDER.dimension, EMBEDDER.fingerprint

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        raise AssertionError(f"{len(texts)} texts were embedded again")

    def embed_question(self, text: str) -> NDArray[np.float32]:
        raise AssertionError(f"{text} was embedded")


QUESTION = "What was Orrindale's total revenue in FY2024, in USD millions?"
CASE = Case("1", QUESTION, "", documents=(Path(ANNUAL_PDF).stem,))


def test_an_answer_from_facts_is_cited_ranked_and_traced(opened: Opener) -> None:
    system = opened()
    system.prepare([CASE], quiet)
    prediction = system.predict(CASE)
    assert prediction.status == "answered", prediction.text
    (value,) = prediction.values
    assert value.unit == "USD millions"
    assert value.value in prediction.text.replace(",", "")
    assert prediction.extra["writer"] == "facts"
    assert prediction.extra["programs"]
    assert prediction.confidence == sum(prediction.extra["grounds"].values()) / 5 >= 0.6
    assert all(check["passed"] for check in prediction.extra["checks"] if check["binding"])
    cited = prediction.citations[0]
    assert cited.quote.replace(",", "").strip("$ ") in value.value
    assert prediction.retrieved[0] == cited.place
    assert len(set(prediction.retrieved)) == len(prediction.retrieved) > 5
    # What a page index means is what the library says of it: the quote stands on that page.
    (filing,) = {citation["filing"] for citation in prediction.extra["citations"]}
    assert system._library is not None
    assert cited.quote in system._library.page(filing, cited.place.page).text


def test_every_ground_for_trust_counts_alike() -> None:
    cited = Citation(
        "E1", "f", "f.pdf", 1, None, None, None, None, "1,577", "Capex", key="2018", tag="us-gaap:Payments"
    )
    answer = Answer("?", "answered", None, "1,577", citations=(cited,), checks=(Check("source", True),), writer="facts")
    assert trust(answer) == 1
    assert set(grounds(answer).values()) == {True}
    printed = replace(answer, citations=(cited, replace(cited, tag=None)))
    assert trust(printed) == 0.8
    quoted = replace(answer, citations=(replace(cited, tag=None, key=None),), writer="search")
    assert trust(quoted) == trust(replace(printed, checks=(Check("agreement", False, binding=False),))) == 0.6
    assert trust(replace(printed, writer="generator", assumed=("period: FY2018",))) == pytest.approx(0.4)
    assert trust(replace(answer, citations=())) == 0.6


def test_a_prediction_can_be_written_as_a_row(opened: Opener) -> None:
    system = opened()
    system.prepare([CASE], quiet)
    assert '"answered"' in write_row(Row.of(CASE, system.predict(CASE), ()))


def test_what_facts_do_not_settle_is_left_unanswered_without_a_generator(opened: Opener) -> None:
    system = opened()
    state = system.prepare([CASE], quiet)
    assert (system.name, state["generator"]) == ("tieout-facts", "none")
    prediction = system.predict(replace(CASE, question="Why did Orrindale's margin fall in FY2024?"))
    assert (prediction.status, prediction.reason) == ("abstained", "not_supported")
    assert prediction.values == prediction.citations == ()
    assert prediction.retrieved


def test_the_state_names_what_was_not_added_and_repeats(opened: Opener, filings: Path) -> None:
    steps: list[tuple[int, int]] = []
    first = opened().prepare([CASE], lambda what, done, total: steps.append((done, total)))
    assert (first["filings"], first["document"]) == ("4", "to be found")
    assert first["not_added"].startswith("broken.pdf (")
    assert "zz_copy" not in first["not_added"]
    assert steps[-1] == (6, 6)
    assert all(first.values()), first
    again = opened(embedder=lambda: EMBEDDER)
    assert again.prepare([CASE], quiet) == first


def test_the_questions_are_no_filing(opened: Opener, filings: Path, tmp_path: Path) -> None:
    """They have the answers, and a table of them can be read like any other."""
    folder = tmp_path / "own"
    folder.mkdir()
    shutil.copy(filings / RELEASE, folder)
    questions = folder / "questions.csv"
    questions.write_text("question,answer\nHow much was revenue in FY2024?,1577\n", encoding="utf-8")
    state = opened(folder, besides=questions).prepare([CASE], quiet)
    assert (state["filings"], state["not_added"]) == ("1", "")
    assert own.load(questions)
    (system,) = [own.BENCHMARK.systems["tieout-facts"](questions, tmp_path / "work")]
    assert isinstance(system, TieoutSystem)
    assert system.besides == questions


def test_a_second_run_reads_nothing_and_forgets_what_is_gone(
    opened: Opener, filings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "own"
    shutil.copytree(filings, folder)
    first = opened(folder).prepare([CASE], quiet)
    (folder / QUARTER_HTML).unlink()

    def read(*given: object, **more: object) -> None:
        raise AssertionError("a file was read again")

    (folder / "broken.pdf").unlink()
    monkeypatch.setattr("assistant.add.read_files", read)
    second = opened(folder).prepare([CASE], quiet)
    assert (second["filings"], second["not_added"]) == ("3", "")
    assert second["library"] != first["library"]


def test_another_reader_makes_a_library_of_its_own(
    opened: Opener, filings: Path, work: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "few"
    folder.mkdir()
    shutil.copy(filings / RELEASE, folder)
    opened(folder).prepare([CASE], quiet)
    before = set((work / "libraries").iterdir())
    code = tmp_path / "code"
    (code / "ingest").mkdir(parents=True)
    (code / "ingest" / "read.py").write_text("changed", encoding="utf-8")
    monkeypatch.setattr("eval.systems.state.ROOT", code)
    state = opened(folder, embedder=EmbedsNothing).prepare([CASE], quiet)
    assert set((work / "libraries").iterdir()) > before
    assert (state["commit"], state["filings"], state["not_added"]) == ("unknown", "1", "")


def test_the_given_document_is_all_that_a_question_sees(opened: Opener) -> None:
    system = opened(given_document=True)
    assert system.prepare([CASE], quiet)["document"] == "given"
    assert system.name == "tieout-facts-oracle"
    for document in (Path(ANNUAL_HTML).stem, "zz_copy"):
        prediction = system.predict(replace(CASE, documents=(document,)))
        assert prediction.status == "answered"
        assert {place.document for place in prediction.retrieved} == {document}
        assert {citation.place.document for citation in prediction.citations} == {document}
    elsewhere = system.predict(replace(CASE, documents=(Path(QUARTER_HTML).stem,)))
    assert (elsewhere.status, elsewhere.reason, elsewhere.retrieved) == ("abstained", "not_in_library", ())
    absent = system.predict(replace(CASE, documents=("no_such_file",)))
    assert absent.reason == "not_in_library"


def test_a_generator_is_asked_where_one_is_wanted(opened: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIEOUT_GENERATOR", "none")
    assert opened(generator=None).name == "tieout-facts"
    monkeypatch.delenv("TIEOUT_GENERATOR")
    assert opened(generator=None).name == "tieout"
    assert opened(generator=None, given_document=True).name == "tieout-oracle"


def test_a_folder_without_filings_is_absent_data(opened: Opener, tmp_path: Path, filings: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(DataAbsentError, match="--data"):
        opened(empty).prepare([CASE], quiet)
    shutil.copy(filings / "broken.pdf", empty)
    with pytest.raises(UnreadableFileError, match=r"broken\.pdf"):
        opened(empty).prepare([CASE], quiet)


def test_the_doors_open_what_they_are_called(tmp_path: Path) -> None:
    doors = tieout_systems(lambda data: data / "pdfs")
    assert next(iter(doors)) == "tieout"
    for name, door in doors.items():
        system = door(tmp_path, tmp_path / "work")
        assert system.name == name
        assert isinstance(system, TieoutSystem)
        assert system.documents == tmp_path / "pdfs"


# The sheet

TABLE = (
    ("( in millions )", "2031", "2030", "change"),
    ("revenues :", "", "", ""),
    ("net sales", "$ 1200", "$ -300 ( 300 )", "27% ( 27 % )"),
    ("cost of sales", "700", "-", "n/a"),
    ("auditor", "abel & co", "baker", ""),
)
TEXT = ("nothing of note .", "net sales rose because a plant opened .", "the plant is in larkfield .")


def page(question: str = "what was the growth of net sales?", **data: Any) -> Case:
    return Case("page-1", question, "", data={"table": TABLE, "text": TEXT, **data})


def lines_of(case: Case) -> list[tuple[str, str, dict[str, str]]]:
    evidence = sheet_of(case, understand(case.question, (), built_in_vocabulary()))
    assert [line.id for line in evidence.lines] == [f"E{n}" for n in range(1, len(evidence.lines) + 1)]
    return [
        (line.kind, " > ".join([*line.path, line.label]), {cell.key: str(cell.value) for cell in line.cells})
        for line in evidence.lines
    ]


def test_a_page_becomes_rows_and_then_sentences() -> None:
    assert lines_of(page()) == [
        ("sentence", "Columns: 2031: 2031; 2030: 2030; c4: change", {}),
        ("row", "revenues : > net sales", {"2031": "1200", "2030": "-300", "c4": "27"}),
        ("row", "revenues : > cost of sales", {"2031": "700", "2030": "0"}),
        ("sentence", "auditor | abel & co | baker", {}),
        ("sentence", "nothing of note .", {}),
        ("sentence", "net sales rose because a plant opened .", {}),
        ("sentence", "the plant is in larkfield .", {}),
    ]


@pytest.mark.parametrize(
    ("text", "figures", "marked"),
    [
        (
            "income rose by $ 23.4 million , or 12 % , to $ 1,240 million .",
            {"n1": "23.4", "n2": "12", "n3": "1240"},
            "income rose by $ n1: 23.4 million , or n2: 12 % , to $ n3: 1,240 million .",
        ),
        ("as of december 31 , 2018 we had 93,516 employees .", {"n1": "93516"}, None),
        ("see note 5 of our 10-k for 2018 .", {"n1": "5"}, None),
        ("management 2019s view of q4 and the 401 ( k ) plan", {"n1": "401"}, None),
        ("no figures stand here .", {}, "no figures stand here ."),
    ],
)
def test_figures_of_sentences_can_be_pointed_at(text: str, figures: dict[str, str], marked: str | None) -> None:
    case = page(text=(text,))
    assert lines_of(case)[-1] == ("sentence", text, figures)
    line = sheet_lines(sheet_of(case, understand(case.question, (), built_in_vocabulary())))[-1]
    assert line.keys == tuple(figures)
    if marked is not None:
        assert line.text == marked


def test_the_scale_of_a_figure_in_a_sentence_is_told() -> None:
    case = page(text=("sales were $ 23.4 million , a rise of 12% .",))
    assert predicted("value(E5[n1])", case, scaled=True).extra["scale"] == "million"
    assert predicted("value(E5[n2])", case, scaled=True).extra["scale"] == "percent"


@pytest.mark.parametrize(
    ("table", "rows"),
    [
        # No heading at all: the first row has a figure.
        ((("2008", "$ 689"), ("2009", "542")), [{"c2": "689"}, {"c2": "542"}]),
        # Two rows of headings, the upper of which spans columns.
        ((("", "Ended", ""), ("", "2019", "2018"), ("Sales", "$44.1", "(5.7)")), [{"2019": "44.1", "2018": "-5.7"}]),
        # One year over two columns names neither.
        ((("", "2019 high", "2019 low"), ("price", "4", "3")), [{"c2": "4", "c3": "3"}]),
        # A row of years under full headings is a row.
        ((("type", "face value", "maturity"), ("notes", "2025", "2031")), [{"c2": "2025", "c3": "2031"}]),
        # A row that is longer than its heading.
        ((("", "2019"), ("Sales", "4", "3")), [{"2019": "4", "c3": "3"}]),
    ],
)  # fmt: skip
def test_headings_are_told_from_rows(table: Any, rows: list[dict[str, str]]) -> None:
    assert [cells for kind, _, cells in lines_of(page(table=table)) if kind == "row"] == rows


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("-9 ( 9 )", "-9"),
        ("$ -9.5 ( 9.5 )", "-9.5"),
        ("27.5% ( 27.5 % )", "27.5"),
        ("( 9 ) % (  % )", "-9"),
        ("(1,774)", "-1774"),
        ("$1,496.5", "1496.5"),
        ("$ 12.5 million", "12.5"),
        ("2,235 (1)", "2235"),
        ("—", "0"),
    ],
)
def test_cells_are_read_as_they_are_printed(text: str, number: str) -> None:
    figure = read_cell(text)
    assert figure is not None
    assert str(figure.number) == number


@pytest.mark.parametrize("text", ["( a )", "", "level 3", "may 2014", "1 - 3 years"])
def test_what_is_no_figure_is_not_read(text: str) -> None:
    assert read_cell(text) is None


def predicted(program: str, case: Case, *, scaled: bool = False) -> Any:
    system = SheetSystem(scaled=scaled, generator=lambda: EchoGenerator(program))
    state = system.prepare([case], quiet)
    assert (system.name, state["generator"]) == ("sheet", "echo")
    return system.predict(case)


def test_a_program_is_executed_over_printed_numbers() -> None:
    change = "divide(subtract(value(E2[2031]), value(E2[2030])), value(E2[2030]))"
    prediction = predicted(change, page())
    assert (prediction.status, prediction.label) == ("answered", "-5")
    assert [value.value for value in prediction.values] == ["-5"]
    assert [citation.quote for citation in prediction.citations] == ["$ 1200", "$ -300 ( 300 )"]
    assert {citation.place for citation in prediction.citations} == {Place("page-1", 0)}
    assert prediction.extra["programs"] == [change]
    assert prediction.extra["trace"][-1]["result"] == "-5"
    # Amount times amount has no unit that an assistant would let pass; gold programs do it.
    assert predicted("multiply(value(E2[2031]), value(E3[2031]))", page()).label == "840000"


def test_verdicts_and_quotations_are_labels() -> None:
    assert predicted("yes(greater(value(E2[2031]), value(E3[2031])))", page()).label == "yes"
    assert predicted("no(greater(value(E3[2031]), value(E2[2031])))", page()).label == "no"
    quoted = predicted("quote(E6)", page())
    assert quoted.label == "net sales rose because a plant opened ."
    assert quoted.values == ()


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        ("abstain(not_reported)", "not_reported"),
        ("yes(greater(value(E3[2031]), value(E2[2031])))", "not_supported"),
        ("divide(value(E2[2031]), value(E3[2030]))", "not_supported"),
        ("value(E2[1999])", "not_supported"),
        ("not a program", "not_supported"),
    ],
)
def test_what_cannot_be_executed_is_an_abstention(program: str, reason: str) -> None:
    prediction = predicted(program, page())
    assert (prediction.status, prediction.reason, prediction.label) == ("abstained", reason, None)
    assert bool(prediction.extra["error"]) == (reason == "not_supported")


@pytest.mark.parametrize(
    ("program", "question", "label", "scale"),
    [
        ("value(E2[2031])", "net sales?", "1200", "million"),
        ("divide(add(value(E2[2031]), value(E3[2031])), const(2))", "the average?", "950", "million"),
        ("growth(value(E2[2031]), value(E3[2031]))", "the percentage change?", "71.43", "percent"),
        ("divide(value(E2[2031]), value(E3[2031]))", "the ratio?", "1.71", ""),
        ("value(E2[c4])", "the change?", "27", "percent"),
        ("subtract(value(E2[c4]), value(E2[c4]))", "the difference?", "0", "percent"),
        ("quote(E6)", "why did net sales rise?", "net sales rose because a plant opened .", ""),
    ],
)
def test_scaled_results_are_rounded_and_have_a_scale(program: str, question: str, label: str, scale: str) -> None:
    prediction = predicted(program, page(question), scaled=True)
    assert (prediction.label, prediction.extra["scale"]) == (label, scale)


def test_the_scale_may_stand_in_the_text() -> None:
    table = (("", "2031"), ("Sales", "12"))
    case = page("Sales?", table=table, text=("Other.", "Sales by type (in thousands):"))
    assert predicted("value(E1[2031])", case, scaled=True).extra["scale"] == "thousand"
    assert predicted("value(E1[2031])", page("Sales?", table=table), scaled=True).extra["scale"] == ""


@pytest.mark.slow
def test_the_embedded_generator_writes_what_can_be_executed() -> None:
    system = SheetSystem()
    try:
        state = system.prepare([page()], quiet)
    except ModelMissingError as error:
        pytest.skip(str(error))
    assert state["generator"].startswith("picker@")
    prediction = system.predict(page())
    assert prediction.extra["model"] == state["generator"]
    assert (prediction.label is None) == (prediction.status == "abstained")


def test_a_turn_is_asked_with_the_questions_before_it() -> None:
    asked: list[str] = []

    class Listening:
        name = "listening"

        def write_program(self, question: str, lines: Sequence[SheetLine]) -> Generation:
            asked.append(question)
            return Generation("abstain(not_supported)", 0, 0.0, self.name)

    SheetSystem(generator=Listening).predict(page("and in 2030?", before=("sales in 2031?", "why?")))
    assert asked == ["sales in 2031?\nwhy?\nand in 2030?"]
