"""Peer: LlamaIndex as its starter examples use it: its file reader, its sentence splitter, a FAISS store.

All is left at its defaults (chunks of 1,024 tokens with 200 shared, one document per PDF page) but for the
embedder, which is ours, so that the ways of reading and cutting are compared and not the models. An embedder
that reads 256 tokens sees the beginning of such a chunk only; that is part of the default path.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.cli.opening import embedder_for
from assistant.config import load_settings
from eval.case import Case, Place, Prediction
from eval.contract import Door, Progress
from eval.systems.shelf import RANKED, Scope, Shelf, cached_texts, cached_vectors
from index.contract import Embedder
from ingest.errors import DamagedFileError, UsageError
from ingest.read import file_id
from model.catalog import MINILM

CHUNKS = 4 * RANKED
"""So many chunks are asked for, of which several may stand on one page."""

NAMES: dict[Scope, str] = {"all": "llamaindex", "asked": "llamaindex-asked", "given": "llamaindex-oracle"}

logger = logging.getLogger(__name__)


def llamaindex_systems(documents: Callable[[Path], Path]) -> dict[str, Door]:
    """Return ``llamaindex`` over all filings, ``llamaindex-asked`` and ``llamaindex-oracle`` over fewer."""

    def door(scope: Scope) -> Door:
        return lambda data, work: LlamaIndexDefault(documents(data), work, scope)

    return {name: door(scope) for scope, name in NAMES.items()}


class LlamaIndexDefault:
    """Ranks pages by LlamaIndex's retriever; it gives no answer. Its FAISS store has no filters.

    So there is an index for each set of documents that a case may see. ``embedder`` is for tests; by default
    it is MiniLM.
    """

    def __init__(self, folder: Path, work: Path, scope: Scope, embedder: Callable[[], Embedder] | None = None) -> None:
        self.folder = folder
        self.work = work
        self.scope = scope
        self._embedder = cache(embedder or (lambda: embedder_for(load_settings(embedder=MINILM.name))))
        self._nodes: dict[str, list[Any]] = {}
        self._retrievers: dict[frozenset[str], Any] = {}
        self._shelf: Shelf | None = None

    @property
    def name(self) -> str:
        """``llamaindex``, ``llamaindex-asked`` or ``llamaindex-oracle``."""
        return NAMES[self.scope]

    def prepare(self, cases: Sequence[Case], progress: Progress) -> Mapping[str, str]:
        """Read, cut and embed every document; chunks and vectors are kept.

        Raises UsageError, naming the extra, without LlamaIndex; ModelMissingError, and DataAbsentError.
        """
        _check_installed()
        self._shelf = Shelf.open(self.folder, self.work, self.scope, cases)
        self._nodes, self._retrievers = {}, {}
        unreadable = []
        for number, (name, path) in enumerate(self._shelf.files.items(), start=1):
            progress(f"reading and embedding {name}", number - 1, len(self._shelf.files))
            try:
                self._nodes[name] = self._nodes_of(name, path)
            except DamagedFileError as error:
                logger.warning("%s is left out: %s", path, error)
                unreadable.append(name)
        for number, case in enumerate(cases, start=1):
            self._retriever_for(case)
            progress("indexing", number, len(cases))
        embedder = self._embedder()
        return {
            "llama-index-core": version("llama-index-core"),
            "llama-index-readers-file": version("llama-index-readers-file"),
            "embedder": f"{embedder.name}@{embedder.fingerprint}",
            "documents": str(len(self._nodes)),
            "chunks": str(sum(len(nodes) for nodes in self._nodes.values())),
            "unreadable": ", ".join(unreadable),
        }

    def predict(self, case: Case) -> Prediction:
        """Rank the pages of the nearest chunks."""
        retriever = self._retriever_for(case)
        found = retriever.retrieve(case.question) if retriever is not None else []
        places = dict.fromkeys(_place(each.node.node_id) for each in found)
        return Prediction("abstained", retrieved=tuple(places)[:RANKED], reason="a search only")

    def _nodes_of(self, name: str, path: Path) -> list[Any]:
        """The chunks of a document with their vectors, kept under its content and the versions that made them."""
        from llama_index.core.schema import TextNode

        if self._shelf is None:
            raise RuntimeError("predict was called before prepare")
        place = self._shelf.work / "llamaindex" / f"{file_id(path)}-{version('llama-index-readers-file')}"
        # A chunk is kept as its page, a line end and its text.
        kept = cached_texts(
            place.with_name(f"{place.name}.json"), lambda: [f"{page}\n{text}" for page, text in read_chunks(path)]
        )
        pages, texts = [], []
        for entry in kept:
            page, _, text = entry.partition("\n")
            pages.append(page)
            texts.append(text)
        vectors = cached_vectors(
            place.with_name(f"{place.name}-{self._embedder().fingerprint}.npy"), len(texts), lambda: self._embed(texts)
        )
        return [
            TextNode(id_=f"{number}\n{page}\n{name}", text=text, embedding=vector.tolist())
            for number, (page, text, vector) in enumerate(zip(pages, texts, vectors, strict=True))
        ]

    def _embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        embedding = _embedding(self._embedder())
        rows = embedding.get_text_embedding_batch(list(texts))
        return np.array(rows, dtype=np.float32).reshape(len(rows), self._embedder().dimension)

    def _retriever_for(self, case: Case) -> Any:
        """LlamaIndex's retriever over what the case may see; None where there is nothing."""
        if self._shelf is None:
            raise RuntimeError("predict was called before prepare")
        seen = self._shelf.seen(case)
        if seen not in self._retrievers:
            nodes = [node for name in sorted(seen) for node in self._nodes.get(name, ())]
            self._retrievers[seen] = _retriever(nodes, self._embedder()) if nodes else None
        return self._retrievers[seen]


