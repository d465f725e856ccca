from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.config import load_settings
from eval.speeds.embed import environment
from eval.speeds.measurement import against
from eval.speeds.memory import measure_memory
from eval.speeds.parse import measure_parsing
from eval.speeds.peer import measure_peer
from eval.speeds.search import measure_search
from eval.speeds.tokens import measure_tokens
from ingest.errors import ModelMissingError, UsageError

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def pdf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    canvas = pytest.importorskip("reportlab.pdfgen.canvas", reason="the test group is not installed")
    path = tmp_path_factory.mktemp("pdf") / "brack.pdf"
    sheet = canvas.Canvas(str(path), invariant=1)
    for page in range(3):
        sheet.drawString(72, 700, f"Page {page} of Brack's annual report")
        sheet.showPage()
    sheet.save()
    return path


def test_the_speed_of_a_server_is_not_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIEOUT_GENERATOR", "openai-like:m")
    with pytest.raises(UsageError, match="openai-like:m is served"):
        measure_tokens(load_settings())


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "eval.speed", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603


@pytest.mark.parametrize(
    ("unit", "value", "baseline", "ratio"),
    [("s", 2.0, 1.0, 0.5), ("ms", 1.0, 4.0, 4.0), ("MB", 3.0, 3.0, 1.0), ("pages/s", 30.0, 10.0, 3.0)],
)
def test_a_ratio_above_one_is_better_than_the_baseline(unit: str, value: float, baseline: float, ratio: float) -> None:
    assert against("x", value, unit, "y", baseline).ratio == ratio


@pytest.mark.parametrize(("value", "baseline"), [(0.0, 1.0), (1.0, 0.0), (-1.0, 1.0)])
def test_a_ratio_to_nothing_is_refused(value: float, baseline: float) -> None:
    with pytest.raises(ValueError, match="nothing was measured"):
        against("x", value, "s", "y", baseline)


def test_peak_memory_counts_what_was_allocated_and_given_back() -> None:
    code = (
        "from eval.speeds.measurement import peak_memory as peak\n"
        "a = peak(); block = bytearray(b'x') * (64 << 20); b = peak(); del block; print(a, b, peak())"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603
    before, during, after = (float(part) for part in done.stdout.split())
    assert 5 < before < 60
    assert 62 < during - before < 80
    assert after == pytest.approx(during, abs=4)  # the kernel counts pages in batches


def test_parsing_stands_beside_pypdf(pdf: Path) -> None:
    (row,) = measure_parsing([pdf, pdf.with_suffix(".html")])
    assert (row.unit, row.baseline) == ("pages/s", "pypdf, text alone")
    assert row.detail.startswith("3 pages of 1 files")
    assert row.ratio == pytest.approx(row.value / row.baseline_value, rel=0.02)


def test_files_that_are_no_pdf_are_not_measured(tmp_path: Path) -> None:
    assert measure_parsing([tmp_path / "a.html"]) == []
    assert measure_memory([tmp_path / "a.html"]) == []


def test_memory_is_that_of_processes_of_their_own(pdf: Path) -> None:
    ballast = bytearray(b"x") * (256 * 1024 * 1024)  # must not count for the processes that are measured
    (row,) = measure_memory([pdf])
    assert len(ballast)
    assert 10 < row.value < 200
    assert 10 < row.baseline_value < 200


def test_search_is_measured_in_every_way() -> None:
    rows = measure_search([2_000])
    assert [row.name for row in rows] == [
        f"search 2,000 {kind}, {share}"
        for kind in ("in all filings", "in one filing", "by words")
        for share in ("p50", "p95")
    ]
    assert all(row.value > 0 and row.unit == "ms" for row in rows)
    assert all(rows[i].value <= rows[i + 1].value for i in (0, 2, 4))


def test_an_environment_variable_is_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIEOUT_TEST", "before")
    with environment("TIEOUT_TEST", "now"):
        assert os.environ["TIEOUT_TEST"] == "now"
    assert os.environ["TIEOUT_TEST"] == "before"
    monkeypatch.delenv("TIEOUT_TEST")
    with pytest.raises(RuntimeError), environment("TIEOUT_TEST", "now"):
        raise RuntimeError
    assert "TIEOUT_TEST" not in os.environ


def test_the_command_prints_json(pdf: Path) -> None:
    done = run(str(pdf), "--only", "parse")
    assert done.returncode == 0, done.stderr
    (row,) = json.loads(done.stdout)["measurements"]
    assert row["name"] == "parse"


def test_benches_that_need_files_say_so() -> None:
    done = run("--only", "parse")
    assert done.returncode == 2
    assert "need files" in done.stderr


@pytest.mark.slow
def test_the_whole_bench_runs_on_a_small_file(pdf: Path) -> None:
    from assistant.config import load_settings

    if not (load_settings().models / "minilm").is_dir():
        pytest.skip("the embedded models are not pulled")
    done = run(str(pdf), "--only", "add", "--only", "embed", "--repeat", "1")
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["pages"] == 3
    assert {"add", "ask, all loaded", "ask, a whole process"} <= {row["name"] for row in result["measurements"]}


@pytest.mark.slow
def test_adding_stands_beside_the_default_path_of_llamaindex(pdf: Path) -> None:
    pytest.importorskip("llama_index.readers.file", reason="the extra peers is not installed")
    pytest.importorskip("llama_index.vector_stores.faiss", reason="the extra peers is not installed")
    try:
        rows = measure_peer([pdf, pdf.with_suffix(".txt")])
    except ModelMissingError as error:
        pytest.skip(str(error))
    assert [row.name for row in rows] == ["add with minilm", "add with static"]
    assert all(row.detail.startswith("1 files, 3 pages; by processor time") for row in rows)
    assert rows[0].baseline_value == rows[1].baseline_value > 0
    assert measure_peer([]) == []
