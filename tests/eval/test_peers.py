from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from eval.case import Case, Place
from eval.contract import System
from eval.systems.bm25 import PageBm25
from eval.systems.dense import WORDS, DenseChunks, cut
from eval.systems.llamaindex import LlamaIndexDefault
from eval.systems.shelf import Scope, cached_vectors
from ingest.errors import DataAbsentError
from model.embedder import HashEmbedder

DATA = Path(os.environ.get("TIEOUT_DATA", Path(__file__).parents[3] / "shared" / "data"))
PAGES = {
    "brack": ["Brack makes kettles in Oulu", "Net sales of kettles were 40 million", "The auditors had no remarks"],
    "orm": ["Orm ships timber from Turku", "Net sales of timber were 70 million", "The auditors had no remarks"],
    "quill": ["Quill rents harbours", "Goodwill was impaired"],
}
SALES = Case("1", "What were the net sales of timber?", "", (Place("orm", 1),), ("orm",))
AUDIT = Case("2", "What remarks had the auditors?", "", (Place("brack", 2),), ("brack",))
ABSENT = Case("3", "What is the goodwill?", "", (), ("nowhere",))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    canvas = pytest.importorskip("reportlab.pdfgen.canvas", reason="the test group is not installed")
    folder = tmp_path_factory.mktemp("pdfs")
    for name, pages in PAGES.items():
        sheet = canvas.Canvas(str(folder / f"{name}.pdf"), invariant=1)
        for text in pages:
            sheet.drawString(72, 700, text)
            sheet.showPage()
        sheet.save()
    return folder


def bm25(folder: Path, work: Path, scope: Scope) -> System:
    pytest.importorskip("bm25s", reason="the peers extra is not installed")
    return PageBm25(folder, work, scope)


def dense(folder: Path, work: Path, scope: Scope) -> System:
    return DenseChunks(folder, work, scope, HashEmbedder)


def llamaindex(folder: Path, work: Path, scope: Scope) -> System:
    pytest.importorskip("llama_index.readers.file", reason="the peers extra is not installed")
    pytest.importorskip("llama_index.vector_stores.faiss", reason="the peers extra is not installed")
    return LlamaIndexDefault(folder, work, scope, HashEmbedder)


Door = Callable[[Path, Path, Scope], System]
every_peer = pytest.mark.parametrize("door", [bm25, dense, llamaindex])


def quiet(what: str, done: int, total: int) -> None:
    pass


@every_peer
def test_a_peer_ranks_the_page_with_the_words_first(door: Door, folder: Path, tmp_path: Path) -> None:
    system = door(folder, tmp_path, "all")
    state = system.prepare([SALES, AUDIT], quiet)
    found = system.predict(SALES)
    assert found.status == "abstained"
    assert found.retrieved[0] == Place("orm", 1)
    assert Place("brack", 1) in found.retrieved
    assert len(set(found.retrieved)) == len(found.retrieved)
    assert state["documents"] == "3"


@every_peer
def test_within_the_given_filing_no_other_is_seen(door: Door, folder: Path, tmp_path: Path) -> None:
    system = door(folder, tmp_path, "given")
    assert system.name.endswith("-oracle")
    assert system.prepare([SALES, AUDIT], quiet)["documents"] == "2"
    assert system.predict(AUDIT).retrieved[0] == Place("brack", 2)
    assert {place.document for place in system.predict(SALES).retrieved} == {"orm"}


@every_peer
def test_what_is_given_does_not_depend_on_the_other_questions(door: Door, folder: Path, tmp_path: Path) -> None:
    alone, together = door(folder, tmp_path / "a", "given"), door(folder, tmp_path / "b", "given")
    alone.prepare([AUDIT], quiet)
    together.prepare([SALES, AUDIT], quiet)
    assert alone.predict(AUDIT).retrieved == together.predict(AUDIT).retrieved


