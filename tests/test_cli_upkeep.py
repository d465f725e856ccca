"""The verbs of the records officer: doctor, reindex, remove; and who may see which collections."""

from __future__ import annotations

import ast
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from assistant.cli.main import app
from assistant.extract import resume
from assistant.schema import load_schema
from index.library import Library
from ingest.errors import LibraryError, LibraryMismatchError, UsageError
from model.contract import EchoGenerator
from model.embedder import HashEmbedder
from tests.assistant.desk import EMBEDDER, EXAMPLES, QUARTER_HTML, RELEASE, copy_library, leave_home, write_examples

Run = Callable[..., Result]
ROOT = Path(__file__).parents[1]
MARROWBY = "What was Marrowby's revenue in Q2 2024?"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return leave_home(monkeypatch, tmp_path)


@pytest.fixture(autouse=True)
def models(monkeypatch: pytest.MonkeyPatch) -> None:
    for place in ("assistant.cli.opening", "assistant.cli.adding", "assistant.cli.upkeep"):
        monkeypatch.setattr(f"{place}.embedder_for", lambda settings: EMBEDDER)
    generator = EchoGenerator("abstain(not_reported)")
    monkeypatch.setattr("model.picker.generator.load_picker", lambda *arguments, **options: generator)


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    pytest.importorskip("reportlab", reason="the examples extra is not installed")
    return {path.name: path for path in write_examples(tmp_path_factory.mktemp("filings"))}


