from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from assistant.add import add_files
from index.library import Library
from ingest.errors import LibraryError, LibraryMismatchError
from tests.assistant.desk import EMBEDDER, QUARTER_HTML, copy_library

pytest.importorskip("llama_index.core", reason="the llamaindex extra is not installed")
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def sorted_shelf(examples: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed library of the example filings, each company's in a collection of its own."""
    place = tmp_path_factory.mktemp("sorted") / "library"
    with Library.open(place, create=True) as library:
        for path in examples:
            name = path.name.split("_")[0]
            for added in add_files([path], library, lambda: EMBEDDER, collection=name):
                assert added.outcome == "added", added.message
    return place


@pytest.fixture
def shelved(sorted_shelf: Path, tmp_path: Path) -> Iterator[Library]:
    with Library.open(copy_library(sorted_shelf, tmp_path / "library")) as library:
        yield library


def test_a_view_is_a_retriever_of_what_it_sees(shelved: Library) -> None:
    from llama_index.core.retrievers import BaseRetriever

    retriever = shelved.view({"marrowby"}).as_retriever(EMBEDDER, limit=5)
    assert isinstance(retriever, BaseRetriever)
    nodes = retriever.retrieve("What were Marrowby's net sales in Q2 2024?")
    assert len(nodes) == 5
    assert {node.metadata["file_name"] for node in nodes} == {QUARTER_HTML}
    assert [node.score for node in nodes] == sorted((node.score for node in nodes), reverse=True)
    assert all(node.metadata["page"] >= 1 and node.node_id.startswith(node.metadata["filing"]) for node in nodes)
    assert retriever.retrieve("What was Orrindale's revenue in FY2024?") == [], "it is in another collection"
    assert shelved.as_retriever(EMBEDDER).retrieve("What was Orrindale's revenue in FY2024?")
    assert [node.node_id for node in asyncio.run(retriever.aretrieve("Marrowby's net sales in Q2 2024?"))]


def test_what_a_language_model_reads_has_the_place_and_no_hashes(shelved: Library) -> None:
    from llama_index.core.schema import MetadataMode

    (node,) = shelved.as_retriever(EMBEDDER, limit=1).retrieve("What were Marrowby's net sales in Q2 2024?")
    read = node.node.get_content(metadata_mode=MetadataMode.LLM)
    assert "company: Marrowby Foods, Inc." in read
    assert node.metadata["filing"] not in read


def test_it_wants_the_embedder_of_the_library(shelved: Library) -> None:
    from llama_index.core import MockEmbedding

    from index.llamaindex import LlamaIndexEmbedder

    with pytest.raises(LibraryMismatchError, match="reindex"):
        shelved.as_retriever(LlamaIndexEmbedder(MockEmbedding(embed_dim=8)))
    with Library.open(shelved.directory) as library, pytest.raises(LibraryError, match="with their embedder"):
        library.as_retriever()


def test_an_embedding_of_llamaindex_stands_in_for_ours(shelved: Library) -> None:
    from llama_index.core import MockEmbedding

    from index.llamaindex import LlamaIndexEmbedder

    embedder = LlamaIndexEmbedder(MockEmbedding(embed_dim=8))
    assert embedder.dimension == 8
    vectors = embedder.embed(["one", "two"])
    assert (vectors.shape, vectors.dtype) == ((2, 8), np.float32)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    assert embedder.embed([]).shape == (0, 8)
    assert embedder.fingerprint != LlamaIndexEmbedder(MockEmbedding(embed_dim=9)).fingerprint
    assert LlamaIndexEmbedder(MockEmbedding(embed_dim=8), "mine").fingerprint == "mine"
    assert shelved.reindex(embedder) > 0
    assert shelved.examine() == []
    assert shelved.as_retriever().retrieve("What were Marrowby's net sales in Q2 2024?")


def test_our_reader_is_a_reader_of_directories(examples: list[Path]) -> None:
    from llama_index.core import SimpleDirectoryReader
    from llama_index.core.readers.base import BaseReader

    from index.llamaindex import FilingReader

    reader = FilingReader()
    assert isinstance(reader, BaseReader)
    html = next(path for path in examples if path.name == QUARTER_HTML)
    pages = reader.load_data(html)
    assert [page.metadata["page"] for page in pages] == list(range(1, len(pages) + 1))
    assert {page.metadata["company"] for page in pages} == {"Marrowby Foods, Inc."}
    found = SimpleDirectoryReader(input_files=[html], file_extractor={".htm": reader}).load_data()
    assert [page.text for page in found] == [page.text for page in pages]


@pytest.mark.slow
def test_the_example_of_the_documentation_runs(examples: list[Path], tmp_path: Path) -> None:
    (script,) = re.findall(
        r"```python\n(.*?)```", (ROOT / "docs" / "llamaindex.md").read_text(encoding="utf-8"), re.DOTALL
    )
    (tmp_path / "examples").mkdir()
    (tmp_path / "examples" / "filings").symlink_to(examples[0].parent)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", f"if __name__ == '__main__':\n    {script.strip().replace(chr(10), chr(10) + '    ')}"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert f"0.50 {QUARTER_HTML} page" in done.stdout
    assert "Context information is below" in done.stdout, "the mock repeats what it was given"
    assert "company: Marrowby Foods, Inc." in done.stdout