def read_chunks(path: Path) -> list[tuple[int, str]]:
    """Return page index and embedded text of each chunk, by LlamaIndex's reader and splitter at their defaults.

    Raises DamagedFileError where its reader fails.
    """
    from llama_index.core import SimpleDirectoryReader
    from llama_index.core.node_parser import SentenceSplitter
    from llama_index.core.schema import MetadataMode

    try:
        documents = SimpleDirectoryReader(input_files=[str(path)], raise_on_error=True).load_data()
    except Exception as error:  # the reader raises plain Exception, whatever went wrong
        raise DamagedFileError(f"LlamaIndex cannot read it: {error}") from error
    # Its reader makes one document of each page, in order; the printed label that it gives is no index.
    pages = {document.doc_id: page for page, document in enumerate(documents)}
    nodes = SentenceSplitter().get_nodes_from_documents(documents)
    return [(pages[node.ref_doc_id], node.get_content(metadata_mode=MetadataMode.EMBED)) for node in nodes]


def index_files(paths: Sequence[Path], embedder: Embedder) -> int:
    """Read, cut, embed and index files as the default path does, in memory; return the number of chunks.

    Raises UsageError, naming the extra, without LlamaIndex, and DamagedFileError where its reader fails.
    """
    _check_installed()
    from llama_index.core.schema import TextNode

    chunks = [text for path in paths for _, text in read_chunks(path)]
    rows = _embedding(embedder).get_text_embedding_batch(chunks)
    _retriever([TextNode(text=text, embedding=row) for text, row in zip(chunks, rows, strict=True)], embedder)
    return len(chunks)


def _retriever(nodes: Sequence[Any], embedder: Embedder) -> Any:
    import faiss
    from llama_index.core import StorageContext, VectorStoreIndex
    from llama_index.vector_stores.faiss import FaissVectorStore

    store = FaissVectorStore(faiss_index=faiss.IndexFlatL2(embedder.dimension))
    context = StorageContext.from_defaults(vector_store=store)
    index = VectorStoreIndex(list(nodes), storage_context=context, embed_model=_embedding(embedder))
    return index.as_retriever(similarity_top_k=min(CHUNKS, len(nodes)))


def _embedding(embedder: Embedder) -> Any:
    """Our embedder as LlamaIndex wants one; it hands over its own batches."""
    from llama_index.core.base.embeddings.base import BaseEmbedding

    class Ours(BaseEmbedding):  # type: ignore[misc]  # it has no types where the extra is not installed
        def _get_text_embedding(self, text: str) -> list[float]:
            row: list[float] = embedder.embed([text])[0].tolist()
            return row

        def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
            rows: list[list[float]] = embedder.embed(texts).tolist()
            return rows

        def _get_query_embedding(self, query: str) -> list[float]:
            return self._get_text_embedding(query)

        async def _aget_query_embedding(self, query: str) -> list[float]:
            return self._get_text_embedding(query)

    return Ours(model_name=embedder.name)


def _place(node: str) -> Place:
    _, page, name = node.split("\n", 2)
    return Place(name, int(page))


def _check_installed() -> None:
    try:
        import llama_index.core
        import llama_index.readers.file
        import llama_index.vector_stores.faiss  # noqa: F401
    except ImportError as error:
        raise UsageError(
            f"this peer needs LlamaIndex ({error}): install tieout with its extra, tieout[peers]"
        ) from error