@pytest.fixture(scope="module")
def shelf(examples: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed library of two filings in two collections."""
    place = tmp_path_factory.mktemp("shelf") / "library"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("assistant.cli.adding.embedder_for", lambda settings: EMBEDDER)
        for name, collection in ((QUARTER_HTML, "foods"), (RELEASE, "tools")):
            typed = ["add", str(examples[name]), "--collection", collection, "--library", str(place)]
            assert CliRunner().invoke(app, typed).exit_code == 0
    return place


@pytest.fixture
def library(shelf: Path, tmp_path: Path) -> Path:
    return copy_library(shelf, tmp_path / "library")


@pytest.fixture
def run(library: Path) -> Run:
    def command(*arguments: str, **options: Any) -> Result:
        return CliRunner().invoke(app, [*arguments, "--library", str(library)], **options)

    return command


def passed(result: Result) -> str:
    assert result.exit_code == 0, (result.exception, result.output)
    return result.stdout


def test_every_verb_opens_the_library_by_the_one_door() -> None:
    """That a verb could forget the collections of the settings is what this forbids."""
    for path in (ROOT / "assistant" / "cli").glob("*.py"):
        calls = [
            ast.unparse(node.func)
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Call)
        ]
        assert ("Library.open" in calls) is (path.name == "opening.py"), path


def test_only_the_collections_that_are_named_are_seen(run: Run) -> None:
    names = {filing["source"] for filing in json.loads(passed(run("status", "--json")))}
    assert names == {QUARTER_HTML, RELEASE}
    assert "foods" in passed(run("status"))
    listed = passed(run("status", "--collections", "tools"))
    assert listed.startswith("1 filings in")
    assert "Marrowby" not in listed
    assert "Marrowby" in passed(run("ask", MARROWBY, "--collections", "foods"))
    answer = json.loads(passed(run("ask", MARROWBY, "--collections", "tools", "--json")))
    assert (answer["status"], answer["reason"], answer["citations"]) == ("abstained", "not_in_library", [])
    assert "searched 0 of" in answer["search"]
    assert "Marrowby Foods" not in json.dumps(answer)
    assert isinstance(run("remove", QUARTER_HTML, "--collections", "tools").exception, LibraryError)


def test_the_settings_are_the_limit_and_the_option_narrows(
    run: Run, monkeypatch: pytest.MonkeyPatch, examples: dict[str, Path]
) -> None:
    monkeypatch.setenv("TIEOUT_COLLECTIONS", '["tools"]')
    assert passed(run("status")).startswith("1 filings in")
    refused = run("status", "--collections", "foods,tools")
    assert isinstance(refused.exception, UsageError)
    assert str(refused.exception) == "the settings give no access to foods"
    assert isinstance(run("add", str(examples[QUARTER_HTML]), "--collection", "foods").exception, UsageError)
    assert "1 added" in passed(run("add", str(examples[QUARTER_HTML]))), "that foods has it is not told"
    added = json.loads(passed(run("status", "--json")))
    assert {filing["collection"] for filing in added} == {"tools"}, "into the only collection that may be seen"
    assert isinstance(run("doctor").exception, LibraryError)


def test_the_latest_answer_is_that_of_the_same_collections(run: Run) -> None:
    passed(run("ask", MARROWBY, "--collections", "foods"))
    assert QUARTER_HTML in passed(run("show", "1", "--collections", "foods"))
    hidden = run("show", "1", "--collections", "tools")
    assert isinstance(hidden.exception, UsageError)
    assert "nothing was asked yet" in str(hidden.exception)


def test_doctor_says_what_is_wrong_and_mends_it(run: Run, library: Path) -> None:
    assert passed(run("doctor")) == f"{library}: nothing is wrong\n"
    (library / "files" / "stray.pdf").write_bytes(b"x")
    sick = run("doctor")
    assert sick.exit_code == LibraryError.exit_code
    assert sick.stdout.splitlines() == [
        "copies: files/stray.pdf: no filing claims the copy; `tieout doctor --repair` mends it",
        f"{library}: 1 findings",
    ]
    (finding,) = json.loads(run("doctor", "--json").stdout)
    assert finding == {"kind": "copies", "subject": "files/stray.pdf", "message": "no filing claims the copy"}
    assert "nothing is wrong" in passed(run("doctor", "--repair"))
    assert not (library / "files" / "stray.pdf").exists()


def test_doctor_shows_that_a_removed_filing_is_gone(run: Run, examples: dict[str, Path], library: Path) -> None:
    passed(run("ask", MARROWBY))
    filing = next(f for f in json.loads(passed(run("status", "--json"))) if f["source"] == QUARTER_HTML)
    there = run("doctor", "--absent", filing["id"])
    assert there.exit_code == LibraryError.exit_code
    assert "the filing is in the collection foods" in there.stdout
    assert "the journal's entry 1 speaks of it" in there.stdout
    passed(run("remove", QUARTER_HTML))
    assert "nothing is left; its id was looked for" in passed(run("doctor", "--absent", filing["id"]))
    kept = str(examples[QUARTER_HTML])
    assert "nothing is left; its id and its text were looked for" in passed(run("doctor", "--absent", kept))
    assert json.loads(passed(run("doctor", "--absent", filing["id"], "--json")))["traces"] == []
    assert isinstance(run("doctor", "--absent", "abc").exception, UsageError)
    (library / "left").write_bytes(Path(kept).read_bytes())
    assert "left holds its text" in run("doctor", "--absent", kept).stdout


def test_reindex_takes_up_the_embedder_of_the_settings(
    run: Run, monkeypatch: pytest.MonkeyPatch, library: Path
) -> None:
    assert "it has the vectors of hash" in passed(run("reindex"))
    other = HashEmbedder(64)
    for place in ("assistant.cli.opening", "assistant.cli.adding", "assistant.cli.upkeep"):
        monkeypatch.setattr(f"{place}.embedder_for", lambda settings: other)
    refused = run("ask", "Why did Marrowby's costs rise in Q2 2024, and where?")
    assert isinstance(refused.exception, LibraryMismatchError)
    assert "tieout reindex" in str(refused.exception)
    assert "passages embedded with hash" in passed(run("reindex"))
    passed(run("ask", "Why did Marrowby's costs rise in Q2 2024, and where?"))
    assert "nothing is wrong" in passed(run("doctor"))


def test_rows_of_removed_filings_do_not_come_back_with_an_interrupted_extraction(run: Run, tmp_path: Path) -> None:
    schema, out = EXAMPLES / "kpis.toml", tmp_path / "kpis.jsonl"
    passed(run("extract", "--schema", str(schema), "--out", str(out)))
    rows = out.read_text(encoding="utf-8")
    assert QUARTER_HTML in rows
    from assistant.extract import _partial

    partial = _partial(out, load_schema(schema))
    shutil.copy(out, partial)
    assert len(resume(out, load_schema(schema))) == len(rows.splitlines())
    passed(run("remove", QUARTER_HTML))
    passed(run("extract", "--schema", str(schema), "--out", str(out)))
    assert QUARTER_HTML not in out.read_text(encoding="utf-8")


def test_a_replaced_filing_is_wiped_when_the_adding_is_done(
    run: Run, examples: dict[str, Path], tmp_path: Path, library: Path
) -> None:
    source = tmp_path / "a.htm"
    shutil.copy(examples[QUARTER_HTML], source)
    passed(run("add", str(source)))
    source.write_bytes(source.read_bytes().replace(b"Marrowby", b"Thornbury"))
    assert "1 added" in passed(run("add", str(source)))
    with Library.open(library) as opened:
        assert not opened.unwiped
        assert opened.examine() == []