@every_peer
def test_a_document_that_is_not_there_gives_no_page(door: Door, folder: Path, tmp_path: Path) -> None:
    system = door(folder, tmp_path, "given")
    system.prepare([ABSENT, AUDIT], quiet)
    assert system.predict(ABSENT).retrieved == ()


@every_peer
def test_an_empty_folder_is_absent_data(door: Door, tmp_path: Path) -> None:
    with pytest.raises(DataAbsentError, match="--data"):
        door(tmp_path, tmp_path, "all").prepare([SALES], quiet)


@every_peer
def test_a_damaged_file_is_named_and_left_out(door: Door, folder: Path, tmp_path: Path) -> None:
    copies = tmp_path / "copies"
    copies.mkdir()
    (copies / "orm.pdf").write_bytes((folder / "orm.pdf").read_bytes())
    (copies / "torn.pdf").write_bytes(b"%PDF-1.4\ntorn")
    system = door(copies, tmp_path, "all")
    state = system.prepare([SALES], quiet)
    assert (state["documents"], state["unreadable"]) == ("1", "torn")
    assert system.predict(SALES).retrieved[0] == Place("orm", 1)


@every_peer
def test_a_second_run_takes_up_what_the_first_one_kept(door: Door, folder: Path, tmp_path: Path) -> None:
    first = door(folder, tmp_path, "all")
    first.prepare([SALES], quiet)
    kept = {path: path.stat().st_mtime_ns for path in (tmp_path / "peers").rglob("*") if path.is_file()}
    second = door(folder, tmp_path, "all")
    second.prepare([SALES], quiet)
    assert kept
    assert kept == {path: path.stat().st_mtime_ns for path in (tmp_path / "peers").rglob("*") if path.is_file()}
    assert first.predict(SALES).retrieved == second.predict(SALES).retrieved


@every_peer
def test_asking_before_preparing_is_a_mistake(door: Door, folder: Path, tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="before prepare"):
        door(folder, tmp_path, "all").predict(SALES)


def test_dense_over_the_asked_filings_leaves_out_the_others(folder: Path, tmp_path: Path) -> None:
    system = dense(folder, tmp_path, "asked")
    assert system.prepare([SALES, AUDIT], quiet)["documents"] == "2"
    assert {place.document for place in system.predict(SALES).retrieved} == {"orm", "brack"}


def test_bm25_finds_nothing_for_words_that_no_page_has(folder: Path, tmp_path: Path) -> None:
    system = bm25(folder, tmp_path, "all")
    system.prepare([SALES], quiet)
    assert system.predict(Case("4", "zzyzx qwerty", "")).retrieved == ()


def test_chunks_have_as_many_words_as_said() -> None:
    words = [f"w{i}" for i in range(2 * WORDS + 1)]
    assert [len(chunk.split()) for chunk in cut(" ".join(words))] == [WORDS, WORDS, 1]
    assert cut(" \n ") == []


def test_vectors_of_another_number_are_made_anew(tmp_path: Path) -> None:
    embedder = HashEmbedder(8)
    path = tmp_path / "vectors.npy"
    assert len(cached_vectors(path, 1, lambda: embedder.embed(["a"]))) == 1
    assert len(cached_vectors(path, 2, lambda: embedder.embed(["a", "b"]))) == 2


@pytest.mark.slow
def test_bm25_on_a_real_filing_of_the_questions(tmp_path: Path) -> None:
    from eval.benchmarks import financebench

    if not (DATA / "financebench").is_dir():
        pytest.skip(f"the measuring data are not there: {DATA / 'financebench'}")
    cases = [case for case in financebench.load(DATA) if case.documents == ("3M_2018_10K",)]
    system = bm25(financebench.documents_folder(DATA), tmp_path, "given")
    assert system.prepare(cases, quiet)["pages"] == "160"
    assert all(len(system.predict(case).retrieved) > 20 for case in cases)
