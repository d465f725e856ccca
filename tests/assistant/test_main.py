"""The program as a whole: its help, its one-line errors and its exit codes."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant.cli.main import app, main
from ingest.errors import TieoutError
from tests.assistant.desk import copy_library, leave_home
from tests.ingest.test_html_ixbrl import HEAD, POINT, tag

ROOT = Path(__file__).parents[2]
REVENUE = "What was Orrindale's revenue in FY2024?"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return leave_home(monkeypatch, tmp_path)


@pytest.fixture
def place(shelf: Path, tmp_path: Path) -> Path:
    return copy_library(shelf, tmp_path / "library")


@pytest.mark.parametrize(
    "command",
    ["add", "parse", "ask", "chat", "extract", "summarise", "show", "status", "remove", "vocabulary", "models"],
)
def test_every_command_has_help(command: str) -> None:
    result = CliRunner().invoke(app, [command, "--help"])
    assert result.exit_code == 0
    assert "Usage: " in result.output


def test_a_wrong_option_exits_with_2() -> None:
    result = CliRunner().invoke(app, ["ask", "--nonsense"])
    assert result.exit_code == 2
    assert CliRunner().invoke(app, ["fly"]).exit_code == 2


def run_main(*arguments: str, monkeypatch: pytest.MonkeyPatch) -> object:
    monkeypatch.setattr(sys, "argv", ["tieout", *arguments])
    with pytest.raises(SystemExit) as stopped:
        main()
    return stopped.value.code


def kinds() -> list[type[TieoutError]]:
    found, queue = [], [TieoutError]
    while queue:
        kind = queue.pop()
        found.append(kind)
        queue.extend(kind.__subclasses__())
    return [kind for kind in found if kind.__module__ == "ingest.errors"]


@pytest.mark.parametrize("kind", kinds())
def test_every_foreseen_error_is_one_line_and_an_exit_code(
    kind: type[TieoutError], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*arguments: object) -> int:
        raise kind("it went wrong: do this")

    monkeypatch.setattr("assistant.cli.shelf.show_status", fail)
    assert run_main("status", monkeypatch=monkeypatch) == kind.exit_code
    captured = capsys.readouterr()
    assert captured.err == "tieout: it went wrong: do this\n"
    assert captured.out == ""


def test_control_c_exits_with_130(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def stop(*arguments: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("assistant.cli.shelf.show_status", stop)
    assert run_main("status", monkeypatch=monkeypatch) == 130
    assert capsys.readouterr().err.strip() == "tieout: stopped; what was finished is kept"


def test_success_exits_with_0(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run_main("status", "--library", str(place), monkeypatch=monkeypatch) == 0


def test_the_settings_of_the_environment_are_used(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TIEOUT_LIBRARY", str(place))
    assert run_main("status", monkeypatch=monkeypatch) == 0
    assert f"4 filings in {place}" in capsys.readouterr().out
    monkeypatch.setenv("TIEOUT_EVIDENCE_LINES", "many")
    assert run_main("status", monkeypatch=monkeypatch) == 2
    assert "evidence_lines" in capsys.readouterr().err


def test_the_program_in_a_process_of_its_own(place: Path, tmp_path: Path) -> None:
    def tieout(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603
            [sys.executable, "-m", "assistant.cli.main", *arguments],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )

    answered = tieout("ask", REVENUE, "--json", "--library", str(place))
    assert answered.returncode == 0, answered.stderr
    assert json.loads(answered.stdout)["values"][0]["value"] == "2426.7"
    assert answered.stderr == ""
    missing = tieout("ask", REVENUE, "--library", str(tmp_path / "none"))
    assert missing.returncode == 4
    assert re.fullmatch(r"tieout: .*\n", missing.stderr)
    assert missing.stdout == ""


def test_labels_are_learned_from_tagged_filings_and_written(tmp_path: Path) -> None:
    outlay = tag("1,577", "g:PaymentsToAcquirePropertyPlantAndEquipment", "year", more=f'{POINT} scale="6" id="f-1"')
    rows = (
        f"<tr><td>In millions</td><td>2024</td></tr><tr><td>Outlays for plant and machinery</td><td>{outlay}</td></tr>"
    )
    rows += "".join(f"<tr><td>{label}</td><td>300</td></tr>" for label in ("Dividends paid", "Taxes paid", "Other"))
    body = f"<p>CONSOLIDATED STATEMENTS OF CASH FLOWS</p><table>{rows}</table>"
    filing, out = tmp_path / "tagged.htm", tmp_path / "labels.toml"
    filing.write_text(HEAD.replace("{hidden}", "").replace("{body}", body), encoding="utf-8")
    result = CliRunner().invoke(app, ["vocabulary", "--build", str(filing), "--out", str(out)])
    assert result.exit_code == 0, result.output
    assert "1 labels of 1 concepts, from 1 companies" in " ".join(result.output.split())
    assert '[more.capital_expenditure]\nlabels = [\n  "outlays for plant & machinery",  # 1, 1\n]' in out.read_text(
        "utf-8"
    )


def test_labels_cannot_be_learned_without_tags(tmp_path: Path) -> None:
    plain = tmp_path / "plain.htm"
    plain.write_text("<html><body><p>Net sales rose.</p></body></html>", encoding="utf-8")
    with pytest.raises(TieoutError, match="none of these files has tagged figures"):
        CliRunner().invoke(app, ["vocabulary", "--build", str(plain)], catch_exceptions=False)
