"""The command line: what is typed, what is printed, where, and the exit codes."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from assistant.cli.main import app
from index.library import Library
from ingest import errors
from ingest.errors import ModelMissingError, TieoutError, UsageError
from model.contract import EchoGenerator
from model.pull import pull
from tests.assistant.desk import (
    ANNUAL_HTML,
    ANNUAL_PDF,
    EMBEDDER,
    EXAMPLES,
    QUARTER_HTML,
    RELEASE,
    copy_library,
    fill,
    leave_home,
    write_examples,
)

ROOT = Path(__file__).parents[1]
REVENUE = "What was Orrindale's revenue in FY2024?"
Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user without settings, and a terminal that nobody sits at."""
    return leave_home(monkeypatch, tmp_path)


@pytest.fixture(autouse=True)
def models(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hashing embedder and a generator that always abstains stand in for the pulled models."""
    for place in ("assistant.cli.opening", "assistant.cli.adding", "assistant.cli.summarising"):
        monkeypatch.setattr(f"{place}.embedder_for", lambda settings: EMBEDDER)
    generator = EchoGenerator("abstain(not_reported)")
    monkeypatch.setattr("model.picker.generator.load_picker", lambda *arguments, **options: generator)


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    pytest.importorskip("reportlab", reason="the examples extra is not installed")
    return write_examples(tmp_path_factory.mktemp("filings"))


@pytest.fixture(scope="module")
def shelf(examples: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("shelf") / "library"
    with Library.open(place, create=True) as library:
        fill(library, examples)
    return place


@pytest.fixture
def library(shelf: Path, tmp_path: Path) -> Path:
    return copy_library(shelf, tmp_path / "library")


@pytest.fixture
def run(library: Path) -> Run:
    """Run a command on the library of the example filings."""

    def command(*arguments: str, place: Path | None = library, **options: Any) -> Result:
        given = list(arguments) + (["--library", str(place)] if place else [])
        return CliRunner().invoke(app, given, **options)

    return command


def passed(result: Result) -> str:
    assert result.exit_code == 0, (result.exception, result.output)
    return result.stdout


def refused(result: Result, kind: type[TieoutError]) -> str:
    assert isinstance(result.exception, kind), (result.exception, result.output)
    message = str(result.exception)
    assert "\n" not in message
    return message


# ask


def test_ask_prints_the_answer_and_its_footnotes(run: Run) -> None:
    lines = passed(run("ask", REVENUE)).splitlines()
    assert lines[0] == "Orrindale Instruments Corporation, FY2024: revenue $2,426.7 million [1]"
    assert lines[1].startswith(f"  [1] {ANNUAL_PDF}, page 14")
    assert "“Net sales”: $2,426.7" in lines[1]


def test_ask_says_what_was_assumed(run: Run) -> None:
    assert "  assumed: period: FY2024, the latest year in the library" in passed(run("ask", "Orrindale's revenue?"))


def test_ask_shows_how_the_answer_came_about(run: Run) -> None:
    printed = passed(run("ask", "How much did Orrindale's revenue grow in FY2024?", "--trace"))
    assert "program (formed from facts, without a language model):" in printed
    assert "  growth(value(E1[2024]), value(E1[2023]))" in printed
    assert "growth(2426700000, 2261500000) = 0.0730" in printed
    assert "  passed source: " in printed
    assert "FAILED" not in printed


def test_ask_as_json(run: Run) -> None:
    answer = json.loads(passed(run("ask", REVENUE, "--json")))
    assert (answer["status"], answer["reason"], answer["writer"]) == ("answered", None, "facts")
    assert answer["values"][0]["value"] == "2426.7"
    assert answer["citations"][0]["page"] == 14
    assert len(answer["citations"][0]["box"]) == 4


def test_an_abstention_is_an_answer(run: Run) -> None:
    assert passed(run("ask", "What was Zenith's revenue?")).startswith(
        "Cannot say: the library has no filing of Zenith"
    )
    answer = json.loads(passed(run("ask", "What was Orrindale's core revenue in FY2024?", "--json")))
    assert (answer["status"], answer["reason"], answer["model"]) == ("abstained", "not_supported", "echo")


# summarise


def test_summarise_prints_figures_and_sentences_with_their_pages(run: Run) -> None:
    printed = passed(run("summarise", ANNUAL_PDF))
    assert printed.startswith("Orrindale Instruments Corporation 10-K FY2024")
    assert re.search(r"Revenue +2,426\.7 USD millions +2,261\.5 USD millions +7\.3 % +p\. 14\b", printed)
    assert re.search(r"“[^”]+” \[p\. \d+\]", printed)


def test_summarise_as_json(run: Run) -> None:
    summary = json.loads(passed(run("summarise", ANNUAL_PDF, "--section", "Item 7", "--sentences", "2", "--json")))
    assert summary["figures"] == []
    (section,) = summary["sections"]
    assert len(section["sentences"]) == 2
    assert all(each["page"] and each["quote"] for each in section["sentences"])


def test_summarise_refuses_what_is_not_there(run: Run) -> None:
    assert "no filing" in refused(run("summarise", "zenith.pdf"), errors.FilingNotFoundError)
    assert "no section 'Item 77'" in refused(run("summarise", ANNUAL_PDF, "--section", "Item 77"), UsageError)


# brackets


def test_brackets_are_no_markup(run: Run) -> None:
    assert "no command /fly[bold]; /help lists them" in passed(run("chat", input="/fly[bold]\n"))


@pytest.mark.parametrize("question", ["", "   "])
def test_an_empty_question_is_refused(question: str, run: Run) -> None:
    assert "empty" in refused(run("ask", question), UsageError)


def test_a_library_that_is_not_there(run: Run, tmp_path: Path) -> None:
    message = refused(run("ask", REVENUE, place=tmp_path / "none"), errors.LibraryNotFoundError)
    assert str(tmp_path / "none") in message


def test_models_that_were_not_pulled(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    monkeypatch.setenv("TIEOUT_MODELS", "/nowhere")
    monkeypatch.setenv("TIEOUT_EMBEDDER", "minilm")
    message = refused(run("ask", "What was Orrindale's core revenue in FY2024?"), ModelMissingError)
    assert "tieout models pull" in message
    assert passed(run("ask", REVENUE)).startswith("Orrindale")


# add, status, remove


def test_add_then_status_then_remove(run: Run, examples: list[Path], tmp_path: Path) -> None:
    place = tmp_path / "new"
    added = run("add", str(examples[0].parent), place=place)
    assert added.exit_code == 0, added.output
    assert added.output.count("added: ") == 4
    assert re.search(r"^4 added in [\d.]+ s, 72 pages, ", added.output, re.M)
    again = run("add", str(examples[0].parent), place=place)
    assert again.exit_code == 0
    assert "4 already there in" in again.output

    listed = passed(run("status", place=place))
    assert listed.startswith(f"4 filings in {place}")
    assert all(path.name in listed for path in examples)
    filings = json.loads(passed(run("status", "--json", place=place)))
    assert {filing["source"] for filing in filings} == {path.name for path in examples}
    assert {filing["identity"]["company"] for filing in filings} == {
        "Orrindale Instruments Corporation",
        "Marrowby Foods, Inc.",
    }

    release = next(filing for filing in filings if filing["source"] == RELEASE)
    refused(run("remove", "zenith.pdf", QUARTER_HTML, place=place), errors.FilingNotFoundError)
    assert len(json.loads(passed(run("status", "--json", place=place)))) == 4
    removed = passed(run("remove", QUARTER_HTML, release["id"][:12], place=place))
    assert removed.count("removed: ") == 2
    assert len(json.loads(passed(run("status", "--json", place=place)))) == 2


def test_add_lists_bad_files_and_fails(run: Run, examples: list[Path], tmp_path: Path) -> None:
    folder = tmp_path / "mixed"
    folder.mkdir()
    (folder / "good.pdf").write_bytes(next(path for path in examples if path.name == RELEASE).read_bytes())
    (folder / "cut.pdf").write_bytes(b"%PDF-1.7\n1 0 obj")
    (folder / "picture.pdf").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(50))
    place = tmp_path / "new"
    result = run("add", str(folder), str(tmp_path / "missing.pdf"), place=place)
    assert result.exit_code == 3
    assert len(re.findall(r"^not added: ", result.output, re.M)) == 3
    assert "not added: missing.pdf: there is no such file or folder" in result.output
    assert "1 added, 3 not added in" in result.output
    assert len(json.loads(passed(run("status", "--json", place=place)))) == 1


def test_add_as_json(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty.pdf").touch()
    result = run("add", str(tmp_path / "empty.pdf"), "--json", place=tmp_path / "new")
    assert result.exit_code == 3
    (entry,) = json.loads(result.stdout)
    assert (entry["outcome"], entry["filing"]) == ("not added", None)
    assert "empty" in entry["message"]


def test_add_without_any_file(run: Run, tmp_path: Path) -> None:
    (tmp_path / "nothing").mkdir()
    result = run("add", str(tmp_path / "nothing"), place=tmp_path / "new")
    assert result.exit_code == 2
    assert "the folder holds no filings" in result.output
    assert not (tmp_path / "new").exists()


def test_add_refuses_no_workers(run: Run, tmp_path: Path) -> None:
    assert run("add", str(tmp_path), "--jobs", "0").exit_code == 2


# extract


def test_extract_writes_a_table_and_says_what(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "kpis.csv"
    printed = passed(run("extract", "--schema", str(EXAMPLES / "kpis.toml"), "--out", str(out)))
    assert re.fullmatch(
        rf"{re.escape(str(out))}: 4 rows; \d+ values with their source, \d+ null with a reason\n", printed
    )
    with out.open(encoding="utf-8", newline="") as stream:
        table = {row["source"]: row for row in csv.DictReader(stream)}
    assert table[ANNUAL_PDF]["revenue"] == table[ANNUAL_HTML]["revenue"] == "2426.7"


@pytest.mark.parametrize(
    ("schema", "out", "said"),
    [
        ("[[field]]\nname = 'a'\nconcept = 'revenue'", "a.xlsx", "name it *.csv"),
        ("[[field]]\nname = 'a'", "a.csv", "field.0.concept"),
        ("[[field]]\nname = 'a'\nconcept = 'weather'", "a.csv", "field a: 'weather'"),
    ],
)
def test_extract_refuses_in_one_line(schema: str, out: str, said: str, run: Run, tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text(schema, encoding="utf-8")
    assert said in refused(
        run("extract", "--schema", str(tmp_path / "s.toml"), "--out", str(tmp_path / out)), UsageError
    )


# show


def test_show_marks_the_line_of_a_footnote(run: Run) -> None:
    passed(run("ask", "What was Marrowby's revenue in Q2 2024?"))
    printed = passed(run("show", "1"))
    assert printed.startswith(f"{QUARTER_HTML}, page 3")
    (marked,) = [line for line in printed.splitlines() if line.startswith("> ")]
    assert "245,059" in marked


def test_show_writes_a_picture(run: Run, tmp_path: Path) -> None:
    from PIL import Image

    passed(run("ask", REVENUE))
    out = tmp_path / "page.png"
    assert passed(run("show", "E1", "--png", str(out))).startswith(f"{out}: {ANNUAL_PDF}, page 14")
    with Image.open(out) as picture:
        assert picture.size == (1224, 1584)


def test_show_a_page_of_a_filing(run: Run) -> None:
    printed = passed(run("show", "orrindale_2024_10K.pdf", "--page", "14"))
    assert "Net sales" in printed
    assert not any(line.startswith("> ") for line in printed.splitlines())


def test_show_refuses_in_one_line(run: Run) -> None:
    assert "nothing was asked yet" in refused(run("show", "1"), UsageError)
    passed(run("ask", REVENUE))
    assert "it has 1 (E1)" in refused(run("show", "7"), UsageError)
    assert "has pages 1 to 29, not 99" in refused(run("show", ANNUAL_PDF, "--page", "99"), UsageError)
    refused(run("show", "zenith", "--page", "1"), errors.FilingNotFoundError)


# chat


def chat(run: Run, *lines: str) -> str:
    return passed(run("chat", input="\n".join(lines) + "\n"))


def test_chat_with_follow_ups_and_commands(run: Run) -> None:
    printed = chat(
        run,
        "/trace",
        REVENUE,
        "and the year before?",
        "",
        "/sources",
        "/open 1",
        "/trace",
        "/help",
        "/fly",
        "/quit",
        "never asked",
    )
    assert printed.startswith("4 filings in ")
    assert "nothing was asked yet" in printed
    assert "FY2024: revenue $2,426.7 million [1]" in printed
    assert "FY2023: revenue $2,261.5 million [1]" in printed
    assert re.search(r"searched \d+ of \d+ passages: Orrindale Instruments Corporation, FY2023", printed)
    assert f"{ANNUAL_PDF}, page 14" in printed
    assert "value(E1[2023])" in printed
    assert "/sources   what the latest answer cites" in printed
    assert "no command /fly; /help lists them" in printed
    assert "never asked" not in printed


def test_chat_goes_on_after_an_error(run: Run) -> None:
    printed = chat(run, REVENUE, "/open 9", "/open E1", "and in 2023?")
    assert "the latest answer has no citation 9: it has 1 (E1)" in printed
    assert "FY2023: revenue $2,261.5 million" in printed


def test_chat_ends_with_its_input(run: Run) -> None:
    assert passed(run("chat", input="")).startswith("4 filings in ")


# vocabulary and models


def test_vocabulary_lists_concepts_and_metrics(run: Run) -> None:
    entries = json.loads(passed(run("vocabulary", "dpo", "--json", place=None)))
    assert "days_payable" in [entry["key"] for entry in entries]
    assert {entry["kind"] for entry in entries} <= {"concept", "metric"}
    assert "days_payable: Days payable outstanding (also: " in passed(run("vocabulary", "dpo", place=None))
    assert passed(run("vocabulary", "no such thing", place=None)) == ""


def test_models_are_listed(run: Run) -> None:
    statuses = {status["name"]: status for status in json.loads(passed(run("models", "list", "--json", place=None)))}
    assert {"static", "picker", "minilm", "smollm2"} <= set(statuses)
    assert passed(run("models", "list", place=None)).count("\n") == len(statuses)


def test_models_pull_needs_a_known_name(run: Run) -> None:
    assert "nonesuch" in refused(run("models", "pull", "nonesuch", place=None), TieoutError)
    with pytest.raises(TieoutError):
        pull("nonesuch", Path("/nowhere"))
