"""Tieout in LlamaIndex: a library as a retriever, the reader as a reader, and their embeddings in place of ours.

Wants the extra ``llamaindex``; nothing else of the room imports this module before it is asked for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.readers.base import BaseReader
from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import Document, NodeWithScore, QueryBundle, TextNode
from numpy.typing import NDArray

from index.contract import Embedder, FilingRecord, PassageRecord
from index.query import understand
from index.ranking import find_passages
from index.view import View
from ingest.filing import Filing, Identity
from ingest.read import read_filing
from ingest.vocabulary import Vocabulary, built_in_vocabulary

UNREAD = ["filing", "passage", "page_label"]
"""Metadata that neither an embedding nor a language model should read."""
_PROBE = "A sentence that tells the length of a vector."


class LibraryRetriever(BaseRetriever):  # type: ignore[misc]  # it is untyped where it is not installed
    """Retrieves the passages of a view that may answer a question, best first, by words, meaning and figures.

    Companies and periods of the question are enforced as in ``tieout ask``: a question about a company that
    is not there retrieves nothing. ``score`` falls with the rank; it is no probability. Use it from the
    thread that opened the library; asynchronous calls stay in theirs.
    """

    def __init__(self, view: View, embedder: Embedder, vocabulary: Vocabulary | None = None, limit: int = 8) -> None:
        super().__init__()
        self._view = view
        self._embedder = embedder
        self._vocabulary = vocabulary or built_in_vocabulary()
        self._limit = limit
        view.use(embedder)

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        filings = self._view.filings()
        query = understand(query_bundle.query_str, filings, self._vocabulary)
        if not query.filing_ids:
            return []
        records = {filing.id: filing for filing in filings}
        found = find_passages(query, self._view, self._embedder, self._limit)
        return [
            NodeWithScore(node=_node(record, records[record.filing_id]), score=1 / rank)
            for rank, record in enumerate(found, start=1)
        ]


class FilingReader(BaseReader):  # type: ignore[misc]
    """Reads filings as documents, one for each page that has text; fits SimpleDirectoryReader's ``file_extractor``."""

    def __init__(self, vocabulary: Vocabulary | None = None) -> None:
        self._vocabulary = vocabulary

    def lazy_load_data(self, file: Path | str, extra_info: dict[str, Any] | None = None) -> Iterable[Document]:
        """Yield the pages of a file. Raises UnreadableFileError where it cannot become a filing."""
        filing = read_filing(Path(file), vocabulary=self._vocabulary or built_in_vocabulary())
        for page in filing.pages:
            if page.text.strip():
                metadata = {**_of_filing(filing), "page": page.index + 1, "page_label": page.label}
                yield Document(
                    id_=f"{filing.id}/{page.index + 1}",
                    text=page.text,
                    metadata={**metadata, **(extra_info or {})},
                    excluded_embed_metadata_keys=UNREAD,
                    excluded_llm_metadata_keys=UNREAD,
                )


class LlamaIndexEmbedder:
    """Any embedding of LlamaIndex as an Embedder; questions go to its way to embed a query.

    What decides its vectors is not known here beyond its class, the model's name and their length:
    give a ``fingerprint`` where the same name may stand for other weights.
    """

    def __init__(self, embedding: BaseEmbedding, fingerprint: str | None = None) -> None:
        self._embedding = embedding
        self.dimension = len(embedding.get_text_embedding(_PROBE))
        self.name = f"{embedding.class_name()}/{embedding.model_name}"
        decided = f"{self.name}/{self.dimension}".encode()
        self.fingerprint = fingerprint or hashlib.sha256(decided).hexdigest()[:12]

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One L2-normalised row for each text, in order: shape (len(texts), dimension)."""
        rows = self._embedding.get_text_embedding_batch(list(texts)) if texts else []
        return _of_unit_length(np.array(rows, dtype=np.float32).reshape(len(texts), self.dimension))

    def embed_question(self, text: str) -> NDArray[np.float32]:
        """The L2-normalised vector of a question: shape (dimension,)."""
        vector: NDArray[np.float32] = _of_unit_length(
            np.array([self._embedding.get_query_embedding(text)], dtype=np.float32)
        )[0]
        return vector


def _of_unit_length(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: NDArray[np.float32] = (rows / np.where(lengths == 0, 1, lengths)).astype(np.float32)
    return unit


def _node(record: PassageRecord, filing: FilingRecord) -> TextNode:
    """A passage with where it stands; its id is that of filing and passage, which no other library changes."""
    passage = record.passage
    metadata = {
        **_of_filing(filing),
        "context": passage.context,
        "section": passage.section,
        "page": passage.span.physical_page,
        "page_label": passage.span.page_label,
        "passage": passage.id,
    }
    return TextNode(
        id_=f"{filing.id}/{passage.id}",
        text=passage.text,
        metadata=metadata,
        excluded_embed_metadata_keys=UNREAD,
        excluded_llm_metadata_keys=UNREAD,
    )


def _of_filing(filing: Filing | FilingRecord) -> dict[str, Any]:
    identity: Identity = filing.identity
    return {
        "filing": filing.id,
        "file_name": filing.source,
        "company": identity.company,
        "form": identity.form,
        "fiscal_year": identity.fiscal_year,
        "fiscal_quarter": identity.fiscal_quarter,
    }
